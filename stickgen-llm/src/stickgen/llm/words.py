"""A prompt cut into words, numbers, punctuation and quoted lines of dialogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stickgen.llm.asking import only_told

_COUNTED: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty"
)
NUMBERS: Final[dict[str, int]] = {name: value for value, name in enumerate(_COUNTED.split())} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "hundred": 100,
    "dozen": 12,
}
"""Numbers written as words."""

_CONTRACTIONS: Final[tuple[tuple[str, str], ...]] = (
    (r"\bcan't\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"\bcannot\b", "can not"),
    (r"(\w)n't\b", r"\1 not"),
    (r"\b(he|she|it|they|we|you|i|that|who|there)'(s|re|m)\b", r"\1 is"),
    (r"\b(he|she|it|they|we|you|i|who)'(ll|d|ve)\b", r"\1 has"),
)

_QUOTE: Final = r"\"[^\"]*\"|(?<!\w)'[^'\n]*[^\w'\s]'(?!\w)"
_QUOTED: Final = re.compile(f"({_QUOTE})")
_TOKEN: Final = re.compile(
    rf"(?P<quote>{_QUOTE})"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<possessive>'s?(?!\w))"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)"
    r"|(?P<comma>[,–—])"
    r"|(?P<stop>[.!?;:\n]+)"
)


def word_set(text: str) -> frozenset[str]:
    """Return the words of *text*, which is easier to read and to add to than a list of strings."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One token: ``kind`` is word, number, comma, stop, quote or possessive.

    ``text`` is as written (a quote without its marks), ``low`` in lower case.
    """

    text: str
    low: str
    kind: str

    @property
    def capitalised(self) -> bool:
        return self.text[:1].isupper()


def tokenise(prompt: str) -> list[Word]:
    """Return the tokens of *prompt* in order; what is no word, number or punctuation is dropped."""
    told = only_told(prompt.translate(_PLAIN))
    text = "".join(
        part if part[:1] in {'"', "'"} else _written_out(part) for part in _QUOTED.split(told)
    )
    words = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        token = match.group()
        if kind == "quote":
            token = token[1:-1].strip()
            if not token:
                continue
        words.append(Word(token, token.lower(), kind))
    return words


def _written_out(text: str) -> str:
    """Return *text* with contractions, arrows and sides (3v3) as words of their own."""
    for pattern, replacement in _CONTRACTIONS:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    text = re.sub(_NUMBERED, "", text)
    text = re.sub(_NOISES, " ", text)
    text = re.sub(r"\bnot (?:just |only )?(?:one|two|three),? but\b", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(\d+)(v|vs)(\d+)\b", r"\1 \2 \3", text)
    text = re.sub(r"(\d)\s*[x×]\b", r"\1 times", text)
    text = re.sub(r"\s*(?:→|⇒|->|=>|>+)\s*", " then ", text)
    text = re.sub(r"(\w)'s\s+(?=(?:\w+ly\s+)?\w+ing\b)", r"\1 is ", text)
    text = re.sub(r"\b\w+-like\b", "", text)
    text = re.sub(r"\b(Mrs?|Ms|Dr|Prof|Sgt|Capt|Lt|St)\.", r"\1", text)
    text = re.sub(r"\b(Mr) and (Mrs) (\w+)", r"\1 \3 and \2 \3", text)
    text = re.sub(r"\b\w+[- ]years?-olds?\b", "kid", text)
    text = re.sub(_POSITIONS, lambda match: f"{match[1]} {match[2].replace(' ', '')}", text)
    text = re.sub(_PART_OF_A_WORD, "", text)
    text = re.sub(r"\s[&+]\s", " and ", text)
    text = re.sub(r"\(\s*([A-Za-z][^)]*)\)", r", \1,", text)
    return re.sub(r"(\w)'s(?=\s+\w)", r"\1 's", text)


_POSITIONS: Final = re.compile(
    r"\b(the|a|an|his|her|their|two) ((?:point guard|shooting guard|running back|wing back)s?)\b",
    re.IGNORECASE,
)
"""Positions of players whose words mean something else one by one."""
_PART_OF_A_WORD: Final = re.compile(
    rf"\b(?:\d+|{'|'.join(NUMBERS)}|first|second|third)-(?!(?:{'|'.join(NUMBERS)})\b)(?=[a-z])",
    re.IGNORECASE,
)
"""A number that only says of which kind: a *three*-legged dog."""
_NOISES: Final = re.compile(
    r"(?:(?<=[.!?]\s)|^)\s*(?:(?:knock|bang|boom|wow|oh no|oops|ouch|uh[- ]oh|ta[- ]da|aha|hooray"
    r"|yay|bam|pow|whoosh|beep|ring|ding|dong|splash|tick|tock)[\s,-]*)+[.!]+(?=\s)",
    re.IGNORECASE,
)
"""Noises and cries that tell of nobody: *Knock knock.* A girl opens the door."""
_NUMBERED: Final = re.compile(
    r"(?:(?<=[.!?;:,\n])|^)\s*(?:step|scene|part|shot|panel|frame|act)\s+(?:\d+|[a-z]+)\s*[:.)]+(?=\s)",
    re.IGNORECASE,
)
"""Headings that only count what is told: *Step 1:* crouch."""
_PLAIN: Final = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'"}
)


def number(word: Word) -> float | None:
    """Return the number that *word* writes in digits or in letters, or None."""
    if word.kind == "number":
        return float(word.text)
    return NUMBERS.get(word.low)


def dialogue(words: list[Word]) -> list[Word]:
    """Return *words* with lines in the manner of a play (Ann: "Hi!") as sentences (Ann says "Hi!").

    The line then ends its sentence.
    """
    says = Word("says", "says", "word")
    stop = Word(".", ".", "stop")
    out: list[Word] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        if (
            word.kind == "stop"
            and word.text.startswith(":")
            and following is not None
            and following.kind == "quote"
            and out
            and out[-1].kind == "word"
            and out[-1].low not in {"says", "say", "said"}
        ):
            out.append(says)
            continue
        out.append(word)
        spoken = len(out) >= 2 and word.kind == "quote" and out[-2] is says
        if spoken and following is not None and following.kind != "stop":
            out.append(stop)
    return out
