"""Evidence in pictures: a poster with what counts on it, an overview with its words marked."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from genre_core.data.posters import decode_poster

FOR, AGAINST = (123, 63, 209), (199, 119, 0)  # violet and amber: no run has these colours
SIZE = (360, 240)  # height and width in pixels
MOST_COVERED = 0.8  # of a poster, where the evidence is strongest
MOST_MARKED = 0.45  # of the page's colour behind a word; text stays readable on it


def over_poster(content: bytes, grid: tuple[int, int], values: Sequence[float]) -> bytes:
    """Return a JPEG of a poster in grey, with what speaks for and against a genre in colour.

    Args:
        content: of the image file.
        grid: rows and columns of regions.
        values: contribution of each region, row by row.

    Raises:
        DataError: the poster cannot be used.
    """
    poster = Image.fromarray(decode_poster(content, SIZE)).convert("L").convert("RGB")
    field = np.asarray(values, dtype=np.float32).reshape(grid)
    # Bilinear between the regions' centres, so that edges of the grid are not seen as evidence.
    smooth = np.asarray(
        Image.fromarray(field).resize((SIZE[1], SIZE[0]), Image.Resampling.BILINEAR)
    )
    strength = np.abs(smooth) / max(float(np.abs(field).max()), 1e-9) * MOST_COVERED
    colour = np.where(smooth[..., None] > 0, FOR, AGAINST)
    mixed = np.asarray(poster) * (1 - strength[..., None]) + colour * strength[..., None]
    file = io.BytesIO()
    Image.fromarray(mixed.round().astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def marked_words(overview: str, places: Sequence[tuple[int, int]], values: Sequence[float]) -> str:
    """Return an overview as HTML with its words marked by what speaks for and against a genre.

    Args:
        overview: as somebody wrote it.
        places: where each word begins and ends.
        values: contribution of each word.
    """
    most = max([abs(value) for value in values] + [1e-9])
    parts, end = [], 0
    for (start, stop), value in zip(places, values, strict=True):
        red, green, blue = FOR if value > 0 else AGAINST
        share = abs(value) / most * MOST_MARKED
        word = html.escape(overview[start:stop])
        parts.append(html.escape(overview[end:start]))
        parts.append(
            f'<span style="background:rgba({red},{green},{blue},{share:.2f});border-radius:3px">'
            f"{word}</span>"
        )
        end = stop
    return f'<p style="line-height:1.7">{"".join(parts)}{html.escape(overview[end:])}</p>'
