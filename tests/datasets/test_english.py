"""Verb forms, articles and lists, against words written down by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen.core.actions import ACTIONS
from stickgen.datasets.english import inflected, listed, sentence, times, with_article

FORMS = """
walk walks walking walked
run runs running ran
sit sits sitting sat
carry carries carrying carried
play plays playing played
dance dances dancing danced
lie lies lying lay
kneel kneels kneeling knelt
punch punches punching punched
catch catches catching caught
wash washes washing washed
box boxes boxing boxed
bow bows bowing bowed
throw throws throwing threw
nod nods nodding nodded
hop hops hopping hopped
jog jogs jogging jogged
clap claps clapping clapped
bat bats batting batted
cry cries crying cried
go goes going went
do does doing did
read reads reading read
wave waves waving waved
dodge dodges dodging dodged
hum hums humming hummed
high-five high-fives high-fiving high-fived
shadow-box shadow-boxes shadow-boxing shadow-boxed
field fields fielding fielded
pitch pitches pitching pitched
laugh laughs laughing laughed
weep weeps weeping wept
greet greets greeting greeted
have has having had
be is being was
flee flees fleeing fled
boo boos booing booed
"""


@pytest.mark.parametrize("row", FORMS.strip().splitlines())
def test_forms_of_verbs(row: str) -> None:
    base, third, ing, past = row.split()
    assert inflected(base, "base") == base
    assert inflected(base, "third") == third
    assert inflected(base, "ing") == ing
    assert inflected(base, "past") == past


def test_only_the_verb_of_a_phrase_is_inflected() -> None:
    assert inflected("sit down on a chair", "past") == "sat down on a chair"
    assert inflected("shake hands", "ing") == "shaking hands"


@given(st.sampled_from([verb for row in ACTIONS for verb in row.verbs]))
def test_every_verb_of_the_table_has_its_endings(verb: str) -> None:
    first = verb.split()[0]
    assert inflected(first, "third").endswith("s")
    assert inflected(first, "ing").endswith("ing")


def test_articles_counts_and_lists() -> None:
    assert with_article("old man") == "an old man"
    assert with_article("stick figure") == "a stick figure"
    assert [times(n) for n in (1, 2, 3, 7, 12)] == [
        "once", "twice", "three times", "seven times", "12 times",
    ]  # fmt: skip
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "and then") == "a, b and then c"


def test_a_sentence_begins_large_and_ends_once() -> None:
    assert sentence("a person  walks") == "A person walks."
    assert sentence("a person walks.") == "A person walks."
