"""The overview network: two bidirectional LSTM layers on the words of the overview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers

from genre_core.data.films import Films
from genre_core.models.network import SCORES, Encoded
from genre_core.models.overview.tokens import UNKNOWN, Vocabulary, pad
from genre_core.models.reports import ReportsConfig, ReportsNetwork


@dataclass(frozen=True)
class OverviewLSTMConfig(ReportsConfig):
    """Settings of the source reports.

    Attributes:
        vocabulary_size: maximum number of token ids, including padding and the unknown word.
        sequence_length: maximum number of words; the longest real overview has 68.
    """

    epochs: int = 20
    vocabulary_size: int = 10_000
    sequence_length: int = 200


class OverviewLSTM(ReportsNetwork):
    """Bidirectional LSTM on overviews, with the layers of the source reports.

    The reports pad every overview to 200 words. Padding is masked and does not change the scores,
    so here a batch is only as long as its longest overview.

    Source: the reports' table of layers; 4,303,129 parameters with 25 genres and 10,000 words.
    """

    Config = OverviewLSTMConfig
    vocabulary: Vocabulary

    def prepare(self, train: Films) -> None:
        """Build the vocabulary from the training overviews."""
        self.vocabulary = Vocabulary.of(train.overviews, size=self.config.vocabulary_size)

    def build(self) -> keras.Model:
        """Return the untrained network: (batch, words) token ids to (batch, n_genres)."""
        tokens = keras.Input((None,), dtype="int32", name="tokens")
        x = layers.Embedding(len(self.vocabulary), 256, mask_zero=True)(tokens)
        x = layers.Bidirectional(
            layers.LSTM(256, dropout=0.5, recurrent_dropout=0.2, return_sequences=True)
        )(x)
        x = layers.Bidirectional(layers.LSTM(128, dropout=0.5, recurrent_dropout=0.2))(x)
        x = layers.Dense(128, activation="relu")(x)
        x = layers.Dropout(0.8)(x)
        scores = layers.Dense(len(self.genres), activation="sigmoid", name="genres")(x)
        return keras.Model(tokens, {SCORES: scores}, name="overview_lstm")

    def encode(self, films: Films) -> Encoded:
        """Return the token ids of each overview, (n_words,) int32 each."""
        length = self.config.sequence_length
        return [self.vocabulary.encode(text, length=length) for text in films.overviews]

    def batch(self, encoded: Any, rows: np.ndarray) -> np.ndarray:
        """Return token ids (batch, longest overview of the batch) int32."""
        return pad([encoded[row] for row in rows])

    def example(self, size: int) -> np.ndarray:
        """Return overviews of unknown words, (size, size) int32."""
        return np.full((size, size), UNKNOWN, dtype=np.int32)

    def scoring_order(self, encoded: Any) -> np.ndarray:
        """Return the order by length, which minimises padding."""
        return np.argsort([len(sequence) for sequence in encoded], kind="stable")

    def preprocessing(self) -> dict[str, Any]:
        """Return the vocabulary in the order of its token ids."""
        return {"vocabulary": self.vocabulary.known}

    def set_preprocessing(self, values: dict[str, Any]) -> None:
        """Restore a saved vocabulary."""
        self.vocabulary = Vocabulary(values["vocabulary"])
