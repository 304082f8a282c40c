"""Scoring films that lack what a run does not look at."""

import shutil

import pytest

from genre_core.errors import DataError
from genre_core.scoring.films import score_folder


@pytest.fixture
def few(trained, tmp_path):
    """Some of the sample's films: a table and the posters of its first twelve."""
    folder = tmp_path / "few"
    (folder / "Images").mkdir(parents=True)
    (table,) = trained.folder.glob("*.csv")
    shutil.copy(table, folder)
    for poster in sorted((trained.folder / "Images").iterdir())[:12]:
        shutil.copy(poster, folder / "Images")
    return folder


def test_each_run_scores_the_films_that_have_what_it_looks_at(trained, few):
    n_overviews = len(score_folder(trained.runs["overview_tfidf"], few).films)
    assert n_overviews > 500
    assert len(score_folder(trained.runs["poster_features"], few).films) == 12
    fused = score_folder(trained.runs["fusion"], few)
    assert len(fused.films) == len(fused.y_score) == 12


def test_a_run_without_its_input_is_refused_with_a_way_out(trained, few):
    shutil.rmtree(few / "Images")
    with pytest.raises(
        DataError, match=r"no posters, which are required here. Use --inputs overview"
    ):
        score_folder(trained.runs["poster_features"], few)
    with pytest.raises(DataError, match=r"needs posters, and the films in .* have none"):
        score_folder(trained.runs["fusion"], few)
