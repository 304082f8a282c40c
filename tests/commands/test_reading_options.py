"""The options on how films are read: on every command, and kept for the next."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli


@pytest.fixture
def artifacts(tmp_path):
    return Artifacts(tmp_path / "artifacts")


@pytest.fixture
def call(artifacts):
    def run(*arguments):
        words = [*map(str, arguments), "--artifacts", str(artifacts)]
        return CliRunner().invoke(cli, words, catch_exceptions=False)

    return run


def rename(folder, old, new):
    table = folder / "films.csv"
    table.write_text(table.read_text().replace(old, new))


def test_columns_are_chosen_once_and_remembered(films_folder, call):
    folder = films_folder()
    rename(folder, "Id,Genre", "Key,Mood")
    assert "Its columns are: Key, Mood" in call("inspect", folder).stderr
    first = call("inspect", folder, "--id", "Key", "--json")
    again = call("inspect", folder, "--json")
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert "options of the last reading are used: --id Key (--detect ignores them)" in again.stderr
    assert "Its columns are: Key, Mood" in call("inspect", folder, "--detect").stderr
    rename(folder, "Key,", "Id,")
    assert "has no column 'Key' for --id. Did you mean" in call("inspect", folder).stderr
    assert call("inspect", folder, "--detect").exit_code == 0


def test_the_file_of_a_table_is_as_good_as_its_folder(films_folder, call):
    folder = films_folder()
    whole, table = (
        json.loads(call("inspect", source, "--json").stdout)
        for source in (folder, folder / "films.csv")
    )
    assert whole == table


def test_models_that_films_have_nothing_for_are_refused_or_left_out(films_folder, call):
    folder = films_folder(60)
    shutil.rmtree(folder / "Images")
    asked = call("train", "poster_cnn", "--data", folder)
    assert asked.exit_code == 1
    assert "have no posters, which poster_cnn cannot do without" in asked.stderr
    assert "Train prior, overview_tfidf, overview_lstm instead" in asked.stderr
    assert "note: no posters: no image was found" in " ".join(asked.stderr.split())
    inspected = call("inspect", folder).stdout
    assert "near-duplicate posters" not in inspected
    assert "near-duplicate overviews" in inspected


def test_nothing_fails_on_a_console_of_few_letters(films_folder, artifacts):
    folder = films_folder()
    rename(folder, "Film 3", "Фильм 3")
    rename(folder, "Comedy", "Комедия")
    command = [sys.executable, "-m", "genre_core", "inspect", str(folder)]
    command += ["--artifacts", str(artifacts)]
    for encoding in ("cp1252", "ascii"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        said = subprocess.run(command, capture_output=True, env=environment, check=True).stdout
        assert b"24 read, 24 used" in said
        assert b"\\u041a" in said
        found = subprocess.run(
            [*command, "--json"], capture_output=True, env=environment, check=True
        ).stdout
        assert "Комедия" in json.loads(found)["genres"]
