"""One set of films, written in the layouts in which people have them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from genre_core.data.readers import find_films


@dataclass(frozen=True)
class Film:
    """One film, whatever the layout.

    Attributes:
        number: its id is made of, without `tt` and zeros.
        title: of the film.
        year: of the film.
        overview: of the film.
        genres: its genres.
        poster: a JPEG file.
        split: "train", "validation" or "test".
    """

    number: int
    title: str
    year: int
    overview: str
    genres: tuple[str, ...]
    poster: Path
    split: str

    @property
    def imdb(self) -> str:
        """Return its id as IMDb writes it."""
        return f"tt{self.number:07d}"


def films_in(folder: Path) -> list[Film]:
    """Return the films of a folder that can be read, with made-up titles, years and splits."""
    reading = find_films(folder).read()
    found = []
    for place, row in enumerate(reading.rows):
        named = zip(reading.genres, row.labels, strict=True)
        genres = tuple(genre for genre, label in named if label)
        if row.poster is None or not genres:
            continue
        split = ("test", "validation", "train", "train", "train")[place % 5]
        film = Film(1000 + place, f"Film {place}", 1950 + place % 70, row.overview, genres,
                    row.poster.path, split)  # fmt: skip
        found.append(film)
    return found


def _copy_posters(films: Sequence[Film], folder: Path, name: Callable[[Film], str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for film in films:
        target = folder / name(film)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(film.poster, target)


def _table(header: Sequence[str], rows: Sequence[Sequence[object]], separator: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _all_genres(films: Sequence[Film]) -> list[str]:
    return sorted({genre for film in films for genre in film.genres})


def plain(films: Sequence[Film], folder: Path) -> None:
    """Write `Id`, a column of 0 and 1 for each genre and `Overview`, posters in `Images/`."""
    names = _all_genres(films)
    rows = [
        [film.imdb, film.overview, *(int(name in film.genres) for name in names)] for film in films
    ]
    _copy_posters(films, folder / "Images", lambda film: f"{film.imdb}.jpg")
    (folder / "films.csv").write_text(_table(["Id", "Overview", *names], rows), encoding="utf-8")


def listed(films: Sequence[Film], folder: Path) -> None:
    """Write the genres as a list in one column, posters with another ending."""
    rows = [[film.imdb, ", ".join(film.genres), film.overview] for film in films]
    _copy_posters(films, folder / "Images", lambda film: f"{film.imdb}.JPEG")
    text = _table(["id", "genres", "plot"], rows, ";")
    (folder / "films.csv").write_bytes(text.encode("utf-16"))


def kaggle_posters(films: Sequence[Film], folder: Path) -> None:
    """Write the poster table of Kaggle: Latin-1, ids as numbers, no overviews."""
    rows = [
        [
            film.number,
            f"http://www.imdb.com/title/{film.imdb}",
            f"{film.title} ({film.year})",
            "7.1",
            "|".join(film.genres),
            f"https://example.org/{film.number}_AL_.jpg",
        ]
        for film in films
    ]
    header = ["imdbId", "Imdb Link", "Title", "IMDB Score", "Genre", "Poster"]
    folder.mkdir(parents=True, exist_ok=True)
    _copy_posters(films, folder / "SampleMoviePosters", lambda film: f"{film.number}.jpg")
    (folder / "MovieGenre.csv").write_text(_table(header, rows), encoding="latin-1")


def movies_dataset(films: Sequence[Film], folder: Path) -> None:
    """Write The Movies Dataset of Kaggle: genres as Python, several tables, no posters."""
    header = ["adult", "budget", "genres", "id", "imdb_id", "original_title", "overview"]
    header += ["poster_path", "release_date", "title", "video"]
    rows = [
        [
            False,
            0,
            str([{"id": 7, "name": name} for name in film.genres]),
            film.number,
            film.imdb,
            film.title,
            film.overview,
            f"/{film.number}x.jpg",
            f"{film.year}-02-03",
            film.title,
            False,
        ]
        for film in films
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "movies_metadata.csv").write_text(_table(header, rows), encoding="utf-8")
    ids = [[film.number, "[]"] for film in films]
    (folder / "keywords.csv").write_text(_table(["id", "keywords"], ids), encoding="utf-8")
    ratings = [[1, film.number, 4.0, 99] for film in films]
    text = _table(["userId", "movieId", "rating", "timestamp"], ratings)
    (folder / "ratings_small.csv").write_text(text, encoding="utf-8")


def tmdb(films: Sequence[Film], folder: Path) -> None:
    """Write TMDB 5000: genres as JSON, posters called as `poster_path` says."""
    rows = [
        [
            0,
            json.dumps([{"id": 7, "name": name} for name in film.genres]),
            film.number,
            film.overview,
            f"/x{film.number}.jpg",
            f"{film.year}-02-03",
            film.title,
        ]
        for film in films
    ]
    header = ["budget", "genres", "id", "overview", "poster_path", "release_date", "title"]
    _copy_posters(films, folder / "posters", lambda film: f"x{film.number}.jpg")
    (folder / "tmdb_5000_movies.csv").write_text(_table(header, rows), encoding="utf-8")


def imdb(films: Sequence[Film], folder: Path) -> None:
    r"""Write `title.basics.tsv` of IMDb: tabs, `\N` for nothing, posters beside."""
    header = ["tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear"]
    header += ["endYear", "runtimeMinutes", "genres"]
    rows = [
        [
            film.imdb,
            "movie",
            film.title,
            film.title,
            "0",
            film.year,
            "\\N",
            "90",
            ",".join(film.genres),
        ]
        for film in films
    ]
    _copy_posters(films, folder / "posters", lambda film: f"{film.number}.jpg")
    text = _table(header, rows, "\t")
    (folder / "title.basics.tsv").write_text(text, encoding="utf-8")


def mm_imdb(films: Sequence[Film], folder: Path) -> None:
    """Write MM-IMDb: a JSON file and an image for each film, and `split.json`."""
    _copy_posters(films, folder / "dataset", lambda film: f"{film.number:07d}.jpeg")
    for film in films:
        said = {
            "title": film.title,
            "year": film.year,
            "plot": ["Short.", film.overview],
            "genres": list(film.genres),
        }
        (folder / "dataset" / f"{film.number:07d}.json").write_text(json.dumps(said))
    names = {"train": "train", "validation": "dev", "test": "test"}
    split = {
        name: [f"{film.number:07d}" for film in films if film.split == part]
        for part, name in names.items()
    }
    (folder / "split.json").write_text(json.dumps(split))


def hugging_face(films: Sequence[Film], folder: Path) -> None:
    """Write Parquet files by split with images in them, and genres as numbers of classes."""
    names = _all_genres(films)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    feature = {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "Sequence"}
    info = {"info": {"features": {"genres": feature, "image": {"_type": "Image"}}}}
    for part in ("train", "validation", "test"):
        chosen = [film for film in films if film.split == part]
        columns: dict[str, Any] = {
            "image": [
                {"bytes": film.poster.read_bytes(), "path": f"{film.imdb}.jpg"} for film in chosen
            ],
            "imdb_id": [film.imdb for film in chosen],
            "title": [film.title for film in chosen],
            "plot": [film.overview for film in chosen],
            "genres": [[names.index(name) for name in film.genres] for film in chosen],
        }
        table = pa.table(columns).replace_schema_metadata({"huggingface": json.dumps(info)})
        path = folder / "data" / f"{part}-00000-of-00001.parquet"
        pq.write_table(table, path, row_group_size=100)


def image_folder(films: Sequence[Film], folder: Path) -> None:
    """Write images in folders by split, and one `metadata.jsonl` with their names."""
    lines = []
    for film in films:
        lines.append(
            {
                "file_name": f"{film.split}/{film.imdb}.png",
                "description": film.overview,
                "genres": list(film.genres),
                "set": film.split,
            }
        )
    _copy_posters(films, folder, lambda film: f"{film.split}/{film.imdb}.png")
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "metadata.jsonl").write_text(text, encoding="utf-8")


def one_folder(films: Sequence[Film], folder: Path) -> None:
    """Write images and the table in one folder."""
    rows = [[f"{film.imdb}.jpg", film.overview, "|".join(film.genres)] for film in films]
    _copy_posters(films, folder, lambda film: f"{film.imdb}.jpg")
    text = _table(["filename", "synopsis", "genre"], rows, "\t")
    (folder / "labels.tsv").write_text(text, encoding="utf-8")


def by_split(films: Sequence[Film], folder: Path) -> None:
    """Write a table for each part of the split, without posters."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, name in (("train", "train"), ("validation", "val"), ("test", "test")):
        rows = [
            [film.imdb, film.title, film.overview, "/".join(film.genres)]
            for film in films
            if film.split == part
        ]
        text = _table(["imdb_id", "title", "summary", "genres"], rows)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig")


@dataclass(frozen=True)
class Layout:
    """One way to write films.

    Attributes:
        write: writes films into a folder.
        inputs: what they then have.
        keeps: which of "imdb", "title", "year" and "split" can be read back.
    """

    write: Callable[[Sequence[Film], Path], None]
    inputs: tuple[str, ...] = ("poster", "overview")
    keeps: tuple[str, ...] = ("imdb",)


LAYOUTS: dict[str, Layout] = {
    "plain": Layout(plain),
    "listed": Layout(listed),
    "kaggle_posters": Layout(kaggle_posters, ("poster",), ("title", "year")),
    "movies_dataset": Layout(movies_dataset, ("overview",), ("title", "year")),
    "tmdb": Layout(tmdb, keeps=("title", "year")),
    "imdb": Layout(imdb, ("poster",), ("imdb", "title", "year")),
    "mm_imdb": Layout(mm_imdb, keeps=("title", "year", "split")),
    "hugging_face": Layout(hugging_face, keeps=("imdb", "title", "split")),
    "image_folder": Layout(image_folder, keeps=("imdb", "split")),
    "one_folder": Layout(one_folder),
    "by_split": Layout(by_split, ("overview",), ("imdb", "title", "split")),
}
