"""The dashboard from an installed package, outside the checkout."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny_artifacts import make_dataset, make_run

from genre_core.artifacts import Artifacts
from genre_core.commands import app
from genre_core.commands.main import cli
from genre_core.jobs import process

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the package as `pip install .` would leave it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
    subprocess.run([*pip, str(ROOT)], check=True, capture_output=True, text=True)
    return folder


@pytest.mark.slow
def test_the_dashboard_runs_from_an_installed_package(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    helped = subprocess.run(
        [sys.executable, installed / "bin" / "marquee", "--help"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: marquee" in helped.stdout
    port = free_port()
    app = subprocess.Popen(
        [sys.executable, "-m", "genre_core", "app", "--port", str(port), "--artifacts", "made"],
        cwd=tmp_path,
        env=environment,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            assert time.monotonic() < deadline
            assert app.poll() is None
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health") as answer:
                    assert answer.read() == b"ok"
                    break
            except OSError:
                time.sleep(0.2)
        job = process.look(Artifacts(tmp_path / "made"))
        assert job is not None
        assert job.record["arguments"][:2] == ["train", "all"]
    finally:
        process.cancel(Artifacts(tmp_path / "made"))
        os.killpg(app.pid, 15)
        app.wait(10)


def test_without_posix_locks_it_says_what_is_needed():
    script = "import sys; sys.modules['fcntl'] = None; import genre_core.jobs.lock"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Marquee needs Linux or macOS: it uses POSIX file locks. On Windows, use WSL."
    )


@pytest.mark.parametrize("data", [False, True])
def test_runs_of_own_films_are_shown_and_no_sample_is_trained(tmp_path, monkeypatch, data):
    artifacts = Artifacts(tmp_path / "artifacts")
    make_run(artifacts, make_dataset(tmp_path / "films", artifacts), "prior")
    started = []
    monkeypatch.setattr(app.process, "start", lambda *words: started.append(words))
    monkeypatch.setattr(app.os, "execve", lambda *_: None)
    monkeypatch.setattr(app.os, "chdir", lambda _: None)
    words = ["app", "--artifacts", str(artifacts)]
    words += ["--data", str(tmp_path / "films")] if data else []
    answer = CliRunner().invoke(cli, words)
    assert answer.exit_code == 0, answer.output
    assert bool(started) == data
    assert ("Nothing is trained" in answer.output) != data


def test_a_recipe_that_no_model_has_is_refused_before_anything_starts(tmp_path):
    answer = CliRunner().invoke(cli, ["app", "--recipe", "qick", "--artifacts", str(tmp_path)])
    assert answer.exit_code == 1
    assert "No model has a recipe 'qick'" in answer.output
