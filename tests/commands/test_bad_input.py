"""Bad input at the command line: one message that names it, no traceback, nothing harmed."""

import errno
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from genre_core import files
from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import CONFIG
from genre_core.runs.writer import RunWriter

RUN_CONFIG = {
    **{"label": "Base rates", "modality": "none", "kind": "base_rates"},
    **{"model": "prior", "recipe": "default", "seed": 0, "dataset": "0" * 16},
    **{"genres": [], "options": {}, "prior": [], "train_support": []},
}


@pytest.fixture
def call(tmp_path):
    """Return a function that runs a command on an artifacts folder of its own."""

    def run(*arguments, artifacts=True):
        folder = ["--artifacts", str(Artifacts(tmp_path / "artifacts"))] if artifacts else []
        return CliRunner().invoke(cli, [*map(str, arguments), *folder])

    return run


def message(result):
    """Return what a command that failed as it should has to say."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert "Error: " in result.stderr
    return " ".join(result.stderr.split())


def change(folder, old, new):
    table = folder / "films.csv"
    table.write_bytes(table.read_bytes().replace(old, new))


DAMAGES = {
    "no folder": (
        lambda folder: folder.rename(folder.with_name("elsewhere")),
        "There is no folder",
    ),
    "no table": (lambda folder: (folder / "films.csv").unlink(), "no layout that is known here"),
    "empty table": (lambda folder: (folder / "films.csv").write_bytes(b""), "no column Id"),
    "other columns": (lambda folder: change(folder, b"Id,", b"Key,"), "Its columns are: Key"),
    "no labels": (
        lambda folder: [
            change(folder, old, new)
            for old, new in ((b",0,", b",perhaps,"), (b",1,", b",perhaps,"), (b"Id,Genre", b"Id,X"))
        ],
        "no labels: expected one column of 0 and 1",
    ),
    "NUL bytes": (lambda folder: change(folder, b"", b"\0\0"), "no table in UTF-8"),
    "paths for ids": (lambda folder: change(folder, b"tt", b"../"), "24 unusable id"),
}


@pytest.mark.parametrize(("damage", "expected"), DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("command", ["inspect", "train"])
def test_films_that_cannot_be_read(films_folder, call, command, damage, expected):
    folder = films_folder()
    damage(folder)
    arguments = (
        ["inspect", folder] if command == "inspect" else ["train", "prior", "--data", folder]
    )
    assert expected in message(call(*arguments))


def test_json_of_a_failing_command_is_no_half_json(films_folder, call, tmp_path):
    folder = films_folder(5)
    for arguments in (
        ["inspect", folder, "--json"],
        ["inspect", tmp_path / "nowhere", "--json"],
        ["show", "gone", "--json"],
        ["compare", "gone", "gone-too", "--json"],
        ["top", "gone", "--film", "tt00", "--json"],
        ["score", "gone", "--data", folder, "--json"],
    ):
        assert message(call(*arguments))


def test_json_is_json_alone_even_where_things_are_left_out(films_folder, call):
    folder = films_folder()
    (folder / "Images" / "tt03.jpg").write_bytes(b"")
    result = call("inspect", folder, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["rows"]["left_out"] == {"poster not readable as an image": 1}
    assert "poster not readable as an image" in call("inspect", folder).stdout


def test_unknown_names_are_answered_with_the_nearest(films_folder, call, tmp_path):
    name = RunWriter.create(Artifacts(tmp_path / "artifacts"), RUN_CONFIG).folder.name
    assert "Did you mean 'poster_cnn'?" in message(call("train", "poster_cmn"))
    assert "Did you mean 'improved'?" in message(call("train", "poster_cnn", "--recipe", "improvd"))
    lost = call("train", "poster_cnn", "--option", "los=focal")
    assert "Did you mean 'loss'?" in message(lost)
    vocal = call("train", "poster_cnn", "--option", "loss=vocal")
    assert "Did you mean 'focal'?" in message(vocal)
    assert f"Did you mean '{name}'?" in message(call("show", name.replace("prior", "prio")))
    assert "Did you mean 'inspect'?" in message(call("inspekt", artifacts=False))
    assert "prior, poster_features" in message(call("train", "xyz"))


@pytest.mark.parametrize("name", ["../x", "../../etc/passwd", "", ".", "a/../../b"])
@pytest.mark.parametrize("command", ["show", "finish"])
def test_a_run_is_never_looked_for_outside(call, command, name):
    assert f"Run '{name}' was not found" in message(call(command, name))


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "prior", "--epochs", "0"],
        ["train", "prior", "--epochs", "-3"],
        ["train", "prior", "--epochs", "many"],
        ["train"],
        ["show", "x", "--threshold", "1.5"],
        ["show", "x", "--on", "tset"],
        ["top", "x", "--film", "tt00", "-k", "0"],
        ["compare", "x"],
        ["train", "prior", "--resume", "gone"],
        ["train", "fusion", "--parents", "gone"],
        ["train", "prior", "--option", "loss"],
    ],
    ids=" ".join,
)
def test_options_that_make_no_sense(call, arguments):
    message(call(*arguments))


@pytest.mark.parametrize("n_films", ["-5", "0", "many"])
def test_no_number_of_films(tmp_path, call, n_films):
    message(call("sample", tmp_path / "films", "--films", n_films, artifacts=False))
    assert not (tmp_path / "films").exists()


@pytest.mark.thorough
def test_one_training_at_a_time(films_folder, call, tmp_path):
    artifacts = Artifacts(tmp_path / "artifacts")
    script = (
        "import pathlib, sys; from genre_core.jobs.lock import training_lock\n"
        "from genre_core.artifacts import Artifacts\n"
        "with training_lock(Artifacts(pathlib.Path(sys.argv[1]))) as lock:\n"
        "    lock.describe(run='the-other'); print('held', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", script, str(artifacts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        said = message(call("train", "prior", "--data", films_folder()))
        process.kill()
    assert f"already running in '{artifacts}' (run the-other, process {process.pid})" in said
    with training_lock(artifacts):
        pass


def test_damaged_runs_are_listed_and_told(call, tmp_path):
    folder = RunWriter.create(Artifacts(tmp_path / "artifacts"), RUN_CONFIG).folder
    (tmp_path / "artifacts" / "runs" / "empty").mkdir()
    listed = call("runs", "--json")
    assert {run["id"]: run["state"] for run in json.loads(listed.stdout)} == {
        folder.name: "unfinished",
        "empty": "damaged",
    }
    assert call("runs").exit_code == 0
    assert "Run 'empty' is damaged" in message(call("show", "empty"))
    (folder / CONFIG).write_bytes(b"\0")
    assert "config.json cannot be read" in message(call("show", folder.name))


def test_a_split_file_that_does_not_fit(films_folder, call, tmp_path):
    folder, split_file = films_folder(), tmp_path / "split.csv"
    asked = ["inspect", folder, "--split", split_file]
    assert "cannot be read" in message(call(*asked))
    split_file.write_text("Id,split\ntt00,exercise\n")
    assert "puts film 'tt00' into 'exercise'" in message(call(*asked))
    split_file.write_text("Id,split\ntt00,train\n")
    assert "leaves no validation film" in message(call(*asked))
    split_file.write_text("Id,split\nother,train\n")
    assert "24 not in the split file" in message(call(*asked))


def test_a_full_disk(films_folder, call, monkeypatch):
    folder = films_folder()

    def fail(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", fail)
        said = message(call("inspect", folder))
    assert "artifacts/posters' cannot be written: No space left on device" in said
    assert call("inspect", folder).exit_code == 0


def test_artifacts_that_are_no_folder(films_folder):
    folder = films_folder()
    asked = ["inspect", str(folder), "--artifacts", str(folder / "films.csv")]
    assert "films.csv' is a file" in message(CliRunner().invoke(cli, asked))


@pytest.mark.thorough
def test_a_process_of_its_own_ends_with_a_message(tmp_path):
    command = [sys.executable, "-m", "genre_core", "inspect", str(tmp_path / "nowhere"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: There is no folder")
