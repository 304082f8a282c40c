"""Films that two student reports on these data discuss, with what the reports say of them."""

from __future__ import annotations

from typing import NamedTuple


class Cited(NamedTuple):
    """What a report shows of a film.

    Attributes:
        report: "A" or "B".
        poster: genres that its poster network predicts, as it lists them.
        overview: those of its overview network.
    """

    report: str
    poster: tuple[str, ...]
    overview: tuple[str, ...]


CITED = {
    "tt0097239": Cited("A", ("Drama",), ("Drama", "Comedy")),
    "tt0087130": Cited("A", ("Drama", "Comedy"), ("Drama", "Comedy")),
    "tt0108550": Cited("B", ("Drama", "Comedy", "Romance"), ("Drama", "Comedy", "Romance")),
    "tt0120775": Cited("B", ("Drama", "Romance", "Action"), ("Drama", "Comedy", "Action")),
    "tt0164052": Cited("B", ("Drama", "Thriller", "Horror"), ("Action", "Drama", "Thriller")),
    "tt0092005": Cited("B", ("Drama", "Adventure", "Comedy"), ("Drama", "Comedy", "Crime")),
    "tt0293508": Cited("B", ("Drama", "Thriller", "Mystery"), ("Drama", "Comedy", "Romance")),
    "tt2193364": Cited("B", ("Drama", "Action", "Adventure"), ("Drama", "Comedy", "Romance")),
}


def sentence(film: str) -> str:
    """Return what a report predicts for a film; empty for a film that none discusses.

    >>> sentence("tt0097239")
    'Report A predicts: poster network Drama; overview network Drama, Comedy.'
    >>> sentence("tt0000000")
    ''
    """
    cited = CITED.get(film)
    if cited is None:
        return ""
    return (
        f"Report {cited.report} predicts: poster network {', '.join(cited.poster)}; overview "
        f"network {', '.join(cited.overview)}."
    )
