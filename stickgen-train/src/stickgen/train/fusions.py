"""Fusions: torch modules that join a sentence, a picture and where its camera stood.

Each takes text ``[B, text_dim]``, image ``[B, image_dim]`` and camera ``[B, camera_dim]`` and
returns one vector ``[B, text_dim]``, in the place of the text.
"""

from __future__ import annotations

from typing import ClassVar, Final

import torch
from torch import Tensor, nn

CAMERA: Final = 64
"""Width in which a camera is seen."""

ATTENTION_HEADS: Final = 8


def _camera(dim: int, out: int) -> nn.Sequential:
    """Return the network that reads a camera, *dim* numbers around 1."""
    return nn.Sequential(nn.Linear(dim, CAMERA), nn.GELU(), nn.Linear(CAMERA, out))


def _fitted(image_dim: int, text_dim: int) -> nn.Module:
    """Return what brings image features into the space of the text."""
    return nn.Identity() if image_dim == text_dim else nn.Linear(image_dim, text_dim)


class Concat(nn.Module):
    """Everything side by side through two layers."""

    def __init__(self, text_dim: int, image_dim: int, camera_dim: int) -> None:
        super().__init__()
        both = text_dim + image_dim
        self.camera = _camera(camera_dim, CAMERA)
        self.mix = nn.Sequential(
            nn.Linear(both + CAMERA, both), nn.GELU(), nn.Linear(both, text_dim)
        )

    def forward(self, text: Tensor, image: Tensor, camera: Tensor) -> Tensor:
        out: Tensor = self.mix(torch.cat([text, image, self.camera(camera)], dim=-1))
        return out


class Gated(nn.Module):
    """A gate of text, picture and camera says, number by number, how much comes from which."""

    def __init__(self, text_dim: int, image_dim: int, camera_dim: int) -> None:
        super().__init__()
        self.camera = _camera(camera_dim, CAMERA)
        self.image = _fitted(image_dim, text_dim)
        self.placed = nn.Linear(CAMERA, text_dim)
        self.gate = nn.Linear(text_dim + image_dim + CAMERA, text_dim)

    def forward(self, text: Tensor, image: Tensor, camera: Tensor) -> Tensor:
        seen = self.camera(camera)
        share = torch.sigmoid(self.gate(torch.cat([text, image, seen], dim=-1)))
        out: Tensor = share * text + (1.0 - share) * (self.image(image) + self.placed(seen))
        return out


class FiLM(nn.Module):
    """Picture and camera scale and shift the text (Perez et al. 2018); at first not at all."""

    def __init__(self, text_dim: int, image_dim: int, camera_dim: int) -> None:
        super().__init__()
        self.camera = _camera(camera_dim, CAMERA)

        def network() -> nn.Sequential:
            last = nn.Linear(text_dim, text_dim)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
            return nn.Sequential(nn.Linear(image_dim + CAMERA, text_dim), nn.GELU(), last)

        self.scale = network()
        self.shift = network()

    def forward(self, text: Tensor, image: Tensor, camera: Tensor) -> Tensor:
        seen = torch.cat([image, self.camera(camera)], dim=-1)
        out: Tensor = text * (1.0 + self.scale(seen)) + self.shift(seen)
        return out


class CrossAttention(nn.Module):
    """The text looks at itself, the picture and the camera, then thinks about it."""

    def __init__(self, text_dim: int, image_dim: int, camera_dim: int) -> None:
        super().__init__()
        self.text = nn.Linear(text_dim, text_dim)
        self.image = nn.Linear(image_dim, text_dim)
        self.camera = _camera(camera_dim, text_dim)
        self.norm = nn.LayerNorm(text_dim)
        self.attention = nn.MultiheadAttention(text_dim, ATTENTION_HEADS, batch_first=True)
        self.feed_norm = nn.LayerNorm(text_dim)
        self.feed = nn.Sequential(
            nn.Linear(text_dim, 4 * text_dim), nn.GELU(), nn.Linear(4 * text_dim, text_dim)
        )

    def forward(self, text: Tensor, image: Tensor, camera: Tensor) -> Tensor:
        asked = self.text(text)
        context = torch.stack([asked, self.image(image), self.camera(camera)], dim=1)
        context = self.norm(context)
        found, _ = self.attention(context[:, :1], context, context, need_weights=False)
        y = asked + found[:, 0]
        out: Tensor = y + self.feed(self.feed_norm(y))
        return out


class ConcatFusion:
    """The fusion ``concat``."""

    api_version: ClassVar[int] = 1

    def build(self, text_dim: int, image_dim: int, camera_dim: int) -> nn.Module:
        """Return the module for features of these sizes."""
        return Concat(text_dim, image_dim, camera_dim)


class GatedFusion:
    """The fusion ``gated``."""

    api_version: ClassVar[int] = 1

    def build(self, text_dim: int, image_dim: int, camera_dim: int) -> nn.Module:
        """Return the module for features of these sizes."""
        return Gated(text_dim, image_dim, camera_dim)


class FiLMFusion:
    """The fusion ``film``."""

    api_version: ClassVar[int] = 1

    def build(self, text_dim: int, image_dim: int, camera_dim: int) -> nn.Module:
        """Return the module for features of these sizes."""
        return FiLM(text_dim, image_dim, camera_dim)


class CrossAttentionFusion:
    """The fusion ``cross_attention``."""

    api_version: ClassVar[int] = 1

    def build(self, text_dim: int, image_dim: int, camera_dim: int) -> nn.Module:
        """Return the module for features of these sizes; eight divides *text_dim*."""
        return CrossAttention(text_dim, image_dim, camera_dim)
