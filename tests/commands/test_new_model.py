"""A new model is one file and its entry: without a recipe called `improved` it works everywhere."""

import sys
from types import ModuleType

import pytest
from click.testing import CliRunner

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.catalogue import ModelEntry, Recipe
from genre_core.commands.main import cli
from genre_core.models.prior import Prior
from genre_core.runs.folder import list_runs


class Coin(Prior):
    """A model that another project adds."""


@pytest.fixture
def coin(monkeypatch):
    module = ModuleType("added_model")
    module.Coin = Coin
    monkeypatch.setitem(sys.modules, "added_model", module)
    entry = ModelEntry(
        name="coin",
        label="A coin",
        modality="none",
        kind="pretrained",
        recipes={"thrown": Recipe("added_model:Coin")},
        sentence="Says the same of every film.",
    )
    monkeypatch.setattr(catalogue, "MODELS", (catalogue.entry("prior"), entry))


@pytest.mark.parametrize("words", [("all",), ("all", "--resume"), ("coin", "--recipe", "thrown")])
def test_it_is_trained_listed_and_compared(words, coin, films_folder, tmp_path):
    folder = films_folder(60)

    def call(*arguments):
        answer = CliRunner().invoke(cli, [*map(str, arguments), "--artifacts", str(tmp_path / "a")])
        assert answer.exit_code == 0, answer.output
        return answer.output

    call("train", *words, "--data", folder)
    runs = list_runs(Artifacts(tmp_path / "a"))
    (made,) = [run for run in runs if run.model == "coin"]
    assert (made.label, made.kind, made.config["recipe"]) == ("A coin", "pretrained", "thrown")
    assert "coin-thrown" in call("runs")
    call("show", made.id)
    if len(runs) == 2:
        call("compare", *(run.id for run in runs), "--draws", "100")
