"""Decisions about labels: what is kept, by several writers, and what a damaged file does."""

import json
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from edit_json import edit_json
from tiny_artifacts import film_id

from genre_core.errors import DataError
from genre_core.runs import label_decisions
from genre_core.runs.label_decisions import Decision, add, corrected, in_force, read, remove


def of(dataset, film=1, genre="Drama", decision="change"):
    label = dataset.labels[film, dataset.genres.index(genre)]
    return Decision(film_id(film), genre, int(label), decision, {"run-1": 0.9, "run-2": 0.8})


def file_of(artifacts, dataset):
    return artifacts.label_decisions / f"{dataset.fingerprint}.json"


def test_decisions_come_back_in_order_and_the_last_is_in_force(artifacts, dataset):
    assert read(artifacts, dataset) == ()
    made = [of(dataset), of(dataset, decision="keep"), of(dataset, genre="Action")]
    for decision in made:
        add(artifacts, dataset, decision)
    assert read(artifacts, dataset) == tuple(made)
    assert in_force(made)[made[0].key] == made[1]
    remove(artifacts, dataset, made[1].id)
    assert in_force(read(artifacts, dataset))[made[0].key] == made[0]
    remove(artifacts, dataset, "gone")
    assert len(read(artifacts, dataset)) == 2


def test_corrected_labels_leave_the_dataset_as_it_is(dataset):
    before = dataset.labels.copy()
    made = [of(dataset), of(dataset, film=2, genre="Action", decision="keep")]
    labels = corrected(dataset, made)
    differs = np.argwhere(labels != dataset.labels).tolist()
    assert differs == [[1, dataset.genres.index("Drama")]]
    np.testing.assert_array_equal(dataset.labels, before)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 2, "decisions": []}'])
def test_a_damaged_file_is_named_and_left_as_it_is(artifacts, dataset, text):
    add(artifacts, dataset, of(dataset))
    file_of(artifacts, dataset).write_text(text)
    for act in (lambda: read(artifacts, dataset), lambda: add(artifacts, dataset, of(dataset))):
        with pytest.raises(DataError, match=r"cannot be read .* move it away"):
            act()
    assert file_of(artifacts, dataset).read_text() == text
    file_of(artifacts, dataset).unlink()
    add(artifacts, dataset, of(dataset))
    assert len(read(artifacts, dataset)) == 1


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        ({"film": "tt9"}, "has no label 'Drama' of film 'tt9'"),
        ({"genre": "Gone"}, "has no label 'Gone'"),
        ({"label": 1}, "is another one"),
        ({"decision": "drop"}, "decision"),
        ({"scores": {"run-1": 2}}, "scores"),
    ],
)
def test_decisions_about_other_labels_are_refused(artifacts, dataset, edit, problem):
    add(artifacts, dataset, of(dataset))
    path = file_of(artifacts, dataset)
    edit_json(path, decisions=[{**json.loads(path.read_text())["decisions"][0], **edit}])
    with pytest.raises(DataError, match=problem):
        read(artifacts, dataset)


def test_a_copy_of_another_dataset_is_refused(artifacts, dataset):
    add(artifacts, dataset, of(dataset))
    edit_json(file_of(artifacts, dataset), dataset="0123456789abcdef")
    with pytest.raises(DataError, match="about dataset 0123456789abcdef"):
        read(artifacts, dataset)


def add_some(artifacts, dataset, films):
    for film in films:
        add(artifacts, dataset, of(dataset, film))


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_two_writers_at_once_lose_nothing(artifacts, dataset, kind):
    pool = (
        ThreadPoolExecutor(2)
        if kind == "threads"
        else ProcessPoolExecutor(2, mp_context=get_context("fork"))
    )
    with pool:
        for job in [pool.submit(add_some, artifacts, dataset, range(n, 24, 2)) for n in (0, 1)]:
            job.result()
    made = read(artifacts, dataset)
    assert sorted(decision.film for decision in made) == [film_id(film) for film in range(24)]
    assert not list(artifacts.label_decisions.glob(".*.tmp"))
    assert label_decisions.changes(made) == list(made)
