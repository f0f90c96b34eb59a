"""What becomes live of the steps that last as long as the person: a question, a wait, a hold that grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from voicecoach.script.model import Ask
from voicecoach.timeline.clock_cues import COUNT_UP_EVERY, sound, times_held
from voicecoach.timeline.expand import Happening
from voicecoach.timeline.model import Content, Cue, Ends, Line, Role, Segment, StatedTime
from voicecoach.timeline.placeholders import Writer
from voicecoach.timeline.stated import plain

LONGEST = 12 * 3600.0
"""Seconds after which nobody is waited for any more."""
ASKED = 4.0
"""Seconds that a file leaves between a question and its answers."""
_FIRST_WORD, _EVERY, _WORDS = 20.0, 60.0, 10
"""After so many seconds it is said that the session waits, then so often, and no more than so many times."""
_WORD_SLACK = 10.0
_PAST = 30.0
"""A hold may go on past its target for at least so many seconds."""
_REACHED = 0.6
"""Seconds behind the tone of the target at which the voice tells what it was."""


def waiting(segment: Segment, happening: Happening, writer: Writer, lasted: float | None) -> Segment:
    """A question or a wait: it says what it has to say, and now and then that it waits."""
    phrases, language = happening.scope.phrases, happening.scope.workout.language
    said: list[Content | StatedTime] = [cue.what for cue in segment.cues if cue.role is Role.SAY]
    again: Content = plain(phrases.waiting, phrases.language)
    waits = segment.duration or ASKED
    unanswered: tuple[Cue, ...] = ()
    if isinstance(happening.step, Ask):
        options = [plain(phrases.option(number, label), language) for number, label in enumerate(segment.answers, 1)]
        question = writer.line(happening.step.ask)
        unanswered = segment.cues
        said = [*options] if question is None else [question, *options]
        again = Line(" ".join(option.text for option in options), language)
    cues = [Cue(0.0, what, Role.SAY) for what in said]
    if isinstance(happening.step, Ask) or happening.scope.spoken:
        cues += [Cue(_FIRST_WORD + n * _EVERY, again, Role.ANNOUNCE, _WORD_SLACK) for n in range(_WORDS)]
    duration = LONGEST if lasted is None else lasted
    heard = tuple(cue for cue in cues if cue.role is Role.SAY or cue.at < duration)
    return replace(segment, duration=duration, cues=heard, ends=Ends.PERSON, waits=waits, unanswered=unanswered)


def growing(segment: Segment, happening: Happening, lasted: float | None) -> Segment:
    """A hold that goes on past its target, if the person does.

    The tone of its end tells that the target is reached, and from there on the time is called out as in a hold without
    one.
    """
    target = segment.target or 0.0
    last = furthest(target, happening.scope.workout.progression[segment.progression].goal)
    cues = [cue._replace(from_end=False) for cue in segment.cues]
    cues += [cue for cue in _past(happening, target, last) if lasted is None or cue.at < lasted]
    cues.sort(key=lambda cue: cue.at)
    return replace(
        segment, duration=last if lasted is None else lasted, cues=tuple(cues), ends=Ends.PERSON, waits=target
    )


def furthest(target: float, goal: float) -> float:
    """How long a hold with such a target may last, in seconds."""
    return max(goal, target + _PAST)


def _past(happening: Happening, target: float, last: float) -> Iterator[Cue]:
    scope = happening.scope
    if scope.spoken:
        phrases = scope.phrases
        yield Cue(target + _REACHED, plain(phrases.reached, phrases.language), Role.ANNOUNCE, _WORD_SLACK)
        clear = target + COUNT_UP_EVERY / 2
        yield from (cue for cue in times_held(target, last, happening) if cue.at > clear)
    if scope.beeps:
        yield Cue(last, sound("end", happening), Role.BOUNDARY, from_end=True)
