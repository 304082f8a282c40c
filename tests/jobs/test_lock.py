import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError
from genre_core.jobs import lock
from genre_core.jobs.lock import PATIENCE, RECORD, holder, last_record, take, training_lock

# Waits for a line, tries to take the lock, says how that went, and holds it until the next line.
RACER = """
import pathlib, sys
from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError
from genre_core.jobs.lock import training_lock
print("ready", flush=True)
sys.stdin.readline()
try:
    with training_lock(Artifacts(pathlib.Path(sys.argv[1]))) as lock:
        lock.describe(run=sys.argv[2])
        print("won", flush=True)
        sys.stdin.readline()
except BusyError as error:
    print(error, flush=True)
"""


@contextlib.contextmanager
def racers(artifacts, n_racers):
    """Processes that are all ready to take the lock."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(artifacts), f"run-{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(n_racers)
    ]
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.mark.thorough
def test_of_sixteen_processes_one_wins(tmp_path):
    with racers(tmp_path, 16) as processes:
        for process in processes:
            go(process)
        answers = [process.stdout.readline().strip() for process in processes]
        assert answers.count("won") == 1
        winner = f"run-{answers.index('won')}"
        assert holder(Artifacts(tmp_path))["run"] == winner
        answers.remove("won")
        assert all("already running" in answer for answer in answers)


@pytest.mark.thorough
def test_a_kill_frees_the_lock_at_once(tmp_path):
    with racers(tmp_path, 1) as (process,):
        go(process)
        assert process.stdout.readline() == "won\n"
        held = holder(Artifacts(tmp_path))
        assert (held["process"], held["run"], held["state"]) == (process.pid, "run-0", "running")
        with (
            pytest.raises(BusyError, match=rf"run run-0, process {process.pid}.*--artifacts"),
            training_lock(Artifacts(tmp_path)),
        ):
            pass
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert holder(Artifacts(tmp_path)) is None
        with training_lock(Artifacts(tmp_path)):
            assert holder(Artifacts(tmp_path))["process"] == os.getpid()
            assert "run" not in holder(Artifacts(tmp_path))


def test_the_lock_is_free_after_the_block_however_it_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE", 0.0)
    artifacts = Artifacts(tmp_path / "new" / "artifacts")
    for error in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error), training_lock(artifacts):
            raise error
        assert holder(artifacts) is None
    with training_lock(artifacts), pytest.raises(BusyError), training_lock(artifacts):
        pass
    assert holder(artifacts) is None


def test_the_record_says_how_a_training_ended(tmp_path):
    endings = (
        (ValueError("too bad"), "failed"),
        (SystemExit("too bad"), "failed"),
        (KeyboardInterrupt(), "stopped"),
    )
    for error, state in endings:
        with pytest.raises(type(error)), training_lock(Artifacts(tmp_path)):
            raise error
        assert last_record(Artifacts(tmp_path))["state"] == state
        assert last_record(Artifacts(tmp_path)).get("problem", "") == str(error)
    with training_lock(Artifacts(tmp_path)) as held:
        held.describe(run="a")
    assert last_record(Artifacts(tmp_path))["state"] == "finished"
    assert last_record(Artifacts(tmp_path))["run"] == "a"


def test_a_lock_that_is_handed_on_is_never_free_in_between(tmp_path):
    with take(Artifacts(tmp_path)) as first:
        first.describe(arguments=["train"])
        inherited = os.dup(first.descriptor)
    assert holder(Artifacts(tmp_path))["arguments"] == ["train"]
    with training_lock(Artifacts(tmp_path), inherited) as second:
        second.describe(run="a")
        assert holder(Artifacts(tmp_path))["arguments"] == ["train"]
    assert holder(Artifacts(tmp_path)) is None
    assert last_record(Artifacts(tmp_path))["state"] == "finished"


def test_there_is_no_holder_where_there_is_no_lock(tmp_path):
    assert holder(Artifacts(tmp_path / "nowhere")) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("note", ["", "{", "[]", "\udcff"])
def test_a_garbled_record_is_an_empty_one(tmp_path, monkeypatch, note):
    monkeypatch.setattr(lock, "PATIENCE", 0.0)
    with training_lock(Artifacts(tmp_path)):
        (tmp_path / RECORD).write_text(note, errors="surrogateescape")
        assert holder(Artifacts(tmp_path)) == {}
        with pytest.raises(BusyError, match="already running"), training_lock(Artifacts(tmp_path)):
            pass


def test_the_last_description_counts(tmp_path):
    with training_lock(Artifacts(tmp_path)) as held:
        held.describe(run="a-very-long-name-of-a-run")
        held.describe(run="b")
        assert json.loads((tmp_path / RECORD).read_text())["run"] == "b"


def test_those_who_look_never_keep_a_taker_waiting_for_long(tmp_path):
    with training_lock(Artifacts(tmp_path)):
        pass
    done = threading.Event()

    def look():
        while not done.is_set():
            holder(Artifacts(tmp_path))

    watchers = [threading.Thread(target=look) for _ in range(4)]
    for watcher in watchers:
        watcher.start()
    try:
        for _ in range(10):
            began = time.monotonic()
            with training_lock(Artifacts(tmp_path)):
                assert time.monotonic() - began < PATIENCE
    finally:
        done.set()
        for watcher in watchers:
            watcher.join()


def test_whoever_takes_the_lock_to_hand_it_on_is_no_process_to_be_stopped(tmp_path):
    with take(Artifacts(tmp_path)):
        assert "process" not in holder(Artifacts(tmp_path))
    with training_lock(Artifacts(tmp_path)):
        assert holder(Artifacts(tmp_path))["process"] == os.getpid()


def test_a_folder_with_the_name_of_the_lock_locks_nothing(tmp_path):
    (tmp_path / lock.NAME).mkdir()
    assert holder(Artifacts(tmp_path)) is None
    with pytest.raises(IsADirectoryError), take(Artifacts(tmp_path)):
        pass


@pytest.mark.parametrize("content", [b"[" * 100_000, b"", b"[]", b"\xff"])
def test_a_damaged_record_is_none(tmp_path, content):
    (tmp_path / RECORD).write_bytes(content)
    assert last_record(Artifacts(tmp_path)) == {}


def full_disk(*_args):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("problem", ["short", "long " * 1000])
def test_the_outcome_is_recorded_on_a_full_disk(tmp_path, monkeypatch, problem):
    artifacts = Artifacts(tmp_path)
    with contextlib.suppress(ValueError), training_lock(artifacts) as held:
        held.describe(run="one", phase="training")
        started = last_record(artifacts)["started"]
        monkeypatch.setattr(lock, "write_json", full_disk)
        raise ValueError(problem)
    record = last_record(artifacts)
    assert record["state"] == lock.FAILED
    if problem == "short":
        assert record == {"state": lock.FAILED, "started": started, "problem": "short"}


def test_no_record_is_better_than_an_untrue_one(tmp_path, monkeypatch):
    with training_lock(Artifacts(tmp_path)):
        monkeypatch.setattr(lock, "write_json", full_disk)
        monkeypatch.setattr(Path, "open", full_disk)
    assert not (tmp_path / RECORD).exists()
