"""Sessions made of sounds, for tests of arrangements and of the files they become."""

import functools
import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.sound.clip import Clip
from voicecoach.sound.pcm import to_int16
from voicecoach.timeline.model import Content, Line, MusicBed, Role

RATE = 44_100
Signal = npt.NDArray[np.float32]


class Clips:
    """Sounds by text, "KIND FRAMES": noise, a click, a tone, or a voice (harmonics under syllables)."""

    def clip(self, what: Content) -> Clip:
        assert isinstance(what, Line)
        return sound(what.text)

    def frames(self, what: Content) -> int:
        return self.clip(what).frames

    def identity(self, what: Content) -> str:
        return repr(what)


@functools.lru_cache(maxsize=16)
def sound(text: str) -> Clip:
    kind, frames = text.split()
    time_ = np.arange(int(frames)) / RATE
    if kind == "noise":
        samples = np.random.default_rng(len(time_)).normal(0, 0.15, len(time_))
    elif kind == "click":
        samples = 0.9 * (time_ == 0)
    elif kind == "tone":
        samples = 0.5 * np.sin(2 * np.pi * 880 * time_)
    else:
        pitch = 120 + 20 * np.sin(2 * np.pi * 1.3 * time_)
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        harmonics = [np.sin(n * phase) * np.exp(-(((n * 120 - 600) / 900) ** 2)) for n in range(1, 30)]
        samples = 0.1 * sum(harmonics) * np.abs(np.sin(2 * np.pi * 2 * time_))
    return Clip(np.clip(samples, -0.8, 0.8).astype(np.float32).reshape(-1, 1), RATE)


def session(*cues: tuple[int, str], frames: int = 0, title: str = "Bridge", role: Role = Role.SAY) -> Arrangement:
    """A passage for each cue, ``(start, "KIND FRAMES")``, and silence until ``frames``."""
    passages = []
    for index, (start, text) in enumerate(cues):
        end = start + int(text.split()[1])
        cue = Placement(start, end, Line(text, "en"), role, index)
        passages.append(Passage(index, f"Step {index + 1}", start, end, (cue,)))
    last = max(frames, passages[-1].end if passages else 0)
    passages.append(Passage(len(cues), "Rest", last, last, ()))
    return Arrangement(title=title, summary="Hips up", language="en-GB", rate=RATE, passages=passages, clips=Clips())


def decoded(path: Path) -> Signal:
    """What FFmpeg plays, as float samples of shape (frames, channels)."""
    with av.open(str(path)) as container:
        row = []
        for frame in container.decode(audio=0):
            samples = frame.to_ndarray()
            samples = samples.T if frame.format.is_planar else samples.reshape(-1, frame.layout.nb_channels)
            row.append(samples / 32768 if samples.dtype == np.int16 else samples)
        return np.concatenate(row).astype(np.float32)


cue_texts = st.tuples(st.sampled_from(["noise", "click", "tone", "voice"]), st.integers(1, 9000)).map(
    lambda kind: f"{kind[0]} {kind[1]}"
)


@st.composite
def sessions(draw: st.DrawFn) -> Arrangement:
    """Islands at any offset: touching, overlapping, a sample apart, at the very start and end, of one sample."""
    gaps = st.sampled_from([0, 1, 500, 1152, 9000, 30_000]) | st.integers(0, 20_000)
    at, cues = 0, []
    for gap, text in draw(st.lists(st.tuples(gaps, cue_texts), min_size=1, max_size=6)):
        at += gap
        cues.append((at, text))
        at += int(text.split()[1])
    return session(*cues, frames=max(100, at + draw(st.sampled_from([0, 1, 5000, 60_000]))))


def bed(folder: Path) -> MusicBed:
    """Two seconds of two chords, over and over."""
    path = folder / "bed.wav"
    t = np.arange(2 * RATE) / RATE
    sides = [0.3 * np.sin(2 * np.pi * f * t) + 0.1 * np.sin(2 * np.pi * 3 * f * t) for f in (220, 331)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(to_int16(np.stack(sides, axis=1).astype(np.float32)).tobytes())
    return MusicBed(files=(path,), gain=-6.0, duck=10.0, fade=1.0)
