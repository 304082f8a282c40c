"""A curve that grows while its run trains, and never vanishes on the way."""

import json
import time

from served_app import serving
from tiny_artifacts import history_of, start_run

from genre_core.jobs.lock import training_lock

# Plotly draws anew with each epoch: that may take a frame or two, and must not move the page.
MOST_BLANK = 3  # frames in a row, 50 ms of 1/60 s
WATCH = """() => new Promise(done => {
  const sizes = new Set(), heights = new Set();
  let frames = 0, blank = 0, longest = 0;
  const began = performance.now();
  const look = () => {
    frames += 1;
    const chart = document.querySelector('.js-plotly-plot');
    const line = chart && chart.querySelector('.scatterlayer path.js-line');
    const isDrawn = line && line.getBoundingClientRect().width > 5;
    blank = isDrawn ? 0 : blank + 1;
    longest = Math.max(longest, blank);
    if (isDrawn) sizes.add(Math.max(...chart.data.map(line => line.x.length)));
    heights.add(document.querySelector('[data-testid=stMain]').scrollHeight);
    if (performance.now() - began < 6000) requestAnimationFrame(look);
    else done({frames, longest, heights: heights.size, sizes: sizes.size});
  };
  look();
})"""


def test_a_live_curve_grows_and_keeps_its_place(filled, tab):
    artifacts, dataset = filled
    rows = history_of(12)
    writer = start_run(artifacts, dataset, "poster_cnn", history=rows[:3])
    with training_lock(artifacts) as lock, serving(artifacts) as address:
        lock.describe(run=writer.folder.name)
        visit = tab(address)
        visit.open("training_curves")
        visit.page.locator(".js-plotly-plot").first.wait_for()
        visit.page.evaluate(f"void (window.watched = ({WATCH})())")
        for row in rows[3:9]:
            with (writer.folder / "history.jsonl").open("a") as file:
                file.write(json.dumps(row) + "\n")
            time.sleep(1.0)
        seen = visit.page.evaluate("window.watched")
        visit.page.get_by_text("in epoch 9").wait_for()
    assert seen["frames"] > 30
    assert seen["longest"] <= MOST_BLANK
    assert seen["heights"] == 1
    assert seen["sizes"] >= 4
    assert visit.errors == []
