"""Where a session is cut into tracks: in the silence before a step, a block, or after so many minutes.

A cut lies on the codec's grid, where no packet sounds, so that the tracks played in a row are the whole. Under music
nothing is silent: there the silence of what is spoken counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from voicecoach.arrange.arrangement import Arrangement, Passage
from voicecoach.errors import UnknownSplitError
from voicecoach.export.codec import Codec
from voicecoach.export.exporter import session_islands
from voicecoach.timeline.model import Role, Segment

BREATH = 0.25
"""Seconds of silence before what a track begins with: players swallow the first moment."""
LEAST = 1.0
"""Seconds that a track lasts at least: shorter ones are passed over by some players."""
NEAR = 2.0
"""Seconds before a step in which a cut may lie, where there is no silence right before it."""


class Split(NamedTuple):
    """How a session is split: ``by`` "none", "step", "block", or "time" after so many ``seconds``."""

    by: str
    seconds: float = 0.0


def split(text: str) -> Split:
    """The split that a text names: "none", "step", "block" or minutes as "10min". Raises UnknownSplitError."""
    wanted = text.strip().lower()
    if wanted in ("none", "step", "block"):
        return Split(wanted)
    minutes = re.fullmatch(r"(\d{1,4})\s*(?:min|m|minutes?)", wanted, re.ASCII)
    if minutes is None or not int(minutes[1]):
        raise UnknownSplitError(f'"{text}" is no way to split a session (there are: step, block, 10min, none)')
    return Split("time", 60.0 * int(minutes[1]))


class Stretch(NamedTuple):
    """A track to be: frames ``start`` up to ``end``, and what it is called."""

    start: int
    end: int
    title: str


def stretches(
    arrangement: Arrangement, segments: Sequence[Segment], how: Split, codec: Codec | None
) -> tuple[Stretch, ...]:
    """The tracks that a session is split into, without a gap between them.

    ``segments`` are those of its passages. A step that has no silence before it belongs to the track before.
    """
    frames = arrangement.frames
    least = int(LEAST * arrangement.rate)
    starts: list[tuple[int, str]] = []
    silences = _Silences(arrangement, codec)
    for mark in _marks(arrangement.passages, segments, how):
        place = silences.before(mark.frame) if starts else 0
        if place is not None and (not starts or starts[-1][0] + least <= place <= frames - least):
            starts.append((place, mark.title))
    if how.by == "time":
        starts = list(_apart(starts, int(how.seconds * arrangement.rate), frames))
    ends = [*(start for start, _ in starts[1:]), frames]
    return tuple(Stretch(start, end, title) for (start, title), end in zip(starts, ends, strict=True))


def part(arrangement: Arrangement, one: Stretch) -> Arrangement:
    """What is heard of a session in a stretch of it, as a session of its own."""
    heard = tuple(
        placed._replace(start=placed.start - one.start, end=placed.end - one.start)
        for placed in arrangement.placements()
        if one.start <= placed.start < one.end
    )
    return replace(arrangement, passages=(Passage(0, one.title, 0, one.end - one.start, heard),))


class _Mark(NamedTuple):
    """Where a track could begin: the frame of the first that is heard in it, or of its clock."""

    frame: int
    title: str


def _marks(passages: Sequence[Passage], segments: Sequence[Segment], how: Split) -> Iterator[_Mark]:
    before: Segment | None = None
    for passage, segment in zip(passages, segments, strict=True):
        title = passage.name or segment.chapter or segment.block
        if before is None or _begins(segment, before, how):
            start = min([passage.start, *(one.start for one in passage.placements[:1])])
            yield _Mark(start, (how.by == "block" and segment.block) or title)
        if how.by == "step" and segment.answers:
            yield from _answers(passage, segment)
        before = segment


def _begins(segment: Segment, before: Segment, how: Split) -> bool:
    """Whether a track can begin with a segment."""
    if how.by == "block":
        return segment.origin[:2] != before.origin[:2]
    return how.by != "none"


def _answers(passage: Passage, segment: Segment) -> Iterator[_Mark]:
    """A track an answer: what a question says last are its answers' lines."""
    said = [one for one in passage.placements if one.role is Role.SAY]
    lines = said[len(said) - len(segment.answers) :] if len(said) > len(segment.answers) else []
    for one, label in zip(lines, segment.answers, strict=False):
        yield _Mark(one.start, label)


class _Silences:
    """Where a session can be cut."""

    def __init__(self, arrangement: Arrangement, codec: Codec | None) -> None:
        self._grid = 1 if codec is None else codec.grid
        self._breath = int(BREATH * arrangement.rate)
        self._near = int(NEAR * arrangement.rate)
        silences = list(_silences(replace(arrangement, bed=None), codec))  # music is no reason not to cut
        self._first = [first for first, _ in silences]
        self._last = [last for _, last in silences]
        """First and last packet, or frame, that a track may begin with, of each silence."""

    def before(self, frame: int) -> int | None:
        """The frame to cut at before the one in which something begins; None where no silence is near."""
        at = bisect_right(self._first, frame // self._grid) - 1
        if at < 0:
            return None
        place = min(self._last[at], max(self._first[at], (frame - self._breath) // self._grid))
        return place * self._grid if frame - place * self._grid <= self._near + self._breath else None


def _silences(arrangement: Arrangement, codec: Codec | None) -> Iterator[tuple[int, int]]:
    """The packets, or without a codec the frames, from which on it is silent, and those that no longer are."""
    if codec is None:
        sounding = [(island.start, island.end) for island in arrangement.islands()]
    else:
        sounding = [codec.touched(island.start, island.end) for island in session_islands(arrangement, codec)]
    last = arrangement.frames if codec is None else arrangement.frames // codec.grid
    for (_, end), (start, _) in pairwise([(0, 0), *sounding, (last, last)]):
        if end <= start:
            yield end, start


def _apart(starts: Sequence[tuple[int, str]], length: int, frames: int) -> Iterator[tuple[int, str]]:
    """Those of the starts that make tracks as near to a length as may be, but not longer where that can be helped."""
    places = [start for start, _ in starts]
    at = 0
    while at < len(starts):
        yield starts[at]
        if frames - places[at] <= length:
            return
        at = max(at + 1, bisect_right(places, places[at] + length) - 1)
