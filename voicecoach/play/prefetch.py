"""What is about to be heard, ready to be taken."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from voicecoach import log
from voicecoach.arrange.arrangement import Arrangement, Carry, Passage
from voicecoach.arrange.mixer import PassageMixer
from voicecoach.sound.clip import Samples

AHEAD = 30.0
"""Seconds that are kept ready: longer than any voice takes for the lines in them."""
_BLOCK = 1.0
_FIRST_BLOCK = 0.1
"""Seconds rendered at a time; little while little is ready, so that the first sound does not wait."""
_GOODBYE = 2.0
"""Seconds given to a voice that is still speaking when all is over."""


class Stems(NamedTuple):
    """A stretch of frames with the voice apart from the music, float32 of shape (frames, channels) each."""

    voice: Samples
    music: Samples | None

    @property
    def frames(self) -> int:
        """How many there are."""
        return len(self.voice)

    def part(self, start: int, end: int) -> Stems:
        """Those from ``start`` up to ``end``."""
        return Stems(self.voice[start:end], None if self.music is None else self.music[start:end])


def joined(parts: Sequence[Stems], channels: int) -> Stems:
    """One stretch of several."""
    if len(parts) == 1:
        return parts[0]
    nothing = np.zeros((0, channels), dtype=np.float32)
    music = [part.music for part in parts if part.music is not None]
    return Stems(np.concatenate([nothing, *(part.voice for part in parts)]), np.concatenate(music) if music else None)


class Placed(NamedTuple):
    """A passage in its own time, and ``start``, the frame among all that is mixed at which its clock starts.

    Since the last jump segment ``first`` was heard and all behind it; this passage begins ``elapsed`` frames later.
    """

    passage: Passage
    start: int
    first: int
    elapsed: int

    @property
    def begin(self) -> int:
        """Where it follows upon the one before."""
        return self.start - self.passage.lead

    @property
    def end(self) -> int:
        """Where its clock ends."""
        return self.start + self.passage.end

    def behind(self, passage: Passage) -> Placed:
        """The next passage, right behind this one."""
        return Placed(passage, self.end + passage.lead, self.first, self.elapsed + self.end - self.begin)


class Prefetch:
    """Places, speaks and mixes in a thread of its own, so that taking frames never waits for a voice.

    Frames are counted from the first that is taken on, through all jumps. ``changed`` guards everything here and is
    notified when more is ready; its holder may call every method, and none of them places or speaks anything.
    """

    def __init__(self, arrangement: Arrangement, first: int, into: int = 0) -> None:
        """Begins with segment ``first``, ``into`` frames after its clock has started if that is not 0."""
        self.changed = threading.Condition()
        self.position = 0
        """The frame that is taken next."""
        self.target: int | None = first
        """The segment that is being jumped to; None once its first sound is ready."""
        self.ready = 0
        """Frames that can be taken now."""
        self.error: BaseException | None = None
        self._arrangement = arrangement
        self._carry: Carry | None = None
        self._into = into
        self._blocks: deque[Stems] = deque()
        self._placed: deque[Placed] = deque()
        self._jumps = 0
        self._complete = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="prefetch", daemon=True)

    @property
    def over(self) -> bool:
        """Whether nothing more can become ready."""
        return self._complete or self._closing or self.error is not None

    def start(self) -> None:
        """Begins to make frames ready."""
        self._thread.start()

    def jump(self, segment: int, arrangement: Arrangement, carry: Carry | None = None) -> None:
        """Goes on with another segment, from its beginning; one behind the last is the end of the session.

        ``arrangement`` is what is played from there on, with the same clips and music; ``carry`` what was before it.
        """
        with self.changed:
            self._arrangement, self._carry, self._into = arrangement, carry, 0
            self._blocks.clear()
            self.ready = 0
            self.target = segment
            self._jumps += 1
            self._complete = False
            self.changed.notify_all()

    def take(self, frames: int) -> Stems:
        """The next frames; fewer where fewer are ready."""
        with self.changed:
            taken: list[Stems] = []
            missing = frames
            while missing and self._blocks:
                block = self._blocks.popleft()
                if block.frames > missing:
                    self._blocks.appendleft(block.part(missing, block.frames))
                    block = block.part(0, missing)
                taken.append(block)
                missing -= block.frames
            count = frames - missing
            self.ready -= count
            self.position += count
            self.changed.notify_all()
            return joined(taken, self._arrangement.channels)

    def at(self, frame: int, *, forget: bool = False) -> tuple[Placed | None, Placed | None]:
        """The passage that is on at a frame, from its lead on, and the one behind it, as far as they are placed.

        ``forget`` lets go of what lies before.
        """
        with self.changed:
            on = behind = None
            for behind in self._placed:
                if behind.begin > frame:
                    break
                on, behind = behind, None
            while forget and on is not None and self._placed[0] is not on:
                self._placed.popleft()
            return on, behind if behind is not None and on is not None and behind.begin == on.end else None

    def close(self) -> None:
        """Ends the thread; a voice in the middle of a line is not waited for long."""
        with self.changed:
            self._closing = True
            self.changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(_GOODBYE)

    def _run(self) -> None:
        try:
            self._render()
        except BaseException as error:  # handed to the thread that plays
            with self.changed:
                self.error = error
                self.changed.notify_all()

    def _render(self) -> None:
        arrangement = self._arrangement
        mixer = PassageMixer(arrangement.clips, arrangement.rate, arrangement.bed)
        enough = round((AHEAD - _BLOCK) * arrangement.rate)
        last: Placed | None = None
        carry: Carry | None = None
        following = jumps = into = 0
        while True:
            with self.changed:
                self.changed.wait_for(
                    lambda: self._closing or self.target is not None or (self.ready < enough and not self._complete)
                )
                if self._closing:
                    return
                if self.target is not None:
                    following, last = self.target, None
                    arrangement, carry, into = self._arrangement, self._carry, self._into
                    jumps = self._jumps
                    mixer.cut(self.position)
                size = round((_BLOCK if self.ready > _BLOCK * arrangement.rate else _FIRST_BLOCK) * arrangement.rate)
            while mixer.lacks(size) and self._jumps == jumps:
                if following == len(arrangement.passages):
                    mixer.finish()
                    break
                with log.timed("step %d placed and spoken", following + 1):
                    passage, carry = arrangement.place(following, carry)
                if last is None and into:
                    passage = _from(passage, into)
                    last = Placed(passage, mixer.position - into, following, 0)
                elif last is None:
                    last = Placed(passage, mixer.position + passage.lead, following, 0)
                else:
                    last = last.behind(passage)
                mixer.append(passage.moved(last.start))
                following += 1
                with self.changed:
                    if self._jumps == jumps:
                        self._add(last)
            if self._jumps != jumps:
                continue
            block = Stems(*mixer.read_apart(size))
            with self.changed:
                if self._jumps != jumps:
                    continue
                self.target = None
                if block.frames:
                    self._blocks.append(block)
                self.ready += block.frames
                self._complete = block.frames < size
                self.changed.notify_all()

    def _add(self, placed: Placed) -> None:
        """What was to come there before a jump does not."""
        while self._placed and self._placed[-1].begin >= placed.begin:
            self._placed.pop()
        self._placed.append(placed)


def _from(passage: Passage, frame: int) -> Passage:
    """A passage of which nothing is heard that begins before a frame of its clock."""
    return passage._replace(placements=tuple([one for one in passage.placements if one.start >= frame]))
