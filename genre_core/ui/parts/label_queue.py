"""A queue of doubted labels, one at a time: keep, change or skip each, and take that back.

Decisions are stored for everybody. Skipped labels and the steps that can be undone belong to the
session.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.runs import label_decisions
from genre_core.runs.label_decisions import Action, Decision, LabelKey
from genre_core.ui.parts import notices
from genre_core.ui.parts.label_doubts import Doubt
from genre_core.ui.parts.text import literal

STATE = "_label_queue"
KEEP, CHANGE, SKIP, UNDO = "K", "X", "S", "U"  # keys; Streamlit reserves C and R


@dataclass(frozen=True)
class Step:
    """What a session did with one label.

    Attributes:
        key: the label.
        action: what was done.
        decision: id of the stored decision; empty for a skip.
    """

    key: LabelKey
    action: Action | Literal["skip"]
    decision: str = ""


@dataclass
class Session:
    """What a session did in the queue of a dataset.

    Attributes:
        steps: in order, without those that were undone.
        skipped: labels that come back after all others, in order.
        opened: the label that is shown out of turn, if any.
    """

    steps: list[Step] = field(default_factory=list)
    skipped: list[LabelKey] = field(default_factory=list)
    opened: LabelKey | None = None

    def next(self, queue: Sequence[Doubt], decided: Container[LabelKey]) -> Doubt | None:
        """Return the label that is up; None if all are decided.

        Args:
            queue: labels, the first to be reviewed first.
            decided: labels that are decided.
        """
        opened = [doubt for doubt in queue if doubt.key == self.opened]
        left = [doubt for doubt in queue if doubt.key not in decided]
        fresh = [doubt for doubt in left if doubt.key not in self.skipped]
        again = sorted(
            (doubt for doubt in left if doubt.key in self.skipped),
            key=lambda doubt: self.skipped.index(doubt.key),
        )
        return next(iter([*opened, *fresh, *again]), None)

    def add(self, step: Step) -> None:
        """Add a step and go on to the next label."""
        self.steps.append(step)
        self.opened = None
        if step.key in self.skipped:
            self.skipped.remove(step.key)
        if step.action == "skip":
            self.skipped.append(step.key)

    def take_back(self) -> None:
        """Remove the last step and show its label again."""
        step = self.steps.pop()
        self.opened = step.key
        if step.action == "skip" and step.key in self.skipped:
            self.skipped.remove(step.key)

    def is_repeated(self, doubt: Doubt, action: str) -> bool:
        """Return whether the last step was the same: a key pressed twice before the page reran."""
        return bool(self.steps) and (self.steps[-1].key, self.steps[-1].action) == (
            doubt.key,
            action,
        )


def session(dataset: Dataset) -> Session:
    """Return what this session did in the queue of a dataset."""
    sessions: dict[str, Session] = st.session_state.setdefault(STATE, {})
    return sessions.setdefault(dataset.fingerprint, Session())


def open_label(key: LabelKey, dataset: Dataset) -> None:
    """Show a label out of turn."""
    session(dataset).opened = key


def decide(doubt: Doubt, action: Action, artifacts: Artifacts, dataset: Dataset) -> None:
    """Store a decision about a label and go on to the next."""
    state = session(dataset)
    if state.is_repeated(doubt, action):
        state.opened = None
        return
    film, genre = doubt.key
    made = Decision(film, genre, doubt.label, action, doubt.scores)
    with notices.acting(notices.toast):
        label_decisions.add(artifacts, dataset, made)
        state.add(Step(doubt.key, action, made.id))


def skip(doubt: Doubt, dataset: Dataset) -> None:
    """Go on to the next label; this one comes back after all others."""
    state = session(dataset)
    if not state.is_repeated(doubt, "skip"):
        state.add(Step(doubt.key, "skip"))


def undo(artifacts: Artifacts, dataset: Dataset) -> None:
    """Take back the last step of this session."""
    state = session(dataset)
    if not state.steps:
        return
    with notices.acting(notices.toast):
        if state.steps[-1].decision:
            label_decisions.remove(artifacts, dataset, state.steps[-1].decision)
        state.take_back()


def buttons(doubt: Doubt | None, artifacts: Artifacts, dataset: Dataset, *, n_left: int) -> None:
    """Show what can be done with a label; only Undo if none is left.

    Args:
        doubt: the label.
        artifacts: folder of datasets and decisions.
        dataset: the films.
        n_left: labels that are not decided.
    """
    with st.container(horizontal=True, gap="xsmall"):
        if doubt:
            act = partial(decide, artifacts=artifacts, dataset=dataset)
            genre = literal(doubt.key[1])
            now, then = (genre, f"not {genre}") if doubt.label else (f"not {genre}", genre)
            st.button(
                "Keep label",
                key="keep",
                shortcut=KEEP,
                help=f"The label is right: {now}.",
                on_click=act,
                args=(doubt, "keep"),
            )
            st.button(
                "Change label",
                key="change",
                shortcut=CHANGE,
                help=f"The label should be: {then}.",
                on_click=act,
                args=(doubt, "change"),
            )
            st.button(
                "Skip",
                key="skip",
                shortcut=SKIP,
                disabled=n_left < 2,
                help="Comes back after all other labels.",
                on_click=skip,
                args=(doubt, dataset),
            )
        steps = session(dataset).steps
        st.button(
            "Undo",
            key="undo",
            shortcut=UNDO,
            disabled=not steps,
            help=_undone(steps[-1]) if steps else "Nothing to undo in this session.",
            on_click=undo,
            args=(artifacts, dataset),
        )


def _undone(step: Step) -> str:
    film, genre = step.key
    return f"Takes back: {step.action} {literal(genre)} of {literal(film)}."
