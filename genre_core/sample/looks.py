"""What each genre looks like: palettes, scenes, lettering and accent, in one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from genre_core.sample import accents, scenes
from genre_core.sample.canvas import Canvas, Palette
from genre_core.sample.lettering import Lettering


@dataclass(frozen=True)
class Look:
    """The look of one genre.

    Attributes:
        palettes: A leading genre draws one of these.
        scenes: A leading genre draws one of these.
        lettering: How the title is set.
        accent: What the genre adds to a poster that another genre leads.
    """

    palettes: tuple[Palette, ...]
    scenes: tuple[Callable[[Canvas, Palette], None], ...]
    lettering: Lettering
    accent: Callable[[Canvas], None]


LOOKS: dict[str, Look] = {
    "Action": Look(
        palettes=(
            Palette("#f58a1f", "#0d5f70", "#ffb347", "#14a0a6", "#08181f", "#fff3d6"),
            Palette("#ffa62b", "#0b4f6c", "#ff7b1f", "#2bb3c0", "#0a141c", "#ffffff"),
        ),
        scenes=(scenes.walk_away, scenes.rooftop_chase),
        lettering=Lettering(weight=5, height=60, slant=0.22, tracking=1),
        accent=accents.action,
    ),
    "Adventure": Look(
        palettes=(
            Palette("#c9efcf", "#2f9e78", "#1c7f5a", "#f0c052", "#0d4434", "#fff3c4"),
            Palette("#f4e7a8", "#3aa98a", "#197a62", "#e8b13f", "#0b3d3a", "#fff8dc"),
        ),
        scenes=(scenes.far_mountains, scenes.open_sea, scenes.jungle_temple),
        lettering=Lettering(("#ffdf7a",), weight=4, height=58, bounce=5, outline="#0b2e22"),
        accent=accents.adventure,
    ),
    "Animation": Look(
        palettes=(
            Palette("#12c8f0", "#19e0c4", "#ff3fa0", "#7be000", "#5a18c9", "#ffe600"),
            Palette("#ff4fb0", "#ff7ad0", "#19e0c4", "#8a4dff", "#2d0f8a", "#7be000"),
            Palette("#7be000", "#19e0c4", "#8a4dff", "#ff3fa0", "#0b5fd0", "#12c8f0"),
            Palette("#8a4dff", "#c04dff", "#7be000", "#12c8f0", "#ff3fa0", "#ff9a1f"),
        ),
        scenes=(scenes.big_friend, scenes.three_friends),
        lettering=Lettering(
            ("#ffffff",), weight=8, height=64, bounce=12, tilt=9, outline="#3a0f7a", tracking=10
        ),
        accent=accents.animation,
    ),
    "Comedy": Look(
        palettes=(
            Palette("#ffd400", "#ffffff", "#e6332a", "#1f8fff", "#1d1d1f", "#ffffff"),
            Palette("#fffdf5", "#ffd400", "#1f8fff", "#e6332a", "#1d1d1f", "#ffffff"),
            Palette("#ffdf3d", "#fff6c2", "#e6332a", "#12a15a", "#20202a", "#ffffff"),
        ),
        scenes=(
            scenes.joke_glasses,
            scenes.rubber_duck,
            scenes.wobbly_crowd,
            scenes.head_first,
            scenes.banana_skin,
        ),
        lettering=Lettering(
            ("#e6332a", "#1f6fe0", "#12a15a", "#f0730a", "#8a2be2"),
            weight=7,
            height=66,
            bounce=8,
            tilt=10,
            tracking=6,
            outline="#ffffff",
            place="top",
        ),
        accent=accents.comedy,
    ),
    "Horror": Look(
        palettes=(
            Palette("#0c0708", "#1f090b", "#b5121b", "#ff5a36", "#030202", "#e8e0d0"),
            Palette("#050507", "#16060a", "#9c0f16", "#ffd23f", "#020101", "#d9cfc0"),
        ),
        scenes=(scenes.red_moon, scenes.claws, scenes.eyes_in_the_dark),
        lettering=Lettering(
            ("#d3141f",), weight=2, height=74, stretch=0.72, tilt=5, damage="jagged"
        ),
        accent=accents.horror,
    ),
    "Romance": Look(
        palettes=(
            Palette("#ff8fb8", "#ffd0b0", "#e0245e", "#ff6f91", "#5a1638", "#fff0e0"),
            Palette("#f7a8c9", "#ffe0e0", "#d81e5b", "#ff85a1", "#6a1b4d", "#fff6f0"),
            Palette("#e86aa6", "#ffb997", "#c9184a", "#ff9ebb", "#4a0f33", "#ffeccf"),
        ),
        scenes=(scenes.sunset_couple, scenes.two_faces, scenes.heart_balloons),
        lettering=Lettering(weight=0, height=50, slant=0.28, tracking=14),
        accent=accents.romance,
    ),
    "Sci-Fi": Look(
        palettes=(
            Palette("#070722", "#2c0f66", "#27f0e6", "#ff2bd0", "#04040f", "#e6f7ff"),
            Palette("#050b2e", "#3a1280", "#3fd0ff", "#ff4fd8", "#02020c", "#f0f0ff"),
        ),
        scenes=(scenes.ringed_planet, scenes.neon_sun, scenes.saucer),
        lettering=Lettering(("#7ff6ff",), weight=0, height=44, stretch=1.5, tracking=20),
        accent=accents.sci_fi,
    ),
    "Thriller": Look(
        palettes=(
            Palette("#7d8b94", "#39464e", "#d8dde0", "#55636b", "#12171a", "#c2ccd1"),
            Palette("#8d9499", "#2f383d", "#d9e021", "#5b666c", "#101416", "#b9c2c6"),
        ),
        scenes=(scenes.in_the_scope, scenes.torn_strip, scenes.lit_doorway),
        lettering=Lettering(("#ffffff",), weight=4, height=66, stretch=0.8, damage="sliced"),
        accent=accents.thriller,
    ),
    "War": Look(
        palettes=(
            Palette("#b0a566", "#5d6034", "#6b6f3a", "#8f8a5a", "#1e200f", "#efe6c0"),
            Palette("#8f8f55", "#4c5030", "#7a7d45", "#a39c68", "#191b0d", "#f2ebc9"),
        ),
        scenes=(scenes.lone_helmet, scenes.bombers, scenes.patrol),
        lettering=Lettering(weight=5, height=58, stretch=0.95, damage="stencil"),
        accent=accents.war,
    ),
    "Western": Look(
        palettes=(
            Palette("#f0c987", "#d9762b", "#a8431f", "#c9722b", "#3b1508", "#fff0c9"),
            Palette("#e8b56a", "#c9622b", "#8f3a1c", "#d98a3d", "#2e0f06", "#ffe9b8"),
        ),
        scenes=(scenes.mesa_valley, scenes.high_noon, scenes.duel),
        lettering=Lettering(("#fff0c9",), weight=4, height=62, stretch=1.25, outline="#3b1508"),
        accent=accents.western,
    ),
}
"""The genres that can be seen on posters."""

PLAIN_PALETTES = (
    Palette("#d8d0c0", "#9a8f80", "#6f6458", "#b3a58f", "#2e2a26", "#f5efe3"),
    Palette("#c3ccd2", "#7f909c", "#566876", "#98a7b0", "#222b33", "#eef3f5"),
    Palette("#cfd3bd", "#8b967d", "#606d57", "#a9b196", "#272e24", "#f1f4e6"),
    Palette("#d9c9b8", "#a58b74", "#7a6150", "#bfa78f", "#33261d", "#f7eee2"),
    Palette("#cdc3cc", "#8d8090", "#655a6b", "#a99cab", "#2a2430", "#f3eef4"),
    Palette("#e3dcc5", "#b9a877", "#85764a", "#cbbd92", "#322c1a", "#faf6e6"),
)
PLAIN_SCENES = (
    scenes.portrait,
    scenes.window_light,
    scenes.single_tree,
    scenes.paper_layers,
    scenes.long_road,
)
PLAIN_LETTERING = (
    Lettering(weight=0, height=40, tracking=22),
    Lettering(weight=1, height=48, stretch=0.85, tracking=6),
    Lettering(weight=3, height=44, tracking=2, place="top"),
)
"""What a poster that shows no genre is made of: muted colours and quiet letters."""
