"""Class imbalance: how often genres occur, what that does to predictions, and leakage."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.charts.colours import styles
from genre_core.charts.heatmap import genre_heatmap
from genre_core.charts.shares import genre_shares
from genre_core.charts.support import Points, support_chart
from genre_core.data.leakage import Leakage
from genre_core.errors import DataError
from genre_core.evaluation.confusions import occurring_together
from genre_core.runs.folder import Run
from genre_core.ui.frame import shell
from genre_core.ui.parts import address, export, genre_tables, leakage, notices, rules, run_names
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.parts.text import literal, signed
from genre_core.ui.views import class_imbalance

MANY = 12  # genres that a matrix shows unless all are asked for


def show_table(table: pd.DataFrame, name: str, about: export.Trace, alt: str) -> None:
    """Show a table of shares, and offer it as CSV."""
    export.table(table, name, about, alt, genre_tables.share_columns(table))


def show_leakage(runs: Sequence[Run]) -> None:
    """Show what the splits share, and what the flagged test films do to the mAP of some runs."""
    st.header("Leakage between splits", anchor="leakage")
    leaks = leakage.found(films, now.artifacts)
    if leaks is None:
        st.caption("Not checked yet: near-duplicate overviews and posters, and shared names.")
        return
    st.markdown(leakage.sentence(leaks, films), help=leakage.METHOD)
    leakage.show_posters(leaks.posters or (), dataset)
    if leaks.posters is None and "poster" in films.inputs:
        st.caption("Posters were not compared: their files are missing or have changed.")
    if runs and leaks.flagged("test"):
        show_effects(leaks, runs)
    findings = leakage.table(leaks, films)
    if len(findings):
        height = leakage.table_height(findings)
        alt = "Near-duplicate overviews and posters, and rare names that cross splits"
        export.table(findings, "leakage", all_films, alt, leakage.columns(), height=height)


def show_effects(leaks: Leakage, runs: Sequence[Run]) -> None:
    """Show the mAP of each run with and without the flagged test films."""
    try:
        effects = leakage.effects(leaks, dataset, runs, names)
    except DataError as error:  # as few films as that have no mAP
        notices.problem(error)
        return
    st.caption(leakage.effect_caption(n_test))
    trace = export.Trace([run.id for run in runs], dataset.fingerprint, "test", n_test)
    alt = "mAP of each run on all test films, without the flagged films and without random films"
    export.table(effects, "leakage_effect", trace, alt, genre_tables.figure_columns(effects))


shell.heading("class_imbalance")
now, dataset, meta = shell.chosen_films()
films = now.whole or dataset  # what is about the films alone leaves none out
theme = page_theme()
slots = shell.different_runs(now)
runs = list(slots.values())
names = run_names.names(runs)
n_test = len(dataset.rows("test"))
all_films = export.Trace((), dataset.fingerprint, "all splits", len(dataset.films))

st.header("How often each genre occurs", anchor="films")
counts = genre_tables.genre_counts(films)
st.markdown(class_imbalance.dataset_sentence(counts, dataset))
chart, table = class_imbalance.chart_or_table("films_as")
with chart:
    export.chart(
        figure_of(
            genre_shares,
            list(counts["Genre"]),
            class_imbalance.film_bars(counts),
            class_imbalance.split_dots(counts, theme),
            theme,
        ),
        "film_shares",
        "How often each genre occurs, by split",
        all_films,
        alt="Share of the films of each split that have each genre",
    )
with table:
    show_table(
        counts,
        "film_shares_table",
        all_films,
        "Films with each genre by split, as counts and shares of films and labels",
    )

st.header("Which genres occur together", anchor="together")
st.markdown(class_imbalance.together_sentence(dataset))
is_whole = st.toggle("All genres", key="all_genres", bind="query-params")
present = list(counts.loc[counts["all, films"] > 0, "Genre"])
shown = present if is_whole else present[:MANY]
places = [dataset.genres.index(genre) for genre in shown]
together = occurring_together(dataset.labels)[np.ix_(places, places)]
st.caption(
    "Share of the films with the row's genre that also have the column's.",
    help=f"All splits; the {len(shown)} most frequent of {len(dataset.genres)} genres.",
)
chart, table = class_imbalance.chart_or_table("together_as")
with chart:
    export.chart(
        figure_of(
            genre_heatmap, shown, shown, together, theme, hover="of %{y} films, %{z:.1%} are %{x}"
        ),
        "together",
        "Which genres occur together",
        all_films,
        alt="Matrix of genres: share of the films of one genre that have another too",
    )
with table:
    show_table(
        genre_tables.matrix(shown, shown, together),
        "together_table",
        all_films,
        "Share of a row's films with a column's genre",
    )

if not runs:
    notices.no_runs_of(now.slots, now.artifacts, meta, now.runs)
    show_leakage(runs)
    export.sources(all_films)
    shell.stop()

st.header("Class frequency and performance", anchor="performance")
test_films = export.Trace([run.id for run in runs], dataset.fingerprint, "test", n_test, now.rule)
figure = address.pick(
    st.radio,
    "Figure",
    genre_tables.FIGURES,
    key="figure",
    former=genre_tables.FORMER_FIGURES,
    horizontal=True,
)
figure_label = genre_tables.FIGURES[figure]
found = {run.id: rules.test_metrics(run, dataset, now.rule) for run in runs}
figures = genre_tables.genre_figures(runs, dataset, names, found)
called = [names[run.id] for run in runs]
st.markdown(class_imbalance.support_sentence(figures, figure, called))
st.caption(
    f"{n_test:,} test films, genres with at least 10 training films. Decision rule: "
    f"{literal(rules.label(now.rule))}.",
    help="The AP of a random ranking is about the share of films that have the genre.",
)
looks = styles([*(run_names.role(run) for run in runs), "base_rates"], theme)
points = [
    Points(name, look, list(figures[genre_tables.figure_column(figure, name)]))
    for name, look in zip(called, looks, strict=False)
]
if figure == "ap":
    baseline = list(figures[genre_tables.BASE_RATE_AP])
    points.append(Points("Base rates", looks[-1], baseline))
chart, table = class_imbalance.chart_or_table("performance_as")
with chart:
    export.chart(
        figure_of(
            support_chart,
            list(figures["Genre"]),
            list(figures["Training films"]),
            points,
            figure_label,
            theme,
        ),
        "support",
        f"{figure_label} of each genre over its training films",
        test_films if figure == "f1" else replace(test_films, rule=""),
        alt=f"{figure_label} of each genre on the test films over its number of training films",
    )
with table:
    show_table(
        figures,
        "support_table",
        test_films,
        "F1 and AP of each genre and run beside its number of films",
    )

st.header("How often each genre is predicted", anchor="predictions")
with st.container(horizontal=True, vertical_alignment="bottom"):
    slot = shell.pick_slot(slots, "imbalance_of")
    genre = st.selectbox("Genre", present, key="genre", bind="query-params", width=220)
run = slots[slot]
shares = genre_tables.run_shares(run, dataset, found[run.id])
st.markdown(signed(run_names.role(run), names[run.id], theme))
st.markdown(class_imbalance.run_sentence(shares, genre, n_test))
chart, table = class_imbalance.chart_or_table("predictions_as")
with chart:
    export.chart(
        figure_of(
            genre_shares,
            list(shares["Genre"]),
            class_imbalance.true_bars(shares),
            class_imbalance.run_dots(shares, run_names.role(run), theme),
            theme,
        ),
        "run_shares",
        "How often each genre is true and predicted",
        replace(test_films, runs=[run.id]),
        alt=f"How often each genre is true and given by {names[run.id]} on the test films",
    )
with table:
    about = replace(test_films, runs=[run.id])
    show_table(
        shares,
        "run_shares_table",
        about,
        "Shares of the test films: true, predicted, ranked first, in the top 3",
    )

st.page_link(
    "pages/confusions.py",
    label="Confusions of this genre",
    icon=":material/grid_on:",
    query_params={"of": slot, "row": genre},
)
show_leakage(runs)
export.sources(test_films)
