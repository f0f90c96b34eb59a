"""Prime marks and the quotation marks that stand for them: 5', 90", or the end of a quotation."""

from __future__ import annotations

import re

DOUBLE, SINGLE = "″", "′"
_MARKS = {'"': DOUBLE, "”": DOUBLE, "″": DOUBLE, "''": DOUBLE, "’’": DOUBLE, "'": SINGLE, "’": SINGLE, "′": SINGLE}
_QUOTATION = ("'", "’", "”", '"', "’’")
_OPENED = {
    '"': re.compile(r'(?:^|[\s(])"(?=\S)'),
    "'": re.compile(r"(?:^|[\s(])'(?=\S)"),
    "”": re.compile("“"),
    "’": re.compile("‘"),
}


_BEHIND_NUMBER = re.compile(r"(?<=[0-9])['’\"”]")


def prime(text: str, found: re.Match[str]) -> str | None:
    """Which prime the ``unit`` behind a number is: DOUBLE or SINGLE; None where it is none, or ends a quotation."""
    written, mark = found["unit"], _MARKS.get(found["unit"] or "")
    if mark is None or written not in _QUOTATION:
        return mark
    return None if found["apart"] or _quoted(text, found, written[0]) else mark


def _quoted(text: str, found: re.Match[str], mark: str) -> bool:
    """Whether a quotation is open where the number begins; marks behind other numbers close none."""
    opened = list(_OPENED[mark].finditer(text, 0, found.start() + 1))
    return bool(opened) and mark not in _BEHIND_NUMBER.sub("", text[opened[-1].end() : found.start()])
