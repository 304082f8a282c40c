"""The words of the verdict, for each way in which two runs can stand to each other."""

import itertools

import pytest
from made_comparison import FIRST, SECOND, difference, pair, recipes, result

from genre_core.evaluation.results import RunDifference
from genre_core.ui.parts import verdict

NAMES = {FIRST: "poster", SECOND: "overview"}
POSTER, OVERVIEW = "**poster**", "**overview**"
SMALL = (
    ", by less than the equivalence margin "
    "(within ±0.01 mAP and ±0.01 BCE relative to the base rates)"
)
HEADLINES = {
    ("ahead", "ahead"): f"{OVERVIEW} is better than {POSTER}{{small}}.",
    ("behind", "behind"): f"{POSTER} is better than {OVERVIEW}{{small}}.",
    ("ahead", "behind"): f"{OVERVIEW} ranks genres better, {POSTER} has the lower BCE.",
    ("behind", "ahead"): f"{POSTER} ranks genres better, {OVERVIEW} has the lower BCE.",
    ("ahead", "no_difference"): (
        f"{OVERVIEW} ranks genres better than {POSTER}{{small}}; no significant difference in BCE."
    ),
    ("behind", "no_difference"): (
        f"{POSTER} ranks genres better than {OVERVIEW}{{small}}; no significant difference in BCE."
    ),
    ("no_difference", "ahead"): (
        f"{OVERVIEW} has a lower BCE than {POSTER}{{small}}; no significant difference in mAP."
    ),
    ("no_difference", "behind"): (
        f"{POSTER} has a lower BCE than {OVERVIEW}{{small}}; no significant difference in mAP."
    ),
}
VERDICTS = ("ahead", "behind", "no_difference")


@pytest.mark.parametrize("is_equivalent", [False, True])
@pytest.mark.parametrize(("by_map", "by_bce"), HEADLINES)
def test_the_headline_names_the_better_run_first(by_map, by_bce, is_equivalent):
    words = verdict.headline(pair(by_map, by_bce, is_equivalent=is_equivalent), NAMES)
    small = SMALL if is_equivalent else ""
    assert words == HEADLINES[by_map, by_bce].format(small=small)


def test_every_combination_of_verdicts_has_its_headline():
    undecided = {("no_difference", "no_difference")}
    assert {*HEADLINES, *undecided} == set(itertools.product(VERDICTS, repeat=2))
    words = verdict.headline(pair(), NAMES)
    assert words == f"No significant difference between {OVERVIEW} and {POSTER}."


def test_only_runs_that_are_shown_to_be_alike_are_equivalent():
    words = verdict.headline(pair(is_equivalent=True), NAMES)
    assert words == (
        f"{OVERVIEW} and {POSTER} are equivalent: within ±0.01 mAP and ±0.01 BCE relative to the "
        "base rates."
    )


@pytest.mark.parametrize("by_map", VERDICTS)
@pytest.mark.parametrize("by_bce", VERDICTS)
def test_headlines_are_those_of_the_recipes_where_there_are_any(by_map, by_bce):
    """Whatever the verdicts on the two runs are."""
    of_recipes = recipes(by_map, by_bce)
    words = verdict.headline(pair("behind", "ahead", of_recipes=of_recipes), NAMES)
    assert words == verdict.headline(pair(by_map, by_bce), NAMES)


def test_the_better_run_has_its_value_first():
    one = pair("ahead", "ahead")
    assert verdict.evidence(one, result(one)) == (
        "mAP 0.300 vs 0.200, difference +0.100 \\[+0.050, +0.150\\], corrected p = 0.004; "
        "BCE 0.120 vs 0.100, difference −0.100 \\[−0.150, −0.050\\], corrected p = 0.004."
    )
    one = pair("behind", "behind")
    assert verdict.evidence(one, result(one)) == (
        "mAP 0.200 vs 0.300, difference +0.100 \\[+0.050, +0.150\\], corrected p = 0.004; "
        "BCE 0.100 vs 0.120, difference −0.100 \\[−0.150, −0.050\\], corrected p = 0.004."
    )


@pytest.mark.parametrize(
    ("by_map", "by_bce", "orders"),
    [
        ("ahead", "behind", ("0.300 vs 0.200", "0.100 vs 0.120")),
        ("behind", "ahead", ("0.200 vs 0.300", "0.120 vs 0.100")),
        # A metric without a verdict has the order of the headline.
        ("no_difference", "behind", ("0.200 vs 0.300", "0.100 vs 0.120")),
        ("behind", "no_difference", ("0.200 vs 0.300", "0.100 vs 0.120")),
        ("no_difference", "ahead", ("0.300 vs 0.200", "0.120 vs 0.100")),
        ("no_difference", "no_difference", ("0.300 vs 0.200", "0.120 vs 0.100")),
    ],
)
def test_values_stand_in_the_order_of_the_names(by_map, by_bce, orders):
    one = pair(by_map, by_bce)
    by_map, by_bce = verdict.evidence(one, result(one)).split("; ")
    assert by_map.startswith(f"mAP {orders[0]}, ")
    assert by_bce.startswith(f"BCE {orders[1]}, ")


def test_values_of_recipes_are_means_over_seeds():
    one = pair(of_recipes=recipes("behind", "no_difference"))
    words = verdict.evidence(one, result(one))
    assert "mAP 0.250 vs 0.350, difference +0.100" in words
    assert "BCE 0.150 vs 0.160, difference −0.010 \\[−0.060, +0.040\\]" in words


def test_two_runs_that_are_the_same_differ_by_nothing():
    same = RunDifference(0.0, (0.0, 0.0), 1.0, 1.0, "no_difference")
    one = pair(others={"map": same, "bce": same})
    assert "difference 0 \\[0, 0\\], corrected p = 1.000;" in verdict.evidence(one, result(one))


def test_names_are_shown_as_written():
    names = {FIRST: "*best*", SECOND: "<b>new</b>"}
    one = pair("behind", "no_difference", of_recipes=recipes())
    both = result(one, lone_seeds=[FIRST, SECOND])
    alone = pair("behind")
    said = [
        *(verdict.headline(each, names) for each in (one, alone)),
        *(verdict.about(each, both, names) for each in (one, alone)),
        verdict.against_base_rates(both, FIRST, names),
        verdict.against_linear(alone, both, names),
        verdict.warning(alone, both, [pair("behind", runs=(SECOND, FIRST))], names),
    ]
    for words in said:
        assert "\\*best\\*" in words
        assert "*best*" not in words.replace("\\*best\\*", "")
        assert "<b>" not in words
    assert all("\\<b\\>new\\<\\/b\\>" in words for words in said[:4])


@pytest.mark.parametrize("is_paired", [False, True])
def test_a_headline_on_recipes_says_how_many_seeds_it_is_about(is_paired):
    one = pair(of_recipes=recipes(n_seeds=(1, 5), is_paired=is_paired))
    paired = ", paired by seed" if is_paired else ""
    assert verdict.about(one, result(one), NAMES) == (
        "853 test films, 20 genres. "
        f"About the recipes: means over 5 seeds of overview and 1 seed of poster{paired}; "
        "intervals over test films and seeds."
    )


def test_a_headline_on_runs_says_why_it_is_not_about_recipes():
    one = pair()

    def about(**facts):
        words = verdict.about(one, result(one, **facts), NAMES)
        films = "853 test films, 20 genres. "
        assert words.startswith(films)
        return words.removeprefix(films)

    assert about(lone_seeds=[FIRST, SECOND]) == (
        "About these runs, not their recipes: fewer than three complete seeds of poster and "
        "overview. Another seed can give another verdict."
    )
    assert "fewer than three complete seeds of overview." in about(
        lone_seeds=[SECOND], deterministic=[FIRST]
    )
    assert about(deterministic=[FIRST, SECOND]) == "About these runs, which no seed changes."
    assert about() == "About these runs, two seeds of one recipe."


def test_detectable_differences_are_those_of_the_headline():
    assert verdict.detectable(pair()) == (
        "Detectable with 80% power: a true difference of 0.070 in mAP or 0.070 in BCE."
    )
    nothing = {name: difference(name, "withheld") for name in ("map", "bce")}
    assert verdict.detectable(pair(others=nothing)) == ""
    one_metric = {"map": difference("map", "withheld")}
    assert "difference of 0.070 in BCE." in verdict.detectable(pair(others=one_metric))
    assert "0.070 in mAP or" in verdict.detectable(pair(others=nothing, of_recipes=recipes()))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("ahead", "has a lower BCE than the base rates: 0.900 of their BCE \\[0.850, 0.950\\]."),
        (
            "behind",
            "has a **higher** BCE than the base rates: 0.900 of their BCE \\[1.050, 1.150\\].",
        ),
        (
            "no_difference",
            "has no significantly different BCE from the base rates: 0.900 of their BCE "
            "\\[0.960, 1.060\\].",
        ),
        ("withheld", "differs from the base rates on too few test films: 0.900 of their BCE."),
    ],
)
def test_against_the_base_rates(found, words):
    one = pair()
    test = difference("bce_to_prior", found)
    both = result(one, base_rates={FIRST: difference("bce_to_prior"), SECOND: test})
    assert verdict.against_base_rates(both, SECOND, NAMES) == f"{OVERVIEW} {words}"


def test_the_run_that_is_the_base_rates_does_not_differ_from_them():
    one = pair()
    same = RunDifference(0.0, withheld="few_different", n_different=0)
    both = result(one, base_rates={FIRST: same, SECOND: difference("bce_to_prior")})
    words = verdict.against_base_rates(both, FIRST, NAMES)
    assert words == f"{POSTER} predicts the base rates: 0.900 of their BCE."


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("ahead", "ranks genres better than **linear**: mAP 0.300 vs 0.200, difference +0.100"),
        (
            "behind",
            "ranks genres **worse** than **linear**: mAP 0.300 vs 0.200, difference −0.100",
        ),
        (
            "no_difference",
            "does not rank genres significantly better or worse than **linear**: mAP 0.300 vs",
        ),
        ("withheld", "cannot be compared with **linear**: mAP 0.300 vs 0.200, difference 0"),
    ],
)
def test_against_a_linear_model_the_values_stand_in_the_order_of_the_names(found, words):
    one = pair(found)
    sentence = verdict.against_linear(one, result(one), {FIRST: "linear", SECOND: "network"})
    assert sentence.startswith(f"**network** {words}")


def test_against_a_linear_model_the_recipes_decide():
    one = pair("behind", of_recipes=recipes("ahead"))
    sentence = verdict.against_linear(one, result(one), {FIRST: "linear", SECOND: "network"})
    assert "ranks genres better than **linear**: mAP 0.350 vs 0.250" in sentence


NEITHER = "Neither run is reliable: each ranks genres worse than a linear model of its input."


@pytest.mark.parametrize(
    ("by_map", "by_bce", "worse", "lost", "words"),
    [
        ("ahead", "ahead", [], [], ""),
        ("no_difference", "no_difference", [], [], ""),
        ("ahead", "ahead", [FIRST], [FIRST], ""),
        ("no_difference", "no_difference", [FIRST, SECOND], [FIRST], ""),
        (
            *("ahead", "no_difference", [SECOND], []),
            "Only the ranking of overview is usable: its scores are worse than the base rates.",
        ),
        (
            *("behind", "ahead", [FIRST, SECOND], []),
            "Only the ranking of poster is usable: its scores are worse than the base rates.",
        ),
        (
            *("no_difference", "behind", [FIRST, SECOND], []),
            "The scores of poster are worse than the base rates.",
        ),
        ("ahead", "ahead", [], [SECOND], "overview ranks genres worse than a linear model."),
        ("no_difference", "behind", [], [FIRST], "poster ranks genres worse than a linear model."),
        (
            *("ahead", "ahead", [SECOND], [SECOND]),
            "overview ranks genres worse than a linear model, and its scores are worse than the "
            "base rates.",
        ),
        ("ahead", "ahead", [], [FIRST, SECOND], NEITHER),
        ("no_difference", "no_difference", [SECOND], [FIRST, SECOND], NEITHER),
    ],
)
def test_the_warning(by_map, by_bce, worse, lost, words):
    one = pair(by_map, by_bce)
    linear = [
        pair("behind" if run in lost else "no_difference", runs=(f"linear {run}", run))
        for run in (FIRST, SECOND)
    ]
    rates = {
        run: difference("bce_to_prior", "behind" if run in worse else "ahead")
        for run in (FIRST, SECOND)
    }
    assert verdict.warning(one, result(one, base_rates=rates), linear, NAMES) == words


@pytest.mark.parametrize(
    ("verdict_of_recipes", "words"), [("behind", "overview ranks genres worse"), ("ahead", "")]
)
def test_the_warning_is_about_the_recipes_where_there_are_any(verdict_of_recipes, words):
    one = pair("behind", of_recipes=recipes("ahead"))
    linear = [pair("no_difference", runs=("l", SECOND), of_recipes=recipes(verdict_of_recipes))]
    assert verdict.warning(one, result(one), linear, NAMES).startswith(words)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.1234, "+0.123"), (-0.1, "−0.100"), (0.0004, "+0.0004"), (0.0, "0"), (-0.0, "0")],
)
def test_a_difference_has_a_sign_unless_it_is_zero(value, words):
    assert verdict.signed(value) == words
