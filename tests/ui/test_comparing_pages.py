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

from genre_core import run_scores, threshold_sets
from genre_core.bench.made_up import make_films, make_runs
from genre_core.cli import cli
from genre_core.comparison import kept_comparison, linear_rivals
from genre_core.data import store
from genre_core.errors import RunError
from genre_core.evaluation.confusions import predicted_instead
from genre_core.evaluation.decided import decided
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import Objective, best_genre_thresholds
from genre_core.runs import MARKER, find_run, list_runs
from genre_core.ui import claims, comparing, confusing, desk, desk_figures, rules
from genre_core.ui.conditions import Condition, parse, written

MODELS = ("poster_cnn", "overview_lstm", "fusion")


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    """An artifacts folder with 2,500 films and three runs."""
    folder = tmp_path_factory.mktemp("comparing")
    dataset = make_films(2500, folder / "films", folder / "artifacts")
    make_runs(dataset, folder / "artifacts", MODELS)
    return folder / "artifacts"


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
    app = open_page("comparison")
    table = frame(app, "Metric", "Difference")
    rows = list(told["metrics"].values())
    assert table["Difference"].tolist() == [row["difference"] for row in rows]
    assert table["Low"].tolist() == [row["interval"][0] for row in rows]
    assert table["p"].tolist() == [row["p_value"] for row in rows]
    checks = [row["permutation_p"] for row in rows]
    shown = table["p, sign flips"]
    assert [None if np.isnan(p) else p for p in shown] == checks
    assert sum(p is not None for p in checks) == 9
    by_genre = frame(app, "Genre", "p, Holm")
    holm = {row["genre"]: row["metrics"]["ap"].get("p_holm") for row in told["genres"]}
    for genre, p in zip(by_genre["Genre"], by_genre["p, Holm"], strict=True):
        assert holm[genre] == (None if np.isnan(p) else p)
    assert f"compare {first.id} {second.id} --threshold 0.5 --json" in said(app)


def test_the_order_of_the_runs_decides_on_the_reference(compared, open_page):
    ids = [run.id for run in pair(compared)]
    one = frame(open_page("comparison", compared=ids), "Metric", "Difference")
    other = frame(open_page("comparison", compared=ids[::-1]), "Metric", "Difference")
    assert one["Difference"].to_numpy() == pytest.approx(-other["Difference"].to_numpy())


def test_three_runs_have_a_table_each(compared, open_page):
    app = open_page("comparison", compared=[run_of(compared, model).id for model in MODELS])
    assert len([t for t in app.dataframe if "p, sign flips" in t.value.columns]) == 2


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
    app = open_page("comparison")
    table = frame(app, "Metric", "Difference")
    assert set(table["Difference"]) == {0.0}
    assert set(table["p"]) == {1.0}
    assert (table["Low"] == 0).all()
    assert (table["High"] == 0).all()
    assert table["Films needed"].isna().all()
    assert "not distinguishable in 20 of 20 metrics" in said(app)


@pytest.mark.parametrize("page", COMPARING)
def test_a_run_with_one_score_for_everything_gets_a_clear_answer(compared, open_page, page):
    change_scores(pair(compared)[0], lambda scores: np.full_like(scores, 0.1))
    shutil.rmtree(compared / "comparisons")
    app = open_page(page)
    assert not app.error
    assert not re.search(r"\bnan\b", said(app), re.IGNORECASE)


def test_seeds_have_a_mean_and_a_spread(compared, films, open_page):
    make_runs(films, compared, ("prior", "prior", "poster_cnn", "poster_cnn"))
    table = frame(open_page("comparison"), "Seeds")
    of_network = table[table["Model"].str.startswith("Poster network")].iloc[0]
    assert of_network["Seeds"] == 3
    assert of_network["mAP, ±"] > 0
    assert np.isnan(table[table["Seeds"] == 1].iloc[0]["mAP, ±"])


def test_a_run_cut_short_is_no_seed(compared, films, open_page):
    make_runs(films, compared, ("poster_cnn",))
    run = run_of(compared, "poster_cnn")
    marker = json.loads((run.folder / MARKER).read_text())
    (run.folder / MARKER).write_text(json.dumps({**marker, "epochs_done": 2}))
    app = open_page("comparison")
    table = frame(app, "Seeds").set_index("Model")
    assert table.loc["Poster network (CNN)", "Seeds"] == 1
    assert run.id not in table.loc["Poster network (CNN)", "Runs"]
    assert "1 run closed before the last epoch" in said(app)


def test_claims_are_about_a_poster_and_an_overview_run(compared, open_page):
    poster, overview = (run.id for run in pair(compared))
    assert "Both networks fail on them" in said(open_page("genres"))
    swapped = said(open_page("genres", poster=overview, overview=poster))
    assert "Both networks fail on them" not in swapped


def test_thresholds_that_were_fitted_and_saved_do_not_flatter(compared, films, open_page):
    run = pair(compared)[0]
    app = open_page("thresholds")
    app.get_by_key("fit").click().run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    app.get_by_key("start_saved: mine").click().run()
    assert "validation figures flatter" in said(app)
    with pytest.raises(RunError, match="would flatter"):
        run_scores.figures(run, compared, split="validation", threshold="mine")


def test_claims_are_judged_by_intervals():
    def row(genre, values, intervals, verdict, *, is_withheld=False):
        ap = {"values": values, "intervals": intervals, "verdict": verdict}
        return {"genre": genre, "support": 50, "is_withheld": is_withheld, "metrics": {"ap": ap}}

    good, poor = [0.4, 0.6], [0.01, 0.2]
    result = {
        "n_films": 850,
        "genres": [
            row("Action", [0.5, 0.3], [good, good], "behind"),
            row("Thriller", [0.3, 0.5], [good, good], "ahead"),
            row("Sci-Fi", [0.05, 0.06], [poor, poor], "not distinguishable"),
            row("Music", [0.05, 0.5], [poor, good], "ahead"),
            row("Sport", [0.05, 0.5], [poor, good], "ahead", is_withheld=True),
        ],
    }
    visual, _, hard = (claims.judge(claim, result) for claim in claims.CLAIMS)
    assert visual == {
        "Action": "holds",
        "Thriller": "contradicted",
        "Horror": "not in these films",
    }
    assert hard == {"Sci-Fi": "holds", "Music": "contradicted", "Sport": "too few films"}
    assert "**holds** (Action)" in claims.sentence(claims.CLAIMS[0], visual)


def test_genres_are_sorted_by_the_difference(compared, open_page):
    app = open_page("genres", genre="Genre 3")
    table = frame(app, "Genre", "AP difference")
    assert table["AP difference"].is_monotonic_decreasing
    assert app.get_by_key("genre").value == "Genre 3"
    assert "test films are Genre 3" in said(app)


def test_thresholds_follow_the_slider_and_the_fit(compared, films, open_page):
    run = pair(compared)[0]
    app = open_page("thresholds")
    app.get_by_key(desk.key(run, None)).set_value(0.9).run()
    assert "set by hand" in said(app)
    high = frame(app, "Films", "Recall, micro").set_index("Films")
    app.get_by_key(desk.key(run, None)).set_value(0.1).run()
    low = frame(app, "Films", "Recall, micro").set_index("Films")
    assert low.loc["test", "Recall, micro"] > high.loc["test", "Recall, micro"]
    assert low.loc["test at .5", "Recall, micro"] == high.loc["test at .5", "Recall, micro"]
    assert "validation, cross-fitted" not in low.index
    app.get_by_key("each").set_value(desk.EACH).run()
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
    app = open_page("thresholds", each=desk.EACH)
    app.get_by_key("goal").set_value("precision of at least").run()
    app.get_by_key("at_least").set_value(0.9).run()
    app.get_by_key("fit").click().run()
    assert any("No threshold reaches this" in warning.value for warning in app.warning)
    app.get_by_key("each").set_value(desk.ALL).run()
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
    app.get_by_key(desk.key(poster, None)).set_value(0.33).run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    assert [toast.value for toast in app.toast] == ["Saved."]
    kept = threshold_sets.find(compared, "mine")
    assert set(kept.limits) == {poster.id, overview.id}
    assert set(kept.limits_of(poster)) == {0.33}
    shown = open_page("films", rule="saved: mine")
    assert "rule 'saved: mine'" in said(shown)
    command = ["show", poster.id, "--threshold", "mine", "--json", "--artifacts", str(compared)]
    assert set(json.loads(CliRunner().invoke(cli, command).stdout)["threshold"]) == {0.33}
    app.get_by_key("save_set").click().run()
    assert "already saved" in app.toast[0].value


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


def test_who_gets_what_opens_as_many_films_as_it_says(compared, films, open_page):
    app = open_page("who_is_right", genre="Genre 5")
    table = frame(app, "Genre", "both").set_index("Genre")
    assert table.loc["Genre 5"].iloc[1:].sum() == table.loc["Genre 5", "Films"]
    where = "poster hit Genre 5; overview missed Genre 5"
    shown = open_page("films", where=where, rule=rules.FITTED)
    n_films = table.loc["Genre 5"].iloc[2]
    assert f"{n_films} of {len(films.rows('test'))} test films" in said(shown)
    assert "of what the oracle gains" in said(app)


def test_the_audit_leaves_training_films_out(compared, films, open_page):
    app = open_page("label_audit")
    table = frame(app, "Film", "Doubt")
    split = dict(zip(films.films.ids, films.split, strict=True))
    assert {split[film] for film in table["Film"]} <= {"validation", "test"}
    assert table["Doubt"].is_monotonic_decreasing
    places = [films.films.ids.index(film) for film in table["Film"]]
    columns = [films.genres.index(genre) for genre in table["Genre"]]
    assert not films.labels[places, columns].any()


def test_the_same_run_in_both_slots_is_refused(compared, open_page):
    run = pair(compared)[0].id
    for page in ("genres", "who_is_right", "label_audit"):
        assert "The same run is chosen twice" in said(open_page(page, poster=run, overview=run))


def test_runs_of_different_films_cannot_be_compared_by_address(compared, open_page):
    app = open_page("comparison", compared=["gone", "gone-too"])
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
    half = kept_comparison(runs, compared)
    low = kept_comparison(runs, compared, threshold=0.1)
    assert half["metrics"]["f1_micro"] != low["metrics"]["f1_micro"]
    assert half["metrics"]["map"] == low["metrics"]["map"]
    assert kept_comparison(runs, compared) == half
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
    runs = [poster, overview, weak]
    runs += [
        kind_of(fusion, "fusion", seed=seed, parents=[parent.id, overview.id])
        for seed, parent in ((0, poster), (1, poster), (1, weak))
    ]
    runs.append(kind_of(fusion, "fusion", seed=2, parents=["gone", overview.id]))
    table = comparing.seed_table(runs)
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
    values = desk.Setting(limits, "fitted", (objective, True))
    seen = decided(y_true, decide(y_score, limits), np.ones(3, dtype=bool))
    found = desk_figures.Outcome(seen, seen, seen, seen)
    dataset = SimpleNamespace(genres=("A", "B", "C"))
    assert desk_figures.unreached(dataset, values, found) == ["B", "C"]


def test_a_run_that_says_nothing_confuses_nothing():
    y_true = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    found = predicted_instead(y_true, np.zeros_like(y_true))
    words = confusing.overall_sentence(found, ("A", "B"), confusing.MISSED)
    assert words == "Of 2 true genres 2 (100%) are missed."
