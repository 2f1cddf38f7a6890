"""The 120 classes of NTU RGB+D: what is done in them, in sentences and as an action of the table.

Names and order are those of the datasets' page, https://github.com/shahroudy/NTURGB-D.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stickgen.datasets.sentences import third_person


@dataclass(frozen=True, slots=True)
class NtuLabel:
    """One class.

    ``phrase`` begins with the base form of its verb and is done by one person, by one of two to
    the other, or (``together``) by both. ``action`` is the nearest one of the action table, idle
    where none is near.
    """

    code: int
    name: str
    phrase: str
    action: str
    people: int = 1
    together: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """Several ways to say it."""
        does, doing = third(self.phrase), progressive(self.phrase)
        if self.together:
            return (
                f"Two people {self.phrase}.",
                f"Two people are {doing}.",
                f"Two figures {self.phrase}.",
            )
        if self.people == 2:
            return (
                f"One person {does}.",
                f"Of two people one is {doing}.",
                f"A person {does.replace('the other', 'another person')}.",
            )
        return (f"A person {does}.", f"Someone is {doing}.", f"A person can be seen {doing}.")


def third(phrase: str) -> str:
    """Return *phrase* said of one person: "drink water" is "drinks water"."""
    return _first_word(phrase, third_person)


def progressive(phrase: str) -> str:
    """Return *phrase* as it goes on: "sit down" is "sitting down"."""
    return _first_word(phrase, _ing)


def _first_word(phrase: str, form: Callable[[str], str]) -> str:
    first, _, rest = phrase.partition(" ")
    return f"{form(first)} {rest}".strip()


_DOUBLED: Final = frozenset({"sit", "put", "drop", "clap", "hug", "pat", "nod", "hop", "rub", "cut",
                             "hit", "step", "snap", "grab", "run", "squat", "fan"})  # fmt: skip


def _ing(verb: str) -> str:
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    if re.search(r"[^eoy]e$", verb):
        return verb[:-1] + "ing"
    return verb + "ing"


_ONE: Final = """
1 drink water|drink water|drinking
2 eat meal|eat a meal|eating
3 brush teeth|brush their teeth|idle
4 brush hair|brush their hair|idle
5 drop|drop something|idle
6 pick up|pick something up|pick_up
7 throw|throw something|throwing
8 sit down|sit down|sit
9 stand up|stand up from a seat|stand
10 clapping|clap their hands|clap
11 reading|read|reading
12 writing|write|typing
13 tear up paper|tear up a sheet of paper|idle
14 put on jacket|put on a jacket|idle
15 take off jacket|take off a jacket|idle
16 put on a shoe|put on a shoe|idle
17 take off a shoe|take off a shoe|idle
18 put on glasses|put on glasses|idle
19 take off glasses|take off their glasses|idle
20 put on a hat/cap|put on a hat|idle
21 take off a hat/cap|take off their hat|idle
22 cheer up|cheer|celebrate
23 hand waving|wave a hand|wave
24 kicking something|kick something|kick
25 reach into pocket|reach into a pocket|idle
26 hopping|hop on one foot|hop
27 jump up|jump up|jump
28 phone call|make a phone call|talk
29 play with phone/tablet|play with a phone|idle
30 type on a keyboard|type on a keyboard|typing
31 point to something|point at something|point
32 taking a selfie|take a selfie|idle
33 check time (from watch)|look at their watch|idle
34 rub two hands|rub their hands together|idle
35 nod head/bow|nod|nod
36 shake head|shake their head|idle
37 wipe face|wipe their face|idle
38 salute|salute|salute
39 put palms together|put their palms together|idle
40 cross hands in front|cross their hands in front of them|idle
41 sneeze/cough|sneeze|idle
42 staggering|stagger|walk
43 falling down|fall down|fall
44 headache|hold their aching head|idle
45 chest pain|hold their aching chest|idle
46 back pain|hold their aching back|idle
47 neck pain|hold their aching neck|idle
48 nausea/vomiting|bend over with nausea|idle
49 fan self|fan themselves with a hand|idle
61 put on headphone|put on headphones|idle
62 take off headphone|take off their headphones|idle
63 shoot at basket|shoot a ball at a basket|shooting
64 bounce ball|bounce a ball|dribbling
65 tennis bat swing|swing a tennis racket|batting
66 juggle table tennis ball|juggle a table tennis ball|idle
67 hush|hush somebody with a finger on the lips|idle
68 flick hair|flick their hair|idle
69 thumb up|give a thumbs up|idle
70 thumb down|give a thumbs down|idle
71 make OK sign|make an OK sign|idle
72 make victory sign|make a victory sign|idle
73 staple book|staple a book|idle
74 counting money|count money|idle
75 cutting nails|cut their nails|idle
76 cutting paper|cut paper|idle
77 snap fingers|snap their fingers|idle
78 open bottle|open a bottle|idle
79 sniff/smell|sniff at something|idle
80 squat down|squat down|crouch
81 toss a coin|toss a coin|throwing
82 fold paper|fold a sheet of paper|idle
83 ball up paper|crumple a sheet of paper into a ball|idle
84 play magic cube|play with a magic cube|idle
85 apply cream on face|apply cream to their face|idle
86 apply cream on hand|apply cream to their hands|idle
87 put on bag|put on a backpack|idle
88 take off bag|take off a backpack|idle
89 put object into bag|put something into a bag|idle
90 take object out of bag|take something out of a bag|idle
91 open a box|open a box|idle
92 move heavy objects|move something heavy|pick_up
93 shake fist|shake a fist|idle
94 throw up cap/hat|throw a cap into the air|throwing
95 capitulate|surrender with both hands up|idle
96 cross arms|cross their arms|idle
97 arm circles|circle their arms|idle
98 arm swings|swing their arms|idle
99 run on the spot|run on the spot|run
100 butt kicks|run on the spot kicking their heels up|run
101 cross toe touch|touch their toes crosswise|idle
102 side kick|kick to the side|kick
103 yawn|yawn|idle
104 stretch oneself|stretch|idle
105 blow nose|blow their nose|idle
"""
_TWO: Final = """
50 punch/slap|punch the other|punch
51 kicking|kick the other|kick
52 pushing|push the other|push
53 pat on back|pat the other on the back|idle
54 point finger|point a finger at the other|point
55 hugging|hug|hug|together
56 giving object|give something to the other|idle
57 touch pocket|touch the other's pocket|idle
58 shaking hands|shake hands|handshake|together
59 walking towards|walk towards each other|walk|together
60 walking apart|walk apart|walk|together
106 hit with object|hit the other with something|fight
107 wield knife|wield a knife at the other|fight
108 knock over|knock the other over|push
109 grab stuff|grab something from the other|idle
110 shoot with gun|aim a gun at the other|idle
111 step on foot|step on the other's foot|idle
112 high-five|high-five each other|high_five|together
113 cheers and drink|drink a toast|drinking|together
114 carry object|carry something together|walk|together
115 take a photo|take a photo of the other|idle
116 follow|follow the other|walk
117 whisper|whisper into the other's ear|whisper
118 exchange things|exchange things|idle|together
119 support somebody|support the other with a hand|idle
120 rock-paper-scissors|play rock, paper, scissors|idle|together
"""


def _table() -> dict[int, NtuLabel]:
    table = {}
    for people, rows in ((1, _ONE), (2, _TWO)):
        for row in rows.split("\n"):
            if not row:
                continue
            head, phrase, action, *rest = row.split("|")
            code, _, name = head.partition(" ")
            table[int(code)] = NtuLabel(int(code), name, phrase, action, people, bool(rest))
    return dict(sorted(table.items()))


LABELS: Final[dict[int, NtuLabel]] = _table()
"""The classes by their number, 1 to 120."""
