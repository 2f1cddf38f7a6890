"""The words for people and other figures: nouns, first names, counts, colours, adjectives."""

from __future__ import annotations

import unicodedata
from typing import Final

from stickgen.llm.nouns import is_thing, listed
from stickgen.llm.words import word_set

MALE: Final = word_set(
    "man boy guy gentleman king prince father dad daddy son brother husband uncle grandfather"
    " grandpa wizard waiter actor knight cowboy groom monk sir dude fellow lad bloke santa hero"
    " businessman fireman policeman fisherman salesman batman superman"
)
FEMALE: Final = word_set(
    "woman girl lady queen princess mother mom mum mommy daughter sister wife aunt grandmother"
    " grandma witch waitress actress bride nun ballerina heroine gal businesswoman policewoman"
    " lass"
)
_NEUTRAL: Final = word_set(
    "person human figure character individual someone somebody friend child kid baby toddler"
    " teenager teen adult student teacher pupil professor soldier guard dancer singer runner"
    " boxer fighter player batter pitcher catcher fielder goalkeeper keeper guide model master"
    " pointguard runningback widereceiver shootingguard wingback celebrity grandkid grandchild"
    " schoolchild kiddo bestie bro"
    " tween rascal newbie superstar popstar rockstar influencer streamer youtuber character"
    " enemy minion boss npc avatar striker athlete swimmer"
    " climber skater skier surfer gymnast acrobat clown mime juggler musician guitarist drummer"
    " doctor nurse patient cook chef baker farmer worker builder driver pilot captain sailor"
    " pirate thief robber burglar detective spy ninja samurai warrior viking gladiator hunter"
    " astronaut scientist engineer programmer developer writer reader artist painter"
    " photographer reporter judge lawyer prisoner priest pope president politician protester"
    " tourist traveller traveler hiker explorer adventurer shopper customer clerk boss manager"
    " employee colleague neighbour neighbor stranger passenger pedestrian commuter jogger walker"
    " cyclist rider referee umpire coach trainer fan spectator partner opponent rival enemy ally"
    " leader victor boss follower member teammate twin sibling cousin parent grandparent lover"
    " spouse"
    " superhero villain zombie ghost vampire mummy skeleton elf dwarf giant troll goblin orc"
    " fairy angel demon devil stickman stickfigure monk conductor magician dragonborn bandit"
    " outlaw sheriff officer cop firefighter police paramedic lifeguard butler maid servant"
    " beggar gambler winner loser champion wrestler karateka sprinter jumper bowler golfer"
    " quarterback goalie defender attacker performer speaker presenter host guest attendant"
    " sleeper drunkard drunk victim hostage assassin archer swordsman peasant noble villager"
    " citizen local youngster senior general colonel major admiral commander mayor emperor"
    " intruder receiver owner bridesmaid groomsman comrade usher plumber carpenter mechanic"
    " janitor cleaner gardener mailman postman barber butcher tailor dentist surgeon cashier"
    " librarian secretary accountant banker senator minister ambassador preacher hermit nomad"
    " settler pilgrim caveman barbarian paladin ranger druid sorcerer sorceress warlock mermaid"
    " minotaur ogre gnome hobbit leprechaun yeti bigfoot werewolf god goddess titan golem"
    " phantom snowman scarecrow mascot skateboarder snowboarder weightlifter bodybuilder"
    " cheerleader pianist violinist cellist trumpeter bassist rapper dj vocalist choreographer"
    " ringmaster stuntman cameraman director applicant interviewer candidate voter activist"
    " fugitive convict inmate warden gangster hacker gamer nerd bully biker trucker chauffeur"
    " bystander onlooker witness suspect inspector marshal trooper marine sniper medic corporal"
    " lieutenant recruit cadet veteran businessperson salesperson chairman housewife newborn"
    " shepherd fencer marathoner hurdler rower cricketer footballer baseballer volleyballer"
    " bowman matador bullfighter torero wrestlers busker comedian orator heckler bouncer"
    " bartender barista roommate flatmate classmate schoolboy schoolgirl granny grandson"
    " granddaughter nephew niece stepmother bachelor widow orphan heir duchess baron countess"
    " squire herald crusader rebel revolutionary refugee immigrant scout kickboxer contender"
    " finalist yogi guru disciple apprentice tutor headmaster principal caretaker mountaineer"
    " camper diver snorkeler assistant protestor colleague fisher angler whaler canoeist kayaker"
    " empress duke ballplayer jester monarch saint newcomer lookout mate buddy pal"
)
ROBOTS: Final = word_set("robot android cyborg droid machine automaton bot mech")
ALIENS: Final = word_set("alien martian extraterrestrial monster creature")
ANIMALS: Final = word_set(
    "dog cat horse cow pig sheep goat lion tiger bear wolf fox rabbit bunny monkey ape gorilla"
    " elephant giraffe mouse rat bird eagle duck chicken penguin frog snake fish shark whale"
    " dolphin dragon dinosaur puppy kitten deer kangaroo panda animal pony zebra turtle"
    " rooster hen goose turkey squirrel raccoon skunk hedgehog otter beaver seal walrus camel llama"
    " donkey mule ox bull buffalo bison moose leopard cheetah jaguar panther hyena crocodile"
    " alligator lizard spider ant bee butterfly crab octopus kitty hound lamb calf foal cub pigeon"
    " sparrow crow raven owl parrot hawk swan seagull peacock ostrich flamingo robin hamster badger"
    " reindeer antelope gazelle rhino rhinoceros hippo hippopotamus koala sloth lemur chimp"
    " chimpanzee baboon orangutan yak lynx cougar coyote jackal weasel ferret porcupine tortoise"
    " gecko toad caterpillar snail beetle grasshopper ladybug dragonfly unicorn phoenix centaur"
    " falcon vulture stork heron pelican puffin lobster jellyfish mosquito wasp moth bug insect"
    " duckling gosling piglet fawn"
)

_IRREGULAR_PLURALS: Final[dict[str, str]] = {
    "people": "person", "children": "child", "mice": "mouse", "wolves": "wolf", "elves": "elf",
    "thieves": "thief", "dwarves": "dwarf", "wives": "wife", "sheep": "sheep", "deer": "deer",
    "folks": "person", "folk": "person", "heroes": "hero", "persons": "person", "police": "police",
    "superheroes": "superhero", "zombies": "zombie", "ladies": "lady", "babies": "baby",
    "puppies": "puppy", "bunnies": "bunny", "ponies": "pony", "spies": "spy", "enemies": "enemy",
    "allies": "ally", "fairies": "fairy", "mummies": "mummy", "buddies": "buddy", "geese": "bird",
    "samurai": "samurai", "ninjas": "ninja", "passersby": "passerby", "townspeople": "villager",
    "townsfolk": "villager", "villagefolk": "villager", "businesspeople": "businessperson",
    "salespeople": "salesperson", "grown-ups": "adult", "womenfolk": "woman", "menfolk": "man",
}  # fmt: skip

_SINGULAR: Final = MALE | FEMALE | _NEUTRAL | ROBOTS | ALIENS | ANIMALS


def _plural(noun: str) -> str:
    if noun.endswith("man") and noun not in {"human", "batman", "superman"}:
        return noun[:-3] + "men"
    if noun.endswith("child"):
        return noun + "ren"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


COMMON: Final[dict[str, tuple[str, bool]]] = (
    {noun: (noun, False) for noun in _SINGULAR}
    | {_plural(noun): (noun, True) for noun in _SINGULAR}
    | {plural: (noun, True) for plural, noun in _IRREGULAR_PLURALS.items()}
)
"""The planner's own nouns for figures: written form to (singular, whether it is plural)."""

_LISTED: Final = listed("person") | listed("animal")
FIGURES: Final[dict[str, tuple[str, bool]]] = (
    {_plural(noun): (noun, True) for noun in _LISTED}
    | {noun: (noun, False) for noun in _LISTED}
    | COMMON
)
"""Written noun to (singular, whether the form is plural), with the rarer ones."""

COLLECTIVES: Final[dict[str, int]] = {
    "crowd": 10, "mob": 10, "army": 12, "audience": 10, "parade": 8, "group": 4, "bunch": 4,
    "gang": 4, "band": 4, "family": 4, "team": 5, "squad": 5, "couple": 2, "pair": 2, "duo": 2,
    "trio": 3, "quartet": 4, "class": 8, "choir": 8, "orchestra": 8, "herd": 6, "troop": 6,
    "horde": 10, "flock": 6, "pack": 5, "swarm": 10, "company": 6, "platoon": 8, "queue": 5,
    "line": 5, "row": 5, "circle": 6, "ring": 6, "crew": 5, "posse": 5, "gaggle": 5, "cluster": 5,
    "procession": 8, "throng": 12, "legion": 12, "brigade": 8, "squadron": 6, "tribe": 6, "cast": 6,
    "pride": 5, "litter": 5, "colony": 8, "huddle": 5, "quintet": 5, "sextet": 6, "column": 6,
    "unit": 5, "gathering": 6, "troupe": 5, "ensemble": 6, "chorus": 6, "clan": 5, "party": 5,
}  # fmt: skip
"""Nouns that mean several people, and how many when no number says otherwise."""

ROWS: Final = word_set(
    "line row circle ring column number party cast unit bunch huddle chorus pride litter gathering"
    " company"
)
"""Collectives that mean people only with "of": a line *of soldiers*."""

COLLECTIVE_FORMS: Final[dict[str, str]] = {noun: noun for noun in COLLECTIVES} | {
    (noun[:-1] + "ies" if noun.endswith("y") else _plural(noun)): noun for noun in COLLECTIVES
}
"""Written form, singular or plural, of a collective noun to its singular."""

VAGUE: Final[dict[str, int]] = {
    "some": 3, "several": 4, "few": 3, "many": 8, "multiple": 4, "various": 4, "numerous": 8,
    "lots": 8, "both": 2, "couple": 2, "pair": 2, "plenty": 8, "countless": 12, "dozens": 12,
    "hundreds": 20, "thousands": 20, "scores": 20, "tons": 12, "handful": 5, "lot": 8, "loads": 8,
    "bunch": 4, "number": 5,
}  # fmt: skip
"""How many a vague word means."""

_MALE_NAMES: Final = word_set(
    "adam alex andy arthur ben bill billy bob brad brian carl charlie chris dan daniel dave"
    " david ed eric frank fred george greg harry henry jack jake james jason jeff jerry jim"
    " jimmy joe john johnny josh ken kevin larry leo luke marc mark martin matt max michael mike"
    " nick oliver oscar otto pablo patrick paul pete peter phil ralph ray rick rob robert roger"
    " romeo ron sam scott simon steve ted theo thomas tim toby tom tommy tony victor walter will"
    " william"
)
_FEMALE_NAMES: Final = word_set(
    "alice amy ana andrea angela ann anna anne barbara bella betty carla carol cathy chloe"
    " clara daisy dana diana dora ella ellen emily emma eva eve fiona grace hannah helen ida"
    " jane jenny jessica jill julia juliet kate katie laura lea lena lily linda lisa lucy maria"
    " marie mary mia molly nancy nina nora olga olivia paula rita rosa rose ruth sally sara"
    " sarah sophia sophie sue susan tina vera wendy zoe"
)
_EITHER_NAMES: Final = word_set(
    "sam alex chris andy charlie robin jamie jordan taylor casey riley morgan kim quinn avery rowan"
    " sasha jess kai toni terry nico noor ari remy skyler dakota blake cameron emerson frankie"
    " harper hayden jesse kelly kerry leslie logan peyton reese shannon stevie sidney sydney tracy"
    " max"
)
NAMES: Final[dict[str, str]] = (
    dict.fromkeys(_MALE_NAMES, "m")
    | dict.fromkeys(_FEMALE_NAMES, "f")
    | dict.fromkeys(_EITHER_NAMES, "")
)
"""Common first names in lower case and the pronoun they take: m, f or either."""

_MALE_ENDING: Final = ("o", "us", "ert", "ard", "vid", "bert", "ald", "ick", "ohn", "mas")
_FEMALE_ENDING: Final = ("a", "ie", "elle", "ette", "ine", "lyn", "lynn", "beth", "eth")
_NOT_BY_ENDING: Final = word_set(
    "luca joshua noah ezra mustafa nikita ilya dima kolya misha sacha archie eddie freddie alfie"
    " ollie robbie charlie bertie ernie louie ronnie johnnie seth kenneth gareth cleo margo juno"
    " coco yoko koko sumiko keiko michiko hiroko consuelo rosario barra krishna yuva attila"
)


def _by_ending(name: str) -> str | None:
    """Return the pronoun that a first *name* takes whose ending tells: Mar*ia*, Dieg*o*."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if len(plain) < 4 or plain in _NOT_BY_ENDING:
        return None
    if plain.endswith(_FEMALE_ENDING):
        return "f"
    return "m" if plain.endswith(_MALE_ENDING) else None


TITLES: Final = word_set(
    "mr mrs ms miss dr doctor professor captain king queen prince princess sir lady lord uncle"
    " aunt agent sergeant general president saint"
)  # fmt: skip

COUPLES: Final = word_set(
    "police twin newlywed parent grandparent lover spouse opponent rival duelist"
)
"""Nouns whose plural means two people when no number says otherwise."""

_NARROWER: Final = (
    (
        "child kid friend teenager student pupil sibling twin toddler cousin youngster"
        " classmate neighbor neighbour",
        "boy girl brother sister lad lass",
    ),
    (
        "person human adult friend colleague stranger couple dancer guest neighbour neighbor"
        " worker tourist customer parent lover newlywed student",
        "man woman boy girl guy lady gentleman husband wife",
    ),
    ("musician", "singer drummer guitarist pianist violinist bassist cellist trumpeter"),
    (
        "player athlete footballer teammate",
        "goalkeeper goalie pitcher batter catcher striker captain quarterback defender"
        " receiver attacker fielder",
    ),
    ("soldier warrior guard", "sergeant captain officer general leader commander"),
    ("dancer", "ballerina"),
    ("person human", "leader winner loser"),
    ("parent", "mother father mom dad mum"),
    ("animal", "dog cat horse lion bear monkey rabbit fox wolf"),
    ("newlywed", "bride groom"),
)
NARROWER: Final[dict[str, frozenset[str]]] = {
    noun: word_set(" ".join(n for wide, n in _NARROWER if noun in wide.split()))
    for wider, _ in _NARROWER
    for noun in wider.split()
}
"""Nouns for several people to the nouns that one of them may be called by."""

MEMBERS: Final[dict[str, frozenset[str]]] = {
    "band": word_set("singer drummer guitarist bassist pianist vocalist musician keyboarder"),
    "orchestra": word_set("violinist cellist trumpeter flautist musician"),
    "choir": word_set("singer soloist"),
    "team": word_set("captain goalkeeper goalie striker pitcher batter leader player"),
    "crew": word_set("captain pilot sailor"),
    "family": word_set("mother father mom mum dad son daughter child baby parent grandmother"),
    "gang": word_set("leader boss"),
    "group": word_set("leader"),
    "class": word_set("student pupil boy girl"),
}
"""Collectives to the nouns that one of theirs may be called by."""

COLOURS: Final[dict[str, str]] = {
    "red": "#d62828", "blue": "#2962d9", "green": "#2a9d4a", "yellow": "#e9c020",
    "orange": "#f07f13", "purple": "#7b2cbf", "violet": "#7b2cbf", "pink": "#ef5da8",
    "brown": "#7f5539", "black": "#1c1c1c", "white": "#f5f5f5", "grey": "#808080",
    "gray": "#808080", "gold": "#d4a017", "golden": "#d4a017", "silver": "#a8b0b8",
    "cyan": "#11b5c9", "turquoise": "#1fb5a5", "crimson": "#b3122e", "scarlet": "#d9230f",
    "navy": "#1d2f6f", "teal": "#147d7e", "maroon": "#7a1f2b", "lime": "#7ac70c",
}  # fmt: skip
"""Colour words to #rrggbb."""

CLOTHES: Final = word_set(
    "shirt t dress suit hat cap coat jacket uniform sweater costume jersey armour armor outfit"
    " robe clothes cape hoodie shorts trousers pants jeans skirt shoes boots gloves mask glasses"
    " sunglasses helmet scarf vest gown kimono tracksuit overalls apron socks trunks leotard tutu"
    " tuxedo gear bandana cloak beret turban wig kit leggings tights swimsuit bikini sneakers"
    " sandals cardigan raincoat jumper blouse belt"
)

FRIENDS: Final = ("friend", "buddy", "buddies", "pal", "mate", "enem", "rival", "comrade")
"""Beginnings of the words for people who are not old when they are old friends."""

FLIERS: Final = word_set(
    "bird eagle duck dragon ghost angel fairy superhero superman batwoman supergirl witch wizard"
    " phantom spirit bat owl butterfly bee fly goose robot drone demon god goddess genie parrot"
    " pigeon crow raven hawk falcon seagull swan alien hero vampire astronaut cosmonaut"
)
"""Those who fly when they float or take off."""

SLIDERS: Final = word_set("skater skier snowboarder skateboarder surfer hockey")
"""Those whose gliding is on the ground."""

WINNERS: Final = word_set("winner champion leader victor")
PLACES_WON: Final = WINNERS | word_set("loser")
"""Nouns that mean one of a group that has been named: five runners race, the *winner* cheers."""

UNREAL: Final = word_set("imaginary invisible unseen imagined nonexistent pretend absent")
"""What is said of somebody who is not there."""

TOYS: Final = word_set(
    "teddy toy stuffed plush rubber plastic wooden paper chocolate plastic inflatable cardboard"
    " porcelain origami gingerbread bronze marble"
)
"""What is said of somebody who is a thing to be held."""

ALSO_CALLED: Final[dict[str, frozenset[str]]] = {
    "girl": word_set("daughter sister granddaughter niece princess"),
    "boy": word_set("son brother grandson nephew prince"),
    "child": word_set("daughter son grandson granddaughter boy girl toddler baby"),
    "kid": word_set("daughter son grandson granddaughter boy girl toddler child"),
    "man": word_set("father dad husband uncle grandfather grandpa boyfriend groom king"),
    "woman": word_set("mother mom mum wife aunt grandmother grandma girlfriend bride queen"),
    "lady": word_set("mother mom mum wife aunt grandmother grandma girlfriend bride queen"),
    "dog": word_set("puppy hound"), "puppy": word_set("dog"), "cat": word_set("kitten kitty"),
}  # fmt: skip
"""Nouns to those that somebody called so may have been called before."""

COUNTERPARTS: Final = word_set(
    "opponent rival adversary foe enemy counterpart partner buddy companion mate pal"
)
"""Nouns for the other one of two: two boxers circle; one punches *his opponent*."""

KIN: Final = word_set(
    "mom mum mommy mummy mama mother dad daddy papa father grandma grandpa granny gran nana"
    " grandmother grandfather granddad grandad auntie auntie aunt uncle sis bro santa"
)
"""Nouns that are used like names: *Grandpa* sleeps."""

ADJECTIVE_PAIRS: Final = word_set(
    "tall short old young big little small fat thin strong weak elderly male female first second"
)
"""Adjectives that tell one figure from another of the same noun."""

INANIMATE: Final = word_set(
    "ball balls rain snow sun moon wind music door car cars train bus truck plane airplane ship"
    " boat rocket spaceship ufo bomb bell clock phone camera tree trees leaf leaves rock rocks"
    " stone house building tower wall light lights star stars sky cloud clouds water wave waves"
    " fire smoke table chair book game race match fight dance party show video animation scene"
    " clip film movie story time day night morning evening world earth ground floor stage song"
    " hand hands arm arms leg legs foot feet head face eye eyes knee knees body heart sword bat"
    " goal basket curtain storm thunder lightning earthquake volcano mountain sea ocean river"
    " it's camera lens shot view left right front back side top bottom end beginning middle way"
    " road street city town park beach rest first second third other whistle alarm siren gate"
    " window elevator engine timer buzzer beat rhythm drum radio tv gun cannon balloon kite arrow"
    " puck frisbee glass vase plate lamp candle ice bridge roof ladder branch rope raft wheel bike"
    " bicycle motorcycle traffic signal dawn darkness silence flag coin fireworks avalanche tide"
    " portal box crate lid spotlight hat bag kettle class lesson food dinner explosion noise sound"
    " trophy ball pool cake sandwich"
)
"""Nouns that do nothing on stage, though a sentence may give them a verb."""

LIFELESS: Final = word_set(
    "ball balls rain snow sun moon wind music door doors car cars train bus truck plane airplane"
    " ship boat rocket spaceship ufo bomb bell bells clock phone camera tree trees leaf leaves rock"
    " rocks stone house building tower wall light lights stars sky cloud clouds wave waves fire"
    " smoke table book game race match show movie song curtain curtains storm thunder lightning"
    " earthquake volcano whistle alarm siren gate window windows elevator lift whistle engine timer"
    " buzzer beat rhythm drum drums radio tv television shot gun cannon balloon kite arrow"
    " spear puck frisbee glass cup vase plate lamp candle candles ice floor ground bridge roof"
    " ladder branch rope boat raft canoe wheel bike bicycle motorcycle scooter traffic signal"
    " day night morning evening dawn darkness silence time flag coin dice firework fireworks"
    " avalanche water tide river portal box crate lid chair stage spotlight spotlights sword bat"
    " hat bag kettle toast oven class lesson food dinner ceremony party concert applause audience's"
    " saw drill hammer plant explosion noise sound voice power screen monitor computer tyre tire"
    " chain"
)
"""Nouns of things that a verb may be told of, though nobody plays them."""


def lifeless(word: str) -> bool:
    """Return whether *word*, in lower case, names a thing that nobody plays."""
    if word in LIFELESS or (word.endswith("s") and word[:-1] in LIFELESS):
        return True
    thing = is_thing(word) or word in listed("food") or word in listed("drink")
    return thing and word not in FIGURES and word not in COLLECTIVE_FORMS


WATCHERS: Final = word_set("fan spectator viewer onlooker bystander passerby")
"""Nouns of those who are somewhere off stage where something is only done to them."""

BODY: Final = word_set("arms legs hands feet fists eyes knees shoulders head back arm leg hand")
"""Parts of a body, which something has been done to: *arms* folded."""

INSECTS: Final = word_set("bee fly ant butterfly mosquito wasp spider bug insect moth crab")
"""Animals too small to be played by somebody where they are not the subject."""

SHAPED: Final = word_set("snowman scarecrow statue fish doll puppet teddy dummy")
"""Nouns of what looks alive, but only is built, held or caught where it is no subject."""

MOUNTS: Final = word_set("horse pony donkey camel mule elephant unicorn bull")
"""Animals that are only ridden where somebody gets on them or falls off."""

ROLE_STYLES: Final[dict[str, str]] = {
    "old": "old", "elderly": "old", "aged": "old", "grandfather": "old", "grandmother": "old",
    "grandpa": "old", "grandma": "old", "senior": "old", "zombie": "drunk", "drunkard": "drunk",
    "thief": "sneaky", "burglar": "sneaky", "spy": "sneaky", "ninja": "sneaky", "drunk": "drunk",
}  # fmt: skip
"""Kinds of people who move in a style of their own."""


def worker(noun: str) -> tuple[str, bool] | None:
    """Return the singular and whether it is a plural for a *noun* whose ending tells that it is
    somebody: blacksmith, cellist, shopkeeper, policewoman; None for others.
    """
    for word, plural in ((noun, False), (noun[:-1] if noun.endswith("s") else "", True)):
        if len(word) > 6 and word.endswith(_ENDINGS) and word not in _NOBODY:
            return word, plural
    irregular = noun.endswith(("women", "men")) and len(noun) > 6
    return (noun[:-2] + "an", True) if irregular else None


_ENDINGS: Final = tuple(
    word_set(
        "ist ian smith keeper maker woman man person fighter player rider dancer worker driver"
        " boy girl walker catcher hunter seller owner trainer lover watcher goer runner jumper"
        " thrower lifter climber ographer cleaner teacher officer performer vendor mother father"
        " eer"
    )
)
_NOBODY: Final = word_set(
    "italian persist martian consist assist resist specimen regimen musician"
    " insist abdomen ailment consumer snowman amongst egyptian christian"
    " olympian screwdriver footman wrist twist mist"
)


def kind_of(noun: str) -> str:
    """Return human, robot, alien or animal for a singular *noun*."""
    if noun in ROBOTS:
        return "robot"
    if noun in ALIENS:
        return "alien"
    return "animal" if noun in ANIMALS or noun in listed("animal") else "human"


def gender_of(noun: str) -> str | None:
    """Return m, f or None for a singular *noun* or a first name, in lower case."""
    if noun in MALE or noun in FEMALE:
        return "m" if noun in MALE else "f"
    if noun.endswith(("woman", "ess", "girl", "maid", "maiden", "mother", "lady")):
        return "f"
    if noun.endswith(("man", "boy", "father", "lord")) and noun not in {"human", "german"}:
        return "m"
    return NAMES.get(noun) or None


def gender_of_name(name: str) -> str | None:
    """Return m, f or None for what somebody is called, in lower case: mr smith, aunt may."""
    first, _, rest = name.partition(" ")
    title = _TITLE_GENDERS.get(first) or (gender_of(first) if rest else None)
    return title or (
        NAMES[first] or None if first in NAMES else gender_of(first) or _by_ending(first)
    )


_TITLE_GENDERS: Final = {"mr": "m", "sir": "m", "lord": "m", "mrs": "f", "ms": "f", "miss": "f",
                         "madam": "f", "mister": "m", "lady": "f"}  # fmt: skip
