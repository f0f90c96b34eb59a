"""What commands have of the history: the options that say how much, and what it says of a script for today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import Command
from voicecoach.errors import HistoryError
from voicecoach.store import folders

if TYPE_CHECKING:
    from voicecoach.pipeline import Today
    from voicecoach.script.model import Workout
    from voicecoach.store.history import History
    from voicecoach.timeline.kept import Opened

_FIRST_YEAR, _LAST_YEAR = 1971, 2999
"""Of which every system knows the offset from UTC."""


Said = TypeVar("Said")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f'"{text}" is no date (write it as {date.today()})') from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise click.BadParameter(f"{text} is no day that can be remembered ({_FIRST_YEAR} to {_LAST_YEAR} are)")
    return day


def today_option(command: Command) -> Command:
    """``--today``."""
    return click.option(
        "--today",
        type=_day,
        metavar="DATE",
        help="The day to take for today, as 2026-03-01; what came later is not seen.",
    )(command)


def history_options(command: Command) -> Command:
    """``--today`` and ``--no-history``."""
    leave_out = click.option("--no-history", is_flag=True, help="As if nothing was done before; nothing of it is read.")
    return today_option(leave_out(command))


def session_option(command: Command) -> Command:
    """``--session``."""
    return click.option(
        "--session",
        type=click.IntRange(1),
        metavar="NUMBER",
        help="The session of that number, from 1; the one that is due if left out. Reminders fade with it.",
    )(command)


def todays(
    script: Opened | Workout, source: str, day: date | None, *, no_history: bool = False, session: int | None = None
) -> Today:
    """What the history says of a script; where it cannot be read a line says so, and it is as if there was none."""
    from voicecoach import pipeline

    def of(history: History) -> Today:
        return pipeline.today(script, day=day, session=session, history=history)

    return asked(source, day, of, no_history=no_history) or pipeline.Today({}, (session or 1) - 1)


def asked(source: str, day: date | None, question: Callable[[History], Said], *, no_history: bool) -> Said | None:
    """What the history says; None where there is none or it is not to be asked, or with a line where it cannot be."""
    if no_history or folders.is_missing(folders.history()):
        return None
    from voicecoach.store.history import History

    try:
        with History.open(to_read=True) as history:
            warn_of_past(history, day)
            return question(history)
    except HistoryError as error:
        warn_of_loss(source, error)
        return None


def warn_of_loss(source: str, error: HistoryError) -> None:
    """Says that a script is done without the history, and why."""
    output.warn(source, [lost(error)])


def lost(error: HistoryError) -> str:
    """That something is done without the history, and why."""
    return f"{error}; going on without the history"


def warn_of_past(history: History, day: date | None) -> None:
    """Says so where a day to take for today lies before what is remembered."""
    if said := of_past(history, day):
        output.note(said)


def of_past(history: History, day: date | None) -> str:
    """What there is to say where a day to take for today lies before what is remembered; empty where it does not."""
    latest = history.latest() if day is not None else None
    if day is None or latest is None or latest <= day:
        return ""
    return f"the history goes on to {latest}: what came after {day} is left out"
