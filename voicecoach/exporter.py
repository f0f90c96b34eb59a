"""An arrangement as an audio file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal

import numpy as np

from voicecoach.arrangement import Arrangement, Island
from voicecoach.cache import Cache
from voicecoach.encode import mp3
from voicecoach.encode import tags as tagging
from voicecoach.encode.codec import Codec
from voicecoach.encode.files import CODECS, PacketFile, SampleFile, packet_file, sample_file
from voicecoach.encode.formats import format_for
from voicecoach.encode.pieces import pieces
from voicecoach.encode.render import Renderer, source
from voicecoach.encode.snap import snapped
from voicecoach.encode.whole import writing
from voicecoach.mixer import Mixer

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames in all."""

_BLOCK = 1 << 16
"""Frames to mix at once."""


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

    ``format`` is a name in ``voicecoach.encode.FORMATS``; without one the suffix of ``path`` tells. Only what sounds is
    encoded, by ``jobs`` threads (as many as there are processors), and what ``cache`` holds already is not encoded
    again; between is ready-made silence. ``plain`` encodes every second of it in one go instead, to compare with.
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
        if kind.name not in CODECS:
            out = sample_file(kind.name, file, arrangement.rate, arrangement.channels, about, frames)
            _write_samples(out, arrangement, plain, steps)
        else:
            codec, quiet = _codecs(kind.name, arrangement, silence == "small")
            arrangement = snapped(arrangement, codec.grid)
            renderer = Renderer(codec, cache)
            silent = renderer.silence(quiet)
            with closing(packet_file(kind.name, file, unfinished, codec, silent, about, frames)) as packets:
                if plain:
                    _encode_all(packets, arrangement, codec, steps)
                else:
                    _encode_islands(packets, arrangement, codec, renderer, max(1, jobs or processors()), steps)
                packets.finish()
    steps.done(frames)


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Steps:
    """Tells how far it is."""

    def __init__(self, frames: int, progress: Progress | None) -> None:
        self._frames = frames
        self._progress = progress

    def done(self, frames: int) -> None:
        if self._progress is not None:
            self._progress(min(frames, self._frames), self._frames)


def _codecs(name: str, arrangement: Arrangement, small: bool) -> tuple[Codec, Codec]:
    """For sound, and for silence. Under music there is no silence to make small."""
    if name == "mp3" and small and arrangement.channels == 1:
        return mp3.small_codec(arrangement.rate), mp3.quiet_codec(arrangement.rate)
    codec = CODECS[name](arrangement.rate, arrangement.channels)
    return codec, codec


def _encode_islands(
    out: PacketFile, arrangement: Arrangement, codec: Codec, renderer: Renderer, jobs: int, steps: _Steps
) -> None:
    frames, written = arrangement.frames, 0
    found = pieces(codec, arrangement.islands(), frames)
    with closing(renderer.packets(found, source(arrangement), jobs)) as rendered:
        for piece, packets in rendered:
            out.silent(piece.first - written)
            out.sound(packets)
            written = piece.last
            steps.done(written * codec.grid)
    out.silent(codec.packets(frames) - written)


def _encode_all(out: PacketFile, arrangement: Arrangement, codec: Codec, steps: _Steps) -> None:
    encoder, mixer = codec.encoder(), Mixer(arrangement)
    left = codec.packets(arrangement.frames)
    while left:
        samples = mixer.read(_BLOCK)
        steps.done(mixer.position)
        packets = encoder.feed(np.pad(samples, ((0, _BLOCK - samples.shape[0]), (0, 0))))[:left]
        left -= len(packets)
        out.sound(packets)


def _write_samples(out: SampleFile, arrangement: Arrangement, plain: bool, steps: _Steps) -> None:
    frames = arrangement.frames
    islands = (Island(0, frames, ()),) if plain else arrangement.islands()
    mixer, written = Mixer(arrangement), 0
    for island in islands:
        out.silent(island.start - written)
        mixer.seek(island.start)
        while mixer.position < island.end:
            out.sound(mixer.read(min(_BLOCK, island.end - mixer.position)))
            steps.done(mixer.position)
        written = island.end
    out.silent(frames - written)
    out.finish()
