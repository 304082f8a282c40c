"""Made-up films and runs of the bench are whole: pages open them like any others."""

from benchmarks.synthetic import NETWORKS, make_films, make_runs
from genre_core.artifacts import Artifacts
from genre_core.data.store import load_dataset
from genre_core.runs.folder import list_runs


def test_made_up_films_and_runs_are_whole(tmp_path):
    artifacts = Artifacts(tmp_path / "artifacts")
    made = make_films(300, tmp_path / "films", artifacts)
    make_runs(made, artifacts, NETWORKS)
    dataset = load_dataset(artifacts, made.fingerprint)
    assert dataset.films.ids == made.films.ids
    assert (dataset.source / "Images" / f"{dataset.films.ids[-1]}.jpg").is_file()
    assert [run.state for run in list_runs(artifacts)] == ["finished", "finished"]
    # At the tuned threshold that pages open with, and with the oracle.
    assert len(list((artifacts.comparisons).iterdir())) == 2
