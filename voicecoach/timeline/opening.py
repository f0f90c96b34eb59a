"""What a step under a clock opens with: its announcement, its intro and its start tone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from voicecoach.script.model import Hold, Reps, Rest, Run, Timed, Walk
from voicecoach.timeline import clock_cues
from voicecoach.timeline.expand import Around, Happening
from voicecoach.timeline.model import Cue, Line, Role
from voicecoach.timeline.placeholders import Writer
from voicecoach.timeline.stated import plain
from voicecoach.wording.phrases import Phrases

NAME_AGAIN_FROM = 20.0
"""After a rest of this many seconds the name, said as the rest began, is said again."""


@dataclass(frozen=True, slots=True)
class Opening:
    """``lead`` is heard before the clock starts, for at least ``lead_in`` seconds; ``cues`` as it starts."""

    lead: tuple[Cue, ...]
    lead_in: float
    cues: tuple[Cue, ...]


def opening(step: Timed, happening: Happening, around: Around, writer: Writer, duration: float) -> Opening:
    """How a step opens among those around it; ``duration`` in seconds.

    Movement does not stop to be announced: a run or a walk starts at once, and is announced as it does. The start of an
    effort is marked by a tone, or where it follows right upon another by the tone of that one's end.
    """
    scope = happening.scope
    announce = scope.workout.announce
    words = _announcement(step, happening, around, duration) if scope.spoken else ""
    announcement: tuple[Cue, ...] = (Cue(0.0, Line(words, scope.phrases.language), Role.ANNOUNCE),) if words else ()
    intro: tuple[Cue, ...] = ()
    if step.intro is not None and ("{side}" in step.intro or not _switched(around)):
        said = writer.line(step.intro)
        intro = () if said is None else (Cue(0.0, said, Role.INTRO),)
    if isinstance(step, Rest):
        told = tuple(cue._replace(role=Role.INTRO) for cue in announcement) if happening.switches else announcement
        return Opening(intro, 0.0, told)
    after_rest = around.rested is not None
    lead_in = announce.lead_in or 0.0
    at_once = isinstance(step, (Run, Walk)) if announce.lead_in is None else not lead_in
    lead: tuple[Cue, ...] = (*announcement, *intro)
    cues: tuple[Cue, ...] = ()
    if after_rest or not at_once:
        if lead_in and not after_rest and announce.style != "none":
            cues = tuple(clock_cues.countdown(min(announce.countdown, int(lead_in)), 0.0, happening))
    else:
        lead, cues = intro, announcement
    gapless = not lead and not lead_in and around.before is not None and around.before.effort
    start = clock_cues.sound("start", happening)
    own = start.path is not None
    # the first number counted aloud is the start of the reps
    counted_aloud = scope.spoken and isinstance(step, Reps)
    if scope.beeps and (own or not gapless) and not counted_aloud:
        cues = (*cues, Cue(0.0, start, Role.BOUNDARY))
    return Opening(lead, lead_in, cues)


def _announcement(step: Timed, happening: Happening, around: Around, duration: float) -> str:
    """What the person is told a step is, and where it is wished what comes next; empty where a rest has said so."""
    phrases = happening.scope.phrases
    if happening.switches and happening.side is not None:
        return phrases.switch(happening.side)
    if isinstance(step, Rest):
        return _rest(step, happening, around, duration)
    words = phrases.round(happening.round, happening.rounds) if happening.starts_round else ""
    if around.before is not None and around.before.step is step and happening.side is not None:
        words = phrases.switch(happening.side)
    elif not (happening.side_known and _known(happening, around)) and not _switched(around):
        match step:
            case Hold(hold="max"):
                length = phrases.as_long_as_you_can
            case Reps():
                length = phrases.reps(step.reps)
            case _:
                length = _lasts(phrases, duration)
        words = f"{words} {_announced(phrases, _said(happening), length, happening.side)}".strip()
    return f"{words} {_next(happening, around)}".strip() if step.next else words


@lru_cache(maxsize=1_024)
def _announced(phrases: Phrases, name: str, length: str, side: str | None) -> str:
    return phrases.announce(name, length, side)


@lru_cache(maxsize=1_024)
def _lasts(phrases: Phrases, seconds: float) -> str:
    return phrases.duration(seconds)


def _rest(step: Rest, happening: Happening, around: Around, duration: float) -> str:
    phrases = happening.scope.phrases
    if duration < clock_cues.SHORT_REST and not step.next:
        return f"{_said(happening)}."
    length = _lasts(phrases, duration)
    words = phrases.rest(length) if step.name is None else phrases.announce(_said(happening), length, None)
    wished = happening.scope.workout.announce.next if step.next is None else step.next
    return f"{words} {_next(happening, around)}".strip() if wished else words


def _next(happening: Happening, around: Around) -> str:
    return "" if around.upcoming is None else happening.scope.phrases.next(_said(around.upcoming))


def _switched(around: Around) -> bool:
    """Whether the pause before a step has told which side comes; what is done was heard for the other one."""
    return around.before is not None and around.before.switches


def _said(happening: Happening) -> str:
    """A step's name in spoken form."""
    return plain(happening.name, happening.scope.workout.language).text


def _known(happening: Happening, around: Around) -> bool:
    """Whether the person has just heard a step's name: from the rest before it, or in the round before.

    Of one that is another in each round the name alone is not enough.
    """
    if around.rested is None or around.before is None or happening.varies:
        return False
    if around.rested < clock_cues.SHORT_REST:
        return happening.starts_round and happening.round > 1
    told = around.before.step.next if isinstance(around.before.step, Rest) else None
    told = around.before.scope.workout.announce.next if told is None else told
    return told and around.rested < NAME_AGAIN_FROM
