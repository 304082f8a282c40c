import contextlib
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from edit_json import edit_json
from PIL import Image

from genre_core import caches, files
from genre_core.artifacts import Artifacts
from genre_core.data import opening, readers, store
from genre_core.data.films import SPLITS
from genre_core.data.opening import open_dataset, read_films
from genre_core.data.poster_files import PosterFile
from genre_core.data.posters import POSTER_SIZE, decode_poster
from genre_core.data.readers.reading import Found, Missed, Reader, Reading, Row
from genre_core.data.report import ReadReport
from genre_core.data.store import list_datasets, load_dataset, posters
from genre_core.errors import DataError

OPEN = """
import pathlib, sys
from genre_core.artifacts import Artifacts
from genre_core.data.opening import open_dataset
print(open_dataset(pathlib.Path(sys.argv[1]), Artifacts(pathlib.Path(sys.argv[2]))).fingerprint)
"""
KILLED = """
import os, pathlib, sys
from genre_core.artifacts import Artifacts
from genre_core.data.opening import open_dataset
def die(done, total):
    if done == total // 2:
        os.kill(os.getpid(), 9)
open_dataset(pathlib.Path(sys.argv[1]), Artifacts(pathlib.Path(sys.argv[2])), progress=die)
"""


def change(folder, old, new):
    table = folder / "films.csv"
    text = table.read_text()
    assert old in text
    table.write_text(text.replace(old, new))


def write_split(path, films):
    path.write_text("Id,split\n" + "".join(f"{film},{part}\n" for film, part in films.items()))
    return path


def same_films(first, second):
    return (
        first.fingerprint == second.fingerprint
        and first.films.ids == second.films.ids
        and first.films.overviews == second.films.overviews
        and first.genres == second.genres
        and np.array_equal(first.labels, second.labels)
        and np.array_equal(first.split, second.split)
        and first.report == second.report
    )


def kept_files(artifacts):
    """Everything that lies in the artifacts folder, with its content."""
    paths = (path for path in sorted(artifacts.root.rglob("*")) if path.is_file())
    return {str(path.relative_to(artifacts)): path.read_bytes() for path in paths}


@pytest.fixture
def no_reading(monkeypatch):
    """Make any reading of the source fail."""

    def fail(*_, **__):
        raise AssertionError("the source was read again")

    return lambda: monkeypatch.setattr(opening, "_read_anew", fail)


def test_a_dataset_holds_its_films_and_one_split(films_folder, artifacts):
    dataset = open_dataset(films_folder(40), artifacts)
    assert len(dataset.films) == len(dataset.split) == 40
    assert dataset.genres == ("Action", "Comedy", "Drama")
    assert dataset.labels.sum() == 40
    assert sorted(np.concatenate([dataset.rows(part) for part in SPLITS])) == list(range(40))
    np.testing.assert_allclose(dataset.prior, 1 / 3, atol=0.05)
    assert store.FINGERPRINT.fullmatch(dataset.fingerprint)


def test_a_second_start_reads_what_was_kept(films_folder, artifacts, no_reading):
    folder = films_folder()
    first = open_dataset(folder, artifacts)
    no_reading()
    second = open_dataset(folder, artifacts)
    assert same_films(first, second)
    assert posters(second, artifacts).shape == (24, *POSTER_SIZE, 3)


def test_the_same_films_have_the_same_fingerprint_anywhere(films_folder, tmp_path):
    first = open_dataset(films_folder(name="here"), Artifacts(tmp_path / "a"))
    second = open_dataset(films_folder(name="there"), Artifacts(tmp_path / "b"))
    assert same_films(first, second)


def test_a_changed_source_is_a_new_dataset_and_the_old_one_stays(films_folder, artifacts):
    folder = films_folder()
    first = open_dataset(folder, artifacts)
    pixels = posters(first, artifacts).copy()
    change(folder, "Film 3", "Fleur")
    second = open_dataset(folder, artifacts)
    shutil.copy(folder / "Images" / "tt05.jpg", folder / "Images" / "tt04.jpg")
    third = open_dataset(folder, artifacts)
    (folder / "Images" / "tt06.jpg").unlink()
    fourth = open_dataset(folder, artifacts)
    found = [first, second, third, fourth]
    assert len({dataset.fingerprint for dataset in found}) == 4
    assert len(fourth.films) == 23
    assert all(
        same_films(dataset, load_dataset(artifacts, dataset.fingerprint)) for dataset in found
    )
    np.testing.assert_array_equal(posters(first, artifacts), pixels)
    np.testing.assert_array_equal(posters(third, artifacts)[4], pixels[5])


def test_a_split_file_is_taken_and_what_it_does_not_name_is_left_out(films_folder, artifacts):
    folder = films_folder()
    parts = {f"tt{number:02d}": SPLITS[number % 3] for number in range(20)} | {"tt99": "test"}
    split_file = write_split(folder.parent / "split.csv", parts)
    dataset = open_dataset(folder, artifacts, split_file=split_file)
    assert dict(zip(dataset.films.ids, dataset.split, strict=True)) == {
        film: part for film, part in parts.items() if film != "tt99"
    }
    assert dataset.report["rows"]["left_out"] == {"not in the split file": 4}
    assert dataset.report["posters"]["left_out"] == {"its row was left out": 4}
    assert dataset.report["notes"]["films of the split file that are not here"] == 1
    assert dataset.fingerprint != open_dataset(folder, artifacts).fingerprint


def test_a_changed_split_file_is_a_new_dataset(films_folder, artifacts):
    folder = films_folder()
    parts = {f"tt{number:02d}": SPLITS[number % 3] for number in range(24)}
    split_file = write_split(folder.parent / "split.csv", parts)
    first = open_dataset(folder, artifacts, split_file=split_file)
    write_split(split_file, parts | {"tt00": "validation"})
    second = open_dataset(folder, artifacts, split_file=split_file)
    assert second.split[0] == "validation"
    assert first.fingerprint != second.fingerprint


def test_split_files_of_the_same_size_and_time_are_told_apart(films_folder, artifacts):
    folder, fingerprints = films_folder(), set()
    for first in range(3):
        parts = {f"tt{number:02d}": SPLITS[(number + first) % 3] for number in range(24)}
        (folder.parent / str(first)).mkdir()
        split_file = write_split(folder.parent / str(first) / "split.csv", parts)
        os.utime(split_file, (0, 0))
        fingerprints.add(open_dataset(folder, artifacts, split_file=split_file).fingerprint)
    assert len(fingerprints) == 3


@pytest.mark.parametrize("seed", range(6))
def test_the_counts_add_up_to_the_films_of_the_dataset(films_folder, artifacts, seed):
    folder, chance = films_folder(60), random.Random(seed)
    ids = [f"tt{number:02d}" for number in range(60)]
    named = dict(zip(chance.sample(ids, 52), SPLITS * 20, strict=False))
    for film in chance.sample(ids, 6):
        content = chance.choice([b"", b"<html>", b"\xff\xd8\xff\xe0"])
        (folder / "Images" / f"{film}.jpg").write_bytes(content)
    for film in chance.sample(ids, 6):
        change(
            folder, f"\n{film},", chance.choice([f"\n{film},,", "\ntt00,", f"\n{film}\n{film},"])
        )
    (folder / "Images" / "orphan.jpg").write_bytes(b"")
    split_file = write_split(folder.parent / "split.csv", named)
    dataset = open_dataset(folder, artifacts, split_file=split_file)
    for kind, n_read in (("rows", None), ("posters", 61)):
        tally = dataset.report[kind]
        assert tally["used"] == len(dataset.films) == len(posters(dataset, artifacts))
        assert tally["read"] == tally["used"] + sum(tally["left_out"].values())
        assert tally["read"] == (n_read or tally["read"])


def test_notes_count_only_films_that_are_used(films_folder, artifacts):
    folder = films_folder()
    for number in (3, 4):
        change(folder, f"Film {number} tells of a stranger in town.", "A parody of")
    (folder / "Images" / "tt03.jpg").write_bytes(b"")
    notes = open_dataset(folder, artifacts).report["notes"]
    assert notes == {"overviews cut short (fewer than 4 words), used": 1}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: shutil.rmtree(folder), "There is no folder"),
        (lambda folder: (folder / "films.csv").unlink(), "no layout that is known"),
        (lambda folder: change(folder, ",1,0,0,", ",p,q,r,"), "expected one column of 0 and 1"),
        (lambda folder: change(folder, "tt", "../"), "24 rows, of which 24 unusable id"),
    ],
    ids=["no folder", "no table", "no labels", "no id"],
)
def test_a_folder_that_is_no_dataset_leaves_nothing_behind(
    films_folder, artifacts, damage, message
):
    kept = open_dataset(films_folder(name="others"), artifacts)
    before = kept_files(artifacts)
    folder = films_folder()
    if message.startswith("expected"):
        for labels in (",0,1,0,", ",0,0,1,"):
            change(folder, labels, ",p,q,r,")
        change(folder, "Id,Genre", "Id,Kind")
    damage(folder)
    with pytest.raises(DataError, match=message):
        open_dataset(folder, artifacts)
    assert kept_files(artifacts) == before
    assert same_films(kept, load_dataset(artifacts, kept.fingerprint))


def test_too_few_films_are_told_with_what_was_left_out(films_folder, artifacts):
    folder = films_folder()
    for number in range(10):
        (folder / "Images" / f"tt{number:02d}.jpg").write_bytes(b"")
    expected = "14 films .* at least 20.* 24 rows, of which 10 poster not readable as an image"
    with pytest.raises(DataError, match=expected):
        open_dataset(folder, artifacts)
    for path in (folder / "Images").iterdir():
        path.write_text("<html>")
    with pytest.raises(DataError, match=r"No film .* can be used: 24 rows, of which 24 poster not"):
        open_dataset(folder, artifacts)
    assert not kept_files(artifacts)


def test_a_split_file_without_a_part_is_refused(films_folder, artifacts):
    folder = films_folder()
    parts = {f"tt{number:02d}": SPLITS[number % 2] for number in range(24)}
    with pytest.raises(DataError, match="leaves no test film among the 24 films found"):
        open_dataset(folder, artifacts, split_file=write_split(folder.parent / "s.csv", parts))
    with pytest.raises(DataError, match=r"nowhere.csv' cannot be read"):
        open_dataset(folder, artifacts, split_file=folder / "nowhere.csv")


def test_odd_names_in_the_folder_are_no_obstacle(films_folder, artifacts):
    folder = films_folder(name=os.fsdecode(b"films \xff"))
    (folder / "Images" / os.fsdecode(b"\xff.jpg")).write_bytes(b"")
    (folder / "Images" / "dangling.jpg").symlink_to("nowhere.jpg")
    os.mkfifo(folder / "Images" / "pipe.jpg")
    dataset = open_dataset(folder, artifacts)
    assert dataset.report["posters"]["left_out"] == {
        "poster is no file": 2,
        "no row in the table": 1,
    }
    assert load_dataset(artifacts, dataset.fingerprint).source == folder


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    place = content.find(b"stranger in town")  # in the middle of an overview
    content[place] ^= 1
    path.write_bytes(content)


def write(content):
    return lambda path: path.write_bytes(content)


def edited(**values):
    return lambda path: edit_json(path, **values)


DAMAGES = [
    ("films.parquet", cut),
    ("films.parquet", flip_a_bit),
    ("films.parquet", write(b"")),
    ("films.parquet", write(b"no table")),
    ("films.parquet", lambda path: path.unlink()),
    ("dataset.json", cut),
    ("dataset.json", write(b"")),
    ("dataset.json", write(b"[]")),
    ("dataset.json", write(b'{"format": 1}')),
    ("dataset.json", write(b"\xff\xfe")),
    ("dataset.json", edited(format=99)),
    ("dataset.json", edited(fingerprint="0" * 16)),
    ("dataset.json", edited(genres=["Action", "Western"])),
    ("dataset.json", edited(genres=5)),
    ("dataset.json", lambda path: path.unlink()),
]


@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_a_damaged_dataset_is_told_and_made_again_from_its_films(
    films_folder, artifacts, name, damage
):
    folder = films_folder()
    whole = open_dataset(folder, artifacts)
    damage(artifacts.datasets / whole.fingerprint / name)
    with pytest.raises(DataError, match=f"{whole.fingerprint}' is damaged .*genre_core inspect"):
        load_dataset(artifacts, whole.fingerprint)
    assert len(list_datasets(artifacts)) <= 1
    assert same_films(whole, open_dataset(folder, artifacts))
    assert same_films(whole, load_dataset(artifacts, whole.fingerprint))


def test_an_unknown_dataset_is_answered_with_the_nearest(films_folder, artifacts):
    fingerprint = open_dataset(films_folder(), artifacts).fingerprint
    with pytest.raises(DataError, match=rf"no dataset '.*Did you mean '{fingerprint}'\?"):
        load_dataset(artifacts, fingerprint[:-1] + "x")
    for name in ("../datasets/" + fingerprint, "", ".", "/etc"):
        with pytest.raises(DataError, match="There is no dataset"):
            load_dataset(artifacts, name)


def test_datasets_are_listed_newest_first_and_damaged_ones_are_not_offered(films_folder, artifacts):
    folder = films_folder()
    opened = [open_dataset(folder, artifacts).fingerprint]
    for number in (20, 21):
        change(folder, f"Film {number}", "Fleur")
        opened.append(open_dataset(folder, artifacts).fingerprint)
    for year, fingerprint in enumerate(opened):
        edit_json(artifacts.datasets / fingerprint / "dataset.json", read_at=f"20{year}0")
    (artifacts.datasets / opened[1] / "dataset.json").write_text("{")
    listed = [meta["fingerprint"] for meta in list_datasets(artifacts)]
    assert listed == [opened[2], opened[0]]
    assert list_datasets(Artifacts(artifacts.root / "nowhere")) == []


def test_posters_are_those_of_the_films_in_order(films_folder, artifacts):
    folder = films_folder()
    (folder / "Images" / "tt03.jpg").write_bytes(b"")
    dataset = open_dataset(folder, artifacts)
    for size in (POSTER_SIZE, (20, 10)):
        pixels = posters(dataset, artifacts, size)
        assert isinstance(pixels, np.memmap)
        assert pixels.shape == (23, *size, 3)
        for film, image in zip(dataset.films.ids, pixels, strict=True):
            content = (folder / "Images" / f"{film}.jpg").read_bytes()
            np.testing.assert_array_equal(image, decode_poster(content, size))


def zero_some(path):
    with path.open("r+b") as file:
        file.seek(2000)
        file.write(bytes(4000))


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        write(b""),
        write(b"\x93NUMPY"),
        write(b"PK\x03\x04"),
        lambda path: np.save(path, np.zeros((3, 2))),
        lambda path: np.save(path, np.array([{}]), allow_pickle=True),
        lambda path: path.unlink(),
        zero_some,
        lambda path: caches.beside(path).unlink(),
        lambda path: caches.beside(path).write_text("{}"),
    ],
    ids=[
        *("cut short", "0 bytes", "half a header", "archive", "other array", "pickle", "gone"),
        *("4,000 zeros", "no checksum", "a damaged checksum"),
    ],
)
def test_damaged_posters_are_decoded_again(films_folder, artifacts, damage):
    folder = films_folder()
    (folder / "Images" / "tt03.png").write_bytes(b"beside tt03.jpg")
    dataset = open_dataset(folder, artifacts)
    before = posters(dataset, artifacts).copy()
    (path,) = artifacts.posters.glob("*.npy")
    damage(path)
    np.testing.assert_array_equal(posters(dataset, artifacts), before)
    assert list(artifacts.posters.glob("*.npy")) == [path]


def test_posters_that_are_no_longer_the_same_are_not_passed_off_as_them(films_folder, artifacts):
    folder = films_folder()
    dataset = open_dataset(folder, artifacts)
    shutil.copy(folder / "Images" / "tt01.jpg", folder / "Images" / "tt00.jpg")
    assert posters(dataset, artifacts)[0].tolist() != posters(dataset, artifacts)[1].tolist()
    before = kept_files(artifacts)
    for harm in (lambda: None, (folder / "Images" / "tt00.jpg").unlink):
        harm()
        with pytest.raises(DataError, match=f"no longer those of dataset {dataset.fingerprint}"):
            posters(dataset, artifacts, (20, 10))
    shutil.rmtree(folder)
    with pytest.raises(DataError, match="There is no folder"):
        posters(dataset, artifacts, (20, 10))
    assert kept_files(artifacts) == before


def test_films_to_score_need_no_labels_and_leave_no_trace(films_folder, artifacts):
    folder = films_folder(3)
    rows = "".join(f"tt0{number},The film of number {number}.\n" for number in range(3))
    (folder / "films.csv").write_text("Id,Overview\n" + rows)
    (folder / "Images" / "tt01.jpg").write_bytes(b"")
    read = read_films(folder, artifacts, (20, 10))
    assert read.films.ids == ("tt00", "tt02")
    assert read.films.y_true is None
    assert read.films.posters.shape == (2, 20, 10, 3)
    content = (folder / "Images" / "tt02.jpg").read_bytes()
    np.testing.assert_array_equal(read.films.posters[1], decode_poster(content, (20, 10)))
    assert read.report["rows"]["left_out"] == {"poster not readable as an image": 1}
    assert not kept_files(artifacts)


def test_labels_are_read_with_films_to_score(films_folder, artifacts):
    films = read_films(films_folder(3), artifacts).films
    assert films.y_true.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_nothing_to_score_is_an_error(films_folder, artifacts):
    folder = films_folder(1)
    (folder / "Images" / "tt00.jpg").write_bytes(b"")
    with pytest.raises(DataError, match="1 rows, of which 1 poster not readable"):
        read_films(folder, artifacts)
    change(folder, "tt00", "tt01")
    with pytest.raises(DataError, match="1 rows, of which 1 no poster"):
        read_films(folder, artifacts)


def test_threads_that_read_at_once_do_not_share_a_scratch_file(films_folder, artifacts):
    folders = [films_folder(n_films, name=str(n_films)) for n_films in range(3, 9)]
    found = {}

    def work(folder):
        found[folder.name] = read_films(folder, artifacts).films.posters.shape[0]

    threads = [threading.Thread(target=work, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {str(n_films): n_films for n_films in range(3, 9)}


@contextlib.contextmanager
def full_disk(monkeypatch, call):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(*call, fail)
        yield


@pytest.mark.parametrize(
    "call",
    [(files.os, "fsync"), (store, "write_sealed"), (files.Path, "replace")],
    ids=["flushing", "after the table", "renaming"],
)
def test_a_full_disk_harms_nothing(films_folder, artifacts, monkeypatch, call):
    kept = open_dataset(films_folder(name="others"), artifacts)
    before = kept_files(artifacts)
    folder = films_folder(30)
    with (
        full_disk(monkeypatch, call),
        pytest.raises(OSError, match="No space left on device") as caught,
    ):
        open_dataset(folder, artifacts)
    assert caught.value.errno == errno.ENOSPC
    after = kept_files(artifacts)
    assert not [name for name in after if name.endswith(".tmp")]
    assert before.items() <= after.items()
    assert same_films(kept, load_dataset(artifacts, kept.fingerprint))
    assert len(open_dataset(folder, artifacts).films) == 30


@pytest.fixture
def small_disk(tmp_path):
    """Return a file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield Artifacts(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("room", [0, 4096, 4096 * 92], ids=["none", "a block", "the posters"])
def test_a_disk_that_is_really_full(films_folder, small_disk, room):
    kept = open_dataset(films_folder(name="others"), small_disk)
    free = os.statvfs(small_disk)
    filler = small_disk.root / "filler"
    filler.write_bytes(bytes(free.f_bavail * free.f_frsize - room))
    folder = films_folder(30)
    with pytest.raises(OSError, match="No space left on device") as caught:
        open_dataset(folder, small_disk)
    assert caught.value.errno == errno.ENOSPC
    assert str(small_disk) in caught.value.filename
    assert same_films(kept, load_dataset(small_disk, kept.fingerprint))
    assert len(posters(kept, small_disk)) == 24
    filler.unlink()
    assert len(open_dataset(folder, small_disk).films) == 30
    assert not list(small_disk.root.rglob("*.tmp"))


def start(script, *arguments):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.thorough
def test_two_processes_may_open_the_same_new_dataset_at_once(films_folder, artifacts):
    folder = films_folder(60)
    both = [start(OPEN, folder, artifacts) for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in both]
    assert answers[0] == answers[1]
    dataset = load_dataset(artifacts, answers[0][0].strip())
    assert len(dataset.films) == len(posters(dataset, artifacts)) == 60
    assert not list(artifacts.root.rglob("*.tmp"))


@pytest.mark.thorough
def test_what_a_killed_opening_leaves_is_swept_away_once_it_is_old(films_folder, artifacts):
    folder = films_folder()
    process = start(KILLED, folder, artifacts)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    (leftover,) = (artifacts.posters).iterdir()
    open_dataset(folder, artifacts)
    assert leftover.exists()  # another process could still be writing it
    yesterday = time.time() - files.LEFTOVER_AGE - 1
    os.utime(leftover, (yesterday, yesterday))
    change(folder, "Film 3", "Fleur")
    open_dataset(folder, artifacts)
    assert not leftover.exists()


def find_lines(folder, choices):
    """A layout of its own: `films.lines`, and each poster where its line says."""
    if not (folder / "films.lines").is_file():
        return Missed("no films.lines")
    return Found(tuple(folder.iterdir()), lambda: read_lines(folder))


def read_lines(folder):
    rows = []
    for line in (folder / "films.lines").read_text().splitlines():
        film = json.loads(line)
        labels = bytes([film["fun"], 1 - film["fun"]])
        rows.append(Row(film["id"], film["plot"], labels, PosterFile(folder / film["id"])))
    report = ReadReport()
    report.rows.read = report.posters.read = len(rows)
    return Reading(rows, ("Fun", "No fun"), (), report, generated=False)


def test_another_layout_is_one_more_reader(tmp_path, artifacts, monkeypatch):
    folder = tmp_path / "lines"
    folder.mkdir()
    films = [{"id": f"film{n}", "plot": f"What film {n} is.", "fun": n % 2} for n in range(24)]
    (folder / "films.lines").write_text("".join(json.dumps(film) + "\n" for film in films))
    for number, film in enumerate(films):
        Image.new("RGB", (30, 45), (number, 0, 0)).save(folder / film["id"], "PNG")
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, Reader("lines", find_lines)))
    dataset = open_dataset(folder, artifacts)
    assert same_films(dataset, open_dataset(folder, artifacts))
    assert dataset.genres == ("Fun", "No fun")
    assert posters(dataset, artifacts, (20, 10))[:, 0, 0, 0].tolist() == list(range(24))


def test_an_image_of_one_film_may_be_shared_by_another(films_folder, artifacts):
    folder = films_folder()
    Image.new("RGB", (30, 45)).save(folder / "Images" / "tt00.jpg")
    shutil.copy(folder / "Images" / "tt00.jpg", folder / "Images" / "tt01.jpg")
    dataset = open_dataset(folder, artifacts)
    pixels = posters(dataset, artifacts)
    np.testing.assert_array_equal(pixels[0], pixels[1])


@pytest.mark.real_films
def test_the_real_films_are_read_whole_and_opened_at_once(real_films, artifacts):
    split_file = real_films.parent / "split.csv"
    dataset = open_dataset(real_films, artifacts, split_file=split_file)
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        again = open_dataset(real_films, artifacts, split_file=split_file)
        posters(again, artifacts)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.5
    assert same_films(dataset, again)
    assert dataset.report["rows"] == {"read": 5688, "used": 5688, "left_out": {}, "examples": {}}
    assert dataset.report["posters"]["left_out"] == {"no row in the table": 57}
    assert dataset.report["notes"] == {
        "overviews cut short (fewer than 4 words), used": 30,
        "films that share their overview with another, used": 12,
        "genres without a film, kept as columns": 4,
    }
    assert [len(dataset.rows(part)) for part in SPLITS] == [3975, 860, 853]
