"""Figures as files hold them: with either decimal mark, a sign, a percent sign, or none at all."""

from __future__ import annotations

import math
import re

from voicecoach import units

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,12}(?:[.,][0-9]*)?|[+-]?[.,][0-9]+)(?:[eE]([+-]?[0-9]{1,2}))?\s*")
_CLOCK = re.compile(r"\s*([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?\s*")
_GO = re.compile(r"(?:(?P<h>[0-9.]+)h)?(?:(?P<m>[0-9.]+)m(?!s))?(?:(?P<s>[0-9.]+)s)?(?:(?P<ms>[0-9.]+)ms)?")
MILE = 1.609344
"""Kilometres of a mile."""


def number(written: object) -> float | None:
    """A finite number; None for what is none."""
    if isinstance(written, bool) or written is None:
        return None
    if isinstance(written, int | float):
        try:
            value = float(written)
        except OverflowError:
            return None
        return value if math.isfinite(value) else None
    found = _NUMBER.fullmatch(str(written)[:40])
    if found is None:
        return None
    value = float(found[1].replace(",", ".")) * 10.0 ** int(found[2] or 0)
    return value if math.isfinite(value) else None


def seconds(written: object) -> float | None:
    """Seconds of a number of them, or of a clock ("5:30"); None for what is neither, or less than nothing."""
    clock = _CLOCK.fullmatch(str(written)[:20])
    if clock is not None:
        first, second, third = int(clock[1]), int(clock[2]), clock[3]
        return float(first * 60 + second) if third is None else float(first * 3600 + second * 60 + int(third))
    value = number(written)
    return None if value is None or value < 0 else tenths(value)


def length(written: object) -> float | None:
    """Seconds of a duration with units, as "1m30s" or "1h 5 min"; None for what is none."""
    text = str(written).strip().lower()[:40]
    go = _GO.fullmatch(text)
    if text and go is not None:
        try:
            h, m, s, ms = (float(go[name] or 0) for name in ("h", "m", "s", "ms"))
        except ValueError:
            return None
        return tenths(h * 3600 + m * 60 + s + ms / 1000)
    try:
        return tenths(units.parse_duration(text))
    except ValueError:
        return None


def tenths(value: float) -> float:
    """Seconds as a script has them: whole, or to a tenth."""
    return round(min(value, 1e9) * 10) / 10
