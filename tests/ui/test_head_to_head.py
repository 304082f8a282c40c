"""Whether the runs differ: the page has the numbers of the command, for every pair and recipe."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from compared_runs import MODELS, frame, kind_of, pair, run_of
from edit_json import edit_json, rehash
from test_pages import said

from benchmarks.synthetic import make_runs
from genre_core.commands.main import cli
from genre_core.comparison.kept import kept_comparison
from genre_core.comparison.wording import REASONS, VERDICTS
from genre_core.runs.content import MARKER
from genre_core.runs.folder import list_runs
from genre_core.ui.parts import rules, seeds


def test_the_page_has_the_numbers_of_the_command(compared, open_page):
    first, second = pair(compared)
    command = ["compare", first.id, second.id, "--json", "--artifacts", str(compared)]
    told = json.loads(CliRunner().invoke(cli, command).stdout)
    (one,) = told["pairs"]
    app = open_page("head_to_head")
    assert app.get_by_key("by").value == rules.TUNED
    table = frame(app, "Metric", "Difference")
    assert_tests(table, list(one["metrics"].values()), second.label)
    values = [told["values"][name][second.id] for name in one["metrics"]]
    assert table[second.label].tolist() == values
    by_genre = frame(app, "Genre", "p (Holm)")
    rows = [one["genres"]["ap"][genre] for genre in by_genre["Genre"]]
    assert_tests(by_genre, rows, second.label)
    assert f"compare {first.id} {second.id} --threshold tuned --json" in said(app)


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
    assert app.get_by_key("by").value == rules.TUNED
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


@pytest.mark.thorough
def test_three_runs_are_compared_in_all_three_pairs(compared, open_page):
    runs = [run_of(compared, model) for model in MODELS]
    app = open_page("head_to_head", compared=[run.id for run in runs])
    assert said(app).count("corrected p") == 2 * 3
    pairs = app.get_by_key("pair")
    poster, overview, fusion = (run.label for run in runs)
    assert pairs.options == [
        f"{overview} minus {poster}",
        f"{fusion} minus {poster}",
        f"{fusion} minus {overview}",
    ]
    result = kept_comparison(
        runs, threshold=rules.threshold(rules.TUNED), others=list_runs(compared)
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
    folder = compared.runs / second.id
    shutil.copy(first.folder / "scores.npy", folder / "scores.npy")
    rehash(folder, "scores.npy")
    shutil.rmtree(compared.comparisons)
    app = open_page("head_to_head")
    table = frame(app, "Metric", "Difference")
    assert set(table["Difference"]) == {0.0}
    assert set(table["p"].dropna()) == set(table["p (Holm)"].dropna()) == {1.0}
    shown = table[table["p"].notna()]
    assert set(table["Metric"]) - set(shown["Metric"]) <= {"Precision, macro ↑"}
    assert (shown["Low"] == 0).all()
    assert (shown["High"] == 0).all()
    assert (table["Films that differ"] == 0).all()
    ahead = f"{second.label} is"
    by_genre = frame(app, "Genre", "p (Holm)")
    for verdicts in (table[ahead], by_genre[ahead]):
        assert not {VERDICTS["ahead"], VERDICTS["behind"]} & set(verdicts)
    words = said(app)
    assert "are equivalent: within" in words
    assert "difference 0 [0, 0], corrected p = 1.000" in words
    assert "No verdicts on the other metrics" in words
    assert "is better than" not in words


def test_runs_of_different_films_cannot_be_compared_by_address(compared, open_page):
    app = open_page("head_to_head", compared=["gone", "gone-too"])
    assert not app.exception


@pytest.mark.thorough
def test_seeds_have_a_mean_and_a_spread(compared, films, open_page):
    make_runs(films, compared, ("prior", "prior", "poster_cnn", "poster_cnn"))
    table = frame(open_page("head_to_head"), "Seeds")
    of_network = table[table["Model"].str.startswith("Poster network")].iloc[0]
    assert of_network["Seeds"] == 3
    assert of_network["mAP, ±"] > 0
    assert np.isnan(table[table["Seeds"] == 1].iloc[0]["mAP, ±"])


@pytest.mark.thorough
def test_a_run_cut_short_is_no_seed(compared, films, open_page):
    make_runs(films, compared, ("poster_cnn",))
    run = run_of(compared, "poster_cnn")
    edit_json(run.folder / MARKER, epochs_done=2)
    app = open_page("head_to_head")
    table = frame(app, "Seeds").set_index("Model")
    assert table.loc["Poster network (CNN)", "Seeds"] == 1
    assert run.id not in table.loc["Poster network (CNN)", "Runs"]
    assert "1 run closed before the last epoch" in said(app)


@pytest.mark.thorough
def test_three_seeds_of_both_make_the_headline_one_about_recipes(compared, films, open_page):
    assert "About these runs, not their recipes: fewer than three complete seeds" in said(
        open_page("head_to_head")
    )
    make_runs(films, compared, ("prior", "prior", "prior", *MODELS[:2], *MODELS[:2]))
    newest = [run.id for run in pair(compared)]
    words = said(open_page("head_to_head", compared=newest))
    assert "About the recipes: means over 3 seeds of Overview network" in words
    assert "and 3 seeds of Poster network" in words


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
