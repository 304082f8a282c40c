"""Small films for the evaluation: labels, scores and what macro averages go over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest


class Films(NamedTuple):
    y_true: Any
    y_score: Any
    macro: Any
    prior: Any

    @property
    def facts(self) -> dict[str, Any]:
        return {"macro": self.macro, "prior": self.prior}


PREVALENCES = np.array([0.5, 0.3, 0.15, 0.06, 0.03])


def make(seed: int, n_films: int = 60, kind: str = "continuous") -> Films:
    """Five genres, two of them rare, the last outside the macro average; some films have none."""
    random = np.random.default_rng(seed)
    y_true = (random.random((n_films, 5)) < PREVALENCES).astype(np.uint8)
    y_score = np.clip(PREVALENCES + 0.3 * y_true + random.normal(0, 0.2, y_true.shape), 0, 1)
    if kind == "ties":
        y_score = np.round(y_score * 4) / 4
    if kind == "constant":
        y_score = np.full_like(y_score, 0.5)
    macro = np.array([True, True, True, True, False])
    return Films(y_true, y_score.astype(np.float32), macro, PREVALENCES)


@pytest.fixture
def make_films() -> Callable[..., Films]:
    return make
