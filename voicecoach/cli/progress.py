"""``voicecoach progress``: how a hold grows."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.arguments import complete_script
from voicecoach.cli.groups import DefaultGroup
from voicecoach.cli.remembered import history_options, today_option, warn_of_past
from voicecoach.errors import ScriptError, near

if TYPE_CHECKING:
    from voicecoach.review.way import Way
    from voicecoach.store.history import History
    from voicecoach.timeline.progression import Growing

_PICTURES = (".png", ".svg")
_NARROWEST = 20
"""Columns of the narrowest plot."""

_script_option = click.option(
    "--script",
    "source",
    metavar="SCRIPT",
    shell_complete=complete_script,
    help="The script in which it stands: where several have one of that name, or it is a file somewhere.",
)


@click.group("progress", cls=DefaultGroup)
def command() -> None:
    """Show how your holds grow ("voicecoach progress show NAME" is the same as "voicecoach progress NAME").

    A hold grows that stands in a script as "progression:NAME"; docs/progression.md has the rule.
    """


@command.command()
@click.argument("name", required=False)
@click.option("-o", "--output", "where", metavar="FILE", help="Draw it into this file instead, an .svg or a .png.")
@_script_option
@history_options
def show(name: str | None, where: str | None, source: str | None, today: date | None, no_history: bool) -> None:
    """Plot the best hold of each day against the goal, and show today's target and what comes next.

    All of them if NAME is left out. A PNG needs the extra "voicecoach[plot]".
    """
    from voicecoach.store.history import History

    if where is not None and Path(where).suffix.lower() not in _PICTURES:
        raise click.UsageError(f'{where}: a picture is a .svg or a .png (did you mean "{Path(where).stem}.svg"?)')
    with History.empty() if no_history else History.open(to_read=True) as history:
        warn_of_past(history, today)
        found = _wanted(history, name, source)
        ways = [_way(history, *one, today or date.today()) for one in found]
        if not ways:
            output.note(f'nothing is held yet that grows ("voicecoach play bridge-progression" begins; {history.path})')
            return
    if where is None:
        for number, way in enumerate(ways):
            _plot(way, gap=number > 0)
    elif len(ways) > 1:
        raise click.UsageError(f"which one is to be drawn? there are: {', '.join(way.name for way in ways)}")
    else:
        _draw(ways[0], Path(where))


@command.command("set")
@click.argument("name")
@click.argument("target")
@_script_option
@today_option
def set_target(name: str, target: str, source: str | None, today: date | None) -> None:
    """Set today's target of a hold yourself, as 40s; from there it grows on."""
    from voicecoach.store.history import History, Wish

    try:
        seconds = units.parse_duration(target)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if not 1 <= seconds <= units.MAX_SECONDS:
        raise click.UsageError(f'"{target}" is no length for a hold (write "40s")')
    with History.open(to_read=True) as history:
        found = _wanted(history, name, source)
        if len(found) > 1:
            raise click.UsageError(_several(found))
        ((script, own, says),) = found
        guessed = source is None and name == own and _key(script, own) not in history.progressions()
    day = today or date.today()
    with History.open() as history:
        history.wish(Wish(progression=_key(script, own), day=day, seconds=seconds))
    goal = "" if says is None else f"; the goal is {units.format_duration(says.goal)}"
    past = ", which it is past" if says is not None and seconds > says.goal else ""
    other = "; nothing of it was held yet: --script SCRIPT, or SCRIPT/NAME, means another one" if guessed else ""
    told = f"{own} ({script}): {units.format_duration(seconds)} from {day} on{goal}{past}{other}"
    output.note(output.one_line(told))


_Found = tuple[str, str, "Growing | None"]
"""What a script is known by, the name of a progression of it, and what the script says of that, if it is here."""


def _wanted(history: History, name: str | None, source: str | None) -> list[_Found]:
    """The progressions that are meant; where NAME is given, one or more."""
    if source is not None:
        return _of_script(source, name)
    held = [(script, each) for script, _, each in (key.partition("/") for key in history.progressions())]
    known = [(script, each, _says(script, each)) for script, each in held if _is_meant(name, script, each)]
    if known or name is None:
        return known
    by_name = list(_all())
    found = [one for one in by_name if _is_meant(name, *one[:2])]
    if not found:
        names = sorted({each for _, each in held} | {each for _, each, _ in by_name})
        raise click.UsageError(f'no progression is called "{name}"{near(name, names)}')
    return found


def _of_script(source: str, name: str | None) -> list[_Found]:
    """Those of a script, and of the scripts that it uses."""
    from voicecoach import pipeline

    progressions = pipeline.opened(source).outline().progressions
    all_of_it: list[_Found] = [(one.script, one.name, one) for one in progressions]
    if not all_of_it:
        raise click.UsageError(f"{source}: no hold in it grows")
    found = [one for one in all_of_it if _is_meant(name, *one[:2])]
    if not found:
        names = [each for _, each, _ in all_of_it]
        raise click.UsageError(f'{source}: no progression in it is called "{name}"{near(name or "", names)}')
    return found


def _is_meant(wanted: str | None, script: str, name: str) -> bool:
    """Whether a progression is the one that is called NAME, or SCRIPT/NAME; all are where it is left out."""
    return wanted in (None, name, _key(script, name))


def _key(script: str, name: str) -> str:
    from voicecoach.timeline.progression import key

    return key(script, name)


def _several(found: list[_Found]) -> str:
    either = " or ".join(f'"{_key(script, name)}"' for script, name, _ in found)
    return f'"{found[0][1]}" stands in several scripts: which one is meant, {either}?'


def _says(script: str, name: str) -> Growing | None:
    """What a script that can be called by name says of a progression."""
    from voicecoach import pipeline
    from voicecoach.script import source as sources

    with contextlib.suppress(ScriptError):
        if (path := sources.by_name(script)) is not None:
            for one in pipeline.opened(path).outline().progressions:
                if (one.script, one.name) == (script, name):
                    return one
    return None


def _all() -> Iterator[_Found]:
    """The progressions of all scripts that can be called by name, each once."""
    from voicecoach import pipeline, script

    told: set[tuple[str, str]] = set()
    for _, path in script.names():
        with contextlib.suppress(ScriptError):
            for one in pipeline.opened(path).outline().progressions:
                if (one.script, one.name) not in told:
                    told.add((one.script, one.name))
                    yield one.script, one.name, one


def _way(history: History, script: str, name: str, says: Growing | None, today: date) -> Way:
    from voicecoach.review.way import way

    wish = history.wished(_key(script, name), until=today)
    override = None if wish is None else (wish.day, wish.seconds)
    return way(script, name, history.held(_key(script, name)), today, says=says, override=override)


def _plot(way: Way, *, gap: bool) -> None:
    from textwrap import wrap

    from voicecoach.review.way import plot

    columns = max(_NARROWEST, shutil.get_terminal_size().columns)
    if gap:
        output.echo("")
    output.echo(output.one_line(f"{way.name} ({way.script})"))
    for line in wrap(output.one_line(", ".join(way.in_words())), columns):
        output.echo(line)
    if way.says is None:
        output.note(f"what {way.script} says of it is not known here: --script SCRIPT tells")
    if way.days:
        output.echo("")
        for line in plot(way, columns, plain=not output.shows("●○┄┤│└─")):
            output.echo(line)


def _draw(way: Way, path: Path) -> None:
    from voicecoach.review import way_picture
    from voicecoach.store.atomic import writing

    drawn = way_picture.as_png(way) if path.suffix.lower() == ".png" else way_picture.as_svg(way).encode()
    with writing(path) as file:
        file.write(drawn)
    output.report(f"{path}: {way.name}")
