import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import numpy as np
import pytest
from edit_json import edit_json

from genre_core.artifacts import Artifacts
from genre_core.errors import RunError
from genre_core.jobs.lock import training_lock
from genre_core.runs import folder as run_folder
from genre_core.runs.folder import delete_run, find_run, list_runs
from genre_core.runs.metrics import ScoredFilms
from genre_core.runs.writer import RunWriter

CONFIG = {
    "label": "Poster network",
    "modality": "poster",
    "kind": "network",
    "in_epochs": True,
    "model": "poster_cnn",
    "recipe": "reference",
    "seed": 3,
    "dataset": "0123456789abcdef",
    "genres": ["Action", "Comedy"],
    "options": {},
    "prior": [0.5, 0.1],
    "train_support": [10, 2],
}
WEIGHTS = "weights.npz"
SCORES = np.array([[0.1, 0.9], [0.25, 0.5], [1.0, 0.0]], np.float32)
LABELS = np.array([[0, 1], [1, 0], [1, 1]], np.uint8)
FILMS = ScoredFilms(("tt1", "tt2", "tt3"), ("train", "validation", "test"), LABELS, SCORES)
HOLD = """
import pathlib, sys
from genre_core.artifacts import Artifacts
from genre_core.jobs.lock import training_lock
with training_lock(Artifacts(pathlib.Path(sys.argv[1]))) as lock:
    lock.describe(run=sys.argv[2])
    print("held", flush=True)
    sys.stdin.readline()
"""


def begin(artifacts, n_epochs=2, **config):
    writer = RunWriter.create(Artifacts(artifacts), {**CONFIG, **config})
    history = []
    for epoch in range(1, n_epochs + 1):
        history.append({"epoch": epoch, "loss": 1 / epoch})
        writer.keep(history, {"weights": np.full(5, epoch, np.float32)})
    return writer


def finish(artifacts, **config):
    writer = begin(artifacts, **config)
    (writer.folder / WEIGHTS).write_bytes(bytes(100))
    writer.finish(FILMS, kept_epoch=2)
    return writer.folder


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_finished_run_gives_back_what_was_saved(tmp_path):
    folder = finish(tmp_path)
    run = find_run(Artifacts(tmp_path), folder.name)
    assert run.state == "finished"
    assert run.id.startswith("poster_cnn-reference-s3-")
    assert run.genres == ("Action", "Comedy")
    assert run.film_ids() == ("tt1", "tt2", "tt3")
    assert run.metrics()["splits"]["test"]["n_films"] == 1
    assert run.films().splits == FILMS.splits
    np.testing.assert_array_equal(run.films().y_true, LABELS)
    assert run.marker()["kept_epoch"] == 2
    assert [row["epoch"] for row in run.history()] == [1, 2]
    np.testing.assert_array_equal(run.scores(), SCORES)
    assert run.scores().dtype == np.float32
    assert not (folder / run_folder.CHECKPOINT).exists()


def test_runs_of_the_same_second_have_names_of_their_own(tmp_path):
    assert len({finish(tmp_path).name for _ in range(4)}) == 4


def test_a_run_that_could_not_be_begun_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="No space left"):
            RunWriter.create(Artifacts(tmp_path), CONFIG)
    assert list((tmp_path / "runs").iterdir()) == []
    killed = tmp_path / "runs" / ".begun-by-one-that-was-killed"
    killed.mkdir()
    os.utime(killed, (0, 0))
    run = RunWriter.create(Artifacts(tmp_path), CONFIG)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [run.id]


def test_runs_are_listed_newest_first(tmp_path):
    folders = [finish(tmp_path) for _ in range(3)]
    for year, folder in enumerate(folders):
        edit_json(folder / run_folder.CONFIG, created=f"200{year}-01-01", order=None)
    assert [run.id for run in list_runs(Artifacts(tmp_path))] == [
        folder.name for folder in folders[::-1]
    ]
    assert list_runs(Artifacts(tmp_path / "nowhere")) == []


def empty(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def link_history(folder):
    (folder / run_folder.HISTORY).unlink()
    (folder / run_folder.HISTORY).symlink_to("/etc/passwd")


def add_file_to_marker(folder, name):
    marker = json.loads((folder / run_folder.MARKER).read_text())
    edit_json(folder / run_folder.MARKER, files={**marker["files"], name: "0" * 64})


def overwrite(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def alter(name, part):
    """Change the digit at the end of a part of a file."""
    other = part[:-1] + b"9"
    return lambda folder: (folder / name).write_bytes(
        (folder / name).read_bytes().replace(part, other)
    )


def as_folder(name):
    def replace(folder):
        (folder / name).unlink()
        (folder / name).mkdir()

    return replace


def edit(name, **values):
    return lambda folder: edit_json(folder / name, **values)


# What is done to the folder of a finished run, and how its problem is told.
HARMS = {
    "empty folder": (empty, r"config.json cannot be read .*No such file"),
    "no config": (lambda run: (run / run_folder.CONFIG).unlink(), r"config.json cannot be read"),
    "half a config": (overwrite(run_folder.CONFIG, b'{"mod'), r"config.json cannot be read"),
    "empty config": (overwrite(run_folder.CONFIG, b""), r"config.json cannot be read"),
    "config of bytes": (overwrite(run_folder.CONFIG, b"\xff\x00"), r"config.json cannot be read"),
    "config that is a list": (overwrite(run_folder.CONFIG, b"[1]"), r"not a JSON object"),
    "config of another format": (edit(run_folder.CONFIG, format=99), r"format 99, expected 2 or 1"),
    "config with odd names": (edit(run_folder.CONFIG, dataset=["x"]), r"'dataset' is \['x'\]"),
    "config without genres": (edit(run_folder.CONFIG, genres=None), r"'genres' is None"),
    "changed config": (edit(run_folder.CONFIG, seed=4), r"config.json was changed after"),
    "a digit of the config": (alter(run_folder.CONFIG, b'"seed": 3'), r"checksum does not match"),
    "a digit of the marker": (alter(run_folder.MARKER, b'"format": 2'), r"checksum does not match"),
    "a config that never ends": (overwrite(run_folder.CONFIG, b"[" * 100_000), r"too deeply"),
    "a marker that never ends": (overwrite(run_folder.MARKER, b"[" * 100_000), r"too deeply"),
    "a config that is a folder": (as_folder(run_folder.CONFIG), r"not a regular file"),
    "no scores": (lambda run: (run / run_folder.SCORES).unlink(), r"scores.npy is missing"),
    "no weights": (lambda run: (run / WEIGHTS).unlink(), r"weights.npz is missing"),
    "a bit of the scores": (
        lambda run: flip_a_bit(run / run_folder.SCORES),
        r"scores.npy was changed",
    ),
    "a bit of the weights": (lambda run: flip_a_bit(run / WEIGHTS), r"weights.npz was changed"),
    "half the metrics": (overwrite(run_folder.METRICS, b"{"), r"metrics.json was changed"),
    "half a marker": (overwrite(run_folder.MARKER, b'{"files"'), r"run.json cannot be read"),
    "empty marker": (overwrite(run_folder.MARKER, b""), r"run.json cannot be read"),
    "marker that is a list": (overwrite(run_folder.MARKER, b"[]"), r"run.json cannot be read"),
    "marker of another format": (edit(run_folder.MARKER, format=99), r"format 99, expected 2"),
    "marker without files": (
        edit(run_folder.MARKER, files={}),
        r"does not name config.json",
    ),
    "marker with a list": (edit(run_folder.MARKER, files=[1]), r"run.json cannot be read"),
    "marker that leads outside": (
        lambda run: add_file_to_marker(run, "../outside"),
        r"names '../outside', which is not a file of the run",
    ),
    "marker that leads to /etc": (
        lambda run: add_file_to_marker(run, "/etc/passwd"),
        r"names '/etc/passwd', which is not a file of the run",
    ),
    "history that is a link": (link_history, r"history.jsonl is not a regular file"),
    "log that is a pipe": (
        lambda run: os.mkfifo(run / run_folder.LOG),
        r"log.txt is not a regular file",
    ),
}


@pytest.mark.parametrize(("harm", "problem"), HARMS.values(), ids=HARMS)
def test_one_bad_run_is_listed_as_damaged_and_harms_no_other(tmp_path, harm, problem):
    fine, harmed = finish(tmp_path), finish(tmp_path)
    assert {run.state for run in list_runs(Artifacts(tmp_path))} == {"finished"}
    harm(harmed)
    states = {run.id: run.state for run in list_runs(Artifacts(tmp_path))}
    assert states == {fine.name: "finished", harmed.name: "damaged"}
    run = find_run(Artifacts(tmp_path), harmed.name)
    assert re.search(problem, run.problem)
    assert run.summary()["problem"] == run.problem
    for ask in (run.scores, run.film_ids, run.metrics, run.marker):
        with pytest.raises(RunError, match=f"Run '{run.id}' is damaged: .*Remove"):
            ask()


def test_an_unfinished_run_says_how_to_go_on(tmp_path):
    folder = begin(tmp_path).folder
    run = find_run(Artifacts(tmp_path), folder.name)
    assert run.state == "unfinished"
    assert len(run.history()) == 2
    for ask in (run.scores, run.film_ids, run.metrics, run.marker):
        with pytest.raises(RunError, match=f"unfinished.*train --resume {run.id}"):
            ask()


@pytest.mark.parametrize(
    "rest", [b'{"epoch": 3, "lo', b"\xff\xfe\n", b"3\n", b"[]\n", b'\n{"epoch": 3}\n']
)
def test_a_torn_history_is_read_as_far_as_it_is_whole(tmp_path, rest):
    folder = begin(tmp_path).folder
    with (folder / run_folder.HISTORY).open("ab") as file:
        file.write(rest)
    (run,) = list_runs(Artifacts(tmp_path))
    assert [row["epoch"] for row in run.history()] == [1, 2]


def test_a_run_is_running_while_another_process_trains_it(tmp_path):
    first, second = begin(tmp_path).folder.name, begin(tmp_path).folder.name
    command = [sys.executable, "-c", HOLD, str(tmp_path), first]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"held\n"
            assert find_run(Artifacts(tmp_path), first).state == "running"
            assert find_run(Artifacts(tmp_path), second).state == "unfinished"
            with pytest.raises(RunError, match=r"is running.*Wait until it is finished\."):
                find_run(Artifacts(tmp_path), first).scores()
        finally:
            process.kill()
    assert {run.state for run in list_runs(Artifacts(tmp_path))} == {"unfinished"}


def test_a_finished_run_stays_so_while_its_process_goes_on(tmp_path):
    folder = finish(tmp_path)
    with training_lock(Artifacts(tmp_path)) as lock:
        lock.describe(run=folder.name)
        assert find_run(Artifacts(tmp_path), folder.name).state == "finished"


@pytest.mark.parametrize("name", ["../x", "..", ".", "", "/etc", "x/../../x", "a\0b"])
def test_names_that_lead_elsewhere_are_no_runs(tmp_path, name):
    folder = finish(tmp_path)
    shutil.copytree(folder, tmp_path / "x")
    with pytest.raises(RunError, match="was not found"):
        find_run(Artifacts(tmp_path), name)


def test_an_unknown_run_is_answered_with_the_nearest(tmp_path):
    known = finish(tmp_path).name
    with pytest.raises(RunError, match=rf"Did you mean '{known}'\?.*genre_core runs"):
        find_run(Artifacts(tmp_path), known.replace("reference", "preference"))


@pytest.mark.parametrize("damage", ["empty", "cut", "bit"])
def test_a_damaged_checkpoint_is_told_with_a_way_out(tmp_path, damage):
    writer = begin(tmp_path)
    history, state = writer.restore()
    assert len(history) == 2
    assert state["weights"].tolist() == [2] * 5
    path = writer.folder / run_folder.CHECKPOINT
    content = path.read_bytes()
    if damage == "bit":
        flip_a_bit(path)
    else:
        path.write_bytes(content[: len(content) // 2 if damage == "cut" else 0])
    with pytest.raises(RunError, match=r"checkpoint of run .* is damaged .*Remove '.*npz'"):
        writer.restore()


def test_the_history_follows_the_checkpoint(tmp_path):
    writer = begin(tmp_path)
    (writer.folder / run_folder.HISTORY).write_text('{"epoch": 1}\n{"epoch": 2}\n{"epoch": 3}\n')
    assert [row["epoch"] for row in writer.restore()[0]] == [1, 2]
    (run,) = list_runs(Artifacts(tmp_path))
    assert [row["epoch"] for row in run.history()] == [1, 2]
    (writer.folder / run_folder.CHECKPOINT).unlink()
    assert writer.restore() is None
    assert run.history() == []


def test_what_a_killed_write_left_is_no_part_of_a_finished_run(tmp_path):
    writer = begin(tmp_path)
    (writer.folder / ".0123.tmp").write_bytes(b"half")
    writer.finish(FILMS)
    (run,) = list_runs(Artifacts(tmp_path))
    assert run.state == "finished"
    assert ".0123.tmp" not in run.marker()["files"]
    assert not (writer.folder / ".0123.tmp").exists()


def test_a_deleted_run_is_gone_and_the_others_stay(tmp_path):
    one, two = (RunWriter.create(Artifacts(tmp_path), CONFIG).folder for _ in range(2))
    leftover = tmp_path / "runs" / ".deleted-of-a-kill"
    leftover.mkdir()
    delete_run(Artifacts(tmp_path), one.name)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [two.name]
    assert [run.id for run in list_runs(Artifacts(tmp_path))] == [two.name]
    with pytest.raises(RunError, match="nothing to delete"):
        delete_run(Artifacts(tmp_path), one.name)


def test_of_two_that_delete_a_run_one_does_and_the_other_is_told(tmp_path):
    artifacts = Artifacts(tmp_path)
    outcomes, states = Counter(), set()

    def delete(run_id, together):
        together.wait()
        try:
            delete_run(artifacts, run_id)
            outcomes["deleted"] += 1
        except RunError as error:
            outcomes["told" if "nothing to delete" in str(error) else str(error)] += 1

    def look(together):
        together.wait()
        states.update(run.state for run in list_runs(artifacts))

    for _ in range(25):
        run_id, together = RunWriter.create(artifacts, CONFIG).id, Barrier(3)
        with ThreadPoolExecutor(3) as pool:
            todo = [pool.submit(delete, run_id, together) for _ in range(2)]
            for done in [*todo, pool.submit(look, together)]:
                done.result()
    assert outcomes == {"deleted": 25, "told": 25}
    assert states <= {"unfinished"}
    assert list((tmp_path / "runs").iterdir()) == []


def test_the_newest_run_is_the_one_made_last_whatever_the_clock_says(tmp_path, monkeypatch):
    made = []
    for year in (2026, 2019, 2024):

        class Clock(datetime):
            @classmethod
            def now(cls, tz=None, year=year):
                return cls(year, 1, 1, tzinfo=tz)

        monkeypatch.setattr(run_folder, "datetime", Clock)
        made.append(RunWriter.create(Artifacts(tmp_path), CONFIG).id)
    assert [run.id for run in list_runs(Artifacts(tmp_path))] == made[::-1]


def test_a_run_that_trains_or_has_children_is_not_deleted(tmp_path):
    parent = RunWriter.create(Artifacts(tmp_path), CONFIG).folder.name
    child = RunWriter.create(Artifacts(tmp_path), {**CONFIG, "parents": [parent]}).folder.name
    with pytest.raises(RunError, match=f"parent of {child}"):
        delete_run(Artifacts(tmp_path), parent)
    with training_lock(Artifacts(tmp_path)) as lock:
        lock.describe(run=child)
        with pytest.raises(RunError, match="being trained"):
            delete_run(Artifacts(tmp_path), child)
    delete_run(Artifacts(tmp_path), child)
    delete_run(Artifacts(tmp_path), parent)
    assert list_runs(Artifacts(tmp_path)) == []


@pytest.mark.parametrize("name", ["..", "../runs", "", ".", "/etc"])
def test_only_folders_of_runs_are_deleted(tmp_path, name):
    RunWriter.create(Artifacts(tmp_path), CONFIG)
    with pytest.raises(RunError, match="nothing to delete"):
        delete_run(Artifacts(tmp_path), name)
    assert len(list_runs(Artifacts(tmp_path))) == 1


def test_the_kept_epoch_is_the_first_that_is_best_by_what_was_minimised():
    by_bce = [{"epoch": n, "val_loss": loss} for n, loss in enumerate((0.3, 0.2, 0.2, 0.4), 1)]
    assert run_folder.kept_epoch(by_bce) == 2
    other = [{**row, "val_minimised": 1 / row["epoch"]} for row in by_bce]
    assert run_folder.kept_epoch(other) == 4
    assert run_folder.kept_epoch([]) is None
