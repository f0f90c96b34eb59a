"""What is about to be heard, ready to be taken."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.mixer import Mixer
from voicecoach.sound.clip import Samples

AHEAD = 30.0
"""Seconds that are kept ready: longer than any voice takes for the lines in them."""
_BLOCK = 1.0
_FIRST_BLOCK = 0.1
"""Seconds rendered at a time; little while little is ready, so that the first sound does not wait."""
_GOODBYE = 2.0
"""Seconds given to a voice that is still speaking when all is over."""


def start_of(arrangement: Arrangement, segment: int) -> int:
    """The frame at which a segment begins to be heard: where its lead starts, or its clock if it has none."""
    passage = arrangement.passages[segment]
    return min(passage.start, *(placement.start for placement in passage.placements[:1]), passage.end)


class Ahead:
    """Arranges, speaks and mixes in a thread of its own, so that taking frames never waits for a voice.

    ``changed`` guards everything here and is notified when more is ready; its holder may call every method.
    """

    def __init__(self, arrangement: Arrangement, first: int) -> None:
        self.changed = threading.Condition()
        self.position: int | None = None
        """The frame of the session that is taken next; None while it is not known yet where a jump leads."""
        self.target: int | None = first
        """The segment that is being jumped to."""
        self.ready = 0
        """Frames that can be taken now."""
        self.length: int | None = None
        """Frames of the whole session, once its end was reached."""
        self.error: BaseException | None = None
        self._arrangement = arrangement
        self._blocks: deque[Samples] = deque()
        self._jumps = 0
        self._complete = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    @property
    def over(self) -> bool:
        """Whether nothing more can become ready."""
        return self._complete or self._closing or self.error is not None

    def start(self) -> None:
        """Begins to make frames ready."""
        self._thread.start()

    def jump(self, segment: int) -> None:
        """Goes on from where a segment begins; one behind the last is the end of the session."""
        with self.changed:
            self._blocks.clear()
            self.ready = 0
            self.target, self.position = segment, None
            self._jumps += 1
            self._complete = False
            self.changed.notify_all()

    def take(self, frames: int) -> Samples:
        """The next frames, float32 of shape (frames, channels); fewer where fewer are ready."""
        with self.changed:
            taken: list[Samples] = [np.zeros((0, self._arrangement.channels), dtype=np.float32)]
            missing = frames
            while missing and self._blocks:
                block = self._blocks.popleft()
                if block.shape[0] > missing:
                    self._blocks.appendleft(block[missing:])
                    block = block[:missing]
                taken.append(block)
                missing -= block.shape[0]
            count = frames - missing
            self.ready -= count
            if self.position is not None:
                self.position += count
            self.changed.notify_all()
            return np.concatenate(taken)

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
        mixer = Mixer(self._arrangement)
        rate = self._arrangement.rate
        enough = round((AHEAD - _BLOCK) * rate)
        while True:
            with self.changed:
                self.changed.wait_for(
                    lambda: self._closing or self.target is not None or (self.ready < enough and not self._complete)
                )
                if self._closing:
                    return
                target, jumps = self.target, self._jumps
                size = round((_BLOCK if self.ready > _BLOCK * rate else _FIRST_BLOCK) * rate)
            if target is not None:
                mixer.seek(self._frame_of(target))
            at = mixer.position
            block = mixer.read(size)
            with self.changed:
                if self._jumps != jumps:
                    continue
                if target is not None:
                    self.target, self.position = None, at
                if block.shape[0]:
                    self._blocks.append(block)
                self.ready += block.shape[0]
                self._complete = block.shape[0] < size
                if self._complete:
                    self.length = mixer.position
                self.changed.notify_all()

    def _frame_of(self, segment: int) -> int:
        if segment < len(self._arrangement.passages):
            return start_of(self._arrangement, segment)
        return self._arrangement.frames
