"""The sound device through simpleaudio, an extra for Python 3.11.

simpleaudio takes a finished stretch of sound and plays it at once; it has no stream that could be filled. So each
island is played by itself, when a timer says that its moment has come.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from typing import Any

from voicecoach.errors import SinkError
from voicecoach.play.sinks.base import Source
from voicecoach.play.sinks.completion import Completion
from voicecoach.sound import pcm

LIMITS = (
    "simpleaudio is archived since 2021, crashes with Python 3.12 and later, and has no ready-made package for Linux",
    "a timer starts every sound: cues are 2 to 25 ms off their place, now and then 100",
    "a pause or a jump is heard only at the next break in the sound, under music up to ten seconds later",
    "it plays on the default device alone, and a device that goes away is noticed only at the next sound",
)
"""What it cannot do, for those who may choose."""
BLOCK = 0.05
"""Seconds asked for at a time: the shortest silence that parts two islands."""
LONGEST = 10.0
"""Seconds after which an island is cut."""
EARLY = 0.2
"""Seconds before their moment at which frames are asked for."""
HELD_UP = 0.1
"""Seconds of lateness from which on the session is held rather than played as it comes."""
TRY_AGAIN = 0.5
_LAST = 0.15
"""Seconds by which a device plays later than it is told to."""
_GOODBYE = 1.0


def why_not() -> str | None:
    """Why it cannot be used here; None where it can."""
    if sys.version_info >= (3, 12):
        return "simpleaudio crashes with Python 3.12 and later, and this is a later one"
    if importlib.util.find_spec("simpleaudio") is None:
        hint = ", which needs gcc and the headers of ALSA," if sys.platform.startswith("linux") else ""
        return f'simpleaudio is not installed: pip install "voicecoach[simpleaudio]"{hint} brings it'
    return None


class SimpleaudioSink:
    """Plays island by island, each when its moment has come; ``LIMITS`` says what that costs."""

    live = False

    def __init__(self) -> None:
        self._completion = Completion()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._playing: list[Any] = []
        self._taken = 0
        self._began = 0.0
        self._played = 0
        self._lost = False

    def start(self, source: Source, rate: int, channels: int) -> None:
        """Raises SinkError where simpleaudio does not work here, or finds nothing to play on."""
        if (reason := why_not()) is not None:
            raise SinkError(f'{reason}; the output "device" needs no extra')
        import simpleaudio

        self._simpleaudio = simpleaudio
        self._source, self._rate, self._channels = source, rate, channels
        if not self._begin(bytes(round(BLOCK * rate) * channels * pcm.WIDTH)):
            raise SinkError(
                "simpleaudio found no sound device; `voicecoach export` writes a file to play elsewhere, "
                "`voicecoach doctor` tells what works here"
            )
        self._began = time.monotonic() + BLOCK
        self._thread = threading.Thread(target=self._run, name="simpleaudio", daemon=True)
        self._thread.start()

    def played(self) -> int:
        """Frames whose moment has passed, as long as there is a device."""
        if not self._lost and self._began:
            due = round((time.monotonic() - self._began) * self._rate)
            self._played = max(self._played, min(due, self._taken))
        return self._played

    def lost(self) -> bool:
        """Whether the device was gone when the last sound was to be played."""
        return self._lost

    def wait(self, seconds: float) -> bool:
        """Waits until all has been heard. Raises what the source raised."""
        return self._completion.wait(seconds)

    def close(self) -> None:
        """Stops what sounds."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(_GOODBYE)
        for sound in self._playing:
            sound.stop()
        deadline = time.monotonic() + _GOODBYE
        while self._still_playing() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _run(self) -> None:
        try:
            self._play_all()
        except BaseException as error:  # handed to the thread that waits
            self._completion.fail(error)

    def _play_all(self) -> None:
        size = round(BLOCK * self._rate)
        island, start, ended = b"", 0, False
        while not ended:
            if not island and self._until(self._taken, EARLY):
                return
            block = self._source(size)
            sounds, ended = bool(block.any()), len(block) < size
            if sounds:
                start = start if island else self._taken
                island += pcm.to_int16(block).tobytes()
            self._taken += len(block)
            if island and (ended or not sounds or self._taken - start >= LONGEST * self._rate):
                self._play(start, island)
                island = b""
        if not self._until(self._taken, -_LAST):
            self._completion.end()

    def _until(self, frame: int, early: float) -> bool:
        """Waits until so many seconds before a frame's moment; True when the sink is closed first."""
        return self._closing.wait(max(0.0, self._began + frame / self._rate - early - time.monotonic()))

    def _play(self, frame: int, island: bytes) -> None:
        """Plays an island at its moment; where there is no device, as soon as one is back, and all else later too."""
        if self._until(frame, 0):
            return
        while not self._begin(island):
            self.played()
            self._lost = True
            if self._closing.wait(TRY_AGAIN):
                return
        late = time.monotonic() - self._began - frame / self._rate
        if self._lost or late > HELD_UP:
            self._began += late
        self._lost = False

    def _begin(self, data: bytes) -> bool:
        try:
            sound = self._simpleaudio.play_buffer(data, self._channels, pcm.WIDTH, self._rate)
        except self._simpleaudio._simpleaudio.SimpleaudioError:
            return False
        self._still_playing()
        self._playing.append(sound)
        return True

    def _still_playing(self) -> list[Any]:
        self._playing = [sound for sound in self._playing if sound.is_playing()]
        return self._playing
