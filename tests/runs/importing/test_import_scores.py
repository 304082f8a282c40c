"""Scores from elsewhere: aligned by id and genre, or refused with examples and a way out."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from genre_core.commands.main import cli
from genre_core.runs.folder import find_run
from genre_core.runs.importing.scores import read_scores


@pytest.fixture
def table(dataset):
    """Scores of all films, rows and columns in another order."""
    random = np.random.default_rng(0)
    scores = random.random(dataset.labels.shape).round(4)
    frame = pd.DataFrame(scores, columns=list(dataset.genres))
    frame.insert(0, "Id", dataset.films.ids)
    return frame.sample(frac=1, random_state=1)[["Id", *dataset.genres[::-1]]]


def call(artifacts, path, *words):
    words = ["import", path, "--artifacts", artifacts, *words]
    return CliRunner().invoke(cli, [str(word) for word in words])


def imported(artifacts, answer):
    (one,) = json.loads(answer.stdout)["runs"]
    return find_run(artifacts, one["run"])


def test_scores_are_aligned_by_id_and_genre(tmp_path, artifacts, dataset, table):
    renamed = table.rename(columns={dataset.genres[0]: f" {dataset.genres[0].upper()} "})
    renamed.assign(Split="test").to_csv(tmp_path / "scores.csv", index=False)
    answer = call(artifacts, tmp_path / "scores.csv", "--name", "Mine", "--json")
    assert answer.exit_code == 0, answer.output
    (made,) = json.loads(answer.stdout)["runs"]
    assert made["films"] == {"train": 14, "validation": 5, "test": 5}
    run = find_run(artifacts, made["run"])
    wanted = table.set_index("Id").loc[list(dataset.films.ids), list(dataset.genres)]
    assert np.array_equal(run.scores(), wanted.to_numpy(dtype=np.float32))
    assert (run.label, run.kind, run.is_decided) == ("Mine", "imported", False)
    assert run.metrics()["splits"]["test"]["metrics"]["map"] is not None


def test_other_formats_logits_decisions_and_a_history(tmp_path, artifacts, dataset, table):
    genres = list(dataset.genres)
    table.to_parquet(tmp_path / "a.parquet")
    np.savez(
        tmp_path / "b.npz", ids=table["Id"].to_numpy(dtype=str), genres=genres, scores=table[genres]
    )
    history = tmp_path / "h.csv"
    history.write_text("epoch,loss,val_loss\n0,0.5,0.6\n")
    made = []
    for name, words in (("a.parquet", ["--history", history]), ("b.npz", [])):
        answer = call(artifacts, tmp_path / name, "--json", *words)
        assert answer.exit_code == 0, answer.output
        made.append(imported(artifacts, answer))
    assert np.array_equal(made[0].scores(), made[1].scores())
    assert made[0].history() == [{"epoch": 1, "loss": 0.5, "val_loss": 0.6}]
    (table.set_index("Id") * 8 - 4).to_csv(tmp_path / "c.csv")
    answer = call(artifacts, tmp_path / "c.csv", "--logits", "--json")
    scores = imported(artifacts, answer).scores()
    assert scores == pytest.approx(1 / (1 + np.exp(4 - 8 * made[0].scores())), abs=1e-6)
    (table.set_index("Id") > 0.5).astype(int).to_csv(tmp_path / "d.csv")
    answer = call(artifacts, tmp_path / "d.csv", "--json")
    assert imported(artifacts, answer).is_decided


def test_semicolons_and_what_exports_keep_from_spreadsheets_are_read(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text('"Id";"\'=Drama"\n"\'-007";0.5\nNA;1\n')
    found = read_scores(path)
    assert (found.ids.tolist(), found.genres) == (["-007", "NA"], ("=Drama",))
    assert found.values.tolist() == [[0.5], [1.0]]


def test_logits_are_no_decisions_even_where_they_round_to_0_and_1(tmp_path, artifacts, table):
    ((table.set_index("Id") > 0.5) * 2e5 - 1e5).to_csv(tmp_path / "scores.csv")
    answer = call(artifacts, tmp_path / "scores.csv", "--logits", "--json")
    assert not imported(artifacts, answer).is_decided


def test_some_test_films_may_be_missing_if_that_is_said(tmp_path, artifacts, dataset, table):
    lacking = dataset.films.ids[int(dataset.rows("test")[0])]
    table[table["Id"] != lacking].to_csv(tmp_path / "scores.csv", index=False)
    answer = call(artifacts, tmp_path / "scores.csv")
    assert f"no scores for 1 of 5 test films: {lacking}" in answer.output.replace("\n", " ")
    assert answer.exit_code == 1
    answer = call(artifacts, tmp_path / "scores.csv", "--partial", "--json")
    assert json.loads(answer.stdout)["runs"][0]["films"]["test"] == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop(columns=["Drama"]), "missing genres: Drama"),
        (lambda t: t.rename(columns={"Drama": "Dramma"}), "unknown columns: Dramma"),
        (lambda t: pd.concat([t, t.head(1)]), "repeats ids (1)"),
        (lambda t: t.assign(Id=["tt9", *t["Id"][1:]]), "ids (1) that are no films of"),
        (lambda t: t.assign(Drama=[np.nan, *t["Drama"][1:]]), "lacks numbers for some films (1)"),
        (lambda t: t.assign(Drama=[-3.0, *t["Drama"][1:]]), "add --logits"),
        (lambda t: t.assign(Id=["", *t["Id"][1:]]), "lacks the id of some rows (1)"),
        (lambda t: t.assign(Drama="x"), "columns without numbers: Drama"),
        (lambda t: t.assign(drama=0.5), "two columns of one name"),
    ],
)
def test_scores_that_do_not_fit_are_refused(tmp_path, artifacts, table, change, words):
    change(table).to_csv(tmp_path / "scores.csv", index=False)
    answer = call(artifacts, tmp_path / "scores.csv")
    assert answer.exit_code == 1
    assert words in " ".join(answer.output.split())
    assert not list(artifacts.runs.glob("*"))


def test_scores_need_films(tmp_path, table):
    table.to_csv(tmp_path / "scores.csv", index=False)
    answer = call(tmp_path / "empty", tmp_path / "scores.csv")
    assert "Name them with --data" in " ".join(answer.output.split())


def test_arrays_need_ids_or_that_they_are_in_order(tmp_path, artifacts, dataset, table):
    path, ids = tmp_path / "scores.npy", tmp_path / "ids.txt"
    np.save(path, table[list(dataset.genres)].to_numpy())
    ids.write_text("\n".join(table["Id"]) + "\n")
    refused = [call(artifacts, path), call(artifacts, path, "--ids", ids)]
    assert "columns without names" in " ".join(refused[0].output.split())
    assert "or pass --in-order" in " ".join(refused[1].output.split())
    by_id = imported(artifacts, call(artifacts, path, "--ids", ids, "--in-order", "--json"))
    in_order = table.set_index("Id").loc[list(dataset.films.ids), list(dataset.genres)]
    assert np.array_equal(by_id.scores(), in_order.to_numpy(dtype=np.float32))
    for name, rows in (("all.npy", slice(None)), ("test.npy", dataset.rows("test"))):
        np.save(tmp_path / name, in_order.to_numpy()[rows])
        run = imported(artifacts, call(artifacts, tmp_path / name, "--in-order", "--json"))
        assert np.array_equal(run.scores(), by_id.scores()[rows])
    np.save(path, in_order.to_numpy()[:7])
    answer = call(artifacts, path, "--in-order")
    assert "has 7 rows. With --in-order, expected 24 or 5" in " ".join(answer.output.split())
    answer = call(artifacts, path, "--ids", ids, "--in-order")
    assert "has 7 rows, and" in " ".join(answer.output.split())


def test_a_table_without_ids_is_scores_only_if_that_is_said(tmp_path, artifacts, dataset, table):
    path = tmp_path / "scores.csv"
    table.set_index("Id").loc[list(dataset.films.ids)].to_csv(path, index=False)
    run = imported(artifacts, call(artifacts, path, "--in-order", "--json"))
    assert run.has_scores
    assert not imported(artifacts, call(artifacts, path, "--json")).has_scores


@pytest.mark.parametrize("ending", ["txt", "csv", "json", "npy", "parquet"])
def test_test_films_that_the_model_was_trained_on_are_left_out(
    tmp_path, artifacts, dataset, table, ending
):
    leaked = dataset.films.ids[int(dataset.rows("test")[1])]
    trained = [leaked, dataset.films.ids[0], "tt7777777"]
    path = tmp_path / f"trained.{ending}"
    frame = pd.DataFrame({"Id": trained, "other": 1})
    {
        "txt": lambda: path.write_text("\n".join(trained)),
        "csv": lambda: frame.to_csv(path, index=False),
        "json": lambda: path.write_text(json.dumps(trained)),
        "npy": lambda: np.save(path, trained),
        "parquet": lambda: frame.to_parquet(path),
    }[ending]()
    table.to_csv(tmp_path / "scores.csv", index=False)
    answer = call(artifacts, tmp_path / "scores.csv", "--trained-on", path, "--json")
    run = imported(artifacts, answer)
    assert leaked not in run.film_ids()
    assert run.config["trained_on"] == {"films": 3, "unknown": 1, "test_films": 1}
    assert json.loads(answer.stdout)["left_out"] == [
        f"Test films that the model was trained on: {leaked}."
    ]


def test_training_films_that_are_of_other_films_are_refused(tmp_path, artifacts, table):
    (tmp_path / "trained.txt").write_text("tt7777777\n")
    table.to_csv(tmp_path / "scores.csv", index=False)
    answer = call(artifacts, tmp_path / "scores.csv", "--trained-on", tmp_path / "trained.txt")
    assert "names no film of" in " ".join(answer.output.split())


def test_scores_of_training_films_alone_get_no_verdict(tmp_path, artifacts, dataset, table):
    train = {dataset.films.ids[row] for row in dataset.rows("train")}
    table[table["Id"].isin(train)].to_csv(tmp_path / "scores.csv", index=False)
    answer = call(artifacts, tmp_path / "scores.csv", "--partial")
    assert "no test film, so it gets no verdict" in " ".join(answer.output.split())


def test_what_only_scores_can_have_is_refused_for_others(tmp_path, artifacts):
    (tmp_path / "h.csv").write_text("epoch,loss\n0,1\n")
    answer = call(artifacts, tmp_path / "h.csv", "--logits", "--partial")
    assert "a history, for which --logits, --partial means nothing" in " ".join(
        answer.output.split()
    )


def test_films_that_were_read_before_are_named_by_their_fingerprint(
    tmp_path, artifacts, dataset, table
):
    table.to_csv(tmp_path / "scores.csv", index=False)
    answer = call(artifacts, tmp_path / "scores.csv", "--dataset", dataset.fingerprint, "--json")
    assert imported(artifacts, answer).dataset == dataset.fingerprint
    answer = call(artifacts, tmp_path / "scores.csv", "--dataset", "nothing")
    assert answer.exit_code == 1
