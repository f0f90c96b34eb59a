"""An arrangement to read: as a cue sheet for a coach, and as JSON for programs.

The JSON is a contract; its shape is ``Document``. Times are seconds from the start of the session, rounded to a
microsecond, so that the frame at any usual sample rate can still be told from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal, NotRequired, TypedDict

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Dropped, Passage, Placement
from voicecoach.errors import counted
from voicecoach.timeline.model import Content, Line, Recording, Role, Segment, Sound, Timeline

VERSION = 1
"""Of the JSON; it changes when a reader of the old one would go wrong."""
_DECIMALS = 6
_MANY_TICKS = 5
"""From so many ticks in a step on, the cue sheet tells of them in one line."""
_NOTICEABLE = 0.6
"""A cue that starts less than this many seconds late is where it was written, to a reader."""

Kind = Literal["speech", "sound", "clip"]


class SegmentRow(TypedDict):
    """One step as it happens; ``name`` and ``block`` may be empty, ``side`` is null for a step without sides."""

    index: int
    kind: str
    name: str
    block: str
    round: int
    rounds: int
    side: str | None
    start: float
    duration: float


class EventRow(TypedDict):
    """Something heard; ``text`` is what is said, or the name of a sound. ``moved`` is how much later than written.

    A line that is said in a manner of its own has a ``rate``, against that of the voice, and a ``gain`` in dB.
    """

    at: float
    end: float
    kind: Kind
    role: str
    text: str
    segment: int
    moved: float
    rate: NotRequired[float]
    gain: NotRequired[float]


class DroppedRow(TypedDict):
    """A cue that found no place; ``at`` is where it should have started."""

    at: float
    role: str
    text: str
    segment: int
    why: str


class Document(TypedDict):
    """A whole session; ``events`` and ``dropped`` are in order of ``at``."""

    version: int
    title: str
    language: str
    duration: float
    seed: int
    segments: list[SegmentRow]
    events: list[EventRow]
    dropped: list[DroppedRow]


def words(what: Content) -> str:
    """What a listener hears, as text; a sound by its name."""
    return what.name if isinstance(what, Sound) else what.text


def manner(line: Line) -> str:
    """How a line is said otherwise than the others: "0.9 × as fast, +4 dB"; empty where it is not."""
    fast = f"{line.rate:g} × as fast" if line.rate != 1 else ""
    return ", ".join(part for part in (fast, f"{line.gain:+g} dB" if line.gain else "") if part)


def document(timeline: Timeline, arrangement: Arrangement) -> Document:
    """The session as plain data. ``arrangement`` must be that of ``timeline``."""
    passages = arrangement.passages
    rate = arrangement.rate
    events = sorted(arrangement.placements(), key=lambda placement: placement.start)
    dropped = sorted((d for passage in passages for d in passage.dropped), key=lambda d: d.start)
    return Document(
        version=VERSION,
        title=timeline.title,
        language=timeline.language,
        duration=_seconds(arrangement.frames, rate),
        seed=timeline.seed,
        segments=[_segment_row(timeline.segments[p.segment], p, rate) for p in passages],
        events=[_event_row(placement, rate) for placement in events],
        dropped=[_dropped_row(missing, rate) for missing in dropped],
    )


def as_json(timeline: Timeline, arrangement: Arrangement) -> str:
    """The document as JSON text, each segment and each event on a line of its own."""
    return "".join(_json_parts(document(timeline, arrangement)))


def as_text(timeline: Timeline, arrangement: Arrangement) -> str:
    """The cue sheet: every step with its clock, and under it every line at its time."""
    return "".join(f"{' '.join(line.splitlines())}\n" for line in _sheet(timeline, arrangement))


def _seconds(frames: int, rate: int) -> float:
    return round(units.to_seconds(frames, rate), _DECIMALS)


def _segment_row(segment: Segment, passage: Passage, rate: int) -> SegmentRow:
    return SegmentRow(
        index=segment.index,
        kind=segment.kind,
        name=segment.name,
        block=segment.block,
        round=segment.round,
        rounds=segment.rounds,
        side=segment.side,
        start=_seconds(passage.start, rate),
        duration=_seconds(passage.end - passage.start, rate),
    )


def _event_row(placement: Placement, rate: int) -> EventRow:
    row = EventRow(
        at=_seconds(placement.start, rate),
        end=_seconds(placement.end, rate),
        kind=_kind(placement.what),
        role=placement.role.value,
        text=words(placement.what),
        segment=placement.segment,
        moved=_seconds(placement.moved, rate),
    )
    what = placement.what
    if isinstance(what, Line) and manner(what):
        row["rate"], row["gain"] = what.rate, what.gain
    return row


def _dropped_row(missing: Dropped, rate: int) -> DroppedRow:
    return DroppedRow(
        at=_seconds(missing.start, rate),
        role=missing.role.value,
        text=words(missing.what),
        segment=missing.segment,
        why=missing.why,
    )


def _kind(what: Content) -> Kind:
    match what:
        case Line():
            return "speech"
        case Recording():
            return "clip"
        case Sound():
            return "sound"


def _json_parts(whole: Document) -> Iterator[str]:
    yield "{\n"
    last = len(whole) - 1
    for number, (key, value) in enumerate(whole.items()):
        comma = "," if number < last else ""
        if isinstance(value, list) and value:
            rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in value)
            yield f'  "{key}": [\n{rows}\n  ]{comma}\n'
        else:
            yield f'  "{key}": {json.dumps(value, ensure_ascii=False)}{comma}\n'
    yield "}\n"


def _sheet(timeline: Timeline, arrangement: Arrangement) -> Iterator[str]:
    rate = arrangement.rate
    yield timeline.title
    if timeline.summary:
        yield timeline.summary
    yield f"{units.format_clock(arrangement.frames / rate)} in {counted(len(timeline.segments), 'step')}"
    width = len(_clock(arrangement.frames, rate))
    for passage in arrangement.passages:
        heading = _heading(timeline.segments[passage.segment], passage, rate)
        yield ""
        yield f"{_clock(passage.start, rate):>{width}}  {heading}"
        yield from _lines(passage, rate, width)


def _heading(segment: Segment, passage: Passage, rate: int) -> str:
    heading = segment.label or segment.kind.capitalize()
    length = units.format_duration(round((passage.end - passage.start) / rate, 1))
    kind = "" if heading.casefold() == segment.kind else f"{segment.kind}, "
    block = f" · {segment.block}" if segment.block and segment.block != segment.name else ""
    return f"{heading} ({kind}{length}){block}"


def _lines(passage: Passage, rate: int, width: int) -> Iterator[str]:
    ticks = [p for p in passage.placements if p.role is Role.TICK]
    shown: list[tuple[int, str, str]] = []
    if len(ticks) >= _MANY_TICKS:
        until = _clock(ticks[-1].start, rate)
        shown.append((ticks[0].start, Role.TICK.value, f"[{words(ticks[0].what)}] {len(ticks)} times until {until}"))
        ticks = []
    shown += [(p.start, p.role.value, _words(p.what)) for p in ticks]
    for placement in passage.placements:
        if placement.role is not Role.TICK:
            late = placement.moved / rate
            moved = f"  ({late:.1f} s later than written)" if late >= _NOTICEABLE else ""
            shown.append((placement.start, placement.role.value, _words(placement.what) + moved))
    shown += [(d.start, "dropped", f"{_words(d.what)}  ({d.role.value}: {d.why})") for d in passage.dropped]
    for at, role, text in sorted(shown, key=lambda line: line[0]):
        yield f"{_clock(at, rate):>{width}}    {role:<9}  {text}"


def _words(what: Content) -> str:
    match what:
        case Line():
            return f"{what.text}  ({own})" if (own := manner(what)) else what.text
        case Recording():
            return f"{what.text} [{what.path.name}]"
        case Sound():
            return f"[{what.name}]"


def _clock(frames: int, rate: int) -> str:
    """A clock with tenths of a second."""
    tenths = round(max(0, frames) * 10 / rate)
    return f"{units.format_clock(tenths // 10)}.{tenths % 10}"
