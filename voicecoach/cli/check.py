"""``voicecoach check``: what is wrong with a script, and what will not sound as meant."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from voicecoach import units
from voicecoach.cli import failures, output
from voicecoach.cli.arguments import jobs_option, scripts_argument, seed_option, voice_options, wish
from voicecoach.cli.remembered import history_options, todays
from voicecoach.errors import AudioFileError, Problem, ScriptError, VoiceError, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.pipeline import Today
    from voicecoach.script.model import Workout
    from voicecoach.speech.registry import ChosenVoice
    from voicecoach.timeline.model import VoiceWish


@click.command("check")
@scripts_argument
@click.option("--strict", is_flag=True, help="Let warnings fail too (exit code 1).")
@click.option("--spoken", is_flag=True, help="Speak every line instead of estimating how long it lasts.")
@history_options
@voice_options
@seed_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    strict: bool,
    spoken: bool,
    today: date | None,
    no_history: bool,
    voice: str | None,
    rate: float | None,
    seed: int,
    jobs: int | None,
) -> None:
    """Show every mistake of a script, with its place, then warnings.

    Warnings are cues that start late or are left out, lines too long for their place, speech too fast to follow,
    steps and reminders of which nothing is heard, keys without effect, and a voice or language that is not here.
    Lengths are estimated unless every line has been spoken before, as by an export, or --spoken or --voice is given.
    It is today's session that is checked: holds that grow are as long as your history says, which is told.

    Mistakes give exit code 2, warnings alone 0 (1 with --strict).
    """
    from voicecoach import pipeline, script
    from voicecoach.script import plan
    from voicecoach.timeline import progression

    wished = wish(voice, rate)
    mistakes = warnings = code = 0
    estimated = False
    found: tuple[str, ...]
    for source in sources:
        try:
            workout = script.load(source, audible=pipeline.audible())
            due = todays(workout, source, today, no_history=no_history)
            found, exact = (), True
            for each in plan.workouts(workout):
                its_due = due if each is workout else todays(each, source, today, no_history=no_history)
                more, measured = _warnings(source, each, its_due, seed, wished, spoken or voice is not None, jobs)
                found, exact = tuple(dict.fromkeys((*found, *more))), exact and measured
        except ScriptError as error:
            output.echo(failures.described(error, most=len(error.problems)))
            mistakes += len(error.problems)
            code = error.exit_code
        except (AudioFileError, VoiceError) as error:
            output.echo(f"{source}: {error}")
            mistakes += 1
            code = max(code, ScriptError.exit_code if isinstance(error, AudioFileError) else error.exit_code)
        else:
            estimated |= not exact
            warnings += len(found)
            for warning in found if not output.quiet() else ():
                output.echo(output.one_line(warning))
            names = progression.names(progression.progressions(workout))
            told = ", ".join(f"{names[key]} {units.format_duration(target)}" for key, target in due.targets.items())
            if told:
                output.note(output.one_line(f"{source}: today {told}"))
    by = ' (lengths are estimated; "--spoken" measures them)' if estimated else ""
    mistaken = counted(mistakes, "mistake") if mistakes else "no mistakes"
    output.note(f"{mistaken}, {counted(warnings, 'warning') if warnings else 'no warnings'}{by}")
    if code:
        context.exit(code)
    if warnings and strict:
        context.exit(1)


def _warnings(
    source: str, workout: Workout, due: Today, seed: int, wished: VoiceWish, spoken: bool, jobs: int | None
) -> tuple[tuple[str, ...], bool]:
    """What there is to say about a script that is right, and whether that goes by the real lengths of its lines.

    Raises AudioFileError or VoiceError where it cannot be heard.
    """
    from voicecoach import config, pipeline
    from voicecoach.review.warnings import warnings_of
    from voicecoach.speech import registry
    from voicecoach.timeline import progression
    from voicecoach.timeline.compiler import compile as compile_workout

    told = registry.notes()
    # lines that name a best are looked at also where there is none yet
    bests = {each.key: each.start for each in progression.progressions(workout)} | dict(due.bests)
    timeline = compile_workout(workout, seed=seed, targets=due.targets, bests=bests, finished=due.finished)
    chosen = pipeline.choose_voice(timeline, wished)
    arrangement: Arrangement | None
    if spoken:
        arrangement = pipeline.arrange_spoken(timeline, chosen, jobs=jobs)
    else:
        arrangement = pipeline.arrange_kept(timeline, chosen)
    exact = arrangement is not None
    found = warnings_of(workout, timeline, arrangement or pipeline.arrange_estimated(timeline, wished))
    if not exact and any(wish.engine or wish.name for wish in (config.load().voice, timeline.voice)):
        registry.usable(chosen)
    notes = (f"{source}: warning: {note}" for note in registry.notes() if note not in told)
    return (*_unmet(source, workout, chosen), *notes, *map(str, found)), exact


def _unmet(source: str, workout: Workout, chosen: ChosenVoice) -> Iterator[str]:
    """What is asked for and not to be had, each at its place."""
    from voicecoach import config, pipeline
    from voicecoach.review.warnings import warning_at

    for by, what in pipeline.unmet_by(chosen):
        if by == pipeline.CALL:
            yield f"{source}: warning: voice: {what}"
        elif by == pipeline.CONFIGURATION:
            line, column, key = config.place_of_voice()
            yield str(Problem(str(config.path()), line, column, key, f"warning: {what}"))
        else:
            key = "engine" if workout.voice.name is None else "name"
            yield str(warning_at(workout, ("language",) if by is None else ("voice", key), what))
