"""An imported notebook on Training curves: its questions, and epochs that were not printed."""

import pandas as pd
from test_pages import said
from write_notebook import FIT, keras3, write

from genre_core.runs.importing.write import About, import_notebook, import_scores

CUT = (
    "Epoch 1/9\n9/9 - loss: 0.0100 - val_loss: 0.9000\n*** output truncated ***\n"
    "Epoch 4/9\n9/9 - loss: 0.0090 - val_loss: 0.9500\nEpoch 5/9\n3/9 - loss: 0.0080\n"
)


def imported(tmp_path, artifacts, dataset, printed):
    path = write(tmp_path / "mine.ipynb", (FIT, printed))
    (one,) = import_notebook(path, artifacts, dataset, About())["runs"]
    return one


def test_each_finding_is_a_question_below_the_badge(tmp_path, artifacts, dataset, open_page):
    one = imported(tmp_path, artifacts, dataset, keras3([(0.01, 0.9), (0.005, 0.95)]))
    app = open_page("training_curves", more=one["run"])
    assert not app.exception
    keys = [finding["key"] for finding in one["findings"]]
    assert keys == ["stale_start", "never_below_base_rates", "best_epoch_not_kept"]
    words = said(app).replace("\\", "")  # what keeps them from being read as Markdown
    assert words.index("Overfitting: ") < words.index("Were the weights fresh?")
    for finding in one["findings"]:
        assert finding["question"] in words


def test_a_history_with_epochs_missing_is_shown(tmp_path, artifacts, dataset, open_page):
    one = imported(tmp_path, artifacts, dataset, CUT)
    app = open_page("training_curves", more=one["run"])
    assert not app.exception
    assert "mine" in said(app)


def test_curves_of_a_notebook_stand_beside_scores_that_have_none(
    tmp_path, artifacts, dataset, open_page
):
    one = imported(tmp_path, artifacts, dataset, keras3([(0.01, 0.9), (0.005, 0.95)]))
    for name in ("cnn", "lstm"):
        table = pd.DataFrame(0.5, index=dataset.films.ids, columns=list(dataset.genres))
        table.rename_axis("Id").to_csv(tmp_path / f"{name}.csv")
        import_scores(tmp_path / f"{name}.csv", artifacts, dataset, About())
    words = said(open_page("training_curves"))
    assert one["label"] in words
    assert "Were the weights fresh?" in words
