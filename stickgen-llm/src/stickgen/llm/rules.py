"""The offline planner: a hand-written reader of English stage directions.

It reads the whole sentence (who, what, in which order, how often, how) with the action table's
verbs; no network, no model. What it does not understand it says in `Script.warnings`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

from stickgen.core.actions import action as row_of
from stickgen.core.errors import UsageError
from stickgen.core.types import Beat, Script
from stickgen.llm import games, places, timing, topics
from stickgen.llm.camera_words import take_out, timed
from stickgen.llm.cast import MAX_ROLES, Cast
from stickgen.llm.chunks import cut
from stickgen.llm.director import direct
from stickgen.llm.expressions import spoken_seconds
from stickgen.llm.orders import told_directly
from stickgen.llm.plot import Event, Plot, Step
from stickgen.llm.sentences import Story, read
from stickgen.llm.spelling import corrected
from stickgen.llm.words import Word, dialogue, tokenise, word_set

MAX_WORDS = 1500
"""Words of a prompt that are read; the rest is left out with a warning."""

MAX_STEPS = 40
"""Steps of a story that are played; the rest is left out with a warning."""

LONGEST_SECONDS = 3600.0
"""Longest duration that may be asked for."""


class RulesBackend:
    """Plans a story by rules; works offline, in milliseconds, the same every time.

    Args:
        encoder: name of the text encoder that finds the nearest action for an unknown verb; the
            default takes ``static`` where it is installed, and None never asks one.
    """

    api_version: ClassVar[int] = 1

    def __init__(self, encoder: str | None = "static") -> None:
        self._encoder = encoder

    def plan(self, prompt: str, *, seed: int = 0, duration: float | None = None) -> Script:
        """Return the script of *prompt*; *seed* does not matter, the reading is deterministic.

        *duration* in seconds wins over what the prompt says; without either the story takes 10 s,
        or longer if what happens needs it. Raises `UsageError` for a prompt without words and for
        a duration that is not between 0 and an hour.
        """
        del seed
        words = dialogue(tokenise(prompt))
        if not any(word.kind in {"word", "quote"} for word in words):
            raise UsageError(
                'the prompt is empty; say what happens, as in "A person walks and waves"'
            )
        if duration is not None and not (
            math.isfinite(duration) and 0 < duration <= LONGEST_SECONDS
        ):
            raise UsageError(
                f"the duration is {duration:g} seconds; it must be more than 0 and at most"
                f" {LONGEST_SECONDS:g}"
            )
        warnings: list[str] = []
        if len(words) > MAX_WORDS:
            warnings.append(
                f"the prompt has {len(words)} words and signs; only the first {MAX_WORDS} are read"
            )
            words = words[:MAX_WORDS]
        directed = take_out(words)
        words = told_directly(corrected(directed.words))
        story = read(cut(words))
        lows = {word.low for word in words}
        pair = "other" in lows and "others" not in lows
        cast = Cast(pair=pair or _for_two(story))
        plot = Plot(story, cast, self._nearest)
        steps = plot.build()
        setting = places.look(words)
        game = games.named(words)
        if game is not None:
            played = games.only_played(game, steps)
            everybody = all(set(range(len(cast.roles))) <= _busy(step) for step in steps[:1])
            if game.name == "race" and steps and (len(cast.roles) < 2 or not everybody):
                played = None
            if played is not None:
                if not cast.roles:
                    cast.bring(games.players(game, games.sides(words)))
                staged = game.play(cast.roles)
                ending = steps[played:]
                steps = (staged.steps[:-1] if ending else staged.steps) + ending
                cast.roles[:] = staged.roles
                plot.warnings = [w for w in plot.warnings if "verb 'play" not in w]
                place = setting.environment
                setting = replace(
                    setting,
                    environment=game.environment if place == "earth_normal" else place,
                    props=tuple(dict.fromkeys((*setting.props, *staged.props))),
                )
        if _let_play(steps, words):
            plot.warnings = [w for w in plot.warnings if "verb 'play" not in w]
        if not any(event.understood for step in steps for event in step) and not denied(story):
            named = topics.told(words, cast)
            if named:
                steps = named
                plot.warnings = []
        steps = [each for step in steps for each in games.passed(step)]
        warnings += list(dict.fromkeys(plot.warnings))
        if directed.slow:
            for step in steps:
                for event in step:
                    event.speed = round(0.5 * event.speed, 3)
        script = self._script(prompt, story, cast, steps, duration, warnings, setting)
        told = timed(directed.directions, script.duration or 0.0)
        return replace(script, camera=told or direct(script))

    def _script(
        self,
        prompt: str,
        story: Story,
        cast: Cast,
        steps: list[Step],
        duration: float | None,
        warnings: list[str],
        setting: places.Setting,
    ) -> Script:
        if not cast.roles:
            cast.default()
        if cast.truncated:
            warnings.append(f"the stage holds {MAX_ROLES} people; the rest are left out")
        if not steps:
            steps = [[Event(tuple(range(len(cast.roles))), "idle")]]
            if not any(p.negated for p in story.predicates):
                warnings.append("the prompt names no action that is known; everybody idles")
        if len(steps) > MAX_STEPS:
            warnings.append(
                f"the story has {len(steps)} steps; only the first {MAX_STEPS} are played"
            )
            steps = steps[:MAX_STEPS]
        for event in (e for step in steps for e in step if e.line and e.seconds is None):
            spoken = spoken_seconds(event.line or "", event.row.speech or "talk")
            if spoken > event.row.seconds:
                event.seconds = round(min(spoken, 60.0), 2)
        seconds, total, squeezed = timing.distribute(
            [[(e.action, e.seconds, e.repetitions, e.speed) for e in step] for step in steps],
            duration if duration is not None else story.total,
        )
        if squeezed:
            warnings.append(
                f"{total:g} seconds are short for this story; everything is played faster"
            )
        beats: list[Beat] = []
        for step, lengths in zip(steps, seconds, strict=True):
            group: list[Beat] = []
            for event, length in zip(step, lengths, strict=True):
                group += _beats(event, length, cast)
            beats += [beat if n == 0 else _with_previous(beat) for n, beat in enumerate(group)]
        styles = [beat.style for beat in beats if beat.style != "neutral"]
        return Script(
            prompt=prompt,
            roles=tuple(cast.roles),
            beats=tuple(beats),
            environment=setting.environment,
            weather=setting.weather,
            mood=styles[0] if styles and len(set(styles)) == 1 else None,
            props=setting.props,
            duration=round(total, 3),
            planner="rules",
            warnings=tuple(warnings),
        )

    def _nearest(self, lemma: str) -> tuple[str, float] | None:
        if self._encoder is None:
            return None
        from stickgen.llm.nearest import nearest_action

        return nearest_action(lemma, self._encoder)


_INSTRUMENTS: Final = word_set(
    "tune tunes melody melodies sonata symphony concerto jazz blues waltz notes chords songs fiddle"
    " fiddler bagpipes bagpipe piper harmonica tambourine xylophone clarinet oboe tuba trombone"
    " recorder pianist drummer cellist trumpeter flautist saxophonist bassist harpist organist"
    "guitar piano violin drum drums flute trumpet cello bass harp saxophone banjo accordion music"
    " song instrument instruments orchestra band musician musicians organ keyboard ukulele horn"
    " violinist guitarist cards chess dice poker dominoes checkers games role part trick"
)


def _let_play(steps: list[Step], words: Sequence[Word]) -> bool:
    """Let those who only play, at no game and on no instrument, run about; return whether any."""
    if _INSTRUMENTS & {word.low for word in words}:
        return False
    found = False
    for event in (e for step in steps for e in step):
        if event.played and not event.understood and event.action == "idle":
            event.action, event.understood = "run", True
            event.direction = event.direction or "around"
            found = True
    return found


def _for_two(story: Story) -> bool:
    """Whether the first thing told is what two do together, said of several nobody counted."""
    first = next((p for p in story.predicates if p.verb.sense and p.verb.sense.action), None)
    if first is None or first.verb.sense is None or first.verb.sense.action is None:
        return False
    several = [f for f in first.subject if f.plural and f.count is None]
    return row_of(first.verb.sense.action).actors == 2 and len(several) == len(first.subject) == 1


def denied(story: Story) -> bool:
    """Return whether *story* says what is not done."""
    return any(predicate.negated for predicate in story.predicates)


def _busy(step: Step) -> set[int]:
    return {actor for event in step for actor in event.actors}


def _with_previous(beat: Beat) -> Beat:
    return replace(beat, with_previous=True)


def _beats(event: Event, seconds: float, cast: Cast) -> list[Beat]:
    """Return the beats of *event*: one, or one for each actor where they differ in style or aim."""
    groups: dict[tuple[str, int | str | None], list[int]] = {}
    for actor in event.actors:
        style = event.style or cast.style(actor) or "neutral"
        target = event.target
        if event.mutual:
            target = next((i for i in event.actors if i != actor), target)
        groups.setdefault((style, target), []).append(actor)
    if event.row.actors > 1 and len(event.actors) > 1:
        first = next(iter(groups))
        groups = {first: list(event.actors)}
    return [
        Beat(
            actors=tuple(actors),
            action=event.action,
            overlay=event.overlay,
            seconds=round(seconds, 3),
            repetitions=event.repetitions,
            direction=event.direction,
            target=target,
            speed=event.speed,
            intensity=event.intensity,
            style=style,
            hand=event.hand,
            line=event.line,
        )
        for (style, target), actors in groups.items()
    ]
