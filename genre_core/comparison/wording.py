"""The one table of words for verdicts, for pages and the command line."""

from __future__ import annotations

from genre_core.evaluation.results import RunDifference, Withheld
from genre_core.evaluation.verdicts import Verdict

VERDICTS: dict[Verdict, str] = {
    "ahead": "ahead",
    "behind": "behind",
    "no_difference": "no significant difference",
    "equivalent": "equivalent",
    "withheld": "no verdict",
}
REASONS: dict[Withheld, str] = {
    "decisions": "undefined for decisions without scores",
    "few_different": "decided alike but for a few films",
    "few_predicted": "predicted for too few films",
    "no_headline": "no verdict without one in mAP or BCE",
    "recipes": "verdict on the recipes above",
}


def verdict_text(test: RunDifference) -> str:
    """Return a verdict in words, or why there is none.

    >>> verdict_text(RunDifference(0.1, withheld="few_predicted"))
    'predicted for too few films'
    """
    return REASONS.get(test.withheld, VERDICTS[test.verdict])
