"""Executed notebooks: every epoch of every fit, whatever Keras printed it."""

import json

import pytest
from write_notebook import FIT, SUMMARY, keras3, write

from genre_core.errors import DataError
from genre_core.evaluation.base_rates import BaseRateLoss
from genre_core.evaluation.intervals import Interval
from genre_core.runs.importing import notebook as notebooks
from genre_core.runs.importing.findings import findings
from genre_core.runs.importing.notebook import read_notebook
from genre_core.runs.importing.progress_lines import printed_fits


def test_every_epoch_of_keras_3_is_read(tmp_path):
    path = write(
        tmp_path / "a.ipynb",
        ("cnn.summary()", SUMMARY),
        (FIT, keras3([(0.5, 0.4), (0.3, 0.25)])),
    )
    (fit,) = read_notebook(path).fits
    assert (fit.cell, fit.model) == (2, "cnn")
    assert fit.printed.rows == [
        {
            "epoch": epoch,
            "loss": loss,
            "precision": 0.5,
            "val_loss": val_loss,
            "val_precision": 0.4,
            "learning_rate": 1e-4,
        }
        for epoch, loss, val_loss in ((1, 0.5, 0.4), (2, 0.3, 0.25))
    ]
    assert (fit.summary.modality, fit.summary.n_parameters, fit.summary.n_trainable) == (
        "poster",
        3464,
        3400,
    )


@pytest.mark.parametrize(
    "text",
    [
        # Keras 2, verbose=1: a bar that grows
        "Epoch 1/1\n 1/62 [....] - ETA: 3s - loss: 0.9\r62/62 [====] - 3s 5ms/step - loss: 0.5"
        " - val_loss: 0.6\n",
        "Epoch 1/1\n62/62 - 3s - loss: 0.5 - val_loss: 0.6 - 3s/epoch - 50ms/step\n",  # verbose=2
        "Epoch 1/1\n62/62 - 3s - 50ms/step - loss: 5.0000e-01 - val_loss: 0.6",  # of Keras 3
        "Epoch 1/1\n62/62 - loss: 0.5\nEpoch 1: val_loss improved from inf to 0.60000, saving\n"
        "62/62 - loss: 0.5 - val_loss: 0.6",
    ],
)
def test_each_kind_of_progress_is_read(text):
    (fit,) = printed_fits(text)
    assert fit.rows == [{"epoch": 1, "loss": 0.5, "val_loss": 0.6}]


def test_trainings_of_one_cell_and_what_is_lost_are_counted():
    text = keras3([(0.5, 0.4)] * 2, planned=5) + keras3([(0.4, 0.3)], planned=5)
    assert [len(fit.rows) for fit in printed_fits(text)] == [2, 1]
    cut = printed_fits("Epoch 7/9\n9/9 - loss: 0.5\nEpoch 8/9\n")
    assert [(fit.rows[0]["epoch"], fit.n_planned, fit.n_cut) for fit in cut] == [(7, 9, 1)]
    (diverged,) = printed_fits("Epoch 1/1\n9/9 - loss: nan - recall: 0.5")
    assert (diverged.rows, diverged.not_finite) == ([{"epoch": 1, "recall": 0.5}], [1])


def test_a_bar_that_is_not_full_is_no_epoch():
    (fit,) = printed_fits("Epoch 1/2\n9/9 - loss: 0.5\nEpoch 2/2\n3/9 [=>...] - loss: 0.2\n")
    assert (fit.rows, fit.n_cut) == ([{"epoch": 1, "loss": 0.5}], 1)


def test_an_output_as_html_and_a_notebook_of_format_3_are_read(tmp_path):
    html = {
        "output_type": "display_data",
        "data": {"text/html": ["<pre>Epoch 1/1\n9/9 - 1s - loss: 0.5</pre>"]},
    }
    old = {
        "nbformat": 3,
        "worksheets": [{"cells": [{"cell_type": "code", "input": FIT, "outputs": [html]}]}],
    }
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old))
    assert read_notebook(path).fits[0].printed.rows == [{"epoch": 1, "loss": 0.5}]


def test_what_is_no_training_is_refused_with_a_way_out(tmp_path, monkeypatch):
    silent = write(tmp_path / "silent.ipynb", ("m.fit(x, y, epochs=3, verbose=0)", ""))
    with pytest.raises(DataError, match=r"shows no training.*1 calls of fit print nothing"):
        read_notebook(silent)
    for content in ("{", "[]", '{"cells": 3}', "\x00"):
        path = tmp_path / "bad.ipynb"
        path.write_text(content)
        with pytest.raises(DataError, match="is no Jupyter notebook"):
            read_notebook(path)
    monkeypatch.setattr(notebooks, "MOST_MEGABYTES", 0)
    with pytest.raises(DataError, match="Clear the outputs"):
        read_notebook(silent)


BASELINE = BaseRateLoss(0.24, Interval(0.235, 0.245))


def asked(tmp_path, source, printed, baseline=BASELINE, more=""):
    notebook = read_notebook(write(tmp_path / "n.ipynb", (source, printed), (more, "")))
    return {one.key: one.question for one in findings(notebook.fits[0], notebook, baseline)}


def test_weights_that_were_not_fresh_are_asked_about(tmp_path):
    found = asked(tmp_path, FIT, keras3([(0.2106, 0.241), (0.2, 0.22)]))
    assert found == {
        "stale_start": "Were the weights fresh? Epoch 1 has a training loss of 0.2106, "
        "not above that of the base rates: 0.2400 on these validation films, 0.2350 to 0.2450 on "
        "95% of samples of as many."
    }
    assert asked(tmp_path, FIT, keras3([(0.5, 0.3), (0.2, 0.22)])) == {}
    assert asked(tmp_path, FIT, keras3([(0.2, 0.3), (0.2, 0.22)]), baseline=None) == {}


def test_a_network_worse_than_the_base_rates_is_asked_about(tmp_path):
    found = asked(tmp_path, FIT, keras3([(0.5, 0.3), (0.3, 0.25)]))
    assert "0.2500 at best. That of the base rates: 0.2400" in found["never_below_base_rates"]


def test_a_training_that_diverged_or_was_cut_off_is_asked_about(tmp_path):
    printed = (
        "Epoch 1/3\n9/9 - loss: 0.5 - val_loss: 0.2\nEpoch 2/3\n9/9 - loss: nan - recall: 0.1\n"
    )
    found = asked(tmp_path, FIT, printed + "Epoch 3/3\n1/9 - loss: nan\n")
    assert "not finite in 1 of 2 epochs, first in epoch 2" in found["diverged"]
    assert "2 of 3 epochs. Cut short: 1." in found["incomplete"]


def test_the_best_epoch_has_to_be_loaded(tmp_path):
    worse = keras3([(0.5, 0.2), (0.3, 0.23)])
    assert (
        "lowest in epoch 1 (0.2000) and ends at 0.2300"
        in asked(tmp_path, FIT, worse)["best_epoch_not_kept"]
    )
    loads = "c = ModelCheckpoint('w', save_best_only = True)\ncnn.load_weights('w')"
    assert asked(tmp_path, FIT, worse, more=loads) == {}
    assert asked(tmp_path, FIT, worse, more="EarlyStopping(restore_best_weights=True)") == {}
    said = "# restore_best_weights=True\nc = ModelCheckpoint('w', save_best_only=True)"
    assert asked(tmp_path, FIT, worse, more=said).keys() == {"best_epoch_not_kept"}
    other = "c = ModelCheckpoint('w', save_best_only=True)\nlstm.load_weights('w')"
    assert asked(tmp_path, FIT, worse, more=other).keys() == {"best_epoch_not_kept"}


def test_other_faults_are_asked_about(tmp_path):
    good = keras3([(0.5, 0.3), (0.3, 0.2)])
    same = "m.fit(x, y, validation_data=(x, y), epochs=2)"
    assert "(x, y)" in asked(tmp_path, same, good)["validation_is_training"]
    assert asked(tmp_path, "m.fit(ds, validation_data=ds, epochs=2)", good).keys() == {
        "validation_is_training"
    }
    accuracy = "Epoch 1/1\n9/9 - loss: 0.5 - accuracy: 0.9100 - val_loss: 0.2"
    assert "0.910" in asked(tmp_path, FIT, accuracy)["accuracy"]
    shown = asked(tmp_path, FIT, good, more="print(cnn.predict(train_images[:3]))")
    assert "train_images" in shown["training_examples"]
