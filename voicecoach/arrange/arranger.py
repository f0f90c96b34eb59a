"""Places every cue of a timeline on its sample, now that the length of each is known.

Speech is never cut off and two lines never sound together. Countdowns and tones keep their exact second; then, in this
order, come ``at`` lines, announcements, pool cues and reminders. What finds its moment taken slides later, by at most
its window, or is dropped, and the passage says why.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import zip_longest
from threading import RLock
from typing import overload

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Carry, Clips, Dropped, Lengths, Passage, Placement
from voicecoach.timeline.model import Cue, Role, Segment, Sound, Timeline

WINDOW = {Role.SAY: 60.0, Role.AT: 4.0, Role.INTRO: 4.0, Role.ANNOUNCE: 4.0, Role.CUE: 4.0, Role.REMINDER: 20.0}
"""How far, in seconds, a cue may slide later: as the script format says, and 4 s where it names none.

What a step is there to say is never dropped for a line before it that runs long.
"""
BREATH = 0.25
"""Least silence between two lines, in seconds."""
LEAD_MARGIN = 0.35
"""Silence between the end of a lead and the start of the clock, or of the countdown before it, in seconds."""

TONE_CLEAR = 0.25
"""Seconds a tone is heard alone; speech may begin over its tail, a breath later."""

_RANK = {Role.SAY: 0, Role.AT: 1, Role.INTRO: 2, Role.ANNOUNCE: 2, Role.CUE: 3, Role.REMINDER: 4}
_EXACT = frozenset({Role.COUNTDOWN, Role.BOUNDARY})
_WITHIN_STEP = frozenset({Role.CUE, Role.REMINDER})


def arrangement(timeline: Timeline, clips: Clips, *, rate: int = units.SAMPLE_RATE) -> Arrangement:
    """The arrangement of a timeline as ``clips`` sound, at a sample rate in hertz.

    Its passages are placed when they are first asked for: in order, each after the one before; or with ``place`` from
    any of them on.
    """
    return Arrangement(
        title=timeline.title,
        summary=timeline.summary,
        language=timeline.language,
        rate=rate,
        passages=Passages(timeline.segments, clips, rate),
        clips=clips,
        bed=timeline.music if timeline.music is not None and timeline.music.files else None,
    )


class Passages(Sequence[Passage]):
    """The passages of a session, each placed when it, or one after it, is first asked for.

    Safe to share between threads.
    """

    def __init__(self, segments: tuple[Segment, ...], lengths: Lengths, rate: int) -> None:
        self._segments = segments
        self._arranger = _Arranger(lengths, rate)
        self._placed: list[Passage] = []
        self._carry: Carry | None = None
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._segments)

    @overload
    def __getitem__(self, index: int) -> Passage: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, index: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        wanted = index + len(self) if index < 0 else index
        if not 0 <= wanted < len(self):
            raise IndexError(index)
        if wanted >= len(self._placed):
            with self._lock:
                while len(self._placed) <= wanted:
                    self._place_next()
        return self._placed[wanted]

    def place(self, index: int, carry: Carry | None) -> tuple[Passage, Carry]:
        """The passage of that index in its own time, and what it leaves to the next."""
        after = self._segments[index + 1] if index + 1 < len(self._segments) else None
        return self._arranger.place(self._segments[index], after, carry)

    def _place_next(self) -> None:
        passage, self._carry = self.place(len(self._placed), self._carry)
        ended = self._placed[-1].end if self._placed else 0
        self._placed.append(passage.moved(ended + passage.lead))


_LONG_AGO = -(1 << 62)


class _Lane:
    """Where speech already is, in one passage: stretches of frames in order, none touching another."""

    def __init__(self, taken_until: int, breath: int) -> None:
        self._starts = [_LONG_AGO]
        self._ends = [taken_until]
        self._breath = breath

    @property
    def end(self) -> int:
        """Where the last stretch ends."""
        return self._ends[-1]

    def take(self, start: int, end: int) -> None:
        """Marks frames ``start`` up to ``end`` as taken."""
        first = bisect_right(self._starts, start)
        if self._ends[first - 1] >= start:
            first -= 1
            start = self._starts[first]
        last = bisect_right(self._starts, end)
        if last > first:
            end = max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def free(self, start: int, end: int) -> bool:
        """Whether nothing sounds from ``start`` up to ``end``."""
        return self._ends[bisect_left(self._starts, end) - 1] <= start

    def fit(self, wanted: int, length: int, latest: int) -> int | None:
        """The first start, from ``wanted`` to ``latest``, with ``length`` frames free and a breath on both sides."""
        place = bisect_right(self._starts, wanted)
        start = max(wanted, self._ends[place - 1] + self._breath)
        while place < len(self._starts) and self._starts[place] < start + length + self._breath:
            start = self._ends[place] + self._breath
            place += 1
        return start if start <= latest else None


class _Arranger:
    """Places a segment in its own time: frame 0 is where its clock starts."""

    def __init__(self, lengths: Lengths, rate: int) -> None:
        self._lengths = lengths
        self._rate = rate
        self._breath = self._frames(BREATH)
        self._tone = self._frames(TONE_CLEAR)

    def _frames(self, seconds: float) -> int:
        return units.to_frames(seconds, self._rate)

    def place(self, segment: Segment, following: Segment | None, carry: Carry | None) -> tuple[Passage, Carry]:
        """The segment on its samples, and what it leaves to the next; a rest makes room for the ``following`` lead.

        ``carry`` is what the one before has left, None where nothing was heard before.
        """
        carry = carry or Carry(-self._breath)
        if segment.duration is None:
            return self._flowing(segment, carry)
        return self._timed(segment, segment.duration, following, carry)

    def _flowing(self, segment: Segment, carry: Carry) -> tuple[Passage, Carry]:
        """A segment as long as what it says: its cues follow one another."""
        placements: list[Placement] = []
        at, spoken = 0, carry.spoken
        pause = self._frames(segment.pause)
        for cue in segment.cues:
            if cue.role is not Role.SAY:
                # the last words of a session wait until its last step is over
                at, pause = at + pause, 0
            length = self._lengths.frames(cue.what)
            at = max(at, spoken + self._breath)
            placements.append(Placement(at, at + length, cue.what, cue.role, segment.index))
            at = spoken = at + length
        end = at + pause
        return Passage(segment.index, segment.chapter, 0, end, tuple(placements)), Carry(spoken - end)

    def _timed(
        self, segment: Segment, duration: float, following: Segment | None, carry: Carry
    ) -> tuple[Passage, Carry]:
        placements: list[Placement] = []
        lead, spoken = self._lead(segment, carry, placements)
        end = self._frames(duration)
        lane = _Lane(spoken, self._breath)
        stretch, absorbed = 0, None
        if segment.absorbs_lead and following is not None and following.duration is not None:
            counted = self._frames(
                max((duration - c.at for c in segment.cues if c.role is Role.COUNTDOWN), default=0.0)
            )
            need = self._lead_length(following)
            room = max(0, spoken + self._breath)
            stretch = max(0, room + need + counted - end) if need else 0
            end += stretch
            if need:
                absorbed = -counted - need
                lane.take(end + absorbed, end - counted)
        dropped: list[Dropped] = []
        exact: list[Cue] = []
        sliding: list[Cue] = []
        for cue in segment.cues:
            if cue.role is Role.TICK:
                at = self._frames(cue.at)
                placements.append(Placement(at, at + self._lengths.frames(cue.what), cue.what, cue.role, segment.index))
            else:
                (exact if cue.role in _EXACT else sliding).append(cue)
        self._place_exact(segment, exact, stretch, lane, placements)
        for cue in sorted(sliding, key=_rank):
            self._place_sliding(segment, cue, end, lane, placements, dropped)
        placements.sort(key=lambda placement: placement.start)
        dropped.sort(key=lambda missing: missing.start)
        passage = Passage(segment.index, segment.chapter, 0, end, tuple(placements), tuple(dropped), lead)
        return passage, Carry(lane.end - end, absorbed)

    def _lead_length(self, segment: Segment) -> int:
        """Frames from the start of a segment's lead to the start of its clock, its own countdown included."""
        if not segment.lead and not segment.lead_in:
            return 0
        spoken = sum(self._lengths.frames(cue.what) + self._breath for cue in segment.lead)
        counted = self._frames(-min((cue.at for cue in segment.cues if cue.at < 0), default=0.0))
        margin = self._frames(LEAD_MARGIN) - self._breath if segment.lead else 0
        return max(self._frames(segment.lead_in), spoken + margin + counted)

    def _lead(self, segment: Segment, carry: Carry, placements: list[Placement]) -> tuple[int, int]:
        """Places the lead of a segment; how long after the passage before its clock starts, and where speech ends."""
        length = self._lead_length(segment)
        if carry.absorbed is not None:
            at, start = carry.absorbed, 0
        elif length:
            at = max(0, carry.spoken + self._breath)
            start = at + length
        else:
            return 0, carry.spoken
        spoken = carry.spoken
        for cue in segment.lead:
            ends = at + self._lengths.frames(cue.what)
            placements.append(Placement(at - start, ends - start, cue.what, cue.role, segment.index))
            spoken = max(spoken, ends)
            at = ends + self._breath
        return start, spoken - start

    def _place_exact(
        self,
        segment: Segment,
        cues: list[Cue],
        stretch: int,
        lane: _Lane,
        placements: list[Placement],
    ) -> None:
        """Countdowns, tones and ticks keep their sample; a number too long for its moment becomes a tone."""
        at_end = segment.duration

        def frame(cue: Cue) -> int:
            moved = stretch if stretch and (cue.role is Role.COUNTDOWN or cue.at == at_end) else 0
            return self._frames(cue.at) + moved

        for cue, later in zip_longest(cues, cues[1:]):
            at, what, length = frame(cue), cue.what, self._lengths.frames(cue.what)
            if not isinstance(what, Sound):
                crowded = later is not None and at + length > frame(later)
                if crowded or not lane.free(at, at + length):
                    what = Sound("countdown")
                    length = self._lengths.frames(what)
            lane.take(at, at + (min(length, self._tone) if isinstance(what, Sound) else length))
            placements.append(Placement(at, at + length, what, cue.role, segment.index))

    def _place_sliding(
        self,
        segment: Segment,
        cue: Cue,
        end: int,
        lane: _Lane,
        placements: list[Placement],
        dropped: list[Dropped],
    ) -> None:
        wanted = self._frames(cue.at)
        length = self._lengths.frames(cue.what)
        window = WINDOW[cue.role]
        at = lane.fit(wanted, length, wanted + self._frames(window))
        if at is None:
            why = f"its moment is taken, and no gap opens within {units.format_duration(window)}"
        elif (cue.role in _WITHIN_STEP or (segment.absorbs_lead and wanted < end)) and at + length > end:
            why = "it would run past the end of its step"
        else:
            lane.take(at, at + length)
            placements.append(Placement(at, at + length, cue.what, cue.role, segment.index, at - wanted))
            return
        dropped.append(Dropped(wanted, cue.what, cue.role, segment.index, why))


def _rank(cue: Cue) -> int:
    return _RANK[cue.role]
