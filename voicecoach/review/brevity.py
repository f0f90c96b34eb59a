"""Cue lines that are too long for where they are heard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicecoach.review.places import quoted
from voicecoach.script import idle
from voicecoach.script.codes import Code
from voicecoach.script.model import CueLine, Reminder, Reps, Run, Script, Step, Timed, Walk, Workout
from voicecoach.script.problems import Path

MOST_WORDS_IN_MOTION = 5
"""One cue at a time, five words or fewer: what coaches practise."""
MOST_WORDS = 12
"""Words of a cue line past which it is an explanation: prompts in public run and ride plans have 10 at the median."""

_SENTENCE = re.compile(r"[.!?;:…]+(?:\s|$)|\[[^\]]*\]")
_WORD = re.compile(r"[^\W_](?:[\w'’{}-]|[.,](?=\d))*|\{\w+\}")


def of_script(script: Workout) -> Iterator[tuple[Path, str, Code]]:
    """The cue lines of a script, not of those it uses, that are too long for where they are heard, each once."""
    moving, resting = dict[Path, str](), dict[Path, str]()
    at_places = dict[Path, str]()
    pools = set[tuple[bool, str]]()
    for number, block in enumerate(script.block):
        for index, step in enumerate(block.steps):
            if not isinstance(step, Timed):
                continue
            path: Path = ("block", number, "steps", index)
            moves = in_motion(step)
            found = moving if moves else resting
            pool = step.cues if isinstance(step.cues, str) else ""
            if step.cues is not None and (moves, pool) not in pools:
                found.update(_lines((*path, "cues"), step.cues, script))
                pools |= {(moves, pool)} if pool else set()
            own = [((*path, "at", n), line.text) for n, line in enumerate(step.at.values()) if line.audio is None]
            (at_places if moves else resting).update(own)
    for number, reminder in enumerate(script.reminder):
        found = moving if _reminds_in_motion(reminder, script) else resting
        found.update(_lines(("reminder", number, "cues"), reminder.cues, script))
    hurried = moving | at_places
    for path, text in (hurried | resting).items():
        count = words(text)
        longest = max(map(words, _SENTENCE.split(text)), default=0) if path in at_places else count
        if count > MOST_WORDS:
            yield (
                path,
                f"{quoted(text)} has {count} words: a cue of more than {MOST_WORDS} is an explanation",
                Code.LONG_CUE,
            )
        elif path in hurried and longest > MOST_WORDS_IN_MOTION:
            message = (
                f"{quoted(text)} has {longest} words, and is heard in motion, where {MOST_WORDS_IN_MOTION} are plenty"
            )
            yield path, message, Code.LONG_IN_MOTION


def words(text: str) -> int:
    """How many words a line has; what is filled in counts as one."""
    return len(_WORD.findall(text))


def in_motion(step: Step) -> bool:
    """Whether somebody moves in a step: runs, walks, counts repetitions or follows a metronome."""
    return isinstance(step, (Run, Walk, Reps)) or getattr(step, "cadence", None) is not None


def _lines(path: Path, cues: str | tuple[CueLine, ...], script: Script) -> dict[Path, str]:
    """The lines of a pool, or of a step's own; one that is a recording has been said as it is."""
    base, lines = (("cues", cues), script.cues[cues]) if isinstance(cues, str) else (path, cues)
    return {(*base, index): line.text for index, line in enumerate(lines) if line.audio is None}


def _reminds_in_motion(reminder: Reminder, script: Workout) -> bool:
    return any(in_motion(step) and idle.belongs(reminder, step) for step in idle.steps(script))
