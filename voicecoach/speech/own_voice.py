"""Lines that a person has recorded, as they are heard: levelled as spoken ones are, and kept by what the file holds."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping

from voicecoach.errors import AudioFileError, shown
from voicecoach.speech import registry
from voicecoach.store import cache as content
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Line, RecordedLine

KIND = "own"
"""Kind of the cache's entries that are recorded lines."""
_PROCESSING = 1
"""Goes up whenever the same file comes to other samples."""
_LARGEST = 64_000_000
"""Bytes of the largest file that a line is taken from."""


class OwnVoice:
    """Gives 16-bit samples, mono at ``rate`` hertz, of each line whose recording can be heard.

    One that is missing or damaged is told by ``registry.note``, once, and has none: the voice speaks the line. May be
    used from several threads at once.
    """

    def __init__(self, recorded: Iterable[RecordedLine], cache: Cache, rate: int) -> None:
        self._files: Mapping[Line, RecordedLine] = {each.line: each for each in reversed(tuple(recorded))}
        self._cache = cache
        self._rate = rate
        self._lock = threading.Lock()
        self._keys: dict[Line, str | None] = {}
        self._made: dict[Line, bytes] = {}

    def __bool__(self) -> bool:
        return bool(self._files)

    def key(self, line: Line) -> str | None:
        """What the line's recording is kept under, which follows from its content; None where none can be heard."""
        line = line.plain
        if line not in self._files:
            return None
        with self._lock:
            if line not in self._keys:
                self._keys[line] = self._looked(self._files[line])
            return self._keys[line]

    def pcm(self, line: Line) -> bytes | None:
        """Its samples, little-endian; None where no recording can be heard."""
        line = line.plain
        key = self.key(line)
        if key is None:
            return None
        with self._lock:
            made = self._made.get(line)
        if made is None and (made := self._cache.get(key)) is None:  # taken out, or damaged, since it was looked at
            with self._lock:
                self._keys[line] = self._looked(self._files[line], key)
                made = self._made.get(line)
        return made

    def notice(self) -> None:
        """Looks at every recording, so that ``registry.notes`` tells of each that cannot be heard."""
        for line in self._files:
            self.key(line)

    def _looked(self, recorded: RecordedLine, damaged: str = "") -> str | None:
        line, path = recorded
        try:
            with path.open("rb") as file:
                written = file.read(_LARGEST + 1)
            key = content.key(
                KIND, hashlib.sha256(written).hexdigest(), path.suffix, " " in line.text, self._rate, _PROCESSING
            )
            if len(written) > _LARGEST:
                raise AudioFileError(f"{path}: is far too large for a line")
            if key == damaged or not self._cache.holds(key):
                pcm = self._heard(recorded)
                if not self._cache.put(key, pcm) or damaged:
                    self._made[line] = pcm
            return key
        except OSError as error:
            reason = "is not there" if isinstance(error, FileNotFoundError) else (error.strerror or str(error)).lower()
            registry.note(f"the recording of {shown(line.text)} {reason} ({path}); the voice speaks it")
        except AudioFileError as error:
            registry.note(f"the recording of {shown(line.text)} cannot be heard ({error}); the voice speaks it")
        return None

    def _heard(self, recorded: RecordedLine) -> bytes:
        from voicecoach.sound import recordings  # costly to import, and few sessions have recordings
        from voicecoach.sound.pcm import to_int16
        from voicecoach.speech import finish

        clip = finish.finished(recordings.short(recorded.path, self._rate), recorded.line.text)
        if not clip.frames:
            raise AudioFileError(f"{recorded.path}: is silent")
        return to_int16(clip.samples).tobytes()
