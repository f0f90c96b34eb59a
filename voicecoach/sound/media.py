"""Audio files, opened: which kinds are taken, and how far what they say of themselves is believed.

The one place that opens files with FFmpeg (through PyAV). FFmpeg knows files that name others, wait for a network or
never end; only kinds that hold their own sound are opened. A picture in a file is never decoded: a small one can claim
a gigabyte.
"""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av._core
import av.error
from av.audio.stream import AudioStream

from voicecoach.errors import AudioFileError

if TYPE_CHECKING:
    from av.container import InputContainer

MOST_CHANNELS = 8
HIGHEST_RATE = 3_072_000
"""Most samples a second; the filter that brings them to a session's rate grows with it."""

_KINDS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,loas,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,ogg,tak,tta,"
    "voc,w64,wav,wv"
)
"""What FFmpeg calls the kinds of files that are opened."""
_BIG_PACKETS = "262144"
"""Bytes of a packet of a WAV file that is read as quickly as possible."""
_NEAR_THE_END = 5
"""Seconds from the claimed end of a file, where its true end is looked for."""
_LARGEST = 256 * 1024 * 1024
"""Most bytes that FFmpeg may take at once while it opens a file: it makes room for whatever a file claims to hold."""
_UNBOUNDED = 2**31 - 1
"""What FFmpeg begins with: the index of a long export takes more."""
_opening = threading.Lock()


@contextmanager
def opened(path: Path, *, big_packets: bool = False) -> Iterator[tuple[InputContainer, AudioStream]]:
    """A file, and its best sound. Raises AudioFileError where there is none, and says why."""
    _look_at(path)
    options = {"format_whitelist": _KINDS, "codec_whitelist": _decoders(), "protocol_whitelist": "file"}
    if big_packets:
        options["max_size"] = _BIG_PACKETS
    try:
        with _frugal():
            # without "file:" FFmpeg takes what stands before a colon in a name for a protocol
            container = av.open(f"file:{path}", options=options, metadata_errors="ignore")
    except av.error.FFmpegError as error:
        raise unreadable(path, error) from error
    with container:
        track = container.streams.best("audio")
        if not isinstance(track, AudioStream):
            others = " and ".join(sorted({other.type for other in container.streams} - {"audio"}))
            raise AudioFileError(f"{path}: holds no audio" + (f", only {others}" if others else " that can be decoded"))
        if track.codec_context is None:
            raise AudioFileError(f"{path}: holds no audio that can be decoded: it is of a kind that is not known here")
        yield container, track


def unreadable(path: Path, error: Exception) -> AudioFileError:
    """What FFmpeg's own error means to a person."""
    if isinstance(error, av.error.InvalidDataError | av.error.ArgumentError | av.error.EOFError):
        return AudioFileError(f"{path}: is no audio file of a kind that is taken, or a damaged one")
    return AudioFileError(f"{path}: cannot be read as audio: {_reason(error)}")


def seconds(path: Path) -> float:
    """About how long a file lasts, told from its last packets, without decoding it. Raises AudioFileError.

    What the file claims is no more than where these are looked for first.
    """
    with opened(path) as (container, track):
        unit, begin = track.time_base or Fraction(1), track.start_time or 0
        claimed = (track.duration or 0) * unit or Fraction(container.duration or 0, av.time_base)
        near = begin + int(max(Fraction(0), claimed - _NEAR_THE_END) / unit)
        end = None
        with suppress(av.error.FFmpegError, OverflowError):
            container.seek(near, stream=track)
            end = _end(container, track)
    if end is None:
        with opened(path) as (container, track):
            end = _end(container, track)
    return 0.0 if end is None else float((end - begin) * unit)


def stamp(path: Path) -> tuple[int, int, int]:
    """Another one whenever the file has changed. Raises AudioFileError where it is not there."""
    try:
        about = path.stat()
    except (OSError, ValueError) as error:
        raise AudioFileError(f"{path}: is not there (an audio file is needed)") from error
    return about.st_size, about.st_mtime_ns, about.st_ino


def changed(path: Path) -> AudioFileError:
    """For a file that is not the one it was before."""
    return AudioFileError(f"{path}: was changed while it was in use; start again")


def _end(container: InputContainer, track: AudioStream) -> int | None:
    """Where the last packet from here on ends, in units of the track's time; None where there is none."""
    end = None
    with suppress(av.error.FFmpegError):
        for packet in container.demux(track):
            if packet.pts is not None and packet.size:
                end = max(packet.pts + (packet.duration or 0), packet.pts if end is None else end)
    return end


def _look_at(path: Path) -> None:
    """Raises AudioFileError for what is no file, or may not be read."""
    try:
        if not path.is_file():
            found = "is a folder" if path.is_dir() else "is no regular file" if path.exists() else "is not there"
            raise AudioFileError(f"{path}: {found} (an audio file is needed)")
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise AudioFileError(f"{path}: cannot be opened: {_reason(error)}") from error


@contextmanager
def _frugal() -> Iterator[None]:
    """Bounds what FFmpeg takes at once, where PyAV's library lets itself be asked (not on Windows)."""
    with _opening:
        try:
            bound = ctypes.CDLL(av._core.__file__).av_max_alloc
        except (OSError, AttributeError):
            yield
            return
        bound.argtypes, bound.restype = (ctypes.c_size_t,), None
        bound(_LARGEST)
        try:
            yield
        finally:
            bound(_UNBOUNDED)


@functools.cache
def _decoders() -> str:
    """Everything that decodes sound, and nothing that decodes pictures."""
    names = []
    for name in sorted(av.codecs_available):
        with suppress(ValueError):  # one that only encodes
            if av.Codec(name, "r").type == "audio":
                names.append(name)
    return ",".join(names)


def _reason(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return str(reason)[:1].lower() + str(reason)[1:]
