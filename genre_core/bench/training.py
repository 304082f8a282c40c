"""Speeds and memory of the networks: ratios and bounds, measured in one run on one machine."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops
from PIL import Image

from genre_core import catalogue
from genre_core.bench.figure import Figure
from genre_core.data import store
from genre_core.data.films import Dataset, Films
from genre_core.data.posters import POSTER_SIZE, decode_all
from genre_core.data.readers import reader_for
from genre_core.models.base import Silent, make_model
from genre_core.models.network import SCORES, Network

PAIRS = 7  # timed pairs of each ratio; the median stands for them
PADDED = 200  # words, to which the reports pad every overview
GIGABYTE = 1e9


def run(folder: Path, split_file: Path | None) -> Iterator[Figure]:
    """Yield the lines of the table, in a scratch folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as scratch:
        artifacts = Path(scratch)
        dataset = store.open_dataset(folder, artifacts, split_file=split_file)
        yield _decoding(dataset, artifacts)
        yield _second_start(folder, split_file, artifacts)
        yield _padding(dataset)
        yield from _posters(dataset, artifacts)
        for name in ("poster_cnn", "overview_lstm"):
            yield _memory(name, folder, split_file, artifacts)


def _decoding(dataset: Dataset, artifacts: Path) -> Figure:
    paths = _poster_paths(dataset, dataset.films)
    with _stopwatch() as seconds:
        decode_all(paths, POSTER_SIZE, artifacts / "decoded.npy")
    return Figure("decoding all posters", len(paths) / seconds(), "posters/s", 500, at_least=True)


def _second_start(folder: Path, split_file: Path | None, artifacts: Path) -> Figure:
    """Measure from the command, its imports done, to the start of the first training step."""

    class FirstStep(Exception):  # noqa: N818
        pass

    def stop(*_: object) -> np.ndarray:
        raise FirstStep

    with _stopwatch() as seconds:
        dataset = store.open_dataset(folder, artifacts, split_file=split_file)
        films = replace(dataset.films, posters=store.posters(dataset, artifacts))
        model = _network("poster_cnn", dataset)
        model.batch = stop  # type: ignore[assignment]
        try:
            train, validation = (films.take(dataset.rows(s)) for s in ("train", "validation"))
            model.fit(train, validation, Silent())
        except FirstStep:
            pass
    return Figure(
        "second start of poster_cnn, films to first step", seconds(), "s", 3, at_least=False
    )


def _padding(dataset: Dataset) -> Figure:
    """Measure a step of the reference LSTM on overviews padded to 200 words and on ours."""
    model = _network("overview_lstm", dataset)
    train = dataset.films.take(dataset.rows("train"))
    labels = _labels(train)
    model.prepare(train)
    model.compile()
    encoded = model.encode(train)

    def step(pair: int, *, padded: bool) -> None:
        rows = _rows(pair, len(train), model.config.batch_size)
        x = np.asarray(model.batch(encoded, rows))
        if padded:
            x = np.pad(x, ((0, 0), (0, PADDED - x.shape[1])))
        model.network.train_on_batch(x, {SCORES: labels[rows]})

    ratio, _ = _ratio(lambda pair: step(pair, padded=True), lambda pair: step(pair, padded=False))
    return Figure("LSTM, a step padded to 200 words / ours", ratio, "x", 3, at_least=True)


def _posters(dataset: Dataset, artifacts: Path) -> Iterator[Figure]:
    """Measure a step of the reference CNN with posters decoded each time, and ours."""
    model = _network("poster_cnn", dataset)
    films = replace(dataset.films, posters=store.posters(dataset, artifacts))
    train = films.take(dataset.rows("train"))
    labels, paths = _labels(train), _poster_paths(dataset, train)
    model.compile()
    encoded = model.encode(train)

    def notebook(pair: int) -> None:
        rows = _rows(pair, len(train), model.config.batch_size)
        x = np.stack([_decoded_as_in_the_notebook(paths[row]) for row in rows])
        model.network.train_on_batch(x, {SCORES: labels[rows]})

    def ours(pair: int) -> None:
        rows = _rows(pair, len(train), model.config.batch_size)
        model.network.train_on_batch(model.batch(encoded, rows), {SCORES: labels[rows]})

    ratio, seconds = _ratio(notebook, ours)
    yield Figure("CNN, an epoch decoding each time / ours", ratio, "x", 1.1, at_least=True)
    rate = _step_flops(model.network, model.config.batch_size) / seconds
    share = 100 * rate / _dense_rate()
    yield Figure("CNN, ours as share of a dense product", share, "%", 50, at_least=True)


def _memory(name: str, folder: Path, split_file: Path | None, artifacts: Path) -> Figure:
    """Measure the largest resident memory of a training process of one epoch."""
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
            raise RuntimeError(f"the training of {name} failed: {error[-500:]}")
    size = peak / GIGABYTE
    return Figure(f"memory of a training process, {name}", size, "GB", 2.5, at_least=False)


def _peak_memory(process: int) -> int:
    """Return the largest resident memory of a process so far in bytes, 0 once it has ended.

    Not the figure that the system hands over at its end: that one counts the memory of the
    process which started it.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return 1024 * int(sizes[0]) if sizes else 0


def _ratio(first: Callable[[int], None], second: Callable[[int], None]) -> tuple[float, float]:
    """Return the median of first / second over pairs run in turn, and the seconds of second."""
    for warm_up in range(3):  # compiles each, for whole and for cut batches
        first(warm_up)
        second(warm_up)
    ratios, seconds = [], []
    for pair in range(PAIRS):
        times = []
        for work in (first, second):
            with _stopwatch() as elapsed:
                work(pair)
            times.append(elapsed())
        ratios.append(times[0] / times[1])
        seconds.append(times[1])
    return statistics.median(ratios), statistics.median(seconds)


def _dense_rate() -> float:
    """Return the float32 operations a second of one dense matrix product."""
    size = 2048
    matrix = ops.convert_to_tensor(np.random.default_rng(0).random((size, size), dtype=np.float32))
    rates = []
    for _ in range(PAIRS + 2):
        with _stopwatch() as seconds:
            ops.convert_to_numpy(ops.matmul(matrix, matrix))
        rates.append(2 * size**3 / seconds())
    return statistics.median(rates[2:])


def _step_flops(network: keras.Model, batch_size: int) -> float:
    """Return the operations of a training step: products of the layers, thrice for gradients."""
    total = 0
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            positions = int(np.prod(layer.output.shape[1:3]))
            total += 2 * positions * int(np.prod(layer.kernel.shape))
        elif isinstance(layer, layers.Dense):
            total += 2 * int(np.prod(layer.kernel.shape))
    return 3.0 * total * batch_size


def _decoded_as_in_the_notebook(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        resized = image.convert("RGB").resize(POSTER_SIZE[::-1])
        return np.asarray(resized, dtype=np.float32) / 255


def _network(name: str, dataset: Dataset) -> Network:
    recipe = catalogue.entry(name).recipe("reference")
    model = make_model(recipe, dataset.genres, seed=0)
    if not isinstance(model, Network):
        raise TypeError(f"{name} is not a network")
    return model


def _labels(films: Films) -> np.ndarray:
    if films.y_true is None:
        raise ValueError("films of a dataset have labels")
    return films.y_true.astype(np.float32)


def _poster_paths(dataset: Dataset, films: Films) -> list[Path]:
    reader = reader_for(dataset.source)
    return [reader.poster(dataset.source, film) for film in films.ids]


def _rows(pair: int, n_films: int, batch_size: int) -> np.ndarray:
    return np.random.default_rng(pair).permutation(n_films)[:batch_size]


@contextmanager
def _stopwatch() -> Iterator[Callable[[], float]]:
    """Yield a function that returns the seconds of the block once it has ended."""
    started = time.perf_counter()
    ended: list[float] = []
    yield lambda: ended[0] - started
    ended.append(time.perf_counter())
