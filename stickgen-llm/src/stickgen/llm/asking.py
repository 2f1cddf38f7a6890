"""What a prompt only says to whoever reads it: *can you show me* a dog that runs, *please*?"""

from __future__ import annotations

import re
from typing import Final

_SHOWING: Final = (
    r"(?:animate|draw|show|create|generate|render|produce|sketch|visualise|visualize|simulate"
    r"|depict|make|give|do)"
)
_PICTURE: Final = (
    r"(?:an?|the|one)? ?(?:\w+ ){0,2}?(?:video|gif|clip|animation|scene|movie|film|picture|cartoon)"
    r"(?: clip| animation)? (?:of|where|in which|with|about|showing|that shows|that has)\b"
)
_ASKED: Final = re.compile(
    r"^\s*(?:(?:hey|hi|hello|ok|okay|so|well|um|please|pls|plz|yo|alright|now)\b[\s,!.]*)*"
    r"(?:"
    rf"(?:can|could|would|will) (?:you|u|we) (?:please |maybe |perhaps |kindly |just )?"
    rf"(?:(?!make|do|give){_SHOWING}(?: me| us| for me| for us)?(?= (?!{_PICTURE}))"
    rf"|(?={_SHOWING}\b|have\b|get\b))"
    rf"|(?:(?!make|do|give){_SHOWING}|make me|give me|make us|give us|get me)"
    rf"(?: me| us)? {_PICTURE}"
    rf"|(?!make|do|give){_SHOWING}(?: me| us)?(?: how| what)?"
    rf"(?: it (?:looks?|is) like (?:when|if))?(?= (?!{_PICTURE}))"
    r"|how about|what about|what if|imagine(?: that)?|picture(?: this)?:?"
    r"|what (?:does|would|will) it look like (?:when|if)"
    r"|(?:i|we) (?:want|need|wish|would like|has like|would love|has love)"
    rf" (?:to (?:see|watch)|{_PICTURE})"
    r"|i'd (?:like|love)(?: to (?:see|watch))?"
    r"|let us (?:see|watch)|let's (?:see|watch)"
    r"|please(?= have\b)"
    r")[\s,:]*(?:please\b[\s,]*)?",
    re.IGNORECASE,
)
"""What only asks for the picture: *Could you animate* a dog running."""
_TAKEN_BACK: Final = re.compile(r"^[^.?!]*\?\s*(?:no|nope|nah)\b[.,!\s]*(?=\S)", re.IGNORECASE)
"""What is asked and denied at once: *Zombies? No.* Just one zombie."""
_THANKS: Final = re.compile(
    r"(?:[,.!?;-]\s*(?:many )?(?:thanks|thank you|thx|cheers|please|pls|plz|ty)"
    r"(?: (?:so much|very much|a lot|in advance|you))?"
    r"|(?<!say)(?<!says)(?<!said) (?:please|pls|plz))[\s.!?)]*$",
    re.IGNORECASE,
)
"""What only thanks for it."""


def only_told(prompt: str) -> str:
    """Return *prompt* without the words that ask or thank for the picture, or take back."""
    return _THANKS.sub("", _ASKED.sub("", _TAKEN_BACK.sub("", prompt)))
