"""An artifacts folder in which nothing can be written: results are shown, actions say why not."""

import errno
import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import said

from genre_core import files
from genre_core.errors import RunError

READ_ONLY = os.strerror(errno.EROFS)


@pytest.fixture
def read_only(monkeypatch):
    """Let every write fail, as on a file system that is mounted to be read alone."""

    def fail(path, *_args, **_kwargs):
        raise OSError(errno.EROFS, READ_ONLY, str(path))

    monkeypatch.setattr(files, "scratch_file", fail)
    monkeypatch.setattr(Path, "rename", fail)


@pytest.mark.thorough
@pytest.mark.parametrize("page", ["", "head_to_head", "thresholds", "agreement", "class_imbalance"])
def test_results_are_shown_without_being_kept(compared, read_only, open_page, page):
    for kept in (*compared.comparisons.iterdir(), *compared.thresholds.glob("*.json")):
        kept.unlink()
    assert READ_ONLY not in said(open_page(page))
    assert list(compared.comparisons.iterdir()) == []


def script(error):
    import streamlit as st

    from genre_core.ui.parts import notices

    with notices.acting():
        raise error
    with notices.acting(notices.toast):
        raise error
    st.text("goes on")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EROFS, READ_ONLY, "x"), f"'x' cannot be written: {READ_ONLY}. Files saved"),
        (RunError("Run 'x' is gone."), "Run 'x' is gone."),
    ],
)
def test_an_action_says_what_the_command_line_says(error, words):
    app = AppTest.from_function(script, kwargs={"error": error}).run()
    for shown in (app.error[0].value, app.toast[0].value):
        assert shown.replace("\\", "").startswith(words)  # escaped, as it may hold Markdown
    assert app.text[0].value == "goes on"
    assert not app.exception


def test_another_error_is_still_a_bug():
    app = AppTest.from_function(script, kwargs={"error": OSError(errno.EIO, "broken")}).run()
    assert app.exception
