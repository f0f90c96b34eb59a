"""The seam to FFmpeg's encoders, through PyAV: samples in, packets out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.clip import Samples
from voicecoach.errors import ExportError

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.packet import Packet

LAYOUTS = {1: "mono", 2: "stereo"}


class Encoder:
    """One run of an encoder, from its first frame on.

    ``sample_format`` is FFmpeg's name: "fltp" (float, a plane a channel), "flt" (float, interleaved) or "s16".
    Raises ExportError where FFmpeg fails.
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
        from av.audio.codeccontext import AudioCodecContext
        from av.codec.context import CodecContext, Flags

        context = CodecContext.create(codec, "w")
        if not isinstance(context, AudioCodecContext):
            raise TypeError(f"{codec} is no audio codec")
        context.sample_rate = rate
        context.layout = LAYOUTS[channels]
        context.format = sample_format
        context.thread_count = 1
        context.flags |= Flags.bitexact
        if bit_rate:
            context.bit_rate = bit_rate
        context.options = dict(options or {})
        self._codec = codec
        self._context: AudioCodecContext = context
        self._format = sample_format
        self._rate = rate
        self._channels = channels
        self._fed = 0

    @property
    def context(self) -> AudioCodecContext:
        """FFmpeg's own object, for what a container needs to know."""
        return self._context

    def feed(self, samples: Samples) -> list[bytes]:
        """Takes in samples of shape (frames, channels); the packets that are complete."""
        return [bytes(packet) for packet in self.packets(samples)]

    def flush(self) -> list[bytes]:
        """The packets still held back. The encoder takes nothing more."""
        return [bytes(packet) for packet in self.packets(None)]

    def packets(self, samples: Samples | None) -> list[Packet]:
        """As ``feed``, or with None as ``flush``, with what FFmpeg says about each packet."""
        import av.error
        from av.audio.frame import AudioFrame

        if samples is not None and samples.shape[0] == 0:
            return []
        try:
            if samples is None:
                return self._context.encode(None)
            frame = AudioFrame.from_ndarray(self._arranged(samples), self._format, LAYOUTS[self._channels])
            frame.sample_rate = self._rate
            frame.pts = self._fed
            self._fed += samples.shape[0]
            return self._context.encode(frame)
        except av.error.FFmpegError as error:
            raise ExportError(f"the {self._codec} encoder failed: {error}") from error

    def _arranged(self, samples: Samples) -> np.ndarray[tuple[int, int], np.dtype[np.float32 | np.int16]]:
        if self._format == "fltp":
            return np.ascontiguousarray(samples.T)
        if self._format == "s16":
            return to_int16(samples).reshape(1, -1)
        return np.ascontiguousarray(samples).reshape(1, -1)


def to_int16(samples: Samples) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    """The nearest of 65,536 steps, without dither: the same samples from the same audio each time."""
    scaled: np.ndarray[tuple[int, int], np.dtype[np.int16]] = np.rint(
        np.clip(samples, -1.0, 32767 / 32768) * np.float32(32768)
    ).astype(np.int16)
    return scaled
