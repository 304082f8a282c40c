"""Agreement: counts of outcomes by genre, and verdicts on genres."""

from types import SimpleNamespace

import numpy as np
import pytest
from compared_runs import frame
from test_pages import said

from genre_core.evaluation.agreement import LEAST_DISCORDANT
from genre_core.ui.parts import rules
from genre_core.ui.views import agreement


@pytest.mark.thorough
def test_who_gets_what_opens_as_many_films_as_it_says(compared, films, open_page):
    app = open_page("agreement", genre="Genre 5")
    table = frame(app, "Genre", "Both").set_index("Genre")
    assert table.loc["Genre 5"].iloc[:4].sum() == table.loc["Genre 5", "Films"]
    where = "poster hit Genre 5; overview missed Genre 5"
    shown = open_page("films", where=where, rule=rules.TUNED)
    n_films = table.loc["Genre 5"].iloc[1]
    assert f"{n_films} of {len(films.rows('test'))} test films" in said(shown)
    assert "of the oracle's gain" in said(app)


def test_films_of_one_run_alone_are_those_of_the_bars(compared, open_page):
    app = open_page("agreement", by=rules.HALF)
    counts = frame(app, "Genre", "Both").set_index("Genre")
    table = frame(app, "Genre", "Verdict").set_index("Genre")
    assert list(table.index) == list(counts.index[:-1])
    only = table.iloc[:, 1:3].to_numpy()
    assert (only == counts.iloc[:-1, 1:3].to_numpy()).all()
    is_tested = only.sum(axis=1) >= LEAST_DISCORDANT
    assert (table["p"].notna() == is_tested).all()
    assert f"Of {is_tested.sum()} genres tested" in said(app)


def test_verdicts_on_genres_name_the_run_that_is_ahead():
    found = np.array([[5, 30, 4, 9], [5, 6, 8, 2], [1, 4, 5, 7], [2, 1, 25, 3], [0, 0, 0, 0]])
    dataset = SimpleNamespace(genres=("A", "B", "C", "D", "E"))
    verdicts = agreement.alone_verdicts(found, dataset)
    assert verdicts == {
        "A": "first",
        "D": "second",
        "B": "no_difference",
        "C": "too_few",
    }
    table = agreement.alone_table(found, dataset, ("Poster", "Text"), verdicts)
    assert dict(zip(table["Genre"], table["Verdict"], strict=True)) == {
        "A": "Poster ahead",
        "D": "Text ahead",
        "B": "no significant difference",
        "C": "too few films decided differently",
    }
    assert agreement.alone_sentence(verdicts, ("Poster", "Text")) == (
        "Of 3 genres tested, **Poster** is ahead in 1 (A) and **Text** is ahead in 1 (D); no "
        "significant difference in 1; 1 not tested (too few films decided differently)."
    )
    few = agreement.alone_verdicts(found[2:3], SimpleNamespace(genres=("C",)))
    assert agreement.alone_sentence(few, ("Poster", "Text")).endswith("so none is tested.")
