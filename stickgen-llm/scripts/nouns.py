"""Write ``nouns.txt``: common English nouns for people, animals and things, after WordNet 3.0.

    python nouns.py /usr/share/wordnet ../src/stickgen/llm/nouns.txt

WordNet's database files come with Debian's ``wordnet-base``; ``pip install wordfreq`` tells which
words are common enough. The planner's own lists are left out, since they say more.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from wordfreq import zipf_frequency

from stickgen.llm import grammar, lexicon, manner, people, places
from stickgen.llm.words import NUMBERS, word_set

PERSON, ANIMAL, ARTIFACT, GROUP, FOOD = 18, 5, 6, 14, 13
DRINK = "07881800"
ROOTS = {PERSON: "00007846", ANIMAL: "00015388"}
RUDE = re.compile(
    r"offensive|slur|disparag|derogat|obscene|vulgar|prostitut|sexual|stupid|insult|contempt"
    r"|homosexual|promiscu|despic|dislik|usually ethnic|Negro|anus|penis|terms of abuse|slang"
)
RUDE_WORD = re.compile(r"fuck|shit|^slut|^bimb|^troll|^strump|^squaw|^mulat|^bugger|tart$")
DROPPED = word_set(
    "cadet conveyor deadhead dotard nobody offspring pager prey idler cooky shaver calculator"
    " carrier accumulator stapler duplicate double super ringer stinker baby beat bound buck bug"
    " cat chick cool dish fan fool fox guest mouse pet pig rat shark shrimp snake kite chameleon"
    " bear mother father ward mark master minor major general sole junior senior superior inferior"
    " expert amateur novice mortal elder younger better rest counsel ensign hood mold mould plant"
    " picket pawn pin quad rep ref stripe tip turkey trick junky fodder beef cattle livestock"
    " humankind mankind fetus foetus capsid critter slider handler infanticide outlier mavis"
    " apotheosis lory advance image figure visual nothing relative subject material spastic pygmy"
    " pigmy savage primitive cripple invalid gypsy"
)
NO_FOOD = word_set(
    "afters bleu bishop bitter bitters blanc broiler chaser chew chop chuck clementine cling cob"
    " coho coloring colouring concentrate concoction dodger draught dressing duff eater feed fiber"
    " fizz flip forage generic glaze gimlet grinder helping iceberg julienne junket kiss larder"
    " liver lolly marc medallion menu mix mixer mixture murphy must nourishment organs pap plug"
    " pike potable produce puff punch quark rack ration rind rue rump screwdriver serving shake"
    " shank shin shoulder sidecar silage sinker slice sling snowball sour special stinger sub"
    " submarine swallow swill topping trifle tuck twister undercut vegetarianism wedge winkle wrap"
    " hash hay jumble hock rickey rose cobbler cooler refresher suds phosphate bootleg drinkable"
    " herbal lacing kava varietal vintage good fare board course take may piece baba bran brat"
    " brine brisket brittle butternut caper chard chine cisco cole collation commissariat cos"
    " crisp curd dainty diet dietary dope farce flavoring fixings freestone garnish gum jak lard"
    " malt matzo mince must nut offal parsley pate pasture perishable pompano provisions roux salt"
    " sage scouse sop sops special stover sub swill treat wort vinegar treacle teatime wheat whey"
    " rock rockfish rusk spirits toddy tonic stock saute sustenance"
)


LICENCE = """
Nouns of WordNet 3.0, chosen and put in order by scripts/nouns.py.

This software and database is being provided to you, the LICENSEE, by Princeton University under
the following license. By obtaining, using and/or copying this software and database, you agree
that you have read, understood, and will comply with these terms and conditions.:

Permission to use, copy, modify and distribute this software and database and its documentation
for any purpose and without fee or royalty is hereby granted, provided that you agree to comply
with the following copyright notice and statements, including the disclaimer, and that the same
appear on ALL copies of the software, database and documentation, including modifications that you
make for internal use or for distribution.

WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved.

THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS
OR WARRANTIES, EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY
MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANTABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR
THAT THE USE OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY
PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS.

The name of Princeton University or Princeton may not be used in advertising or publicity
pertaining to distribution of the software and/or database. Title to copyright in this software,
database and any associated documentation shall at all times remain with Princeton University and
LICENSEE agrees to preserve same.
"""


def _synsets(
    path: Path,
) -> tuple[dict[str, tuple[int, list[str], list[str], str]], dict[str, list[str]]]:
    """Return synsets (file, words, hypernyms, gloss) by offset, and each word's offsets."""
    synsets: dict[str, tuple[int, list[str], list[str], str]] = {}
    for line in (path / "data.noun").read_text(encoding="latin1").splitlines():
        if line.startswith("  "):
            continue
        head, _, gloss = line.partition(" | ")
        part = head.split()
        count = int(part[3], 16)
        at = 4 + 2 * count
        links = [part[at + 1 + 4 * i : at + 3 + 4 * i] for i in range(int(part[at]))]
        above = [offset for kind, offset in links if kind in {"@", "@i"}]
        synsets[part[0]] = (int(part[1]), part[4:at:2], above, gloss)
    words: dict[str, list[str]] = {}
    for line in (path / "index.noun").read_text(encoding="latin1").splitlines():
        if not line.startswith("  "):
            part = line.split()
            words[part[0]] = part[6 + int(part[3]) :]
    return synsets, words


def main(wordnet: Path, target: Path) -> None:
    synsets, words = _synsets(wordnet)
    used: Counter[tuple[str, str]] = Counter()
    for line in (wordnet / "cntlist.rev").read_text(encoding="latin1").splitlines():
        key, _, count = line.split()
        used[(key.split("%")[0], key.split("%")[1][0])] += int(count)
    others = {
        pos: {
            line.split()[0]
            for line in (wordnet / f"index.{pos}").read_text(encoding="latin1").splitlines()
        }
        for pos in ("verb", "adj", "adv")
    }
    for pos in ("adj", "adv"):
        exceptions = (wordnet / f"{pos}.exc").read_text(encoding="latin1").splitlines()
        others[pos] |= {line.split()[0] for line in exceptions}

    def descends(offset: str, root: str, depth: int = 0) -> bool:
        return offset == root or (
            depth < 20 and any(descends(up, root, depth + 1) for up in synsets[offset][2])
        )

    actions = lexicon.written() | set(lexicon.NOUNS)
    own = actions | people.INANIMATE | set(manner.STYLES)
    own |= places.vocabulary() | grammar.NOT_NAMES | set(people.NAMES) | set(people.COLOURS)
    own |= set(people.COLLECTIVE_FORMS) | grammar.ADJECTIVES | grammar.PARTS | people.BODY
    own |= set(manner.SPEEDS) | set(manner.INTENSITIES) | set(manner.DIRECTIONS)
    little = set(NUMBERS) | grammar.DETERMINERS | grammar.PREPOSITIONS | grammar.PRONOUNS
    little |= grammar.SKIPPED | grammar.AUXILIARIES | grammar.EVERYONE | grammar.NOT_NAMES
    little |= {part for phrase in grammar.LINKS for part in phrase} | grammar.PARTS
    found: dict[str, list[str]] = {
        kind: [] for kind in ("person", "animal", "thing", "food", "drink")
    }
    for word, offsets in words.items():
        first = synsets[offsets[0]]
        if not word.isalpha() or not word.isascii() or len(word) < 3 or word not in first[1]:
            continue  # a name, or several words
        rude = RUDE_WORD.search(word) or any(RUDE.search(synsets[each][3]) for each in offsets)
        if rude or word in DROPPED:
            continue
        common = zipf_frequency(word, "en")
        files = [synsets[offset][0] for offset in offsets]
        kind = files[0]
        if kind in ROOTS and descends(offsets[0], ROOTS[kind]):
            noun = used[(word, "1")]
            agent = word.endswith(("er", "or", "ist", "ian", "man", "woman"))
            described = any(word in others[pos] for pos in ("adj", "adv"))
            acts = word in others["verb"]
            rivals = used[(word, "2")] + used[(word, "3")] + used[(word, "5")]
            told = word.endswith("e") and word[:-1] in others["verb"]  # pinches
            if told or common < 1.7 or word in own or word in people.COMMON:
                continue
            if (described and noun <= 2 * rivals) or (acts and not agent and rivals >= noun):
                continue
            if ARTIFACT in files and not noun:
                continue  # toaster, scanner
            found["person" if kind == PERSON else "animal"].append(word)
        elif (
            word not in actions
            and word not in little
            and common >= 2.2
            and not {PERSON, ANIMAL, GROUP} & set(files)
        ):
            found["thing"].append(word)
        if common >= 2.2 and word not in NO_FOOD:
            meant = [offset for offset in offsets[:2] if synsets[offset][0] == FOOD]
            if meant:
                drunk = descends(meant[0], DRINK) and word != "chocolate"
                found["drink" if drunk else "food"].append(word)
    lines = [f"# {line}".rstrip() for line in LICENCE.strip().splitlines()]
    for kind_name, nouns in found.items():
        lines += [f"{kind_name}: {' '.join(sorted(nouns))}"]
    target.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
