"""Packets on a grid: how samples become them, and where in them a sound is found.

A session's packets are counted from 0; packet ``n`` is what the encoder makes when it is handed frames ``n * grid``
up to ``(n + 1) * grid``. What sounds in some frames is found ``late`` frames further on in what is decoded, and makes
itself felt in a few packets before and after.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voicecoach.clip import Samples
from voicecoach.encode.libav import Encoder, Resampler
from voicecoach.errors import ExportError

_LONGEST_LATENCY = 64
"""Packets after which an encoder that still holds one back is taken to be broken."""


class Feeding(Protocol):
    """An encoder at work."""

    def feed(self, samples: Samples) -> list[bytes]:
        """Takes in the next samples; the packets that are complete."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """One encoder with its settings, for sessions of ``session_rate`` hertz and ``channels``.

    ``rate`` is the encoder's own; ``grid`` and ``late`` are in frames of the session. ``before`` and ``after`` are the
    packets around a sound that are not plain silence; ``lead`` those to encode in front of an island and to throw
    away. Long islands are cut before every ``cut``-th packet, where ``cut_lead`` packets are thrown away. The
    encoder must have seen ``reach`` packets' worth of frames beyond a packet's own. ``rest`` of ``rate`` packets are a
    byte longer than the others, at constant bitrate. ``merge``: gaps shorter than so many packets are encoded.
    """

    name: str
    session_rate: int
    rate: int
    channels: int
    bit_rate: int
    sample_format: str = "fltp"
    options: tuple[tuple[str, str], ...] = ()
    grid: int
    late: int
    before: int
    after: int
    lead: int
    cut: int
    cut_lead: int
    reach: int
    merge: int
    rest: int = 0

    def encoder(self) -> Feeding:
        """A fresh one, to be fed from frame 0 of what it is to encode."""
        encoder = Encoder(
            self.name,
            rate=self.rate,
            channels=self.channels,
            sample_format=self.sample_format,
            bit_rate=self.bit_rate,
            options=dict(self.options),
        )
        if self.rate == self.session_rate:
            return encoder
        return _Resampled(Resampler(self.session_rate, self.rate, self.channels).feed, encoder)

    def encode(self, samples: Samples, skip: int, count: int) -> list[bytes]:
        """Packets ``skip`` up to ``skip + count`` of what a fresh encoder makes of the samples and silence behind."""
        encoder = self.encoder()
        packets = encoder.feed(samples)
        silence = np.zeros((8 * self.grid, self.channels), dtype=np.float32)
        for _ in range(0, skip + count + _LONGEST_LATENCY, 8):
            if len(packets) >= skip + count:
                break
            packets += encoder.feed(silence)
        else:
            raise ExportError(f"the {self.name} encoder holds back its packets")
        return packets[skip : skip + count]

    def packets(self, frames: int) -> int:
        """How many packets it takes until the last of so many frames leaves a decoder."""
        return -(-(frames + self.late) // self.grid)

    def touched(self, start: int, end: int) -> tuple[int, int]:
        """First packet, and the one after the last, in which sound of frames ``start`` up to ``end`` is found."""
        return max(0, start // self.grid - self.before), (end - 1 + self.late) // self.grid + 1 + self.after

    @property
    def period(self) -> int:
        """After so many packets the longer and shorter ones repeat."""
        return self.rate // math.gcd(self.rest, self.rate)

    def lengthened(self, packet: int) -> bool:
        """Whether a packet is a byte longer, to keep to a bitrate that gives no whole number of bytes."""
        return packet > 0 and -(-packet * self.rest // self.rate) > -(-(packet - 1) * self.rest // self.rate)

    def origin(self, first: int, last: int, lead: int) -> int:
        """Where to begin, at least ``lead`` packets before ``first``, so that the right packets are the longer ones.

        An encoder starts with a shorter packet, wherever in the session that is.
        """
        pattern = [self.lengthened(packet) for packet in range(first, min(last, first + self.period))]
        for origin in range(first - lead, first - lead - self.period, -1):
            if origin <= 0:
                break
            if all(self.lengthened(first + at - origin) is long for at, long in enumerate(pattern)):
                return origin
        return 0


@dataclass(frozen=True, slots=True)
class _Resampled:
    resample: Callable[[Samples], Samples]
    encoder: Feeding

    def feed(self, samples: Samples) -> list[bytes]:
        return self.encoder.feed(self.resample(samples))
