"""`push`: a model folder to a repository of a model hub, with its card.

The token is read from the environment or the keyring when it is needed. It goes into one header
and into nothing that is printed.
"""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any, Final

from stickgen.core.errors import ServiceError, SourceError, UsageError

TOKENS: Final = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
"""Environment variables, and names in the keyring, that hold the token."""

ENDPOINT: Final = "https://huggingface.co"

PATTERNS: Final = (
    "config.json", "adapter_config.json", "README.md", "model.safetensors",
    "adapter_model.safetensors", "*.onnx", "model.pt",
)  # fmt: skip
"""Files of a model; whatever else lies in its folder (the state of training, say) stays here."""


def token() -> str | None:
    """Return the hub's token from the environment, else from the keyring (service ``stickgen``)."""
    for name in TOKENS:
        if value := os.environ.get(name, "").strip():
            return value
    try:
        keyring: Any = importlib.import_module("keyring")
        stored = [keyring.get_password("stickgen", name) for name in TOKENS]
    except Exception:  # not installed, or no keyring on this machine
        return None
    return next((value for value in stored if value), None)


def push(
    folder: Path,
    repo: str,
    *,
    private: bool = False,
    message: str = "Upload a stickgen model",
    timeout: float = 60.0,
) -> tuple[str, list[str]]:
    """Upload the model *folder* to *repo* (``owner/name``) in one commit; return its address and
    the names of the files.

    A repository that does not exist is made; a folder without a card gets one. The hub is
    ``$HF_ENDPOINT`` or huggingface.co; *timeout* is how long it may say nothing, in seconds.

    Raises `SourceError` for a folder that holds no model, `UsageError` for a name that is none or
    without a token, `ServiceError` when the hub refuses, fails or does not answer.
    """
    config = _config(folder)
    secret = token()
    if secret is None:
        raise UsageError(
            f"pushing needs a token of the hub: put it into the environment variable {TOKENS[0]}"
        )
    endpoint = (os.environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")

    from huggingface_hub import CommitOperationAdd, HfApi, get_session
    from huggingface_hub.errors import HFValidationError

    from stickgen.train.model_card import card

    files = sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
    operations = [CommitOperationAdd(path.name, str(path)) for path in files]
    if not (folder / "README.md").exists():
        operations.append(CommitOperationAdd("README.md", card(config, _format(folder)).encode()))
    api = HfApi(endpoint=endpoint, token=secret, library_name="stickgen")
    session: Any = get_session()
    before, session.timeout = session.timeout, timeout
    try:
        api.create_repo(repo, private=private, exist_ok=True)
        api.create_commit(repo, operations, commit_message=message)
    except HFValidationError as error:
        raise UsageError(f"{repo!r} is not a name of a repository: {_line(error)}") from None
    except Exception as error:
        # no cause: a traceback would show what was sent
        raise ServiceError(_told(error, endpoint, timeout).replace(secret, "***")) from None
    finally:
        session.timeout = before
    return f"{endpoint}/{repo}", sorted(operation.path_in_repo for operation in operations)


def _config(folder: Path) -> dict[str, Any]:
    """Return the configuration of the model in *folder*; `SourceError` if there is none."""
    path = folder / "config.json"
    hint = "give a folder of `stickgen export` or a checkpoint"
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(path, f"not a model ({error})", hint=hint) from None
    if not isinstance(config, dict) or config.get("kind") not in ("dual-phase", "lora"):
        raise SourceError(path, "not the configuration of a model", hint=hint)
    return config


def _format(folder: Path) -> str:
    if (folder / "model.pt").exists():
        return "torchscript"
    return "onnx" if any(folder.glob("*.onnx")) else "safetensors"


def _told(error: Exception, endpoint: str, timeout: float) -> str:
    """Return one sentence on what the hub did."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        return (
            f"the hub {endpoint} refuses the token ({status}); give one with write access in"
            f" {TOKENS[0]}"
        )
    if status is not None:
        return f"the hub {endpoint} answered with the error {status}; try again later"
    if "Timeout" in type(error).__name__:
        return f"the hub {endpoint} did not answer within {timeout:g} s; try again later"
    return f"the hub {endpoint} cannot be used: {_line(error)}"


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
