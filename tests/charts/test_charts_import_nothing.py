"""Charts are drawn from values: neither disk nor streamlit is in reach."""

import pkgutil
import subprocess
import sys

from genre_core import charts


def test_charts_work_without_streamlit():
    modules = sorted(
        f"{charts.__name__}.{module.name}" for module in pkgutil.iter_modules(charts.__path__)
    )
    assert len(modules) > 5
    script = (
        f"import sys, {', '.join(modules)}\n"
        "lower = {'streamlit', 'genre_core.runs.folder', 'genre_core.data.store'}\n"
        "print(sorted(lower & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
