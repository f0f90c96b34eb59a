"""The embedded voice, and the default: espeak-ng, from the library that the package ``espeakng-loader`` carries."""

from __future__ import annotations

import functools
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import UnknownVoiceError, VoiceError, shown
from voicecoach.speech import espeak_voices, ipa
from voicecoach.speech.engine import Manner, VoiceInfo, as_written, unknown_voice
from voicecoach.store.machine import processors

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip
    from voicecoach.speech.espeak_pool import Pool
    from voicecoach.speech.espeak_voices import EspeakVoice

WORDS_A_MINUTE = 150
"""Natural speed, as espeak counts; measured it is 155 to 160, the speed of audiobooks. Espeak's own 175 is hurried for
instructions, and no better understood."""
_SLOWEST, _FASTEST = 80, 450
_PITCHES = ((0.68, 0), (0.80, 25), (1.0, 50), (1.29, 75), (1.68, 100))
"""What espeak's pitch does to the voice's own, measured on nine voices."""
_MOST_JOBS = 4
_LIBRARY = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}.get(sys.platform, "libespeak-ng.so")
_REMEDY = 'reinstall it with "pip install --force-reinstall espeakng-loader", or choose another engine'


class EspeakEngine:
    """Espeak-ng, in processes of its own.

    A voice is called by its language tag (``en-gb``), and with a variant ``en-gb+f3``; the identifier (``gmw/en-US``)
    and the long name ("English (America)") find it too. Speed is bounded to 80 to 450 words a minute, pitch to
    two thirds and five thirds of the voice's own.
    """

    name = "espeak"
    ipa = True

    def __init__(self) -> None:
        self.jobs = min(_MOST_JOBS, processors() + 1)  # while a line is levelled here, the next is spoken there
        self._folder = _installed_at()
        self._starting = threading.Lock()
        self._started: Pool | None = None

    def version(self, voice: VoiceInfo) -> str:
        """Another library is another version, however it came there."""
        try:
            about = self._library.stat()
        except OSError as error:
            raise VoiceError(f"{self._library}: there is no espeak-ng for this system: {_REMEDY}") from error
        return f"1-{about.st_size}-{about.st_mtime_ns}"

    def available(self) -> str | None:
        """Starts the library and lets it speak."""
        try:
            self.speak("a", self.default_voice("en"), Manner())
        except VoiceError as error:
            return str(error) if _REMEDY in str(error) else f"{error}: {_REMEDY}"
        return None

    def voices(self) -> tuple[VoiceInfo, ...]:
        """One a language and region; each can also be had in a variant."""
        try:
            return tuple(_info(name, voice) for name, voice in self._voices.items())
        except VoiceError:
            return ()

    def default_voice(self, language: str) -> VoiceInfo:
        """The nearest region's voice."""
        found = espeak_voices.best(self._voices, language)
        if found is None:
            raise UnknownVoiceError(
                f'espeak speaks no "{language}" ("voicecoach voices" lists the languages it speaks)'
            )
        return _info(found, self._voices[found])

    def find_voice(self, name: str) -> VoiceInfo:
        """By tag, identifier or long name, in any case, with or without ``+VARIANT``."""
        base, plus, variant = name.strip().partition("+")
        found = espeak_voices.named(self._voices, base.strip())
        if found is None:
            raise unknown_voice(self.name, base, list(self._voices))
        return _info(found, self._voices[found], self._variant(found, variant) if plus else "")

    def start(self, voice: VoiceInfo, lines: int) -> None:
        """Starts its processes."""
        self._pool.start(self._identifier(voice), lines)

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        """The same samples for the same text every time. A process that crashes is replaced once."""
        import numpy as np

        from voicecoach.sound.clip import mono
        from voicecoach.sound.pcm import from_int16
        from voicecoach.speech.espeak_worker import REQUEST

        # What follows a NUL would be lost.
        plain = _with_phonemes(text).replace("\0", " ").encode("utf-8", "ignore")
        request = REQUEST.pack(_words_a_minute(manner.rate), _pitch(manner.pitch), round(100 * manner.volume)) + plain
        try:
            rate, pcm = self._pool.speak(self._identifier(voice), request)
        except VoiceError as error:
            raise VoiceError(f"{shown(text)}: {error}") from error
        return mono(from_int16(np.frombuffer(pcm, "=i2")), rate)

    def phonemes(self, text: str, voice: VoiceInfo) -> str:
        """What it would say, in IPA, with ``^`` within sounds of two letters. Raises VoiceError."""
        from voicecoach.speech.espeak_worker import REQUEST

        request = REQUEST.pack(0, 0, 0) + text.replace("\0", " ").encode("utf-8", "ignore")
        return self._pool.speak(self._identifier(voice), request)[1].decode("utf-8", "replace")

    def close(self) -> None:
        """Ends its processes."""
        if self._started is not None:
            self._started.close()

    @property
    def _library(self) -> Path:
        return self._installed / _LIBRARY

    @property
    def _data(self) -> Path:
        return self._installed / "espeak-ng-data"

    @property
    def _installed(self) -> Path:
        if self._folder is None:
            raise VoiceError(f"the package espeakng-loader is missing: {_REMEDY}")
        return self._folder

    @functools.cached_property
    def _voices(self) -> dict[str, EspeakVoice]:
        try:
            found = espeak_voices.read(self._data)
        except OSError as error:
            raise VoiceError(f"the voices of espeak cannot be read: {error.strerror}: {error.filename}") from error
        if not found:
            raise VoiceError(f"{self._data}: holds no voices: {_REMEDY}")
        return found

    @property
    def _pool(self) -> Pool:
        from voicecoach.speech.espeak_pool import Pool

        with self._starting:
            if self._started is None:
                self._started = Pool(self._library, self._data, self.jobs)
            return self._started

    def _identifier(self, voice: VoiceInfo) -> str:
        """What the library calls a voice."""
        key, plus, variant = voice.name.partition("+")
        known = self._voices.get(key)
        if known is None:
            raise unknown_voice(self.name, voice.name, list(self._voices))
        return known.identifier + plus + variant

    def _variant(self, key: str, variant: str) -> str:
        """The variant as its file is written, which is how espeak finds it."""
        try:
            known = {file.name.casefold(): file.name for file in (self._data / "voices" / "!v").iterdir()}
        except OSError as error:
            raise VoiceError(f"the voices of espeak cannot be read: {error.strerror}: {error.filename}") from error
        if variant.casefold() not in known:
            raise unknown_voice(self.name, f"{key}+{variant}", [f"{key}+{name}" for name in sorted(known)])
        return known[variant.casefold()]


def _info(key: str, voice: EspeakVoice, variant: str = "") -> VoiceInfo:
    return VoiceInfo(
        engine=EspeakEngine.name,
        name=f"{key}+{variant}" if variant else key,
        language=as_written(voice.tag),
        label=f"{voice.label}, {variant}" if variant else voice.label,
        licence="GPL-3.0-or-later",
    )


def _with_phonemes(text: str) -> str:
    """Where a stop follows phonemes, a new line has to tell espeak that it ends a sentence: it would say "dot"."""
    return ipa.replaced(text, _named).replace("]]. ", "]].\n") if ipa.OPEN in text else text


def _named(phonemes: str) -> str:
    """Phonemes by espeak's own names."""
    return f"[[{ipa.espeak(phonemes)}]]"


def _words_a_minute(rate: float) -> int:
    return max(_SLOWEST, min(_FASTEST, round(WORDS_A_MINUTE * rate)))


def _pitch(pitch: float) -> int:
    import numpy as np

    factors, values = zip(*_PITCHES, strict=True)
    return round(float(np.interp(pitch, factors, values)))


def _installed_at() -> Path | None:
    spec = find_spec("espeakng_loader")
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None
