"""Audio files of any kind, as samples: all of them numbers, and none far out of the ordinary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import av.error
import numpy as np
import numpy.typing as npt

from voicecoach import units
from voicecoach.errors import AudioFileError
from voicecoach.sound import media
from voicecoach.sound.clip import Clip, Samples

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

BLOCK = 8192
"""Frames in each block of a stream; the last one has fewer."""
LOUDEST = 65_536.0
"""Samples beyond it are cut off there: floats of 16 bits' scale are still themselves, and sums stay numbers."""

_LAYOUTS = {1: "mono", 2: "stereo"}
_FLOATS = {"flt", "fltp", "dbl", "dblp"}
_TYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "flt": "f4", "dbl": "f8"}
"""How numpy calls FFmpeg's kinds of samples."""
_MOST_AT_ONCE = 1 << 20
"""Frames that the resampler gives at once: one frame of a file can claim to last a day."""


def read(path: Path, rate: int, channels: int) -> Clip:
    """A whole file at ``rate`` hertz, mixed to 1 or 2 channels. Raises AudioFileError."""
    return Clip(np.concatenate(list(stream(path, rate, channels))), rate)


def scan(path: Path) -> None:
    """Raises AudioFileError where a file stores its samples as floats, and one of them is no number.

    Reads such a file to its end, far quicker than ``stream`` does; with others there is nothing to do.
    """
    with suppress(av.error.FFmpegError), media.opened(path, big_packets=True) as (container, track):
        if _stores_floats(track):
            for _ in _numbers(_decoded(container, track), path, stored=True):
                pass


def stream(path: Path, rate: int, channels: int) -> Iterator[Samples]:
    """A file block by block, at ``rate`` hertz, mixed to 1 or 2 channels; memory does not grow with its length.

    The same file gives the same blocks each time. Damaged stretches are passed over. Raises AudioFileError, when
    the first block is asked for, where there is no such file or no audio in it; later only where it stores its samples
    as floats, and one of them is no number.
    """
    heard = False
    try:
        with media.opened(path) as (container, track):
            frames = _numbers(_decoded(container, track), path, stored=_stores_floats(track))
            for samples in _resampled(frames, path, rate, channels):
                heard = True
                yield samples
    except av.error.FFmpegError as error:
        if not heard:
            raise media.unreadable(path, error) from error
    if not heard:
        raise AudioFileError(f"{path}: holds no audio that can be decoded (is the file whole?)")


def _decoded(container: InputContainer, track: AudioStream) -> Iterator[AudioFrame]:
    for packet in container.demux(track):
        with suppress(av.error.FFmpegError):
            for frame in track.decode(packet):
                if frame.samples and frame.sample_rate > 0:
                    yield frame


def _stores_floats(track: AudioStream) -> bool:
    return track.codec_context.name.startswith("pcm_f")


def _numbers(frames: Iterator[AudioFrame], path: Path, *, stored: bool) -> Iterator[AudioFrame]:
    """Frames of which every sample is a number, none beyond LOUDEST.

    Where samples are ``stored`` as floats, one that is no number was written so, and the file is refused. Elsewhere
    the frame is damaged, and passed over.
    """
    seconds = 0.0
    for frame in frames:
        if frame.format.name in _FLOATS and frame.layout.nb_channels <= media.MOST_CHANNELS:
            samples = _packed(frame)
            if not -LOUDEST <= samples.min() <= samples.max() <= LOUDEST:
                finite = np.isfinite(samples).all(axis=1)
                if finite.all():
                    frame = _like(frame, np.clip(samples, -LOUDEST, LOUDEST))
                elif stored:
                    at = units.format_clock(round(seconds + float(np.argmin(finite)) / frame.sample_rate, 3))
                    raise AudioFileError(f"{path}: holds samples that are no numbers at {at} (save it anew)")
                else:
                    continue
        seconds += frame.samples / frame.sample_rate
        yield frame


def _resampled(frames: Iterator[AudioFrame], path: Path, rate: int, channels: int) -> Iterator[Samples]:
    """Blocks of ``BLOCK`` frames. Where the kind of frame changes on the way, a new resampler goes on."""
    resampler: av.AudioResampler | None = None
    kind: tuple[str, str, int] | None = None
    heard = False
    for frame in frames:
        if (changed := (frame.format.name, frame.layout.name, frame.sample_rate)) != kind:
            if resampler is not None:
                yield from _samples(resampler.resample(None), channels)
            kind, resampler = changed, None
            why = _unmixable(frame)
            if why is None:
                resampler = av.AudioResampler("flt", _LAYOUTS[channels], rate, frame_size=BLOCK)
            elif not heard:
                raise AudioFileError(f"{path}: {why}")
        if resampler is not None:
            heard = True
            for part in _parts(frame, rate):
                yield from _samples(resampler.resample(part), channels)
    if resampler is not None:
        yield from _samples(resampler.resample(None), channels)


def _unmixable(frame: AudioFrame) -> str | None:
    """Why frames of this kind cannot be brought to a session's rate and channels; None where they can."""
    if frame.layout.nb_channels > media.MOST_CHANNELS:
        return f"has {frame.layout.nb_channels} channels (at most {media.MOST_CHANNELS} are mixed)"
    if frame.sample_rate > media.HIGHEST_RATE:
        return f"claims {frame.sample_rate:,} samples a second (at most {media.HIGHEST_RATE:,} are taken)"
    return None


def _parts(frame: AudioFrame, rate: int) -> Iterator[AudioFrame]:
    """The frame in parts of which none becomes more than _MOST_AT_ONCE."""
    most = max(1, _MOST_AT_ONCE * frame.sample_rate // rate)
    if frame.samples <= most:
        yield frame
        return
    samples = _packed(frame)
    for start in range(0, frame.samples, most):
        yield _like(frame, samples[start : start + most])


def _packed(frame: AudioFrame) -> npt.NDArray[Any]:
    """The samples of a frame, shape (frames, channels). Not PyAV's own way, which goes astray at 8 channels."""
    channels, kind = frame.layout.nb_channels, _TYPES[frame.format.name.removesuffix("p")]
    if not frame.format.is_planar:
        return np.frombuffer(bytes(frame.planes[0]), kind, frame.samples * channels).reshape(-1, channels)
    return np.stack([np.frombuffer(bytes(plane), kind, frame.samples) for plane in frame.planes[:channels]], axis=1)


def _like(frame: AudioFrame, samples: npt.NDArray[Any]) -> AudioFrame:
    """A frame like this one, of other samples."""
    packed = np.ascontiguousarray(samples).reshape(1, -1)
    made = av.AudioFrame.from_ndarray(packed, frame.format.name.removesuffix("p"), frame.layout.name)
    made.sample_rate = frame.sample_rate
    return made


def _samples(frames: list[AudioFrame], channels: int) -> Iterator[Samples]:
    for frame in frames:
        if frame.samples:
            yield np.asarray(frame.to_ndarray(), dtype=np.float32).reshape(-1, channels)
