"""SMPL-H and SMPL-X model files: the person's own shape, the joints of the model's own pass."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from plain_smpl import (
    NUMBERS,
    PARENTS,
    REST,
    distance_after_turning,
    pose,
    walk,
    write_smplh,
    write_smplx,
    y_up,
)

from stickgen.core.errors import PluginError, SourceError
from stickgen.core.schema import J
from stickgen.datasets.amass import AmassConverter
from stickgen.datasets.body_models import find_body_model, rest_joints

BETAS = np.linspace(-1, 1, 16)
N_JOINTS = {"smplh": 52, "smplx": 55}


def model_arrays(model: str = "smplh", n_shapes: int = 16) -> dict[str, np.ndarray]:
    """Return a model of a few vertices with every array the published ones have.

    Around each joint at rest there are eight vertices, of which the joint is a weighted mean.
    """
    rng = np.random.default_rng(5)
    n = N_JOINTS[model]
    parents = [*PARENTS, *range(21, n - 1)]
    rest = np.vstack([REST, np.tile(REST[21], (n - 22, 1)) + 0.01])
    n_vertices = 8 * n
    spread = rng.normal(0, 0.03, (n, 8, 3))
    spread -= spread.mean(axis=1, keepdims=True)
    regressor = np.zeros((n, n_vertices))
    weights = np.zeros((n_vertices, n))
    for joint in range(n):
        regressor[joint, 8 * joint : 8 * joint + 8] = 1 / 8
        weights[8 * joint : 8 * joint + 8, joint] = 1.0
    shapes = rng.normal(0, 0.01, (n_vertices, 3, n_shapes))
    table = np.array([[-1, *parents[1:]], range(n)], dtype=np.int64)
    table[0, 0] = 2**32 - 1
    return {
        "v_template": (rest[:, None] + spread).reshape(-1, 3),
        "shapedirs": shapes,
        "posedirs": rng.normal(0, 0.001, (n_vertices, 3, 9 * (n - 1))),
        "J_regressor": regressor,
        "weights": weights,
        "kintree_table": table,
        "f": np.stack([np.arange(n_vertices - 2) + k for k in range(3)], axis=1),
        "hands_componentsl": np.eye(45),
        "hands_componentsr": np.eye(45),
        "hands_meanl": np.zeros(45),
        "hands_meanr": np.zeros(45),
    }


def shaped_rest(arrays: dict[str, np.ndarray], betas: np.ndarray) -> np.ndarray:
    """Return the joints at rest, one vertex after the other."""
    out = np.zeros((22, 3))
    for joint in range(22):
        for vertex in np.flatnonzero(arrays["J_regressor"][joint]):
            place = arrays["v_template"][vertex].copy()
            for k, beta in enumerate(betas):
                place = place + beta * arrays["shapedirs"][vertex, :, k]
            out[joint] += arrays["J_regressor"][joint, vertex] * place
    return out


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    (folder / "smplh" / "female").mkdir(parents=True)
    np.savez(folder / "smplh" / "female" / "model.npz", **model_arrays())
    return folder


@pytest.mark.torch
def test_amass_with_a_model_gives_the_joints_of_the_model(tmp_path: Path, models: Path) -> None:
    pytest.importorskip("smplx")
    walker = walk()
    path = write_smplh(tmp_path / "take_poses.npz", walker, betas=BETAS)
    (clip,) = AmassConverter(body_models=models, height=None).read(path, tmp_path)
    assert clip.meta["body"] == "the person's own shape"
    expected = y_up(pose(shaped_rest(model_arrays(), BETAS), walker))[::2]
    names = list(NUMBERS)
    found = clip.motion.joints[:, 0].astype(float)[:, [J[name] for name in names]]
    numbers = [NUMBERS[name] for name in names]
    assert distance_after_turning(found, expected[:, numbers]) < 1e-3


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
def test_the_same_joints_as_a_forward_pass_of_smplx(tmp_path: Path, models: Path) -> None:
    smplx = pytest.importorskip("smplx")
    torch = pytest.importorskip("torch")
    from smplx.utils import Struct
    from smplx.vertex_ids import vertex_ids

    walker = walk()
    arrays = model_arrays()
    # smplx uses 10 shapes of a model that has less than 300, AMASS has 16 of them
    unused = np.zeros((len(arrays["v_template"]), 3, 300 - 16))
    arrays["shapedirs"] = np.concatenate([arrays["shapedirs"], unused], axis=2)
    body = smplx.SMPLH(
        "",
        data_struct=Struct(**arrays),
        use_pca=False,
        flat_hand_mean=True,
        num_betas=16,
        batch_size=25,
        dtype=torch.float64,
        vertex_ids=dict.fromkeys(vertex_ids["smplh"], 0),
    )
    flat = torch.tensor(walker.rotations.reshape(-1, 66))
    whole = []
    for start in range(0, len(flat), 25):
        batch = slice(start, start + 25)
        with torch.no_grad():
            out = body(
                betas=torch.tensor(np.tile(BETAS, (25, 1))),
                global_orient=flat[batch, :3],
                body_pose=flat[batch, 3:],
                left_hand_pose=torch.zeros(25, 45, dtype=torch.float64),
                right_hand_pose=torch.zeros(25, 45, dtype=torch.float64),
                transl=torch.tensor(walker.translation[batch]),
            )
        whole.append(out.joints[:, :22].numpy())
    expected = y_up(np.concatenate(whole))[::2]
    path = write_smplh(tmp_path / "take_poses.npz", walker, betas=BETAS)
    (clip,) = AmassConverter(body_models=models, height=None).read(path, tmp_path)
    names = list(NUMBERS)
    found = clip.motion.joints[:, 0].astype(float)[:, [J[name] for name in names]]
    assert distance_after_turning(found, expected[:, [NUMBERS[name] for name in names]]) < 1e-3


@pytest.mark.torch
@pytest.mark.parametrize(("stored", "used"), [(20, 10), (400, 16)])
def test_expressions_of_smplx_are_no_shapes(tmp_path: Path, stored: int, used: int) -> None:
    pytest.importorskip("smplx")
    arrays = model_arrays("smplx", stored)
    np.savez(tmp_path / "SMPLX_NEUTRAL.npz", **arrays)
    path = write_smplx(tmp_path / "take_stageii.npz", walk(), betas=BETAS)
    (clip,) = AmassConverter(body_models=tmp_path, height=None).read(path, tmp_path)
    assert clip.meta["body_model"] == "smplx"
    found = rest_joints(tmp_path, "smplx", "neutral", BETAS)
    assert np.abs(found - shaped_rest(arrays, BETAS[:used])).max() < 1e-5


def test_without_the_package_it_says_what_to_install(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(name: str, package: str | None = None) -> object:
        return None if name == "smplx" else find_spec(name, package)

    monkeypatch.setattr("stickgen.datasets.body_models.find_spec", nothing)
    path = write_smplh(tmp_path / "take_poses.npz", walk(), betas=BETAS + 0.5)
    with pytest.raises(PluginError, match=r"stickgen-datasets\[amass\]"):
        list(AmassConverter(body_models=models).read(path, tmp_path))


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("smplh/SMPLH_FEMALE.npz", "smplh"),
        ("SMPLH_FEMALE.npz", "smplh"),
        ("smplh/female/model.npz", "smplh"),
        ("female/model.npz", "smplh"),
        ("smplx/SMPLX_FEMALE.npz", "smplx"),
    ],
)
def test_all_usual_names_are_found(tmp_path: Path, name: str, model: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    np.savez(tmp_path / name, **model_arrays())
    assert find_body_model(tmp_path, model, "female") == tmp_path / name


def test_pickled_models_are_refused(tmp_path: Path) -> None:
    (tmp_path / "SMPLH_MALE.pkl").write_bytes(b"cposix\nsystem\n")
    with pytest.raises(SourceError, match="pickle"):
        find_body_model(tmp_path, "smplh", "male")
    with pytest.raises(SourceError, match="female"):
        find_body_model(tmp_path, "smplh", "female")
    with pytest.raises(SourceError, match="folder"):
        find_body_model(tmp_path / "nowhere", "smplh", "female")


BAD = {
    "v_template": np.zeros((10, 2)),
    "shapedirs": np.zeros((3, 3, 16)),
    "J_regressor": np.full((52, 416), np.nan),
    "kintree_table": np.zeros((2, 52)),
}


@pytest.mark.parametrize("key", BAD)
def test_a_damaged_model_is_named(tmp_path: Path, key: str) -> None:
    np.savez(tmp_path / "SMPLH_MALE.npz", **(model_arrays() | {key: BAD[key]}))
    path = write_smplh(tmp_path / "take_poses.npz", walk(), gender=np.array("male"))
    with pytest.raises(SourceError, match="SMPLH_MALE"):
        list(AmassConverter(body_models=tmp_path).read(path, tmp_path))
