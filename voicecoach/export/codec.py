"""Packets on a grid: where in them a sound is found, and which encoder makes them.

A session's packets are counted from 0; packet ``n`` is what the encoder makes when it is handed frames ``n * grid``
up to ``(n + 1) * grid``. What sounds in some frames is found ``late`` frames further on in what is decoded, and makes
itself felt in a few packets before and after.
"""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.export import lame

_AROUND = 2
"""Packets before and after a sound that are not plain silence, whatever the encoder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """One encoder with its settings, for sessions of ``session_rate`` hertz and ``channels``.

    ``rate`` is the encoder's own; packets of silence have a bit rate of their own. ``grid`` and ``late`` are in frames
    of the session. Gaps of fewer than ``merge`` packets are encoded. Long islands are cut before every ``cut``-th
    packet, where ``lead`` more packets are encoded in front and thrown away. To make a packet the encoder must see
    ``reach`` packets' worth of frames beyond. Where ``windows`` is given, the encoder is handed that many packets'
    worth of frames at a time (see ``encoder.Windows``). A decoder that starts within sound must have had ``preroll``
    packets before, to be thrown away.
    """

    name: str
    session_rate: int
    rate: int
    channels: int
    bit_rate: int
    silent_bit_rate: int
    sample_format: str = "fltp"
    options: tuple[tuple[str, str], ...] = ()
    grid: int
    late: int
    merge: int
    cut: int
    lead: int
    reach: int
    windows: int = 0
    preroll: int = 1

    def made_by(self) -> str:
        """Whose packets they are: with another encoder the same samples could give others."""
        lame = self.lame()
        if lame is not None and self.rate == self.session_rate:
            return lame.version
        from importlib.metadata import version  # costly to import

        pyav = f"PyAV {version('av')}"  # encodes, or resamples for LAME
        return pyav if lame is None else f"{lame.version} after {pyav}"

    def lame(self) -> lame.Library | None:
        """The LAME that encodes, where this is MP3 and the machine has one that is quick."""
        return lame.library() if self.name == "libmp3lame" else None

    def packets(self, frames: int) -> int:
        """How many packets it takes until the last of so many frames leaves a decoder."""
        return -(-(frames + self.late) // self.grid)

    def touched(self, start: int, end: int) -> tuple[int, int]:
        """First packet, and the one after the last, in which sound of frames ``start`` up to ``end`` is found."""
        return max(0, start // self.grid - _AROUND), (end - 1 + self.late) // self.grid + 1 + _AROUND
