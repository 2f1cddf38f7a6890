"""Image encoders: torch modules from pictures ``[B, 3, H, W]``, 0-1, to features ``[B, dim]``.

Norms are over groups of channels (Wu & He 2018), not over the batch, so that a picture's features
depend neither on the pictures beside it nor on whether the model is in training. Pictures of any
size of at least 32 pixels will do; the sizes named here are for 256 x 256.
"""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

GROUPS: Final = 8
"""Groups of channels with a norm of their own."""

SIDE: Final = 256
"""Pixels of the side of a picture that the encoders are laid out for."""


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(GROUPS, channels)


class LightweightCNN(nn.Module):
    """Five convolutions, each halving the picture; the mean over what is left. 2.1 M numbers."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        widths = (3, 32, 64, 128, 256, 512)
        self.layers = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False), _norm(b), nn.GELU()
                )
                for a, b in pairwise(widths)
            )
        )
        self.out = nn.Linear(widths[-1], dim)

    def forward(self, pictures: Tensor) -> Tensor:
        features = self.layers(2.0 * pictures - 1.0).mean(dim=(2, 3))
        out: Tensor = self.out(features)
        return out


class _Residual(nn.Module):
    """Two convolutions beside a way around them (He et al. 2016)."""

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inner, outer, 3, stride=stride, padding=1, bias=False)
        self.first_norm = _norm(outer)
        self.second = nn.Conv2d(outer, outer, 3, padding=1, bias=False)
        self.second_norm = _norm(outer)
        self.around: nn.Module = nn.Identity()
        if stride != 1 or inner != outer:
            self.around = nn.Sequential(
                nn.Conv2d(inner, outer, 1, stride=stride, bias=False), _norm(outer)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        return functional.relu(y + self.around(x))


class ResNet(nn.Module):
    """Laid out as ResNet-18 (He et al. 2016). 11.7 M numbers."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.stem_norm = _norm(64)
        blocks = []
        inner = 64
        for outer, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
            blocks += [_Residual(inner, outer, stride), _Residual(outer, outer, 1)]
            inner = outer
        self.blocks = nn.Sequential(*blocks)
        self.out = nn.Linear(inner, dim)

    def forward(self, pictures: Tensor) -> Tensor:
        x = functional.relu(self.stem_norm(self.stem(2.0 * pictures - 1.0)))
        x = functional.max_pool2d(x, 3, stride=2, padding=1)
        out: Tensor = self.out(self.blocks(x).mean(dim=(2, 3)))
        return out


class MiniViT(nn.Module):
    """A small vision transformer (Dosovitskiy et al. 2021): patches of 16 pixels, 4 layers of
    width 384 with 6 heads; the mean over the patches. 7.9 M numbers.
    """

    PATCH: ClassVar[int] = 16

    def __init__(self, dim: int) -> None:
        super().__init__()
        width, side = 384, SIDE // self.PATCH
        self.patches = nn.Conv2d(3, width, self.PATCH, stride=self.PATCH)
        self.place = nn.Parameter(0.02 * torch.randn(1, width, side, side))
        layer = nn.TransformerEncoderLayer(
            width, 6, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, dim)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.patches(2.0 * pictures - 1.0)
        place: Tensor = self.place
        if place.shape[2:] != x.shape[2:]:
            place = functional.interpolate(place, x.shape[2:], mode="bilinear", align_corners=False)
        x = self.layers((x + place).flatten(2).transpose(1, 2))
        out: Tensor = self.out(self.norm(x).mean(dim=1))
        return out


class LightweightCNNEncoder:
    """The image encoder ``lightweight_cnn``."""

    api_version: ClassVar[int] = 1

    def build(self, dim: int) -> nn.Module:
        """Return the module that gives *dim* features a picture."""
        return LightweightCNN(dim)


class ResNetEncoder:
    """The image encoder ``resnet``."""

    api_version: ClassVar[int] = 1

    def build(self, dim: int) -> nn.Module:
        """Return the module that gives *dim* features a picture."""
        return ResNet(dim)


class MiniViTEncoder:
    """The image encoder ``mini_vit``."""

    api_version: ClassVar[int] = 1

    def build(self, dim: int) -> nn.Module:
        """Return the module that gives *dim* features a picture."""
        return MiniViT(dim)
