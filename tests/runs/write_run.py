"""Writes a run without Marquee, by docs/run-format.md alone."""

import hashlib
import json
from pathlib import Path

import numpy as np


def write_run(artifacts, run_id, films, splits, labels, scores, genres, history=(), **says):
    """Write a finished run; `films` are ids, `says` goes into its config."""
    folder = Path(artifacts) / "runs" / run_id
    folder.mkdir(parents=True)
    train = labels[np.array(splits) == "train"]
    config = {
        "format": 2,
        "label": "Vision transformer",
        "modality": "poster",
        "kind": "pretrained",
        "genres": list(genres),
        "prior": train.mean(axis=0).tolist(),
        "train_support": train.sum(axis=0).tolist(),
        **says,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "film_ids.json").write_text(json.dumps(list(films)))
    (folder / "splits.json").write_text(json.dumps(list(splits)))
    np.save(folder / "scores.npy", scores.astype(np.float32))
    np.save(folder / "labels.npy", labels.astype(np.uint8))
    if history:
        lines = [json.dumps(row) for row in history]
        (folder / "history.jsonl").write_text("\n".join(lines) + "\n")
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    (folder / "marker").write_text(json.dumps({"format": 2, "files": files}))
    (folder / "marker").rename(folder / "run.json")
    return folder
