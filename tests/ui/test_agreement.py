"""Who is right when: counts, verdicts on genres, and the oracle's gain beside that of two seeds."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from compared_runs import change_scores, frame, kind_of, pair, run_of
from edit_json import edit_json, rehash
from test_pages import said

from genre_core.evaluation.agreement import LEAST_DISCORDANT
from genre_core.runs.folder import find_run
from genre_core.ui.parts import rules
from genre_core.ui.views import agreement


@pytest.mark.thorough
def test_who_gets_what_opens_as_many_films_as_it_says(compared, films, open_page):
    app = open_page("agreement", genre="Genre 5")
    table = frame(app, "Genre", "both").set_index("Genre")
    assert table.loc["Genre 5"].iloc[1:].sum() == table.loc["Genre 5", "Films"]
    where = "poster hit Genre 5; overview missed Genre 5"
    shown = open_page("films", where=where, rule=rules.TUNED)
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
    verdicts = agreement.alone_verdicts(found, dataset)
    assert verdicts == {
        "A": "first",
        "D": "second",
        "B": "no_difference",
        "C": "too_few",
    }
    table = agreement.alone_table(found, dataset, ("Poster", "Text"), verdicts)
    assert dict(zip(table["Genre"], table["Verdict"], strict=True)) == {
        "A": "Poster ahead",
        "D": "Text ahead",
        "B": "no significant difference",
        "C": "too few films decided differently",
    }
    assert agreement.alone_sentence(verdicts, ("Poster", "Text")) == (
        "Of 3 genres tested, **Poster** is ahead in 1 (A) and **Text** is ahead in 1 (D); no "
        "significant difference in 1; 1 not tested (too few films decided differently)."
    )
    few = agreement.alone_verdicts(found[2:3], SimpleNamespace(genres=("C",)))
    assert agreement.alone_sentence(few, ("Poster", "Text")).endswith("so none is tested.")


def another_seed(run):
    """Copy a run as if it had been trained with another seed."""
    folder = run.folder.with_name(f"{run.id}-again")
    shutil.copytree(run.folder, folder)
    edit_json(folder / "config.json", seed=run.seed + 1)
    rehash(folder, "config.json")
    noise = np.random.default_rng(9).normal(0, 0.1, run.scores().shape)
    again = find_run(run.artifacts, folder.name)
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
