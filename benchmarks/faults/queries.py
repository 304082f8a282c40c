"""Whatever a URL asks of a page: it shows something, and no exception."""

from __future__ import annotations

from benchmarks.faults.ground import PAGES, Ground, page, random_of

# Every parameter of some page; the others ignore it.
PARAMETERS = (
    *("dataset", "poster", "overview", "genre", "genres", "all_genres", "figure", "colour", "kind"),
    *("row", "instead", "of", "by", "rule", "draw", "film", "n_films", "order", "page", "reports"),
    *("search", "split", "where", "who", "compared", "genre_figure", "runs", "each", "goal"),
    *(
        "outcome",
        "outcome_genre",
        "size",
        "at_least",
        "charts",
        "more",
        "smooth",
        "imbalance_of",
        "films_as",
        "together_as",
    ),
)
VALUES = (
    *("", " ", "0", "-1", "1", "2", "inf", "-inf", "nan", "1e999", "9" * 400, "1.5", "0x10", "١٢"),
    *("true", "True", "null", "None", "[]", "{}", "all", "test", "poster", "latest", "half"),
    *("<script>alert(1)</script>", "../../etc/passwd", "%00", "\x00", "\x1b[31m", "a" * 5000),
    *(
        "\u202e",
        "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL X}",
        "'; drop table",
        "poster missed Drama",
        "poster missed",
        ";;;",
    ),
    *("saved:", "saved:mine", "tuned", "Drama", "drama", "N/A", "tt0000001", "=1+1", "*a*"),
)


def attempt(ground: Ground, seed: int) -> str:
    """Open a page with some parameters of any text."""
    random = random_of(seed)
    name = PAGES[seed % len(PAGES)]
    keys = random.choice(PARAMETERS, size=int(random.integers(1, 9)), replace=False)
    query = {}
    for key in keys.tolist():
        values = [VALUES[place] for place in random.integers(len(VALUES), size=2)]
        query[key] = values if random.random() < 0.2 else values[0]
    try:
        page(name, ground.artifacts, **query)
    except AssertionError as error:
        return f"{name} {query!r}: {error}"
    return ""
