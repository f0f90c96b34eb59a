"""Lines become clips here: spoken, trimmed, levelled, at the session's sample rate, and kept.

What is kept is 16-bit PCM, and a line just spoken goes through the same 16 bits, so that a cold cache and a warm one
give the same samples.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue

import numpy as np

from voicecoach import cache as content
from voicecoach import loudness, units
from voicecoach.cache import Cache
from voicecoach.clip import Clip, Samples
from voicecoach.errors import UnknownVoiceError, VoiceError
from voicecoach.speech.engine import EVERY_LANGUAGE, Manner, VoiceInfo, primary
from voicecoach.speech.parts import parts, shown
from voicecoach.speech.registry import Voice
from voicecoach.timeline import Line

KIND = "line"
"""Kind of the cache's entries that are spoken lines."""

_PROCESSING = (1, loudness.TARGET_LUFS, loudness.CEILING_DBTP)
"""Whatever makes other samples of the same speech; the number goes up when it is none of the others."""
_HELD_BYTES = 16 * 1024 * 1024
_FULL_SCALE = 32768.0
_LOCKS = 64
_POLL_SECONDS = 0.1


class Speaker:
    """Speaks lines in one voice; may be used from several threads at once.

    A line in another language than the one the voice was chosen for is spoken by the same engine's best voice for
    that language, where it has one. Clips are mono at ``rate`` hertz, and a line's clip is always as long
    as ``frames`` said. The voice's volume scales them after levelling.
    """

    def __init__(self, voice: Voice, cache: Cache, rate: int = units.SAMPLE_RATE) -> None:
        self.voice = voice
        self.rate = rate
        self._cache = cache
        self._lock = threading.Lock()
        self._one_at_a_time = tuple(threading.Lock() for _ in range(_LOCKS))
        self._infos: dict[str, VoiceInfo] = {}
        self._frames: dict[Line, int] = {}
        self._held: OrderedDict[Line, Clip] = OrderedDict()
        self._held_bytes = 0

    def frames(self, line: Line) -> int:
        """Length of the line's clip, in frames. Raises VoiceError."""
        known = self._frames.get(line)
        return self.clip(line).frames if known is None else known

    def clip(self, line: Line) -> Clip:
        """The line as it is heard. Raises VoiceError where it cannot be spoken."""
        with self._one_at_a_time[hash(line) % _LOCKS]:
            with self._lock:
                if line in self._held:
                    self._held.move_to_end(line)
                    return self._held[line]
            samples = self._kept_or_spoken(line)
            if self.voice.manner.volume != 1.0:
                samples *= np.float32(self.voice.manner.volume)
            samples = _fitted(samples, self._frames.get(line))
            samples.flags.writeable = False
            clip = Clip(samples, self.rate)
            self._hold(line, clip)
            return clip

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
        pool = ThreadPoolExecutor(max(1, jobs or self.voice.engine.jobs), thread_name_prefix="speaker")
        # not concurrent.futures.wait: an interrupt in it can leave futures locked, and their threads waiting for ever
        spoken: SimpleQueue[Future[int]] = SimpleQueue()
        try:
            for line in wanted:
                pool.submit(self.frames, line).add_done_callback(spoken.put)
            for done in range(1, len(wanted) + 1):
                _next(spoken).result()
                if progress is not None:
                    progress(done, len(wanted))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            self.voice.engine.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _kept_or_spoken(self, line: Line) -> Samples:
        info = self._info(line.language)
        engine, manner = self.voice.engine, self.voice.manner
        spoken_by = (info.engine, engine.version(info), info.name, manner.rate, manner.pitch)
        key = content.key(KIND, *spoken_by, line.text, self.rate, *_PROCESSING)
        kept = self._cache.get(key)
        if kept is None:
            kept = self._spoken(line.text, info)
            self._cache.put(key, kept)
        samples = np.frombuffer(kept, "<i2").astype(np.float32)
        samples /= np.float32(_FULL_SCALE)
        return samples.reshape(-1, 1)

    def _spoken(self, text: str, info: VoiceInfo) -> bytes:
        """16-bit little-endian PCM."""
        pieces = [
            np.zeros((units.to_frames(part, self.rate), 1), np.float32)
            if isinstance(part, float)
            else self._said(part, info).samples
            for part in parts(text)
        ]
        whole = np.concatenate(pieces) if pieces else np.zeros((0, 1), np.float32)
        pcm = np.clip(np.rint(whole * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1)
        return bytes(pcm.astype("<i2").tobytes())

    def _said(self, text: str, info: VoiceInfo) -> Clip:
        """Trimmed and levelled at the engine's own rate, which mostly has fewer samples than the session's."""
        manner = Manner(rate=self.voice.manner.rate, pitch=self.voice.manner.pitch)
        trimmed = loudness.trim(self.voice.engine.speak(text, info, manner))
        if not trimmed.frames:
            raise VoiceError(f'the voice {info.name} of {info.engine} says nothing for "{shown(text)}"')
        return _resampled(loudness.level(trimmed), self.rate)

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

    def _hold(self, line: Line, clip: Clip) -> None:
        with self._lock:
            self._held[line] = clip
            self._held_bytes += clip.samples.nbytes
            self._frames.setdefault(line, clip.frames)
            while self._held_bytes > _HELD_BYTES:
                _, oldest = self._held.popitem(last=False)
                self._held_bytes -= oldest.samples.nbytes


def _next(spoken: SimpleQueue[Future[int]]) -> Future[int]:
    """Without a timeout Ctrl-C would not be seen on Windows until a line is done."""
    while True:
        try:
            return spoken.get(timeout=_POLL_SECONDS)
        except Empty:
            continue


def _fitted(samples: Samples, frames: int | None) -> Samples:
    """At the length that was said of them: an engine may speak a line that was lost a little differently."""
    if frames is None or len(samples) == frames:
        return samples
    return np.concatenate((samples[:frames], np.zeros((max(0, frames - len(samples)), 1), np.float32)))


def _resampled(clip: Clip, rate: int) -> Clip:
    """The clip, mono, at ``rate`` hertz."""
    if clip.rate == rate:
        return clip
    import av

    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(clip.samples.reshape(1, -1)), format="flt", layout="mono")
    frame.sample_rate = clip.rate
    resampler = av.AudioResampler("flt", "mono", rate)
    blocks = [block.to_ndarray() for given in (frame, None) for block in resampler.resample(given)]
    return Clip(np.concatenate(blocks, axis=1).astype(np.float32).reshape(-1, 1), rate)
