"""Games by name: who plays what, where and in which order when the text only says that they play.

"Two teams play baseball" names no action; a game brings its own: a pitch, a swing, a run, a cheer.
Marks are metres on a stage about 9 m wide, much less than a real field, so that everybody is seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from stickgen.core.types import Role
from stickgen.llm.plot import Event, Step
from stickgen.llm.words import Word, number, word_set


@dataclass(frozen=True, slots=True)
class Staged:
    """A game made ready: its steps, where the players stand, and the things on the field."""

    steps: list[Step]
    roles: list[Role]
    props: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Game:
    """A game: the words that name it, where it is played, by how many at least, and how."""

    name: str
    words: tuple[tuple[str, ...], ...]
    environment: str
    players: int
    actions: frozenset[str]
    """Actions that the words for playing it may have been read as."""
    play: Callable[[list[Role]], Staged] = field(repr=False)


_PLAYING: Final = word_set(
    "play plays playing played match game games playoff playoffs final finals compete competes"
    " competing competition tournament championship derby cup versus vs against series bout race"
    " races racing raced boxing"
)


def named(words: Sequence[Word]) -> Game | None:
    """Return the game that *words* say is played, or None."""
    lows = [word.low for word in words]
    if not _PLAYING & set(lows) and sides(words) is None:
        return None
    for game in GAMES:
        for phrase in game.words:
            for at in range(len(lows) - len(phrase) + 1):
                if tuple(lows[at : at + len(phrase)]) == phrase:
                    return game
    return None


def sides(words: Sequence[Word]) -> int | None:
    """Return how many play where *words* say it as players do: five-a-side, 3v3, one on one."""
    for at in range(len(words) - 2):
        first, between, last = words[at : at + 3]
        count = number(first)
        if count is None or not 1 <= count <= 10:
            continue
        if (between.low, last.low) == ("a", "side"):
            return int(2 * count)
        other = number(last)
        if between.low in {"v", "vs", "on", "against", "versus"} and other is not None:
            return int(count + other) if 1 <= other <= 10 else None
    return None


def players(game: Game, count: int | None = None) -> list[Role]:
    """Return the *count* players of *game* where the text names nobody: two teams, boxers."""
    noun = {"boxing": "boxer", "race": "runner"}.get(game.name, "player")
    teams = game.name in {"baseball", "basketball", "soccer"}
    count = count or game.players
    half = count // 2
    return [
        Role(f"{noun} {i + 1}", team=("A" if i < half else "B") if teams else None)
        for i in range(count)
    ]


def only_played(game: Game, steps: Sequence[Step]) -> int | None:
    """Return how many of the first *steps* say no more than that *game* is played; None if the
    first says what is done.

    Steps that follow tell how it ends.
    """
    count = 0
    for step in steps:
        vague = all(
            (e.action in game.actions and (e.played or e.row.name in {"run", "sprint"}))
            or (e.action == "idle" and not e.understood)
            for e in step
        )
        if not vague:
            break
        count += 1
    return count if count or not steps else None


# -- marks ---------------------------------------------------------------------------------------

_RIGHT, _LEFT = 0.0, 180.0


def _mark(role: Role, x: float, z: float, heading: float) -> Role:
    return replace(role, start=(round(x, 2), round(z, 2)), heading=heading)


def _toward(x: float, z: float, to: tuple[float, float]) -> float:
    """Return the heading in degrees from (x, z) to *to*."""
    return round(math.degrees(math.atan2(-(to[1] - z), to[0] - x)), 1)


def _row(count: int, x: float, z: float, gap: float) -> list[tuple[float, float]]:
    return [(x + gap * i, z) for i in range(count)]


def _sides(roles: list[Role]) -> tuple[list[int], list[int]]:
    """Return the two sides: the teams where there are two, else every other one."""
    names = list(dict.fromkeys(role.team for role in roles))
    if len(names) >= 2:
        first = [i for i, role in enumerate(roles) if role.team == names[0]]
        return first, [i for i in range(len(roles)) if i not in first]
    half = (len(roles) + 1) // 2
    if len(roles) > 3 and all(role.colour is None for role in roles):
        roles[:] = [replace(r, team="A" if i < half else "B") for i, r in enumerate(roles)]
    return list(range(half)), list(range(half, len(roles)))


def _all(actors: Sequence[int], action: str, **how: object) -> list[Event]:
    return [Event(tuple(actors), action, **how)] if actors else []  # type: ignore[arg-type]


# -- baseball ------------------------------------------------------------------------------------

_VIEW: Final = 30.0
"""The yaw in degrees from which a scene is seen unless somebody asks for another."""


def _seen(right: float, near: float) -> tuple[float, float]:
    """Return the (x, z) of the mark that lies so far to the right in the picture, and nearer."""
    c, s = math.cos(math.radians(_VIEW)), math.sin(math.radians(_VIEW))
    return right * c + near * s, near * c - right * s


_HOME: Final = _seen(-2.4, 0.0)
_MOUND: Final = _seen(1.9, -0.9)
_CATCHER: Final = _seen(-3.75, -0.1)
_FIELD: Final = tuple(
    _seen(*spot)
    for spot in (
        (14.0, -4.0),
        (-8.4, -3.0),
        (-11.0, -4.4),
        (16.0, -5.4),
        (-13.0, -6.0),
        (18.0, -7.0),
    )
)
"""The fielders: at either side of the duel, which they leave to itself."""
_COACH: Final = _seen(5.9, 0.9)
"""Where one of those who bat waits at first base, and cheers the runner on."""
_BENCH: Final = (7.5, -0.2)
"""Where the others wait for their turn, in a row that begins so far right and near."""


def _baseball(roles: list[Role]) -> Staged:
    """A pitch, a hit, a run to the base and a cheer, with the ball fielded meanwhile.

    Pitcher, batter and catcher are seen from the side, the rest outside of that picture: who wins
    ends up among his own, before one who lost.
    """
    roles = list(roles)
    field_side, bat_side = _sides(roles)
    right, left = _RIGHT + _VIEW, _LEFT + _VIEW
    if len(roles) == 1:
        roles[0] = _mark(roles[0], *_HOME, right)
        alone: list[Step] = [[Event((0,), "batting")], [Event((0,), "running_bases")]]
        return Staged(alone, roles, ("base", "bat", "baseball"))
    pitcher, batter = field_side[0], bat_side[0]
    roles[pitcher] = _mark(roles[pitcher], *_MOUND, left)
    roles[batter] = _mark(roles[batter], *_HOME, right)
    catcher = field_side[1:2]
    for i in catcher:
        roles[i] = _mark(roles[i], *_CATCHER, right)
    fielders = field_side[2:]
    for i, spot in zip(fielders, _spots(_FIELD, len(fielders)), strict=True):
        roles[i] = _mark(roles[i], *spot, _toward(*spot, _HOME))
    bench = bat_side[1:]
    for place, i in enumerate(bench):
        spot = _seen(_BENCH[0] + 2.9 * (place - 1), _BENCH[1] - 0.5 * (place - 1))
        spot = spot if place else _COACH
        roles[i] = _mark(roles[i], *spot, -75.0)
    steps: list[Step] = [
        [
            Event((pitcher,), "pitching", target=batter, repetitions=1),
            Event((batter,), "batting", target=pitcher, repetitions=1),
            *_all(catcher, "crouch"),
            *_all(fielders, "fight_stance"),
            *_all(bench, "clap"),
        ],
        [
            Event((batter,), "running_bases", target=bench[0] if bench else "base",
                  direction="toward" if bench else "forward", speed=0.75, seconds=1.9),
            Event((pitcher,), "fielding", repetitions=1),
            *_all(catcher, "stand"),
            *_all(bench, "celebrate"),
        ],
        [
            Event((batter, *bench), "celebrate", seconds=3.0),
            *_all([pitcher, *catcher, *fielders], "idle", style="sad", seconds=3.0),
        ],
    ]  # fmt: skip
    return Staged(steps, roles, ("base", "bat", "baseball", "glove"))


def _spots(table: Sequence[tuple[float, float]], count: int) -> list[tuple[float, float]]:
    """Return *count* spots of *table*, and farther rows of it when there are more players."""
    return [
        (table[i % len(table)][0] + 0.5 * (i // len(table)),
         table[i % len(table)][1] - 1.1 * (i // len(table)))
        for i in range(count)
    ]  # fmt: skip


# -- soccer --------------------------------------------------------------------------------------

_SOCCER_A: Final = ((-4.2, 0.4), (0.4, 0.5), (-4.2, -2.6), (-0.3, 2.2), (-2.4, -3.8), (-3.0, 2.4))
_SOCCER_B: Final = ((5.3, 0.0), (2.3, -1.0), (4.0, 2.0), (0.2, -3.4), (2.8, -3.2), (3.4, -4.6))


def _soccer(roles: list[Role]) -> Staged:
    """A pass, a shot at goal, the goalkeeper's leap, and a cheer."""
    roles = list(roles)
    if len(roles) == 1:
        roles[0] = _mark(roles[0], -1.5, 0.0, _RIGHT)
        alone: list[Step] = [
            [Event((0,), "run", seconds=1.6)],
            [Event((0,), "kicking", repetitions=1)],
        ]
        return Staged([*alone, [Event((0,), "celebrate")]], roles, ("soccer_ball",))
    us, them = _sides(roles)
    keeper = them[0]
    for i, spot in zip(us, _spots(_SOCCER_A, len(us)), strict=True):
        roles[i] = _mark(roles[i], *spot, _RIGHT)
    for i, spot in zip(them, _spots(_SOCCER_B, len(them)), strict=True):
        roles[i] = _mark(roles[i], *spot, _LEFT)
    striker = us[1] if len(us) > 1 else us[0]
    steps: list[Step] = []
    if striker != us[0]:
        steps.append(
            [
                Event((us[0],), "kicking", target=striker, repetitions=1),
                *_all([striker], "idle"),
                *_all([i for i in us if i not in {us[0], striker}], "run", seconds=0.9,
                      direction="right", speed=0.5),
                *_all(them[1:], "fight_stance"),
                *_all([keeper], "crouch"),
            ]
        )  # fmt: skip
    steps.append(
        [
            Event((striker,), "kicking", target=keeper, repetitions=1),
            *_all([keeper], "jump", repetitions=1),
            *_all(them[1:], "idle"),
        ]
    )
    steps.append(
        [*_all(us, "celebrate", seconds=3.0), *_all(them, "idle", style="sad", seconds=3.0)]
    )
    return Staged(steps, roles, ("soccer_ball", "goal"))


# -- basketball ----------------------------------------------------------------------------------

_BASKET_A: Final = ((-2.6, 0.3), (0.6, -0.5), (-0.9, 1.6), (-1.8, -1.9), (-3.8, -0.9))
_BASKET_B: Final = ((2.0, 0.3), (1.0, 1.7), (2.2, -1.7), (-0.6, -2.9), (3.0, 1.9))


def _basketball(roles: list[Role]) -> Staged:
    """A dribble, a pass, a shot at the basket, and a cheer."""
    roles = list(roles)
    us, them = _sides(roles)
    if len(roles) == 1:
        roles[0] = _mark(roles[0], -2.0, 0.0, _RIGHT)
        alone: list[Step] = [
            [Event((0,), "dribbling", seconds=2.6)],
            [Event((0,), "shooting", repetitions=1)],
        ]
        return Staged([*alone, [Event((0,), "celebrate")]], roles, ("basketball", "hoop"))
    for i, spot in zip(us, _spots(_BASKET_A, len(us)), strict=True):
        roles[i] = _mark(roles[i], *spot, _RIGHT)
    for i, spot in zip(them, _spots(_BASKET_B, len(them)), strict=True):
        roles[i] = _mark(roles[i], *spot, _LEFT)
    lead, scorer = us[0], us[1] if len(us) > 1 else us[0]
    others = [i for i in us if i not in {lead, scorer}]
    steps: list[Step] = [
        [
            Event((lead,), "dribbling", seconds=2.0, direction="right", speed=0.5),
            *_all(others, "run", seconds=1.0, direction="right", speed=0.6),
            *_all(them, "fight_stance"),
        ]
    ]
    if scorer != lead:
        steps.append(
            [
                Event((lead,), "throwing", target=scorer, repetitions=1),
                Event((scorer,), "catching", target=lead, repetitions=1),
            ]
        )
    steps.append(
        [
            Event((scorer,), "shooting", repetitions=1, direction="right"),
            *_all(them[:1], "jump", repetitions=1),
        ]
    )
    steps.append(
        [*_all(us, "celebrate", seconds=2.6), *_all(them, "idle", style="sad", seconds=2.6)]
    )
    return Staged(steps, roles, ("basketball", "hoop"))


# -- boxing, racing, catch -----------------------------------------------------------------------


def _boxing(roles: list[Role]) -> Staged:
    """Two in guard, blows, a dodge, a knock-down; the others cheer."""
    roles = list(roles)
    roles[0] = _mark(roles[0], -0.62, 0.0, _RIGHT)
    steps: list[Step]
    if len(roles) == 1:
        return Staged([[Event((0,), "fight_stance")], [Event((0,), "punch")]], roles, ("ring",))
    roles[1] = _mark(roles[1], 0.62, 0.0, _LEFT)
    rest = list(range(2, len(roles)))
    for i, spot in zip(rest, _row(len(rest), -0.65 * (len(rest) - 1), -2.6, 1.3), strict=True):
        roles[i] = _mark(roles[i], *spot, -60.0)
    cheer = _all(rest, "celebrate")
    steps = [
        [Event((0, 1), "fight_stance", seconds=1.6), *cheer],
        [Event((0, 1), "fight", seconds=3.0)],
        [Event((0,), "punch", target=1, repetitions=1), Event((1,), "dodge", target=0)],
        [Event((1,), "punch", target=0, repetitions=1)],
        [Event((0,), "fall", seconds=2.6), Event((1,), "celebrate", seconds=2.6)],
    ]
    return Staged(steps, roles, ("ring",))


def _race(roles: list[Role]) -> Staged:
    """A crouch at the start, a sprint in lanes, the first one cheers."""
    roles = list(roles)
    count = len(roles)
    for i, role in enumerate(roles):
        roles[i] = _mark(role, -6.0 - 0.35 * (i % 2), 1.05 * (0.5 * (count - 1) - i), _RIGHT)
    steps: list[Step] = [
        [Event(tuple(range(count)), "crouch", seconds=1.6)],
        [
            Event((i,), "sprint", direction="right", seconds=2.6,
                  speed=round(1.0 - 0.45 * i / max(count, 2) ** 0.8, 3))
            for i in range(count)
        ],
        [*_all([0], "celebrate", seconds=2.6), *_all(range(1, count), "idle", seconds=2.6)],
    ]  # fmt: skip
    return Staged(steps, roles, ("finish",))


def _catch(roles: list[Role]) -> Staged:
    """A ball thrown to and fro, or round a circle of more than two."""
    roles = list(roles)
    count = len(roles)
    if count == 1:
        return Staged([[Event((0,), "throwing")], [Event((0,), "catching")]], roles, ("ball",))
    radius = 1.9 if count == 2 else max(1.9, 0.42 * count)
    for i, role in enumerate(roles):
        angle = math.pi + 2.0 * math.pi * i / count
        x, z = radius * math.cos(angle), -radius * math.sin(angle)
        roles[i] = _mark(role, x, z, _toward(x, z, (0.0, 0.0)))
    return Staged(_to_and_fro(range(count)), roles, ("ball",))


def _to_and_fro(actors: Sequence[int]) -> list[Step]:
    """Return throws and catches from each of *actors* to the next, to and fro for two."""
    count = len(actors)
    steps: list[Step] = []
    for turn in range(4 if count == 2 else min(count, 5)):
        one, other = actors[turn % count], actors[(turn + 1) % count]
        steps.append(
            [
                Event((one,), "throwing", target=other, repetitions=1),
                Event((other,), "catching", target=one, repetitions=1),
            ]
        )
    return steps


def passed(step: Step) -> list[Step]:
    """Return *step*, or the throws and catches that several who throw together mean by it."""
    event = step[0]
    if len(step) == 1 and event.action == "throwing" and len(event.actors) > 1:
        return _to_and_fro(event.actors)
    return [step]


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split(", "))


GAMES: Final[tuple[Game, ...]] = (
    Game(
        "baseball",
        _phrases("baseball, softball, world series, batter, batters, pitcher, home run, innings"),
        "field", 10, frozenset({"batting", "idle"}), _baseball,
    ),
    Game(
        "basketball",
        _phrases("basketball, nba, hoops, slam dunk, dunk contest"),
        "court", 6, frozenset({"dribbling", "shooting", "idle"}), _basketball,
    ),
    Game(
        "boxing",
        _phrases("boxing, boxing match, boxers, prizefight"),
        "gym", 2, frozenset({"fight", "idle", "punch"}), _boxing,
    ),
    Game(
        "soccer",
        _phrases(
            "soccer, football, world cup, footballers, penalty shootout, goalkeeper, champions"
            " league, premier league"
        ),
        "field", 6, frozenset({"kicking", "idle"}), _soccer,
    ),
    Game(
        "race",
        _phrases("race, races, raced, racing, sprint race, relay, marathon, 100 metres, track"
        " meet"),
        "track", 4, frozenset({"run", "sprint", "idle"}), _race,
    ),
    Game(
        "catch",
        _phrases("catch, ball, frisbee"),
        "earth_normal", 2, frozenset({"throwing", "idle"}), _catch,
    ),
)  # fmt: skip
"""The games there are, the more particular ones first."""
