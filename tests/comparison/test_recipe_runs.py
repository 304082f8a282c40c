"""Which runs are seeds of one recipe, and which recipes can be compared."""

from dataclasses import replace

import pytest
from edit_json import edit_json

from genre_core.comparison.compare import recipes_of
from genre_core.comparison.recipes import (
    comparable,
    is_cut_short,
    is_deterministic,
    lone_seeds,
    recipe_of,
    seeds_by_recipe,
)
from genre_core.runs.content import MARKER
from genre_core.runs.folder import list_runs


@pytest.fixture
def seeds(add_run):
    """Three seeds of both networks, in the order of the seeds."""
    return {
        model: [add_run(model, seed) for seed in range(3)]
        for model in ("poster_cnn", "overview_lstm")
    }


def cut_short(run):
    edit_json(run.folder / MARKER, epochs_done=1)
    return run


def ids(runs):
    return [run.id for run in runs]


def groups(artifacts):
    return sorted(ids(found) for found in seeds_by_recipe(list_runs(artifacts)).values())


def test_seeds_of_a_recipe_stand_in_the_order_of_their_seeds(artifacts, add_run, seeds):
    assert groups(artifacts) == sorted(map(ids, seeds.values()))


@pytest.mark.parametrize(
    "facts",
    [
        {"recipe": "improved"},
        {"changed": {"loss": "focal"}},
        {"epochs": 4},
        {"dataset": "fedcba9876543210"},
    ],
)
def test_a_run_with_another_setting_is_no_seed_of_the_recipe(artifacts, add_run, facts):
    runs = [add_run("poster_cnn", seed) for seed in range(3)]
    other = add_run("poster_cnn", 3, **facts)
    assert groups(artifacts) == sorted([ids(runs), [other.id]])


def test_of_a_seed_that_was_trained_twice_the_newest_counts(artifacts, add_run):
    old, new = add_run("poster_cnn", 0), add_run("poster_cnn", 0)
    assert [run.id for run in list_runs(artifacts)] == [new.id, old.id]
    assert groups(artifacts) == [[new.id]]


def test_runs_cut_short_are_left_out(artifacts, add_run, seeds):
    cut = cut_short(add_run("poster_cnn", 3))
    assert is_cut_short(cut)
    assert not any(map(is_cut_short, seeds["poster_cnn"]))
    assert groups(artifacts) == sorted(map(ids, seeds.values()))
    runs = list_runs(artifacts)
    assert comparable(cut, seeds["overview_lstm"][0], runs) is None
    assert lone_seeds([cut, seeds["overview_lstm"][0]], runs) == (cut.id,)
    cut_short(seeds["poster_cnn"][0])
    pair = seeds["poster_cnn"][1], seeds["overview_lstm"][0]
    assert comparable(*pair, list_runs(artifacts)) is None
    assert lone_seeds(pair, list_runs(artifacts)) == (pair[0].id,)


def test_a_run_stands_for_its_seed_also_where_that_was_trained_again(artifacts, seeds, add_run):
    old, other = seeds["poster_cnn"][0], seeds["overview_lstm"][0]
    new = add_run("poster_cnn", 0)
    runs = list_runs(artifacts)
    for run in (old, new):
        found = comparable(run, other, runs)
        assert ids(found.first) == [run.id, *ids(seeds["poster_cnn"][1:])]
        assert lone_seeds([run, other], runs) == ()
    found = comparable(seeds["poster_cnn"][1], other, runs)
    assert ids(found.first) == [new.id, *ids(seeds["poster_cnn"][1:])]


def test_two_recipes_with_three_seeds_each_are_comparable(artifacts, seeds):
    runs = list_runs(artifacts)
    found = comparable(seeds["overview_lstm"][1], seeds["poster_cnn"][2], runs)
    assert ids(found.first) == ids(seeds["overview_lstm"])
    assert ids(found.second) == ids(seeds["poster_cnn"])
    assert not found.is_paired
    assert lone_seeds(runs, runs) == ()
    without = [run for run in runs if run != seeds["poster_cnn"][0]]
    assert comparable(seeds["overview_lstm"][1], seeds["poster_cnn"][2], without) is None


def test_two_seeds_of_one_recipe_are_not_two_recipes(artifacts, seeds):
    assert comparable(*seeds["poster_cnn"][:2], list_runs(artifacts)) is None


def test_a_deterministic_baseline_needs_no_seeds(artifacts, add_run, seeds):
    linear, text, prior = map(add_run, ("poster_features", "overview_tfidf", "prior"))
    assert all(map(is_deterministic, (linear, text, prior)))
    assert not any(map(is_deterministic, seeds["poster_cnn"]))
    runs = list_runs(artifacts)
    found = comparable(linear, seeds["poster_cnn"][0], runs)
    assert ids(found.first) == [linear.id]
    assert ids(found.second) == ids(seeds["poster_cnn"])
    assert not found.is_paired
    assert comparable(linear, text, runs) is None
    assert lone_seeds([linear, text, prior], runs) == ()


def test_one_lone_seed_leaves_no_comparison_of_recipes(artifacts, add_run):
    linear, network = add_run("poster_features"), add_run("poster_cnn")
    runs = list_runs(artifacts)
    assert comparable(linear, network, runs) is None
    assert lone_seeds([linear, network], runs) == (network.id,)


def fusions(add_run, seeds, pairs):
    """A fusion of each pair of seeds of both networks; fusion has no seed of its own."""
    return [
        add_run("fusion", parents=(seeds["poster_cnn"][one], seeds["overview_lstm"][other]))
        for one, other in pairs
    ]


@pytest.mark.parametrize("is_fusion_first", [False, True])
@pytest.mark.parametrize("parent", ["poster_cnn", "overview_lstm"])
def test_fusion_is_paired_with_its_parents_seed_by_seed(
    artifacts, add_run, seeds, parent, is_fusion_first
):
    made = fusions(add_run, seeds, [(2, 2), (0, 0), (1, 1)])
    in_order = [made[1].id, made[2].id, made[0].id]
    pair = (made[0], seeds[parent][1])
    found = comparable(*(pair if is_fusion_first else pair[::-1]), list_runs(artifacts))
    assert found.is_paired
    fused, parents = (found.first, found.second)[:: 1 if is_fusion_first else -1]
    assert ids(fused) == in_order
    assert ids(parents) == ids(seeds[parent])


def test_fusions_of_one_parent_are_one_seed(artifacts, add_run, seeds):
    """They share the luck of that parent."""
    made = fusions(add_run, seeds, [(0, 0), (0, 1), (0, 2)])
    runs = list_runs(artifacts)
    assert [made[2].id] in groups(artifacts)
    for parent in ("poster_cnn", "overview_lstm"):
        assert comparable(seeds[parent][0], made[0], runs) is None
    assert lone_seeds([made[0]], runs) == (made[0].id,)
    more = fusions(add_run, seeds, [(1, 1), (2, 0)])  # with the first of one parent three in all
    found = comparable(seeds["poster_cnn"][0], made[2], list_runs(artifacts))
    assert found.is_paired
    assert ids(found.second) == [made[2].id, *ids(more)]


def test_fusions_of_other_recipes_are_other_recipes(artifacts, add_run, seeds):
    weak = [add_run("poster_cnn", seed, recipe="improved") for seed in range(3)]
    both = seeds["overview_lstm"]
    one = [add_run("fusion", parents=pair) for pair in zip(seeds["poster_cnn"], both, strict=True)]
    other = [add_run("fusion", parents=pair) for pair in zip(weak, both, strict=True)]
    by_id = {run.id: run for run in list_runs(artifacts)}
    assert len({recipe_of(run, by_id) for run in one}) == 1
    assert recipe_of(one[0], by_id) != recipe_of(other[0], by_id)
    found = comparable(one[0], other[0], list_runs(artifacts))
    assert (ids(found.first), ids(found.second)) == (ids(one), ids(other))
    gone = replace(one[0], config={**one[0].config, "parents": ["gone", both[0].id]})
    assert recipe_of(gone, by_id) not in {recipe_of(run, by_id) for run in one}


def test_every_pair_of_runs_has_its_recipes(artifacts, add_run, seeds):
    runs = [add_run("poster_features"), seeds["poster_cnn"][0], seeds["overview_lstm"][0]]
    found = recipes_of(runs, list_runs(artifacts))
    assert list(found) == [
        (runs[0].id, runs[1].id),
        (runs[0].id, runs[2].id),
        (runs[1].id, runs[2].id),
    ]
    assert [len(one.first) for one in found.values()] == [1, 1, 3]
