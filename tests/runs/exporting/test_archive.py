"""A run as a ZIP is the same run elsewhere."""

import io
import zipfile

from exported_runs import add_run

from genre_core.artifacts import Artifacts
from genre_core.runs.exporting.archive import zip_files
from genre_core.runs.folder import find_run


def zipped(run):
    ((name, write),) = zip_files(run).items()
    assert name == f"{run.id}.zip"
    content = io.BytesIO()
    write(content)
    return content.getvalue()


def test_unzipped_it_opens_as_the_same_run(tmp_path):
    run = add_run(tmp_path / "here")
    (tmp_path / "run.zip").write_bytes(zipped(run))
    there = Artifacts(tmp_path / "there")
    zipfile.ZipFile(tmp_path / "run.zip").extractall(there.runs)
    other = find_run(there, run.id)
    assert other.state == "finished"
    assert other.config == run.config
    assert other.metrics() == run.metrics()
    assert other.history() == run.history()
    assert {path.name: path.read_bytes() for path in other.folder.iterdir()} == {
        path.name: path.read_bytes() for path in run.folder.iterdir()
    }


def test_the_same_run_becomes_the_same_bytes_without_what_is_not_part_of_it(tmp_path):
    run = add_run(tmp_path)
    first = zipped(run)
    for path in run.folder.iterdir():
        path.touch()
    (run.folder / "thoughts.txt").write_text("mine")
    assert zipped(run) == first
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert names[-1] == "vit-1/run.json"
    assert "vit-1/scores.npy" in names
