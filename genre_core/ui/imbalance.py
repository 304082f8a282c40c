"""The sentences and dots of the page of class imbalance."""

from __future__ import annotations

import pandas as pd

from genre_core.charts.colours import Role, Theme
from genre_core.charts.shares import Bars, Shares
from genre_core.data.films import Dataset
from genre_core.ui.text import SPLIT_NAMES, count, literal, percent

SPLIT_SYMBOLS = {"train": "line-ns", "validation": "diamond-open", "test": "circle-open"}
RUN_SYMBOLS = {
    "Predicted at .5": "x-thin",
    "Ranked first": "triangle-up-open",
    "In the top 3": "circle",
}
N_NAMED = 2  # genres that a sentence names


def dataset_sentence(counts: pd.DataFrame, dataset: Dataset) -> str:
    """Return which genres are frequent, which never occur, and how the labels are spread.

    Args:
        counts: see `tables.genre_counts`.
        dataset: the films that were counted.
    """
    n_labels, n_films = int(counts["all, films"].sum()), len(dataset.films)
    named = counts.head(N_NAMED)
    spread = " and ".join(
        f"**{literal(row['Genre'])}** in {row['all, films']:,} ({percent(row['all, share'])}), "
        f"which is {percent(row['share of all labels'])} of all labels"
        for _, row in named.iterrows()
    )
    sentence = (
        f"{count(n_films, 'film')} have {count(n_labels, 'label')}, "
        f"{n_labels / max(n_films, 1):.2f} a film: {spread}."
    )
    empty = [literal(name) for name in counts.loc[counts["all, films"] == 0, "Genre"]]
    if empty:
        sentence += (
            f" {count(len(empty), 'column')} of {len(dataset.genres)} "
            f"{'has' if len(empty) == 1 else 'have'} no film: {', '.join(empty)}."
        )
    return sentence


def run_sentence(shares: pd.DataFrame, n_films: int) -> str:
    """Return how often the most frequent genres are true, ranked first and among the top 3.

    Args:
        shares: see `tables.run_shares`.
        n_films: number of test films.
    """
    parts = [
        f"**{literal(row['Genre'])}** is true for {percent(row['True'])}, predicted at .5 for "
        f"{percent(row['Predicted at .5'])}, ranked first for {percent(row['Ranked first'])} and "
        f"among the top 3 for {percent(row['In the top 3'])}"
        for _, row in shares.head(N_NAMED).iterrows()
    ]
    never = int((shares["In the top 3"] == 0).sum())
    return (
        f"On {count(n_films, 'test film')}: {'; '.join(parts)}. "
        f"{count(never, 'genre')} of {len(shares)} {'is' if never == 1 else 'are'} never among "
        "the top 3."
    )


def film_bars(counts: pd.DataFrame) -> Bars:
    """Return the share of all films as bars, with the number of films at their end."""
    pairs = zip(counts["all, films"], counts["all, share"], strict=True)
    texts = [f"{number:,} ({percent(share)})" for number, share in pairs]
    return Bars("all films", list(counts["all, share"]), texts)


def split_dots(counts: pd.DataFrame, theme: Theme) -> list[Shares]:
    """Return one kind of dot for each split."""
    return [
        Shares(SPLIT_NAMES[split], list(counts[f"{split}, share"]), theme.ink, symbol)
        for split, symbol in SPLIT_SYMBOLS.items()
    ]


def true_bars(shares: pd.DataFrame) -> Bars:
    """Return the share of the test films for which each genre is true as bars."""
    return Bars("true", list(shares["True"]), [""] * len(shares))


def run_dots(shares: pd.DataFrame, role: Role, theme: Theme) -> list[Shares]:
    """Return one kind of dot for each way in which a run gives a genre to a film."""
    colour = theme.colour(role)
    return [
        Shares(label.lower(), list(shares[label]), colour, symbol)
        for label, symbol in RUN_SYMBOLS.items()
    ]
