"""How things look in a drawing of a session: their colours, light and dark, their patterns, and texts that fit."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.errors import printable
from voicecoach.review import picture
from voicecoach.review.picture import PAPER, Box, Pattern

INK, FAINT, GRID = "#1f2933", "#52606d", "#dde3ea"
LOOKS: dict[str, tuple[str, Pattern]] = {
    "hold": ("#0b6e99", ""),
    "work": ("#b4470f", "rising"),
    "reps": ("#7a3e9d", "bars"),
    "run": ("#2f7d32", "falling"),
    "walk": ("#5d9660", "dots"),
    "rest": ("#f1f4f7", ""),
    "talk": ("#9aa7b4", "lines"),
    "wait": ("#c79200", "grid"),
}
"""Colour and pattern of each look of a step."""
LANE_COLOURS = {
    "speech": "#44525f",
    "cues": "#0b6e99",
    "reminders": "#b4470f",
    "signals": "#7b8794",
    "music": "#7a3e9d",
}
"""Of what is heard, by its lane."""
DARK = {
    INK: "#e6ebf0", FAINT: "#a3b0bd", GRID: "#2c353e", PAPER: "#12161b", "#0b6e99": "#4db5e0", "#b4470f": "#f29152",
    "#7a3e9d": "#c795e6", "#2f7d32": "#74c678", "#5d9660": "#5b9c60", "#f1f4f7": "#1f262d", "#9aa7b4": "#5f6d7a",
    "#c79200": "#e9c349", "#44525f": "#c2ccd6", "#7b8794": "#8794a1",
}  # fmt: skip
"""What becomes of each colour in a dark theme."""
TITLE, TEXT, SMALL = 20.0, 13.0, 11.0
"""Sizes of texts."""


def box(x: float, y: float, wide: float, high: float, look: str) -> Box:
    """A stretch of a look; ``x`` and ``y`` are its top left corner."""
    colour, pattern = LOOKS[look]
    if look == "rest":  # hollow, on paper too; its line lies inside
        return Box((x + 0.5, y + 0.5), (max(wide - 1, 0.1), high - 1), colour, pattern, FAINT)
    return Box((x, y), (wide, high), colour, pattern)


def cut(text: str, room: float, size: float) -> str:
    """A text that is no wider than there is room; where it was, it ends with "…", or is empty."""
    text = " ".join(printable(text).split())
    if picture.wide(text, size) <= room:
        return text
    room -= picture.wide("…", size)
    kept = 0
    for char in text:
        room -= picture.wide(char, size)
        if room < 0:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…" if kept >= 2 else ""


def lines(text: str, size: float, room: float) -> Iterator[str]:
    """A text on lines; a word that is too long is cut."""
    line = ""
    for word in printable(text).split():
        longer = f"{line} {word}" if line else word
        if line and picture.wide(longer, size) > room:
            yield line
            longer = word
        line = cut(longer, room, size)
    if line:
        yield line
