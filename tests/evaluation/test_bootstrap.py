from __future__ import annotations

import json
import re
from dataclasses import asdict

import numpy as np
import pytest

from genre_core.errors import DataError
from genre_core.evaluation.bootstrap import (
    CHUNK_CELLS,
    Scored,
    draw_counts,
    paired_bootstrap,
    resample,
)
from genre_core.evaluation.intervals import compare, p_value, percentile_interval
from genre_core.evaluation.metrics import METRICS, evaluate, evaluate_genres
from genre_core.evaluation.totals import film_table, weigh

THRESHOLD = np.array([0.5, 0.4, 0.3, 0.3, 0.2])


def table_of(films):
    return film_table(films.y_true, films.y_score, threshold=THRESHOLD, **films.facts)


def resampled_values(totals):
    return {metric.name: metric.resampled(totals).tolist() for metric in METRICS}


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("seed", range(5))
def test_every_film_once_gives_the_metrics_themselves(make_films, kind, seed):
    films = make_films(seed, kind=kind)
    totals = weigh(table_of(films), np.ones((len(films.y_true), 1), dtype=np.float32))
    values = evaluate(films.y_true, films.y_score, threshold=THRESHOLD, **films.facts)
    assert resampled_values(totals) == {
        name: [pytest.approx(value, abs=1e-12)] for name, value in values.items()
    }


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("seed", range(4))
def test_weights_give_the_metrics_of_films_really_drawn(make_films, kind, seed):
    films = make_films(seed, n_films=30, kind=kind)
    films.y_true[:, 3] = np.arange(30) == 0  # about a third of the resamples lack this genre
    n_missing = 0
    for film_counts in draw_counts(30, 8, seed):
        by_weight = resampled_values(weigh(table_of(films), film_counts))
        for column, counts in enumerate(film_counts.T):
            drawn = np.repeat(np.arange(30), counts.astype(int))
            values = evaluate(
                films.y_true[drawn], films.y_score[drawn], threshold=THRESHOLD, **films.facts
            )
            n_missing += not films.y_true[drawn, 3].any()
            assert {name: value[column] for name, value in by_weight.items()} == pytest.approx(
                values, abs=1e-12
            )
    assert n_missing > 0


def test_a_resample_draws_as_many_films_and_chunks_change_nothing(monkeypatch):
    whole = np.hstack(list(draw_counts(50, 200, 7)))
    assert whole.shape == (50, 200)
    assert (whole.sum(axis=0) == 50).all()
    monkeypatch.setattr("genre_core.evaluation.bootstrap.CHUNK_CELLS", 50 * 3)
    chunks = list(draw_counts(50, 200, 7))
    assert len(chunks) == 67 < CHUNK_CELLS
    assert (np.hstack(chunks) == whole).all()


def test_films_are_drawn_evenly():
    counts = np.hstack(list(draw_counts(20, 4000, 0)))
    assert counts.mean(axis=1) == pytest.approx(np.ones(20), abs=0.06)
    assert counts.var(axis=1) == pytest.approx(np.full(20, 0.95), abs=0.1)


def excludes_zero(interval):
    return interval.low > 0 or interval.high < 0


@pytest.mark.parametrize("n_resamples", [40, 41, 79, 80, 99, 199, 200, 399, 1000, 1001])
def test_p_is_below_5_percent_exactly_when_the_interval_excludes_0(n_resamples):
    random = np.random.default_rng(n_resamples)
    n_excluding = 0
    for _ in range(400):
        centre = random.normal(0, 2)
        values = random.normal(centre, 1, n_resamples)
        if random.random() < 0.5:
            values = np.round(values * random.integers(1, 4))
        excluded = excludes_zero(percentile_interval(values))
        assert (p_value(values) < 0.05) == excluded
        n_excluding += excluded
    assert 0 < n_excluding < 400


@pytest.mark.parametrize("sign", [1, -1])
def test_p_and_interval_agree_at_the_last_resample_that_matters(sign):
    for n_resamples in range(40, 500):
        for n_beyond in {n_resamples // 40 - 1, n_resamples // 40}:
            for beyond in (0.0, -1.0):
                values = sign * np.append(
                    np.full(n_beyond, beyond), np.ones(n_resamples - n_beyond)
                )
                significant = n_beyond < n_resamples // 40
                assert (p_value(values) < 0.05) == significant
                assert excludes_zero(percentile_interval(values)) == significant


def test_two_identical_runs_do_not_differ(make_films):
    films = make_films(0)
    runs = {"a": Scored(films.y_score, 0.4), "b": Scored(films.y_score.copy(), 0.4)}
    result = paired_bootstrap(films.y_true, runs, n_resamples=300, **films.facts)
    for compared in result.metrics.values():
        difference = compared.differences["b"]
        assert (difference.value, difference.interval, difference.p_value) == (0, (0, 0), 1)
        assert compared.intervals["a"] == compared.intervals["b"]


def test_a_run_with_the_same_ranking_has_the_same_map(make_films):
    films = make_films(0)
    runs = {"raw": Scored(films.y_score), "calibrated": Scored(films.y_score.astype(float) ** 2)}
    metrics = paired_bootstrap(films.y_true, runs, n_resamples=300, **films.facts).metrics
    for name in ("map", "lrap", "top1_hit", "top3_hit"):
        assert metrics[name].differences["calibrated"].interval == (0, 0)
        assert metrics[name].differences["calibrated"].p_value == 1
    assert metrics["bce"].differences["calibrated"].p_value < 1


def test_differences_are_to_the_first_run_and_values_those_of_evaluate(make_films):
    films, other, third = make_films(0), make_films(0, kind="ties"), make_films(0, kind="constant")
    runs = {
        "b": Scored(films.y_score, 0.4),
        "a": Scored(other.y_score, THRESHOLD),
        "c": Scored(third.y_score),
    }
    result = paired_bootstrap(films.y_true, runs, n_resamples=200, **films.facts)
    assert result.reference == "b"
    assert list(result.metrics) == [metric.name for metric in METRICS]
    values = {
        name: evaluate(films.y_true, run.y_score, threshold=run.threshold, **films.facts)
        for name, run in runs.items()
    }
    for name, compared in result.metrics.items():
        assert compared.values == {run: values[run][name] for run in runs}
        assert list(compared.differences) == ["a", "c"]
        for run, difference in compared.differences.items():
            assert difference.value == pytest.approx(values[run][name] - values["b"][name])
            assert (difference.p_value < 0.05) == excludes_zero(difference.interval)
        assert all(interval.low <= interval.high for interval in compared.intervals.values())


def test_swapping_two_runs_mirrors_their_difference(make_films):
    films, other = make_films(0), make_films(0, kind="ties")
    runs = {"a": Scored(films.y_score), "b": Scored(other.y_score)}
    swapped = dict(reversed(runs.items()))
    options = {"n_resamples": 200, "seed": 3, **films.facts}
    there = paired_bootstrap(films.y_true, runs, **options).metrics
    back = paired_bootstrap(films.y_true, swapped, **options).metrics
    for name in there:
        one, two = there[name].differences["b"], back[name].differences["a"]
        assert one.interval == (-two.interval.high, -two.interval.low)
        assert one.p_value == two.p_value


def test_same_seed_same_result_and_another_seed_another_one(make_films):
    films = make_films(0)
    runs = {"a": Scored(films.y_score)}
    one, same, other = (
        paired_bootstrap(films.y_true, runs, n_resamples=100, seed=seed, **films.facts)
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one.metrics["map"].intervals != other.metrics["map"].intervals


def test_genres_that_a_resample_lacks_are_counted():
    y_true = np.zeros((20, 4), dtype=np.uint8)
    y_true[:, 0] = 1
    y_true[0, 1] = 1
    y_score = np.full((20, 4), 0.5, dtype=np.float32)
    macro = np.array([True, True, True, False])
    result = paired_bootstrap(
        y_true, {"a": Scored(y_score)}, macro=macro, prior=np.full(4, 0.5), n_resamples=2000
    )
    assert result.n_undefined_genres == 1
    assert result.n_resamples_missing[0] == result.n_resamples_missing[2] == 0
    assert result.n_resamples_missing[1] == result.n_resamples_with_missing_genre
    assert result.n_resamples_with_missing_genre / 2000 == pytest.approx(0.95**20, abs=0.04)


def test_genres_have_the_intervals_of_films_really_drawn(make_films):
    films = make_films(2, n_films=150)
    runs = {"a": Scored(films.y_score, 0.4), "b": Scored(films.y_score[::-1].copy(), 0.4)}
    found = paired_bootstrap(
        films.y_true, runs, n_resamples=120, seed=3, least_support=15, **films.facts
    )
    support = films.y_true.sum(axis=0)
    assert [genre.column for genre in found.genres] == [0, 1, 2, 3]
    drawn = [
        np.repeat(np.arange(150), counts.astype(int))
        for part in draw_counts(150, 120, 3)
        for counts in part.T
    ]
    for genre in found.genres:
        assert genre.support == support[genre.column]
        assert bool(genre.metrics) == (genre.support >= 15)
        for name, compared in genre.metrics.items():
            values = {
                run: genre_values(films, runs[run], drawn, genre.column, name) for run in runs
            }
            whole = {
                run: genre_values(films, runs[run], [np.arange(150)], genre.column, name)[0]
                for run in runs
            }
            expected = compare(whole, values, highest=1.0)
            assert compared.values == pytest.approx(expected.values)
            assert compared.intervals["b"] == pytest.approx(expected.intervals["b"])
            told = expected.differences["b"]
            assert compared.differences["b"].interval == pytest.approx(told.interval)


def genre_values(films, run, drawn, column, name):
    """The figure of a genre on each resample, by scikit-learn."""
    values = []
    for rows in drawn:
        row = evaluate_genres(
            films.y_true[rows],
            run.y_score[rows],
            genres="ABCDE",
            macro=films.macro,
            threshold=run.threshold,
        )[column]
        values.append(row[name])
    return np.array(values, dtype=float)


def test_a_genre_without_a_film_and_one_with_few_have_no_interval(make_films):
    films = make_films(0, n_films=200)
    films.y_true[:, 2] = 0
    runs = {"a": Scored(films.y_score), "b": Scored(films.y_score, 0.3)}
    found = paired_bootstrap(films.y_true, runs, n_resamples=50, **films.facts)
    assert [genre.column for genre in found.genres] == [0, 1, 3]
    assert found.n_undefined_genres == 1
    few = found.genres[2]
    assert few.support < 30
    assert few.metrics == {}
    assert set(few.values) == {"ap", "precision", "recall", "f1"}


def test_the_result_is_ready_for_json(make_films):
    films = make_films(0)
    runs = {"a": Scored(films.y_score), "b": Scored(films.y_score, 0.3)}
    result = asdict(paired_bootstrap(films.y_true, runs, n_resamples=50, **films.facts))
    restored = json.loads(json.dumps(result, allow_nan=False))
    interval = result["metrics"]["f1_micro"]["differences"]["b"]["interval"]
    assert restored["metrics"]["f1_micro"]["differences"]["b"]["interval"] == list(interval)


def test_a_clearly_better_run_is_told_apart(make_films):
    films = make_films(0, n_films=200)
    noise = np.random.default_rng(0).random(films.y_score.shape).astype(np.float32)
    runs = {"noise": Scored(noise), "model": Scored(films.y_score, 0.4)}
    metrics = paired_bootstrap(films.y_true, runs, n_resamples=400, **films.facts).metrics
    for metric in METRICS:
        difference = metrics[metric.name].differences["model"]
        if metric.name in ("map", "lrap", "f1_micro", "hamming_loss", "top1_hit", "bce"):
            assert difference.p_value < 0.05
            assert (difference.value > 0) == metric.higher_is_better


def test_intervals_cover_the_true_difference_about_as_often_as_they_say(make_films):
    names = [metric.name for metric in METRICS]
    n_simulations, covered = 250, dict.fromkeys(("bce", "f1_micro", "map", "top1_hit"), 0)
    for seed in range(n_simulations):
        films = make_films(seed, n_films=80)
        # Two noises of the same size: the true difference is 0.
        tables = {
            "a": table_of(renoised(films, 2 * seed)),
            "b": table_of(renoised(films, 2 * seed + 1)),
        }
        whole = {run: weigh(table, np.ones((80, 1), np.float32)) for run, table in tables.items()}
        values = resample(films.y_true, tables, n_resamples=200, seed=seed).metrics
        for name in covered:
            row = names.index(name)
            metric = METRICS[row]
            points = {run: float(metric.resampled(totals)[0]) for run, totals in whole.items()}
            compared = compare(points, {run: values[run][row] for run in values})
            covered[name] += not excludes_zero(compared.differences["b"].interval)
    assert all(0.89 <= n / n_simulations <= 0.99 for n in covered.values()), covered


def renoised(films, seed):
    noise = np.random.default_rng(seed).normal(0, 0.2, films.y_true.shape)
    y_score = np.clip(0.3 + 0.3 * films.y_true + noise, 0, 1).astype(np.float32)
    return films._replace(y_score=y_score)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"runs": {}}, "There is no run to compare"),
        ({"n_resamples": 39}, "n_resamples is 39. Expected 40 or more"),
        ({"runs": {"cnn": Scored(np.full((3, 2), 0.5))}}, "y_score of 'cnn' has the shape (3, 2)"),
        ({"runs": {"cnn": Scored(np.full((2, 2), np.nan))}}, "y_score of 'cnn' holds nan"),
        ({"runs": {"cnn": Scored(np.full((2, 2), 0.5), 50)}}, "threshold holds 50"),
        ({"macro": np.array([False, False])}, "No genre of the macro average"),
        ({"prior": np.array([0.5])}, "prior has the shape (1,)"),
        ({"y_true": np.array([[1, 0], [0, 0]])}, "resamples of the 2 films hold no film of any"),
    ],
)
def test_input_that_does_not_fit_is_refused(change, message):
    sound = {
        "y_true": np.array([[1, 0], [0, 1]]),
        "runs": {"cnn": Scored(np.full((2, 2), 0.5))},
        "macro": np.array([True, True]),
        "prior": np.array([0.5, 0.5]),
        "n_resamples": 50,
    }
    with pytest.raises(DataError, match=re.escape(message)):
        paired_bootstrap(**{**sound, **change})
