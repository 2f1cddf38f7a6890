"""The frozen values: what they accept, what they refuse and how they say so."""

import pickle

import numpy as np
import pytest

from stickgen.core import errors, schema
from stickgen.core.actions import ACTIONS, EXPRESSIONS, N_CLASSES, action
from stickgen.core.errors import SchemaError, SourceError, UsageError
from stickgen.core.types import CameraTrack, Look, Motion, Scene


def test_one_actor_may_come_without_the_actor_axis(figure):
    joints = figure.walk(10)
    plain = Motion.from_joints(joints)
    flat = Motion(plain.frames[:, 0], depth=plain.depth[:, 0], actions=np.ones(10, int))
    assert flat.frames.shape == (10, 1, 48)
    assert flat.depth.shape == (10, 1, 16)
    assert flat.actions.shape == (10, 1)
    assert flat.present.all()
    assert (flat.overlay == -1).all()
    assert (flat.n_frames, flat.n_actors) == (10, 1)
    assert flat.seconds == pytest.approx(0.4)
    np.testing.assert_allclose(flat.joints[:, 0], joints, atol=1e-6)
    assert flat.segments.shape == (10, 1, 12, 2, 2)


def test_two_dimensional_joints_give_a_flat_motion(figure):
    motion = Motion.from_joints(figure.stand()[None, :, :2])
    assert motion.depth is None
    assert (motion.joints[..., 2] == 0).all()


def test_the_pelvis_is_put_between_the_hips(figure):
    joints = figure.walk(3)
    joints[:, 0] += 0.5
    motion = Motion.from_joints(joints)
    hips = joints[:, [schema.J["l_hip"], schema.J["r_hip"]]].mean(axis=1)
    np.testing.assert_allclose(motion.joints[:, 0, 0], hips, atol=1e-6)


def test_arrays_cannot_be_written_to_and_are_not_shared(figure):
    motion = Motion.from_joints(figure.walk(3))
    with pytest.raises(ValueError, match="read-only"):
        motion.frames[0] = 0
    with pytest.raises(AttributeError):
        motion.fps = 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frames": np.zeros((3, 1, 20))}, "frames have shape"),
        ({"frames": np.zeros((0, 1, 48))}, "motion is empty: 0 frames of 1 actors"),
        ({"fps": 0.0}, "motion has fps 0.0"),
        ({"fps": float("nan")}, "motion has fps nan"),
        ({"depth": np.zeros((4, 1, 16))}, r"depth has shape \[4, 1, 16\], expected \[3, 1, 16\]"),
        ({"actions": np.full((3, 1), 99)}, "actions holds 99 at frame 0, actor 0; the table has"),
        ({"overlay": np.full((3, 1), -2)}, "overlay holds -2 at frame 0"),
        ({"depth": np.full((3, 1, 16), np.inf)}, "depth is not finite at frame 0, actor 0"),
        ({"face": np.full((3, 1, 7), np.nan)}, "face is not finite at frame 0, actor 0"),
    ],
)
def test_a_motion_refuses_what_it_must_not_hold(figure, change, message):
    frames = np.tile(schema.joints_to_segments(figure.stand()), (3, 1, 1))
    with pytest.raises(SchemaError, match=message):
        Motion(**({"frames": frames} | change))


def test_a_motion_names_the_place_that_is_not_finite_or_does_not_meet(figure):
    frames = np.tile(schema.joints_to_segments(figure.stand()), (5, 2, 1))
    broken = frames.copy()
    broken[3, 1, 0] = np.nan
    with pytest.raises(SchemaError, match="frames is not finite at frame 3, actor 1"):
        Motion(broken)
    broken = frames.copy()
    broken[2, 0, 32] += 0.2
    with pytest.raises(
        SchemaError, match=r"'l_thigh.end = l_shin.start' at frame 2, actor 0.*0.2 m"
    ):
        Motion(broken)


def test_joints_of_another_shape_are_refused():
    with pytest.raises(SchemaError, match=r"joints have shape \[5, 1, 17, 3\]"):
        Motion.from_joints(np.zeros((5, 17, 3)))


def camera(n=4, **change):
    track = {
        "position": np.tile([0.0, 1.0, 6.0], (n, 1)),
        "target": np.tile([2.0, 1.0, 0.0], (n, 1)),
        "fov": np.full(n, 30.0),
        "roll": np.zeros(n),
    }
    return CameraTrack(**(track | change))


def test_the_reference_camera_is_the_target_and_a_zoom():
    track = camera(position=np.tile([2.0, 1.0, 3.4 / np.tan(np.radians(15))], (4, 1)))
    np.testing.assert_allclose(track.reference, np.tile([2.0, 1.0, 1.0], (4, 1)), atol=1e-6)


def test_a_camera_refuses_what_it_must_not_hold():
    with pytest.raises(SchemaError, match=r"camera target has shape \[3, 3\]"):
        camera(target=np.zeros((3, 3)))
    with pytest.raises(SchemaError, match="camera fov is not finite at frame 2"):
        camera(fov=np.array([30, 30, np.nan, 30]))


def test_a_scene_has_a_look_for_everyone_and_a_camera_for_every_frame(figure):
    motion = Motion.from_joints(np.stack([figure.walk(4)] * 2, axis=1))
    assert Scene(motion).looks == (Look(), Look())
    with pytest.raises(SchemaError, match="1 looks for 2 actors"):
        Scene(motion, looks=(Look(),))
    with pytest.raises(SchemaError, match="camera has 5 frames, the motion 4"):
        Scene(motion, camera=camera(5))


def test_the_action_table_keeps_its_order():
    assert [row.index for row in ACTIONS] == list(range(len(ACTIONS)))
    assert len(ACTIONS) == 60 < N_CLASSES
    assert {row.name: row.index for row in ACTIONS}.items() >= {
        "idle": 0, "walk": 1, "wave": 5, "sit": 25, "fight_stance": 45, "bow": 46, "salute": 59,
    }.items()  # fmt: skip
    assert all(row.expression in EXPRESSIONS for row in ACTIONS)
    assert len({row.name for row in ACTIONS}) == len(ACTIONS)


def test_an_unknown_action_is_answered_with_near_ones():
    assert action("walk").speed == 1.3
    with pytest.raises(UsageError, match="unknown action 'wawe'; did you mean wave"):
        action("wawe")
    with pytest.raises(UsageError, match="unknown action 'xyzzy'; see `stickgen schema"):
        action("xyzzy")


def test_a_source_error_says_where_and_crosses_processes():
    error = SourceError("a.bvh", "too few numbers", place="line 3", hint="it is cut short")
    assert str(error) == "a.bvh, line 3: too few numbers; it is cut short"
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.place, copy.hint) == (str(error), "line 3", "it is cut short")
    assert str(SourceError("a.bvh", "empty")) == "a.bvh: empty"


def test_every_error_has_the_documented_exit_code():
    codes = {
        "UsageError": 2, "PluginError": 3, "DataError": 4, "SchemaError": 4, "SourceError": 4,
        "ServiceError": 5, "OutputError": 6, "StickgenError": 1,
    }  # fmt: skip
    assert {name: getattr(errors, name).exit_code for name in codes} == codes
