"""Drawing a scene as a strip of ASCII panels.

**Conventions**
    A character is twice as tall as it is wide: a row is `ROW` metres, a column half of that.
    Row 0 of a `Canvas` is the top; the ground is the last row.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stickgen.core.actions import ACTIONS, EXPRESSIONS
from stickgen.core.protocols import Progress
from stickgen.core.schema import J
from stickgen.core.types import Scene

ROW = 0.115
"""Metres a row: a grown-up is 15 rows tall."""
PAGE = 100
"""Columns of a page."""
MOST_PANELS = 24
FLAT = 2.5
"""A stroke of more columns than this times its rows is drawn flat."""
STEPS = (0.2, 0.25, 0.4, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds from panel to panel; the first that gives few enough is taken."""

SIDEWAYS = 0.6
"""From this sine of the angle to the viewer on, a figure is drawn looking left or right."""

FACES = {
    "neutral": "o o",
    "happy": "^_^",
    "sad": "T_T",
    "surprised": "O.O",
    "angry": ">_<",
    "excited": "*o*",
}
VIEWS = {"side": 0.0, "front": 90.0, "three-quarter": 30.0}
LIMBS = (
    ("r_hip", "r_knee", "r_ankle"),
    ("l_hip", "l_knee", "l_ankle"),
    ("r_shoulder", "r_elbow", "r_wrist"),
    ("l_shoulder", "l_elbow", "l_wrist"),
)


@dataclass
class Canvas:
    """A rectangle of characters; ``left`` is the picture x of its first column, in metres."""

    width: int
    height: int
    left: float
    row: float
    lines: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [[" "] * self.width for _ in range(self.height)]

    def at(self, point: NDArray[np.floating]) -> tuple[float, float]:
        """Return the column and the row of a picture *point* (x, y), not rounded."""
        return (
            (float(point[0]) - self.left) / (self.row / 2),
            self.height - 1 - float(point[1]) / self.row,
        )

    def put(self, column: int, row: int, text: str) -> None:
        """Write *text* from a place on, as much of it as is inside."""
        for offset, character in enumerate(text):
            if 0 <= row < self.height and 0 <= column + offset < self.width:
                self.lines[row][column + offset] = character

    def stroke(self, start: NDArray[np.floating], end: NDArray[np.floating]) -> None:
        """Draw a bone: the character that leans like it, once a row, or once a column if flat."""
        (x0, y0), (x1, y1) = self.at(start), self.at(end)
        dx, dy = x1 - x0, y1 - y0
        along = abs(dy) if abs(dx) < FLAT * abs(dy) else abs(dx)
        steps = max(1, round(along))
        character = _lean(dx, dy)
        for step in range(steps + 1):
            part = step / steps
            self.put(round(x0 + part * dx), round(y0 + part * dy), character)


def strip(
    scene: Scene,
    view: str | float = "three-quarter",
    still: float | None = None,
    progress: Progress | None = None,
) -> str:
    """Return *scene* as text: a title, then panels in rows, each over its stretch of ground."""
    motion = scene.motion
    picture = _seen_from(motion.joints, VIEWS[view] if isinstance(view, str) else float(view))
    frames = _moments(motion.n_frames, motion.fps, still)
    row, width, height = _page(picture[frames], motion.present[frames])
    panels = []
    for count, frame in enumerate(frames, 1):
        panels.append(_panel(scene, picture, frame, Canvas(width, height, 0.0, row)))
        if progress is not None:
            progress(count, len(frames))
    return _title(scene) + _rows(panels, width)


def _seen_from(joints: NDArray[np.floating], degrees: float) -> NDArray[np.float64]:
    """Return *joints* as the picture shows them: x to the right, y up, z toward the viewer."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned = np.array(joints, dtype=np.float64)
    x, z = joints[..., 0], joints[..., 2]
    turned[..., 0] = cos * x - sin * z
    turned[..., 2] = sin * x + cos * z
    return turned


def _moments(n_frames: int, fps: float, still: float | None) -> list[int]:
    if still is not None:
        return [min(max(round(still * fps), 0), n_frames - 1)]
    step = next((s for s in STEPS if n_frames / fps / s <= MOST_PANELS), n_frames / fps)
    return sorted({min(round(i * step * fps), n_frames - 1) for i in range(MOST_PANELS)})


def _page(picture: NDArray[np.float64], present: NDArray[np.bool_]) -> tuple[float, int, int]:
    """Return the metres of a row and the size of a panel that holds everybody at any moment."""
    spread, top = 0.0, 1.8
    for frame, there in zip(picture, present, strict=True):
        if there.any():
            points = frame[there].reshape(-1, 3)
            middle = _middle(frame, there)
            spread = max(spread, float(np.abs(points[:, 0] - middle).max()))
            top = max(top, float(points[:, 1].max()) + 0.2)
    row = max(ROW, 2 * (2 * spread + 0.4) / (PAGE - 2))
    width = min(PAGE - 2, max(20, math.ceil((2 * spread + 0.4) / (row / 2))))
    return row, width, min(40, math.ceil(top / row) + 1)


def _middle(frame: NDArray[np.float64], there: NDArray[np.bool_]) -> float:
    hips = frame[there, J["pelvis_center"], 0]
    return float(hips.min() + hips.max()) / 2


def _panel(scene: Scene, picture: NDArray[np.float64], frame: int, canvas: Canvas) -> list[str]:
    motion = scene.motion
    there = motion.present[frame]
    now = picture[frame]
    middle = _middle(now, there) if there.any() else 0.0
    canvas.left = middle - canvas.width * canvas.row / 4
    _ground(canvas)
    for prop in scene.props:
        places = np.atleast_2d(prop.position)
        place = _seen_from(places[min(frame, len(places) - 1)], 0.0)
        column, row = canvas.at(place)
        label = "o" if "ball" in prop.kind else f"[{prop.kind}]"
        canvas.put(round(column - len(label) / 2), min(round(row), canvas.height - 2), label)
    for actor in np.argsort(now[:, J["pelvis_center"], 2]):
        if there[actor]:
            _figure(canvas, now[actor], _face(scene, frame, int(actor)))
    seconds = frame / motion.fps
    said = [c.text for c in scene.captions if c.start <= seconds < c.end]
    head = textwrap.wrap(" / ".join(said), canvas.width - 2)[:2]
    return [f"{seconds:.2f} s".ljust(canvas.width), *_bubble(head, canvas.width)] + [
        "".join(line) for line in canvas.lines
    ]


def _bubble(said: list[str], width: int) -> list[str]:
    return [f'"{line}"'.center(width) for line in said] + [" " * width] * (2 - len(said))


def _ground(canvas: Canvas) -> None:
    """Draw the ground with a tuft at every half metre, so that one sees who travels."""
    for column in range(canvas.width):
        x = canvas.left + column * canvas.row / 2
        tuft = math.floor(x / 0.5) != math.floor((x - canvas.row / 2) / 0.5)
        canvas.put(column, canvas.height - 1, "'" if tuft else "_")


def _figure(canvas: Canvas, joints: NDArray[np.float64], face: str) -> None:
    def point(name: str) -> NDArray[np.float64]:
        return np.asarray(joints[J[name]])

    limbs = sorted(LIMBS, key=lambda limb: float(np.mean([point(name)[2] for name in limb])))
    for limb in limbs[:2]:
        _limb(canvas, joints, limb)
    canvas.stroke(point("pelvis_center"), point("chest"))
    canvas.stroke(point("chest"), point("neck"))
    for limb in limbs[2:]:
        _limb(canvas, joints, limb)
    across = point("r_hip") - point("l_hip")
    width = float(np.linalg.norm(across)) or 1.0
    facing = float(across[2]) / width
    for name in ("l_ankle", "r_ankle"):
        column, row = (round(value) for value in canvas.at(point(name)))
        if abs(facing) > SIDEWAYS and row >= canvas.height - 2:
            canvas.put(column + (1 if facing > 0 else -1), row, "_")
    column, row = (round(value) for value in canvas.at(point("head_center")))
    if canvas.row > 1.5 * ROW:
        canvas.put(column, row, "O")
        return
    canvas.put(column - 1, row - 1, ".-.")
    eyes = face[0] + face[2]
    if facing > SIDEWAYS:
        face = f" {eyes}"
    elif facing < -SIDEWAYS:
        face = f"{eyes} "
    canvas.put(column - 2, row, f"({face})")
    canvas.put(column - 1, row + 1, "`-'")


def _limb(canvas: Canvas, joints: NDArray[np.float64], limb: tuple[str, str, str]) -> None:
    a, b, c = (joints[J[name]] for name in limb)
    canvas.stroke(a, b)
    canvas.stroke(b, c)
    column, row = (round(value) for value in canvas.at(c))
    if limb[0].endswith("shoulder"):
        canvas.put(column, row, "o")


def _lean(dx: float, dy: float) -> str:
    """Return the character for a stroke of *dx* columns and *dy* rows (down)."""
    if abs(dx) < 0.45 * abs(dy):
        return "|"
    if abs(dx) >= FLAT * abs(dy):
        return "-"
    return "\\" if dx * dy > 0 else "/"


def _face(scene: Scene, frame: int, actor: int) -> str:
    motion = scene.motion
    if motion.face is not None:
        index = int(motion.face[frame, actor, 0])
        name = EXPRESSIONS[index] if 0 <= index < len(EXPRESSIONS) else "neutral"
    else:
        doing = (int(motion.actions[frame, actor]), int(motion.overlay[frame, actor]))
        felt = [ACTIONS[index].expression for index in doing if index >= 0]
        name = next((each for each in felt if each != "neutral"), "neutral")
    return FACES[name]


def _title(scene: Scene) -> str:
    prompt = " ".join(str(scene.meta.get("prompt") or "").split())
    if not prompt:
        return ""
    lines = textwrap.wrap(prompt, PAGE)
    return "\n".join([*lines, "=" * max(map(len, lines))]) + "\n\n"


def _rows(panels: list[list[str]], width: int) -> str:
    across = max(1, (PAGE + 2) // (width + 2))
    text = []
    for first in range(0, len(panels), across):
        for lines in zip(*panels[first : first + across], strict=True):
            text.append("  ".join(lines).rstrip())
        text.append("")
    return "\n".join(text).rstrip("\n") + "\n"
