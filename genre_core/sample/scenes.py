"""The scenes of the posters, several for each leading genre.

Each function paints the whole poster in the colours of one palette. Titles are in the lowest
quarter or the uppermost fifth, so the main subject of a scene is in between.
"""

from __future__ import annotations

import math

from genre_core.sample import shapes
from genre_core.sample.canvas import HEIGHT, WIDTH, Canvas, Palette

MIDDLE = WIDTH / 2


def walk_away(canvas: Canvas, colours: Palette) -> None:
    """Action: a hero walks away from an explosion."""
    canvas.gradient(colours.top, colours.bottom, angle=-35)
    speed_lines(canvas, colours)
    centre = canvas.jitter(MIDDLE, 60), canvas.jitter(235, 30)
    shapes.explosion(canvas, centre, canvas.jitter(170, 20))
    canvas.shape(shapes.ridge(canvas.rng, base=470, height=22, step=22), colours.dark)
    shapes.person(canvas, (canvas.jitter(MIDDLE, 40), 485), 260, colours.dark)


def rooftop_chase(canvas: Canvas, colours: Palette) -> None:
    """Action: someone leaps over the roofs of a burning city."""
    canvas.gradient(colours.top, colours.bottom, angle=-35)
    speed_lines(canvas, colours)
    shapes.explosion(canvas, (canvas.jitter(300, 30), canvas.jitter(150, 30)), 125)
    for x in range(-10, WIDTH, 58):
        roof = canvas.jitter(400 - 0.12 * x, 36)
        canvas.draw.rectangle((x, roof, x + 52, HEIGHT), fill=colours.dark)
        for y in range(int(roof) + 12, 470, 24):
            canvas.draw.rectangle((x + 10, y, x + 18, y + 10), fill=colours.second)
    shapes.person(canvas, (150, 350), 210, colours.dark, running=True)


def speed_lines(canvas: Canvas, colours: Palette) -> None:
    """Draw slanted bands that rush over the sheet."""
    for _ in range(9):
        x, width = canvas.rng.uniform(-250, WIDTH), canvas.rng.uniform(6, 30)
        band = [(x, HEIGHT), (x + width, HEIGHT), (x + width + 330, 0), (x + 330, 0)]
        canvas.shape(band, canvas.rng.choice([colours.main, colours.second]), alpha=70)


def in_the_scope(canvas: Canvas, colours: Palette) -> None:
    """Thriller: a lone figure in a rifle scope."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.glow((MIDDLE, 240), 260, colours.light, strength=0.5)
    centre = canvas.jitter(MIDDLE, 40), canvas.jitter(225, 25)
    shapes.person(canvas, (centre[0], centre[1] + 205), 280, colours.dark)
    shapes.crosshair(canvas, centre, canvas.jitter(125, 15), colours.main)


def torn_strip(canvas: Canvas, colours: Palette) -> None:
    """Thriller: eyes behind a torn strip in a dark sheet."""
    canvas.gradient(colours.bottom, colours.dark)
    y, height = canvas.jitter(220, 40), canvas.jitter(62, 10)
    edge = [(x, y - height + canvas.jitter(0, 9)) for x in range(0, WIDTH + 16, 16)]
    lower = [(x, y + height + canvas.jitter(0, 9)) for x in range(WIDTH, -17, -16)]
    canvas.shape(edge + lower, colours.light)
    for side in (-1, 1):
        x = MIDDLE + side * 82
        almond = [
            (-1, 0),
            (-0.5, -0.5),
            (0, -0.62),
            (0.5, -0.5),
            (1, 0),
            (0.5, 0.4),
            (0, 0.5),
            (-0.5, 0.4),
        ]
        canvas.shape(almond, "#ffffff", at=(x, y), scale=58)
        canvas.disc((x + 8, y - 2), 27, colours.top)
        canvas.disc((x + 8, y - 2), 13, colours.dark)
        canvas.line([(x - 66, y - 46), (x, y - 56), (x + 66, y - 40)], colours.dark, width=10)
    canvas.line([(0, y + 120), (WIDTH, y + 96)], colours.main, width=7)


def lit_doorway(canvas: Canvas, colours: Palette) -> None:
    """Thriller: a figure in a doorway at the end of a dark corridor."""
    canvas.gradient(colours.bottom, colours.dark)
    x = canvas.jitter(MIDDLE, 50)
    door = (x - 62, 120, x + 62, 380)
    for corner in ((0, 0), (WIDTH, 0)):
        near = door[0] if corner[0] == 0 else door[2]
        wall = [corner, (near, door[1]), (near, door[3]), (corner[0], HEIGHT)]
        canvas.shape(wall, colours.top, alpha=150)
    canvas.draw.rectangle(door, fill=colours.light)
    canvas.shape(
        [(door[0], 380), (door[2], 380), (x + 170, HEIGHT), (x - 170, HEIGHT)],
        colours.light,
        alpha=110,
    )
    canvas.shape([(x - 20, 378), (x + 20, 378), (x + 70, HEIGHT), (x - 70, HEIGHT)], colours.dark)
    shapes.person(canvas, (x, 380), 215, colours.dark)
    canvas.draw.rectangle(door, outline=colours.main, width=7)


def big_friend(canvas: Canvas, colours: Palette) -> None:
    """Animation: one huge creature on a hill."""
    canvas.gradient(colours.top, colours.bottom)
    confetti(canvas, ("#ffffff", colours.second))
    canvas.shape(shapes.hill(base=430, height=60, peak=canvas.jitter(MIDDLE, 90)), colours.second)
    centre = canvas.jitter(MIDDLE, 25), canvas.jitter(265, 20)
    for side in (-1, 1):
        ear = centre[0] + side * 85, centre[1] - 120
        canvas.shape(shapes.blob(canvas.rng), colours.main, at=ear, scale=42)
    shapes.creature(canvas, centre, canvas.jitter(145, 10), colours.main)


def three_friends(canvas: Canvas, colours: Palette) -> None:
    """Animation: three creatures look over a hill."""
    canvas.gradient(colours.top, colours.bottom)
    confetti(canvas, ("#ffffff", colours.main))
    inks = [colours.main, colours.second, colours.light]
    canvas.rng.shuffle(inks)
    for x, y, size, ink in (
        (110, 270, 92, inks[0]),
        (295, 250, 86, inks[1]),
        (205, 385, 98, inks[2]),
    ):
        spot = canvas.jitter(x, 12), canvas.jitter(y, 18)
        shapes.creature(canvas, spot, size, ink)
    canvas.shape(shapes.hill(base=480, height=40, peak=canvas.jitter(MIDDLE, 120)), colours.dark)


def confetti(canvas: Canvas, inks: tuple[str, ...]) -> None:
    """Scatter coloured dots over the upper sheet."""
    for _ in range(34):
        spot = canvas.rng.uniform(0, WIDTH), canvas.rng.uniform(0, 400)
        canvas.disc(spot, canvas.rng.uniform(3, 9), canvas.rng.choice(inks), alpha=200)


def joke_glasses(canvas: Canvas, colours: Palette) -> None:
    """Comedy: joke glasses with nose and moustache."""
    canvas.gradient(colours.top, colours.top)
    canvas.disc((MIDDLE, 360), 185, colours.bottom)
    shapes.disguise(canvas, (canvas.jitter(MIDDLE, 12), canvas.jitter(315, 12)), 150, colours.dark)
    canvas.tint(colours.main, 1.0, box=(0, 560, WIDTH, HEIGHT))


def rubber_duck(canvas: Canvas, colours: Palette) -> None:
    """Comedy: a rubber duck in front of a sunburst."""
    canvas.gradient(colours.top, colours.top)
    sunburst(canvas, colours.bottom, (MIDDLE, 360))
    x, y = canvas.jitter(MIDDLE - 15, 20), canvas.jitter(410, 12)
    canvas.draw.ellipse((x - 135, y - 80, x + 135, y + 110), fill=colours.main)
    canvas.shape([(-1.1, -0.5), (-0.6, -0.1), (-0.9, 0.3)], colours.main, at=(x - 30, y), scale=120)
    canvas.disc((x + 60, y - 120), 80, colours.main)
    canvas.shape(
        [(0.8, -0.25), (1.5, 0.05), (0.75, 0.3)], "#ff7a1a", at=(x + 60, y - 115), scale=90
    )
    canvas.disc((x + 82, y - 140), 20, "#ffffff")
    canvas.disc((x + 86, y - 138), 10, colours.dark)
    canvas.draw.chord((x - 85, y - 40, x + 55, y + 70), 0, 180, fill=colours.second)


def wobbly_crowd(canvas: Canvas, colours: Palette) -> None:
    """Comedy: colourful people who lean in all directions."""
    canvas.gradient(colours.top, colours.bottom)
    inks = [colours.main, colours.second, colours.dark, "#1f9d55", "#7b3fe4"]
    canvas.rng.shuffle(inks)
    for x, ink in zip(range(52, WIDTH, 74), inks, strict=True):
        tall = canvas.jitter(235, 40)
        lean = canvas.jitter(0, 40)
        body = [
            (x - 32, 545),
            (x + 32, 545),
            (x + 24 + lean, 545 - tall),
            (x - 24 + lean, 545 - tall),
        ]
        canvas.shape(body, ink)
        head = x + lean * 1.2, 545 - tall - 34
        canvas.disc(head, 36, "#ffc49b")
        shapes.eyes(canvas, (head[0], head[1] - 6), 11)
        canvas.draw.chord(
            (head[0] - 16, head[1], head[0] + 16, head[1] + 24), 0, 180, fill="#b3132b"
        )


def head_first(canvas: Canvas, colours: Palette) -> None:
    """Comedy: legs in striped stockings stick out of a flower pot."""
    canvas.gradient(colours.top, colours.bottom)
    x = canvas.jitter(MIDDLE, 25)
    for side in (-1, 1):
        leg, heel = x + side * 58, canvas.jitter(225, 22)
        canvas.draw.rectangle((leg - 24, heel, leg + 24, 430), fill="#ffffff")
        for y in range(int(heel) + 12, 410, 42):
            canvas.draw.rectangle((leg - 24, y, leg + 24, y + 21), fill=colours.second)
        toe = leg + side * 22
        canvas.draw.ellipse((toe - 46, heel - 36, toe + 46, heel + 10), fill=colours.dark)
    canvas.shape([(-105, 0), (105, 0), (75, 125), (-75, 125)], colours.main, at=(x, 420))
    canvas.draw.rectangle((x - 122, 395, x + 122, 435), fill=colours.dark)


def banana_skin(canvas: Canvas, colours: Palette) -> None:
    """Comedy: a great banana grins on a coloured disc."""
    canvas.gradient(colours.bottom, colours.top)
    centre = canvas.jitter(MIDDLE, 12), canvas.jitter(350, 10)
    canvas.disc(centre, 178, colours.main)
    outer = [(math.cos(turn / 20 * math.pi), math.sin(turn / 20 * math.pi)) for turn in range(21)]
    inner = [(0.86 * x, 0.38 * y) for x, y in reversed(outer)]
    canvas.shape(outer + inner, "#ffdf2e", at=(centre[0], centre[1] - 55), scale=(150, 165))
    for side in (-1, 1):
        tip = centre[0] + side * 140, centre[1] - 62
        canvas.disc(tip, 15, "#5b3a12")
    shapes.eyes(canvas, (centre[0], centre[1] - 30), 34)
    canvas.draw.chord(
        (centre[0] - 42, centre[1] + 20, centre[0] + 42, centre[1] + 92), 0, 180, fill="#8f1020"
    )


def sunburst(canvas: Canvas, ink: str, centre: tuple[float, float]) -> None:
    """Draw wide rays from a centre to the edges."""
    rays = shapes.star(14, inner=0.0)[::2]
    for ray, other in zip(rays[::2], rays[1::2], strict=True):
        canvas.shape([(0, 0), ray, other], ink, at=centre, scale=700, alpha=235)


def sunset_couple(canvas: Canvas, colours: Palette) -> None:
    """Romance: two people in front of a setting sun."""
    canvas.gradient(colours.top, colours.bottom)
    sun = canvas.jitter(MIDDLE, 40), canvas.jitter(300, 25)
    canvas.glow(sun, 240, colours.light, strength=0.9)
    canvas.disc(sun, 120, colours.light)
    canvas.shape(shapes.hill(base=430, height=24, peak=sun[0]), colours.second)
    x = canvas.jitter(sun[0], 20)
    shapes.person(canvas, (x - 27, 425), 205, colours.dark)
    shapes.person(canvas, (x + 29, 425), 188, colours.dark)
    hearts(canvas, colours.main, n_hearts=5)


def two_faces(canvas: Canvas, colours: Palette) -> None:
    """Romance: two faces in a great heart."""
    canvas.gradient(colours.bottom, colours.top)
    centre = canvas.jitter(MIDDLE, 12), canvas.jitter(245, 15)
    canvas.shape(shapes.heart(), colours.main, at=centre, scale=175)
    shapes.profile(canvas, (centre[0] - 84, centre[1] - 75), 170, colours.light)
    shapes.profile(canvas, (centre[0] + 84, centre[1] - 68), 165, colours.dark, left=True)


def heart_balloons(canvas: Canvas, colours: Palette) -> None:
    """Romance: a bunch of balloons carries hearts into a rosy sky."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.smoke([(x, canvas.jitter(430, 30), 60) for x in range(0, 441, 55)], "#ffffff", 190)
    hand = canvas.jitter(MIDDLE, 30), 425
    for column, row in ((0.2, 120), (0.5, 85), (0.8, 125), (0.35, 220), (0.66, 215)):
        spot = canvas.jitter(WIDTH * column, 12), canvas.jitter(row, 15)
        canvas.line([spot, hand], colours.dark, width=2, alpha=160)
        ink = canvas.rng.choice([colours.main, colours.main, colours.light])
        canvas.shape(shapes.heart(), ink, at=spot, scale=canvas.jitter(54, 8))
    shapes.person(canvas, (hand[0], 505), 105, colours.dark)


def hearts(canvas: Canvas, ink: str, *, n_hearts: int) -> None:
    """Let small hearts float over the upper sheet."""
    for _ in range(n_hearts):
        spot = canvas.rng.uniform(30, WIDTH - 30), canvas.rng.uniform(60, 260)
        canvas.shape(shapes.heart(), ink, at=spot, scale=canvas.rng.uniform(10, 26), alpha=225)


def far_mountains(canvas: Canvas, colours: Palette) -> None:
    """Adventure: a path into the mountains."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.disc((canvas.jitter(MIDDLE, 90), canvas.jitter(150, 25)), 62, colours.light)
    for base, height, ink in (
        (330, 170, colours.bottom),
        (390, 150, colours.main),
        (450, 90, colours.dark),
    ):
        canvas.shape(shapes.ridge(canvas.rng, base=base, height=height, step=62), ink)
    path = [
        (150, 600),
        (270, 600),
        (225, 520),
        (245, 460),
        (205, 420),
        (200, 420),
        (225, 460),
        (190, 520),
    ]
    canvas.shape(path, colours.second)
    shapes.person(canvas, (222, 505), 95, "#0b2018")


def open_sea(canvas: Canvas, colours: Palette) -> None:
    """Adventure: a ship on a green sea."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.glow((canvas.jitter(MIDDLE, 70), 200), 220, colours.light, strength=0.9)
    shapes.ship(
        canvas, (canvas.jitter(MIDDLE, 25), canvas.jitter(255, 15)), 165, "#4a2a12", "#fff4d6"
    )
    for base, ink in ((385, colours.bottom), (425, colours.main), (475, colours.dark)):
        shift = canvas.rng.uniform(0, 80)
        wave = [(x, base + (16 if (x // 40) % 2 else -10)) for x in range(-80, WIDTH + 120, 40)]
        canvas.shape([(-80, HEIGHT), *wave, (WIDTH + 80, HEIGHT)], ink, at=(-shift / 2, 0))


def jungle_temple(canvas: Canvas, colours: Palette) -> None:
    """Adventure: a stepped temple between jungle leaves."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.glow((MIDDLE, 200), 230, colours.light, strength=0.9)
    for step in range(6):
        half = 40 + 24 * step
        canvas.draw.rectangle(
            (MIDDLE - half, 180 + 42 * step, MIDDLE + half, 480),
            fill=colours.second if step % 2 else "#c98f2b",
        )
    canvas.draw.rectangle((MIDDLE - 16, 330, MIDDLE + 16, 480), fill="#2b1a08")
    canvas.shape(shapes.hill(base=470, height=20, peak=MIDDLE), colours.dark)
    shapes.leaves(canvas, left=True, colours=(colours.main, colours.dark))
    shapes.leaves(canvas, left=False, colours=(colours.main, colours.dark))


def red_moon(canvas: Canvas, colours: Palette) -> None:
    """Horror: a house and bare trees under a red moon."""
    canvas.gradient(colours.top, colours.bottom)
    moon = canvas.jitter(MIDDLE, 60), canvas.jitter(215, 30)
    canvas.glow(moon, 230, colours.main, strength=0.7)
    canvas.disc(moon, canvas.jitter(115, 12), colours.main)
    canvas.shape(shapes.hill(base=450, height=70, peak=MIDDLE), colours.dark)
    canvas.shape(shapes.HOUSE, colours.dark, at=(moon[0], 285), scale=125)
    canvas.draw.rectangle((moon[0] - 8, 345, moon[0] + 10, 368), fill=colours.second)
    for x in (50, 350):
        bare_tree(canvas, (canvas.jitter(x, 20), 470), 260, colours.dark)


def bare_tree(canvas: Canvas, foot: tuple[float, float], height: float, ink: str) -> None:
    """Draw a leafless tree."""
    x, y = foot
    canvas.shape([(-0.05, 0), (0.05, 0), (0.015, -1), (-0.015, -1)], ink, at=foot, scale=height)
    for step in range(4, 10):
        for side in (-1, 1):
            start = x, y - step * height / 10
            reach = side * canvas.rng.uniform(0.1, 0.3) * height
            knee = start[0] + reach * 0.6, start[1] - 0.05 * height
            tip = start[0] + reach, start[1] - canvas.rng.uniform(0.12, 0.22) * height
            canvas.line([start, knee, tip], ink, width=4)


def claws(canvas: Canvas, colours: Palette) -> None:
    """Horror: four slashes in the dark."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.glow((MIDDLE, 250), 230, colours.main, strength=0.35)
    shapes.claw_marks(
        canvas, (canvas.jitter(25, 20), canvas.jitter(70, 15)), canvas.jitter(345, 20), colours.main
    )
    shapes.drips(canvas, colours.dark, depth=80)


def eyes_in_the_dark(canvas: Canvas, colours: Palette) -> None:
    """Horror: something looks out of the dark."""
    canvas.gradient(colours.top, colours.bottom)
    y = canvas.jitter(270, 25)
    canvas.glow((MIDDLE, y), 210, colours.main, strength=0.45)
    for side in (-1, 1):
        slit = [(0.15, 0.12), (0.9, -0.34), (1.0, -0.05), (0.7, 0.22)]
        canvas.shape(slit, colours.main, at=(MIDDLE, y), scale=(side * 130, 130))
        canvas.disc((MIDDLE + side * 88, y), 11, colours.second)
    fangs = [
        (-70, 70),
        (-50, 76),
        (-40, 120),
        (-28, 80),
        (0, 84),
        (28, 80),
        (40, 120),
        (50, 76),
        (70, 70),
        (0, 60),
    ]
    canvas.shape(fangs, "#e8e0d0", at=(MIDDLE, y))
    shapes.drips(canvas, colours.main, depth=150)


def ringed_planet(canvas: Canvas, colours: Palette) -> None:
    """Sci-Fi: a planet with a ring in a field of stars."""
    canvas.gradient(colours.top, colours.bottom)
    shapes.stars(canvas, 110)
    centre = canvas.jitter(MIDDLE, 40), canvas.jitter(215, 30)
    shapes.planet(
        canvas, centre, canvas.jitter(105, 12), (colours.main, colours.bottom, colours.second)
    )
    rocket = canvas.jitter(95, 30), canvas.jitter(360, 20)
    canvas.shape(
        [(0, -1), (0.3, -0.4), (0.3, 0.5), (0.6, 1), (-0.6, 1), (-0.3, 0.5), (-0.3, -0.4)],
        "#f2f5ff",
        at=rocket,
        scale=38,
    )
    canvas.shape([(-0.3, 1), (0.3, 1), (0, 2.1)], colours.second, at=rocket, scale=38)


def neon_sun(canvas: Canvas, colours: Palette) -> None:
    """Sci-Fi: a striped sun over a glowing grid."""
    canvas.gradient(colours.top, colours.bottom)
    shapes.stars(canvas, 70)
    sun = MIDDLE, canvas.jitter(265, 15)
    canvas.glow(sun, 240, colours.second, strength=0.7)
    canvas.disc(sun, 125, colours.second)
    for stripe in range(5):
        y = sun[1] + 10 + 25 * stripe
        canvas.draw.rectangle((0, y, WIDTH, y + 5 + 2 * stripe), fill=colours.bottom)
    canvas.draw.rectangle((0, 380, WIDTH, HEIGHT), fill=colours.top)
    shapes.neon_grid(canvas, 380, colours.main)


def saucer(canvas: Canvas, colours: Palette) -> None:
    """Sci-Fi: a flying saucer lifts somebody up."""
    canvas.gradient(colours.top, colours.bottom)
    shapes.stars(canvas, 90)
    x, y = canvas.jitter(MIDDLE, 40), canvas.jitter(140, 15)
    canvas.shape(
        [(x - 45, y), (x + 45, y), (x + 130, 470), (x - 130, 470)], colours.main, alpha=120
    )
    canvas.draw.ellipse((x - 55, y - 62, x + 55, y + 30), fill=colours.light)
    canvas.draw.ellipse((x - 140, y - 28, x + 140, y + 30), fill=colours.second)
    for lamp in range(-100, 101, 50):
        canvas.disc((x + lamp, y + 4), 8, colours.light)
    shapes.person(canvas, (x, 385), 115, colours.dark)
    canvas.shape(shapes.ridge(canvas.rng, base=480, height=26), colours.dark)


def lone_helmet(canvas: Canvas, colours: Palette) -> None:
    """War: a helmet on a rifle in the smoke."""
    canvas.gradient(colours.top, colours.bottom)
    battle_smoke(canvas, colours)
    x = canvas.jitter(MIDDLE, 40)
    canvas.shape(
        [(-0.04, 0), (0.04, 0), (0.06, 1), (-0.06, 1)], colours.dark, at=(x, 210), scale=270
    )
    canvas.shape(shapes.HELMET, colours.main, at=(x, 130), scale=150)
    canvas.shape(shapes.HELMET, colours.dark, at=(x + 8, 140), scale=(135, 135), alpha=90)
    canvas.shape(shapes.hill(base=470, height=40, peak=x), colours.dark)
    shapes.wire(canvas, 440, colours.dark)


def bombers(canvas: Canvas, colours: Palette) -> None:
    """War: planes in formation over columns of smoke."""
    canvas.gradient(colours.top, colours.bottom)
    battle_smoke(canvas, colours)
    x, y = canvas.jitter(MIDDLE - 62, 30), canvas.jitter(95, 20)
    for column, row, size in ((0, 0, 125), (-95, 95, 92), (105, 85, 92), (-10, 155, 72)):
        canvas.shape(shapes.PLANE, colours.dark, at=(x + column + 62, y + row), scale=size)
    canvas.shape(shapes.ridge(canvas.rng, base=475, height=60, step=26), colours.dark)


def patrol(canvas: Canvas, colours: Palette) -> None:
    """War: soldiers walk along a ridge."""
    canvas.gradient(colours.top, colours.bottom)
    battle_smoke(canvas, colours)
    canvas.shape(shapes.hill(base=450, height=70, peak=canvas.jitter(MIDDLE, 80)), colours.dark)
    for x in range(60, WIDTH, 72):
        foot, tall = canvas.jitter(425, 8), canvas.jitter(145, 10)
        shapes.person(canvas, (x, foot), tall, colours.dark)
        canvas.shape(shapes.HELMET, colours.dark, at=(x, foot - 1.03 * tall), scale=0.135 * tall)
        canvas.line(
            [(x - 30, foot - 0.95 * tall), (x + 22, foot - 0.35 * tall)], colours.dark, width=5
        )


def battle_smoke(canvas: Canvas, colours: Palette) -> None:
    """Draw columns of smoke that drift to one side."""
    for _ in range(3):
        x = canvas.rng.uniform(30, WIDTH - 30)
        puffs = [(x + 14 * step, 440 - 42 * step, 24 + 9 * step) for step in range(8)]
        canvas.smoke(puffs, canvas.rng.choice([colours.second, colours.dark]), 150)


def mesa_valley(canvas: Canvas, colours: Palette) -> None:
    """Western: rocks and a cactus under a great sun."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.disc((canvas.jitter(MIDDLE, 50), canvas.jitter(225, 25)), 118, colours.light)
    shapes.mesa(canvas, canvas.jitter(85, 25), 430, 125, colours.main)
    shapes.mesa(canvas, canvas.jitter(325, 25), 430, 160, colours.main)
    canvas.shape(shapes.hill(base=430, height=12, peak=MIDDLE), colours.second)
    shapes.cactus(canvas, (canvas.jitter(190, 30), 480), 220, colours.dark)


def high_noon(canvas: Canvas, colours: Palette) -> None:
    """Western: the hat of a stranger against the sun."""
    canvas.gradient(colours.top, colours.bottom)
    centre = canvas.jitter(MIDDLE, 15), canvas.jitter(225, 15)
    canvas.disc(centre, 165, colours.light)
    shapes.bust(canvas, (centre[0], centre[1] - 55), 310, colours.dark)
    canvas.shape(shapes.HAT, colours.dark, at=(centre[0], centre[1] - 125), scale=(270, 150))
    canvas.shape(
        [(-0.12, 0), (0.12, 0), (0, 0.3)], colours.main, at=(centre[0], centre[1] + 145), scale=150
    )


def duel(canvas: Canvas, colours: Palette) -> None:
    """Western: two people face each other in the dust."""
    canvas.gradient(colours.top, colours.bottom)
    canvas.disc((MIDDLE, canvas.jitter(255, 20)), 105, colours.light)
    shapes.mesa(canvas, canvas.jitter(MIDDLE, 110), 420, 120, colours.main)
    canvas.shape(shapes.hill(base=420, height=8, peak=MIDDLE), colours.second)
    for x, tall in ((85, 265), (325, 165)):
        foot = canvas.jitter(x, 12), 470 if tall > 200 else 440
        shapes.person(canvas, foot, tall, colours.dark)
        canvas.shape(
            shapes.HAT,
            colours.dark,
            at=(foot[0], foot[1] - 1.06 * tall),
            scale=(0.27 * tall, 0.14 * tall),
        )


def portrait(canvas: Canvas, colours: Palette) -> None:
    """No genre: a face from the side, and another one in it."""
    canvas.gradient(colours.top, colours.bottom)
    left = canvas.rng.random() < 0.5
    x = canvas.jitter(MIDDLE, 20)
    shapes.profile(canvas, (x, 85), 360, colours.main, left=left)
    shapes.profile(canvas, (x + (60 if left else -60), 210), 235, colours.dark, left=not left)


def window_light(canvas: Canvas, colours: Palette) -> None:
    """No genre: somebody at a window."""
    canvas.gradient(colours.bottom, colours.dark)
    x = canvas.jitter(MIDDLE, 35)
    canvas.draw.rectangle((x - 120, 85, x + 120, 400), fill=colours.top)
    canvas.draw.rectangle((x - 120, 85, x + 120, 400), outline=colours.light, width=9)
    canvas.line([(x, 85), (x, 400)], colours.light, width=7)
    canvas.line([(x - 120, 235), (x + 120, 235)], colours.light, width=7)
    shapes.bust(canvas, (x + canvas.jitter(0, 45), 205), 260, colours.main)
    canvas.shape(shapes.hill(base=455, height=0, peak=0), colours.dark)


def single_tree(canvas: Canvas, colours: Palette) -> None:
    """No genre: one tree on a wide field."""
    canvas.gradient(colours.top, colours.bottom)
    x = canvas.jitter(MIDDLE, 70)
    canvas.shape(
        [(-0.05, 0), (0.05, 0), (0.02, -1), (-0.02, -1)], colours.dark, at=(x, 425), scale=190
    )
    for _ in range(16):
        spot = canvas.jitter(x, 75), canvas.jitter(215, 55)
        canvas.disc(
            spot,
            canvas.rng.uniform(22, 46),
            canvas.rng.choice([colours.main, colours.dark]),
            alpha=225,
        )
    canvas.shape(shapes.hill(base=425, height=14, peak=x), colours.dark)
    shapes.person(canvas, (x + canvas.rng.choice([-110, 110]), 425), 92, colours.dark)


def paper_layers(canvas: Canvas, colours: Palette) -> None:
    """No genre: overlapping discs and bands, like cut paper."""
    canvas.gradient(colours.top, colours.top)
    for ink in (colours.main, colours.second, colours.bottom):
        spot = canvas.jitter(MIDDLE, 90), canvas.jitter(230, 80)
        canvas.disc(spot, canvas.rng.uniform(70, 135), ink, alpha=215)
    y = canvas.jitter(330, 40)
    canvas.shape([(0, y), (WIDTH, y - 50), (WIDTH, y + 10), (0, y + 60)], colours.dark, alpha=200)
    shapes.person(canvas, (canvas.jitter(MIDDLE, 80), y + 5), 130, colours.dark)


def long_road(canvas: Canvas, colours: Palette) -> None:
    """No genre: a road that runs to the horizon."""
    canvas.gradient(colours.top, colours.bottom)
    x = canvas.jitter(MIDDLE, 60)
    canvas.shape(shapes.hill(base=290, height=30, peak=canvas.jitter(MIDDLE, 120)), colours.second)
    canvas.draw.rectangle((0, 300, WIDTH, HEIGHT), fill=colours.main)
    canvas.shape(
        [(x - 6, 298), (x + 6, 298), (MIDDLE + 190, HEIGHT), (MIDDLE - 190, HEIGHT)], colours.dark
    )
    shapes.person(canvas, ((x + MIDDLE) / 2, 450), 150, colours.light)
