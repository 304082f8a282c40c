import pytest

from genre_core.charts.colours import LIGHT
from genre_core.ui.parts import text


@pytest.mark.parametrize("mark", list("*_~`$<>[](){}#+-.!|:\\&\"'^="))
def test_every_mark_of_markdown_is_escaped(mark):
    assert text.literal(f"a{mark}b") == f"a\\{mark}b"


@pytest.mark.parametrize(
    ("address", "start"),
    [
        ("http://a.b/c", "http"),
        ("HTTPS://a.b", "HTTPS"),
        ("see www.a.b", "see www"),
        ("a@b.c", "a@"),
    ],
)
def test_an_address_is_no_link(address, start):
    """Markdown finds addresses in the text that is left once marks are unescaped."""
    shown = text.literal(address).replace("\\", "")
    assert shown.startswith(f"{start}\N{WORD JOINER}")
    assert shown.replace("\N{WORD JOINER}", "") == address


def test_lines_cannot_start_a_block():
    assert text.literal("a\n\n# b") == "a \\# b"


def test_chips_say_what_they_are_with_sign_and_word():
    assert "✓\u00a0hit: Drama 0.62" in text.hit("Drama", 0.623)
    assert "+\u00a0extra: Drama 0.62" in text.extra("Drama", 0.623)
    assert "missed: Drama 0.05" in text.missed("Drama", 0.05)


def test_a_genre_cannot_close_its_chip():
    assert text.plain("a]b") == ":violet-badge[a\\]b]"


def test_a_model_has_its_marker():
    assert text.signed("poster", "CNN", LIGHT) == ":color[■]{foreground='#d55e00'} CNN"
