"""Runs that another program wrote, by docs/run-format.md: on every page, and compared."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from compared_runs import pair
from write_run import write_run

from genre_core.commands.main import cli
from genre_core.runs.folder import find_run, list_runs
from genre_core.runs.scores import split_scores, splits_of
from genre_core.runs.writer import RunWriter
from genre_core.ui.parts import label_doubts, loaders

NOT_ABOUT_FILMS = ("__init__", "runs", "your_film")
PAGES = sorted(path.stem for path in Path("pages").glob("*.py") if path.stem not in NOT_ABOUT_FILMS)
NAME = "Vision transformer"


def call(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def said(app):
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error")
    words = "\n".join(str(element.value) for kind in kinds for element in app.get(kind))
    return words.replace("\\", "")  # what keeps names from being read as Markdown


@pytest.fixture
def write(compared, films):
    """Write a run of these films as another program would; `splits` are those that it scored."""

    def write_it(run_id="vit-1", splits=("train", "validation", "test"), is_decided=False, **says):
        rows = np.flatnonzero(np.isin(films.split, splits))[::-1]  # in an order of its own
        random = np.random.default_rng(5).random((len(rows), len(films.genres)))
        scores = 0.3 * films.labels[rows] + 0.7 * random
        if is_decided:
            scores = (scores > 0.5).astype(float)
            says["outputs"] = "decisions"
        says = {
            "prior": films.prior.tolist(),
            "train_support": films.train_support.tolist(),
            "dataset": films.fingerprint,
            **says,
        }
        ids = [films.films.ids[row] for row in rows]
        parts = films.split[rows].tolist()
        labels = films.labels[rows]
        write_run(compared, run_id, ids, parts, labels, scores, films.genres, **says)
        return find_run(compared, run_id)

    return write_it


@pytest.mark.thorough
@pytest.mark.parametrize("page", ["", "runs", *PAGES])
def test_a_run_of_a_model_that_nobody_knows_shows_on_every_page(page, write, open_page):
    run = write(history=[{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.4}])
    assert run.state == "finished", run.problem
    app = open_page(page, poster=run.id)
    tables = "".join(table.value.to_csv() for table in app.dataframe)
    assert NAME in said(app) + tables, page


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["test films alone", "decisions"])
@pytest.mark.parametrize("page", ["", "runs", *PAGES])
def test_what_a_run_lacks_is_said_and_breaks_no_page(page, kind, write, open_page):
    run = write(splits=("test",)) if kind == "test films alone" else write(is_decided=True)
    open_page(page, poster=run.id)


def test_it_is_compared_by_name_of_films_and_genres(write, compared):
    run, other = write(), pair(compared)[1]
    answer = call("compare", other.id, run.id, "--artifacts", compared, "--draws", 200)
    assert answer.exit_code == 0, answer.output
    films = split_scores(run, "test")
    again = split_scores(other, "test")
    place = again.ids.index(films.ids[0])
    assert films.y_true[0].tolist() == again.y_true[place].tolist()


def test_without_validation_films_the_threshold_is_a_half(write, compared):
    run, other = write(splits=("test",)), pair(compared)[1]
    assert splits_of(run) == ("test",)
    answer = call("compare", other.id, run.id, "--artifacts", compared, "--draws", 200, "--json")
    assert answer.exit_code == 0, answer.output
    assert '"vit-1": 0.5' in answer.output
    assert "no scores for validation films" in call(
        "show", run.id, "--on", "validation", "--artifacts", compared
    ).output.replace("\n", " ")


def test_decisions_have_no_figures_that_need_scores(write, compared):
    run, other = write(is_decided=True), pair(compared)[1]
    metrics = run.metrics()["splits"]["test"]["metrics"]
    assert metrics["map"] is None
    assert metrics["bce"] is None
    assert metrics["f1_micro"] > 0
    answer = call("compare", other.id, run.id, "--artifacts", compared, "--draws", 200)
    assert answer.exit_code == 0, answer.output
    assert call("show", run.id, "--artifacts", compared).exit_code == 0


def test_its_dataset_may_be_gone_or_unknown(write, compared):
    one, two = write("vit-1", dataset=""), write("vit-2", dataset="0" * 16)
    answer = call("compare", one.id, two.id, "--artifacts", compared, "--draws", 200)
    assert answer.exit_code == 0, answer.output
    assert len(list_runs(compared)) == 5


LOSSES = [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.4}]


@pytest.fixture
def curve(compared, films):
    """A history alone, of epochs and losses, and nothing else."""
    says = {"label": "Somebody's network", "modality": "overview", "kind": "imported"}
    writer = RunWriter.create(compared, {**says, "genres": []})
    writer.add_history(LOSSES)
    writer.finish()
    return find_run(compared, writer.id)


@pytest.mark.thorough
@pytest.mark.parametrize("page", ["", "runs", *PAGES])
def test_a_history_of_losses_alone_opens_on_every_page(page, curve, open_page):
    app = open_page(page, more=curve.id)
    if page == "training_curves":
        assert "No validation loss was recorded" in said(app)
        assert "Not recorded: Somebody's network: val_loss, precision" in said(app)
        assert "Precision" in said(app)  # of the others
    if page == "runs":
        assert "Somebody's network" in app.dataframe[0].value.to_csv()


def test_a_history_alone_is_shown_where_there_is_nothing_else(artifacts, dataset, open_page):
    says = {"label": "Somebody's network", "modality": "overview", "kind": "imported"}
    writer = RunWriter.create(artifacts, {**says, "genres": []})
    writer.add_history(LOSSES)
    writer.finish()
    shown = said(open_page("training_curves"))
    assert "Training loss went from 0.5000 to 0.4000" in shown
    assert "Learning rate by epoch" not in shown


@pytest.mark.parametrize("words", [("compare",), ("show",), ("top",), ("score",)])
def test_commands_say_that_a_history_has_no_scores(words, curve, compared, tmp_path):
    more = {
        "compare": [pair(compared)[0].id],
        "top": ["--film", "tt1"],
        "score": ["--data", tmp_path],
    }
    words = [*words, curve.id, *more.get(words[0], [])]
    answer = call(*words, "--artifacts", compared)
    assert answer.exit_code == 1
    output = " ".join(answer.output.split())
    assert "a history but no scores" in output or "not trained by Marquee" in output


def test_films_without_scores_are_neither_right_nor_wrong(write, films, open_page):
    run = write(splits=("test",))
    figures = loaders.film_figures(run, films)
    is_test = films.split == "test"
    assert (figures.is_right | figures.is_wrong).tolist() == is_test.tolist()
    validation = films.films.ids[films.rows("validation")[0]]
    assert "no scores for this film" in said(open_page("films", poster=run.id, film=validation))


def test_thresholds_need_validation_films(write, open_page):
    run = write(splits=("test",))
    app = open_page("thresholds", poster=run.id, of="poster")
    assert "has no scores for validation films" in said(app)


def test_labels_are_reviewed_where_both_runs_have_scores(write, films, compared):
    run, other = write(splits=("test",)), pair(compared)[1]
    rows = label_doubts.reviewed_films(films, (run, other))
    assert set(films.split[rows]) == {"test"}


@pytest.fixture
def some(compared, films):
    """Write a run with scores for 100 test films and 40 validation films."""
    keep = np.concatenate([films.rows("test")[:100], films.rows("validation")[:40]])
    scores = np.random.default_rng(0).random((len(keep), len(films.genres)))
    says = {
        "prior": films.prior.tolist(),
        "train_support": films.train_support.tolist(),
        "dataset": films.fingerprint,
    }
    ids = [films.films.ids[row] for row in keep]
    splits = films.split[keep].tolist()
    write_run(compared, "some", ids, splits, films.labels[keep], scores, films.genres, **says)
    return find_run(compared, "some")


@pytest.mark.parametrize("page", PAGES)
def test_with_a_run_of_some_test_films_a_page_is_about_those_films(some, films, open_page, page):
    app = open_page(page.removeprefix("summary"), overview="some")
    assert not app.exception, app.exception[0].stack_trace
    n_test = len(films.rows("test"))
    words = said(app)
    if page != "training_curves":
        assert f"On 100 of {n_test:,} test films" in words
    assert "nan" not in words.casefold().replace("finance", "")


def test_figures_of_both_runs_are_of_the_films_that_both_have(some, compared, films, open_page):
    other = pair(compared)[0]
    words = ("compare", other.id, "some", "--artifacts", compared, "--draws", 200, "--json")
    whole = json.loads(call(*words).stdout)
    assert whole["n_films"] == 100
    app = open_page("", poster=other.id, overview="some")
    cards = {card.label.replace("\\", ""): card.value for card in app.metric}
    for letter, run in (("A", other), ("B", some)):
        (value,) = [value for label, value in cards.items() if label.startswith(f"{letter}: ")]
        assert value == f"mAP {whole['values']['map'][run.id]:.3f}"


def test_runs_with_too_few_films_in_common_are_not_compared(some, compared, films, open_page):
    keep = films.rows("test")[80:180]
    config = {**some.config, "dataset": films.fingerprint}
    says = {name: config[name] for name in ("prior", "train_support", "dataset")}
    ids = [films.films.ids[row] for row in keep]
    labels = films.labels[keep]
    write_run(compared, "late", ids, ["test"] * 100, labels, labels * 0.5, films.genres, **says)
    app = open_page("head_to_head", poster="some", overview="late")
    assert "scores for only 20 test films" in said(app)
    assert not app.exception
