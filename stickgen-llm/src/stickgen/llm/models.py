"""Planners that ask a language model: `ollama`, `openai`, `grok`, and `replay` for tests.

All of them work alike: the model is asked for a story in the format of `stickgen.llm.authoring`; an
answer that cannot be used is handed back once with the reason; if that does not help, or nobody
answers, the planner `rules` reads the prompt and `Script.warnings` says so.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from stickgen.core.errors import ServiceError, SourceError, UsageError
from stickgen.llm import service
from stickgen.llm.rules import RulesBackend

if TYPE_CHECKING:
    from stickgen.core.types import Script

Messages = Sequence[Mapping[str, str]]

_NO: Final = frozenset({"0", "no", "false", "off"})
_YES: Final = frozenset({"1", "yes", "true", "on"})


class _Model:
    """What all of them share: ask, repair once, fall back."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str]

    def __init__(self, fallback: bool | None = None) -> None:
        self._fallback = _switch("STICKGEN_LLM_FALLBACK") if fallback is None else fallback

    def plan(self, prompt: str, *, seed: int = 0, duration: float | None = None) -> Script:
        """Return the script of *prompt* as the model, or after a failure `rules`, plans it.

        *seed* is handed on to services that take one. *duration* in seconds wins over what the
        model wants. Raises `UsageError` as `rules` does, for the same prompts and durations, and
        `ServiceError` for a failure where falling back is switched off.
        """
        RulesBackend(encoder=None).plan(prompt, duration=duration)  # refuses what nobody can plan
        try:
            return self._planned(prompt, seed, duration)
        except ServiceError as error:
            if not self._fallback:
                raise
            script = RulesBackend().plan(prompt, seed=seed, duration=duration)
            warning = f"{error}; the planner 'rules' read the prompt instead"
            return replace(script, warnings=(warning, *script.warnings))

    def _planned(self, prompt: str, seed: int, duration: float | None) -> Script:
        from stickgen.llm import answers, authoring

        chat: list[Mapping[str, str]] = list(authoring.messages(prompt, duration))
        problem = ""
        for attempt in range(2):
            answer = self._answer(chat, prompt, attempt, seed)
            try:
                return authoring.to_script(
                    answers.parse(answer), prompt, planner=self.name, duration=duration
                )
            except (ValueError, SourceError) as error:
                problem = str(error)
                chat += authoring.repair(answer, problem)
        line = "".join(c if c.isprintable() else " " for c in problem)
        raise ServiceError(f"{self.name} gave no usable story, not at a second try either ({line})")

    def _answer(self, chat: Messages, prompt: str, attempt: int, seed: int) -> str:
        """Return what the model writes; raises `ServiceError` if it writes nothing."""
        raise ServiceError(f"{self.name} has no model behind it")


class _Service(_Model):
    """A model behind an HTTP service."""

    keys: ClassVar[tuple[str, ...]] = ()
    _base_url: ClassVar[str]
    _base_url_names: ClassVar[tuple[str, ...]]
    _model: ClassVar[str]

    def __init__(
        self,
        base_url: str | None = None,
        model: str | None = None,
        *,
        timeout: float | None = None,
        tries: int = 3,
        backoff: float = 0.5,
        longest_pause: float = 30.0,
        fallback: bool | None = None,
    ) -> None:
        super().__init__(fallback)
        setting, url = next(
            (
                (name, value)
                for name in self._base_url_names
                if (value := os.environ.get(name, "").strip())
            ),
            ("base_url", self._base_url),
        )
        if base_url is not None:
            setting, url = "base_url", base_url
        self.base_url = service.address(self._completed(url), setting)
        self.model = model or os.environ.get(f"STICKGEN_{self.name.upper()}_MODEL") or self._model
        self._patience = service.Patience(_seconds(timeout), tries, backoff, longest_pause)

    def _completed(self, url: str) -> str:
        return url

    def _ask(self, path: str, payload: Mapping[str, object]) -> Any:
        secret = service.key(self.keys) if self.keys else None
        if self.keys and secret is None and self.base_url == self._base_url:
            raise ServiceError(f"{self.name} needs a key; set {' or '.join(self.keys)}")
        return service.ask(
            f"{self.base_url}/{path}",
            payload,
            name=self.name,
            secret=secret,
            patience=self._patience,
        )


class OpenAI(_Service):
    """Plans a story with any service that speaks OpenAI's chat completions.

    Args:
        base_url: where it is, up to and with ``/v1``; default ``STICKGEN_OPENAI_BASE_URL``,
            ``OPENAI_BASE_URL``, then OpenAI itself.
        model: default ``STICKGEN_OPENAI_MODEL``, then gpt-4o-mini.
        timeout: seconds for one answer; default ``STICKGEN_LLM_TIMEOUT``, then 60.
        tries: requests at most, where trying again can help.
        backoff: first pause between them in seconds; each next one is twice as long.
        longest_pause: seconds; a service that asks for a longer one is not asked again.
        fallback: whether `rules` steps in after a failure; default ``STICKGEN_LLM_FALLBACK``,
            then yes. If not, a failure is a `ServiceError`.

    The key is read from ``OPENAI_API_KEY`` or the keyring. Raises `UsageError` for an address or a
    time that is none.
    """

    name = "openai"
    keys: ClassVar[tuple[str, ...]] = ("OPENAI_API_KEY",)
    _base_url = "https://api.openai.com/v1"
    _base_url_names: ClassVar[tuple[str, ...]] = ("STICKGEN_OPENAI_BASE_URL", "OPENAI_BASE_URL")
    _model = "gpt-4o-mini"

    def _answer(self, chat: Messages, prompt: str, attempt: int, seed: int) -> str:
        from stickgen.llm import authoring

        del prompt, attempt
        plain: dict[str, object] = {"model": self.model, "messages": list(chat)}
        form = {"name": "story", "schema": authoring.json_schema()}
        structured = {"type": "json_schema", "json_schema": form}
        try:
            reply = self._ask(
                "chat/completions", plain | {"response_format": structured, "seed": seed}
            )
        except service.RefusedError as error:
            if error.status not in {400, 422}:
                raise
            reply = self._ask("chat/completions", plain)  # many servers know no response format
        return _text(reply, ("choices", 0, "message", "content"), self.name)


class Grok(OpenAI):
    """Plans a story with xAI's Grok, which speaks the same protocol; arguments as for `OpenAI`.

    Settings are ``STICKGEN_GROK_BASE_URL`` and ``STICKGEN_GROK_MODEL``; the key is read from
    ``XAI_API_KEY`` or ``GROK_API_KEY``, or from the keyring.
    """

    name = "grok"
    keys = ("XAI_API_KEY", "GROK_API_KEY")
    _base_url = "https://api.x.ai/v1"
    _base_url_names = ("STICKGEN_GROK_BASE_URL",)
    _model = "grok-4-1-fast"


class Ollama(_Service):
    """Plans a story with a model that Ollama runs, on this machine by default.

    Arguments as for `OpenAI`, without a key: settings are ``STICKGEN_OLLAMA_BASE_URL`` or
    ``OLLAMA_HOST``, and ``STICKGEN_OLLAMA_MODEL`` (default llama3.1).
    """

    name = "ollama"
    _base_url = "http://127.0.0.1:11434"
    _base_url_names = ("STICKGEN_OLLAMA_BASE_URL", "OLLAMA_HOST")
    _model = "llama3.1"

    def _completed(self, url: str) -> str:
        """Return *url* with what ``OLLAMA_HOST`` may leave out: the scheme and the port."""
        if "://" in url:
            return url
        host = url.replace("0.0.0.0", "127.0.0.1", 1)
        return f"http://{host}" if ":" in host else f"http://{host}:11434"

    def _answer(self, chat: Messages, prompt: str, attempt: int, seed: int) -> str:
        from stickgen.llm import authoring

        del prompt, attempt
        payload = {
            "model": self.model,
            "messages": list(chat),
            "stream": False,
            "format": authoring.json_schema(),
            "options": {"seed": seed, "temperature": 0, "num_ctx": 16384},
        }
        return _text(self._ask("api/chat", payload), ("message", "content"), self.name)


class Replay(_Model):
    """Plans stories from recorded answers, with no model and no network.

    Args:
        recordings: prompts and the answers to them, or a JSON file of that: an answer is the text
            that a model wrote, its JSON value, or a list of two (the second one is the answer to
            the repair). The default is the file named by ``STICKGEN_REPLAY``, else none.
        fallback: whether `rules` plans a prompt that has no usable recording, as for `OpenAI`.

    Raises `SourceError` for a file that cannot be read.
    """

    name = "replay"

    def __init__(
        self,
        recordings: str | Path | Mapping[str, object] | None = None,
        *,
        fallback: bool | None = None,
    ) -> None:
        super().__init__(fallback)
        chosen = recordings if recordings is not None else os.environ.get("STICKGEN_REPLAY") or {}
        self._recordings = dict(chosen if isinstance(chosen, Mapping) else _recorded(Path(chosen)))

    def _answer(self, chat: Messages, prompt: str, attempt: int, seed: int) -> str:
        del chat, seed
        if prompt not in self._recordings:
            raise ServiceError("replay has no recording of this prompt")
        recorded = self._recordings[prompt]
        recorded = recorded if isinstance(recorded, list) else [recorded]
        if attempt >= len(recorded):
            raise ServiceError(f"replay has a recording of {len(recorded)} answers, none usable")
        answer = recorded[attempt]
        return answer if isinstance(answer, str) else json.dumps(answer)


def _recorded(path: Path) -> Mapping[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(path, (error.strerror or str(error)).lower()) from None
    except (ValueError, RecursionError) as error:
        raise SourceError(path, f"this is not JSON ({type(error).__name__})") from None
    if not isinstance(value, dict):
        raise SourceError(path, "recordings are a JSON object: prompts and the answers to them")
    return value


def _text(reply: Any, path: Sequence[str | int], name: str) -> str:
    """Return the text at *path* of what the service answered."""
    for part in path:
        try:
            reply = reply[part]
        except (KeyError, IndexError, TypeError):
            raise ServiceError(
                f"the answer of {name} lacks '{part}'; is its base URL right?"
            ) from None
    if not isinstance(reply, str):
        raise ServiceError(f"{name} answered with no text")
    return reply


def _seconds(timeout: float | None) -> float:
    text = os.environ.get("STICKGEN_LLM_TIMEOUT", "").strip() or "60"
    try:
        seconds = float(text) if timeout is None else timeout
    except ValueError:
        raise UsageError(f"STICKGEN_LLM_TIMEOUT is {text!r}; it must be seconds") from None
    if not (math.isfinite(seconds) and 0 < seconds <= 3600):
        raise UsageError(
            f"the timeout is {seconds:g} seconds; it must be more than 0, at most 3600"
        )
    return seconds


def _switch(name: str) -> bool:
    text = os.environ.get(name, "").strip().lower() or "yes"
    if text not in _NO | _YES:
        raise UsageError(f"{name} is {text!r}; it must be yes or no")
    return text in _YES
