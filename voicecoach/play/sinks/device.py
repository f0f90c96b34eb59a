"""The sound device."""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from voicecoach import log
from voicecoach.errors import SinkError
from voicecoach.play.sinks.base import Source
from voicecoach.play.sinks.completion import Completion
from voicecoach.play.sinks.device_clock import DeviceClock
from voicecoach.play.sinks.unplayed import Stretch, UnplayedFrames

if TYPE_CHECKING:
    from voicecoach.play.backends import Device
    from voicecoach.play.sinks.miniaudio import Fill

LEAD_IN = 0.08
"""Seconds of silence before the first frame: an idle PulseAudio sink swallows up to 60 ms."""
LATENCY = 0.1
"""Seconds by which a device may play later than the time since it took the frames tells."""
LOST_AFTER = 1.0
"""Seconds without being asked for frames, after which the device has gone away."""
SLOW_START = 5
"""How many times longer a device may take to begin: headphones that have to wake up do."""
_BEGUN = 3
"""Requests after which it has begun: before, it has only filled its buffer."""
TRY_AGAIN = 0.5
"""Seconds between two attempts to open a device again."""
_GOODBYE = 2.0
"""Seconds given to a device to close; some never do."""
_SAMPLE = 4
"""Bytes of a float32."""

Clock = Callable[[], float]


class OpenDevice(Protocol):
    """A device as this sink sees it."""

    def close(self) -> None:
        """Stops it."""
        ...


class Opener(Protocol):
    """Opens the device of that name, or the default one; ``again`` is the one used before. Raises SinkError."""

    def __call__(
        self, fill: Fill, rate: int, channels: int, device: str | None = None, again: OpenDevice | None = None
    ) -> OpenDevice: ...


def devices() -> tuple[Device, ...]:
    """Every device that can play: its name, and what it is reached through."""
    from voicecoach.play.sinks import miniaudio

    return miniaudio.devices()


def _open_device(
    fill: Fill, rate: int, channels: int, device: str | None = None, again: OpenDevice | None = None
) -> OpenDevice:
    from voicecoach.play.sinks import miniaudio

    return miniaudio.open_device(
        fill, rate, channels, device, again if isinstance(again, miniaudio.MiniaudioDevice) else None
    )


class DeviceSink:
    """Plays on a sound device, and holds its place while there is none.

    A thread of its own opens the device, notices when it has gone away, and opens it again as soon as it can; what was
    not heard before is heard then. Sound that has become late because the device ran dry is put right by leaving out
    silence. ``lost_after`` and ``try_again`` are in seconds.
    """

    live = True

    def __init__(
        self,
        device: str | None = None,
        *,
        opener: Opener = _open_device,
        clock: Clock = time.monotonic,
        lost_after: float = LOST_AFTER,
        try_again: float = TRY_AGAIN,
    ) -> None:
        self._device = device
        self._opener = opener
        self._clock = clock
        self._lost_after = lost_after
        self._try_again = try_again
        self._completion = Completion()
        self._opened = Completion()
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="sound device", daemon=True)
        self._filling = threading.Lock()
        self._turn = 0
        """Counts the devices; one that was given up and still asks for frames gets none."""
        self._books = threading.Lock()
        """Guards ledger and pace; never held while the source is asked."""
        self._unplayed = UnplayedFrames()
        self._again: deque[Stretch] = deque()
        """What the next device plays first."""
        self._given = 0
        self._taken = 0
        self._played = 0
        self._source_ended = False
        self._ends_at: int | None = None
        """The device's frame behind the last one of the source."""
        self._asked = 0.0
        """When the device last asked for frames."""
        self._requests = 0
        """Of this device."""
        self._lost = False

    def start(self, source: Source, rate: int, channels: int) -> None:
        """Opens the device and plays. Raises SinkError where there is none, UnknownOutputError where not that one."""
        self._source = source
        self._rate = rate
        self._channels = channels
        self._lead_in = round(LEAD_IN * rate)
        self._device_clock = DeviceClock(rate)
        _started.add(self)
        self._keeper.start()
        self._opened.wait(threading.TIMEOUT_MAX)

    def played(self) -> int:
        """Frames of the source that have been heard, as far as the time since the last ones tells."""
        with self._books:
            if not self._lost and self._given:
                heard = self._unplayed.source_frame(self._device_clock.heard(self._clock()))
                self._played = max(self._played, heard or 0)
            return self._played

    def lost(self) -> bool:
        """Whether the device has gone away."""
        return self._lost

    def wait(self, seconds: float) -> bool:
        """Waits until the source has ended and has been heard. Raises what the source raised."""
        return self._completion.wait(seconds)

    def close(self) -> None:
        """Closes the device."""
        self._closing.set()
        if self._keeper.is_alive():
            self._keeper.join(_GOODBYE)
        _started.discard(self)

    def _keep(self) -> None:
        try:
            self._keep_open()
        except BaseException as error:  # handed to the threads that start and wait
            self._opened.fail(error)
            self._completion.fail(error)

    def _keep_open(self) -> None:
        """Opens the device, watches it, opens it again: all in one thread, as it is not made for several."""
        card = self._open(None)
        self._opened.end()
        while not self._closing.wait(self._lost_after / 4):
            if self._gone():
                log.record("the device has not asked for sound for %.1f s: lost", self._clock() - self._asked)
                self._lose()
                card.close()
                card = self._find_again(card)
        card.close()

    def _gone(self) -> bool:
        patience = self._lost_after * (1 if self._requests >= _BEGUN else SLOW_START)
        return not self._filling.locked() and self._clock() - self._asked > patience

    def _find_again(self, card: OpenDevice) -> OpenDevice:
        while not self._closing.wait(self._try_again):
            with contextlib.suppress(SinkError):
                return self._open(card)
        return card

    def _open(self, again: OpenDevice | None) -> OpenDevice:
        self._asked = self._clock()
        turn = self._turn
        card = self._opener(lambda frames: self._fill(frames, turn), self._rate, self._channels, self._device, again)
        self._lost = False
        return card

    def _lose(self) -> None:
        """What the device was given and has not played yet, the next one will."""
        with self._filling, self._books:
            self._lost = True
            self._turn += 1
            unheard = self._unplayed.unheard(self._device_clock.heard(self._asked) - round(LATENCY * self._rate))
            self._again.extendleft(reversed(unheard))
            self._unplayed = UnplayedFrames()
            self._device_clock = DeviceClock(self._rate)
            self._given = self._requests = 0
            self._ends_at = None
            self._lead_in = round(LEAD_IN * self._rate)

    def _fill(self, frames: int, turn: int) -> bytes:
        """What the device plays next; called from its own thread, where an exception would only be silence."""
        try:
            with self._filling:
                return b"" if turn != self._turn else self._next(frames)
        except BaseException as error:  # handed to the thread that waits
            self._source_ended = True
            self._completion.fail(error)
            return b""

    def _next(self, frames: int) -> bytes:
        stretches: list[Stretch] = []
        missing = frames
        if self._lead_in:
            stretches.append(Stretch(self._taken, min(self._lead_in, missing), None))
            self._lead_in -= stretches[-1].frames
            missing -= stretches[-1].frames
        while missing and (self._again or not self._source_ended):
            head = self._from_again(missing) if self._again else self._from_source(missing)
            stretches.append(head)
            missing -= head.frames
        if missing:
            self._ends_at = self._given + frames - missing if self._ends_at is None else self._ends_at
            stretches.append(Stretch(self._taken, missing, None))
        self._book(frames, stretches)
        silence = bytes(_SAMPLE * self._channels)
        return b"".join(part.frames * silence if part.data is None else part.data for part in stretches)

    def _from_again(self, frames: int) -> Stretch:
        head = self._again.popleft()
        if head.frames > frames:
            head, rest = head.split(frames)
            self._again.appendleft(rest)
        return head

    def _from_source(self, frames: int) -> Stretch:
        """The next frames of the source, less what silence can be left out while all is late."""
        block = self._source(frames)
        self._source_ended = len(block) < frames
        if self._device_clock.late and not block.any():
            left_out = min(self._device_clock.late, len(block))
            self._device_clock.settle(left_out)
            self._taken += left_out
            block = block[left_out:]
        first = self._taken
        self._taken += len(block)
        return Stretch(first, len(block), block.tobytes())

    def _book(self, frames: int, stretches: list[Stretch]) -> None:
        with self._books:
            for stretch in stretches:
                self._unplayed.add(stretch)
            self._asked = self._clock()
            self._device_clock.given(frames, self._asked)
            self._given += frames
            self._requests += 1
            heard = self._device_clock.heard(self._asked) - round(LATENCY * self._rate)
            self._unplayed.forget(heard)
            if self._ends_at is not None and heard >= self._ends_at:
                self._completion.end()


_started: set[DeviceSink] = set()


@atexit.register
def _close_all() -> None:
    """A device that still plays when the program ends would keep it from ending."""
    for sink in tuple(_started):
        sink.close()
