"""Validation of `config.json`, the description of a run, as written by any program or version.

docs/run-format.md documents the format for other programs. Format 1, written until Marquee 0.1,
stored only the name of the model in the catalogue; it is converted on reading.
"""

from __future__ import annotations

from copy import copy
from typing import Any, get_args

from genre_core import catalogue
from genre_core.catalogue import Kind, Modality

FORMAT = 2
SCORES, DECISIONS = "scores", "decisions"  # the output of a run for each film
Config = dict[str, Any]

# Type of each value, and its default; values without a default are required.
REQUIRED: dict[str, type] = {"label": str, "modality": str, "kind": str, "genres": list}
OPTIONAL: dict[str, tuple[type | tuple[type, ...], Any]] = {
    "created": (str, ""),
    "order": (int, None),
    "marquee": (str, ""),
    "in_epochs": (bool, False),
    "outputs": (str, SCORES),
    "dataset": (str, ""),
    "dataset_name": (str, ""),
    "prior": (list, None),
    "train_support": (list, None),
    "model": (str, ""),
    "recipe": (str, ""),
    "seed": (int, None),
    "epochs": (int, None),
    "options": (dict, {}),
    "changed": (dict, {}),
    "parents": (list, []),
    "findings": (list, []),
    "trained_on": (dict, {}),
}
ALLOWED = {
    "modality": get_args(Modality),
    "kind": get_args(Kind),
    "outputs": (SCORES, DECISIONS),
}
# Required values of format 1, which had no runs without scores.
FORMAT_1: dict[str, type] = {
    "model": str,
    "recipe": str,
    "seed": int,
    "dataset": str,
    "genres": list,
    "options": dict,
    "prior": list,
    "train_support": list,
}


def checked(config: object) -> Config:
    """Return the config of a run with defaults filled in, converted from an older format.

    Args:
        config: the content of `config.json`.

    Raises:
        ValueError: the format or a value is invalid.
    """
    if not isinstance(config, dict):
        raise ValueError("it is not a JSON object")
    version = config.get("format")
    if version == 1:
        return _with_defaults(_converted(config))
    if version != FORMAT:
        raise ValueError(f"format {version}, expected {FORMAT} or 1")
    return _with_defaults(config)


def _converted(config: Config) -> Config:
    """Return a config of format 1 in format 2, with the model's description in the catalogue."""
    for name, wanted in FORMAT_1.items():
        if not isinstance(config.get(name), wanted):
            raise ValueError(f"'{name}' is {config.get(name)!r}")
    entry = catalogue.find(config["model"])
    if entry is None:
        in_epochs = config.get("epochs") is not None
        kind = "network" if in_epochs else "linear"
        described: Config = {"label": config["model"], "modality": "unknown", "kind": kind}
        described["in_epochs"] = in_epochs
    else:
        described = entry.describe()
    return {**described, **config, "changed": config.get("changed") or {}}


def _with_defaults(config: Config) -> Config:
    for name, wanted in REQUIRED.items():
        if not isinstance(config.get(name), wanted):
            raise ValueError(f"'{name}' is {config.get(name)!r}")
    whole = dict(config)
    for name, (kinds, default) in OPTIONAL.items():
        value = config.get(name)
        if value is None:
            whole[name] = copy(default)
        elif not isinstance(value, kinds) or (kinds is int and not _is_count(value)):
            raise ValueError(f"'{name}' is {value!r:.200}")
    for name, allowed in ALLOWED.items():
        if whole[name] not in allowed:
            raise ValueError(f"'{name}' is {whole[name]!r}, expected one of {', '.join(allowed)}")
    _check_genres(whole)
    return whole


def _check_genres(config: Config) -> None:
    genres = config["genres"]
    if not all(isinstance(genre, str) for genre in genres) or len(set(genres)) < len(genres):
        raise ValueError(f"'genres' is {genres!r}, expected a list of different names")
    for name in ("prior", "train_support"):
        values = config[name]
        if values is None:
            continue
        is_valid = _is_count if name == "train_support" else _is_share
        if len(values) != len(genres) or not all(map(is_valid, values)):
            numbers = "whole numbers" if name == "train_support" else "numbers from 0 to 1"
            raise ValueError(f"'{name}' is not a list of {len(genres)} {numbers}, one per genre")
    if not all(isinstance(parent, str) for parent in config["parents"]):
        raise ValueError(f"'parents' is {config['parents']!r:.200}, expected a list of run ids")


def _is_count(value: object) -> bool:
    return type(value) is int and abs(value) < 2**63


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
