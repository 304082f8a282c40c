"""A model card of a run, in the format of the Hugging Face Hub."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import IO, Any

from genre_core import __version__
from genre_core.catalogue import find
from genre_core.comparison.card_results import CardResults, card_results
from genre_core.comparison.front_matter import metadata, yaml_of
from genre_core.comparison.wording import verdict_text
from genre_core.data.films import SPLITS
from genre_core.evaluation.decisions import MACRO_SUPPORT
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.paired import LEAST_SUPPORT
from genre_core.evaluation.results import RunDifference
from genre_core.runs.exporting.files import Files
from genre_core.runs.folder import Run

INPUTS = {
    "poster": "film posters",
    "overview": "film overviews (plot summaries)",
    "both": "film posters and overviews (plot summaries)",
    "none": "nothing; its scores are the same for every film",
    "unknown": "unknown",
}
KINDS = {
    "base_rates": "base rates of the training films",
    "linear": "linear model",
    "network": "network trained from scratch on the training films",
    "fusion": "combination of other runs",
    "pretrained": "model pretrained on other data",
    "imported": "imported; how it was made is unknown",
}
NO_VALUE = "-"


def card_files(run: Run) -> Files:
    """Return `RUN/README.md`, the model card of a run.

    Raises:
        RunError: it is not finished, or has no scores for test films.
        DataError: there are too few test films for intervals.
    """
    card = model_card(run, card_results(run))
    return {f"{run.id}/README.md": partial(_write, card)}


def model_card(run: Run, results: CardResults) -> str:
    """Return the model card of a run with its results, as Markdown with front matter."""
    parts = [
        f"---\n{yaml_of(metadata(run, results))}\n---",
        f"# {literal(run.label)}",
        f"A multi-label classifier of film genres. It was evaluated on "
        f"{results.figures['n_films']:,} test films with {len(run.genres)} genres.",
        *("## Model", _model(run)),
        *("## Test metrics", _evaluation(run, results)),
        *("## Compared with predicting the genre base rates", _base_rates(results)),
        *("## Compared with a linear model", _linear(results)),
        *("## Limits", _limits(run, results)),
    ]
    return "\n\n".join(parts) + "\n"


def literal(text: str) -> str:
    r"""Return text as Markdown that shows it as written.

    >>> literal("a|b <i>\n*c*")
    'a\\|b \\<i\\> \\*c\\*'
    """
    return re.sub(r"([\\`*_{}\[\]<>|#$~&@]|:(?=//))", r"\\\1", " ".join(text.split()))


def _write(card: str, file: IO[bytes]) -> None:
    file.write(card.encode(errors="replace"))


def _model(run: Run) -> str:
    marker, entry = run.marker(), find(run.model)
    facts = {
        "Run": run.id,
        "Description": entry.sentence if entry else "",
        "Input": INPUTS[run.modality],
        "Kind": KINDS[run.kind],
        "Output": "decisions, 0 or 1" if run.is_decided else "one score in [0, 1] per genre",
        "Model": run.model,
        "Recipe": run.config["recipe"],
        "Options changed": ", ".join(f"{k}={v}" for k, v in sorted(run.config["changed"].items())),
        "Seed": run.seed,
        "Epochs": marker["epochs_done"] or None,
        "Epoch whose weights were kept": marker["kept_epoch"],
        "Made from": ", ".join(run.parents),
        "Dataset": run.config["dataset_name"],
        "Dataset fingerprint": run.dataset,
        "Films": _films(run),
        "Genres": ", ".join(run.genres),
        "Created": run.config["created"],
        "Versions": ", ".join(f"{k} {v}" for k, v in sorted(marker["versions"].items()) if v),
        "Card written by": f"Marquee {__version__}",
    }
    rows = [(name, literal(str(fact))) for name, fact in facts.items() if fact not in (None, "")]
    return _table(("", ""), rows)


def _films(run: Run) -> str:
    films = run.films()
    if films is None:  # of format 1
        return ""
    counts = ((split, list(films.splits).count(split)) for split in SPLITS)
    return ", ".join(f"{n:,} {split.replace('train', 'training')}" for split, n in counts if n)


def _evaluation(run: Run, results: CardResults) -> str:
    found, alone = results.figures, results.intervals
    overall = [
        (metric.label, _number(value), _ends(alone.intervals[metric.name][run.id]), metric.sentence)
        for metric in METRICS
        if (value := found["metrics"][metric.name]) is not None
    ]
    by_genre = {row.genre: row for row in alone.genres}
    genres = []
    for row in found["genres"]:
        tested = by_genre.get(row["genre"])
        ends = tested.intervals["ap"][run.id] if tested else None
        numbers = [row[name] for name in ("ap", "precision", "recall", "f1")]
        first, *others = map(_number, numbers)
        genres.append((literal(row["genre"]), f"{row['support']:,}", first, _ends(ends), *others))
    at = "" if run.is_decided else f", threshold {found['threshold']}"
    return "\n\n".join(
        [
            f"{found['n_films']:,} test films{at}. Macro averages are over "
            f"{found['n_macro_genres']} genres: those with at least {MACRO_SUPPORT} training films "
            "and a test film. Intervals are 95% bootstrap intervals over films "
            f"({alone.n_draws:,} resamples).",
            _table(("Metric", "Value", "95% interval", "Meaning"), overall),
            f"By genre; AP has no interval below {LEAST_SUPPORT} films.",
            _table(
                ("Genre", "Test films", "AP", "95% interval", "Precision", "Recall", "F1"), genres
            ),
        ]
    )


def _base_rates(results: CardResults) -> str:
    test = results.base_rates
    if test is None or test.value is None:
        return "BCE is undefined for decisions without scores, so they are not compared."
    side = "lower" if test.value < 0 else "higher"
    return (
        f"BCE is {abs(test.value):.1%} {side} than that of predicting the share of training films "
        f"with each genre for every film (difference {_change(test)}): {verdict_text(test)}."
    )


def _linear(results: CardResults) -> str:
    linear = results.linear
    if linear is None:
        return "There is no linear model of the same input on these films to compare with."
    name = f"{literal(linear.label)} (run {literal(linear.id)})"
    compared = results.beside_linear
    if compared is None:
        return f"{name} could not be compared: {literal(results.problem)}"
    labels = {metric.name: metric.label for metric in METRICS}
    rows = [
        (labels[metric], _change(test), _p(test), verdict_text(test))
        for metric, test in compared.pairs[0].headline.items()
    ]
    title = ("Metric", "Difference, 95% interval", "p, corrected (Holm)", "Verdict")
    return (
        f"This run minus {name} on {compared.n_films:,} common test films:\n\n{_table(title, rows)}"
    )


def _limits(run: Run, results: CardResults) -> str:
    limits = [
        "Intervals cover the choice of the test films, not the variation between trainings; "
        "this is one training.",
        "mAP depends on the number of test films, so it cannot be compared with values on other "
        "test sets.",
        "Labels are taken as they are in the dataset; wrong and missing labels count as errors of "
        "the model.",
    ]
    if not run.is_decided:
        limits.append(
            "Precision, recall and F1 are for one fixed threshold; thresholds tuned on validation "
            "films give other values."
        )
    if rare := [row.genre for row in results.intervals.genres if row.support < LEAST_SUPPORT]:
        limits.append(
            f"Fewer than {LEAST_SUPPORT} test films have "
            f"{', '.join(map(literal, rare))}: values of these genres are noisy."
        )
    if run.kind in ("imported", "pretrained"):
        limits.append(f"Marquee did not train this model. {_seen(run)}")
    return "\n".join(f"- {limit}" for limit in limits)


def _seen(run: Run) -> str:
    """Return what is known of test films in the training of a model from elsewhere."""
    known = run.config["trained_on"]
    if not known:
        return "Whether it has seen test films is unknown."
    n_gone = known.get("test_films", 0)
    return f"Test films that it was trained on are left out: {n_gone:,}."


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _number(value: float | None) -> str:
    return NO_VALUE if value is None else f"{value:.4f}"


def _ends(interval: Interval | None) -> str:
    return NO_VALUE if interval is None else "[{:.4f}, {:.4f}]".format(*interval)


def _change(test: RunDifference) -> str:
    if test.value is None:
        return NO_VALUE
    ends = "" if test.interval is None else " [{:+.4f}, {:+.4f}]".format(*test.interval)
    return f"{test.value:+.4f}{ends}"


def _p(test: RunDifference) -> str:
    if test.p_corrected is None:
        return NO_VALUE
    return "\\<0.001" if test.p_corrected < 0.001 else f"{test.p_corrected:.3f}"
