"""``voicecoach check``: what is wrong with a script, and what will not sound as meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from voicecoach.cli import failures, output
from voicecoach.cli.arguments import jobs_option, scripts_argument, seed_option, voice_options, wish
from voicecoach.errors import AudioFileError, ScriptError

if TYPE_CHECKING:
    from voicecoach.review.warnings import Advice
    from voicecoach.timeline.model import VoiceWish


@click.command("check")
@scripts_argument
@click.option("--strict", is_flag=True, help="Let warnings fail too (exit code 1).")
@click.option("--spoken", is_flag=True, help="Speak every line instead of estimating how long it lasts.")
@voice_options
@seed_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    strict: bool,
    spoken: bool,
    voice: str | None,
    rate: float | None,
    seed: int,
    jobs: int | None,
) -> None:
    """Show every mistake of a script, with its place, then warnings.

    Warnings are cues that start late or are left out, lines too long for their place, speech too fast to follow, and
    steps and reminders of which nothing is heard. Lengths are estimated unless --spoken or --voice is given.

    Mistakes give exit code 2, warnings alone 0 (1 with --strict).
    """
    wished = wish(voice, rate)
    mistakes = warnings = 0
    for source in sources:
        try:
            found = _warnings(source, seed, wished, spoken or voice is not None, jobs)
        except ScriptError as error:
            _show(failures.described(error, most=len(error.problems)))
            mistakes += len(error.problems)
        except AudioFileError as error:  # a file that changed since it was listened to
            _show(failures.described(error))
            mistakes += 1
        else:
            warnings += len(found)
            for advice in found if not output.quiet() else ():
                _show(f"{source}: warning: {advice}")
    output.note(f"{_count(mistakes, 'mistake')}, {_count(warnings, 'warning')}")
    if mistakes:
        context.exit(ScriptError.exit_code)
    if warnings and strict:
        context.exit(1)


def _warnings(source: str, seed: int, wished: VoiceWish, spoken: bool, jobs: int | None) -> tuple[Advice, ...]:
    """What there is to say about a script that is right. Raises ScriptError for one that is not."""
    from voicecoach import pipeline, script
    from voicecoach.review.warnings import advise
    from voicecoach.timeline.compiler import compile as compile_workout

    workout = script.load(source, audible=pipeline.audible(pipeline.cache()))
    timeline = compile_workout(workout, seed=seed)
    if spoken:
        arrangement = pipeline.arrange_spoken(timeline, pipeline.choose_voice(timeline, wished), jobs=jobs)
    else:
        arrangement = pipeline.arrange_estimated(timeline, wished)
    return advise(workout, timeline, arrangement)


def _show(text: str) -> None:
    click.echo(output.printable(text))


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}" + ("" if number == 1 else "s")
