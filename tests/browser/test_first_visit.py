"""The first visit to a fresh server, at each page's address."""

import pytest
from served_app import serving

TITLES = {
    "": "Summary",
    "training_curves": "Training curves",
    "class_imbalance": "Class imbalance",
    "head_to_head": "Head to head",
    "by_genre": "By genre",
    "thresholds": "Thresholds",
    "confusions": "Confusions",
    "agreement": "Agreement",
    "films": "Films",
    "label_review": "Label review",
    "runs": "Runs",
}


SECTIONS = ["Compare", "Explore", "Training", "Data"]


# Every page begins in the same way, so that some of them stand for all; each needs its own server.
@pytest.mark.parametrize("path", ["", "training_curves", "films", "head_to_head", "runs"])
def test_first_visit_has_the_shell_and_no_error(filled, tab, path):
    with serving(filled[0]) as address:
        visit = tab(address)
        visit.open(path)
        page = visit.page
        page.wait_for_selector(".st-key-overview")
        assert page.locator("h1").inner_text() == TITLES[path]
        assert page.title().endswith("Marquee")
        assert page.locator("[data-testid=stTopNavSection]").all_inner_texts() == SECTIONS
        assert page.locator("[data-testid=stException]").count() == 0
        assert page.url == f"{address}/{path}"
        assert visit.errors == []
        assert visit.strangers == []
        page.set_viewport_size({"width": 390, "height": 844})
        main = "document.querySelector('[data-testid=stMain]')"
        page.wait_for_function(f"{main}.scrollWidth <= {main}.clientWidth")
