"""No command writes among the films, or over a file that it did not create."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import ablation
from benchmarks.ablation import report
from genre_core.commands.main import cli
from genre_core.commands.options import checked_output
from genre_core.errors import DataError


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["scores.csv", "films.csv", "Images/scores.csv", "new/scores.csv"])
def test_nothing_is_written_among_the_films(films_folder, name):
    folder = films_folder()
    with pytest.raises(DataError, match="lies in the folder of the films"):
        checked_output(folder / name, folder)


def test_a_link_that_leads_among_the_films_is_no_way_in(films_folder, tmp_path):
    folder = films_folder()
    (tmp_path / "link.csv").symlink_to(folder / "films.csv")
    (tmp_path / "elsewhere").symlink_to(folder, target_is_directory=True)
    for path in (tmp_path / "link.csv", tmp_path / "elsewhere" / "scores.csv"):
        with pytest.raises(DataError, match="lies in the folder of the films"):
            checked_output(path, folder)


def test_a_file_is_not_overwritten_and_a_pipe_may_be_written(films_folder, tmp_path):
    folder = films_folder()
    (tmp_path / "notes.csv").write_text("mine")
    with pytest.raises(DataError, match="exists already and is not overwritten"):
        checked_output(tmp_path / "notes.csv", folder)
    os.mkfifo(tmp_path / "pipe")
    checked_output(tmp_path / "pipe", folder)
    checked_output(tmp_path / "scores.csv", folder)


@pytest.mark.parametrize("name", ["", "artifacts", "Images/artifacts"])
def test_artifacts_are_not_kept_among_the_films(films_folder, name):
    folder = films_folder()
    before = contents(folder)
    result = CliRunner().invoke(
        cli, ["inspect", str(folder), "--artifacts", str(folder / name if name else folder)]
    )
    assert result.exit_code == 1
    assert "lies in the folder of the films" in " ".join(result.stderr.split())
    assert "give it with --artifacts" in " ".join(result.stderr.split())
    assert contents(folder) == before


def test_the_page_of_the_ablation_replaces_only_itself(tmp_path):
    path = tmp_path / "results.md"
    ablation.refuse_foreign(path)
    path.write_text(f"{report.TITLE}\n")
    ablation.refuse_foreign(path)
    path.write_text("# My results\n")
    with pytest.raises(DataError, match="was not made by `ablate`"):
        ablation.refuse_foreign(path)
