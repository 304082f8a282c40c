"""The command line: its commands, and how errors are shown."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import Any

import click

from genre_core import __version__
from genre_core.commands.printing import escaped
from genre_core.errors import GenreCoreError, nearest, not_written


class Commands(click.Group):
    """A group that shows errors a user can fix as one message, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except GenreCoreError as error:
            raise click.ClickException(escaped(str(error))) from error
        except OSError as error:
            if problem := not_written(error):
                raise click.ClickException(escaped(problem)) from error
            raise

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return a command by name; suggest the closest one for an unknown name."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = self.list_commands(ctx)
            ctx.fail(f"Unknown command '{args[0]}'.{nearest(args[0], known)}")
        return super().resolve_command(ctx, args)


class Marquee(Commands):
    """The commands, each imported when it is asked for: together they take seconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the alphabet."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(".")
        found: click.Command = getattr(
            importlib.import_module(f"genre_core.commands.{module}"), attribute
        )
        return found


COMMANDS = {  # where each is, by name
    "app": "app.app",
    "compare": "results.compare",
    "explain": "explaining.explain",
    "export": "exporting.export",
    "fetch": "fetching.fetch",
    "finish": "training.finish",
    "import": "importing.import_",
    "inspect": "films.inspect",
    "predict": "predicting.predict",
    "robustness": "explaining.robustness",
    "runs": "results.list_",
    "sample": "films.sample",
    "score": "results.score",
    "serve-scores": "predicting.serve_scores",
    "show": "results.show",
    "top": "results.top",
    "train": "training.train",
}


@click.group(cls=Marquee, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="marquee")
def cli() -> None:
    """Marquee: train, evaluate and compare a poster network and an overview network."""


def main() -> None:
    """Run the command line."""
    run(cli, "python -m genre_core")


def installed() -> None:
    """Run the command line of an installed package."""
    run(cli, "marquee")


def run(group: click.Group, name: str) -> None:
    """Run a group of commands under the name that its help shows."""
    for stream in (sys.stdout, sys.stderr):  # a console of Windows-1252 knows few letters
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # Read by TensorFlow at its import, which costs seconds and happens only in a training.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    group(prog_name=name)
