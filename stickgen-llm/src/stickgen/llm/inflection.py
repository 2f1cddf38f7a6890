"""The forms of English verbs: walk, walks, walked, walking; run, ran; sing, sang, sung."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

from stickgen.llm.words import word_set

Form = Literal["base", "third", "past", "participle", "ing"]
"""Base (walk), third person (walks), past (walked, ran), past participle (run, sung), -ing."""

_IRREGULAR: Final = (
    "arise/arose/arisen awake/awoke/awoken backslide/backslid/backslid be/was/been"
    " beat/beat/beaten become/became/become begin/began/begun bend/bent/bent bet/bet/bet"
    " bid/bade/bidden bind/bound/bound bite/bit/bitten bleed/bled/bled blow/blew/blown"
    " break/broke/broken breed/bred/bred bring/brought/brought build/built/built"
    " burn/burnt/burnt burst/burst/burst buy/bought/bought cast/cast/cast catch/caught/caught"
    " choose/chose/chosen cling/clung/clung come/came/come creep/crept/crept cut/cut/cut"
    " deal/dealt/dealt dig/dug/dug do/did/done draw/drew/drawn dream/dreamt/dreamt"
    " drink/drank/drunk drive/drove/driven eat/ate/eaten fall/fell/fallen feed/fed/fed"
    " feel/felt/felt fight/fought/fought find/found/found fit/fit/fit flee/fled/fled"
    " fling/flung/flung fly/flew/flown forget/forgot/forgotten forgive/forgave/forgiven"
    " freeze/froze/frozen get/got/gotten give/gave/given go/went/gone grow/grew/grown"
    " hang/hung/hung have/had/had hear/heard/heard hew/hewed/hewn hide/hid/hidden hit/hit/hit"
    " hold/held/held hurt/hurt/hurt keep/kept/kept kneel/knelt/knelt know/knew/known"
    " lay/laid/laid lead/led/led lean/leant/leant leap/leapt/leapt learn/learnt/learnt"
    " leave/left/left lend/lent/lent let/let/let lie/lay/lain light/lit/lit lose/lost/lost"
    " make/made/made meet/met/met mow/mowed/mown outrun/outran/outrun"
    " overtake/overtook/overtaken overthrow/overthrew/overthrown pay/paid/paid put/put/put"
    " quit/quit/quit read/read/read rebuild/rebuilt/rebuilt ride/rode/ridden ring/rang/rung"
    " rise/rose/risen run/ran/run say/said/said see/saw/seen seek/sought/sought"
    " sell/sold/sold send/sent/sent set/set/set sew/sewed/sewn shake/shook/shaken"
    " shave/shaved/shaven shear/sheared/shorn shed/shed/shed shine/shone/shone"
    " shoot/shot/shot show/showed/shown shrink/shrank/shrunk shut/shut/shut sing/sang/sung"
    " sink/sank/sunk sit/sat/sat slay/slew/slain sleep/slept/slept slide/slid/slid"
    " sling/slung/slung slink/slunk/slunk sneak/snuck/snuck speak/spoke/spoken"
    " spell/spelt/spelt spend/spent/spent spill/spilt/spilt spin/spun/spun spit/spat/spat"
    " split/split/split spread/spread/spread spring/sprang/sprung stand/stood/stood"
    " stave/stove/stove steal/stole/stolen stick/stuck/stuck sting/stung/stung"
    " stink/stank/stunk strew/strewed/strewn stride/strode/stridden strike/struck/struck"
    " string/strung/strung swear/swore/sworn sweep/swept/swept swell/swelled/swollen"
    " swim/swam/swum swing/swung/swung take/took/taken teach/taught/taught tear/tore/torn"
    " tell/told/told think/thought/thought throw/threw/thrown thrust/thrust/thrust"
    " tread/trod/trodden undergo/underwent/undergone understand/understood/understood"
    " uphold/upheld/upheld wake/woke/woken wear/wore/worn weave/wove/woven wed/wed/wed"
    " weep/wept/wept win/won/won wind/wound/wound withdraw/withdrew/withdrawn"
    " wring/wrung/wrung write/wrote/written"
)
IRREGULAR: Final[dict[str, tuple[str, str]]] = {
    lemma: (past, participle)
    for lemma, past, participle in (entry.split("/") for entry in _IRREGULAR.split())
}
"""Lemma to (past, past participle)."""

_DOUBLED: Final = word_set("quit begin admit commit permit regret forget refer occur upset")
"""Verbs of several syllables, or with a silent u, whose last letter is doubled."""
_BOTH_WAYS: Final = word_set(
    "leap kneel sneak creep flee lean spill learn dream burn spell light weave wake awake dive"
    " shine hang fit wed speed plead shear sweat knit"
)
"""Irregular verbs that are written in the regular way too."""


def _doubles(lemma: str) -> bool:
    """Whether the last letter is doubled: one vowel between consonants, as in stop and hug."""
    if lemma in _DOUBLED:
        return True
    vowels = [letter in "aeiou" or (letter == "y" and at > 0) for at, letter in enumerate(lemma)]
    return (
        len(lemma) > 2 and sum(vowels) == 1 and vowels[-2] and not lemma.endswith(("w", "x", "y"))
    )


def _with_ing(lemma: str) -> str:
    if lemma in {"lie", "die", "tie"}:
        return lemma[:-2] + "ying"
    if _doubles(lemma):
        return lemma + lemma[-1] + "ing"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and len(lemma) > 2:
        return lemma[:-1] + "ing"
    return lemma + "ing"


def _with_ed(lemma: str) -> str:
    if _doubles(lemma):
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


_REVERSED: Final[dict[str, tuple[str, ...]]] = {}
for _lemma, _written in IRREGULAR.items():
    for _form in _written:
        _REVERSED[_form] = (*_REVERSED.get(_form, ()), _lemma)


def lemmas(word: str) -> tuple[str, ...]:
    """Return the verbs in base form that *word* may be a written form of, known or not."""
    found = [word, *_REVERSED.get(word, ())]
    if word.endswith("s"):
        found += [word[:-1], word[:-2]] + ([word[:-3] + "y"] if word.endswith("ies") else [])
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)]
            found += [stem, stem + "e"]
            if stem[-1] == stem[-2:-1]:
                found.append(stem[:-1])
            if ending == "ed" and stem.endswith("i"):
                found.append(stem[:-1] + "y")
            if ending == "ing" and stem.endswith("y"):
                found.append(stem[:-1] + "ie")
    if word == "is":
        found.append("be")
    if word == "has":
        found.append("have")
    return tuple(each for each in dict.fromkeys(found) if each and word in forms(each))


@lru_cache(maxsize=8192)
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
    if lemma.endswith("y"):
        add(lemma + "s", "third")  # as some write: flys
    add(_with_ing(lemma), "ing")
    if lemma in IRREGULAR:
        past, participle = IRREGULAR[lemma]
        add(past, "past")
        add(participle, "participle")
        if lemma in _BOTH_WAYS:
            add(_with_ed(lemma), "past")
            add(_with_ed(lemma), "participle")
    else:
        add(_with_ed(lemma), "past")
        add(_with_ed(lemma), "participle")
    if lemma.endswith(("vel", "nal", "bel", "cel", "mel")):  # travelled, signalling
        add(lemma + "led", "past")
        add(lemma + "led", "participle")
        add(lemma + "ling", "ing")
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
