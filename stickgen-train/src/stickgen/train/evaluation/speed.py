"""How fast the installed generators and renderers are, and how much memory they take.

Each is measured in a process of its own: a generator makes 10 s of one walking actor, a renderer
draws 1280x720 pictures of such a clip. The first call (with loading) and the best of the following
ones are told apart. Times are of the wall clock and of all processor time; on a loaded machine
trust the latter.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from typing import Any, Final

from stickgen.core import registries
from stickgen.core.errors import PluginError, StickgenError
from stickgen.train.evaluation.cost import peak_megabytes

SECONDS: Final = 10.0
SIZE: Final = (1280, 720)
PICTURES: Final = 50


@dataclass(frozen=True)
class Speed:
    """What one plugin costs. Times in seconds, memory in MB (None where unknown).

    ``unit`` says what was done; ``cold`` is the first time, ``warm`` and ``cpu`` the best of the
    later ones by wall clock and by processor; ``problem`` is why there are no figures.
    """

    kind: str
    name: str
    unit: str
    cold: float | None = None
    warm: float | None = None
    cpu: float | None = None
    peak_mb: float | None = None
    problem: str | None = None

    def record(self) -> dict[str, Any]:
        """Return the figures as what JSON can hold."""
        return asdict(self)


def measure(
    generators: tuple[str, ...] | None = None,
    renderers: tuple[str, ...] | None = None,
    *,
    repeats: int = 3,
    progress: Callable[[int, int], None] | None = None,
) -> list[Speed]:
    """Return the speed of the named plugins, of all that are installed where None is given.

    One that does not work is told in its ``problem``; a name nobody has raises `UnknownPlugin`.
    """
    work: list[tuple[str, str]] = []
    for kind, registry, names in (
        ("generator", registries.generators, generators),
        ("renderer", registries.renderers, renderers),
    ):
        for name in registry if names is None else names:
            registry.resolve(name)
            work.append((kind, name))
    out = []
    for done, (kind, name) in enumerate(work):
        out.append(_apart(kind, name, repeats))
        if progress is not None:
            progress(done + 1, len(work))
    return out


def _apart(kind: str, name: str, repeats: int) -> Speed:
    unit = f"{SECONDS:g} s of motion" if kind == "generator" else "a 720p picture"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            figures = pool.submit(_MEASURES[kind], name, repeats).result()
        except BrokenProcessPool:
            return Speed(kind, name, unit, problem="its process died")
        except StickgenError as error:
            return Speed(kind, name, unit, problem=str(error))
    return Speed(kind, name, unit, *figures)


def _generator(name: str, repeats: int) -> tuple[float, float, float, float | None]:
    import numpy as np

    from stickgen.core.types import ActorState, Beat

    start = time.perf_counter()
    maker = registries.generators.create(name)
    beat = Beat((0,), "walk", seconds=SECONDS)

    def make(seed: int) -> None:
        maker.generate(beat, [ActorState()], np.random.default_rng(seed))

    make(0)
    cold = time.perf_counter() - start
    return (cold, *_best(lambda i: make(i + 1), repeats), peak_megabytes())


def _renderer(name: str, repeats: int) -> tuple[float, float, float, float | None]:
    import numpy as np

    from stickgen.core.types import ActorState, Beat, RenderOptions, Scene

    if "procedural" not in registries.generators:
        raise PluginError(
            "a renderer is measured with the generator 'procedural', which is not installed;"
            " install stickgen-procedural"
        )
    maker = registries.generators.create("procedural")
    motion = maker.generate(
        Beat((0,), "walk", seconds=PICTURES / 25.0), [ActorState()], np.random.default_rng(0)
    )
    options = RenderOptions(width=SIZE[0], height=SIZE[1], renderer=name)
    start = time.perf_counter()
    drawing = registries.renderers.create(name).open(Scene(motion), options)
    drawing.frame(0)
    cold = time.perf_counter() - start

    def draw(_: int) -> None:
        for index in range(len(drawing)):
            drawing.frame(index)

    wall, cpu = _best(draw, repeats)
    return cold, wall / len(drawing), cpu / len(drawing), peak_megabytes()


def _best(work: Callable[[int], None], repeats: int) -> tuple[float, float]:
    """Return the shortest wall and processor time of *repeats* calls."""
    walls, processors = [], []
    for i in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        work(i)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors)


_MEASURES: Final = {"generator": _generator, "renderer": _renderer}
