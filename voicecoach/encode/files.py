"""The file of each format, behind one of two seams: it takes packets, or it takes samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from voicecoach.clip import Samples
from voicecoach.encode import m4a, mp3, opus
from voicecoach.encode.codec import Codec
from voicecoach.encode.flac import FlacFile
from voicecoach.encode.m4a import M4aFile
from voicecoach.encode.mp3 import Mp3File
from voicecoach.encode.opus import OpusFile
from voicecoach.encode.tags import Tags
from voicecoach.encode.wav import WavFile


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


CODECS = {"mp3": mp3.codec, "m4a": m4a.codec, "opus": opus.codec}
"""By format; called with the session's sample rate and channels."""


def packet_file(
    name: str, file: BinaryIO, path: Path, codec: Codec, silence: bytes, tags: Tags, frames: int
) -> PacketFile:
    """The file of a format in ``CODECS``, for a session of so many frames.

    ``file`` is open at ``path``; ``silence`` is a silent packet, to be repeated.
    """
    if name == "m4a":
        return M4aFile(path, codec, silence, tags, frames)
    if name == "opus":
        return OpusFile(file, codec, silence, tags, frames)
    return Mp3File(file, codec, silence, tags, frames)


def sample_file(name: str, file: BinaryIO, rate: int, channels: int, tags: Tags, frames: int) -> SampleFile:
    """The file of any other format. Raises ExportError where the format cannot hold so much."""
    kind = FlacFile if name == "flac" else WavFile
    return kind(file, rate, channels, tags, frames)
