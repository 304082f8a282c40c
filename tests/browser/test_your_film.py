"""A film of one's own in real browsers: brought, edited, explained, whatever happens meanwhile."""

import io
import os
import shutil
import signal
import subprocess

import pytest
from axe_rules import violated
from PIL import Image
from served_app import serving

from genre_core.artifacts import Artifacts
from genre_core.jobs.lock import training_lock

pytestmark = pytest.mark.slow
LONG = 120_000  # ms; a service that starts imports Keras
REFUSED = "cannot be used"


@pytest.fixture(scope="module")
def artifacts(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked") / "artifacts"
    shutil.copytree(trained.artifacts, folder, ignore=shutil.ignore_patterns("training.*"))
    return Artifacts(folder)


@pytest.fixture(scope="module")
def address(artifacts):
    with serving(artifacts) as address:
        yield address
    for process in services(artifacts):
        os.kill(process, signal.SIGTERM)


def services(artifacts):
    """Return the numbers of the processes that serve scores of a folder."""
    found = subprocess.run(
        ["pgrep", "-f", f"serve-scores.*{artifacts}|{artifacts}.*serve-scores"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(number) for number in found.stdout.split()]


def upload(visit, content, name="poster.jpg"):
    visit.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": content}
    )


def write(visit, overview):
    visit.page.get_by_text("Scores of your film").first.wait_for()
    visit.settle()  # an edit interrupts what is being scored, which is then no version
    field = visit.page.locator("textarea").first
    field.fill(overview)
    field.press("Control+Enter")


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_a_film_is_uploaded_written_edited_explained_and_opened_again(
    artifacts, address, tab, trained
):
    poster = trained.dataset.poster_file(0).content()
    visit = tab(address)
    visit.page.set_default_timeout(LONG)
    visit.open("your_film")
    upload(visit, poster)
    visit.page.get_by_text("Overview network (BiLSTM) needs the overview").wait_for()
    write(visit, "A ghost haunts the cellar of an old house.")
    visit.page.get_by_text("Versions: 2").wait_for()
    visit.page.get_by_text("Why these scores?").click()
    visit.page.get_by_alt_text("The poster in grey").first.wait_for()
    visit.page.get_by_text("Occlusion; not tested").first.wait_for()
    visit.settle()
    assert not violated(visit.page)
    # Two tabs at once, while the service is killed and a training runs.
    with training_lock(artifacts):
        other = tab(address)
        other.page.set_default_timeout(LONG)
        film = trained.dataset.films.ids[int(trained.dataset.rows("test")[0])]
        other.open(f"your_film?yours_film={film}")
        other.page.get_by_text("Scores of your film").first.wait_for()
        (process,) = services(artifacts)
        os.kill(process, signal.SIGKILL)
        write(visit, "A wedding in the garden of an old house.")
        write(other, "A duel at noon.")
        visit.page.get_by_text("Versions: 3").wait_for()
        other.page.get_by_text("Versions: 2").wait_for()
        assert services(artifacts) not in ([], [process])
    other.page.reload()
    other.page.get_by_text("Scores of your film").first.wait_for()
    assert not visit.page.locator("[data-testid=stException]").count()


@pytest.mark.parametrize("kind", ["corrupt", "huge", "html"])
def test_an_upload_that_is_no_usable_poster_is_refused_in_words(address, tab, trained, kind):
    poster = trained.dataset.poster_file(0).content()
    content = {
        "corrupt": poster[: len(poster) // 3],
        "huge": encoded(Image.new("1", (9_000, 9_000)), "PNG"),
        "html": b"<html><body>poster</body></html>",
    }[kind]
    visit = tab(address)
    visit.page.set_default_timeout(LONG)
    visit.open("your_film")
    upload(visit, content)
    visit.page.get_by_text(REFUSED).first.wait_for()
    assert not visit.page.locator("[data-testid=stException]").count()


@pytest.mark.parametrize("kind", ["animated", "cmyk"])
def test_an_unusual_poster_is_scored(address, tab, kind):
    frames = [Image.new("RGB", (60, 90), colour) for colour in ("red", "blue")]
    content = {
        "animated": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "cmyk": encoded(frames[0].convert("CMYK"), "JPEG"),
    }[kind]
    visit = tab(address)
    visit.page.set_default_timeout(LONG)
    visit.open("your_film")
    upload(visit, content)
    visit.page.get_by_text("Scores of your film").first.wait_for()
    assert not visit.page.get_by_text(REFUSED).count()
