"""How messages speak of what somebody wrote, and of what they may have meant."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence


def near(word: str, known: Sequence[str]) -> str:
    """`` (did you mean "x"?)`` where something known is near to ``word``, otherwise what there is."""
    return _near(word, tuple(known))


@functools.lru_cache(maxsize=256)
def _near(word: str, known: tuple[str, ...]) -> str:
    import difflib  # only where something is wrong

    found = difflib.get_close_matches(word[:80], known, n=2, cutoff=0.6)
    if found:
        return " (did you mean " + " or ".join(f'"{name}"' for name in found) + "?)"
    return f" (known: {', '.join(known[:20])}{', …' if len(known) > 20 else ''})" if known else ""


def shown(value: object) -> str:
    """A value as a script's author knows it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if abs(value) >= 10**18:
            return "a huge number"
        case int() | float():
            return str(value)
        case str():
            return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"'
        case list() | tuple():
            return "a list"
        case dict():
            return "a table"
        case datetime.date() | datetime.time():
            return "a date or time"
    return "something else"
