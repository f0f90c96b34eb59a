"""What a session comes to: how long muscles work, how much is said, and how much is silent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.timeline.model import Line, Recording, Role, Timeline
from voicecoach.wording import pauses

VERSION = 1
"""Of the JSON; it changes when a reader of the old one would go wrong."""
UNDER_TENSION = ("hold", "work", "reps")
"""Kinds of steps in which muscles are under tension: exercises, not rests, and neither running nor walking."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a session comes to; all lengths are in seconds.

    ``sides`` has the time under tension of each side by its label, and of what has no side under the empty one.
    ``talk`` is how long somebody speaks, ``sounds`` how long only tones and ticks are heard, and ``silence`` the rest;
    a music bed does not count. ``longest_silence`` begins at ``silent_from``. ``words`` are those that are spoken,
    ``cues`` the lines of pools and of places in a step.
    """

    title: str
    seconds: float
    estimated: bool
    under_tension: float
    sides: dict[str, float]
    words: int
    talk: float
    sounds: float
    silence: float
    longest_silence: float
    silent_from: float
    cues: int
    reminders: int
    left_out: int

    @property
    def words_a_minute(self) -> float:
        """Words in each minute of the session."""
        return self.words / self.seconds * 60 if self.seconds else 0.0

    @property
    def pace(self) -> float:
        """Words in each minute of talk."""
        return self.words / self.talk * 60 if self.talk else 0.0


def figures(timeline: Timeline, arrangement: Arrangement, *, estimated: bool = False) -> Figures:
    """The figures of a session; ``arrangement`` must be that of ``timeline``."""
    rate, frames = arrangement.rate, arrangement.frames
    sides: dict[str, float] = {}
    for passage in arrangement.passages:
        segment = timeline.segments[passage.segment]
        if segment.kind in UNDER_TENSION:
            side = segment.side or ""
            sides[side] = sides.get(side, 0.0) + (passage.end - passage.start) / rate
    spoken: list[tuple[int, int]] = []
    heard: list[tuple[int, int]] = []
    said: dict[Line | Recording, int] = {}
    count = cues = reminders = 0
    for one in arrangement.placements():
        heard.append((one.start, one.end))
        cues += one.role in (Role.CUE, Role.AT)
        reminders += one.role is Role.REMINDER
        if isinstance(one.what, Line | Recording):
            spoken.append((one.start, one.end))
            if one.what not in said:
                said[one.what] = len(_WORD.findall(pauses.shown(one.what.text)))
            count += said[one.what]
    talk, some = (sum(end - start for start, end in _joined(each)) for each in (spoken, heard))
    longest, begins = max(_gaps(heard, frames), default=(0, 0))
    return Figures(
        title=timeline.title,
        seconds=frames / rate,
        estimated=estimated,
        under_tension=sum(sides.values()),
        sides=sides,
        words=count,
        talk=talk / rate,
        sounds=(some - talk) / rate,
        silence=(frames - some) / rate,
        longest_silence=longest / rate,
        silent_from=-begins / rate,
        cues=cues,
        reminders=reminders,
        left_out=sum(len(passage.dropped) for passage in arrangement.passages),
    )


def rows(told: Figures) -> Iterator[tuple[str, str]]:
    """The figures in words: what each is, and how much."""
    yield "length", units.format_clock(round(told.seconds))
    yield "under tension", f"{_minutes(told.under_tension)}{_share(told.under_tension, told.seconds)}"
    if set(told.sides) - {""}:
        for side, seconds in told.sides.items():
            yield f"  {side or 'without a side'}", _minutes(seconds)
    yield "words", f"{told.words:,}, {told.words_a_minute:.0f} a minute, {told.pace:.0f} a minute of talk"
    yield "talk", f"{_minutes(told.talk)}{_share(told.talk, told.seconds)}"
    if told.sounds >= 0.5:
        yield "tones alone", f"{_minutes(told.sounds)}{_share(told.sounds, told.seconds)}"
    yield "silence", f"{_minutes(told.silence)}{_share(told.silence, told.seconds)}"
    yield "longest silence", f"{_minutes(told.longest_silence)} from {units.format_clock(told.silent_from)}"
    yield "cues", f"{told.cues:,}"
    yield "reminders", f"{told.reminders:,}"
    if told.left_out:
        yield "left out", f"{told.left_out:,}"
    yield "lengths of lines", "estimated" if told.estimated else "as the voice speaks them"


def as_json(told: Figures) -> str:
    """The figures as JSON text: lengths are seconds, rounded to a millisecond."""
    plain = {"version": VERSION} | asdict(told)
    plain["sides"] = [{"side": side or None, "seconds": round(each, 3)} for side, each in told.sides.items()]
    plain |= {"words_a_minute": told.words_a_minute, "words_a_minute_of_talk": told.pace}
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in plain.items()}
    return json.dumps(rounded, ensure_ascii=False, indent=1) + "\n"


def _minutes(seconds: float) -> str:
    whole = round(seconds) if seconds >= 10 else round(seconds, 1)
    return units.format_duration(whole)


def _share(part: float, whole: float) -> str:
    return f" ({part / whole:.0%})" if whole else ""


def _joined(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches that touch, as one; in order."""
    start = end = None
    for begin, stop in sorted(stretches):
        if end is None or begin > end:
            if start is not None and end is not None:
                yield start, end
            start, end = begin, stop
        else:
            end = max(end, stop)
    if start is not None and end is not None:
        yield start, end


def _gaps(heard: Iterable[tuple[int, int]], frames: int) -> Iterator[tuple[int, int]]:
    """How long each silence is, and where it begins, counted backwards so that of two the first is the larger."""
    done = 0
    for start, end in _joined(heard):
        yield start - done, -done
        done = end
    yield frames - done, -done
