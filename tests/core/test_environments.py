"""The table of environments: complete, ordered, looked up by name or index, in any weather."""

from __future__ import annotations

import pytest

from stickgen.core.environments import ENVIRONMENTS, PROFILE_FIELDS, WEATHERS, environment
from stickgen.core.errors import UsageError


def test_every_row_is_found_by_name_and_by_index() -> None:
    assert len({row.name for row in ENVIRONMENTS}) == len(ENVIRONMENTS) == 64
    for index, row in enumerate(ENVIRONMENTS):
        assert row.index == index
        assert environment(row.name) is environment(index) is row


@pytest.mark.parametrize(
    ("index", "name"),
    [(0, "earth_normal"), (27, "underwater"), (33, "moon"), (46, "rainy"), (63, "parade")],
)
def test_the_order_is_the_reference_order(index: int, name: str) -> None:
    assert ENVIRONMENTS[index].name == name


def test_a_vector_holds_the_sixteen_fields_in_order() -> None:
    moon = environment("moon")
    assert len(PROFILE_FIELDS) == len(moon.as_vector()) == 16
    assert (PROFILE_FIELDS[0], PROFILE_FIELDS[15]) == ("gravity_scale", "ambient_noise")
    assert dict(zip(PROFILE_FIELDS, moon.as_vector(), strict=True)) == {
        name: getattr(moon, name) for name in PROFILE_FIELDS
    }
    assert moon.gravity == pytest.approx(1.57, abs=0.01)


def test_the_ground_of_the_earth_changes_nothing() -> None:
    assert environment("earth_normal").as_vector() == (
        1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0.5,
    )  # fmt: skip


def test_weather_lies_over_a_place() -> None:
    beach = environment("beach")
    storm = beach.in_weather("stormy")
    assert (storm.name, storm.index) == ("beach", beach.index)
    assert storm.friction == pytest.approx(beach.friction * 0.5)
    assert storm.wind_strength == 1.0  # the stronger of the two winds
    assert storm.visibility == 0.3  # the shorter of the two views
    assert beach.in_weather(None) is beach
    for weather in WEATHERS:
        assert beach.in_weather(weather) != beach


@pytest.mark.parametrize("name", ["mooon", "", 64, -1])
def test_an_unknown_place_is_refused(name: str | int) -> None:
    with pytest.raises(UsageError, match="environment"):
        environment(name)


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(UsageError, match="did you mean 'underwater'"):
        environment("undrwater")


def test_an_unknown_weather_is_refused() -> None:
    with pytest.raises(UsageError, match="rainy, snowy"):
        environment("moon").in_weather("sunny")
