"""What a step under a clock says of its clock: half, time left, countdown, reps, ticks and tones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from voicecoach.script.model import Hold, Reps, Rest, Timed
from voicecoach.timeline.expand import Around, Happening
from voicecoach.timeline.model import Content, Cue, Line, Role, Sound
from voicecoach.timeline.placeholders import Writer
from voicecoach.timeline.stated import plain
from voicecoach.wording.phrases import Phrases

HALFWAY_FROM = 20.0
"""Shortest step, in seconds, whose half is announced unless it asks for it."""
REMAINING_FROM = 3
"""A mark such as "ten seconds left" is made in steps at least this many times as long."""
SHORT_REST = 10.0
"""A rest shorter than this, in seconds, has no time to say more than that it is one."""
COUNT_UP_EVERY = 15.0
"""Seconds between the times called out in a hold without an end."""
SHORTEST_PHASE = 1.0
"""A phase of a tempo shorter than this, in seconds, ticks: no word fits it."""


STATED = 0.5
"""Seconds by which a built-in line that states a time may be late; later it would be false, and is left out."""
SAME_PLACE = 1.0
"""Seconds within which a line of the script's own stands in the stead of a built-in one."""

_WITHOUT_MIDDLE = (Reps, Rest)
"""Steps whose half is announced only where they ask for it."""


def cues_of(
    step: Timed, happening: Happening, duration: float, writer: Writer, *, half: bool, numbers: int
) -> Iterator[Cue]:
    """Every cue that tells of a step's clock, in no order; ``duration`` in seconds.

    ``half`` and ``numbers`` are what ``tells_half`` and ``counted`` say of it.
    """
    if half:
        yield from _halfway(step, happening, duration, writer)
    match step:
        case Reps():
            yield from _reps(step, happening)
        case Hold(hold="max"):
            yield from _count_up(step, happening, duration, writer)
        case _:
            yield from _remaining(step, happening, duration, writer)
            yield from countdown(numbers, duration, happening)
    if happening.scope.beeps and not isinstance(step, Rest):
        yield Cue(duration, sound("end", happening), Role.BOUNDARY, from_end=True)
    if step.cadence is not None:
        beat = 60 / step.cadence
        tick = sound("tick", happening)
        # the tick that would fall on the end itself belongs to what follows
        for number in range(int(duration / beat - 1e-9) + 1):
            yield Cue(number * beat, tick, Role.TICK)


def sound(name: str, happening: Happening) -> Sound:
    """The sound of that name for a kind of step: the script's own, or the one that ships."""
    sounds = happening.scope.workout.sounds
    if not sounds:
        return Sound(name)
    return Sound(name, sounds.get(f"{name}.{happening.step.kind}", sounds.get(name)))


def counted(step: Timed, happening: Happening, around: Around, duration: float) -> int:
    """How many of its last seconds a step counts down: no more than it has.

    A rest that is short, or that no effort follows, counts only where it says so itself, or sides are changed in it.
    """
    announce = happening.scope.workout.announce
    if isinstance(step, Reps) or (isinstance(step, Hold) and step.hold == "max") or announce.style == "none":
        return 0
    if step.countdown is not None:
        numbers = step.countdown
    elif isinstance(step, Rest) and not happening.switches and (duration < SHORT_REST or not _effort(around.following)):
        numbers = 0
    else:
        numbers = announce.countdown
    return min(numbers, max(0, math.ceil(duration) - 1))


def _effort(following: Happening | None) -> bool:
    return following is not None and isinstance(following.step, Timed)


def countdown(numbers: int, end: float, happening: Happening) -> Iterator[Cue]:
    """The last ``numbers`` seconds before ``end``, each number on its second."""
    scope = happening.scope
    if scope.spoken:
        for number, said in zip(range(numbers, 0, -1), _counted_down(scope.phrases, numbers), strict=True):
            yield Cue(end - number, said, Role.COUNTDOWN, None, True)
        return
    tone = sound("countdown", happening)
    for number in range(numbers, 0, -1):
        yield Cue(end - number, tone, Role.COUNTDOWN, None, True)


@lru_cache(maxsize=256)
def _counted_down(phrases: Phrases, numbers: int) -> tuple[Line, ...]:
    """So many numbers down to one, as they are said."""
    return tuple(plain(phrases.number(number), phrases.language) for number in range(numbers, 0, -1))


def _number(number: int, happening: Happening) -> Content:
    phrases = happening.scope.phrases
    return plain(phrases.number(number), phrases.language) if happening.scope.spoken else sound("countdown", happening)


def tells_half(step: Timed, happening: Happening, duration: float, writer: Writer) -> bool:
    """Whether the middle of a step is announced."""
    usual = duration >= HALFWAY_FROM and not isinstance(step, _WITHOUT_MIDDLE)
    endless = isinstance(step, Hold) and step.hold == "max"
    if endless or (step.halfway is None and not usual):
        return False
    scope = happening.scope
    halfway = scope.workout.announce.halfway if step.halfway is None else step.halfway
    heard = isinstance(halfway, str) or scope.spoken or scope.beeps
    return bool(halfway) and heard and not _has_own(step, duration, duration / 2, writer)


def _halfway(step: Timed, happening: Happening, duration: float, writer: Writer) -> Iterator[Cue]:
    scope, half = happening.scope, duration / 2
    halfway = scope.workout.announce.halfway if step.halfway is None else step.halfway
    own = writer.line(halfway) if isinstance(halfway, str) else None
    if own is not None:
        yield Cue(half, own, Role.ANNOUNCE, STATED)
    elif scope.spoken:
        yield Cue(half, plain(scope.phrases.halfway, scope.phrases.language), Role.ANNOUNCE, STATED)
    elif scope.beeps:
        yield Cue(half, sound("halfway", happening), Role.BOUNDARY)


def _has_own(step: Timed, duration: float, at: float, writer: Writer) -> bool:
    """Whether a line of the step's own in which anything is left to say stands at the place of a built-in one."""
    if not step.at:
        return False
    reps = step.reps if isinstance(step, Reps) else 0
    return any(
        abs(place.within(duration, reps) - at) < SAME_PLACE and writer.tells(cue.text) for place, cue in step.at.items()
    )


def _remaining(step: Timed, happening: Happening, duration: float, writer: Writer) -> Iterator[Cue]:
    scope = happening.scope
    if not scope.spoken or isinstance(step, Rest):
        return
    for mark in scope.workout.announce.remaining:
        if duration >= REMAINING_FROM * mark and not _has_own(step, duration, duration - mark, writer):
            text = scope.phrases.remaining(scope.phrases.duration(mark))
            yield Cue(duration - mark, plain(text, scope.phrases.language), Role.ANNOUNCE, STATED, from_end=True)


def _count_up(step: Hold, happening: Happening, duration: float, writer: Writer) -> Iterator[Cue]:
    """The time held so far, called out now and then in a hold without an end."""
    if happening.scope.spoken:
        yield from (cue for cue in times_held(0.0, duration, happening) if not _has_own(step, duration, cue.at, writer))


def times_held(after: float, end: float, happening: Happening) -> Iterator[Cue]:
    """Now and then the time held so far, ``after`` so many seconds and before the ``end``."""
    phrases = happening.scope.phrases
    for count in range(int(after / COUNT_UP_EVERY) + 1, int((end - 1) / COUNT_UP_EVERY) + 1):
        at = count * COUNT_UP_EVERY
        said = plain(phrases.sentence(phrases.duration(at)) + ".", phrases.language)
        yield Cue(at, said, Role.ANNOUNCE, STATED)


def _reps(step: Reps, happening: Happening) -> Iterator[Cue]:
    """The number as each rep starts, and a word or a tick as each later phase does."""
    scope = happening.scope
    if not (scope.spoken or scope.beeps):
        return
    for rep in range(step.reps):
        at = rep * step.rep_seconds
        yield Cue(at, _number(rep + 1, happening), Role.COUNTDOWN)
        for phase, seconds in enumerate(step.tempo or ()):
            if phase and seconds >= SHORTEST_PHASE and scope.spoken:
                yield Cue(at, plain(scope.phrases.tempo[phase], scope.phrases.language), Role.COUNTDOWN)
            elif phase and seconds:
                yield Cue(at, sound("tick", happening), Role.TICK)
            at += seconds
