import errno
import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from genre_core import files
from genre_core.files import (
    array_text,
    atomic_write,
    keep,
    map_array,
    read_arrays,
    read_json,
    read_sealed,
    remove_leftovers,
    scratch_file,
    sha256,
    sha256_cached,
    text_array,
    write_arrays,
    write_json,
    write_sealed,
)

# Writers are forked from one process of its own, as starting Python twenty times takes long.
KILL_WRITERS = """
import os, pathlib, random, signal, sys, time
from genre_core.files import atomic_write

path, is_atomic = pathlib.Path(sys.argv[1]), sys.argv[2] == "atomic"
versions = [letter * 2_000_000 for letter in (b"a", b"b")]

def write(content):
    if not is_atomic:
        path.write_bytes(content)
        return
    with atomic_write(path) as file:
        file.write(content)

def killed_writer():
    child = os.fork()
    while child == 0:
        for content in versions:
            write(content)
    time.sleep(random.uniform(0.002, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

write(versions[0])
n_torn = 0
for _ in range(20):
    killed_writer()
    n_torn += path.read_bytes() not in versions
print(n_torn)
"""


def torn_files(path, kind):
    command = [sys.executable, "-c", KILL_WRITERS, str(path), kind]
    return int(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)


@pytest.mark.thorough
def test_a_kill_leaves_the_old_or_the_new_file_whole(tmp_path):
    assert torn_files(tmp_path / "file", "atomic") == 0


@pytest.mark.thorough
def test_a_plain_write_is_torn_by_the_same_kills(tmp_path):
    assert torn_files(tmp_path / "file", "plain") > 0


def test_an_atomic_write_makes_folders_and_replaces(tmp_path):
    path = tmp_path / "new" / "folder" / "file"
    for content in (b"first", b"second"):
        with atomic_write(path) as file:
            file.write(content)
            assert not path.exists() or path.read_bytes() == b"first"
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def write():
        with atomic_write(path) as file:
            file.write(b"new")
            raise error

    with pytest.raises(error):
        write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_says_where_and_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "value.json"
    write_json(path, "old")

    def fail(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="No space left on device") as caught:
        write_json(path, "new")
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(tmp_path)
    assert read_json(path) == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110
def test_arrays_on_a_full_disk_keep_the_error_number(tmp_path, monkeypatch):
    """NumPy alone says how many items it wrote and not why."""
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "full")
    opened = files.Path.open

    def open_full(path, mode):
        return opened(files.Path("/dev/full"), "r+b" if mode == "x+b" else mode)

    monkeypatch.setattr(files.Path, "open", open_full)
    with (
        pytest.raises(OSError, match="No space left on device") as caught,
        atomic_write(tmp_path / "array.npy") as file,
    ):
        np.save(file, np.zeros(1_000_000))
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_umask_decides_who_may_read(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        write_json(tmp_path / "value.json", 1)
    finally:
        os.umask(before)
    assert (tmp_path / "value.json").stat().st_mode & 0o777 == mode


def test_a_scratch_file_is_kept_under_a_name_that_is_known_late(tmp_path):
    with scratch_file(tmp_path) as file:
        file.write(b"content")
        keep(file, tmp_path / "name")
    with scratch_file(tmp_path) as file:
        file.write(b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["name"]
    assert (tmp_path / "name").read_bytes() == b"content"


def test_only_old_scratch_files_are_leftovers(tmp_path):
    for name in (".old.tmp", ".new.tmp", "old.tmp", ".old"):
        (tmp_path / name).touch()
        if "old" in name:
            os.utime(tmp_path / name, (0, time.time() - files.LEFTOVER_AGE - 1))
    remove_leftovers(tmp_path)
    remove_leftovers(tmp_path / "nowhere")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new.tmp", ".old", "old.tmp"]


@pytest.mark.parametrize("value", [{"é": [1, 0.1, None]}, os.fsdecode(b"/films \xff"), []])
def test_json_comes_back(tmp_path, value):
    write_json(tmp_path / "value.json", value)
    assert read_json(tmp_path / "value.json") == value


def test_json_has_no_nan(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "value.json", float("nan"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_what_is_no_json_is_a_value_error(tmp_path, content):
    (tmp_path / "value.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        read_json(tmp_path / "value.json")


def test_arrays_come_back_bit_by_bit(tmp_path):
    path = tmp_path / "arrays.npz"
    arrays = {"weights/0": np.array([0.1, np.nan, -0.0], np.float32), "empty": np.zeros((0, 3))}
    write_arrays(path, {**arrays, "history": text_array([{"epoch": 1}])})
    found = read_arrays(path)
    assert array_text(found.pop("history")) == [{"epoch": 1}]
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].tobytes() == array.tobytes()


def damaged(content, kind):
    middle = len(content) // 2
    return {
        "empty": b"",
        "cut short": content[:middle],
        "one bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "no archive": b"\x93NUMPY\x01\x00",
        "text": json.dumps([1, 2]).encode(),
    }[kind]


@pytest.mark.parametrize("kind", ["empty", "cut short", "one bit", "no archive", "text"])
def test_damaged_arrays_are_a_value_error(tmp_path, kind):
    path = tmp_path / "arrays.npz"
    write_arrays(path, {"weights": np.arange(1000)})
    path.write_bytes(damaged(path.read_bytes(), kind))
    with pytest.raises(ValueError, match=r"not a valid .npz file"):
        read_arrays(path)


@pytest.mark.parametrize("kind", ["empty", "cut short", "no archive", "text"])
def test_a_damaged_mapped_array_is_a_value_error(tmp_path, kind):
    path = tmp_path / "array.npy"
    np.save(path, np.arange(1000))
    assert map_array(path)[-1] == 999
    path.write_bytes(damaged(path.read_bytes(), kind))
    with pytest.raises(ValueError, match=r"."):
        map_array(path)


def test_nothing_is_unpickled(tmp_path):
    objects = np.array([{}], dtype=object)
    np.save(tmp_path / "array.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "arrays.npz", objects=objects)
    with pytest.raises(ValueError, match="Python objects"):
        map_array(tmp_path / "array.npy")
    with pytest.raises(ValueError, match="Object arrays"):
        read_arrays(tmp_path / "arrays.npz")


def test_a_cached_hash_follows_the_file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"one")
    first = sha256_cached(path)
    assert first == sha256(path) == sha256_cached(path)
    path.write_bytes(b"two")
    os.utime(path, (0, 0))
    assert sha256_cached(path) == sha256(path) != first


def test_a_sealed_object_that_was_changed_is_refused(tmp_path):
    path = tmp_path / "kept.json"
    write_sealed(path, {"b": [0.1, 2], "a": {1: "é"}})
    assert read_sealed(path, is_required=True) == {"b": [0.1, 2], "a": {"1": "é"}}
    whole = path.read_text()
    path.write_text(whole.replace("0.1", "0.2"))
    with pytest.raises(ValueError, match="its checksum does not match"):
        read_sealed(path)
    path.write_text('{"b": 1}')
    assert read_sealed(path) == {"b": 1}  # of an earlier version, or of another program
    with pytest.raises(ValueError, match="it has no checksum"):
        read_sealed(path, is_required=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a": NaN}', "contains NaN"),
        ("[Infinity]", "contains Infinity"),
        ("9" * 10_000, "Exceeds the limit"),
        ("", "Expecting value"),
        ("{", "Expecting property name"),
    ],
    ids=["deep", "NaN", "infinity", "digits", "empty", "torn"],
)
def test_what_is_no_plain_json_is_refused(tmp_path, text, problem):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ValueError, match=problem):
        read_json(tmp_path / "x.json")
