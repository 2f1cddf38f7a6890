"""What each kind of plugin must offer. Structural types: a plugin inherits from nothing.

Every plugin class carries ``api_version`` (an int, 1 today), checked when it is loaded. Arrays
that cross these borders are numpy; the one exception are fusions and image encoders, which build
torch modules inside stickgen-train.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from stickgen.core.types import (
    ActorState,
    Beat,
    Clip,
    Motion,
    RenderOptions,
    Scene,
    Script,
)

if TYPE_CHECKING:
    import torch

Progress = Callable[[int, int], None]
"""Called with (done, total) from time to time; raising from it cancels the work."""


@runtime_checkable
class Converter(Protocol):
    """Turns the files of one dataset into clips.

    ``find`` lists the files under a root without opening them; ``read`` yields the clips of one of
    them and raises `SourceError` for a file it cannot read.
    """

    api_version: ClassVar[int]
    name: ClassVar[str]
    licence: ClassVar[str]
    citation: ClassVar[str]
    layout: ClassVar[str]
    """What the root folder looks like, for ``--list`` and ``--check``."""

    def find(self, root: Path) -> Sequence[Path]: ...

    def read(self, path: Path, root: Path) -> Iterator[Clip]: ...


@runtime_checkable
class TextEncoder(Protocol):
    """Turns sentences into vectors: pooled ``[N, dim]`` and token by token ``[n_tokens, dim]``."""

    api_version: ClassVar[int]
    name: str
    dim: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length sentence vectors ``[N, dim]``."""
        ...

    def tokens(self, text: str) -> NDArray[np.float32]:
        """Return one vector a token ``[n_tokens, dim]``, in the order of the words."""
        ...


@runtime_checkable
class ImageEncoder(Protocol):
    """Builds the torch module that maps pictures ``[B, 3, H, W]`` to features ``[B, dim]``."""

    api_version: ClassVar[int]

    def build(self, dim: int) -> torch.nn.Module: ...


@runtime_checkable
class Fusion(Protocol):
    """Builds the torch module that joins text, image and camera features into one vector."""

    api_version: ClassVar[int]

    def build(self, text_dim: int, image_dim: int, camera_dim: int) -> torch.nn.Module: ...


@runtime_checkable
class Generator(Protocol):
    """Makes the motion of one beat.

    ``generate`` returns a motion ``[T, A]`` in world coordinates whose first frame follows on from
    the given states (it blends out of ``ActorState.pose`` where there is one) and whose actors are
    in the order given. A generator with ``max_actors = 1`` is called once per actor. With the same
    arguments and the same state of *rng* it returns the same motion. It raises `UsageError` for an
    action, an overlay or a style it cannot do; it may declare what it can in ``actions``,
    ``overlays`` and ``styles`` (tuples of names), so that nobody has to try, and the ``licence`` of
    what it makes, where that is not its distribution's.
    """

    api_version: ClassVar[int]
    max_actors: ClassVar[int]

    def generate(
        self,
        beat: Beat,
        actors: Sequence[ActorState],
        rng: np.random.Generator,
        *,
        fps: float = 25.0,
    ) -> Motion: ...


@runtime_checkable
class LLMBackend(Protocol):
    """Plans a story: prompt in, script out."""

    api_version: ClassVar[int]

    def plan(self, prompt: str, *, seed: int = 0, duration: float | None = None) -> Script: ...


@runtime_checkable
class Stager(Protocol):
    """Performs a script on a stage: places the roles, calls the generator beat by beat, joins the
    pieces and adds camera, props and captions.
    """

    api_version: ClassVar[int]

    def stage(
        self, script: Script, generator: Generator, rng: np.random.Generator, *, fps: float = 25.0
    ) -> Scene: ...


@runtime_checkable
class Drawing(Protocol):
    """A scene made ready for drawing; frames may be asked for in any order."""

    pixel_format: str
    """Byte order of a frame as PyAV names it: bgra or rgba; premultiplied where transparent."""

    def __len__(self) -> int: ...

    def frame(self, index: int) -> NDArray[np.uint8]:
        """Return picture *index*, uint8 ``[H, W, 4]``; the next call may reuse the buffer."""
        ...


@runtime_checkable
class Renderer(Protocol):
    """Draws scenes."""

    api_version: ClassVar[int]

    def open(self, scene: Scene, options: RenderOptions) -> Drawing: ...


@runtime_checkable
class Exporter(Protocol):
    """Writes a scene to a file. Its name in the registry is the suffix it serves, without the dot.

    ``write`` puts the result at *path* (a temporary name beside the final one: the caller renames
    it) and may call *progress*. An exporter that draws gets its renderer from the registry by
    ``options.renderer``.
    """

    api_version: ClassVar[int]
    media_type: ClassVar[str]

    def write(
        self, scene: Scene, path: Path, options: RenderOptions, progress: Progress | None = None
    ) -> None: ...


@runtime_checkable
class Style(Protocol):
    """A way of drawing; what it holds is defined by stickgen-render."""

    api_version: ClassVar[int]
    name: str


@runtime_checkable
class Metric(Protocol):
    """Measures motions: returns named figures."""

    api_version: ClassVar[int]

    def measure(self, motions: Sequence[Motion], **context: Any) -> dict[str, float]: ...
