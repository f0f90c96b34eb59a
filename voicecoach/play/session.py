"""A session as it is played."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Carry, Passage
from voicecoach.arrange.arranger import BREATH
from voicecoach.arrange.mixer import blended
from voicecoach.errors import VoicecoachError
from voicecoach.play.moment import Moment
from voicecoach.play.position import Place, Position
from voicecoach.play.prefetch import AHEAD, Prefetch, Stems
from voicecoach.play.sinks.base import Sink
from voicecoach.sound.clip import Samples
from voicecoach.timeline.model import Content

FADE = 0.010
"""Seconds over which sound goes and comes back around a pause or a jump, so that it does not click."""
_FIRST_SOUND = 0.5
"""Seconds for which a sound device waits for the very first frames, rather than begin with silence."""


class _Level:
    """A gain that goes smoothly to where it is wanted."""

    def __init__(self, ramp: int) -> None:
        """``ramp`` is how many frames it takes from nothing to 1."""
        self.target = 1.0
        self._now = 1.0
        self._ramp = ramp

    def scaled(self, samples: Samples) -> Samples:
        if self._now == self.target:
            return samples if self._now == 1.0 else samples * np.float32(self._now)
        steps = np.arange(1, len(samples) + 1, dtype=np.float32) / self._ramp
        way = self.target - self._now
        gains = self._now + np.copysign(np.minimum(steps, abs(way)), way)
        self._now = (
            self.target if len(samples) >= abs(way) * self._ramp else float(gains[-1]) if len(gains) else self._now
        )
        return np.asarray(samples * gains[:, None], np.float32)


class Session:
    """Plays an arrangement into a sink; its methods may be called from any thread, and none of them waits for a voice.

    The sink pulls; what it pulls was made ready before. The clock of the session is the frames that the sink has
    played, and its position a segment and a frame in it.
    """

    def __init__(self, arrangement: Arrangement, sink: Sink, first: int = 0, into: float = 0.0) -> None:
        """``first`` is the index of the segment to begin with, ``into`` seconds after its clock has started."""
        self._arrangement = arrangement
        self._sink = sink
        self._check(first)
        self._prefetch = Prefetch(arrangement, first, units.to_frames(into, arrangement.rate))
        self._changed = self._prefetch.changed
        self._fade = round(FADE * arrangement.rate)
        self._breath = round(BREATH * arrangement.rate)
        self._position = Position(Place(None, False, first))
        self._fading: deque[tuple[Place, Samples]] = deque()
        self._risen = self._fade
        self._most = units.to_frames(AHEAD / 2, arrangement.rate)
        self._paused = False
        self._over = False
        self._chosen, self._turn = first, 0
        self._voice = _Level(self._fade)
        self._music = _Level(self._fade)
        self._signs: deque[Samples] = deque()
        self._held_back = 0
        self._moment: tuple[int, int, int, int, Passage | None, Passage | None] = (first, 0, first, 0, None, None)

    def start(self) -> None:
        """Begins to play. Raises SinkError where there is nothing to play on."""
        self._prefetch.start()
        try:
            self._sink.start(self._read, self._arrangement.rate, self._arrangement.channels)
        except BaseException:
            self._prefetch.close()
            raise

    def pause(self) -> None:
        """Falls silent and holds its place."""
        with self._changed:
            if not self._paused:
                self._fall_silent()
                self._paused = True
                self._changed.notify_all()

    def resume(self, word: Content | None = None) -> None:
        """Goes on where it was paused; ``word`` is heard before. Raises VoiceError where it cannot be spoken."""
        spoken = None if word is None else self._samples(word)
        with self._changed:
            if self._paused and spoken is not None:
                self._signs.append(spoken)
                self._held_back = len(spoken) + self._breath
            self._paused = False
            self._changed.notify_all()

    def sign(self, what: Content, gain: float = 0.0) -> None:
        """Lets something short be heard at once, over whatever is on, also in a pause; ``gain`` in dB."""
        samples = self._samples(what) * np.float32(units.gain(gain))
        with self._changed:
            self._signs.append(samples)

    def _samples(self, what: Content) -> Samples:
        clip = self._arrangement.clips.clip(what)
        return clip.part(0, clip.frames)

    def set_gains(self, voice: float, music: float) -> None:
        """How loud the voice and the music are from now on, in dB; the music is silent at −inf."""
        with self._changed:
            self._voice.target, self._music.target = units.gain(voice), units.gain(music)

    def jump(self, segment: int) -> None:
        """Goes to the beginning of a segment, its lead if it has one. Raises IndexError if there is none."""
        self._check(segment)
        self.follow(self._arrangement, segment)

    def follow(self, arrangement: Arrangement, segment: int, elapsed: int = 0) -> None:
        """Goes on with another arrangement of the same clips and music, from the beginning of a segment.

        One behind the last is the end. ``elapsed`` frames of the session came before, for lines that tell of it.
        """
        with self._changed:
            if self._over:
                return
            if not self._paused:
                self._fall_silent()
            self._risen = 0
            self._chosen, self._turn = segment, self._turn + 1
            self._held_back = 0
            self._arrangement = arrangement
            self._prefetch.jump(segment, arrangement, Carry(-self._breath, None, -elapsed) if elapsed else None)

    def state(self) -> Moment:
        """How it stands now."""
        error: BaseException | None = None
        try:
            ended = self._sink.wait(0)
        except VoicecoachError as problem:
            ended, error = True, problem
        heard, lost = self._sink.played(), self._sink.lost()
        with self._changed:
            error = error or self._prefetch.error
            if error is not None and not isinstance(error, VoicecoachError):
                raise error
            place = self._position.heard(heard)
            segment, frame, first, elapsed, passage, following = self._stands(place)
            return Moment(
                segment=segment,
                frame=frame,
                first=first,
                elapsed=elapsed,
                passage=passage,
                following=following,
                paused=self._paused,
                lost=lost,
                ended=ended,
                error=error,
                turn=place.turn,
            )

    def _stands(self, place: Place) -> tuple[int, int, int, int, Passage | None, Passage | None]:
        on, behind = (None, None) if place.at is None else self._prefetch.at(place.at, forget=True)
        if place.at is not None and on is not None:
            elapsed = on.elapsed + place.at - on.begin
            following = None if behind is None else behind.passage
            self._moment = on.passage.segment, place.at - on.start, on.first, elapsed, on.passage, following
        elif place.chosen != self._moment[0]:
            chosen = min(place.chosen, max(0, len(self._arrangement.passages) - 1))
            self._moment = chosen, 0, chosen, 0, None, None
        return self._moment

    def wait(self, seconds: float) -> bool:
        """Waits until all has been heard, at most ``seconds``; True when it has.

        Raises what kept the session from being heard.
        """
        ended = self._sink.wait(seconds)
        if self._prefetch.error is not None:
            raise self._prefetch.error
        return ended

    def close(self) -> None:
        """Ends the session and closes its sink. Safe to call twice."""
        try:
            self._prefetch.close()
        finally:
            self._sink.close()

    def _check(self, segment: int) -> None:
        count = len(self._arrangement.passages)
        if segment not in range(max(1, count)):
            raise IndexError(f"there is no segment {segment}: the session has {count}, counted from 0")

    def _fall_silent(self) -> None:
        """Takes the last frames before a silence, and lets them fade."""
        place = self._place(moving=True)
        last = self._rise(self._heard(self._prefetch.take(self._fade)))
        if len(last):
            down = np.linspace(1, 0, len(last), dtype=np.float32)[:, None]
            self._fading.append((place, last * down))
        self._risen = 0

    def _rise(self, samples: Samples) -> Samples:
        """Lets frames after a silence come back."""
        if self._risen >= self._fade or not samples.shape[0]:
            return samples
        steps = np.arange(self._risen, self._risen + samples.shape[0], dtype=np.float32)
        self._risen += samples.shape[0]
        return samples * np.minimum(steps / self._fade, 1)[:, None]

    def _read(self, frames: int) -> Samples:
        """The source of the sink; what it asks for at once may be more than is ever ready at once."""
        blocks = [self._answer(min(frames, self._most))]
        missing = frames - self._most
        while missing > 0 and blocks[-1].shape[0] == self._most:
            blocks.append(self._answer(min(missing, self._most)))
            missing -= self._most
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)

    def _answer(self, frames: int) -> Samples:
        with self._changed:
            self._changed.wait_for(lambda: self._can_answer(frames), self._patience())
            parts: list[Samples] = []
            missing = frames
            while self._fading and missing:
                place, samples = self._fading.popleft()
                if len(samples) > missing:
                    self._fading.appendleft((place.after(missing), samples[missing:]))
                missing -= self._give(parts, samples[:missing], place)
            if self._held_back and not self._paused and missing:
                held = min(missing, self._held_back)
                self._held_back -= held
                missing -= self._give(parts, self._silence(held), self._place(moving=False))
            if not self._paused and missing:
                here = self._place(moving=True)
                missing -= self._give(parts, self._rise(self._heard(self._prefetch.take(missing))), here)
                self._over = missing > 0 and self._prefetch.over
            if self._over:
                self._position.add(0, self._place(moving=False))
            elif missing:
                self._give(parts, self._silence(missing), self._place(moving=False))
            return self._with_signs(np.concatenate(parts) if parts else self._silence(0))

    def _silence(self, frames: int) -> Samples:
        return np.zeros((frames, self._arrangement.channels), dtype=np.float32)

    def _heard(self, stems: Stems) -> Samples:
        """Voice and music together, as loud as the person wants them."""
        voice, music = self._voice.scaled(stems.voice), stems.music
        return blended(voice, None if music is None else self._music.scaled(music))

    def _with_signs(self, samples: Samples) -> Samples:
        """Frames, and over them what there is of the signs; those that come together are heard together."""
        for _ in range(len(self._signs)):
            sign = self._signs.popleft()
            count = min(len(sign), len(samples))
            samples[:count] += sign[:count]
            if count < len(sign):
                self._signs.append(sign[count:])
        return samples

    def _can_answer(self, frames: int) -> bool:
        fading = sum(len(samples) for _, samples in self._fading)
        return self._paused or self._prefetch.over or fading + self._prefetch.ready >= frames

    def _patience(self) -> float | None:
        """Seconds to wait for frames that are not ready: none in a sink that keeps time, but before the first."""
        if not self._sink.live:
            return None
        return _FIRST_SOUND if not self._position.given else 0.0

    def _give(self, parts: list[Samples], samples: Samples, place: Place) -> int:
        """Adds frames to what the sink gets, and writes down what they are; returns how many."""
        if len(samples):
            parts.append(samples)
            self._position.add(len(samples), place)
        return len(samples)

    def _place(self, *, moving: bool) -> Place:
        """Of what is taken next."""
        at = None if self._prefetch.target is not None else self._prefetch.position
        return Place(at, moving, self._chosen, self._turn)
