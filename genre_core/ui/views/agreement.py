"""Which of two runs predicts the films of each genre correctly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.charts.colours import Style, Theme
from genre_core.comparison.wording import REASONS
from genre_core.comparison.wording import VERDICTS as WORDING
from genre_core.data.films import Dataset
from genre_core.evaluation.agreement import LEAST_DISCORDANT, mcnemar
from genre_core.evaluation.intervals import SIGNIFICANT
from genre_core.ui.parts.conditions import Condition, Conditions, written
from genre_core.ui.parts.text import count, literal, percent

PATTERNS = ("", "/", "x", "")
# Outcome of the poster and of the overview run.
SAYS = (("hit", "hit"), ("hit", "missed"), ("missed", "hit"), ("missed", "missed"))
P_HOLM = "p (Holm)"
ALL = "all genres"
DIGITS = "%.2g"  # of p-values: an exact test has ones that four decimals show as 0
AloneVerdict = Literal["first", "second", "no_difference", "too_few", "withheld"]
VERDICTS: dict[AloneVerdict, str] = {  # those that name a run are made where names are known
    "no_difference": WORDING["no_difference"],
    "too_few": "too few films decided differently",
    "withheld": REASONS["no_headline"],
}
TEST_HELP = (
    "If both runs were equally good, each would have half of the films that only one predicts "
    f"correctly. Genres with fewer than {LEAST_DISCORDANT} such films are not tested."
)


def labels(names: tuple[str, str]) -> list[str]:
    """Return what the outcomes are called."""
    return ["Both", f"Only {names[0]}", f"Only {names[1]}", "Neither"]


def outcomes(
    names: tuple[str, str], looks: Sequence[Style], theme: Theme
) -> list[tuple[str, str, str]]:
    """Return label, colour and pattern of each outcome."""
    colours = (theme.ink, looks[0].colour, looks[1].colour, theme.faint)
    return list(zip(labels(names), colours, PATTERNS, strict=True))


def table(found: np.ndarray, dataset: Dataset, names: tuple[str, str]) -> pd.DataFrame:
    """Return one line a genre with a test film, most frequent first, and one for all genres.

    Args:
        found: see `oracle.agreement_counts`.
        dataset: the films.
        names: of the two runs.
    """
    n_films = found.sum(axis=1)
    places = [place for place in np.argsort(-n_films, kind="stable") if n_films[place]]
    frame = pd.DataFrame(np.vstack([found[places], found.sum(axis=0)]), columns=labels(names))
    frame.insert(0, "Genre", [*(dataset.genres[place] for place in places), ALL])
    return frame.assign(Films=[*n_films[places], n_films.sum()])


def columns(names: tuple[str, str]) -> dict[str, Any]:
    """Return the column configuration of `table`."""
    counts = [*labels(names), "Films"]
    return {
        "Genre": st.column_config.TextColumn(pinned=True),
        **{name: st.column_config.NumberColumn(format="localized") for name in counts},
    }


def sentence(found: np.ndarray, names: tuple[str, str]) -> str:
    """Return how the true genres divide between the two runs."""
    both, first, second, neither = found.sum(axis=0) / max(int(found.sum()), 1)
    return (
        f"Of {count(int(found.sum()), 'true genre')} of the test films, **both runs** predict "
        f"{percent(both)} correctly, only **{literal(names[0])}** {percent(first)}, only "
        f"**{literal(names[1])}** {percent(second)}, and **neither** {percent(neither)}."
    )


def alone_verdicts(
    found: np.ndarray, dataset: Dataset, *, is_withheld: bool = False
) -> dict[str, AloneVerdict]:
    """Return which run is ahead in each genre with a test film, by genre, most frequent first.

    Args:
        found: see `oracle.agreement_counts`.
        dataset: the films.
        is_withheld: whether there are no verdicts, as what differs may be the thresholds alone.
    """
    p_holm = mcnemar(found[:, 1], found[:, 2]).p_holm
    n_films = found.sum(axis=1)
    return {
        dataset.genres[place]: _verdict(found[place], p_holm[place], is_withheld)
        for place in np.argsort(-n_films, kind="stable")
        if n_films[place]
    }


def alone_table(
    found: np.ndarray,
    dataset: Dataset,
    names: tuple[str, str],
    verdicts: Mapping[str, AloneVerdict],
) -> pd.DataFrame:
    """Return one line a genre with a test film: films of one run alone, and McNemar's test.

    Args:
        found: see `oracle.agreement_counts`.
        dataset: the films.
        names: of the two runs.
        verdicts: see `alone_verdicts`.
    """
    tested = mcnemar(found[:, 1], found[:, 2])
    ahead: dict[AloneVerdict, str] = {"first": f"{names[0]} ahead", "second": f"{names[1]} ahead"}
    words = {**VERDICTS, **ahead}
    places = [dataset.genres.index(genre) for genre in verdicts]
    return pd.DataFrame(
        {
            "Genre": list(verdicts),
            "Verdict": [words[verdict] for verdict in verdicts.values()],
            **{labels(names)[place]: found[places, place] for place in (1, 2)},
            P_HOLM: tested.p_holm[places],
            "p": tested.p_values[places],
            "Films": found.sum(axis=1)[places],
        }
    )


def alone_columns() -> dict[str, Any]:
    """Return the column configuration of `alone_table`."""
    return {
        "Genre": st.column_config.TextColumn(pinned=True),
        "p": st.column_config.NumberColumn(
            format=DIGITS, help="McNemar's exact test, two-sided, not corrected."
        ),
        P_HOLM: st.column_config.NumberColumn(
            format=DIGITS, help="Corrected by Holm for all genres that are tested."
        ),
        "Verdict": st.column_config.TextColumn(
            help=f"By p (Holm) at {SIGNIFICANT:g}; genres with fewer than {LEAST_DISCORDANT} films "
            "predicted correctly by one run only are not tested.",
        ),
    }


def alone_sentence(verdicts: Mapping[str, AloneVerdict], names: tuple[str, str]) -> str:
    """Return for which genres one run predicts significantly more films correctly.

    Args:
        verdicts: see `alone_verdicts`.
        names: of the two runs.
    """
    often = Counter(verdicts.values())
    n_tested = len(verdicts) - often["too_few"]
    if not n_tested:
        return (
            f"No genre has {LEAST_DISCORDANT} films that only one run predicts correctly, so none "
            "is tested."
        )
    if often["withheld"]:
        return (
            "No verdicts: the runs have thresholds of their own, and neither mAP nor BCE shows a "
            "significant difference."
        )
    parts = []
    for ahead, name in zip(("first", "second"), names, strict=True):
        genres = [genre for genre, verdict in verdicts.items() if verdict == ahead]
        listed = f" ({', '.join(map(literal, genres))})" if genres else ""
        parts.append(f"**{literal(name)}** is ahead in {len(genres)}{listed}")
    n_few = often["too_few"]
    few = f"; {n_few} not tested ({VERDICTS['too_few']})" if n_few else ""
    return (
        f"Of {count(n_tested, 'genre')} tested, {' and '.join(parts)}; no significant difference "
        f"in {often['no_difference']}{few}."
    )


def _verdict(row: np.ndarray, p_holm: float, is_withheld: bool) -> AloneVerdict:
    if np.isnan(p_holm):
        return "too_few"
    if is_withheld:
        return "withheld"
    if p_holm >= SIGNIFICANT:
        return "no_difference"
    return "first" if row[1] > row[2] else "second"


def query(place: int, genre: str, rule: str) -> dict[str, str]:
    """Return the URL parameters of the page Films that select a genre's films with an outcome."""
    poster, overview = SAYS[place]
    cell = (Condition("poster", poster, genre), Condition("overview", overview, genre))
    return {"where": written(Conditions(cell)), "by": rule}
