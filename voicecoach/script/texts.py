"""Every text of a script that a voice says, with the path to it."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.script.model import Ask, CueLine, Ready, Say, Script, Step, Timed
from voicecoach.script.problems import Path

Text = tuple[Path, str]


def texts(script: Script) -> Iterator[Text]:
    """Those of a script, not of those it uses; each once, in order of the format's tables."""
    for key in ("halfway", "session_halfway", "complete"):
        if isinstance(text := getattr(script.announce, key), str):
            yield ("announce", key), text
    for name, lines in script.cues.items():
        yield from of_lines(("cues", name), lines)
    for number, block in enumerate(script.block):
        for index, step in enumerate(block.steps):
            path: Path = ("block", number, "steps", index)
            if (called := getattr(step, "name", None)) is not None:
                yield (*path, "name"), called
            yield from of_step(path, step)
    for number, reminder in enumerate(script.reminder):
        if not isinstance(reminder.cues, str):
            yield from of_lines(("reminder", number, "cues"), reminder.cues)


def of_lines(path: Path, lines: tuple[CueLine, ...]) -> Iterator[Text]:
    """Those of a pool; a line that is a recording has none."""
    return (((*path, index), line.text) for index, line in enumerate(lines) if line.audio is None)


def of_step(path: Path, step: Step) -> Iterator[Text]:
    """Those of a step, its own lines included, but neither its name nor a pool that it shares with others.

    A path ends in ``(…, "at", 2)`` for the third line of ``at``.
    """
    match step:
        case Say(say=text) | Ready(ready=text):
            yield (*path, step.kind), text
        case Ask(ask=text, answers=answers):
            yield (*path, "ask"), text
            for index, answer in enumerate(answers):
                yield (*path, "answers", index, "label"), answer.label
                if answer.say is not None:
                    yield (*path, "answers", index, "say"), answer.say
        case Timed():
            if step.intro is not None:
                yield (*path, "intro"), step.intro
            if isinstance(step.halfway, str):
                yield (*path, "halfway"), step.halfway
            for index, line in enumerate(step.at.values()):
                if line.audio is None:
                    yield (*path, "at", index), line.text
            if step.cues is not None and not isinstance(step.cues, str):
                yield from of_lines((*path, "cues"), step.cues)
