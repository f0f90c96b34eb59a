"""Seconds, frames and decibels: where one becomes another, and nowhere else.

Durations are written by people ("1h30m", "45s", "1:30") and kept as seconds (float). Frames are whole numbers:
frame ``n`` at a sample rate of ``rate`` hertz sounds ``n / rate`` seconds after the start.
"""

from __future__ import annotations

import functools
import re

SAMPLE_RATE = 44_100
"""Sample rate of a session in hertz."""
MAX_SECONDS = 48 * 3600.0
"""Longest session, and longest recording in one, in seconds."""
MAX_PAUSE = 60.0
"""Longest silence within a line, in seconds: a line is spoken, and kept, as one clip."""

_WORDS = re.compile(r"(?=\d)(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)(?:min|m))?(?:(\d+(?:\.\d+)?)s)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,2}):([0-5]\d)|(\d{1,3})):([0-5]\d(?:\.\d+)?)", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_OTHER_UNITS = (
    (re.compile(r"h(?:ours?|rs?)"), "h"),
    (re.compile(r"min(?:ute)?s?"), "m"),
    (re.compile(r"s(?:ec(?:ond)?s?)"), "s"),
    (re.compile(r"(?<=h)(\d+)$"), r"\1m"),
    (re.compile(r"(?<=m)(\d+)$"), r"\1s"),
)
"""How people also write units, and how a script writes them."""
LONGEST_DURATION_TEXT = 32


@functools.lru_cache(maxsize=1024)
def parse_duration(text: str) -> float:
    """Seconds of ``"45s"``, ``"20min"``, ``"20m"``, ``"1h30m"``, ``"1:30"`` (m:ss) or ``"1:02:03"`` (h:mm:ss).

    Exact to the microsecond. Raises ValueError with what is wrong and what would be right.
    """
    compact = text.strip()
    if len(compact) > LONGEST_DURATION_TEXT:
        raise _no_duration(compact[:LONGEST_DURATION_TEXT] + "…")
    seconds = _seconds(compact)
    if seconds is not None:
        return seconds
    if _NUMBER.fullmatch(compact) is not None:
        raise ValueError(f'"{compact}" has no unit (did you mean "{compact}s"?)')
    likely = "".join(compact.lower().split()).replace(",", ".")
    for written, unit in _OTHER_UNITS:
        likely = written.sub(unit, likely)
    if _seconds(likely) is not None:
        raise ValueError(f'"{compact}" is not a duration (did you mean "{likely}"?)')
    raise _no_duration(compact)


def _no_duration(shown: str) -> ValueError:
    return ValueError(f'"{shown}" is not a duration (write "45s", "20min", "1h30m" or "1:30")')


def _seconds(compact: str) -> float | None:
    if (clock := _CLOCK.fullmatch(compact)) is not None:
        hours, long_minutes, minutes, seconds = clock.groups(default="0")
        return round(int(hours) * 3600.0 + (int(long_minutes) + int(minutes)) * 60.0 + float(seconds), 6)
    if (words := _WORDS.fullmatch(compact)) is not None:
        hours, minutes, seconds = words.groups(default="0")
        return round(float(hours) * 3600 + float(minutes) * 60 + float(seconds), 6)
    return None


def format_duration(seconds: float) -> str:
    """How a script writes it: ``format_duration(90.5)`` is ``"1m30.5s"``."""
    whole = round(seconds, 3)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    parts = [f"{hours:.0f}h" if hours else "", f"{minutes:.0f}m" if minutes else ""]
    parts.append(f"{secs:.3f}".rstrip("0").rstrip(".") + "s" if round(secs, 3) or not whole else "")
    return "".join(parts)


def format_clock(seconds: float) -> str:
    """As a clock shows it: ``"0:45"``, ``"12:03"``, ``"1:02:03"``; parts of a second are cut off."""
    whole = int(max(0.0, seconds))
    hours, minutes, secs = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def to_frames(seconds: float, rate: int) -> int:
    """The frame nearest to a time in seconds."""
    return round(seconds * rate)


def to_seconds(frames: int, rate: int) -> float:
    """Seconds that ``frames`` last."""
    return frames / rate


def gain(decibels: float) -> float:
    """Linear amplitude factor of a gain in dB."""
    return float(10.0 ** (decibels / 20.0))
