"""Where the example films of a notebook come from, read from its code; nothing is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

PART = re.compile(r"(?:^|_)(train|training|val|valid|validation|test)(?=_|\d|$)", re.IGNORECASE)
TRAINING = ("train", "training")


def examples_of_training(code: ast.AST, model: str) -> str:
    r"""Return the name of the training data that a model predicts; empty if it predicts other too.

    Names are followed through assignments and loops until one names a part of the data, and
    through functions that call `predict` on a model they are given.

    Args:
        code: syntax of all cells.
        model: name of the variable of the model.

    >>> code = "some = overviews_train[:3]\nfor one in some: lstm.predict(one)"
    >>> examples_of_training(ast.parse(code), "lstm")
    'overviews_train'
    """
    sources = _sources(code)
    parts = {name for given in _predicted(code, model) for name in _parts(given, sources)}
    if any(_part(name) not in TRAINING for name in parts):  # such as genre names of data_train
        return ""
    return min(parts, default="")


def _predicted(code: ast.AST, model: str) -> Iterator[ast.AST]:
    """Yield what the model predicts, itself or in a function that is given the model."""
    predicting = {
        node.name
        for node in ast.walk(code)
        if isinstance(node, ast.FunctionDef) and any(map(_is_predict, ast.walk(node)))
    }
    for node in ast.walk(code):
        if not isinstance(node, ast.Call):
            continue
        if _is_predict(node) and owner_of(node) == model:
            yield from node.args
        elif isinstance(node.func, ast.Name) and node.func.id in predicting:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(isinstance(one, ast.Name) and one.id == model for one in given):
                yield from given


def _is_predict(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("predict", "predict_on_batch")
    )


def owner_of(call: ast.Call) -> str:
    """Return the name of the variable whose method is called; empty if it is none."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.id if isinstance(owner, ast.Name) else ""


def _sources(code: ast.AST) -> Mapping[str, set[str]]:
    """Return for each variable the names that it is made from."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(code):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.For | ast.comprehension):
            targets, value = [node.target], node.iter
        else:
            continue
        for target in targets:
            for name in _names(target):
                found.setdefault(name, set()).update(_names(value))
    return found


def _parts(argument: ast.AST, sources: Mapping[str, set[str]]) -> set[str]:
    """Return the names of parts of the data from which an argument is made."""
    found: set[str] = set()
    seen: set[str] = set()
    left = _names(argument)
    while left:
        name = left.pop()
        if _part(name):
            found.add(name)
        elif name not in seen:
            left |= sources.get(name, set())
        seen.add(name)
    return found


def _part(name: str) -> str:
    """Return which part of the data a variable names; empty if none or more than one."""
    parts = {part.lower() for part in PART.findall(name)}
    return parts.pop() if len(parts) == 1 else ""


def _names(node: ast.AST) -> set[str]:
    """Return the variables of an expression, without the functions that it calls."""
    called = {id(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and id(one) not in called}
