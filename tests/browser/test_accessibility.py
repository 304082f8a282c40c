"""axe-core finds nothing to complain of on any page."""

import pytest
from axe_rules import violated
from served_app import Visit, serving
from tiny_artifacts import make_one_input

from genre_core.artifacts import Artifacts

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PAGES = {
    "": "All runs, test set",
    "training_curves": "How these verdicts and curves are computed",
    "class_imbalance": "Leakage between splits",
    "films": "✓ hit, + extra",
    "films?film=tt0000020": "in the top 3",
    "your_film": "Drop a poster",
    "runs": "on all datasets",
    "runs?runs={run}": "Display name",
}
# Colours hang on the theme and layout on the size: two looks show both, the others are for CI.
LOOKS = [
    ("desktop", "light"),
    ("phone", "dark"),
    pytest.param("desktop", "dark", marks=pytest.mark.slow),
    pytest.param("phone", "light", marks=pytest.mark.slow),
]
ONE_INPUT = {
    "": "All runs, test set",
    "class_imbalance": "Leakage between splits",
    "films": "✓ hit, + extra",
    "films?film=tt0000022": "in the top 3",
    "label_review": "How labels are selected",
}
FADED = 2_000  # ms; Streamlit fades what a new run has not drawn yet
COMPARING = (
    *("head_to_head", "by_genre", "agreement", "confusions", "thresholds"),
    *("thresholds?each=one+for+each+genre", "label_review", "label_review?view=table"),
)


@pytest.fixture(scope="module")
def address(filled):
    with serving(filled[0]) as address:
        yield address


@pytest.fixture(scope="module")
def address_compared(compared):
    with serving(compared[0]) as address:
        yield address


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_axe_finds_no_violation(filled, address, chromium, size, scheme):
    artifacts, dataset = filled
    run = next((artifacts.runs).glob("poster_cnn*")).name
    film = dataset.films.ids[int(dataset.rows("test")[0])]
    pages = {
        path.format(run=run).replace("tt0000020", film): words for path, words in PAGES.items()
    }
    assert violations(chromium, address, pages, size, scheme) == {}


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_axe_finds_no_violation_where_runs_are_compared(address_compared, chromium, size, scheme):
    pages = dict.fromkeys(COMPARING, "Sources of these figures")
    assert violations(chromium, address_compared, pages, size, scheme) == {}


@pytest.mark.parametrize(
    ("kind", "size", "scheme"), [("poster", "phone", "dark"), ("overview", "desktop", "light")]
)
def test_axe_finds_no_violation_where_films_have_one_input(tmp_path, chromium, kind, size, scheme):
    artifacts = Artifacts(tmp_path / "artifacts")
    make_one_input(tmp_path / "films", artifacts, kind)
    with serving(artifacts) as address:
        assert violations(chromium, address, ONE_INPUT, size, scheme) == {}


def violations(chromium, address, pages, size, scheme):
    context = chromium.new_context(viewport=SIZES[size], color_scheme=scheme)
    context.set_default_timeout(20_000)
    found = {}
    for path, words in pages.items():
        visit = Visit(context.new_page(), address)
        visit.open(path)
        visit.page.get_by_text(words).first.wait_for()
        visit.settle()
        if broken := violated(visit.page):  # the page may have run again, and be fading over
            visit.page.wait_for_timeout(FADED)
            visit.settle()
            broken = violated(visit.page)
        if broken:
            found[path] = broken
        visit.page.close()
    context.close()
    return found
