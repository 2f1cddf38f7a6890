"""Reads the JSON object out of what a language model wrote around it.

Models put answers into code fences, begin with "Sure!", leave a comma before a closing bracket or
add a comment. All of that is forgiven; an answer that breaks off is not.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

MAX_CHARACTERS: Final = 200_000
"""Longest answer that is read."""

_MAX_STARTS: Final = 50
_STRING_OR: Final = r'("(?:[^"\\]|\\.)*")'
_COMMENT: Final = re.compile(_STRING_OR + r"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_TRAILING_COMMA: Final = re.compile(_STRING_OR + r"|,(?=\s*[}\]])", re.DOTALL)
_THOUGHTS: Final = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


def parse(text: str) -> dict[str, Any]:
    """Return the largest JSON object in *text*.

    Raises `ValueError` with one sentence that a model can act on.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the answer is longer than {MAX_CHARACTERS} characters")
    text = _THOUGHTS.sub("", text).lstrip("\ufeff")
    for candidate in (text, _TRAILING_COMMA.sub(_kept, _COMMENT.sub(_kept, text))):
        found = _largest_object(candidate)
        if found is not None:
            return found
    if "{" not in text:
        raise ValueError("the answer holds no JSON object")
    raise ValueError("the answer is not valid JSON" + _place(text))


def _kept(match: re.Match[str]) -> str:
    return match.group(1) or ""


def _largest_object(text: str) -> dict[str, Any] | None:
    """Return the longest object that begins outside the ones found before it, or None.

    Where the first bracket opens an object that never parses, the text is broken: pieces within
    it are no answer.
    """
    decoder = json.JSONDecoder()
    best: tuple[int, dict[str, Any]] | None = None
    position = text.find("{")
    for _ in range(_MAX_STARTS):
        if position < 0:
            break
        end = position + 1
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            if '"beats"' in text[position:] and re.match(r'\{\s*"', text[position:]):
                break
        else:
            if isinstance(value, dict) and (best is None or end - position > best[0]):
                best = (end - position, value)
        position = text.find("{", end)
    return best[1] if best else None


def _place(text: str) -> str:
    try:
        json.loads(text[text.index("{") :])
    except json.JSONDecodeError as error:
        return f" ({error.msg.lower()} at line {error.lineno}, column {error.colno})"
    except (ValueError, RecursionError):
        return ""
    return ""
