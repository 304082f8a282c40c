"""Trainings that outlive who started them, and can be stopped at any moment."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError
from genre_core.jobs import lock, process
from genre_core.runs.folder import list_runs

pytestmark = pytest.mark.training
ROOT = Path(__file__).parents[2]
STARTER = """
import pathlib, sys
from genre_core.artifacts import Artifacts
from genre_core.jobs import process
process.start(Artifacts(pathlib.Path(sys.argv[1])), sys.argv[2:])
"""


@pytest.fixture
def artifacts(tmp_path):
    folder = Artifacts(tmp_path / "artifacts")
    yield folder
    process.cancel(folder)


def wait_for(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def test_a_job_runs_to_its_end(artifacts, films_folder):
    assert process.look(artifacts) is None
    process.start(artifacts, ["train", "prior", "--data", str(films_folder(60))])
    assert process.look(artifacts).is_running
    assert process.look(artifacts).record["arguments"][:2] == ["train", "prior"]
    wait_for(lambda: not process.look(artifacts).is_running)
    job = process.look(artifacts)
    assert job.state == "finished", process.log_tail(artifacts)
    assert [run.id for run in list_runs(artifacts)] == [job.record["run"]]
    assert (job.record["place"], job.record["n_models"]) == (1, 1)


def test_a_failed_job_says_why(artifacts, tmp_path):
    process.start(artifacts, ["train", "prior", "--data", str(tmp_path / "nowhere")])
    wait_for(lambda: not process.look(artifacts).is_running)
    job = process.look(artifacts)
    assert job.state == "failed"
    assert "nowhere" in job.record["problem"]
    assert "nowhere" in process.log_tail(artifacts).replace("\n", "")


def test_a_command_that_is_refused_has_said_so_in_its_log(artifacts, films_folder):
    process.start(artifacts, ["train", "priro", "--data", str(films_folder(60))])
    wait_for(lambda: not process.look(artifacts).is_running)
    assert process.look(artifacts).state == "failed"
    assert "log" in process.look(artifacts).record["problem"]
    assert "Did you mean 'prior'" in process.log_tail(artifacts)


def test_only_one_job_starts_however_many_ask(artifacts, films_folder):
    refused = []

    def ask():
        try:
            process.start(artifacts, ["train", "poster_cnn", "--data", str(films)])
        except BusyError as error:
            refused.append(str(error))

    films = films_folder(60)
    askers = [threading.Thread(target=ask) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(refused) == 5
    assert all("already running" in words for words in refused)
    assert process.look(artifacts).is_running


def test_a_job_outlives_who_started_it(artifacts, films_folder):
    words = ["train", "prior", "--data", str(films_folder(60))]
    done = subprocess.run(
        [sys.executable, "-c", STARTER, str(artifacts), *words], cwd=ROOT, check=True
    )
    assert done.returncode == 0
    wait_for(lambda: not process.look(artifacts).is_running)
    assert process.look(artifacts).state == "finished", process.log_tail(artifacts)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["at once", "while training"])
def test_a_job_is_stopped_within_five_seconds_and_taken_up_again(artifacts, films_folder, moment):
    order = ["train", "poster_cnn", "--data", str(films_folder(60)), "--epochs", "300"]
    process.start(artifacts, order)
    if moment == "while training":
        wait_for(lambda: (process.look(artifacts).record.get("progress") or {}).get("epoch", 0) > 2)
    began = time.monotonic()
    process.cancel(artifacts)
    assert time.monotonic() - began < 5
    assert lock.holder(artifacts) is None
    assert process.look(artifacts).state == "stopped"
    if moment == "while training":
        (run,) = list_runs(artifacts)
        assert run.state == "unfinished"
        process.start(artifacts, ["finish", run.id])
        wait_for(lambda: not process.look(artifacts).is_running)
        assert process.look(artifacts).state == "finished", process.log_tail(artifacts)


def test_a_job_that_will_not_end_is_killed(artifacts):
    stubborn = (
        "import signal, time, pathlib, sys, genre_core.jobs.lock as lock\n"
        "from genre_core.artifacts import Artifacts\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "with lock.training_lock(Artifacts(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    stubborn_one = subprocess.Popen(
        [sys.executable, "-c", stubborn, str(artifacts)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert stubborn_one.stdout.readline() == b"held\n"
    began = time.monotonic()
    process.cancel(artifacts)
    assert time.monotonic() - began < 5
    assert process.look(artifacts).state == "stopped"
    assert stubborn_one.wait(timeout=5) == -9
    stubborn_one.stdout.close()


def test_a_job_that_was_killed_did_not_say_how_it_ended(artifacts):
    with lock.take(artifacts) as held:
        held.describe(run="a", process=os.getpid())
    job = process.look(artifacts)
    assert job.state == "failed"
    assert "ended unexpectedly" in job.record["problem"]
