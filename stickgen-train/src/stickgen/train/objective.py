"""`Objective`: what the model is trained for, as one module whose forward returns the losses.

Per step a part of the batch teaches the planner and the rest the refiner; both go through one
forward pass each. Flow matching along straight paths: x_t = (1 - t) x_0 + t x_1, target
v = x_1 - x_0, and from the velocity the end of the path x_1 ~ x_t + (1 - t) v, on which the
geometric terms look (Tevet et al. 2023 for the terms, weighted by t because early guesses of the
end say little). Everything is masked: padding neither is looked at nor counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from stickgen.core import features, schema
from stickgen.core.kinematics import Body
from stickgen.core.sampling import PATCH, TOKEN
from stickgen.train.model import Conditions, MotionTransformer
from stickgen.train.settings import Corruption, LossWeights

FPS: Final = features.MODEL_FPS

_ANKLES: Final = [6 + 3 * features.FREE.index(joint) for joint in features.ANKLES]
_WRISTS: Final = [6 + 3 * features.FREE.index(schema.J[name]) for name in ("l_wrist", "r_wrist")]


class Skeleton(nn.Module):
    """Normalised features to joints in metres, differentiably."""

    mean: Tensor
    std: Tensor
    lengths: Tensor

    def __init__(self, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)
        self.register_buffer("lengths", torch.tensor(Body().lengths, dtype=torch.float32))
        self.parents = [max(parent, 0) for parent in schema.PARENTS]

    def normalise(self, values: Tensor) -> Tensor:
        return (values - self.mean) / self.std

    def local(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Return the pelvis ``[B, T, 3]`` (x, z summed up from its velocity) and the joints
        relative to it ``[B, T, 16, 3]`` of normalised features.
        """
        raw = values * self.std + self.mean
        level = torch.cumsum(raw[..., 0:2], dim=1) / FPS
        root = torch.stack([level[..., 0], raw[..., 2], level[..., 1]], dim=-1)
        hip = raw[..., 3:6]
        free = raw[..., 6:45].unflatten(-1, (-1, 3))
        joints = [torch.zeros_like(hip)] * schema.N_JOINTS
        joints[schema.J["l_hip"]], joints[schema.J["r_hip"]] = hip, -hip
        for i, joint in enumerate(features.FREE):
            joints[joint] = free[..., i, :]
        return root, torch.stack(joints, dim=-2)

    def bone_error(self, joints: Tensor) -> Tensor:
        """Return how much longer or shorter each bone is ``[B, T, 15]``, m."""
        bone = joints - joints[..., self.parents, :]
        length = (bone.pow(2).sum(-1) + 1e-8).sqrt()
        return (length - self.lengths)[..., 1:]


@dataclass
class Sample:
    """A batch as tensors: normalised ``x`` ``[B, T, D]``, ``mask`` ``[B, T]``, the motion of the
    centre of mass ``mass`` ``[B, T, 6]`` and what the model hears.
    """

    x: Tensor
    mask: Tensor
    mass: Tensor
    conditions: Conditions
    pictures: Tensor | None = None
    """``[B, 3, H, W]``, 0-1, seen from the cameras ``[B, 7]``; see `MotionTransformer.look`."""
    picture_cameras: Tensor | None = None


def mean_of(value: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of *value* ``[B, T, ...]`` over the frames of *mask* ``[B, T]``."""
    flat = value.flatten(2).mean(-1) if value.ndim > 2 else value
    return (flat * mask).sum() / mask.sum().clamp(min=1.0)


class Objective(nn.Module):
    """The model with its losses; ``forward`` is what a distributed wrapper sees."""

    per_feature: Tensor

    def __init__(
        self,
        model: MotionTransformer,
        skeleton: Skeleton,
        weights: LossWeights | None = None,
        corruption: Corruption | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.skeleton = skeleton
        self.weights = weights or LossWeights()
        self.corruption = corruption or Corruption()
        weight = torch.ones(features.DIM)
        weight[0:3] = 2.0
        for i in (*_ANKLES, *_WRISTS):
            weight[i : i + 3] = 1.5
        weight[features.CONTACTS] = 0.5
        self.register_buffer("per_feature", weight / weight.mean())

    def forward(self, s: Sample) -> dict[str, Tensor]:
        """Return every loss by name, unweighted, and ``total``."""
        c = self.corruption
        b = len(s.x)
        heard = s.conditions
        if s.pictures is not None and s.picture_cameras is not None:
            image, camera = self.model.look(s.pictures, s.picture_cameras)
            heard = replace(heard, image=image, image_camera=camera)
        if self.training:
            heard = self._spoilt(heard)
        cut = max(1, min(b - 1, round(c.planner * b)))
        losses = self._planner(_rows(s, slice(0, cut)), heard.rows(slice(0, cut)))
        losses |= self._refiner(_rows(s, slice(cut, b)), heard.rows(slice(cut, b)))
        w = self.weights
        losses["total"] = (
            w.flow * losses["flow"] + w.plan * losses["plan"] + w.position * losses["position"]
            + w.velocity * losses["velocity"] + w.smoothness * losses["smoothness"]
            + w.travel * losses["travel"] + w.contact * losses["contact"]
            + w.bones * losses["bones"]
            + w.action * (losses["action"] + losses["plan_action"])
            + w.heads * (losses["heads"] + losses["plan_heads"])
        )  # fmt: skip
        return losses

    def _spoilt(self, c: Conditions) -> Conditions:
        """Return *c* with some of it forgotten, so that each part works without the others."""
        k = self.corruption
        b, device = len(c.source), c.source.device
        dice = torch.rand(5, b, device=device)
        nothing = dice[0] < k.nothing
        out = c.without((dice[1] < k.no_text) | nothing, (dice[2] < k.no_labels) | nothing)
        out.source = c.source.masked_fill((dice[3] < k.no_source) | nothing, 0)
        if c.style is not None:
            hidden = (dice[4] < k.no_style) | nothing
            out.style = c.style.masked_fill(hidden[:, None], float("nan"))
        if c.partner is not None:
            alone = (torch.rand(b, device=device) < k.no_partner) | nothing
            out.partner = c.partner.masked_fill(alone[:, None, None], float("nan"))
        if c.image is not None:
            unseen = (torch.rand(b, device=device) < k.no_image) | nothing
            # the features stay finite: a NaN in them would reach the encoder's gradient
            out.image_camera = None if c.image_camera is None else c.image_camera.masked_fill(
                unseen[:, None], float("nan")
            )  # fmt: skip
        return out

    # -- phase one -------------------------------------------------------------------------------

    def _planner(self, s: Sample, conditions: Conditions) -> dict[str, Tensor]:
        k = self.corruption
        b, _, _ = s.x.shape
        valid = s.mask.unflatten(1, (-1, PATCH)).any(-1)
        noise = torch.rand(b, device=s.x.device) * k.prefix_noise
        seen = s.x + noise[:, None, None] * torch.randn_like(s.x)
        hidden = self.model.plan(seen, noise, self.model.hear(conditions), valid)
        token = s.x.unflatten(1, (-1, PATCH)).flatten(2)
        mask = s.mask.unflatten(1, (-1, PATCH)).float()
        shape = (k.draws, *token.shape[:2])
        t = torch.sigmoid(torch.randn(shape, device=s.x.device))
        start = torch.randn(*shape, TOKEN, device=s.x.device)
        x = (1 - t[..., None]) * start + t[..., None] * token
        v = self.model.draw(hidden.expand(k.draws, *hidden.shape), x, t)
        error = (v.float() - (token - start)).pow(2).unflatten(-1, (PATCH, -1))
        error = (error * self.per_feature).mean(-1).mean(0)
        plan = (error * mask).sum() / mask.sum().clamp(min=1.0)
        out = {"plan": plan}
        heads = self._heads(self.model.read(hidden), s)
        out["plan_heads"] = (
            heads["position"] + heads["velocity"] + heads["physics"] + heads["environment"]
        )
        out |= {f"plan_{name}": value for name, value in heads.items()}
        return out

    # -- phase two -------------------------------------------------------------------------------

    def _refiner(self, s: Sample, conditions: Conditions) -> dict[str, Tensor]:
        k, model = self.corruption, self.model
        x1, mask = s.x, s.mask.float()
        b, frames, _ = x1.shape
        device = x1.device
        valid = s.mask.unflatten(1, (-1, PATCH)).any(-1)
        t = torch.sigmoid(torch.randn(b, device=device))
        planned = (torch.rand(b, device=device) < k.planned).float()
        known = planned[:, None] * mask
        plan = self._spoilt_plan(x1)
        keyed = self._keys(b, frames, device) * mask
        plan = torch.where(keyed[..., None] > 0, x1, plan)
        known = torch.maximum(known, keyed)
        noise = torch.randn_like(x1)
        spread = torch.where(planned > 0, k.start_noise, 1.0)[:, None, None]
        x0 = planned[:, None, None] * plan + spread * noise
        at = t[:, None, None]
        x = (1 - at) * x0 + at * x1
        x = torch.where(keyed[..., None] > 0, x1, x)
        v, hidden = model.refine(x, plan, known, keyed, t, model.hear(conditions), valid)
        v = v.float()
        counted = mask * (1 - keyed)
        flow = mean_of((v - (x1 - x0)).pow(2) * self.per_feature, counted)
        end = torch.where(keyed[..., None] > 0, x1, x + (1 - at) * v)
        out = {"flow": flow, **self._geometry(end, x1, mask * t[:, None] ** 2)}
        heads = self._heads(model.read(hidden), s)
        out["action"] = heads["action"]
        out["heads"] = (
            heads["position"] + heads["velocity"] + heads["physics"] + heads["environment"]
        )
        out |= {f"head_{name}": value for name, value in heads.items()}
        return out

    def _spoilt_plan(self, x1: Tensor) -> Tensor:
        """Return a plan like the planner's: the truth, smoothed errors and white noise on top."""
        b, frames, d = x1.shape
        size = torch.rand(b, 1, 1, device=x1.device) * self.corruption.plan_noise
        rough = torch.randn_like(x1)
        coarse = torch.randn(b, d, frames // PATCH // 2 + 1, device=x1.device)
        slow = functional.interpolate(coarse, frames, mode="linear", align_corners=True).transpose(
            1, 2
        )
        share = torch.rand(b, 1, 1, device=x1.device)
        return x1 + size * (share * slow + (1 - share) * rough)

    def _keys(self, b: int, frames: int, device: torch.device) -> Tensor:
        """Return which frames are given ``[B, T]``: the first, both ends, or some in between."""
        some = torch.rand(b, device=device) < self.corruption.keyed
        kind = torch.rand(b, device=device)
        keys = torch.zeros(b, frames, device=device)
        keys[:, 0] = 1.0
        ends = (kind > 0.6)[:, None].float()
        last = torch.zeros_like(keys)
        last[:, -1] = 1.0
        scattered = (torch.rand(b, frames, device=device) < 0.06).float()
        keys = keys + ends * last + (kind > 0.75)[:, None].float() * scattered
        return keys.clamp(max=1.0) * some[:, None].float()

    def _geometry(self, end: Tensor, truth: Tensor, weight: Tensor) -> dict[str, Tensor]:
        """Return the terms on joints in metres, at the end of the path."""
        root, joints = self.skeleton.local(end)
        true_root, true_joints = self.skeleton.local(truth)
        both = weight[:, 1:] * (weight[:, :-1] > 0)
        world = joints + root[:, :, None]
        true_world = true_joints + true_root[:, :, None]
        speed = (world[:, 1:] - world[:, :-1]) * FPS
        true_speed = (true_world[:, 1:] - true_world[:, :-1]) * FPS
        jerk = (speed[:, 1:] - speed[:, :-1]) - (true_speed[:, 1:] - true_speed[:, :-1])
        stands = (truth[:, 1:, features.CONTACTS] > 0).float()
        feet = speed[:, :, list(features.ANKLES)]

        def near(a: Tensor, b: Tensor, beta: float) -> Tensor:
            return functional.smooth_l1_loss(a, b, reduction="none", beta=beta) / beta

        height = near(root[..., None, 1:2], true_root[..., None, 1:2], 0.1)
        return {
            "position": mean_of(near(joints, true_joints, 0.1) + height, weight),
            "velocity": mean_of(near(speed, true_speed, 1.0), both),
            "smoothness": mean_of(near(jerk, torch.zeros_like(jerk), 0.5), both[:, 1:]),
            "travel": mean_of(near(root, true_root, 0.5), weight),
            "contact": mean_of(feet.abs().clamp(max=3.0).mean(-1) * stands, both),
            "bones": mean_of(self.skeleton.bone_error(joints).abs() * 10.0, weight),
        }  # fmt: skip

    def _heads(self, read: dict[str, Tensor], s: Sample) -> dict[str, Tensor]:
        """Return the losses of the heads beside the pose."""
        targets = head_targets(self.skeleton, s)
        mask = s.mask.float()
        c = s.conditions
        logits = read["action"].float()
        action = functional.cross_entropy(
            logits.flatten(0, 1), c.actions.flatten().clamp(max=logits.shape[-1] - 1),
            reduction="none",
        ).view_as(mask)  # fmt: skip
        out = {"action": mean_of(action, mask)}
        for name, target in targets.items():
            out[name] = mean_of(
                functional.smooth_l1_loss(read[name].float(), target, reduction="none"), mask
            )
        return out


HEAD_SCALE: Final = {"position": 2.0, "velocity": 1.0, "physics": 4.0, "environment": 1.0}
"""Metres (m/s, m/s²) that one unit of a head's output means."""


def head_targets(skeleton: Skeleton, s: Sample) -> dict[str, Tensor]:
    """Return what the heads beside the action should say, each ``[B, T, size]``."""
    root, joints = skeleton.local(s.x)
    raw = s.x * skeleton.std + skeleton.mean
    height = root[..., 1]
    heights = joints[..., 1] + height[..., None]
    environment = torch.zeros(*s.x.shape[:2], 32, device=s.x.device)
    environment[..., 0:3] = 1.0
    environment[..., 4:11] = 1.0
    environment[..., 15] = 0.5
    environment[..., 16:18] = (s.x[..., features.CONTACTS] > 0).float()
    hands = heights[..., [schema.J["l_wrist"], schema.J["r_wrist"]]]
    environment[..., 18:20] = (hands < 0.12).float()
    environment[..., 28:30] = heights[..., list(features.ANKLES)]
    environment[..., 30] = height
    environment[..., 31] = heights.min(dim=-1).values
    return {
        "position": root[..., [0, 2]] / HEAD_SCALE["position"],
        "velocity": raw[..., 0:2] / HEAD_SCALE["velocity"],
        "physics": s.mass / HEAD_SCALE["physics"],
        "environment": environment,
    }


def _rows(s: Sample, index: slice) -> Sample:
    return Sample(s.x[index], s.mask[index], s.mass[index], s.conditions.rows(index))
