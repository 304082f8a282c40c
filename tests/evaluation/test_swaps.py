"""Swapped outputs against enumeration, scipy and statsmodels, with ties and awkward genres."""

import itertools

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from genre_core.evaluation.decisions import decide
from genre_core.evaluation.figures import evaluate
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.swaps import (
    Discordance,
    discordance,
    draw_swaps,
    exact_p_values,
    pooled_rankings,
    smallest_p,
    swap_p_values,
    swapped,
)
from genre_core.evaluation.totals import film_table

THRESHOLD = np.array([0.5, 0.4, 0.3, 0.3, 0.2])


def table_of(films, y_score=None):
    score = films.y_score if y_score is None else y_score
    return film_table(films.y_true, score, threshold=THRESHOLD, **films.facts)


def ranks(y_score):
    """Scores that rank the films of each genre as some scores do, in [0, 1]."""
    return 1 - stats.rankdata(-y_score, axis=0) / (len(y_score) + 1)


@pytest.mark.thorough
@pytest.mark.parametrize("kinds", [("continuous", "ties"), ("ties", "constant"), ("ties", "ties")])
def test_swapped_totals_are_the_metrics_of_outputs_really_swapped(make_films, kinds):
    films, other = make_films(0, 30, kinds[0]), make_films(0, 30, kinds[1])
    other = other._replace(y_score=other.y_score[::-1].copy())
    tables = table_of(films), table_of(films, other.y_score)
    pooled = pooled_rankings(*tables)
    for swaps in draw_swaps(30, 6, 1):
        totals = swapped(*tables, pooled, swaps)
        for column, bits in enumerate(swaps.T == 1):
            pair = np.stack([films.y_score, other.y_score])
            pair[:, bits] = pair[::-1, bits]
            by_rank = np.stack([ranks(films.y_score), ranks(other.y_score)])
            by_rank[:, bits] = by_rank[::-1, bits]
            for run in (0, 1):
                values = evaluate(films.y_true, pair[run], threshold=THRESHOLD, **films.facts)
                ranked = evaluate(films.y_true, by_rank[run], threshold=THRESHOLD, **films.facts)
                for metric in METRICS:
                    found = metric.resampled(totals[run])[column]
                    expected = (ranked if metric.name == "map" else values)[metric.name]
                    assert found == pytest.approx(expected, abs=1e-6), metric.name


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("seed", range(3))
def test_p_values_are_those_of_all_swaps(make_films, kind, seed):
    films = make_films(seed, n_films=9, kind=kind)
    films.y_true[0] = 1  # every genre has a film
    tables = table_of(films), table_of(films, make_films(seed + 50, n_films=9).y_score)
    pooled = pooled_rankings(*tables)
    every = np.array(list(itertools.product((0, 1), repeat=9)), dtype=np.float32).T
    first, second = swapped(*tables, pooled, every)
    found = swap_p_values(*tables, n_swaps=4000, seed=seed)
    for metric in METRICS:
        drawn = metric.resampled(second) - metric.resampled(first)
        exact = np.mean(np.abs(drawn) >= abs(drawn[0]) - 1e-10)
        assert found.metrics[metric.name] == pytest.approx(exact, abs=0.03), metric.name
    drawn = second.average_precisions - first.average_precisions
    exact = np.mean(np.abs(drawn) >= np.abs(drawn[:, :1]) - 1e-10, axis=1)
    assert found.average_precision == pytest.approx(exact, abs=0.03)


def test_means_over_films_are_tested_as_scipy_tests_them(make_films):
    films, other = make_films(3, 60), make_films(4, 60)
    tables = table_of(films), table_of(films, other.y_score)
    found = swap_p_values(*tables, n_swaps=10_000).metrics
    for name in ("bce", "lrap", "f1_samples", "hamming_loss", "top1_hit"):
        row = tables[0].names.index(name)
        values = tables[1].rows[row], tables[0].rows[row]
        expected = stats.permutation_test(
            values,
            lambda a, b, axis: np.mean(a - b, axis=axis),
            permutation_type="samples",
            vectorized=True,
            n_resamples=20_000,
            rng=1,
        ).pvalue
        assert found[name] == pytest.approx(expected, abs=0.02), name


def decided_pairs():
    random = np.random.default_rng(5)
    for n_films in (6, 12, 40):
        for chances in ((0.5, 0.5, 0.5), (0.3, 0.1, 0.6), (0.5, 0.0, 0.4), (0.9, 0.5, 0.5)):
            yield tuple((random.random(n_films) < chance).astype(np.uint8) for chance in chances)


@pytest.mark.parametrize("seed", range(4))
def test_precision_recall_and_f1_are_tested_by_enumeration(seed):
    """All swaps of the films that are decided differently, one by one."""
    random = np.random.default_rng(seed)
    y_true, first, second = ((random.random(14) < 0.5).astype(np.uint8) for _ in range(3))
    found = exact_p_values(discordance(y_true, first, second))
    rows = np.flatnonzero(first != second)
    drawn = {"precision": [], "recall": [], "f1": []}
    for bits in itertools.product((False, True), repeat=len(rows)):
        turned = rows[list(bits)]
        pair = np.stack([first, second])
        pair[:, turned] = pair[::-1, turned]
        for name, values in drawn.items():
            one, two = (measure(name, y_true, decided) for decided in pair)
            values.append(two - one)
    for name, values in drawn.items():
        values = np.array(values)
        is_extreme = ~(np.abs(values) < abs(values[0]) - 1e-10)  # undefined counts as extreme
        assert found[name] == pytest.approx(is_extreme.mean()), name


def measure(name, y_true, decided):
    hits, predicted, support = (y_true & decided).sum(), decided.sum(), y_true.sum()
    if name == "precision":
        return hits / predicted if predicted else np.nan
    if name == "recall":
        return hits / support
    return 2 * hits / max(predicted + support, 1)


def test_recall_is_tested_as_mcnemar_does():
    for y_true, first, second in decided_pairs():
        found = discordance(y_true, first, second)
        table = [[found.hits, found.hits_alone[0]], [found.hits_alone[1], 0]]
        expected = 1.0
        if found.n_positives:
            expected = min(1.0, mcnemar(table, exact=True).pvalue)
        assert exact_p_values(found)["recall"] == pytest.approx(expected)


def test_many_films_are_enumerated_as_exactly():
    found = exact_p_values(Discordance(900, 300, (520, 640), (410, 380), 3000))
    assert found["recall"] == pytest.approx(stats.binomtest(520, 1160).pvalue, rel=1e-6)
    assert 0 < found["f1"] <= 1


def test_a_swap_that_leaves_a_run_without_a_prediction_counts_as_extreme():
    # Of 16 swaps two are as extreme as precisions of 1 and 0, and two leave a run with nothing.
    found = exact_p_values(Discordance(0, 0, (2, 0), (0, 2), 2))
    assert found["precision"] == pytest.approx(4 / 16)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(6))
def test_runs_that_differ_on_few_films_are_never_significant(make_films, k, seed):
    films = make_films(seed, 200)
    other = films.y_score.copy()
    rows = np.random.default_rng(seed).choice(200, k, replace=False)
    other[rows] = films.y_true[rows] * 0.98 + 0.01  # all in one direction
    found = swap_p_values(table_of(films), table_of(films, other), n_swaps=1000, seed=seed)
    assert min(found.metrics.values()) >= smallest_p(k) * 0.8 >= 0.05 * 0.99
    assert found.average_precision.min() >= smallest_p(k)


def test_runs_that_rank_alike_do_not_differ_in_average_precision(make_films):
    films = make_films(0)
    found = swap_p_values(table_of(films), table_of(films, films.y_score.astype(float) ** 3))
    assert found.metrics["map"] == found.metrics["lrap"] == 1
    assert found.average_precision.tolist() == [1, 1, 1, 1]


def test_identical_runs_have_p_1_and_a_clear_difference_the_smallest(make_films):
    films = make_films(0, 200)
    same = swap_p_values(table_of(films), table_of(films, films.y_score.copy()), n_swaps=200)
    assert set(same.metrics.values()) == {1.0}
    clear = films.y_true * 0.9 + 0.05
    found = swap_p_values(table_of(films), table_of(films, clear), n_swaps=999)
    assert found.metrics["bce"] == found.metrics["map"] == 1 / 1000


def test_a_genre_that_nobody_predicts_is_decided_alike(make_films):
    films = make_films(0)
    none = decide(films.y_score, 1.0)[:, 0] * 0
    found = discordance(films.y_true[:, 0], none, none)
    assert found.n_films == 0
    assert exact_p_values(found)["recall"] == exact_p_values(found)["f1"] == 1.0


def test_same_seed_same_p_values(make_films):
    films, other = make_films(0), make_films(1)
    tables = table_of(films), table_of(films, other.y_score)
    one, same = (swap_p_values(*tables, n_swaps=300, seed=5) for _ in range(2))
    assert one.metrics == same.metrics
    assert (one.average_precision == same.average_precision).all()
