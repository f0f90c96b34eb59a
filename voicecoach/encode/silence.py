"""Ready-made packets of silence, to be repeated for as long as nothing sounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_CHUNK = 256 * 1024


class Silence:
    """Packet ``n`` of a session, where it is silent, is ``cycle[n % len(cycle)]``."""

    def __init__(self, cycle: Sequence[bytes]) -> None:
        self.cycle = tuple(cycle)
        whole = b"".join(self.cycle)
        self._repeats = max(1, _CHUNK // len(whole))
        self._chunk = whole * self._repeats

    def packets(self, first: int, count: int) -> Iterator[bytes]:
        """Packets ``first`` up to ``first + count``, one by one."""
        return (self.cycle[packet % len(self.cycle)] for packet in range(first, first + count))

    def joined(self, first: int, count: int) -> Iterator[bytes]:
        """The same, many in one string."""
        period = len(self.cycle)
        until_whole = min(count, -first % period)
        yield b"".join(self.packets(first, until_whole))
        whole, rest = divmod(count - until_whole, period)
        for _ in range(whole // self._repeats):
            yield self._chunk
        yield self._chunk[: whole % self._repeats * (len(self._chunk) // self._repeats)]
        yield b"".join(self.cycle[:rest])
