"""Kept values are used only for what they were made for."""

import shutil

import pytest

from genre_core import caches


@pytest.mark.parametrize("value", [{"figure": 1}, [1, 2], "text"])
def test_a_kept_value_comes_back(tmp_path, value):
    caches.keep(tmp_path / "one.json", "figures 1", value)
    assert caches.recalled(tmp_path / "one.json", "figures 1", lambda kept: kept) == value


def test_a_copy_under_another_name_and_another_schema_are_made_again(tmp_path, caplog):
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    caches.keep(one, "figures 1", 1)
    shutil.copy(one, other)
    assert caches.recalled(other, "figures 1", int) is None
    assert "its name is 'one.json', expected 'other.json'" in caplog.text
    assert caches.recalled(one, "figures 2", int) is None
    assert "its schema is 'figures 1', expected 'figures 2'" in caplog.text


def test_a_copied_seal_does_not_vouch_for_another_file(tmp_path):
    one, other = tmp_path / "one.npy", tmp_path / "other.npy"
    one.write_bytes(b"one")
    caches.seal(one)
    assert caches.is_sealed(one)
    shutil.copy(one, other)
    shutil.copy(caches.beside(one), caches.beside(other))
    assert not caches.is_sealed(other)
