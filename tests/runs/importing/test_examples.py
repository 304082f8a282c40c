"""Example films that a model has been trained on, found in the code of a notebook."""

import ast

import pytest

from genre_core.runs.importing.examples import examples_of_training

DEFINED = "def top(model, data, *more):\n    return model.predict(data)\n"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("cnn.predict(train_images[:3])", "train_images"),
        ("some = [x_train[i] for i in rows]\ncnn.predict(load(some))", "x_train"),
        ("for film in zip(posters_train, labels): cnn.predict(film)", "posters_train"),
        (DEFINED + "some = labels_train[:8]\ntop(cnn, some)", "labels_train"),
        (DEFINED + "top(model=cnn, data=x_train)", "x_train"),
        ("cnn.predict(x_valid)", ""),
        ("x_test = x_train[9:]\ncnn.predict(x_test)", ""),
        ("lstm.predict(x_train)", ""),
        (DEFINED + "top(lstm, x_train)", ""),
        ("a, b = train_test_split(films)\ncnn.predict(b)", ""),
        (DEFINED + "names = data_train.columns\ntop(cnn, data_test, names)", ""),
        ("a = b\nb = a\ncnn.predict(a)", ""),
        ("cnn.predict(constrained)", ""),
        ("", ""),
    ],
)
def test_examples_are_followed_to_the_part_they_are_from(code, found):
    assert examples_of_training(ast.parse(code), "cnn") == found
