"""Listens for a noise while a session plays, and knows what of it the session makes itself."""

from __future__ import annotations

import atexit
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import log, units
from voicecoach.errors import MicrophoneError
from voicecoach.play.microphone import Hears, Microphone, Opener
from voicecoach.play.sinks.base import Sink, Source
from voicecoach.sound.echo import Echo
from voicecoach.sound.onset import Detector, Level

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from voicecoach.sound.clip import Samples

LOST_AFTER = 1.0
"""Seconds without a sample, after which the microphone has gone away."""
SLOW_START = 5
"""How many times longer it may take to begin."""
MUTED_AFTER = 3.0
"""Seconds of nothing but zeros, after which it is muted: a room is never so quiet."""
TRY_AGAIN = 0.5
"""Seconds between two attempts to open it again."""
_GOODBYE = 2.0
"""Seconds given to it to close."""


def default_microphone(hears: Hears, rate: int, name: str | None = None, again: Microphone | None = None) -> Microphone:
    """The ``Opener`` of this machine's microphones, which is costly to import."""
    from voicecoach.play.capture import open_microphone

    return open_microphone(hears, rate, name, again)


class Listener:
    """Tells of each noise that the microphone hears, from ``start`` to ``close``; nothing that it hears is kept.

    ``told`` is called from a thread of its own with the moment at which the noise began, on the monotonic clock.
    ``device`` names a microphone, or a part of its name, None the default one; ``microphone`` opens it. A thread opens
    it, judges what it hears, notices when it has gone away, and opens it again as soon as it can.
    """

    def __init__(
        self,
        device: str | None = None,
        *,
        rate: int = units.SAMPLE_RATE,
        told: Callable[[float], None],
        microphone: Opener = default_microphone,
        clock: Callable[[], float] = time.monotonic,
        lost_after: float = LOST_AFTER,
        try_again: float = TRY_AGAIN,
    ) -> None:
        self._device = device
        self._rate = rate
        self._told = told
        self._opener = microphone
        self._clock = clock
        self._lost_after = lost_after
        self._try_again = try_again
        self._echo = Echo(rate)
        self._detector = Detector(rate, self._echo)
        self._level = self._detector.level
        self._overheard: _Overheard | None = None
        self._heard: queue.SimpleQueue[_Block] = queue.SimpleQueue()
        """What the microphone hears, until it is judged."""
        self._turn = 0
        """Counts the microphones; what one that was given up still hears is not listened to."""
        self._last = 0.0
        self._begun = False
        self._zeros = 0
        self._lost = False
        self._error: BaseException | None = None
        self._opened = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="microphone", daemon=True)

    @property
    def lost(self) -> bool:
        """Whether the microphone has gone away; it keeps trying to come back by itself."""
        return self._lost

    @property
    def muted(self) -> bool:
        """Whether it hears nothing at all, not even the room."""
        return self._zeros > MUTED_AFTER * self._rate

    @property
    def learnt(self) -> bool:
        """Whether the room is known, so that a noise can be told from it."""
        return self._detector.learnt

    def level(self) -> Level:
        """How loud it is now, in the room as a rule, and what would be a noise."""
        return self._level

    def start(self) -> None:
        """Begins to listen. Raises MicrophoneError where there is nothing to listen with."""
        _started.add(self)
        self._thread.start()
        self._opened.wait(threading.TIMEOUT_MAX)
        if self._error is not None:
            self.close()
            raise self._error

    def overhear(self, sink: Sink) -> Sink:
        """The same sink; what is played on it from now on is known, so that it is not taken for a noise."""
        self._overheard = _Overheard(sink)
        return self._overheard

    def close(self) -> None:
        """Listens no more. Safe to call twice."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_GOODBYE)
        _started.discard(self)

    def _keep(self) -> None:
        try:
            microphone = self._open(None)
        except BaseException as error:  # handed to the thread that starts
            self._error = error
            return
        finally:
            self._opened.set()
        try:
            while not self._closing.is_set():
                self._listen()
                if self._clock() - self._last > self._lost_after * (1 if self._begun else SLOW_START):
                    log.record("the microphone has heard nothing for %.1f s: lost", self._clock() - self._last)
                    self._lost = True
                    self._turn += 1
                    microphone.close()
                    microphone = self._find_again(microphone)
        finally:
            microphone.close()

    def _find_again(self, microphone: Microphone) -> Microphone:
        while not self._closing.wait(self._try_again):
            self._follow()
            try:
                return self._open(microphone)
            except MicrophoneError:
                continue
        return microphone

    def _open(self, again: Microphone | None) -> Microphone:
        turn, self._begun, self._zeros, self._last = self._turn, False, 0, self._clock()
        self._detector.relearn()

        def hears(samples: npt.NDArray[np.float32]) -> None:
            position = None if self._overheard is None else self._overheard.played()
            self._heard.put(_Block(turn, self._clock(), position, samples))

        return self._opener(hears, self._rate, self._device, again)

    def _listen(self) -> None:
        """Judges what is heard next; waits for it, but not for ever."""
        try:
            block = self._heard.get(timeout=self._lost_after / 4)
        except queue.Empty:
            block = None
        self._follow()
        if block is None or block.turn != self._turn:
            return
        self._last = block.moment
        self._begun, self._lost = True, False
        if not block.samples.any():  # nobody hears that: it tells nothing of the room
            self._zeros += len(block.samples)
            return
        self._zeros = 0
        noises = self._detector.hear(block.samples, block.position)
        self._level = self._detector.level
        for noise in noises:
            self._told(block.moment + noise / self._rate)

    def _follow(self) -> None:
        """Takes note of what was played meanwhile."""
        for samples in () if self._overheard is None else self._overheard.taken():
            self._echo.played(samples)


class _Block(NamedTuple):
    """What a microphone heard last at a moment, when ``position`` frames of what is played had sounded."""

    turn: int
    moment: float
    position: int | None
    samples: npt.NDArray[np.float32]


class _Overheard:
    """A sink, and what it was given lately."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._given: deque[Samples] = deque()

    def taken(self) -> list[Samples]:
        """What it was given since the last time."""
        return [self._given.popleft() for _ in range(len(self._given))]

    @property
    def live(self) -> bool:
        return self._sink.live

    def start(self, source: Source, rate: int, channels: int) -> None:
        def overheard(frames: int) -> Samples:
            samples = source(frames)
            self._given.append(samples)
            return samples

        self._sink.start(overheard, rate, channels)

    def played(self) -> int:
        return self._sink.played()

    def lost(self) -> bool:
        return self._sink.lost()

    def wait(self, seconds: float) -> bool:
        return self._sink.wait(seconds)

    def close(self) -> None:
        self._sink.close()


_started: set[Listener] = set()


@atexit.register
def _close_all() -> None:
    """A microphone that is open when the program ends would keep it from ending."""
    for listener in tuple(_started):
        listener.close()
