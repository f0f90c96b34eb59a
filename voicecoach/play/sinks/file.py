"""A sink that writes down, as a WAV file, what a listener would have heard."""

from __future__ import annotations

import threading
import time
import wave
from pathlib import Path
from typing import BinaryIO

from voicecoach.errors import SinkError
from voicecoach.play.sinks.base import Source
from voicecoach.play.sinks.completion import Completion
from voicecoach.sound import pcm

PERIOD = 0.05
"""Seconds of sound written at a time."""
_LARGEST = 2**32 - 2**16
"""Bytes that fit behind the 32-bit length of a WAV file, with room for its header."""


class FileSink:
    """Plays into a file at the pace of the clock, so that pauses and jumps are in it as they would have been heard.

    The samples are 16 bits wide. A session as a whole, at once, is what an export is for.
    """

    live = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._completion = Completion()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._written = 0

    def start(self, source: Source, rate: int, channels: int) -> None:
        """Raises SinkError where the file cannot be written."""
        try:
            file = self._path.open("wb")  # the thread closes it
        except OSError as error:
            raise SinkError(f"{self._path}: cannot be written: {error.strerror}") from error
        arguments = (file, source, rate, channels)
        self._thread = threading.Thread(target=self._run, args=arguments, name="file sink", daemon=True)
        self._thread.start()

    def _run(self, file: BinaryIO, source: Source, rate: int, channels: int) -> None:
        try:
            with file, wave.open(file, "wb") as wav:
                wav.setnchannels(channels)
                wav.setsampwidth(pcm.WIDTH)
                wav.setframerate(rate)
                self._write(wav, source, rate)
        except OSError as error:
            self._completion.fail(SinkError(f"{self._path}: cannot be written: {error.strerror}"))
        except BaseException as error:  # handed to the thread that waits
            self._completion.fail(error)
        else:
            self._completion.end()

    def _write(self, wav: wave.Wave_write, source: Source, rate: int) -> None:
        began = time.monotonic()
        period = max(1, round(PERIOD * rate))
        while not self._closing.wait(max(0.0, began + self._written / rate - time.monotonic())):
            block = source(period)
            if (self._written + block.shape[0]) * block.shape[1] * pcm.WIDTH > _LARGEST:
                raise SinkError(f"{self._path}: a WAV file holds 4 GB at most, and it is full")
            wav.writeframes(pcm.to_int16(block).tobytes())
            self._written += block.shape[0]
            if block.shape[0] < period:
                return

    def played(self) -> int:
        """Frames written so far."""
        return self._written

    def lost(self) -> bool:
        """A file that goes away is an error."""
        return False

    def wait(self, seconds: float) -> bool:
        """Waits until all is written. Raises SinkError where the file takes no more."""
        return self._thread is not None and self._completion.wait(seconds)

    def close(self) -> None:
        """Completes the file with what was written so far."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
