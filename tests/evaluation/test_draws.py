"""Random draws over films: fair, whole, and the same in any chunks."""

import numpy as np
import pytest

from genre_core.evaluation import draws
from genre_core.evaluation.draws import draw_counts, draw_swaps


@pytest.mark.parametrize("draw", [draw_counts, draw_swaps])
def test_chunks_change_nothing(draw, monkeypatch):
    whole = np.hstack(list(draw(50, 200, 7)))
    assert whole.shape == (50, 200)
    monkeypatch.setattr(draws, "CHUNK_CELLS", 50 * 3)
    chunks = list(draw(50, 200, 7))
    assert len(chunks) == 67
    assert (np.hstack(chunks) == whole).all()


def test_a_resample_draws_as_many_films_and_all_alike():
    counts = np.hstack(list(draw_counts(20, 4000, 0)))
    assert (counts.sum(axis=0) == 20).all()
    assert counts.mean(axis=1) == pytest.approx(np.ones(20), abs=0.06)
    assert counts.var(axis=1) == pytest.approx(np.full(20, 0.95), abs=0.1)


def test_each_film_is_swapped_half_of_the_time():
    swaps = np.hstack(list(draw_swaps(20, 4000, 0)))
    assert set(np.unique(swaps)) == {0.0, 1.0}
    assert swaps.mean(axis=1) == pytest.approx(np.full(20, 0.5), abs=0.04)
