"""The page of films: which are chosen, in which order, and one of them large."""

import dataclasses
import json
import shutil
from functools import partial

import numpy as np
import pytest
from test_pages import said
from tiny_artifacts import NASTY, make_run, scores_of

from genre_core.runs.folder import find_run
from genre_core.ui.parts import (
    cited_films,
    conditions,
    film_cards,
    film_filters,
    film_outcomes,
    rules,
)
from genre_core.ui.parts.film_filters import Choice, chosen_rows
from genre_core.ui.views import films

SLOTS = {"poster": "poster_cnn", "overview": "overview_lstm"}


@pytest.fixture
def slots(artifacts, dataset):
    return {
        slot: find_run(artifacts, make_run(artifacts, dataset, model).name)
        for slot, model in SLOTS.items()
    }


def wall(app):
    """What the wall shows of each film."""
    return [
        film
        for element in app.get("bidi_component")
        for film in json.loads(element.proto.json)["films"]
    ]


def shown(app):
    return [film["id"] for film in wall(app)]


def open_film(app, film):
    app.session_state["film"] = film
    return app.run()


def undecided(run, rows):
    raise AssertionError("without a condition nothing is decided")


def chosen(dataset, slots, choice, decide=undecided):
    return chosen_rows(dataset, slots, choice, decide)


def every(**asked):
    return Choice(split="all", **asked)


def test_a_draw_is_repeatable_and_another_one_differs(dataset):
    first, again, other = (chosen(dataset, {}, every(draw=draw)) for draw in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert sorted(first) == sorted(other) == list(range(24))


def test_search_does_not_mind_case_or_spaces_and_finds_ids(dataset):
    assert len(chosen(dataset, {}, Choice(words=""))) == 5
    assert len(chosen(dataset, {}, every(words="  NUMBER 20   is "))) == 1
    film = dataset.films.ids[3]
    assert chosen(dataset, {}, every(words=film.upper())).tolist() == [3]


def test_genres_are_those_that_a_film_has_all_of(dataset):
    rows = chosen(dataset, {}, every(genres=("Drama",)))
    assert sorted(rows) == np.flatnonzero(dataset.labels[:, dataset.genres.index("Drama")]).tolist()
    assert len(chosen(dataset, {}, every(genres=("Drama", "News")))) == 0


@pytest.mark.parametrize("who", film_filters.who_options(SLOTS))
def test_who_is_right_against_a_plain_loop(dataset, slots, who):
    first = {slot: scores_of(dataset, model).argmax(axis=1) for slot, model in SLOTS.items()}

    def is_asked(row):
        poster, overview = (dataset.labels[row, first[slot][row]] == 1 for slot in SLOTS)
        is_same = first["poster"][row] == first["overview"][row]
        return {
            "any": True,
            "poster_right": poster,
            "poster_wrong": not poster,
            "overview_right": overview,
            "overview_wrong": not overview,
            "both_right": poster and overview,
            "only_poster_right": poster and not overview,
            "only_overview_right": overview and not poster,
            "both_wrong": not poster and not overview,
            "same_first_genre": is_same,
            "different_first_genre": not is_same,
        }[who]

    rows = chosen(dataset, slots, every(who=who))
    assert sorted(rows) == [row for row in range(24) if is_asked(row)]


@pytest.mark.parametrize("order", film_filters.order_options(SLOTS))
def test_orders_keep_every_film(dataset, slots, order):
    rows = chosen(dataset, slots, every(order=order))
    assert sorted(rows) == list(range(24))
    if order == "largest_disagreement":
        scores = [scores_of(dataset, model) for model in SLOTS.values()]
        values = np.abs(scores[0] - scores[1]).mean(axis=1)
        assert values[rows[0]] == pytest.approx(values.max())
    if order == "poster_most_confident":
        assert rows[0] == scores_of(dataset, "poster_cnn").max(axis=1).argmax()


def test_one_run_offers_only_what_it_can_answer():
    only = {"overview": "LSTM"}
    assert film_filters.who_options(only) == {
        "any": "Any",
        "overview_right": "LSTM correct",
        "overview_wrong": "LSTM incorrect",
    }
    assert not any("poster" in order for order in film_filters.order_options(only))
    assert "largest_disagreement" not in film_filters.order_options(only)


CITED_IDS = tuple(cited_films.CITED)


def test_the_preset_names_what_is_here_and_what_is_not(dataset):
    ids = (CITED_IDS[1], *dataset.films.ids[1:])
    renamed = dataclasses.replace(dataset, films=dataclasses.replace(dataset.films, ids=ids))
    here, lacking = film_filters.preset_films(renamed)
    assert here == [CITED_IDS[1]]
    assert len(lacking) == 7
    assert chosen(renamed, {}, Choice(is_preset=True)).tolist() == [0]
    assert film_filters.preset_films(dataset)[0] == []


def test_a_card_parts_hits_extras_and_misses(artifacts, dataset):
    run = find_run(artifacts, make_run(artifacts, dataset, "prior").name)
    row = int(dataset.rows("test")[0])
    decide = partial(rules.decisions_of, dataset=dataset, rule=rules.TOP)
    card = film_cards.cards(dataset, [row], [run], decide)[0]
    (guess,) = card.guesses
    top = [genre for genre, _ in guess.given]
    assert top == ["Drama", "Action", "Comedy"]
    assert [score for _, score in guess.given] == sorted((s for _, s in guess.given), reverse=True)
    assert {genre for genre, _ in guess.missed} == set(card.genres) - set(top)
    assert guess.given[0][1] == pytest.approx(dataset.prior[2])


def test_what_scores_are_worth_for_a_film():
    y_true, prior = np.array([1, 0, 0, 0], np.uint8), np.full(4, 0.25)
    good = films.quality(y_true, np.array([0.9, 0.1, 0.1, 0.1]), prior)
    assert "1 of 1 true genre in the top 3; BCE 0.105, better than" in good
    assert "no better than" in films.quality(y_true, np.array([0.01, 0.1, 0.1, 0.1]), prior)


def test_text_is_shown_as_written(slots, open_page):
    app = open_page("films", search="costs $5 and")
    assert not any(NASTY in markdown.value for markdown in app.markdown)
    ((film, title),) = ((one["id"], one["title"]) for one in wall(app))
    assert title == f"{film}: {NASTY}"
    app = open_page("films", film=film)
    assert NASTY in [text.value for text in app.text]
    assert not any(NASTY in markdown.value for markdown in app.markdown)


def test_hits_extras_and_misses_are_told_in_words(slots, open_page):
    app = open_page("films", by="top3")
    assert "5 of 5 test films" in said(app)
    films_shown = wall(app)
    marks = {mark["words"].split(", ")[1]: mark["sign"] for mark in marks_of(films_shown)}
    assert marks.items() >= {"hit": "✓", "extra": "+"}.items()
    words = said(open_film(app, shown(app)[0]))
    assert "hit: " in words or "extra: " in words


def marks_of(films_shown):
    return [mark for film in films_shown for run in film["runs"] for mark in run["marks"]]


def test_a_tile_says_of_each_run_what_the_decision_rule_predicts(dataset, slots, open_page):
    film = wall(open_page("films", by="top3"))[0]
    row = dataset.films.ids.index(film["id"])
    true = {name for name, label in zip(dataset.genres, dataset.labels[row], strict=True) if label}
    for run, model in zip(film["runs"], SLOTS.values(), strict=True):
        best = np.argsort(-scores_of(dataset, model)[row], kind="stable")[:3]
        given = {mark["words"].rsplit(" ", 2)[0]: mark["kind"] for mark in run["marks"][:3]}
        expected = [dataset.genres[place] for place in best]
        assert given == {name: "hit" if name in true else "extra" for name in expected}


@pytest.mark.parametrize("outcome", film_outcomes.ASKED)
@pytest.mark.parametrize("genre", ["*", "Drama"])
def test_outcomes_against_a_plain_loop(dataset, slots, outcome, genre):
    decide = partial(rules.decisions_of, dataset=dataset, rule=rules.TOP)
    y_pred = {slot: decide(run, np.arange(24)) for slot, run in slots.items()}
    places = range(len(dataset.genres)) if genre == "*" else [dataset.genres.index(genre)]

    def is_so(row, place):
        label = dataset.labels[row, place]
        return all(
            (label, y_pred[slot][row, place]) == conditions.OUTCOMES[name]
            for slot, name in film_outcomes.ASKED[outcome].items()
        )

    def is_asked(row):
        if outcome == "any":
            return genre == "*" or dataset.labels[row, places[0]] == 1
        return any(is_so(row, place) for place in places)

    rows = chosen(dataset, slots, every(outcome=outcome, outcome_genre=genre), decide)
    assert sorted(rows) == [row for row in range(24) if is_asked(row)]


def test_one_run_is_asked_only_what_it_can_answer():
    assert list(film_outcomes.options({"overview": "B"})) == [
        "any",
        "overview_missed",
        "overview_extra",
    ]


def test_films_of_other_splits_are_offered_where_a_search_finds_some(dataset, slots, open_page):
    app = open_page("films", search="number 2")
    n_found = len([text for text in dataset.films.overviews if "number 2" in text.casefold()])
    (button,) = (button for button in app.button if button.key == "all_splits")
    assert f"{n_found} in all splits" in button.label
    button.click().run()
    assert len(shown(app)) == n_found


def test_a_cited_film_shows_what_its_report_says(dataset):
    assert cited_films.sentence("tt0164052").startswith("Report B predicts: poster network Drama")
    assert cited_films.sentence(dataset.films.ids[0]) == ""


def test_films_of_training_are_marked(slots, open_page):
    app = open_page("films", split="train", n_films="6")
    assert "Training films:" in said(app)
    assert all(film["genres"].startswith("train: ") for film in wall(app))
    assert len(wall(app)) == 6


@pytest.mark.parametrize(
    "query",
    [
        {"draw": "0"},
        {"draw": "x"},
        {"draw": "inf"},
        {"draw": "9" * 400},
        {"n_films": "7"},
        {"split": "<b>"},
        {"dataset": "../.."},
        {"who": "me"},
        {"order": "up"},
        {"genres": "Nonsense"},
        {"page": "99"},
        {"page": "x"},
    ],
)
def test_nonsense_in_the_address_falls_back(slots, open_page, query):
    assert "5 of 5 test films" in said(open_page("films", **query))


def test_again_draws_other_films_and_a_number_brings_them_back(slots, open_page):
    app = open_page("films", split="train", n_films="6", page="2")
    second_page = shown(app)
    app.button(key="again").click().run()
    assert app.session_state["page"] == 1
    assert app.number_input(key="draw").value == 2
    other = shown(app)
    app.number_input(key="draw").set_value(1).run()
    first = shown(app)
    assert len(first) == len(other) == 6
    assert first != other
    assert not set(first) & set(second_page)


def test_asking_for_something_else_goes_back_to_the_first_page(slots, open_page):
    app = open_page("films", split="all", n_films="6", page="4")
    assert len(shown(app)) == 6
    app.selectbox(key="who").set_value("poster_right").run()
    assert app.session_state["page"] == 1
    assert not app.exception


def test_nothing_found_says_how_to_go_on(slots, open_page):
    assert "No films match among 5 test films" in said(open_page("films", search="*no such* words"))


def test_one_film_large_has_its_neighbours(dataset, slots, open_page):
    app = open_page("films", split="all")
    first, second = shown(app)[:2]
    open_film(app, first)
    assert app.header[0].value == first
    assert "Film 1 of 24 chosen" in said(app)
    assert app.button(key="go_Previous").disabled
    app.button(key="go_Next").click().run()
    assert app.header[0].value == second
    assert len(app.get("plotly_chart")) == 1
    app.button(key="go_All films").click().run()
    assert shown(app)[:2] == [first, second]


@pytest.mark.parametrize("film", ["../../etc/passwd", "<b>x</b>", "tt9999999"])
def test_an_unknown_film_in_the_address_is_told(slots, open_page, film):
    app = open_page("films", film=film)
    assert "No film with the ID" in said(app)
    app.button(key="go_All films").click().run()
    assert "5 of 5 test films" in said(app)


def test_a_film_that_was_not_chosen_opens_all_the_same(dataset, slots, open_page):
    film = dataset.films.ids[int(dataset.rows("train")[0])]
    words = said(open_page("films", film=film))
    assert "This film does not match the filters." in words
    assert "A training film of" in words


def test_missing_posters_are_placeholders(dataset, slots, open_page):
    shutil.rmtree(dataset.source / "Images")
    app = open_page("films")
    films_shown = wall(app)
    assert len(films_shown) == 5
    assert all("Placeholder" in film["alt"] for film in films_shown)
    assert all("The poster file is missing." in film["title"] for film in films_shown)


def test_a_condition_is_a_sentence_of_menus(dataset, slots, open_page):
    app = open_page("films", split="all", by="half", where="overview missed Drama")
    assert app.get_by_key("where_run_0").value == "overview"
    assert app.get_by_key("where_outcome_0").value == "missed"
    assert app.get_by_key("where_genre_0").value == "Drama"
    app.get_by_key("where_run_1").set_value("poster").run()  # no condition yet: no genre
    assert app.query_params["where"] == "overview missed Drama"
    app.get_by_key("where_genre_1").set_value("Action").run()
    assert app.query_params["where"] == "overview missed Drama; poster hit Action"
    app.get_by_key("where_any").set_value("or").run()
    assert app.query_params["where"] == "overview missed Drama | poster hit Action"
    y_pred = {
        slot: rules.decisions_of(run, np.arange(24), dataset=dataset, rule=rules.HALF)
        for slot, run in slots.items()
    }
    drama, action = (dataset.genres.index(genre) for genre in ("Drama", "Action"))
    is_missed = (dataset.labels[:, drama] == 1) & (y_pred["overview"][:, drama] == 0)
    is_hit = (dataset.labels[:, action] == 1) & (y_pred["poster"][:, action] == 1)
    assert set(shown(app)) <= {dataset.films.ids[row] for row in np.flatnonzero(is_missed | is_hit)}
    assert f"{int((is_missed | is_hit).sum())} of 24 films where" in said(app)
    app.get_by_key("where_run_0").set_value("").run()
    app.get_by_key("where_run_1").set_value("").run()
    assert "where" not in app.query_params
