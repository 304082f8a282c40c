"""Films with posters or overviews alone: every page shows what there is, and says what is not."""

import pytest
from test_pages import said, sidebar
from tiny_artifacts import MODELS_OF, N_FILMS, film_id, make_one_input

from genre_core.ui.parts import film_filters

PAGES = (
    *("", "training_curves", "class_imbalance", "films", "runs", "head_to_head", "by_genre"),
    *("thresholds", "confusions", "agreement", "label_review"),
)


@pytest.fixture(params=list(MODELS_OF))
def films(request, tmp_path, artifacts):
    return make_one_input(tmp_path / "films", artifacts, request.param)


def test_every_page_opens_and_hides_what_is_not_there(films, open_page):
    (kind,) = films.inputs
    other = "overview" if kind == "poster" else "poster"
    for page in PAGES:
        app = open_page(page)
        assert not app.exception, (page, app.exception[0].value)
        words = said(app)
        assert f"no {other} network has finished" not in words.lower()
        assert f"without {other}s" in sidebar(app)
        assert "(no overview)" not in words


def test_a_network_is_compared_with_the_linear_model_of_the_same_input(films, open_page):
    (kind,) = films.inputs
    words = said(open_page("head_to_head"))
    linear = {"poster": "Poster colours and edges", "overview": "Overview TF-IDF"}[kind]
    assert linear in words
    summary = said(open_page(""))
    assert (
        f"24 films with {'a poster' if kind == 'poster' else 'an overview'} and genres" in summary
    )


def test_titles_and_years_are_shown_and_searched(films, open_page):
    app = open_page("films")
    app.text_input(key="search").set_value("dog* 23").run()
    assert "1 of 5 test films" in said(app)
    app.text_input(key="film").set_value(film_id(3)).run()
    assert "The *Dog* 3 (1993)" in said(app)
    assert film_filters.years_of(films) == (1990, 1990 + N_FILMS - 1)
    app.text_input(key="film").set_value("").run()
    app.text_input(key="search").set_value("").run()
    app.slider(key="years").set_value((2010, 2011)).run()
    assert "2 of 5 test films from 2010 to 2011" in said(app)


def test_only_possible_models_are_offered_for_training(films, open_page):
    app = open_page("runs")
    offered = next(one for one in app.multiselect if one.label == "Models").options
    (kind,) = films.inputs
    assert len(offered) == 3
    assert any(kind.capitalize() in label for label in offered)
