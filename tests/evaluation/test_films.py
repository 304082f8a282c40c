"""One value a film, against plain loops."""

import numpy as np
from sklearn.metrics import log_loss

from genre_core.evaluation import films
from genre_core.evaluation.films import film_figures_of


def test_figures_are_those_of_each_film_alone(monkeypatch):
    monkeypatch.setattr(films, "CHUNK", 3)
    random = np.random.default_rng(0)
    y_true = (random.random((10, 4)) < 0.4).astype(np.uint8)
    y_score = random.random((10, 4)).astype(np.float32)
    figures = film_figures_of(y_true, y_score)
    for film in range(10):
        first = max(range(4), key=lambda genre: y_score[film, genre])
        assert figures.first[film] == first
        assert figures.is_right[film] == (y_true[film, first] == 1)
        assert figures.confidence[film] == y_score[film, first]
        expected = log_loss(y_true[film], y_score[film], labels=[0, 1])
        np.testing.assert_allclose(figures.loss[film], expected, rtol=1e-6)
