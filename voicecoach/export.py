"""An arrangement as an audio file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from voicecoach.arrangement import Arrangement
from voicecoach.encode import tags as tagging
from voicecoach.encode.formats import format_for
from voicecoach.encode.mp3 import Mp3, Mp3File
from voicecoach.errors import ExportError
from voicecoach.mixer import Mixer

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames in all."""
_BLOCK = 64


def export(
    arrangement: Arrangement,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002
    tags: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Writes the whole session to ``path``."""
    target = Path(path)
    kind = format_for(target, format)
    if kind.name != "mp3":
        raise ExportError(f"{kind.name} cannot be written yet")
    codec = Mp3(arrangement.rate, arrangement.channels)
    frames = arrangement.frames
    silent = codec.encoder().feed(np.zeros((4 * codec.grid, codec.channels), dtype=np.float32))[0]
    temporary = target.with_name(target.name + ".part")
    with temporary.open("wb") as file:
        out = Mp3File(file, codec, tagging.of(arrangement).but(tags or {}), frames, silent)
        encoder, mixer = codec.encoder(), Mixer(arrangement)
        left, done = codec.packets(frames), 0
        while left:
            samples = mixer.read(_BLOCK * codec.grid)
            done += samples.shape[0]
            missing = _BLOCK * codec.grid - samples.shape[0]
            packets = encoder.feed(np.pad(samples, ((0, missing), (0, 0))))[:left]
            left -= len(packets)
            out.sound(packets)
            if progress is not None:
                progress(done, frames)
    temporary.replace(target)
