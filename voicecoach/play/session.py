"""A session as it is played."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.errors import VoicecoachError
from voicecoach.play.position import Place, Trail
from voicecoach.play.prefetch import Ahead, start_of
from voicecoach.play.sinks.base import Sink
from voicecoach.sound.clip import Samples

FADE = 0.010
"""Seconds over which sound goes and comes back around a pause or a jump, so that it does not click."""
RESTART = 2.0
"""Within so many seconds from its beginning, going back from a step means the step before."""
_FIRST_SOUND = 0.5
"""Seconds for which a sound device waits for the very first frames, rather than begin with silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How a session stands.

    ``position`` is what was heard of it and ``total`` its length, in seconds; ``total`` is None until its end has been
    arranged. ``segment`` is the index of the step that is on. ``lost`` says that the device has gone away, ``ended``
    that nothing more will be heard, because of ``error`` if there is one.
    """

    position: float
    total: float | None
    segment: int
    paused: bool
    lost: bool
    ended: bool
    error: VoicecoachError | None


class Session:
    """Plays an arrangement into a sink; its methods may be called from any thread.

    The sink pulls; what it pulls was made ready before, so that it never waits for a voice. The clock of the session
    is the frames that the sink has played.
    """

    def __init__(self, arrangement: Arrangement, sink: Sink, first: int = 0) -> None:
        """``first`` is the index of the segment to begin with."""
        self._arrangement = arrangement
        self._sink = sink
        self._check(first)
        self._ahead = Ahead(arrangement, first)
        self._changed = self._ahead.changed
        self._fade = round(FADE * arrangement.rate)
        self._trail = Trail(Place(None, False, first))
        self._heard = 0
        self._fading: deque[tuple[Place, Samples]] = deque()
        self._risen = self._fade
        self._paused = False
        self._over = False
        self._chosen = first
        self._current = 0

    def start(self) -> None:
        """Begins to play. Raises SinkError where there is nothing to play on."""
        self._ahead.start()
        try:
            self._sink.start(self._read, self._arrangement.rate, self._arrangement.channels)
        except BaseException:
            self._ahead.close()
            raise

    def pause(self) -> None:
        """Falls silent and holds its place."""
        with self._changed:
            if not self._paused:
                self._fall_silent()
                self._paused = True
                self._changed.notify_all()

    def resume(self) -> None:
        """Goes on where it was paused."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def toggle(self) -> None:
        """Pauses, or goes on."""
        with self._changed:
            if self._paused:
                self.resume()
            else:
                self.pause()

    def go(self, delta: int) -> None:
        """So many steps on, or back: back from the middle of a step is first to its own beginning."""
        with self._changed:
            position = self._ahead.position
            if position is None:
                current, restarts = self._ahead.target or 0, 0
            else:
                current = self._segment_at(position, self._chosen)
                into = position - start_of(self._arrangement, current)
                restarts = int(delta < 0 and into > units.to_frames(RESTART, self._arrangement.rate))
            self._jump(min(max(0, current + delta + restarts), len(self._arrangement.passages)))

    def jump(self, segment: int) -> None:
        """Goes to where a segment begins to be heard, to its lead if it has one. Raises IndexError if there is none."""
        self._check(segment)
        with self._changed:
            self._jump(segment)

    def state(self) -> Moment:
        """How it stands now."""
        error: BaseException | None = None
        try:
            ended = self._sink.wait(0)
        except VoicecoachError as problem:
            ended, error = True, problem
        heard, lost = self._sink.played(), self._sink.lost()
        with self._changed:
            error = error or self._ahead.error
            if error is not None and not isinstance(error, VoicecoachError):
                raise error
            place = self._trail.heard(heard)
            if place.position is not None:
                self._heard = place.position
                segment = self._segment_at(place.position, place.chosen)
            else:
                segment = place.chosen
            length = self._ahead.length
            return Moment(
                position=units.to_seconds(self._heard, self._arrangement.rate),
                total=None if length is None else units.to_seconds(length, self._arrangement.rate),
                segment=min(segment, max(0, len(self._arrangement.passages) - 1)),
                paused=self._paused,
                lost=lost,
                ended=ended,
                error=error,
            )

    def wait(self, seconds: float) -> bool:
        """Waits until all has been heard, at most ``seconds``; True when it has.

        Raises what kept the session from being heard.
        """
        ended = self._sink.wait(seconds)
        if self._ahead.error is not None:
            raise self._ahead.error
        return ended

    def close(self) -> None:
        """Ends the session and closes its sink. Safe to call twice."""
        try:
            self._ahead.close()
        finally:
            self._sink.close()

    def _check(self, segment: int) -> None:
        count = len(self._arrangement.passages)
        if segment not in range(max(1, count)):
            raise IndexError(f"there is no segment {segment}: the session has {count}, counted from 0")

    def _jump(self, segment: int) -> None:
        if self._over:
            return
        if not self._paused:
            self._fall_silent()
        self._risen = 0
        self._chosen = segment
        self._ahead.jump(segment)

    def _fall_silent(self) -> None:
        """Takes the last frames before a silence, and lets them fade."""
        position = self._ahead.position
        last = self._rise(self._ahead.take(self._fade))
        if position is not None and len(last):
            down = np.linspace(1, 0, len(last), dtype=np.float32)[:, None]
            self._fading.append((Place(position, True, self._chosen), last * down))
        self._risen = 0

    def _rise(self, samples: Samples) -> Samples:
        """Lets frames after a silence come back."""
        if self._risen >= self._fade or not samples.shape[0]:
            return samples
        steps = np.arange(self._risen, self._risen + samples.shape[0], dtype=np.float32)
        self._risen += samples.shape[0]
        return samples * np.minimum(steps / self._fade, 1)[:, None]

    def _read(self, frames: int) -> Samples:
        """The source of the sink."""
        with self._changed:
            self._changed.wait_for(lambda: self._can_answer(frames), self._patience())
            parts: list[Samples] = []
            missing = frames
            while self._fading and missing:
                place, samples = self._fading.popleft()
                if len(samples) > missing:
                    self._fading.appendleft((place.after(missing), samples[missing:]))
                missing -= self._give(parts, samples[:missing], place)
            if not self._paused and missing:
                here = Place(self._ahead.position, True, self._chosen)
                missing -= self._give(parts, self._rise(self._ahead.take(missing)), here)
                self._over = missing > 0 and self._ahead.over
            if self._over:
                self._trail.add(0, Place(self._ahead.position, False, self._chosen))
            elif missing:
                silence = np.zeros((missing, self._arrangement.channels), dtype=np.float32)
                self._give(parts, silence, Place(self._ahead.position, False, self._chosen))
            return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else self._ahead.take(0)

    def _can_answer(self, frames: int) -> bool:
        fading = sum(len(samples) for _, samples in self._fading)
        return self._paused or self._ahead.over or fading + self._ahead.ready >= frames

    def _patience(self) -> float | None:
        """Seconds to wait for frames that are not ready: none in a sink that keeps time, but before the first."""
        if not self._sink.live:
            return None
        return _FIRST_SOUND if not self._trail.given else 0.0

    def _give(self, parts: list[Samples], samples: Samples, place: Place) -> int:
        """Adds frames to what the sink gets, and writes down what they are; returns how many."""
        if len(samples):
            parts.append(samples)
            self._trail.add(len(samples), place)
        return len(samples)

    def _segment_at(self, frame: int, chosen: int) -> int:
        """The segment whose clock runs at a frame, or whose lead is heard, or that was chosen and has not ended."""
        passages = self._arrangement.passages
        here = chosen < len(passages) and start_of(self._arrangement, chosen) <= frame < passages[chosen].end
        if here:
            return chosen
        index = self._current
        while index > 0 and frame < passages[index - 1].end:
            index -= 1
        while index + 1 < len(passages) and frame >= passages[index].end:
            index += 1
        self._current = index
        return index
