"""The sounds that ship: made by their own script, and never to be mistaken for one another."""

from __future__ import annotations

import runpy
import wave
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from meters import integrated

from voicecoach.sound.clip import mono
from voicecoach.store import folders

NAMES = ("start", "end", "countdown", "halfway", "tick")


def samples(name: str) -> npt.NDArray[np.float64]:
    with wave.open(str(folders.shipped_audio() / f"{name}.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (44_100, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def power(sound: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Frequencies in hertz, and the power at each."""
    spectrum = np.abs(np.fft.rfft(sound, 1 << 16))
    return np.arange(spectrum.size) * 44_100 / (1 << 16), np.square(spectrum, dtype=np.float64)


def pitch(sound: npt.NDArray[np.float64]) -> float:
    frequencies, powers = power(sound)
    return float(frequencies[np.argmax(powers)])


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    runpy.run_path(str(folders.shipped_audio() / "make_sounds.py"))["write"](tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in folders.shipped_audio().glob("*.wav")}
    assert set(made) == {f"{name}.wav" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_each_is_safe_soft_at_its_ends_and_where_ears_are_keen(name: str) -> None:
    sound = samples(name)
    assert np.abs(sound).max() <= 10 ** (-5.9 / 20)
    assert abs(sound[0]) < 0.001
    assert abs(sound[-1]) < 0.001
    frequencies, powers = power(sound)
    assert powers[(frequencies > 800) & (frequencies < 3000)].sum() > 0.85 * powers.sum()


def test_lengths_are_as_described() -> None:
    seconds = {name: samples(name).size / 44_100 for name in NAMES}
    assert seconds["tick"] <= 0.03 < seconds["countdown"] <= 0.15 < seconds["halfway"] < seconds["end"]
    assert seconds["start"] < seconds["end"] <= 1.5


def test_start_rises_and_end_falls() -> None:
    start, end, halfway = samples("start"), samples("end"), samples("halfway")
    assert pitch(start[:4400]) * 1.2 < pitch(start[8000:])
    assert pitch(end[:6000]) > pitch(end[20_000:]) * 1.2
    assert pitch(halfway[:6000]) == pytest.approx(pitch(halfway[8000:]), rel=0.02)


def test_a_tick_is_much_quieter_than_a_tone() -> None:
    def loud(name: str) -> float:
        return integrated(mono(samples(name), 44_100))

    assert all(loud("tick") < loud(name) - 8 for name in NAMES if name != "tick")
    assert all(-24 < loud(name) < -16 for name in NAMES if name != "tick")


def test_no_two_are_alike() -> None:
    for one, other in combinations(NAMES, 2):
        first, second = samples(one), samples(other)
        longer = max(first.size, second.size)
        first, second = (np.pad(sound, (0, longer - sound.size)) for sound in (first, second))
        alike = np.correlate(first, second) / np.sqrt((first**2).sum() * (second**2).sum())
        assert abs(float(alike[0])) < 0.6, f"{one} and {other}"
