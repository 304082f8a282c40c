import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tiny_artifacts import draw_poster

from genre_core.data.films import Dataset, Films
from genre_core.ui.parts.posters import poster


def dataset_of(folder: Path, *films: str, files: tuple[str, ...] = ()) -> Dataset:
    """Films of a folder, whose posters lie in some files or in `Images/`."""
    rows = Films(films, ("",) * len(films), (), poster_files=files)
    name = str(abs(hash((str(folder), films, files))))
    return Dataset(name, rows, np.array(["test"] * len(films)), folder, False, {}, "")


@pytest.fixture
def source(tmp_path):
    (tmp_path / "films" / "Images").mkdir(parents=True)
    draw_poster(tmp_path / "films" / "Images" / "tt1.jpg", 1)
    return tmp_path / "films"


def size_of(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


def test_a_squeezed_poster_is_shown_in_its_true_shape(source):
    shown = poster(dataset_of(source, "tt1"), "tt1")
    assert not shown.problem
    assert size_of(shown.content) == (240, 360)


def test_a_poster_is_found_where_the_dataset_says(source):
    (source / "Images" / "tt1.jpg").rename(source / "other.png")
    films = dataset_of(source, "a", "b", files=("nowhere.jpg", "other.png"))
    assert not poster(films, "b").problem
    assert "missing" in poster(films, "a").problem


def test_a_missing_poster_is_a_placeholder_of_the_same_size(source):
    shown = poster(dataset_of(source, "tt1", "tt2"), "tt2")
    assert "missing" in shown.problem
    assert size_of(shown.content) == (240, 360)


def test_a_broken_poster_is_a_placeholder(source):
    (source / "Images" / "tt3.jpg").write_bytes(b"no image")
    assert "cannot be read" in poster(dataset_of(source, "tt3"), "tt3").problem


def test_a_changed_poster_is_shown_anew(source):
    films = dataset_of(source, "tt1")
    before = poster(films, "tt1").content
    draw_poster(source / "Images" / "tt1.jpg", 20)
    assert poster(films, "tt1").content != before


@pytest.mark.parametrize("film", ["../secret", "/etc/passwd", "..", "", "a/b", "a\0b", "x" * 300])
def test_ids_of_no_film_lead_nowhere(source, film):
    draw_poster(source / "secret.jpg", 1)
    assert "missing" in poster(dataset_of(source, "tt1"), film).problem


def test_a_link_out_of_the_folder_leads_nowhere(source):
    draw_poster(source.parent / "secret.jpg", 1)
    (source / "Images" / "tt9.jpg").symlink_to(source.parent / "secret.jpg")
    assert "missing" in poster(dataset_of(source, "tt9"), "tt9").problem


def test_a_folder_that_is_gone(tmp_path):
    assert "missing" in poster(dataset_of(tmp_path / "gone", "tt1"), "tt1").problem
