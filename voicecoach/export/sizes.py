"""How large a file of a session becomes, and which encoding is the best of those that fit.

Estimated from what sounds: the packets of its chunks at their bit rate, and silence as its format keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from voicecoach.errors import ExportError
from voicecoach.export.chunks import chunks
from voicecoach.export.exporter import session_islands
from voicecoach.units import format_size

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.export.formats.format import Encoding, Format, Silence

HEAD = 4_000
"""Bytes of tags, chapters and tables in front of a session."""
_SILENT = {"m4a": 10, "opus": 4}
"""Bytes of a silent packet with its place in the tables; for others its bit rate tells."""
_LOSSLESS = {"flac": 0.62, "wav": 1.0}
"""Of 16 bits a sample, what sound takes; FLAC measured on speech."""


def estimated(arrangement: Arrangement, encoding: Encoding, heads: int = HEAD) -> int:
    """Bytes of the session, about: within a few hundredths; ``heads`` are those in front of its file or files."""
    codec = encoding.codec()
    name = encoding.format.name
    frames = arrangement.frames
    if codec is None:
        sounding = sum(island.end - island.start for island in arrangement.islands())
        size = 2 * encoding.channels * (frames if name == "wav" else sounding) * _LOSSLESS[name]
        return heads + int(size)
    seconds = codec.grid / codec.session_rate
    packets = codec.packets(frames)
    sounding = sum(chunk.last - chunk.first for chunk in chunks(codec, session_islands(arrangement, codec), frames))
    silent = _SILENT.get(name, codec.silent_bit_rate * seconds / 8)
    return heads + int(sounding * codec.bit_rate * seconds / 8 + (packets - sounding) * silent)


def smaller(first: Encoding, others: Iterable[Encoding]) -> Iterator[Encoding]:
    """The encodings to try, best first: the one that is wanted, then those of fewer bits a second, most first."""
    yield first
    ordered = sorted(others, key=lambda one: (-one.bit_rate, one.silence == "small"))
    yield from (one for one in ordered if one != first and one.bit_rate and one.bit_rate <= (first.bit_rate or 1 << 30))


def fitting(arrangement: Arrangement, made: Format, silence: Silence, bit_rate: int | None, limit: int) -> Encoding:
    """The encoding of a format that is the best of those which make one file of at most so many bytes.

    Raises ExportError where none does, and UnknownFormatError.
    """
    first = made.encoding(arrangement.rate, arrangement.channels, silence, bit_rate)
    silences: tuple[Silence, ...] = ("constant", "small") if made.small_bit_rate else ("constant",)
    others = (
        made.encoding(arrangement.rate, arrangement.channels, each, rate)
        for each in silences
        for rate in made.bit_rates_at(arrangement.rate, each)
    )
    sizes = []
    for encoding in smaller(first, others):
        sizes.append(estimated(arrangement, encoding))
        if sizes[-1] <= limit:
            return encoding
    raise too_large(f'"{arrangement.title}"', limit, made.name, min(sizes))


def too_large(what: str, limit: int, kind: str, least: int) -> ExportError:
    """What is told where nothing fits: the ``least`` bytes that there could be, for a ``kind`` of file or device."""
    return ExportError(
        f"{what} does not fit in {format_size(limit)}: the smallest that can be made of it for {kind} "
        f"has about {format_size(least)}"
    )
