"""The improved overview network: a bidirectional LSTM and a linear path on TF-IDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import scipy.sparse as sp
from keras import layers, ops

from genre_core.data.films import Films
from genre_core.models.improved import BATCH_SIZE, ImprovedConfig, ImprovedNetwork
from genre_core.models.network import Inputs
from genre_core.models.overview.phrases import Phrases
from genre_core.models.overview.tokens import PADDING, UNKNOWN, Vocabulary, pad
from genre_core.models.overview.word_vectors import word_vectors
from genre_core.models.unrolled import OwnLayer

POOL = 16  # batches that are sorted by length together


@dataclass(frozen=True)
class OverviewTwoPathsConfig(ImprovedConfig):
    """Settings, selected on the validation films of the real dataset.

    Attributes:
        word_dropout: share of the words that are replaced by the unknown word during training.
        vocabulary_size: maximum number of token ids, including padding and the unknown word.
        sequence_length: maximum number of words; the longest real overview has 68.
        embedding_size: dimension of the word vectors.
        units: number of LSTM units in each direction.
        embedding_dropout: dropout rate of the dimensions of the word vectors.
    """

    epochs: int = 12
    batch_size: int = BATCH_SIZE
    learning_rate: float = 1.5e-3
    average: float = 0.98
    word_dropout: float = 0.3
    vocabulary_size: int = 9_000
    sequence_length: int = 200
    embedding_size: int = 128
    units: int = 96
    embedding_dropout: float = 0.3
    pooled_dropout: float = 0.75
    strength: float = 2.0
    path_weights: tuple[float, ...] = (0.5, 0.7)


class EncodedOverviews:
    """Token ids and phrase weights of some overviews.

    Attributes:
        tokens: (n_words,) int32 each.
        phrases: (n_films, n_columns) float32.
    """

    def __init__(self, tokens: list[np.ndarray], phrases: sp.csr_array) -> None:
        self.tokens, self.phrases = tokens, phrases
        self.lengths = np.array([len(sequence) for sequence in tokens])

    def __len__(self) -> int:
        """Return the number of overviews."""
        return len(self.tokens)


class OverviewTwoPaths(ImprovedNetwork):
    """LSTM on the words, linear path on words and character n-grams.

    Source: Iyyer et al., "Deep unordered composition", ACL 2015 (word dropout).
    """

    Config = OverviewTwoPathsConfig
    path_names = ("words", "phrases")
    stretch = 24.0
    vocabulary: Vocabulary
    phrases: Phrases
    vectors: np.ndarray | None = None

    def prepare(self, train: Films) -> None:
        """Fit vocabulary, TF-IDF and initial word vectors on the training overviews."""
        self.vocabulary = Vocabulary.of(train.overviews, size=self.config.vocabulary_size)
        self.phrases = Phrases.of(train.overviews)
        size = self.config.embedding_size
        self.vectors = word_vectors(self._tokens(train), len(self.vocabulary), size)

    def build(self) -> keras.Model:
        """Return the untrained network.

        Inputs: (batch, words) token ids, (batch, n_columns) phrase weights. Outputs: (batch,
        n_genres) each.
        """
        tokens = keras.Input((None,), dtype="int32", name="tokens")
        phrases = keras.Input((len(self.phrases),), name="phrase_weights")
        outputs = self.outputs(self._pooled(tokens), phrases)
        return keras.Model([tokens, phrases], outputs, name="overview_two_paths")

    def _pooled(self, tokens: keras.KerasTensor) -> keras.KerasTensor:
        """Return mean and maximum of states and vectors over the words, (batch, features)."""
        start = "uniform" if self.vectors is None else keras.initializers.Constant(self.vectors)
        embedding = layers.Embedding(
            len(self.vocabulary),
            self.config.embedding_size,
            mask_zero=True,
            embeddings_initializer=start,
        )
        vectors = layers.SpatialDropout1D(self.config.embedding_dropout)(embedding(tokens))
        lstm = layers.LSTM(self.config.units, return_sequences=True)
        states = layers.Bidirectional(lstm)(vectors)
        return MaskedPooling()(layers.Concatenate()([states, vectors]))

    def encode(self, films: Films) -> EncodedOverviews:
        """Return token ids and phrase weights of each overview."""
        return EncodedOverviews(self._tokens(films), self.phrases.encode(films.overviews))

    def batch(self, encoded: EncodedOverviews, rows: np.ndarray) -> Inputs:
        """Return (batch, longest overview) token ids and (batch, n_columns) phrase weights."""
        return [pad([encoded.tokens[row] for row in rows]), encoded.phrases[rows].toarray()]

    def training_batch(
        self, encoded: EncodedOverviews, rows: np.ndarray, random: np.random.Generator
    ) -> Inputs:
        """Return a batch with word dropout."""
        tokens, phrases = self.batch(encoded, rows)
        is_dropped = random.random(tokens.shape) < self.config.word_dropout
        return [np.where(is_dropped & (tokens != PADDING), UNKNOWN, tokens), phrases]

    def training_batches(
        self, encoded: EncodedOverviews, order: np.ndarray, random: np.random.Generator
    ) -> list[np.ndarray]:
        """Return batches of overviews of similar length, in random order."""
        size = self.config.batch_size
        batches = []
        for start in range(0, len(order), POOL * size):
            pool = order[start : start + POOL * size]
            pool = pool[np.argsort(encoded.lengths[pool], kind="stable")]
            batches += [pool[place : place + size] for place in range(0, len(pool), size)]
        return [batches[place] for place in random.permutation(len(batches))]

    def scoring_order(self, encoded: EncodedOverviews) -> np.ndarray:  # type: ignore[override]
        """Return the order by length, which minimises padding."""
        return np.argsort(encoded.lengths, kind="stable")

    def example(self, size: int) -> Inputs:
        """Return overviews of unknown words, (size, size) int32, without phrases."""
        phrases = np.zeros((size, len(self.phrases)), dtype=np.float32)
        return [np.full((size, size), UNKNOWN, dtype=np.int32), phrases]

    def preprocessing(self) -> dict[str, Any]:
        """Return vocabulary and phrases."""
        return {"vocabulary": self.vocabulary.known, "phrases": self.phrases.as_dict()}

    def set_preprocessing(self, values: dict[str, Any]) -> None:
        """Restore saved vocabulary and phrases."""
        self.vocabulary = Vocabulary(values["vocabulary"])
        self.phrases = Phrases.from_dict(values["phrases"])

    def _tokens(self, films: Films) -> list[np.ndarray]:
        length = self.config.sequence_length
        return [self.vocabulary.encode(text, length=length) for text in films.overviews]


class MaskedPooling(OwnLayer):
    """Mean and maximum over the unmasked words, (batch, words, n) to (batch, 2 n)."""

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.supports_masking = True

    def call(self, states: Any, mask: Any = None) -> Any:
        """Return the pooled states; zeros for an overview without a word."""
        is_there = ops.expand_dims(ops.cast(mask, states.dtype), -1)
        count = ops.maximum(ops.sum(is_there, axis=1), 1.0)
        mean = ops.sum(states * is_there, axis=1) / count
        # States lie in [-1, 1] and vectors near them: -9 is below all of them.
        highest = ops.max(ops.where(is_there > 0, states, -9.0), axis=1)
        return ops.concatenate([mean, ops.where(highest > -9.0, highest, 0.0)], axis=-1)

    def unrolled(self, states: Any) -> Any:
        """Return the same, with the mask as an input like any other."""
        return self.call(states, states._keras_mask)  # Keras has no public name for it

    def compute_mask(self, states: Any, mask: Any = None) -> None:
        """Return None: after pooling there are no words."""
        del states, mask
