"""Whether a genre's average precision is better than that of a random ranking."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import Labels, Scores, Values, checked_labels, checked_scores

ROUNDING = 1e-12  # sums of the same terms in another order differ by less
# Films x permutations at once: 0.5 MB of positions, which stay in the cache of one core.
CHUNK_CELLS = 2**18

Positions = npt.NDArray[np.integer]


def chance_p_values(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    n_permutations: int = 10_000,
    seed: int = 0,
) -> Values:
    """Return for each genre the p-value of its average precision under a random ranking.

    One-sided permutation test: labels are permuted against the scores. The p-value is
    (b + 1) / (n_permutations + 1), where b counts the permutations with an average precision at
    least as high as the one observed. All genres see the same permutations of the films.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: scores in [0, 1], (n_films, n_genres); tied scores are taken together, as in
            `formulas.average_precision`.
        n_permutations: permutations of the films, 1 or more.
        seed: of the permutations.

    Returns:
        float64 (n_genres,) in (0, 1]; NaN for a genre without positive or without negative films,
        1 for a genre whose scores are all equal.

    Raises:
        DataError: the arrays do not match (see `checks`), or `n_permutations` is below 1.

    Source: Phipson & Smyth, "Permutation p-values should never be zero", 2010.

    >>> y_true = np.array([[1, 1], [0, 0], [0, 1]])
    >>> y_score = np.array([[0.9, 0.5], [0.2, 0.5], [0.1, 0.5]])
    >>> chance_p_values(y_true, y_score, n_permutations=2000).round(1)  # 1/3: one film of three
    array([0.3, 1. ])
    """
    labels = checked_labels(y_true)
    scores = checked_scores(y_score, labels)
    if n_permutations < 1:
        raise DataError(
            f"n_permutations is {n_permutations}. Expected 1 or more. Use the default of 10,000."
        )
    support = labels.sum(axis=0, dtype=np.int64)
    genres = np.flatnonzero((support > 0) & (support < len(labels)))
    p_values = np.full(labels.shape[1], np.nan)
    if not genres.size:
        return p_values
    rankings = {genre: _Ranking(labels[:, genre], scores[:, genre]) for genre in genres}
    n_reached = dict.fromkeys(genres, 0)
    for positions in _permutations(len(labels), n_permutations, seed):
        for genre, ranking in rankings.items():
            n_reached[genre] += ranking.n_reached(positions)
    for genre, reached in n_reached.items():
        p_values[genre] = (reached + 1) / (n_permutations + 1)
    return p_values


class _Ranking:
    """The films of one genre, ranked by score.

    Attributes:
        positive: rows of the films that have the genre, int (n_positive,).
        ends: last position of the tie group of each position in the ranking, int (n_films,); None
            where no scores are tied.
        observed: average precision of the ranking.
    """

    def __init__(self, is_true: Labels, score: Scores) -> None:
        order = np.argsort(-score, kind="stable")
        ranked = score[order]
        is_last = np.append(ranked[1:] != ranked[:-1], True)
        group_ends = np.flatnonzero(is_last)
        groups = np.cumsum(is_last) - is_last
        self.positive = np.flatnonzero(is_true)
        self.ends = None if is_last.all() else group_ends[groups]
        self.observed = float(self._average_precision(np.flatnonzero(is_true[order])[None, :])[0])

    def n_reached(self, positions: Positions) -> int:
        """Return in how many permutations the average precision reaches the one observed.

        Args:
            positions: position in the ranking that each film is put at, (n_permutations, n_films).
        """
        permuted = self._average_precision(np.sort(positions[:, self.positive], axis=1))
        return int(np.count_nonzero(permuted >= self.observed * (1 - ROUNDING)))

    def _average_precision(self, positions: Positions) -> Values:
        """Return the average precision of ascending positions, (n_permutations, n_positive)."""
        if self.ends is None:
            hits: Positions = np.arange(1, positions.shape[1] + 1)
            last = positions
        else:
            last = self.ends[positions]
            hits = _hits_to(last)
        precision: Values = hits / (last + 1.0)
        result: Values = precision.mean(axis=1)
        return result


def _hits_to(last: Positions) -> Positions:
    """Return how many values of each row are at most as high as each; rows ascend."""
    n_permutations, n_positive = last.shape
    ranks = np.broadcast_to(np.arange(1, n_positive + 1), last.shape)
    is_last = np.ones((n_permutations, n_positive), dtype=bool)
    is_last[:, :-1] = last[:, 1:] != last[:, :-1]
    # Within a tie group every film counts the hits to the end of the group.
    marked = np.where(is_last, ranks, n_positive)
    hits: Positions = np.minimum.accumulate(marked[:, ::-1], axis=1)[:, ::-1]
    return hits


def _permutations(n_films: int, n_permutations: int, seed: int) -> Iterator[Positions]:
    """Yield random permutations of the positions in chunks, (n_in_chunk, n_films)."""
    random = np.random.default_rng(seed)
    in_order = np.arange(n_films, dtype=np.min_scalar_type(n_films))
    n_at_once = max(1, CHUNK_CELLS // n_films)
    for start in range(0, n_permutations, n_at_once):
        n_in_chunk = min(n_at_once, n_permutations - start)
        yield random.permuted(np.tile(in_order, (n_in_chunk, 1)), axis=1)
