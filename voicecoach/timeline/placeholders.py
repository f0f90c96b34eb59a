"""A script author's texts with their names filled in, in spoken form."""

from __future__ import annotations

import re
from functools import lru_cache

from voicecoach import wording
from voicecoach.script.model import CueLine, Reps
from voicecoach.timeline.expand import Happening
from voicecoach.timeline.model import Line, Recording

_NAME = re.compile(r"\{\{|\}\}|\{([a-z]+)\}")


@lru_cache(maxsize=16_384)
def plain(text: str, language: str) -> Line:
    """A text without names, as a line."""
    return Line(wording.of(language).spoken(text), language)


class Writer:
    """Writes the lines of one step as it happens.

    ``about`` is the step its names are taken from, of ``duration`` seconds, and ``upcoming`` the next one with a name.
    """

    def __init__(self, happening: Happening, about: Happening, duration: float, upcoming: Happening | None) -> None:
        self._happening = happening
        self._about = about
        self._duration = duration
        self._upcoming = upcoming
        self._language = happening.scope.workout.language

    def line(self, text: str, at: float = 0.0) -> Line:
        """A line that is heard ``at`` seconds into the step; ``{{`` and ``}}`` become braces."""
        if "{" not in text and "}" not in text:
            return plain(text, self._language)
        filled = _NAME.sub(lambda found: self._value(found.group(1), at) if found.group(1) else found.group()[0], text)
        said = plain(filled, self._language)
        return said._replace(text=self._happening.scope.phrases.sentence(said.text)) if text[0] == "{" else said

    def pool_line(self, cue: CueLine, at: float) -> Line | Recording:
        """A line of a pool: spoken, or the coach's own recording of it."""
        said = self.line(cue.text, at)
        return said if cue.audio is None else Recording(cue.audio, said.text)

    def _value(self, name: str, at: float) -> str:
        """What a name stands for, in spoken form; empty where the step has no such thing."""
        happening, said = self._happening, self._happening.scope.phrases
        step = happening.step
        match name:
            case "name":
                return self._about.name
            case "next":
                return self._upcoming.name if self._upcoming is not None else ""
            case "duration" | "target" | "best":
                return said.duration(self._duration)
            case "remaining":
                return said.duration(round(max(0.0, self._duration - at)))
            case "elapsed":
                return said.duration(round(at))
            case "rep" if isinstance(step, Reps):
                return said.number(min(step.reps, int(at / step.rep_seconds) + 1))
            case "reps" if isinstance(step, Reps):
                return said.number(step.reps)
            case "round":
                return said.number(happening.round)
            case "rounds":
                return said.number(happening.rounds)
            case "side" if happening.side is not None:
                return said.side(happening.side)
            case "block":
                return happening.block
        return ""
