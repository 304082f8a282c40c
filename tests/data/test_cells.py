import csv
import io

import numpy as np
import pandas as pd
import pytest

from genre_core.data.cells import STARTS, csv_of, neutral, restored, scores_csv
from genre_core.data.splits import read_split_file

FORMULA = '=HYPERLINK("http://x.invalid")'


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_begins_as_a_formula_and_all_come_back(start):
    for text in (start, f"{start}1+1", f"'{start}", f"''{start}x"):
        assert not neutral(text).startswith(STARTS)
        assert restored(neutral(text)) == text


@pytest.mark.parametrize("text", ["", "Drama", "'tis", "1-2", "'", "a=b"])
def test_other_cells_are_left_alone(text):
    assert neutral(text) == restored(text) == text


def test_numbers_of_a_table_stay_numbers():
    table = pd.DataFrame({"-x": [-1.5, None], "text": ["-y", None], "mixed": ["=a", -2]})
    assert csv_of(table) == "'-x,text,mixed\n-1.5,'-y,'=a\n,,-2\n"


def test_scores_with_their_split_are_a_split_file(tmp_path):
    text = scores_csv(
        ["=tt1", "tt2"], [FORMULA], np.array([[-0.5], [np.nan]]), split=["train", "test"]
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [["Id", "split", f"'{FORMULA}"], ["'=tt1", "train", "-0.5"], ["tt2", "test", ""]]
    (tmp_path / "split.csv").write_text(text)
    assert read_split_file(tmp_path / "split.csv") == {"=tt1": "train", "tt2": "test"}
