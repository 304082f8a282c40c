"""Charts are drawn from values: neither disk nor streamlit is in reach."""

import subprocess
import sys


def test_charts_work_without_streamlit():
    script = (
        "import sys, genre_core.charts.curves, genre_core.charts.shares\n"
        "lower = {'streamlit', 'genre_core.runs.folder', 'genre_core.data.store'}\n"
        "print(sorted(lower & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
