"""The words for each course that a validation loss can take."""

import pytest

from genre_core.charts.readings import Training, reading


def rows_of(val_losses, losses=None):
    losses = losses or [0.5 - 0.01 * epoch for epoch in range(len(val_losses))]
    pairs = zip(losses, val_losses, strict=True)
    return [{"loss": loss, "val_loss": val_loss} for loss, val_loss in pairs]


@pytest.mark.parametrize(
    ("val_losses", "losses", "answer"),
    [
        ([0.3, 0.2, 0.21, 0.22], None, "rising"),
        ([0.3, 0.2, 0.21, 0.22], [0.5, 0.4, 0.4, 0.4], "rising"),
        ([0.3, 0.2, 0.22], None, "levelled_off"),  # one worse epoch is noise
        ([0.3, 0.25, 0.2], None, "improving"),
        ([0.3] + 9 * [0.2], None, "levelled_off"),
        ([0.3] + 7 * [0.2] + [0.19, 0.191], None, "improving"),
        ([0.3] + 7 * [0.25] + [0.24, 0.3], None, "levelled_off"),  # up again at the very end
    ],
)
def test_the_course_of_the_validation_loss(val_losses, losses, answer):
    found = reading(Training(rows_of(val_losses, losses), 0.25))
    assert found.answer == answer
    assert not found.is_never_better


def test_the_training_loss_is_part_of_the_evidence_only_where_it_fell():
    rising = [0.3, 0.2, 0.21, 0.22]
    falls = "Validation loss rose from 0.2000 in epoch 2 to 0.2200 in epoch 4, while training loss"
    assert reading(Training(rows_of(rising), 0.25)).evidence == f"{falls} fell."
    flat = reading(Training(rows_of(rising, [0.5, 0.4, 0.4, 0.4]), 0.25))
    assert flat.evidence == "Validation loss rose from 0.2000 in epoch 2 to 0.2200 in epoch 4."


def test_a_loss_that_is_never_below_the_base_rates():
    found = reading(Training(rows_of([0.3, 0.25]), 0.25))
    assert found.is_never_better
    assert found.more == "Validation loss is never below the base rates (0.2500)."


@pytest.mark.parametrize(
    ("train", "answer", "share"), [(0.15, "large_gap", "20%"), (0.195, "small_gap", "2%")]
)
def test_the_gap_answers_where_the_loss_has_levelled_off(train, answer, share):
    rows = rows_of([0.3, 0.2, 0.201])
    found = reading(Training(rows, 0.25, without_dropout=(train, 0.2)))
    assert found.answer == answer
    assert found.evidence == (
        f"Train-validation gap without dropout: {share} of the baseline loss ({train:.4f} on "
        "training, 0.2000 on validation films)."
    )
    assert found.more == (
        "Validation loss is lowest in epoch 2 of 3 (0.2000) and ends 0.0010 higher. Validation "
        "loss is below the base rates (0.2500) in 2 of 3 epochs."
    )


@pytest.mark.parametrize("val_losses", [[0.3, 0.2, 0.21, 0.22], [0.3, 0.2]])
def test_the_course_answers_before_the_gap(val_losses):
    found = reading(Training(rows_of(val_losses), 0.25, without_dropout=(0.1, 0.2)))
    assert found.answer in ("rising", "improving")
    assert found.more.startswith("Train-validation gap without dropout: 40%")


def test_a_running_training_is_judged_so_far():
    found = reading(Training(rows_of([0.3, 0.2]), 0.25, is_running=True))
    assert found.answer == "improving"
    assert "in epoch 2 of 2 so far" in found.evidence
    assert "No epoch completed yet" in reading(Training([], 0.25, is_running=True)).evidence


def test_a_history_without_validation_is_not_judged():
    found = reading(Training([{"loss": 0.5}, {"loss": 0.4}], 0.25))
    assert found.answer == "unknown"
    assert found.evidence.endswith("Training loss went from 0.5000 to 0.4000.")
    assert found.more == "2 epochs recorded."


def test_a_model_without_epochs():
    found = reading(Training([], 0.25, without_dropout=(0.1, 0.2)))
    assert found.answer == "large_gap"
    assert "0.1000 on training, 0.2000 on validation films" in found.evidence
    assert found.evidence.startswith("Fitted without epochs.")
    assert reading(Training([], 0.25)).answer == "unknown"
