"""The sessions that are rendered, as scripts, and the music one of them needs."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 44_100

_VERBS = ("Keep", "Hold", "Feel", "Let", "Move")
_PARTS = ("hips", "ribs", "heels", "knees", "glutes", "shoulders")
_HOW = ("level", "soft", "steady")


@dataclass(frozen=True, slots=True)
class Session:
    """A session to render: a script, and how its lines read after one of them was changed."""

    name: str
    title: str
    script: str

    @property
    def with_one_line_changed(self) -> str:
        """The script of someone who has just rewritten its first cue."""
        return self.script.replace(_line(0), "Let your ribs sink towards the floor.", 1)


def _line(number: int) -> str:
    """A cue of four words, as a coach says them in the middle of a hold."""
    verb, rest = _VERBS[number % len(_VERBS)], number // len(_VERBS)
    return f"{verb} your {_PARTS[rest % len(_PARTS)]} {_HOW[rest // len(_PARTS) % len(_HOW)]}."


def _script(step: str, lines: int, more: str = "") -> str:
    pool = ",\n".join(f'  "{_line(number)}"' for number in range(lines))
    return (
        f'title = "Bench"\n[cues]\nform = [\n{pool},\n]\n[announce]\nstyle = "none"\ncomplete = false\n{more}'
        f'[[block]]\nsteps = [ {{ {step}, cues = "form" }} ]\n'
    )


SESSIONS = (
    Session("ten-minutes", "10 min, 80 cues", _script('work = "10min", every = "7.4s"', 80)),
    Session(
        "hour",
        "1 h, music bed and metronome",
        _script(
            'run = "1h", cadence = 170, every = "1min"',
            60,
            '[music]\nfiles = ["bed.wav"]\ngain = -14.0\nduck = 12.0\n',
        ),
    ),
    Session("twelve-hours", "12 h, 180 cues", _script('run = "12h", every = "4min"', 60)),
    Session("ten-thousand", "10 h, 10,000 cues", _script('run = "10h", every = "3.6s"', 50)),
)


def write_music(path: Path, seconds: int = 180) -> None:
    """A bed to play under a session: three minutes of slow chords with a beat, stereo, 16-bit."""
    frames = np.arange(RATE * seconds)
    t = frames / RATE
    chord = np.zeros((frames.size, 2), dtype=np.float32)
    for index, root in enumerate((110.0, 130.8, 98.0, 146.8)):
        sounding = ((t // 4).astype(int) % 4 == index).astype(np.float32)
        for overtone in (1, 1.5, 2, 2.5, 3, 4, 6):
            for side, detune in enumerate((1.0, 1.003)):
                chord[:, side] += sounding * np.sin(2 * np.pi * root * overtone * detune * t) / overtone
    beat = np.exp(-((t % 0.5) * 30)) * np.random.default_rng(1).normal(0, 0.5, frames.size)
    chord = ((chord + beat[:, None]) / 6).astype(np.float32)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(chord, -1, 1) * 32767).astype("<i2").tobytes())
