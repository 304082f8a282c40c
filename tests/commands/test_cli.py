"""The command line on a trained sample: what scripts and people rely on."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from genre_core.artifacts import Artifacts
from genre_core.catalogue import MODELS
from genre_core.commands.main import cli
from genre_core.comparison.compare import compare
from genre_core.errors import RunError
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.paired import LEAST_SUPPORT
from genre_core.runs.folder import delete_run, find_run, list_runs
from genre_core.runs.scores import split_scores, threshold_of
from genre_core.training import train

METRIC_NAMES = {metric.name for metric in METRICS}
VERDICTS = {"ahead", "behind", "no_difference", "withheld"}
NAMES_THAT_SCRIPTS_USE = {
    *("bce", "bce_to_prior", "map", "lrap", "f1_micro", "f1_macro"),
    *("precision_micro", "recall_micro", "top1_hit", "top3_hit"),
}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def answer(*arguments: object):
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_runs_lists_every_run_with_its_state(trained):
    listed = answer("runs", "--artifacts", trained.artifacts)
    assert {run["model"] for run in listed} == {entry.name for entry in MODELS}
    for run in listed:
        assert {"id", "model", "recipe", "seed", "dataset", "state", "created"} <= set(run)
        assert run["state"] == "finished"
        assert run["dataset"] == trained.dataset.fingerprint
    assert "finished" in call("runs", "--artifacts", trained.artifacts).stdout


@pytest.mark.parametrize("name", [entry.name for entry in MODELS])
def test_show_prints_metrics_genres_and_films(name, trained):
    shown = answer("show", trained.runs[name].id, "--artifacts", trained.artifacts)
    assert set(shown["metrics"]) == METRIC_NAMES
    assert NAMES_THAT_SCRIPTS_USE <= METRIC_NAMES
    assert shown["split"] == "test"
    assert shown["n_films"] == len(trained.dataset.rows("test"))
    assert [row["genre"] for row in shown["genres"]] == list(trained.dataset.genres)
    assert shown["metrics"] == trained.runs[name].metrics()["splits"]["test"]["metrics"]


def test_the_genre_frequencies_are_as_good_as_themselves(trained):
    for split in ("train", "validation", "test"):
        shown = answer(
            "show", trained.runs["prior"].id, "--on", split, "--artifacts", trained.artifacts
        )
        assert shown["metrics"]["bce_to_prior"] == pytest.approx(1, abs=1e-6)


def test_a_threshold_fitted_on_validation_is_applied_to_test(trained):
    run = trained.runs["overview_tfidf"]
    arguments = ("show", run.id, "--artifacts", trained.artifacts)
    fitted = answer(*arguments, "--threshold", "tuned")
    assert fitted["threshold"] == threshold_of(run, "tuned")
    assert fitted["metrics"]["f1_micro"] != answer(*arguments)["metrics"]["f1_micro"]
    assert call(*arguments, "--threshold", "1.5").exit_code != 0


def test_compare_prints_second_minus_first_with_interval_and_p(trained):
    first, second = trained.runs["prior"], trained.runs["overview_lstm"]
    arguments = (first.id, second.id, "--artifacts", trained.artifacts, "--threshold", 0.5)
    compared = answer("compare", *arguments, "--draws", 500)
    assert compared["n_films"] == len(trained.dataset.rows("test"))
    (pair,) = compared["pairs"]
    assert (pair["first"], pair["second"]) == (first.id, second.id)
    assert set(pair["metrics"]) == METRIC_NAMES
    for name, found in pair["metrics"].items():
        shown = [run.metrics()["splits"]["test"]["metrics"][name] for run in (first, second)]
        values = [compared["values"][name][run.id] for run in (first, second)]
        assert values == pytest.approx(shown)
        assert found["value"] == pytest.approx(shown[1] - shown[0])
        if found["withheld"] == "few_predicted":  # the base rates never predict most genres
            assert name == "precision_macro"
            assert found["interval"] is found["p_value"] is None
            continue
        low, high = found["interval"]
        assert (found["p_value"] < 0.05) == (low > 0 or high < 0)
        assert found["p_corrected"] >= found["p_value"]
    printed = call("compare", *arguments, "--draws", 200).stdout
    assert "95% interval" in printed
    assert "p Holm" in printed


def test_compare_judges_every_metric_and_genre(trained):
    first, second = (trained.runs[name] for name in ("prior", "overview_tfidf"))
    arguments = ("compare", first.id, second.id, "--artifacts", trained.artifacts, "--draws", 300)
    told = answer(*arguments)
    assert told["threshold"] == "tuned"
    (pair,) = told["pairs"]
    bce = pair["metrics"]["bce"]
    assert bce["verdict"] == "ahead"
    assert 0 < max(bce["p_values"]) == bce["p_value"] <= bce["p_corrected"] < 0.05
    assert bce["n_different"] == told["n_films"]
    assert 0 < bce["detectable"] < abs(bce["value"])
    assert {test["verdict"] for test in pair["metrics"].values()} <= VERDICTS
    rows = {
        row["genre"]: row
        for row in second.metrics()["splits"]["test"]["genres"]
        if row["in_macro"] and row["support"]
    }
    assert [row["genre"] for row in told["genres"]] == list(rows) == list(pair["genres"]["ap"])
    for row in told["genres"]:
        test = pair["genres"]["ap"][row["genre"]]
        assert row["support"] == rows[row["genre"]]["support"]
        assert row["values"]["ap"][second.id] == pytest.approx(rows[row["genre"]]["ap"])
        assert (test["interval"] is None) == (row["support"] < LEAST_SUPPORT)
        assert 0 < test["p_value"] <= test["p_corrected"] <= 1
        assert test["verdict"] in VERDICTS
    printed = call(*arguments)
    assert "AP by genre; no interval below 30 films" in " ".join(printed.stdout.split())


def test_every_run_is_compared_with_every_other_one(trained):
    names = ("prior", "poster_cnn", "overview_lstm")
    ids = [trained.runs[name].id for name in names]
    compared = answer("compare", *ids, "--artifacts", trained.artifacts, "--draws", 200)
    assert compared["runs"] == ids
    pairs = [[pair["first"], pair["second"]] for pair in compared["pairs"]]
    assert pairs == [ids[:2], [ids[0], ids[2]], ids[1:]]
    assert compared["deterministic"] == ids[:1]
    assert compared["lone_seeds"] == ids[1:]


def test_a_run_is_not_compared_with_itself(trained):
    run = trained.runs["prior"].id
    result = call("compare", run, run, "--artifacts", trained.artifacts)
    assert result.exit_code == 1
    assert "two or more different runs" in result.output


def test_a_run_may_be_shortened_to_an_unambiguous_start(trained):
    assert find_run(trained.artifacts, "prior").id == trained.runs["prior"].id
    with pytest.raises(RunError, match="Several runs start with 'overview'"):
        find_run(trained.artifacts, "overview")


def test_one_damaged_run_does_not_hide_the_others(trained, tmp_path: Path):
    copy = Artifacts(tmp_path / "artifacts")
    shutil.copytree(trained.artifacts, copy)
    (copy.runs / "odd").mkdir()
    (copy.runs / "odd" / "config.json").write_text('{"format": "[/x]"}')
    listed = call("runs", "--artifacts", copy)
    assert listed.exit_code == 0
    assert "damaged" in listed.stdout
    states = [run["state"] for run in answer("runs", "--artifacts", copy)]
    assert sorted(states) == ["damaged", *["finished"] * len(MODELS)]


def test_a_run_is_not_taken_up_for_another_model(trained):
    run = trained.runs["prior"].id
    result = call("train", "poster_cnn", "--resume", run, "--artifacts", trained.artifacts)
    assert result.exit_code == 1
    assert "is a run of prior" in result.output


@pytest.mark.parametrize("seed", ["-1", str(2**32), "x"])
def test_a_seed_that_no_generator_takes_is_refused(seed, tmp_path):
    result = call("train", "prior", "--seed", seed, "--artifacts", tmp_path / "artifacts")
    assert result.exit_code == 2
    assert not (tmp_path / "artifacts").exists()


def test_a_baseline_takes_any_known_recipe_and_no_unknown_one(tmp_path):
    result = call("train", "prior", "--recipe", "qick", "--artifacts", tmp_path / "artifacts")
    assert result.exit_code == 1
    assert "No model has a recipe 'qick'" in result.output


def test_top_prints_the_highest_scores_of_a_film(trained):
    run = trained.runs["poster_cnn"]
    film = trained.dataset.films.ids[7]
    arguments = ("top", run.id, "--film", film, "-k", 4, "--artifacts", trained.artifacts)
    shown = answer(*arguments)
    scores = np.array(run.scores())[7]
    assert [place["genre"] for place in shown["top"]] == [
        run.genres[column] for column in np.argsort(-scores, kind="stable")[:4]
    ]
    assert shown["split"] == trained.dataset.split[7]
    assert film in call(*arguments).stdout


def test_top_of_an_unknown_film_suggests_the_nearest(trained):
    film = trained.dataset.films.ids[0]
    run = trained.runs["prior"].id
    result = call("top", run, "--film", film + "x", "--artifacts", trained.artifacts)
    assert result.exit_code == 1
    assert "Did you mean" in result.output


def test_a_threshold_for_each_genre_is_fitted_on_validation(trained):
    run = trained.runs["overview_tfidf"]
    arguments = ("show", run.id, "--artifacts", trained.artifacts, "--threshold", "tuned-per-genre")
    limits = answer(*arguments)["threshold"]
    assert limits == threshold_of(run, "tuned_per_genre").tolist()
    assert len(limits) == len(run.genres)
    assert "one per genre" in call(*arguments).stdout
    kept = trained.artifacts.thresholds / f"{run.id}.json"
    assert "cross_fitted" in json.loads(kept.read_text())["value"]


def test_fusion_of_parents_that_cannot_be_fused_leaves_no_run(trained, context):
    before = len(list_runs(trained.artifacts))
    parent = trained.runs["prior"].id
    for parents in ((parent,), (parent, parent)):
        request = train.TrainingRequest("fusion", "default", seed=9, parents=parents)
        with pytest.raises(RunError, match="2 different parent runs"):
            train.start(request, trained.dataset, context)
    assert len(list_runs(trained.artifacts)) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prior", "--option", "loss=focal"], "None of the requested models has the option"),
        (["prior", "--parents", "prior"], "None of the requested models uses"),
        (["--resume", "prior-", "--epochs", "4"], "is resumed with its own options"),
    ],
)
def test_what_no_model_asked_for_has_is_refused(words, message, trained):
    result = call("train", *words, "--data", trained.folder, "--artifacts", trained.artifacts)
    assert result.exit_code != 0
    assert message in result.output


def test_a_damaged_file_of_thresholds_is_made_again(trained):
    run = trained.runs["overview_tfidf"]
    path = trained.artifacts.thresholds / f"{run.id}.json"
    threshold_of(run, "tuned")
    path.write_text("[]")
    assert 0 < threshold_of(run, "tuned") < 1


def test_what_score_leaves_out_is_said(trained, tmp_path: Path):
    folder, out = tmp_path / "films", tmp_path / "scores.csv"
    shutil.copytree(trained.folder, folder)
    next(iter(sorted((folder / "Images").iterdir()))).unlink()
    run = trained.runs["prior"].id
    result = call("score", run, "--data", folder, "--out", out, "--artifacts", trained.artifacts)
    assert "1 left out: no poster" in result.output
    assert len(out.read_text().splitlines()) == len(trained.dataset.films)


def test_fusion_names_its_parents_and_they_are_not_deleted(trained):
    run = trained.runs["fusion"]
    assert set(run.parents) == {trained.runs[name].id for name in ("poster_cnn", "overview_lstm")}
    with pytest.raises(RunError, match="is a parent of"):
        delete_run(trained.artifacts, trained.runs["poster_cnn"].id)


def test_fusion_is_taken_from_the_parents_that_are_named(trained, context):
    parents = (trained.runs["overview_tfidf"].id, trained.runs["overview_lstm"].id)
    request = train.TrainingRequest("fusion", "default", seed=7, parents=parents)
    run = train.start(request, trained.dataset, context)
    assert run.parents == parents
    assert train.resume_or_start(request, trained.dataset, context).id == run.id
    delete_run(trained.artifacts, run.id)


def test_fusion_of_all_builds_on_the_networks_of_the_same_call(trained, context):
    """Also where newer ones were trained in between, or a second make app would fuse anew."""
    newer = train.start(
        train.TrainingRequest("overview_lstm", "improved", seed=2, epochs=1),
        trained.dataset,
        context,
    )
    names = ("poster_cnn", "overview_lstm", "fusion")
    requests = [train.TrainingRequest(n, trained.runs[n].config["recipe"], seed=1) for n in names]
    done = train.train_all(requests, trained.dataset, context, is_resuming=True)
    assert [run.id for run in done] == [trained.runs[name].id for name in names]
    delete_run(trained.artifacts, newer.id)


@pytest.mark.parametrize("name", ["poster_cnn", "overview_lstm", "overview_tfidf"])
def test_scoring_the_same_films_again_gives_the_scores_of_the_run(name, trained, tmp_path: Path):
    run, out = trained.runs[name], tmp_path / "scores.csv"
    arguments = ("--data", trained.folder, "--out", out, "--artifacts", trained.artifacts)
    scored = answer("score", run.id, *arguments)
    assert scored["n_films"] == len(trained.dataset.films)
    assert scored["n_seen_in_training"] == len(trained.dataset.rows("train"))
    assert set(scored["metrics"]) == METRIC_NAMES
    with out.open() as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["Id", *run.genres]
    written = np.array([line[1:] for line in lines[1:]], dtype=float)
    np.testing.assert_allclose(written, run.scores(), atol=2e-6)


def test_fusion_scores_new_films_through_its_parents(trained, tmp_path: Path):
    run, out = trained.runs["fusion"], tmp_path / "scores.csv"
    answer(
        "score", run.id, "--data", trained.folder, "--out", out, "--artifacts", trained.artifacts
    )
    with out.open() as file:
        written = np.array([line[1:] for line in list(csv.reader(file))[1:]], dtype=float)
    # Those of the validation films are cross-fitted in the run, so they differ.
    rows = trained.dataset.rows("test")
    np.testing.assert_allclose(written[rows], run.scores()[rows], atol=1e-5)


def test_films_without_labels_get_scores_and_no_metrics(trained, tmp_path: Path):
    folder = tmp_path / "unlabelled"
    (folder / "Images").mkdir(parents=True)
    ids = trained.dataset.films.ids[:3]
    lines = ["Id,Overview", *(f"{film},A quiet town waits." for film in ids)]
    (folder / "films.csv").write_text("\n".join(lines))
    for film in ids:
        name = f"{film}.jpg"
        (folder / "Images" / name).write_bytes((trained.folder / "Images" / name).read_bytes())
    out = tmp_path / "scores.csv"
    run = trained.runs["overview_tfidf"].id
    arguments = ("score", run, "--data", folder, "--out", out, "--artifacts", trained.artifacts)
    scored = answer(*arguments)
    assert scored["metrics"] is None
    out.unlink()
    assert "do not have labels" in call(*arguments).stderr
    assert scored["n_films"] == 3
    assert len(out.read_text().splitlines()) == 4


def test_inspect_reports_every_row_and_poster(trained):
    report = answer("inspect", trained.folder, "--artifacts", trained.artifacts)
    assert report["generated"] is True
    for kind in ("rows", "posters"):
        tally = report[kind]
        assert tally["read"] == tally["used"] + sum(tally["left_out"].values())
    assert sum(report["splits"].values()) == report["rows"]["used"]
    table = call("inspect", trained.folder, "--artifacts", trained.artifacts).stdout
    assert "rows: 600 read, 600 used" in table


def test_figures_of_train_and_validation_are_without_dropout(trained):
    """They come from the saved scores, so they can be made again from them."""
    for name in ("poster_cnn", "overview_lstm"):
        run = trained.runs[name]
        on = split_scores(run, "train")
        clipped = np.clip(on.y_score.astype(float), 1e-7, 1 - 1e-7)
        bce = -np.mean(np.where(on.y_true, np.log(clipped), np.log1p(-clipped)))
        shown = run.metrics()["splits"]["train"]["metrics"]["bce"]
        assert shown == pytest.approx(bce, rel=1e-6)


def test_identical_scores_differ_by_nothing(trained, tmp_path: Path):
    copy = Artifacts(tmp_path / "artifacts")
    shutil.copytree(trained.artifacts, copy)
    run = trained.runs["prior"]
    shutil.copytree(run.folder, copy.runs / "twin")
    pair = [find_run(copy, run.id), find_run(copy, "twin")]
    (found,) = compare(pair, n_draws=200).pairs
    for test in found.metrics.values():
        assert test.value == 0
        assert test.interval in ((0, 0), None)
        assert test.p_value in (1, None)
        assert not test.is_significant
    assert found.metrics["map"].interval == found.metrics["bce"].interval == (0, 0)


def test_missing_trains_only_what_is_not_there(trained, context):
    request = train.TrainingRequest("prior", "default", seed=1)
    assert train.resume_or_start(request, trained.dataset, context).id == trained.runs["prior"].id


def test_scores_are_not_written_among_the_films(trained, tmp_path: Path):
    folder = tmp_path / "films"
    shutil.copytree(trained.folder, folder)
    table = next(folder.glob("*.csv"))
    before = table.read_bytes()
    for out in (table, folder / "scores.csv"):
        result = CliRunner().invoke(
            cli,
            [
                *("score", trained.runs["prior"].id, "--data", str(folder), "--out", str(out)),
                *("--artifacts", str(trained.artifacts)),
            ],
        )
        assert result.exit_code == 1
        assert "where nothing is written" in " ".join(result.stderr.split())
    assert table.read_bytes() == before
    assert not (folder / "scores.csv").exists()
