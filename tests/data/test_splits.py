import tracemalloc

import numpy as np
import pytest

from genre_core.data.films import SPLITS
from genre_core.data.report import ReadReport
from genre_core.data.split_groups import groups_of
from genre_core.data.splits import (
    FRACTIONS,
    MIN_FILMS,
    read_split_file,
    stratified_split,
    validation_part,
)
from genre_core.errors import DataError

PREVALENCES = np.array([0.5, 0.4, 0.2, 0.1, 0.05, 0.02])


def films(n_films, seed=0):
    random = np.random.default_rng(seed)
    y_true = (random.random((n_films, len(PREVALENCES))) < PREVALENCES).astype(np.uint8)
    return y_true, np.arange(n_films)


def sizes(split):
    return [int((split == part).sum()) for part in SPLITS]


def imbalance(y_true, split):
    """How far the share of a genre in a part is from its share in all films, on average."""
    shares = [np.abs(y_true[split == part].mean(axis=0) - y_true.mean(axis=0)) for part in SPLITS]
    return np.mean(shares)


@pytest.mark.parametrize("n_films", range(MIN_FILMS, 121))
def test_every_size_is_split_to_the_film(n_films):
    split = stratified_split(*films(n_films), seed=n_films)
    assert sum(sizes(split)) == n_films
    np.testing.assert_allclose(sizes(split), np.array(FRACTIONS) * n_films, atol=1)


@pytest.mark.parametrize(
    "y_true",
    [
        np.zeros((30, 3), np.uint8),
        np.ones((30, 3), np.uint8),
        np.eye(30, dtype=np.uint8),
        np.repeat(np.eye(15, dtype=np.uint8), 2, axis=0),
        np.eye(3, dtype=np.uint8)[np.arange(30) % 3],
        np.eye(30, 1, dtype=np.uint8),
    ],
    ids=["no genre", "all genres", "a genre each", "a genre for two", "three genres", "one genre"],
)
def test_awkward_labels_are_split_to_the_film_too(y_true):
    np.testing.assert_allclose(
        sizes(stratified_split(y_true, np.arange(30), seed=0)), np.array(FRACTIONS) * 30, atol=1
    )


@pytest.mark.parametrize("n_films", [200, 2000])
def test_genres_are_shared_out_far_better_than_by_chance(n_films):
    y_true, groups = films(n_films)
    split = stratified_split(y_true, groups, seed=0)
    random = np.random.default_rng(0)
    by_chance = np.mean([imbalance(y_true, random.permutation(split)) for _ in range(50)])
    assert imbalance(y_true, split) < 0.25 * by_chance


@pytest.mark.parametrize("seed", range(5))
def test_films_of_a_group_stay_together(seed):
    y_true, _ = films(200)
    shared = np.unique(np.random.default_rng(seed).integers(0, 90, 200), return_inverse=True)[1]
    split = stratified_split(y_true, shared, seed=seed)
    for group in range(90):
        assert len(set(split[shared == group])) <= 1
    np.testing.assert_allclose(sizes(split), np.array(FRACTIONS) * 200, atol=15)


def test_a_group_of_more_than_a_tenth_goes_to_training():
    y_true, groups = films(200)
    split = stratified_split(y_true, np.maximum(groups - 59, 0), seed=0)
    assert set(split[:60]) == {"train"}
    assert sizes(split[60:]) == [98, 21, 21]


def test_the_same_seed_gives_the_same_split_and_another_seed_another():
    y_true, groups = films(100)
    first, again, other = (stratified_split(y_true, groups, seed=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("n_films", [0, 1, 3, MIN_FILMS - 1])
def test_too_few_films_are_refused_with_both_numbers(n_films):
    with pytest.raises(DataError, match=rf"^{n_films} films .* at least {MIN_FILMS}\.$"):
        stratified_split(*films(n_films), seed=0)


def test_films_of_few_groups_are_too_few():
    y_true, groups = films(100)
    with pytest.raises(DataError, match=r"^10 films with different overviews"):
        stratified_split(y_true, groups % 10, seed=0)


@pytest.mark.parametrize("seed", range(3))
def test_validation_films_are_taken_from_training_by_group(seed):
    y_true, groups = films(120)
    taken = validation_part(y_true, groups // 2, seed=seed)
    assert len(taken) == pytest.approx(120 * 0.15 / 0.85, abs=3)
    assert set(np.bincount(groups[taken] // 2)) == {0, 2}


def write(folder, content):
    path = folder / "split.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"Id,split\ntt1,train\ntt2,test\n",
        b"\xef\xbb\xbfId,split\r\ntt1,train\r\ntt2,test\r\n",
        b"number,split,Id\n1,train,tt1\n2, test ,tt2\n",
        b"Id,split\n\ntt1,train\n\n tt2,test",
        b"imdb_id;Subset\ntt1; Training\ntt2;TEST",
    ],
)
def test_a_split_file_is_read(tmp_path, content):
    assert read_split_file(write(tmp_path, content)) == {"tt1": "train", "tt2": "test"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has the columns none; expected Id and split"),
        (b"Id,part\ntt1,train\n", "has the columns Id, part; expected Id and split"),
        (b"Id,splot\ntt1,train\n", "Did you mean split by 'splot'"),
        (b"Id,split\ntt1,all\n", "puts film 'tt1' into 'all'; expected one of train, validation"),
        (b"Id,split\ntt1\n", "1 row without 2 fields .tt1."),
        (b"Id,split\ntt1,train\ntt1,test\n", "names film 'tt1' more than once"),
        (b"\xff\xfeI\0d\0", "has the columns Id; expected Id and split"),
        (b"Id,split\ntt1," + b"x" * 200_000, "puts film 'tt1' into 'xxx"),
    ],
)
def test_a_split_file_that_is_none_is_refused_by_name(tmp_path, content, message):
    with pytest.raises(DataError, match=message) as caught:
        read_split_file(write(tmp_path, content))
    assert "split.csv" in str(caught.value)


def test_a_split_file_may_be_json_with_ids_by_part(tmp_path):
    path = tmp_path / "split.json"
    path.write_text('{"train": ["tt1"], "dev": ["tt2"], "test": [3]}')
    assert read_split_file(path) == {"tt1": "train", "tt2": "validation", "3": "test"}
    path.write_text('["tt1"]')
    with pytest.raises(DataError, match="a list of ids for each of train"):
        read_split_file(path)


def test_a_split_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match=r"nowhere.csv' cannot be read"):
        read_split_file(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="cannot be read"):
        read_split_file(tmp_path)


@pytest.mark.real_films
def test_the_split_file_of_the_real_films(real_films):
    given = read_split_file(real_films.parent / "split.csv")
    assert sizes(np.array(list(given.values()))) == [3975, 860, 853]


def test_one_long_overview_does_not_take_memory_for_all():
    texts = ("a" * 10**6, *(f"film {number}" for number in range(1000)))
    tracemalloc.start()
    groups_of(texts, [], None, ReadReport())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6  # 4 GB, if each took as much as the longest
