"""The pages that compare runs: cells and bars that open films, and what can be taken away."""

import csv

import pytest
from served_app import serving


@pytest.fixture(scope="module")
def address(compared):
    with serving(compared[0]) as address:
        yield address


def click_middle(visit, selector, place=0):
    """Click on a mark of a chart, which has to be seen for that."""
    mark = visit.page.locator(selector).nth(place)
    mark.wait_for(state="attached")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.wait_for_timeout(300)  # Plotly looks what is under the pointer
    visit.page.mouse.click(x, y)


def n_films_shown(visit):
    visit.settle()
    words = visit.page.get_by_text("✓ hit, + extra").inner_text()
    return int(words.split(" of ")[0])


def test_a_cell_opens_its_films_and_the_way_back_leads_back(address, tab):
    visit = tab(address)
    visit.open("confusions?by=half&kind=extra")
    click_middle(visit, ".scatterlayer .point")
    visit.page.wait_for_url("**/films?*where=*")
    assert "by=half" in visit.page.url
    assert n_films_shown(visit) > 0
    visit.page.go_back()
    visit.page.wait_for_selector("h1:has-text('Confusions')")
    visit.settle()
    assert "/confusions" in visit.page.url


def test_a_part_of_a_bar_and_a_link_open_the_same_films(address, tab):
    visit = tab(address)
    visit.open("agreement?by=top3")
    click_middle(visit, ".barlayer .point path")
    visit.page.wait_for_url("**/films?*where=*")
    by_bar = n_films_shown(visit)
    visit.open("agreement?by=top3")
    visit.page.get_by_role("link", name="both: ").click()
    visit.page.wait_for_url("**/films?*where=*")
    visit.page.wait_for_selector("h1:has-text('Films')")
    assert n_films_shown(visit) == by_bar > 0


def test_a_link_opens_its_films_whatever_was_chosen_there_before(address, tab):
    visit = tab(address)
    visit.open("films?split=train&who=both_wrong")
    visit.go("agreement")
    visit.page.wait_for_selector("h1:has-text('Agreement')")
    visit.settle()
    link = visit.page.get_by_role("link", name="both: ")
    n_films = int(link.inner_text().split(": ")[1].split()[0].replace(",", ""))
    link.click()
    visit.page.wait_for_url("**/films?*where=*")
    visit.page.wait_for_selector("h1:has-text('Films')")
    assert n_films_shown(visit) == n_films


def test_the_page_of_imbalance_leads_to_the_genre_that_it_is_about(address, tab):
    visit = tab(address)
    visit.open("class_imbalance?genre=Genre+7")
    visit.page.get_by_role("link", name="Confusions of this genre").click()
    visit.page.wait_for_selector("h1:has-text('Confusions')")
    visit.settle()
    visit.page.get_by_text("Genre 7 is missed in").wait_for()


def test_a_chart_is_saved_as_png_or_svg_and_a_table_as_csv(compared, address, tab, tmp_path):
    visit = tab(address)
    visit.open("confusions?by=top3")
    visit.page.get_by_text("Sources of these figures").click()
    for format_, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        visit.page.get_by_text(format_, exact=True).click()
        visit.settle()
        with visit.page.expect_download() as download:
            visit.page.locator(".modebar-btn").first.click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.suffix == f".{format_.lower()}"
        assert path.read_bytes().startswith(begins)
    visit.open("agreement?by=top3")
    visit.page.get_by_role("tab", name="Table").first.click()
    with visit.page.expect_download() as download:
        visit.page.locator(".st-key-csv_who_gets_films button").first.click()
    download.value.save_as(tmp_path / "table.csv")
    rows = list(csv.DictReader((tmp_path / "table.csv").open()))
    assert rows[-1]["Genre"] == "all genres"
    assert rows[0]["dataset"] == compared[1].fingerprint
    assert rows[0]["run 1"].startswith("poster_cnn")
    assert rows[0]["decision rule"] == "top3"
    assert visit.errors == []


def test_a_slider_moves_every_number(address, tab):
    visit = tab(address)
    visit.open("thresholds")
    before = visit.page.get_by_text("Thresholds: Tuned").inner_text()
    slider = visit.page.get_by_role("slider").first
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    visit.page.get_by_text("Thresholds: Set by hand").wait_for()
    assert "Tuned, global" in before
    assert visit.errors == []
