"""A session mixed block by block: into a file that takes samples, or through one encoder from start to end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from voicecoach.arrange.arrangement import Arrangement, Island
from voicecoach.arrange.mixer import Mixer
from voicecoach.export import encoder
from voicecoach.export.codec import Codec
from voicecoach.export.formats.files import PacketFile, SampleFile

_BLOCK = 1 << 16
"""Frames to mix at once."""


def write(out: SampleFile, arrangement: Arrangement, plain: bool, done: Callable[[int], None]) -> None:
    """Every sample, mixed only where something sounds, or with ``plain`` everywhere; ``done`` is told frames."""
    frames = arrangement.frames
    islands = (Island(0, frames, ()),) if plain else arrangement.islands()
    mixer, written = Mixer(arrangement), 0
    for island in islands:
        out.silent(island.start - written)
        mixer.seek(island.start)
        while mixer.position < island.end:
            out.sound(mixer.read(min(_BLOCK, island.end - mixer.position)))
            done(mixer.position)
        written = island.end
    out.silent(frames - written)
    out.finish()


def encode(out: PacketFile, arrangement: Arrangement, codec: Codec, done: Callable[[int], None]) -> None:
    """Every packet, by one encoder that hears all of it; ``done`` is told frames."""
    running, mixer = encoder.encoder(codec), Mixer(arrangement)
    left = codec.packets(arrangement.frames)
    while left:
        samples = mixer.read(_BLOCK)
        done(mixer.position)
        packets = running.feed(np.pad(samples, ((0, _BLOCK - samples.shape[0]), (0, 0))))[:left]
        left -= len(packets)
        out.sound(packets)
