"""Which columns of a table are genres, and what their cells say."""

import pytest

from genre_core.data.opening import open_dataset
from genre_core.data.readers import find_films
from genre_core.data.readers.encoding import text_of
from genre_core.data.readers.labels import genre_columns
from genre_core.data.readers.lists import lists_of
from genre_core.data.readers.poster_index import NOT_NAMED
from genre_core.data.readers.reading import UNSAID, Choices
from genre_core.data.report import ReadReport, report_lines
from genre_core.data.store import list_datasets
from genre_core.errors import DataError

HEADER = ["Id", "Genre", "A", "B"]


def said(column):
    return tuple(None if label == UNSAID else label for label in column.labels)


def columns(cells, genres=None, **choices):
    """Return the columns of labels of a table with the cells of two columns."""
    report = ReadReport()
    listed = genres or [""] * len(cells)
    lines = [[str(row), listed[row], *pair] for row, pair in enumerate(cells)]
    found, others = genre_columns(
        HEADER,
        lines,
        report,
        known=("Id", "Genre"),
        lists=lists_of(HEADER, lines, "Genre"),
        **choices,
    )
    return {column.name: said(column) for column in found}, others, " ".join(report.notes)


@pytest.mark.parametrize(
    ("yes", "no"), [("1", "0"), ("1.0", "0.0"), ("True", "False"), ("yes", "No"), ("Y", "n")]
)
def test_labels_may_be_words(yes, no):
    found, others, notes = columns([(yes, no), (no, yes), (no, no)])
    assert found == {"A": (1, 0, 0), "B": (0, 1, 0)}
    assert not others
    assert ("other words than 0 and 1" in notes) == (yes != "1")


def test_a_blank_is_no_where_only_yes_is_written():
    found, _, notes = columns([("x", "0"), ("", "1"), ("", "0")])
    assert found["A"] == (1, 0, 0)
    assert "a blank cell means 0 (A)" in notes


def test_a_blank_among_labels_is_no_label():
    found, _, _ = columns([("1", "0"), ("", "1"), ("0", "0")])
    assert found["A"] == (1, None, 0)


def test_a_column_of_other_values_is_named():
    _, others, _ = columns([("1", "1994"), ("0", "2001"), ("1", "1")])
    assert others == ("B",)


def test_what_no_genre_list_names_is_metadata():
    cells = [("1", "1"), ("0", "1"), ("1", "0")]
    found, others, notes = columns(cells, ["['A']", "['C']", "['a', 'C']"])
    assert list(found) == ["A"]
    assert others == ("B",)
    assert "not in the Genre lists, taken as metadata (B)" in notes


def test_a_genre_that_no_film_has_needs_no_list():
    found, _, _ = columns([("1", "0"), ("0", "0")], ["['A']", "['C']"])
    assert list(found) == ["A", "B"]


def test_odd_columns_are_questioned():
    report = ReadReport()
    genre_columns(["is_english", "color", "Drama"], [["1", "1", "0"], ["0", "1", "1"]], report)
    notes = " ".join(report.notes)
    assert "(is_english) whose names look like metadata; choose the genres with --genres" in notes
    assert "constant columns, 1 for every film (color)" in notes
    assert "Drama" not in notes


def test_genres_can_be_chosen():
    found, others, notes = columns([("1", "1"), ("0", "1")], wanted=("A",))
    assert list(found) == ["A"]
    assert others == ("B",)
    assert "constant" not in notes
    with pytest.raises(DataError, match=r"'AB' of --genres is no column .* Did you mean"):
        columns([("1", "1"), ("0", "1")], wanted=("AB",))


def test_other_genres_are_another_dataset(films_folder, artifacts):
    folder = films_folder(60)
    every = open_dataset(folder, artifacts)
    some = open_dataset(folder, artifacts, choices=Choices(genres=("Comedy", "Action")))
    assert some.genres == ("Action", "Comedy")
    assert every.fingerprint != some.fingerprint
    assert open_dataset(folder, artifacts).fingerprint == every.fingerprint
    metas = {meta["fingerprint"]: meta for meta in list_datasets(artifacts)}
    assert metas[some.fingerprint]["choices"]["genres"] == ["Comedy", "Action"]


RUSSIAN = "старик ищет дом зимой и находит письмо"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_the_encoding_is_found(encoding):
    text = f"Id,Overview\ntt1,{RUSSIAN}\n" * 40
    report = ReadReport()
    assert text_of("films.csv", text.encode(encoding), report) == text
    assert bool(report.notes) == (encoding in ("utf-16-le", "cp1251"))


def test_a_stray_byte_changes_nothing_else():
    lines = [f"tt{row},{RUSSIAN}\n".encode() for row in range(40)]
    lines[7] = b"tt7,caf\xe9\n"
    report = ReadReport()
    text = text_of("films.csv", b"".join(lines), report)
    assert text.count(RUSSIAN) == 39
    assert "tt7,café" in text
    assert report.notes == {
        "rows with bytes that are not UTF-8, read as Windows-1252 (tt7)": 1,
    }


def test_an_encoding_can_be_named():
    content = "Zoë".encode("mac_roman")
    assert text_of("films.csv", content, ReadReport(), "mac_roman") == "Zoë"
    with pytest.raises(DataError, match="'klingon' is not a known encoding"):
        text_of("films.csv", content, ReadReport(), "klingon")
    with pytest.raises(DataError, match=r"'films\.csv' is not encoded in utf-8"):
        text_of("films.csv", content, ReadReport(), "utf-8")


def test_a_comma_too_many_in_every_row_is_ignored(films_folder):
    folder = films_folder(6)
    table = folder / "films.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join([lines[0], *(f"{line}," for line in lines[1:])]) + "\n")
    reading = find_films(folder).read()
    assert len(reading.rows) == 6
    assert "empty field at the end of every row, ignored" in reading.report.notes


def test_files_of_systems_are_no_films(films_folder):
    folder = films_folder(6)
    for name in ("._tt00.jpg", ".DS_Store", "__MACOSX", "Thumbs.db"):
        (folder / "Images" / name).write_bytes(b"")
    (folder / "_films.csv").write_text("")
    reading = find_films(folder).read()
    assert reading.report.posters.left_out == {"system file": 4}


def test_without_a_film_an_id_and_a_file_name_are_shown(films_folder, artifacts):
    folder = films_folder(6)
    for poster in (folder / "Images").iterdir():
        poster.rename(poster.with_suffix(".eps"))
    with pytest.raises(DataError) as caught:
        open_dataset(folder, artifacts)
    for words in ("6 no poster", f"6 {NOT_NAMED}", "'tt00'", "'tt00.eps'"):
        assert words in str(caught.value)


def test_the_report_is_the_same_everywhere(films_folder, artifacts):
    lines = report_lines(open_dataset(films_folder(60), artifacts).report)
    assert lines[:3] == [
        "layout: a table and posters",
        "rows: 60 read, 60 used",
        "posters: 60 read, 60 used",
    ]
