"""Conditions on films, as the URL has them."""

import re

import pytest

from genre_core.ui.parts.conditions import Condition, parse, written


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


def test_conditions_are_read_as_they_are_written():
    conditions = [Condition("poster", "missed", "Sci-Fi"), Condition("overview", "hit", "A b")]
    assert parse(written(conditions), ["poster", "overview"], ["Sci-Fi", "A b"]) == conditions
    assert parse(" ;; ", [], []) == []
