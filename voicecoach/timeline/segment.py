"""One step as it happens becomes a segment: what is said before its clock, and every cue against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

from voicecoach.script.model import Ask, Hold, Play, Ready, Reps, Say, Timed
from voicecoach.timeline import clock_cues, waiting
from voicecoach.timeline.expand import Around, Happening
from voicecoach.timeline.model import Cue, Done, Recording, Role, Segment
from voicecoach.timeline.opening import opening
from voicecoach.timeline.placeholders import Writer, in_manner
from voicecoach.timeline.pools import Pools

CLOSEST_CUES = 6.0
"""Pool cues without a spacing of their own come no closer than this, in seconds."""
CUE_ROOM = 1.5
"""Seconds a pool cue is given before the countdown, or the end, of its step."""
HALF_ROOM = 2.5
"""Seconds between the middle of a step, where it is announced, and a pool cue that may be anywhere."""
ASK_PAUSE = f"[pause {waiting.ASKED:g}s]"
"""In a file, the time to find one's own answer before the answers are spoken."""


class StepCompiler:
    """Compiles one happening after the other; keeps only the running order of the pools.

    ``targets`` are today's lengths of progressions, and ``bests`` the longest holds of them so far, in seconds, by
    their keys. ``live`` segments last as long as the person.
    """

    def __init__(
        self, seed: str, targets: Mapping[str, float], bests: Mapping[str, float], *, live: bool = False
    ) -> None:
        self._pools = Pools(seed)
        self._targets = targets
        self._bests = bests
        self._live = live

    def segment(self, index: int, happening: Happening, around: Around, writer: Writer, done: Done | None) -> Segment:
        """The segment of a step among those around it; one that is over holds what was heard while it lasted."""
        segment = self._as_in_a_file(index, happening, around, writer, done)
        lasted = None if done is None else done.seconds
        if not self._live:
            return segment
        if isinstance(happening.step, (Ready, Ask)):
            return waiting.waiting(segment, happening, writer, lasted)
        return waiting.growing(segment, happening, lasted) if segment.target is not None else segment

    def _as_in_a_file(
        self, index: int, happening: Happening, around: Around, writer: Writer, done: Done | None
    ) -> Segment:
        step = happening.step
        lasted = None if done is None else done.seconds
        duration = planned = happening.duration(self._targets)
        if done is not None and done.target is not None and isinstance(step, Hold) and step.progression:
            duration = planned = done.target
        lead: tuple[Cue, ...] = ()
        lead_in = 0.0
        if isinstance(step, Timed) and duration is not None:
            start = opening(step, happening, around, writer, duration)
            lead, lead_in = start.lead, start.lead_in
            heard = duration if lasted is None else min(lasted, duration)
            cues = [*start.cues, *self._under_clock(step, happening, around, duration, heard, writer)]
            if heard < duration:
                cues = [cue for cue in cues if cue.at < heard]
            cues.sort(key=_at)
        else:
            cues = list(_spoken(happening, writer))
        if lasted is not None and duration is not None:
            duration = lasted
        return Segment(
            index=index,
            kind=step.kind,
            name=happening.name,
            block=happening.block,
            rounds=happening.rounds,
            duration=duration,
            origin=happening.origin,
            ends=happening.ends,
            lead=lead,
            lead_in=lead_in,
            pause=step.pause if isinstance(step, Say) else 0.0,
            cues=tuple(cues),
            countdown=(step.countdown or 0) if isinstance(step, Timed) else 0,
            progression=(step.progression or "") if isinstance(step, Hold) else "",
            target=planned if isinstance(step, Hold) and step.progression else None,
            reps=step.reps if isinstance(step, Reps) else 0,
            best=happening.best(self._bests),
            answers=tuple(answer.label for answer in step.answers) if isinstance(step, Ask) else (),
            quiet=happening.quiet,
        )

    def _under_clock(
        self, step: Timed, happening: Happening, around: Around, duration: float, heard: float, writer: Writer
    ) -> Iterator[Cue]:
        """``duration`` is as planned; a pool gives no more lines than are ``heard`` in so many seconds."""
        reps = step.reps if isinstance(step, Reps) else 0
        for place, cue in step.at.items():
            # a place beyond today's length of a growing hold is not reached yet
            at = place.within(duration, reps)
            if 0 <= at <= duration and (said := writer.cue(cue, at)) is not None:
                yield Cue(at, said, Role.AT, from_end=place.from_end)
        tells_half = clock_cues.tells_half(step, happening, duration, writer)
        counted = clock_cues.counted(step, happening, around, duration)
        yield from clock_cues.cues_of(step, happening, duration, writer, half=tells_half, numbers=counted)
        if step.cues is not None and not happening.quiet:
            lines = happening.scope.lines(step.cues)
            last = duration - counted - CUE_ROOM
            half = duration / 2 if tells_half else None
            for at in takewhile(lambda at: at < heard, _cue_times(step, len(lines), duration, last, half)):
                if (said := writer.next_cue(lines, self._pools.running(lines, step.order), at)) is not None:
                    yield Cue(at, said, Role.CUE)


def _at(cue: Cue) -> float:
    return cue.at


def _cue_times(step: Timed, lines: int, duration: float, last: float, half: float | None) -> Iterator[float]:
    """Where pool cues want to be, in seconds, none later than ``last``; those without a time of their own leave
    room for what is said at ``half``."""
    every = step.every or max(CLOSEST_CUES, duration / (lines + 1))
    first = every if step.first is None else step.first
    for number in range(int((last - first) / every) + 1 if last >= first else 0):
        at = first + number * every
        if half is not None and step.every is None and 0 <= at - half < HALF_ROOM:
            at = min(half + HALF_ROOM, last)
        yield at


def _spoken(happening: Happening, writer: Writer) -> Iterator[Cue]:
    """The cues of a step that is not under a clock: they follow one another."""

    def said(text: str) -> Iterator[Cue]:
        if (line := writer.line(text)) is not None:
            yield Cue(0.0, line, Role.SAY)

    match happening.step:
        case Say(say=text, rate=rate, emphasis=emphasis):
            if (line := writer.line(text)) is not None:
                yield Cue(0.0, in_manner(line, rate, emphasis), Role.SAY)
        case Ready(ready=text):
            yield from said(text)
        case Ask(ask=question, answers=answers):
            yield from said(f"{question} {ASK_PAUSE}")
            for answer in answers:
                more = writer.told(answer.say or "")
                yield from said(f"{answer.label}: {more}" if more else f"{answer.label}.")
        case Play(play=path, name=name):
            yield Cue(0.0, Recording(path, name or path.stem), Role.SAY)
