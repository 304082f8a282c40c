"""Genres that one column lists, however it writes them."""

import json

import pytest

from genre_core.data.opening import open_dataset
from genre_core.data.readers.labels import genre_columns
from genre_core.data.readers.lists import lists_of
from genre_core.data.readers.reading import UNSAID
from genre_core.data.report import ReadReport
from genre_core.errors import DataError

FILMS = (("Drama", "Sci-Fi"), ("Comedy",), ("Drama",), ("Comedy", "Drama", "Sci-Fi"))
FORMS = {
    "pipe": "|".join,
    "comma": ", ".join,
    "semicolon": ";".join,
    "slash": " / ".join,
    "python": lambda names: str(list(names)),
    "json": lambda names: json.dumps(list(names)),
    "tmdb": lambda names: json.dumps([{"id": 7, "name": name} for name in names]),
    "tmdb in Python": lambda names: str([{"id": 7, "name": name} for name in names]),
    "case and spaces": lambda names: "| ".join(names).replace("Comedy |", " COMEDY|"),
}


def said(column):
    return tuple(None if label == UNSAID else label for label in column.labels)


def read(cells, name="Genre", **choices):
    """Return the labels by genre, and the notes."""
    header, report = ["Id", name, "Overview"], ReadReport()
    lines = [[str(row), cell, "A film."] for row, cell in enumerate(cells)]
    lists = lists_of(header, lines, name)
    known = ("Id", "Overview", *([lists.name] if lists else []))
    found, others = genre_columns(header, lines, report, known=known, lists=lists, **choices)
    assert not (lists and others)
    return {column.name: said(column) for column in found}, " ".join(report.notes)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_means_the_same(form):
    found, notes = read([FORMS[form](names) for names in FILMS])
    assert found == {"Comedy": (0, 1, 0, 1), "Drama": (1, 0, 1, 1), "Sci-Fi": (1, 0, 0, 1)}
    assert list(found) == sorted(found)
    assert "genres read from the column Genre" in notes


def test_one_genre_for_each_film():
    assert read(["Drama", "Comedy", "Drama"])[0] == {"Comedy": (0, 1, 0), "Drama": (1, 0, 1)}


def test_a_film_without_a_list_has_no_labels_and_an_empty_list_none():
    found, _ = read(["['Drama']", "", "[]", "['Comedy'"])
    assert found == {"Drama": (1, None, 0, None)}


@pytest.mark.parametrize("name", ["genres", "GENRE", "Categories"])
def test_the_column_may_have_another_name(name):
    assert list(read(["a|b", "b"], name)[0]) == ["a", "b"]


def test_genres_of_a_list_can_be_chosen():
    assert list(read(["a|b", "b|c"], wanted=("c", "A"))[0]) == ["a", "c"]
    with pytest.raises(
        DataError, match=r"'Dram' of --genres is in no list .* Did you mean 'Drama'"
    ):
        read(["Drama|b"], wanted=("Dram",))


def test_texts_are_no_genres():
    header = ["Id", "Genre"]
    lines = [[str(row), f"a text of its own {row}"] for row in range(300)]
    assert lists_of(header, lines, header[1]) is None


def _rewritten(folder, rewrite):
    (table,) = folder.glob("*.csv")
    table.write_text(rewrite(table.read_text()))


def test_a_dataset_without_columns_of_0_and_1(films_folder, artifacts):
    folder = films_folder(60)
    whole = open_dataset(folder, artifacts)

    def without_columns(text):
        header, *lines = text.splitlines()
        names = header.split(",")
        places = [names.index(genre) for genre in whole.genres]
        made = ["Id,Genre,Overview"]
        for line in lines:
            cells = line.split(",")
            genres = [names[place] for place in places if cells[place] == "1"]
            overview = ",".join(cells[len(names) - 1 :])
            made.append(f"{cells[0]},{'|'.join(genres) or '[]'},{overview}")
        return "\n".join(made) + "\n"

    _rewritten(folder, without_columns)
    listed = open_dataset(folder, artifacts)
    assert listed.genres == tuple(sorted(whole.genres))
    assert listed.films.ids == whole.films.ids


def test_a_list_that_contradicts_the_columns_is_counted(films_folder, artifacts):
    folder = films_folder(60)
    _rewritten(folder, lambda text: text.replace("tt00,['Action']", "tt00,['Drama']"))
    dataset = open_dataset(folder, artifacts)
    assert dataset.labels[0].tolist() == [1, 0, 0]
    note = "films whose Genre list contradicts the columns of 0 and 1, which are used (tt00)"
    assert dataset.report["notes"][note] == 1
