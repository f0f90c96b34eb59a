"""The kinds of audio file there are, and how a session becomes one.

Each has a module of its name, imported where it is wanted: only some need numpy, and only some need FFmpeg.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol, TypeAlias, TypeVar

from voicecoach.errors import UnknownFormatError

if TYPE_CHECKING:
    from voicecoach.export.codec import Codec
    from voicecoach.export.tags import Tags
    from voicecoach.sound.clip import Samples

Silence = Literal["constant", "small"]
"""Whether silence takes as many bytes as speech does, or as few as there can be."""
_Sound = TypeVar("_Sound", contravariant=True)


class AudioFile(Protocol[_Sound]):
    """Takes a session in its order, as packets or as samples of shape (frames, channels)."""

    def sound(self, sound: _Sound) -> None:
        """Writes the next packets or samples."""

    def silent(self, count: int) -> None:
        """Writes so many silent packets or frames."""

    def finish(self) -> None:
        """Writes what can be said at the end only; most have nothing left to say."""
        return

    def close(self) -> None:
        """Lets go of the file, finished or not; it is its opener's unless a library holds it."""
        return


PacketFile: TypeAlias = AudioFile[Sequence[bytes]]
SampleFile: TypeAlias = AudioFile["Samples"]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of audio file: ``suffix`` with its dot, ``label`` for people, ``file`` the class that writes it.

    ``bit_rates`` are those of one channel and of two, in bits a second, and ``small_bit_rate`` that of speech where
    silence is small, for which most have no use; others of its ``choice`` may be asked for. One without bit rates has
    no codec: it keeps every sample. ``covers`` tells whether its files have a place for a picture.
    """

    name: str
    suffix: str
    label: str
    file: str
    bit_rates: tuple[int, ...] = ()
    small_bit_rate: int = 0
    choice: tuple[int, ...] = ()
    covers: bool = True

    def encoding(
        self, rate: int, channels: int, silence: Silence = "constant", bit_rate: int | None = None
    ) -> Encoding:
        """At its own bit rate or the one asked for, at ``rate`` hertz; music leaves no silence to make small.

        Raises UnknownFormatError for a bit rate that it does not have.
        """
        small = silence == "small" and self.small_bit_rate > 0 and channels == 1
        offered = self.bit_rates_at(rate, "small" if small else "constant")
        if bit_rate is not None and bit_rate not in offered:
            if not self.choice:
                raise UnknownFormatError(f"{self.name} keeps every sample: it has no bit rate to choose")
            choice = ", ".join(f"{each // 1000}" for each in offered)
            raise UnknownFormatError(f"{self.name} has no {bit_rate / 1000:g} kbit/s (available: {choice})")
        own = self.small_bit_rate if small else self.bit_rates[channels - 1] if self.bit_rates else 0
        return Encoding(self, rate, channels, bit_rate or own, "small" if small else "constant")

    def bit_rates_at(self, rate: int, silence: Silence = "constant") -> tuple[int, ...]:
        """Those of its ``choice`` for a session at ``rate`` hertz: MP3 of less than 32 kHz has no high ones.

        Where its silence is small it has half the rate.
        """
        low = self.name == "mp3" and (rate // 2 if silence == "small" else rate) < _FULL_RATE
        return tuple(each for each in self.choice if not low or each <= _MOST_BELOW)

    def load(self, name: str) -> Any:
        """Something of its module."""
        return getattr(import_module(f"{__package__}.{self.name}"), name)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a session at ``rate`` hertz, of so many ``channels``, becomes a file.

    ``bit_rate`` is in bits a second, 0 where every sample is kept.
    """

    format: Format
    rate: int
    channels: int
    bit_rate: int
    silence: Silence

    def codec(self) -> Codec | None:
        """The codec of its packets; None where its file takes samples."""
        codec: Codec | None = self.format.load("codec")(self) if self.format.bit_rates else None
        return codec

    def packet_file(
        self, file: BinaryIO, codec: Codec, silence: bytes, tags: Tags, frames: int, preroll: int = 0
    ) -> PacketFile:
        """The file of so many frames; ``silence`` is a silent packet, to be repeated.

        The first ``preroll`` packets that it takes are for the decoder alone: players leave out what they sound.
        """
        made: PacketFile = self.format.load(self.format.file)(file, codec, silence, tags, frames, preroll)
        return made

    def sample_file(self, file: BinaryIO, tags: Tags, frames: int) -> SampleFile:
        """The same where there is no codec. Raises ExportError where the format cannot hold so much."""
        made: SampleFile = self.format.load(self.format.file)(file, self, tags, frames)
        return made


_MP3 = tuple(1000 * each for each in (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320))
_AAC = tuple(1000 * each for each in (32, 48, 64, 80, 96, 112, 128, 160, 192, 256))
_OPUS = tuple(1000 * each for each in (16, 24, 32, 48, 64, 80, 96, 128, 160, 192, 256))
"""What each can be asked for, in bits a second; MP3 knows no others at its rate."""

RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Sample rates, in hertz, of which every format can be made."""
_FULL_RATE = 32_000
"""The lowest sample rate of MPEG-1; MP3 below it is of MPEG-2, and of at most so many bits a second."""
_MOST_BELOW = 160_000

FORMATS = {
    format.name: format
    for format in (
        Format("mp3", ".mp3", "MP3: plays everywhere", "Mp3File", (64_000, 128_000), 48_000, _MP3),
        Format("m4a", ".m4a", "AAC in MPEG-4: phones and computers", "M4aFile", (64_000, 128_000), choice=_AAC),
        Format("opus", ".opus", "Opus in Ogg: smallest for its quality", "OpusFile", (48_000, 96_000), choice=_OPUS),
        Format("flac", ".flac", "FLAC: lossless", "FlacFile"),
        Format("wav", ".wav", "WAV: lossless, largest", "WavFile", covers=False),
    )
}
"""By name, in the order in which to offer them."""


def format_for(path: Path, name: str | None = None) -> Format:
    """The format of that name, or without a name the one of the path's suffix.

    Raises UnknownFormatError, naming those there are.
    """
    available = ", ".join(FORMATS)
    if name is not None:
        wanted = name.lower().removeprefix(".")
        if wanted in FORMATS:
            return FORMATS[wanted]
        raise UnknownFormatError(f'unknown format "{name}" (available: {available})')
    for format in FORMATS.values():
        if path.suffix.lower() == format.suffix:
            return format
    what = f'unknown format "{path.suffix}"' if path.suffix else "no suffix tells the format"
    raise UnknownFormatError(f"{path}: {what} (available: {available}; or name the format)")
