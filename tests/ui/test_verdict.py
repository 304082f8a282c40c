"""The words of the verdict, for each way in which two runs can stand to each other."""

import pytest

from genre_core.ui import verdict


def compared(difference, interval, values=(0.2, 0.3)):
    return {"values": list(values), "difference": difference, "interval": list(interval)}


def pair(by_map, by_bce=None):
    return {
        "n_films": 853,
        "n_macro_genres": 20,
        "metrics": {"map": by_map, "bce": by_bce or compared(0.0, (-0.1, 0.1))},
    }


AHEAD = pair(compared(0.1, (0.05, 0.15)), compared(-0.1, (-0.2, -0.05), (0.3, 0.2)))
BEHIND = pair(compared(-0.1, (-0.15, -0.05), (0.3, 0.2)))
SAME = pair(compared(0.01, (-0.02, 0.04), (0.2, 0.21)))


def test_the_run_that_is_ahead_is_named_first_with_its_value_first():
    words = verdict.between(AHEAD, "poster", "overview")
    assert "On 853 test films **overview** ranks the 20 genres better than **poster**" in words
    assert "mAP 0.300 against 0.200, difference +0.100 \\[+0.050, +0.150\\]" in words
    assert "by BCE **overview** is ahead: BCE 0.200 against 0.300, difference −0.100" in words
    words = verdict.between(BEHIND, "poster", "overview")
    assert "**poster** ranks the 20 genres better than **overview**" in words
    assert "mAP 0.300 against 0.200, difference +0.100 \\[+0.050, +0.150\\]" in words
    assert "neither is ahead by BCE" in words


def test_a_difference_whose_interval_holds_zero_is_not_told():
    words = verdict.between(SAME, "poster", "overview")
    assert "**overview** and **poster** cannot be told apart" in words
    assert "mAP 0.210 against 0.200, difference +0.010 \\[−0.020, +0.040\\]" in words


def test_two_runs_that_are_the_same_differ_by_nothing():
    same = pair(compared(0.0, (0.0, 0.0), (0.2, 0.2)))
    assert "difference 0 \\[0, 0\\]" in verdict.between(same, "poster", "overview")


def test_names_are_shown_as_written():
    assert "**\\*best\\***" in verdict.between(AHEAD, "*best*", "overview")


@pytest.mark.parametrize(
    ("interval", "words"),
    [((0.9, 0.97), "beats them"), ((0.9, 1.1), "cannot be told"), ((1.01, 1.1), "does worse")],
)
def test_against_the_frequencies(interval, words):
    ratio = {"values": [0.95, 0.95], "intervals": [[0.5, 0.6], list(interval)]}
    sentence = verdict.against_frequencies({"metrics": {"bce_to_prior": ratio}}, ("a", "b"))
    assert f"**b** {words}" in sentence
    assert "**a** beats them" in sentence


@pytest.mark.parametrize(
    ("ahead", "by_loss", "worse", "lost", "words"),
    [
        ("overview", "overview", [], [], "Trust overview."),
        ("overview", None, [], [], "Trust overview."),
        ("overview", "poster", [], [], "Trust overview for its ranking only"),
        ("overview", "overview", ["poster", "overview"], [], "for its ranking only"),
        (None, None, [], [], "no reason"),
        (None, "poster", [], [], "trust the scores of poster more"),
        ("overview", "overview", [], ["poster"], "Trust overview."),
        ("overview", "overview", [], ["overview"], "but it ranks worse than a linear model"),
        ("overview", "overview", [], ["poster", "overview"], "Trust neither yet"),
        (None, None, [], ["poster", "overview"], "Trust neither yet"),
    ],
)
def test_the_advice(ahead, by_loss, worse, lost, words):
    held = {
        name: verdict.standing(BEHIND if name in lost else SAME, "map", f"linear {name}", name)
        for name in ("poster", "overview")
    }
    assert words in verdict.advice(ahead, by_loss, worse, held)


def test_against_a_linear_model():
    better, worse, same = (
        verdict.against_linear(verdict.standing(result, "map", "linear", "network"), "network")
        for result in (AHEAD, BEHIND, SAME)
    )
    assert "**network** ranks better than **linear**: mAP 0.300 against 0.200" in better
    assert "**network** ranks worse than **linear**: linear has mAP 0.300 against 0.200" in worse
    assert "**network** ranks neither better nor worse than **linear**: mAP 0.210" in same
