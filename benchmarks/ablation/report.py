"""The page that the ablation is told in: tables, and what they say in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.ablation import kept
from benchmarks.ablation.evidence import Evidence, Group
from benchmarks.ablation.trials import (
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
from genre_core.evaluation.bootstrap import MINIMUM_RESAMPLES
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.recipes import LEAST_SEEDS, RecipePair
from genre_core.evaluation.results import RecipeComparison, RunDifference
from genre_core.evaluation.verdicts import Verdict

# What is to be reached on test: BCE / prior at most, mAP at least; training seconds at most.
MUST = {"poster_cnn": (0.905, 0.23), "overview_lstm": (0.82, 0.355), FUSION: (0.775, 0.38)}
AIM = {"poster_cnn": (0.87, 0.29), "overview_lstm": (0.79, 0.42), FUSION: (0.72, 0.46)}
SECONDS = {"poster_cnn": 300.0, "overview_lstm": 120.0, FUSION: 60.0}
TITLE = "# What helped, what did not, and what it costs"
RIVAL = "overview_tfidf-default"
N_TEST, N_OPTIONS = 10_000, 2_000  # resamples
PAIRS = (
    RecipePair(RIVAL, f"overview_lstm-{IMPROVED}"),
    RecipePair("poster_features-default", f"poster_cnn-{IMPROVED}"),
    RecipePair(f"poster_cnn-{REFERENCE}", f"poster_cnn-{IMPROVED}"),
    RecipePair(f"overview_lstm-{REFERENCE}", f"overview_lstm-{IMPROVED}"),
    RecipePair(f"poster_cnn-{IMPROVED}", f"overview_lstm-{IMPROVED}"),
    RecipePair(f"overview_lstm-{IMPROVED}", f"{FUSION}-default", is_paired=True),
)


def page(evidence: Evidence) -> str:
    """Return the whole page as Markdown."""
    sizes = {split: len(evidence.dataset.rows(split)) for split in ("train", *kept.SPLITS)}
    lines = [
        TITLE,
        "",
        "Made by `python -m benchmarks ablate --data DATA --split FILE`, which trains what is "
        "missing and writes this page; every figure follows from the scores in `docs/ablation/` "
        "and the films.",
        "",
        f"{sizes['train']:,} training, {sizes['validation']:,} validation and {sizes['test']:,} "
        f"test films; macro averages and mAP over {int(evidence.macro.sum())} genres. `BCE / "
        "prior` is the binary cross-entropy divided by that of the genre base rates on the same "
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
    figures = evidence.figures(groups, "test", N_TEST)
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
                f"{figures[name]['bce'][0]:.4f}",
                *(
                    _with_interval(*figures[name][metric], evidence.spread(group, "test", metric))
                    for metric in ("bce_to_prior", "map")
                ),
                f"{figures[name]['lrap'][0]:.3f}",
                f"{decided['f1_micro, tuned']:.3f}",
                f"{decided['f1_macro, tuned_per_genre']:.3f}",
                f"{decided['f1_micro, tuned_per_genre']:.3f}",
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
        found = evidence.figures({model: group}, "test", MINIMUM_RESAMPLES)[model]
        reached = found["bce_to_prior"][0], found["map"][0]
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
    """Return the differences that the choice between models depends on."""
    named = [pair for pair in PAIRS if {pair.first, pair.second} <= evidence.groups.keys()]
    if not named:
        return []
    names = {name for pair in named for name in (pair.first, pair.second)}
    groups = {name: group for name, group in evidence.groups.items() if name in names}
    compared = evidence.differences(groups, named, "test", N_TEST)
    lines = [
        f"- `{pair.second}` minus `{pair.first}`: mAP {_difference(found.metrics['map'])}, "
        f"BCE / prior {_difference(found.metrics['bce_to_prior'])}: **{_verdict(found)}**. "
        f"{_seeds(found, groups, pair)}"
        for pair, found in zip(named, compared, strict=True)
    ]
    return [
        "### Differences on the test films",
        "",
        "Of the means over the seeds, with 95% t intervals over films and seeds, not corrected. "
        f"Verdicts are corrected by Holm over {len(named)} pairs and two metrics.",
        "",
        *lines,
        "",
    ]


def _seeds(found: RecipeComparison, groups: Mapping[str, Group], pair: RecipePair) -> str:
    """Return how many seeds stand behind a difference."""
    sizes = zip((pair.first, pair.second), found.n_seeds, strict=True)
    single = [name for name, n in sizes if n == 1 and _is_trained(groups[name])]
    paired = ", paired" if found.is_paired else ""
    words = f"Seeds: {found.n_seeds[1]} and {found.n_seeds[0]}{paired}."
    if single:
        words += f" One seed of `{single[0]}`: this is about that training, not about the recipe."
    return words


def _is_trained(group: Group) -> bool:
    known = entry(group.trial.model)
    return known.kind in ("network", "fusion")


def _options(evidence: Evidence, model: str) -> list[str]:
    """Return the table of a network's options on validation, and what it says in words."""
    base = evidence.groups.get(f"{model}-{IMPROVED}")
    if base is None:
        return []
    base = base.of(FEW_SEEDS)
    groups = {IMPROVED: base}
    for changed in changes(model):
        group = evidence.groups.get(Trial(model, IMPROVED, changed=changed).group)
        if group is not None and (group := group.of(base.by_seed)).outcomes:
            groups[", ".join(option_words(changed))] = group
    whole = [
        words
        for words, group in groups.items()
        if words != IMPROVED and len(group.outcomes) >= LEAST_SEEDS
    ]
    pairs = [RecipePair(IMPROVED, words) for words in whole]
    compared = dict(
        zip(whole, evidence.differences(groups, pairs, "validation", N_OPTIONS), strict=True)
    )
    rows, told = [], []
    means = evidence.figures(groups, "validation", MINIMUM_RESAMPLES)
    for words, group in groups.items():
        found = compared.get(words)
        figures = evidence.cross_fitted(group)
        differences = ["", ""]
        if found is not None:
            differences = [_difference(found.metrics[name]) for name in ("bce_to_prior", "map")]
        if words != IMPROVED:
            verdict = f"no verdict with fewer than {LEAST_SEEDS} seeds"
            verdict = verdict if found is None else _verdict(found)
            cost = _cost(figures, evidence.cross_fitted(base.of(group.by_seed)))
            told.append(f"- `{words}`: {verdict}. {cost}")
        spread = _plus_minus(evidence.spread(group, "validation", "map"))
        rows.append(
            (
                words,
                str(len(group.outcomes)),
                f"{means[words]['bce_to_prior'][0]:.3f}",
                differences[0],
                f"{means[words]['map'][0]:.3f}{spread}",
                differences[1],
                *(f"{figures[name]:.3f}" for name in ("micro", "macro", "ece")),
                f"{group.seconds:.0f} s",
            )
        )
    header = (
        "change", "seeds", "BCE / prior", "minus improved", "mAP", "minus improved",
        "F1 micro", "F1 macro", "ECE", "training",
    )  # fmt: skip
    return [
        f"## {entry(model).label}: one change at a time",
        "",
        f"On the {len(evidence.dataset.rows('validation'))} validation films, where everything was "
        "chosen, beside the same seeds of `improved`. F1 with cross-fitted thresholds: micro with "
        "one for all genres, macro with one for each. Intervals are 95% t intervals over films and "
        "seeds, not corrected; the verdicts below are corrected by Holm over all changes of the "
        "table, by mAP and by BCE.",
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


WORDS: dict[Verdict, str] = {
    "ahead": "better",
    "behind": "worse",
    "no_difference": "no significant difference",
    "withheld": "too few films differ",
}


def _verdict(found: RecipeComparison) -> str:
    """Return the verdicts by mAP and by BCE in words, with their corrected p-values."""
    ranking, loss = found.metrics["map"], found.metrics["bce"]
    words = f"by mAP {WORDS[ranking.verdict]}{_p(ranking)}, by BCE {WORDS[loss.verdict]}{_p(loss)}"
    if found.equivalence.is_shown:
        words += "; by less than matters" if _is_any(ranking, loss) else "; equivalent"
    return words


def _is_any(*tests: RunDifference) -> bool:
    return any(test.is_significant for test in tests)


def _p(test: RunDifference) -> str:
    if test.p_corrected is None:
        return ""
    return f" (p {'< 0.001' if test.p_corrected < 0.001 else f'{test.p_corrected:.3f}'})"


def _difference(test: RunDifference) -> str:
    if test.interval is None or test.value is None:
        return "-"
    low, high = test.interval
    return f"{_signed(test.value)} [{_signed(low)}, {_signed(high)}]"


def _with_interval(value: float, interval: Interval, spread: float | None) -> str:
    low, high = interval
    return f"{value:.3f}{_plus_minus(spread)} [{low:.3f}, {high:.3f}]"


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
