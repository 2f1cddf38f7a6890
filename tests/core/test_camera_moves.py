"""What a camera is told in words."""

from __future__ import annotations

import pytest

from stickgen.core.camera_moves import WAYS, CameraMove, parse_move, parse_moves
from stickgen.core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("dolly 2s-5s", CameraMove("dolly", "in", 1.5, 2.0, 5.0)),
        ("dolly in 2s-5s", CameraMove("dolly", "in", 1.5, 2.0, 5.0)),
        ("Zoom out 1.8x", CameraMove("zoom", "out", 1.8)),
        ("orbit right 90 linear", CameraMove("orbit", "right", 90.0, easing="linear")),
        ("pan left 30% 1.5-4", CameraMove("pan", "left", 0.3, 1.5, 4.0)),
        ("crane up 2m 3s-", CameraMove("crane", "up", 2.0, 3.0, None)),
        ("shake -2s ease", CameraMove("shake", "", 1.0, 0.0, 2.0, "ease")),
        ("close-up shot 6s-10s", CameraMove("close-up", "", 0.0, 6.0, 10.0)),
        ("follow", CameraMove("track")),
        ("static", CameraMove("static")),
    ],
)
def test_moves_are_understood(text, wanted):
    assert parse_move(text) == wanted


def test_several_in_one_entry():
    assert [m.kind for m in parse_moves(("zoom in; orbit", "shake + dolly out"))] == [
        "zoom", "orbit", "shake", "dolly"
    ]  # fmt: skip


@pytest.mark.parametrize("kind", WAYS)
def test_every_move_is_its_own_name(kind):
    assert parse_move(kind).kind == kind


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dollly in", "did you mean dolly"),
        ("teleport", "there are static"),
        ("zoom sideways", "'sideways' is not understood"),
        ("orbit 99999", "use 0 to 3600 degrees"),
        ("pan 5s-2s", "before it starts"),
        ("   ", "empty"),
    ],
)
def test_the_rest_is_one_sentence(text, says):
    with pytest.raises(UsageError, match=says):
        parse_move(text)


def test_a_shot_names_actors_and_a_move_does_not():
    assert parse_move("frame on 0,5 2s-4s").on == (0, 5)
    assert parse_move("close-up on 3").on == (3,)
    assert parse_move("zoom in on 2s-4s").on == ()
    with pytest.raises(UsageError, match="not understood"):
        parse_move("frame 3")
