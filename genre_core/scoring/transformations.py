"""Named changes of posters and overviews, at two or three strengths, to ask what a run relies on.

Each is seeded by the film, so that every run sees the same versions.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

Random = np.random.Generator
OfPoster = Callable[[Image.Image, Random], Image.Image]
OfOverview = Callable[[str, Random], str]

BAND = (0.70, 0.90)  # of the height, where most posters have their title
PATCHES = (4, 8)  # to a side, of a poster whose patches are shuffled
N_COMMON = 200  # words that occur in most training overviews
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_PAIRS = (
    *(("he", "she"), ("him", "her"), ("his", "her"), ("himself", "herself"), ("man", "woman")),
    *(("men", "women"), ("boy", "girl"), ("boys", "girls"), ("father", "mother")),
    *(("son", "daughter"), ("brother", "sister"), ("husband", "wife"), ("king", "queen")),
    *(("boyfriend", "girlfriend"), ("uncle", "aunt"), ("nephew", "niece"), ("actor", "actress")),
    *(("prince", "princess"), ("guy", "gal"), ("mr", "mrs"), ("sons", "daughters")),
    *(("brothers", "sisters"), ("fathers", "mothers"), ("husbands", "wives"), ("lad", "lass")),
)
SWAPPED = {one: other for pair in reversed(_PAIRS) for one, other in (pair, pair[::-1])}


@dataclass(frozen=True)
class Transformation:
    """One change at one strength.

    Attributes:
        key: stable name, as "blur_2".
        label: what people read.
        of_poster: changes a poster; None for a change of overviews.
        of_overview: changes an overview; None for a change of posters.
    """

    key: str
    label: str
    of_poster: OfPoster | None = None
    of_overview: OfOverview | None = None

    @property
    def input(self) -> str:
        """Return what it changes, "poster" or "overview"."""
        return "poster" if self.of_poster else "overview"


def posters() -> list[Transformation]:
    """Return the changes of posters."""
    found = [("greyscale", "Greyscale", _greyscale)]
    found += [(f"blur_{n}", f"Blur, {n}% of the width", partial(_blur, share=n)) for n in (1, 3)]
    found += [(f"jpeg_{n}", f"JPEG quality {n}", partial(_jpeg, quality=n)) for n in (30, 5)]
    found += [(f"crop_{n}", f"Crop to {n}%", partial(_crop, share=n / 100)) for n in (80, 50)]
    found += [(f"rotate_{n}", f"Rotate by {n}°", partial(_rotate, degrees=n)) for n in (5, 20)]
    found += [
        (f"brightness_{n}", f"Brightness {n}%", partial(_brightness, share=n / 100))
        for n in (50, 150)
    ]
    found += [("no_title", "Title band hidden", _no_title)]
    found += [
        (f"patches_{n}", f"{n} by {n} patches shuffled", partial(_shuffled, n=n)) for n in PATCHES
    ]
    return [Transformation(key, label, of_poster=change) for key, label, change in found]


def overviews(training: Sequence[str]) -> list[Transformation]:
    """Return the changes of overviews.

    Args:
        training: overviews of the training films; names and common words are told by them.
    """
    known = _Words(training)
    found: list[tuple[str, str, OfOverview]] = [
        (f"typos_{n}", f"Typos in {n}% of words", partial(_typos, share=n / 100)) for n in (10, 30)
    ]
    found += [
        (f"deleted_{n}", f"{n}% of words deleted", partial(_deleted, share=n / 100))
        for n in (10, 30, 50)
    ]
    found += [
        ("shuffled", "Word order shuffled", _in_any_order),
        ("first_sentence", "First sentence only", _first_sentence),
        ("names", "Names replaced", known.without_names),
        ("gender", "Gendered words swapped", _swapped),
        ("common", "Common words only", known.common_only),
    ]
    return [Transformation(key, label, of_overview=change) for key, label, change in found]


def _greyscale(image: Image.Image, random: Random) -> Image.Image:
    del random
    return image.convert("L").convert("RGB")


def _blur(image: Image.Image, random: Random, *, share: int) -> Image.Image:
    del random
    return image.filter(ImageFilter.GaussianBlur(image.width * share / 100))


def _jpeg(image: Image.Image, random: Random, *, quality: int) -> Image.Image:
    del random
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    with Image.open(file) as found:
        return found.convert("RGB")


def _crop(image: Image.Image, random: Random, *, share: float) -> Image.Image:
    size = [round(side * share) for side in image.size]
    rests = [whole - part for whole, part in zip(image.size, size, strict=True)]
    left, top = (int(random.integers(rest + 1)) for rest in rests)
    return image.crop((left, top, left + size[0], top + size[1]))


def _rotate(image: Image.Image, random: Random, *, degrees: int) -> Image.Image:
    turn = degrees if random.random() < 0.5 else -degrees
    return image.rotate(turn, Image.Resampling.BILINEAR, fillcolor=_mean_colour(image))


def _brightness(image: Image.Image, random: Random, *, share: float) -> Image.Image:
    del random
    return ImageEnhance.Brightness(image).enhance(share)


def _no_title(image: Image.Image, random: Random) -> Image.Image:
    del random
    changed = image.copy()
    top, bottom = (round(image.height * share) for share in BAND)
    changed.paste(_mean_colour(image), (0, top, image.width, bottom))
    return changed


def _shuffled(image: Image.Image, random: Random, *, n: int) -> Image.Image:
    width, height = image.width // n, image.height // n
    places = [(column * width, row * height) for row in range(n) for column in range(n)]
    changed = image.copy()
    for place, source in zip(places, random.permutation(len(places)), strict=True):
        left, top = places[source]
        changed.paste(image.crop((left, top, left + width, top + height)), place)
    return changed


def _mean_colour(image: Image.Image) -> tuple[int, int, int]:
    red, green, blue = np.asarray(image).reshape(-1, 3).mean(axis=0).round().astype(int).tolist()
    return red, green, blue


def _typos(overview: str, random: Random, *, share: float) -> str:
    """Swap two letters within some words, as fast typists do."""

    def changed(word: str) -> str:
        if len(word) < 4 or random.random() >= share:
            return word
        at = int(random.integers(1, len(word) - 2))
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _WORD.sub(lambda found: changed(found[0]), overview)


def _deleted(overview: str, random: Random, *, share: float) -> str:
    words = overview.split()
    return " ".join(word for word in words if random.random() >= share)


def _in_any_order(overview: str, random: Random) -> str:
    return " ".join(random.permutation(overview.split()).tolist())


def _first_sentence(overview: str, random: Random) -> str:
    del random
    return _SENTENCE_END.split(overview.strip(), maxsplit=1)[0]


def _swapped(overview: str, random: Random) -> str:
    del random
    return _WORD.sub(lambda found: _as_written(SWAPPED.get(found[0].lower()), found[0]), overview)


def _as_written(new: str | None, old: str) -> str:
    if new is None:
        return old
    return new.capitalize() if old[0].isupper() else new


class _Words:
    """What training overviews say of words: which are common, and which are names.

    Args:
        overviews: of the training films.
    """

    def __init__(self, overviews: Sequence[str]) -> None:
        small, large, in_films = Counter[str](), Counter[str](), Counter[str]()
        for text in overviews:
            words = [found[0] for found in _WORD.finditer(text)]
            in_films.update({word.lower() for word in words})
            # The first word of a sentence is capitalised whatever it is.
            begins = {0, *(found.end() for found in _SENTENCE_END.finditer(text))}
            for found in _WORD.finditer(text):
                if found.start() not in begins:
                    (large if found[0][0].isupper() else small)[found[0].lower()] += 1
        self._common = {word for word, _ in in_films.most_common(N_COMMON)}
        self._names = {word for word, count in large.items() if count > small[word]}
        self._ordinary = {word for word, count in small.items() if count >= large[word]}

    def common_only(self, overview: str, random: Random) -> str:
        """Keep the words that occur in most films."""
        del random
        words = overview.split()
        return " ".join(word for word in words if word.strip(",.;:!?\"'()").lower() in self._common)

    def without_names(self, overview: str, random: Random) -> str:
        """Replace capitalised words that are no ordinary words by a name that nobody has."""
        del random
        begins = {0, *(found.end() for found in _SENTENCE_END.finditer(overview))}

        def changed(found: re.Match[str]) -> str:
            word = found[0]
            lower = word.lower()
            is_name = lower in self._names
            if word[0].isupper() and lower not in self._ordinary and found.start() not in begins:
                is_name = True  # unseen in training
            return "Xyzzy" if word[0].isupper() and is_name else word

        return _WORD.sub(changed, overview)
