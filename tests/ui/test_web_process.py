"""The web process never imports what can train a network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_artifacts import make_run

from genre_core.artifacts import Artifacts

ROOT = Path(__file__).parents[2]
VISIT = """
from pathlib import Path

from streamlit.testing.v1 import AppTest

app = AppTest.from_file("dashboard.py", default_timeout=60).run()
pages = sorted(path for path in Path("pages").glob("*.py") if path.stem != "__init__")
assert len(pages) > 9
for page in pages:
    app.switch_page(str(page)).run()
    assert not app.exception, app.exception
    assert app.title
"""
LIST = """
import sys

heavy = ("tensorflow", "keras", "genre_core.training", "genre_core.models", "genre_core.scoring")
print(sorted(name for name in sys.modules if name.startswith(heavy)))
"""


def loaded_by(script: str, artifacts: Artifacts) -> str:
    """The heavy modules that are loaded after a script."""
    done = subprocess.run(
        [sys.executable, "-c", script + LIST],
        cwd=ROOT,
        env={**os.environ, "MARQUEE_ARTIFACTS": str(artifacts), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.thorough
def test_a_visit_to_every_page_loads_no_network(artifacts, dataset):
    for model in ("prior", "poster_cnn", "overview_lstm"):
        make_run(artifacts, dataset, model)
    assert loaded_by(VISIT, artifacts) == "[]"


def test_the_test_above_can_fail(artifacts):
    assert "genre_core.models" in loaded_by("import genre_core.models", artifacts)
