"""Encoders at work: samples become packets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voicecoach.errors import ExportError
from voicecoach.export import lame
from voicecoach.export.codec import Codec
from voicecoach.sound.clip import Samples

_LONGEST_LATENCY = 16
"""Packets after which an encoder that still holds one back is taken to be broken."""


class Feeding(Protocol):
    """An encoder at work."""

    def feed(self, samples: Samples) -> list[bytes]:
        """Takes in the next samples; the packets that are complete."""
        ...


def encoder(codec: Codec) -> Feeding:
    """A fresh one, to be fed from frame 0 of what it is to encode. Raises ExportError where there is none."""
    fresh: Feeding
    options = dict(codec.options)
    settings = {"rate": codec.rate, "channels": codec.channels, "bit_rate": codec.bit_rate}
    library = codec.lame()
    if library is not None:
        fresh = lame.Lame(library, **settings, quality=int(options["compression_level"]))
    else:
        from voicecoach.export.libav import Encoder

        fresh = Encoder(codec.name, **settings, sample_format=codec.sample_format, options=options)
    if codec.windows:
        fresh = Windows(fresh, codec)
    if codec.rate != codec.session_rate:
        from voicecoach.export.libav import Resampler

        fresh = _Resampled(Resampler(codec.session_rate, codec.rate, codec.channels).feed, fresh)
    return fresh


def encode(codec: Codec, samples: Samples, skip: int, count: int) -> list[bytes]:
    """Packets ``skip`` up to ``skip + count`` of what a fresh encoder makes of the samples and silence behind."""
    fresh = encoder(codec)
    packets = fresh.feed(samples)
    silence = np.zeros((codec.grid, codec.channels), dtype=np.float32)
    for _ in range(skip + count + _LONGEST_LATENCY):
        if len(packets) >= skip + count:
            return packets[skip : skip + count]
        packets += fresh.feed(silence)
    raise ExportError(f"the {codec.name} encoder holds back its packets")


class Windows:
    """An encoder that is handed overlapping stretches of ``codec.windows`` packets' worth of frames.

    The first ``codec.lead`` packets of each and the last ``codec.reach`` are thrown away. Silence comes before it all.
    """

    def __init__(self, encoder: Feeding, codec: Codec) -> None:
        self._encoder = encoder
        self._windows = codec.windows
        self._kept = range(codec.lead, codec.windows - codec.reach)
        self._length = codec.windows * codec.grid
        self._recent = np.zeros(((codec.lead + codec.reach) * codec.grid, codec.channels), dtype=np.float32)
        """What the current window and the next one share, as far as it has come."""
        self._made = 0
        """Packets the encoder has made."""
        self._fed = 0
        """Frames of the current window that it has."""
        self._hand(self._recent[: codec.lead * codec.grid])

    def feed(self, samples: Samples) -> list[bytes]:
        """Takes in the next samples; the packets that are complete."""
        packets = []
        while samples.shape[0]:
            if self._fed == self._length:
                self._fed = 0
                packets += self._hand(self._recent)
            room = self._length - self._fed
            handed, samples = samples[:room], samples[room:]
            self._recent = np.concatenate((self._recent, handed))[-self._recent.shape[0] :]
            packets += self._hand(handed)
        return packets

    def _hand(self, samples: Samples) -> list[bytes]:
        self._fed += samples.shape[0]
        made = list(enumerate(self._encoder.feed(samples), self._made))
        self._made += len(made)
        return [packet for number, packet in made if number % self._windows in self._kept]


@dataclass(frozen=True, slots=True)
class _Resampled:
    resample: Callable[[Samples], Samples]
    encoder: Feeding

    def feed(self, samples: Samples) -> list[bytes]:
        return self.encoder.feed(self.resample(samples))
