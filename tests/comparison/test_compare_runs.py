"""Runs on disk compared: the numbers, their JSON, recipes, and what is kept."""

import json

import numpy as np
import pytest

from genre_core.comparison import kept
from genre_core.comparison.compare import compare
from genre_core.comparison.kept import kept_comparison, kept_oracle, prepare
from genre_core.comparison.results import RunComparison
from genre_core.comparison.wording import REASONS, VERDICTS, verdict_text
from genre_core.errors import RunError
from genre_core.evaluation.decisions import decide, macro_genres
from genre_core.evaluation.figures import evaluate
from genre_core.evaluation.metrics import METRICS
from genre_core.files import read_sealed, write_sealed
from genre_core.runs.folder import list_runs
from genre_core.runs.scores import threshold_of

N_DRAWS = 200
NETWORKS = ("poster_cnn", "overview_lstm")


@pytest.fixture
def pair(add_run):
    return [add_run(model) for model in NETWORKS]


@pytest.fixture
def twins(add_run):
    """Two runs of different models with the same scores."""
    first = add_run("poster_cnn")
    return [first, add_run("overview_lstm", scores=first.scores())]


def files(artifacts):
    return set((artifacts.comparisons).glob("*.json"))


def test_values_are_those_of_the_metrics_at_the_tuned_threshold(artifacts, dataset, pair):
    found = compare(pair, n_draws=N_DRAWS)
    rows = dataset.rows("test")
    macro = macro_genres(dataset.genres, dataset.train_support)
    assert found.threshold == "tuned"
    assert (found.n_films, found.n_macro_genres, found.n_draws) == (len(rows), macro.sum(), N_DRAWS)
    for run in pair:
        limit = threshold_of(run, "tuned")
        assert found.thresholds[run.id] == limit
        expected = evaluate(
            dataset.labels[rows],
            np.asarray(run.scores()[rows]),
            macro=macro,
            prior=dataset.prior,
            threshold=limit,
        )
        assert {name: values[run.id] for name, values in found.values.items()} == pytest.approx(
            expected
        )
        predicted = decide(np.asarray(run.scores()[rows]), limit).sum(axis=0)
        for genre in found.genres:
            assert genre.n_predicted[run.id] == predicted[dataset.genres.index(genre.genre)]
    (one,) = found.pairs
    for name, test in one.metrics.items():
        values = [found.values[name][run.id] for run in pair]
        assert test.value == pytest.approx(values[1] - values[0], abs=1e-9)
        if test.p_value is not None:
            assert (test.p_value < 0.05) == test.interval.excludes_zero
    assert one.headline["map"].verdict == one.headline["bce"].verdict == "ahead"
    assert set(found.chance) == {genre.genre for genre in found.genres}
    assert set(found.base_rates) == {run.id for run in pair}


def test_a_comparison_goes_to_json_and_comes_back(artifacts, add_run):
    """With recipes, thresholds by genre, and a run whose precision is undefined."""
    runs = [add_run(model, seed) for model in NETWORKS for seed in range(3)]
    chosen = [add_run("prior"), runs[0], runs[3]]
    found = compare(
        chosen, threshold="tuned_per_genre", others=list_runs(artifacts), n_draws=N_DRAWS
    )
    assert any(pair.recipes for pair in found.pairs)
    assert isinstance(found.thresholds[runs[0].id], list)
    text = json.dumps(found.to_json(), allow_nan=False)
    again = RunComparison.from_json(json.loads(text))
    assert again == found
    assert type(again.pairs[0].metrics["map"].interval) is type(found.intervals["map"][runs[0].id])
    half = compare(chosen, threshold=0.99, n_draws=N_DRAWS)
    assert None in half.genres[0].values["precision"].values()
    assert RunComparison.from_json(json.loads(json.dumps(half.to_json()))) == half


@pytest.mark.parametrize("field", ["pairs", "chance", "deterministic", "values"])
def test_json_without_a_field_is_no_comparison(artifacts, pair, field):
    plain = compare(pair, n_draws=N_DRAWS).to_json()
    del plain[field]
    with pytest.raises(KeyError):
        RunComparison.from_json(json.loads(json.dumps(plain)))


def test_fewer_than_two_different_runs_are_no_comparison(artifacts, pair):
    for runs in (pair[:1], [pair[0], pair[0]]):
        with pytest.raises(RunError, match="two or more different runs"):
            compare(runs)


def test_every_run_is_compared_with_every_earlier_one(artifacts, pair, add_run):
    runs = [add_run("prior"), *pair]
    found = compare(runs, n_draws=N_DRAWS)
    prior, poster, overview = (run.id for run in runs)
    assert [(one.first, one.second) for one in found.pairs] == [
        (prior, poster),
        (prior, overview),
        (poster, overview),
    ]
    assert found.pair(poster, overview) == found.pairs[2]
    assert found.deterministic == (prior,)
    assert found.lone_seeds == (poster, overview)


def test_identical_runs_have_no_verdict_anywhere(artifacts, twins):
    found = compare(twins, n_draws=N_DRAWS)
    (one,) = found.pairs
    tests = [*one.metrics.values(), *(test for by in one.genres.values() for test in by.values())]
    assert len(tests) > len(METRICS)
    for test in tests:
        assert test.value in (0, None)
        assert not test.is_significant
        assert test.n_different == 0
        assert test.p_value in (1, None)
        assert test.interval in ((0, 0), None)
    assert one.equivalence.is_shown
    assert {one.metrics[name].interval for name in ("map", "bce")} == {(0.0, 0.0)}


@pytest.mark.thorough
def test_three_seeds_of_both_recipes_decide_the_headline(artifacts, add_run):
    posters = [add_run("poster_cnn", seed) for seed in range(3)]
    overviews = [add_run("overview_lstm", seed) for seed in range(4)]
    pair = [posters[0], overviews[2]]
    alone = compare(pair, n_draws=N_DRAWS)
    assert alone.pairs[0].recipes is None
    assert alone.lone_seeds == tuple(run.id for run in pair)
    found = compare(pair, others=list_runs(artifacts), n_draws=N_DRAWS)
    (one,) = found.pairs
    assert found.lone_seeds == ()
    assert one.recipes.n_seeds == (3, 4)
    assert one.recipes.runs == (
        tuple(run.id for run in posters),
        tuple(run.id for run in overviews),
    )
    for name in ("map", "bce"):
        assert one.headline[name] == one.recipes.metrics[name]
        assert one.headline[name].degrees_of_freedom is not None
    for name, test in one.metrics.items():  # of the two runs, whose headline has no verdict now
        before = alone.pairs[0].metrics[name]
        assert (test.value, test.interval, test.p_value) == (
            *(before.value, before.interval, before.p_value),
        )
        is_of_recipes = name in ("map", "bce", "bce_to_prior")
        assert (test.withheld == "recipes") == is_of_recipes
        assert not (is_of_recipes and test.is_significant)
    assert {test.withheld for test in one.headline.values()} == {""}
    by_seed = compare([*posters, *overviews], n_draws=40)
    values = [by_seed.values["map"][run.id] for run in posters]
    assert one.recipes.values["map"][0] == pytest.approx(np.mean(values))
    assert one.recipes.spreads["map"][0] == pytest.approx(np.std(values, ddof=1))


def test_fusion_is_compared_seed_by_seed_with_its_parents(artifacts, add_run):
    posters = [add_run("poster_cnn", seed) for seed in range(3)]
    overviews = [add_run("overview_lstm", seed) for seed in range(3)]
    fused = [add_run("fusion", parents=both) for both in zip(posters, overviews, strict=True)]
    linear = add_run("poster_features")
    runs = [linear, posters[1], fused[0]]
    found = compare(runs, others=list_runs(artifacts), n_draws=N_DRAWS)
    by_fusion = found.pair(posters[1].id, fused[0].id).recipes
    assert by_fusion.is_paired
    assert by_fusion.runs == (tuple(run.id for run in posters), tuple(run.id for run in fused))
    by_linear = found.pair(linear.id, posters[1].id).recipes
    assert by_linear.n_seeds == (1, 3)
    assert by_linear.spreads["map"][0] is None
    assert not by_linear.is_paired


def test_a_kept_comparison_is_read_and_not_made_again(artifacts, pair, monkeypatch):
    found = kept_comparison(pair)
    (path,) = files(artifacts)
    monkeypatch.setattr(kept, "compare", lambda *_, **__: pytest.fail("made again"))
    assert kept_comparison(pair) == found
    assert files(artifacts) == {path}


OLD = {  # what was kept in format 2
    "runs": ["a", "b"],
    "n_films": 90,
    "metrics": {"map": {"values": [0.2, 0.3], "difference": 0.1, "verdict": "ahead"}},
    "genres": [{"genre": "Genre 1", "support": 9, "is_withheld": True, "metrics": {}}],
    "others": [],
}


@pytest.mark.parametrize("damage", [b"{}", b"[]", b"null", b"", b'{"runs": [', b"\xff"])
def test_a_damaged_comparison_is_made_again(artifacts, pair, damage):
    found = kept_comparison(pair)
    (path,) = files(artifacts)
    whole = path.read_bytes()
    path.write_bytes(damage)
    assert kept_comparison(pair) == found
    assert path.read_bytes() == whole


def test_a_comparison_in_an_older_format_is_made_again(artifacts, pair):
    found = kept_comparison(pair)
    (path,) = files(artifacts)
    whole = read_sealed(path)
    value = whole["value"]
    for old in (OLD, {**value, "pairs": OLD["genres"]}, {**value, "chance": [1]}):
        write_sealed(path, {**whole, "value": old})
        assert kept_comparison(pair) == found
        assert read_sealed(path) == whole


def test_a_comparison_with_altered_numbers_is_made_again(artifacts, pair, caplog):
    found = kept_comparison(pair)
    (path,) = files(artifacts)
    whole = path.read_text()
    altered = whole.replace('"n_draws": 1000', '"n_draws": 9000')
    assert altered != whole
    path.write_text(altered)
    assert kept_comparison(pair) == found
    assert path.read_text() == whole
    assert "does not match and is made again: its checksum" in caplog.text


def test_another_format_is_kept_elsewhere(artifacts, pair, monkeypatch):
    kept_comparison(pair)
    monkeypatch.setattr(kept, "FORMAT", kept.FORMAT - 1)
    kept_comparison(pair)
    assert len(files(artifacts)) == 2


def test_more_seeds_are_another_comparison(artifacts, pair, add_run):
    """Also before there are enough: what is said of lone seeds may change."""

    def look():
        return kept_comparison(pair, others=list_runs(artifacts))

    first = look()
    n_files = [len(files(artifacts))]
    for seed in (1, 2, 3):
        for model in NETWORKS:
            add_run(model, seed)
        found = look()
        n_files.append(len(files(artifacts)))
    assert n_files == [1, 1, 2, 3]
    assert first.pairs[0].recipes is None
    assert found.pairs[0].recipes.n_seeds == (4, 4)
    assert look() == found


@pytest.mark.parametrize("damage", [b"{}", b"[]", b"", b'{"runs": []}', b"[[1]]"])
def test_a_damaged_oracle_is_made_again(artifacts, pair, damage):
    found = kept_oracle(*pair, None)
    (path,) = files(artifacts)
    path.write_bytes(damage)
    again = kept_oracle(*pair, None)
    assert json.loads(json.dumps(again)) == json.loads(json.dumps(found))


def test_pages_open_with_what_was_prepared(artifacts, dataset, pair, add_run, monkeypatch):
    linear = add_run("poster_features")
    prepare(artifacts, dataset.fingerprint)
    monkeypatch.setattr(kept, "compare", lambda *_, **__: pytest.fail("made again"))
    monkeypatch.setattr(kept, "with_oracle", lambda *_, **__: pytest.fail("made again"))
    others = list_runs(artifacts)
    kept_comparison(pair, others=others)
    kept_comparison([linear, pair[0]], others=others)
    kept_oracle(*pair, None)


def test_every_verdict_has_its_words(artifacts, pair, add_run):
    found = compare([*pair, add_run("prior")])  # draws enough for verdicts on genres
    tests = [
        test
        for one in found.pairs
        for by in ({"metrics": one.metrics} | one.genres).values()
        for test in by.values()
    ]
    words = {verdict_text(test) for test in tests}
    assert {"ahead", "behind", REASONS["few_predicted"], REASONS["few_different"]} <= words
    assert words <= {*VERDICTS.values(), *REASONS.values()}
