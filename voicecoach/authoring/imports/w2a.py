"""The YAML of w2a (github.com/mrclmr/w2a): ``exercises`` with a name, a duration and texts, and pauses between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicecoach import units
from voicecoach.authoring.imports import numbers
from voicecoach.authoring.imports.plan import LONGEST, Effort, Plan, Segment, Wishes, shown
from voicecoach.errors import WorkoutFileError

if TYPE_CHECKING:
    import yaml

_LARGEST = 300_000
_MOST_MERGED = 50
_PLACE = re.compile(r"\{\{-?\s*\.?(\w*)[^{}]*\}\}")
_NEEDS = 'w2a\'s YAML needs the extra "import" (pip install "voicecoach[import]")'
_OURS = frozenset({"name", "duration", "texts", "half_time", "pause_duration", "<<"})


def looks_so(text: str) -> bool:
    """Whether a text is of this format."""
    return re.search(r"^exercises\s*:", text, re.MULTILINE) is not None


def read(text: str, file: str, wishes: Wishes) -> Plan:
    """The plan of a workout. Raises WorkoutFileError where the text is no YAML, or no exercise is in it."""
    del wishes
    try:
        import yaml
    except ImportError:
        raise WorkoutFileError(f"{file}: {_NEEDS}") from None
    if len(text) > _LARGEST:
        raise WorkoutFileError(f"{file}: is larger than {_LARGEST // 1000} kB; a workout in YAML is a short text")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
        raise WorkoutFileError(f"{file}{line}: no YAML ({error.problem or error.context})") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        at = getattr(error, "position", None)
        place = f":{text.count(chr(10), 0, at) + 1}" if isinstance(at, int) else ""
        raise WorkoutFileError(f"{file}{place}: no YAML that can be read ({str(error).splitlines()[0][:80]})") from None
    reader = _Reader(Plan())
    reader.read(root)
    if not reader.plan.parts:
        notes = sorted(set(reader.plan.notes))
        told = "; ".join(f"line {note.line}: {note.what}" for note in notes[:3])
        told = told or 'they stand in a list below "exercises:", each with a name and a duration'
        first = next((note.line for note in notes if note.line), 1)
        raise WorkoutFileError(f"{file}:{first}: there is no exercise in it ({told})")
    return reader.plan


@dataclass(slots=True)
class _Reader:
    plan: Plan
    known: dict[int, dict[str, yaml.Node]] = field(default_factory=dict)

    def read(self, root: yaml.Node | None) -> None:
        top = self._mapping(root)
        pause = self._mapping(top.get("pause"))
        between = self._duration(pause.get("duration"), "the pause") or 0.0
        switch = self._mapping(top.get("half_time"))
        half = self._duration(switch.get("duration"), "the half time") or 0.0
        exercises = top.get("exercises")
        items: list[yaml.Node] = (
            list(exercises.value) if exercises is not None and isinstance(exercises.value, list) else []
        )
        segments: list[tuple[Segment, float]] = []
        for item in items:
            made = self._exercise(item, half, between)
            if made is not None:
                segments.append(made)
        for number, (segment, rest) in enumerate(segments):
            if rest and (number or between):
                self.plan.add(Segment(Effort.REST, rest, segment.line))
            self.plan.add(segment)
        work = sum(segment.seconds * (1 + segment.sides) + segment.switch for segment, _ in segments)
        rests = (
            segment.seconds for part in self.plan.parts for segment in part.segments if segment.effort is Effort.REST
        )
        whole = work + sum(rests)
        values = {
            "WorkoutExercisesCount": str(len(segments)),
            "WorkoutDuration": units.format_duration(whole),
            "WorkoutDurationWithoutPauses": units.format_duration(work),
        }
        self.plan.before = self._filled(top.get("before_workout_announce"), values)
        self.plan.after = self._filled(top.get("after_workout_announce"), values)

    def _mapping(self, node: yaml.Node | None, depth: int = 0) -> dict[str, yaml.Node]:
        """The values of a mapping by their keys, with those that are merged into it; nothing where it is none."""
        if node is None or not _is_mapping(node) or depth > _MOST_MERGED:
            return {}
        if id(node) not in self.known:
            own: dict[str, yaml.Node] = {}
            merged: dict[str, yaml.Node] = {}
            self.known[id(node)] = {}
            for key, value in node.value:
                if key.value == "<<":
                    for each in value.value if isinstance(value.value, list) and not _is_mapping(value) else [value]:
                        merged = {**self._mapping(each, depth + 1), **merged}
                elif isinstance(key.value, str):
                    own[key.value] = value
            self.known[id(node)] = {**merged, **own}
        return self.known[id(node)]

    def _exercise(self, item: yaml.Node, half: float, between: float) -> tuple[Segment, float] | None:
        line = item.start_mark.line + 1
        own = self._mapping(item)
        name = self._said(own.get("name"))
        seconds = self._duration(own.get("duration"), "an exercise") if "duration" in own else None
        if not seconds:
            self.plan.note(line, f"an exercise without a length is left out: {shown(name)}")
            return None
        for key in own:
            if key not in _OURS:
                self.plan.note(own[key].start_mark.line + 1, f"{shown(key)} is not known, and is left out")
        texts = own.get("texts")
        lines = (
            [self._said(each) for each in texts.value] if texts is not None and isinstance(texts.value, list) else []
        )
        rest = between
        if "pause_duration" in own:
            rest = self._duration(own["pause_duration"], "a pause") or 0.0
        sides = self._said(own.get("half_time")).lower() in ("true", "yes", "on")
        if sides:
            seconds = numbers.tenths(seconds / 2)
            self.plan.note(
                line, f"{shown(name)} changes sides at half time: it is done for each side, half of its time"
            )
        cues = tuple(text for text in lines if text)
        return Segment(Effort.STEADY, seconds, line, name=name, sides=sides, switch=half * sides, cues=cues), rest

    def _duration(self, node: yaml.Node | None, what: str) -> float | None:
        written = self._said(node)
        value = numbers.length(written) if written else None
        if node is not None and (value is None or value > LONGEST):
            self.plan.note(node.start_mark.line + 1, f"{what} has no duration that can be: {shown(written)}")
            return None
        return value

    @staticmethod
    def _said(node: yaml.Node | None) -> str:
        return " ".join(node.value.split()) if node is not None and isinstance(node.value, str) else ""

    def _filled(self, node: yaml.Node | None, values: dict[str, str]) -> str:
        """An announcement with its places filled."""

        def fill(found: re.Match[str]) -> str:
            if found[1] not in values and node is not None:
                self.plan.note(node.start_mark.line + 1, f"{found[0]} is not known, and is left out")
            return values.get(found[1], "")

        return _PLACE.sub(fill, self._said(node)).strip()


def _is_mapping(node: yaml.Node) -> bool:
    import yaml

    return isinstance(node, yaml.MappingNode)
