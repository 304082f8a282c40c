"""Is it real: every difference between runs with interval, check, verdict and films needed."""

import streamlit as st

from genre_core import comparison
from genre_core.charts.colours import styles
from genre_core.charts.forest import forest
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.ui import comparing, export, models, notices, rules, shell, tables, verdict
from genre_core.ui.text import count

st.title("Is the difference real?")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()
usable = {run.id: run for run in now.usable}
if len(usable) < 2:
    st.info("It takes two finished runs on these films.", icon=":material/info:")
    notices.no_runs(now.artifacts, meta)
    st.stop()
slots = list(dict.fromkeys(run.id for run in now.slots.values() if run))
with st.container(horizontal=True, vertical_alignment="bottom"):
    asked = st.multiselect(
        "Runs; the first is the reference",
        list(usable),
        default=slots if len(slots) == 2 else list(usable)[:2],
        key="compared",
        bind="query-params",
        help="A difference is another run minus the first.",
    )
    runs = [usable[name] for name in asked]
    names = models.names(runs, now.artifacts)
    rule = rules.pick(runs, now.artifacts, first=rules.HALF, has_top=False)
if len(runs) < 2:
    st.info("Choose two runs or more.", icon=":material/info:")
    st.stop()
result = comparing.compared(runs, rule, now.artifacts)

pairs = comparison.pairs_of(result)
looks = styles([models.role(run) for run in runs], theme)[1:]
trace = comparing.trace_of(result, rule, now.artifacts)
for pair in pairs:
    called = names[pair["first"]], names[pair["second"]]
    st.markdown(
        f"{verdict.between({**result, **pair}, *called)} {comparing.told_sentence(pair, names)} "
        f"{comparing.check_sentence(pair)}"
    )
st.caption(
    f"Test films resampled {result['n_resamples']:,} times, the same for all runs; "
    f"{result['n_resamples_with_missing_genre']:,} resamples lacked a genre of the average and "
    f"left it out for all. An interval is about other samples of {result['n_films']:,} films like "
    f"these, not about another training. {comparing.SHAKY}"
)

st.header("All metrics", anchor="metrics")
st.caption(
    f"Difference to {names[result['runs'][0]]}, 95% intervals; a full marker where the interval "
    "excludes 0. ↑ higher is better, ↓ lower is better."
)
export.chart(
    forest(
        [tables.metric_header(metric) for metric in METRICS],
        [
            comparing.metric_lines(pair, names, look)
            for pair, look in zip(pairs, looks, strict=True)
        ],
        theme,
        title="difference",
    ),
    "differences",
    alt="Difference to the reference in every metric, with its 95% interval",
)
for place, pair in enumerate(pairs, 1):
    st.subheader(f"{names[pair['second']]} minus {names[pair['first']]}", anchor=False)
    table = comparing.metric_table(pair, names)
    export.table(
        table,
        f"comparison_{place}",
        trace,
        "Every metric of both runs with difference, interval, p-values and verdict",
        comparing.columns(table),
    )

st.header("Genre by genre", anchor="genres")
label = st.radio(
    "Figure",
    [metric.label for metric in GENRE_METRICS],
    horizontal=True,
    key="genre_figure",
    bind="query-params",
)
metric = next(metric for metric in GENRE_METRICS if metric.label == label)
by_genre = [comparing.genre_table(pair, metric.name, names) for pair in pairs]
genres = list(by_genre[0]["Genre"])
for pair in pairs:
    st.markdown(comparing.genre_sentence(pair, metric.name, names, result["least_support"]))
st.caption(
    f"{metric.sentence} {result['n_films']:,} test films; full markers where the uncorrected "
    "interval excludes 0; no interval where a genre has too few films. The verdicts in table and "
    "text are corrected for looking at many genres."
)
export.chart(
    forest(
        genres,
        [
            comparing.genre_lines(pair, metric.name, genres, names, look)
            for pair, look in zip(pairs, looks, strict=True)
        ],
        theme,
        title=f"difference in {label}",
    ),
    "genre_differences",
    alt=f"Difference in {label} of each genre with its 95% interval",
)
for place, table in enumerate(by_genre, 1):
    export.table(
        table,
        f"comparison_genres_{place}",
        trace,
        f"{label} of each genre and run with difference, interval and verdict",
        comparing.columns(table),
    )

st.header("Another seed", anchor="seeds")
st.markdown(
    "Intervals are about films. How far trainings with other seeds lie apart is another question: "
    "mean and standard deviation (±) over the seeds of each recipe, on test at a threshold of .5."
)
seeds = comparing.seed_table(now.usable)
if n_cut := sum(map(comparing.is_cut_short, now.usable)):
    st.caption(f"Left out: {count(n_cut, 'run')} closed before the last epoch.")
export.table(
    seeds,
    "seeds",
    export.Trace([], dataset.fingerprint, "test", result["n_films"], rules.HALF),
    "Mean and spread over the seeds of each recipe",
    comparing.columns(seeds),
)
export.sources(trace)
