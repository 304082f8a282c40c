"""Which posters lie where, and which film each is of."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from genre_core.data.decoding import ENDINGS, SUFFIXES
from genre_core.data.film_keys import by_loose, loose
from genre_core.data.poster_files import POSTER_FOLDER, PosterFile
from genre_core.data.report import ReadReport, printable

SYSTEM_FILES = ("thumbs.db", "desktop.ini")  # besides those that begin with a dot or underscore
NOT_NAMED = "not named by an id with the ending of an image, such as <Id>.jpg"
OUTSIDE = "poster lies outside the folder"
DEEPEST = 3  # levels of folders below that of the films
IMAGE_ENDINGS = frozenset(ENDINGS)


def is_of_a_system(path: Path) -> bool:
    """Return whether a file is one that macOS or Windows writes beside those of people."""
    return path.name.startswith((".", "_")) or path.name.casefold() in SYSTEM_FILES


@dataclass(frozen=True)
class PosterFolder:
    """A folder of posters.

    Attributes:
        root: the folder.
        is_sure: whether it is meant for posters, not merely a folder with images in it.
        files: everything that lies in it and in the folders below.
    """

    root: Path
    is_sure: bool
    files: tuple[Path, ...]


def poster_folder(source: Path, chosen: str = "") -> PosterFolder | None:
    """Return the posters of a folder of films; None if it has no images.

    Args:
        source: the folder; its `Images` is taken where it has one.
        chosen: a folder to take instead.
    """
    images = Path(chosen) if chosen else source / POSTER_FOLDER
    if images.is_dir():
        return PosterFolder(images, is_sure=True, files=tuple(_below(images, DEEPEST)))
    # A folder counts whole where an image lies in it, so that what is no image is named too.
    files: list[Path] = []
    for folder in _folders(source, DEEPEST):
        inside = [Path(one.path) for one in _entries(folder) if not _is_folder(one)]
        images_inside = [path for path in inside if path.suffix.casefold() in IMAGE_ENDINGS]
        files += images_inside if folder == source else inside if images_inside else []
    return PosterFolder(source, is_sure=False, files=tuple(files)) if files else None


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:  # which knows what is a folder without looking again
        return sorted(entries, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Yield what lies in a folder and in those below it; a folder called like an image is one."""
    for entry in _entries(folder):
        path = Path(entry.path)
        if _is_folder(entry) and depth and path.suffix.casefold() not in IMAGE_ENDINGS:
            yield from _below(path, depth - 1)
        else:
            yield path


def _folders(folder: Path, depth: int) -> Iterator[Path]:
    yield folder
    if depth:
        for entry in _entries(folder):
            if _is_folder(entry) and not entry.name.startswith((".", "_")):
                yield from _folders(Path(entry.path), depth - 1)


@dataclass
class Posters:
    """Posters that can be used, by the name that a film has.

    Attributes:
        by_stem: by the name of the file without its ending.
        by_name: by the name of the file.
    """

    by_stem: dict[str, PosterFile] = field(default_factory=dict)
    by_name: dict[str, PosterFile] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.by_stem)

    def places(self) -> list[PosterFile]:
        """Return every poster once, in order of name."""
        return list(self.by_stem.values())


def usable_posters(folder: PosterFolder, report: ReadReport) -> Posters:
    """Return the posters of a folder; whatever else lies there is counted as left out."""
    root = folder.root.resolve()
    by_film: dict[str, list[Path]] = {}
    for path in folder.files:
        report.posters.read += 1
        if reason := _rejection(path, root):
            report.posters.leave_out(reason, path.name)
        else:
            by_film.setdefault(path.stem, []).append(path)
    for paths in by_film.values():
        paths.sort(key=lambda path: SUFFIXES.index(path.suffix))
        for path in paths[1:]:
            report.posters.leave_out("another poster of the film is used", path.name)
    _ask_about_endings(folder, report)
    found = Posters()
    for stem, paths in by_film.items():
        place = PosterFile(paths[0])
        found.by_stem[stem] = found.by_name[paths[0].name] = place
    other = [one.path.suffix for one in found.places() if one.path.suffix != ENDINGS[0]]
    if other:
        names = ", ".join(sorted(set(other)))
        report.notes[f"posters with another ending than {ENDINGS[0]}, used ({names})"] = len(other)
    return found


def _ask_about_endings(folder: PosterFolder, report: ReadReport) -> None:
    """Remark on files whose ending is nearly that of an image."""
    for path in folder.files:
        ending = path.suffix.casefold()
        if ending and path.suffix not in SUFFIXES and not is_of_a_system(path):
            near = difflib.get_close_matches(ending, ENDINGS, n=1, cutoff=0.7)
            if near and near[0] != ending:
                name = printable(path.name)
                report.remarks.append(f"'{name}' is no poster by its name; did you mean {near[0]}?")
                return


def _rejection(path: Path, root: Path) -> str | None:
    if is_of_a_system(path):
        return "system file"
    if path.suffix not in SUFFIXES:
        return NOT_NAMED
    if not path.is_file():
        return "poster is no file"
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return OUTSIDE
    return None


def match(
    posters: Posters, ids: Sequence[str], files: Sequence[str], report: ReadReport
) -> dict[str, PosterFile]:
    """Return the poster of each film that has one, by id.

    By the file that the table names, else by the id; an id that differs only in zeros at its
    beginning or in `tt` is matched where one film and one poster have it.

    Args:
        posters: what can be used.
        ids: of the films.
        files: name or address of each film's poster; none if the table has no such column.
        report: where it is noted how posters were matched.
    """
    found = _by_file(posters, ids, files) if files else {}
    found |= {
        film: posters.by_stem[film] for film in ids if film not in found and film in posters.by_stem
    }
    left = [film for film in dict.fromkeys(ids) if film not in found]
    if left and len(found) < len(posters):
        used = set(found.values())
        free = [stem for stem, place in posters.by_stem.items() if place not in used]
        stems, films = by_loose(free), by_loose(left)
        same = {films[key]: stems[key] for key in films if key in stems}
        found |= {film: posters.by_stem[stem] for film, stem in same.items()}
        if same:
            film, stem = next(iter(same.items()))
            example = printable(f"'{film}' is {posters.by_stem[stem].name}")
            note = f"posters matched without zeros at the beginning of the id or 'tt' ({example})"
            report.notes[note] = len(same)
    return found


def _by_file(posters: Posters, ids: Sequence[str], files: Sequence[str]) -> dict[str, PosterFile]:
    named = ((film, file_name(cell)) for film, cell in zip(ids, files, strict=True) if cell)
    return {
        film: place
        for film, name in named
        if (place := posters.by_name.get(name) or posters.by_stem.get(PurePosixPath(name).stem))
    }


def file_name(cell: str) -> str:
    r"""Return the name of the file that a path or a URL leads to.

    >>> file_name("https://example.org/t/p/a%20b.jpg?size=1"), file_name("images\\\\7.png")
    ('a b.jpg', '7.png')
    """
    path = re.split("[?#]", cell)[0] if "://" in cell else cell
    return unquote(path).replace("\\", "/").rstrip("/").rpartition("/")[2]


def n_matched(posters: Posters, ids: Sequence[str]) -> int:
    """Return how many ids are those of posters, however they are spelt."""
    stems = {loose(stem) for stem in posters.by_stem}
    return sum(loose(film) in stems for film in ids)
