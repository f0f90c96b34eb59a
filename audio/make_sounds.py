"""Makes the sounds that ship, byte for byte: ``python audio/make_sounds.py`` writes them beside this file.

Each is a row of struck notes, like a marimba's: a fundamental and a few harmonics between 800 and 3,000 Hz, where ears
are keen and wind and music are thin, a soft attack, and a decay that is faster for the higher harmonics.
"""

from __future__ import annotations

import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

RATE = 44_100
"""In hertz."""
ATTACK = 0.005
RELEASE = 0.010
"""Seconds over which a sound's end fades to nothing."""
HARMONICS = (1.0, 0.45, 0.22, 0.08)
"""Amplitudes of the fundamental and the harmonics above it."""

A5, CIS6, E6, A6 = 880.0, 1108.731, 1318.510, 1760.0


class Note(NamedTuple):
    """A pitch in hertz, struck ``at`` seconds, falling to 37 % in ``decay`` seconds."""

    pitch: float
    at: float
    decay: float


class Design(NamedTuple):
    """Length in seconds, highest sample in dBFS, attack in seconds, and the notes."""

    seconds: float
    peak: float
    attack: float
    notes: tuple[Note, ...]


DESIGNS = {
    "start": Design(0.60, -6.0, ATTACK, (Note(A5, 0.0, 0.07), Note(E6, 0.11, 0.16))),
    "end": Design(1.20, -6.0, ATTACK, (Note(E6, 0.0, 0.10), Note(CIS6, 0.16, 0.12), Note(A5, 0.32, 0.30))),
    "countdown": Design(0.12, -6.0, ATTACK, (Note(A5, 0.0, 0.06),)),
    "halfway": Design(0.50, -7.0, ATTACK, (Note(CIS6, 0.0, 0.07), Note(CIS6, 0.15, 0.12))),
    "tick": Design(0.03, -11.0, 0.001, (Note(A6, 0.0, 0.007),)),
}


def samples(design: Design) -> npt.NDArray[np.int16]:
    """The sound, mono, as 16-bit samples."""
    frames = round(design.seconds * RATE)
    time = np.arange(frames) / RATE
    sound = np.zeros(frames)
    for note in design.notes:
        since = np.maximum(time - note.at, 0.0)
        rise = 0.5 - 0.5 * np.cos(np.pi * np.minimum(since / design.attack, 1.0))
        for number, amplitude in enumerate(HARMONICS, start=1):
            decay = np.exp(-since * number**0.7 / note.decay)
            sound += amplitude * rise * decay * np.sin(2 * np.pi * note.pitch * number * since)
    left = np.minimum((design.seconds - time) / min(RELEASE, design.seconds / 3), 1.0)
    sound *= 0.5 - 0.5 * np.cos(np.pi * left)
    sound *= 10 ** (design.peak / 20) / np.abs(sound).max()
    return np.rint(sound * 32767).astype(np.int16)


def write(folder: Path) -> None:
    """Writes every sound as ``folder/NAME.wav``."""
    for name, design in DESIGNS.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(design).astype("<i2").tobytes())


if __name__ == "__main__":
    write(Path(__file__).resolve().parent)
