"""Text of others in charts: Plotly reads tags in whatever it shows, links among them."""

from __future__ import annotations

import html


def plain(text: str) -> str:
    """Return text that Plotly shows as written.

    >>> plain("<a href='x'>a</a> & b")
    "&lt;a href='x'&gt;a&lt;/a&gt; &amp; b"
    """
    return html.escape(text, quote=False)
