"""Lines become clips here: spoken, trimmed, levelled, at the session's sample rate, and kept.

What is kept is 16-bit PCM, and a line just spoken goes through the same 16 bits, so that a cold cache and a warm one
give the same samples. How long a kept line is, and what its samples follow from, is known without computing them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach import log, units
from voicecoach.errors import EngineError, SilentError, UnknownVoiceError, VoiceError
from voicecoach.speech import registry
from voicecoach.speech.engine import EVERY_LANGUAGE, Manner, primary, reads
from voicecoach.speech.held import Held
from voicecoach.speech.own_voice import OwnVoice
from voicecoach.speech.pronounce import Pronunciations
from voicecoach.speech.registry import ChosenVoice
from voicecoach.speech.utterances import is_heard
from voicecoach.store import cache as content
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Line, RecordedLine

if TYPE_CHECKING:
    from concurrent.futures import Future
    from queue import SimpleQueue

    from voicecoach.sound.clip import Clip

_AS_WRITTEN = Pronunciations()
KIND = "line"
"""Kind of the cache's entries that are spoken lines."""

HELD_BYTES = 16 * 1024 * 1024
"""Most bytes of lines in memory that the cache does not keep: to have them again they would have to be spoken again."""
KEPT_BYTES = 2 * 1024 * 1024
"""Most bytes of lines in memory that it does keep, which costs a read: more than sound within what is prefetched."""
_PROCESSING = 4
"""Goes up whenever the same speech comes to other samples: another loudness, another trimming or resampling."""
_BYTES_PER_FRAME = 2
_LOCKS = 64
_SLOWEST, _FASTEST = 0.25, 4.0
_POLL_SECONDS = 0.1


class Speaker:
    """Speaks lines in one voice; may be used from several threads at once.

    A line in another language than the one the voice was chosen for is spoken by the same engine's best voice for
    that language, where it has one, otherwise by the embedded voice for it. Clips are mono at ``rate`` hertz, and
    a line's clip is always as long as ``frames`` said. The voice's volume scales them after levelling.

    A line that a person has recorded (``recorded``) is heard as that, where it can be, and no engine is asked for it.

    A line that its voice cannot read, as one in another alphabet, is spoken by the embedded voice that can; where none
    can, it is silent and ``registry.notes`` tells so.

    Where the engine of a voice that the call itself did not ask for cannot be loaded, an embedded voice speaks all of
    its lines: no session changes its voice in the middle. Which lines there are has to be said before (``expect``).
    """

    def __init__(
        self,
        voice: ChosenVoice,
        cache: Cache,
        rate: int = units.SAMPLE_RATE,
        pronunciations: Pronunciations = _AS_WRITTEN,
        recorded: Iterable[RecordedLine] = (),
    ) -> None:
        self.voice = voice
        self.rate = rate
        self.cache = cache
        self._lock = threading.Lock()
        self._one_at_a_time = tuple(threading.Lock() for _ in range(_LOCKS))
        self._pronunciations = pronunciations
        self.own = OwnVoice(recorded, cache, rate)
        self._voices: dict[str, ChosenVoice] = {}
        self._speakers: dict[Line, ChosenVoice] = {}
        self._settling = threading.RLock()
        self._untried: dict[str, Line] = {}
        self._keys: dict[Line, str] = {}
        self._frames: dict[Line, int] = {}
        self._kept_here, self._only_here = Held(), Held()

    def frames(self, line: Line) -> int:
        """Length of the line's clip, in frames. Raises VoiceError."""
        self._settle()
        known = self._frames.get(line)
        if known is None:
            self._pcm(line)
            known = self._frames[line]
        return known

    def clip(self, line: Line) -> Clip:
        """The line as it is heard; not to be written to. Raises VoiceError where it cannot be spoken."""
        from voicecoach.speech import finish

        self._settle()
        pcm = self._pcm(line)
        return finish.clip(pcm, self.rate, self.voice.manner.volume, self._frames[line])

    def identity(self, line: Line) -> str:
        """What the line's samples follow from, wherever and whenever it is spoken; its length goes with it."""
        self._settle()
        return f"{self._key(line)} {self.voice.manner.volume}"

    def keeps(self, line: Line) -> bool:
        """Whether the line is recorded, or has been spoken before and is kept. Raises VoiceError."""
        return line in self._frames or self.own.key(line) is not None or self._kept(line) is not None

    def said(self, line: Line) -> str:
        """The line as its engine is asked to say it, with words that have a pronunciation said so."""
        return self._said(line, self.who(line))

    def who(self, line: Line) -> ChosenVoice:
        """Who speaks the line: the voice for its language, or another where that cannot read it."""
        known = self._speakers.get(line)
        if known is None:
            voice = self._voice(line.language)
            if not self._reads(voice, line):
                others = registry.others(voice, line.language)
                voice = next((other for other in others if self._reads(other, line)), voice)
            known = self._speakers[line] = voice
        return known

    def expect(self, lines: Iterable[Line]) -> None:
        """Told which lines there will be: begins to load what has to speak those that are not kept, in the background.

        Raises VoiceError where an engine cannot start.
        """
        starting: dict[str, Line] = {}
        for line in dict.fromkeys(lines):
            if self.own.key(line) is None and not self.cache.holds(self._key(line)) and is_heard(line.text):
                starting.setdefault(self.who(line).engine.name, line)
        for line in starting.values():
            voice = self.who(line)
            voice.engine.start(voice.info, 1)
        with self._settling:
            self._untried = {name: line for name, line in starting.items() if not self.who(line).asked}

    def prepare(
        self,
        lines: Iterable[Line],
        jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Speaks every line that is not kept yet, ``jobs`` at once (None: as many as the engine can use).

        ``progress`` is called in this thread with how many lines are done, and of how many. Raises VoiceError for the
        first line that cannot be spoken. Ctrl-C ends it at once, and with it what the engine keeps running.
        """
        wanted = list(dict.fromkeys(lines))
        self.expect(wanted)
        self._settle()
        missing = [line for line in wanted if not self.keeps(line)]
        done = len(wanted) - len(missing)
        log.record("%d of %d lines were kept", done, len(wanted))
        tell = progress or (lambda done, total: None)
        if done:
            tell(done, len(wanted))
        if missing:
            self._speak(missing, jobs, lambda more: tell(done + more, len(wanted)))

    def _speak(self, lines: list[Line], jobs: int | None, progress: Callable[[int], None]) -> None:
        # not concurrent.futures.wait: an interrupt in it can leave futures locked, and their threads waiting for ever
        from concurrent.futures import ThreadPoolExecutor
        from queue import SimpleQueue

        spoken_lines = [line for line in lines if self.own.key(line) is None]
        engines = {voice.engine.name: voice for voice in map(self.who, spoken_lines)}
        from voicecoach.speech import finish  # noqa: F401 - threads that import numpy at once may find half of it

        jobs = max(1, jobs or max((voice.engine.jobs for voice in engines.values()), default=1))
        for voice in engines.values():
            voice.engine.start(voice.info, min(jobs, len(spoken_lines)))
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="speaker")
        spoken: SimpleQueue[Future[int]] = SimpleQueue()
        try:
            for line in lines:
                pool.submit(self.frames, line).add_done_callback(spoken.put)
            for done in range(1, len(lines) + 1):
                _next(spoken).result()
                progress(done)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for voice in engines.values():
                voice.engine.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _pcm(self, line: Line) -> bytes:
        """The line's samples before its volume: held, kept, or spoken and then kept."""
        with self._one_at_a_time[hash(line) % _LOCKS]:
            with self._lock:
                pcm = self._kept_here.get(line) or self._only_here.get(line)
            if pcm is None and (recorded := self.own.pcm(line)) is not None:
                self._hold(line, recorded, kept=True)
                return recorded
            if pcm is None:
                pcm = self._kept(line)
            if pcm is None:
                pcm, whole = self._spoken(line)
                self._hold(line, pcm, kept=whole and self.cache.put(self._key(line), pcm))
            return pcm

    def _spoken(self, line: Line) -> tuple[bytes, bool]:
        """The line as its voice, or the first other that has sounds for it, says it; and whether it is whole."""
        voice = self.who(line)
        try:
            return self._spoken_by(voice, line), True
        except SilentError as error:
            for other in registry.others(voice, line.language):
                if self._reads(other, line):
                    try:
                        pcm = self._spoken_by(other, line)
                    except VoiceError:
                        continue
                    registry.note(f"{error}; {other.info.engine}:{other.info.name} speaks it instead")
                    return pcm, True
            registry.note(f"{error}; it is silent")
            return self._spoken_by(voice, line, may_be_silent=True), False

    def _spoken_by(self, voice: ChosenVoice, line: Line, *, may_be_silent: bool = False) -> bytes:
        from voicecoach.speech import finish

        manner = Manner(rate=self._rate(line), pitch=self.voice.manner.pitch)
        said = self._said(line, voice)
        return finish.pcm(
            voice.engine, said, voice.info, manner, self.rate, gain=line.gain, may_be_silent=may_be_silent
        )

    def _rate(self, line: Line) -> float:
        """How fast a line is said, within what every engine can."""
        return min(_FASTEST, max(_SLOWEST, self.voice.manner.rate * line.rate))

    def _said(self, line: Line, voice: ChosenVoice) -> str:
        return self._pronunciations.said(line.text, line.language, phonemes=voice.engine.ipa)

    def _reads(self, voice: ChosenVoice, line: Line) -> bool:
        return reads(voice.engine, self._said(line, voice), voice.info)

    def _kept(self, line: Line) -> bytes | None:
        """From the cache."""
        pcm = self.cache.get(self._key(line))
        if pcm is not None:
            self._hold(line, pcm, kept=True)
        return pcm

    def _key(self, line: Line) -> str:
        own = self.own.key(line)
        if own is not None:
            return own
        key = self._keys.get(line)
        if key is None:
            voice, pitch = self.who(line), self.voice.manner.pitch
            info = voice.info
            spoken_by = (info.engine, voice.engine.version(info), info.name, self._rate(line), pitch)
            louder = (line.gain,) if line.gain else ()
            key = self._keys[line] = content.key(KIND, *spoken_by, self.said(line), self.rate, _PROCESSING, *louder)
        return key

    def _voice(self, language: str) -> ChosenVoice:
        """Who speaks a language."""
        voice = self.voice
        chosen_for = voice.language or voice.info.language
        if EVERY_LANGUAGE in (chosen_for, voice.info.language) or primary(chosen_for) == primary(language):
            return voice
        if language not in self._voices:
            self._voices[language] = self._other_voice(language)
        return self._voices[language]

    def _other_voice(self, language: str) -> ChosenVoice:
        voice = self.voice
        try:
            return replace(voice, info=voice.engine.default_voice(language), language=language)
        except (UnknownVoiceError, EngineError):
            try:
                return registry.embedded(language, voice.manner)
            except UnknownVoiceError:
                return voice

    def _settle(self) -> None:
        """Before anything is heard, each engine that nobody asked for speaks a line, or another takes its place."""
        if not self._untried:
            return
        with self._settling:
            for line in self._untried.values():
                while (error := self._why_not(line)) is not None:
                    self._replace(self.who(line), line.language, error)
            self._untried = {}

    def _why_not(self, line: Line) -> EngineError | None:
        """Why nothing can be heard of the engine that has to speak a line."""
        try:
            self._pcm(line)
        except EngineError as error:
            return error
        return None

    def _replace(self, voice: ChosenVoice, language: str, error: EngineError) -> None:
        """Lets an embedded voice speak what ``voice`` cannot."""
        other = registry.embedded(voice.language, voice.manner, str(error))
        if other.engine is voice.engine and other.info == voice.info:
            raise error
        with self._lock:
            if voice is self.voice:
                self.voice = other
            else:
                self._voices[language] = other
            self._speakers.clear()
            self._keys.clear()
            self._frames.clear()
            self._kept_here.clear()
            self._only_here.clear()

    def _hold(self, line: Line, pcm: bytes, *, kept: bool) -> None:
        with self._lock:
            self._frames.setdefault(line, len(pcm) // _BYTES_PER_FRAME)
            if kept:
                self._kept_here.add(line, pcm, KEPT_BYTES)
            else:
                self._only_here.add(line, pcm, HELD_BYTES)


def _next(spoken: SimpleQueue[Future[int]]) -> Future[int]:
    """Without a timeout Ctrl-C would not be seen on Windows until a line is done."""
    from queue import Empty

    while True:
        try:
            return spoken.get(timeout=_POLL_SECONDS)
        except Empty:
            continue
