"""The page on which people bring a film of their own."""

import pytest
from test_pages import said
from tiny_artifacts import film_id, make_run

from genre_core.errors import DataError
from genre_core.ui.parts import why
from genre_core.ui.views import your_film


@pytest.fixture
def asked(dataset, artifacts, monkeypatch):
    """Both networks and a linear model; what is asked of them is answered here."""
    for model in ("overview_tfidf", "poster_cnn", "overview_lstm"):
        make_run(artifacts, dataset, model)
    questions = []

    def answer(artifacts, runs, *, poster, overview):
        questions.append((runs, poster, overview))
        scores = dict(zip(dataset.genres, (0.9, 0.2, 0.7, 0.1), strict=True))
        lacks = {run: poster is None and run.startswith("poster") for run in runs}
        return [
            {
                "run": run,
                "scores": None if lacks[run] else scores,
                "missing": ["poster"] * lacks[run],
            }
            for run in runs
        ]

    monkeypatch.setattr(your_film, "scores_of", answer)
    return questions


def test_nothing_is_asked_before_there_is_a_film(asked, open_page):
    assert "Drop a poster, write an overview" in said(open_page("your_film"))
    assert not asked


def test_an_overview_alone_is_answered_by_what_needs_no_poster(asked, open_page):
    app = open_page("your_film")
    app.text_area(key=your_film.OVERVIEW).set_value("A ghost in the cellar.").run()
    words = said(app)
    assert "Poster network (CNN) needs the poster" in words
    assert words.count("Action 0.90") == 2
    ((runs, poster, overview),) = asked
    assert len(runs) == 3
    assert (poster, overview) == (None, "A ghost in the cellar.")


def test_a_film_of_the_dataset_is_a_start(asked, open_page, dataset):
    app = open_page("your_film", yours_film=film_id(2))
    words = said(app)
    assert f"This is a training film of the dataset ({film_id(2)})" in words
    assert "needs the poster" not in words
    assert asked[0][1] == dataset.poster_file(2).content()
    assert asked[0][2] == dataset.films.overviews[2]
    app.text_input(key=your_film.FILM).set_value(film_id(23)).run()
    assert app.text_area(key=your_film.OVERVIEW).value == dataset.films.overviews[23]
    assert "training film" not in said(app)
    app.text_input(key=your_film.FILM).set_value("nobody").run()
    assert "No film with the ID 'nobody'" in said(app)


def test_chance_chooses_a_test_film(asked, open_page, dataset):
    app = open_page("your_film")
    app.button(key="yours_random").click().run()
    row = dataset.films.ids.index(app.text_input(key=your_film.FILM).value)
    assert dataset.split[row] == "test"
    assert app.text_area(key=your_film.OVERVIEW).value == dataset.films.overviews[row]
    assert len(asked) == 1


def test_the_text_of_a_training_film_is_recognised(asked, open_page, dataset):
    app = open_page("your_film")
    text = dataset.films.overviews[0].upper()
    app.text_area(key=your_film.OVERVIEW).set_value(f"  {text} ").run()
    assert f"({film_id(0)})" in said(app)


def test_what_goes_wrong_is_said(asked, open_page, monkeypatch):
    def fail(*_, **__):
        raise DataError("The scoring service did not start.")

    monkeypatch.setattr(your_film, "scores_of", fail)
    app = open_page("your_film")
    app.text_area(key=your_film.OVERVIEW).set_value("A ghost.").run()
    assert "did not start" in app.error[0].value


def test_without_runs_the_way_on_is_said(dataset, open_page):
    assert "No model has finished on these films yet" in said(open_page("your_film"))


def explained(dataset, questions):
    """Answer what a service would answer: the first unit counts for the first genre."""

    def answer(artifacts, runs, *, poster, overview, method=""):
        questions.append((runs, method))
        words = [[0, 1, "A"], [2, 7, "ghost"]]
        shares = {genre: [0.1, 0.5 - place] for place, genre in enumerate(dataset.genres)}
        part = {"method": "occlusion", "methods": ["occlusion"]}
        return [
            {
                "run": run,
                "scores": dict(zip(dataset.genres, (0.9, 0.2, 0.7, 0.1), strict=True)),
                "overview": {**part, "words": words, "contributions": shares},
            }
            for run in runs
        ]

    return answer


def test_why_marks_the_words_of_each_run(asked, open_page, dataset, monkeypatch):
    questions = []
    monkeypatch.setattr(why, "explanations_of", explained(dataset, questions))
    app = open_page("your_film")
    app.text_area(key=your_film.OVERVIEW).set_value("A <ghost>").run()
    assert not questions  # nothing is explained before somebody asks
    app.toggle(key="why").set_value(True).run()
    ((runs, method),) = questions
    assert len(runs) == 2
    assert method == ""
    assert "not tested for this run yet" in said(app)
    assert list(app.selectbox(key="why_genre").options) == ["Action", "Drama", "Comedy", "News"]
    table = next(t.value for t in app.dataframe if "Word" in t.value)
    assert table.iloc[0]["Word"] == "ghost"
    app.selectbox(key="why_other").select("Comedy").run()
    assert "against it, or for Comedy" in said(app)


def test_edits_are_versions_with_what_they_changed(asked, open_page):
    app = open_page("your_film")
    app.text_area(key=your_film.OVERVIEW).set_value("A ghost in the cellar.").run()
    assert not [t for t in app.dataframe if "Edit" in t.value]
    app.text_area(key=your_film.OVERVIEW).set_value("A man in the cellar.").run()
    (table,) = (t.value for t in app.dataframe if "Edit" in t.value)
    assert table["Edit"].tolist() == ["−ghost +man", "start"]
    assert "no change" in table.iloc[0].tolist()
    app.button(key="yours_forget").click().run()
    assert not [t for t in app.dataframe if "Edit" in t.value]


def test_a_poster_is_edited_before_it_is_scored(asked, open_page, dataset):
    app = open_page("your_film", yours_film=film_id(23))
    app.button_group(key="yours_edits").set_value(["flip", "grey"]).run()
    edited = asked[-1][1]
    assert edited != dataset.poster_file(23).content() == asked[0][1]
    assert (
        "poster: flip, grey"
        in next(t.value for t in app.dataframe if "Edit" in t.value)["Edit"].tolist()
    )


def test_how_typical_a_film_is_and_what_is_nearest(asked, open_page, dataset):
    app = open_page("your_film")
    text = f"Zyzzyva {dataset.films.overviews[0]}"
    app.text_area(key=your_film.OVERVIEW).set_value(text).run()
    assert "unknown (zyzzyva)" in said(app)
    app.toggle(key="yours_nearest").set_value(True).run()
    train = {dataset.films.ids[row] for row in dataset.rows("train")}
    shown = [film for film in dataset.films.ids if f"{film}:" in said(app).replace("\\", "")]
    assert 1 <= len(shown) <= 10
    assert set(shown) <= train


def test_a_film_of_the_dataset_is_explained_on_films(asked, open_page, dataset, monkeypatch):
    questions = []
    monkeypatch.setattr(why, "explanations_of", explained(dataset, questions))
    app = open_page("films", film=film_id(23), why="true")
    assert len(questions) == 1
    assert "✓ " in "".join(app.selectbox(key=f"why_genre{film_id(23)}").options)
    assert "not tested for this run yet" in said(app)
