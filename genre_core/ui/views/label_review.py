"""One doubted label as the queue shows it, and all of them as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.charts.colours import Theme
from genre_core.data.films import Dataset
from genre_core.evaluation.audit import audited_genres
from genre_core.runs.folder import Run
from genre_core.runs.label_decisions import Decision, in_force
from genre_core.ui.parts import address, film_cards, label_doubts, run_names, text
from genre_core.ui.parts.label_doubts import Doubt
from genre_core.ui.parts.label_exports import ACTIONS, score_columns
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal

MISSING, WRONG = "missing", "wrong"  # in URLs
KINDS = {MISSING: "Possibly missing", WRONG: "Possibly wrong"}
FORMER = {  # what URLs had before
    "lacks the genre, both runs see it": MISSING,
    "has the genre, neither run sees it": WRONG,
}
PARAMETER = "label"
QUEUE, TABLE, DECIDED, METRIC = "queue", "table", "decided", "metrics"  # in URLs
VIEWS = {QUEUE: "Queue", TABLE: "Table", DECIDED: "Decisions", METRIC: "Metrics"}
WIDTH = 300  # pixels of the poster
LETTERS = 140  # of the overview in the table
FEW_FILMS = 30  # of a genre; contradictions of rarer ones are mostly genres never predicted
# On a phone the question and the buttons stay in sight beside a small poster. Streamlit writes the
# chosen option in the accent colour, which is too dark on a dark page. Styles alone would take the
# place of the toast of a callback.
STYLE = Path(__file__).with_suffix(".css")
STRENGTH = (
    "Joint log-odds of the opposite label by both runs. Ranks the labels; not a probability that "
    "the label is wrong."
)
METHOD = f"""
- A run contradicts a label if its score is beyond its mean score of the films with the other label:
  as high as for films with the genre where the label is missing, as low as for films without it
  where the genre is given. Both runs have to.
- **Strength**: log-odds of the base rate plus what each run's score adds to them, as if the runs
  were independent given the genre. It ranks the labels and is not a probability that a label is
  wrong: the runs can share a mistake. Below 0 the runs still side with the label, less clearly than
  for most films with it.
- Training films are left out, as their labels were fitted. Genres with fewer than {FEW_FILMS} films
  are marked as unreliable: runs rarely predict rare genres at all.
- Decisions are stored beside the runs. They change neither the dataset nor other pages.
"""


def pick_view() -> str:
    """Return what is shown, one of `VIEWS`."""
    return address.pick(
        st.segmented_control, "View", VIEWS, key="view", label_visibility="collapsed"
    )


def pick_kind(*, is_disabled: bool) -> str:
    """Return the kind of label chosen, one of `KINDS`."""
    return address.pick(
        st.segmented_control,
        "Labels",
        KINDS,
        key=PARAMETER,
        former=FORMER,
        label_visibility="collapsed",
        disabled=is_disabled,
    )


def show_label(
    doubt: Doubt,
    dataset: Dataset,
    runs: tuple[Run, Run],
    theme: Theme,
    act: Callable[[], None],
) -> None:
    """Show a label with its film and why it is doubted.

    Args:
        doubt: the label.
        dataset: the films.
        runs: the runs that contradict it.
        theme: colours of the page.
        act: shows what can be done with it.
    """
    film, genre = doubt.key
    labels = dataset.labels[doubt.row]
    genres = tuple(name for name, has in zip(dataset.genres, labels, strict=True) if has)
    card = film_cards.Card(
        film,
        dataset.films.overviews[doubt.row],
        str(dataset.split[doubt.row]),
        genres,
        (),
        film_cards.title_of(dataset, doubt.row),
    )
    with st.container(horizontal=True, wrap=False):
        if "poster" in dataset.inputs:
            with st.container(key="review_poster", width="content"):
                film_cards.show_poster(card, dataset, WIDTH)
        with st.container():
            st.header(f"Label: {'' if doubt.label else 'not '}{literal(genre)}", anchor=False)
            st.markdown(reason(doubt, runs, theme))
            act()
            st.markdown(f"True genres  \n{' '.join(map(text.plain, genres)) or 'none given'}")
            if "overview" in dataset.inputs:
                st.text(card.overview or "(no overview)")
            st.page_link(
                "pages/films.py",
                label=f"{SPLIT_NAMES[card.split].capitalize()} film {literal(card.name)}",
                icon=":material/movie:",
                query_params={**address.parameters(), "split": "all", "film": film},
            )


def reason(doubt: Doubt, runs: tuple[Run, Run], theme: Theme) -> str:
    """Return why a label is doubted, as Markdown."""
    names = run_names.names(list(runs))
    scores = ", ".join(
        f"{text.signed(run_names.role(run), names[run.id], theme)} **{doubt.scores[run.id]:.3f}**"
        for run in runs
    )
    like = f"{'without' if doubt.label else 'with'} {literal(doubt.key[1])}"
    return f"Both runs score this film like films {like}: {scores}."


def standing(doubt: Doubt, queue: Sequence[Doubt], support: np.ndarray) -> str:
    """Return where a label stands in the ranking, and what weakens the doubt.

    Args:
        doubt: the label.
        queue: the labels in order.
        support: reviewed films with each genre, (n_genres,).
    """
    words = f"Rank {queue.index(doubt) + 1:,} of {len(queue):,}, strength {doubt.strength:.2f}."
    if support[doubt.column] >= FEW_FILMS:
        return words
    few = count(int(support[doubt.column]), "reviewed film")
    return f"{words} Unreliable: only {few} with {literal(doubt.key[1])}."


def table(
    dataset: Dataset,
    found: Sequence[Doubt],
    names: Mapping[str, str],
    support: np.ndarray,
    decisions: Iterable[Decision],
) -> pd.DataFrame:
    """Return one line a contradicted label, in the order given.

    Args:
        dataset: the films.
        found: the labels.
        names: what the runs are called, by id.
        support: reviewed films with each genre, (n_genres,).
        decisions: what was decided.
    """
    made, here = in_force(decisions), address.parameters()
    decided = [ACTIONS[made[one.key].decision] if one.key in made else "" for one in found]
    scores = {f"Score: {name}": [one.scores[run] for one in found] for run, name in names.items()}
    return pd.DataFrame(
        {
            "Film": [one.key[0] for one in found],
            "Genre": [one.key[1] for one in found],
            "Strength": [one.strength for one in found],
            "Decision": decided,
            **scores,
            "True genres": [_true(dataset, one.row) for one in found],
            "Split": [SPLIT_NAMES[str(dataset.split[one.row])] for one in found],
            "Films of the genre": [support[one.column] for one in found],
            "Unreliable": [support[one.column] < FEW_FILMS for one in found],
            "Overview": [dataset.films.overviews[one.row][:LETTERS] for one in found],
            "Open": [_link(one.key[0], here) for one in found],
        }
    )


def columns(names: Mapping[str, str]) -> dict[str, object]:
    """Return the column configuration of `table`."""
    return {
        "Film": st.column_config.TextColumn(pinned=True),
        "Strength": st.column_config.NumberColumn(format="%.2f", help=STRENGTH),
        **score_columns(names.values()),
        "Unreliable": st.column_config.CheckboxColumn(
            help=f"The genre has fewer than {FEW_FILMS} validation and test films."
        ),
        "Overview": st.column_config.TextColumn(width=360),
        "Open": st.column_config.LinkColumn(display_text="open"),
    }


def sentence(dataset: Dataset, runs: tuple[Run, Run]) -> str:
    """Return how many labels both runs contradict, and which genres are left out."""
    rows, found = label_doubts.reviewed_films(dataset, runs), label_doubts.doubts(dataset, runs)
    n_wrong = sum(doubt.label for doubt in found)
    labels = dataset.labels[rows]
    out = [
        literal(genre)
        for genre, is_in in zip(dataset.genres, audited_genres(labels), strict=True)
        if not is_in
    ]
    words = (
        f"{count(len(rows), 'validation and test film')} with {int(labels.sum()):,} labels: "
        f"{count(len(found) - n_wrong, 'possibly missing label')}, "
        f"{count(n_wrong, 'possibly wrong label')}."
    )
    return f"{words} Left out, too few films: {', '.join(out)}." if out else words


def _true(dataset: Dataset, row: int) -> str:
    return ", ".join(
        genre for genre, has in zip(dataset.genres, dataset.labels[row], strict=True) if has
    )


def _link(film: str, here: Mapping[str, str]) -> str:
    return f"/films?{urlencode({**here, 'split': 'all', 'film': film})}"
