"""Lines in spoken form, and those that state a time, whose words follow from where they are heard.

Whoever places lines needs this, and the script's models are costly to load: nothing here knows them.
"""

from __future__ import annotations

from functools import lru_cache

from voicecoach import wording
from voicecoach.timeline.model import Line, StatedTime

STATED = frozenset({"remaining", "elapsed", "rep", "session_elapsed", "session_remaining"})
"""Names whose words follow from where a line is heard."""
OF_SESSION = frozenset({"session_elapsed", "session_remaining"})
"""Those that follow from when the session began, too."""
_WHOLE_MINUTES_FROM = 600.0
"""From so many seconds on a time of the session is told in whole minutes."""


@lru_cache(maxsize=16_384)
def plain(text: str, language: str) -> Line:
    """A text without names, as a line."""
    return Line(wording.of(language).spoken(text), language)


def stated(what: StatedTime, at: float, elapsed: float = 0.0) -> Line:
    """The words of a line that states a time, heard ``at`` seconds into its segment, ``elapsed`` into the session."""
    said = wording.of(what.language)

    def value(name: str) -> str:
        match name:
            case "remaining":
                return said.duration(round(max(0.0, what.duration - at)))
            case "elapsed":
                return said.duration(round(at))
            case "rep":
                pace = what.duration / max(1, what.reps)
                return said.number(min(what.reps, int(at / pace + 1e-6) + 1)) if what.reps else ""
            case "session_elapsed":
                return said.duration(_told(elapsed))
        return said.duration(_told(max(0.0, what.duration - at) + what.after))

    filled = "".join(value(part) if place % 2 else part for place, part in enumerate(what.parts))
    line = plain(filled, what.language)._replace(rate=what.rate, gain=what.gain)
    return line if what.parts[0] else line._replace(text=said.sentence(line.text))


def _told(seconds: float) -> float:
    return round(seconds / 60) * 60.0 if seconds >= _WHOLE_MINUTES_FROM else float(round(seconds))
