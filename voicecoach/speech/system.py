"""The voices of the operating system, through pyttsx3. On Linux that is espeak once more.

Each line is spoken by a short-lived process into a temporary file, which is believed only when it is complete.
"""

from __future__ import annotations

import functools
import json
import platform
import subprocess
import sys
import tempfile
import threading
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from voicecoach import units
from voicecoach.errors import AudioFileError, UnknownVoiceError, VoiceError, shown
from voicecoach.speech import system_worker
from voicecoach.speech.engine import Manner, VoiceInfo, as_written, distance, primary, unknown_voice

if TYPE_CHECKING:
    from voicecoach.sound.clip import Clip

_MISSING = 'the package pyttsx3 is missing (install it with "pip install pyttsx3")'
_JOBS = 2
_MOST_SECONDS = 30.0
_MORE_SECONDS_A_CHARACTER = 0.2
"""Some drivers take as long as the speech lasts; a slow voice has five characters a second."""
_BETTER = (".premium.", ".enhanced.", ".compact.", ".super-compact.")
"""Parts of the identifiers of macOS voices, from the best kind down; others are novelties and old ones."""


class _SystemVoice(NamedTuple):
    identifier: str
    name: str
    language: str


class SystemEngine:
    """The operating system's voices.

    Neither macOS nor Windows lets the pitch be set this way: it is changed by speaking slower or faster, and
    playing that back faster or slower.
    """

    name = "system"
    ipa = False
    jobs = _JOBS

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def version(self, voice: VoiceInfo) -> str:
        """An update of the system may bring other voices under the same names."""
        try:
            return f"1-{package_version('pyttsx3')}-{platform.system()}-{platform.version()}"
        except PackageNotFoundError:
            raise VoiceError(_MISSING) from None

    def available(self) -> str | None:
        """Asks the system for its voices."""
        try:
            package_version("pyttsx3")
            found = self._voices
        except PackageNotFoundError:
            return _MISSING
        except VoiceError as error:
            return str(error)
        return None if found else "the system has no voices (add some in its settings, under speech)"

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Every voice of the system, by its name, or by its identifier where several share a name."""
        return () if self.available() else tuple(_info(key, voice) for key, voice in self._voices.items())

    def default_voice(self, language: str) -> VoiceInfo:
        """The system's own default where it speaks the language, otherwise the best kind of voice that does."""
        spoken = [item for item in self._voices.items() if distance(item[1].language, language) < 3]
        if not spoken:
            raise UnknownVoiceError(f'the system has no voice for "{language}" (add one in its settings, under speech)')
        return _info(*min(spoken, key=lambda item: self._rank(item[1], language)))

    def find_voice(self, name: str) -> VoiceInfo:
        """By name or identifier, in any case, or by a part of the name that only one voice has."""
        wanted = name.casefold()
        for key, voice in self._voices.items():
            if wanted in (key.casefold(), voice.identifier.casefold()):
                return _info(key, voice)
        holding = [(key, voice) for key, voice in self._voices.items() if wanted in voice.name.casefold()]
        if len(holding) != 1:
            raise unknown_voice("the system", name, list(self._voices))
        return _info(*holding[0])

    def speak(self, text: str, voice: VoiceInfo, manner: Manner) -> Clip:
        """A driver that hangs is ended after half a minute, or more for long texts."""
        from voicecoach.sound import decoding
        from voicecoach.sound.clip import Clip

        known = self._voices.get(voice.name)
        if known is None:
            raise unknown_voice("the system", voice.name, list(self._voices))
        with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
            path = Path(folder) / "line.wav"
            request = {
                "text": text,
                "path": str(path),
                "voice": known.identifier,
                "rate": manner.rate / manner.pitch,
                "volume": manner.volume,
            }
            try:
                self._ask(request, _MOST_SECONDS + _MORE_SECONDS_A_CHARACTER * len(text))
                # Whatever its name says, macOS writes AIFF.
                samples = decoding.read(path, units.SAMPLE_RATE, 1).samples
                return Clip(samples, round(units.SAMPLE_RATE * manner.pitch))
            except VoiceError as error:
                raise VoiceError(f"{shown(text)}: {error}") from error
            except AudioFileError as error:
                raise VoiceError(f"{shown(text)}: the system's voice left no sound") from error

    def start(self, voice: VoiceInfo, lines: int) -> None:
        """Each line has a process of its own."""

    def close(self) -> None:
        """Ends the processes that speak."""
        with self._lock:
            for process in self._running:
                process.kill()

    @functools.cached_property
    def _voices(self) -> dict[str, _SystemVoice]:
        return _by_name(
            [
                _SystemVoice(voice["id"], voice["name"], as_written(voice["language"]))
                for voice in self._answer["voices"]
            ]
        )

    @functools.cached_property
    def _answer(self) -> dict[str, Any]:
        return self._ask({}, _MOST_SECONDS)

    def _rank(self, voice: _SystemVoice, language: str) -> tuple[bool, bool, int, int]:
        """The smaller, the better: the region asked for, the person's own choice, a near region, the kind of voice."""
        far = distance(voice.language, language)
        own = voice.identifier.casefold() == self._answer["default"].casefold()
        kind = next((place for place, part in enumerate(_BETTER) if part in voice.identifier), len(_BETTER))
        return far > 0 and primary(language) != as_written(language), not own, far, kind

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer of a process of its own. Raises VoiceError."""
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", system_worker.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            raise VoiceError(f"pyttsx3 cannot be started: {error.strerror or error}") from error
        with self._lock:
            self._running.add(process)
        try:
            with process:
                try:
                    said, complaint = process.communicate(json.dumps(request).encode(), timeout=seconds)
                except BaseException:
                    process.kill()
                    raise
            answer: dict[str, Any] = json.loads(said)
        except subprocess.TimeoutExpired:
            raise VoiceError(f"the system's voice did not finish within {seconds:.0f} seconds") from None
        except ValueError:
            reason = complaint.decode(errors="replace").strip().rpartition("\n")[2] or "it ended without an answer"
            raise VoiceError(f"the system's voice failed: {reason}") from None
        finally:
            with self._lock:
                self._running.discard(process)
        if "error" in answer:
            raise VoiceError(answer["error"])
        return answer


def _by_name(voices: list[_SystemVoice]) -> dict[str, _SystemVoice]:
    names = [voice.name for voice in voices]
    return {voice.identifier if names.count(voice.name) > 1 else voice.name: voice for voice in voices}


def _info(key: str, voice: _SystemVoice) -> VoiceInfo:
    return VoiceInfo(engine=SystemEngine.name, name=key, language=voice.language, label=voice.name)
