"""`SentenceTransformerEncoder`: text to vectors by any sentence-transformers model."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stickgen.core.errors import OutputError, ServiceError, SourceError
from stickgen.core.storage import atomic_path

DEFAULT_MODEL: Final = "BAAI/bge-large-en-v1.5"
DEFAULT_DIM: Final = 1024
"""Numbers in a vector of `DEFAULT_MODEL`, known without loading it."""

_CACHE_FORMAT: Final = "1"


class Encoded(NamedTuple):
    """What a model says about a text: ``pooled`` ``[dim]`` and ``tokens`` ``[n, dim]``, float32."""

    pooled: NDArray[np.float32]
    tokens: NDArray[np.float32]


class SentenceTransformerEncoder:
    """A text encoder around a sentence-transformers model.

    Args:
        model: the name of a model on the hub, or the folder of one on disk. Weights must be
            safetensors. A model on disk (or in the hub's own cache) is used without a network.
        device: a torch device; by default whatever sentence-transformers picks.
        batch_size: sentences a forward pass.
        cache: where results are kept, one file a text: True for the user's cache folder, False
            for nowhere, or a folder.

    Nothing is loaded before the first text that is not in the cache (or the first question for
    `dim` of another model than the default one). Vectors of tokens are rounded to half precision,
    whether they come from the model or from the cache. Start, end and padding tokens have none.

    `encode`, `tokens` and `dim` raise `ServiceError` when the model is neither on disk nor to be
    had from the hub, and `SourceError` when the folder given is not such a model.
    """

    api_version: ClassVar[int] = 1

    def __init__(
        self,
        model: str | os.PathLike[str] = DEFAULT_MODEL,
        *,
        device: str | None = None,
        batch_size: int = 32,
        cache: bool | str | os.PathLike[str] = True,
    ) -> None:
        self.name = os.fspath(model)
        self.device = device
        self.batch_size = batch_size
        self._cache: Path | None
        if isinstance(cache, bool):
            self._cache = _user_cache() if cache else None
        else:
            self._cache = Path(cache)

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        if self.name == DEFAULT_MODEL:
            return DEFAULT_DIM
        return len(self._encoded([""])[0].pooled)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length sentence vectors ``[N, dim]``."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        return np.stack([encoded.pooled for encoded in self._encoded(texts)])

    def tokens(self, text: str) -> NDArray[np.float32]:
        """Return one vector a token ``[n_tokens, dim]``, in the order of the words."""
        return self._encoded([text])[0].tokens

    def _encoded(self, texts: Sequence[str]) -> list[Encoded]:
        """Return what the cache or the model says about each text, and keep what is new."""
        known = {text: self._read(text) for text in texts}
        missing = [text for text, encoded in known.items() if encoded is None]
        for text, new in zip(missing, self._forward(missing), strict=True):
            self._write(text, new)
            known[text] = new
        return [encoded for text in texts if (encoded := known[text]) is not None]

    # -- the model -------------------------------------------------------------------------------

    @cached_property
    def _model(self) -> Any:
        folder = Path(self.name).expanduser()
        if folder.is_dir():
            try:
                return self._load(str(folder), local_files_only=True)
            except Exception as e:
                raise SourceError(folder, f"not a usable text model ({_cause(e)})") from e
        if folder.is_absolute() or self.name.startswith((".", "~")):
            raise SourceError(folder, "no such folder", hint="give the folder of a text model")
        try:
            return self._load(self.name, local_files_only=True)
        except Exception:
            pass  # not on disk: ask the hub
        try:
            _ask_hub(self.name)
            return self._load(self.name, local_files_only=False)
        except Exception as e:
            raise ServiceError(
                f"the text model {self.name!r} is not on this machine and cannot be had from the"
                f" hub ({_cause(e)}); check the name and the connection, or give the folder of"
                " a model"
            ) from e

    def _load(self, name: str, *, local_files_only: bool) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(
            name,
            device=self.device,
            local_files_only=local_files_only,
            model_kwargs={"use_safetensors": True},
        )

    def _forward(self, texts: list[str]) -> list[Encoded]:
        """Return what the model says about each text."""
        if not texts:
            return []
        rows = self._model.encode(
            texts, batch_size=self.batch_size, output_value=None, show_progress_bar=False
        )
        out = []
        for row in rows:
            if "token_embeddings" not in row or "input_ids" not in row:
                raise ServiceError(
                    f"the text model {self.name!r} gives no vectors token by token;"
                    " use one built on a transformer"
                )
            special = np.array(
                self._model.tokenizer.get_special_tokens_mask(
                    row["input_ids"].tolist(), already_has_special_tokens=True
                ),
                np.bool_,
            )
            pooled = _numpy(row["sentence_embedding"])
            pooled = pooled / max(float(np.linalg.norm(pooled)), 1e-12)
            tokens = _numpy(row["token_embeddings"])
            tokens = tokens[(_numpy(row["attention_mask"]) > 0) & ~special]
            out.append(Encoded(pooled, tokens.astype(np.float16).astype(np.float32)))
        return out

    # -- the cache -------------------------------------------------------------------------------

    @cached_property
    def _folder(self) -> Path | None:
        """The cache folder of this model, named after it and, on disk, its files."""
        if self._cache is None:
            return None
        identity = [_CACHE_FORMAT, self.name]
        model = Path(self.name).expanduser()
        if model.is_dir():
            identity[1] = str(model.resolve())
            for path in sorted(p for p in model.rglob("*") if p.is_file()):
                facts = path.stat()
                identity.append(f"{path.relative_to(model)} {facts.st_size} {facts.st_mtime_ns}")
        return self._cache / _digest("\n".join(identity))[:16]

    def _path(self, text: str) -> Path | None:
        digest = _digest(text)
        folder = self._folder
        return None if folder is None else folder / digest[:2] / f"{digest}.safetensors"

    def _read(self, text: str) -> Encoded | None:
        """Return what the cache holds for *text*; a damaged file counts as none."""
        from safetensors import SafetensorError
        from safetensors.numpy import load

        path = self._path(text)
        if path is None:
            return None
        try:
            found = load(path.read_bytes())
            return Encoded(found["pooled"], found["tokens"].astype(np.float32))
        except (OSError, SafetensorError, KeyError):
            return None

    def _write(self, text: str, encoded: Encoded) -> None:
        from safetensors.numpy import save

        path = self._path(text)
        if path is None:
            return
        data = save({"pooled": encoded.pooled, "tokens": encoded.tokens.astype(np.float16)})
        try:
            with atomic_path(path, force=True) as temporary:
                temporary.write_bytes(data)
        except OutputError as e:
            warnings.warn(f"text vectors are not kept: {e}", stacklevel=2)
            self._cache = None
            del self._folder


def _ask_hub(model: str) -> None:
    """Raise quickly when the hub cannot be reached or has no such model: a download would retry."""
    from huggingface_hub import HfApi

    HfApi().model_info(model, timeout=10.0)


def _user_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "stickgen" / "text"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _cause(error: Exception) -> str:
    """Return the first line of what *error* says, without its closing full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ")[:200]


def _numpy(tensor: Any) -> NDArray[np.float32]:
    """Return a torch *tensor* as a float32 array on the CPU."""
    return np.asarray(tensor.detach().float().cpu().numpy(), np.float32)
