"""Targets as they are read aloud: "95% of FTP", "5:30/km", "90 rpm"; the figures become words when they are spoken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from voicecoach import units
from voicecoach.authoring import words
from voicecoach.authoring.imports.plan import SHARES, Effort, Segment, Target, Unit
from voicecoach.wording import written

_SYMBOLS = {
    Unit.WATT: " W",
    Unit.BEATS: " bpm",
    Unit.PACE: "/km",
    Unit.SPEED: " km/h",
    Unit.TURNS: " rpm",
    Unit.STEPS: " spm",
}
_INTENSITIES = ((0.6, "recovery"), (0.76, "endurance"), (0.9, "tempo"), (1.05, "threshold"), (1.19, "hard"))
"""Shares of the FTP below which a steady effort is called so: the six zones in which Zwift draws segments."""


class Names:
    """What the segments of a workout are called in a language; ``move`` is the kind of its steps."""

    def __init__(self, language: str, move: str) -> None:
        own: Mapping[str, Any] = words.of(language)
        self._efforts: Mapping[str, str] = own["efforts"]
        self._targets: Mapping[str, str] = own["targets"]
        self._races: list[str] = own["races"]
        self._symbols = {**_SYMBOLS, Unit.MILE_PACE: f"/{written.of(language).noun('mile').singular}"}
        self._move = move

    def name(self, segment: Segment) -> str:
        """A segment's name and its targets: "Threshold, 95% of FTP, 90 rpm"."""
        return ", ".join([segment.name or self.effort(segment), *self._said(segment)])

    def effort(self, segment: Segment) -> str:
        """What an effort is called that has no name of its own."""
        return str(self._efforts[self._effort(segment)])

    def _effort(self, segment: Segment) -> str:
        share = next((target for target in segment.targets if target.unit is Unit.FTP), None)
        match segment.effort:
            case Effort.FREE:
                return "free" if self._move == "work" else "free_run"
            case Effort.RAMP | Effort.STEADY if share is not None and segment.effort is Effort.RAMP:
                return "up" if share.low <= share.high else "down"
            case Effort.RAMP:
                ends = next(iter(segment.targets), None)
                return "steady" if ends is None else "up" if ends.low <= ends.high else "down"
            case Effort.STEADY if share is not None:
                middle = round((share.low + share.high) / 2, 3)
                return next((name for below, name in _INTENSITIES if middle < below), "very_hard")
        return segment.effort.value

    def _said(self, segment: Segment) -> Iterator[str]:
        for target in segment.targets:
            yield self._target(target)

    def _target(self, target: Target) -> str:
        low, high = (self._figure(target.unit, end) for end in (target.low, target.high))
        figure = low if low == high else f"{low}-{high}"
        unit = target.unit
        if unit in SHARES:
            share = f"{figure}%"
            if target.race is not None:
                return str(self._targets["race"].format(share=share, race=self._races[target.race]))
            return self._targets[unit.value].format(share)
        if unit in self._symbols:
            return figure + self._symbols[unit]
        return self._targets[unit.value].format(figure)

    @staticmethod
    def _figure(unit: Unit, value: float) -> str:
        if unit in (Unit.PACE, Unit.MILE_PACE):
            return units.format_clock(round(value))
        if unit in SHARES:
            return f"{value * 100:.0f}"
        return f"{value:.1f}".removesuffix(".0") if unit in (Unit.SPEED, *_ZONES) else f"{value:.0f}"


_ZONES = (Unit.ZONE, Unit.HEART_ZONE, Unit.PACE_ZONE)
