"""`python -m benchmarks`: what `make bench`, `make coverage` and `make ablation` run."""

from __future__ import annotations

import click

from benchmarks.commands import ablate, bench, coverage
from genre_core.commands.main import Commands, run


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Benchmark Marquee: speed and memory, coverage of intervals, ablation of options."""


for command in (ablate, bench, coverage):
    cli.add_command(command)

if __name__ == "__main__":
    run(cli, "python -m benchmarks")
