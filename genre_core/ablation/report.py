"""The page that the ablation is told in: tables, and what they say in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from genre_core.ablation import kept
from genre_core.ablation.evidence import Evidence
from genre_core.ablation.trials import (
    FEW_SEEDS,
    FUSION,
    IMPROVED,
    NETWORKS,
    REFERENCE,
    Trial,
    changes,
    option_words,
    plan,
)
from genre_core.catalogue import OPTIONS, entry
from genre_core.evaluation.intervals import Compared

# What is to be reached on test: BCE / prior at most, mAP at least; training seconds at most.
MUST = {"poster_cnn": (0.905, 0.23), "overview_lstm": (0.82, 0.355), FUSION: (0.775, 0.38)}
AIM = {"poster_cnn": (0.87, 0.29), "overview_lstm": (0.79, 0.42), FUSION: (0.72, 0.46)}
SECONDS = {"poster_cnn": 300.0, "overview_lstm": 120.0, FUSION: 60.0}
RIVAL = "overview_tfidf-default"
N_TEST, N_OPTIONS = 10_000, 2_000  # resamples


def page(evidence: Evidence) -> str:
    """Return the whole page as Markdown."""
    sizes = {split: len(evidence.dataset.rows(split)) for split in ("train", *kept.SPLITS)}
    lines = [
        "# What helped, what did not, and what it costs",
        "",
        "Made by `python -m genre_core ablate --data DATA --split FILE`, which trains what is "
        "missing and writes this page; every figure follows from the scores in `docs/ablation/` "
        "and the films.",
        "",
        f"{sizes['train']:,} training, {sizes['validation']:,} validation and {sizes['test']:,} "
        f"test films; macro averages and mAP over {int(evidence.macro.sum())} genres. `BCE / "
        "prior` is the binary cross-entropy divided by that of the genre frequencies on the same "
        "films. A figure is the mean over the seeds; ± is the standard deviation over the seeds, "
        "[ ] the 95% interval over films (films resampled, the same for all runs).",
        "",
    ]
    if evidence.n_missing:
        lines += [
            f"**Not finished: {evidence.n_missing} of {len(plan())} trainings are still missing.** "
            "The same command goes on.",
            "",
        ]
    lines += [*_test_table(evidence), *_goals(evidence), *_rivals(evidence)]
    for model in NETWORKS:
        lines += _options(evidence, model)
    return "\n".join(lines).rstrip() + "\n"


def _test_table(evidence: Evidence) -> list[str]:
    """Return the test figures of everything but the options."""
    groups = {name: group for name, group in evidence.groups.items() if not group.trial.changed}
    if not groups:
        return []
    compared = evidence.compared(groups, "test", N_TEST)
    header = (
        "run", "seeds", "BCE", "BCE / prior", "mAP", "LRAP",
        "F1 micro, one threshold", "F1 macro, one a genre", "F1 micro, one a genre",
        "ECE, calibrated", "training",
    )  # fmt: skip
    rows = []
    for name, group in groups.items():
        decided = evidence.decided(group)
        rows.append(
            (
                f"`{name}`",
                str(len(group.outcomes)),
                f"{compared['bce'].values[name]:.4f}",
                *(
                    _with_interval(compared[metric], name, evidence.spread(group, "test", metric))
                    for metric in ("bce_to_prior", "map")
                ),
                f"{compared['lrap'].values[name]:.3f}",
                f"{decided['f1_micro, validation']:.3f}",
                f"{decided['f1_macro, genres']:.3f}",
                f"{decided['f1_micro, genres']:.3f}",
                f"{decided['ece']:.3f}, {decided['ece, calibrated']:.3f}",
                f"{group.seconds:.0f} s",
            )
        )
    return [
        "## On the test films",
        "",
        *_table(header, rows),
        "",
        "Thresholds and calibration are fitted on the validation films: one threshold for the best "
        "micro-F1; one for each genre for its best F1, where it has 20 positive validation films, "
        "else the common one. ECE is the expected calibration error over all films and genres, "
        "before and after a temperature and a bias. Seconds of a training are those of the machine "
        "that it ran on, other work beside it included.",
        "",
    ]


def _goals(evidence: Evidence) -> list[str]:
    """Return which of the figures to reach were reached."""
    rows = []
    for model in (*NETWORKS, FUSION):
        recipe = "default" if model == FUSION else IMPROVED
        group = evidence.groups.get(f"{model}-{recipe}")
        if group is None:
            continue
        values = {
            metric: compared.values["it"]
            for metric, compared in evidence.compared({"it": group}, "test", 40).items()
        }
        reached = values["bce_to_prior"], values["map"]
        rows.append(
            (
                entry(model).label,
                f"{reached[0]:.3f} / {reached[1]:.3f}",
                f"{_goal(MUST[model])}: {_reached(reached, MUST[model])}",
                f"{_goal(AIM[model])}: {_reached(reached, AIM[model])}",
                f"{group.seconds:.0f} s of at most {SECONDS[model]:.0f} s: "
                f"{'reached' if group.seconds <= SECONDS[model] else '**not reached**'}",
            )
        )
    header = ("model", "BCE / prior, mAP", "must", "aim", "training")
    return ["### To be reached", "", *_table(header, rows), ""] if rows else []


def _rivals(evidence: Evidence) -> list[str]:
    """Return the differences that the choice between models hangs on."""
    pairs = (
        (RIVAL, f"overview_lstm-{IMPROVED}"),
        ("poster_features-default", f"poster_cnn-{IMPROVED}"),
        (f"poster_cnn-{REFERENCE}", f"poster_cnn-{IMPROVED}"),
        (f"overview_lstm-{REFERENCE}", f"overview_lstm-{IMPROVED}"),
        (f"poster_cnn-{IMPROVED}", f"overview_lstm-{IMPROVED}"),
        (f"overview_lstm-{IMPROVED}", f"{FUSION}-default"),
    )
    lines = []
    for first, second in pairs:
        if not {first, second} <= evidence.groups.keys():
            continue
        groups = {name: evidence.groups[name] for name in (first, second)}
        compared = evidence.compared(groups, "test", N_TEST)
        lines.append(
            f"- `{second}` minus `{first}`: mAP {_difference(compared['map'], second)}, "
            f"BCE / prior {_difference(compared['bce_to_prior'], second)}: "
            f"**{_standing(compared, second)}**."
        )
    return ["### Differences on the test films", "", *lines, ""] if lines else []


def _options(evidence: Evidence, model: str) -> list[str]:
    """Return the table of a network's options on validation, and what it says in words."""
    base = evidence.groups.get(f"{model}-{IMPROVED}")
    if base is None:
        return []
    rows, told = [], []
    for changed in [{}, *changes(model)]:
        group = evidence.groups.get(Trial(model, IMPROVED, changed=changed).group)
        if group is None:
            continue
        same = base.of(group.by_seed).of(FEW_SEEDS)
        group = group.of(same.by_seed)
        if not group.outcomes:  # the recipe itself has none of its seeds yet
            continue
        words = ", ".join(option_words(changed)) or IMPROVED
        groups = {IMPROVED: same, words: group}
        compared = evidence.compared(groups, "validation", N_OPTIONS)
        figures = evidence.cross_fitted(group)
        is_base = words == IMPROVED
        rows.append(
            (
                words,
                str(len(group.outcomes)),
                f"{compared['bce_to_prior'].values[words]:.3f}",
                "" if is_base else _difference(compared["bce_to_prior"], words),
                f"{compared['map'].values[words]:.3f}"
                f"{_plus_minus(evidence.spread(group, 'validation', 'map'))}",
                "" if is_base else _difference(compared["map"], words),
                *(f"{figures[name]:.3f}" for name in ("micro", "macro", "ece")),
                f"{group.seconds:.0f} s",
            )
        )
        if not is_base:
            cost = _cost(figures, evidence.cross_fitted(same))
            told.append(f"- `{words}`: {_verdict(compared, words)}. {cost}")
    header = (
        "change", "seeds", "BCE / prior", "minus improved", "mAP", "minus improved",
        "F1 micro", "F1 macro", "ECE", "training",
    )  # fmt: skip
    return [
        f"## {entry(model).label}: one change at a time",
        "",
        f"On the {len(evidence.dataset.rows('validation'))} validation films, where everything was "
        "chosen, beside the same seeds of `improved`. F1 with cross-fitted thresholds: micro with "
        "one for all genres, macro with one for each. An interval is about other films, not about "
        "other seeds, and is not corrected for the number of options: of forty such looks one or "
        "two lie beside 0 by chance alone.",
        "",
        *_table(header, rows),
        "",
        *told,
        "",
        "What the options are:",
        "",
        *_meanings(model),
        "",
    ]


def _cost(figures: Mapping[str, float], base: Mapping[str, float]) -> str:
    """Return what an option does to F1 and calibration beside the recipe with the same seeds."""
    micro, macro, ece = (figures[name] - base[name] for name in ("micro", "macro", "ece"))
    return (
        f"Micro-F1 {_signed(micro)}, macro-F1 {_signed(macro)}, calibration error {_signed(ece)}."
    )


def _meanings(model: str) -> list[str]:
    names = {name for change in changes(model) for name in change}
    return [f"- `{option.name}`: {option.sentence}" for option in OPTIONS if option.name in names]


def _verdict(compared: Mapping[str, Compared], name: str) -> str:
    """Return in words whether a change helps by loss and by ranking."""
    loss = _side(compared["bce_to_prior"], name, better=-1)
    ranking = _side(compared["map"], name, better=1)
    words = {1: "better", 0: "not distinguishable", -1: "worse"}
    if loss == ranking:
        return f"by loss and by ranking {words[loss]}"
    return f"by loss {words[loss]}, by ranking {words[ranking]}"


def _standing(compared: Mapping[str, Compared], name: str) -> str:
    words = {1: "ahead", 0: "not distinguishable", -1: "behind"}
    ranking = words[_side(compared["map"], name, better=1)]
    return (
        f"{ranking} by ranking, {words[_side(compared['bce_to_prior'], name, better=-1)]} by loss"
    )


def _side(compared: Compared, name: str, better: int) -> int:
    """Return 1 where a difference lies on the better side of 0, -1 on the worse, 0 on both."""
    low, high = compared.differences[name].interval
    if low <= 0 <= high:
        return 0
    return better if low > 0 else -better


def _difference(compared: Compared, name: str) -> str:
    found = compared.differences[name]
    low, high = found.interval
    return f"{_signed(found.value)} [{_signed(low)}, {_signed(high)}]"


def _with_interval(compared: Compared, name: str, spread: float | None) -> str:
    low, high = compared.intervals[name]
    return f"{compared.values[name]:.3f}{_plus_minus(spread)} [{low:.3f}, {high:.3f}]"


def _plus_minus(spread: float | None) -> str:
    return "" if spread is None else f" ± {spread:.3f}"


def _goal(goal: tuple[float, float]) -> str:
    return f"{goal[0]:.3g} / {goal[1]:.3g}"


def _reached(values: tuple[float, float], goal: tuple[float, float]) -> str:
    is_loss, is_map = values[0] <= goal[0], values[1] >= goal[1]
    if is_loss and is_map:
        return "reached"
    missed = [name for name, ok in (("BCE / prior", is_loss), ("mAP", is_map)) if not ok]
    return f"**not reached** by {' and '.join(missed)}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(header)} |",
        f"|{'---|' * len(header)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
