"""What only a real browser can tell."""

import pytest
from served_app import serving
from tiny_artifacts import NASTY, history_of, scores_of, start_run

from benchmarks.synthetic import finish_run
from genre_core.jobs.lock import training_lock
from genre_core.ui.frame import shell
from genre_core.ui.server import OLD_PATHS

POSTERS = ".film-wall img, [data-testid=stImage] img"
SIX = "() => document.querySelectorAll('.film-wall img').length === 6"


@pytest.fixture(scope="module")
def address(filled):
    with serving(filled[0]) as address:
        yield address


def test_posters_are_shown_in_their_true_shape(address, tab):
    visit = tab(address)
    visit.open("films")
    visit.page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('.film-wall img')];"
        " return all.length === 5 && all.every(image => image.naturalWidth > 0); }"
    )
    for image in visit.page.locator(".film-wall img").all():
        box = image.bounding_box()
        assert box["width"] / box["height"] == pytest.approx(2 / 3, abs=0.02)
        assert image.get_attribute("alt").startswith("Poster of film tt")
    assert visit.errors == []


def test_film_text_is_shown_as_written(address, tab):
    visit = tab(address)
    visit.open("films?search=M*A*S*H")
    poster = visit.page.locator(".film-wall img")
    assert poster.get_attribute("title").endswith(NASTY)
    poster.click()
    card = visit.page.locator("[data-testid=stText]", has_text="M*A*S*H")
    assert card.inner_text() == NASTY
    assert card.locator("b, em, a, code, .katex").count() == 0


def test_the_keyboard_reaches_and_opens_the_first_film(address, tab):
    visit = tab(address)
    visit.open("films")
    visit.page.locator(".film-wall button").first.wait_for()
    visit.page.locator("h1").click()
    film = ""
    for _ in range(14):
        visit.page.keyboard.press("Tab")
        film = visit.page.evaluate("document.activeElement.dataset.film")
        if film:
            break
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**film={film}**")
    visit.page.get_by_text("Film 1 of 5 chosen").wait_for()
    assert visit.errors == []


def test_a_choice_stays_in_the_address_from_page_to_page(filled, address, tab):
    run = next(path.name for path in filled[0].runs.iterdir() if "prior" in path.name)
    visit = tab(address)
    visit.open(f"films?poster={run}&split=train")
    visit.go("training_curves")
    visit.page.wait_for_selector("h1:has-text('Training curves')")
    visit.settle()
    visit.page.get_by_text("Fitted without epochs").wait_for()
    visit.page.wait_for_url(f"**poster={run}**")
    visit.page.reload()
    visit.settle()
    visit.page.get_by_text("Fitted without epochs").wait_for()


def test_another_draw_stands_in_the_address_and_in_its_field(address, tab):
    visit = tab(address)
    visit.open("films")
    visit.page.get_by_role("button", name="Shuffle", exact=True).click()
    visit.page.wait_for_url("**/films?draw=2")
    visit.settle()
    visit.page.get_by_role("button", name="More filters").click()
    visit.page.wait_for_selector(".st-key-draw input")
    drawn = "document.querySelector('.st-key-draw input').value === '2'"
    visit.page.wait_for_function(drawn)


def test_an_address_shows_the_same_films_in_a_second_browser(address, tab):
    first = tab(address)
    first.open("films?split=train&n_films=6")
    first.page.get_by_role("button", name="Shuffle", exact=True).click()
    first.page.wait_for_url("**draw=2**")
    first.page.get_by_role("button", name="Shuffle", exact=True).click()
    first.page.wait_for_url("**draw=3**")
    first.settle()
    second = tab(address)
    second.open(first.page.url.removeprefix(f"{address}/"))
    # Elements of the page before may still be there when the script has run.
    for visit in (first, second):
        visit.page.wait_for_function(SIX)
    assert ids_on(second) == ids_on(first)


def ids_on(visit):
    visit.page.locator(POSTERS).first.wait_for()
    images = visit.page.locator(POSTERS).all()
    return [image.get_attribute("alt") for image in images]


def test_arrow_keys_go_from_film_to_film_and_escape_back(address, tab):
    visit = tab(address)
    visit.open("films?split=all")
    names = ids_on(visit)
    visit.page.locator(".film-wall button").first.click()
    visit.page.get_by_text("Film 1 of 24 chosen").wait_for()
    visit.settle()  # until then the grid may still stand below the film
    assert ids_on(visit) == names[:1]
    visit.page.locator("h1").click()
    visit.page.keyboard.press("ArrowRight")
    visit.page.get_by_text("Film 2 of 24 chosen").wait_for()
    assert "film=" in visit.page.url
    visit.page.keyboard.press("ArrowLeft")
    visit.page.get_by_text("Film 1 of 24 chosen").wait_for()
    visit.page.keyboard.press("Escape")
    visit.page.get_by_text("24 of 24 films").wait_for()
    visit.settle()
    assert "film=" not in visit.page.url
    assert visit.errors == []


def test_a_run_that_finishes_shows_by_itself(filled, address, tab):
    artifacts, dataset = filled
    with training_lock(artifacts) as lock:
        writer = start_run(artifacts, dataset, "poster_cnn", history=history_of(2))
        lock.describe(run=writer.folder.name)
        visit = tab(address)
        visit.open()
        visit.page.get_by_text("After epoch 2").first.wait_for()
        finish_run(writer, dataset, scores_of(dataset, "poster_cnn"), history_of(2))
        visit.page.get_by_text("epoch 2 of 2 kept").first.wait_for()
    assert visit.errors == []


@pytest.mark.parametrize(("path", "name"), OLD_PATHS.items())
def test_the_path_of_before_leads_to_the_page_of_today(address, tab, path, name):
    visit = tab(address)
    visit.open(f"{path}?poster=gone&by=half")
    visit.page.wait_for_url(f"**/{name}?**by=half**")
    visit.page.wait_for_selector(f"h1:has-text('{shell.HEADS[name or 'summary']['title']}')")
    visit.settle()
    assert "was not found" in visit.page.locator("[data-testid=stSidebar]").inner_text()
    assert visit.errors == []


def test_an_old_path_is_understood_by_a_fresh_server(filled, tab):
    with serving(filled[0]) as fresh:
        visit = tab(fresh)
        visit.open("comparison?by=score+of+.5")
        visit.page.wait_for_url("**/head_to_head?by=half")
        visit.page.wait_for_selector("h1:has-text('Head to head')")
        assert visit.page.get_by_role("dialog").count() == 0  # "Page not found"
        visit.go("agreement")
        visit.page.wait_for_selector("h1:has-text('Agreement')")


def test_a_key_goes_from_page_to_page_and_back(address, tab):
    visit = tab(address)
    visit.open("agreement?by=top3")
    visit.go("confusions")
    visit.page.wait_for_selector("h1:has-text('Confusions')")
    visit.page.wait_for_url("**/confusions?by=top3")
    visit.go("head_to_head")
    visit.page.wait_for_selector("h1:has-text('Head to head')")
    visit.page.get_by_text("Top 3 has no threshold").wait_for()  # comparisons need one
    visit.page.wait_for_url("**/head_to_head?by=top3")
    assert "was not found" not in visit.page.locator("body").inner_text()
    visit.go("agreement")
    visit.page.wait_for_url("**/agreement?by=top3")


def test_a_row_of_a_table_opens_its_run(address, tab):
    visit = tab(address)
    for path in ("", "runs"):
        visit.open(path)
        first = visit.page.locator(".st-key-table_of_runs canvas").first
        first.scroll_into_view_if_needed()
        first.click(position={"x": 16, "y": 53}, force=True)  # the box of the first row
        visit.page.get_by_role("button", name="Delete").wait_for()
        assert "/runs?runs=" in visit.page.url
    assert visit.errors == []
