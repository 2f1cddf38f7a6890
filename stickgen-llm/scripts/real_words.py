"""Write ``real_words.txt``: common English words that the planner would take for slips of the pen.

    python real_words.py /usr/share/wordnet ../src/stickgen/llm/real_words.txt

Words of WordNet 3.0 and their forms that none of the planner's lists knows and that are one slip
from a word it knows. ``pip install wordfreq`` tells which of them are common enough.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nouns import LICENCE
from wordfreq import zipf_frequency

from stickgen.llm import spelling
from stickgen.llm.inflection import forms

COMMON = 2.5
"""Zipf frequency of the rarest word that is kept: about one in three million words."""


def words(database: Path) -> set[str]:
    """Return the single words of all parts of speech in *database*, with their forms."""
    found: set[str] = set()
    for part in ("noun", "verb", "adj", "adv"):
        for line in (database / f"index.{part}").read_text(encoding="latin1").splitlines():
            word = line.split(maxsplit=1)[0] if not line.startswith("  ") else ""
            if word.isascii() and word.isalpha():
                found.add(word)
                found |= set(forms(word)) if part == "verb" else set()
                found |= {word + "s"} if part == "noun" else set()
        for line in (database / f"{part}.exc").read_text(encoding="latin1").splitlines():
            found.add(line.split()[0])
    return {word for word in found if word.isalpha() and word.isascii()}


def main() -> None:
    spelling.real_words.cache_clear()
    out = Path(sys.argv[2])
    header = "\n".join(f"# {line}".rstrip() for line in LICENCE.strip().splitlines())
    header = header.replace("Nouns of WordNet 3.0, chosen and put in order by scripts/nouns.py",
                            "Words of WordNet 3.0, chosen by scripts/real_words.py")  # fmt: skip
    out.write_text(header + "\n", encoding="ascii")
    common = {w for w in words(Path(sys.argv[1])) if zipf_frequency(w, "en") >= COMMON}
    real = sorted(word for word in common if spelling.meant(word) != word)
    out.write_text(header + "\n" + " ".join(real) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
