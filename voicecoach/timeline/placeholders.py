"""A script author's texts with their names filled in, in spoken form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from voicecoach.script.model import CueLine, Reps
from voicecoach.timeline.expand import Happening
from voicecoach.timeline.model import Line, Recording, StatedTime
from voicecoach.timeline.stated import STATED, plain, stated
from voicecoach.wording import pauses

_NAME = re.compile(r"(\{\{|\}\}|\{[a-z_]+\})")
_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s+")
_BEST = re.compile(r"(?<!\{)(?:\{\{)*\{best\}")


EMPHASES = {"moderate": (0.92, 2.0), "strong": (0.85, 4.0), "reduced": (1.0, -4.0)}
"""What an emphasis does: how many times as fast a line is said, and how many dB louder, as far as peaks allow."""


def without_best(text: str) -> str:
    """A text without the sentences that name a best; empty where nothing is left to say."""
    if "{best}" not in text:
        return text
    left = " ".join(sentence for sentence in _SENTENCE.split(text) if not _BEST.search(sentence))
    return left if any(part.strip() for part in pauses.texts(left)) else ""


class Writer:
    """Writes the lines of one step as it happens.

    ``about`` is the step its names are taken from, of ``duration`` seconds, and ``upcoming`` the next one with a name.
    ``best`` is the longest that was held of it so far, in seconds. ``number`` is that of the step among the session's
    ``steps``; ``after`` how much of the session comes behind it.
    """

    def __init__(
        self,
        happening: Happening,
        about: Happening,
        duration: float,
        upcoming: Happening | None,
        *,
        best: float | None = None,
        number: int = 0,
        steps: int = 0,
        after: float = 0.0,
    ) -> None:
        self._happening = happening
        self._about = about
        self._duration = duration
        self._upcoming = upcoming
        self._best = best
        self._number = number
        self._steps = steps
        self._after = after
        self._language = happening.scope.workout.language

    def told(self, text: str) -> str:
        """A text without the sentences that name a best that there is not; empty where nothing is left to say."""
        return text if self._best is not None else without_best(text)

    def tells(self, text: str) -> bool:
        """Whether anything is left to say of a text."""
        return not text or bool(self.told(text))

    def line(self, text: str) -> Line | StatedTime | None:
        """A line of the step; ``{{`` and ``}}`` become braces.

        None where nothing is left to say.
        """
        if "{" not in text and "}" not in text:
            return plain(text, self._language)
        text = self.told(text)
        if not text:
            return None
        parts = [""]
        for place, part in enumerate(_NAME.split(text)):
            name = part.strip("{}")
            if place % 2 and name in STATED:
                parts += [name, ""]
            else:
                parts[-1] += part if not place % 2 else part[0] if not name else self._value(name)
        if len(parts) > 1:
            reps = self._happening.step.reps if isinstance(self._happening.step, Reps) else 0
            return StatedTime(tuple(parts), self._language, self._duration, self._after, reps)
        said = plain(parts[0], self._language)
        return said._replace(text=self._happening.scope.phrases.sentence(said.text)) if text[0] == "{" else said

    def cue(self, cue: CueLine, at: float) -> Line | StatedTime | Recording | None:
        """A line of a pool, or one with a place of its own: spoken, or the coach's own recording of it."""
        said = self.line(cue.text)
        if cue.audio is None or said is None:
            return said and in_manner(said, cue.rate, cue.emphasis)
        return Recording(cue.audio, (stated(said, at) if isinstance(said, StatedTime) else said).text)

    def next_cue(
        self, lines: tuple[CueLine, ...], running: Iterator[CueLine], at: float
    ) -> Line | StatedTime | Recording | None:
        """The next line of a pool in which anything is left to say; ``running`` gives its ``lines`` in their order."""
        if not any(self.told(line.text) for line in lines):
            return None
        return next(said for line in running if (said := self.cue(line, at)) is not None)

    def _value(self, name: str) -> str:
        """What a name stands for, in spoken form; empty where the step has no such thing."""
        happening, said = self._happening, self._happening.scope.phrases
        match name:
            case "name":
                return self._about.name
            case "next":
                return self._upcoming.name if self._upcoming is not None else ""
            case "duration" | "target":
                return said.duration(self._duration)
            case "best":
                return said.duration(math.floor(self._best or 0.0))
            case "reps" if isinstance(happening.step, Reps):
                return said.number(happening.step.reps)
            case "round":
                return said.number(happening.round)
            case "rounds":
                return said.number(happening.rounds)
            case "side" if happening.side is not None:
                return said.side(happening.side)
            case "block":
                return happening.block
            case "step" if self._number:
                return said.number(self._number)
            case "steps":
                return said.number(self._steps)
        return ""


def in_manner(said: Line | StatedTime, rate: float, emphasis: str) -> Line | StatedTime:
    """A line said so many times as fast, and with an emphasis, if any."""
    if rate == 1.0 and not emphasis:
        return said
    slower, gain = EMPHASES.get(emphasis, (1.0, 0.0))
    return said._replace(rate=round(rate * slower, 3), gain=gain)
