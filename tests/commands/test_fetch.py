"""The command `fetch`: the list, where to get a dataset, and a download that is read."""

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from file_server import serving

from genre_core.commands import fetching
from genre_core.commands.main import cli
from genre_core.data.public import datasets, downloads
from genre_core.data.public.datasets import DATASETS, PublicDataset, PublicFile


@pytest.fixture
def fetch(tmp_path):
    """Return a function that runs the command on an artifacts folder of its own."""

    def call(*words):
        artifacts = str(tmp_path / "artifacts")
        return CliRunner().invoke(cli, ["fetch", *map(str, words), "--artifacts", artifacts])

    return call


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(downloads, "WAITS", (0.0,))
    with serving() as server:
        yield server


@pytest.fixture
def made_up(server, films_folder, tmp_path, monkeypatch):
    """A dataset of 24 films as one ZIP on a server, under the name `made-up`."""
    folder = films_folder()
    with zipfile.ZipFile(tmp_path / "films.zip", "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, f"films/{path.relative_to(folder)}")
    server.files["films.zip"] = (tmp_path / "films.zip").read_bytes()
    dataset = PublicDataset(
        *("made-up", "Made-up films", 24, ("poster", "overview"), "Films that do not exist."),
        *("http://example.org/", "Free."),
        files=(PublicFile(server.url("films.zip")),),
        folder="films",
    )
    for module in (datasets, fetching):
        monkeypatch.setattr(module, "DATASETS", (dataset,))
    return dataset


def said(result):
    return " ".join(result.output.split())


def test_without_a_name_every_dataset_is_listed_with_its_licence(fetch):
    shown = json.loads(fetch("--json").stdout)
    assert [dataset["name"] for dataset in shown] == [dataset.key for dataset in DATASETS]
    assert all(dataset["terms"] and dataset["homepage"] for dataset in shown)
    result = fetch()
    assert result.exit_code == 0
    assert all(dataset.key in result.stdout for dataset in DATASETS)


def test_an_unknown_name_lists_the_known_ones_and_suggests_one(fetch, tmp_path):
    result = fetch("mm-imbd", tmp_path / "films")
    assert result.exit_code == 1
    assert "Did you mean 'mm-imdb'?" in said(result)
    assert "Public datasets" in result.stderr
    assert not (tmp_path / "films").exists()


def test_without_a_folder_it_says_where_and_downloads_nothing(fetch):
    result = fetch("MM-IMDb")
    assert result.exit_code == 0
    assert "https://archive.org/download/mmimdb/mmimdb.tar.gz" in result.stdout
    assert "licence: None stated" in result.stdout
    assert "fetch mm-imdb DIR" in said(result)


def test_without_a_plain_address_it_says_how_and_what_comes_next(fetch, tmp_path):
    result = fetch("tmdb-5000", tmp_path / "films")
    assert result.exit_code == 0
    assert "kaggle datasets download tmdb/tmdb-movie-metadata" in said(result)
    assert f"inspect {tmp_path / 'films'}" in said(result)
    assert not (tmp_path / "films").exists()


def test_a_download_is_unpacked_and_read_like_inspect(fetch, made_up, tmp_path):
    result = fetch("made-up", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert "licence: Free." in result.stdout
    assert re.search(r"SHA-256 [0-9a-f]{64}", result.stdout)
    assert "rows: 24 read, 24 used" in result.stdout
    artifacts = ["--artifacts", str(tmp_path / "artifacts")]
    inspected = CliRunner().invoke(cli, ["inspect", str(tmp_path / "new/films"), *artifacts])
    assert inspected.stdout in result.stdout


def test_a_second_start_downloads_and_unpacks_nothing(fetch, made_up, server, tmp_path):
    first = json.loads(fetch("made-up", tmp_path / "new", "--json").stdout)
    result = fetch("made-up", tmp_path / "new", "--json")
    second = json.loads(result.stdout)
    assert first["films"] == second["films"]
    assert [one["files"][0]["is_new"] for one in (first, second)] == [True, False]
    assert len(server.requests) == 1


def test_a_wrong_checksum_stops_before_the_reading(fetch, made_up, tmp_path):
    result = fetch("made-up", tmp_path / "new", "--sha256", "0" * 64)
    assert result.exit_code == 1
    received = re.search(r"accept it with --sha256 ([0-9a-f]{64})", said(result))[1]
    assert not (tmp_path / "new" / "films").exists()
    result = fetch("made-up", tmp_path / "new", "--sha256", received.upper())
    assert result.exit_code == 0, result.output
    assert "(as expected)" in result.stdout


@pytest.mark.parametrize(("name", "sha256"), [("made-up", "12"), ("made-up", "g" * 64)])
def test_a_checksum_that_is_none_is_refused(fetch, made_up, tmp_path, name, sha256):
    assert "64 hexadecimal digits" in said(fetch(name, tmp_path / "new", "--sha256", sha256))


def test_a_checksum_is_about_one_file(fetch, made_up, tmp_path, monkeypatch):
    two = replace(made_up, files=made_up.files * 2)
    for module in (datasets, fetching):
        monkeypatch.setattr(module, "DATASETS", (two,))
    result = fetch("made-up", tmp_path / "new", "--sha256", "0" * 64)
    assert "has 2 files" in said(result)


def test_films_that_cannot_be_read_are_an_error_that_says_they_are_there(
    fetch, made_up, server, tmp_path
):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("notes.txt", "no films")
    server.files["films.zip"] = (tmp_path / "other.zip").read_bytes()
    result = fetch("made-up", tmp_path / "new")
    assert result.exit_code == 1
    assert "whole, but its films cannot be read" in said(result)
    assert (tmp_path / "new" / "films" / "notes.txt").exists()


def test_tables_without_posters_and_overviews_are_not_read(
    fetch, made_up, server, tmp_path, monkeypatch
):
    server.files["titles.tsv"] = b"tconst\tgenres\n"
    titles = PublicDataset(
        *("titles", "Titles", None, (), "Titles.", "http://example.org/", "Free.", "Look it up."),
        files=(PublicFile(server.url("titles.tsv")),),
    )
    monkeypatch.setattr(datasets, "DATASETS", (titles,))
    result = fetch("titles", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert "Look it up." in result.stdout
    assert (tmp_path / "new" / "titles.tsv").read_bytes() == b"tconst\tgenres\n"


def test_an_interruption_says_how_to_go_on(fetch, made_up, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(fetching, "download", interrupted)
    result = fetch("made-up", tmp_path / "new")
    assert result.exit_code == 130
    assert re.search(rf"Go on with .*fetch made-up {tmp_path / 'new'}", said(result))


def test_a_folder_of_that_name_is_neither_read_nor_replaced(fetch, made_up, server, tmp_path):
    (tmp_path / "new" / "films").mkdir(parents=True)
    result = fetch("made-up", tmp_path / "new")
    assert result.exit_code == 1
    assert "Expected both or neither" in said(result)
    assert not server.requests


def test_the_artifacts_and_a_file_are_no_place_for_films(fetch, made_up, server, tmp_path):
    (tmp_path / "file").touch()
    assert "is not a folder" in said(fetch("made-up", tmp_path / "file"))
    result = fetch("made-up", tmp_path / "artifacts" / "films")
    assert "lies in the artifacts folder" in said(result)
    assert not server.requests


def test_every_dataset_says_where_it_is_and_has_names_of_its_own():
    assert len({dataset.key for dataset in DATASETS}) == len(DATASETS)
    for dataset in DATASETS:
        assert dataset.files or dataset.how
        assert {*dataset.modalities} <= {"poster", "overview"}
        assert dataset.modalities or dataset.how
        assert len({file.name for file in dataset.files}) == len(dataset.files)
        for file in dataset.files:
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", file.name)
            assert re.fullmatch(
                r"|sha256:[0-9a-f]{64}|sha1:[0-9a-f]{40}|md5:[0-9a-f]{32}", file.checksum
            )


@pytest.mark.thorough
def test_the_command_imports_neither_networks_nor_pages():
    code = (
        "import sys; from genre_core.commands import fetching; "
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'streamlit')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_names_of_an_archive_are_shown_without_control_characters(fetch, made_up, server, tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../\x1b[31mout.txt", "out")
    server.files["films.zip"] = (tmp_path / "evil.zip").read_bytes()
    result = fetch("made-up", tmp_path / "new")
    assert result.exit_code == 1
    assert "outside its folder" in said(result)
    assert "\x1b" not in result.output
