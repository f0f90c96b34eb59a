"""What a step under a clock opens with: its announcement, its intro and its start tone."""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.script.model import Hold, Reps, Rest, Run, Timed, Walk
from voicecoach.timeline import clock_cues
from voicecoach.timeline.expand import Around, Happening
from voicecoach.timeline.model import Cue, Line, Role, Sound
from voicecoach.timeline.placeholders import Writer, plain

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

    Movement does not stop to be announced: a run or a walk starts at once, and is announced as it does.
    """
    scope = happening.scope
    announce = scope.workout.announce
    words = _announcement(step, happening, around, duration) if scope.spoken else ""
    announcement: tuple[Cue, ...] = (Cue(0.0, Line(words, scope.phrases.language), Role.ANNOUNCE),) if words else ()
    intro: tuple[Cue, ...] = (Cue(0.0, writer.line(step.intro), Role.INTRO),) if step.intro is not None else ()
    if isinstance(step, Rest):
        return Opening(intro, 0.0, announcement)
    after_rest = around.rested is not None
    lead_in = announce.lead_in or 0.0
    at_once = isinstance(step, Run | Walk) if announce.lead_in is None else not lead_in
    lead: tuple[Cue, ...] = (*announcement, *intro)
    cues: tuple[Cue, ...] = ()
    if happening.second_side:
        lead_in = max(step.switch, lead_in)
    elif after_rest or not at_once:
        if lead_in and not after_rest and announce.style != "none":
            cues = tuple(clock_cues.countdown(min(announce.countdown, int(lead_in)), 0.0, happening))
    else:
        lead, cues = intro, announcement
    gapless = not lead and not lead_in and around.before is not None
    follows_a_tone = gapless and around.before is not None and isinstance(around.before.step, Timed)
    # the first number counted aloud is the start of the reps
    counted_aloud = scope.spoken and isinstance(step, Reps)
    if scope.beeps and not follows_a_tone and not counted_aloud:
        cues = (*cues, Cue(0.0, Sound("start"), Role.BOUNDARY))
    return Opening(lead, lead_in, cues)


def _announcement(step: Timed, happening: Happening, around: Around, duration: float) -> str:
    """What the person is told a step is; empty where the rest before it has said so."""
    phrases = happening.scope.phrases
    if isinstance(step, Rest):
        return _rest(step, happening, around, duration)
    if happening.second_side and happening.side is not None:
        return phrases.switch(happening.side)
    words = phrases.round(happening.round, happening.rounds) if happening.starts_round else ""
    if happening.side is None and _known(happening, around):
        return words
    match step:
        case Hold(hold="max"):
            length = phrases.as_long_as_you_can
        case Reps():
            length = phrases.reps(step.reps)
        case _:
            length = phrases.duration(duration)
    return f"{words} {phrases.announce(_said(happening), length, happening.side)}".strip()


def _rest(step: Rest, happening: Happening, around: Around, duration: float) -> str:
    phrases = happening.scope.phrases
    if duration < clock_cues.SHORT_REST:
        return f"{_said(happening)}."
    length = phrases.duration(duration)
    words = phrases.rest(length) if step.name is None else phrases.announce(_said(happening), length, None)
    if not happening.scope.workout.announce.next or around.upcoming is None:
        return words
    return f"{words} {phrases.next(_said(around.upcoming))}"


def _said(happening: Happening) -> str:
    """A step's name in spoken form."""
    return plain(happening.name, happening.scope.workout.language).text


def _known(happening: Happening, around: Around) -> bool:
    """Whether the person has just heard a step's name: from the rest before it, or in the round before."""
    if around.rested is None or around.before is None:
        return False
    if around.rested < clock_cues.SHORT_REST:
        return happening.starts_round and happening.round > 1
    return around.before.scope.workout.announce.next and around.rested < NAME_AGAIN_FROM
