"""The kinds of audio file there are, by name and suffix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voicecoach.errors import UnknownFormatError


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of audio file: ``suffix`` with its dot; ``lossy`` ones keep what is heard, the others every sample."""

    name: str
    suffix: str
    label: str
    lossy: bool


FORMATS: dict[str, Format] = {
    kind.name: kind
    for kind in (
        Format("mp3", ".mp3", "MP3: plays everywhere", lossy=True),
        Format("m4a", ".m4a", "AAC in MPEG-4: phones and computers", lossy=True),
        Format("opus", ".opus", "Opus in Ogg: smallest for its quality", lossy=True),
        Format("flac", ".flac", "FLAC: lossless", lossy=False),
        Format("wav", ".wav", "WAV: lossless, largest", lossy=False),
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
    for kind in FORMATS.values():
        if path.suffix.lower() == kind.suffix:
            return kind
    what = f'unknown format "{path.suffix}"' if path.suffix else "no suffix tells the format"
    raise UnknownFormatError(f"{path}: {what} (available: {available}; or name the format)")
