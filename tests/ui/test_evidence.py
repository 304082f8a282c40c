"""Evidence in pictures: text stays text, and colours say for and against."""

import io

import numpy as np
import pytest
from PIL import Image

from genre_core.errors import DataError
from genre_core.ui.parts.evidence import AGAINST, FOR, SIZE, marked_words, over_poster


def test_an_overview_stays_text():
    overview = 'A <img src=x onerror="alert(1)"> & more'
    places = [(0, 1), (2, 32), (33, 34)]
    found = marked_words(overview, places, [0.5, -0.2, 0.0])
    assert "<img" not in found
    assert "&lt;img" in found
    assert found.endswith("&amp;</span> more</p>")
    assert f"rgba({FOR[0]}," in found
    assert f"rgba({AGAINST[0]}," in found


def test_what_speaks_for_a_genre_has_its_colour_where_it_is():
    file = io.BytesIO()
    Image.new("RGB", (80, 120), "white").save(file, "PNG")
    values = np.zeros(96)
    values[0], values[-1] = 1.0, -1.0
    content = over_poster(file.getvalue(), (12, 8), values.tolist())
    pixels = np.asarray(Image.open(io.BytesIO(content))).astype(int)
    assert pixels.shape[:2] == SIZE
    np.testing.assert_allclose(pixels[2, 2], np.array(FOR) * 0.8 + 51, atol=12)
    np.testing.assert_allclose(pixels[-3, -3], np.array(AGAINST) * 0.8 + 51, atol=12)
    assert pixels[180, 120].min() > 240
    with pytest.raises(DataError):
        over_poster(b"<html>", (12, 8), values.tolist())
