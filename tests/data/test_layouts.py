"""One set of films in every layout, encoding, separator and spelling of labels: read back equal."""

import csv
import gzip
import io
import itertools
import json
import random
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from benchmarks.layouts import LAYOUTS, Film
from genre_core.data.film_keys import loose
from genre_core.data.opening import open_dataset, remembered_choices
from genre_core.data.readers import BY_THE_READER, find_films
from genre_core.data.readers.poster_index import OUTSIDE
from genre_core.data.readers.reading import Choices
from genre_core.data.store import posters
from genre_core.errors import DataError, PackageError

GENRES = ("Drama", "Sci-Fi", "Film Noir")
AWKWARD = (
    'She said "no, never", and left;\nthen came back | twice.',
    "L'été à Zürich: 50% off\tnow",
    "[/] <b>bold</b> $x$, 'quoted' and back\\slash",
)


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Thirty films with awkward overviews, each with a poster of its own."""
    folder, chance = tmp_path_factory.mktemp("posters"), random.Random(1)
    found = []
    for number in range(30):
        poster = folder / f"{number}.jpg"
        colour = tuple(chance.randrange(256) for _ in range(3))
        Image.new("RGB", (30, 45), colour).save(poster, "JPEG")
        overview = f"{AWKWARD[number % 3]} Film {number} tells of {chance.random()}."
        genres = tuple(name for name in GENRES if chance.random() < 0.5) or ("Drama",)
        split = ("train", "validation", "test")[number % 3]
        year = 1950 + number
        found.append(Film(500 + number, f"Café {number}", year, overview, genres, poster, split))
    return found


def labels_of(reading):
    named = [
        [name for name, label in zip(reading.genres, row.labels, strict=True) if label]
        for row in reading.rows
    ]
    return {loose(row.id): names for row, names in zip(reading.rows, named, strict=True)}


def by_number(films, what):
    return {str(film.number): what(film) for film in films}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_read_back_equal(films, tmp_path, artifacts, name):
    layout = LAYOUTS[name]
    layout.write(films, tmp_path / "films")
    reading = find_films(tmp_path / "films").read()
    rows = {loose(row.id): row for row in reading.rows}
    assert reading.inputs == layout.inputs
    assert labels_of(reading) == by_number(films, lambda film: sorted(film.genres))
    tallies = [reading.report.rows] + [reading.report.posters] * ("poster" in layout.inputs)
    assert (
        [tally.used for tally in tallies]
        == [tally.read for tally in tallies]
        == [30] * len(tallies)
    )
    if "overview" in layout.inputs:
        spelt = by_number(films, lambda film: film.overview)
        assert {key: row.overview for key, row in rows.items()} == spelt
    if "poster" in layout.inputs:
        content = by_number(films, lambda film: film.poster.read_bytes())
        assert {key: row.poster.content() for key, row in rows.items()} == content
    for kept in layout.keeps:
        read = {key: row.id if kept == "imdb" else getattr(row, kept) for key, row in rows.items()}
        assert read == by_number(films, lambda film, kept=kept: getattr(film, kept))
    check_dataset(tmp_path / "films", artifacts, layout)


def check_dataset(folder, artifacts, layout):
    """Its posters are found again by what was kept of them."""
    dataset = open_dataset(folder, artifacts)
    assert dataset.inputs == layout.inputs
    assert open_dataset(folder, artifacts).fingerprint == dataset.fingerprint
    if "poster" in layout.inputs:
        assert posters(dataset, artifacts, (8, 8)).shape == (30, 8, 8, 3)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")
SEPARATORS = {",": "csv", ";": "csv", "\t": "tsv", "|": "csv"}
LABELS = (("1", "0"), ("True", "False"), ("1.0", "0.0"), ("yes", "no"), ("x", ""), ("T", "F"))
LISTS = {
    "pipe": "|".join,
    "comma": ", ".join,
    "Python": lambda names: str(list(names)),
    "JSON": lambda names: json.dumps(list(names)),
    "TMDB": lambda names: json.dumps([{"id": 1, "name": name} for name in names]),
}
SPELLINGS = [
    *itertools.product(ENCODINGS, SEPARATORS, [LABELS[0]]),
    *itertools.product(("utf-8", "utf-16"), (",", ";"), [*LABELS[1:], *LISTS]),
]


@pytest.mark.parametrize(("encoding", "separator", "labels"), SPELLINGS)
def test_every_spelling_of_a_table_is_read_back_equal(films, tmp_path, encoding, separator, labels):
    is_list = isinstance(labels, str)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(["imdb_id", "Plot", *(["Genres"] if is_list else GENRES)])
    for film in films:
        marks = [labels[name not in film.genres] for name in GENRES] if not is_list else []
        cells = [LISTS[labels](film.genres)] if is_list else marks
        writer.writerow([film.imdb, film.overview, *cells])
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / f"t.{SEPARATORS[separator]}").write_bytes(text.getvalue().encode(encoding))
    for source in (folder, next(folder.iterdir())):
        reading = find_films(source).read()
        assert {row.id: row.overview for row in reading.rows} == {
            film.imdb: film.overview for film in films
        }
        assert set(reading.genres) == set(GENRES)
        found = {number: set(names) for number, names in labels_of(reading).items()}
        assert found == by_number(films, lambda film: set(film.genres))


def written(films, folder, header=("Id", "Overview", "Genre"), **changes):
    """Write films as a table and posters, with some cells of the first film changed."""
    LAYOUTS["plain"].write(films, folder)
    rows = [
        {"Id": film.imdb, "Overview": film.overview, "Genre": "|".join(film.genres)}
        for film in films
    ]
    rows[0] |= changes
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(row.values() for row in rows)
    (folder / "films.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder


@pytest.mark.parametrize("text", ["nan", "None", " N/A ", "\\N", "Add a Plot »", "-", ""])
def test_text_that_stands_for_none_is_missing(films, tmp_path, text):
    folder = written(films, tmp_path / "films", Overview=text)
    assert find_films(folder).read().report.rows.left_out == {"empty overview": 1}


def test_columns_can_be_chosen_and_are_remembered(films, tmp_path, artifacts):
    header = ("number", "what it tells", "kind of film")
    folder = written(films, tmp_path / "films", header)
    with pytest.raises(DataError, match=r"no column Id.*number, what it tells.*--id COLUMN"):
        find_films(folder).read()
    with pytest.raises(DataError, match=r"no column 'numbr' for --id. Did you mean 'number'\?"):
        find_films(folder, Choices(id="numbr")).read()
    choices = Choices(("kind of film",), id="number", overview="what it tells")
    assert remembered_choices(folder, artifacts) == BY_THE_READER
    dataset = open_dataset(folder, artifacts, choices=choices)
    assert dataset.genres == tuple(sorted(GENRES))
    assert dataset.inputs == ("poster", "overview")
    assert remembered_choices(folder, artifacts) == choices


def test_a_list_that_is_chosen_is_preferred_to_columns(films, tmp_path):
    folder = tmp_path / "films"
    LAYOUTS["plain"].write(films, folder)
    rows = list(csv.reader((folder / "films.csv").open(encoding="utf-8", newline="")))
    lines = [[*row, "moods" if not place else "calm"] for place, row in enumerate(rows)]
    with (folder / "films.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    assert set(find_films(folder).read().genres) == set(GENRES)
    assert find_films(folder, Choices(("moods",))).read().genres == ("calm",)


def test_posters_may_lie_elsewhere_and_in_folders(films, tmp_path, artifacts):
    folder = written(films, tmp_path / "films")
    shutil.move(folder / "Images", tmp_path / "pictures" / "a")
    (tmp_path / "pictures" / "b").mkdir()
    shutil.move(tmp_path / "pictures" / "a" / "tt0000500.jpg", tmp_path / "pictures" / "b")
    assert find_films(folder).read().inputs == ("overview",)
    choices = Choices(posters=str(tmp_path / "pictures"))
    dataset = open_dataset(folder, artifacts, choices=choices)
    assert len(dataset.films) == 30
    assert posters(dataset, artifacts, (8, 8)).shape == (30, 8, 8, 3)
    with pytest.raises(DataError, match=r"no folder '.*picture' for --posters. Did you mean"):
        find_films(folder, Choices(posters=str(tmp_path / "picture")))


def test_ids_of_posters_without_zeros_are_matched_where_that_is_not_ambiguous(films, tmp_path):
    folder = written(films, tmp_path / "films", Id="500")
    images = folder / "Images"
    (images / "tt0000501.jpg").rename(images / "501.jpg")
    (images / "tt0000502.jpg").rename(images / "0502.jpg")
    shutil.copy(images / "0502.jpg", images / "00502.jpg")
    reading = find_films(folder).read()
    assert reading.report.rows.left_out == {"no poster": 1}
    note = "posters matched without zeros at the beginning of the id or 'tt'"
    assert reading.report.notes == {
        f"{note} ('500' is tt0000500.jpg)": 2,
        "genres read from the column Genre, separated by '|'": 3,
    }
    assert {row.id: row.poster.name for row in reading.rows[:2]} == {
        "500": "tt0000500.jpg",
        "tt0000501": "501.jpg",
    }


def test_one_input_can_be_asked_for(films, tmp_path):
    folder = written(films, tmp_path / "films", Overview="")
    (folder / "Images" / "tt0000501.jpg").unlink()
    assert len(find_films(folder).read().rows) == 28
    by_input = {
        one: find_films(folder, Choices(inputs=one)).read() for one in ("poster", "overview")
    }
    assert {one: len(reading.rows) for one, reading in by_input.items()} == {
        "poster": 29,
        "overview": 29,
    }
    assert by_input["overview"].report.posters.read == 0
    assert by_input["poster"].report.posters.used == 29
    shutil.rmtree(folder / "Images")
    with pytest.raises(
        DataError, match=r"no posters, which are required here. Use --inputs overview"
    ):
        find_films(folder, Choices(inputs="poster")).read()


def test_images_that_are_of_no_film_are_set_aside(films, tmp_path):
    folder = written(films, tmp_path / "films")
    shutil.rmtree(folder / "Images")
    shutil.copy(films[0].poster, folder / "screenshot.jpg")
    reading = find_films(folder).read()
    assert reading.inputs == ("overview",)
    (remark,) = (one for one in reading.report.remarks if "screenshot.jpg" in one)
    assert "of no film" in remark
    assert "--posters" in remark


def test_posters_of_few_films_do_not_leave_the_others_out(films, tmp_path):
    folder = written(films, tmp_path / "films")
    (folder / "Images").rename(folder / "pictures")
    for film in films[:20]:
        (folder / "pictures" / f"{film.imdb}.jpg").unlink()
    reading = find_films(folder).read()
    assert (reading.inputs, len(reading.rows)) == (("overview",), 30)
    assert any(
        "10 images beside the table are of 10 films" in one for one in reading.report.remarks
    )
    posters = Choices(posters=str(folder / "pictures"))
    assert len(find_films(folder, posters).read().rows) == 10


def test_a_column_that_is_nearly_that_of_overviews_is_asked_about(films, tmp_path):
    folder = written(films, tmp_path / "films", ("Id", "Overveiw", "Genre"))
    reading = find_films(folder).read()
    assert reading.inputs == ("poster",)
    assert any("did you mean --overview 'Overveiw'?" in one for one in reading.report.remarks)


def test_a_split_of_the_source_without_validation_films_gets_some(films, tmp_path, artifacts):
    folder = tmp_path / "films"
    folder.mkdir()
    lines = [
        [film.imdb, film.overview, "|".join(film.genres), "TEST" if film.number % 6 == 0 else "Tr"]
        for film in films
    ]
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Id", "Overview", "Genre", "Set"], *lines])
    dataset = open_dataset(folder, artifacts)
    assert len(dataset.rows("test")) == 5
    assert 3 <= len(dataset.rows("validation")) <= 6
    assert any("no validation part" in remark for remark in dataset.report["remarks"])


def test_links_that_leave_the_folder_are_named(films, tmp_path):
    folder = written(films, tmp_path / "films")
    images = folder / "Images"
    (images / "blobs").mkdir()
    shutil.move(images / "tt0000500.jpg", images / "blobs" / "content")
    (images / "tt0000500.jpg").symlink_to("blobs/content")
    (images / "tt0000501.jpg").unlink()
    (images / "tt0000501.jpg").symlink_to(films[1].poster)
    reading = find_films(folder).read()
    assert reading.report.posters.examples[OUTSIDE] == ["tt0000501.jpg"]
    assert "tt0000500" in {row.id for row in reading.rows}


def test_rows_with_a_broken_quote_cost_only_themselves(films, tmp_path):
    folder = tmp_path / "films"
    LAYOUTS["by_split"].write(films, folder)
    table = folder / "train.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    lines[1:1] = ['tt9,Title,"never closed,Drama', 'tt8,Title,"a \\"quoted\\" word",Drama']
    table.write_text("\n".join(lines), encoding="utf-8")
    report = find_films(folder).read().report
    assert report.rows.left_out == {"quotes that are not closed or not doubled": 1}
    assert report.rows.read == 32
    assert report.notes["rows with a backslash before quotes, understood"] == 1


def test_a_workbook_needs_its_extra(films, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (tmp_path / "films.xlsx").write_bytes(b"PK")
    with pytest.raises(PackageError, match=r"'\.\[excel\]'"):
        find_films(tmp_path / "films.xlsx").read()


@pytest.mark.extra
def test_a_workbook_of_excel_is_read(films, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["imdbId", "Overview", "Genre", "Year", None])
    for film in films:
        overview = film.overview.replace("\n", " ")
        book.active.append([film.number, overview, "|".join(film.genres), film.year])
    book.save(tmp_path / "films.xlsx")
    reading = find_films(tmp_path / "films.xlsx").read()
    assert [row.id for row in reading.rows] == [str(film.number) for film in films]
    assert [row.year for row in reading.rows] == [film.year for film in films]
    (tmp_path / "films.xlsx").write_bytes((tmp_path / "films.xlsx").read_bytes()[:500])
    with pytest.raises(DataError, match="no workbook that can be read"):
        find_films(tmp_path / "films.xlsx").read()


def test_packed_tables_are_read(films, tmp_path):
    LAYOUTS["imdb"].write(films, tmp_path / "films")
    table = tmp_path / "films" / "title.basics.tsv"
    packed = gzip.compress(table.read_bytes())
    table.unlink()
    (tmp_path / "films" / "title.basics.tsv.gz").write_bytes(packed)
    assert len(find_films(tmp_path / "films").read().rows) == 30
    damaged = packed[:200] + bytes(50) + packed[250:]
    for content in (packed[:-20], damaged):
        (tmp_path / "films" / "title.basics.tsv.gz").write_bytes(content)
        with pytest.raises(DataError, match="cannot be unpacked"):
            find_films(tmp_path / "films").read()


def test_an_archive_in_a_folder_of_its_own_is_read(films, tmp_path):
    LAYOUTS["plain"].write(films, tmp_path / "download" / "archive")
    assert len(find_films(tmp_path / "download").read().rows) == 30


def test_the_error_for_an_unknown_layout_says_what_was_tried(tmp_path):
    (tmp_path / "notes.doc").write_text("of films")
    with pytest.raises(DataError) as caught:
        find_films(tmp_path)
    for words in ("MM-IMDb", "Hugging Face", "a table", "no Parquet file", "notes.doc"):
        assert words in str(caught.value)


def test_endings_that_are_nearly_right_are_asked_about(films, tmp_path):
    folder = written(films, tmp_path / "films")
    (folder / "Images" / "tt0000500.jpg").rename(folder / "Images" / "tt0000500.jgp")
    assert "'tt0000500.jgp' is no poster by its name; did you mean .jpg?" in " ".join(
        find_films(folder).read().report.remarks
    )
    (folder / "films.csv").rename(folder / "films.cvs")
    with pytest.raises(DataError, match=r"is 'films.cvs' meant to end in .csv\?"):
        find_films(folder)


def test_a_column_that_is_nearly_that_of_ids_is_asked_about(films, tmp_path):
    folder = written(films, tmp_path / "films", ("Idd", "Overview", "Genre"))
    with pytest.raises(DataError, match=r"no column Id, .* Did you mean --id 'Idd'\?"):
        find_films(folder).read()


def test_halves_of_characters_are_replaced(tmp_path):
    films = [
        {"id": f"f{n}", "plot": f"What \ud800 film {n} is about.", "genres": ["Dr\ud800ma", "War"]}
        for n in range(30)
    ]
    (tmp_path / "films.jsonl").write_text("".join(json.dumps(film) + "\n" for film in films))
    reading = find_films(tmp_path).read()
    assert reading.genres == ("Dr?ma", "War")
    assert reading.rows[3].overview == "What ? film 3 is about."


def test_a_line_that_is_no_object_costs_itself_and_is_called_so(films, tmp_path):
    LAYOUTS["image_folder"].write(films, tmp_path / "films")
    table = tmp_path / "films" / "metadata.jsonl"
    first, *rest = table.read_text(encoding="utf-8").splitlines()
    film = json.loads(first) | {"description": "One line,\u2028and what follows it."}
    lines = [json.dumps(film, ensure_ascii=False), "{", "[]", "{}", "", *rest]
    table.write_text("\n".join(lines), encoding="utf-8")
    reading = find_films(tmp_path / "films").read()
    assert reading.report.rows.left_out == {"line that is no JSON object": 3}
    assert len(reading.rows) == 30
    assert reading.rows[0].overview == film["description"]


def test_scores_in_parquet_beside_a_table_are_no_films(films, tmp_path):
    folder = written(films, tmp_path / "films")
    pq.write_table(pa.table({"Id": ["a"], "Drama": [0.5]}), folder / "scores.parquet")
    assert len(find_films(folder).read().rows) == 30
