"""Whether both sides of the body get the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voicecoach import units, wording
from voicecoach.arrange.arrangement import Passage
from voicecoach.review.places import Found, found_in, script_of
from voicecoach.script.codes import Code
from voicecoach.script.model import Workout
from voicecoach.timeline.model import Ends, Segment
from voicecoach.wording.left_or_right import LEFT, RIGHT, sided

_WORKED = ("hold", "work", "reps")


class _Side:
    """What of an exercise is done for each side, in seconds; ``last`` is where it was last for a side."""

    def __init__(self) -> None:
        self.seconds = [0.0, 0.0]
        self.last: list[tuple[Segment, Passage] | None] = [None, None]


def unequal(workout: Workout, segments: Sequence[Segment], passages: Iterable[Passage], rate: int) -> Iterator[Found]:
    exercises: dict[tuple[str, str], _Side] = {}
    known: dict[tuple[str, str | None, str], tuple[str, int] | None] = {}
    for passage in passages:
        segment = segments[passage.segment]
        if segment.kind not in _WORKED or segment.duration is None:
            continue
        if segment.progression or segment.ends is Ends.PERSON:  # each side as long as it can
            continue
        language = script_of(workout, segment.origin.script).language
        same = (segment.name, segment.side, language)
        if same not in known:
            known[same] = _side_of(*same)
        if (found := known[same]) is None:
            continue
        exercise = exercises.setdefault((found[0], segment.kind), _Side())
        exercise.seconds[found[1]] += segment.duration
        exercise.last[found[1]] = (segment, passage)
    left, right = (sum(exercise.seconds[side] for exercise in exercises.values()) for side in (LEFT, RIGHT))
    if abs(left - right) < 0.5:
        return
    less = LEFT if left < right else RIGHT
    for exercise in exercises.values():
        short = exercise.seconds[1 - less] - exercise.seconds[less]
        place = exercise.last[less] or exercise.last[1 - less]
        if short >= 0.5 and place is not None:
            segment, passage = place
            told = [units.format_duration(seconds) if seconds else "nothing" for seconds in exercise.seconds]
            message = f"the left side gets {told[LEFT]}, the right {told[RIGHT]}"
            yield found_in(Code.SIDES_UNEQUAL, segment, segment.kind, message, passage, rate)


def _side_of(name: str, side: str | None, language: str) -> tuple[str, int] | None:
    """What an exercise is called whichever side it is for, and that side."""
    spoken = wording.of(language).spoken
    if side is not None:
        own = sided(spoken(side), language)
        return None if own is None else (name.casefold(), own.side)
    found = sided(spoken(name), language)
    return None if found is None else (found.rest, found.side)
