"""What a microphone hears in a room: noises, and what is none. All of it is made here, from a seed, at 44.1 kHz."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from voicecoach.sound.echo import Echo
from voicecoach.sound.onset import Detector

RATE = 44_100
BLOCK = 882
"""Samples that come at a time, as from a microphone."""
AHEAD = 7056
"""Samples by which what is played was given to a device before it sounds."""
Mono = npt.NDArray[np.float32]


def room(seconds: float, level: float, seed: int = 0) -> Mono:
    """Pink noise, as of a street through a window; ``level`` in dB."""
    frames = round(seconds * RATE)
    generator = np.random.default_rng(seed)
    hertz = np.fft.rfftfreq(frames, 1 / RATE)
    spectrum = generator.normal(size=len(hertz)) + 1j * generator.normal(size=len(hertz))
    return _at(np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, 20)), frames), level)


def fan(seconds: float, level: float, seed: int = 0) -> Mono:
    """A hum with its overtones, and air, that swells and falls twice a second."""
    times = np.arange(round(seconds * RATE)) / RATE
    hum = sum(np.sin(2 * np.pi * 97 * n * times + n) / n for n in range(1, 12))
    return _at((hum / 3 + room(seconds, 0, seed)) * (1 + 0.3 * np.sin(2 * np.pi * 2 * times)), level)


def music(seconds: float, level: float, seed: int = 0) -> Mono:
    """Chords under drums, 120 beats a minute."""
    generator = np.random.default_rng(seed)
    frames = round(seconds * RATE)
    times = np.arange(frames) / RATE
    played = 0.05 * np.sign(np.sin(2 * np.pi * np.outer((220, 277, 330), times))).sum(axis=0)
    for beat in range(int(seconds * 2)):
        _add(played, beat * RATE // 2, 0.5 * np.sin(2 * np.pi * 60 * times[:8820]) * _falling(0.2, 0.06))
        _add(played, beat * RATE // 2 + RATE // 4, 0.15 * generator.normal(size=2205) * _falling(0.05, 0.02))
    return _at(played, level)


def talk(seconds: float, level: float, seed: int = 0) -> Mono:
    """Somebody talks: four syllables a second, voiced and hissing by turns."""
    generator = np.random.default_rng(seed)
    times = np.arange(round(seconds * RATE)) / RATE
    voiced = sum(np.sin(2 * np.pi * 130 * n * times + n) / n for n in range(1, 40))
    said = voiced * np.clip(np.sin(2 * np.pi * 4 * times), 0, 1)
    said = said + 0.2 * generator.normal(size=len(times)) * np.clip(-np.sin(2 * np.pi * 4 * times), 0, 1) ** 4
    return _at(said, level)


def clap(peak: float = 0.5, seed: int = 0) -> Mono:
    """Hands, and what a room adds."""
    generator = np.random.default_rng(seed)
    hands = generator.normal(size=RATE // 4) * (_falling(0.25, 0.01) + 0.1 * _falling(0.25, 0.06))
    return np.asarray(hands / np.abs(hands).max() * peak, np.float32)


def knock(peak: float = 0.5, seed: int = 0) -> Mono:
    """Knuckles on a floor."""
    times = np.arange(RATE // 4) / RATE
    wood = sum(np.sin(2 * np.pi * hertz * times) * _falling(0.25, 0.04) for hertz in (180, 420, 790, 1300))
    wood = wood + 0.5 * np.random.default_rng(seed).normal(size=len(times)) * _falling(0.25, 0.004)
    return np.asarray(wood / np.abs(wood).max() * peak, np.float32)


def shout(peak: float = 0.5, seconds: float = 0.5) -> Mono:
    """ "Hey": rises within a twentieth of a second."""
    times = np.arange(round(seconds * RATE)) / RATE
    voice = sum(np.sin(2 * np.pi * 240 * n * times + n * n) / n**0.7 for n in range(1, 25))
    voice = voice * np.minimum(1, times / 0.05) * np.minimum(1, (seconds - times) / 0.1)
    return np.asarray(voice / np.abs(voice).max() * peak, np.float32)


def with_noises(heard: Mono, *noises: tuple[float, Mono]) -> Mono:
    """What is heard, and in it noises at their seconds."""
    both = heard.copy()
    for at, noise in noises:
        _add(both, round(at * RATE), noise)
    return both


def through_a_room(played: Mono, delay: float, level: float, echoes: float, seed: int = 0) -> Mono:
    """What comes of it in a microphone: so many seconds later, ``level`` dB louder, with so many seconds of echoes."""
    frames = round(echoes * RATE)
    tail = np.random.default_rng(seed).normal(size=frames) * np.exp(-6.9 * np.arange(frames) / max(1, frames)) * 0.03
    answer = np.concatenate([np.zeros(round(delay * RATE)), [1.0], tail]) * 10 ** (level / 20)
    size = 1 << 19
    heard = np.zeros(len(played) + len(answer) + size, dtype=np.float32)
    spectrum = np.fft.rfft(answer, size)
    step = size - len(answer)
    for start in range(0, len(played), step):
        part = played[start : start + step]
        heard[start : start + size] += np.fft.irfft(np.fft.rfft(part, size) * spectrum, size).astype(np.float32)
    return heard[: len(played)]


def noises_in(heard: Mono, own: Mono | None = None, block: int = BLOCK) -> list[float]:
    """The seconds at which noises are heard; ``own`` is what is played meanwhile."""
    echo = Echo(RATE)
    detector = Detector(RATE, echo)
    given, found = 0, []
    for start in range(0, len(heard), block):
        samples = heard[start : start + block]
        end = start + len(samples)
        if own is not None:
            echo.played(own[given : end + AHEAD, None])
            given = end + AHEAD
        found += [(end + noise) / RATE for noise in detector.hear(samples, None if own is None else end)]
    return found


def near(found: Iterable[float], wanted: Sequence[float]) -> bool:
    """Whether those are found that were wanted, to within 30 ms, and no others."""
    found = list(found)
    return len(found) == len(wanted) and all(abs(a - b) < 0.03 for a, b in zip(found, wanted, strict=True))


def _falling(seconds: float, half: float) -> npt.NDArray[np.float64]:
    return np.asarray(np.exp(-np.arange(round(seconds * RATE)) / RATE / half), np.float64)


def _add(to: npt.NDArray[np.floating], at: int, noise: npt.NDArray[np.floating]) -> None:
    part = noise[: max(0, len(to) - at)]
    to[at : at + len(part)] += part.astype(to.dtype)


def _at(samples: npt.NDArray[np.floating], level: float) -> Mono:
    return np.asarray(samples / np.sqrt(np.mean(np.square(samples))) * 10 ** (level / 20), np.float32)
