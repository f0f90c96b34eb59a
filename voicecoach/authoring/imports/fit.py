"""FIT workouts, as Garmin's watches take them: files of type 5, read by fit-tool.

A step that repeats names the first step that it repeats, and how many rounds are done in all. Custom heart rates have
100 added to beats a minute, custom powers 1000 to watts, and speeds are millimetres a second (Garmin's FIT profile).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from voicecoach.authoring.imports import distances, numbers
from voicecoach.authoring.imports.distances import Distances
from voicecoach.authoring.imports.garmin import RESTS, WAITS
from voicecoach.authoring.imports.plan import (
    LONGEST,
    MOST_ROUNDS,
    Effort,
    Part,
    Plan,
    Segment,
    Target,
    Text,
    Unit,
    Wishes,
)
from voicecoach.errors import WorkoutFileError

_NEEDS = 'a FIT file needs the extra "fit" (pip install "voicecoach[fit]")'
_EFFORTS = {
    "active": Effort.STEADY,
    "interval": Effort.STEADY,
    "rest": Effort.REST,
    "recovery": Effort.EASY,
    "warmup": Effort.WARM,
    "cooldown": Effort.COOL,
}
_PACES = {"running": ("run", distances.RUN), "walking": ("walk", distances.WALK), "hiking": ("walk", distances.WALK)}
_USUAL = {"cycling": distances.RIDE, "swimming": distances.SWIM}
_FASTEST = 50.0
"""Metres a second; above this a speed is one in millimetres."""
_SPEEDS, _HEARTS, _POWERS, _CADENCES = "speed", "heart_rate", "power", "cadence"


def is_fit(content: bytes) -> bool:
    """Whether a file is of this format, by its header."""
    return content[8:12] == b".FIT"


def read(content: bytes, file: str, wishes: Wishes) -> Plan:
    """The plan of a FIT workout. Raises WorkoutFileError where it cannot be read, or is no workout."""
    if find_spec("fit_tool") is None:
        raise WorkoutFileError(f"{file}: {_NEEDS}")
    messages = _messages(content, file)
    plan = Plan()
    sport = ""
    steps = []
    for message in messages:
        kind = type(message).__name__
        if kind == "WorkoutMessage":
            plan.title = _text(_value(message, "workout_name"))
            sport = _name(_value(message, "sport"), "Sport")
        elif kind == "WorkoutStepMessage":
            steps.append(message)
    move, usual = _PACES.get(sport, ("work", _USUAL.get(sport, distances.OTHER)))
    plan.move = move
    reader = _Reader(plan, Distances(plan, wishes, usual), sport)
    for number, step in enumerate(steps, 1):
        reader.step(number, step)
    reader.end()
    if not plan.parts:
        raise WorkoutFileError(f"{file}: there is no step of a workout in it (it may be an activity or a course)")
    return plan


def _messages(content: bytes, file: str) -> list[Any]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        from fit_tool.fit_file import FitFile

        return [record.message for record in FitFile.from_bytes(content).records if not record.is_definition]
    except Exception as error:  # whatever its parser meets in bytes that are damaged
        raise WorkoutFileError(
            f"{file}: no FIT file that can be read ({type(error).__name__}: {str(error)[:80]})"
        ) from None
    finally:
        # the library gives the root logger a handler
        for handler in root.handlers[:]:
            if handler not in handlers:
                root.removeHandler(handler)
        root.setLevel(level)


def _value(message: Any, name: str) -> Any:
    try:
        return getattr(message, name, None)
    except Exception:  # a value that the profile does not know
        return None


def _name(value: Any, kind: str) -> str:
    """What the profile calls a value of a ``kind``; empty for one that it does not know."""
    from fit_tool.profile import profile_type

    try:
        return str(getattr(profile_type, kind)(getattr(value, "value", value)).name).lower()
    except (ValueError, TypeError):
        return ""


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


@dataclass(slots=True)
class _Made:
    number: int
    segment: Segment
    said: str


class _Reader:
    """Steps as they come; one that repeats makes a part of those before it."""

    def __init__(self, plan: Plan, metres: Distances, sport: str) -> None:
        self._plan = plan
        self._distances = metres
        self._sport = sport
        self._made: list[_Made] = []

    def step(self, number: int, step: Any) -> None:
        kind = _name(_value(step, "duration_type"), "WorkoutStepDuration")
        if kind.startswith("repeat_until"):
            self._repeat(number, step, kind)
            return
        segment = self._segment(number, step, kind)
        if segment is not None:
            self._made.append(_Made(number, segment, _text(_value(step, "notes"))))

    def end(self) -> None:
        """What no step repeats is done once."""
        for made in self._made:
            self._part([made], 1)
        self._made = []

    def _part(self, made: list[_Made], rounds: int) -> None:
        start, texts = 0.0, []
        whole = sum(each.segment.seconds for each in made)
        for each in made:
            if each.said:
                texts += [Text(start + number * whole, each.said, 0) for number in range(rounds)]
            start += each.segment.seconds
        self._plan.parts.append(Part(tuple(each.segment for each in made), tuple(texts), rounds))

    def _repeat(self, number: int, step: Any, kind: str) -> None:
        first, rounds = numbers.number(_value(step, "duration_value")), numbers.number(_value(step, "target_value"))
        inside = [made for made in self._made if first is not None and made.number > first]
        if kind != "repeat_until_steps_cmplt" or rounds is None or not 1 <= rounds <= MOST_ROUNDS or not inside:
            self._plan.note(0, f"step {number} repeats what cannot be told; the steps before it are done once")
            return
        for made in self._made[: len(self._made) - len(inside)]:
            self._part([made], 1)
        self._made = []
        self._part(inside, int(rounds))

    def _segment(self, number: int, step: Any, kind: str) -> Segment | None:
        effort = _EFFORTS.get(_name(_value(step, "intensity"), "Intensity"), Effort.STEADY)
        name = _text(_value(step, "workout_step_name"))
        targets = self._targets(number, step)
        waits = False
        if kind == "time":
            seconds = numbers.number(_value(step, "duration_time"))
        elif kind == "distance":
            metres = numbers.number(_value(step, "duration_distance"))
            seconds = self._distances.seconds(metres, 0, targets) if metres else None
        elif kind == "reps":
            reps = numbers.number(_value(step, "duration_reps") or _value(step, "duration_value"))
            if reps is not None and 1 <= reps <= 1000:
                self._plan.note(0, f"step {number}: a repetition is counted every 3 s, which is assumed")
                return Segment(effort, reps * 3.0, 0, targets, name=name, reps=int(reps))
            seconds = None
        else:
            waits = True
            seconds = RESTS if effort in (Effort.REST, Effort.EASY) else WAITS
            self._plan.note(0, f"step {number} lasts until you go on; a file waits {seconds:g} s, which is assumed")
        if seconds is None or not 0 < seconds <= LONGEST:
            self._plan.note(0, f"step {number} has no length that can be, and is left out")
            return None
        return Segment(effort, max(0.1, numbers.tenths(seconds)), 0, targets, name=name, waits=waits)

    def _targets(self, number: int, step: Any) -> tuple[Target, ...]:
        kind = _name(_value(step, "target_type"), "WorkoutStepTarget")
        zone = numbers.number(_value(step, "target_value"))
        low, high = (numbers.number(_value(step, f"custom_target_value_{end}")) for end in ("low", "high"))
        if kind in ("", "open", "none"):
            return ()
        custom = bool(low and high)
        if not custom and zone and 1 <= zone <= 10 and kind in (_HEARTS, _POWERS):
            return (Target(Unit.HEART_ZONE if kind == _HEARTS else Unit.ZONE, zone, zone),)
        if not custom and zone and 1 <= zone <= 10 and kind == _SPEEDS:
            return (Target(Unit.PACE_ZONE, zone, zone),)
        if custom and low is not None and high is not None:
            low, high = sorted((low, high))
            if kind == _SPEEDS:
                slow, fast = (end / 1000 if low > _FASTEST else end for end in (low, high))
                if self._sport in ("cycling", "generic"):
                    return (Target(Unit.SPEED, slow * 3.6, fast * 3.6),)
                return (Target(Unit.PACE, 1000 / fast, 1000 / slow),)
            if kind == _HEARTS:
                return (
                    Target(Unit.BEATS, low - 100, high - 100)
                    if low > 100
                    else Target(Unit.HEART_MAX, low / 100, high / 100),
                )
            if kind == _POWERS:
                return (
                    Target(Unit.WATT, low - 1000, high - 1000)
                    if low > 1000
                    else Target(Unit.FTP, low / 100, high / 100),
                )
            if kind == _CADENCES:
                return (Target(Unit.TURNS if self._sport == "cycling" else Unit.STEPS, low, high),)
        self._plan.note(0, f"step {number}: its target ({kind.replace('_', ' ')}) is not understood, and is left out")
        return ()
