"""The sessions that a call means: of each script the one that is due, or those of some numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from voicecoach.cli import output, plans
from voicecoach.cli.arguments import Command
from voicecoach.cli.remembered import todays
from voicecoach.errors import Problem, ScriptError

if TYPE_CHECKING:
    from voicecoach.script.plan import Day
    from voicecoach.timeline.kept import Opened
    from voicecoach.timeline.model import Timeline

_MOST_SESSIONS = 1_000
"""Most sessions of a script that are made at once."""


class Session(NamedTuple):
    """One of them: what it is called after its script, and its number where one was asked for.

    ``finished`` are so many sessions before it.
    """

    source: str
    name: str
    number: int | None
    timeline: Timeline
    script: Opened
    finished: int

    @property
    def title(self) -> str:
        """That of its script, or the script's name where that is blank, with its number where one was asked for."""
        if self.number is None:
            return self.timeline.title if self.timeline.title.strip() else self.name
        title = self.timeline.title if self.timeline.title.strip() else self.name.rpartition("-")[0]
        return f"{title} {self.number:02}"

    @property
    def titled(self) -> Timeline:
        """Its timeline under this title."""
        return replace(self.timeline, title=self.title)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions of each script are wanted: those of some numbers, or with None the one that is due ``today``.

    Of a plan they are its sessions; with ``all_days`` all of them, or the one of the ``day`` that is asked for.
    """

    seed: int
    sessions: range | None
    today: date | None
    no_history: bool
    day: str | None = None
    all_days: bool = False

    def of(self, sources: Sequence[str]) -> tuple[list[Session], list[Problem]]:
        """Every session, in order; and the mistakes of the scripts that have some."""
        found: list[Session] = []
        problems: list[Problem] = []
        for source in dict.fromkeys(sources):
            try:
                found += self._of(source)
            except ScriptError as error:
                problems += error.problems
        return found, problems

    def _of(self, source: str) -> Iterator[Session]:
        from voicecoach import pipeline

        script = pipeline.opened(source)
        if days := script.outline().days:
            yield from self._of_plan(source, script, days)
            return
        if self.day is not None or self.all_days:
            option = "--all" if self.all_days else "--day"
            raise click.UsageError(output.one_line(f"{option} is for a plan, and {source} is a script"))
        first = None if self.sessions is None else self.sessions.start
        due = todays(script, source, self.today, no_history=self.no_history, session=first)
        digits = 0 if self.sessions is None else max(2, len(str(self.sessions[-1])))
        for number in self.sessions or [None]:
            finished = due.finished if number is None else number - 1
            timeline = pipeline.compiled(
                script, seed=self.seed, targets=due.targets, bests=due.bests, finished=finished
            )
            ending = "" if number is None else f"-{number:0{digits}}"
            yield Session(source, f"{_stem(source, timeline.title)}{ending}", number, timeline, script, finished)

    def _of_plan(self, source: str, plan: Opened, days: Sequence[Day]) -> Iterator[Session]:
        """Sessions of a plan: called by their numbers in it, and each by itself as long as today's."""
        from voicecoach import pipeline

        chosen: Sequence[Day]
        if self.all_days:
            chosen = days
        elif self.sessions is not None:
            chosen = plans.numbered(days, self.sessions)
        elif self.day is not None:
            chosen = [plans.meant(days, self.day)]
        else:
            chosen = [plans.due(source, days, self.today, no_history=self.no_history)]
        several = self.all_days or self.sessions is not None
        for day in chosen:
            script = plan.of(day)
            number = day.before + 1 if several else None
            due = todays(script, source, self.today, no_history=self.no_history, session=number)
            timeline = pipeline.compiled(
                script, seed=self.seed, targets=due.targets, bests=due.bests, finished=due.finished
            )
            digits = max(2, len(str(len(days))))
            yield Session(
                source, f"{_stem(source, day.title)}-{day.number:0{digits}}", None, timeline, script, due.finished
            )


def sessions_option(command: Command) -> Command:
    """``--sessions``."""
    return click.option(
        "--sessions",
        "several",
        type=numbers,
        metavar="FIRST-LAST",
        help="Several sessions at once, as 1-12, each by itself: NAME-01, NAME-02 …",
    )(command)


def wanted(
    session: int | None, several: range | None, day: str | None = None, *, all_days: bool = False
) -> range | None:
    """The numbers that ``--session`` or ``--sessions`` ask for; None for neither.

    Raises UsageError for both, or where ``--day`` or ``--all`` stands beside.
    """
    given = {"--session": session is not None, "--sessions": several is not None, "--day": day is not None}
    given["--all"] = all_days
    first, second, *_ = [*(option for option, is_given in given.items() if is_given), "", ""]
    if second:
        raise click.UsageError(f"{first} and {second} exclude each other")
    return several if session is None else range(session, session + 1)


def numbers(text: str) -> range:
    """The numbers of sessions, as "1-12" or "3"."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*(?:[-–]\s*(\d{1,6})\s*)?", text, re.ASCII)
    if found is None:
        raise click.BadParameter(f'"{text}" are no sessions (write "1-12")')
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last:
        right = f"{last}-{first}" if 1 <= last < first else "1-12"
        raise click.BadParameter(f'"{text}": sessions count from 1 upwards (did you mean "{right}"?)')
    if last - first >= _MOST_SESSIONS:
        raise click.BadParameter(f'"{text}" are more than {_MOST_SESSIONS:,} sessions')
    return range(first, last + 1)


def stem(source: str) -> str:
    """What is called after a script that is a file, or known by name."""
    return Path(source).name.removesuffix(".txt").removesuffix(".toml")


def made_of(source: str) -> str:
    """How a note tells which script an album was made of: its file and the folder that is in, on every computer alike.

    Nothing of standard input.
    """
    from voicecoach.script import source as sources

    if source == sources.STANDARD_INPUT:
        return ""
    path = sources.find(source).absolute()
    return f"{path.parent.name}/{path.name.removesuffix('.txt')}"


def _stem(source: str, title: str) -> str:
    """What a file is called after its script; what came through standard input, after its title."""
    if source != "-":
        return stem(source)
    return re.sub(r"\W+", "-", title.casefold()).strip("-") or "workout"
