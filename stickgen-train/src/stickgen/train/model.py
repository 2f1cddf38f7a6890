"""`MotionTransformer`: the dual-phase text-to-motion model, readable in one file.

**Two phases, one stack of blocks**
    1. The *planner* is causal. It reads tokens of four frames and says of each next one not a
       value but a distribution: a small flow network draws it (MAR, Li et al. 2024). It is run
       token by token with a key-value cache.
    2. The *refiner* sees the whole clip in both directions and improves the plan by flow matching
       along straight paths (Liu et al. 2022): the path begins at the plan (plus noise) where there
       is a plan, in pure noise where there is none, and at t = 1 it ends in motion.

    A phase embedding and the attention mask switch between them. Both hear the same conditions:
    words by cross-attention, a pooled sentence, length, source and style by adaptive norms (adaLN-
    zero, Peebles & Xie 2023, one table for all layers: Chen et al. 2024), and frame by frame the
    action and what is laid over it, camera and partner. Everything but the motion may be missing.

**Shapes**
    B clips, T frames, n = T / 4 tokens, D = 47 features (`stickgen.core.features`), d width.
    Features are normalised to mean 0 and deviation 1 before they come here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from stickgen.core.actions import N_CLASSES
from stickgen.core.errors import UsageError
from stickgen.core.features import DIM
from stickgen.core.sampling import MAX_WORDS, NO_LABEL, PATCH, SOURCES, STYLE, TOKEN

HEADS: Final = {"position": 2, "velocity": 2, "action": N_CLASSES, "physics": 6, "environment": 32}
"""Numbers a frame of the heads beside the pose; the pose head is the flow itself."""

PLAN, REFINE = 0, 1

CAMERA_SCALE: Final = (3.0, 3.0, 3.0, 1.0, 1.0, 1.0, 45.0)
"""What a picture's camera is divided by: position and target, m, and field of view, degrees."""


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a model; `VARIANTS` names the usual ones."""

    width: int = 256
    layers: int = 6
    heads: int = 8
    hidden: int = 512
    """Inner width of the feed-forward networks."""
    head_blocks: int = 2
    """Residual blocks of the planner's flow network."""
    text_dim: int = 1024
    image: str | None = None
    """Name of the image encoder, if the model looks at pictures."""
    fusion: str | None = None
    """Name of the fusion of text, image and camera."""
    image_dim: int = 1024
    dropout: float = 0.1


VARIANTS: Final[dict[str, ModelConfig]] = {
    "small": ModelConfig(),
    "medium": ModelConfig(width=384, layers=8, heads=12, hidden=832),
    "large": ModelConfig(width=512, layers=10, heads=16, hidden=1152),
}


@dataclass
class Conditions:
    """What a motion is to be like. ``[B, ...]`` tensors; None where nothing is known of any clip.

    ``tokens`` ``[B, N, E]`` are vectors of words, ``token_mask`` ``[B, N]`` True where there is
    one, ``pooled`` ``[B, E]`` the sentence (zeros: no text). ``actions`` and ``overlay`` ``[B, T]``
    are classes or `NO_LABEL`; ``seconds`` ``[B]``; ``source`` ``[B]`` indexes `SOURCES`; ``style``
    ``[B, 5]`` with NaN where unknown; ``camera`` ``[B, T, 3]`` and ``partner`` ``[B, T, 48]``
    (segments relative to the own pelvis) are NaN where unknown; ``image`` ``[B, F]`` and
    ``image_camera`` ``[B, 7]`` come from `MotionTransformer.look`, NaN where there is no picture.
    """

    tokens: Tensor
    token_mask: Tensor
    pooled: Tensor
    actions: Tensor
    overlay: Tensor
    seconds: Tensor
    source: Tensor
    style: Tensor | None = None
    camera: Tensor | None = None
    partner: Tensor | None = None
    image: Tensor | None = None
    image_camera: Tensor | None = None

    def without(self, text: Tensor, labels: Tensor) -> Conditions:
        """Return the same with text (and labels) forgotten where *text* (*labels*) ``[B]`` says."""
        keep = ~text
        return replace(
            self,
            token_mask=self.token_mask & keep[:, None],
            pooled=self.pooled * keep[:, None],
            actions=self.actions.masked_fill(labels[:, None], NO_LABEL),
            overlay=self.overlay.masked_fill(labels[:, None], NO_LABEL),
        )

    def rows(self, index: slice | Tensor) -> Conditions:
        """Return the conditions of some of the clips."""
        picked: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return Conditions(**{k: v[index] for k, v in picked.items() if v is not None})


@dataclass
class Heard:
    """Conditions as the blocks take them: see `MotionTransformer.hear`."""

    words: Tensor
    word_mask: Tensor
    whole: Tensor
    frames: Tensor = field(repr=False)


def sinusoid(x: Tensor, dim: int, scale: float = 1000.0) -> Tensor:
    """Return the sinusoidal embedding ``[..., dim]`` of numbers *x* ``[...]`` around 0-1."""
    half = dim // 2
    rate = torch.exp(torch.arange(half, device=x.device) * (-math.log(10000.0) / half))
    angle = scale * x[..., None].float() * rate
    return torch.cat([angle.cos(), angle.sin()], dim=-1)


class RMSNorm(nn.Module):
    """x / rms(x), with a learned scale if asked for."""

    def __init__(self, dim: int, *, scale: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim)) if scale else None

    def forward(self, x: Tensor) -> Tensor:
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)
        return x if self.weight is None else x * self.weight


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Return *x* ``[B, H, n, h]`` turned by position (RoPE, Su et al. 2021)."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


class Attention(nn.Module):
    """Multi-head attention with normalised queries and keys, to itself or to *context*."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(width, width, bias=False)
        self.k = nn.Linear(width, width, bias=False)
        self.v = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.q_norm = RMSNorm(width // heads)
        self.k_norm = RMSNorm(width // heads)

    def split(self, x: Tensor) -> Tensor:
        """``[B, n, d]`` to ``[B, H, n, h]``."""
        out: Tensor = x.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        return out

    def forward(
        self,
        x: Tensor,
        context: Tensor,
        mask: Tensor | None,
        turn: tuple[Tensor, Tensor] | None = None,
        past: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return the attention ``[B, n, d]`` and the keys and values of *context* alone.

        *mask* ``[B or 1, 1, n, m]`` is True where one may look; *past* holds keys and values of
        what was before *context*.
        """
        q = self.q_norm(self.split(self.q(x)))
        k = self.k_norm(self.split(self.k(context)))
        v = self.split(self.v(context))
        if turn is not None:
            q, k = rotate(q, *turn), rotate(k, *turn)
        own = (k, v)
        if past is not None:
            k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
        y = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.out(y.transpose(1, 2).flatten(2)), own


class FeedForward(nn.Module):
    """SwiGLU (Shazeer 2020)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.down(functional.silu(self.gate(x)) * self.up(x))
        return out


class Block(nn.Module):
    """Self-attention, words by cross-attention, feed-forward; each behind a norm (pre-norm)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        d = config.width
        self.attention = Attention(d, config.heads)
        self.words = Attention(d, config.heads)
        self.feed = FeedForward(d, config.hidden)
        self.norm = RMSNorm(d, scale=False)
        self.words_norm = RMSNorm(d)
        self.table = nn.Parameter(torch.zeros(6, d))
        """What this layer adds to the shared modulation (adaLN-single)."""
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self,
        x: Tensor,
        heard: Heard,
        modulation: Tensor,
        mask: Tensor | None,
        turn: tuple[Tensor, Tensor],
        past: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        shift1, scale1, gate1, shift2, scale2, gate2 = (modulation + self.table).split(1, dim=1)
        y = self.norm(x) * (1 + scale1) + shift1
        y, own = self.attention(y, y, mask, turn, past)
        x = x + gate1 * self.dropout(y)
        y, _ = self.words(self.words_norm(x), heard.words, heard.word_mask)
        x = x + self.dropout(y)
        y = self.norm(x) * (1 + scale2) + shift2
        return x + gate2 * self.dropout(self.feed(y)), own


class TokenFlow(nn.Module):
    """The planner's stochastic head: velocity of one token on its way from noise to motion."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        d = config.width
        self.into = nn.Linear(TOKEN, d)
        self.time = nn.Linear(d, d)
        self.modulate = nn.Linear(d, 3 * d)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Linear(d, d), nn.SiLU(), nn.Linear(d, d))
            for _ in range(config.head_blocks)
        )
        self.norm = RMSNorm(d, scale=False)
        self.out = nn.Linear(d, TOKEN)
        self.width = d

    def forward(self, hidden: Tensor, x: Tensor, t: Tensor) -> Tensor:
        """Return v ``[..., 188]`` at *x* ``[..., 188]`` and time *t* ``[...]``."""
        c = functional.silu(hidden + self.time(sinusoid(t, self.width)))
        shift, scale, gate = self.modulate(c).chunk(3, dim=-1)
        y = self.into(x)
        for block in self.blocks:
            y = y + gate * block(self.norm(y) * (1 + scale) + shift)
        out: Tensor = self.out(self.norm(y) * (1 + scale) + shift)
        return out


class MotionTransformer(nn.Module):
    """The model; `plan` and `refine` are its two phases, `draw` is the planner's flow network."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        d = config.width
        self.motion_in = nn.Linear(2 * TOKEN + 2 * PATCH, d)
        self.start = nn.Parameter(torch.zeros(d))
        self.phase = nn.Embedding(2, d)
        self.text_in = nn.Linear(config.text_dim, d)
        self.text_order = nn.Conv1d(d, d, 3, padding=1, groups=d)
        self.text_place = nn.Embedding(MAX_WORDS, d)
        self.no_words = nn.Parameter(torch.zeros(1, 1, d))
        self.pooled_in = nn.Linear(d, d)
        self.time_in = nn.Sequential(nn.Linear(d, d), nn.SiLU(), nn.Linear(d, d))
        self.length_in = nn.Linear(32, d)
        self.source = nn.Embedding(len(SOURCES), d)
        self.style_in = nn.Linear(2 * len(STYLE), d)
        self.action = nn.Embedding(N_CLASSES + 1, d)
        self.overlay = nn.Embedding(N_CLASSES + 2, d)
        self.progress_in = nn.Linear(32, d)
        self.camera_in = nn.Linear(3 + 1, d)
        self.partner_in = nn.Linear(PATCH * 48 + 1, d)
        self.modulate = nn.Linear(d, 6 * d)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(d)
        self.pose = nn.Linear(d, TOKEN)
        self.others = nn.Linear(d, PATCH * sum(HEADS.values()))
        self.flow = TokenFlow(config)
        self.apply(_initialise)
        for block in self.blocks:
            # a block starts as the identity
            nn.init.zeros_(block.words.out.weight)  # type: ignore[union-attr, arg-type]
        for layer in (self.modulate, self.pose, self.flow.modulate, self.flow.out):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        # a plugin's modules keep the beginning they were built with
        self.image_encoder, self.fusion = _picture_modules(config)
        if self.fusion is not None:
            self.fused_in = nn.Linear(config.text_dim, d)
            nn.init.zeros_(self.fused_in.weight)
            nn.init.zeros_(self.fused_in.bias)

    # -- conditions ------------------------------------------------------------------------------

    def look(self, pictures: Tensor, camera: Tensor) -> tuple[Tensor, Tensor]:
        """Return `Conditions.image` ``[B, F]`` and ``image_camera`` ``[B, 7]`` of *pictures*
        ``[B, 3, H, W]``, 0-1, whose cameras are *camera* ``[B, 7]``: position and target, m, and
        field of view, degrees.

        Raises `UsageError` if the model was built without an image encoder.
        """
        if self.image_encoder is None:
            raise UsageError(
                "this model does not look at pictures; train one with the setting image"
            )
        features: Tensor = self.image_encoder(pictures)
        return features, camera

    def hear(self, c: Conditions) -> Heard:
        """Return *c* as the blocks take it: words ``[B, N+1, d]``, whole ``[B, d]`` and frames
        ``[B, n, d]``.
        """
        mask = c.token_mask
        words = self.text_in(c.tokens) * mask[..., None]
        words = words + self.text_order(words.transpose(1, 2)).transpose(1, 2)
        words = words + self.text_place.weight[: words.shape[1]]
        words = torch.cat([self.no_words.expand(words.shape[0], 1, -1), words], dim=1)
        mask = torch.cat([torch.ones_like(mask[:, :1]), mask], dim=1)
        pooled = self.text_in(c.pooled)
        whole = (
            self.pooled_in(functional.silu(pooled))
            + self.length_in(sinusoid(c.seconds / 10.0, 32))
            + self.source(c.source)
        )
        if c.style is not None:
            known = ~torch.isnan(c.style)
            style = torch.cat([c.style.nan_to_num(0.0), known.to(c.style.dtype)], dim=-1)
            whole = whole + self.style_in(style) * known.any(-1, keepdim=True)
        if self.fusion is not None and c.image is not None and c.image_camera is not None:
            seen = ~(torch.isnan(c.image).any(-1) | torch.isnan(c.image_camera).any(-1))
            camera = c.image_camera.nan_to_num(0.0) / c.image_camera.new_tensor(CAMERA_SCALE)
            fused = self.fusion(c.pooled, c.image.nan_to_num(0.0), camera)
            whole = whole + self.fused_in(fused) * seen[:, None].to(whole.dtype)
        frames = self.action(c.actions) + self.overlay(c.overlay)
        whole = whole + frames.mean(dim=1)
        frames = frames.unflatten(1, (-1, PATCH)).mean(dim=2)
        frames = frames + self.progress_in(_progress(c))
        if c.camera is not None:
            frames = frames + _maybe(self.camera_in, c.camera.unflatten(1, (-1, PATCH)).mean(2))
        if c.partner is not None:
            partner = c.partner.unflatten(1, (-1, PATCH)).flatten(2)
            frames = frames + _maybe(self.partner_in, partner)
        return Heard(words, mask[:, None, None], whole, frames)

    def _run(
        self,
        x: Tensor,
        heard: Heard,
        whole: Tensor,
        mask: Tensor | None,
        position: Tensor,
        past: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Run the blocks; *past* and the second result hold keys and values
        ``[L, 2, B, H, n, h]``.
        """
        h = self.config.width // self.config.heads
        rate = torch.exp(torch.arange(h // 2, device=x.device) * (-math.log(10000.0) / (h // 2)))
        angle = position[:, None].float() * rate
        turn = (angle.cos().to(x.dtype), angle.sin().to(x.dtype))
        modulation = self.modulate(functional.silu(whole)).unflatten(-1, (6, -1))
        kept = []
        for i, block in enumerate(self.blocks):
            before = None if past is None else (past[i, 0], past[i, 1])
            x, own = block(x, heard, modulation, mask, turn, before)
            kept.append(torch.stack(own))
        return self.norm(x), torch.stack(kept)

    # -- the phases ------------------------------------------------------------------------------

    def stem(self, x: Tensor, plan: Tensor, known: Tensor, keyed: Tensor) -> Tensor:
        """Return frames as tokens ``[B, n, d]``: see `refine` for the arguments."""
        both = torch.cat([x, plan, known[..., None], keyed[..., None]], dim=-1)
        frames = both.unflatten(1, (-1, PATCH))
        parts = [frames[..., :DIM], frames[..., DIM : 2 * DIM], frames[..., 2 * DIM :]]
        out: Tensor = self.motion_in(torch.cat([p.flatten(2) for p in parts], dim=-1))
        return out

    def plan(self, x: Tensor, noise: Tensor, heard: Heard, valid: Tensor) -> Tensor:
        """Return what the planner thinks ``[B, n, d]`` before each token of *x* ``[B, T, D]``.

        Position i has seen tokens 0 to i-1, which carry Gaussian noise of deviation *noise*
        ``[B]``, and hears the conditions of token i. *valid* ``[B, n]``: tokens that exist.
        """
        n = valid.shape[1]
        empty = torch.zeros_like(x[..., 0])
        seen = self.stem(x, torch.zeros_like(x), empty, empty)[:, :-1]
        seen = torch.cat([self.start.expand(len(x), 1, -1), seen], dim=1)
        causal = torch.ones(n, n, dtype=torch.bool, device=x.device).tril()
        mask = causal & valid[:, None, None, :]
        mask = mask | torch.eye(n, dtype=torch.bool, device=x.device)
        whole = heard.whole + self.time_in(sinusoid(noise, self.config.width))
        whole = whole + self.phase.weight[PLAN]
        position = torch.arange(n, device=x.device)
        return self._run(seen + heard.frames, heard, whole, mask, position)[0]

    def plan_step(
        self, token: Tensor, first: Tensor, index: Tensor, noise: Tensor, heard: Heard, past: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the planner's thought ``[B, d]`` before token *index* and what to keep of it.

        *token* ``[B, 4, D]`` is the one before (ignored where *first*, a number 0 or 1, is 1),
        *past* ``[L, 2, B, H, m, h]`` what was kept so far; ``heard.frames`` ``[B, 1, d]`` is this
        token's alone. The second result ``[L, 2, B, H, 1, h]`` is to be appended to *past*.
        """
        empty = torch.zeros_like(token[..., 0])
        seen = self.stem(token, torch.zeros_like(token), empty, empty)
        seen = first * self.start + (1 - first) * seen
        whole = heard.whole + self.time_in(sinusoid(noise, self.config.width))
        whole = whole + self.phase.weight[PLAN]
        hidden, kept = self._run(seen + heard.frames, heard, whole, None, index[None], past)
        return hidden[:, 0], kept

    def draw(self, hidden: Tensor, x: Tensor, t: Tensor) -> Tensor:
        """Return the velocity of planned tokens *x* ``[..., 188]`` at time *t* ``[...]``."""
        out: Tensor = self.flow(hidden, x, t)
        return out

    def refine(
        self,
        x: Tensor,
        plan: Tensor,
        known: Tensor,
        keyed: Tensor,
        t: Tensor,
        heard: Heard,
        valid: Tensor | None,
    ) -> tuple[Tensor, Tensor]:
        """Return the velocity ``[B, T, D]`` at *x* ``[B, T, D]`` and time *t* ``[B]``, and what the
        last layer holds ``[B, n, d]``.

        *plan* ``[B, T, D]`` counts where *known* ``[B, T]`` is 1; where *keyed* ``[B, T]`` is 1, it
        is the truth. *valid* ``[B, n]``: tokens that exist; None: all of them.
        """
        tokens = self.stem(x, plan * known[..., None], known, keyed) + heard.frames
        whole = heard.whole + self.time_in(sinusoid(t, self.config.width))
        whole = whole + self.phase.weight[REFINE]
        n = tokens.shape[1]
        mask = None
        if valid is not None:
            mask = valid[:, None, None, :] | torch.eye(n, dtype=torch.bool, device=x.device)
        position = torch.arange(n, device=x.device)
        hidden, _ = self._run(tokens, heard, whole, mask, position)
        return self.pose(hidden).unflatten(-1, (PATCH, DIM)).flatten(1, 2), hidden

    def read(self, hidden: Tensor) -> dict[str, Tensor]:
        """Return the heads beside the pose, each ``[B, T, size]``, from a phase's hidden state."""
        out = self.others(hidden).unflatten(-1, (PATCH, -1)).flatten(1, 2)
        parts = out.split(list(HEADS.values()), dim=-1)
        return dict(zip(HEADS, parts, strict=True))


def _maybe(layer: nn.Linear, value: Tensor) -> Tensor:
    """Return *layer* of *value* and a flag, or zeros where *value* is NaN."""
    known = (~torch.isnan(value).any(-1, keepdim=True)).to(value.dtype)
    out: Tensor = layer(torch.cat([value.nan_to_num(0.0), known], dim=-1)) * known
    return out


def _progress(c: Conditions) -> Tensor:
    """Return for each token how far into the clip it is and how far from its end ``[B, n, 32]``."""
    n = c.actions.shape[1] // PATCH
    at = (torch.arange(n, device=c.seconds.device) + 0.5) * PATCH / 25.0
    left = (c.seconds[:, None] - at).clamp(0.0, 10.0)
    since = at.clamp(max=10.0).expand_as(left)
    return torch.cat([sinusoid(since / 10.0, 16, 100.0), sinusoid(left / 10.0, 16, 100.0)], dim=-1)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)


def _picture_modules(config: ModelConfig) -> tuple[nn.Module | None, nn.Module | None]:
    """Return the image encoder and the fusion that *config* names, built by their plugins."""
    if config.image is None:
        return None, None
    from stickgen.core import registries

    encoder: Any = registries.image_encoders.create(config.image).build(config.image_dim)
    fusion: Any = registries.fusions.create(config.fusion or "gated").build(
        config.text_dim, config.image_dim, len(CAMERA_SCALE)
    )
    return encoder, fusion


def parameters(model: nn.Module) -> int:
    """Return how many numbers are trained."""
    return sum(p.numel() for p in model.parameters())
