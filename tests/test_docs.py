"""What the documents say of commands, models and options is what there is."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from benchmarks.__main__ import cli as benchmarks
from genre_core.catalogue import MODELS, ONLY_RECIPE, OPTIONS
from genre_core.commands.main import cli

ROOT = Path(__file__).parents[1]
COMMANDS = (ROOT / "docs" / "commands.md").read_text()
EVERYWHERE = {"--help", "--artifacts", "--json", "--lock-descriptor"}


def lines_of(command):
    return [line for line in COMMANDS.splitlines() if re.match(rf"\| `{command}\b", line)]


def test_every_model_recipe_and_option_is_named():
    for entry in MODELS:
        for name in (entry.name, *entry.recipes):
            assert name == ONLY_RECIPE or f"`{name}`" in COMMANDS, name
    for option in OPTIONS:
        (line,) = lines_of(option.name)
        assert all(f"`{value}`" in line for value in option.values)


def own():
    context = click.Context(cli)
    return [(name, cli.get_command(context, name)) for name in cli.list_commands(context)]


@pytest.mark.parametrize(("name", "command"), [*own(), *benchmarks.commands.items()])
def test_every_command_is_described_with_its_options_and_no_others(name, command):
    answer = CliRunner().invoke(command, ["--help"])
    assert answer.exit_code == 0
    known = {
        word
        for parameter in command.params
        for word in getattr(parameter, "opts", ())
        if word.startswith("-")
    }
    described = set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", " ".join(lines_of(name))))
    assert lines_of(name), name
    assert known - EVERYWHERE <= described
    assert described <= known


def test_the_readme_begins_with_what_it_is_and_stays_short():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) < 120
    text = "\n".join(lines[:15])
    assert text.index("really learn") < text.index("make app")
    assert "make test" in text


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_every_link_leads_somewhere(name):
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text()):
        assert (ROOT / target).exists(), target


def test_the_dashboard_imports_no_more_than_a_page_may():
    source = (ROOT / "dashboard.py").read_text()
    for module in re.findall(r"^(?:from|import) (\S+)", source, re.MULTILINE):
        assert module.startswith(("streamlit", "genre_core.ui", "genre_core.errors")), module
