"""Fast figures of decisions are those of the table of metrics."""

import numpy as np
import pytest

from genre_core.evaluation.decided import decision_metrics
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.figures import evaluate, evaluate_genres


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("threshold", [0.0, 0.3, 1.0])
def test_they_agree(make_films, kind, threshold):
    films = make_films(1, kind=kind)
    found = decision_metrics(films.y_true, decide(films.y_score, threshold), films.macro)
    expected = evaluate(films.y_true, films.y_score, threshold=threshold, **films.facts)
    assert found.overall == pytest.approx({name: expected[name] for name in found.overall})
    rows = evaluate_genres(
        films.y_true, films.y_score, genres="ABCDE", macro=films.macro, threshold=threshold
    )
    for name, values in found.genres.items():
        assert values == pytest.approx([row[name] or 0.0 for row in rows])
    # The precision of a genre that is never predicted is undefined, and its fast figure is 0.
    is_undefined = [row["precision"] is None for row in rows]
    assert is_undefined == (found.n_predicted == 0).tolist()
    assert all(row[name] is not None for row in rows for name in ("recall", "f1"))
    assert found.support.tolist() == [row["support"] for row in rows]
    assert found.n_predicted / len(films.y_true) == pytest.approx(
        np.array([row["predicted_share"] for row in rows])
    )
