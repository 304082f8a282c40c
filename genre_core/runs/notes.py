"""Owner of `artifacts/notes/`: the name and the note that people give a run.

They lie beside the run folders, never inside one: a finished run is not changed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from genre_core.artifacts import Artifacts
from genre_core.files import read_json, write_json


@dataclass(frozen=True)
class Note:
    """What people say of a run.

    Attributes:
        name: how it is called on pages; an empty one leaves the model's name.
        text: anything worth keeping.
        problem: why the file could not be read, else an empty string.
    """

    name: str = ""
    text: str = ""
    problem: str = ""


def read_note(artifacts: Artifacts, run_id: str) -> Note:
    """Return the note of a run; an empty one if there is none."""
    path = _path(artifacts, run_id)
    try:
        value = read_json(path)
        return Note(str(value["name"]), str(value["text"]))
    except FileNotFoundError:
        return Note()
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Note(problem=f"'{path}' cannot be read ({error}); remove it or write a new note")


def write_note(artifacts: Artifacts, run_id: str, note: Note) -> None:
    """Keep the note of a run; an empty one is removed."""
    if not note.name and not note.text:
        _path(artifacts, run_id).unlink(missing_ok=True)
        return
    values = asdict(note)
    del values["problem"]
    write_json(_path(artifacts, run_id), values)


def _path(artifacts: Artifacts, run_id: str) -> Path:
    return artifacts.notes / f"{run_id}.json"
