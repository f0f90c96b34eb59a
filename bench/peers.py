"""What the same session takes with other tools: each gets the spoken clips, or the finished PCM, ready made."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.sessions import RATE

_PYDUB = """
import sys
from pydub import AudioSegment
from pathlib import Path
folder, frames, out = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
session = AudioSegment.silent(duration=frames / 44.1, frame_rate=44100)
for line in (folder / "places.txt").read_text().splitlines():
    name, frame = line.split()
    session = session.overlay(AudioSegment.from_wav(folder / name), position=int(frame) / 44.1)
session.set_channels(1).export(out, format="mp3", bitrate="64k")
"""


@dataclass(frozen=True, slots=True)
class Material:
    """A session ready made: its PCM (``session.wav``), and each clip with its place (``places.txt``), in ``folder``."""

    folder: Path
    frames: int
    channels: int
    places: tuple[tuple[str, int, int], ...]
    """Name, first frame and length in frames of each clip, in order."""

    @property
    def bitrate(self) -> str:
        """kbit/s that every tool is asked for."""
        return "64" if self.channels == 1 else "128"


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: what to call it, which sessions it is asked for, and its command."""

    name: str
    sessions: tuple[str, ...]
    needs: str
    command: Callable[[Material, Path], Sequence[str]]

    @property
    def installed(self) -> bool:
        """Whether it can run here."""
        return shutil.which(self.needs) is not None or importlib.util.find_spec(self.needs) is not None


def write_pcm(path: Path, samples: np.ndarray[tuple[int, int], np.dtype[np.int16]]) -> None:
    """Samples of shape (frames, channels) as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def write_gaps(material: Material) -> list[Path]:
    """Clips and the silences between them, each a file, in the order of the session."""
    row: list[Path] = []
    at = 0
    for number, (name, frame, length) in enumerate(material.places):
        gap = material.folder / f"gap{number}.wav"
        write_pcm(gap, np.zeros((frame - at, 1), dtype=np.int16))
        row += [gap, material.folder / name]
        at = frame + length
    rest = material.folder / "rest.wav"
    write_pcm(rest, np.zeros((max(1, material.frames - at), 1), dtype=np.int16))
    (material.folder / "row.txt").write_text("".join(f"file '{path}'\n" for path in [*row, rest]))
    return [*row, rest]


def _lame(material: Material, out: Path) -> Sequence[str]:
    mode = "m" if material.channels == 1 else "j"
    return ["lame", "--quiet", "-b", material.bitrate, "-m", mode, str(material.folder / "session.wav"), str(out)]


def _ffmpeg_mix(material: Material, out: Path) -> Sequence[str]:
    inputs = [word for name, *_ in material.places for word in ("-i", str(material.folder / name))]
    delays = "".join(f"[{i}]adelay={frame}S:all=1[d{i}];" for i, (_, frame, _) in enumerate(material.places))
    names = "".join(f"[d{i}]" for i in range(len(material.places)))
    graph = f"{delays}{names}amix=inputs={len(material.places)}:normalize=0[out]"
    mp3 = ["-map", "[out]", "-b:a", f"{material.bitrate}k", str(out)]
    return ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", graph, *mp3]


def _ffmpeg_concat(material: Material, out: Path) -> Sequence[str]:
    row = ["-f", "concat", "-safe", "0", "-i", str(material.folder / "row.txt")]
    return ["ffmpeg", "-v", "error", "-y", *row, "-b:a", f"{material.bitrate}k", str(out)]


def _sox_mix(material: Material, out: Path) -> Sequence[str]:
    parts = []
    for name, frame, _ in material.places:
        parts += ["-v", "1", f"|sox {material.folder / name} -p pad {frame}s"]
    return ["sox", "-m", *parts, "-C", material.bitrate, str(out)]


def _sox_concat(material: Material, out: Path) -> Sequence[str]:
    row = [line.split("'")[1] for line in (material.folder / "row.txt").read_text().splitlines()]
    return ["sox", *row, "-C", material.bitrate, str(out)]


def _pydub(material: Material, out: Path) -> Sequence[str]:
    return [sys.executable, "-c", _PYDUB, str(material.folder), str(material.frames), str(out)]


_ALL = ("ten-minutes", "hour", "twelve-hours", "ten-thousand")
_SHORT = ("ten-minutes",)
PEERS = (
    Peer("lame on the finished PCM", _ALL, "lame", _lame),
    Peer("ffmpeg concat", _SHORT, "ffmpeg", _ffmpeg_concat),
    Peer("ffmpeg adelay+amix", _SHORT, "ffmpeg", _ffmpeg_mix),
    Peer("sox concat", _SHORT, "sox", _sox_concat),
    Peer("sox mix", _SHORT, "sox", _sox_mix),
    Peer("pydub overlay", _SHORT, "pydub", _pydub),
)
