"""The seam to FFmpeg's encoders and its resampler, through PyAV."""

from __future__ import annotations

from collections.abc import Mapping
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


def _frame(samples: npt.NDArray[Any], sample_format: str, rate: int) -> AudioFrame:
    """As FFmpeg wants it: shape (channels, frames), or (1, frames * channels) where channels alternate."""
    from av.audio.frame import AudioFrame

    arranged = np.ascontiguousarray(samples.T if sample_format == "fltp" else samples.reshape(1, -1))
    frame = AudioFrame.from_ndarray(arranged, sample_format, LAYOUTS[samples.shape[1]])
    frame.sample_rate = rate
    return frame
