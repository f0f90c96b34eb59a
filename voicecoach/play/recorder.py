"""Records one line after the other with a microphone that stays open; only between ``begin`` and ``end`` is it kept."""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from voicecoach import units
from voicecoach.errors import MicrophoneError
from voicecoach.play.listener import LOST_AFTER, SLOW_START, default_microphone
from voicecoach.play.microphone import Microphone, Opener

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    import numpy.typing as npt

    from voicecoach.sound.take import Ending

    Mono = npt.NDArray[np.float32]

LOST = "the microphone has gone away: plug it in again, and go on with the next line that is missing"
_ROOM_BLOCKS = 100
"""How many blocks of what was heard last, mostly of 20 ms, tell how loud the room is."""


class Recorder:
    """Hears from ``__enter__`` to ``__exit__``, mono at ``rate`` hertz. Not for several threads at once.

    ``device`` names a microphone, or a part of its name, None the default one; ``microphone`` opens it.
    """

    def __init__(
        self,
        device: str | None = None,
        *,
        rate: int = units.SAMPLE_RATE,
        microphone: Opener = default_microphone,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self._device = device
        self._opener = microphone
        self._clock = clock
        self._blocks: queue.SimpleQueue[Mono] = queue.SimpleQueue()
        self._kept: list[Mono] | None = None
        self._ending: Ending | None = None
        self._room: deque[float] = deque(maxlen=_ROOM_BLOCKS)
        self._level = -120.0
        self._last = 0.0
        self._begun = False
        self._open: Microphone | None = None

    def __enter__(self) -> Self:
        """Begins to hear. Raises MicrophoneError where there is nothing to record with."""
        self._last = self._clock()
        self._open = self._opener(self._blocks.put, self.rate, self._device)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()

    def level(self) -> float:
        """How loud it is now, in dB. Raises MicrophoneError where nothing is heard any more."""
        self._take_in()
        return self._level

    def begin(self) -> None:
        """From now on what is heard is kept."""
        from voicecoach.sound import take

        self._take_in()
        self._ending = take.Ending(self.rate, take.room(self._room))
        self._kept = []

    def said(self) -> bool:
        """Whether the line was said: a voice was heard since ``begin``, and then nothing for a second."""
        self._take_in()
        return self._ending is not None and self._ending.over

    def end(self) -> Mono:
        """What was heard since ``begin``, −1 to 1; it is kept no longer."""
        import numpy as np

        self._take_in()
        kept, self._kept, self._ending = self._kept or [], None, None
        return np.concatenate(kept) if kept else np.zeros(0, np.float32)

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """What is heard meanwhile, as our own sound, tells nothing of the room."""
        self._take_in()
        yield
        while not self._blocks.empty():
            self._blocks.get()
            self._last = self._clock()

    def _take_in(self) -> None:
        from voicecoach.sound import take

        now = self._clock()
        while not self._blocks.empty():
            block = self._blocks.get()
            self._last = now
            self._begun = True
            self._level = take.level(block)
            if self._kept is None or self._ending is None:
                self._room.append(self._level)
            else:
                self._kept.append(block)
                self._ending.hear(block)
        if now - self._last > LOST_AFTER * (1 if self._begun else SLOW_START):
            raise MicrophoneError(LOST)
