"""Workouts as Garmin Connect gives them: JSON with ``workoutSegments``, ``ExecutableStepDTO`` and ``RepeatGroupDTO``.

Speeds are metres a second, durations seconds or metres, as its web service has them.
"""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass
from typing import Any

from voicecoach.authoring.imports import distances, numbers
from voicecoach.authoring.imports.distances import Distances
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
    shown,
)
from voicecoach.errors import WorkoutFileError

_EFFORTS = {
    "warmup": Effort.WARM,
    "cooldown": Effort.COOL,
    "recovery": Effort.EASY,
    "rest": Effort.REST,
    "interval": Effort.STEADY,
    "other": Effort.STEADY,
    "main": Effort.STEADY,
}
_MOVES = (("run", "run", distances.RUN), ("walk", "walk", distances.WALK), ("hik", "walk", distances.WALK))
REP_SECONDS = 3.0
"""Seconds of a repetition that are assumed where none are told."""
WAITS, RESTS = 300.0, 60.0
"""Seconds that an exported file waits where the person ends a step, and a rest."""
_DEEPEST = 20
_ORDER = re.compile(r'"stepOrder"\s*:\s*([0-9]{1,9})\b')


def looks_so(text: str) -> bool:
    """Whether a text is of this format."""
    return text.lstrip()[:1] in ("{", "[") and ("workoutSegments" in text or "workoutSteps" in text)


def read(text: str, file: str, wishes: Wishes) -> Plan:
    """The plan of a workout. Raises WorkoutFileError where the text is no JSON, or no step is in it."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise WorkoutFileError(f"{file}:{error.lineno}:{error.colno}: no JSON ({error.msg.lower()})") from None
    except (RecursionError, ValueError):
        raise WorkoutFileError(
            f"{file}: no JSON that can be read (it is nested too deep, or has a number too long)"
        ) from None
    if isinstance(document, dict) and isinstance(document.get("workout"), dict):
        document = document["workout"]
    if isinstance(document, list):
        document = document[0] if len(document) == 1 else {"workoutSteps": document}
    if not isinstance(document, dict):
        raise WorkoutFileError(f"{file}:1: there is no workout in it (it has no workoutSegments)")
    plan = Plan(title=_text(document.get("workoutName")), about=_text(document.get("description")))
    sport = _key(document.get("sportType"), "sportTypeKey").lower()
    usual = (
        distances.RIDE if "cycl" in sport or "bik" in sport else distances.SWIM if "swim" in sport else distances.RUN
    )
    for word, move, pace in _MOVES:
        if word in sport:
            plan.move, usual = move, pace
    reader = _Reader(plan, _lines(text), Distances(plan, wishes, usual), sport)
    found = document.get("workoutSegments")
    segments = found if isinstance(found, list) else [document]
    for segment in segments:
        steps = segment.get("workoutSteps") if isinstance(segment, dict) else None
        reader.steps(steps if isinstance(steps, list) else [])
    if not plan.parts:
        notes = sorted(set(plan.notes))
        told = "; ".join(note.what for note in notes[:3]) or "its workoutSteps are empty"
        line = next((note.line for note in notes if note.line), 1)
        raise WorkoutFileError(f"{file}:{line}: there is no step in it that can be done ({told})")
    return plan


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _key(value: object, key: str) -> str:
    return _text(value.get(key)) if isinstance(value, dict) else ""


def _lines(text: str) -> dict[int, deque[int]]:
    """The lines of the file in which steps tell their order, by that order; within a group it may begin anew."""
    lines: dict[int, deque[int]] = {}
    line, counted = 1, 0
    for found in _ORDER.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        lines.setdefault(int(found[1]), deque()).append(line)
    return lines


@dataclass(slots=True)
class _Reader:
    plan: Plan
    lines: dict[int, deque[int]]
    distances: Distances
    sport: str

    def steps(self, steps: list[Any]) -> None:
        for step in steps:
            if not isinstance(step, dict):
                self.plan.note(0, f"{shown(str(step))} is no step, and is left out")
            elif isinstance(step.get("workoutSteps"), list):
                self._group(step)
            elif (made := self._step(step)) is not None:
                self.plan.parts.append(Part((made[0],), made[1]))

    def _line(self, step: dict[str, Any]) -> int:
        order = step.get("stepOrder")
        if isinstance(order, bool) or not isinstance(order, int):
            return 0
        lines = self.lines.get(order)
        return 0 if not lines else lines.popleft() if len(lines) > 1 else lines[0]

    def _group(self, group: dict[str, Any]) -> None:
        line = self._line(group)
        rounds = numbers.number(group.get("numberOfIterations"))
        if rounds is None and (_key(group.get("endCondition"), "conditionTypeKey") == "iterations"):
            rounds = numbers.number(group.get("endConditionValue"))
        if rounds is None or not 1 <= rounds <= MOST_ROUNDS:
            self.plan.note(line, "a group has no number of rounds that can be; it is done once")
            rounds = 1
        found = self._inside(group["workoutSteps"], line)
        if group.get("skipLastRestStep") and rounds > 1 and found and found[-1][0].effort in (Effort.REST, Effort.EASY):
            for count, inside in ((int(rounds) - 1, found), (1, found[:-1])):
                self._add(inside, count)
            return
        self._add(found, int(rounds))

    def _add(self, found: list[tuple[Segment, tuple[Text, ...]]], rounds: int) -> None:
        if not found:
            return
        texts: list[Text] = []
        start = 0.0
        whole = sum(segment.seconds for segment, _ in found)
        for segment, said in found:
            texts += (
                Text(start + number * whole + text.seconds, text.text, text.line)
                for number in range(rounds)
                for text in said
            )
            start += segment.seconds
        self.plan.parts.append(Part(tuple(segment for segment, _ in found), tuple(texts), rounds))

    def _inside(self, steps: list[Any], line: int, depth: int = 0) -> list[tuple[Segment, tuple[Text, ...]]]:
        """The steps of a group; a group inside it is written out."""
        found: list[tuple[Segment, tuple[Text, ...]]] = []
        for step in steps:
            if not isinstance(step, dict):
                self.plan.note(line, f"{shown(str(step))} is no step, and is left out")
            elif isinstance(step.get("workoutSteps"), list):
                rounds = numbers.number(step.get("numberOfIterations")) or 1
                if depth > _DEEPEST or rounds > 100 or len(found) > 1000:
                    self.plan.note(self._line(step), "a group in a group with so many steps is left out")
                    continue
                found += self._inside(step["workoutSteps"], line, depth + 1) * max(1, int(rounds))
            elif (made := self._step(step)) is not None:
                found.append(made)
        return found

    def _step(self, step: dict[str, Any]) -> tuple[Segment, tuple[Text, ...]] | None:
        line = self._line(step)
        kind = _key(step.get("stepType"), "stepTypeKey").lower()
        effort = _EFFORTS.get(kind, Effort.STEADY)
        name = _exercise(step)
        said = _text(step.get("description"))
        targets = (*self._targets(step, line, ""), *self._targets(step, line, "secondary"))
        texts = (Text(0.0, said, line),) if said else ()
        condition = _key(step.get("endCondition"), "conditionTypeKey").lower()
        value = numbers.number(step.get("endConditionValue"))
        made = self._ended(condition, value, targets, line, effort)
        if made is None:
            return None
        seconds, waits, reps = made
        return Segment(effort, seconds, line, targets, name=name, waits=waits, reps=reps), texts

    def _ended(
        self, condition: str, value: float | None, targets: tuple[Target, ...], line: int, effort: Effort
    ) -> tuple[float, bool, int] | None:
        """Seconds of a step, whether the person ends it, and its repetitions; None where none can be told."""
        waits = RESTS if effort in (Effort.REST, Effort.EASY) else WAITS
        if condition == "reps":
            reps = int(value or 0)
            if not 1 <= reps <= 1000:
                self.plan.note(line, "a step without a count that can be is left out")
                return None
            self.plan.note(line, f"a repetition is counted every {REP_SECONDS:g} s, which is assumed")
            return reps * REP_SECONDS, False, reps
        if condition in ("time", "fixed.rest", "distance"):
            if value is None or value <= 0 or value > 10 * LONGEST:
                self.plan.note(line, "a step without a length that can be is left out")
                return None
            if condition == "distance":
                return self.distances.seconds(value, line, targets), False, 0
            return min(LONGEST, max(0.1, numbers.tenths(value))), False, 0
        if condition != "lap.button":
            self.plan.note(line, f"what ends the step, {shown(condition or 'nothing')}, cannot be known here")
        self.plan.note(line, f"the step lasts until you go on; a file waits {waits:g} s, which is assumed")
        return waits, True, 0

    def _targets(self, step: dict[str, Any], line: int, which: str) -> tuple[Target, ...]:
        def value(key: str) -> Any:
            return step.get(which + key[0].upper() + key[1:] if which else key)

        kind = _key(value("targetType"), "workoutTargetTypeKey").lower()
        one, two = numbers.number(value("targetValueOne")), numbers.number(value("targetValueTwo"))
        zone = numbers.number(value("zoneNumber"))
        if kind in ("", "no.target", "open"):
            return ()
        ends = sorted(end for end in (one, two) if end is not None and end > 0)
        low, high = (ends[0], ends[-1]) if ends else (0.0, 0.0)
        zones = {"heart.rate.zone": Unit.HEART_ZONE, "power.zone": Unit.ZONE, "pace.zone": Unit.PACE_ZONE}
        if kind in zones and not ends and zone is not None and 1 <= zone <= 10:
            return (Target(zones[kind], zone, zone),)
        if ends and kind in ("pace.zone", "speed.zone") and low > 0.05:
            if self.sport and "run" not in self.sport and "walk" not in self.sport and kind == "speed.zone":
                return (Target(Unit.SPEED, low * 3.6, high * 3.6),)
            return (Target(Unit.PACE, 1000 / high, 1000 / low),)
        if ends and kind == "heart.rate.zone":
            return (Target(Unit.BEATS, low, high),)
        if ends and kind == "power.zone":
            return (Target(Unit.WATT, low, high),)
        if ends and kind in ("cadence", "cadence.zone"):
            return (Target(Unit.TURNS if "cycl" in self.sport else Unit.STEPS, low, high),)
        self.plan.note(line, f"the target {shown(kind)} is not understood, and is left out")
        return ()


def _exercise(step: dict[str, Any]) -> str:
    written = _text(step.get("exerciseName")) or _text(step.get("category"))
    if not written:
        return ""
    words = written.replace("_", " ").strip()
    return words.capitalize() if words.isupper() else words
