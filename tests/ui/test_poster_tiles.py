import io

import pytest
from PIL import Image
from tiny_artifacts import draw_poster

from genre_core.ui.parts.posters import poster, poster_path


@pytest.fixture
def source(tmp_path):
    (tmp_path / "films" / "Images").mkdir(parents=True)
    draw_poster(tmp_path / "films" / "Images" / "tt1.jpg", 1)
    (tmp_path / "films" / "films.csv").write_text("Id,Overview\n")
    return tmp_path / "films"


def size_of(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


def test_a_squeezed_poster_is_shown_in_its_true_shape(source):
    shown = poster(source, "tt1")
    assert not shown.problem
    assert size_of(shown.content) == (240, 360)


def test_a_missing_poster_is_a_placeholder_of_the_same_size(source):
    shown = poster(source, "tt2")
    assert "missing" in shown.problem
    assert size_of(shown.content) == (240, 360)


def test_a_broken_poster_is_a_placeholder(source):
    (source / "Images" / "tt3.jpg").write_bytes(b"no image")
    assert "cannot be read" in poster(source, "tt3").problem


def test_a_changed_poster_is_shown_anew(source):
    before = poster(source, "tt1").content
    draw_poster(source / "Images" / "tt1.jpg", 20)
    assert poster(source, "tt1").content != before


@pytest.mark.parametrize("film", ["../secret", "/etc/passwd", "..", "", "a/b", "a\0b", "x" * 300])
def test_ids_that_are_no_ids_lead_nowhere(source, film):
    draw_poster(source / "secret.jpg", 1)
    assert poster_path(source, film) is None


def test_a_link_out_of_the_folder_leads_nowhere(source):
    draw_poster(source.parent / "secret.jpg", 1)
    (source / "Images" / "tt9.jpg").symlink_to(source.parent / "secret.jpg")
    assert poster_path(source, "tt9") is None


def test_a_folder_that_is_gone(tmp_path):
    assert "missing" in poster(tmp_path / "gone", "tt1").problem
