"""From a table and the posters beside it to films that passed every check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

from genre_core.data.film_keys import loose
from genre_core.data.films import INPUTS, SPLITS
from genre_core.data.poster_files import PosterFile
from genre_core.data.readers import texts
from genre_core.data.readers.columns import Roles, folded, near_miss, roles_of
from genre_core.data.readers.labels import genre_columns
from genre_core.data.readers.lists import lists_of, note_contradictions
from genre_core.data.readers.poster_index import Posters, file_name, match, n_matched
from genre_core.data.readers.reading import (
    COLUMN_OPTIONS,
    ROW_LEFT_OUT,
    UNSAID,
    Choices,
    Column,
    Reading,
    Row,
    Table,
)
from genre_core.data.report import ReadReport, Tally, printable
from genre_core.errors import DataError

SAFE_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
NUMBERED = "row number"  # what the ids are where a table has none
N_SHOWN = 12  # names of columns in a message
TOLD = ("overview", "title", "year", "split", "poster")  # roles that a report names


@dataclass(frozen=True)
class Named:
    """What of a table says which film a row is about.

    Attributes:
        column: name of the column, or `NUMBERED`.
        ids: id of each row.
        files: name of the file of each film's poster; none if no column says it.
    """

    column: str
    ids: list[str]
    files: list[str]


@dataclass(frozen=True)
class _Films:
    """A table of films whose columns were understood.

    Attributes:
        table: its rows of the right form.
        roles: what its columns are about.
        named: the ids of its rows.
        choices: what is decided instead of by the reader.
        report: counts so far.
    """

    table: Table
    roles: Roles
    named: Named
    choices: Choices
    report: ReadReport


def films_of(
    table: Table,
    posters: Posters | None,
    choices: Choices,
    report: ReadReport,
    *,
    is_sure: bool = True,
) -> Reading:
    """Return the films of a table.

    Args:
        table: its rows of the right form.
        posters: that can be used; None if there are none.
        choices: what is decided instead of by the reader.
        report: counts so far.
        is_sure: whether the posters are meant as such, not merely images that lie there.

    Raises:
        DataError: neither overviews nor posters are there, or a chosen column is not.
    """
    if choices.inputs == "overview":
        posters = None
        _forget_posters(report)
    roles = roles_of(table.name, table.header, choices)
    films = _Films(table, roles, _named(table, roles, posters), choices, report)
    if posters is not None and is_sure and films.named.column == NUMBERED:
        raise DataError(_without_ids(films))
    found = match(posters, films.named.ids, films.named.files, report) if posters else {}
    overviews = [texts.present(cell) for cell in table.cells(roles.overview)]
    if posters is not None and not is_sure and choices.inputs != "poster":
        is_of_few = any(overviews) and 2 * len(found) < len(table.lines)
        if not found or is_of_few:
            _set_aside(posters, len(found), report)
            posters = None
    inputs = _inputs(films, overviews, posters)
    columns, others = _labels(films)
    rows = _checked(films, columns, found, overviews, inputs)
    if posters is not None:
        _count_the_rest(films, posters, rows)
    _describe(films, inputs)
    genres = tuple(column.name for column in columns)
    return Reading(rows, genres, others, report, inputs=inputs)


def _forget_posters(report: ReadReport) -> None:
    report.posters = Tally()
    report.notes = {note: n for note, n in report.notes.items() if not note.startswith("posters ")}


def _without_ids(films: _Films) -> str:
    near = near_miss("id", films.table.header, [films.roles.overview, films.roles.genres])
    hint = f" Did you mean --id '{printable(near)}'?" if near else ""
    return (
        f"'{films.table.name}' has no column Id, by which posters are found. Its columns are: "
        f"{_shown(films.table)}.{hint} Name it with --id COLUMN, or use --inputs overview."
    )


def _named(table: Table, roles: Roles, posters: Posters | None) -> Named:
    """Return the ids of the rows: of the column that names most posters, or that comes first."""
    files = [texts.present(cell) for cell in table.cells(roles.poster)]
    columns = {column: table.cells(column) for column in roles.ids}
    if posters and len(posters) and len(columns) > 1:
        n_posters = {column: n_matched(posters, ids) for column, ids in columns.items()}
        best = max(columns, key=lambda column: n_posters[column])
        return Named(best, columns[best], files)
    for column, ids in columns.items():
        return Named(column, ids, files)
    if files:
        stems = [file_name(cell).rpartition(".")[0] or cell for cell in files]
        return Named(roles.poster, stems, files)
    return Named(NUMBERED, [str(number + 1) for number in range(len(table.lines))], [])


def _set_aside(posters: Posters, n_found: int, report: ReadReport) -> None:
    """Forget images that few films have or none, with a remark that they are there."""
    example = printable(posters.places()[0].name) if len(posters) else "none that can be read"
    _forget_posters(report)
    whose = f"of {n_found:,} films only" if n_found else "of no film by their names"
    report.remarks.append(
        f"{len(posters):,} images beside the table are {whose} (such as {example}) and are not "
        "used; if they are posters, name their folder with --posters, and the column of their "
        "names with --id"
    )


def _inputs(films: _Films, overviews: Sequence[str], posters: Posters | None) -> tuple[str, ...]:
    """Return what of the films is used.

    Raises:
        DataError: it is not there, or nothing is.
    """
    choices, report = films.choices, films.report
    has = {"poster": posters is not None, "overview": any(overviews)}
    used = tuple(one for one in INPUTS if has[one] and choices.inputs in ("", one))
    if not used:
        raise DataError(_nothing(films, has))
    if not has["overview"] and not choices.inputs:
        why = _why_no_overviews(films.table, films.roles)
        report.remarks.append(f"no overviews: {why}; only poster models can be trained")
    if not has["poster"] and not choices.inputs:
        report.remarks.append(
            "no posters: no image was found; only overview models can be trained. Name a folder of "
            "posters with --posters"
        )
    return used


def _why_no_overviews(table: Table, roles: Roles) -> str:
    if roles.overview:
        return f"every cell of the column '{printable(roles.overview)}' is empty"
    near = near_miss("overview", table.header, [*roles.ids, roles.genres])
    option = COLUMN_OPTIONS["overview"]
    hint = f"did you mean {option} '{printable(near)}'?" if near else f"name it with {option}"
    return f"no column of that name ({hint})"


def _nothing(films: _Films, has: dict[str, bool]) -> str:
    """Return why nothing of the films can be used."""
    table, roles, choices = films.table, films.roles, films.choices
    if choices.inputs:
        what = "poster" if choices.inputs == "poster" else "overview"
        there = next((one for one in INPUTS if has[one]), "")
        way = f"Use --inputs {there}, or leave it out." if there else ""
        return f"'{table.name}' has no {what}s, which are required here. {way}".strip()
    lacks = [] if roles.ids else ["no column Id"]
    lacks += [] if roles.overview else ["no column Overview"]
    lacks += ["no overview that is not empty"] if roles.overview else []
    near = near_miss("overview", table.header)
    hint = f" Did you mean --overview '{printable(near)}'?" if near and not roles.overview else ""
    return (
        f"'{table.name}' has {' and '.join(lacks)}. Its columns are: {_shown(table)}.{hint} No "
        "posters were found either, so there is nothing to predict genres from. Name columns with "
        "--id and --overview, and a folder of posters with --posters."
    )


def _shown(table: Table) -> str:
    return printable(", ".join(table.header[:N_SHOWN])) or "none"


def _labels(films: _Films) -> tuple[list[Column], tuple[str, ...]]:
    """Return the columns of genres, and the names of those that are about nothing known."""
    table, roles, choices, report = films.table, films.roles, films.choices, films.report
    known = [name for name in (*roles.ids, roles.overview, roles.title, roles.year) if name]
    known += [name for name in (roles.split, roles.poster) if name]
    lists = lists_of(table.header, table.lines, roles.genres) if roles.genres else None
    is_list = bool(lists) and choices.genres == (roles.genres,)
    columns, others = genre_columns(
        table.header,
        table.lines,
        report,
        known=(*known, *([lists.name] if lists else [])),
        lists=lists,
        wanted=() if is_list else choices.genres,
        is_list=is_list,
    )
    if lists and {column.name for column in columns} <= set(table.header):
        note_contradictions(lists, columns, films.named.ids, report)
    if roles.genres and not lists and not columns:
        report.remarks.append(f"the column '{printable(roles.genres)}' lists no genres")
    return columns, others


def _checked(
    films: _Films,
    columns: Sequence[Column],
    posters: dict[str, PosterFile],
    overviews: Sequence[str],
    inputs: Sequence[str],
) -> list[Row]:
    """Return the rows that pass every check; each other row is counted under one reason."""
    table, roles = films.table, films.roles
    titles = table.cells(roles.title) or repeat("")
    years = table.cells(roles.year) or repeat("")
    parts = _parts(table.cells(roles.split), roles.split, films.report) or repeat("")
    by_row = zip(*(column.labels for column in columns), strict=True) if columns else repeat(())
    written = overviews if "overview" in inputs else repeat("")
    rows: dict[str, Row] = {}
    for film, overview, labels, title, year, part in zip(
        films.named.ids, written, by_row, titles, years, parts, strict=False
    ):
        reason = "duplicate id" if film in rows else _rejection(film, labels)
        if reason is None and "overview" in inputs and not overview:
            reason = "empty overview"
        if reason is None and "poster" in inputs and film not in posters:
            reason = "no poster"
        if reason:
            films.report.rows.leave_out(reason, film)
            continue
        name, number = texts.title_and_year(title, year)
        poster = posters.get(film) if "poster" in inputs else None
        rows[film] = Row(film, overview, bytes(labels), poster, name, number, part)
    return list(rows.values())


def _rejection(film: str, labels: Sequence[int]) -> str | None:
    if not SAFE_ID.fullmatch(film):
        return "unusable id"
    if UNSAID in labels:
        return "no labels" if set(labels) == {UNSAID} else "label other than 0 or 1"
    return None


def _parts(cells: Sequence[str], column: str, report: ReadReport) -> list[str]:
    """Return the part of the split of each row; none if the column is no split."""
    parts = [texts.part_of(cell) for cell in cells]
    if not {SPLITS[0], SPLITS[-1]} <= set(parts):
        if cells:
            report.remarks.append(
                f"the column '{printable(column)}' does not say which films train and test; the "
                "split is made here"
            )
        return []
    return parts


def _count_the_rest(films: _Films, posters: Posters, rows: Sequence[Row]) -> None:
    """Count the posters of films that are not used."""
    used = {row.poster for row in rows}
    names = [file_name(cell).rpartition(".")[0] for cell in films.named.files]
    rejected = _rejected_ids(films.table, films.named)
    known = set(map(loose, [*films.named.ids, *names, *rejected]))
    for stem, place in posters.by_stem.items():
        if place not in used:
            reason = ROW_LEFT_OUT if loose(stem) in known else "no row in the table"
            films.report.posters.leave_out(reason, place.name)


def _rejected_ids(table: Table, named: Named) -> list[str]:
    """Return the ids of rows that are not of the right form, as far as they have one."""
    if named.column not in table.header:
        return []
    place = table.header.index(named.column)
    return [row[place].strip() for row in table.rejected if place < len(row)]


def _describe(films: _Films, inputs: tuple[str, ...]) -> None:
    """Say which columns are what, but for those that are called like what they are."""
    told = [role for role in TOLD if role != "poster" or "poster" in inputs]
    columns = {"id": films.named.column, **{role: getattr(films.roles, role) for role in told}}
    films.report.columns = {
        role: name for role, name in columns.items() if name and folded(name) != folded(role)
    }
    films.report.inputs = inputs
