"""Lists of phrases and seconds, a pair a line: ``Jumping jacks; 30``."""

from __future__ import annotations

import re

from voicecoach.authoring import words
from voicecoach.authoring.imports import numbers
from voicecoach.authoring.imports.plan import LONGEST, Effort, Part, Plan, Segment, Text, Wishes, shown
from voicecoach.errors import WorkoutFileError

_LONGEST_NAME = 150
_COMMENT = re.compile(r"^\s*(?:#|//)")
_FIGURE = re.compile(r"^[0-9]+(?:[.,][0-9]+)?$")


def looks_so(text: str) -> bool:
    """Whether a text is of this format: most lines have a phrase, a semicolon and a time."""
    lines = [line for line in text.split("\n")[:200] if line.strip() and not _COMMENT.match(line)]
    pairs = [line for line in lines if _pair(line) is not None]
    return bool(pairs) and 2 * len(pairs) > len(lines)


def _pair(line: str) -> tuple[str, float] | None:
    phrase, semicolon, time = line.rpartition(";")
    phrase, time = phrase.strip().strip('"').strip(), time.strip()
    seconds = numbers.seconds(time) if _FIGURE.match(time) else numbers.length(time) if semicolon else None
    return (phrase, seconds) if semicolon and seconds is not None and seconds <= LONGEST else None


def read(text: str, file: str, wishes: Wishes) -> Plan:
    """The plan of a list. Raises WorkoutFileError where no line of it has a phrase and a time."""
    plan = Plan()
    said: list[Text] = []
    lasted = 0.0
    rests = frozenset(words.of(wishes.language)["rest"])
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        if _COMMENT.match(written):
            head = written.strip().lstrip("#/ ").strip()
            plan.title, plan.about = (
                (plan.title, f"{plan.about} {head}".strip()) if plan.title or plan.parts else (head, "")
            )
            continue
        pair = _pair(written)
        if pair is None or not pair[0]:
            plan.note(line, f"no phrase and seconds: {shown(written)}")
            continue
        phrase, seconds = pair
        if not seconds:  # only said, before what follows
            said.append(Text(lasted, phrase, line))
            continue
        lasted += seconds
        effort = Effort.REST if phrase.casefold().rstrip(".!") in rests else Effort.STEADY
        if len(phrase) > _LONGEST_NAME:
            plan.parts.append(Part((Segment(effort, seconds, line),), (Text(0.0, phrase, line),)))
        else:
            plan.parts.append(Part((Segment(effort, seconds, line, name=phrase.rstrip(".")),)))
    plan.texts = [text for text in said if text.seconds < lasted]
    plan.after = " ".join(text.text for text in said if text.seconds >= lasted)
    if not plan.parts:
        raise WorkoutFileError(
            f'{file}:1: there is no line with a phrase and seconds in it (write "Jumping jacks; 30")'
        )
    return plan
