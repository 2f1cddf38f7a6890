"""Where a scene plays: for each environment the sky, the land, and what stands in it, as data.

Styles paint a `Backdrop` their own way. Lengths are pixels of a picture 720 lines high; the
*panorama* is the strip of them that is unrolled behind the actors and repeats after `period`.

**Contents**
    - `Layer`: one chain of hills, roofs, tree tops ... along the panorama.
    - `Standing`: one landmark, standing on the horizon, or hanging from the sky.
    - `Backdrop`: a whole place.
    - `BACKDROPS`, `backdrop`: the places by the names of the environments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from stickgen.core.environments import ENVIRONMENTS, WEATHERS


class Layer(NamedTuple):
    """A chain along the horizon: ``height`` and ``swing`` in pixels, ``period`` of its form,
    ``share`` of the camera's travel it takes part in. A layer that comes ``down`` hangs from the
    top of the picture.
    """

    tint: str
    height: float
    swing: float
    period: float
    phase: float
    share: float
    form: str = "hills"
    down: bool = False


class Standing(NamedTuple):
    """A landmark at ``at`` pixels of the panorama, ``size`` pixels a metre, ``up`` pixels over the
    horizon. A ``hanging`` one is placed from the top of the sky instead, and does not move with
    the camera's travel.
    """

    kind: str
    at: float
    size: float
    up: float = 0.0
    share: float = 0.26
    hanging: bool = False
    tint: str | None = None


@dataclass(frozen=True)
class Backdrop:
    """A place. ``sky`` from top to horizon, ``ground`` from horizon to front, ``light`` sun, moon
    or none, ``floor`` what the ground is made of, ``dark`` where figures must be light to be seen,
    ``haze`` how far landmarks fade toward the sky (0-1), ``weather`` what falls or floats,
    ``cast`` the colour of the light on the
    landmarks and how strongly it colours them, ``accent`` the colour of
    lines in the ground.
    """

    sky: tuple[str, str, str]
    ground: tuple[str, str]
    layers: tuple[Layer, ...] = ()
    landmarks: tuple[Standing, ...] = ()
    light: str = "none"
    clouds: int = 0
    cloud: str = "#ffffff"
    stars: bool = False
    floor: str = "meadow"
    accent: str = "#b7b27c"
    dark: bool = False
    indoor: bool = False
    haze: float = 0.30
    weather: str | None = None
    cast: tuple[str, float] | None = None
    period: float = 1600.0


def row(
    kind: str, places: Iterable[float], size: float, up: float = 0.0, **how: Any
) -> tuple[Standing, ...]:
    """Return landmarks of one *kind* at *places*, their sizes varied by a tenth and a fifth."""
    scale = (1.0, 0.84, 1.1, 0.92)
    return tuple(Standing(kind, at, size * scale[i % 4], up, **how) for i, at in enumerate(places))


_DAY: Final = ("#dff0f7", "#edf4f0", "#f7f2e2")
_MEADOW: Final = ("#dfe8c2", "#c9d9a4")


def _room(
    sky: tuple[str, str, str],
    ground: tuple[str, str],
    layers: tuple[Layer, ...],
    landmarks: tuple[Standing, ...],
    **look: Any,
) -> Backdrop:
    """Return a place indoors; *look* are further fields of `Backdrop`."""
    inside = {"indoor": True, "haze": 0.22, "period": 1700.0, **look}
    return Backdrop(sky, ground, layers, landmarks, **inside)


_EARTH: Final = Backdrop(
    sky=("#fdf6e6", "#f9efdc", "#f3e6cf"),
    ground=("#e9d9b6", "#dcc79b"),
    layers=(
        Layer("#eae8d2", 150.0, 44.0, 1820.0, 1.3, 0.05),
        Layer("#dbe1bf", 94.0, 46.0, 1496.0, 2.8, 0.10),
        Layer("#c8d4a8", 46.0, 30.0, 1496.0, 4.8, 0.20),
    ),
    landmarks=(
        Standing("round_tree", 96.0, 58.0, tint="#a3c48b"),
        Standing("round_tree", 470.0, 18.0),
        Standing("round_tree", 560.0, 26.0),
        Standing("round_tree", 1010.0, 21.0),
        Standing("round_tree", 1330.0, 27.0),
    ),
    light="sun",
    clouds=2,
    haze=0.12,
)

_GREY: Final = Backdrop(
    sky=("#c6cdd6", "#d7dce0", "#e2e3e0"),
    ground=("#d5d3c6", "#c4c2b4"),
    layers=(
        Layer("#c5ccd0", 80.0, 40.0, 1400.0, 1.0, 0.10),
        Layer("#b9c3bf", 44.0, 26.0, 1300.0, 3.1, 0.20),
    ),
    landmarks=(
        *row("round_tree", (90, 700, 1180), 26.0, tint="#a9b7a0"),
        Standing("house", 380.0, 30.0),
    ),
    haze=0.35,
    accent="#aaa898",
)

BACKDROPS: Final[dict[str, Backdrop]] = {
    "earth_normal": _EARTH,
    "grassland": Backdrop(
        _DAY,
        _MEADOW,
        (Layer("#d6e5bd", 110, 40, 1500, 0.6, 0.08), Layer("#c5dba4", 60, 34, 1100, 2.2, 0.16)),
        (
            Standing("round_tree", 250, 46, tint="#a9c78c"),
            *row("flower", (60, 420, 640, 900, 1330), 46, share=0.3),
            Standing("windmill", 1120, 34, 20),
            *row("grass", (150, 520, 800, 1050, 1500), 120, share=0.3),
        ),
        light="sun",
        clouds=3,
        accent="#9fba78",
    ),
    "forest": Backdrop(
        ("#dcebdc", "#e6f0dd", "#eef2da"),
        ("#d9dfb9", "#c3cc9b"),
        (
            Layer("#d6e5cb", 452, 26, 420, 0.4, 0.06, "canopy"),
            Layer("#c3d7b3", 112, 22, 330, 1.7, 0.14, "canopy"),
        ),
        (
            *row("pine", (40, 330, 620, 980, 1290), 44, tint="#a6c29c"),
            *row("trunk", (180, 860, 1400), 92, share=0.34),
            *row("fern", (260, 700, 1210), 36, share=0.3),
            Standing("mushroom", 560, 34, share=0.3),
        ),
        floor="stones",
        weather="leaves",
        accent="#a9b581",
    ),
    "desert": Backdrop(
        ("#fbeecb", "#fbe6bd", "#f8dcae"),
        ("#f3d9a2", "#e6c383"),
        (
            Layer("#f3d6a0", 100, 50, 1200, 0.8, 0.08, "dunes"),
            Layer("#edcb8e", 52, 36, 900, 2.6, 0.18, "dunes"),
        ),
        (*row("cactus", (140, 760, 1320), 52), *row("rock", (430, 1050), 60, tint="#d8b488")),
        light="sun",
        floor="sand",
        accent="#d3ad6c",
        weather="sand",
    ),
    "beach": Backdrop(
        ("#cfeaf6", "#e0f1f4", "#f4f3e4"),
        ("#f4e3b9", "#ead09a"),
        (
            Layer("#a9d8e6", 62, 0, 1000, 0, 0.04, "flat"),
            Layer("#c9e8ee", 14, 3, 210, 0.5, 0.2, "waves"),
        ),
        (
            *row("palm", (120, 1240), 74),
            Standing("parasol", 1420, 46),
            Standing("sailboat", 20, 20, 48, share=0.05),
        ),
        light="sun",
        clouds=2,
        floor="sand",
        accent="#d9bd84",
    ),
    "mountain": Backdrop(
        ("#cfe2f2", "#dfeaf2", "#eeeee6"),
        ("#dcd8c6", "#c6c1aa"),
        (
            Layer("#d3dce6", 200, 90, 900, 0.3, 0.05, "peaks"),
            Layer("#c3cfc9", 90, 46, 620, 2.0, 0.14, "peaks"),
        ),
        (
            Standing("snow_peak", 300, 92, share=0.04),
            Standing("snow_peak", 1080, 76, share=0.04),
            *row("pine", (70, 520, 760, 1330), 36, tint="#9bb397"),
            *row("rock", (430, 950), 50),
        ),
        light="sun",
        clouds=2,
        floor="stones",
        accent="#aaa58e",
    ),
    "arctic": Backdrop(
        ("#d3e6f3", "#e3eff6", "#f2f6f8"),
        ("#f3f8fb", "#dde9f1"),
        (
            Layer("#e0ecf4", 96, 40, 800, 0.7, 0.06, "peaks"),
            Layer("#eaf3f8", 44, 22, 700, 2.0, 0.16),
        ),
        (
            *row("iceberg", (200, 1130), 62),
            Standing("igloo", 700, 58),
            Standing("iceberg", 1450, 40),
        ),
        floor="snow",
        weather="snow",
        accent="#b7cbd8",
        haze=0.15,
    ),
    "jungle": Backdrop(
        ("#cfe6c9", "#dcecc9", "#e6efc9"),
        ("#cfdca6", "#b5c987"),
        (
            Layer("#b9d6a9", 260, 30, 360, 0.2, 0.05, "canopy"),
            Layer("#a6c994", 150, 34, 290, 1.1, 0.14, "canopy"),
            Layer("#9dc28c", 60, 20, 330, 2.0, 0, "canopy", True),
        ),
        (
            *row("palm", (90, 600, 1150), 92, tint="#8fbc78"),
            *row("fern", (330, 480, 860, 1010, 1400), 76, share=0.32, tint="#86b577"),
            *row("vines", (220, 760, 1290), 74, hanging=True, up=-20),
        ),
        weather="leaves",
        accent="#94b06c",
    ),
    "swamp": Backdrop(
        ("#d5dcc6", "#dfe2cb", "#e4e2c9"),
        ("#c9cba2", "#b2b78c"),
        (
            Layer("#c4cdaf", 120, 26, 420, 0.9, 0.08, "canopy"),
            Layer("#b7c0b0", 20, 3, 240, 0, 0.18, "waves"),
        ),
        (
            *row("bare_tree", (130, 720, 1210), 66),
            *row("reeds", (330, 520, 940, 1060, 1450), 62, share=0.32),
            *row("puddle", (430, 860, 1330), 90, -12, share=0.32, tint="#9fae9a"),
        ),
        weather="fog",
        accent="#9aa176",
        haze=0.35,
    ),
    "cave": Backdrop(
        ("#15141b", "#1e1c26", "#2a2833"),
        ("#33303c", "#211f28"),
        (
            Layer("#24222c", 210, 60, 300, 0.4, 0.08, "rocks"),
            Layer("#0c0b11", 120, 46, 240, 1.2, 0, "rocks", True),
            Layer("#2e2b37", 70, 40, 260, 2.4, 0.18, "rocks"),
        ),
        (
            *row("crystal", (240, 860, 1330), 46, tint="#6f8fb8"),
            *row("spike", (90, 560, 1120), 48, tint="#3b3744"),
        ),
        floor="stones",
        dark=True,
        accent="#4a4654",
        haze=0.1,
    ),
    "volcano": Backdrop(
        ("#1d1013", "#3a1a1a", "#5a2620"),
        ("#3a2624", "#241718"),
        (
            Layer("#33191b", 90, 40, 700, 0.6, 0.08, "peaks"),
            Layer("#472422", 40, 22, 520, 2.0, 0.18, "rocks"),
        ),
        (
            Standing("volcano", 980, 84, share=0.05),
            *row("spike", (140, 520, 1460), 44, tint="#2c1c1f"),
            *row("rock", (330, 700), 52, tint="#3b2827"),
        ),
        floor="stones",
        dark=True,
        weather="ash",
        accent="#6a3a30",
        haze=0.05,
    ),
    "city_street": Backdrop(
        ("#d5e4ee", "#e4ebee", "#f0ece2"),
        ("#d3d1ce", "#bebcba"),
        (
            Layer("#d3d9e2", 104, 40, 760, 0.5, 0.04, "skyline"),
            Layer("#c6ccd6", 58, 24, 620, 1.9, 0.1, "skyline"),
        ),
        (
            Standing("shop", 130, 66),
            Standing("tower", 292, 56),
            Standing("shop", 985, 62, tint="#dfc9c0"),
            Standing("tower", 1150, 60),
            Standing("shop", 1440, 64, tint="#cdd8c4"),
            *row("lamp", (388, 1250), 70, share=0.32),
            Standing("traffic_light", 868, 66, share=0.32),
            Standing("car", 1320, 62, -8, share=0.32),
        ),
        clouds=1,
        floor="road",
        accent="#f7f3e6",
    ),
    "city_park": Backdrop(
        _DAY,
        ("#dde7c2", "#c8d8a6"),
        (
            Layer("#d9dfe4", 170, 70, 700, 0.5, 0.04, "skyline"),
            Layer("#cbdfb4", 70, 22, 520, 1.0, 0.14, "canopy"),
        ),
        (
            *row("round_tree", (110, 560, 1250), 50, tint="#a9c78c"),
            *row("bench", (330, 930), 78),
            *row("lamp", (700, 1480), 62),
        ),
        light="sun",
        clouds=2,
        accent="#a4bb80",
    ),
    "rooftop": Backdrop(
        ("#cfe0ee", "#e3e8ea", "#f4e7d6"),
        ("#d2cac0", "#bcb3a8"),
        (
            Layer("#d3d8e2", 150, 80, 640, 0.2, 0.04, "skyline"),
            Layer("#c2c8d4", 70, 40, 480, 2.1, 0.08, "skyline"),
        ),
        (
            *row("parapet", (230, 700, 1170, 1640), 80, share=0.3),
            Standing("water_tower", 330, 66),
            Standing("antenna", 1040, 70),
            Standing("antenna", 1420, 54),
        ),
        light="sun",
        clouds=2,
        floor="tiles",
        accent="#aba196",
        weather="wind",
    ),
    "alley": Backdrop(
        ("#cdd3da", "#dcd8d2", "#e5d9cc"),
        ("#cbc5be", "#b3ada7"),
        (Layer("#e2d0c2", 520, 0, 900, 0, 0.22, "flat"),),
        (
            *row("brick_wall", (240, 720, 1200, 1680), 106, share=0.26),
            *row("dumpster", (420, 1330), 66, share=0.3),
            Standing("fire_escape", 900, 104),
            Standing("window", 210, 80, 210),
            Standing("lamp", 640, 76, share=0.32),
        ),
        floor="stones",
        haze=0.38,
        accent="#a09a94",
        period=1920.0,
    ),
    "subway": _room(
        ("#d9dde0", "#e4e6e4", "#ecebe4"),
        ("#cfcecb", "#b9b8b6"),
        (
            Layer("#e3e6e6", 520, 0, 900, 0, 0.2, "flat"),
            Layer("#f0d58a", 8, 0, 900, 0, 0.26, "flat"),
        ),
        (
            *row("train", (420, 1230), 82, 6, share=0.24),
            *row("column", (60, 820, 1560), 112, share=0.32),
            Standing("sign", 1000, 84, share=0.3),
        ),
        floor="tiles",
        accent="#a8a7a5",
    ),
    "mall": _room(
        ("#f4efe6", "#f6f1e8", "#f3ebdf"),
        ("#ece4d8", "#dcd2c4"),
        (
            Layer("#e4dacb", 270, 0, 900, 0, 0.21, "flat"),
            Layer("#f1e9dd", 250, 0, 900, 0, 0.22, "flat"),
        ),
        (
            Standing("shop", 200, 78),
            Standing("escalator", 680, 84, share=0.3),
            Standing("shop", 1130, 78, tint="#cfdce4"),
            Standing("shop", 1520, 76, tint="#e4cfd0"),
            *row("plant", (430, 930), 90, share=0.32),
        ),
        floor="tiles",
        accent="#c9bead",
    ),
    "office": _room(
        ("#eef1f2", "#f1f2f0", "#eeece6"),
        ("#d9d5cd", "#c6c1b8"),
        (),
        (
            *row("blinds", (190, 690, 1300), 104, 190, share=0.24),
            Standing("clock", 900, 70, 330),
            *row("desk", (220, 1290), 104, share=0.3),
            *row("plant", (400, 1480), 104, share=0.3),
            Standing("bookshelf", 1040, 96),
        ),
        floor="tiles",
        accent="#b3aea5",
    ),
    "gym": _room(
        ("#f3ead8", "#f5ecdb", "#f1e4cd"),
        ("#e7c998", "#d8b47d"),
        (Layer("#e6d5b8", 90, 0, 900, 0, 0.22, "flat"),),
        (
            *row("wall_bars", (120, 330, 1420), 110),
            Standing("hoop", 720, 120, share=0.28),
            *row("punching_bag", (960, 1130), 104, hanging=True, up=-10),
            Standing("dumbbells", 1260, 92, share=0.3),
        ),
        floor="boards",
        accent="#c29a63",
    ),
    "museum": _room(
        ("#efeae3", "#f1ece4", "#ece5d9"),
        ("#ddd4c6", "#cabfae"),
        (),
        (
            *row("painting", (330, 1180), 116, 180),
            *row("portrait", (620, 1450), 104, 190),
            *row("column", (90, 860), 124, share=0.28),
            Standing("statue", 1010, 104, share=0.3),
            *row("rope", (330, 1180), 92, share=0.32),
        ),
        floor="tiles",
        accent="#b8ad9b",
    ),
    "restaurant": _room(
        ("#f6e6d0", "#f7e8d3", "#f1dcc1"),
        ("#d8b48c", "#c39c72"),
        (Layer("#d9b596", 110, 0, 900, 0, 0.22, "flat"),),
        (
            *row("pendant", (180, 520, 900, 1280), 96, hanging=True, up=-10),
            *row("window", (330, 1120), 110, 200),
            *row("set_table", (120, 620, 1250), 96, share=0.3),
            Standing("menu", 800, 110, 190),
            Standing("plant", 1480, 104, share=0.3),
        ),
        floor="boards",
        accent="#ab8559",
    ),
    "theater": _room(
        ("#1c1016", "#2a151c", "#3a1c22"),
        ("#5c3c2c", "#3d281f"),
        (),
        (
            Standing("spotlight", 260, 96, hanging=True, up=30),
            Standing("spotlight", 1120, 96, hanging=True, up=30),
            *row("curtain", (30, 190, 1330, 1500, 1640), 128, tint="#8a2d34"),
            *row("valance", (300, 1150), 100, hanging=True, up=0),
        ),
        floor="boards",
        dark=True,
        accent="#744c37",
    ),
    "library": _room(
        ("#efe3d0", "#f1e5d2", "#ebdcc5"),
        ("#cfae8a", "#b9966f"),
        (),
        (
            *row("bookshelf", (120, 370, 900, 1160, 1560), 118),
            Standing("window", 640, 120, 170),
            *row("pendant", (520, 1360), 90, hanging=True, up=-10),
            Standing("desk", 1380, 92, share=0.3),
        ),
        floor="boards",
        accent="#a07d57",
    ),
    "hospital": _room(
        ("#e9f3f3", "#eef5f4", "#eaf1ef"),
        ("#d5e2e1", "#bfd0cf"),
        (Layer("#c7dfdc", 100, 0, 900, 0, 0.22, "flat"),),
        (
            Standing("red_cross", 640, 92, 230),
            *row("hospital_bed", (250, 1080), 104, share=0.28),
            *row("drip", (440, 1270), 106, share=0.28),
            *row("window", (300, 1130), 100, 210),
            Standing("clock", 880, 80, 270),
        ),
        floor="tiles",
        accent="#a6bab8",
    ),
    "factory": _room(
        ("#dedbd6", "#e3dfd8", "#dfd8cc"),
        ("#c9c3b8", "#b1aa9e"),
        (),
        (
            *row("tank", (140, 300, 1420), 108),
            *row("gear", (600, 780), 96, 120),
            *row("pipes", (450, 1060), 104, 330),
            Standing("roller_door", 1130, 98),
            Standing("tank", 960, 96),
        ),
        floor="tiles",
        accent="#9c958a",
    ),
    "warehouse": _room(
        ("#dcdcda", "#e2e0dc", "#ddd7cc"),
        ("#cdc7bd", "#b6b0a6"),
        (),
        (
            *row("pallet_rack", (150, 440, 1040, 1340), 116),
            Standing("roller_door", 740, 108),
            *row("crate", (600, 900, 1580), 130, share=0.32),
            *row("pendant", (300, 1190), 100, hanging=True, up=-10),
        ),
        floor="tiles",
        accent="#a39c91",
    ),
    "classroom": _room(
        ("#f2ecdc", "#f4eedf", "#efe6d2"),
        ("#dbc19a", "#c8a97d"),
        (),
        (
            Standing("blackboard", 640, 118, 180),
            *row("window", (170, 1150), 110, 190),
            Standing("clock", 930, 76, 300),
            *row("school_desk", (250, 480, 860, 1090, 1420), 108, share=0.3),
            Standing("bookshelf", 1400, 96),
        ),
        floor="boards",
        accent="#b08f61",
    ),
    "underwater": Backdrop(
        ("#0e4468", "#0c3a5c", "#0a2f4f"),
        ("#2b4a5c", "#18303f"),
        (
            Layer("#0c3a55", 110, 50, 700, 0.4, 0.06),
            Layer("#123f52", 50, 30, 520, 2.2, 0.16, "rocks"),
        ),
        (
            *row("light_shaft", (240, 700, 1150), 112, hanging=True, up=0, tint="#1d5c83"),
            *row("kelp", (90, 520, 1010, 1360), 84, tint="#2f7a68"),
            *row("coral", (300, 840, 1220), 70, tint="#c96f66"),
            *row("fish", (400, 1130), 54, 300, share=0.12),
            Standing("fish", 760, 42, 210, tint="#e98f7c"),
        ),
        floor="sand",
        dark=True,
        weather="bubbles",
        accent="#47697a",
        haze=0.12,
    ),
    "ocean_surface": Backdrop(
        ("#cfe8f4", "#dcedf2", "#eef1e8"),
        ("#8fc8dd", "#6fb2cf"),
        (
            Layer("#b9dfeb", 40, 6, 420, 0.3, 0.06, "waves"),
            Layer("#a3d3e4", 18, 6, 300, 1.5, 0.16, "waves"),
        ),
        (
            Standing("sailboat", 260, 44, 8, share=0.1),
            Standing("sailboat", 980, 26, 26, share=0.06),
            *row("waves", (150, 600, 900, 1300), 40, 4, share=0.2),
        ),
        light="sun",
        clouds=3,
        floor="water",
        accent="#dff2f7",
    ),
    "river": Backdrop(
        _DAY,
        ("#cfe0b6", "#b9cf98"),
        (
            Layer("#d3e2be", 90, 40, 1100, 1.0, 0.08),
            Layer("#a9d6e4", 34, 0, 900, 0, 0.2, "flat"),
            Layer("#cfe0b6", 6, 2, 300, 0.4, 0.26, "waves"),
        ),
        (
            Standing("bridge", 720, 84, 4),
            *row("round_tree", (140, 1080, 1400), 44, 32, tint="#a9c78c"),
            *row("reeds", (330, 470, 960, 1250), 56, share=0.32),
            *row("waves", (200, 1000, 1350), 24, 12, share=0.2),
        ),
        light="sun",
        clouds=2,
        accent="#98b57a",
    ),
    "lake": Backdrop(
        ("#cfe3f0", "#e0ebef", "#f1eee2"),
        ("#d7dfbd", "#c0cb9f"),
        (
            Layer("#cdd9e2", 170, 70, 900, 0.5, 0.05, "peaks"),
            Layer("#c4d6bd", 90, 26, 700, 1.8, 0.08),
            Layer("#b3d7e6", 56, 0, 900, 0, 0.16, "flat"),
        ),
        (
            Standing("jetty", 430, 70, 6),
            *row("pine", (60, 1130, 1300), 40, 50, tint="#9bb69a"),
            *row("reeds", (240, 760, 900), 60, share=0.32),
            Standing("sailboat", 640, 20, 40, share=0.12),
        ),
        light="sun",
        clouds=2,
        accent="#a1b182",
    ),
    "pool": Backdrop(
        ("#d9eef6", "#e8f3f3", "#f3f1e6"),
        ("#e5ece9", "#cfdcd9"),
        (
            Layer("#e9efe9", 150, 0, 900, 0, 0.1, "flat"),
            Layer("#8ed1e6", 70, 0, 900, 0, 0.2, "flat"),
            Layer("#e5ece9", 8, 0, 900, 0, 0.26, "flat"),
        ),
        (
            *row("lane_rope", (200, 700, 1200), 62, 52, share=0.2),
            *row("lane_rope", (420, 940, 1480), 70, 30, share=0.22),
            Standing("diving_board", 240, 84),
            *row("ladder", (640, 1340), 80, share=0.28),
            Standing("parasol", 980, 70),
            *row("waves", (500, 1100), 26, 14, share=0.2),
        ),
        floor="tiles",
        accent="#b0c6c4",
    ),
    "space_vacuum": Backdrop(
        ("#05060f", "#090b1a", "#0e1026"),
        ("#0e1026", "#070812"),
        (),
        (
            Standing("ring_planet", 980, 100, 300, share=0.03),
            Standing("galaxy", 260, 90, 330, share=0.02, tint="#6f66a8"),
            Standing("earth", 560, 40, 380, share=0.03),
        ),
        stars=True,
        floor="none",
        dark=True,
        haze=0.0,
    ),
    "moon": Backdrop(
        ("#06070d", "#090a12", "#10111a"),
        ("#4f4f55", "#35353b"),
        (Layer("#3d3d44", 56, 26, 620, 0.4, 0.06), Layer("#4b4b52", 24, 14, 480, 2.0, 0.16)),
        (
            Standing("earth", 880, 62, 290, share=0.02),
            *row("crater", (200, 700, 1230), 90, -24, share=0.32, tint="#65656b"),
            *row("rock", (420, 1010), 48, tint="#56565d"),
        ),
        stars=True,
        floor="stones",
        dark=True,
        accent="#74747a",
        haze=0.0,
    ),
    "mars": Backdrop(
        ("#f0cdb0", "#f1c6a4", "#edb892"),
        ("#e3a37c", "#cd8862"),
        (
            Layer("#e6b08b", 110, 50, 900, 0.7, 0.06, "peaks"),
            Layer("#dda07a", 44, 26, 640, 2.0, 0.16, "dunes"),
        ),
        (
            Standing("dome", 300, 62),
            Standing("rover", 880, 64, share=0.3),
            *row("rock", (620, 1160, 1420), 50, tint="#c68a68"),
            Standing("moon", 1050, 22, 380, share=0.02, tint="#f4dcc6"),
            Standing("moon", 1170, 13, 330, share=0.02, tint="#f4dcc6"),
            *row("crater", (480, 1330), 62, -16, share=0.3, tint="#d8966f"),
        ),
        floor="stones",
        accent="#bd7a57",
        weather="sand",
        haze=0.2,
    ),
    "asteroid": Backdrop(
        ("#07070e", "#0c0b16", "#14121f"),
        ("#45404c", "#2c2833"),
        (Layer("#2b2733", 70, 44, 420, 0.5, 0.08, "rocks"),),
        (
            *row("boulder", (160, 560, 900, 1350), 56, 220, share=0.12, tint="#57515f"),
            Standing("ring_planet", 1060, 60, 330, share=0.02),
            *row("crater", (330, 1160), 80, -20, share=0.32, tint="#514b58"),
            *row("spike", (700, 1480), 36, tint="#39343f"),
        ),
        stars=True,
        floor="stones",
        dark=True,
        accent="#5e5866",
        haze=0.0,
    ),
    "spaceship_interior": _room(
        ("#252b38", "#2c3341", "#333b4a"),
        ("#3b4352", "#262c38"),
        (),
        (
            *row("panel", (90, 270, 930, 1110, 1560), 112, tint="#394252"),
            *row("porthole", (500, 760, 1330), 110, 180),
            *row("console", (620, 1240), 104, share=0.3, tint="#4a5466"),
        ),
        floor="tiles",
        dark=True,
        accent="#4d5768",
    ),
    "space_station": _room(
        ("#e2e6ea", "#e8ebed", "#e6e8e8"),
        ("#cfd5da", "#b6bdc4"),
        (Layer("#c5ccd3", 40, 0, 900, 0, 0.24, "flat"),),
        (
            Standing("earth_window", 560, 124, 170),
            Standing("earth_window", 1250, 110, 180),
            *row("panel", (130, 900, 1560), 108, tint="#cdd4da"),
            Standing("console", 340, 100, share=0.3),
            *row("pipes", (760,), 90, 400),
        ),
        floor="tiles",
        accent="#9ea7b0",
    ),
    "alien_planet_low_g": Backdrop(
        ("#d9cdf0", "#e3d3ee", "#f0dce6"),
        ("#cfe0d6", "#b3cdc2"),
        (
            Layer("#d8c8e6", 150, 70, 700, 0.3, 0.05, "peaks"),
            Layer("#c3d6d0", 56, 34, 520, 2.1, 0.16),
        ),
        (
            *row("alien_plant", (130, 720, 1240), 74),
            Standing("ring_planet", 980, 62, 300, share=0.02),
            Standing("moon", 420, 26, 370, share=0.02),
            *row("mushroom", (380, 940, 1430), 72, tint="#b492d6"),
            Standing("cloud_island", 620, 44, 210, share=0.08),
        ),
        floor="stones",
        accent="#93b5a9",
    ),
    "alien_planet_high_g": Backdrop(
        ("#f2d3a8", "#f0c795", "#e9b884"),
        ("#d8a877", "#bd8b5d"),
        (
            Layer("#dfae80", 70, 30, 900, 0.6, 0.06),
            Layer("#d29c6d", 40, 26, 420, 1.9, 0.16, "rocks"),
        ),
        (
            *row("spike", (180, 860, 1330), 52, tint="#b98a64"),
            *row("rock", (420, 640, 1100), 84, tint="#b58b69"),
            *row("coral", (560, 1230), 46, tint="#c98a78"),
            Standing("ring_planet", 240, 50, 320, share=0.02),
        ),
        light="sun",
        floor="stones",
        accent="#a97a50",
        haze=0.22,
    ),
    "castle": Backdrop(
        ("#dbe8f0", "#e8ece6", "#f3ebd9"),
        ("#dfdcb8", "#c9c79a"),
        (Layer("#d8e0c6", 90, 44, 1300, 0.9, 0.08), Layer("#c9d4ae", 44, 26, 900, 2.4, 0.16)),
        (
            Standing("castle", 240, 62, 10, share=0.12),
            *row("round_tree", (760, 1010, 1320), 22, tint="#a9c08c"),
        ),
        light="sun",
        clouds=2,
        accent="#adb07e",
    ),
    "dungeon": Backdrop(
        ("#15141a", "#1b1a21", "#23212a"),
        ("#2f2c36", "#1d1b23"),
        (),
        (
            *row("dark_wall", (240, 720, 1200, 1680), 106),
            *row("torch", (420, 980, 1420), 84, 210),
            *row("cell", (660, 1240), 112),
            *row("chain", (180, 860), 110, hanging=True, up=60),
        ),
        floor="tiles",
        dark=True,
        accent="#3f3b48",
        indoor=True,
        haze=0.05,
        period=1920.0,
    ),
    "enchanted_forest": Backdrop(
        ("#262046", "#332a5a", "#453a6c"),
        ("#2f3a4c", "#1d2636"),
        (
            Layer("#332f5c", 210, 34, 420, 0.3, 0.05, "canopy"),
            Layer("#2b3250", 110, 28, 340, 1.4, 0.14, "canopy"),
        ),
        (
            *row("twisted_tree", (120, 720, 1260), 84, tint="#4a3f66"),
            *row("mushroom", (320, 520, 960, 1120, 1480), 70, tint="#b06fc0"),
            *row("fern", (430, 1380), 52, tint="#3f6a62"),
            Standing("moon", 980, 40, 330, share=0.02),
        ),
        stars=True,
        dark=True,
        weather="fireflies",
        accent="#4c6a6a",
        haze=0.08,
    ),
    "cloud_realm": Backdrop(
        ("#cfe4f7", "#e2edf8", "#f4f0f4"),
        ("#fbfbfd", "#e6ecf5"),
        (
            Layer("#eef3fa", 110, 30, 520, 0.5, 0.06, "puffs"),
            Layer("#f8fafd", 50, 22, 420, 1.9, 0.16, "puffs"),
        ),
        (
            Standing("rainbow", 640, 78, 20, share=0.05),
            Standing("cloud_island", 240, 74, 200, share=0.1),
            Standing("cloud_island", 1180, 92, 150, share=0.12),
            Standing("castle", 980, 26, 96, share=0.06, tint="#e3dcec"),
        ),
        light="sun",
        clouds=3,
        floor="clouds",
        accent="#ffffff",
        haze=0.15,
    ),
    "lava_realm": Backdrop(
        ("#160b0d", "#2a1010", "#4a1a12"),
        ("#2a1716", "#190f10"),
        (
            Layer("#2b1213", 130, 60, 420, 0.3, 0.06, "rocks"),
            Layer("#e0531f", 26, 5, 260, 0.8, 0.16, "waves"),
            Layer("#23110f", 10, 7, 220, 2.0, 0.24, "rocks"),
            Layer("#1a0d0e", 80, 40, 260, 1.2, 0, "rocks", True),
        ),
        (
            *row("spike", (150, 470, 1010, 1370), 62, tint="#2d1517"),
            Standing("volcano", 760, 44, 30, share=0.06),
        ),
        floor="cracks",
        dark=True,
        weather="ash",
        accent="#c8471c",
        haze=0.03,
    ),
    "ice_realm": Backdrop(
        ("#101d38", "#162b48", "#1f3d5c"),
        ("#2f506e", "#1f3a54"),
        (
            Layer("#1d3a5a", 150, 70, 460, 0.6, 0.05, "peaks"),
            Layer("#2c5272", 60, 30, 320, 2.1, 0.16, "rocks"),
        ),
        (
            Standing("aurora", 500, 74, 300, share=0.02),
            *row("crystal", (140, 720, 1190, 1480), 86, tint="#86bfdc"),
            *row("spike", (400, 960), 52, tint="#4f7f9f"),
        ),
        stars=True,
        floor="snow",
        dark=True,
        weather="snow",
        accent="#6f97b3",
        haze=0.08,
    ),
    "rainy": replace(
        _GREY,
        weather="rain",
        landmarks=(
            *_GREY.landmarks,
            *row("dark_cloud", (180, 620, 1100), 84, hanging=True, up=54),
            *row("puddle", (300, 860, 1300), 84, -20, share=0.32),
            Standing("umbrella", 980, 92, share=0.3),
        ),
    ),
    "snowy": Backdrop(
        ("#a3bbd6", "#bdd0e3", "#d8e4ef"),
        ("#f9fbfd", "#dfe8f1"),
        (Layer("#b4c8dc", 96, 44, 1200, 0.7, 0.08), Layer("#cbd9e7", 44, 24, 900, 2.3, 0.18)),
        (
            *row("snowy_pine", (110, 560, 1180), 46),
            Standing("snowman", 860, 54, share=0.32),
        ),
        floor="snow",
        weather="snow",
        accent="#b4c4d4",
        haze=0.12,
    ),
    "windy": Backdrop(
        ("#d5e6ef", "#e5ece8", "#f1ecda"),
        ("#dfe2bb", "#c8cc9b"),
        (Layer("#d9e2c0", 104, 46, 1300, 0.4, 0.08), Layer("#c8d6a8", 54, 32, 1000, 2.0, 0.18)),
        (
            *row("bent_tree", (150, 700, 1280), 56),
            Standing("windmill", 1000, 50, 10),
            *row("grass", (420, 860, 1430), 110, share=0.3),
        ),
        clouds=3,
        weather="wind",
        accent="#aab27c",
    ),
    "foggy": Backdrop(
        ("#d8dadb", "#dfe0df", "#e4e3df"),
        ("#dcdad2", "#cac8bf"),
        (
            Layer("#d6d8d7", 120, 50, 1100, 0.8, 0.06),
            Layer("#cfd2cf", 60, 30, 800, 2.0, 0.14, "canopy"),
        ),
        (
            *row("bare_tree", (160, 700, 1290), 60),
            *row("lamp", (430, 1050), 72, share=0.3),
            Standing("house", 880, 40, 4),
        ),
        haze=0.55,
        weather="fog",
        accent="#b9b7ae",
    ),
    "stormy": replace(
        _GREY,
        sky=("#1f242e", "#2b323d", "#3a424c"),
        ground=("#39403f", "#272c2d"),
        layers=(
            Layer("#2b323b", 90, 44, 1300, 1.0, 0.10),
            Layer("#333b3d", 46, 28, 1000, 3.1, 0.20),
        ),
        landmarks=(
            *row("dark_cloud", (150, 560, 1020, 1420), 96, hanging=True, up=62, tint="#4a525e"),
            *row("bent_tree", (240, 1160), 54, tint="#4c5a52"),
            Standing("house", 760, 38, 4, tint="#59606a"),
        ),
        dark=True,
        weather="storm",
        haze=0.1,
        accent="#4d5655",
    ),
    "stadium": Backdrop(
        ("#cfe3f2", "#dfeaf0", "#eceee6"),
        ("#cfe3b4", "#b7d296"),
        (Layer("#d9dbe4", 150, 0, 900, 0, 0.1, "flat"),),
        (
            *row("stand", (170, 560, 950, 1340), 50, 10, share=0.14),
            *row("floodlight", (60, 760, 1470), 88, 10, share=0.12),
            Standing("high_scoreboard", 1200, 70, 250, share=0.12),
        ),
        floor="lanes",
        accent="#f3f7ea",
        period=1560.0,
    ),
    "arena": Backdrop(
        ("#efe0c6", "#f3e6cd", "#f3e2c2"),
        ("#ecd5a6", "#dcbf88"),
        (
            Layer("#ead9ba", 140, 0, 900, 0, 0.1, "flat"),
            Layer("#dcc7a1", 30, 0, 900, 0, 0.2, "flat"),
        ),
        (
            *row("arch_wall", (150, 720, 1290), 38, 30, share=0.14),
            *row("crowd", (150, 420, 960, 1230, 1490), 30, 142, share=0.12),
        ),
        light="sun",
        floor="sand",
        accent="#cdae74",
        period=1560.0,
    ),
    "rink": Backdrop(
        ("#dbe5ee", "#e5ecf1", "#ecf0f2"),
        ("#eef6fa", "#d9e8f0"),
        (
            Layer("#d3d8e2", 190, 0, 900, 0, 0.1, "flat"),
            Layer("#fbfcfd", 66, 0, 900, 0, 0.24, "flat"),
            Layer("#e7c55f", 10, 0, 900, 0, 0.24, "flat"),
        ),
        (
            *row("crowd", (120, 390, 660, 930, 1200, 1470), 56, 66, share=0.14),
            Standing("goal", 560, 52, share=0.3),
            Standing("scoreboard", 1080, 76, 200, share=0.12),
            *row("bunting", (260, 1160), 80, hanging=True, up=20),
        ),
        floor="rink",
        accent="#d98f8f",
        period=1620.0,
    ),
    "court": _room(
        ("#efe7da", "#f2eadd", "#eee2cf"),
        ("#e4bd86", "#d5a76b"),
        (Layer("#cfd6e2", 170, 0, 900, 0, 0.2, "flat"),),
        (
            *row("stand", (160, 480, 1320), 58, 6, share=0.22),
            *row("hoop", (760, 1560), 118, share=0.28),
            Standing("scoreboard", 1020, 80, 230),
        ),
        floor="boards",
        accent="#fbf3e2",
    ),
    "track": Backdrop(
        ("#cfe4f3", "#e0ecf1", "#eff0e6"),
        ("#dc9a7c", "#c98263"),
        (
            Layer("#d6dbe6", 130, 0, 900, 0, 0.08, "flat"),
            Layer("#c7ddae", 26, 0, 900, 0, 0.2, "flat"),
        ),
        (
            *row("stand", (220, 640, 1060, 1480), 50, 22, share=0.12),
            *row("hurdle", (150, 480, 820, 1160, 1480), 70, share=0.3),
            *row("floodlight", (40, 860), 78, 20, share=0.1),
        ),
        light="sun",
        clouds=1,
        floor="lanes",
        accent="#fbf1e8",
        period=1680.0,
    ),
    "field": Backdrop(
        _DAY,
        ("#d3e5b2", "#bcd594"),
        (
            Layer("#cfe0b6", 96, 30, 900, 0.7, 0.06, "canopy"),
            Layer("#e8e4d6", 40, 0, 900, 0, 0.18, "flat"),
        ),
        (
            Standing("goal", 420, 64, share=0.28),
            Standing("scoreboard", 1060, 58, 34),
            *row("corner_flag", (720, 1340), 62, share=0.3),
            *row("floodlight", (150, 1240), 70, 36, share=0.14),
            *row("bench", (880,), 60, share=0.28),
        ),
        light="sun",
        clouds=2,
        floor="lanes",
        accent="#f4f8ea",
    ),
    "concert": _room(
        ("#100b22", "#1b1036", "#2a1750"),
        ("#241a3c", "#151024"),
        (Layer("#33215e", 60, 0, 900, 0, 0.2, "flat"),),
        (
            *row("spotlight", (180, 520, 900, 1260), 96, hanging=True, up=36),
            *row("truss", (300, 1000), 92, hanging=True, up=26, tint="#5a5570"),
            *row("speaker", (110, 1080, 1440), 60, 0, tint="#15121f"),
            *row("cheering", (330, 620, 860, 1290), 58, -10, share=0.34, tint="#120e1f"),
        ),
        dark=True,
        floor="boards",
        weather="confetti",
        accent="#3d2d66",
        haze=0.05,
    ),
    "party": _room(
        ("#f6e3ea", "#f8e8ea", "#f6e6dc"),
        ("#e8cfb4", "#d6b693"),
        (),
        (
            *row("bunting", (280, 840, 1400), 92, hanging=True, up=30),
            Standing("disco_ball", 620, 84, hanging=True, up=-10),
            *row("balloons", (150, 1130, 1560), 104),
            Standing("set_table", 350, 96, share=0.3),
            Standing("speaker", 1270, 80, tint="#6f6880"),
        ),
        floor="boards",
        weather="confetti",
        accent="#c4a17c",
    ),
    "wedding": Backdrop(
        ("#e3edf5", "#f1eff0", "#f9f0e6"),
        ("#e3ebce", "#ccdbb0"),
        (Layer("#dde8cd", 96, 40, 1300, 0.9, 0.08), Layer("#cfdfb8", 48, 26, 1000, 2.2, 0.16)),
        (
            Standing("flower_arch", 620, 92, share=0.3),
            Standing("church", 1050, 58, 10, share=0.14),
            *row("balloons", (330, 1380), 70),
            *row("flower", (200, 480, 780, 930), 54, share=0.32),
            *row("bench", (170, 900), 58, share=0.32, tint="#f0e6d6"),
        ),
        light="sun",
        clouds=2,
        weather="petals",
        accent="#b3c792",
    ),
    "market": Backdrop(
        ("#dfeaf0", "#ecece4", "#f6ead6"),
        ("#dfcfb6", "#cbb899"),
        (Layer("#e2d8cb", 150, 50, 700, 0.6, 0.06, "skyline"),),
        (
            *row("stall", (180, 520, 860, 1200, 1520), 82),
            *row("crate", (350, 1030), 96, share=0.32),
            *row("bunting", (330, 1000), 84, hanging=True, up=70),
            *row("crowd", (690, 1370), 62, share=0.2),
        ),
        floor="stones",
        clouds=1,
        accent="#b39f80",
        period=1700.0,
    ),
    "festival": Backdrop(
        ("#f3d9c6", "#f7e0c8", "#f9e6cc"),
        ("#dcdcae", "#c6c78f"),
        (Layer("#e6d8bd", 84, 34, 1100, 0.7, 0.08),),
        (
            Standing("ferris_wheel", 980, 66, 6, share=0.1),
            *row("tent", (200, 520, 1330), 66),
            *row("lantern", (120, 400, 720, 1180), 78, hanging=True, up=30),
            *row("bunting", (560, 1240), 80, hanging=True, up=60),
            Standing("crowd", 760, 56, share=0.24),
        ),
        weather="confetti",
        accent="#a9aa74",
    ),
    "protest": Backdrop(
        ("#d9e1e7", "#e4e7e6", "#eae6de"),
        ("#d0cdc8", "#bab7b3"),
        (
            Layer("#d5d9e0", 190, 80, 760, 0.5, 0.04, "skyline"),
            Layer("#c9ced6", 110, 50, 600, 1.9, 0.1, "skyline"),
        ),
        (
            *row("placards", (150, 420, 690, 960, 1230, 1500), 70, share=0.24),
            *row("lamp", (560, 1380), 66, share=0.3),
        ),
        clouds=2,
        floor="road",
        accent="#f3efe4",
        period=1620.0,
    ),
    "parade": Backdrop(
        ("#d3e7f3", "#e3edf0", "#f3efe2"),
        ("#d6d2cc", "#c0bcb6"),
        (Layer("#d9dde4", 190, 70, 700, 0.5, 0.05, "skyline"),),
        (
            *row("crowd", (120, 400, 680, 960, 1240, 1520), 66, share=0.24),
            *row("balloons", (270, 820, 1390), 84, 20, share=0.24),
            *row("bunting", (200, 760, 1320), 92, hanging=True, up=40),
            Standing("drum", 560, 74, share=0.32),
            *row("corner_flag", (1080, 1480), 92, share=0.3),
        ),
        floor="road",
        weather="confetti",
        clouds=1,
        accent="#f7f3e6",
        period=1660.0,
    ),
}
"""Every environment of the core's table by its name."""

OVERCAST: Final = {
    "rainy": ("rain", "#8f9aa8", 0.26),
    "snowy": ("snow", "#c3cfdd", 0.62),
    "windy": ("wind", "#ffffff", 0.0),
    "foggy": ("fog", "#d9dad8", 0.46),
    "stormy": ("storm", "#8f98a4", 0.34),
}
"""A weather over another place: its particles, and the colour and alpha of the veil it brings."""


_SNOWED: Final = ("meadow", "stones", "sand", "cracks")
"""Floors that snow covers."""


def backdrop(environment: str, weather: str | None = None) -> Backdrop:
    """Return how *environment* looks in *weather*; an unknown place looks like `earth_normal`.

    Indoors a weather is not seen.
    """
    place = BACKDROPS.get(environment, _EARTH)
    if weather is None or weather == environment or place.indoor or weather not in WEATHERS:
        return place
    falls, tint, alpha = OVERCAST[weather]
    if place.dark:
        alpha *= 0.3
    if weather == "snowy" and place is _EARTH:
        return BACKDROPS["snowy"]
    if alpha:
        place = _relit(place, tint, alpha, dark=place.dark)
    if weather == "snowy" and not place.dark and place.floor in _SNOWED:
        snow = ("#f2f6fa", "#dfe8f0")
        place = replace(place, ground=snow, floor="snow", accent="#b9c8d8")
    clouded = weather in ("rainy", "stormy", "snowy", "foggy")
    return replace(
        place,
        weather=falls,
        light="none" if clouded else place.light,
        clouds=3 if clouded and not place.dark else place.clouds,
    )


def missing() -> list[str]:
    """Return the environments of the core's table there is no backdrop for."""
    return [each.name for each in ENVIRONMENTS if each.name not in BACKDROPS]


_NIGHT: Final = "#0d1122"
_PALE: Final = "#fbf6ec"


def _mixed(tint: str, toward: str, share: float) -> str:
    def part(i: int) -> int:
        a, b = int(tint[i : i + 2], 16), int(toward[i : i + 2], 16)
        return round(a + (b - a) * share)

    return f"#{part(1):02x}{part(3):02x}{part(5):02x}"


def _relit(place: Backdrop, toward: str, share: float, *, dark: bool) -> Backdrop:
    """Return *place* with all its colours *share* of the way *toward* a light."""

    def lit(tint: str) -> str:
        return _mixed(tint, toward, share)

    return replace(
        place,
        sky=(lit(place.sky[0]), lit(place.sky[1]), lit(place.sky[2])),
        ground=(lit(place.ground[0]), lit(place.ground[1])),
        layers=tuple(layer._replace(tint=lit(layer.tint)) for layer in place.layers),
        cast=(toward, share),
        accent=lit(place.accent),
        cloud=lit(place.cloud),
        dark=dark,
    )


def by_night(place: Backdrop) -> Backdrop:
    """Return *place* at night: dark colours, a moon for the sun, stars outdoors."""
    if place.dark:
        return place
    night = _relit(place, _NIGHT, 0.84, dark=True)
    return replace(
        night,
        light="moon" if place.light == "sun" else "none",
        stars=not place.indoor,
        clouds=min(place.clouds, 1),
        haze=min(place.haze, 0.1),
    )


def by_day(place: Backdrop) -> Backdrop:
    """Return *place* in bright light: a dark place becomes pale, a light one stays as it is."""
    if not place.dark:
        return place
    return replace(_relit(place, _PALE, 0.78, dark=False), stars=False, haze=0.35)
