"""Archives: unpacked once, whole or not at all, and never outside their folder."""

import gzip
import io
import os
import shutil
import tarfile
import zipfile
from collections import namedtuple

import pytest

from genre_core.data.public import archives
from genre_core.data.public.archives import unpack
from genre_core.errors import DataError


def make_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def make_tar(path, files, kind=tarfile.REGTYPE, link=""):
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.type, entry.linkname = len(text), kind, link
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


FILES = {"films.csv": "Id", "Images/a.jpg": "poster"}


@pytest.mark.parametrize(("make", "name"), [(make_zip, "a.zip"), (make_tar, "a.tar.gz")])
@pytest.mark.parametrize("root", ["", "only/"])
def test_an_archive_becomes_a_folder_without_a_lone_folder_around_it(tmp_path, make, name, root):
    archive = make(tmp_path / name, {root + path: text for path, text in FILES.items()})
    assert unpack(archive) == tmp_path / "a"
    assert contents(tmp_path / "a") == FILES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", name]


def test_a_compressed_table_becomes_the_table(tmp_path):
    (tmp_path / "films.csv.gz").write_bytes(gzip.compress(b"Id"))
    assert unpack(tmp_path / "films.csv.gz") == tmp_path / "films.csv"
    assert (tmp_path / "films.csv").read_text() == "Id"


def test_a_table_is_no_archive(tmp_path):
    assert unpack(tmp_path / "films.csv") is None


def test_nothing_is_unpacked_twice_or_over_something(tmp_path):
    archive = make_zip(tmp_path / "a.zip", FILES)
    unpack(archive)
    (tmp_path / "a" / "films.csv").write_text("mine")
    unpack(archive)
    assert (tmp_path / "a" / "films.csv").read_text() == "mine"


def test_an_interruption_leaves_nothing_and_a_kill_no_obstacle(tmp_path, monkeypatch):
    archive = make_zip(tmp_path / "a.zip", FILES)
    (tmp_path / ".a.unpacking").mkdir()  # of a process that was killed
    with monkeypatch.context() as patch:
        patch.setattr(os, "sync", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            unpack(archive)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert contents(unpack(archive)) == FILES


@pytest.mark.parametrize("name", ["../out.txt", "/tmp/out.txt", "a/../../out.txt", "a\\out.txt"])
@pytest.mark.parametrize(("make", "ending"), [(make_zip, "zip"), (make_tar, "tar.gz")])
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path, name, make, ending):
    folder = tmp_path / "folder"
    folder.mkdir()
    archive = make(folder / f"a.{ending}", {"fine.txt": "fine", name: "out"})
    with pytest.raises(DataError, match="outside its folder"):
        unpack(archive)
    assert [path.name for path in folder.iterdir()] == [archive.name]
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_of_a_tar_are_refused(tmp_path, kind):
    archive = make_tar(tmp_path / "a.tar.gz", {"link": ""}, kind, "/etc/passwd")
    with pytest.raises(DataError, match="no plain file"):
        unpack(archive)


def test_links_of_a_zip_are_refused(tmp_path):
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(DataError, match="no plain file"):
        unpack(tmp_path / "a.zip")


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.csv.gz"])
@pytest.mark.parametrize("damage", ["cut", "other"])
def test_a_damaged_archive_is_an_error_that_leaves_nothing(tmp_path, name, damage):
    path = tmp_path / name
    if name.endswith("csv.gz"):
        path.write_bytes(gzip.compress(os.urandom(5000)))
    else:
        (make_zip if name == "a.zip" else make_tar)(path, {"films.csv": os.urandom(5000).hex()})
    path.write_bytes(path.read_bytes()[:-3000] if damage == "cut" else b"<html>")
    with pytest.raises(DataError, match="Expected a whole archive"):
        unpack(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_two_files_of_one_name_are_an_error(tmp_path):
    archive = make_tar(tmp_path / "a.tar.gz", {"films": "", "films/a.jpg": ""})
    with pytest.raises(DataError, match="cannot be unpacked"):
        unpack(archive)


def test_what_does_not_fit_is_removed_again(tmp_path, monkeypatch):
    archive = make_zip(tmp_path / "a.zip", {"films.csv": "0" * 5000})
    usage = namedtuple("usage", "total used free")
    room = archives.RESERVE + 1000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(room, 0, room))
    with pytest.raises(DataError, match="does not fit"):
        unpack(archive)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_endless_archives_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES", 1)
    with pytest.raises(DataError, match="more than 1 files"):
        unpack(make_zip(tmp_path / "a.zip", FILES))
