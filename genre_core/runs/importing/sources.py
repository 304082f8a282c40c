"""What a file or folder from elsewhere is, and its import by the right reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.runs.importing import archive, event_files, histories, mlflow_store, scores, write
from genre_core.runs.importing.notebook import ENDING as NOTEBOOK
from genre_core.runs.importing.write import About

Kind = Literal["archive", "events", "history", "mlflow", "notebook", "scores"]
KINDS: dict[Kind, str] = {
    "notebook": "an executed notebook",
    "history": "a history",
    "events": "event files of TensorBoard",
    "mlflow": "an MLflow store",
    "archive": "a run of Marquee",
    "scores": "scores",
}
EXPECTED = (
    f"Expected a notebook ({NOTEBOOK}), a history ({', '.join(histories.ENDINGS)}), scores "
    f"({', '.join(scores.ENDINGS)}), a run of Marquee ({archive.ENDING}), event files of "
    "TensorBoard or an MLflow store."
)


@dataclass(frozen=True)
class Source:
    """A file or folder from elsewhere.

    Attributes:
        path: where it is.
        kind: what it is.
    """

    path: Path
    kind: Kind


def source_of(path: Path, *, is_scores: bool = False) -> Source:
    """Return what a file or folder is, by its name and how it begins.

    Args:
        path: the file or folder.
        is_scores: whether a table without ids is scores rather than a history.

    Raises:
        DataError: it is nothing that can be imported.
    """
    if mlflow_store.store_of(path) is not None:
        return Source(path, "mlflow")
    if event_files.event_files(path):
        return Source(path, "events")
    ending = path.suffix.lower()
    if path.is_dir():
        raise DataError(f"The folder '{path}' holds nothing that can be imported. {EXPECTED}")
    if ending == NOTEBOOK:
        return Source(path, "notebook")
    if ending == archive.ENDING:
        return Source(path, "archive")
    if ending in scores.ENDINGS and (is_scores or scores.has_scores(path)):
        return Source(path, "scores")
    if ending in histories.ENDINGS:
        return Source(path, "history")
    raise DataError(f"'{path}' ends in '{ending}'. {EXPECTED}")


def import_source(
    source: Source, artifacts: Artifacts, dataset: Dataset | None, about: About
) -> dict[str, Any]:
    """Import a source and return what was made.

    Args:
        source: what is imported.
        artifacts: the folder of runs.
        dataset: the films that it is about; None if they are not known.
        about: what is said of it.

    Returns:
        "runs": see `write.made_of`; "left_out": sentences on what was not imported.

    Raises:
        DataError: it cannot be read, or does not fit the films.
        PackageError: an optional package is missing.
        RunError: another run has the id of one in an archive.
    """
    if source.kind != "scores":
        _refuse_options(source, about)
    return IMPORTS[source.kind](source.path, artifacts, dataset, about)


def _refuse_options(source: Source, about: About) -> None:
    """Raise a DataError if something is said that only scores can have."""
    said: Mapping[str, object] = {
        "--history": about.history,
        "--ids": about.ids,
        "--trained-on": about.trained_on,
        "--logits": about.reading.is_logits,
        "--partial": about.reading.is_partial,
        "--in-order": about.reading.in_order,
    }
    given = [option for option, value in said.items() if value]
    if given:
        raise DataError(
            f"'{source.path}' is {KINDS[source.kind]}, for which {', '.join(given)} means nothing. "
            "Expected scores of films. Leave it out."
        )


Import = Callable[[Path, Artifacts, Dataset | None, About], dict[str, Any]]
Read = Callable[[Path], Sequence[histories.History]]


def _histories(read: Read) -> Import:
    return lambda path, artifacts, dataset, about: write.import_histories(
        read(path), path, artifacts, dataset, about
    )


def _archive(
    path: Path, artifacts: Artifacts, dataset: Dataset | None, about: About
) -> dict[str, Any]:
    runs = archive.import_archive(path, artifacts)
    return {"runs": [write.made_of(run) for run in runs], "left_out": []}


def _of_store(path: Path) -> Sequence[histories.History]:
    return mlflow_store.read_mlflow(mlflow_store.store_of(path) or path)


IMPORTS: dict[Kind, Import] = {
    "notebook": write.import_notebook,
    "history": _histories(histories.read_histories),
    "events": _histories(event_files.read_event_files),
    "mlflow": _histories(_of_store),
    "archive": _archive,
    "scores": write.import_scores,
}
