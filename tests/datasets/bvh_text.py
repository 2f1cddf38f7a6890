"""Small BVH files for tests: a standing body of known lengths, moved as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# name, parent, offset in centimetres; the body's left is at +x, it faces +z
BODY: tuple[tuple[str, str | None, tuple[float, float, float]], ...] = (
    ("Hips", None, (0, 0, 0)),
    ("Spine", "Hips", (0, 10, 0)),
    ("Spine1", "Spine", (0, 18, 0)),
    ("Neck", "Spine1", (0, 20, 0)),
    ("Head", "Neck", (0, 10, 2)),
    ("LeftArm", "Spine1", (17, 16, 0)),
    ("LeftForeArm", "LeftArm", (28, 0, 0)),
    ("LeftHand", "LeftForeArm", (25, 0, 0)),
    ("RightArm", "Spine1", (-17, 16, 0)),
    ("RightForeArm", "RightArm", (-28, 0, 0)),
    ("RightHand", "RightForeArm", (-25, 0, 0)),
    ("LeftUpLeg", "Hips", (9, -5, 0)),
    ("LeftLeg", "LeftUpLeg", (0, -40, 0)),
    ("LeftFoot", "LeftLeg", (0, -40, 0)),
    ("RightUpLeg", "Hips", (-9, -5, 0)),
    ("RightLeg", "RightUpLeg", (0, -40, 0)),
    ("RightFoot", "RightLeg", (0, -40, 0)),
)
HIP_HEIGHT = 93.0
Angles = dict[str, tuple[float, float, float]]
ARMS_DOWN: Angles = {"LeftArm": (-85.0, 0.0, 0.0), "RightArm": (85.0, 0.0, 0.0)}


def bvh_text(
    frames: int = 60,
    frame_time: str = "0.04",
    root: Callable[[int], Sequence[float]] = lambda frame: (0.0, HIP_HEIGHT, 0.0),
    angles: Callable[[int], Angles] = lambda frame: ARMS_DOWN,
    order: str = "ZXY",
    rename: Callable[[str], str] = lambda name: name,
    scale: float = 1.0,
    newline: str = "\n",
    number: Callable[[float], str] = lambda value: f"{value:.6f}",
) -> str:
    """Return a BVH file: *root* is the hips' place in cm, *angles* the z, x, y turns by joint."""
    lines = ["HIERARCHY"]

    def write(name: str, parent: str | None, offset: Sequence[float], depth: int) -> None:
        pad = "\t" * depth
        lines.append(f"{pad}{'ROOT' if parent is None else 'JOINT'} {rename(name)}")
        lines.append(pad + "{")
        lines.append(f"{pad}\tOFFSET {' '.join(number(scale * x) for x in offset)}")
        turns = " ".join(f"{axis}rotation" for axis in order)
        if parent is None:
            lines.append(f"{pad}\tCHANNELS 6 Xposition Yposition Zposition {turns}")
        else:
            lines.append(f"{pad}\tCHANNELS 3 {turns}")
        children = [joint for joint in BODY if joint[1] == name]
        for child in children:
            write(*child, depth + 1)
        if not children:
            lines.extend(
                [
                    f"{pad}\tEnd Site",
                    pad + "\t{",
                    f"{pad}\t\tOFFSET 0 {number(scale)} 0",
                    pad + "\t}",
                ]
            )
        lines.append(pad + "}")

    write(*BODY[0], 0)
    names = [line.split(maxsplit=1)[1] for line in lines if line.split()[0] in ("ROOT", "JOINT")]
    original = {rename(name): name for name, _, _ in BODY}
    lines += ["MOTION", f"Frames: {frames}", f"Frame Time: {frame_time}"]
    for frame in range(frames):
        turned = angles(frame)
        row = [scale * value for value in root(frame)]
        for name in names:
            zxy = dict(zip("ZXY", turned.get(original[name], (0.0, 0.0, 0.0)), strict=True))
            row += [zxy[axis] for axis in order]
        lines.append(" ".join(number(value) for value in row))
    return newline.join(lines) + newline
