"""Edits of a poster, to compare the scores before and after."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageOps

from genre_core.data.decoding import PosterError, image_of
from genre_core.errors import DataError

CROPPED = 0.8  # of each side, around the centre
MOST_PIXELS = 2_000  # of a side; larger ones are scaled down first
QUALITY = 95


def _centre(image: Image.Image) -> Image.Image:
    width, height = (round(side * CROPPED) for side in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "flip": ImageOps.mirror,
    "crop": _centre,
    "grey": lambda image: image.convert("L").convert("RGB"),
}


def edited(content: bytes, edits: list[str]) -> bytes:
    """Return a poster with some edits, as a JPEG; unchanged without any.

    Args:
        content: of the image file.
        edits: keys of `EDITS`.

    Raises:
        DataError: the content is no image that can be used.
    """
    if not edits:
        return content
    try:
        image = image_of(content)
    except PosterError as error:
        raise DataError(f"The poster cannot be used: {error}.") from error
    image.thumbnail((MOST_PIXELS, MOST_PIXELS))
    for edit in edits:
        image = EDITS[edit](image)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
