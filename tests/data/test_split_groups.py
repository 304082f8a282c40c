"""Films that are kept on one side of a split made here."""

import shutil

import numpy as np
import pytest
from PIL import Image

from genre_core.data import opening, split_groups, store
from genre_core.data.films import SPLITS
from genre_core.data.leakage import find_leakage
from genre_core.data.opening import open_dataset
from genre_core.data.report import ReadReport
from genre_core.data.split_groups import groups_of

WORDS = "a quiet harbour town where nobody has seen the lighthouse keeper since the great storm of"


def shuffled(n_films):
    """Overviews of the same words in another order."""
    chance = np.random.default_rng(1)
    return [" ".join(chance.permutation(WORDS.split())) for _ in range(n_films)]


def unlike(n_films):
    """Overviews that share no words."""
    return [
        " ".join(f"{chr(97 + n % 26)}{n}w{place}" for place in range(8)) for n in range(n_films)
    ]


def noise(n_films):
    chance = np.random.default_rng(2)
    return chance.integers(0, 256, (n_films, 64, 64, 3), dtype=np.uint8)


def test_the_same_overview_or_poster_is_one_group():
    overviews = unlike(40)
    overviews[7] = overviews[3].upper()
    hashes = [str(number) for number in range(40)]
    hashes[9] = hashes[20]
    report = ReadReport()
    groups = groups_of(overviews, hashes, noise(40), report)
    assert groups[7] == groups[3]
    assert groups[9] == groups[20]
    assert len(set(groups)) == 38
    assert report.remarks == [
        "films kept in the same part of the split as a near-duplicate (poster or overview): 1"
    ]


def test_nearly_the_same_overview_or_poster_is_one_group():
    overviews, posters = unlike(40), noise(40)
    overviews[1] = f"{overviews[0]}!"
    overviews[2] = f"  {overviews[1]}?"
    posters[5] = posters[4]
    posters[5, :4] += 3
    groups = groups_of(overviews, [str(number) for number in range(40)], posters, ReadReport())
    assert groups[0] == groups[1] == groups[2]
    assert groups[4] == groups[5]
    assert len(set(groups)) == 37


def test_without_twins_the_groups_are_the_films_in_the_order_of_the_alphabet():
    overviews = unlike(30)
    groups = groups_of(overviews, [], None, ReadReport())
    assert groups.tolist() == np.argsort(np.argsort(overviews)).tolist()


def test_films_without_overviews_are_groups_of_their_own():
    assert (
        len(set(groups_of([""] * 30, [str(number) for number in range(30)], None, ReadReport())))
        == 30
    )


def test_a_poster_that_many_share_stands_for_none():
    overviews, report = unlike(40), ReadReport()
    groups = groups_of(overviews, ["same"] * 20 + [str(n) for n in range(20)], None, report)
    assert len(set(groups)) == 40
    assert "too many for one part of the split: 20;" in report.remarks[0]


def test_chains_that_would_leave_nothing_to_split_are_cut(monkeypatch):
    report = ReadReport()
    groups = groups_of(shuffled(60), [], None, report)  # the same words in another order
    assert len(set(groups)) == 60
    assert any("too many for one part of the split" in remark for remark in report.remarks)
    monkeypatch.setattr(split_groups, "QUICK", 10)
    report = ReadReport()
    groups_of(shuffled(60), [], None, report)
    assert any("does not look for those that are nearly" in remark for remark in report.remarks)


@pytest.fixture
def twins(films_folder):
    """Sixty films of which the poster of each third is nearly that of the one before it."""
    folder, chance = films_folder(60), np.random.default_rng(3)
    for number in range(60):
        path = folder / "Images" / f"tt{number:02d}.jpg"
        if number % 3 != 2:
            pixels = chance.integers(0, 256, (6, 4, 3), dtype=np.uint8)
            poster = Image.fromarray(pixels).resize((60, 90), Image.Resampling.BILINEAR)
        poster.save(path, quality=90 - number % 3 * 20)
    return folder


def test_a_split_made_here_has_no_near_duplicates_across(twins, artifacts):
    dataset = open_dataset(twins, artifacts)
    found = find_leakage(dataset, store.posters(dataset, artifacts))
    assert found.overviews == found.posters == ()
    assert {str(part) for part in dataset.split} == set(SPLITS)
    assert any("kept in the same part of the split" in one for one in dataset.report["remarks"])


def test_films_that_were_read_before_keep_their_split(twins, artifacts, monkeypatch):
    with monkeypatch.context() as patch:  # as a version that knew nothing of posters
        patch.setattr(split_groups, "near_images", lambda _: np.zeros((0, 2), dtype=np.intp))
        patch.setattr(split_groups, "near_texts", lambda _: np.zeros((0, 2), dtype=np.intp))
        before = open_dataset(twins, artifacts)
    monkeypatch.setattr(opening, "READERS_VERSION", "another")
    again = open_dataset(twins, artifacts)
    assert again.fingerprint == before.fingerprint
    shutil.rmtree(artifacts.datasets)
    assert open_dataset(twins, artifacts).fingerprint != before.fingerprint
