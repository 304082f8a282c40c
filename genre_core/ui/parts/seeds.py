"""How far the seeds of each recipe lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from genre_core.comparison.recipes import seeds_by_recipe
from genre_core.evaluation.metrics import METRICS
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, run_names

SHOWN = ("bce_to_prior", "map", "lrap", "f1_micro", "f1_macro", "top1_hit")


def table(runs: Sequence[Run]) -> pd.DataFrame:
    """Return one line a recipe with mean and spread of its seeds on test, at a threshold of 0.5.

    Args:
        runs: Finished runs of one dataset, newest first.
    """
    lines = []
    for seeds in seeds_by_recipe(runs).values():
        figures = [loaders.figures(run) for run in seeds]
        line: dict[str, Any] = {
            "Model": seeds[0].label,
            "Recipe": run_names.recipe(seeds[0]),
            "Seeds": len(seeds),
        }
        for metric in (metric for metric in METRICS if metric.name in SHOWN):
            values = [value for one in figures if (value := one.get(metric.name)) is not None]
            line[metric.label] = float(np.mean(values)) if values else None
            line[f"{metric.label}, ±"] = float(np.std(values, ddof=1)) if len(values) > 1 else None
        line["Runs"] = ", ".join(run.id for run in seeds)
        lines.append(line)
    columns = ["Model", "Recipe", "Seeds"]
    return pd.DataFrame(lines, columns=None if lines else columns).sort_values(
        ["Model", "Recipe"], ignore_index=True
    )
