"""A session mixed from start to end: into a file that takes samples, or through one encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from voicecoach.arrange.arrangement import Arrangement, Island, Passage
from voicecoach.arrange.mixer import Mixer
from voicecoach.export import encoder
from voicecoach.export.codec import Codec
from voicecoach.export.formats.format import PacketFile, SampleFile

_AT_ONCE = 1 << 16
"""Frames to mix in one go."""


def write(
    out: SampleFile,
    arrangement: Arrangement,
    islands: Iterable[Island],
    start: int,
    end: int,
    done: Callable[[int], None],
) -> None:
    """Every sample of frames ``start`` up to ``end``, mixed on the islands only; ``done`` is told frames."""
    mixer, written = Mixer(arrangement), start
    for island in islands:
        first, last = max(start, island.start), min(end, island.end)
        if first >= last:
            continue
        out.silent(first - written)
        mixer.seek(first)
        while mixer.position < last:
            out.sound(mixer.read(min(_AT_ONCE, last - mixer.position)))
            done(mixer.position)
        written = last
    out.silent(end - written)


def encode(
    out: PacketFile,
    arrangement: Arrangement,
    islands: Iterable[Island],
    frames: int,
    codec: Codec,
    done: Callable[[int], None],
) -> None:
    """Every packet of a session of so many frames, by one encoder that hears all of it, each island at its place."""
    heard = tuple(placement for island in islands for placement in island.placements)
    mixer = Mixer(replace(arrangement, passages=(Passage(0, "", 0, frames, heard),)))
    running, left = encoder.encoder(codec), codec.packets(frames)
    while left:
        samples = mixer.read(_AT_ONCE)
        done(mixer.position)
        packets = running.feed(np.pad(samples, ((0, _AT_ONCE - samples.shape[0]), (0, 0))))[:left]
        left -= len(packets)
        out.sound(packets)
