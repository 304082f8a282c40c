"""The pages that compare two runs, on films enough for intervals: what they say is what is so."""

import hashlib
import json
import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from test_pages import COMPARING, said

from benchmarks.speed.made_up import make_films, make_runs
from genre_core.artifacts import Artifacts
from genre_core.charts.colours import LIGHT
from genre_core.charts.heatmap import LIFT, Notes, genre_heatmap
from genre_core.commands.main import cli
from genre_core.comparison.kept import kept_comparison
from genre_core.comparison.rivals import linear_rivals
from genre_core.comparison.wording import REASONS, VERDICTS
from genre_core.data import store
from genre_core.errors import RunError
from genre_core.evaluation.agreement import LEAST_DISCORDANT
from genre_core.evaluation.confusions import FEW, predicted_instead
from genre_core.evaluation.decided import decision_metrics
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import Objective, best_genre_thresholds
from genre_core.runs import scores as run_scores
from genre_core.runs import threshold_sets
from genre_core.runs.folder import MARKER, find_run, list_runs
from genre_core.ui.parts import rules, run_names, seeds, threshold_editor, verdict
from genre_core.ui.parts.conditions import Condition, parse, written
from genre_core.ui.views import agreement, confusions, label_review, thresholds

MODELS = ("poster_cnn", "overview_lstm", "fusion")


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    """An artifacts folder with 2,500 films and three runs."""
    folder = tmp_path_factory.mktemp("comparing")
    dataset = make_films(2500, folder / "films", Artifacts(folder / "artifacts"))
    make_runs(dataset, Artifacts(folder / "artifacts"), MODELS)
    return Artifacts(folder / "artifacts")


@pytest.fixture
def compared(made_up, artifacts):
    """A copy of it that the app reads."""
    shutil.copytree(made_up, artifacts, symlinks=True)
    return artifacts


@pytest.fixture
def films(compared):
    return store.load_dataset(compared, "0123456789abcdef")


def run_of(artifacts, model):
    return next(run for run in list_runs(artifacts) if run.config["model"] == model)


def pair(artifacts):
    return [run_of(artifacts, model) for model in MODELS[:2]]


def frame(app, *columns):
    """The first table that has some columns."""
    return next(t.value for t in app.dataframe if set(columns) <= set(t.value.columns))


@pytest.mark.parametrize("page", COMPARING)
def test_no_page_shows_nan_or_an_error(compared, open_page, page):
    app = open_page(page)
    assert not app.error
    assert not re.search(r"\bnan\b", said(app), re.IGNORECASE)


def test_the_page_has_the_numbers_of_the_command(compared, open_page):
    first, second = pair(compared)
    command = ["compare", first.id, second.id, "--json", "--artifacts", str(compared)]
    told = json.loads(CliRunner().invoke(cli, command).stdout)
    (one,) = told["pairs"]
    app = open_page("head_to_head")
    assert app.get_by_key("by").value == rules.FITTED
    table = frame(app, "Metric", "Difference")
    assert_tests(table, list(one["metrics"].values()), run_names.label(second))
    values = [told["values"][name][second.id] for name in one["metrics"]]
    assert table[run_names.label(second)].tolist() == values
    by_genre = frame(app, "Genre", "p (Holm)")
    rows = [one["genres"]["ap"][genre] for genre in by_genre["Genre"]]
    assert_tests(by_genre, rows, run_names.label(second))
    assert f"compare {first.id} {second.id} --threshold validation --json" in said(app)


def assert_tests(table, rows, second):
    """Every line of a table is that of the same difference in JSON."""
    shown = table.astype(object).where(table.notna(), None)
    for column, name in (
        *(("Difference", "value"), ("p", "p_value"), ("p (Holm)", "p_corrected")),
        *(("Detectable", "detectable"), ("Films that differ", "n_different")),
    ):
        assert shown[column].tolist() == [row[name] for row in rows], column
    ends = [row["interval"] or [None, None] for row in rows]
    assert shown[["Low", "High"]].to_numpy().tolist() == ends
    words = [REASONS.get(row["withheld"], VERDICTS[row["verdict"]]) for row in rows]
    assert shown[f"{second} is"].tolist() == words


def test_the_page_opens_with_tuned_thresholds_and_takes_others(compared, open_page):
    app = open_page("head_to_head")
    assert app.get_by_key("by").value == rules.FITTED
    tuned = frame(app, "Metric", "Difference").set_index("Metric")
    app = open_page("head_to_head", by=rules.HALF)
    half = frame(app, "Metric", "Difference").set_index("Metric")
    assert "--threshold 0.5 --json" in said(app)
    assert half.loc["F1, micro ↑", "Difference"] != tuned.loc["F1, micro ↑", "Difference"]
    assert half.loc["mAP ↑", "Difference"] == tuned.loc["mAP ↑", "Difference"]


def test_the_order_of_the_runs_decides_on_the_reference(compared, open_page):
    ids = [run.id for run in pair(compared)]
    one = frame(open_page("head_to_head", compared=ids), "Metric", "Difference")
    other = frame(open_page("head_to_head", compared=ids[::-1]), "Metric", "Difference")
    assert one["Difference"].to_numpy() == pytest.approx(-other["Difference"].to_numpy())


def test_three_runs_are_compared_in_all_three_pairs(compared, open_page):
    runs = [run_of(compared, model) for model in MODELS]
    app = open_page("head_to_head", compared=[run.id for run in runs])
    assert said(app).count("corrected p") == 2 * 3
    pairs = app.get_by_key("pair")
    poster, overview, fusion = map(run_names.label, runs)
    assert pairs.options == [
        f"{overview} minus {poster}",
        f"{fusion} minus {poster}",
        f"{fusion} minus {overview}",
    ]
    result = kept_comparison(
        runs, compared, threshold=rules.threshold(rules.FITTED), others=list_runs(compared)
    )
    for place, one in enumerate(result.pairs):
        app.get_by_key("pair").select(pairs.options[place]).run()
        table = frame(app, "Metric", "Difference")
        assert table["Difference"].tolist() == [test.value for test in one.metrics.values()]
        by_genre = frame(app, "Genre", "Difference").set_index("Genre")
        assert by_genre["Difference"].to_dict() == pytest.approx(
            {genre: test.value for genre, test in one.genres["ap"].items()}
        )
    app.get_by_key("compared").set_value([run.id for run in runs[:2]]).run()
    assert not app.exception
    table = frame(app, "Metric", "Difference")
    values = [test.value for test in result.pairs[0].metrics.values()]
    assert table["Difference"].tolist() == values
    assert not any(box.key == "pair" for box in app.selectbox)


def test_two_runs_with_the_same_scores_do_not_differ(compared, open_page):
    first, second = pair(compared)
    folder = compared / "runs" / second.id
    marker = json.loads((folder / "run.json").read_text())
    source = compared / "runs" / first.id
    shutil.copy(source / "scores.npy", folder / "scores.npy")
    files = json.loads((source / "run.json").read_text())["files"]
    marker["files"]["scores.npy"] = files["scores.npy"]
    (folder / "run.json").write_text(json.dumps(marker))
    shutil.rmtree(compared / "comparisons")
    app = open_page("head_to_head")
    table = frame(app, "Metric", "Difference")
    assert set(table["Difference"]) == {0.0}
    assert set(table["p"].dropna()) == set(table["p (Holm)"].dropna()) == {1.0}
    shown = table[table["p"].notna()]
    assert set(table["Metric"]) - set(shown["Metric"]) <= {"Precision, macro ↑"}
    assert (shown["Low"] == 0).all()
    assert (shown["High"] == 0).all()
    assert (table["Films that differ"] == 0).all()
    ahead = f"{run_names.label(second)} is"
    by_genre = frame(app, "Genre", "p (Holm)")
    for verdicts in (table[ahead], by_genre[ahead]):
        assert not {VERDICTS["ahead"], VERDICTS["behind"]} & set(verdicts)
    words = said(app)
    assert "are equivalent: within" in words
    assert "difference 0 [0, 0], corrected p = 1.000" in words
    assert "No verdicts on the other metrics" in words
    assert "is better than" not in words


@pytest.mark.parametrize("page", COMPARING)
def test_a_run_with_one_score_for_everything_gets_a_clear_answer(compared, open_page, page):
    change_scores(pair(compared)[0], lambda scores: np.full_like(scores, 0.1))
    shutil.rmtree(compared / "comparisons")
    app = open_page(page)
    assert not app.error
    assert not re.search(r"\bnan\b", said(app), re.IGNORECASE)


def test_seeds_have_a_mean_and_a_spread(compared, films, open_page):
    make_runs(films, compared, ("prior", "prior", "poster_cnn", "poster_cnn"))
    table = frame(open_page("head_to_head"), "Seeds")
    of_network = table[table["Model"].str.startswith("Poster network")].iloc[0]
    assert of_network["Seeds"] == 3
    assert of_network["mAP, ±"] > 0
    assert np.isnan(table[table["Seeds"] == 1].iloc[0]["mAP, ±"])


def test_a_run_cut_short_is_no_seed(compared, films, open_page):
    make_runs(films, compared, ("poster_cnn",))
    run = run_of(compared, "poster_cnn")
    marker = json.loads((run.folder / MARKER).read_text())
    (run.folder / MARKER).write_text(json.dumps({**marker, "epochs_done": 2}))
    app = open_page("head_to_head")
    table = frame(app, "Seeds").set_index("Model")
    assert table.loc["Poster network (CNN)", "Seeds"] == 1
    assert run.id not in table.loc["Poster network (CNN)", "Runs"]
    assert "1 run closed before the last epoch" in said(app)


def test_three_seeds_of_both_make_the_headline_one_about_recipes(compared, films, open_page):
    assert "About these runs, not their recipes: fewer than three complete seeds" in said(
        open_page("head_to_head")
    )
    make_runs(films, compared, ("prior", "prior", "prior", *MODELS[:2], *MODELS[:2]))
    newest = [run.id for run in pair(compared)]
    words = said(open_page("head_to_head", compared=newest))
    assert "About the recipes: means over 3 seeds of Overview network" in words
    assert "and 3 seeds of Poster network" in words


def test_the_landing_page_has_the_headline_of_the_comparison(compared, films, open_page):
    make_runs(films, compared, ("prior", "poster_features"))
    runs, linear = pair(compared), run_of(compared, "poster_features")
    others = list_runs(compared)
    names = {run.id: run_names.label(run) for run in (*runs, linear)}
    between, beside = (
        kept_comparison(two, compared, others=others) for two in (runs, [linear, runs[0]])
    )
    words = said(open_page())
    for sentence in (
        verdict.headline(between.pairs[0], names),
        verdict.evidence(between.pairs[0], between),
        verdict.about(between.pairs[0], between, names),
        verdict.detectable(between.pairs[0]),
        *(verdict.against_base_rates(between, run.id, names) for run in runs),
        verdict.against_linear(beside.pairs[0], beside, names),
    ):
        assert sentence.replace("\\", "") in words


def test_claims_are_about_a_poster_and_an_overview_run(compared, open_page):
    poster, overview = (run.id for run in pair(compared))
    assert "Both networks fail on them" in said(open_page("by_genre"))
    swapped = said(open_page("by_genre", poster=overview, overview=poster))
    assert "Both networks fail on them" not in swapped


def test_thresholds_that_were_fitted_and_saved_do_not_flatter(compared, films, open_page):
    run = pair(compared)[0]
    app = open_page("thresholds")
    app.get_by_key("fit").click().run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    app.get_by_key("start_saved: mine").click().run()
    assert "validation figures flatter" in said(app)
    with pytest.raises(RunError, match="would be optimistic"):
        run_scores.figures(run, compared, split="validation", threshold="mine")


def test_genres_are_sorted_by_the_difference(compared, open_page):
    app = open_page("by_genre", genre="Genre 3")
    table = frame(app, "Genre", "AP difference")
    assert table["AP difference"].is_monotonic_decreasing
    assert app.get_by_key("genre").value == "Genre 3"
    assert "test films are Genre 3" in said(app)


def test_thresholds_follow_the_slider_and_the_fit(compared, films, open_page):
    run = pair(compared)[0]
    app = open_page("thresholds")
    app.get_by_key(threshold_editor.key(run, None)).set_value(0.9).run()
    assert "set by hand" in said(app)
    high = frame(app, "Films", "Recall, micro").set_index("Films")
    app.get_by_key(threshold_editor.key(run, None)).set_value(0.1).run()
    low = frame(app, "Films", "Recall, micro").set_index("Films")
    assert low.loc["test", "Recall, micro"] > high.loc["test", "Recall, micro"]
    assert low.loc["test at .5", "Recall, micro"] == high.loc["test at .5", "Recall, micro"]
    assert "validation, cross-fitted" not in low.index
    app.get_by_key("each").set_value(threshold_editor.EACH).run()
    app.get_by_key("goal").set_value("recall of at least").run()
    app.get_by_key("at_least").set_value(0.8).run()
    app.get_by_key("fit").click().run()
    assert not app.exception
    table = frame(app, "Genre", "Threshold")
    assert table["Threshold"].nunique() > 10
    assert (table["Recall, validation"] >= 0.8).all()
    assert "validation, cross-fitted" in frame(app, "Films", "Recall, micro")["Films"].tolist()


def test_what_no_threshold_reaches_is_said(compared, films, open_page):
    change_scores(pair(compared)[0], lambda scores: 1 - scores)  # the worse the better they were
    app = open_page("thresholds", each=threshold_editor.EACH)
    app.get_by_key("goal").set_value("precision of at least").run()
    app.get_by_key("at_least").set_value(0.9).run()
    app.get_by_key("fit").click().run()
    assert any("No threshold reaches this" in warning.value for warning in app.warning)
    app.get_by_key("each").set_value(threshold_editor.ALL).run()
    app.get_by_key("fit").click().run()
    assert any("No threshold reaches this" in warning.value for warning in app.warning)


def change_scores(run, change):
    """Give a run other scores, as if it had been trained like that."""
    path = run.folder / "scores.npy"
    np.save(path, change(np.load(path)))
    marker = json.loads((run.folder / "run.json").read_text())
    marker["files"]["scores.npy"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (run.folder / "run.json").write_text(json.dumps(marker))


def test_saved_thresholds_decide_the_films_and_the_command(compared, films, open_page):
    poster, overview = pair(compared)
    app = open_page("thresholds")
    app.get_by_key(threshold_editor.key(poster, None)).set_value(0.33).run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    assert [toast.value for toast in app.toast] == ["Saved."]
    kept = threshold_sets.find(compared, "mine")
    assert set(kept.limits) == {poster.id, overview.id}
    assert set(kept.thresholds_of(poster)) == {0.33}
    shown = open_page("films", rule="saved: mine")
    assert "rule 'saved: mine'" in said(shown)
    command = ["show", poster.id, "--threshold", "mine", "--json", "--artifacts", str(compared)]
    assert set(json.loads(CliRunner().invoke(cli, command).stdout)["threshold"]) == {0.33}
    app.get_by_key("save_set").click().run()
    assert "already exist" in app.toast[0].value


@pytest.mark.parametrize("kind", ["missed", "extra"])
@pytest.mark.parametrize("rule", [rules.HALF, rules.FITTED_EACH])
def test_a_cell_opens_as_many_films_as_it_says(compared, films, open_page, kind, rule):
    app = open_page("confusions", kind=kind, by=rule, row="Genre 3")
    genre, other = (app.get_by_key(key).value for key in ("row", "instead"))
    links = [link for link in app.get("page_link") if link.label.startswith("Open")]
    if other == "nothing":  # as where a threshold is so low that nothing is missed
        assert links == []
        return
    (link,) = links
    n_films = int(re.search(r"Open ([\d,]+) film", link.label)[1].replace(",", ""))
    opposite = {"missed": "extra", "extra": "missed"}[kind]
    where = written([Condition("poster", kind, genre), Condition("poster", opposite, other)])
    shown = open_page("films", where=where, rule=rule)
    assert f"{n_films:,} of {len(films.rows('test'))} test films" in said(shown)


def test_pairs_have_their_lift(compared, films, open_page):
    run, rows = pair(compared)[0], films.rows("test")
    y_pred = rules.decisions_of(run, rows, dataset=films, rule=rules.HALF)
    found = predicted_instead(films.labels[rows], y_pred)
    app = open_page("confusions", by=rules.HALF, row="Genre 3", colour="lift", all_genres="true")
    assert app.get_by_key("colour").value == "lift"
    table = frame(app, "Missed", "Lift")
    assert len(table) == (found.counts > 0).sum()
    for _, line in table.iterrows():
        row, column = (films.genres.index(line[name]) for name in table.columns[:2])
        assert line["Films"] == found.counts[row, column]
        assert line["Share"] == pytest.approx(found.shares[row, column])
        assert line["Base share"] == pytest.approx(found.base_shares[column])
        assert line["Lift"] == pytest.approx(line["Share"] / line["Base share"])
        assert line["Few films"] == (line["Of films"] < FEW)
    assert "films without Genre" in said(app)


def test_notes_of_cells_name_shares_lift_and_counts():
    y_true = np.array([[1, 0]] * 12 + [[0, 0]] * 12, dtype=np.uint8)
    y_pred = np.array([[0, 1]] * 12 + [[0, 1], [0, 0]] * 6, dtype=np.uint8)
    found = predicted_instead(y_true, y_pred)
    notes = confusions.hover_notes(found, ("Horror", "Drama"), [0, 1], confusions.MISSED)
    assert notes.hover[0, 1].splitlines() == [
        "Horror missed, predicted instead: Drama",
        "share: 100% (12 of 12 films)",
        "base share: 75% (18 of 24 films)",
        "lift: 1.33",
    ]
    assert notes.hover[0, 0] == ""
    assert not notes.is_few.any()
    few = predicted_instead(y_true[8:], y_pred[8:])
    notes = confusions.hover_notes(few, ("Horror", "Drama"), [0, 1], confusions.MISSED)
    assert notes.hover[0, 1].endswith("few films")
    assert notes.is_few.tolist() == [[False, True], [False, False]]
    words = confusions.sentence(few, ("Horror", "Drama"), "Horror", confusions.MISSED)
    assert "100% of the 4 of these films without Drama (few films), 62% of all 16" in words


def test_notes_and_marks_are_those_of_the_cells():
    notes = Notes(
        np.array([["", "<b>\nfew"], ["x", ""]]), np.array([[False, True], [False, False]])
    )
    values = np.array([[np.nan, 2.5], [0.0, np.nan]])
    names = ("<b>", "War")
    cells, targets = genre_heatmap(
        names, names, values, LIGHT, hover=notes, scale=LIFT, is_clickable=True
    ).data
    assert cells.customdata[0][1] == "&lt;b&gt;<br>few"
    assert cells.text.tolist() == [["", "*"], ["", ""]]
    assert cells.texttemplate == "%{z:.2f}%{text}"
    assert (cells.zmin, cells.zmax) == (0, 3)
    assert [list(point) for point in targets.customdata] == [["<b>", "War", "&lt;b&gt;<br>few"]]


def test_who_gets_what_opens_as_many_films_as_it_says(compared, films, open_page):
    app = open_page("agreement", genre="Genre 5")
    table = frame(app, "Genre", "both").set_index("Genre")
    assert table.loc["Genre 5"].iloc[1:].sum() == table.loc["Genre 5", "Films"]
    where = "poster hit Genre 5; overview missed Genre 5"
    shown = open_page("films", where=where, rule=rules.FITTED)
    n_films = table.loc["Genre 5"].iloc[2]
    assert f"{n_films} of {len(films.rows('test'))} test films" in said(shown)
    assert "of the oracle's gain" in said(app)


def test_films_of_one_run_alone_are_those_of_the_bars(compared, open_page):
    app = open_page("agreement", by=rules.HALF)
    counts = frame(app, "Genre", "both").set_index("Genre")
    table = frame(app, "Genre", "Verdict").set_index("Genre")
    assert list(table.index) == list(counts.index[:-1])
    only = table.iloc[:, 1:3].to_numpy()
    assert (only == counts.iloc[:-1, 2:4].to_numpy()).all()
    is_tested = only.sum(axis=1) >= LEAST_DISCORDANT
    assert (table["p"].notna() == is_tested).all()
    assert f"Of {is_tested.sum()} genres tested" in said(app)


def test_verdicts_on_genres_name_the_run_that_is_ahead():
    found = np.array([[5, 30, 4, 9], [5, 6, 8, 2], [1, 4, 5, 7], [2, 1, 25, 3], [0, 0, 0, 0]])
    dataset = SimpleNamespace(genres=("A", "B", "C", "D", "E"))
    table = agreement.alone_table(found, dataset, ("Poster", "Text"))
    assert dict(zip(table["Genre"], table["Verdict"], strict=True)) == {
        "A": "Poster ahead",
        "D": "Text ahead",
        "B": "no significant difference",
        "C": "too few films decided differently",
    }
    assert agreement.alone_sentence(table, ("Poster", "Text")) == (
        "Of 3 genres tested, **Poster** is ahead in 1 (A) and **Text** is ahead in 1 (D); no "
        "significant difference in 1; 1 not tested (too few films decided differently)."
    )
    few = agreement.alone_table(found[2:3], SimpleNamespace(genres=("C",)), ("Poster", "Text"))
    assert agreement.alone_sentence(few, ("Poster", "Text")).endswith("so none is tested.")


def another_seed(run):
    """Copy a run as if it had been trained with another seed."""
    folder = run.folder.with_name(f"{run.id}-again")
    shutil.copytree(run.folder, folder)
    config = json.dumps({**run.config, "seed": run.config["seed"] + 1})
    (folder / "config.json").write_text(config)
    marker = json.loads((folder / MARKER).read_text())
    marker["files"]["config.json"] = hashlib.sha256(config.encode()).hexdigest()
    (folder / MARKER).write_text(json.dumps(marker))
    noise = np.random.default_rng(9).normal(0, 0.1, run.scores().shape)
    again = find_run(folder.parents[1], folder.name)
    change_scores(again, lambda scores: np.clip(scores + noise, 0, 1).astype(np.float32))


def test_the_oracles_gain_stands_beside_that_of_two_seeds(compared, films, open_page):
    app = open_page("agreement")
    assert "no recipe has finished runs with two seeds" in said(app)
    assert len(frame(app, "Reference", "Gain")) == 2
    poster = pair(compared)[0]
    another_seed(poster)
    app = open_page("agreement", poster=poster.id)
    table = frame(app, "Reference", "Gain")
    assert table["Reference"][1].endswith("seeds 0 and 1")
    assert "By the same hindsight two seeds of one recipe 'gain'" in said(app)
    assert table["Gain"].gt(0).all()
    assert table["Use of test labels"].iloc[-1] == "fitted on test: an upper bound, not a result"


def test_seeds_differ_in_nothing_else(compared):
    poster, overview = pair(compared)
    other = kind_of(poster, "poster_cnn", seed=1, changed={"learning_rate": 0.1})
    seed = kind_of(poster, "poster_cnn", seed=1)
    fusion = run_of(compared, "fusion")
    fused = kind_of(fusion, "fusion", seed=3)
    assert agreement.seed_pairs((poster, overview), [other, fused, fusion, poster, overview]) == []
    found = agreement.seed_pairs((poster, overview), [seed, other, poster, overview])
    assert found == [(poster, seed)]
    third = kind_of(overview, "overview_lstm", seed=4)
    assert agreement.seed_pairs((other, overview), [seed, other, third, poster, overview]) == [
        (overview, third)
    ]
    assert agreement.seed_pairs((other, fusion), [seed, other, fusion, poster]) == [(poster, seed)]


def test_the_review_leaves_training_films_out(compared, films, open_page):
    app = open_page("label_review")
    table = frame(app, "Film", "Strength")
    split = dict(zip(films.films.ids, films.split, strict=True))
    assert {split[film] for film in table["Film"]} <= {"validation", "test"}
    assert table["Strength"].is_monotonic_decreasing
    places = [films.films.ids.index(film) for film in table["Film"]]
    columns = [films.genres.index(genre) for genre in table["Genre"]]
    assert not films.labels[places, columns].any()


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("wrong", label_review.WRONG),
        ("missing", label_review.MISSING),
        ("has the genre, neither run sees it", label_review.WRONG),
        ("lacks the genre, both runs see it", label_review.MISSING),
        ("gone", label_review.MISSING),
    ],
)
def test_the_kind_of_label_stands_in_the_url_as_a_key(compared, films, open_page, asked, kind):
    app = open_page("label_review", label=asked)
    assert app.get_by_key(label_review.WIDGET).value == kind
    table = frame(app, "Film", "Strength")
    film, genre = table.iloc[0][["Film", "Genre"]]
    row, column = films.films.ids.index(film), films.genres.index(genre)
    assert films.labels[row, column] == (kind == label_review.WRONG)
    app.get_by_key(label_review.WIDGET).set_value(label_review.WRONG).run()
    assert app.query_params["label"] == "wrong"
    app.get_by_key(label_review.WIDGET).set_value(label_review.MISSING).run()
    assert "label" not in app.query_params
    assert "not a probability" in said(app)


def test_the_same_run_in_both_slots_is_refused(compared, open_page):
    run = pair(compared)[0].id
    for page in ("by_genre", "agreement", "label_review"):
        assert "The same run is chosen twice" in said(open_page(page, poster=run, overview=run))


def test_runs_of_different_films_cannot_be_compared_by_address(compared, open_page):
    app = open_page("head_to_head", compared=["gone", "gone-too"])
    assert not app.exception


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("poster", "is no condition"),
        ("poster sees Drama", "is no condition"),
        ("camera hit Drama", "is no condition"),
        ("poster hit Dramma", "is no genre of these films. Did you mean 'Drama'?"),
    ],
)
def test_a_condition_that_is_none_is_said(text, message):
    with pytest.raises(Exception, match=re.escape(message)):
        parse(text, ["poster", "overview"], ["Drama", "War"])


def test_conditions_are_read_as_they_are_written():
    conditions = [Condition("poster", "missed", "Sci-Fi"), Condition("overview", "hit", "A b")]
    assert parse(written(conditions), ["poster", "overview"], ["Sci-Fi", "A b"]) == conditions
    assert parse(" ;; ", [], []) == []


def test_comparisons_with_other_thresholds_are_kept_apart(compared):
    runs = pair(compared)
    tuned = kept_comparison(runs, compared)
    low = kept_comparison(runs, compared, threshold=0.1)
    assert tuned.values["f1_micro"] != low.values["f1_micro"]
    assert tuned.pairs[0].metrics["f1_micro"] != low.pairs[0].metrics["f1_micro"]
    assert tuned.values["map"] == low.values["map"]
    assert tuned.pairs[0].metrics["map"] == low.pairs[0].metrics["map"]
    assert kept_comparison(runs, compared) == tuned
    assert find_run(compared, runs[0].id).state == "finished"


def kind_of(run, model, **config):
    """A copy of a run that says it is another."""
    config = {"seed": 0, "parents": [], **config, "model": model}
    return replace(run, id=f"{model}-{config}", config={**run.config, **config})


def test_a_linear_rival_looks_at_what_its_run_looks_at(compared):
    run = run_of(compared, "poster_cnn")
    names = ("poster_cnn", "overview_lstm", "fusion", "prior", "poster_features", "overview_tfidf")
    made = {name: kind_of(run, name) for name in names}
    runs = list(made.values())
    found = linear_rivals({"poster": made["fusion"], "overview": made["poster_cnn"]}, runs)
    assert found == {"overview": made["poster_features"]}
    found = linear_rivals({"poster": made["overview_lstm"], "overview": made["prior"]}, runs)
    assert found == {"poster": made["overview_tfidf"]}


def test_fusions_of_other_parents_are_no_seeds_of_one_recipe(compared):
    poster, overview = pair(compared)
    fusion = run_of(compared, "fusion")
    weak = kind_of(poster, "poster_cnn", recipe="reference")
    again = [
        kind_of(run, run.config["model"], seed=run.config["seed"] + 1) for run in (poster, overview)
    ]
    runs = [poster, overview, *again, weak]
    runs += [
        kind_of(fusion, "fusion", seed=seed, parents=[parent.id for parent in parents])
        for seed, parents in (
            (0, (poster, overview)),
            (1, again),
            (2, (poster, overview)),  # of the same parents: no further seed
            (1, (weak, overview)),
        )
    ]
    runs.append(kind_of(fusion, "fusion", seed=2, parents=["gone", overview.id]))
    table = seeds.table(runs)
    fused = table[table["Model"].str.contains("Fusion")]
    assert sorted(fused["Seeds"]) == [1, 1, 2]
    assert len(table) == 6


def test_rare_genres_that_no_threshold_reaches_are_named():
    """They have the common threshold, which is 1 where it reaches nothing."""
    random = np.random.default_rng(0)
    y_true = (random.random((200, 3)) < [0.4, 0.4, 0.03]).astype(np.uint8)
    y_score = np.clip(random.random(y_true.shape), 0, 0.99)
    y_score[:, 0] = 0.2 + 0.5 * y_true[:, 0]  # only this one can be precise
    objective = Objective("precision", 0.9)
    limits = best_genre_thresholds(y_true, y_score, objective)
    values = threshold_editor.Setting(limits, "fitted", (objective, True))
    seen = decision_metrics(y_true, decide(y_score, limits), np.ones(3, dtype=bool))
    found = thresholds.Outcome(seen, seen, seen, seen)
    dataset = SimpleNamespace(genres=("A", "B", "C"))
    assert thresholds.unreached(dataset, values, found) == ["B", "C"]


def test_a_run_that_says_nothing_confuses_nothing():
    y_true = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    found = predicted_instead(y_true, np.zeros_like(y_true))
    words = confusions.overall_sentence(found, ("A", "B"), confusions.MISSED)
    assert words == "Of 2 true genres 2 (100%) are missed."
