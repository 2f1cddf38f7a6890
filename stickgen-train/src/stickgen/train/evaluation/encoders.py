"""The networks of the evaluator: two ways to read a motion and a sentence (torch)."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn
from torch.nn import functional

from stickgen.train.evaluation.evaluator import BUCKETS, EMBEDDING, WIDTH, WORDS
from stickgen.train.evaluation.features import TRACKS


class _Words(nn.Module):
    """Letter n-grams ``[B, W, G]`` to one vector a word ``[B, W, d]`` and which words exist."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean", padding_idx=0)
        self.place = nn.Parameter(torch.randn(WORDS, WIDTH) * 0.02)
        nn.init.normal_(self.table.weight, std=0.3)

    def forward(self, grams: Tensor) -> tuple[Tensor, Tensor]:
        exists = (grams > 0).any(dim=-1)
        longest = max(int(exists.sum(dim=1).max()), 1)
        grams, exists = grams[:, :longest], exists[:, :longest]
        vectors = self.table(grams.flatten(0, 1)).unflatten(0, grams.shape[:2])
        return functional.dropout(vectors, 0.1, self.training) + self.place[:longest], exists


def _mean(x: Tensor, mask: Tensor) -> Tensor:
    weight = mask[..., None].to(x.dtype)
    return (x * weight).sum(dim=1) / weight.sum(dim=1).clamp_min(1.0)


def _highest(x: Tensor, mask: Tensor) -> Tensor:
    known = mask.any(dim=1, keepdim=True)
    return x.masked_fill(~mask[..., None], -1e4).amax(dim=1).masked_fill(~known, 0.0)


class _Joint(nn.Module, ABC):
    """What both architectures share: from a pooled state to a unit vector."""

    def __init__(self, motion_width: int, text_width: int) -> None:
        super().__init__()
        self.motion_out = nn.Sequential(nn.Dropout(0.2), nn.Linear(motion_width, EMBEDDING))
        self.text_out = nn.Sequential(nn.Dropout(0.2), nn.Linear(text_width, EMBEDDING))

    def motion(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return unit vectors ``[B, 64]`` of tracks ``[B, T, 99]``; T is a multiple of 4."""
        out: Tensor = functional.normalize(self.motion_out(self.read_motion(x, mask)), dim=-1)
        return out

    def text(self, grams: Tensor) -> Tensor:
        """Return unit vectors ``[B, 64]`` of letter n-grams ``[B, W, G]``."""
        out: Tensor = functional.normalize(self.text_out(self.read_text(grams)), dim=-1)
        return out

    @abstractmethod
    def read_motion(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the pooled state ``[B, motion_width]`` of tracks."""

    @abstractmethod
    def read_text(self, grams: Tensor) -> Tensor:
        """Return the pooled state ``[B, text_width]`` of letter n-grams."""


def _layer() -> nn.Module:
    return nn.TransformerEncoderLayer(
        WIDTH, 4, 2 * WIDTH, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
    )


class Attention(_Joint):
    """Transformers over tokens of four frames and over words, mean pooled."""

    def __init__(self) -> None:
        super().__init__(WIDTH, WIDTH)
        self.into = nn.Linear(4 * TRACKS, WIDTH)
        self.place = nn.Parameter(torch.randn(64, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(_layer() for _ in range(2))
        self.words = _Words()
        self.word_block = _layer()

    def read_motion(self, x: Tensor, mask: Tensor) -> Tensor:
        tokens = self.into(x.unflatten(1, (-1, 4)).flatten(2))
        exists = mask.unflatten(1, (-1, 4)).any(dim=-1)
        y = tokens + self.place[: tokens.shape[1]]
        for block in self.blocks:
            y = block(y, src_key_padding_mask=~exists)
        return _mean(y, exists)

    def read_text(self, grams: Tensor) -> Tensor:
        y, exists = self.words(grams)
        exists = exists | ~exists.any(dim=1, keepdim=True)  # an empty sentence attends to itself
        return _mean(self.word_block(y, src_key_padding_mask=~exists), exists)


class Convolution(_Joint):
    """Dilated convolutions over frames and over words, mean and maximum pooled."""

    def __init__(self) -> None:
        super().__init__(2 * WIDTH, 2 * WIDTH)
        self.into = nn.Conv1d(TRACKS, WIDTH, 4, stride=4)
        self.blocks = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, padding=dilation, dilation=dilation)
            for dilation in (1, 2, 4)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(3))
        self.words = _Words()
        self.word_block = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)

    def read_motion(self, x: Tensor, mask: Tensor) -> Tensor:
        y = self.into(x.transpose(1, 2)).transpose(1, 2)
        exists = mask.unflatten(1, (-1, 4)).any(dim=-1)
        for block, norm in zip(self.blocks, self.norms, strict=True):
            heard = norm(y) * exists[..., None]
            z = block(heard.transpose(1, 2)).transpose(1, 2)
            y = y + functional.dropout(functional.gelu(z), 0.1, self.training)
        return torch.cat([_mean(y, exists), _highest(y, exists)], dim=-1)

    def read_text(self, grams: Tensor) -> Tensor:
        y, exists = self.words(grams)
        y = y * exists[..., None]
        z = y + functional.gelu(self.word_block(y.transpose(1, 2)).transpose(1, 2))
        return torch.cat([_mean(z, exists), _highest(z, exists)], dim=-1)
