"""Turns an arrangement into samples, block by block."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Clips, Passage, Placement
from voicecoach.sound.clip import Audio, Samples
from voicecoach.timeline.model import MusicBed, Sound

DUCK_ATTACK = 0.25
"""Seconds over which music gives way before speech starts."""
DUCK_RELEASE = 0.6
"""Seconds over which music comes back after speech."""
DUCK_BRIDGE = 1.5
"""Between lines closer than so many seconds music stays low."""
KNEE = np.float32(0.7586)
"""−2.4 dBFS, just above the peaks of a levelled clip: up to here samples stay as they are."""
CEILING = np.float32(0.8414)
"""−1.5 dBFS: no sample goes beyond it, so that true peaks stay below −1 dBTP where a tone falls on a line."""

_Curve = npt.NDArray[np.float32]


def mix(placements: Iterable[Placement], clips: Clips, start: int, end: int) -> Samples:
    """Frames ``start`` up to ``end`` of what is placed there, mono, without music: the same samples as a mixer's.

    For a single island; ``placements`` in any order.
    """
    samples = np.zeros((end - start, 1), dtype=np.float32)
    for placement in sorted(placements, key=lambda placement: placement.start):
        _add(samples, start, placement, clips.clip(placement.what))
    return _soften(samples)


class PassageMixer:
    """The samples of passages that are appended as they are placed, pulled in blocks of any size.

    Passages come in order, each where it is to be heard, counted in frames of what is pulled; what was to come can be
    cut off. Each sample depends on the passages and its own place alone. What has sounded is dropped, so that memory
    stays the same however long it lasts. Not for several threads at once.
    """

    def __init__(self, clips: Clips, rate: int, bed: MusicBed | None = None) -> None:
        """Raises AudioFileError where a file of the bed is no music."""
        self._clips = clips
        self._bed = None if bed is None else _Bed(bed, rate)
        self._rewind()

    def _rewind(self) -> None:
        self._position = 0
        self._reached = -1
        """Where the last passage starts: nothing that is appended can begin before it."""
        self._end = 0
        """The end of all that was appended."""
        self._finished = False
        self._pending: deque[Placement] = deque()
        self._sounding: list[tuple[Placement, Audio]] = []
        if self._bed is not None:
            self._bed.rewind()

    @property
    def position(self) -> int:
        """The frame that ``read`` gives next."""
        return self._position

    @property
    def channels(self) -> int:
        """2 under music, otherwise 1."""
        return 1 if self._bed is None else 2

    def lacks(self, frames: int) -> bool:
        """Whether passages have to be appended before so many frames can be read.

        What belongs to a passage begins no earlier than the passage before it, which may be there already.
        """
        foresight = 0 if self._bed is None else self._bed.foresight
        return not self._finished and self._reached < self._position + frames + foresight

    def append(self, passage: Passage) -> None:
        """Takes in the next passage."""
        self._reached = passage.start
        self._end = max(self._end, passage.end, max((placement.end for placement in passage.placements), default=0))
        placements = [placement for placement in passage.placements if placement.end > self._position]
        if self._pending and placements and placements[0].start < self._pending[-1].start:
            self._pending = deque(sorted([*self._pending, *placements], key=lambda placement: placement.start))
        else:
            self._pending.extend(placements)
        if self._bed is not None:
            self._bed.give_way(passage.placements, self._position)

    def finish(self) -> None:
        """No more passages come: it ends where the last one does."""
        self._finished = True

    def cut(self, frame: int) -> None:
        """Takes back all that would sound from ``frame`` on, and goes on from there, which may be a little way back."""
        self._pending = deque(one._replace(end=min(one.end, frame)) for one in self._pending if one.start < frame)
        self._sounding = [(one._replace(end=min(one.end, frame)), clip) for one, clip in self._sounding]
        self._sounding = [sounding for sounding in self._sounding if sounding[0].end > frame]
        self._position = self._end = frame
        self._reached = -1
        self._finished = False
        if self._bed is not None:
            self._bed.cut(frame)

    def read(self, frames: int) -> Samples:
        """The next frames, float32 of shape (frames, channels), fewer at the end."""
        start, end = self._take_in(frames)
        samples = np.zeros((end - start, self.channels), dtype=np.float32)
        if self._bed is not None:
            samples += self._bed.read(start, end, self._end if self._finished else None)
        return _soften(samples) if self._add_clips(samples, start) or self._bed is not None else samples

    def read_apart(self, frames: int) -> tuple[Samples, Samples | None]:
        """As ``read``, the voice and all other clips apart from the music, and neither softened: see ``blended``."""
        start, end = self._take_in(frames)
        samples = np.zeros((end - start, self.channels), dtype=np.float32)
        self._add_clips(samples, start)
        if self._bed is None:
            return samples, None
        return samples, self._bed.read(start, end, self._end if self._finished else None)

    def _take_in(self, frames: int) -> tuple[int, int]:
        """From where to where it is read; what sounds there is at hand then."""
        start, end = self._position, self._position + frames
        if self._finished:
            end = max(start, min(end, self._end))
        while self._pending and self._pending[0].start < end:
            placement = self._pending.popleft()
            if placement.end > max(start, placement.start):
                self._sounding.append((placement, self._clips.clip(placement.what)))
        self._position = end
        return start, end

    def _add_clips(self, samples: Samples, start: int) -> bool:
        """Adds what sounds from frame ``start`` on; whether anything did."""
        sounded = bool(self._sounding) and samples.size > 0
        for placement, clip in self._sounding:
            _add(samples, start, placement, clip)
        self._sounding = [sounding for sounding in self._sounding if sounding[0].end > self._position]
        return sounded


def blended(voice: Samples, music: Samples | None) -> Samples:
    """Voice and music as they are heard together: nothing clips."""
    return _soften(voice.copy() if music is None else voice + music)


class Mixer(PassageMixer):
    """The samples of an arrangement, pulled in blocks of any size, from any frame on.

    Passages are asked for in their order and only as far as the frames that were read need them.
    """

    def __init__(self, arrangement: Arrangement) -> None:
        """Raises AudioFileError where a file of the arrangement's bed is no music."""
        self._passages = arrangement.passages
        super().__init__(arrangement.clips, arrangement.rate, arrangement.bed)

    def _rewind(self) -> None:
        super()._rewind()
        self._next = 0

    def read(self, frames: int) -> Samples:
        """The next frames, float32 of shape (frames, channels), fewer at the session's end."""
        while self.lacks(frames):
            if self._next == len(self._passages):
                self.finish()
            else:
                self.append(self._passages[self._next])
                self._next += 1
        return super().read(frames)

    def seek(self, frame: int) -> None:
        """Goes on from ``frame``; beyond the session's end there is nothing to read."""
        frame = max(0, frame)
        if frame < self._position:
            self._rewind()
        self._position = frame


class _Bed:
    """MusicStream with its gain: faded at the session's ends, ducked under speech along a curve known in advance."""

    def __init__(self, bed: MusicBed, rate: int) -> None:
        from voicecoach.sound.music import MusicStream  # the decoder is costly to import, and few sessions have music

        self._music = MusicStream(bed.files, rate)
        ducked = units.gain(-bed.duck)
        self._gain = np.float32(units.gain(bed.gain))
        self._fade = units.to_frames(bed.fade, rate)
        self._bridge = units.to_frames(DUCK_BRIDGE, rate)
        self._down = _ramp(ducked, units.to_frames(DUCK_ATTACK, rate))
        self._up = _ramp(ducked, units.to_frames(DUCK_RELEASE, rate))[::-1]
        self._low = np.float32(ducked)
        self._speech: deque[tuple[int, int]] = deque()

    @property
    def foresight(self) -> int:
        """How many frames ahead speech, or the session's end, can make itself felt."""
        return max(self._bridge, self._fade)

    def rewind(self) -> None:
        """Back to the start of a session."""
        self._speech = deque()

    def cut(self, frame: int) -> None:
        """No speech is known from ``frame`` on."""
        self._speech = deque((start, min(end, frame)) for start, end in self._speech if start < frame)

    def give_way(self, placements: Iterable[Placement], position: int) -> None:
        """Takes in where more speech lies that can be felt from ``position`` on; near lines become one stretch."""
        known = [stretch for stretch in self._speech if self._felt(stretch[1], position)]
        more = [(start, end) for start, end, what, *_ in placements if end > start and not isinstance(what, Sound)]
        self._speech = deque()
        for start, end in sorted(known + [stretch for stretch in more if self._felt(stretch[1], position)]):
            if self._speech and start - self._speech[-1][1] < self._bridge:
                self._speech[-1] = self._speech[-1][0], max(end, self._speech[-1][1])
            else:
                self._speech.append((start, end))

    def _felt(self, end: int, position: int) -> bool:
        return end + self._up.size + self._bridge > position

    def read(self, start: int, end: int, length: int | None) -> Samples:
        """Frames ``start`` up to ``end`` of a session whose length is None as long as its end is far."""
        curve = np.full(end - start, self._gain, dtype=np.float32)
        while self._speech and not self._felt(self._speech[0][1], start):
            self._speech.popleft()
        for first, last in self._speech:
            if first - self._down.size >= end:
                break
            _scale(curve, start, first - self._down.size, self._down)
            curve[max(0, first - start) : max(0, last - start)] *= self._low
            _scale(curve, start, last, self._up)
        if start < self._fade:
            curve *= _smooth(np.arange(start, end) / self._fade)
        if length is not None and end > length - self._fade:
            curve *= _smooth(np.arange(length - start, length - end, -1) / self._fade)
        self._music.seek(start)
        return self._music.read(end - start) * curve[:, None]


def _add(samples: Samples, start: int, placement: Placement, clip: Audio) -> None:
    """Adds what of a placement falls into ``samples``, which begin at frame ``start``."""
    first = max(start, placement.start)
    last = min(start + samples.shape[0], placement.end, placement.start + clip.frames)
    if first >= last:
        return
    part = clip.part(first - placement.start, last - placement.start)
    samples[first - start : last - start] += part if placement.gain == 1.0 else part * np.float32(placement.gain)


def _soften(samples: Samples) -> Samples:
    """Bends what is above the knee, so that nothing clips.

    The curve is a hyperbola with slope 1 at the knee. It needs no more than the four operations, which give the same
    result wherever in a block a sample lies.
    """
    height = np.abs(samples)
    if height.max(initial=0.0) > KNEE:
        loud = height > KNEE
        room = CEILING - KNEE
        over = (height[loud] - KNEE) / room
        samples[loud] = np.copysign(KNEE + room * (over / (1 + over)), samples[loud])
    return samples


def _scale(curve: _Curve, start: int, at: int, ramp: _Curve) -> None:
    """Multiplies what of ``ramp``, laid at frame ``at``, falls into ``curve``, which begins at ``start``."""
    first, last = max(start, at), min(start + curve.size, at + ramp.size)
    if first < last:
        curve[first - start : last - start] *= ramp[first - at : last - at]


def _ramp(factor: float, frames: int) -> _Curve:
    """From 1 down to ``factor``, as half a cosine in decibels."""
    return np.asarray(factor ** (0.5 - 0.5 * np.cos(np.pi * np.arange(frames) / max(1, frames))), dtype=np.float32)


def _smooth(share: npt.NDArray[np.float64]) -> _Curve:
    """0 up to 1 with level ends, for shares of a fade; 1 beyond it."""
    share = np.minimum(share, 1.0)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float32)
