"""An arrangement as an audio file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.export import tags as tagging
from voicecoach.export.chunks import chunks
from voicecoach.export.codec import Codec
from voicecoach.export.formats import files
from voicecoach.export.formats.formats import format_for
from voicecoach.export.grid import on_grid
from voicecoach.export.renderer import Renderer, source
from voicecoach.store.atomic import writing
from voicecoach.store.cache import Cache
from voicecoach.store.machine import processors

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames in all."""


def export(
    arrangement: Arrangement,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 (what it is)
    plain: bool = False,
    jobs: int | None = None,
    cache: Cache | None = None,
    silence: Literal["constant", "small"] = "constant",
    progress: Progress | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Writes the whole session to ``path``, which holds either all of it or what it held before.

    ``format`` is a name in ``voicecoach.export.formats.FORMATS``; without one the suffix of ``path`` tells. Only what
    sounds is encoded, by ``jobs`` threads (as many as there are processors), and what ``cache`` holds already is not
    encoded again; between is ready-made silence. ``plain`` encodes every second of it in one go instead, to compare
    with.
    ``silence="small"`` makes a far smaller MP3 of speech, with variable bitrate and half the sample rate; music stays.
    ``tags`` replaces what the file says about itself (``title``, ``artist``, ``album``, ``language``, ``comment``).

    The same arrangement gives the same bytes, whatever ``jobs`` and ``cache`` are.

    Raises UnknownFormatError, or ExportError where the file cannot be encoded or written; whatever happens, nothing
    unfinished is left behind.
    """
    target = Path(path)
    kind = format_for(target, format)
    about = tagging.of(arrangement).but(tags or {})
    frames = arrangement.frames
    steps = _Steps(frames, progress)
    with writing(target) as (file, unfinished):
        codec = files.codec(kind.name, arrangement.rate, arrangement.channels)
        if codec is None or plain:
            from voicecoach.export import streaming  # brings numpy, which islands that are kept do not need
        if codec is None:
            out = files.sample_file(kind.name, file, arrangement.rate, arrangement.channels, about, frames)
            streaming.write(out, arrangement, plain, steps.done)
        else:
            quiet = codec
            if silence == "small" and kind.name == "mp3" and arrangement.channels == 1:
                codec, quiet = _small(arrangement.rate)
            arrangement = on_grid(arrangement, codec.grid)
            renderer = Renderer(codec, cache)
            silent = renderer.silence(quiet)
            with closing(files.packet_file(kind.name, file, unfinished, codec, silent, about, frames)) as packets:
                if plain:
                    streaming.encode(packets, arrangement, codec, steps.done)
                else:
                    _encode_islands(packets, arrangement, codec, renderer, max(1, jobs or processors()), steps)
                packets.finish()
    steps.done(frames)


class _Steps:
    """Tells how far it is."""

    def __init__(self, frames: int, progress: Progress | None) -> None:
        self._frames = frames
        self._progress = progress

    def done(self, frames: int) -> None:
        if self._progress is not None:
            self._progress(min(frames, self._frames), self._frames)


def _small(rate: int) -> tuple[Codec, Codec]:
    """For speech, and for silence; under music there is no silence to make small."""
    from voicecoach.export.formats import mp3

    return mp3.small_codec(rate), mp3.quiet_codec(rate)


def _encode_islands(
    out: files.PacketFile, arrangement: Arrangement, codec: Codec, renderer: Renderer, jobs: int, steps: _Steps
) -> None:
    frames, written = arrangement.frames, 0
    found = chunks(codec, arrangement.islands(), frames)
    with closing(renderer.packets(found, source(arrangement), jobs)) as rendered:
        for chunk, packets in rendered:
            out.silent(chunk.first - written)
            out.sound(packets)
            written = chunk.last
            steps.done(written * codec.grid)
    out.silent(codec.packets(frames) - written)
