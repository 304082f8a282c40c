"""Speed and memory of the networks, mostly as ratios measured on the same machine."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.speed import measuring
from benchmarks.speed.figure import Figure
from benchmarks.speed.stopwatch import stopwatch
from genre_core.artifacts import Artifacts
from genre_core.data import opening, store
from genre_core.data.films import Dataset
from genre_core.data.posters import POSTER_SIZE, decode_all
from genre_core.models.base import NullMonitor
from genre_core.models.network import SCORES, Network

PADDED = 200  # words, to which the reports pad every overview
GIGABYTE = 1e9


def run(folder: Path, split_file: Path | None) -> Iterator[Figure]:
    """Yield the lines of the table, measured in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as scratch:
        artifacts = Artifacts(Path(scratch))
        dataset = opening.open_dataset(folder, artifacts, split_file=split_file)
        yield _decoding(dataset, artifacts)
        yield _second_start(folder, split_file, artifacts)
        yield _padding(dataset)
        yield from _posters(dataset, artifacts)
        for name in ("poster_cnn", "overview_lstm"):
            yield _memory(name, folder, split_file, artifacts)
            yield _share_of_dense(name, dataset, artifacts)
        yield _epoch_of_the_notebook(dataset)


def _decoding(dataset: Dataset, artifacts: Artifacts) -> Figure:
    paths = [dataset.poster_file(row) for row in range(len(dataset.films))]
    with stopwatch() as seconds:
        decode_all(paths, POSTER_SIZE, artifacts.root / "decoded.npy")
    return Figure("decoding all posters", len(paths) / seconds(), "posters/s", 500, at_least=True)


def _second_start(folder: Path, split_file: Path | None, artifacts: Artifacts) -> Figure:
    """Measure from the command, its imports done, to the start of the first training step."""

    class FirstStep(Exception):  # noqa: N818
        pass

    def stop(*_: object) -> np.ndarray:
        raise FirstStep

    with stopwatch() as seconds:
        dataset = opening.open_dataset(folder, artifacts, split_file=split_file)
        films = replace(dataset.films, posters=store.posters(dataset, artifacts))
        model = measuring.network("poster_cnn", "reference", dataset)
        model.batch = stop  # type: ignore[assignment]
        try:
            train, validation = (films.take(dataset.rows(s)) for s in ("train", "validation"))
            model.fit(train, validation, NullMonitor())
        except FirstStep:
            pass
    return Figure(
        "second start of poster_cnn, films to first step", seconds(), "s", 3, at_least=False
    )


def _padding(dataset: Dataset) -> Figure:
    """Measure a step of the reference LSTM on overviews padded to 200 words and per batch."""
    step = _reference_step(dataset)
    ratio, _ = measuring.ratio(partial(step, padded=True), partial(step, padded=False))
    return Figure("LSTM, a step padded to 200 words / ours", ratio, "x", 3, at_least=True)


def _reference_step(dataset: Dataset) -> Callable[..., None]:
    """Return a function that trains the reference LSTM on a batch by number, padded or not."""
    model = measuring.network("overview_lstm", "reference", dataset)
    train = dataset.films.take(dataset.rows("train"))
    labels = measuring.labels(train)
    model.prepare(train)
    model.compile()
    encoded = model.encode(train)

    def step(pair: int, *, padded: bool) -> None:
        rows = measuring.rows(pair, len(train), model.config.batch_size)
        x = np.asarray(model.batch(encoded, rows))
        if padded:
            x = np.pad(x, ((0, 0), (0, PADDED - x.shape[1])))
        model.network.train_on_batch(x, {SCORES: labels[rows]})

    return step


def _posters(dataset: Dataset, artifacts: Artifacts) -> Iterator[Figure]:
    """Measure a step of the reference CNN with posters decoded each time and from the cache."""
    model = measuring.network("poster_cnn", "reference", dataset)
    films = replace(dataset.films, posters=store.posters(dataset, artifacts))
    train = films.take(dataset.rows("train"))
    labels, paths = (
        measuring.labels(train),
        [dataset.poster_file(row).path for row in dataset.rows("train")],
    )
    model.compile()
    encoded = model.encode(train)

    def notebook(pair: int) -> None:
        rows = measuring.rows(pair, len(train), model.config.batch_size)
        x = np.stack([_decoded_as_in_the_notebook(paths[row]) for row in rows])
        model.network.train_on_batch(x, {SCORES: labels[rows]})

    def ours(pair: int) -> None:
        rows = measuring.rows(pair, len(train), model.config.batch_size)
        model.network.train_on_batch(model.batch(encoded, rows), {SCORES: labels[rows]})

    ratio, seconds = measuring.ratio(notebook, ours)
    yield Figure("CNN, an epoch decoding each time / ours", ratio, "x", 1.1, at_least=True)
    rate = measuring.step_flops(model.network, model.config.batch_size) / seconds
    share = 100 * rate / measuring.dense_rate()
    yield Figure("CNN, ours as share of a dense product", share, "%", 50, at_least=True)


def _share_of_dense(name: str, dataset: Dataset, artifacts: Artifacts) -> Figure:
    """Measure the throughput of a training step of `improved`, relative to a dense product."""
    step, model = _improved_step(name, dataset, artifacts)
    _, seconds = measuring.ratio(step, step)
    n_words = float(np.mean([len(text.split()) for text in dataset.films.overviews]))
    rate = measuring.step_flops(model.network, model.config.batch_size, n_words) / seconds
    share = 100 * rate / measuring.dense_rate()
    return Figure(f"{name} improved, share of a dense product", share, "%", None, at_least=True)


def _epoch_of_the_notebook(dataset: Dataset) -> Figure:
    """Measure an epoch of the public notebook's overview network and of `improved`."""
    step, _ = _improved_step("overview_lstm", dataset, None)
    ratio, _ = measuring.ratio(partial(_reference_step(dataset), padded=True), step)
    # Both have batches of 64, so that an epoch has as many steps.
    name = "overview network, an epoch of the notebook / improved"
    return Figure(name, ratio, "x", 40, at_least=True)


def _improved_step(
    name: str, dataset: Dataset, artifacts: Artifacts | None
) -> tuple[Callable[[int], None], Network]:
    """Return a function that trains `improved` on a batch by number, and the network."""
    model = measuring.network(name, "improved", dataset)
    films = dataset.films
    if model.poster_size and artifacts:
        films = replace(films, posters=store.posters(dataset, artifacts, model.poster_size))
    train = films.take(dataset.rows("train"))
    model.train_labels = measuring.labels(train)
    model.prepare(train)
    model.compile()
    encoded, y_true = model.encode(train), measuring.labels(train)

    def step(pair: int) -> None:
        random = np.random.default_rng(pair)
        rows = model.training_batches(encoded, random.permutation(len(train)), random)[0]
        x = model.training_batch(encoded, rows, random)
        outputs = (SCORES, *model.heads)
        model.network.train_on_batch(x, dict.fromkeys(outputs, y_true[rows]))

    return step, model


def _memory(name: str, folder: Path, split_file: Path | None, artifacts: Artifacts) -> Figure:
    """Measure the peak resident memory of a training process of one epoch."""
    command = [sys.executable, "-m", "genre_core", "train", name, "--data", str(folder)]
    command += ["--epochs", "1", "--artifacts", str(artifacts)]
    command += ["--split", str(split_file)] if split_file else []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, _peak_memory(process.pid))
            time.sleep(0.1)
        if process.returncode:
            error = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"The training of {name} failed: {error[-500:]}")
    size = peak / GIGABYTE
    return Figure(f"memory of a training process, {name}", size, "GB", 2.5, at_least=False)


def _peak_memory(process: int) -> int:
    """Return the peak resident memory of a process in bytes, 0 once it has ended.

    The value of `getrusage` would include the memory of the parent process before exec.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return 1024 * int(sizes[0]) if sizes else 0


def _decoded_as_in_the_notebook(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        resized = image.convert("RGB").resize(POSTER_SIZE[::-1])
        return np.asarray(resized, dtype=np.float32) / 255
