"""``voicecoach log``: the sessions so far."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.groups import DefaultGroup
from voicecoach.errors import HistoryError, counted

if TYPE_CHECKING:
    from datetime import datetime

    from voicecoach.store.history import History, SegmentDone, SessionDone

_ON_SCREEN = 20
"""How many sessions a terminal shows where nobody says how many."""
_LARGEST_FILE = 200_000_000
"""Bytes of the largest file that is imported: some 500,000 steps."""
_IN_WORDS = {
    "clock": "",
    "speech": "",
    "done": "done",
    "slipped": "form slipped",
    "skipped": "skipped",
    "cap": "as long as it may be",
    "answered": "",
    "back": "went back",
    "ended": "left there",
}


@click.group("log", cls=DefaultGroup)
def command() -> None:
    """Show the sessions so far, newest first ("voicecoach log list" is the same).

    Each step is remembered when it ends, in your data folder and nowhere else.
    """


@command.command("list")
@click.option("-n", "--last", type=click.IntRange(1), metavar="NUMBER", help="Only the last so many.")
def list_sessions(last: int | None) -> None:
    """Show the sessions so far, newest first: number, start, name, length, and how far it went.

    A terminal shows the last 20 unless --last says otherwise.
    """
    with _history() as history:
        wanted = _ON_SCREEN if last is None and sys.stdout.isatty() else last
        found = history.overviews(wanted)
        output.table(
            ("", "when", "session", "length", ""),
            (
                (
                    str(one.number),
                    _when(one.started),
                    f"{one.title} ({one.script})",
                    units.format_clock(one.seconds),
                    "finished" if one.finished else _left(one.steps),
                )
                for one in found
            ),
        )
        if not found:
            output.note(f"no session yet ({history.path})")
        elif last is None and len(found) < (count := history.count()):
            output.note(f"and {count - len(found):,} more: voicecoach log --last {count}")


@command.command()
@click.argument("number", type=click.IntRange(1))
def show(number: int) -> None:
    """Show what became of each step of a session."""
    with _history() as history:
        session = _session(history, number)
    how = "finished" if session.finished else "not finished"
    output.note(output.one_line(f"{session.title} ({session.script}), {_when(session.started)}, {how}"))
    output.table(("step", "", "planned", "done", ""), map(_row, session.segments))


@command.command()
@click.option("-f", "--format", "layout", type=click.Choice(["csv", "json"]), help="Rows, a step each, or JSON.")
@click.option("-o", "--output", "where", metavar="FILE", help="The file to write; standard output if left out.")
def export(layout: str | None, where: str | None) -> None:
    """Write all that is remembered: JSON that "log import" takes, or rows for a spreadsheet.

    What it is follows from the suffix of FILE, or is JSON, if -f is left out.
    """
    layout = layout or ("csv" if where is not None and where.lower().endswith(".csv") else "json")
    with _history() as history:
        text = history.as_csv() if layout == "csv" else history.as_json()
        count = history.count()
    if where is None:
        output.echo(text, nl=False)
        return
    from voicecoach.store.atomic import writing

    with writing(Path(where)) as file:
        file.write(text.encode())
    output.report(f"{where}: {counted(count, 'session')}")


@command.command("import")
@click.argument("file", metavar="FILE")
def import_file(file: str) -> None:
    """Add the sessions of a JSON that "log export" wrote; what is known already is not added again."""
    from voicecoach.store.history import History

    content = _content(file)
    with History.open() as history:
        came, new = history.add_json(content, file)
    known = f", {came - new:,} known already" if came > new else ""
    output.note(f"{counted(new, 'session')} added{known}")


@command.command()
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--all", "everything", is_flag=True, help="Forget every session, and the targets you have set.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def forget(context: click.Context, number: int | None, everything: bool, yes: bool) -> None:
    """Forget a session, or all of them; asks before it does."""
    from voicecoach.store.history import History

    if (number is None) != everything:
        raise click.UsageError('which one? "voicecoach log forget 12" forgets session 12, "--all" forgets all')
    with _history() as history:
        if number is None:
            what = f"all {counted(history.count(), 'session')} and the targets you have set"
        else:
            session = _session(history, number)
            what = output.one_line(f"session {number}, {session.title}, {_when(session.started)}")
    if not yes and not _agreed(what):
        output.note("nothing is forgotten")
        context.exit(1)
    with History.open() as history:
        if number is None:
            history.forget_all()
        else:
            history.forget(number)
    output.note(f"forgotten: {what}")


def _history() -> History:
    from voicecoach.store.history import History

    return History.open(to_read=True)


def _session(history: History, number: int) -> SessionDone:
    session = history.session(number)
    if session is None:
        known = history.overviews(1)
        last = f"the last one is {known[0].number}" if known else "there is none yet"
        raise click.UsageError(f'there is no session {number} ({last}; "voicecoach log" shows them)')
    return session


def _row(segment: SegmentDone) -> tuple[str, str, str, str, str]:
    from voicecoach.store.sessions import asked

    words = ", ".join(part for part in (segment.name or segment.kind, segment.side) if part)
    if segment.question is not None:
        words = asked(segment.question, segment.side)
    aim = segment.target if segment.target is not None else segment.planned
    told = segment.answer or _IN_WORDS[segment.why]
    counts = units.format_duration(segment.seconds)
    planned = "" if aim is None else units.format_duration(aim)
    return str(segment.index + 1), words, planned, counts, told


def _left(steps: int) -> str:
    return f"left after {counted(steps, 'step')}" if steps else "left in its first step"


def _when(started: datetime) -> str:
    return f"{started:%Y-%m-%d %H:%M}"


def _content(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(_LARGEST_FILE)
        with Path(file).open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise click.UsageError(f"{file}: cannot be read ({(error.strerror or str(error)).lower()})") from error
    if len(content) > _LARGEST_FILE:
        raise HistoryError(f"{file}: is far too large for a history")
    return content


def _interactive() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _agreed(what: str) -> bool:
    if not _interactive():
        raise click.UsageError(f'nobody can be asked here: "--yes" forgets {what}')
    return click.confirm(f"Forget {what}? It cannot be brought back.", err=True)
