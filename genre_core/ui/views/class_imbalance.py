"""The sentences and dots of the page of class imbalance."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from scipy.stats import spearmanr
from streamlit.delta_generator import DeltaGenerator

from genre_core.charts.colours import Role, Theme
from genre_core.charts.shares import Bars, Shares
from genre_core.data.films import Dataset
from genre_core.ui.parts.genre_tables import FIGURES, PREDICTED, RUN_SHARES, figure_column
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal, percent

SPLIT_SYMBOLS = {"train": "line-ns", "validation": "diamond-open", "test": "circle-open"}
RUN_SYMBOLS = {
    PREDICTED: "x-thin",
    "ranked_first_share": "triangle-up-open",
    "top3_share": "circle",
}
N_NAMED = 2  # genres that a sentence names
N_PAIRS = 3
FEW_TOGETHER = 30  # films; a pair of genres with fewer is left to chance
FEW_TEST_FILMS = 30  # test films; figures of genres with fewer have wide intervals


def dataset_sentence(counts: pd.DataFrame, dataset: Dataset) -> str:
    """Return which genres are frequent, which never occur, and how the labels are spread.

    Args:
        counts: see `genre_tables.genre_counts`.
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
        f"{n_labels / max(n_films, 1):.2f} per film: {spread}."
    )
    empty = [literal(name) for name in counts.loc[counts["all, films"] == 0, "Genre"]]
    if empty:
        sentence += (
            f" {count(len(empty), 'column')} of {len(dataset.genres)} "
            f"{'has' if len(empty) == 1 else 'have'} no film: {', '.join(empty)}."
        )
    return sentence


def together_sentence(dataset: Dataset) -> str:
    """Return which pairs of genres occur together most beyond what their frequencies give."""
    labels = dataset.labels.astype(np.int64)
    both, support, n_films = labels.T @ labels, labels.sum(axis=0), len(labels)
    pairs = [
        (both[a, b] * n_films / (support[a] * support[b]), a, b)
        for a, b in itertools.combinations(range(len(support)), 2)
        if both[a, b] >= FEW_TOGETHER
    ]
    named = [
        f"**{literal(dataset.genres[a])}** and **{literal(dataset.genres[b])}** ({lift:.1f} times, "
        f"{count(int(both[a, b]), 'film')})"
        for lift, a, b in sorted(pairs, reverse=True)[:N_PAIRS]
        if lift > 1
    ]
    alone = float((labels.sum(axis=1) == 1).mean())
    sentence = f"{percent(alone)} of the films have one genre only."
    if named:
        sentence += (
            f" More often together than if they were independent, among pairs with "
            f"{FEW_TOGETHER} films or more: {', '.join(named)}."
        )
    return sentence


def support_sentence(table: pd.DataFrame, figure: str, names: Sequence[str]) -> str:
    """Return how a figure of the genres goes with their number of training films.

    Args:
        table: see `genre_tables.genre_figures`.
        figure: one of `genre_tables.FIGURES`.
        names: names of the runs.
    """
    parts = []
    for name in names:
        values = table[figure_column(figure, name)]
        n_zero = int((values == 0).sum())
        rank = "no rank correlation can be computed"
        if values.nunique() > 1 and table["Training films"].nunique() > 1:
            result = spearmanr(table["Training films"], values)
            rank = f"rank correlation with the number of training films {result.statistic:+.2f}"
        parts.append(
            f"**{literal(name)}**: {rank}, {FIGURES[figure]} of 0 for {n_zero} of "
            f"{count(len(table), 'genre')}"
        )
    n_few = int((table["Test films"] < FEW_TEST_FILMS).sum())
    return (
        f"{'; '.join(parts)}. {n_few} of these genres {'has' if n_few == 1 else 'have'} "
        f"fewer than {FEW_TEST_FILMS} test films; their metrics are noisy."
    )


def run_sentence(shares: pd.DataFrame, genre: str, n_films: int) -> str:
    """Return how often a genre is true, predicted, ranked first and among the top 3.

    Args:
        shares: see `genre_tables.run_shares`.
        genre: name of the genre.
        n_films: number of test films.
    """
    row = shares[shares["Genre"] == genre].iloc[0]
    prevalence, predicted, first, top = (row[label] for label in RUN_SHARES.values())
    never = int((shares[RUN_SHARES["top3_share"]] == 0).sum())
    return (
        f"**{literal(genre)}** is true for {percent(prevalence)} of the "
        f"{count(n_films, 'test film')}; this run predicts it for "
        f"{percent(predicted)}, ranks it first for {percent(first)}, "
        f"and has it in its top 3 for {percent(top)}. "
        f"{count(never, 'genre')} of {len(shares)} {'is' if never == 1 else 'are'} never in its "
        "top 3."
    )


def chart_or_table(key: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return two tabs: one for a chart, one for its numbers."""
    chart, table = st.tabs(["Chart", "Table"], key=key)
    return chart, table


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
    return Bars("true", list(shares[RUN_SHARES["prevalence"]]), [""] * len(shares))


def run_dots(shares: pd.DataFrame, role: Role, theme: Theme) -> list[Shares]:
    """Return one kind of dot for each way in which a run gives a genre to a film."""
    colour = theme.colour(role)
    return [
        Shares(RUN_SHARES[share].lower(), list(shares[RUN_SHARES[share]]), colour, symbol)
        for share, symbol in RUN_SYMBOLS.items()
    ]
