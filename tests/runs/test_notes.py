"""What people write about runs."""

from genre_core.artifacts import Artifacts
from genre_core.runs.notes import Note, read_note, write_note


def test_a_note_comes_back_as_written(tmp_path):
    note = Note("my *best* run", "line one\nline two: ümläut")
    write_note(Artifacts(tmp_path), "run-1", note)
    assert read_note(Artifacts(tmp_path), "run-1") == note
    assert read_note(Artifacts(tmp_path), "run-2") == Note()
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["run-1.json"]


def test_an_empty_note_leaves_no_file(tmp_path):
    write_note(Artifacts(tmp_path), "run-1", Note("name"))
    write_note(Artifacts(tmp_path), "run-1", Note())
    assert list((tmp_path / "notes").iterdir()) == []
    assert read_note(Artifacts(tmp_path), "run-1") == Note()


def test_a_garbled_note_says_so_and_can_be_written_anew(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "run-1.json").write_text("[1, 2")
    assert "cannot be read" in read_note(Artifacts(tmp_path), "run-1").problem
    write_note(Artifacts(tmp_path), "run-1", Note("mended"))
    assert read_note(Artifacts(tmp_path), "run-1") == Note("mended")
