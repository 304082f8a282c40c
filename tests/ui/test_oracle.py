"""The oracle of two runs: its gain beside that of two seeds of one recipe."""

import shutil

import numpy as np
from compared_runs import change_scores, frame, kind_of, pair, run_of
from edit_json import edit_json, rehash
from test_pages import said

from genre_core.runs.folder import find_run
from genre_core.ui.views import oracle


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
    assert "No recipe has finished runs with two seeds" in said(app)
    assert len(frame(app, "Reference", "Gain")) == 2
    poster = pair(compared)[0]
    another_seed(poster)
    app = open_page("agreement", poster=poster.id)
    table = frame(app, "Reference", "Gain")
    assert table["Reference"][1].endswith("seeds 0 and 1")
    assert "Two seeds of one recipe, which differ by noise only, gain" in said(app)
    assert table["Gain"].gt(0).all()
    assert table["Use of test labels"].iloc[-1] == "fitted on test: an upper bound, not a result"


def test_seeds_differ_in_nothing_else(compared):
    poster, overview = pair(compared)
    other = kind_of(poster, "poster_cnn", seed=1, changed={"learning_rate": 0.1})
    seed = kind_of(poster, "poster_cnn", seed=1)
    fusion = run_of(compared, "fusion")
    fused = kind_of(fusion, "fusion", seed=3)
    assert oracle.seed_pairs((poster, overview), [other, fused, fusion, poster, overview]) == []
    found = oracle.seed_pairs((poster, overview), [seed, other, poster, overview])
    assert found == [(poster, seed)]
    third = kind_of(overview, "overview_lstm", seed=4)
    assert oracle.seed_pairs((other, overview), [seed, other, third, poster, overview]) == [
        (overview, third)
    ]
    assert oracle.seed_pairs((other, fusion), [seed, other, fusion, poster]) == [(poster, seed)]
