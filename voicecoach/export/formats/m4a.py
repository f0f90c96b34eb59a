"""AAC packets, and the MPEG-4 file they go into (through FFmpeg's muxer)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError
from voicecoach.export.codec import Codec
from voicecoach.export.libav import LAYOUTS
from voicecoach.export.tags import Tags

if TYPE_CHECKING:
    from av.container.core import Chapter

GRID = 1024
"""Frames in a packet, and those of silence that the encoder puts in front."""
BIT_RATES = {1: 64_000, 2: 128_000}
"""Bits a second, by channels."""


def codec(rate: int, channels: int) -> Codec:
    """FFmpeg's own encoder with its fast search.

    Against the default search, with speech at 64 kbit/s: four times as fast, and 11 dB less noise. Where a long island
    is cut, the rate control has settled after about 40 packets.
    """
    return Codec(
        name="aac",
        session_rate=rate,
        rate=rate,
        channels=channels,
        bit_rate=BIT_RATES[channels],
        options=(("aac_coder", "fast"),),
        grid=GRID,
        late=GRID,
        before=2,
        after=2,
        cut=512,
        lead=48,
        reach=3,
        merge=16,
    )


class M4aFile:
    """Writes packets through FFmpeg's muxer to the file at ``path``, which is there already.

    An edit list tells players to leave out the silence in front and behind.
    """

    def __init__(self, path: Path, codec: Codec, silence: bytes, tags: Tags, frames: int) -> None:
        import av
        from av.codec.context import Flags

        self._silence = silence
        self._frames = frames
        self._written = 0
        self._tick = Fraction(1, codec.rate)
        options = {"movflags": "faststart", "fflags": "bitexact", "movie_timescale": str(codec.rate)}
        self._container = av.open(f"file:{path}", "w", format="ipod", options=options)
        self._stream = self._container.add_stream("aac", rate=codec.rate, bit_rate=codec.bit_rate)
        self._stream.layout = LAYOUTS[codec.channels]
        self._stream.codec_context.flags |= Flags.bitexact
        self._stream.time_base = self._tick
        self._stream.metadata["language"] = tags.language_code
        texts = {"title": tags.title, "artist": tags.artist, "album": tags.album, "comment": tags.comment}
        self._container.metadata.update({name: text for name, text in texts.items() if text})
        self._container.set_chapters([_chapter(number, *one, self._tick) for number, one in enumerate(tags.chapters)])

    def sound(self, packets: Iterable[bytes]) -> None:
        """Writes the next packets."""
        from av.packet import Packet

        with _translated():
            for content in packets:
                packet = Packet(content)
                packet.stream = self._stream
                packet.time_base = self._tick
                packet.pts = packet.dts = (self._written - 1) * GRID
                packet.duration = min(GRID, self._frames - packet.pts)
                self._container.mux_one(packet)
                self._written += 1

    def silent(self, count: int) -> None:
        """Writes so many silent packets."""
        self.sound(repeat(self._silence, count))

    def finish(self) -> None:
        """Writes the index, and moves it to the front."""
        with _translated():
            self._container.close()

    def close(self) -> None:
        """Ends FFmpeg's part, whatever state the file is in."""
        import av.error

        with contextlib.suppress(av.error.FFmpegError):
            self._container.close()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """What the operating system refused stays as it is; what FFmpeg refused becomes an ExportError."""
    import av.error

    try:
        yield
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise ExportError(f"FFmpeg cannot write the file: {error}") from error


def _chapter(number: int, start: int, end: int, title: str, tick: Fraction) -> Chapter:
    return {"id": number, "start": start, "end": end, "time_base": tick, "metadata": {"title": title}}
