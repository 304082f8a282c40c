"""Figures and things that scenes and accents are put together from.

Outlines are in units: x from -0.5 to 0.5 about the middle, y from 0 at the top to 1 at the bottom.
"""

from __future__ import annotations

import math
from random import Random

from genre_core.sample.canvas import HEIGHT, WIDTH, Canvas, Point

COAT = (
    (-0.025, 0.12), (0.025, 0.12), (0.035, 0.155), (0.105, 0.185), (0.125, 0.24), (0.150, 0.46),
    (0.150, 0.52), (0.122, 0.52), (0.092, 0.30), (0.082, 0.44), (0.096, 0.68), (0.056, 0.70),
    (0.068, 0.96), (0.092, 1.00), (0.018, 1.00), (0.010, 0.72), (-0.012, 0.72), (-0.026, 1.00),
    (-0.100, 1.00), (-0.072, 0.96), (-0.056, 0.70), (-0.094, 0.68), (-0.082, 0.44),
    (-0.092, 0.30), (-0.124, 0.52), (-0.152, 0.52), (-0.150, 0.46), (-0.125, 0.24),
    (-0.105, 0.185), (-0.035, 0.155),
)  # fmt: skip
STRIDE = (
    (-0.025, 0.12), (0.025, 0.12), (0.100, 0.180), (0.150, 0.30), (0.230, 0.37), (0.215, 0.40),
    (0.120, 0.34), (0.080, 0.27), (0.075, 0.47), (0.180, 0.66), (0.190, 0.86), (0.250, 0.90),
    (0.145, 0.91), (0.125, 0.70), (0.000, 0.56), (-0.060, 0.74), (-0.190, 0.93), (-0.210, 1.00),
    (-0.245, 0.90), (-0.125, 0.72), (-0.070, 0.48), (-0.070, 0.28), (-0.130, 0.37),
    (-0.110, 0.47), (-0.140, 0.48), (-0.175, 0.37), (-0.105, 0.20),
)  # fmt: skip
PROFILE = (
    (-0.42, 1.00), (-0.36, 0.84), (-0.18, 0.76), (-0.17, 0.64), (-0.30, 0.52), (-0.35, 0.34),
    (-0.30, 0.16), (-0.16, 0.04), (0.02, 0.00), (0.17, 0.06), (0.24, 0.18), (0.235, 0.28),
    (0.25, 0.33), (0.33, 0.45), (0.325, 0.475), (0.265, 0.49), (0.262, 0.515), (0.285, 0.545),
    (0.262, 0.565), (0.275, 0.595), (0.245, 0.625), (0.250, 0.68), (0.215, 0.72), (0.080, 0.715),
    (0.055, 0.77), (0.20, 0.84), (0.32, 1.00),
)  # fmt: skip
BUST = (
    (-0.50, 1.00), (-0.47, 0.82), (-0.36, 0.72), (-0.13, 0.64), (-0.11, 0.52), (0.11, 0.52),
    (0.13, 0.64), (0.36, 0.72), (0.47, 0.82), (0.50, 1.00),
)  # fmt: skip
PLANE = (
    (0.0, 0.0), (0.04, 0.06), (0.05, 0.30), (0.50, 0.48), (0.50, 0.58), (0.05, 0.50),
    (0.04, 0.82), (0.17, 0.92), (0.17, 0.99), (0.0, 0.95), (-0.17, 0.99), (-0.17, 0.92),
    (-0.04, 0.82), (-0.05, 0.50), (-0.50, 0.58), (-0.50, 0.48), (-0.05, 0.30), (-0.04, 0.06),
)  # fmt: skip
LEAF = (
    (0.0, 0.0), (0.14, 0.10), (0.24, 0.28), (0.26, 0.48), (0.20, 0.70), (0.0, 1.0),
    (-0.20, 0.70), (-0.26, 0.48), (-0.24, 0.28), (-0.14, 0.10),
)  # fmt: skip
HOUSE = (
    (-0.50, 1.00), (-0.50, 0.45), (-0.58, 0.45), (-0.30, 0.20), (-0.18, 0.30), (-0.18, 0.12),
    (-0.24, 0.12), (-0.06, -0.18), (0.12, 0.12), (0.06, 0.12), (0.06, 0.34), (0.26, 0.16),
    (0.58, 0.45), (0.50, 0.45), (0.50, 1.00),
)  # fmt: skip
HELMET = (
    (-0.50, 0.72), (-0.46, 0.40), (-0.34, 0.16), (-0.12, 0.02), (0.12, 0.02), (0.34, 0.16),
    (0.46, 0.40), (0.50, 0.72), (0.62, 0.84), (0.60, 0.90), (0.30, 0.84), (-0.30, 0.84),
    (-0.60, 0.90), (-0.62, 0.84),
)  # fmt: skip
HAT = (
    (-0.50, 0.62), (-0.40, 0.74), (-0.22, 0.70), (-0.20, 0.30), (-0.14, 0.06), (-0.03, 0.14),
    (0.03, 0.14), (0.14, 0.06), (0.20, 0.30), (0.22, 0.70), (0.40, 0.74), (0.50, 0.62),
    (0.44, 0.86), (0.20, 0.98), (-0.20, 0.98), (-0.44, 0.86),
)  # fmt: skip


def star(n_points: int, *, inner: float, rng: Random | None = None) -> list[Point]:
    """Return a star of radius 1 about (0, 0), with uneven tips where `rng` is given."""
    points = []
    for step in range(2 * n_points):
        reach = (1.0 if step % 2 == 0 else inner) * (rng.uniform(0.78, 1.0) if rng else 1.0)
        angle = math.pi * step / n_points - math.pi / 2
        points.append((reach * math.cos(angle), reach * math.sin(angle)))
    return points


def heart() -> list[Point]:
    """Return a heart of radius 1 about (0, 0)."""
    turns = [2 * math.pi * step / 60 for step in range(60)]
    return [
        (
            math.sin(turn) ** 3,
            -(13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn)) / 16,
        )
        for turn in turns
    ]


def blob(rng: Random, *, wobble: float = 0.12) -> list[Point]:
    """Return a soft, slightly uneven round shape of radius 1 about (0, 0)."""
    waves = [(rng.randint(2, 4), rng.uniform(0, 2 * math.pi)) for _ in range(2)]
    points = []
    for step in range(72):
        angle = 2 * math.pi * step / 72
        reach = 1 + wobble * sum(math.sin(n * angle + shift) for n, shift in waves) / 2
        points.append((reach * math.cos(angle), reach * math.sin(angle)))
    return points


def ridge(rng: Random, *, base: float, height: float, step: int = 40) -> list[Point]:
    """Return a jagged skyline of mountains from edge to edge, closed at the sheet's bottom."""
    tops = [(x, base - height * rng.uniform(0.1, 1)) for x in range(-step, WIDTH + 2 * step, step)]
    return [(-step, HEIGHT), *tops, (WIDTH + 2 * step, HEIGHT)]


def hill(*, base: float, height: float, peak: float) -> list[Point]:
    """Return one smooth hill from edge to edge, highest at x = `peak`."""
    tops = [
        (x, base - height * math.exp(-(((x - peak) / 190) ** 2)))
        for x in range(-10, WIDTH + 20, 10)
    ]
    return [(-10, HEIGHT), *tops, (WIDTH + 10, HEIGHT)]


def person(
    canvas: Canvas, foot: Point, height: float, colour: str, *, running: bool = False
) -> None:
    """Draw a standing or running figure whose feet are at `foot`."""
    top = foot[0], foot[1] - height
    canvas.shape(STRIDE if running else COAT, colour, at=top, scale=height)
    head = foot[0] + (0.02 * height if running else 0), top[1] + 0.07 * height
    canvas.draw.ellipse(
        (
            head[0] - 0.052 * height,
            head[1] - 0.07 * height,
            head[0] + 0.052 * height,
            head[1] + 0.07 * height,
        ),
        fill=colour,
    )


def bust(canvas: Canvas, top: Point, height: float, colour: str) -> None:
    """Draw head and shoulders, the crown of the head at `top`."""
    canvas.shape(BUST, colour, at=top, scale=(0.95 * height, height))
    x, y = top
    canvas.draw.ellipse((x - 0.19 * height, y, x + 0.19 * height, y + 0.56 * height), fill=colour)


def profile(canvas: Canvas, top: Point, height: float, colour: str, *, left: bool = False) -> None:
    """Draw a face from the side that looks to the right, or to the left."""
    canvas.shape(PROFILE, colour, at=top, scale=(-height if left else height, height))


def eyes(canvas: Canvas, centre: Point, size: float, *, iris: str = "#14161a") -> None:
    """Draw two round cartoon eyes that look the same way."""
    look = canvas.jitter(0, 0.3) * size, canvas.jitter(0.1, 0.25) * size
    for side in (-1, 1):
        x = centre[0] + side * 1.05 * size
        canvas.disc((x, centre[1]), size, "#ffffff")
        canvas.disc((x + look[0], centre[1] + look[1]), 0.48 * size, iris)
        canvas.disc(
            (x + look[0] - 0.15 * size, centre[1] + look[1] - 0.18 * size), 0.15 * size, "#ffffff"
        )


def creature(canvas: Canvas, centre: Point, size: float, colour: str) -> None:
    """Draw a friendly round creature with eyes, a mouth and cheeks."""
    canvas.shape(blob(canvas.rng), colour, at=centre, scale=size)
    x, y = centre
    eyes(canvas, (x, y - 0.22 * size), 0.24 * size)
    mouth = (x - 0.34 * size, y - 0.02 * size, x + 0.34 * size, y + 0.52 * size)
    canvas.draw.chord(mouth, 0, 180, fill="#5c1030")
    canvas.draw.chord(
        (x - 0.2 * size, y + 0.3 * size, x + 0.2 * size, y + 0.5 * size), 0, 180, fill="#ff6b7d"
    )


def explosion(canvas: Canvas, centre: Point, radius: float) -> None:
    """Draw a burst of flame with flying pieces."""
    canvas.glow(centre, radius * 1.6, "#ffb84d", strength=0.9)
    for reach, colour in ((1.0, "#e8380d"), (0.78, "#ff8a1f"), (0.55, "#ffd23f"), (0.3, "#fff7d6")):
        burst = star(13, inner=0.62, rng=canvas.rng)
        canvas.shape(burst, colour, at=centre, scale=radius * reach)
    for _ in range(14):
        angle, far = canvas.rng.uniform(0, 2 * math.pi), canvas.rng.uniform(0.95, 1.45) * radius
        piece = centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle)
        canvas.shape(star(3, inner=0.5), "#2a0f08", at=piece, scale=canvas.rng.uniform(3, 9))


def crosshair(canvas: Canvas, centre: Point, radius: float, colour: str) -> None:
    """Draw the rings and lines of a rifle scope."""
    x, y = centre
    canvas.ring(centre, radius, colour, width=9)
    canvas.ring(centre, 0.55 * radius, colour, width=4)
    for near, far in ((0.25, 1.3), (-1.3, -0.25)):
        canvas.line([(x + near * radius, y), (x + far * radius, y)], colour, width=6)
        canvas.line([(x, y + near * radius), (x, y + far * radius)], colour, width=6)
    canvas.disc(centre, 5, "#d11f2e")


def claw_marks(canvas: Canvas, corner: Point, length: float, colour: str) -> None:
    """Draw four torn slashes that run down to the left."""
    for mark in range(4):
        x, y = corner[0] + mark * 0.2 * length, corner[1] + canvas.jitter(0, 0.06) * length
        slash = [(0.38, 0), (0.43, 0.05), (0.22, 0.5), (0, 1), (0.12, 0.48)]
        canvas.shape(slash, colour, at=(x, y), scale=length)


def drips(canvas: Canvas, colour: str, *, depth: float) -> None:
    """Draw liquid that runs down from the top edge."""
    canvas.draw.rectangle((0, 0, WIDTH, 0.25 * depth), fill=colour)
    x = 0.0
    while x < WIDTH:
        width = canvas.rng.uniform(10, 30)
        bottom = canvas.rng.uniform(0.35, 1.0) * depth
        canvas.draw.rounded_rectangle((x, -20, x + width, bottom), radius=width / 2, fill=colour)
        x += width * canvas.rng.uniform(0.9, 1.7)


def stars(canvas: Canvas, n_stars: int) -> None:
    """Scatter white stars over the sheet."""
    for _ in range(n_stars):
        spot = canvas.rng.uniform(0, WIDTH), canvas.rng.uniform(0, HEIGHT)
        canvas.disc(
            spot, canvas.rng.uniform(0.6, 2.2), "#ffffff", alpha=canvas.rng.randint(120, 255)
        )


def planet(canvas: Canvas, centre: Point, radius: float, colours: tuple[str, str, str]) -> None:
    """Draw a shaded planet with a ring; `colours` are the light, the shadow and the ring."""
    x, y = centre
    canvas.glow(centre, 1.5 * radius, colours[0], strength=0.5)
    canvas.disc(centre, radius, colours[0])
    canvas.disc((x + 0.16 * radius, y + 0.14 * radius), 0.84 * radius, colours[1], alpha=150)
    for reach, width in ((1.75, 7), (1.5, 3)):
        box = (
            x - reach * radius,
            y - 0.36 * reach * radius,
            x + reach * radius,
            y + 0.36 * reach * radius,
        )
        canvas.draw.arc(box, -28, 208, fill=colours[2], width=width)


def neon_grid(canvas: Canvas, horizon: float, colour: str) -> None:
    """Draw a glowing floor of lines that run to the horizon."""
    for x in range(-900, 1301, 90):
        canvas.line([(WIDTH / 2 + (x - WIDTH / 2) * 0.1, horizon), (x, HEIGHT)], colour, width=3)
    depth = 0.06
    while depth < 1.0:
        y = horizon + depth * (HEIGHT - horizon)
        canvas.line([(0, y), (WIDTH, y)], colour, width=2 + int(3 * depth))
        depth *= 1.55
    canvas.glow((WIDTH / 2, horizon), 240, colour, strength=0.35)


def mesa(canvas: Canvas, middle: float, base: float, size: float, colour: str) -> None:
    """Draw a flat-topped rock."""
    rock = [
        (-0.8, 0),
        (-0.46, -0.42),
        (-0.42, -0.92),
        (-0.3, -1),
        (0.36, -1),
        (0.44, -0.9),
        (0.48, -0.4),
        (0.85, 0),
    ]
    canvas.shape(rock, colour, at=(middle, base), scale=size)


def cactus(canvas: Canvas, foot: Point, height: float, colour: str) -> None:
    """Draw a cactus with two arms."""
    x, y = foot
    thick = 0.15 * height
    for left, top, bottom in ((0.0, 1.0, 0.0), (-0.36, 0.72, 0.42), (0.36, 0.82, 0.5)):
        middle = x + left * height
        canvas.draw.rounded_rectangle(
            (
                middle - thick / 2,
                y - top * height,
                middle + thick / 2,
                y - bottom * height + thick / 2,
            ),
            radius=thick / 2,
            fill=colour,
        )
        arm = sorted((x, middle))
        low = y - bottom * height
        canvas.draw.rectangle((arm[0], low - thick / 2, arm[1], low + thick / 2), fill=colour)


def disguise(canvas: Canvas, centre: Point, size: float, ink: str) -> None:
    """Draw joke glasses with a big nose and a moustache."""
    x, y = centre
    for side in (-1, 1):
        lens = x + side * 0.55 * size, y
        canvas.disc(lens, 0.42 * size, "#ffffff")
        canvas.ring(lens, 0.44 * size, ink, width=max(6, int(0.11 * size)))
        brow = [
            (0.1, -0.62),
            (0.55, -0.86),
            (0.98, -0.66),
            (0.94, -0.52),
            (0.55, -0.68),
            (0.14, -0.48),
        ]
        canvas.shape(brow, ink, at=centre, scale=(side * size, size))
        whiskers = [
            (0, 0.72),
            (0.35, 0.6),
            (0.75, 0.78),
            (1.0, 0.66),
            (0.86, 0.98),
            (0.4, 1.06),
            (0, 0.88),
        ]
        canvas.shape(whiskers, ink, at=centre, scale=(side * size, size))
    canvas.draw.ellipse(
        (x - 0.24 * size, y - 0.1 * size, x + 0.24 * size, y + 0.78 * size), fill="#ff9d7a"
    )


def wire(canvas: Canvas, y: float, colour: str) -> None:
    """Draw a strand of barbed wire from edge to edge."""
    wave = [(x, y + 6 * math.sin(x / 40)) for x in range(0, WIDTH + 10, 10)]
    canvas.line(wave, colour, width=4)
    for x, height in wave[2::5]:
        canvas.line([(x - 8, height - 10), (x + 8, height + 10)], colour, width=3)
        canvas.line([(x - 8, height + 10), (x + 8, height - 10)], colour, width=3)


def ship(canvas: Canvas, centre: Point, size: float, ink: str, sail: str) -> None:
    """Draw a sailing ship."""
    hull = [(-0.62, 0.42), (0.66, 0.34), (0.46, 0.72), (-0.44, 0.72)]
    canvas.shape(hull, ink, at=centre, scale=size)
    x, y = centre
    canvas.line([(x, y - 0.75 * size), (x, y + 0.45 * size)], ink, width=6)
    canvas.shape([(0.05, -0.7), (0.58, 0.25), (0.05, 0.3)], sail, at=centre, scale=size)
    canvas.shape([(-0.05, -0.55), (-0.05, 0.3), (-0.5, 0.3)], sail, at=centre, scale=size)
    canvas.shape([(0, -0.86), (0.2, -0.8), (0, -0.72)], "#d1495b", at=centre, scale=size)


def leaves(canvas: Canvas, *, left: bool, colours: tuple[str, str]) -> None:
    """Draw jungle leaves that reach in from one side."""
    edge, way = (0, 1) if left else (WIDTH, -1)
    for y in range(60, 460, 48):
        length = canvas.rng.uniform(90, 150)
        drop = canvas.jitter(20, 45)
        spine = (edge + way * length, y + drop)
        across = 0.2 * length
        middle = ((edge + spine[0]) / 2, (y + spine[1]) / 2)
        outline = [
            (edge - way * 10, y),
            (middle[0], middle[1] - across),
            spine,
            (middle[0], middle[1] + across),
        ]
        canvas.shape(outline, canvas.rng.choice(colours))
        canvas.line([(edge, y), spine], "#0d3b2a", width=2, alpha=120)


def compass(canvas: Canvas, centre: Point, radius: float, colours: tuple[str, str]) -> None:
    """Draw a compass rose."""
    canvas.disc(centre, radius, colours[0])
    canvas.ring(centre, radius, colours[1], width=6)
    canvas.shape(star(8, inner=0.3), colours[1], at=centre, scale=0.6 * radius)
    canvas.shape(star(4, inner=0.22), "#d1495b", at=centre, scale=0.88 * radius)
