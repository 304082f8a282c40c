import io
import os
import random
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from genre_core.data import decoding, poster_files, posters
from genre_core.data.poster_files import PosterFile
from genre_core.data.posters import decode_all, decode_poster, is_readable
from genre_core.errors import DataError

SIZE = (12, 8)
RED, WHITE = (255, 0, 0), (255, 255, 255)


def places(paths):
    return [PosterFile(path) for path in paths]


def encoded(image, form, **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def png_that_claims(width, height):
    """A PNG of a few bytes whose header claims any size."""

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def noise(height=45, width=30, mode="RGB"):
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def plain(mode="RGB", colour=RED):
    return Image.new("RGB", (30, 45), colour).convert(mode)


IMAGES = {
    "JPEG": (encoded(plain(), "JPEG"), RED),
    "CMYK": (encoded(plain("CMYK"), "JPEG"), RED),
    "grey": (encoded(plain("L", WHITE), "JPEG"), WHITE),
    "progressive": (encoded(plain(), "JPEG", progressive=True), RED),
    "PNG": (encoded(plain(), "PNG"), RED),
    "palette": (encoded(plain("P"), "PNG"), RED),
    "transparent palette": (
        encoded(plain("P"), "PNG", transparency=plain("P").getpixel((0, 0))),
        WHITE,
    ),
    "transparent": (encoded(Image.new("RGBA", (30, 45), (255, 0, 0, 0)), "PNG"), WHITE),
    "transparent grey": (encoded(Image.new("LA", (30, 45), (0, 0)), "PNG"), WHITE),
    "black and white": (encoded(plain("1", WHITE), "PNG"), WHITE),
    "WEBP": (encoded(plain(), "WEBP"), RED),
    "GIF": (encoded(plain("P"), "GIF"), RED),
}


@pytest.mark.parametrize(("content", "colour"), IMAGES.values(), ids=IMAGES)
def test_every_kind_of_image_becomes_rgb_of_one_size(content, colour):
    pixels = decode_poster(content, SIZE)
    assert pixels.shape == (*SIZE, 3)
    assert pixels.dtype == np.uint8
    np.testing.assert_allclose(pixels.reshape(-1, 3).astype(int), np.tile(colour, (96, 1)), atol=4)


def test_sixteen_bits_of_grey_are_scaled_not_cut_off():
    grey = np.full((45, 30), 0x8000, dtype=np.uint16)
    pixels = decode_poster(encoded(Image.fromarray(grey), "PNG"), SIZE)
    np.testing.assert_allclose(pixels, 128, atol=1)


def test_a_turned_photograph_is_set_upright():
    image = plain(colour=WHITE)
    image.paste(RED, (0, 0, 30, 20))  # red on top
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    turned = image.transpose(Image.Transpose.ROTATE_90)
    pixels = decode_poster(encoded(turned, "JPEG", exif=exif), SIZE)
    np.testing.assert_allclose(pixels[1, 4], RED, atol=30)
    np.testing.assert_allclose(pixels[-2, 4], WHITE, atol=30)


NO_POSTERS = {
    "0 bytes": (b"", "poster not readable as an image"),
    "HTML": (b"<!DOCTYPE html><html>404</html>", "poster not readable as an image"),
    "cut JPEG": (encoded(noise(), "JPEG")[:700], "poster not readable as an image"),
    "cut PNG": (encoded(noise(), "PNG")[:700], "poster not readable as an image"),
    "1x1": (encoded(noise(1, 1), "JPEG"), "poster too small"),
    "7 high": (encoded(noise(7, 99), "PNG"), "poster too small"),
    "50000x50000": (png_that_claims(50_000, 50_000), "poster too large"),
    "90 megapixels": (png_that_claims(10_000, 9_000), "poster too large"),
    "30 megapixels": (png_that_claims(6_000, 5_000), "poster too large"),
    "without its pixels": (png_that_claims(100, 100), "poster not readable as an image"),
    "PPM": (encoded(noise(), "PPM"), "poster not readable as an image"),
}


@pytest.mark.parametrize(("content", "reason"), NO_POSTERS.values(), ids=NO_POSTERS)
@pytest.mark.filterwarnings("error")
def test_what_is_no_poster_is_refused_with_a_reason_to_count(content, reason):
    with pytest.raises(DataError, match=f"^{reason}$"):
        decode_poster(content, SIZE)


def test_a_photograph_of_24_megapixels_is_still_taken():
    image = Image.new("L", (6000, 4000), 255)
    assert decode_poster(encoded(image, "JPEG"), SIZE).min() == 255


@pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")
def test_damaged_bytes_never_raise_anything_else():
    chance = random.Random(0)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a maker"
    whole = [
        encoded(noise(), "JPEG", exif=exif),
        encoded(noise(), "JPEG", progressive=True),
        encoded(noise(), "PNG", exif=exif),
        encoded(noise(mode="P"), "PNG", transparency=3),
        encoded(noise(mode="P"), "GIF"),
        encoded(noise(), "WEBP", exif=exif),
    ]
    n_refused = 0
    for _ in range(1500):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 5)):
            content[chance.randrange(min(len(content), 150))] = chance.randrange(256)
        try:
            decode_poster(bytes(content), SIZE)
        except DataError:
            n_refused += 1
    assert 0 < n_refused < 1500


@pytest.mark.parametrize("error", [struct.error("no integer"), TypeError("'str'")])
def test_what_pillow_raises_on_damaged_exif_is_a_reason_too(monkeypatch, error):
    def fail(_):
        raise error

    monkeypatch.setattr(decoding.ImageOps, "exif_transpose", fail)
    with pytest.raises(DataError, match="not readable"):
        decode_poster(encoded(plain(), "JPEG"), SIZE)


@pytest.fixture
def files(tmp_path):
    """Four posters, of which the second and the last can be read."""
    paths = [tmp_path / f"{number}.jpg" for number in range(4)]
    paths[0].write_bytes(b"")
    paths[1].write_bytes(encoded(plain(), "JPEG"))
    os.mkfifo(paths[2])
    paths[3].write_bytes(encoded(plain(colour=WHITE), "PNG"))
    return paths


def test_readable_posters_follow_each_other_in_the_array(files, tmp_path):
    seen = []
    outcomes = decode_all(
        places(files), SIZE, tmp_path / "posters.npy", lambda *step: seen.append(step)
    )
    assert [is_readable(outcome) for outcome in outcomes] == [False, True, False, True]
    assert outcomes[0] == "!poster not readable as an image"
    assert outcomes[2] == "!poster is no file"
    array = np.load(tmp_path / "posters.npy", mmap_mode="r", allow_pickle=False)
    assert array.shape == (2, *SIZE, 3)
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array[0], decode_poster(files[1].read_bytes(), SIZE))
    np.testing.assert_array_equal(array[1], decode_poster(files[3].read_bytes(), SIZE))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("n_posters", [0, 1, 9, 10, 11])
def test_any_number_of_posters_keeps_its_order(tmp_path, monkeypatch, n_posters):
    monkeypatch.setattr(posters, "BATCH", 4)
    paths = [tmp_path / f"{number}.png" for number in range(n_posters)]
    for number, path in enumerate(paths):
        path.write_bytes(encoded(plain(colour=(number, number, number)), "PNG"))
    decode_all(places(paths), SIZE, tmp_path / "posters.npy")
    array = np.load(tmp_path / "posters.npy", allow_pickle=False)
    assert array.shape == (n_posters, *SIZE, 3)
    assert array[:, 0, 0, 0].tolist() == list(range(n_posters))


def test_the_outcome_names_the_content_not_the_file(files, tmp_path):
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(files[1].read_bytes())
    first, second = decode_all(places([files[1], copy]), SIZE, tmp_path / "posters.npy")
    assert first == second


def test_a_file_larger_than_any_poster_is_not_read(tmp_path):
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(poster_files.MAX_BYTES + 1)
    assert decode_all(places([path]), SIZE, tmp_path / "posters.npy") == ["!poster too large"]


HUGE = """
import pathlib, resource, sys
from genre_core.data.poster_files import PosterFile
from genre_core.data.posters import decode_all
folder = pathlib.Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
files = [PosterFile(path) for path in sorted(folder.glob("*.png"))]
print(*decode_all(files, (8, 8), folder / "posters.npy"), sep="\\n")
taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print("no memory" if taken < 20_000 else f"{taken} kB")
"""


def test_images_that_claim_too_much_take_neither_memory_nor_words(tmp_path):
    (tmp_path / "1.png").write_bytes(png_that_claims(50_000, 50_000))
    (tmp_path / "2.png").write_bytes(png_that_claims(10_000, 9_000))
    done = subprocess.run(
        [sys.executable, "-c", HUGE, tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["!poster too large", "!poster too large", "no memory"]
    assert done.stderr == ""
