"""The picture of the reference recipe: a notebook's epochs over the last ones of a longer run."""

import json

import pytest
from click.testing import CliRunner
from PIL import Image
from tiny_artifacts import history_of, make_dataset, scores_of, start_run
from write_notebook import FIT, SUMMARY, keras3, write

from benchmarks import reference_curves as curves
from benchmarks.__main__ import cli
from benchmarks.synthetic import finish_run
from genre_core.artifacts import Artifacts
from genre_core.charts.colours import LIGHT
from genre_core.errors import DataError
from genre_core.runs.folder import find_run

BASELINE = 0.45


@pytest.fixture
def run(tmp_path):
    """A run of five epochs of the poster network."""
    artifacts = Artifacts(tmp_path / "artifacts")
    dataset = make_dataset(tmp_path / "films", artifacts)
    history = history_of(5)
    writer = start_run(artifacts, dataset, "poster_cnn", history=history)
    finish_run(writer, dataset, scores_of(dataset, "poster_cnn"), history)
    return find_run(artifacts, writer.id)


def notebook(tmp_path, n_epochs):
    printed = keras3([(0.25 - 0.1 * place, 0.8) for place in range(n_epochs)])
    return write(tmp_path / "theirs.ipynb", ("cnn.summary()", SUMMARY), (FIT, printed))


def test_the_notebook_ends_where_the_run_ends(tmp_path, run):
    rows = curves.notebook_rows(notebook(tmp_path, 2), run)
    theirs = curves.laid_at(rows, curves.last_start(run.history(), rows))
    assert [row["epoch"] for row in theirs] == [4, 5]
    found = curves.differences(run.history(), theirs)
    assert found["loss"] == pytest.approx(0.05)  # 0.3 and 0.2 against 0.25 and 0.15
    drawn = curves.figure(run, theirs, BASELINE, ["a run", "a notebook"])
    lines = {trace.name: list(trace.x) for trace in drawn.data}
    assert lines["notebook, 2 epochs: training"] == [4, 5]
    assert lines["recipe, 5 epochs: validation"] == [1, 2, 3, 4, 5]
    assert f"base rates {BASELINE:.4f}" in lines
    assert drawn.layout.title.text == "A notebook's 2 epochs, laid at 4 to 5"
    assert drawn.layout.paper_bgcolor == LIGHT.paper


def test_a_notebook_as_long_as_the_run_or_of_another_model_is_refused(tmp_path, run):
    with pytest.raises(DataError, match=r"shows 5 epochs, run .* has 5\. Expected a longer"):
        curves.notebook_rows(notebook(tmp_path, 5), run)
    words = write(tmp_path / "words.ipynb", (FIT, keras3([(0.2, 0.3)])))
    with pytest.raises(DataError, match="shows no training of a model that looks at the poster"):
        curves.notebook_rows(words, run)


@pytest.mark.slow
def test_the_command_draws_and_measures(tmp_path, run):
    words = ["reference-curves", "--notebook", notebook(tmp_path, 2), "--run", run.id]
    words += ["--out", tmp_path, "--artifacts", run.artifacts, "--json"]
    answer = CliRunner().invoke(cli, [str(word) for word in words])
    if "No Chrome" in answer.output or "No Chrome" in str(answer.exception):
        pytest.skip("a Chrome draws the picture")
    assert answer.exit_code == 0, answer.output
    at_end, closest = json.loads(answer.stdout)
    assert (at_end["start"], closest["start"]) == (4, 4)
    assert at_end["loss"] == pytest.approx(0.05)
    with Image.open(tmp_path / "reference-recipe.png") as picture:
        assert picture.width == curves.WIDTH
