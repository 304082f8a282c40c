"""What the improved networks are made of, each alone."""

import keras
import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from genre_core.catalogue import entry
from genre_core.data.films import Films
from genre_core.errors import TrainingError
from genre_core.evaluation.formulas import bce
from genre_core.models.base import NullMonitor, make_model
from genre_core.models.overview.phrases import Phrases
from genre_core.models.overview.terms import dense
from genre_core.models.overview.word_vectors import word_vectors
from genre_core.models.poster import patches
from genre_core.models.poster.augmentation import augmented
from genre_core.models.poster.patches import Patches

TEXTS = ("a vampire in town", "vampires of the town", "the vampiric night", "a night in the town")


def test_words_near_the_same_words_have_near_vectors():
    random = np.random.default_rng(0)
    # Words 2 and 3 stand beside 4 and 5, word 6 beside 7 and 8.
    pairs = {2: (4, 5), 3: (4, 5), 6: (7, 8)}
    drawn = random.choice([2, 3, 6], 300)
    sequences = [np.array([word, *pairs[word]]) for word in drawn]
    vectors = word_vectors(sequences, 9, 4)
    assert vectors.shape == (9, 4)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors[2] - vectors[3]) < 0.5 * np.linalg.norm(vectors[2] - vectors[6])
    np.testing.assert_array_equal(vectors, word_vectors(sequences, 9, 4))


def test_word_vectors_without_words_are_zeros():
    assert not word_vectors([np.array([], dtype=np.int32)], 5, 8).any()


def test_phrases_come_back_from_plain_data_and_see_parts_of_words():
    phrases = Phrases.of(TEXTS)
    weights = phrases.encode(["vampirism"]).toarray()
    assert weights.shape == (1, len(phrases))
    assert weights.any()
    again = Phrases.from_dict(phrases.as_dict())
    np.testing.assert_array_equal(again.encode(TEXTS).toarray(), phrases.encode(TEXTS).toarray())


def test_phrase_weights_are_those_of_scikit_learn_to_the_last_bit():
    texts = (*TEXTS, "", "A a Été spy, spy-spy  x\u00a0yz")
    options = {
        "words": {"min_df": 2},
        "letters": {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 3},
    }
    vectorizers = [
        TfidfVectorizer(sublinear_tf=True, **some).fit(texts) for some in options.values()
    ]
    phrases = Phrases.of(texts)
    names = [vectorizer.get_feature_names_out().tolist() for vectorizer in vectorizers]
    assert [terms.known for terms in phrases.kinds] == names
    expected = np.hstack([vectorizer.transform(texts).toarray() for vectorizer in vectorizers])
    np.testing.assert_array_equal(phrases.encode(texts).toarray(), expected.astype(np.float32))
    np.testing.assert_array_equal(dense(phrases.kinds, texts), expected.astype(np.float32))


def test_overviews_without_a_common_word_are_refused():
    with pytest.raises(TrainingError, match="no words in common"):
        Phrases.of(["one", "two"])


def test_patches_tell_stripes_across_from_upright_ones(monkeypatch):
    monkeypatch.setattr(patches, "N_PATCHES", 8)  # as many as there are kinds of them here
    random = np.random.default_rng(0)
    stripes = np.zeros((6, 24, 16, 3), dtype=np.uint8)
    stripes[:3, ::4] = stripes[:3, 1::4] = 240  # across
    stripes[3:, :, ::4] = stripes[3:, :, 1::4] = 240  # upright
    stripes += random.integers(0, 20, stripes.shape, dtype=np.uint8) // 2
    encoded = Patches.of(stripes).encode(stripes)
    assert encoded.shape[0] == 6
    within = np.linalg.norm(encoded[0] - encoded[1])
    across = np.linalg.norm(encoded[0] - encoded[4])
    assert within < 0.5 * across


@pytest.mark.parametrize("how", ["shift", "shift_flip", "shift_flip_colour"])
def test_augmented_posters_are_posters(how):
    posters = np.random.default_rng(0).random((8, 96, 64, 3), dtype=np.float32)
    varied = augmented(posters, how, np.random.default_rng(1))
    assert varied.shape == posters.shape
    assert varied.dtype == np.float32
    assert varied.min() >= 0
    assert varied.max() <= 1
    assert not np.array_equal(varied, posters)
    np.testing.assert_array_equal(varied, augmented(posters, how, np.random.default_rng(1)))


def test_no_augmentation_leaves_posters_as_they_are():
    posters = np.ones((2, 96, 64, 3), dtype=np.float32)
    assert augmented(posters, "none", np.random.default_rng(0)) is posters


def test_a_larger_batch_makes_longer_steps_and_a_shorter_average():
    """The rate grows with the root of the batch; the average looks back over as many films."""
    small, large = (
        make_model(
            entry("overview_lstm").recipe("improved"), ("A", "B"), {"batch_size": size}, seed=0
        )
        for size in (64, 256)
    )
    for epoch in (1, 5, 12):
        assert large.learning_rate(epoch) == pytest.approx(2 * small.learning_rate(epoch))
    assert large.optimizer().ema_momentum == pytest.approx(small.optimizer().ema_momentum ** 4)


@pytest.mark.training
def test_mixed_precision_changes_how_the_cnn_computes_and_not_what_it_answers():
    posters = np.random.default_rng(0).integers(0, 256, (6, 96, 64, 3), dtype=np.uint8)
    weights, scores, losses = None, [], []
    for precision in ("float32", "mixed_bfloat16"):
        model = make_model(
            entry("poster_cnn").recipe("improved"), ("A", "B"), {"precision": precision}, seed=0
        )
        model.mean = np.zeros(3, dtype=np.float32)  # as many statistics, none of them seen
        keras.utils.set_random_seed(0)  # of the dropout
        model.compile()
        weights = weights or model.network.get_weights()
        model.network.set_weights(weights)
        x = [posters.astype(np.float32) / np.float32(255), np.zeros((6, 3), dtype=np.float32)]
        scores.append(model.score_batch(x))
        labels = np.eye(2, dtype=np.float32)[[0, 1] * 3]
        losses.append(
            model.network.train_on_batch(x, dict.fromkeys(("scores", *model.heads), labels))
        )
        kinds = {layer.compute_dtype for layer in model.network.layers}
        assert (kinds == {"float32"}) == (precision == "float32")
    assert scores[1].dtype == np.float32
    np.testing.assert_allclose(scores[0], scores[1], atol=0.02)
    assert not np.array_equal(*scores)
    assert losses[1][0] == pytest.approx(losses[0][0], rel=0.05)
    assert keras.config.dtype_policy().name == "float32"


def fusion_films(n_films: int, seed: int) -> Films:
    """Films whose first parent tells the truth half the way, and whose second guesses."""
    random = np.random.default_rng(seed)
    y_true = (random.random((n_films, 3)) < 0.3).astype(np.uint8)
    knows = np.clip(0.3 + 0.3 * (y_true - 0.3) + 0.1 * random.normal(size=y_true.shape), 0.01, 0.99)
    guesses = random.uniform(0.1, 0.9, y_true.shape)
    scores = (knows.astype(np.float32), guesses.astype(np.float32))
    ids = tuple(map(str, range(n_films)))
    return Films(ids, ids, ("A", "B", "C"), y_true, parent_scores=scores)


def test_fusion_trusts_the_parent_that_knows_and_beats_it():
    validation, test = fusion_films(200, 0), fusion_films(200, 1)
    model = make_model(entry("fusion").recipe("default"), validation.genres, seed=0)
    model.fit(validation, validation, NullMonitor())
    assert (model.weights[0] > 5 * np.abs(model.weights[1])).all()
    assert bce(test.y_true, model.predict_scores(test)) < bce(test.y_true, test.parent_scores[0])


def test_scores_of_the_validation_films_are_cross_fitted():
    validation = fusion_films(60, 0)
    model = make_model(entry("fusion").recipe("default"), validation.genres, seed=0)
    model.fit(validation, validation, NullMonitor())
    held_out = model.held_out_scores(validation)
    fitted = model.predict_scores(validation)
    assert not np.array_equal(held_out, fitted)
    assert bce(validation.y_true, fitted) < bce(validation.y_true, held_out)
