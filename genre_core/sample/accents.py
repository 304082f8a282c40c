"""The accents of the posters, which represent genres other than the leading one.

Each accent has its own part of the poster, so that several fit on one, and the signature colour of
its genre.
"""

from __future__ import annotations

from genre_core.sample import shapes
from genre_core.sample.canvas import HEIGHT, WIDTH, Canvas


def action(canvas: Canvas) -> None:
    """Draw an explosion at the lower left, and orange streaks."""
    for x in (-60, 0, 60):
        streak = [(x, 430), (x + 26, 430), (x + 190, 190), (x + 180, 190)]
        canvas.shape(streak, "#ff8a1f", alpha=150)
    shapes.explosion(canvas, (canvas.jitter(75, 12), canvas.jitter(375, 12)), 92)


def adventure(canvas: Canvas) -> None:
    """Draw jungle leaves on the right and a compass rose at the lower right."""
    shapes.leaves(canvas, left=False, colours=("#1f8a5b", "#136b45"))
    spot = canvas.jitter(335, 8), canvas.jitter(425, 10)
    shapes.compass(canvas, spot, 56, ("#f7e3a1", "#136b45"))


def animation(canvas: Canvas) -> None:
    """Let a bright creature look in at the lower right, on bright dots."""
    ink = canvas.rng.choice(["#19e0c4", "#ff3fa0", "#7be000", "#8a4dff"])
    for _ in range(16):
        spot = canvas.rng.uniform(0, WIDTH), canvas.rng.uniform(50, 450)
        canvas.disc(spot, 10, canvas.rng.choice(["#19e0c4", "#ff3fa0", "#7be000", "#8a4dff"]))
    shapes.creature(canvas, (canvas.jitter(315, 15), canvas.jitter(370, 15)), 88, ink)


def comedy(canvas: Canvas) -> None:
    """Stick a yellow badge with joke glasses to the upper left."""
    centre = canvas.jitter(100, 12), canvas.jitter(130, 12)
    canvas.shape(shapes.star(18, inner=0.88), "#ffffff", at=centre, scale=98)
    canvas.shape(shapes.star(18, inner=0.88), "#ffd400", at=centre, scale=91)
    shapes.disguise(canvas, (centre[0], centre[1] - 12), 58, "#1d1d1f")


def horror(canvas: Canvas) -> None:
    """Let blood run from the top, and darken the edges."""
    canvas.tint("#050304", 0.45)
    shapes.drips(canvas, "#a80f18", depth=125)


def romance(canvas: Canvas) -> None:
    """Hang a big heart at the right on a rosy glow."""
    centre = canvas.jitter(310, 15), canvas.jitter(250, 15)
    canvas.glow(centre, 170, "#ff9ec4", strength=0.85)
    canvas.shape(shapes.heart(), "#ffffff", at=centre, scale=72)
    canvas.shape(shapes.heart(), "#e8336d", at=centre, scale=63)


def sci_fi(canvas: Canvas) -> None:
    """Lay a violet night with a ringed planet over the upper right, and a grid over the floor."""
    canvas.glow((310, 110), 230, "#3a1a9a", strength=0.9)
    centre = canvas.jitter(300, 12), canvas.jitter(115, 10)
    shapes.planet(canvas, centre, 52, ("#2be8f0", "#2a1f8f", "#ff3fd0"))
    shapes.neon_grid(canvas, 455, "#2be8f0")


def thriller(canvas: Canvas) -> None:
    """Take the colours away and put the sheet in a rifle scope."""
    canvas.wash_out(0.75)
    canvas.tint("#3a474f", 0.35)
    shapes.crosshair(canvas, (canvas.jitter(200, 12), canvas.jitter(265, 12)), 120, "#e9edf0")


def war(canvas: Canvas) -> None:
    """Lay olive smoke over the sheet, with planes above and wire below."""
    canvas.tint("#5d5f33", 0.42)
    canvas.smoke([(x, canvas.jitter(430, 20), 55) for x in range(0, 441, 60)], "#4a4a30", 170)
    for x, y in ((70, 90), (125, 62), (180, 96)):
        canvas.shape(shapes.PLANE, "#23240f", at=(x, y), scale=62)
    shapes.wire(canvas, 440, "#23240f")


def western(canvas: Canvas) -> None:
    """Lay sand over the floor, with a cactus and a sheriff's star."""
    canvas.tint("#d98a3d", 0.3)
    canvas.shape(shapes.hill(base=455, height=20, peak=90), "#c9722b")
    shapes.cactus(canvas, (canvas.jitter(70, 15), 480), 190, "#4a1f0a")
    canvas.shape(shapes.star(5, inner=0.45), "#f2c14e", at=(canvas.jitter(320, 15), 110), scale=58)
    canvas.draw.rectangle((0, HEIGHT - 118, WIDTH, HEIGHT - 112), fill="#4a1f0a")
