import csv
import json
import os
import subprocess
import sys
from ast import literal_eval
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

import genre_core
from genre_core.errors import DataError
from genre_core.sample import generate_sample
from genre_core.sample.genres import COLUMNS, COMBINATIONS, WHERE_SEEN, plan_films
from genre_core.sample.looks import LOOKS
from genre_core.sample.overviews import write_overview
from genre_core.sample.phrases import CUT_SHORT, TELLING
from genre_core.sample.posters import draw_poster

N_FILMS, N_TRAINING = 600, 420
TABLE = "IMDB_overview_genres.csv"
KILLED_HALFWAY = """
import os, pathlib, sys
from genre_core.sample import generate_sample
generate_sample(
    pathlib.Path(sys.argv[1]),
    n_films=10,
    progress=lambda done, total: os.kill(os.getpid(), 9) if done == 5 else None,
)
"""


@pytest.fixture(scope="module")
def sample(sample_films):
    return sample_films


@pytest.fixture(scope="module")
def table(sample):
    return pd.read_csv(sample / TABLE, keep_default_na=False)


@pytest.fixture(scope="module")
def y_true(table):
    return table[list(COLUMNS)].to_numpy()


@pytest.fixture(scope="module")
def split():
    order = np.random.default_rng(7).permutation(N_FILMS)
    return order[:N_TRAINING], order[N_TRAINING:]


@pytest.fixture(scope="module")
def poster_scores(sample, table, y_true, split):
    paths = [sample / "Images" / f"{film_id}.jpg" for film_id in table["Id"]]
    pixels = np.stack([poster_features(path) for path in paths])
    summary = make_pipeline(StandardScaler(), PCA(80, svd_solver="randomized", random_state=0))
    with threadpool_limits(1):
        features = summary.fit(pixels[split[0]]).transform(pixels)
    return scores_of(LogisticRegression(C=0.003, solver="newton-cholesky"), features, y_true, split)


@pytest.fixture(scope="module")
def overview_scores(table, y_true, split):
    overviews = table["Overview"].to_numpy()
    words = TfidfVectorizer(sublinear_tf=True, min_df=2).fit(overviews[split[0]])
    return scores_of(LogisticRegression(C=6), words.transform(overviews), y_true, split)


def poster_features(path):
    with Image.open(path) as poster:
        small = np.asarray(poster.resize((32, 32), Image.Resampling.BOX)) / 255
        levels = np.asarray(poster.resize((50, 75))) // 64
    bins = levels.reshape(-1, 3) @ np.array([16, 4, 1])
    histogram = np.bincount(bins, minlength=64) / len(bins)
    return np.concatenate([small.ravel(), 4 * np.sqrt(histogram)])


def scores_of(model, features, y_true, split):
    training, held_out = split
    scores = np.full((len(held_out), len(COLUMNS)), 1e-3)
    for column, marks in enumerate(y_true[training].T):
        if marks.any():
            with threadpool_limits(1):
                model.fit(features[training], marks)
            scores[:, column] = model.predict_proba(features[held_out])[:, 1]
    return scores


def bce_to_prior(y_true, y_score, split):
    training, held_out = split
    prior = np.broadcast_to(y_true[training].mean(axis=0), y_score.shape)
    return bce(y_true[held_out], y_score) / bce(y_true[held_out], prior)


def bce(y_true, y_score):
    y_score = np.clip(y_score, 1e-4, 1 - 1e-4)
    return -np.mean(y_true * np.log(y_score) + (1 - y_true) * np.log(1 - y_score))


def genres_with_support(y_true, split):
    training, held_out = y_true[split[0]].sum(axis=0), y_true[split[1]].sum(axis=0)
    return [
        genre
        for genre, n_training, n_held_out in zip(COLUMNS, training, held_out, strict=True)
        if n_training >= 10 and n_held_out >= 3
    ]


def precisions(y_true, y_score, split):
    return {
        genre: average_precision_score(y_true[split[1], column], y_score[:, column])
        for column, genre in enumerate(COLUMNS)
        if genre in genres_with_support(y_true, split)
    }


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# The layout


def test_layout_is_that_of_the_real_films(sample, table):
    assert {path.name for path in sample.iterdir()} == {"GENERATED.json", TABLE, "Images"}
    assert list(table.columns) == ["Id", "Genre", *COLUMNS, "Overview"]
    assert list(COLUMNS) == sorted(COLUMNS)
    assert len(table) == N_FILMS
    assert {path.stem for path in (sample / "Images").iterdir()} == set(table["Id"])


def test_genre_lists_agree_with_the_indicators(table):
    for row in table.to_dict("records"):
        genres = literal_eval(row["Genre"])
        assert sorted(genres) == [genre for genre in COLUMNS if row[genre] == 1]


def test_ids_cannot_be_taken_for_imdb_ids(table):
    assert table["Id"].is_unique
    assert table["Id"].str.fullmatch(r"sample-\d{4}").all()


def test_posters_are_squeezed_rgb_jpegs(sample):
    for path in (sample / "Images").iterdir():
        with Image.open(path) as poster:
            assert (poster.format, poster.mode, poster.size) == ("JPEG", "RGB", (150, 300))


def test_table_is_plain_utf8_with_unix_line_ends(sample):
    data = (sample / TABLE).read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")
    data.decode("utf-8")


def test_label_says_that_the_films_are_generated(sample):
    label = json.loads((sample / "GENERATED.json").read_text(encoding="utf-8"))
    assert label["generated"] is True
    assert (label["by"], label["seed"], label["n_films"]) == ("marquee sample", 0, N_FILMS)
    assert "do not exist" in label["note"]


# The films


def test_long_tail_is_like_that_of_the_real_films(y_true):
    share = dict(zip(COLUMNS, y_true.mean(axis=0), strict=True))
    assert 0.50 < share["Drama"] < 0.60
    assert 0.40 < share["Comedy"] < 0.50
    assert 0.15 < share["Romance"] < 0.25
    assert 0.15 < share["Action"] < 0.25
    assert 2.2 < y_true.sum(axis=1).mean() < 2.5
    assert y_true.sum(axis=1).max() == 3


def test_some_columns_are_too_rare_to_count(y_true):
    n_films = dict(zip(COLUMNS, y_true.sum(axis=0), strict=True))
    expected_training = {genre: n * N_TRAINING / N_FILMS for genre, n in n_films.items()}
    assert n_films["News"] == 0
    assert n_films["N/A"] == 2
    assert expected_training["Western"] < 10
    assert sum(n >= 10 for n in expected_training.values()) == 13


def test_small_samples_keep_the_tail():
    plans = plan_films(120, Random(3))
    assert {genre for plan in plans for genre in plan.genres} >= set(WHERE_SEEN)


def test_every_label_of_the_plan_is_a_column():
    assert {genre for genres in COMBINATIONS for genre in genres} < set(COLUMNS)
    assert {genre for genre, where in WHERE_SEEN.items() if where != "overview"} == set(LOOKS)
    assert {genre for genre, where in WHERE_SEEN.items() if where != "poster"} == set(TELLING)


def test_overviews_have_the_length_of_real_ones(table):
    lengths = table.loc[~table["Overview"].isin(CUT_SHORT), "Overview"].str.split().str.len()
    assert lengths.between(8, 60).all()
    assert 23 < lengths.mean() < 30


def test_one_overview_is_repeated_and_three_are_cut_short(table):
    counts = table["Overview"].value_counts()
    assert sorted(counts)[-2:] == [1, 2]
    assert table["Overview"].isin(CUT_SHORT).sum() == 3


def test_overviews_are_clean_sentences(table):
    for text in table.loc[~table["Overview"].isin(CUT_SHORT), "Overview"]:
        assert text[0].isupper()
        assert text.endswith(".")
        assert not set("[]{}|") & set(text)
        assert "  " not in text


def test_vocabulary_is_compact(table):
    words = set(" ".join(table["Overview"]).lower().replace(".", " ").replace(",", " ").split())
    assert 500 < len(words) < 900


@pytest.mark.parametrize("genre", sorted(TELLING))
def test_every_genre_can_be_told(genre):
    texts = {write_overview((genre,), Random(seed)) for seed in range(40)}
    assert len(texts) > 30


@pytest.mark.parametrize("genre", sorted(LOOKS))
def test_every_genre_can_be_drawn_first_and_second(genre):
    leading = np.asarray(draw_poster((genre,), Random(5)), dtype=int)
    plain = np.asarray(draw_poster((), Random(5)), dtype=int)
    accented = np.asarray(draw_poster(("Comedy", genre), Random(5)), dtype=int)
    assert leading.shape == (300, 150, 3)
    assert np.abs(leading - plain).mean() > 10
    assert np.abs(accented - leading).mean() > 5 or genre == "Comedy"


# What can be learned


def test_both_sources_beat_the_genre_frequencies(y_true, poster_scores, overview_scores, split):
    assert bce_to_prior(y_true, poster_scores, split) < 0.80
    assert bce_to_prior(y_true, overview_scores, split) < 0.80


def test_both_sources_together_beat_each(y_true, poster_scores, overview_scores, split):
    prior = np.clip(y_true[split[0]].mean(axis=0), 1e-3, None)
    odds = log_odds(poster_scores) + log_odds(overview_scores) - log_odds(prior)
    together = bce_to_prior(y_true, 1 / (1 + np.exp(-odds)), split)
    assert together < bce_to_prior(y_true, poster_scores, split) - 0.05
    assert together < bce_to_prior(y_true, overview_scores, split) - 0.05


def log_odds(y_score):
    return np.log(y_score / (1 - y_score))


def test_genres_are_seen_where_they_were_planned(y_true, poster_scores, overview_scores, split):
    poster = precisions(y_true, poster_scores, split)
    overview = precisions(y_true, overview_scores, split)
    lead = {genre: poster[genre] - overview[genre] for genre in poster}
    for genre in ("Action", "Animation", "Thriller"):
        assert lead[genre] > 0.15, genre
    for genre in ("Crime", "Family", "Music"):
        assert lead[genre] < -0.15, genre
    assert lead["Drama"] < -0.05
    prevalence = dict(zip(COLUMNS, y_true.mean(axis=0), strict=True))
    for genre in ("Adventure", "Comedy", "Horror", "Romance", "Sci-Fi"):
        assert min(poster[genre], overview[genre]) > prevalence[genre] + 0.25, genre


def test_no_source_is_perfect(y_true, poster_scores, overview_scores, split):
    for scores in (poster_scores, overview_scores):
        assert np.mean(list(precisions(y_true, scores, split).values())) < 0.95


# The folder


def test_same_seed_gives_the_same_bytes(tmp_path):
    generate_sample(tmp_path / "first", n_films=16, seed=4)
    generate_sample(tmp_path / "second", n_films=16, seed=4)
    generate_sample(tmp_path / "other", n_films=16, seed=5)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    assert contents(tmp_path / "first") != contents(tmp_path / "other")


def test_progress_counts_every_film(tmp_path):
    seen = []
    generate_sample(
        tmp_path / "s", n_films=10, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(done, 10) for done in range(1, 11)]


def test_earlier_sample_is_replaced(tmp_path):
    folder = tmp_path / "deep" / "sample"
    generate_sample(folder, n_films=12)
    generate_sample(folder, n_films=10)
    with (folder / TABLE).open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 10
    assert len(list((folder / "Images").iterdir())) == 10
    assert [path.name for path in folder.parent.iterdir()] == ["sample"]


def test_empty_folder_is_used(tmp_path):
    generate_sample(tmp_path, n_films=10)
    assert (tmp_path / "GENERATED.json").exists()


@pytest.mark.parametrize("foreign", ["thesis.txt", "Images/tt0086425.jpg", TABLE])
def test_foreign_folder_is_refused_and_left_alone(tmp_path, foreign):
    path = tmp_path / "mine" / foreign
    path.parent.mkdir(parents=True)
    path.write_text("precious")
    with pytest.raises(DataError, match="not part of a sample"):
        generate_sample(tmp_path / "mine", n_films=10)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("foreign", ["thesis.txt", "Images/tt0086425.jpg"])
def test_sample_with_foreign_files_is_refused(tmp_path, foreign):
    generate_sample(tmp_path / "sample", n_films=10)
    (tmp_path / "sample" / foreign).write_text("precious")
    before = contents(tmp_path / "sample")
    with pytest.raises(DataError, match=Path(foreign).name):
        generate_sample(tmp_path / "sample", n_films=10, seed=1)
    assert contents(tmp_path / "sample") == before


def test_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "sample").write_text("precious")
    with pytest.raises(DataError, match="is a file"):
        generate_sample(tmp_path / "sample", n_films=10)


def test_too_few_films_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"A sample of 9 films is too small\. Expected at least 10"):
        generate_sample(tmp_path / "sample", n_films=9)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("signal", [KeyboardInterrupt, OSError])
def test_interrupted_generation_leaves_nothing(tmp_path, signal):
    def stop(done, total):
        assert not (tmp_path / "sample").exists()
        if done == 3:
            raise signal

    with pytest.raises(signal):
        generate_sample(tmp_path / "sample", n_films=10, progress=stop)
    assert not list(tmp_path.iterdir())


@pytest.mark.thorough
def test_killed_generation_leaves_nothing_under_the_name(tmp_path):
    command = [sys.executable, "-c", KILLED_HALFWAY, str(tmp_path / "sample")]
    finished = subprocess.run(command, cwd=Path(genre_core.__file__).parents[1], check=False)
    assert finished.returncode == -9
    assert not (tmp_path / "sample").exists()
    (leftover,) = tmp_path.iterdir()
    os.utime(leftover, (0, 0))
    generate_sample(tmp_path / "sample", n_films=10)
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


def test_interrupted_replacement_keeps_the_earlier_sample(tmp_path):
    generate_sample(tmp_path / "sample", n_films=10)
    before = contents(tmp_path / "sample")

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_sample(tmp_path / "sample", n_films=12, progress=stop)
    assert contents(tmp_path / "sample") == before
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]
