"""Many sessions of the dashboard at once, while a training runs on the same cores.

Each session speaks to the real server over its own WebSocket, as a browser does, and asks for one
page after another.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from benchmarks.speed.figure import Figure
from benchmarks.speed.served import server
from benchmarks.synthetic import EVERY, make_runs
from genre_core.artifacts import Artifacts
from genre_core.data import opening, store
from genre_core.jobs import process
from genre_core.ui.frame import shell

N_SESSIONS, N_RERUNS = 40, 10  # of each session
PATIENCE = 120.0  # seconds for one rerun; longer counts as dropped
LIMIT = 6.0  # seconds, 95th percentile


def run(folder: Path, split_file: Path | None) -> Iterator[Figure]:
    """Yield the lines of the table, measured in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as scratch:
        artifacts = Artifacts(Path(scratch) / "artifacts")
        dataset = opening.open_dataset(folder, artifacts, split_file=split_file)
        make_runs(dataset, artifacts, EVERY)
        store.posters(dataset, artifacts)
        words = ["train", "overview_lstm", "--data", str(folder.resolve()), "--epochs", "500"]
        words += ["--split", str(split_file.resolve())] if split_file else []
        with server(artifacts) as (address, _):
            process.start(artifacts, words)
            try:
                while not _trains(artifacts):
                    time.sleep(0.2)
                with ThreadPoolExecutor(N_SESSIONS) as pool:
                    found = pool.map(_session, [address] * N_SESSIONS, range(N_SESSIONS))
                    seconds = [one for session in found for one in session]
            finally:
                process.cancel(artifacts)
    asked = f"{N_SESSIONS} sessions, {N_RERUNS} pages each, during a training"
    n_lacking = N_SESSIONS * N_RERUNS - len(seconds)
    yield Figure(f"{asked}: dropped", float(n_lacking), "", 0, at_least=False)
    yield Figure(f"{asked}: p95", float(np.percentile(seconds, 95)), "s", LIMIT, at_least=False)


def _trains(artifacts: Artifacts) -> bool:
    job = process.look(artifacts)
    if job is None or not job.is_running:
        raise RuntimeError(f"The training has ended: {process.log_tail(artifacts)}")
    return bool(job.record.get("progress"))


def _session(address: str, number: int) -> list[float]:
    """Return the seconds of each rerun of one session that ended without an exception."""
    pages, seconds = list(shell.HEADS), []
    stream = f"{address.replace('http', 'ws')}/_stcore/stream"
    with connect(
        stream, subprotocols=[Subprotocol("streamlit")], origin=Origin(address), max_size=None
    ) as socket:
        for step in range(N_RERUNS):
            began = time.perf_counter()
            if _is_answered(socket, pages[(number + step) % len(pages)]):
                seconds.append(time.perf_counter() - began)
    return seconds


def _is_answered(socket: ClientConnection, page: str) -> bool:
    message = BackMsg()
    message.rerun_script.query_string = ""
    message.rerun_script.page_name = "" if page == "summary" else page
    socket.send(message.SerializeToString())
    is_whole = True
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            answer = ForwardMsg.FromString(socket.recv(deadline - time.monotonic()))
        except TimeoutError:
            return False
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            is_whole = False
        if kind == "script_finished":
            finished = ForwardMsg.ScriptFinishedStatus
            if answer.script_finished == finished.FINISHED_SUCCESSFULLY:
                return is_whole
    return False
