"""Spoken lines in memory."""

from __future__ import annotations

from collections import OrderedDict

from voicecoach.timeline.model import Line


class Held:
    """The samples of lines, those asked for last, as far as there is room for them."""

    def __init__(self) -> None:
        self._lines: OrderedDict[Line, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, line: Line) -> bytes | None:
        """The samples of a line, None where it is not held (any more)."""
        if line in self._lines:
            self._lines.move_to_end(line)
        return self._lines.get(line)

    def add(self, line: Line, pcm: bytes, most: int) -> None:
        """Holds a line, and lets go of those that were asked for longest ago until all have no more bytes than that."""
        if line not in self._lines:
            self._lines[line] = pcm
            self._bytes += len(pcm)
        while self._bytes > most:
            self._bytes -= len(self._lines.popitem(last=False)[1])

    def clear(self) -> None:
        """Lets go of all."""
        self._lines.clear()
        self._bytes = 0
