"""Trains two models as other programs do, knowing nothing of Marquee, and writes their scores.

`python outside_models.py sklearn|jax FILMS SPLIT OUT` reads a folder of films (one CSV file with
`Id`, `Overview` and columns of 0 and 1, posters as `Images/<Id>.jpg`) and a split (`Id,split`), and
writes `OUT/<model>.csv`; JAX, which trains in epochs, also `OUT/jax_history.csv`.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

SIZE = (8, 12)  # pixels of a poster
N_HIDDEN, N_EPOCHS, N_STEPS, RATE, DECAY = 32, 12, 20, 0.01, 1e-4
TRAIN, VALIDATION = "train", "validation"


def read_films(folder):
    """Return the table of the films and the names of its columns of genres."""
    (path,) = folder.glob("*.csv")
    films = pd.read_csv(path, dtype={"Id": str}).drop_duplicates("Id").dropna(subset=["Overview"])
    genres = [name for name in films if films[name].isin([0, 1]).all()]
    return films, genres


def by_words(films, genres, parts, out):
    """TF-IDF of the overviews and a logistic regression for each genre."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    one_genre = LogisticRegression(C=4.0, max_iter=1000)
    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, min_df=2), OneVsRestClassifier(one_genre)
    )
    train = films[parts == TRAIN]
    model.fit(train["Overview"], train[genres].to_numpy())
    return model.predict_proba(films["Overview"])


def by_pixels(folder):
    """A function that trains a small network on downscaled posters with `jax.grad`."""

    def trained(films, genres, parts, out):
        pixels = np.stack([read_poster(folder / "Images" / f"{film}.jpg") for film in films["Id"]])
        known = parts == TRAIN
        pixels = (pixels - pixels[known].mean(axis=0)) / (pixels[known].std(axis=0) + 1e-3)
        scores, history = fit_network(pixels, films[genres].to_numpy(dtype=np.float32), parts)
        pd.DataFrame(history).to_csv(out / "jax_history.csv", index=False)
        return scores

    return trained


def read_poster(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize(SIZE), dtype=np.float32).ravel() / 255


def fit_network(x, y_true, parts):
    import jax
    import jax.numpy as jnp

    def logits(weights, x):
        (first, add), (second, prior) = weights
        return jnp.tanh(x @ first + add) @ second + prior

    def loss(weights, x, y_true):
        z = logits(weights, x)
        return jnp.mean(jnp.logaddexp(0, z) - y_true * z)  # binary cross-entropy of a sigmoid

    def penalised(weights, x, y_true):
        return loss(weights, x, y_true) + DECAY * sum(jnp.sum(one[0] ** 2) for one in weights)

    @jax.jit
    def step(weights, moments, x, y_true):
        slope = jax.grad(penalised)(weights, x, y_true)
        moments = jax.tree.map(lambda old, new: 0.9 * old + new, moments, slope)
        return jax.tree.map(lambda old, new: old - RATE * new, weights, moments), moments

    known, held = parts == TRAIN, parts == VALIDATION
    prior = np.clip(y_true[known].mean(axis=0), 1e-3, 1 - 1e-3)
    random = np.random.default_rng(0)
    first = random.normal(0, x.shape[1] ** -0.5, (x.shape[1], N_HIDDEN)).astype(np.float32)
    second = np.zeros((N_HIDDEN, y_true.shape[1]), np.float32)
    weights = [
        (first, np.zeros(N_HIDDEN, np.float32)),
        (second, np.log(prior / (1 - prior)).astype(np.float32)),
    ]
    moments = jax.tree.map(np.zeros_like, weights)
    history = []
    for epoch in range(N_EPOCHS):
        for _ in range(N_STEPS):
            weights, moments = step(weights, moments, x[known], y_true[known])
        losses = {"loss": known, "val_loss": held}
        values = {name: float(loss(weights, x[at], y_true[at])) for name, at in losses.items()}
        history.append({"epoch": epoch, **values})
    return np.asarray(jax.nn.sigmoid(logits(weights, x))), history


def main(name, folder, split, out):
    films, genres = read_films(folder)
    part_of = pd.read_csv(split, dtype=str).set_index("Id")["split"]
    parts = films["Id"].map(part_of).to_numpy()
    train = {"sklearn": by_words, "jax": by_pixels(folder)}[name]
    scores = pd.DataFrame(train(films, genres, parts, out), columns=genres)
    scores.insert(0, "Id", films["Id"].to_numpy())
    scores.to_csv(out / f"{name}.csv", index=False)


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
