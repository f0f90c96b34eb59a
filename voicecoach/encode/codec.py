"""Packets on a grid: how samples become them, and where in them a sound is found.

A session's packets are counted from 0; packet ``n`` is what the encoder makes when it is handed frames ``n * grid``
up to ``(n + 1) * grid``. What sounds in some frames is found ``late`` frames further on in what is decoded, and makes
itself felt in a few packets before and after.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voicecoach.clip import Samples
from voicecoach.encode import fastlame
from voicecoach.encode.libav import Encoder, Resampler
from voicecoach.errors import ExportError

_LONGEST_LATENCY = 16
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
    packets around a sound that are not plain silence. Gaps of fewer than ``merge`` packets are encoded. Long islands
    are cut before every ``cut``-th packet, where ``lead`` more packets are encoded in front and thrown away. To make a
    packet the encoder must see ``reach`` packets' worth of frames beyond. Where ``windows`` is given, the encoder is
    handed that many packets' worth of frames at a time (see ``Windows``).
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
    merge: int
    cut: int
    lead: int
    reach: int
    windows: int = 0

    def encoder(self) -> Feeding:
        """A fresh one, to be fed from frame 0 of what it is to encode."""
        encoder: Feeding
        lame, options = self._lame(), dict(self.options)
        settings = {"rate": self.rate, "channels": self.channels, "bit_rate": self.bit_rate}
        if lame is None:
            encoder = Encoder(self.name, **settings, sample_format=self.sample_format, options=options)
        else:
            encoder = fastlame.Lame(lame, **settings, quality=int(options["compression_level"]))
        if self.windows:
            encoder = Windows(encoder, self)
        if self.rate != self.session_rate:
            encoder = _Resampled(Resampler(self.session_rate, self.rate, self.channels).feed, encoder)
        return encoder

    def encode(self, samples: Samples, skip: int, count: int) -> list[bytes]:
        """Packets ``skip`` up to ``skip + count`` of what a fresh encoder makes of the samples and silence behind."""
        encoder = self.encoder()
        packets = encoder.feed(samples)
        silence = np.zeros((self.grid, self.channels), dtype=np.float32)
        for _ in range(skip + count + _LONGEST_LATENCY):
            if len(packets) >= skip + count:
                return packets[skip : skip + count]
            packets += encoder.feed(silence)
        raise ExportError(f"the {self.name} encoder holds back its packets")

    def made_by(self) -> str:
        """Whose packets they are: with another encoder the same samples could give others."""
        lame = self._lame()
        return f"PyAV {importlib.metadata.version('av')}" if lame is None else lame.version

    def _lame(self) -> fastlame.Library | None:
        return fastlame.library() if self.name == "libmp3lame" else None

    def packets(self, frames: int) -> int:
        """How many packets it takes until the last of so many frames leaves a decoder."""
        return -(-(frames + self.late) // self.grid)

    def touched(self, start: int, end: int) -> tuple[int, int]:
        """First packet, and the one after the last, in which sound of frames ``start`` up to ``end`` is found."""
        return max(0, start // self.grid - self.before), (end - 1 + self.late) // self.grid + 1 + self.after


class Windows:
    """An encoder that is handed overlapping stretches of ``codec.windows`` packets' worth of frames.

    The first ``codec.lead`` packets of each and the last ``codec.reach`` are thrown away. Silence comes before it all.
    """

    def __init__(self, encoder: Feeding, codec: Codec) -> None:
        self._encoder = encoder
        self._length = codec.windows * codec.grid
        self._overlap = (codec.lead + codec.reach) * codec.grid
        self._kept = range(codec.lead, codec.windows - codec.reach)
        self._windows = codec.windows
        self._fed = 0
        """Frames of the current window that the encoder has."""
        self._recent = np.zeros((self._overlap, codec.channels), dtype=np.float32)
        self._made = 0
        """Packets the encoder has made."""
        self._packets: list[bytes] = []
        self._hand(self._recent[: codec.lead * codec.grid])

    def feed(self, samples: Samples) -> list[bytes]:
        """Takes in the next samples; the packets that are complete."""
        while samples.shape[0]:
            if self._fed == self._length:
                self._fed = 0
                self._hand(self._recent)
            room = self._length - self._fed
            part, samples = samples[:room], samples[room:]
            self._recent = np.concatenate((self._recent, part))[-self._overlap :]
            self._hand(part)
        packets, self._packets = self._packets, []
        return packets

    def _hand(self, samples: Samples) -> None:
        self._fed += samples.shape[0]
        for packet in self._encoder.feed(samples):
            if self._made % self._windows in self._kept:
                self._packets.append(packet)
            self._made += 1


@dataclass(frozen=True, slots=True)
class _Resampled:
    resample: Callable[[Samples], Samples]
    encoder: Feeding

    def feed(self, samples: Samples) -> list[bytes]:
        return self.encoder.feed(self.resample(samples))
