"""Notebooks as Jupyter saves them, with progress as Keras 3 prints it."""

import json

FIT = "history = cnn.fit(train, validation_data=val, epochs=2)"
BAR = "\x1b[1m80/80\x1b[0m \x1b[32m━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m{}s\x1b[0m 3ms/step"
SUMMARY = (
    "Model: sequential\n│ conv2d (\x1b[38;5;33mConv2D\x1b[0m) │ (None, 32) │\n"
    "\x1b[1m Total params: \x1b[0m\x1b[38;5;34m3,464\x1b[0m\n Trainable params: 3,400\n"
)


def keras3(losses, planned=None):
    """Progress as Keras 3 prints it: a bar drawn twice, in colours, each after a backspace."""
    text = ""
    for epoch, (loss, val_loss) in enumerate(losses, 1):
        text += f"Epoch {epoch}/{planned or len(losses)}\n"
        text += BAR.format(0) + f" - loss: {loss + 1:.4f} - precision_1: 0.1000" + "\x08" * 60
        text += "\r" + BAR.format(2) + f" - loss: {loss:.4f} - precision_1: 0.5000"
        text += (
            f" - val_loss: {val_loss:.4f} - val_precision_1: 0.4000 - learning_rate: 1.0000e-04\n"
        )
    return text


def write(path, *cells):
    """Write a notebook of cells, each source and what it printed."""
    made = [
        {
            "cell_type": "code",
            "source": source.splitlines(keepends=True),
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [printed]}],
        }
        for source, printed in cells
    ]
    path.write_text(json.dumps({"nbformat": 4, "cells": made}))
    return path
