"""From the name of an animation in a game's character to a sentence: "Sit_Chair_Down" sits down."""

from __future__ import annotations

import re
from typing import Final

from stickgen.datasets.sentences import sentence

_KNOWN: Final[dict[str, str]] = {
    # KayKit characters
    "1h melee attack chop": "A person chops downwards with a sword in one hand.",
    "1h melee attack slice diagonal": "A person slashes diagonally with a sword in one hand.",
    "1h melee attack slice horizontal": "A person slashes sideways with a sword in one hand.",
    "1h melee attack stab": "A person stabs with a sword in one hand.",
    "1h ranged aiming": "A person stands aiming a small crossbow with one hand.",
    "1h ranged reload": "A person reloads a small crossbow.",
    "1h ranged shoot": "A person shoots a small crossbow with one hand.",
    "1h ranged shooting": "A person keeps shooting a small crossbow with one hand.",
    "2h melee attack chop": "A person chops downwards with both hands on a weapon.",
    "2h melee attack slice": "A person slashes with both hands on a weapon.",
    "2h melee attack spin": "A person swings a weapon with both hands and spins around.",
    "2h melee attack spinning": "A person keeps spinning with a weapon held out in both hands.",
    "2h melee attack stab": "A person stabs with both hands on a weapon.",
    "2h melee idle": "A person stands ready with both hands on a weapon.",
    "2h ranged aiming": "A person stands aiming a crossbow with both hands.",
    "2h ranged reload": "A person reloads a crossbow with both hands.",
    "2h ranged shoot": "A person shoots a crossbow with both hands.",
    "2h ranged shooting": "A person keeps shooting a crossbow with both hands.",
    "block": "A person raises an arm to block a blow.",
    "block attack": "A person blocks a blow and strikes back with a shield.",
    "block hit": "A person blocks a blow and is pushed back by it.",
    "blocking": "A person stands blocking with a raised arm.",
    "cheer": "A person cheers with both arms in the air.",
    "death a": "A person falls down dead after a blow.",
    "death a pose": "A person lies dead on the ground.",
    "death b": "A person falls forward and stays down dead.",
    "death b pose": "A person lies dead on the ground.",
    "dodge backward": "A person dodges backwards.",
    "dodge forward": "A person dodges forwards.",
    "dodge left": "A person dodges to the left.",
    "dodge right": "A person dodges to the right.",
    "dualwield melee attack chop": "A person chops with a weapon in each hand.",
    "dualwield melee attack slice": "A person slashes with a weapon in each hand.",
    "dualwield melee attack stab": "A person stabs with a weapon in each hand.",
    "hit a": "A person flinches from a blow.",
    "hit b": "A person reels back from a hard blow.",
    "idle": "A person stands still, breathing.",
    "interact": "A person reaches out and operates something.",
    "jump full long": "A person jumps high and lands.",
    "jump full short": "A person jumps and lands.",
    "jump idle": "A person falls through the air in the middle of a jump.",
    "jump land": "A person lands after a jump.",
    "jump start": "A person takes off for a jump.",
    "lie down": "A person lies down on the ground.",
    "lie idle": "A person lies on the ground.",
    "lie pose": "A person lies on the ground without moving.",
    "lie standup": "A person who lies on the ground stands up.",
    "pickup": "A person bends down and picks something up.",
    "running a": "A person runs.",
    "running b": "A person runs with the arms held back.",
    "running strafe left": "A person runs sideways to the left.",
    "running strafe right": "A person runs sideways to the right.",
    "sit chair down": "A person sits down on a chair.",
    "sit chair idle": "A person sits on a high chair, feet dangling.",
    "sit chair pose": "A person sits on a high chair without moving, feet dangling.",
    "sit chair standup": "A person stands up from a chair.",
    "sit floor down": "A person sits down on the floor.",
    "sit floor idle": "A person sits on the floor.",
    "sit floor pose": "A person sits on the floor without moving.",
    "sit floor standup": "A person stands up from the floor.",
    "spellcast long": "A person casts a long spell.",
    "spellcast raise": "A person raises a hand and casts a spell.",
    "spellcast shoot": "A person thrusts a hand forward to cast a spell.",
    "spellcasting": "A person keeps casting a spell.",
    "t pose": "A person stands with both arms stretched out to the sides.",
    "throw": "A person throws something.",
    "unarmed idle": "A person stands ready to fight with bare hands.",
    "unarmed melee attack kick": "A person kicks.",
    "unarmed melee attack punch a": "A person punches.",
    "unarmed melee attack punch b": "A person punches hard.",
    "unarmed pose": "A person stands in a fighting stance without moving.",
    "use item": "A person takes something out and uses it.",
    "walking a": "A person walks.",
    "walking b": "A person walks with a spring in the step.",
    "walking backwards": "A person walks backwards.",
    "walking c": "A person walks slowly.",
    # Mesh2Motion
    "angry": "A person is angry and shakes the fists.",
    "consume item": "A person eats something held in the hand.",
    "crawl": "A person crawls flat on the ground.",
    "crawl rm": "A person crawls flat on the ground.",
    "dance body roll": "A person dances, rolling the body.",
    "dance reach hip": "A person dances, one hand reaching out and one on the hip.",
    "confused": "A person looks around, confused.",
    "defend": "A person raises both arms to defend the face.",
    "dizzy": "A person is dizzy and sways.",
    "fighting idle": "A person stands ready to box.",
    "fighting left jab": "A person punches with the left hand.",
    "fighting right jab": "A person punches with the right hand.",
    "flying forward": "A person flies forward.",
    "flying forward super": "A person flies forward like a superhero.",
    "jumping jacks": "A person does jumping jacks.",
    "kneeling tired": "A person kneels, out of breath.",
    "levitate entrance": "A person hovers and drifts down through the air.",
    "levitate idle": "A person hovers in the air.",
    "meditate": "A person sits and meditates.",
    "power up": "A person tenses the whole body to gather power.",
    "run anime": "A person runs with the arms stretched back.",
    "shivering": "A person shivers with cold.",
    "throw object": "A person throws something.",
    "tired hunched": "A person stands hunched over, out of breath.",
    "two hand blast": "A person thrusts both hands forward in a blast of energy.",
}
_SPARE: Final = re.compile(r"\b(?:anim(?:ation)?|armature|mixamo com|rm|loop|[a-c]|\d+)\b")


def sentence_about(name: str) -> str:
    """Return a sentence about the animation called *name*, "" when its name says nothing.

    What other programs put before a name ("Armature|Walk") and numbers behind it do not count.
    """
    last = re.split(r"[|]", name)
    told = next((part for part in reversed(last) if re.search(r"[A-Za-z]{2}", part)), name)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", told)
    words = re.sub(r"[^a-z0-9]+", " ", spaced.lower()).strip()
    joined = re.sub(r"[^a-z0-9]+", " ", told.lower()).strip()
    for spelling in (joined, words):
        if spelling in _KNOWN:
            return _KNOWN[spelling]
    return sentence([" ".join(_SPARE.sub(" ", words).split())])
