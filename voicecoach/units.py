"""Seconds, frames and decibels: where one becomes another, and nowhere else.

Durations are written by people ("1h30m", "45s", "1:30") and kept as seconds (float). Frames are whole numbers:
frame ``n`` at a sample rate of ``rate`` hertz sounds ``n / rate`` seconds after the start.
"""

from __future__ import annotations

import functools
import re

LOUDNESS = -16.0
"""LUFS that all which is heard is brought to."""
SAMPLE_RATE = 44_100
"""Sample rate of a session in hertz."""
MAX_SECONDS = 48 * 3600.0
"""Longest session, and longest recording in one, in seconds."""
MAX_PAUSE = 60.0
"""Longest silence within a line, in seconds: a line is spoken, and kept, as one clip."""

_GAP = r"[ \u00a0\u202f]*"
_HOURS, _MINUTES, _SECONDS = r"(?:hours?|hrs?|h)", r"(?:minutes?|mins?)", r"(?:seconds?|secs?|s)"
_COUNT = r"(\d+(?:\.\d+)?)"
_WORDS = (
    rf"(?=\d)(?:{_COUNT}{_GAP}{_HOURS})?"
    rf"{_GAP}(?:{_COUNT}{_GAP}{_MINUTES}|(\d{{1,2}}(?:\.\d+)?){_GAP}m)?"
    rf"{_GAP}(?:{_COUNT}{_GAP}{_SECONDS})?"
)
_CLOCK = r"(?:(\d{1,2}):([0-5]\d)|(\d{1,3})):([0-5]\d(?:\.\d+)?)"
DURATION = f"{_WORDS}|{_CLOCK}"
"""What a duration looks like, as a regular expression that Python and editors understand."""

_WRITTEN = re.compile(DURATION, re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_DISTANCE = re.compile(
    rf"(\d{{3,}}(?:\.\d+)?){_GAP}m"
    rf"|{_COUNT}{_GAP}(?:k|km|mi|ft|yds?|met(?:er|re)s?|kilomet(?:er|re)s?|miles?|yards?|feet)",
    re.ASCII | re.IGNORECASE,
)
_RANGE = re.compile(r"(\d[^-–—]*?)(?:[-–—]| to | or ) *(\d.*)", re.IGNORECASE)
_ROUGHLY = re.compile(r"^(?:[~≈±<>]|ca?\.|circa |about |around |approx\w*\.? )", re.IGNORECASE)
_COUNTED = {
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40",
    "fifty": "50", "sixty": "60", "ninety": "90",
}  # fmt: skip
_OTHER_WRITING = (
    (re.compile("[\u200b-\u200f\u2060\ufeff]"), ""),
    (re.compile(r"half (?:a |an )?min\w*"), "30s"),
    (re.compile(r"half (?:a |an )?h\w*"), "30min"),
    (re.compile(r"quarter (?:of )?(?:a |an )?h\w*"), "15min"),
    (re.compile(r"[^\W\d_]+"), lambda word: _COUNTED.get(word.group(), word.group())),
    (re.compile(r"(?<=\d),(?=\d)"), "."),
    (re.compile(r"(?<!\d)\.(?=\d)"), "0."),
    (re.compile(r",|&|\+|\band\b"), " "),
    (re.compile(r"(?<!\d)\s+|\s+(?!\d)"), ""),
    (re.compile(r"''|[\"″”“]"), "s"),
    (re.compile(r"['′’‘]"), "min"),
    (re.compile(r"(?:h|std|stund|ore|ora|uur)[^\W\d_]*\.?"), "h"),
    (re.compile(r"m(?:in[^\W\d_]*)?\.?"), "min"),
    (re.compile(r"s[^\W\d_]*\.?"), "s"),
    (re.compile(r"(?<=h)(\d+)$"), r"\1min"),
    (re.compile(r"(?<=min)(\d+)$"), r"\1s"),
)
"""How people also write durations, and how a script writes them."""
LONGEST_DURATION_TEXT = 32


@functools.lru_cache(maxsize=1024)
def parse_duration(text: str) -> float:
    """Seconds of ``"45s"``, ``"20 min"``, ``"20m"``, ``"1h30m"``, ``"1:30"`` (m:ss) or ``"1:02:03"`` (h:mm:ss).

    Exact to the microsecond. Raises ValueError with what is wrong and what would be right.
    """
    compact = text.strip()
    if len(compact) > LONGEST_DURATION_TEXT:
        raise _no_duration(compact[:LONGEST_DURATION_TEXT] + "…")
    seconds = _seconds(compact)
    if seconds is not None:
        return seconds
    if _NUMBER.fullmatch(compact) is not None:
        raise ValueError(without_unit(compact, f'"{compact}"'))
    if (distance := _DISTANCE.fullmatch(compact)) is not None:
        minutes = f' ("{distance.group(1)}min" is minutes)' if distance.group(1) else ""
        raise ValueError(f'"{compact}" is a distance: write how long it takes, or a "ready" step{minutes}')
    if (span := _RANGE.fullmatch(compact)) is not None and (longer := _likely(span.group(2))):
        raise ValueError(f'"{compact}" is a range, but a time is one (did you mean "{longer}"?)')
    if likely := _likely(compact):
        raise ValueError(f'"{compact}" is not a duration (did you mean "{likely}"?)')
    raise _no_duration(compact)


def without_unit(number: str, shown: str) -> str:
    """What is said of a number where a duration is wanted; ``shown`` is how it stands in the script."""
    meant = f'"{number}s"' + (f' or "{number}min"' if "." in number else "")
    return f"{shown} has no unit (did you mean {meant}?)"


def _likely(text: str) -> str:
    """The duration that was probably meant, as a script writes it; empty where nothing is near."""
    likely = _ROUGHLY.sub("", text.lower()).strip()
    for written, meant in _OTHER_WRITING:
        likely = written.sub(meant, likely)
    return likely if _seconds(likely) is not None else ""


def _no_duration(shown: str) -> ValueError:
    return ValueError(f'"{shown}" is not a duration (write "45s", "20 min", "1h30m" or "1:30")')


def _seconds(compact: str) -> float | None:
    if (found := _WRITTEN.fullmatch(compact)) is None:
        return None
    hours, long, short, seconds, clock_hours, clock_minutes, only_minutes, clock_seconds = map(
        float, found.groups(default="0")
    )
    minutes = long + short + clock_minutes + only_minutes
    return round((hours + clock_hours) * 3600 + minutes * 60 + seconds + clock_seconds, 6)


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


def format_size(number: int) -> str:
    """A number of bytes as people say it: "1.4 MB"."""
    if number < 1000:
        return f"{number} bytes"
    for unit, factor in (("kB", 10**3), ("MB", 10**6)):
        if number < 999.95 * factor:
            return f"{number / factor:.1f} {unit}"
    return f"{number / 10**9:.1f} GB"
