"""Courses of trainers: ``.mrc`` (minutes and percent of the FTP) and ``.erg`` (minutes and watts), with course text.

A segment lies between two lines of the course data; two lines of one minute are a step from one power to another.
Course text counts its seconds from the start: ``seconds <tab> text <tab> seconds shown``. PerfPRO describes segments by
their numbers: ``Desc0=…``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from voicecoach.authoring.imports import numbers
from voicecoach.authoring.imports.plan import LONGEST, Effort, Plan, Segment, Target, Text, Unit, Wishes, shown
from voicecoach.errors import WorkoutFileError

_SECTION = re.compile(r"^\s*\[\s*(?P<end>END\s+)?(?P<name>[A-Z ]+?)\s*\]\s*$", re.IGNORECASE)
_PAIR = re.compile(r"^\s*(?P<minutes>-?[0-9]+(?:[.,][0-9]+)?)[\s;,]+(?P<power>-?[0-9]+(?:[.,][0-9]+)?)(?:\s+.*)?$")
_TEXT = re.compile(
    r"^\s*(?P<seconds>[0-9]+(?:[.,][0-9]+)?)\s*[\t ,;]\s*(?P<text>\S.*?)(?:\t\s*(?P<shown>[0-9.]+))?\s*$"
)
_DESCRIPTIONS = "perfpro descriptions"
_DESCRIPTION = re.compile(r"^\s*desc(?P<number>[0-9]{1,5})\s*=\s*(?P<text>.*?)\s*$", re.IGNORECASE)
_SLOPES = re.compile(r"\bdistance\s+(?:grade|slope)", re.IGNORECASE)
_LAP = re.compile(r"^\s*(?:[0-9.,]+\s+)?LAP\b\s*(?P<name>.*?)\s*$", re.IGNORECASE)
_UNITS = re.compile(r"minutes\s+(?P<unit>watts|percent|ftp)", re.IGNORECASE)


def looks_so(text: str) -> bool:
    """Whether a text is of this format."""
    return "[course data]" in text[:20_000].lower() or "[course header]" in text[:2_000].lower()


@dataclass(slots=True)
class _Course:
    plan: Plan
    unit: Unit | None = None
    points: list[tuple[float, float, int]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    slopes: int = 0
    """The line that says that the course is one of distances and slopes, if there is one."""
    data: int = 0
    """The line in which the course begins."""
    descriptions: list[tuple[int, str, int]] = field(default_factory=list)
    """Of segments, by their numbers, as PerfPRO has them, with their lines."""


def read(text: str, file: str, wishes: Wishes) -> Plan:
    """The plan of a course. Raises WorkoutFileError where there is no course in it."""
    del wishes
    course = _Course(Plan())
    section = ""
    for line, written in enumerate(text.split("\n"), 1):
        found = _SECTION.match(written)
        if found is not None:
            section = "" if found["end"] else " ".join(found["name"].lower().split())
            if section and section not in ("course header", "course data", "course text", _DESCRIPTIONS):
                course.plan.note(line, f"the section {shown(section)} is not known, and is left out")
            course.data = line if section == "course data" else course.data
        elif not written.strip() or written.lstrip().startswith(";"):
            if _SLOPES.search(written) is not None:
                course.slopes = line
            continue
        elif section == "course header":
            _head(course, line, written)
        elif section == "course data":
            _point(course, line, written)
        elif section == "course text":
            _said(course, line, written)
        elif section == _DESCRIPTIONS:
            _described(course, line, written)
        elif section == "":
            course.plan.note(line, f"not understood: {shown(written)}")
    _segments(course, file)
    return course.plan


def _head(course: _Course, line: int, written: str) -> None:
    key, equals, value = (part.strip() for part in written.partition("="))
    named = _UNITS.search(written)
    if _SLOPES.search(written) is not None:
        course.slopes = line
    elif named is not None:
        course.unit = Unit.WATT if named["unit"].lower() == "watts" else Unit.FTP
    elif equals and key.lower() == "description":
        course.plan.about = value
    elif equals and key.lower() in ("file name", "name"):
        title = re.sub(r"\.(?:mrc|erg)$", "", value, flags=re.IGNORECASE).replace("_", " ")
        course.plan.title = course.plan.title or title
    elif not equals:
        course.plan.note(line, f"not understood: {shown(written)}")


def _point(course: _Course, line: int, written: str) -> None:
    lap = _LAP.match(written)
    if lap is not None:  # where a trainer counts a lap nothing is heard, but for its name
        if lap["name"] and course.points:
            course.texts.append(Text(course.points[-1][0], lap["name"], line))
        return
    found = _PAIR.match(written)
    if found is None:
        course.plan.note(line, f"no minutes and power: {shown(written)}")
        return
    minutes, power = numbers.number(found["minutes"]), numbers.number(found["power"])
    if minutes is None or power is None or minutes < 0 or minutes * 60 > LONGEST or power < 0:
        course.plan.note(line, f"no minutes and power that can be: {shown(written)}")
        return
    if course.points and minutes * 60 < course.points[-1][0]:
        course.plan.note(line, f"a time before that of the line above is left out: {shown(written)}")
        return
    course.points.append((numbers.tenths(minutes * 60), power, line))


def _said(course: _Course, line: int, written: str) -> None:
    found = _TEXT.match(written)
    seconds = numbers.number(found["seconds"]) if found is not None else None
    if found is None or seconds is None:
        course.plan.note(line, f"a text without a time is lost: {shown(written)}")
        return
    said = found["text"]
    if found["shown"] is None and "\t" not in written and (tail := re.search(r"\s+([0-9]{1,3})$", said)) is not None:
        course.plan.note(line, f"the {tail[1]} at the end is read aloud, since no tab says how long the text is shown")
    course.texts.append(Text(numbers.tenths(seconds), said, line))


def _described(course: _Course, line: int, written: str) -> None:
    found = _DESCRIPTION.match(written)
    if found is None:
        course.plan.note(line, f"not understood: {shown(written)}")
    elif found["text"]:
        course.descriptions.append((int(found["number"]), found["text"], line))


def _segments(course: _Course, file: str) -> None:
    if course.slopes and course.unit is None:
        raise WorkoutFileError(
            f"{file}:{course.slopes}: it is a course of distances and slopes, in which nothing lasts a time; "
            "one of minutes and watts or percent is needed"
        )
    if course.unit is None:
        course.unit = Unit.WATT if file.lower().endswith(".erg") else Unit.FTP
        course.plan.note(
            0,
            f"the units are not told; powers are taken for {'watts' if course.unit is Unit.WATT else 'percent of FTP'}",
        )
    scale = 0.01 if course.unit is Unit.FTP else 1.0
    segments: list[Segment] = []
    starts: list[float] = []
    for (start, low, line), (end, high, _) in zip(course.points, course.points[1:], strict=False):
        if end <= start:
            continue
        starts.append(start)
        effort = Effort.STEADY if low == high else Effort.RAMP
        target = Target(course.unit, low * scale, high * scale)
        targets = (target,) if low or high else ()
        if not targets:
            effort = Effort.FREE
        last = segments[-1] if segments else None
        if last is not None and effort is Effort.STEADY and (last.effort, last.targets) == (effort, targets):
            segments[-1] = Segment(effort, numbers.tenths(last.seconds + end - start), last.line, targets)
        else:
            segments.append(Segment(effort, numbers.tenths(end - start), line, targets))
    if not segments:
        raise WorkoutFileError(
            f"{file}:{course.data or 1}: there are no two times in [COURSE DATA], so nothing lasts (write the minutes "
            'and the power at each end of a segment, as "0 50" and "10 50")'
        )
    for segment in segments:
        course.plan.add(segment)
    for number, text, line in course.descriptions:
        if number < len(starts):
            course.texts.append(Text(starts[number], text, line))
        else:
            course.plan.note(line, f"a text for a segment that is not there is lost: {shown(text)}")
    course.plan.texts = course.texts
    start = course.points[0][0]
    if start:
        course.plan.note(course.points[0][2], f"the course begins at {start:g} s; it is heard from there")
        course.plan.texts = [Text(max(0.0, text.seconds - start), text.text, text.line) for text in course.texts]
