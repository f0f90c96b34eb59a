"""Cues that come back again and again, and where a line that was heard stands in its script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voicecoach import wording
from voicecoach.arrange.arrangement import Passage
from voicecoach.review.places import Found, found_in, quoted, script_of
from voicecoach.script.codes import Code
from voicecoach.script.model import Workout
from voicecoach.script.problems import Path
from voicecoach.timeline.model import Role, Segment, Sound

SOON = 30.0
"""Seconds within which a line that comes back is still in the ear."""
MOST_IN_A_STEP = 4
"""So often may a line come back soon."""
MOST_IN_A_SESSION = 30
"""So often may a line be heard in a session."""
NOISE = 180.0
"""Seconds from one time to the next, on average, from which on it may come any number of times."""


class _Heard:
    """What became of a line: where it was heard first and last, how often, and when it came back soon in a step."""

    def __init__(self, passage: Passage, segment: Segment, key: str, start: int) -> None:
        self.passage, self.segment, self.key = passage, segment, key
        self.first = start
        self.last = start
        self.count = 0
        self.soon = ""

    def too_often(self, rate: int) -> str:
        """How often it is heard, where that is too often; else empty."""
        if self.soon:
            return self.soon
        often = self.count > MOST_IN_A_SESSION and (self.last - self.first) / rate < NOISE * (self.count - 1)
        return f"{self.count} times in the session" if often else ""


def repeated(workout: Workout, segments: Sequence[Segment], passages: Iterable[Passage], rate: int) -> Iterator[Found]:
    """Lines that come back too often, those of a pool together."""
    known: dict[tuple[tuple[str, ...], str], _Heard] = {}
    for passage in passages:
        segment = segments[passage.segment]
        heard: dict[str, list[int]] = {}
        for one in passage.placements:
            if one.role in (Role.CUE, Role.REMINDER) and not isinstance(one.what, Sound):
                key = "cues" if one.role is Role.CUE else ""
                which = (segment.origin.script, one.what.text)
                line = known.get(which)
                if line is None:
                    line = known[which] = _Heard(passage, segment, key, one.start)
                line.count += 1
                line.last = one.start
                heard.setdefault(one.what.text, []).append(one.start)
        for said, starts in heard.items():
            line = known[segment.origin.script, said]
            if len(starts) > MOST_IN_A_STEP and not line.soon:
                apart = (starts[-1] - starts[0]) / rate / (len(starts) - 1)
                if apart < SOON:
                    line.soon = f"{len(starts)} times in the step, every {apart:.0f} s"
                    line.passage, line.segment = passage, segment
    pools: dict[tuple[tuple[str, ...], Path], Found] = {}
    for (uses, said), line in known.items():
        if often := line.too_often(rate):
            message = f"{quoted(said)} is heard {often}"
            place = _line(workout, uses, said)
            found = found_in(Code.REPEATED, line.segment, line.key, message, line.passage, rate, place)
            pool = (found.uses, found.path[:-1] if place else found.path)
            more = pools.get(pool)
            pools[pool] = found if more is None else more._replace(times=more.times + 1)
    yield from pools.values()


def _line(workout: Workout, uses: tuple[str, ...], said: str) -> tuple[tuple[str, ...], Path] | None:
    """Where a line that is said stands in the script of its step, or as a reminder in one around it; None if unsure."""
    for depth in range(len(uses), -1, -1):
        script = script_of(workout, uses[:depth])
        spoken = wording.of(script.language).spoken
        for name, lines in script.cues.items():
            for index, line in enumerate(lines):
                if said in (line.text, spoken(line.text)):
                    return uses[:depth], ("cues", name, index)
        for number, reminder in enumerate(script.reminder):
            for index, line in enumerate(reminder.cues if not isinstance(reminder.cues, str) else ()):
                if said in (line.text, spoken(line.text)):
                    return uses[:depth], ("reminder", number, "cues", index)
    return None


def reminder_of(workout: Workout, uses: tuple[str, ...], said: str) -> tuple[tuple[str, ...], Path] | None:
    """The reminder that says a line in a step of a script, there or in one around it; None if it could be several."""
    found: list[tuple[tuple[str, ...], Path]] = []
    for depth in range(len(uses), -1, -1):
        script = script_of(workout, uses[:depth])
        spoken = wording.of(script.language).spoken
        for number, reminder in enumerate(script.reminder):
            lines = script.cues[reminder.cues] if isinstance(reminder.cues, str) else reminder.cues
            if any(said in (line.text, spoken(line.text)) for line in lines):
                found.append((uses[:depth], ("reminder", number)))
    return found[0] if len(found) == 1 else None
