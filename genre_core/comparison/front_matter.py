"""The front matter of a model card: what the Hugging Face Hub reads, as YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from genre_core.comparison.card_results import CardResults
from genre_core.evaluation.intervals import LEVEL
from genre_core.evaluation.metrics import METRICS
from genre_core.runs.folder import Run

TASKS = {"poster": "image-classification", "overview": "text-classification"}
OTHER_TASK = "other"  # the Hub has no task with posters and overviews
ABOUT = ("marquee", "multi-label-classification", "movie-genres")


def metadata(run: Run, results: CardResults) -> dict[str, Any]:
    """Return what the Hub reads, with one result in `model-index`.

    Intervals and threshold stand below `args` of a metric, the place for its further facts. Keys
    are plain words.
    """
    task = TASKS.get(run.modality)
    dataset = run.config["dataset_name"] or run.dataset or "unknown"
    result = {
        "task": {"type": task or OTHER_TASK, "name": "Multi-label genre classification"},
        "dataset": {
            "type": run.dataset or "unknown",
            "name": dataset,
            "split": "test",
            "args": {"n_films": results.figures["n_films"], "n_genres": len(run.genres)},
        },
        "metrics": _metrics(run, results),
    }
    return {
        "tags": list(ABOUT),
        **({"pipeline_tag": task} if task else {}),
        "model-index": [{"name": run.label, "results": [result]}],
    }


def _metrics(run: Run, results: CardResults) -> list[dict[str, Any]]:
    found = []
    for metric in METRICS:
        value = results.figures["metrics"][metric.name]
        if value is None:  # needs scores, which the run does not have
            continue
        args: dict[str, Any] = {}
        if metric.needs == "decision" and not run.is_decided:
            args["threshold"] = results.figures["threshold"]
        if interval := results.intervals.intervals[metric.name][run.id]:
            args |= {"confidence_level": LEVEL, "confidence_interval": list(interval)}
        one = {"type": metric.name, "name": metric.label, "value": value}
        found.append({**one, "args": args} if args else one)
    return found


def yaml_of(value: Mapping[str, Any]) -> str:
    """Return plain data as YAML, in blocks; lists of numbers in one line.

    >>> print(yaml_of({"tags": ["a: b"], "results": [{"value": 1e-05, "args": {"ends": [3, 4]}}]}))
    tags:
    - "a: b"
    results:
    - value: 1.0e-05
      args:
        ends: [3, 4]
    """
    return "\n".join(_lines(value))


def _lines(value: Any) -> list[str]:
    """Return the lines of a mapping, a list or a single value."""
    if _is_inline(value):
        return [_inline(value)]
    if isinstance(value, Mapping):
        return [line for name, part in value.items() for line in _entry(name, part)]
    return [
        ("  " if place else "- ") + line
        for part in value
        for place, line in enumerate(_lines(part))
    ]


def _entry(name: str, part: Any) -> list[str]:
    if _is_inline(part):
        return [f"{name}: {_inline(part)}"]
    indent = "  " if isinstance(part, Mapping) else ""
    return [f"{name}:", *(indent + line for line in _lines(part))]


def _is_inline(value: Any) -> bool:
    """Return whether a value is written in one line: none of a list of texts or a mapping."""
    if isinstance(value, Mapping):
        return False
    if isinstance(value, str) or not isinstance(value, Sequence):
        return True
    return all(isinstance(part, int | float) for part in value)


def _inline(value: Any) -> str:
    """Return a value in one line; JSON is YAML but for exponents and unprintable characters."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_inline, value))}]"
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if isinstance(value, float):
        return re.sub(r"^(-?\d+)e", r"\1.0e", text)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in text)
