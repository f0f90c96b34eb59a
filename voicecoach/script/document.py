"""A script's text as TOML data, with the place of each key, also where the TOML itself has faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import tomli

from voicecoach.script import syntax

if TYPE_CHECKING:
    from voicecoach.script.positions import Position
    from voicecoach.script.syntax import Fault, Mend

MAX_FAULTS = 50
"""Most faults of the TOML itself that are told."""
MAX_READ = 20_000_000
"""Most characters that are read over and over to find them; each fault costs another reading of the text."""


class Document:
    """What a text says. ``data`` is None where it cannot be read even when its faults are mended.

    Places are offsets in ``text``. ``complete`` is false where a part could not be read, so that a name that is not
    found may stand in it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[tuple[int, str]] = []
        self.complete = True
        self._mended = text
        self._edits: list[tuple[int, int]] = []
        self._hidden: list[tuple[int, int]] = []
        self.data = self._read()

    def offset(self, path: Sequence[str | int]) -> int:
        """Where a key path stands, or what is nearest around it."""
        return self._original(self._positions.find(path)) if path else 0

    def hides(self, offset: int) -> bool:
        """Whether a mistake is told of what stands there already, so that nothing more is known of it."""
        return any(start <= offset <= end for start, end in self._hidden)

    @cached_property
    def _positions(self) -> Position:
        from voicecoach.script import positions

        return positions.read(self._mended)

    def _read(self) -> dict[str, Any] | None:
        for _ in range(min(2 * MAX_FAULTS, 1 + MAX_READ // (1 + len(self.text)))):
            try:
                return tomli.loads(self._mended)
            except tomli.TOMLDecodeError as error:
                if not self._mend(error):
                    break
            except RecursionError:
                deep = self._original(syntax.too_deep(self._mended))
                self.faults.append((deep, "this lies too deep in lists or tables to be read"))
                break
            except ValueError:  # Python converts no more than some thousand digits
                long = re.search(r"[\d_]{1000,}", self._mended)
                self.faults.append((self._original(long.start()) if long else 0, "a number with far too many digits"))
                break
        return None

    def _mend(self, error: tomli.TOMLDecodeError) -> bool:
        """Note a fault, and change the text so that what follows can be read; false where that fails."""
        fault = syntax.explain(self._mended, error.pos, error.msg)
        if not self._follows(fault):
            self.faults.append((self._original(fault.offset), fault.message))
        if fault.mend is None or len(self.faults) >= MAX_FAULTS:
            return False
        return self._change(fault.mend) or self._change(syntax.blank_line(self._mended, error.pos))

    def _follows(self, fault: Fault) -> bool:
        """Whether a fault is likely but the consequence of one before it on its line."""
        if fault.mend is not None and not fault.mend.lost:
            return False
        line = self.text.count("\n", 0, self._original(fault.offset))
        return any(self.text.count("\n", 0, offset) == line for offset, _ in self.faults)

    def _change(self, mend: Mend) -> bool:
        if self._mended[mend.start : mend.end] == mend.text:
            return False
        if mend.unsure is not None:
            self._hidden.append((self._original(mend.unsure), self._original(mend.end)))
        self.complete = self.complete and not mend.lost
        self._mended = self._mended[: mend.start] + mend.text + self._mended[mend.end :]
        longer = len(mend.text) - (mend.end - mend.start)
        self._edits = [(at + longer if at > mend.start else at, by) for at, by in self._edits]
        self._edits.append((mend.start, longer))
        return True

    def _original(self, offset: int) -> int:
        """The offset in ``text`` of an offset in the mended text."""
        shift = sum(longer for at, longer in self._edits if at < offset)
        return min(max(0, offset - shift), len(self.text))
