"""A tiny artifacts folder, made in a second and without keras: 24 films, 4 genres, made-up runs."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from benchmarks import synthetic
from genre_core.artifacts import Artifacts
from genre_core.data import opening
from genre_core.data.films import Dataset
from genre_core.runs.writer import RunWriter

GENRES = ("Action", "Comedy", "Drama", "News")
N_FILMS = 24
NASTY = "<b>bold</b> *M*A*S*H* costs $5 and $6 [link](http://x.invalid) :red[red] `code`"
SPLIT_OF = ("train",) * 14 + ("validation",) * 5 + ("test",) * 5
NETWORKS = {"poster_cnn": 3, "overview_lstm": 2}
MODELS_OF = {  # of films with one input alone
    "poster": ("prior", "poster_features", "poster_cnn"),
    "overview": ("prior", "overview_tfidf", "overview_lstm"),
}


def film_id(number: int) -> str:
    return f"tt{number:07d}"


def make_films(folder: Path, genres: Sequence[str] = GENRES, overview: str = NASTY) -> Path:
    """Write a table, posters of 24 x 48 pixels and a split; return the file of the split."""
    (folder / "Images").mkdir(parents=True)
    with (folder / "films.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Id", "Genre", *genres, "Overview"])
        for number in range(N_FILMS):
            labels = [int(number % 2 == 0), int(number % 3 == 0), int(number % 4 != 1), 0]
            about = overview if number == N_FILMS - 1 else f"Film number {number} is about a dog."
            table.writerow([film_id(number), "", *labels, about])
            draw_poster(folder / "Images" / f"{film_id(number)}.jpg", number)
    split = folder.parent / "split.csv"
    lines = [f"{film_id(number)},{SPLIT_OF[number]}" for number in range(N_FILMS)]
    split.write_text("\n".join(["Id,split", *lines]) + "\n")
    return split


def draw_poster(path: Path, number: int) -> None:
    image = Image.new("RGB", (24, 48), (200, 10 * number, 90))
    ImageDraw.Draw(image).ellipse((2, 10, 21, 38), fill=(20, 20, 10 * number))
    image.save(path)


def make_dataset(folder: Path, artifacts: Artifacts, **films: Any) -> Dataset:
    return opening.open_dataset(folder, artifacts, split_file=make_films(folder, **films))


def _write_one_input(folder: Path, kind: str) -> Path:
    folder.mkdir()
    header = ["Id", "Title", "Genre", "split", *(["Overview"] if kind == "overview" else [])]
    with (folder / "films.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(header)
        for number in range(N_FILMS):
            odd = [name for name, every in (("Action", 2), ("Comedy", 3)) if number % every == 0]
            overview = [f"Film number {number} is about a dog."] if kind == "overview" else []
            title = f"The *Dog* {number} ({1990 + number})"
            genres = "|".join([*odd, "Drama"])
            table.writerow([film_id(number), title, genres, SPLIT_OF[number], *overview])
            if kind == "poster":
                draw_poster(folder / f"{film_id(number)}.jpg", number)
    return folder


def make_one_input(folder: Path, artifacts: Artifacts, kind: str) -> Dataset:
    """Write films with titles and with posters or overviews alone, and runs of them."""
    dataset = opening.open_dataset(_write_one_input(folder, kind), artifacts)
    for model in MODELS_OF[kind]:
        make_run(artifacts, dataset, model)
    return dataset


def start_run(artifacts: Artifacts, dataset: Dataset, model: str, /, **config: object) -> RunWriter:
    """Begin a run by the recipe of the reports, where it has one."""
    known = {"recipe": "reference", "epochs": NETWORKS[model]} if model in NETWORKS else {}
    return synthetic.start_run(artifacts, dataset, model, **{**known, **config})


def make_run(artifacts: Artifacts, dataset: Dataset, model: str) -> Path:
    """Write a finished run with made-up scores; return its folder."""
    history = history_of(NETWORKS.get(model, 0))
    writer = start_run(artifacts, dataset, model, history=history)
    synthetic.finish_run(writer, dataset, scores_of(dataset, model), history)
    return writer.folder


def history_of(n_epochs: int) -> list[dict]:
    return [
        {
            "epoch": epoch,
            "loss": 0.7 - 0.1 * epoch,
            "precision": 0.3 + 0.1 * epoch,
            "recall": 0.1 + 0.1 * epoch,
            "val_loss": 0.6 - 0.05 * min(epoch, 2) + 0.1 * max(epoch - 2, 0),
            "val_precision": 0.3 + 0.05 * epoch,
            "val_recall": 0.1 + 0.05 * epoch,
            "learning_rate": 1e-3,
        }
        for epoch in range(1, n_epochs + 1)
    ]


def scores_of(dataset: Dataset, model: str) -> np.ndarray:
    if model == "prior":
        return np.tile(dataset.prior, (len(dataset.films), 1)).astype(np.float32)
    noise = np.random.default_rng(len(model)).uniform(size=dataset.labels.shape)
    return (0.1 + 0.4 * dataset.labels + 0.4 * noise).astype(np.float32)
