"""The dashboard on a file system that is mounted to be read alone."""

import shutil
import subprocess

import pytest
from served_app import serving

from genre_core.artifacts import Artifacts
from genre_core.runs.folder import list_runs

PROBLEM = "cannot be written: Read-only file system. Files saved earlier are intact."


def mount(*words):
    return subprocess.run(["mount", *words], capture_output=True).returncode == 0


@pytest.fixture
def read_only(filled, tmp_path):
    """Return an artifacts folder on such a file system."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("mount") is None or not mount("-t", "tmpfs", "tmpfs", str(disk)):
        pytest.skip("mounting a file system needs the right to do so")
    try:
        shutil.copytree(filled[0], disk / "artifacts")
        mount("-o", "remount,ro", str(disk))
        yield Artifacts(disk / "artifacts")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_results_are_shown_and_actions_say_why_they_fail(read_only, tab):
    run = next(run for run in list_runs(read_only) if run.model == "poster_cnn")
    with serving(read_only) as address:
        visit = tab(address)
        page = visit.page
        for name in ("", "head_to_head", "agreement"):
            visit.open(name)
            assert "Read-only" not in page.content()
        page.get_by_role("button", name="Retrain").click()
        page.get_by_text(PROBLEM).wait_for()
        visit.open(f"runs?runs={run.id}")
        page.get_by_label("Note").fill("a note")
        page.get_by_role("button", name="Save").click()
        page.get_by_text(PROBLEM).wait_for()
        visit.open(f"runs?runs={run.id}")
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Delete run").click()
        page.get_by_role("dialog").get_by_text(PROBLEM).wait_for()
        visit.open("thresholds")
        page.locator(".st-key-set_name input").fill("mine")
        page.locator(".st-key-set_name input").press("Enter")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text(PROBLEM).wait_for()
        assert page.locator("[data-testid=stException]").count() == 0
