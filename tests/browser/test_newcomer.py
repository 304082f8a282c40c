"""What a newcomer wants takes few clicks, and leads where it should."""

import pytest
from served_app import serving

from benchmarks import newcomer
from genre_core.data.store import load_dataset

MOST = {  # clicks
    newcomer.better: 0,
    newcomer.overfitting: 2,
    newcomer.random_films: 3,
    newcomer.share: 2,
    newcomer.only_poster_right: 6,
    newcomer.search: 3,
    newcomer.share_of_genre: 2,
    newcomer.tune_and_apply: 6,
    newcomer.export: 1,
}


@pytest.fixture(scope="module")
def outcomes(compared, chromium):
    artifacts, _ = compared
    dataset = load_dataset(artifacts, "0123456789abcdef")
    with serving(artifacts) as address:
        return {one.task: one for one in newcomer.outcomes(chromium, address, dataset)}


def test_nine_tasks_take_few_clicks(outcomes):
    assert len(outcomes) == 9
    for task, do in newcomer.TASKS.items():
        assert outcomes[task].clicks <= MOST[do], task


def test_what_is_found_answers_the_task(outcomes):
    found = [one.found for one in outcomes.values()]
    assert "minus" in found[0]
    assert "Overfitting: " in found[1]
    assert "film=" in found[3]
    assert found[5].startswith("1 of ")
    assert "labels" in found[6]
