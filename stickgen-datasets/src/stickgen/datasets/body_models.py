"""SMPL-H and SMPL-X model files: the rest joints of a body of a given gender and shape.

The joints a body model poses are regressed from its shaped surface at rest; how a pose turns them
after that does not depend on the surface. So the model is asked once for a shape, through the
package `smplx`, and `stickgen.datasets.smpl` poses the joints: the same joints as the model's own
forward pass over all frames, without its surface.

**Where the files are**, for ``DIR``: the names the model's sites and `smplx` use::

    DIR/[smplh/]SMPLH_FEMALE.npz      DIR/[smplx/]SMPLX_FEMALE.npz
    DIR/[smplh/]female/model.npz      DIR/[smplx/]female/model.npz

Only ``.npz`` files are read, without pickles.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from stickgen.core.errors import PluginError, SourceError
from stickgen.datasets.arrays import open_archive
from stickgen.datasets.smpl import PARENTS
from stickgen.datasets.tracks import Array

GENDERS: Final[tuple[str, ...]] = ("neutral", "female", "male")
MODELS: Final[tuple[str, ...]] = ("smplh", "smplx")

_N_JOINTS = len(PARENTS)


def find_body_model(folder: Path, model: str, gender: str) -> Path:
    """Return the file of *model* ("smplh" or "smplx") for *gender* under *folder*.

    Raises:
        SourceError: none of the names it may have is there; says which are looked for.
    """
    if not folder.is_dir():
        raise SourceError(folder, "is not a folder of body models")
    base = (folder, folder / model)
    names = (f"{model.upper()}_{gender.upper()}.npz", f"{gender}/model.npz")
    # `DIR/female/model.npz` does not say which model it is; within DIR/smplh it does.
    for path in (place / name for name in names for place in reversed(base)):
        if path.is_file():
            return path
    pickled = [
        place / f"{model.upper()}_{gender.upper()}.pkl"
        for place in base
        if (place / f"{model.upper()}_{gender.upper()}.pkl").is_file()
    ]
    if pickled:
        raise SourceError(
            pickled[0], "is pickled, and pickles are not opened", hint="download the .npz model"
        )
    raise SourceError(
        folder,
        f"holds no {gender} {model} model",
        hint=f"expected {model}/{names[0]} or {model}/{names[1]}",
    )


def rest_joints(folder: Path, model: str, gender: str, betas: Array) -> Array:
    """Return the body's 22 joints at rest ``[22, 3]`` in metres, y up.

    Args:
        folder: where the model files are.
        model: "smplh" or "smplx".
        gender: one of `GENDERS`; any other is neutral.
        betas: shape coefficients ``[n]``; those the model does not have are left out.

    Raises:
        SourceError: the model file is not there or not what it should be.
        PluginError: the package `smplx` is not installed.
    """
    gender = gender if gender in GENDERS else "neutral"
    path = find_body_model(folder, model, gender)
    return _rest_joints(path, path.stat().st_mtime_ns, model == "smplx", betas.tobytes())


@lru_cache(maxsize=64)
def _rest_joints(path: Path, stamp: int, expressions: bool, betas: bytes) -> Array:
    template, shapes, regressor = _model(path, stamp, expressions)
    lbs, to_tensor = _smplx()
    values = np.frombuffer(betas, dtype=np.float64)[: shapes.shape[2]]
    shape = to_tensor(values)[None]
    surface = to_tensor(template)[None] + lbs.blend_shapes(
        shape, to_tensor(shapes[:, :, : len(values)])
    )
    joints = lbs.vertices2joints(to_tensor(regressor), surface)
    out: Array = np.asarray(joints[0].numpy(), dtype=np.float64)
    out.setflags(write=False)
    return out


@lru_cache(maxsize=6)
def _model(path: Path, stamp: int, expressions: bool) -> tuple[Array, Array, Array]:
    """Return surface at rest ``[V, 3]``, shape directions ``[V, 3, n]``, regressor ``[22, V]``.

    SMPL-X files keep *expressions* behind the shape directions: 300 shapes and 100 expressions, or
    10 and 10 in the small ones.
    """
    with open_archive(path) as archive:
        template = archive.numbers("v_template", (None, 3))
        n = len(template)
        shapes = archive.numbers("shapedirs", (n, 3, None))
        regressor = archive.numbers("J_regressor", (None, n))
        tree = archive.numbers("kintree_table", (2, None))
    if len(regressor) < _N_JOINTS or tree.shape[1] < _N_JOINTS:
        raise SourceError(
            path, f"is a model of {len(regressor)} joints, expected {_N_JOINTS} or more"
        )
    if tuple(tree[0, 1:_N_JOINTS].astype(int)) != PARENTS[1:]:
        raise SourceError(
            path, "does not have the skeleton of SMPL-H and SMPL-X", place="key 'kintree_table'"
        )
    if expressions and shapes.shape[2] <= 300:
        shapes = shapes[:, :, :10]
    shapes = shapes[:, :, :300]
    return template, shapes, regressor[:_N_JOINTS]


def _smplx() -> tuple[Any, Any]:
    """Return the functions of `smplx` and its way to make a tensor."""
    if find_spec("smplx") is None or find_spec("torch") is None:
        raise PluginError(
            "body models need the package 'smplx', which is not installed;"
            " pip install 'stickgen-datasets[amass]', or convert without --body-models"
        )
    return import_module("smplx.lbs"), import_module("smplx.utils").to_tensor
