"""Is it real: every difference between runs with interval, p-values and verdict."""

from dataclasses import replace

import streamlit as st

from genre_core.charts.colours import styles
from genre_core.charts.forest import forest
from genre_core.comparison.recipes import is_cut_short
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS, GenreMetric
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    address,
    comparing,
    export,
    notices,
    rules,
    run_names,
    seeds,
    tables,
    verdict,
)
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.parts.text import count, literal

shell.heading("head_to_head")
now, dataset, meta = shell.chosen_films()
theme = page_theme()
usable = {run.id: run for run in now.usable}
if len(usable) < 2:
    st.info("A comparison needs two finished runs on these films.", icon=":material/info:")
    notices.no_runs(now.artifacts, meta, now.usable)
    shell.stop()
slots = list(dict.fromkeys(run.id for run in now.slots.values() if run))
asked = address.pick_several(
    "Runs; the first is the reference",
    run_names.titles(list(usable.values())),
    key="compared",
    first=slots if len(slots) == 2 else list(usable)[:2],
    help="Every run is compared with every other; charts show differences from the first.",
)
runs = [usable[name] for name in asked]
names = run_names.names(runs)
if len(runs) < 2:
    st.info("Select two or more runs.", icon=":material/info:")
    shell.stop()
rule = rules.common(now.rule, runs, now.artifacts, has_top=False)
result = comparing.compared(runs, rule, now.usable)
trace = comparing.trace_of(result, rule, now.artifacts)

for one in result.pairs:
    st.markdown(f"**{verdict.headline(one, names)}** {verdict.evidence(one, result)}")
pair = result.pairs[0]
if len(result.pairs) > 1:
    labels = [f"{names[one.second]} minus {names[one.first]}" for one in result.pairs]
    place = st.selectbox(
        "Tables show", range(len(labels)), format_func=labels.__getitem__, key="pair", width=500
    )
    pair = result.pairs[place]
st.caption(f"{verdict.about(pair, result, names)} {verdict.detectable(pair)}")
with st.expander("How these verdicts are computed"):
    st.markdown(comparing.METHOD)
    st.markdown(
        f"{result.n_draws:,} resamples of the {result.n_films:,} test films and as many swaps; "
        f"{result.n_resamples_with_missing_genre:,} resamples lacked a genre of the average and "
        "left it out for all runs."
    )
to_first = [one for one in result.pairs if one.first == result.runs[0]]
looks = styles([run_names.role(run) for run in runs], theme)[1:]
has_recipes = any(one.recipes for one in to_first)

in_metrics, in_genres, in_seeds = st.tabs(["All metrics", "By genre", "Seeds"])

with in_metrics:
    st.markdown(comparing.verdict_counts(pair, names))
    drawn, listed = st.tabs(["Chart", "Table"], key="metrics_as")
    metrics = comparing.metric_table(result, pair, names)
    with drawn:
        st.caption(
            f"Difference from {literal(names[result.runs[0]])}, 95% intervals.",
            help=comparing.CHART_HELP + (comparing.SEEDS_NOTE if has_recipes else ""),
        )
        export.chart(
            figure_of(
                forest,
                [tables.metric_header(metric) for metric in METRICS],
                [
                    comparing.metric_lines(one, names, look)
                    for one, look in zip(to_first, looks, strict=True)
                ],
                theme,
                title="difference (↑ higher, ↓ lower is better)",
            ),
            "differences",
            f"Metrics minus those of {names[result.runs[0]]}",
            trace,
            alt="Difference to the reference in every metric, with its 95% interval",
        )
    with listed:
        export.table(
            metrics,
            "head_to_head",
            trace,
            f"Every metric of {names[pair.second]} and {names[pair.first]} with difference, "
            "interval, p-values and verdict",
            comparing.columns(metrics),
        )

with in_genres:
    metrics_by_name: dict[str, GenreMetric] = {metric.name: metric for metric in GENRE_METRICS}
    name = address.pick(
        st.radio,
        "Figure",
        {name: metric.label for name, metric in metrics_by_name.items()},
        key="genre_figure",
        former=comparing.FORMER_FIGURES,
        horizontal=True,
        label_visibility="collapsed",
    )
    label = metrics_by_name[name].label
    by_genre = comparing.genre_table(result, pair, name, names)
    genres = list(by_genre["Genre"])
    st.markdown(comparing.genre_sentence(pair, name, names))
    drawn, listed = st.tabs(["Chart", "Table"], key="genres_as")
    with drawn:
        st.caption(
            f"Difference in {label} from {literal(names[result.runs[0]])}, 95% intervals.",
            help=f"{metrics_by_name[name].sentence} {comparing.CHART_HELP} "
            f"{comparing.interval_note()}",
        )
        export.chart(
            figure_of(
                forest,
                genres,
                [
                    comparing.genre_lines(one, name, genres, names, look)
                    for one, look in zip(to_first, looks, strict=True)
                ],
                theme,
                title=f"difference in {label} (higher is better)",
            ),
            "genre_differences",
            f"{label} of each genre minus that of {names[result.runs[0]]}",
            trace,
            alt=f"Difference in {label} of each genre with its 95% interval",
        )
    with listed:
        export.table(
            by_genre,
            "comparison_genres",
            trace,
            f"{label} of each genre and run with difference, interval, p-values and verdict",
            comparing.columns(by_genre),
        )

with in_seeds:
    recipes = comparing.recipe_table(pair, names)
    if pair.recipes is not None and recipes is not None:
        st.subheader("Means over seeds", anchor=False)
        st.caption("95% t intervals over test films and seeds, not corrected; ± over the seeds.")
        export.table(
            recipes,
            "comparison_recipes",
            replace(trace, runs=[run for side in pair.recipes.runs for run in side]),
            "mAP and BCE of both recipes with difference, interval, p-values and verdict",
            comparing.columns(recipes),
        )
        st.subheader("Every recipe", anchor=False)
    n_cut = sum(map(is_cut_short, now.complete))
    left_out = f" Left out: {count(n_cut, 'run')} closed before the last epoch." if n_cut else ""
    st.caption(f"Mean and standard deviation over the seeds, test films, threshold 0.5.{left_out}")
    by_recipe = seeds.table(now.complete)
    export.table(
        by_recipe,
        "seeds",
        export.Trace([], dataset.fingerprint, "test", result.n_films, rules.HALF),
        "Mean and spread over the seeds of each recipe",
        comparing.columns(by_recipe),
    )
export.sources(trace)
