import pytest

from genre_core.charts.colours import DARK, LIGHT, MARKS
from genre_core.charts.curves import Axes, Curve, common_axes, learning_curve, reading


def curve_of(*losses: float, role="poster") -> Curve:
    rows = [
        {
            "epoch": epoch,
            "loss": loss - 0.1,
            "val_loss": loss,
            "precision": 0.5,
            "val_precision": 0.4,
            "recall": 0.3,
            "val_recall": 0.2,
        }
        for epoch, loss in enumerate(losses, start=1)
    ]
    kept = min(rows, key=lambda row: row["val_loss"])["epoch"] if rows else None
    return Curve(role, rows, kept)


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name.startswith(name))


def test_reading_of_a_loss_that_rises_again():
    assert reading(curve_of(0.3, 0.2, 0.25), 0.24) == (
        "Validation loss is lowest at epoch 2 of 3 (0.2000) and rising since then: 0.0500 higher "
        "at the end; it is below the genre frequencies (0.2400) in 1 of 3 epochs."
    )


def test_reading_of_a_loss_that_still_falls():
    assert "so it was still falling when training stopped" in reading(curve_of(0.3, 0.2), 0.1)


def test_reading_of_a_loss_that_never_beats_the_frequencies():
    assert "never below the genre frequencies (0.1000)" in reading(curve_of(0.3, 0.2), 0.1)


def test_a_loss_equal_to_the_frequencies_is_not_below():
    assert "never below" in reading(curve_of(0.2), 0.2)


def test_reading_without_epochs():
    assert "no epochs" in reading(curve_of(), 0.2)


def test_common_axes_hold_every_curve_and_the_trivial_loss():
    axes = common_axes([curve_of(0.5, 0.4), curve_of(0.9)], "loss", trivial=0.1)
    assert axes.epochs == 2
    assert axes.low < 0.1 < 0.9 < axes.high


@pytest.mark.parametrize("quantity", ["precision", "recall"])
def test_shares_always_go_from_0_to_1(quantity):
    assert common_axes([curve_of(0.5)], quantity) == Axes(1, 0.0, 1.0)


def test_common_axes_of_nothing_can_be_drawn():
    axes = common_axes([], "loss")
    assert axes.epochs == 1
    assert axes.low < axes.high


@pytest.mark.parametrize("quantity", ["loss", "precision", "recall"])
def test_training_and_validation_differ_by_more_than_colour(quantity):
    figure = learning_curve(curve_of(0.5, 0.4), quantity, Axes(2, 0, 1), LIGHT)
    validation, training = trace(figure, "validation"), trace(figure, "training")
    assert validation.line.color == training.line.color == MARKS["poster"].light
    assert validation.line.dash != training.line.dash
    assert validation.marker.symbol != training.marker.symbol
    assert list(validation.y) == [row[f"val_{quantity}"] for row in curve_of(0.5, 0.4).rows]


def test_the_kept_epoch_is_marked_where_it_is():
    figure = learning_curve(curve_of(0.5, 0.3, 0.4), "loss", Axes(3, 0, 1), LIGHT)
    kept = trace(figure, "kept: epoch 2")
    assert (kept.x, kept.y) == ((2,), (0.3,))
    assert figure.layout.shapes[0].x0 == 2


def test_few_epochs_are_marked_one_by_one():
    few, many = (
        learning_curve(curve_of(0.5), "loss", Axes(epochs, 0, 1), LIGHT).layout.xaxis.dtick
        for epochs in (3, 40)
    )
    assert (few, many) == (1, None)


def test_the_trivial_loss_goes_over_the_whole_width():
    figure = learning_curve(curve_of(0.5), "loss", Axes(40, 0, 1), LIGHT, trivial=0.25)
    line = trace(figure, "genre frequencies 0.2500")
    assert (line.x, line.y) == ((0.5, 40.5), (0.25, 0.25))


def test_a_model_looks_lighter_on_dark():
    light, dark = (
        trace(learning_curve(curve_of(0.5), "loss", Axes(1, 0, 1), theme), "validation").line.color
        for theme in (LIGHT, DARK)
    )
    assert (light, dark) == (MARKS["poster"].light, MARKS["poster"].dark)


def test_every_role_has_a_colour_and_a_marker_of_its_own():
    for looks in zip(*((m.light, m.dark, m.symbol, m.sign) for m in MARKS.values()), strict=True):
        assert len(set(looks)) == len(MARKS)
