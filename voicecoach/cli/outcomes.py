"""How sessions are made where someone looks on, and what is told of what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.cli import output
from voicecoach.cli.bar import stretch

if TYPE_CHECKING:
    from voicecoach.cli.bar import Bar
    from voicecoach.export.batch import Job, Outcome

_SPEAKING = 0.5
"""The share of the progress of one session that speaking its lines counts for."""


def made(job: Job, what: str, jobs: int | None, bar: Bar, begin: float = 0, end: float = 1) -> Outcome:
    """Makes a session on all processors, and shows how far ``what`` is on a stretch of the bar."""
    from voicecoach.export.batch import make

    middle = begin + (end - begin) * _SPEAKING
    speaking = stretch(bar, f"speaking {what}", begin, middle)
    writing = stretch(bar, f"writing {what}", middle, end)
    return make(job, jobs, speaking=speaking, writing=writing)


def tell_notes(outcome: Outcome, told: set[str]) -> None:
    """What there is to say about it; ``told`` are the notes that need not be told again."""
    output.notes(note for note in outcome.notes if note not in told)
    told.update(outcome.notes)


def report_left_out(outcome: Outcome) -> None:
    """How many of its cues are not heard."""
    if outcome.left_out:
        output.report(f'{outcome.left_out} of its cues found no room ("voicecoach check" tells which, and why)')
