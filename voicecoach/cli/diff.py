"""``voicecoach diff``: what changed between two scripts in what is heard."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.arguments import complete_script, layout_option, seed_option
from voicecoach.cli.remembered import history_options, session_option, todays
from voicecoach.errors import Problem, ScriptError

if TYPE_CHECKING:
    from voicecoach.script.model import Workout

DIFFERENT = 1
"""Exit code where something is heard otherwise."""


@click.command("diff")
@click.argument("before", metavar="A", shell_complete=complete_script)
@click.argument("after", metavar="B", shell_complete=complete_script)
@layout_option
@session_option
@history_options
@seed_option
@click.pass_context
def command(
    context: click.Context,
    before: str,
    after: str,
    layout: str,
    session: int | None,
    today: date | None,
    no_history: bool,
    seed: int,
) -> None:
    """Show what changed from script A to script B in what is heard, not in the text.

    A line each: when, and + for what is new, - for what is gone (at its time in A), ~ for what is otherwise. Comments,
    layout, and names that nobody hears make no difference. Times are estimated, and chance falls alike for both.

    Exit code 0 where both sound the same, 1 where they differ, 2 where a script has mistakes.
    """
    from voicecoach import pipeline
    from voicecoach.review import changes
    from voicecoach.script.source import STANDARD_INPUT
    from voicecoach.timeline.compiler import compile as compile_workout

    if before == after == STANDARD_INPUT:
        raise click.UsageError("only one of both can come from standard input")
    workouts = _loaded(before, after)
    timelines = []
    for source, workout in zip((before, after), workouts, strict=True):
        due = todays(workout, source, today, no_history=no_history, session=session)
        alike = workout.model_copy(update={"digest": workouts[0].digest})  # from which choices are drawn
        timelines.append(compile_workout(alike, seed=seed, targets=due.targets, bests=due.bests, finished=due.finished))
    old, new = map(pipeline.arrange_estimated, timelines)
    found = changes.changes(timelines[0], old, timelines[1], new)
    if layout == "json":
        click.echo(output.escaped_json(changes.as_json(old, new, found)), nl=False)
    elif found:
        for mark, source, arrangement in (("---", before, old), ("+++", after, new)):
            length = units.format_clock(arrangement.frames / arrangement.rate)
            output.echo(output.one_line(f"{mark} {source}  {length}"))
        output.echo(changes.as_text(found), nl=False)
    else:
        output.note("both sound the same")
    if found:
        context.exit(DIFFERENT)


def _loaded(*sources: str) -> list[Workout]:
    """The workouts of all; raises ScriptError with the mistakes of all."""
    from voicecoach import pipeline, script

    workouts: list[Workout] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            workouts.append(script.load(source, audible=pipeline.audible()))
            if workouts[-1].plan:
                raise click.UsageError(output.one_line(f"{source} is a plan; compare two of its scripts"))
        except ScriptError as error:
            problems += error.problems
    if problems:
        raise ScriptError(tuple(problems))
    return workouts
