"""Exported tables hold exactly what the run holds, in a form that others read."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from exported_runs import GENRES, HISTORY, SPLITS, add_run, curves_only, film_ids

from genre_core.data.cells import restored
from genre_core.errors import RunError
from genre_core.runs.exporting.tables import csv_files, parquet_files

READERS = {
    "csv": lambda file: pd.read_csv(file, dtype={"Id": str}),
    "parquet": pd.read_parquet,
}
FILES = {"csv": csv_files, "parquet": parquet_files}


def tables(run, ending):
    """Read back every table of a run by the middle part of its file's name."""
    found = {}
    for name, write in FILES[ending](run).items():
        content = io.BytesIO()
        write(content)
        start, table, end = name.rsplit(".", 2)
        assert (start, end) == (run.id, ending)
        found[table] = READERS[ending](io.BytesIO(content.getvalue())).rename(columns=restored)
    return found


@pytest.mark.parametrize("ending", FILES)
def test_scores_labels_and_history_are_read_back_as_they_were(tmp_path, ending):
    run = add_run(tmp_path)
    found = tables(run, ending)
    assert list(found) == ["scores", "labels", "history"]
    for name in ("scores", "labels"):
        assert tuple(map(restored, found[name]["Id"])) == film_ids()
    np.testing.assert_array_equal(
        found["scores"][list(GENRES)].to_numpy().astype(np.float32), run.scores()
    )
    assert tuple(found["labels"]["split"]) == SPLITS
    np.testing.assert_array_equal(found["labels"][list(GENRES)], run.films().y_true)
    rows = [
        {name: value for name, value in row.items() if value == value}
        for row in found["history"].to_dict("records")
    ]
    assert rows == list(HISTORY)
    assert list(found["history"]) == [
        "epoch",
        "loss",
        "val_loss",
        "learning_rate",
        "seconds",
        "auc",
    ]


def test_a_spreadsheet_finds_no_formula(tmp_path):
    for name, write in csv_files(add_run(tmp_path)).items():
        content = io.BytesIO()
        write(content)
        assert not re.findall(r"(?m)(?:^|,)=", content.getvalue().decode()), name


def test_a_run_of_curves_has_one_table(tmp_path):
    assert list(csv_files(curves_only(tmp_path))) == ["curves-1.history.csv"]


def test_a_genre_with_the_name_of_another_column_is_refused(tmp_path):
    run = add_run(tmp_path, genres=["Action", "split", "War"])
    with pytest.raises(RunError, match="a genre called 'split'"):
        csv_files(run)
