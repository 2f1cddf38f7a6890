"""What a prompt without a verb is about: "Morning yoga on the beach", "A hug, then goodbye"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stickgen.core.actions import action as row_of
from stickgen.llm import lexicon
from stickgen.llm.cast import Cast
from stickgen.llm.phrases import Figure
from stickgen.llm.plot import Event, Step
from stickgen.llm.words import Word, number, word_set

_TOPICS: Final = """
fight: sword fight, snow fight, pillow fight, fist fight, street fight, bar fight, martial arts
fight: karate, kung fu, judo, wrestling, wrestling match, sparring, combat, boxing
fight: boxing training, sword duel, swordfight, showdown, fencing, fencing match, battle scene
fight: cage fight, arm wrestling
throwing: snowball fight, food fight, game of catch, game of darts, juggling, frisbee, dodgeball
throwing: bowling, javelin
handshake: business deal, peace treaty, agreement
hug: reunion, first kiss, kiss, group hug, tearful reunion, family reunion
wave: goodbye, goodbyes, farewell, farewells, hello, greeting, greetings, departure, send off
talk: interview, job interview, phone call, lesson, gossip, small talk, press conference
talk: storytelling, negotiation, meeting, business meeting, wedding speech, lecture
talk: family argument, campfire stories, reporting
sing: karaoke, karaoke night, choir practice, choir practise, singalong, campfire singalong
sing: serenade, concert, opera, lullaby, carol singing, gig
dance: dance battle, dance off, dance class, dance lesson, dance practice, dance party
dance: dance floor, ballet, ballet class, ballet recital, first dance, wedding dance, salsa
dance: salsa night, disco, breakdance, conga line, flash mob, prom, prom night, line dance
dance: hip hop, zumba
clap: standing ovation, applause, round of applause
jumping_jacks: yoga, yoga class, exercise, exercise class, gymnastics, aerobics, workout
jumping_jacks: morning workout, gym class, gym session, fitness class, morning exercise
jumping_jacks: morning exercises, warm up, training session, pilates, calisthenics, stretching
sit: meditation, chess game, chess match, game of chess, card game, poker game, movie night
sit: tv night, video game, road trip, fishing trip, traffic jam
lie_down: nap time, naptime, bedtime, sleep, siesta, sunbathing, slumber, sleepover
lie_down: good night's sleep
eating: lunch break, picnic, dinner, lunch, breakfast, supper, brunch, feast, banquet, meal
eating: snack time, family dinner, dinner date, dinner party, barbecue, midnight snack
eating: pizza night, ice cream
drinking: coffee break, tea time, tea party, coffee, tea, happy hour, drinking contest, beer
reading: reading hour, homework, story time, study time, study session, quiet reading
typing: work from home, deadline, office work, coding session, hackathon, typing contest
typing: piano recital, piano lesson
looking_around: sightseeing, stargazing, lookout, scavenger hunt, treasure hunt, bird watching
looking_around: birdwatching, night watch
climbing: rock climbing, mountain climbing, ladder climb
swimming: swimming lesson, swim, scuba diving, diving, snorkelling, snorkeling, swimming race
swimming: pool party
flying: flight
celebrate: victory celebration, victory, celebration, birthday, birthday party, party
celebrate: new year's eve, new year, graduation, triumph, goal celebration, trophy ceremony
run: footrace, foot race, chase, police chase, car chase, pursuit, game of tag, morning jog
run: evening jog, jog, morning run, jogging, marathon training, escape, great escape, getaway
run: prison break
walk: stroll, evening stroll, walk, moonlit walk, parade walk, hike, mountain hike, catwalk
walk: fashion show, runway show, moonwalk, patrol
march: parade, military parade, protest march, marching band, drill
kneel: prayer, proposal, marriage proposal, wedding proposal, evening prayer
cry: funeral, heartbreak, tears, mourning, grief
laugh: laughter, comedy night, tickle fight, inside joke
push: tug of war
hop: hopscotch, sack race, rope skipping, skipping rope, jump rope, double dutch
jump: trampoline, trampoline fun, long jump, high jump, leap of faith, hurdles, skydiving
kicking: penalty kick, penalty, free kick, kick off, kickoff, penalty shoot out
shooting: free throw, slam dunk, three pointer, jump shot, layup, buzzer beater
batting: home run, tennis match, tennis, golf, cricket, tennis practice, badminton
batting: batting practice
pitching: fastball, first pitch, opening pitch
dribbling: dribbling drill
crouch: hide and seek, squats
cartwheel: handstand, handstands
bow: curtain call
salute: flag ceremony
fight_stance: stand off, standoff, face off, tai chi
fall: knockout, banana peel, slapstick
idle: waiting room, queue, long queue, traffic light, bus stop
"""
_TABLE: Final[dict[tuple[str, ...], str]] = {
    tuple(phrase.split()): action
    for action, _, phrases in (line.partition(": ") for line in _TOPICS.strip().splitlines())
    for phrase in phrases.split(", ")
}
_PAIRED: Final = word_set("handshake hug high_five fight talk push")
"""Actions that are about two people where the prompt names nobody."""
_TWO: Final = word_set(
    "duel battle match argument conversation quarrel debate chase pursuit tag date"
    " off waltz tango dance first"
)
_AMBIGUOUS: Final = word_set(
    "shot shots look looks pass passes break breaks rest rests pause blow step steps race match"
    " pose cheer stretch catch still seat lift point drive type penalty flight pitch"
)
"""Nouns of actions that mean too many other things where they stand alone."""


def _at(lows: Sequence[str], at: int) -> tuple[str, int] | None:
    for size in (4, 3, 2, 1):
        phrase = tuple(lows[at : at + size])
        if len(phrase) == size and phrase in _TABLE:
            return _TABLE[phrase], at + size
        if size == 2 and phrase in lexicon.PAIRED_NOUNS:
            return lexicon.PAIRED_NOUNS[phrase], at + 2
    if lows[at] in lexicon.NOUNS and lows[at] not in _AMBIGUOUS:
        return lexicon.NOUNS[lows[at]], at + 1
    return None


def told(words: Sequence[Word], cast: Cast) -> list[Step]:
    """Return the steps of a prompt whose words name what goes on and hold no verb, in their order
    ("after" turns it round); *cast* gets one person, or two where it takes two, if it has nobody.
    """
    lows = [word.low for word in words]
    found: list[tuple[str, int]] = []
    turned = False
    at = 0
    while at < len(lows):
        if lows[at] == "after" and len(found) == 1:
            turned = True
        hit = _at(lows, at)
        if hit is None:
            at += 1
            continue
        if not found or found[-1][0] != hit[0]:
            found.append((hit[0], at))
        at = hit[1]
    if not found:
        return []
    if turned and len(found) > 1:
        found[:2] = [found[1], found[0]]
    if not cast.roles:
        two = any(name in _PAIRED for name, _ in found) or bool(
            {"dance", "run"} & {name for name, _ in found} and _TWO & set(lows)
        )
        count = 2 if two else 1
        cast.refer(Figure("person", "new", count=count, plural=two, counted=True))
    if len(cast.roles) == 1 and any(row_of(name).actors == 2 for name, _ in found):
        cast.refer(Figure("partner", "new", noun="partner"))
    steps = [[Event(tuple(range(len(cast.roles))), name)] for name, _ in found]
    for step, (_, at) in zip(steps, found, strict=True):
        amount = lexicon.FOLD.get(lows[at - 1]) or number(words[at - 1]) if at else None
        if amount is not None and 1 < amount <= 20 and not step[0].row.loops:
            step[0].repetitions = int(amount)
    return steps
