"""The seam to FFmpeg's encoders, of sound and of a picture, and its resampler, through PyAV."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from voicecoach.errors import ExportError
from voicecoach.sound.clip import Samples
from voicecoach.sound.pcm import Whole

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

LAYOUTS = {1: "mono", 2: "stereo"}


class Encoder:
    """One run of an encoder, from its first frame on.

    ``sample_format`` is FFmpeg's name: "fltp" (float, a plane a channel), "flt" (float, interleaved), "s16" (16 bits).
    Raises ExportError where FFmpeg refuses.
    """

    def __init__(
        self,
        codec: str,
        *,
        rate: int,
        channels: int,
        sample_format: str,
        bit_rate: int = 0,
        options: Mapping[str, str] | None = None,
    ) -> None:
        import av.error
        from av.audio.codeccontext import AudioCodecContext
        from av.codec.context import CodecContext, Flags

        try:
            context = CodecContext.create(codec, "w")
            if not isinstance(context, AudioCodecContext):
                raise TypeError(f"{codec} encodes no audio")
            context.sample_rate = rate
            context.layout = LAYOUTS[channels]
            context.format = sample_format
            context.thread_count = 1
            context.flags |= Flags.bitexact
            if bit_rate:
                context.bit_rate = bit_rate
            context.options = dict(options or {})
            context.open()
        except av.error.FFmpegError as error:
            raise ExportError(f"the {codec} encoder does not start: {error}") from error
        self.context = context
        """FFmpeg's own object, for what a container needs to know."""
        self._codec = codec
        self._format = sample_format
        self._fed = 0

    def feed(self, samples: Samples | Whole) -> list[bytes]:
        """Takes in the next samples, of shape (frames, channels); the packets that are complete."""
        if samples.shape[0] == 0:
            return []
        frame = _frame(samples, self._format, self.context.sample_rate)
        frame.pts = self._fed
        self._fed += samples.shape[0]
        return self._encode(frame)

    def flush(self) -> list[bytes]:
        """The packets still held back. The encoder takes nothing more."""
        return self._encode(None)

    def _encode(self, frame: AudioFrame | None) -> list[bytes]:
        import av.error

        try:
            return [bytes(packet) for packet in self.context.encode(frame) if packet.size]
        except av.error.FFmpegError as error:
            raise ExportError(f"the {self._codec} encoder failed: {error}") from error


class Resampler:
    """Samples at another rate, as they come. Frame 0 stays frame 0; what comes out lags a little behind."""

    def __init__(self, rate: int, to: int, channels: int) -> None:
        from av.audio.resampler import AudioResampler

        self._rate = rate
        self._channels = channels
        self._resampler = AudioResampler(format="flt", layout=LAYOUTS[channels], rate=to)

    def feed(self, samples: Samples) -> Samples:
        """Takes in the next samples, of shape (frames, channels); what is ready, of the same shape."""
        if samples.shape[0] == 0:
            return samples
        frames = self._resampler.resample(_frame(samples, "flt", self._rate))
        ready = [frame.to_ndarray().reshape(-1, self._channels) for frame in frames]
        return np.concatenate(ready) if ready else np.zeros((0, self._channels), dtype=np.float32)


def jpeg(pixels: npt.NDArray[np.uint8], quality: int) -> bytes:
    """A picture of shape (height, width, 3), red, green and blue, as a baseline JPEG; ``quality`` from 1 (best) to 31.

    Colours are half as fine as brightness (4:2:0), which is what every player reads; so ``height`` and ``width`` are
    multiples of four. They are worked out here, and FFmpeg's plain transform is asked for, so that every machine gives
    the same bytes.
    """
    import av.error
    from av.codec.context import CodecContext, Flags
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame

    try:
        context = CodecContext.create("mjpeg", "w")
        if not isinstance(context, VideoCodecContext):
            raise TypeError("mjpeg encodes no pictures")
        context.height, context.width = pixels.shape[:2]
        context.pix_fmt = "yuvj420p"
        context.time_base = Fraction(1)
        context.thread_count = 1
        context.flags |= Flags.bitexact | Flags.qscale
        context.qmin = context.qmax = quality
        context.options = {"dct": "int", "huffman": "default"}
        frame = VideoFrame.from_ndarray(_planes(pixels), "yuvj420p")
        frame.pts = 0
        return b"".join(map(bytes, context.encode(frame) + context.encode(None)))
    except av.error.FFmpegError as error:
        raise ExportError(f"the picture cannot be encoded: {error}") from error


def _planes(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Brightness, and under it the two of colour at half the size (JFIF 1.02), in whole numbers."""
    height, width, _ = pixels.shape
    red, green, blue = np.moveaxis(pixels.astype(np.int64), 2, 0)
    bright = (299 * red + 587 * green + 114 * blue + 500) // 1000
    halved = pixels.astype(np.int64).reshape(height // 2, 2, width // 2, 2, 3).sum(axis=(1, 3))
    red, green, blue = np.moveaxis(halved, 2, 0)
    offset = 128 * 4_000_000 + 2_000_000
    bluish = (-168_736 * red - 331_264 * green + 500_000 * blue + offset) // 4_000_000
    reddish = (500_000 * red - 418_688 * green - 81_312 * blue + offset) // 4_000_000
    rows = [bright, bluish.reshape(-1, width), reddish.reshape(-1, width)]
    return np.ascontiguousarray(np.clip(np.concatenate(rows), 0, 255).astype(np.uint8))


def _frame(samples: npt.NDArray[Any], sample_format: str, rate: int) -> AudioFrame:
    """As FFmpeg wants it: shape (channels, frames), or (1, frames * channels) where channels alternate."""
    from av.audio.frame import AudioFrame

    arranged = np.ascontiguousarray(samples.T if sample_format == "fltp" else samples.reshape(1, -1))
    frame = AudioFrame.from_ndarray(arranged, sample_format, LAYOUTS[samples.shape[1]])
    frame.sample_rate = rate
    return frame
