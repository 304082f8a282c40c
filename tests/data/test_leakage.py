"""What the splits share: near-duplicate overviews and posters, rare names, and how it is kept."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from genre_core import caches
from genre_core.artifacts import Artifacts
from genre_core.commands import tables
from genre_core.commands.main import cli
from genre_core.data import leakage, leakage_overviews, leakage_posters, store
from genre_core.data.films import INPUTS, Dataset, Films
from genre_core.data.leakage import LEAKAGE, Leakage, find_leakage, kept_leakage, leakage_of
from genre_core.data.leakage_groups import Group, contents_of
from genre_core.data.leakage_names import names_of, shared_names
from genre_core.data.leakage_overviews import near_overviews
from genre_core.data.leakage_posters import correlations, difference_hashes, near_posters
from genre_core.data.opening import open_dataset

SPLIT_CODES = {"a": "train", "v": "validation", "t": "test"}
FILLER = (
    "a young man leaves the farm for the city",
    "two sisters open a bakery near the old harbour",
    "the crew of a submarine hears a strange signal",
    "an ageing boxer trains one last champion",
)


def films(overviews, splits):
    """A dataset of some overviews; a letter of `splits` for each film: a, v or t."""
    ids = tuple(f"tt{number:02d}" for number in range(len(overviews)))
    split = np.array([SPLIT_CODES[letter] for letter in splits], dtype="U10")
    return Dataset(
        fingerprint="0" * 16,
        films=Films(ids, tuple(overviews), ("Drama",)),
        split=split,
        source=Path(),
        generated=True,
        report={},
        posters_key="",
    )


def noisy(poster, seed, scale=6):
    noise = np.random.default_rng(seed).normal(0, scale, poster.shape)
    return np.clip(poster + noise, 0, 255).astype(np.uint8)


def picture(seed):
    """A poster of 64 x 64 pixels in blocks of random colours."""
    blocks = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return blocks.repeat(8, axis=0).repeat(8, axis=1)


# Overviews


def test_near_duplicate_overviews_across_splits_are_one_group():
    dataset = films(["A spoof on horror films.", *FILLER, "A spoof of horror films."], "aaaaat")
    (group,) = near_overviews(dataset)
    assert (group.films, group.splits) == (("tt00", "tt05"), ("train", "test"))
    assert leakage_overviews.LEAST_COSINE <= group.similarity < 1


def test_near_duplicate_overviews_in_one_split_are_no_leakage():
    texts = ["A spoof on horror films.", *FILLER, "A spoof of horror films."]
    assert near_overviews(films(texts, "taaaat")) == ()


def test_the_same_overview_in_two_splits_is_found_whatever_its_case_and_spaces():
    dataset = films(["The story  of a dog", *FILLER, "the story of a DOG"], "vaaaat")
    assert near_overviews(dataset) == (Group(("tt00", "tt05"), ("validation", "test"), 1.0),)


@pytest.mark.parametrize("texts", [["", " ", ""], ["a", "b", ""]])
def test_overviews_with_nothing_in_them_are_not_compared(texts):
    assert near_overviews(films(texts, "avt")) == ()


def test_no_similar_overview_is_missed_by_the_rarest_ngrams():
    """Against all pairs, on texts that differ in some words."""
    random = np.random.default_rng(0)
    words = np.array(" ".join(FILLER).split())
    texts = []
    for stem in [random.choice(words, 25) for _ in range(6)]:
        for n_changed in (0, 1, 1, 2, 2, 3, 3, 4):
            text = stem.copy()
            text[random.choice(25, n_changed, replace=False)] = random.choice(words, n_changed)
            texts.append(" ".join(text))
    dataset = films(texts, "avt" * 16)
    different, of_film = leakage_overviews._texts_of(dataset.films.overviews)
    contents = contents_of(of_film, dataset.split)
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), dtype=np.float32)
    vectors = csr_array(vectorizer.fit_transform(different))
    links = leakage_overviews.similar_rows(vectors, contents)
    found = set(zip(links.first.tolist(), links.second.tolist(), strict=True))
    cosine = (vectors @ vectors.T).toarray()
    first, second = np.nonzero(np.triu(cosine >= leakage_overviews.LEAST_COSINE, k=1))
    crosses = contents.are_in_two_splits(first, second)
    pairs = zip(first[crosses].tolist(), second[crosses].tolist(), strict=True)
    expected = set(pairs)
    assert len(expected) > 5
    assert found == expected


# Posters


def test_near_duplicate_posters_across_splits_are_one_group():
    same = picture(0)
    posters = np.stack([same, picture(1), noisy(same, 2), picture(3), noisy(same, 4)])
    (group,) = near_posters(films((*FILLER, "x"), "aavtt"), posters)
    assert group.films == ("tt00", "tt02", "tt04")
    assert group.splits == ("train", "validation", "test")
    assert leakage_posters.LEAST_CORRELATION <= group.similarity < 1


def test_identical_posters_are_found_also_without_any_contrast():
    grey = np.full((64, 64, 3), 128, np.uint8)
    assert near_posters(films(FILLER, "avta"), np.stack([grey, picture(1), grey, picture(2)])) == (
        Group(("tt00", "tt02"), ("train", "test"), 1.0),
    )


def test_posters_of_one_split_are_not_compared():
    same = picture(0)
    assert near_posters(films(FILLER[:2], "tt"), np.stack([same, noisy(same, 1)])) == ()


def test_another_picture_with_the_same_hash_is_no_near_duplicate():
    ramp = np.linspace(0, 200, 64).astype(np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2)
    other = ramp.copy()
    other[32:, :, 0] += 55
    other[:32, :, 2] //= 4
    posters = np.stack([ramp, other])
    hashes = difference_hashes(posters, np.arange(2))
    assert np.bitwise_count(hashes[0] ^ hashes[1]).sum() <= leakage_posters.MOST_BITS
    assert near_posters(films(FILLER[:2], "at"), posters) == ()


def test_blocks_of_posters_find_what_all_at_once_finds(monkeypatch):
    posters = np.stack([noisy(picture(number % 7), number) for number in range(40)])
    dataset = films(["x"] * 40, "avat" * 10)
    whole = near_posters(dataset, posters)
    monkeypatch.setattr(leakage_posters, "CELLS", 100)
    monkeypatch.setattr(leakage_posters, "POSTERS", 3)
    assert near_posters(dataset, posters) == whole
    assert len(whole) == 7


def test_correlation_is_that_of_numpy():
    posters = np.stack([picture(0), picture(1)])
    small = posters.reshape(2, 32, 2, 32, 2, 3).mean(axis=(2, 4)).reshape(2, -1)
    expected = np.corrcoef(small)[0, 1]
    np.testing.assert_allclose(
        correlations(posters, np.array([0]), np.array([1])), expected, atol=1e-5
    )


# Names


def test_a_rare_name_in_training_and_test_is_found():
    texts = [
        "The detective Sherlock Holmes solves a case.",
        "In this sequel Sherlock Holmes's rival returns, and he leaves the town at night.",
        *FILLER,
    ]
    (shared,) = shared_names(films(texts, "ataaaa"))
    assert (shared.film, shared.split, shared.name) == ("tt01", "test", "Sherlock Holmes")
    assert (shared.training_films, shared.n_films) == (("tt00",), 2)


def test_a_name_in_many_films_or_in_no_training_film_is_not_found():
    texts = [f"Film {number} shows how life in New York was." for number in range(6)]
    assert shared_names(films(texts, "aaaavt")) == ()
    assert len(shared_names(films(texts[:5], "aaavt"))) == 2
    assert shared_names(films(texts[:2], "vt")) == ()


def test_a_sentence_may_begin_with_a_name_and_not_with_an_ordinary_word():
    text = "Old Watson waits for the train. Jack Ryan leaves. He met James, Ben and a man."
    assert names_of(text, {"old"}) == ["Jack Ryan"]
    assert names_of("Life Of The Party", set()) == []
    assert names_of("", set()) == []


# All together, and on disk


@pytest.fixture
def found():
    texts = ["A spoof on the film Top Gun.", *FILLER[:3], "A spoof of the film Top Gun."]
    same = picture(0)
    posters = np.stack([same, *(picture(number) for number in (1, 2, 3)), noisy(same, 4)])
    return find_leakage(films(texts, "aavtt"), posters)


def test_films_that_share_something_with_training_are_flagged(found):
    assert found.flagged("test") == ("tt04",)
    assert found.flagged("validation") == ()
    for kind in leakage.KINDS:
        assert found.flagged("test", [kind]) == ("tt04",)
    assert found.flagged("test", []) == ()


def test_a_group_of_validation_and_test_films_flags_none():
    group = Group(("tt00", "tt01"), ("validation", "test"), 1.0)
    assert Leakage((group,), None, ()).flagged("test") == ()


def test_json_holds_everything(found):
    assert Leakage.from_json(json.loads(json.dumps(found.to_json()))) == found
    without = find_leakage(films(FILLER, "avta"))
    assert without.posters is None
    assert Leakage.from_json(without.to_json()) == without


@pytest.fixture
def dataset(films_folder, tmp_path):
    return open_dataset(films_folder(), Artifacts(tmp_path / "artifacts"))


def test_it_is_computed_once_and_kept_beside_the_dataset(dataset, tmp_path, monkeypatch):
    artifacts = Artifacts(tmp_path / "artifacts")
    assert kept_leakage(dataset, artifacts) is None
    found = leakage_of(dataset, artifacts)
    assert (artifacts.datasets / dataset.fingerprint / LEAKAGE).is_file()
    monkeypatch.setattr(leakage, "find_leakage", None)
    assert leakage_of(dataset, artifacts) == found
    assert store.load_dataset(artifacts, dataset.fingerprint).fingerprint == dataset.fingerprint


@pytest.mark.parametrize(
    "damage",
    [
        lambda value: "no JSON",
        lambda value: [],
        lambda value: {**value, "format": 0},
        lambda value: {**value, "settings": {**value["settings"], "name_most_films": 99}},
        lambda value: {name: part for name, part in value.items() if name != "names"},
        lambda value: {**value, "posters": [{"films": [{"id": "x", "split": "test"}]}]},
        lambda value: {
            **value,
            "posters": [{"films": [{"id": "no film", "split": "test"}], "similarity": 1}],
        },
    ],
    ids=["no JSON", "list", "format", "settings", "part missing", "no similarity", "other films"],
)
def test_a_kept_file_that_does_not_fit_is_made_again(dataset, tmp_path, damage):
    artifacts = Artifacts(tmp_path / "artifacts")
    found = leakage_of(dataset, artifacts)
    path = leakage.leakage_path(dataset, artifacts)
    whole = path.read_text()
    kept = json.loads(whole)
    damaged = damage(kept["value"])
    if isinstance(damaged, str):
        path.write_text(damaged)
    else:
        caches.keep(path, kept["schema"], damaged)
    assert kept_leakage(dataset, artifacts) is None
    assert leakage_of(dataset, artifacts) == found
    assert path.read_text() == whole


def test_without_posters_the_rest_is_found_and_not_kept(dataset, tmp_path, films_folder):
    artifacts = Artifacts(tmp_path / "artifacts")
    for path in (artifacts.posters).iterdir():
        path.unlink()
    dataset.source.rename(dataset.source.with_name("elsewhere"))
    found = leakage_of(dataset, artifacts)
    assert found.posters is None
    assert kept_leakage(dataset, artifacts) is None


def test_inspect_names_the_films(films_folder, tmp_path):
    folder, artifacts = films_folder(), str(Artifacts(tmp_path / "artifacts"))
    poster = folder / "Images" / "tt00.jpg"
    for number in range(24):  # one poster for all films, so that it crosses any split
        (folder / "Images" / f"tt{number:02d}.jpg").write_bytes(poster.read_bytes())
    asked = ["inspect", str(folder), "--artifacts", artifacts]
    report = json.loads(CliRunner().invoke(cli, [*asked, "--json"]).stdout)["leakage"]
    (group,) = report["posters"]
    assert [film["id"] for film in group["films"]] == [f"tt{number:02d}" for number in range(24)]
    assert group["similarity"] == 1
    said = CliRunner().invoke(cli, asked).stdout
    assert "near-duplicate posters in different splits: 1\n    tt00 (" in said
    assert f"{len(report['flagged']['test'])} test" in said


def test_printed_findings_are_capped_and_counted():
    group = Group(("tt00", "tt01"), ("train", "test"), 0.9512)
    lines = tables.leakage(Leakage((group,) * 9, None, ()).to_json(), INPUTS)
    assert lines.count("    tt00 (train), tt01 (test): 0.951") == tables.N_LEAKS
    assert "    and 4 more (all with --json)" in lines
    assert "  near-duplicate posters: not compared, because they cannot be read" in lines
    assert lines[-1].endswith("0 validation, 1 test")
    only_overviews = tables.leakage(Leakage((group,), None, ()).to_json(), ["overview"])
    assert not any("posters" in line for line in only_overviews)


@pytest.mark.real_films
def test_the_leaks_of_the_real_films(real_films, tmp_path):
    split_file = real_films.parent / "split.csv"
    dataset = open_dataset(real_films, Artifacts(tmp_path), split_file=split_file)
    found = leakage_of(dataset, Artifacts(tmp_path))
    (placeholder,) = found.posters
    assert set(placeholder.films) == {"tt0093658", "tt0100100", "tt0095275"}
    assert set(placeholder.splits) == {"train", "validation", "test"}
    stubs = {group.films for group in found.overviews if group.in_split("test")}
    assert stubs == {("tt0107659", "tt1073498"), ("tt1020072", "tt2473602")}
    assert 45 <= len(found.flagged("test", ["names"])) <= 65
    assert "Sherlock Holmes" in {shared.name for shared in found.names}
