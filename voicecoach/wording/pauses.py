"""Silences inside a line, which a script writes as ``[pause 1.5s]``."""

from __future__ import annotations

import re
from collections.abc import Callable

from voicecoach import units

_PAUSE = re.compile(r"(\[\s*pause\b[^\]]*\])", re.IGNORECASE)


def split(line: str) -> list[str | float]:
    """The texts of a line, which may be empty, and the silences between them in seconds, in order.

    Raises ValueError, with what would be right, where a silence is no duration.
    """
    return [_seconds(part) if index % 2 else part for index, part in enumerate(_PAUSE.split(line))]


def texts(line: str) -> list[str]:
    """The texts around the silences of a line, one more than there are silences."""
    return _PAUSE.split(line)[::2]


def around(line: str, change: Callable[[str], str]) -> str:
    """The line with ``change`` made in the texts around its silences."""
    return "".join(part if index % 2 else change(part) for index, part in enumerate(_PAUSE.split(line)))


def shown(line: str) -> str:
    """The line as one reads it: dots in place of a silence in it."""
    return " … ".join(map(str.strip, texts(line))).strip(" …")


def _seconds(pause: str) -> float:
    try:
        return units.parse_duration(pause[1:-1].strip()[len("pause") :])
    except ValueError as error:
        raise ValueError(f"{pause}: {error}") from None
