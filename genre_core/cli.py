"""The command line: options in, a table or JSON out, and nothing else."""

from __future__ import annotations

import contextlib
import csv
import errno
import importlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from genre_core import catalogue, comparison, printing, runs, thresholds
from genre_core.data import store
from genre_core.data.films import SPLITS, Dataset
from genre_core.data.sample import generate_sample
from genre_core.errors import DataError, GenreCoreError, TrainingError, nearest
from genre_core.evaluation.decisions import top_k
from genre_core.files import atomic_write
from genre_core.lock import training_lock
from genre_core.printing import notes

ALL = "all"
SAMPLE = "sample"  # folder of the embedded sample in the artifacts folder
NEWEST = "newest"
NO_ROOM = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM),
    *(errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG),
)


class Commands(click.Group):
    """Turns errors that a user can mend into one message and an exit status of 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except GenreCoreError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            raise click.ClickException(
                f"'{error.filename or 'a file'}' cannot be written: {error.strerror}. Nothing "
                "saved before is harmed. Make room or give another folder with --artifacts, "
                "then call again; a training is taken up with --resume."
            ) from error

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find a command by name; suggest the nearest for an unknown one."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = self.list_commands(ctx)
            ctx.fail(f"There is no command '{args[0]}'.{nearest(args[0], known)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Marquee: train, evaluate and compare a poster network and an overview network."""


def main() -> None:
    """Run the command line."""
    # Read by TensorFlow at its import, which costs seconds and happens only in a training.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    cli(prog_name="python -m genre_core")


artifacts_option = click.option(
    "--artifacts",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("artifacts"),
    show_default=True,
    help="Folder of datasets and runs.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
split_option = click.option(
    "--split",
    "split_file",
    type=click.Path(path_type=Path),
    help="CSV with Id,split to take instead of a split made here.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="The same seed, the same result.",
)
descriptor_option = click.option(
    "--lock-descriptor",
    type=int,
    hidden=True,
    help="The training lock, taken by the process that started this one.",
)
data_argument = click.argument("data", type=click.Path(path_type=Path))


class Threshold(click.ParamType):
    """A number in [0, 1], or the name of a rule that is fitted on validation films."""

    name = "threshold"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """Return the number, or the word."""
        if value in thresholds.RULES:
            return str(value)
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            self.fail(
                f"'{value}' is neither a number in [0, 1] nor one of: "
                f"{', '.join(thresholds.RULES)}.",
                param,
                ctx,
            )
        return number


threshold_option = click.option(
    "--threshold",
    type=Threshold(),
    default=0.5,
    show_default=True,
    help="Decide at this score; 'validation' takes the one with the best micro-F1 there, 'genres' "
    "for each genre the one with its best F1.",
)


@cli.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--films", default=600, show_default=True, help="How many films to generate.")
@seed_option
@artifacts_option
def sample(folder: Path | None, films: int, seed: int, artifacts: Path) -> None:
    """Generate films that look like films in DIR (default: sample/ of the artifacts)."""
    folder = folder or artifacts / SAMPLE
    with notes.status("drawing posters"):
        generate_sample(folder, n_films=films, seed=seed)
    click.echo(f"{films} generated films in {folder}")


@cli.command()
@data_argument
@split_option
@artifacts_option
@json_option
def inspect(data: Path, split_file: Path | None, artifacts: Path, as_json: bool) -> None:
    """Read films and report what was used and what was left out, and why."""
    dataset = _open(data, artifacts, split_file)
    report = {
        "dataset": dataset.fingerprint,
        "generated": dataset.generated,
        **dataset.report,
        "splits": {split: len(dataset.rows(split)) for split in SPLITS},
        "genres": {
            genre: {
                split: int(dataset.labels[dataset.rows(split), column].sum()) for split in SPLITS
            }
            for column, genre in enumerate(dataset.genres)
        },
    }
    printing.show(report, as_json, printing.inspection)


@cli.command()
@click.argument("models", nargs=-1, metavar="MODEL...")
@click.option("--data", type=click.Path(path_type=Path), help="Films; without it, a sample.")
@split_option
@click.option("--recipe", default=catalogue.DEFAULT_RECIPE, show_default=True)
@click.option("--epochs", type=int, help="Epochs instead of the recipe's.")
@click.option(
    "--option",
    "words",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting instead of the recipe's, for the models that have it: "
    + ", ".join(option.name for option in catalogue.OPTIONS)
    + ". May be given several times.",
)
@click.option(
    "--parents",
    multiple=True,
    metavar="RUN",
    help="A run that fusion builds on, given once for each; without it the newest ones.",
)
@seed_option
@click.option(
    "--resume",
    is_flag=False,
    flag_value=NEWEST,
    metavar="[RUN]",
    help="Take up RUN with its own settings; without a name go on with what was asked for: take "
    "up the newest unfinished run, train what was not begun, leave what is finished.",
)
@artifacts_option
@json_option
@descriptor_option
def train(
    models: tuple[str, ...],
    data: Path | None,
    split_file: Path | None,
    recipe: str,
    epochs: int | None,
    words: tuple[str, ...],
    parents: tuple[str, ...],
    seed: int,
    resume: str | None,
    artifacts: Path,
    as_json: bool,
    lock_descriptor: int | None,
) -> None:
    """Train MODEL..., or 'all': both networks and the baselines.

    Stop with Ctrl-C at any moment; nothing is lost but the epoch under way, and --resume goes on.
    """
    if resume in [model.name for model in catalogue.MODELS] or resume == ALL:
        models, resume = (*models, resume), NEWEST  # "--resume MODEL": the name was left out
    named = resume if resume != NEWEST else None
    if named:
        _require_model_of(runs.find_run(artifacts, named), models)
    entries = _entries(models) if not named else []
    if epochs is not None and epochs < 1:
        raise TrainingError(f"{epochs} epochs cannot be trained: expected 1 or more.")
    recipes = [entry.recipe_for(recipe) for entry in entries]
    changed = [
        catalogue.chosen_options(words, entry.name, name)
        for entry, name in zip(entries, recipes, strict=True)
    ]
    found = tuple(runs.find_run(artifacts, parent).id for parent in parents)
    # What was named is checked above, before the lock is asked for and seconds go into keras.
    with _stoppable(), training_lock(artifacts, lock_descriptor) as lock:
        lock.describe(phase="loading keras")
        from genre_core.training import train as training

        shop = training.Workshop(artifacts, notes, lock)
        if named:
            done = [training.resume(runs.find_run(artifacts, named), shop)]
        else:
            lock.describe(phase="reading the films")
            dataset = _open(data or _sample(artifacts), artifacts, split_file)
            orders = [
                training.Order(
                    entry.name, name, seed, epochs, options, found if entry.parents else ()
                )
                for entry, name, options in zip(entries, recipes, changed, strict=True)
            ]
            done = training.train_all(orders, dataset, shop, is_resuming=resume is not None)
        lock.describe(phase="comparing the runs")
        comparison.prepare(artifacts, done[-1].config["dataset"])
        printing.show(done, as_json, printing.run_list)


@cli.command()
@click.argument("run")
@artifacts_option
@json_option
@descriptor_option
def finish(run: str, artifacts: Path, as_json: bool, lock_descriptor: int | None) -> None:
    """Close an unfinished RUN with the best weights it has so far."""
    runs.find_run(artifacts, run)
    with _stoppable(), training_lock(artifacts, lock_descriptor) as lock:
        from genre_core.training import train as training

        shop = training.Workshop(artifacts, notes, lock)
        done = training.finish(runs.find_run(artifacts, run), shop)
        comparison.prepare(artifacts, done.config["dataset"])
        printing.show([done], as_json, printing.run_list)


@cli.command("runs")
@artifacts_option
@json_option
def list_(artifacts: Path, as_json: bool) -> None:
    """List every run with its state."""
    found = runs.list_runs(artifacts)
    printing.show(found, as_json, printing.run_list)
    if not found:
        notes.print(f"No runs in '{artifacts}'. Train some: python -m genre_core train all")


@cli.command()
@click.argument("run")
@click.option("--on", "split", type=click.Choice(SPLITS), default="test", show_default=True)
@threshold_option
@artifacts_option
@json_option
def show(run: str, split: str, threshold: float | str, artifacts: Path, as_json: bool) -> None:
    """Print the metrics of RUN on one split, overall and for each genre."""
    found = runs.find_run(artifacts, run)
    figures = comparison.figures(found, artifacts, split=split, threshold=threshold)
    marker = found.marker()
    facts = {name: marker[name] for name in ("kept_epoch", "epochs_done", "seconds", "versions")}
    printing.show({**found.summary(), **facts, **figures}, as_json, printing.figures)


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="RUN RUN...")
@threshold_option
@click.option("--resamples", default=10_000, show_default=True, help="Bootstrap resamples.")
@artifacts_option
@json_option
def compare(
    names: tuple[str, ...], threshold: float | str, resamples: int, artifacts: Path, as_json: bool
) -> None:
    """Print the differences of RUNs to the first, with paired 95% intervals over test films."""
    found = [runs.find_run(artifacts, name) for name in names]
    result = comparison.compare(found, artifacts, threshold=threshold, n_resamples=resamples)
    printing.show(result, as_json, printing.differences)


@cli.command()
@click.argument("run")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Films to score.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV to write.")
@artifacts_option
@json_option
def score(run: str, data: Path, out: Path | None, artifacts: Path, as_json: bool) -> None:
    """Score films of any readable folder with RUN; with labels, print the metrics."""
    found = runs.find_run(artifacts, run)
    found.marker()
    from genre_core import scoring

    with printing.PosterProgress() as progress:
        scored = scoring.score_folder(found, data, artifacts, progress)
    if out:
        _write_scores(out, scored.films.ids, found.genres, scored.y_score)
    summary = {
        "run": found.id,
        "split": "all",
        "n_films": len(scored.films),
        "n_seen_in_training": scored.n_seen,
        "report": scored.report,
    }
    if scored.n_seen:
        notes.print(f"{scored.n_seen} of these films were training films of this run.")
    try:
        summary |= scoring.figures(found, scored)
    except DataError as error:  # the scores are there all the same
        notes.print(f"No metrics: {error}", markup=False, soft_wrap=True)
        summary |= {"metrics": None, "genres": None}
    printing.show(summary, as_json, printing.figures)


@cli.command()
@click.argument("run")
@click.option("--film", required=True, help="Id of a film of the run's dataset.")
@click.option("-k", default=3, show_default=True, type=click.IntRange(min=1), help="Genres.")
@artifacts_option
@json_option
def top(run: str, film: str, k: int, artifacts: Path, as_json: bool) -> None:
    """Print the genres to which RUN gives FILM the highest scores."""
    found = runs.find_run(artifacts, run)
    ids = found.film_ids()
    if film not in ids:
        raise DataError(f"Run '{run}' has no film '{film}'.{nearest(film, ids)}")
    row = ids.index(film)
    dataset = store.load_dataset(artifacts, found.config["dataset"])
    scores = found.scores()[row : row + 1]
    true = [genre for genre, has in zip(dataset.genres, dataset.labels[row], strict=True) if has]
    ranked = [
        {"genre": found.genres[column], "score": float(scores[0, column])}
        for column in top_k(scores, k)[0]
    ]
    answer = {"film": film, "split": str(dataset.split[row]), "true": true, "top": ranked}
    printing.show(answer, as_json, printing.ranking)


@cli.command()
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Films.")
@split_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs"),
    show_default=True,
    help="Folder of results.md, with the scores of the trainings in ablation/.",
)
@click.option("--minutes", type=float, help="Begin no training that would end later than this.")
@artifacts_option
def ablate(
    data: Path, split_file: Path | None, out: Path, minutes: float | None, artifacts: Path
) -> None:
    """Train what shows which options help, as far as it is missing, and write results.md."""
    with _stoppable(), training_lock(artifacts) as lock:
        lock.describe(phase="loading keras")
        from genre_core import ablation
        from genre_core.training import train as training

        shop = training.Workshop(artifacts, notes, lock)
        dataset = _open(data, artifacts, split_file)
        missing = ablation.make_missing(out / "ablation", dataset, shop, minutes)
        with notes.status("resampling the films"):
            page = ablation.results(out / "ablation", dataset)
        with atomic_write(out / "results.md") as file:
            file.write(page.encode())
    click.echo(f"{out / 'results.md'}: {missing} trainings are still missing")


@cli.command()
@click.option("--data", type=click.Path(path_type=Path), help="Films; without it, a sample.")
@click.option(
    "--part",
    type=click.Choice(("all", "dashboard", "training")),
    default="all",
    show_default=True,
    help="What to measure.",
)
@split_option
@artifacts_option
@json_option
def bench(
    data: Path | None, part: str, split_file: Path | None, artifacts: Path, as_json: bool
) -> None:
    """Measure speeds, as ratios within this run, and memory; print what falls short."""
    folder = data or _sample(artifacts)
    figures = []
    # The pages first: the networks leave their memory and their threads behind.
    for name in ("dashboard", "training"):
        if part not in ("all", name):
            continue
        module = importlib.import_module(f"genre_core.bench.{name}")
        for figure in module.run(folder, split_file):
            notes.print(f"{figure.name}: {figure.value:.3g} {figure.unit}", markup=False)
            figures.append(figure.as_dict())
    if part != "dashboard":
        from genre_core.bench import finished

        found = finished.run(artifacts, _open(folder, artifacts, split_file).fingerprint)
        figures += [figure.as_dict() for figure in found]
    printing.show(figures, as_json, printing.measurements)


def _entries(names: tuple[str, ...]) -> list[catalogue.ModelEntry]:
    if not names:
        raise TrainingError(
            "No model was named. Expected 'all' or some of: "
            + ", ".join(model.name for model in catalogue.MODELS)
        )
    if ALL in names:
        return list(catalogue.MODELS)
    return [catalogue.entry(name) for name in dict.fromkeys(names)]


def _require_model_of(run: runs.Run, models: tuple[str, ...]) -> None:
    """Refuse to take up a run for another model than the one that was asked for."""
    if models and set(models) != {run.config.get("model")}:
        raise TrainingError(
            f"Run '{run.id}' is one of {run.config.get('model')}, not of {', '.join(models)}. "
            "Name only the run."
        )


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Turn Ctrl-C into a word on how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        notes.print("Stopped. Go on with the same command and --resume.", markup=False)
        sys.exit(130)


def _open(data: Path, artifacts: Path, split_file: Path | None) -> Dataset:
    with printing.PosterProgress() as progress:
        return store.open_dataset(data, artifacts, split_file=split_file, progress=progress)


def _sample(artifacts: Path) -> Path:
    """Return the folder of the embedded sample, generated at the first call."""
    folder = artifacts / SAMPLE
    if not folder.exists():
        notes.print("No --data given: generating a sample of films", markup=False)
        generate_sample(folder)
    return folder


def _write_scores(path: Path, ids: tuple[str, ...], genres: tuple[str, ...], y_score: Any) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Id", *genres])
    for film, scores in zip(ids, y_score, strict=True):
        writer.writerow([film, *(f"{value:.6g}" for value in scores)])
    with atomic_write(path) as file:
        file.write(text.getvalue().encode())
