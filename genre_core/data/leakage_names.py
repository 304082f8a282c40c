"""Names that films share across splits: Sherlock Holmes in training and in test."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from genre_core.data.films import Dataset

MOST_FILMS = 5  # a name in more films is common: New York, World War, Los Angeles
MOST_CAPITALISED = 0.7  # of the words of an overview; beyond it capitals do not mark names
SENTENCE = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")


@dataclass(frozen=True)
class SharedName:
    """A validation or test film with a rare name that a training film has too.

    Attributes:
        film: id of the film.
        split: "validation" or "test".
        name: two capitalised words, such as "Sherlock Holmes".
        training_films: ids of the training films with the name.
        n_films: number of films with the name, in all splits.
    """

    film: str
    split: str
    name: str
    training_films: tuple[str, ...]
    n_films: int

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "training_films": list(self.training_films)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> SharedName:
        """Return what `to_json` made plain.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        return cls(
            film=str(value["film"]),
            split=str(value["split"]),
            name=str(value["name"]),
            training_films=tuple(map(str, value["training_films"])),
            n_films=int(value["n_films"]),
        )


def shared_names(dataset: Dataset) -> tuple[SharedName, ...]:
    """Return the rare names that validation and test films share with training films.

    A name is two capitalised words with a space between them. The first word of a sentence counts
    only if no overview has it in lower case. A name is rare if at most `MOST_FILMS` films have it.

    Args:
        dataset: the films.
    """
    overviews, ids, split = dataset.films.overviews, dataset.films.ids, dataset.split
    ordinary = _ordinary_words(overviews)
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(overviews):
        for name in names_of(text, ordinary):
            rows_of[name].append(row)
    found = []
    for name, rows in rows_of.items():
        training = tuple(ids[row] for row in rows if split[row] == "train")
        if training and len(rows) <= MOST_FILMS:
            found += [
                SharedName(ids[row], str(split[row]), name, training, len(rows))
                for row in rows
                if split[row] != "train"
            ]
    return tuple(sorted(found, key=lambda shared: (shared.split, shared.n_films, shared.film)))


def names_of(overview: str, ordinary: Set[str]) -> list[str]:
    """Return the different names in an overview, in their order.

    Args:
        overview: as written in the source.
        ordinary: words that begin no name at the beginning of a sentence, in lower case.

    >>> names_of("The detective Sherlock Holmes leaves London. Old Watson's wife waits.", {"old"})
    ['Sherlock Holmes']
    """
    words = WORD.findall(overview)
    if sum(map(_is_capitalised, words)) > MOST_CAPITALISED * len(words):
        return []
    names = (_names_in(sentence, ordinary) for sentence in SENTENCE.split(overview))
    return list(dict.fromkeys(itertools.chain.from_iterable(names)))


def _names_in(sentence: str, ordinary: Set[str]) -> Iterator[str]:
    words = [
        (match.start(), match.end(), _base(match.group())) for match in WORD.finditer(sentence)
    ]
    for place, ((_, end, first), (start, _, second)) in enumerate(itertools.pairwise(words)):
        is_name = _is_capitalised(first) and _is_capitalised(second)
        begins_ordinarily = place == 0 and first.lower() in ordinary
        if is_name and not begins_ordinarily and sentence[end:start] == " ":
            yield f"{first} {second}"


def _ordinary_words(overviews: Sequence[str]) -> set[str]:
    """Return the words that some overview has in lower case."""
    return {_base(word) for text in overviews for word in WORD.findall(text) if word[0].islower()}


def _base(word: str) -> str:
    """Return a word without a possessive ending."""
    return word.removesuffix("'s").removesuffix("\u2019s")


def _is_capitalised(word: str) -> bool:
    return len(word) > 1 and word[0].isupper()
