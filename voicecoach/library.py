"""How everything sounds that an arrangement can hold: spoken lines, recordings, and the sounds that ship."""

from __future__ import annotations

import threading
import wave
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from voicecoach import folders, loudness, units
from voicecoach.clip import Clip, mono
from voicecoach.errors import AudioFileError
from voicecoach.timeline import Content, Line, Recording, Sound

if TYPE_CHECKING:
    from voicecoach.speech.speaker import Speaker

HELD_BYTES = 16 * 1024 * 1024
"""Most bytes of recordings and sounds kept in memory; the speaker keeps its own lines."""


class Library:
    """The ``Clips`` of a session, mono at ``rate`` hertz. May be used from several threads at once.

    Recordings are brought to the loudness of speech; sounds have theirs built in.
    """

    def __init__(self, speaker: Speaker, rate: int = units.SAMPLE_RATE) -> None:
        if speaker.rate != rate:
            raise ValueError(f"a speaker at {speaker.rate} Hz cannot speak for a session at {rate} Hz")
        self.rate = rate
        self._speaker = speaker
        self._lock = threading.Lock()
        self._frames: dict[Content, int] = {}
        self._held: OrderedDict[Content, Clip] = OrderedDict()
        self._held_bytes = 0

    def frames(self, what: Content) -> int:
        """Length in frames. Raises VoiceError or AudioFileError where it cannot be heard."""
        if isinstance(what, Line):
            return self._speaker.frames(what)
        known = self._frames.get(what)
        return self.clip(what).frames if known is None else known

    def clip(self, what: Content) -> Clip:
        """The audio; not to be written to. Raises VoiceError or AudioFileError where it cannot be heard."""
        if isinstance(what, Line):
            return self._speaker.clip(what)
        with self._lock:
            if what in self._held:
                self._held.move_to_end(what)
                return self._held[what]
        clip = self._read(what)
        clip.samples.flags.writeable = False
        with self._lock:
            self._frames[what] = clip.frames
            if what not in self._held:
                self._held[what] = clip
                self._held_bytes += clip.samples.nbytes
            while self._held_bytes > HELD_BYTES:
                self._held_bytes -= self._held.popitem(last=False)[1].samples.nbytes
        return clip

    def prepare(
        self,
        contents: Iterable[Content],
        jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Makes sure that all of it can be heard, and that no line has to be spoken later.

        Speaks ``jobs`` lines at once (None: as many as the voice can). ``progress`` is called with how many contents
        are done, and of how many. Raises VoiceError or AudioFileError for the first that cannot be heard.
        """
        wanted = list(dict.fromkeys(contents))
        lines = [what for what in wanted if isinstance(what, Line)]
        others = [what for what in wanted if not isinstance(what, Line)]
        for done, what in enumerate(others, start=1):
            self.frames(what)
            if progress is not None:
                progress(done, len(wanted))

        def line_done(done: int, _: int) -> None:
            if progress is not None:
                progress(len(others) + done, len(wanted))

        self._speaker.prepare(lines, jobs, line_done)

    def _read(self, what: Recording | Sound) -> Clip:
        if isinstance(what, Recording):
            from voicecoach import decode  # costly to import, and few sessions have recordings

            return loudness.level(decode.read(what.path, self.rate, 1))
        return _sound(what.name, self.rate)


def _sound(name: str, rate: int) -> Clip:
    """Read without the decoder where the rate is right, so that play starts at once."""
    path = folders.shipped_audio() / f"{name}.wav"
    try:
        with wave.open(str(path), "rb") as file:
            if file.getframerate() == rate and file.getsampwidth() == 2 and file.getnchannels() == 1:
                pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
                return mono(pcm.astype(np.float32) / np.float32(32768), rate)
    except (OSError, EOFError, wave.Error) as error:
        raise AudioFileError(f"{path}: a sound that ships with voicecoach cannot be read ({error})") from error
    from voicecoach import decode

    return decode.read(path, rate, 1)
