"""Labels that the runs contradict: of films they were not trained on, reviewed one at a time."""

import csv
import io

import numpy as np
import pytest
from compared_runs import frame, pair
from sklearn.metrics import average_precision_score, f1_score, log_loss
from test_pages import said

from genre_core.data.readers import find_films
from genre_core.evaluation.decisions import macro_genres
from genre_core.runs import label_decisions
from genre_core.runs.label_decisions import Decision
from genre_core.ui.parts import (
    label_doubts,
    label_exports,
    label_metrics,
    label_queue,
    loaders,
    rules,
)
from genre_core.ui.parts.label_doubts import Doubt
from genre_core.ui.parts.label_queue import Session, Step
from genre_core.ui.views import label_review


def test_the_review_leaves_training_films_out(compared, films, open_page):
    app = open_page("label_review", view="table")
    table = frame(app, "Film", "Strength")
    split = dict(zip(films.films.ids, films.split, strict=True))
    assert {split[film] for film in table["Film"]} <= {"validation", "test"}
    assert table["Strength"].is_monotonic_decreasing
    assert table["Strength"].head(20).round(2).nunique() > 15  # not the same in every line
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
    app = open_page("label_review", label=asked, view="table")
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


def shown(app):
    """The film and the genre that the queue asks about."""
    (link,) = (link for link in app.get("page_link") if " film " in link.proto.label)
    return link.proto.label.split()[-1], app.header[0].value.removeprefix("Label: ")


def act(app, *keys):
    for key in keys:
        app.get_by_key(key).click().run()
        assert not app.exception, app.exception
    return app


def test_the_queue_keeps_changes_skips_and_takes_back(compared, films, open_page):
    queue = queue_of(films, compared)
    app = open_page("label_review")
    assert "0 of" in app.get("progress")[0].proto.text
    assert app.get_by_key("undo").disabled
    first = shown(app)
    assert first == (queue[0].key[0], f"not {queue[0].key[1]}")
    act(app, "keep", "skip", "change")
    made = label_decisions.read(compared, films)
    assert [(one.key, one.decision) for one in made] == [
        (queue[0].key, "keep"),
        (queue[2].key, "change"),
    ]
    assert made[0].scores == queue[0].scores
    assert set(made[0].scores) == {run.id for run in pair(compared)}
    assert "2 of" in (words := app.get("progress")[0].proto.text)
    assert "1 changed" in words
    act(app, "undo")
    assert shown(app)[0] == queue[2].key[0]
    act(app, "undo")  # of the skip
    assert shown(app)[0] == queue[1].key[0]
    act(app, "undo")
    assert shown(app) == first
    assert label_decisions.read(compared, films) == ()
    assert app.get_by_key("undo").disabled


def test_decisions_of_another_session_are_followed_and_not_taken_back(compared, films, open_page):
    mine, other = open_page("label_review"), open_page("label_review")
    act(other, "change")
    act(mine, "keep")  # about the same label, which was shown before
    assert [one.decision for one in label_decisions.read(compared, films)] == ["change", "keep"]
    act(mine, "undo")
    assert [one.decision for one in label_decisions.read(compared, films)] == ["change"]
    assert "Decided on" in said(mine)
    assert mine.get_by_key("undo").disabled
    assert shown(open_page("label_review")) == shown(other)


def test_a_queue_that_is_done_offers_the_decisions(compared, films, open_page):
    every = queue_of(films, compared)
    rarest = min({doubt.key[1] for doubt in every}, key=[doubt.key[1] for doubt in every].count)
    queue = [doubt for doubt in every if doubt.key[1] == rarest]
    for doubt in queue[1:]:
        add(compared, films, doubt, "keep")
    app = open_page("label_review", genres=rarest)
    assert app.get_by_key("skip").disabled  # nothing else is left
    act(app, "change")
    words = f"All {len(queue)} labels reviewed: 1 changed, {len(queue) - 1} kept."
    assert app.success[0].value == words
    table = frame(app, "Decision", "New label")
    assert list(table["Decision"]).count("Change") == 1
    assert {"csv_label_decisions", "corrected_labels"} <= {
        button.key for button in app.get("download_button")
    }
    act(app, "undo")
    assert shown(app)[0] == queue[0].key[0]
    app.get_by_key("view").set_value("decided").run()
    assert len(frame(app, "Decision", "New label")) == len(queue) - 1


def test_damaged_decisions_are_an_error_with_a_way_out(compared, films, open_page):
    add(compared, films, queue_of(films, compared)[0], "keep")
    (path,) = compared.label_decisions.glob("*.json")
    path.write_text("{")
    app = open_page("label_review")
    assert "move it away" in app.error[0].value
    path.unlink()
    assert not app.run().error


def test_corrected_labels_are_read_as_data(compared, films, tmp_path):
    doubt = queue_of(films, compared)[0]
    add(compared, films, doubt, "change")
    text = label_exports.corrected_csv(films, label_decisions.read(compared, films))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0])[1:-1] == films.genres
    labels = np.array([[int(row[genre]) for genre in films.genres] for row in rows])
    assert np.argwhere(labels != films.labels).tolist() == [[doubt.row, doubt.column]]
    (tmp_path / "films.csv").write_text(text)
    reading = find_films(tmp_path / "films.csv").read()
    assert reading.genres == films.genres
    assert len(reading.rows) == len(films.films)


def test_metrics_by_corrected_labels_are_those_of_scikit_learn(compared, films, open_page):
    run = pair(compared)[1]
    queue = queue_of(films, compared)
    on_test = [doubt for doubt in queue if films.split[doubt.row] == "test"][:3]
    held_out = next(doubt for doubt in queue if films.split[doubt.row] == "validation")
    for doubt in [*on_test, held_out]:
        add(compared, films, doubt, "change")
    add(compared, films, queue[-1], "keep")
    rows = films.rows("test")
    labels = films.labels.copy()
    for doubt in on_test:
        labels[doubt.row, doubt.column] = 1
    y_score = np.asarray(loaders.scores(run, films)[rows]).astype(np.float64)
    y_pred = rules.decisions_of(run, rows, dataset=films, rule=rules.TUNED)
    macro = macro_genres(films.genres, films.train_support)
    decisions = label_decisions.read(compared, films)
    table = label_metrics.table(run, films, rules.TUNED, decisions).set_index("Metric")
    for column, y_true in (("Original", films.labels[rows]), ("Corrected", labels[rows])):
        expected = {
            "BCE ↓": np.mean(
                [log_loss(*both, labels=[0, 1]) for both in zip(y_true.T, y_score.T, strict=True)]
            ),
            "mAP ↑": average_precision_score(y_true[:, macro], y_score[:, macro], average="macro"),
            "F1, micro ↑": f1_score(y_true, y_pred, average="micro"),
            "F1, macro ↑": f1_score(y_true[:, macro], y_pred[:, macro], average="macro"),
        }
        assert table[column].to_dict() == pytest.approx(expected, rel=1e-6)
    app = open_page("label_review", view="metrics")
    words = said(app)
    assert "3 test labels changed; 1 change in validation" in words
    assert "no unbiased estimate" in words
    assert len([one for one in app.dataframe if "Corrected" in one.value]) == 2


def test_views_without_decisions_say_where_they_are_made(compared, open_page):
    for view in ("decided", "metrics"):
        assert "No label is decided yet" in said(open_page("label_review", view=view))


def test_a_skipped_label_comes_back_last_and_an_opened_one_first():
    a, b, c = (Doubt(row, 0, (f"tt{row}", "Drama"), 0, 1.0, {}) for row in range(3))
    state = Session()
    state.add(Step(a.key, "skip"))
    assert state.next([a, b, c], {}) == b
    state.add(Step(b.key, "skip"))
    assert state.next([a, b, c], {c.key}) == a
    state.add(Step(a.key, "skip"))
    assert state.next([a, b, c], {c.key}) == b
    state.opened = c.key
    assert state.next([a, b, c], {c.key}) == c
    assert state.next([a, b], {c.key}) == b  # where filters leave it out
    assert state.next([c], {c.key}) == c
    assert Session().next([c], {c.key}) is None


def test_a_key_pressed_twice_decides_once(compared, films, monkeypatch):
    doubt = queue_of(films, compared)[0]
    state = Session()
    monkeypatch.setattr(label_queue, "session", lambda dataset: state)
    for action in ("keep", "keep", "change"):
        label_queue.decide(doubt, action, compared, films)
    label_queue.skip(doubt, films)
    label_queue.skip(doubt, films)
    assert [one.decision for one in label_decisions.read(compared, films)] == ["keep", "change"]
    assert [step.action for step in state.steps] == ["keep", "change", "skip"]


def queue_of(films, compared, label=0):
    return label_doubts.chosen(label_doubts.doubts(films, tuple(pair(compared))), label, [])


def add(artifacts, films, doubt, action):
    made = Decision(*doubt.key, doubt.label, action, doubt.scores)
    label_decisions.add(artifacts, films, made)
