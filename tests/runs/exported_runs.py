"""Finished runs to export: films, labels and scores without a dataset, and a history."""

import numpy as np
from edit_json import edit_json
from write_run import write_run

from genre_core.artifacts import Artifacts
from genre_core.files import sha256
from genre_core.runs.folder import SCORED, find_run

GENRES = ("Action", "=SUM(A1)", "Sci-Fi, 日本")
N_FILMS = 90
SPLITS = ("train",) * 40 + ("validation",) * 10 + ("test",) * 40
HISTORY = (
    {"epoch": 1, "loss": 0.7, "val_loss": 0.1 + 0.2, "learning_rate": 1e-5, "seconds": 1.5},
    {"epoch": 2, "loss": 1 / 3, "val_loss": 0.6, "auc": 0.75},
)


def film_ids():
    return ("=1+1", "007", *(f"tt{number:07d}" for number in range(2, N_FILMS)))


def add_run(
    folder, run_id="vit-1", *, genres=GENRES, splits=SPLITS, history=HISTORY, seed=0, **says
):
    """Write a finished run by docs/run-format.md alone and return it."""
    labels = (np.random.default_rng(1).random((N_FILMS, len(GENRES))) < 0.4).astype(np.uint8)
    noise = np.random.default_rng(seed).random(labels.shape)
    scores = (0.3 * labels + 0.7 * noise).astype(np.float32)
    scores[0, 0] = 1e-9  # few digits would not do
    if says.get("outputs") == "decisions":
        scores = scores.round()
    write_run(folder, run_id, film_ids(), splits, labels, scores, genres, history, **says)
    return find_run(Artifacts(folder), run_id)


def curves_only(folder, run_id="curves-1"):
    """Write a finished run that has a history and no scores."""
    run = add_run(folder, run_id)
    for name in SCORED:
        (run.folder / name).unlink()
    files = {name: sha256(run.folder / name) for name in ("config.json", "history.jsonl")}
    edit_json(run.folder / "run.json", files=files)
    return find_run(run.artifacts, run_id)
