"""Owner of `artifacts/notes/`: names and notes that users give to runs.

They are stored outside the run folders, because a finished run is never changed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from genre_core.artifacts import Artifacts
from genre_core.files import read_sealed, write_sealed


@dataclass(frozen=True)
class Note:
    """The name and note of a run.

    Attributes:
        name: name shown on pages; empty for the label of the model.
        text: free text.
        problem: reason why the file could not be read, else an empty string.
    """

    name: str = ""
    text: str = ""
    problem: str = ""


def read_note(artifacts: Artifacts, run_id: str) -> Note:
    """Return the note of a run; an empty note if there is none."""
    path = _path(artifacts, run_id)
    try:
        value = read_sealed(path)
        return Note(str(value["name"]), str(value["text"]))
    except FileNotFoundError:
        return Note()
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Note(problem=f"'{path}' cannot be read ({error}). Remove it or save a new note")


def write_note(artifacts: Artifacts, run_id: str, note: Note) -> None:
    """Save the note of a run; an empty note is removed."""
    if not note.name and not note.text:
        _path(artifacts, run_id).unlink(missing_ok=True)
        return
    values = asdict(note)
    del values["problem"]
    write_sealed(_path(artifacts, run_id), values)


def _path(artifacts: Artifacts, run_id: str) -> Path:
    return artifacts.notes / f"{run_id}.json"
