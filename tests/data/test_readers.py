import os
import random
import shutil
from pathlib import Path

import pytest
from PIL import Image

from genre_core.data.poster_files import PosterFile
from genre_core.data.readers import find_films
from genre_core.data.readers.poster_index import NOT_NAMED
from genre_core.errors import DataError

ROW_3 = "tt03,['Action'],1,0,0,Film 3 tells of a stranger in town."


def read(folder):
    return find_films(folder).read()


def counts(folder):
    """Return the report with the notes counted, which happens after the posters are decoded."""
    reading = read(folder)
    reading.count_notes()
    return reading.report.as_dict()


def change(folder, old, new):
    table = folder / "films.csv"
    text = table.read_text()
    assert old in text
    table.write_text(text.replace(old, new))


def recode(folder, encode):
    table = folder / "films.csv"
    table.write_bytes(encode(table.read_bytes()))


def test_a_good_folder_is_used_whole(films_folder):
    reading = read(films_folder(6))
    assert [row.id for row in reading.rows] == [f"tt{number:02d}" for number in range(6)]
    assert reading.genres == ("Action", "Comedy", "Drama")
    assert reading.rows[4].labels == bytes([0, 1, 0])
    assert reading.rows[4].overview == "Film 4 tells of a stranger in town."
    assert reading.rows[4].poster.name == "tt04.jpg"
    assert reading.report.rows.used == reading.report.posters.used == 6
    assert not reading.generated


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("../tt03,x,1,0,0,A film of some kind.", "unusable id"),
        ("tt..03,x,1,0,0,A film of some kind.", "unusable id"),
        ("/etc/passwd,x,1,0,0,A film of some kind.", "unusable id"),
        (",x,1,0,0,A film of some kind.", "unusable id"),
        ("t" * 65 + ",x,1,0,0,A film of some kind.", "unusable id"),
        ("tt03,x,2,0,0,A film of some kind.", "label other than 0 or 1"),
        ("tt03,x,,0,0,A film of some kind.", "label other than 0 or 1"),
        ("tt03,x,0.5,0,0,A film of some kind.", "label other than 0 or 1"),
        ("tt03,x,1,0,0,", "empty overview"),
        ("tt03,x,1,0,0,   ", "empty overview"),
        ("tt99,x,1,0,0,A film of some kind.", "no poster"),
        ("tt02,x,1,0,0,A film of some kind.", "duplicate id"),
        ("tt03,x,1,0,0,A film, and its comma.", "row without 6 fields"),
        ("tt03,x,1", "row without 6 fields"),
        ("tt03,x,1,0,0,A film \0 of some kind.", "row with a NUL byte"),
    ],
)
def test_a_bad_row_is_counted_once_and_its_poster_with_it(films_folder, row, reason):
    folder = films_folder(6)
    change(folder, ROW_3, row)
    report = read(folder).report.as_dict()
    assert report["rows"]["left_out"] == {reason: 1}
    assert report["rows"]["used"] == report["posters"]["used"] == 5
    named = row.startswith("tt03,")
    assert report["posters"]["left_out"] == {
        "its row was left out" if named else "no row in the table": 1
    }


def test_of_two_rows_with_one_id_the_first_that_is_fine_is_used(films_folder):
    folder = films_folder(6)
    change(folder, ROW_3, f"tt03,x,7,0,0,Its labels are wrong.\n{ROW_3}\n{ROW_3}")
    reading = read(folder)
    assert reading.rows[3].overview.startswith("Film 3 tells")
    assert reading.report.rows.as_dict()["left_out"] == {
        "duplicate id": 1,
        "label other than 0 or 1": 1,
    }
    assert reading.report.posters.used == 6


def test_whatever_lies_in_the_poster_folder_is_counted(films_folder, tmp_path):
    folder = films_folder(6)
    images = folder / "Images"
    for number, suffix in enumerate([".jPg", ".txt", ""]):
        (images / f"tt0{number}.jpg").rename(images / f"tt0{number}{suffix}")
    (images / "tt03.jpg").unlink()
    (images / "tt03.jpg").mkdir()
    (images / "tt04.jpg").unlink()
    os.mkfifo(images / "tt04.jpg")
    (images / "orphan.jpg").write_bytes(b"of no film")
    (images / "loop.jpg").symlink_to("loop.jpg")
    report = read(folder).report.as_dict()
    assert report["rows"]["left_out"] == {"no poster": 5}
    assert report["posters"] == {
        "read": 8,
        "used": 1,
        "left_out": {NOT_NAMED: 3, "poster is no file": 3, "no row in the table": 1},
        "examples": {
            NOT_NAMED: ["tt00.jPg", "tt01.txt", "tt02"],
            "poster is no file": ["loop.jpg", "tt03.jpg", "tt04.jpg"],
            "no row in the table": ["orphan.jpg"],
        },
    }


ANOTHER = "another poster of the film is used"


def test_posters_may_have_any_ending_of_an_image(films_folder):
    folder = films_folder(6)
    images = folder / "Images"
    formats = {".JPG": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".Webp": "WEBP", ".tif": "TIFF"}
    for number, (suffix, form) in enumerate(formats.items()):
        with Image.open(images / f"tt0{number}.jpg") as image:
            image.save(images / f"tt0{number}{suffix}", form)
        (images / f"tt0{number}.jpg").unlink()
    shutil.copy(images / "tt02.png", images / "tt05.PNG")
    reading = read(folder)
    assert [row.poster.path.suffix for row in reading.rows] == [*formats, ".jpg"]
    assert reading.report.posters.as_dict()["left_out"] == {ANOTHER: 1}
    note = "posters with another ending than .jpg, used (.JPG, .Webp, .jpeg, .png, .tif)"
    assert reading.report.notes[note] == 5
    assert [PosterFile.by_id(folder, row.id) for row in reading.rows] == [
        row.poster for row in reading.rows
    ]


def test_a_long_overview_is_read(films_folder):
    folder = films_folder(6)
    change(folder, ROW_3, ROW_3.replace("Film 3", f"Film 3{' word' * 40_000}"))
    assert len(read(folder).rows[3].overview) > 200_000


def test_links_are_followed_inside_the_poster_folder_only(films_folder, tmp_path):
    folder = films_folder(6)
    images = folder / "Images"
    for name, target in [
        ("tt00.jpg", "/etc/passwd"),
        ("tt01.jpg", "../films.csv"),
        ("tt02.jpg", "nowhere.jpg"),
        ("tt03.jpg", "tt04.jpg"),
    ]:
        (images / name).unlink()
        (images / name).symlink_to(target)
    reading = read(folder)
    assert [row.id for row in reading.rows] == ["tt03", "tt04", "tt05"]
    assert reading.report.posters.as_dict()["left_out"] == {
        "poster lies outside the folder": 2,
        "poster is no file": 1,
    }


def test_the_poster_folder_itself_may_be_a_link(films_folder, tmp_path):
    folder = films_folder(6)
    (folder / "Images").rename(tmp_path / "elsewhere")
    (folder / "Images").symlink_to(tmp_path / "elsewhere")
    assert len(read(folder).rows) == 6


def test_odd_things_that_are_used_are_noted(films_folder):
    folder = films_folder(6)
    change(folder, ROW_3, "tt03,x,0,0,0,A parody of")
    change(folder, "Film 5 tells", "FILM 4 tells")
    assert counts(folder)["notes"] == {
        "overviews cut short (fewer than 4 words), used": 1,
        "films that share their overview with another, used": 2,
        "films without a genre, used": 1,
    }


def test_a_genre_without_a_film_stays_a_column(films_folder):
    folder = films_folder(2)
    assert read(folder).genres == ("Action", "Comedy", "Drama")
    assert counts(folder)["notes"] == {"genres without a film, kept as columns": 1}


def test_columns_without_labels_are_named_in_a_note(films_folder):
    folder = films_folder(6)
    change(folder, "Drama", "Runtime")
    change(folder, ",0,Film", ",1999,Film")
    assert read(folder).genres == ("Action", "Comedy")
    assert counts(folder)["notes"] == {
        "columns that hold no labels (Runtime)": 1,
        "films without a genre, used": 2,
    }


@pytest.mark.parametrize(
    "encode",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r"),
        lambda content: content.decode().encode("utf-16"),
        lambda content: b"\xfe\xff" + content.decode().encode("utf-16-be"),
        lambda content: content.replace(b"Id,Genre", b" Id , Genre"),
        lambda content: content.replace(b"\n", b"\n\n"),
        lambda content: content.removesuffix(b"\n"),
    ],
    ids=["mark", "CRLF", "CR", "UTF-16", "UTF-16 BE", "spaces", "blank lines", "no last newline"],
)
def test_other_spellings_of_the_same_table(films_folder, encode):
    folder = films_folder(6)
    recode(folder, encode)
    report = counts(folder)
    assert report["rows"]["used"] == report["rows"]["read"] == 6
    assert read(folder).rows[5].overview == "Film 5 tells of a stranger in town."
    assert not report["notes"]


def test_windows_1252_is_read_and_noted(films_folder):
    folder = films_folder(6)
    change(folder, "Film 3", "Amélie")
    recode(folder, lambda content: content.decode().encode("cp1252"))
    assert read(folder).rows[3].overview.startswith("Amélie tells")
    assert counts(folder)["notes"] == {"table not in UTF-8, read as Windows-1252": 1}


@pytest.mark.parametrize(
    ("encode", "message"),
    [
        (lambda _: b"", "no column Id.*Its columns are: none"),
        (lambda content: content.replace(b"Id,", b"Number,"), "no column Id.*Number.*--id"),
        (lambda content: content.replace(b"Drama", b"Comedy", 1), "more than one column named"),
        (lambda content: content.replace(b"Drama,Overview", b"Drama,,,Overview"), "named ''"),
        (lambda content: content.decode().encode("utf-32"), "no table in UTF-8"),
        (lambda _: b"PK\x03\x04\x14\x00\x00\x00" * 99, "no table in UTF-8"),
        (lambda _: b"<html><body>Not found</body></html>", "no column Id.*<html>"),
    ],
    ids=[
        "empty",
        "no id",
        "genre twice",
        "columns without a name",
        "UTF-32",
        "a spreadsheet",
        "HTML",
    ],
)
def test_a_table_that_is_none_is_refused_by_name(films_folder, encode, message):
    folder = films_folder(6)
    recode(folder, encode)
    with pytest.raises(DataError, match=message) as caught:
        read(folder)
    assert "'films.csv'" in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("closed_later", [False, True])
def test_a_quote_that_is_never_closed_costs_its_row(films_folder, closed_later):
    folder = films_folder(6)
    change(folder, "Film 3", '"Film 3')
    if closed_later:
        change(folder, "Film 5 tells of a stranger in town.", 'Film 5 tells of a stranger."')
    rows = counts(folder)["rows"]
    broken = "quotes that are not closed or not doubled"
    assert rows["left_out"] == {broken: 1}
    assert rows["examples"] == {broken: ["row that begins in line 5"]}
    assert len(read(folder).rows) == 5


def test_folders_of_no_known_layout(films_folder, tmp_path):
    with pytest.raises(DataError, match=r"no folder or table '.*nowhere'.*genre_core sample"):
        find_films(tmp_path / "nowhere")
    with pytest.raises(DataError, match="File name too long"):
        find_films(tmp_path / ("long" * 100))
    with pytest.raises(DataError, match="no folder"):
        find_films(tmp_path / "\0")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="Found: nothing"):
        find_films(tmp_path / "empty")
    with pytest.raises(DataError, match=r"Found: tt00.jpg, .*tt04.jpg\. Tried: MM-IMDb.*no table"):
        find_films(films_folder(6) / "Images")
    with pytest.raises(DataError, match=r"Did you mean 'films'\?"):
        find_films(tmp_path / "flims")
    assert len(read(tmp_path / "films" / "films.csv").rows) == 6


def test_of_several_tables_that_of_the_films_is_read(films_folder):
    folder = films_folder(6)
    (folder / "._films.csv").write_bytes(b"\0\5\x16\7")
    assert not read(folder).report.remarks
    (folder / "scores.csv").write_text("Id,Action,Comedy\n")
    assert read(folder).report.remarks == ["other tables beside 'films.csv', not read: scores.csv"]
    shutil.copy(folder / "films.csv", folder / "copy.csv")
    with pytest.raises(DataError, match=r"3 tables \(copy.csv, films.csv, scores.csv\).*--split"):
        read(folder)
    assert len(read(folder / "copy.csv").rows) == 6


def test_what_the_system_refuses_is_an_error_with_the_name(films_folder, monkeypatch):
    folder = films_folder(6)

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DataError, match="films' cannot be read: Permission denied"):
        read(folder)


def test_names_that_are_no_text_are_shown_without_harm(films_folder):
    folder = films_folder(6)
    (folder / "Images" / os.fsdecode(b"\xff\x1b[31m.jpg")).write_bytes(b"of no film")
    assert counts(folder)["posters"]["examples"] == {"no row in the table": ["��[31m.jpg"]}


def awkward_folder(folder, seed):
    """Damage rows and posters of a folder at random, also several times at the same place."""
    chance = random.Random(seed)
    table, images = folder / "films.csv", folder / "Images"
    header, *lines = table.read_text().splitlines()
    damages = [
        lambda line: line.replace("Film", 'A "film", with'),
        lambda line: line.rsplit(",", 1)[0] + ",",
        lambda line: line.replace(",0,", ",2,"),
        lambda line: line + ",more",
        lambda line: line.split(",")[0],
        lambda line: line.replace("tt", "../"),
        lambda line: line + "\n" + line,
        lambda line: chance.choice(lines),
        lambda line: line.replace("of", "\0"),
        lambda line: "",
    ]
    for _ in range(chance.randrange(20)):
        place = chance.randrange(len(lines))
        lines[place] = chance.choice(damages)(lines[place])
    table.write_text("\n".join([header, *lines]))
    for path in chance.sample(sorted(images.iterdir()), k=8):
        path.unlink()
        chance.choice(
            [
                lambda path: None,
                lambda path: path.mkdir(),
                lambda path: path.symlink_to("/etc/passwd"),
                lambda path: path.with_suffix(".png").write_bytes(b"x"),
                lambda path: path.write_bytes(b""),
                lambda path: path.write_text("<html>"),
            ]
        )(path)
    (images / "orphan.jpg").write_bytes(b"of no film")


@pytest.mark.parametrize("seed", range(12))
def test_the_counts_always_add_up(films_folder, seed):
    folder = films_folder(24)
    awkward_folder(folder, seed)
    reading = read(folder)
    chance = random.Random(seed)
    later = {row.id: "later" for row in reading.rows if chance.random() < 0.2}
    reading.leave_out(later)
    report = reading.report.as_dict()
    for tally in (report["rows"], report["posters"]):
        # `used` is what is left of `read`, so the proof is that it meets what is really there.
        assert tally["used"] == len(reading.rows)
        assert tally["read"] == tally["used"] + sum(tally["left_out"].values())
    assert report["posters"]["read"] == len(list((folder / "Images").iterdir()))
