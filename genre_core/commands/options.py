"""Options that several commands have, and what they turn into."""

from __future__ import annotations

import contextlib
import functools
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from genre_core.artifacts import Artifacts
from genre_core.commands import printing
from genre_core.commands.printing import notes
from genre_core.data import opening
from genre_core.data.films import INPUTS, Dataset
from genre_core.data.opening import remembered_choices
from genre_core.data.readers import BY_THE_READER
from genre_core.data.readers.reading import Choices
from genre_core.data.report import report_lines
from genre_core.errors import DEFAULT_ARTIFACTS, DataError
from genre_core.runs import thresholds
from genre_core.runs.thresholds import FORMER_RULES
from genre_core.sample import generate_sample

SAMPLE = "sample"  # folder of the embedded sample in the artifacts folder


class Folder(click.Path):
    """An artifacts folder; it need not be there yet."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Artifacts:
        """Return the folder as a handle."""
        return Artifacts(Path(os.fsdecode(super().convert(value, param, ctx))))


artifacts_option = click.option(
    "--artifacts",
    type=Folder(file_okay=False),
    default=DEFAULT_ARTIFACTS,
    show_default=True,
    help="Folder of datasets and runs.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
split_option = click.option(
    "--split",
    "split_file",
    type=click.Path(path_type=Path),
    help="Table with Id,split, or JSON with ids by part, to take instead of another split.",
)
READING = (  # how films are read, on every command that reads some
    click.option(
        "--id",
        "id_column",
        metavar="COLUMN",
        default="",
        help="Column of the ids, by which posters are called too; found by its name by default.",
    ),
    click.option(
        "--overview",
        "overview_column",
        metavar="COLUMN",
        default="",
        help="Column of the overviews; found by its name by default.",
    ),
    click.option(
        "--title",
        "title_column",
        metavar="COLUMN",
        default="",
        help="Column of the titles; found by its name by default.",
    ),
    click.option(
        "--genres",
        metavar="COLUMN|A,B,...",
        default="",
        help="Column that lists the genres of each film, or the genres to use: columns of 0 and 1 "
        "or listed names; by default all of them.",
    ),
    click.option(
        "--posters",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Folder of the posters; looked for beside the table by default.",
    ),
    click.option(
        "--inputs",
        type=click.Choice(INPUTS),
        help="Use posters or overviews only; by default what there is.",
    ),
    click.option(
        "--encoding",
        help="Encoding of the table, such as utf-8 or cp1251; detected by default.",
    ),
    click.option(
        "--detect",
        is_flag=True,
        help="Ignore the options that were given when the films were last read.",
    ),
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="The same seed, the same result.",
)
descriptor_option = click.option(
    "--lock-descriptor",
    type=int,
    hidden=True,
    help="The training lock, taken by the process that started this one.",
)
data_argument = click.argument("data", type=click.Path(path_type=Path))


class Threshold(click.ParamType[float | str]):
    """A number in [0, 1], a rule that is tuned on validation films, or a saved name."""

    name = "threshold"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """Return the number, the key of the rule, or the name."""
        try:
            number = float(value)
        except ValueError:
            return _rule(str(value))
        if not 0 <= number <= 1:
            self.fail(f"'{value}' is no threshold in [0, 1].", param, ctx)
        return number


def threshold_option(default: float | str) -> Callable[[Any], Any]:
    """Return the option for what turns scores into predictions."""
    return click.option(
        "--threshold",
        type=Threshold(),
        default=default,
        show_default=True,
        help="Predict from this score on; 'tuned' takes the score with the best micro-F1 on "
        "validation films, 'tuned-per-genre' for each genre the one with its best F1; any other "
        "word is the name of saved thresholds ('saved:NAME' where it is that of a rule).",
    )


def _rule(word: str) -> str:
    """Return the key of a rule; another word as it is."""
    if word in FORMER_RULES:
        now = thresholds.word(FORMER_RULES[word])
        notes.print(f"note: '--threshold {word}' is now '--threshold {now}'.", markup=False)
        return FORMER_RULES[word]
    return thresholds.KEYS.get(word, word)


@contextlib.contextmanager
def stoppable(way_on: str) -> Iterator[None]:
    """Turn Ctrl-C into a word on how to go on.

    Args:
        way_on: what goes on where it was stopped.
    """
    try:
        yield
    except KeyboardInterrupt:
        notes.print(f"Stopped. Go on with {way_on}.", markup=False, soft_wrap=True)
        sys.exit(130)


def checked_output(path: Path, data: Path) -> None:
    """Raise a DataError where writing a file would change the films or replace another file.

    Args:
        path: What is to be written; a pipe or a terminal is always fine.
        data: Folder of the films that are read.
    """
    target, source = path.resolve(), data.resolve()
    if target.is_relative_to(source):
        raise DataError(
            f"'{path}' lies in the folder of the films '{data}', where nothing is written. "
            f"Expected a file elsewhere, such as {path.name} in another folder."
        )
    if target.is_file():
        raise DataError(
            f"'{path}' exists already and is not overwritten. Choose another name, or remove it "
            "first."
        )


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options on how films are read; a command gets them as `choices`, None for none."""

    @functools.wraps(command)
    def collected(
        *,
        id_column: str,
        overview_column: str,
        title_column: str,
        genres: str,
        posters: Path | None,
        inputs: str | None,
        encoding: str | None,
        detect: bool,
        **others: Any,
    ) -> Any:
        chosen = Choices(
            genres=tuple(filter(None, map(str.strip, genres.split(",")))),
            encoding=encoding,
            id=id_column,
            overview=overview_column,
            title=title_column,
            posters=str(posters.resolve()) if posters else "",
            inputs=inputs or "",
        )
        is_said = detect or chosen != BY_THE_READER
        return command(choices=chosen if is_said else None, **others)

    return functools.reduce(lambda done, option: option(done), reversed(READING), collected)


def settled(choices: Choices | None, data: Path, artifacts: Artifacts) -> Choices:
    """Return how films are read: as is said, or else as when they were last read."""
    if choices is not None:
        return choices
    before = remembered_choices(data, artifacts)
    if before != BY_THE_READER:
        notes.print(
            f"note: options of the last reading are used: {shlex.join(before.words())} "
            "(--detect ignores them)",
            markup=False,
            soft_wrap=True,
        )
    return before


def open_films(
    data: Path,
    artifacts: Artifacts,
    split_file: Path | None,
    choices: Choices | None = None,
) -> Dataset:
    """Return the films of a folder or a table, with a progress bar while posters are decoded."""
    chosen = settled(choices, data, artifacts)
    with printing.PosterProgress() as progress:
        return opening.open_dataset(
            data, artifacts, split_file=split_file, choices=chosen, progress=progress
        )


def print_report(report: Mapping[str, Any]) -> None:
    """Print what a reader did with the films, as every command does that reads some."""
    for line in report_lines(report):
        notes.print(line, markup=False, highlight=False, soft_wrap=True)


def sample_folder(artifacts: Artifacts) -> Path:
    """Return the folder of the embedded sample, generated at the first call."""
    folder = artifacts.sample
    if not folder.exists():
        notes.print("No --data given: generating a sample of films", markup=False)
        generate_sample(folder)
    return folder
