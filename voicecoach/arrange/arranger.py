"""Places every cue of a timeline on its sample, now that the length of each is known.

Speech is never cut off and two lines never sound together. Countdowns and tones keep their exact second; then, in this
order, come ``at`` lines, announcements, pool cues and reminders. What finds its moment taken slides later, by at most
its window, or is dropped, and the passage says why.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import zip_longest
from operator import itemgetter
from threading import RLock
from typing import overload

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Carry, Clips, Dropped, Lengths, Passage, Placement
from voicecoach.timeline.model import Content, Cue, Role, Segment, Sound, StatedTime, Timeline

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

ALWAYS_COUNTED = 3
"""So many seconds before a lead's start are counted, even where a rest becomes longer by it."""
_REWORDINGS = 3
"""How often a line that states a time may move for words that fit another place."""

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
        if start > self._ends[-1]:
            self._starts.append(start)
            self._ends.append(end)
            return
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
            at = max(at, spoken + self._breath)
            what = self._what(cue, at, carry.begun)
            ends = at + self._lengths.frames(what)
            placements.append(Placement(at, ends, what, cue.role, segment.index))
            at = spoken = ends
        end = at + pause
        passage = Passage(segment.index, segment.chapter, 0, end, tuple(placements))
        return passage, Carry(spoken - end, None, carry.begun - end)

    def _timed(
        self, segment: Segment, duration: float, following: Segment | None, carry: Carry
    ) -> tuple[Passage, Carry]:
        placements: list[Placement] = []
        dropped: list[Dropped] = []
        lead, spoken = self._lead(segment, carry, placements)
        begun = carry.begun - lead
        end = written = self._frames(duration)
        lane = _Lane(spoken, self._breath)
        exact, sliding = [], []
        for cue in segment.cues:
            if cue.role in _EXACT:
                exact.append(cue)
            elif cue.role in WINDOW:
                sliding.append(cue)
        room = max(0, spoken + self._breath)
        words, need, must, absorbed = room, 0, False, None
        if segment.absorbs_lead:
            words += self._opening_words(sliding)
            need = self._lead_length(following) if following is not None and following.duration is not None else 0
            must = any(cue.role is Role.INTRO for cue in sliding)
            exact = self._counted(segment, exact, words + need, ALWAYS_COUNTED if need and not must else 0, dropped)
        if need:
            counted = self._frames(max((duration - c.at for c in exact if c.role is Role.COUNTDOWN), default=0.0))
            if (words if must else room) + need + counted > end:
                end = words + need + counted
            absorbed = -counted - need
            lane.take(end + absorbed, end - counted)
        if len(exact) + len(sliding) < len(segment.cues):
            for cue in segment.cues:
                if cue.role is Role.TICK:
                    what = self._what(cue)
                    at = self._frames(cue.at)
                    placements.append(Placement(at, at + self._lengths.frames(what), what, cue.role, segment.index))
        self._place_exact(segment, exact, end - written, lane, placements)
        for cue in sorted(sliding, key=_rank):
            wanted = self._frames(cue.at) + (end - written if cue.from_end else 0)
            self._place_sliding(segment, cue, wanted, end, begun, lane, placements, dropped)
        placements.sort(key=_START)
        dropped.sort(key=_START)
        passage = Passage(segment.index, segment.chapter, 0, end, tuple(placements), tuple(dropped), lead)
        return passage, Carry(lane.end - end, absorbed, begun - end)

    def _what(self, cue: Cue, at: int = 0, begun: int = 0) -> Content:
        """What is heard of a cue at a frame; ``begun`` is the one at which the session began."""
        what = cue.what
        if not isinstance(what, StatedTime):
            return what
        from voicecoach.timeline.stated import stated  # brings the words of a language

        return stated(what, at / self._rate, (at - begun) / self._rate)

    def _opening_words(self, sliding: list[Cue]) -> int:
        """Frames of the words with which a rest opens, a breath behind each."""
        said = (self._what(cue) for cue in sliding if cue.role in (Role.ANNOUNCE, Role.INTRO) and cue.at == 0)
        return sum(self._lengths.frames(what) + self._breath for what in said)

    def _counted(
        self, segment: Segment, exact: list[Cue], earliest: int, always: int, dropped: list[Dropped]
    ) -> list[Cue]:
        """Numbers from the frame on at which a rest has said its words, but so many in any case."""
        numbers = [cue for cue in exact if cue.role is Role.COUNTDOWN]
        gone = [cue for cue in numbers[: max(0, len(numbers) - always)] if self._frames(cue.at) < earliest]
        if segment.countdown:
            why = "the words before it need the time"
            dropped += [Dropped(self._frames(cue.at), self._what(cue), cue.role, segment.index, why) for cue in gone]
        return [cue for cue in exact if cue not in gone]

    def _lead_length(self, segment: Segment) -> int:
        """Frames from the start of a segment's lead to the start of its clock, its own countdown included."""
        if not segment.lead and not segment.lead_in:
            return 0
        spoken = sum(self._lengths.frames(self._what(cue)) + self._breath for cue in segment.lead)
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
            what = self._what(cue, 0, carry.begun - start)
            ends = at + self._lengths.frames(what)
            placements.append(Placement(at - start, ends - start, what, cue.role, segment.index))
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
        """Countdowns and tones keep their sample; a number too long for its moment becomes a tone."""
        starts = [self._frames(cue.at) + (stretch if cue.from_end else 0) for cue in cues]
        for cue, at, later in zip_longest(cues, starts, starts[1:]):
            what = self._what(cue)
            length = self._lengths.frames(what)
            if not isinstance(what, Sound):
                crowded = later is not None and at + length > later
                if crowded or not lane.free(at, at + length):
                    what = Sound("countdown")
                    length = self._lengths.frames(what)
            lane.take(at, at + (min(length, self._tone) if type(what) is Sound else length))
            placements.append(Placement(at, at + length, what, cue.role, segment.index))

    def _place_sliding(
        self,
        segment: Segment,
        cue: Cue,
        wanted: int,
        end: int,
        begun: int,
        lane: _Lane,
        placements: list[Placement],
        dropped: list[Dropped],
    ) -> None:
        slack = WINDOW[cue.role] if cue.slack is None else cue.slack
        what, at = self._what(cue, wanted, begun), None
        for _ in range(_REWORDINGS):
            length = self._lengths.frames(what)
            at = lane.fit(wanted, length, wanted + self._frames(slack))
            if at is None or (fitting := self._what(cue, at, begun)) == what:
                break
            what = fitting
        if at is None:
            why = f"its moment is taken, and no gap opens within {units.format_duration(slack)}"
            if cue.slack is not None:
                why += ", after which it would not be true"
        elif (cue.role in _WITHIN_STEP or (segment.absorbs_lead and wanted < end)) and at + length > end:
            why = "it would run past the end of its step"
        elif cue.role is Role.AT and wanted < end <= at:
            why = "its moment is taken until the step has ended"
        else:
            lane.take(at, at + length)
            placements.append(Placement(at, at + length, what, cue.role, segment.index, at - wanted))
            return
        dropped.append(Dropped(wanted, what, cue.role, segment.index, why))


def _rank(cue: Cue) -> int:
    return _RANK[cue.role]


_START = itemgetter(0)
"""Where a placement, or what was dropped, starts: its first field."""
