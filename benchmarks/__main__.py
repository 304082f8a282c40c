"""`python -m benchmarks`: measurements, attempts to break Marquee, and pictures of it."""

from __future__ import annotations

import click

from benchmarks.commands import ablate, bench, coverage, faults, reference_curves, screenshots
from genre_core.commands.main import Commands, run


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Measure Marquee: speed, coverage of intervals, effect of options, resistance to faults."""


for command in (ablate, bench, coverage, faults, reference_curves, screenshots):
    cli.add_command(command)

if __name__ == "__main__":
    run(cli, "python -m benchmarks")
