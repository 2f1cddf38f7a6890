"""The 64 environments: one ordered table of what a place does to the bodies in it.

Rows and figures are the reference vocabulary's, in its order; a row never moves and never changes
its name. Scales are factors on what the same body does on the ground of the earth, indoors, in
still air, so that row 0, ``earth_normal``, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Final

from stickgen.core.errors import UsageError

GRAVITY: Final = 9.81
"""Acceleration of free fall on the earth, m/s²."""


@dataclass(frozen=True, slots=True)
class Environment:
    """One row of the table: its place in it, its name, and the 16 fields of its profile."""

    index: int
    name: str
    gravity_scale: float = 1.0
    """Factor on the acceleration of free fall; 0 is weightlessness."""
    friction: float = 1.0
    """Grip of the feet: 1 a dry floor, below about 0.3 they slide."""
    air_resistance: float = 1.0
    """Drag of the medium: 0 a vacuum, 1 air, 3 water."""
    buoyancy: float = 0.0
    """Share of the weight that the medium carries, 0-1."""
    movement_speed_scale: float = 1.0
    """Factor on the speed of travelling actions."""
    step_height_scale: float = 1.0
    """Factor on how high the feet are lifted."""
    jump_height_scale: float = 1.0
    """Factor on how high a body jumps."""
    landing_impact: float = 1.0
    """Factor on how deep a body gives way when it lands."""
    balance_difficulty: float = 1.0
    """Factor on how much a body sways and spreads its arms; 1 is firm ground."""
    visibility: float = 1.0
    """How far one sees, 0-1."""
    temperature_modifier: float = 1.0
    """Factor on vigour: 1 is comfortable, less is too hot or too cold."""
    wind_strength: float = 0.0
    """0 still air to 1 a storm."""
    wind_direction: float = 0.0
    """Where the wind blows to, in radians counter-clockwise from above; 0 is +x."""
    slope_angle: float = 0.0
    """Slope of the ground in radians, uphill toward +x."""
    crowd_density: float = 0.0
    """How full of other people the place is, 0-1."""
    ambient_noise: float = 0.5
    """How loud the place is, 0-1."""

    @property
    def gravity(self) -> float:
        """Acceleration of free fall, m/s² (positive downward)."""
        return GRAVITY * self.gravity_scale

    def as_vector(self) -> tuple[float, ...]:
        """Return the 16 profile fields in the order of `PROFILE_FIELDS`."""
        return tuple(float(getattr(self, name)) for name in PROFILE_FIELDS)

    def in_weather(self, weather: str | None) -> Environment:
        """Return this place in a kind of `WEATHERS`; None changes nothing.

        Factors multiply; of buoyancy, wind and noise the larger counts, of two views the shorter.
        Raises `UsageError` for an unknown weather.
        """
        if weather is None:
            return self
        if weather not in WEATHERS:
            raise UsageError(f"the weather {weather!r} is not one of {', '.join(WEATHERS)}")
        over = environment(weather)
        changed: dict[str, float] = {}
        for name in PROFILE_FIELDS:
            one, other = getattr(self, name), getattr(over, name)
            if name in _ADDED:
                changed[name] = one + other
            elif name in _LARGER:
                changed[name] = max(one, other)
            elif name == "visibility":
                changed[name] = min(one, other)
            else:
                changed[name] = one * other
        return replace(self, **changed)  # type: ignore[arg-type]


PROFILE_FIELDS: Final[tuple[str, ...]] = tuple(f.name for f in fields(Environment))[2:]
"""The order of `Environment.as_vector`: 0 gravity_scale, 1 friction, 2 air_resistance, 3 buoyancy,
4 movement_speed_scale, 5 step_height_scale, 6 jump_height_scale, 7 landing_impact,
8 balance_difficulty, 9 visibility, 10 temperature_modifier, 11 wind_strength, 12 wind_direction,
13 slope_angle, 14 crowd_density, 15 ambient_noise.
"""

WEATHERS: Final = ("rainy", "snowy", "windy", "foggy", "stormy")
"""The rows that are a weather and can lie over any other environment."""

_LARGER: Final = frozenset({"buoyancy", "wind_strength", "crowd_density", "ambient_noise"})
_ADDED: Final = frozenset({"wind_direction", "slope_angle"})


def _table() -> tuple[Environment, ...]:
    rows: list[Environment] = []

    def row(name: str, **profile: float) -> None:
        rows.append(Environment(len(rows), name, **profile))

    row("earth_normal")
    row("grassland", friction=0.9, step_height_scale=1.1)
    row("forest", friction=0.85, movement_speed_scale=0.85, step_height_scale=1.3, visibility=0.7)
    row(
        "desert",
        friction=0.6,
        movement_speed_scale=0.75,
        step_height_scale=1.4,
        visibility=0.9,
        temperature_modifier=0.85,
    )
    row("beach", friction=0.5, movement_speed_scale=0.8, step_height_scale=1.2, wind_strength=0.3)
    row(
        "mountain",
        air_resistance=0.7,
        movement_speed_scale=0.7,
        step_height_scale=1.5,
        jump_height_scale=0.85,
        balance_difficulty=1.3,
        temperature_modifier=0.8,
        slope_angle=0.3,
    )
    row(
        "arctic",
        friction=0.15,
        movement_speed_scale=0.6,
        step_height_scale=1.2,
        balance_difficulty=2.0,
        temperature_modifier=0.6,
        wind_strength=0.5,
    )
    row(
        "jungle",
        friction=0.7,
        air_resistance=1.2,
        movement_speed_scale=0.65,
        step_height_scale=1.6,
        visibility=0.5,
        temperature_modifier=0.9,
    )
    row(
        "swamp",
        friction=0.4,
        movement_speed_scale=0.5,
        step_height_scale=1.8,
        balance_difficulty=1.5,
        visibility=0.6,
    )
    row("cave", movement_speed_scale=0.8, step_height_scale=1.4, visibility=0.3, ambient_noise=0.2)
    row(
        "volcano",
        friction=0.8,
        movement_speed_scale=0.7,
        step_height_scale=1.5,
        visibility=0.6,
        temperature_modifier=0.7,
        ambient_noise=0.8,
    )
    row("city_street", friction=1.1, crowd_density=0.4, ambient_noise=0.7)
    row("city_park", friction=0.95, step_height_scale=1.1, crowd_density=0.2, ambient_noise=0.4)
    row("rooftop", balance_difficulty=1.2, wind_strength=0.6)
    row("alley", visibility=0.6, crowd_density=0.1, ambient_noise=0.3)
    row("subway", visibility=0.7, crowd_density=0.6, ambient_noise=0.9)
    row("mall", friction=1.1, movement_speed_scale=1.1, crowd_density=0.5, ambient_noise=0.6)
    row("office", movement_speed_scale=0.9, crowd_density=0.3, ambient_noise=0.3)
    row("gym", friction=1.2, movement_speed_scale=1.1, jump_height_scale=1.1, ambient_noise=0.6)
    row("museum", friction=1.1, movement_speed_scale=0.7, ambient_noise=0.2)
    row("restaurant", movement_speed_scale=0.8, crowd_density=0.4)
    row("theater", movement_speed_scale=0.7, visibility=0.4, ambient_noise=0.1)
    row("library", movement_speed_scale=0.6, ambient_noise=0.1)
    row("hospital", friction=1.1, movement_speed_scale=0.8, ambient_noise=0.3)
    row("factory", movement_speed_scale=0.9, step_height_scale=1.2, ambient_noise=0.9)
    row("warehouse", step_height_scale=1.3, visibility=0.7, ambient_noise=0.4)
    row("classroom", movement_speed_scale=0.8, crowd_density=0.5, ambient_noise=0.4)
    row(
        "underwater",
        gravity_scale=0.1,
        friction=0.3,
        air_resistance=3.0,
        buoyancy=0.9,
        movement_speed_scale=0.4,
        step_height_scale=0.5,
        jump_height_scale=0.3,
        landing_impact=0.2,
        balance_difficulty=0.5,
        visibility=0.5,
    )
    row(
        "ocean_surface",
        gravity_scale=0.8,
        friction=0.2,
        buoyancy=0.6,
        movement_speed_scale=0.5,
        balance_difficulty=1.8,
        wind_strength=0.4,
    )
    row(
        "river",
        gravity_scale=0.9,
        friction=0.4,
        air_resistance=1.5,
        buoyancy=0.3,
        movement_speed_scale=0.6,
        balance_difficulty=1.5,
    )
    row(
        "lake",
        gravity_scale=0.85,
        friction=0.3,
        buoyancy=0.4,
        movement_speed_scale=0.55,
        balance_difficulty=1.2,
    )
    row(
        "pool",
        gravity_scale=0.2,
        friction=0.25,
        air_resistance=2.5,
        buoyancy=0.8,
        movement_speed_scale=0.45,
        landing_impact=0.3,
    )
    row(
        "space_vacuum",
        gravity_scale=0.0,
        friction=0.0,
        air_resistance=0.0,
        buoyancy=1.0,
        movement_speed_scale=0.3,
        jump_height_scale=5.0,
        landing_impact=0.0,
        balance_difficulty=0.3,
    )
    row(
        "moon",
        gravity_scale=0.16,
        friction=0.5,
        air_resistance=0.0,
        movement_speed_scale=0.6,
        step_height_scale=2.0,
        jump_height_scale=6.0,
        landing_impact=0.3,
    )
    row(
        "mars",
        gravity_scale=0.38,
        friction=0.6,
        air_resistance=0.01,
        movement_speed_scale=0.75,
        step_height_scale=1.5,
        jump_height_scale=2.6,
        landing_impact=0.5,
        wind_strength=0.2,
    )
    row(
        "asteroid",
        gravity_scale=0.05,
        friction=0.4,
        air_resistance=0.0,
        buoyancy=0.8,
        movement_speed_scale=0.4,
        jump_height_scale=10.0,
        balance_difficulty=2.0,
    )
    row("spaceship_interior", movement_speed_scale=0.9, ambient_noise=0.4)
    row(
        "space_station",
        gravity_scale=0.8,
        movement_speed_scale=0.85,
        step_height_scale=1.2,
        ambient_noise=0.3,
    )
    row(
        "alien_planet_low_g",
        gravity_scale=0.3,
        friction=0.7,
        air_resistance=0.8,
        movement_speed_scale=0.8,
        step_height_scale=1.8,
        jump_height_scale=3.3,
        visibility=0.8,
    )
    row(
        "alien_planet_high_g",
        gravity_scale=2.5,
        friction=1.2,
        air_resistance=1.5,
        movement_speed_scale=0.5,
        step_height_scale=0.6,
        jump_height_scale=0.4,
        landing_impact=2.0,
        balance_difficulty=1.5,
    )
    row("castle", step_height_scale=1.3, visibility=0.7, ambient_noise=0.3)
    row(
        "dungeon",
        friction=0.8,
        movement_speed_scale=0.75,
        step_height_scale=1.4,
        visibility=0.2,
        ambient_noise=0.2,
    )
    row(
        "enchanted_forest",
        gravity_scale=0.9,
        friction=0.85,
        movement_speed_scale=0.9,
        step_height_scale=1.2,
        visibility=0.6,
    )
    row(
        "cloud_realm",
        gravity_scale=0.4,
        friction=0.3,
        buoyancy=0.5,
        movement_speed_scale=0.7,
        step_height_scale=0.8,
        jump_height_scale=2.5,
        landing_impact=0.3,
        visibility=0.8,
    )
    row(
        "lava_realm",
        movement_speed_scale=0.6,
        step_height_scale=1.5,
        visibility=0.7,
        temperature_modifier=0.5,
        ambient_noise=0.8,
    )
    row(
        "ice_realm",
        friction=0.1,
        movement_speed_scale=0.5,
        balance_difficulty=2.5,
        visibility=0.9,
        temperature_modifier=0.5,
    )
    row("rainy", friction=0.6, movement_speed_scale=0.85, visibility=0.6, wind_strength=0.2)
    row(
        "snowy",
        friction=0.4,
        movement_speed_scale=0.7,
        step_height_scale=1.4,
        visibility=0.5,
        temperature_modifier=0.7,
    )
    row("windy", movement_speed_scale=0.85, balance_difficulty=1.4, wind_strength=0.8)
    row("foggy", movement_speed_scale=0.8, visibility=0.2)
    row(
        "stormy",
        friction=0.5,
        movement_speed_scale=0.6,
        balance_difficulty=1.8,
        visibility=0.3,
        wind_strength=1.0,
        ambient_noise=1.0,
    )
    row("stadium", movement_speed_scale=1.1, crowd_density=0.7, ambient_noise=0.9)
    row("arena", friction=1.1, crowd_density=0.6, ambient_noise=0.8)
    row("rink", friction=0.08, movement_speed_scale=1.2, balance_difficulty=2.0, crowd_density=0.3)
    row("court", friction=1.2, movement_speed_scale=1.1, jump_height_scale=1.1, crowd_density=0.3)
    row("track", friction=1.3, movement_speed_scale=1.2, crowd_density=0.2)
    row("field", friction=0.9, step_height_scale=1.1, crowd_density=0.1)
    row("concert", movement_speed_scale=0.7, visibility=0.6, crowd_density=0.9, ambient_noise=1.0)
    row("party", movement_speed_scale=0.9, visibility=0.7, crowd_density=0.6, ambient_noise=0.8)
    row("wedding", movement_speed_scale=0.7, crowd_density=0.5, ambient_noise=0.4)
    row(
        "market",
        movement_speed_scale=0.75,
        step_height_scale=1.2,
        crowd_density=0.7,
        ambient_noise=0.7,
    )
    row("festival", movement_speed_scale=0.8, crowd_density=0.8, ambient_noise=0.9)
    row(
        "protest",
        movement_speed_scale=0.6,
        balance_difficulty=1.2,
        crowd_density=0.9,
        ambient_noise=1.0,
    )
    row("parade", movement_speed_scale=0.8, crowd_density=0.7, ambient_noise=0.8)
    return tuple(rows)


ENVIRONMENTS: Final[tuple[Environment, ...]] = _table()
"""The table, in order."""


@cache
def _by_name() -> dict[str, Environment]:
    return {row.name: row for row in ENVIRONMENTS}


def environment(name: str | int) -> Environment:
    """Return the row called *name*, or the row with that index.

    Raises `UsageError` naming the nearest environment for one that is not in the table.
    """
    if isinstance(name, int):
        if 0 <= name < len(ENVIRONMENTS):
            return ENVIRONMENTS[name]
        raise UsageError(f"environment {name} is not in the table of {len(ENVIRONMENTS)}")
    found = _by_name().get(name)
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(name, _by_name(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"there is no environment {name!r}{hint}")
    return found
