"""The ablation: which trainings, what is kept of them, and the page that tells it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from benchmarks.ablation import kept, make_missing, report, results, trials, work
from benchmarks.ablation.evidence import Evidence
from benchmarks.ablation.trials import Trial, changes, plan
from genre_core.artifacts import Artifacts
from genre_core.data.opening import open_dataset
from genre_core.errors import DataError, TrainingError
from genre_core.jobs.lock import training_lock
from genre_core.training.train import TrainingContext


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    for name in ("N_TEST", "N_OPTIONS"):
        monkeypatch.setattr(report, name, 100)


@pytest.fixture
def dataset(films_folder, tmp_path):
    return open_dataset(films_folder(90), Artifacts(tmp_path / "artifacts"))


def outcome(dataset, trial: Trial) -> kept.Outcome:
    """Scores that know something, with a noise of their own."""
    random = np.random.default_rng([len(trial.group), trial.seed])
    scores = {}
    for split in kept.SPLITS:
        labels = dataset.labels[dataset.rows(split)]
        scores[split] = (0.1 + 0.3 * labels + 0.4 * random.random(labels.shape)).astype(np.float32)
    return kept.Outcome(scores, {"seconds": 10.0, "kept_epoch": 3, "epochs_done": 4})


@pytest.fixture
def filled(dataset, tmp_path, monkeypatch):
    """The outcomes of every trial with two seeds, and one of the references."""
    monkeypatch.setattr(trials, "SEEDS", (0, 1))
    monkeypatch.setattr(trials, "FEW_SEEDS", (0, 1))
    monkeypatch.setattr(trials, "REFERENCE_SEEDS", dict.fromkeys(trials.NETWORKS, (0,)))
    folder = tmp_path / "docs" / "ablation"
    for trial in plan():
        kept.write(folder, trial, dataset, outcome(dataset, trial))
    return folder


def test_no_trial_is_planned_twice_and_fusion_comes_after_its_parents():
    names = [trial.name for trial in plan()]
    assert len(names) == len(set(names))
    for place, trial in enumerate(plan()):
        if trial.model == trials.FUSION:
            assert {parent.name for parent in trials.parents(trial)} <= set(names[:place])


def test_every_seed_of_the_improved_recipes_is_planned_and_an_option_is_one_change():
    groups = [trial.group for trial in plan()]
    for model in trials.NETWORKS:
        assert groups.count(f"{model}-improved") == 5
        for changed in changes(model):
            assert len(changed) == 1
            assert groups.count(Trial(model, "improved", changed=changed).group) == 3
    assert groups.count("poster_cnn-reference") == 3
    assert groups.count("overview_lstm-reference") == 1


def test_outcomes_are_small_and_come_back(dataset, tmp_path):
    trial = Trial("poster_cnn", "improved", 2, {"loss": "asymmetric"})
    assert kept.read(tmp_path, trial, dataset) is None
    made = outcome(dataset, trial)
    kept.write(tmp_path / "kept", trial, dataset, made)
    (path,) = (tmp_path / "kept").iterdir()
    assert path.name == "poster_cnn-improved+loss=asymmetric-s2.npz"
    found = kept.read(tmp_path / "kept", trial, dataset)
    assert found.facts["seconds"] == 10.0
    for split in kept.SPLITS:
        np.testing.assert_allclose(found.scores[split], made.scores[split], atol=5e-4)


def test_1713_films_of_25_genres_stay_below_100_kb(tmp_path, dataset):
    random = np.random.default_rng(0)
    scores = {"validation": random.random((860, 25)), "test": random.random((853, 25))}
    trial = Trial("prior", "default")
    kept.write(tmp_path, trial, dataset, kept.Outcome(scores, {"seconds": 1.0}))
    assert (tmp_path / f"{trial.name}.npz").stat().st_size < 100_000


def test_outcomes_of_other_films_and_damaged_ones_are_refused(dataset, films_folder, tmp_path):
    trial = Trial("prior", "default")
    kept.write(tmp_path, trial, dataset, outcome(dataset, trial))
    other = open_dataset(films_folder(60, "others"), Artifacts(tmp_path / "artifacts"))
    with pytest.raises(DataError, match="--out"):
        kept.read(tmp_path, trial, other)
    (tmp_path / f"{trial.name}.npz").write_bytes(b"no zip")
    with pytest.raises(DataError, match="is damaged"):
        kept.read(tmp_path, trial, dataset)


def test_the_page_tells_everything_once_all_trials_are_made(filled, dataset):
    page = results(filled, dataset)
    assert "Incomplete" not in page
    for words in (
        "`overview_lstm-improved`",
        "### Targets",
        "loss=asymmetric",
        "linear_path=off",
    ):
        assert words in page
    assert "`fusion-default`" in page
    assert "nan" not in page.casefold()
    test_part = page.split("one change at a time")[0]
    assert "loss=" not in test_part  # options are judged on validation alone


def test_a_page_of_a_broken_off_ablation_says_so(filled, dataset):
    for path in filled.glob("*asymmetric*"):
        path.unlink()
    page = results(filled, dataset)
    assert "Incomplete: 4 of" in page
    assert "loss=asymmetric" not in page
    assert "loss=weighted" in page


def test_without_any_outcome_there_is_a_page_all_the_same(tmp_path, dataset):
    assert "Incomplete" in results(tmp_path, dataset)


@pytest.fixture
def context(tmp_path):
    with training_lock(Artifacts(tmp_path / "artifacts")) as lock:
        yield TrainingContext(Artifacts(tmp_path / "artifacts"), Console(quiet=True), lock)


def test_only_what_is_missing_is_made_and_fusion_from_kept_scores(filled, dataset, context):
    there = {path: path.stat().st_mtime_ns for path in filled.iterdir()}
    missing = [filled / "fusion-default-s0.npz", filled / "prior-default-s0.npz"]
    for path in missing:
        path.unlink()
    assert make_missing(filled, dataset, context, None) == 0
    after = {path: path.stat().st_mtime_ns for path in filled.iterdir()}
    assert {path for path in after if after[path] != there[path]} == set(missing)
    prior = kept.read(filled, Trial("prior", "default"), dataset)
    np.testing.assert_allclose(prior.scores["test"][0], dataset.prior, atol=1e-3)


def test_no_training_is_begun_that_would_end_too_late(tmp_path, dataset, context, monkeypatch):
    monkeypatch.setattr(work, "_made", lambda *_: pytest.fail("nothing may be made"))
    assert make_missing(tmp_path, dataset, context, 0.0) == len(plan())


def test_an_option_stands_beside_the_same_seeds_of_the_recipe(filled, dataset):
    """Seed 0 of one option is missing, and seed 1 of the other: each has a base of its own."""
    for name in ("loss=weighted-s0", "loss=asymmetric-s1"):
        (filled / f"poster_cnn-improved+{name}.npz").unlink()
    evidence = Evidence(filled, dataset)
    base = evidence.groups["poster_cnn-improved"]
    page = report.page(evidence)
    for option, seed in (("weighted", 1), ("asymmetric", 0)):
        own = evidence.groups[f"poster_cnn-improved+loss={option}"]
        assert list(own.by_seed) == [seed]
        same = base.of([seed])
        micro = evidence.cross_fitted(own)["micro"] - evidence.cross_fitted(same)["micro"]
        line = next(line for line in page.splitlines() if line.startswith(f"- `loss={option}`"))
        assert f"Micro-F1 {report._signed(micro)}," in line


def test_a_run_that_was_closed_early_is_no_trial(filled, dataset, context, monkeypatch):
    trial = Trial("poster_cnn", "improved", 0)
    (filled / f"{trial.name}.npz").unlink()
    early, whole = (finished_run(epochs_done) for epochs_done in (4, 20))
    monkeypatch.setattr(work.train, "resume_or_start", lambda *_: early)
    monkeypatch.setattr(work.train, "start", lambda *_: whole)
    monkeypatch.setattr(work.run_scores, "film_scores", lambda run, _: run.told)
    assert make_missing(filled, dataset, context, None) == 0
    found = kept.read(filled, trial, dataset)
    assert found.facts["epochs_done"] == 20


def finished_run(epochs_done):
    """What an ablation asks of a run of the improved poster network."""
    facts = {"kept_epoch": 3, "epochs_done": epochs_done, "n_threads": 2}
    return SimpleNamespace(
        config={"epochs": 20},
        marker=lambda: {**facts, "seconds": {"training": 1.0}},
        told=np.full((90, 3), 0.5, dtype=np.float32),
    )


def test_a_trial_that_diverges_is_left_missing_and_the_others_are_made(
    filled, dataset, context, monkeypatch
):
    missing = [filled / f"{name}-s0.npz" for name in ("prior-default", "poster_features-default")]
    for path in missing:
        path.unlink()
    make = work._made

    def made(trial, *more):
        if trial.model == "prior":
            raise TrainingError("the training diverged")
        return make(trial, *more)

    monkeypatch.setattr(work, "_made", made)
    assert make_missing(filled, dataset, context, None) == 1
    assert [path.exists() for path in missing] == [False, True]
