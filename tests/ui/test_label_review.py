"""Labels that the runs contradict: of films they were not trained on."""

import pytest
from compared_runs import frame
from test_pages import said

from genre_core.ui.views import label_review


def test_the_review_leaves_training_films_out(compared, films, open_page):
    app = open_page("label_review")
    table = frame(app, "Film", "Strength")
    split = dict(zip(films.films.ids, films.split, strict=True))
    assert {split[film] for film in table["Film"]} <= {"validation", "test"}
    assert table["Strength"].is_monotonic_decreasing
    places = [films.films.ids.index(film) for film in table["Film"]]
    columns = [films.genres.index(genre) for genre in table["Genre"]]
    assert not films.labels[places, columns].any()


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("wrong", label_review.WRONG),
        ("missing", label_review.MISSING),
        ("has the genre, neither run sees it", label_review.WRONG),
        ("lacks the genre, both runs see it", label_review.MISSING),
        ("gone", label_review.MISSING),
    ],
)
def test_the_kind_of_label_stands_in_the_url_as_a_key(compared, films, open_page, asked, kind):
    app = open_page("label_review", label=asked)
    assert app.get_by_key(label_review.PARAMETER).value == kind
    table = frame(app, "Film", "Strength")
    film, genre = table.iloc[0][["Film", "Genre"]]
    row, column = films.films.ids.index(film), films.genres.index(genre)
    assert films.labels[row, column] == (kind == label_review.WRONG)
    app.get_by_key(label_review.PARAMETER).set_value(label_review.WRONG).run()
    assert app.query_params["label"] == "wrong"
    app.get_by_key(label_review.PARAMETER).set_value(label_review.MISSING).run()
    assert "label" not in app.query_params
    assert "not a probability" in said(app)
