"""Text of others on every page: nothing in it is executed, and nothing becomes a link."""

import pytest
from served_app import serving
from tiny_artifacts import make_dataset, make_run

from genre_core.artifacts import Artifacts
from genre_core.runs.notes import Note, write_note
from genre_core.ui.frame import shell

SCRIPT = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"
GENRES = (
    "<a href='http://x.invalid'>link</a> http://x.invalid/1",
    "[link](http://x.invalid) www.x.invalid <b>bold</b>",
    f"=HYPERLINK(1) someone@x.invalid {SCRIPT}",
    "javascript:window.hit=1 https://x.invalid/?q=1 %{x} $x$ :red[red]",
)
NAME = "<a href='http://x.invalid'>A</a> www.x.invalid"
OTHER = f"[B](http://x.invalid) {SCRIPT} a@x.invalid"
LINKS = """() => [...document.querySelectorAll('a, [*|href]')]
  .map(node => node.getAttribute('href') || node.getAttribute('xlink:href') || '')
  .filter(address => !address.startsWith('data:image/'))
  .filter(address => new URL(address, location.href).host !== location.host)"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    artifacts = Artifacts(folder / "artifacts")
    overview = f"{GENRES[0]} {OTHER}"
    dataset = make_dataset(folder / "films", artifacts, genres=GENRES, overview=overview)
    for model, name in (("prior", ""), ("poster_cnn", NAME), ("overview_lstm", OTHER)):
        run = make_run(artifacts, dataset, model)
        write_note(artifacts, run.name, Note(name, f"{GENRES[1]} {OTHER}"))
    with serving(artifacts) as address:
        yield address, run.name


@pytest.mark.parametrize("page", shell.HEADS)
def test_nothing_is_executed_and_nothing_is_a_link(hostile, tab, page):
    address, run = hostile
    visit = tab(address)
    query = {"runs": f"?runs={run}", "films": "?split=all"}.get(page, "")
    visit.open(f"{'' if page == 'summary' else page}{query}")
    visit.page.wait_for_timeout(500)  # charts are drawn after the script has run
    assert visit.page.evaluate("window.hit") is None
    assert visit.page.evaluate(LINKS) == []
    assert visit.strangers == []
