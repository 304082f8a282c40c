"""Curves of any number of runs: what is drawn, what is marked, what has common axes."""

import pytest

from genre_core.charts.colours import DARK, LIGHT, MARKS, styles
from genre_core.charts.curves import FEW, Axes, Curve, common_axes, learning_curves


def curve_of(*losses: float, role="poster", name="run", place=0) -> Curve:
    rows = [
        {
            "epoch": epoch,
            "loss": loss - 0.1,
            "val_loss": loss,
            "precision": 0.5,
            "val_precision": 0.4,
            "recall": 0.3,
            "val_recall": 0.2,
            "learning_rate": 1e-3,
        }
        for epoch, loss in enumerate(losses, start=1)
    ]
    kept = min(rows, key=lambda row: row["val_loss"])["epoch"] if rows else None
    return Curve(name, styles([role] * (place + 1), LIGHT)[place], rows, kept)


def drawn(curves, quantity="loss", theme=LIGHT, **options):
    return learning_curves(curves, quantity, common_axes(curves, quantity), theme, **options)


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name.startswith(name))


def test_common_axes_hold_every_curve_and_the_trivial_loss():
    axes = common_axes([curve_of(0.5, 0.4), curve_of(0.9)], "loss", baseline=0.1)
    assert axes.epochs == 2
    assert axes.low < 0.1 < 0.9 < axes.high


@pytest.mark.parametrize("quantity", ["precision", "recall", "f1"])
def test_shares_always_go_from_0_to_1(quantity):
    assert common_axes([curve_of(0.5)], quantity) == Axes(1, 0.0, 1.0)


def test_validation_is_strong_and_training_thin_and_dotted():
    figure = drawn([curve_of(0.3, 0.2)])
    validation, training = trace(figure, "run: validation"), trace(figure, "run: training")
    assert validation.line.width > training.line.width
    assert (validation.line.dash, training.line.dash) == ("solid", "dot")
    assert (validation.mode, training.mode) == ("lines+markers", "lines")
    assert list(validation.y) == [0.3, 0.2]


def test_two_runs_of_one_model_differ_by_dash_and_marker_and_share_the_colour():
    figure = drawn([curve_of(0.3, name="old"), curve_of(0.2, name="new", place=1)])
    old, new = trace(figure, "old: validation"), trace(figure, "new: validation")
    assert old.line.color == new.line.color == MARKS["poster"].light
    assert old.line.dash != new.line.dash
    assert old.marker.symbol != new.marker.symbol


def test_the_legend_of_several_runs_has_one_line_a_run_and_the_frequencies():
    figure = drawn([curve_of(0.3, name="a"), curve_of(0.2, name="b", place=1)], baseline=0.25)
    shown = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert shown == ["a: validation", "b: validation", "base rates 0.2500"]


def test_the_kept_epoch_is_starred_on_its_value():
    star = trace(drawn([curve_of(0.3, 0.2, 0.25)]), "kept: epoch 2")
    assert (list(star.x), list(star.y)) == ([2], [0.2])
    assert star.marker.symbol == "star"


def test_the_trivial_loss_is_a_level_line_across_the_chart():
    line = trace(drawn([curve_of(0.3, 0.2)], baseline=0.25), "base rates 0.2500")
    assert list(line.y) == [0.25, 0.25]
    assert line.line.color == MARKS["base_rates"].light
    assert line.line.dash == "dashdot"


def test_smoothing_leaves_the_values_and_short_runs_alone():
    long, short = [0.3 + 0.1 * (epoch % 2) for epoch in range(FEW)], [0.3, 0.2]
    figure = drawn([curve_of(*long)], is_smoothed=True)
    assert list(trace(figure, "run: validation").y) == long
    smooth = trace(figure, "run: validation, smoothed").y
    assert smooth[0] == long[0]
    assert max(smooth[2:]) - min(smooth[2:]) < 0.1
    names = [trace.name for trace in drawn([curve_of(*short)], is_smoothed=True).data]
    assert not any("smoothed" in name for name in names)


def test_the_same_history_gives_the_same_figure():
    curves = [curve_of(0.3, 0.2)]
    assert drawn(curves).to_json() == drawn(curves).to_json()


def test_dark_pages_have_lighter_lines_for_what_is_not_a_run():
    line = trace(drawn([curve_of(0.3)], theme=DARK, baseline=0.2), "base rates")
    assert line.line.color == MARKS["base_rates"].dark


def test_the_learning_rate_is_one_line_without_a_star():
    figure = drawn([curve_of(0.3, 0.2)], "learning_rate")
    assert len(figure.data) == 1
    assert list(figure.data[0].y) == [1e-3, 1e-3]
