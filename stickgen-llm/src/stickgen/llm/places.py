"""The words for places, weather and things: what the stage looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from stickgen.core.environments import ENVIRONMENTS, WEATHERS
from stickgen.llm.words import Word, word_set

_ENVIRONMENTS: Final[dict[str, str]] = {
    "grassland": "grassland, meadow, prairie, savanna, savannah, lawn, pasture, countryside,"
    " nature, farm,"
    " grass, battlefield",
    "forest": "forest, woods, woodland",
    "desert": "desert, sand dunes, dunes",
    "beach": "beach, seaside, shore, seashore, coast, island, tropical island, sand",
    "mountain": "mountain, mountains, hill, hills, cliff, peak, summit, mountain top,"
    " mountaintop, mountainside,"
    " trail",
    "arctic": "arctic, north pole, south pole, antarctica, glacier, tundra, iceberg",
    "jungle": "jungle, rainforest",
    "swamp": "swamp, marsh, bog",
    "cave": "cave, cavern",
    "volcano": "volcano, crater of a volcano",
    "city_street": "city street, street, city, downtown, sidewalk, pavement, road, town, crosswalk",
    "city_park": "city park, park, garden, playground, backyard, back yard, yard, zoo",
    "rooftop": "rooftop, roof",
    "alley": "alley, back alley, alleyway",
    "subway": "subway, metro, subway station, train station, underground station, station,"
    " platform",
    "mall": "mall, shopping mall, shopping centre, shopping center, supermarket, shop, store,"
    " grocery store, department store",
    "office": "office, workplace, meeting room, cubicle, boardroom, work",
    "gym": "gym, gymnasium, fitness studio, boxing ring, ring, dojo, fitness centre, fitness"
    " center",
    "museum": "museum, gallery, art gallery",
    "restaurant": "restaurant, cafe, café, diner, bar, pub, cafeteria, kitchen, dining room,"
    " canteen, coffee shop,"
    " pizzeria, tavern, saloon",
    "theater": "theater, theatre, stage, cinema, opera, ballet, circus, music hall",
    "library": "library, bookshop, bookstore",
    "hospital": "hospital, clinic, emergency room",
    "factory": "factory, assembly line",
    "warehouse": "warehouse, storehouse, barn, garage",
    "classroom": "classroom, school, lecture hall, university, lecture theatre, kindergarten",
    "underwater": "underwater, under water, under the sea, ocean floor, sea floor, coral reef",
    "ocean_surface": "ocean surface, ocean, sea, open sea, ship, boat, raft, deck, yacht",
    "river": "river, stream, creek",
    "lake": "lake, pond",
    "pool": "pool, swimming pool",
    "space_vacuum": "space, outer space, deep space, vacuum",
    "moon": "moon, lunar surface, moon base",
    "mars": "mars, red planet",
    "asteroid": "asteroid, comet",
    "spaceship_interior": "spaceship, starship, spacecraft, space ship, space shuttle",
    "space_station": "space station",
    "alien_planet_low_g": "alien planet, alien world, strange planet, distant planet",
    "alien_planet_high_g": "heavy planet, high gravity planet",
    "castle": "castle, palace, fortress, throne room, ballroom",
    "dungeon": "dungeon, prison, jail",
    "enchanted_forest": "enchanted forest, magic forest, magical forest, fairy forest",
    "cloud_realm": "cloud realm, clouds, heaven",
    "lava_realm": "lava realm, lava, hell",
    "ice_realm": "ice realm, ice palace, ice cave",
    "stadium": "stadium, world series, super bowl, world cup, ballpark",
    "arena": "arena, colosseum, coliseum, bullring",
    "rink": "rink, ice rink, skating rink, ice hockey rink, ice",
    "court": "court, basketball court, tennis court, volleyball court",
    "track": "track, running track, race track, racetrack, olympic track, athletics track",
    "field": "field, baseball field, soccer field, football field, pitch, soccer pitch",
    "concert": "concert, gig, rock show, rock concert",
    "party": "party, birthday party, club, nightclub, disco, dance floor",
    "wedding": "wedding",
    "market": "market, marketplace, bazaar, farmers market, flea market",
    "festival": "festival, carnival, fair, funfair, fairground",
    "protest": "protest, demonstration, rally",
    "parade": "parade",
}

_WEATHER: Final[dict[str, str]] = {
    "rainy": "rain, raining, rains, rainy, drizzle, drizzling, downpour",
    "snowy": "snow, snowing, snows, snowy, blizzard, snowfall, snowstorm",
    "windy": "wind, windy, breeze, breezy, gale",
    "foggy": "fog, foggy, mist, misty, haze",
    "stormy": "storm, stormy, thunder, thunderstorm, lightning, hurricane, tornado",
}

_THINGS: Final[dict[str, str]] = {
    "tree": "tree, trees", "rock": "rock, rocks, boulder, stone, stones", "grass": "grass",
    "building": "building, buildings, skyscraper, tower", "house": "house, home, hut, cottage",
    "stadium": "stadium", "ball": "ball, balls, football, volleyball, tennis ball",
    "baseball": "baseball", "basketball": "basketball", "soccer_ball": "soccer ball",
    "bat": "baseball bat, bat", "glove": "glove", "base": "base, bases",
    "laptop": "laptop, notebook", "phone": "phone, telephone, mobile, smartphone",
    "computer": "computer, pc, desktop computer", "table": "table, desk", "chair": "chair, stool",
    "bench": "bench", "food": "food, sandwich, apple, pizza, burger, cake, banana, bread",
    "plate": "plate, dish", "cup": "cup, mug, glass, bottle, coffee, tea",
    "spaceship": "spaceship, rocket, starship", "planet": "planet", "star": "star, stars",
    "ufo": "ufo, flying saucer",
}  # fmt: skip

_BEFORE_PLACE: Final = word_set(
    "in on at to into inside through across onto near by along around over under toward towards"
    " from out of past beside outside the a an his her their my our this an exploring explores"
    " explore up down"
)


_ADVERBS: Final = frozenset({("underwater",), ("downtown",)})
"""Places that need no preposition before them."""

_INSIDE: Final = word_set("in inside aboard into within")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a story plays: an environment of the reference table, the weather, the things named."""

    environment: str = "earth_normal"
    weather: str | None = None
    props: tuple[str, ...] = ()


def _table(entries: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {
        tuple(phrase.split()): value
        for value, phrases in entries.items()
        for phrase in (p.strip() for p in phrases.split(","))
    }


@cache
def _tables() -> tuple[dict[tuple[str, ...], str], ...]:
    literal = {tuple(row.name.split("_")): row.name for row in ENVIRONMENTS if "_" in row.name}
    return _table(_ENVIRONMENTS) | literal, _table(_WEATHER), _table(_THINGS)


def names() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the names of all environments, kinds of weather and props that a story can have."""
    things = tuple(dict.fromkeys(_tables()[2].values()))
    return tuple(row.name for row in ENVIRONMENTS), WEATHERS, things


def vocabulary() -> frozenset[str]:
    """Return every word that a place, the weather or a thing is named by."""
    return frozenset(word for table in _tables() for phrase in table for word in phrase)


def is_place(word: str) -> bool:
    """Return whether *word*, in lower case, is the name of a place by itself."""
    return (word,) in _tables()[0]


def prop(words: Sequence[str]) -> str | None:
    """Return the prop that the words *words* name ("soccer", "ball" -> soccer_ball), or None."""
    return _tables()[2].get(tuple(words))


def look(words: Sequence[Word]) -> Setting:
    """Return the setting that *words* describe.

    A place counts as one only after a preposition or a determiner (a *party*, in the *park*), and
    the longest name wins; weather and things count wherever they stand.
    """
    environments, weathers, things = _tables()
    environment: tuple[int, str] | None = None
    weather = None
    props: list[str] = []
    lows = [word.low for word in words]
    at = 0
    while at < len(lows):
        for size in (3, 2, 1):
            phrase = tuple(lows[at : at + size])
            if len(phrase) < size:
                continue
            place = environments.get(phrase)
            if place == "spaceship_interior" and not _INSIDE & set(lows[max(0, at - 3) : at]):
                place = None  # near a spaceship
            placed = (
                phrase in _ADVERBS
                or at == 0
                or lows[at - 1] in _BEFORE_PLACE
                or size > 1
                or _adjective(lows, at)
            )
            if place is not None and placed and (environment is None or size > environment[0]):
                environment = (size, place)
            if weather is None and phrase in weathers:
                weather = weathers[phrase]
            if phrase in things and things[phrase] not in props:
                props.append(things[phrase])
            if phrase in things or place is not None:
                at += size - 1
                break
        at += 1
    return Setting(environment[1] if environment else "earth_normal", weather, tuple(props))


def _adjective(lows: Sequence[str], at: int) -> bool:
    """Whether one unknown word separates the place from its determiner: in the *dark* forest."""
    return at >= 2 and lows[at - 2] in _BEFORE_PLACE and lows[at - 1] not in _BEFORE_PLACE
