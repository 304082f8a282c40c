"""Conditions on films, as the URL has them."""

import re

import pytest

from genre_core.ui.parts.conditions import Condition, Conditions, parse, written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("poster", "is no condition"),
        ("poster sees Drama", "is no condition"),
        ("camera hit Drama", "is no condition"),
        ("poster hit Dramma", "is no genre of these films. Did you mean 'Drama'?"),
    ],
)
def test_a_condition_that_is_none_is_said(text, message):
    with pytest.raises(Exception, match=re.escape(message)):
        parse(text, ["poster", "overview"], ["Drama", "War"])


@pytest.mark.parametrize("is_any", [True, False])
def test_conditions_are_read_as_they_are_written(is_any):
    parts = (Condition("poster", "missed", "Sci-Fi"), Condition("overview", "hit", "A b"))
    conditions = Conditions(parts, is_any)
    assert parse(written(conditions), ["poster", "overview"], ["Sci-Fi", "A b"]) == conditions
    assert parse(" ;; ", [], []) == Conditions()
