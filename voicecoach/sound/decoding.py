"""Audio files of any kind, as samples. The one place that reads them with FFmpeg (through PyAV)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np
from av.audio.stream import AudioStream

from voicecoach import units
from voicecoach.errors import AudioFileError
from voicecoach.sound.clip import Clip, Samples

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

BLOCK = 8192
"""Frames in each block of a stream; the last one has fewer."""

_LAYOUTS = {1: "mono", 2: "stereo"}


def read(path: Path, rate: int, channels: int) -> Clip:
    """A whole file at ``rate`` hertz, mixed to 1 or 2 channels. Raises AudioFileError."""
    return Clip(np.concatenate(list(stream(path, rate, channels))), rate)


def probe(path: Path) -> None:
    """Raises AudioFileError, saying why, where a file holds no audio that can be decoded."""
    next(stream(path, units.SAMPLE_RATE, 1))


def stream(path: Path, rate: int, channels: int) -> Iterator[Samples]:
    """A file block by block, at ``rate`` hertz, mixed to 1 or 2 channels; memory does not grow with its length.

    The same file gives the same blocks each time. Damaged stretches are passed over. Raises AudioFileError, when
    the first block is asked for, where there is no such file or no audio in it.
    """
    silent = True
    try:
        with _open(path) as container:
            for samples in _resampled(_decoded(container, path), rate, channels):
                silent = False
                yield samples
    except av.error.InvalidDataError as error:
        raise AudioFileError(f"{path}: is no audio file, or a damaged one") from error
    except av.error.FFmpegError as error:
        raise AudioFileError(f"{path}: cannot be read as audio: {_reason(error)}") from error
    if silent:
        raise AudioFileError(f"{path}: holds no audio that can be decoded (is the file whole?)")


def _open(path: Path) -> InputContainer:
    try:
        if not path.is_file():
            found = "is a folder" if path.is_dir() else "is no regular file" if path.exists() else "is not there"
            raise AudioFileError(f"{path}: {found} (an audio file is needed)")
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise AudioFileError(f"{path}: cannot be opened: {_reason(error)}") from error
    # Without "file:" FFmpeg takes what stands before a colon in a name for a protocol.
    return av.open(f"file:{path}", metadata_errors="ignore")


def _decoded(container: InputContainer, path: Path) -> Iterator[AudioFrame]:
    track = container.streams.best("audio")
    if not isinstance(track, AudioStream):
        others = " and ".join(sorted({other.type for other in container.streams} - {"audio"}))
        raise AudioFileError(f"{path}: holds no audio" + (f", only {others}" if others else " that can be decoded"))
    for packet in container.demux(track):
        try:
            yield from track.decode(packet)
        except av.error.InvalidDataError:
            continue


def _resampled(frames: Iterator[AudioFrame], rate: int, channels: int) -> Iterator[Samples]:
    """Blocks of ``BLOCK`` frames. Where the kind of frame changes on the way, a new resampler goes on."""
    resampler: av.AudioResampler | None = None
    kind: tuple[str, str, int] | None = None
    for frame in frames:
        if (changed := (frame.format.name, frame.layout.name, frame.sample_rate)) != kind:
            if resampler is not None:
                yield from _samples(resampler.resample(None), channels)
            resampler = av.AudioResampler("flt", _LAYOUTS[channels], rate, frame_size=BLOCK)
            kind = changed
        assert resampler is not None
        yield from _samples(resampler.resample(frame), channels)
    if resampler is not None:
        yield from _samples(resampler.resample(None), channels)


def _samples(frames: list[AudioFrame], channels: int) -> Iterator[Samples]:
    for frame in frames:
        if frame.samples:
            yield np.asarray(frame.to_ndarray(), dtype=np.float32).reshape(-1, channels)


def _reason(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return str(reason)[:1].lower() + str(reason)[1:]
