"""The file of each format, behind one of two seams: it takes packets, or it takes samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from voicecoach.export.codec import Codec
from voicecoach.export.tags import Tags

if TYPE_CHECKING:
    from voicecoach.sound.clip import Samples


class PacketFile(Protocol):
    """Takes the packets of a session in their order."""

    def sound(self, packets: Sequence[bytes]) -> None:
        """Writes the next packets."""
        ...

    def silent(self, count: int) -> None:
        """Writes so many silent packets."""
        ...

    def finish(self) -> None:
        """Writes what can be said at the end only."""
        ...

    def close(self) -> None:
        """Lets go of the file, finished or not."""
        ...


class SampleFile(Protocol):
    """Takes the samples of a session in their order."""

    def sound(self, samples: Samples) -> None:
        """Writes the next samples, of shape (frames, channels)."""
        ...

    def silent(self, frames: int) -> None:
        """Writes so many frames of silence."""
        ...

    def finish(self) -> None:
        """Writes what can be said at the end only."""
        ...


# Each format is imported where it is wanted: only some need numpy, and only some need FFmpeg.


def codec(name: str, rate: int, channels: int) -> Codec | None:
    """The codec of a format, for a session at ``rate`` hertz; None for a format that takes samples."""
    if name == "mp3":
        from voicecoach.export.formats import mp3

        return mp3.codec(rate, channels)
    if name == "m4a":
        from voicecoach.export.formats import m4a

        return m4a.codec(rate, channels)
    if name == "opus":
        from voicecoach.export.formats import opus

        return opus.codec(rate, channels)
    return None


def packet_file(
    name: str, file: BinaryIO, path: Path, codec: Codec, silence: bytes, tags: Tags, frames: int
) -> PacketFile:
    """The file of a format that has a codec, for a session of so many frames.

    ``file`` is open at ``path``; ``silence`` is a silent packet, to be repeated.
    """
    if name == "m4a":
        from voicecoach.export.formats.m4a import M4aFile

        return M4aFile(path, codec, silence, tags, frames)
    if name == "opus":
        from voicecoach.export.formats.opus import OpusFile

        return OpusFile(file, codec, silence, tags, frames)
    from voicecoach.export.formats.mp3 import Mp3File

    return Mp3File(file, codec, silence, tags, frames)


def sample_file(name: str, file: BinaryIO, rate: int, channels: int, tags: Tags, frames: int) -> SampleFile:
    """The file of any other format. Raises ExportError where the format cannot hold so much."""
    if name == "flac":
        from voicecoach.export.formats.flac import FlacFile

        return FlacFile(file, rate, channels, tags, frames)
    from voicecoach.export.formats.wav import WavFile

    return WavFile(file, rate, channels, tags, frames)
