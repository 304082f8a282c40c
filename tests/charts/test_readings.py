"""The words for each course that a validation loss can take."""

import pytest

from genre_core.charts.readings import Training, reading


def rows_of(val_losses, losses=None):
    losses = losses or [0.5 - 0.01 * epoch for epoch in range(len(val_losses))]
    pairs = zip(losses, val_losses, strict=True)
    return [{"loss": loss, "val_loss": val_loss} for loss, val_loss in pairs]


@pytest.mark.parametrize(
    ("val_losses", "losses", "words"),
    [
        ([0.3, 0.2, 0.21, 0.22], None, "Overfits from epoch 3 on"),
        ([0.3, 0.2, 0.21, 0.22], [0.5, 0.4, 0.4, 0.4], "Validation loss rises from epoch 3 on"),
        ([0.3, 0.2, 0.22], None, "Levelled off"),  # one worse epoch is noise
        ([0.3, 0.25, 0.2], None, "Still improving when it stopped"),
        ([0.3] + 9 * [0.2], None, "Levelled off"),
        ([0.3] + 7 * [0.2] + [0.19, 0.191], None, "Still improving when it stopped"),
        ([0.3] + 7 * [0.25] + [0.24, 0.3], None, "Levelled off"),  # up again at the very end
    ],
)
def test_the_course_of_the_validation_loss(val_losses, losses, words):
    assert reading(Training(rows_of(val_losses, losses), 0.25))[0] == words


def test_a_loss_that_is_never_below_the_base_rates():
    head, numbers = reading(Training(rows_of([0.3, 0.25]), 0.25))
    assert head.endswith("never better than the base rates")
    assert "never below the base rates (0.2500)" in numbers


def test_the_numbers_behind_the_verdict():
    training = Training(rows_of([0.3, 0.2, 0.21, 0.22]), 0.25, without_dropout=(0.15, 0.2))
    assert reading(training)[1] == (
        "Validation loss is lowest in epoch 2 of 4 (0.2000) and below the base rates "
        "(0.2500) in 3 of 4; it ends 0.0200 higher. Without dropout, the kept weights have a "
        "loss of 0.1500 on training and 0.2000 on validation films; train-validation gap: 20% of "
        "the baseline loss, memorisation."
    )


def test_a_small_gap_is_no_memorisation():
    training = Training(rows_of([0.2]), 0.25, without_dropout=(0.195, 0.2))
    assert reading(training)[1].endswith("train-validation gap: 2% of the baseline loss.")


def test_a_running_training_is_judged_so_far():
    head, numbers = reading(Training(rows_of([0.3, 0.2]), 0.25, is_running=True))
    assert head == "Still improving"
    assert "in epoch 2 of 2 so far" in numbers
    assert reading(Training([], 0.25, is_running=True))[0] == "No epoch completed yet"


def test_a_model_without_epochs():
    head, numbers = reading(Training([], 0.25, without_dropout=(0.1, 0.2)))
    assert head == "Fitted without epochs"
    assert "0.1000 on training and 0.2000 on validation films" in numbers
    assert reading(Training([], 0.25))[0] == "No history"
