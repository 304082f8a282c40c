"""The sign of the app, drawn here: an icon from the network would call another server."""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageDraw

VIOLET = "#8f63c7"  # stands on light and on dark
SIDE = 64  # pixels

LOGO = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 32" width="150" height="32">
<rect x="1" y="5" width="32" height="22" rx="4" fill="{VIOLET}"/>
<path d="M10 21V11l7 7 7-7v10" fill="none" stroke="#fff" stroke-width="3"
 stroke-linecap="round" stroke-linejoin="round"/>
<text x="42" y="24" font-family="sans-serif" font-size="23" font-weight="700"
 fill="{VIOLET}">Marquee</text></svg>"""


@cache
def icon() -> Image.Image:
    """Return the icon of the browser tab, SIDE x SIDE pixels."""
    image = Image.new("RGBA", (SIDE, SIDE))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((2, 10, 61, 53), radius=9, fill=VIOLET)
    draw.line((18, 43, 18, 22, 32, 36, 46, 22, 46, 43), fill="#ffffff", width=6, joint="curve")
    return image
