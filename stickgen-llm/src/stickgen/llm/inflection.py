"""The forms of English verbs: walk, walks, walked, walking; run, ran; sing, sang, sung."""

from __future__ import annotations

from typing import Final, Literal

from stickgen.llm.words import word_set

Form = Literal["base", "third", "past", "participle", "ing"]
"""Base (walk), third person (walks), past (walked, ran), past participle (run, sung), -ing."""

_IRREGULAR: Final = (
    "be/was/been begin/began/begun bring/brought/brought catch/caught/caught come/came/come"
    " creep/crept/crept do/did/done draw/drew/drawn drink/drank/drunk drive/drove/driven"
    " eat/ate/eaten fall/fell/fallen feel/felt/felt fight/fought/fought flee/fled/fled"
    " fling/flung/flung fly/flew/flown get/got/gotten give/gave/given go/went/gone have/had/had"
    " hide/hid/hidden hit/hit/hit hold/held/held keep/kept/kept kneel/knelt/knelt lay/laid/laid"
    " leap/leapt/leapt leave/left/left let/let/let lie/lay/lain make/made/made meet/met/met"
    " put/put/put read/read/read ride/rode/ridden rise/rose/risen run/ran/run say/said/said"
    " see/saw/seen shake/shook/shaken shoot/shot/shot sing/sang/sung sit/sat/sat"
    " sleep/slept/slept slide/slid/slid sneak/snuck/snuck speak/spoke/spoken spin/spun/spun"
    " spring/sprang/sprung stand/stood/stood steal/stole/stolen stick/stuck/stuck"
    " strike/struck/struck sweep/swept/swept swim/swam/swum swing/swung/swung take/took/taken"
    " tell/told/told think/thought/thought throw/threw/thrown wake/woke/woken wear/wore/worn"
    " weep/wept/wept win/won/won write/wrote/written stride/strode/stridden bend/bent/bent"
    " hear/heard/heard build/built/built blow/blew/blown"
)
IRREGULAR: Final[dict[str, tuple[str, str]]] = {
    lemma: (past, participle)
    for lemma, past, participle in (entry.split("/") for entry in _IRREGULAR.split())
}
"""Lemma to (past, past participle)."""

_DOUBLED: Final = word_set(
    "jog trot hop skip step run swim sit hit put get grab bat nap clap chat hug nod spin slip"
    " trip spar flip hum sob chop hop win shop stop drop let dig rub pat tap zip lag shrug wag"
    " cut pet drag plod slap strut tag tug beg sip jab run scan lob swim wed quit stir"
    " flap knit grin fit rip skid slam clip drum swag plan quip strum"
)


def _with_ing(lemma: str) -> str:
    if lemma in {"lie", "die", "tie"}:
        return lemma[:-2] + "ying"
    if lemma in _DOUBLED:
        return lemma + lemma[-1] + "ing"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and len(lemma) > 2:
        return lemma[:-1] + "ing"
    return lemma + "ing"


def _with_ed(lemma: str) -> str:
    if lemma in _DOUBLED:
        return lemma + lemma[-1] + "ed"
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ied"
    return lemma + "ed"


def _with_s(lemma: str) -> str:
    if lemma in {"have", "be"}:
        return {"have": "has", "be": "is"}[lemma]
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) and not lemma.endswith("oo"):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + "s"


def forms(lemma: str) -> dict[str, tuple[Form, ...]]:
    """Return every written form of *lemma* and what it may be; irregular verbs keep their regular
    past too (leaped, sneaked, kneeled), as both are written.
    """
    found: dict[str, tuple[Form, ...]] = {}

    def add(word: str, form: Form) -> None:
        if form not in found.get(word, ()):
            found[word] = (*found.get(word, ()), form)

    add(lemma, "base")
    add(_with_s(lemma), "third")
    add(_with_ing(lemma), "ing")
    if lemma in IRREGULAR:
        past, participle = IRREGULAR[lemma]
        add(past, "past")
        add(participle, "participle")
        if lemma in {"leap", "kneel", "sneak", "creep", "flee"}:
            add(_with_ed(lemma), "past")
    else:
        add(_with_ed(lemma), "past")
        add(_with_ed(lemma), "participle")
    return found


def guess_lemma(word: str) -> str:
    """Return the likeliest lemma of *word*, a verb form that no list knows (zorps -> zorp)."""
    for ending, length in (("ying", 4), ("ies", 3), ("ied", 3)):
        if word.endswith(ending) and len(word) > length + 1:
            return word[:-length] + ("ie" if ending == "ying" and len(word) <= 5 else "y")
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
                return stem[:-1]
            if stem[-1] in "cvuzg" or (stem[-1] == "s" and stem[-2] in "aeiou"):
                return stem + "e"
            return stem
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        return word[:-1]
    return word
