"""Packages of optional extras, which some formats need."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from genre_core.errors import PackageError


def require(packages: Sequence[str], path: Path, *, extra: str) -> None:
    """Import packages.

    Args:
        packages: names of their modules.
        path: what cannot be read or written without them, for the message.
        extra: name of the extra that has them.

    Raises:
        PackageError: one of them is not installed.
    """
    try:
        for name in packages:
            importlib.import_module(name)
    except ImportError as error:
        raise PackageError(
            f"'{path}' needs more packages: {error}. Expected the optional packages "
            f"{', '.join(packages)}. Install them from the checkout of Marquee with: "
            f"pip install '.[{extra}]'"
        ) from error
