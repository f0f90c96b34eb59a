"""Lines become clips here: spoken, trimmed, levelled, at the session's sample rate, and kept.

What is kept is 16-bit PCM, and a line just spoken goes through the same 16 bits, so that a cold cache and a warm one
give the same samples. How long a kept line is, and what its samples follow from, is known without computing them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from voicecoach import log, units
from voicecoach.errors import UnknownVoiceError
from voicecoach.speech.engine import EVERY_LANGUAGE, Manner, VoiceInfo, primary
from voicecoach.speech.registry import ChosenVoice
from voicecoach.store import cache as content
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Line

if TYPE_CHECKING:
    from concurrent.futures import Future
    from queue import SimpleQueue

    from voicecoach.sound.clip import Clip

KIND = "line"
"""Kind of the cache's entries that are spoken lines."""

HELD_BYTES = 16 * 1024 * 1024
"""Most bytes of lines kept in memory."""
_PROCESSING = 3
"""Goes up whenever the same speech comes to other samples: another loudness, another trimming or resampling."""
_BYTES_PER_FRAME = 2
_LOCKS = 64
_POLL_SECONDS = 0.1


class Speaker:
    """Speaks lines in one voice; may be used from several threads at once.

    A line in another language than the one the voice was chosen for is spoken by the same engine's best voice for
    that language, where it has one. Clips are mono at ``rate`` hertz, and a line's clip is always as long
    as ``frames`` said. The voice's volume scales them after levelling.
    """

    def __init__(self, voice: ChosenVoice, cache: Cache, rate: int = units.SAMPLE_RATE) -> None:
        self.voice = voice
        self.rate = rate
        self.cache = cache
        self._lock = threading.Lock()
        self._one_at_a_time = tuple(threading.Lock() for _ in range(_LOCKS))
        self._infos: dict[str, VoiceInfo] = {}
        self._keys: dict[Line, str] = {}
        self._frames: dict[Line, int] = {}
        self._held: OrderedDict[Line, bytes] = OrderedDict()
        self._held_bytes = 0

    def frames(self, line: Line) -> int:
        """Length of the line's clip, in frames. Raises VoiceError."""
        known = self._frames.get(line)
        if known is None:
            self._pcm(line)
            known = self._frames[line]
        return known

    def clip(self, line: Line) -> Clip:
        """The line as it is heard; not to be written to. Raises VoiceError where it cannot be spoken."""
        from voicecoach.speech import finish

        pcm = self._pcm(line)
        return finish.clip(pcm, self.rate, self.voice.manner.volume, self._frames[line])

    def identity(self, line: Line) -> str:
        """What the line's samples follow from, wherever and whenever it is spoken; its length goes with it."""
        return f"{self._key(line)} {self.voice.manner.volume}"

    def keeps(self, line: Line) -> bool:
        """Whether the line has been spoken before and is kept. Raises VoiceError."""
        return line in self._frames or self._kept(line) is not None

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

        jobs = max(1, jobs or self.voice.engine.jobs)
        self.voice.engine.start(self._info(lines[0].language), min(jobs, len(lines)))
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
            self.voice.engine.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _pcm(self, line: Line) -> bytes:
        """The line's samples before its volume: held, kept, or spoken and then kept."""
        with self._one_at_a_time[hash(line) % _LOCKS]:
            with self._lock:
                if line in self._held:
                    self._held.move_to_end(line)
                    return self._held[line]
            pcm = self._kept(line)
            if pcm is None:
                from voicecoach.speech import finish

                manner = Manner(rate=self.voice.manner.rate, pitch=self.voice.manner.pitch)
                info = self._info(line.language)
                pcm = finish.pcm(self.voice.engine, line.text, info, manner, self.rate)
                self.cache.put(self._key(line), pcm)
                self._hold(line, pcm)
            return pcm

    def _kept(self, line: Line) -> bytes | None:
        """From the cache."""
        pcm = self.cache.get(self._key(line))
        if pcm is not None:
            self._hold(line, pcm)
        return pcm

    def _key(self, line: Line) -> str:
        key = self._keys.get(line)
        if key is None:
            info = self._info(line.language)
            manner = self.voice.manner
            spoken_by = (info.engine, self.voice.engine.version(info), info.name, manner.rate, manner.pitch)
            key = self._keys[line] = content.key(KIND, *spoken_by, line.text, self.rate, _PROCESSING)
        return key

    def _info(self, language: str) -> VoiceInfo:
        voice = self.voice
        chosen_for = voice.language or voice.info.language
        if EVERY_LANGUAGE in (chosen_for, voice.info.language) or primary(chosen_for) == primary(language):
            return voice.info
        if language not in self._infos:
            try:
                self._infos[language] = voice.engine.default_voice(language)
            except UnknownVoiceError:
                self._infos[language] = voice.info
        return self._infos[language]

    def _hold(self, line: Line, pcm: bytes) -> None:
        with self._lock:
            self._frames.setdefault(line, len(pcm) // _BYTES_PER_FRAME)
            if line not in self._held:
                self._held[line] = pcm
                self._held_bytes += len(pcm)
            while self._held_bytes > HELD_BYTES:
                self._held_bytes -= len(self._held.popitem(last=False)[1])


def _next(spoken: SimpleQueue[Future[int]]) -> Future[int]:
    """Without a timeout Ctrl-C would not be seen on Windows until a line is done."""
    from queue import Empty

    while True:
        try:
            return spoken.get(timeout=_POLL_SECONDS)
        except Empty:
            continue
