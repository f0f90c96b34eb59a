"""``voicecoach check``: what is wrong with a script, and what will not sound as meant."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Never

import click

from voicecoach import units
from voicecoach.cli import failures, output
from voicecoach.cli.arguments import jobs_option, scripts_argument, seed_option, voice_options, wish
from voicecoach.cli.remembered import history_options, todays
from voicecoach.errors import AudioFileError, Problem, ScriptError, VoiceError, counted, shown
from voicecoach.script.codes import Code
from voicecoach.store.folders import beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.pipeline import Today
    from voicecoach.review.places import ScriptWarning
    from voicecoach.script.model import Workout
    from voicecoach.script.problems import Path
    from voicecoach.speech.registry import ChosenVoice
    from voicecoach.timeline.model import VoiceWish


def _explain(context: click.Context, _option: click.Parameter, asked: str | None) -> None:
    """Shows what is known of a code, or which codes there are, and leaves."""
    if asked is None or context.resilient_parsing:
        return
    from voicecoach.review import catalogue

    if asked in _ALL:
        output.table(
            ("Code", "Name", "What it says"), [(e.code, e.name, e.title) for e in catalogue.entries().values()]
        )
        context.exit()
    try:
        output.echo(catalogue.explained(catalogue.entry(asked)))
    except LookupError as error:
        raise click.BadParameter(str(error.args[0])) from None
    context.exit()


def _complete_code(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    return [code.value for code in Code if code.value.startswith(incomplete.upper())]


_ALL = ("all", "list")


@click.command("check")
@scripts_argument
@click.option(
    "-f",
    "--format",
    "layout",
    type=click.Choice(["text", "json", "github"], case_sensitive=False),
    default="text",
    show_default=True,
    help="Lines to read, JSON for programs, or annotations of a GitHub workflow.",
)
@click.option(
    "--explain",
    metavar="[CODE]",
    is_flag=False,
    flag_value="all",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    shell_complete=_complete_code,
    help="Explain a code, such as VC104, and leave; without one, list them.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail too (exit code 1).")
@click.option("--watch", is_flag=True, help="Check again each time the script, or one that it uses, is saved.")
@click.option("--spoken", is_flag=True, help="Speak every line instead of estimating how long it lasts.")
@history_options
@voice_options
@seed_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    layout: str,
    strict: bool,
    watch: bool,
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
    steps and reminders of which nothing is heard, keys without effect, a voice or language that is not here; and what
    a coach would see: crowded or ever the same cues, sides unequal, holds without a set-up. Each has a code, which
    --explain explains and a comment in the script, "# check: ok VC121", silences.
    Lengths are estimated unless every line has been spoken before, as by an export, or --spoken or --voice is given.
    It is today's session that is checked: holds that grow are as long as your history says, which is told.

    Mistakes give exit code 2, warnings alone 0 (1 with --strict).
    """
    asked = _Asked(layout, wish(voice, rate), spoken or voice is not None, today, no_history, seed, jobs)
    if watch:
        if layout != "text" or "-" in sources:
            raise click.UsageError("--watch is for files, and for lines to read")
        _watch(sources, asked)
    found = _checked(sources, asked)
    if found.code:
        context.exit(found.code)
    if found.warnings and strict:
        context.exit(1)


class _Asked(NamedTuple):
    """How scripts are to be checked."""

    layout: str
    wished: VoiceWish
    spoken: bool
    today: date | None
    no_history: bool
    seed: int
    jobs: int | None


class _Found(NamedTuple):
    """How many warnings there were, and the exit code of the worst mistake; 0 where there is none."""

    warnings: int
    code: int


def _watch(sources: Sequence[str], asked: _Asked) -> Never:
    """Checks the scripts, and again each time one is saved."""
    from voicecoach import script
    from voicecoach.authoring.saves import Saves

    with Saves(chain.from_iterable(map(script.files, sources))) as saves:
        while True:
            _checked(sources, asked)
            saves.follow(chain.from_iterable(map(script.files, sources)))
            output.note("waiting for the next save; Ctrl-C ends this")
            saves.wait()
            output.note(f"\nsaved at {datetime.now():%H:%M:%S}")


def _checked(sources: Sequence[str], asked: _Asked) -> _Found:
    """Checks scripts, and says what is found."""
    from voicecoach import pipeline, script
    from voicecoach.script import plan
    from voicecoach.timeline import progression

    layout = asked.layout
    found: list[list[Problem | ScriptWarning]] = []
    mistakes = warnings = code = 0
    estimated = False
    for source in sources:
        told: list[Problem | ScriptWarning] = []
        found.append(told)
        try:
            workout = script.load(source, audible=pipeline.audible())
            due = todays(workout, source, asked.today, no_history=asked.no_history)
            exact = True
            known: set[ScriptWarning] = set()
            for session in plan.workouts(workout):
                its = (
                    todays(session, source, asked.today, no_history=asked.no_history) if session is not workout else due
                )
                warned, measured = _warnings(source, session, its, asked)
                exact = exact and measured
                for warning in warned:
                    if warning in known:  # of a script that several days have
                        continue
                    known.add(warning)
                    warnings += 1
                    if not output.quiet():
                        told.append(warning)
                        if layout == "text":
                            output.echo(output.one_line(str(warning)))
        except ScriptError as error:
            told += error.problems
            mistakes += len(error.problems)
            code = error.exit_code
            if layout == "text":
                output.echo(failures.described(error, most=len(error.problems)))
        except (AudioFileError, VoiceError) as error:
            told.append(Problem(source, 0, 0, "", str(error), Code.INAUDIBLE))
            mistakes += 1
            code = max(code, ScriptError.exit_code if isinstance(error, AudioFileError) else error.exit_code)
            if layout == "text":
                output.echo(f"{source}: {error}")
        else:
            estimated |= not exact
            names = progression.names(progression.progressions(workout))
            grown = ", ".join(f"{names[key]} {units.format_duration(target)}" for key, target in due.targets.items())
            if grown:
                output.note(output.one_line(f"{source}: today {grown}"))
    if layout != "text":
        _show([*chain.from_iterable(found)], layout)
    by = ' (lengths are estimated; "--spoken" measures them)' if estimated else ""
    mistaken = counted(mistakes, "mistake") if mistakes else "no mistakes"
    output.note(f"{mistaken}, {counted(warnings, 'warning') if warnings else 'no warnings'}{by}")
    if layout == "text" and (
        first := next((each for told in found for each in told if not isinstance(each, Problem)), None)
    ):
        output.note(f'"voicecoach check --explain {first.code}" says what that means, and what to do')
    return _Found(warnings, code)


def _show(found: Sequence[Problem | ScriptWarning], layout: str) -> None:
    """All that was found, for programs."""
    from voicecoach.review import report

    if layout == "json":
        output.echo(output.escaped_json(json.dumps(list(map(report.row, found)), indent=2, ensure_ascii=False)))
    else:
        for line in report.as_annotations(found):
            output.echo(line)


def _warnings(source: str, workout: Workout, due: Today, asked: _Asked) -> tuple[Iterator[ScriptWarning], bool]:
    """What there is to say about a script that is right, and whether that goes by the real lengths of its lines.

    Raises AudioFileError or VoiceError, also as one goes through it, where it cannot be heard.
    """
    from voicecoach import config, pipeline
    from voicecoach.review.places import ScriptWarning
    from voicecoach.review.warnings import in_turn
    from voicecoach.speech import registry
    from voicecoach.timeline import progression
    from voicecoach.timeline.compiler import compile as compile_workout

    told = registry.notes()
    # lines that name a best are looked at also where there is none yet
    bests = {each.key: each.start for each in progression.progressions(workout)} | dict(due.bests)
    timeline = compile_workout(workout, seed=asked.seed, targets=due.targets, bests=bests, finished=due.finished)
    chosen = pipeline.choose_voice(timeline, asked.wished)
    arrangement: Arrangement | None
    if asked.spoken:
        arrangement = pipeline.arrange_spoken(timeline, chosen, jobs=asked.jobs)
    else:
        arrangement = pipeline.arrange_kept(timeline, chosen)
    exact = arrangement is not None
    of_keys, elsewhere = _unmet(source, workout, chosen)
    of_keys += _recordings(workout, due)
    arranged = arrangement or pipeline.arrange_estimated(timeline, asked.wished)

    def found() -> Iterator[ScriptWarning]:
        yield from elsewhere
        yield from in_turn(workout, timeline, arranged, of_keys)
        if not exact and any(wish.engine or wish.name for wish in (config.load().voice, timeline.voice)):
            registry.usable(chosen)
        pipeline.speaker(chosen, recorded=timeline.recorded).own.notice()
        for note in registry.notes():
            if note not in told:
                yield ScriptWarning(source, 0, 0, "", note, Code.VOICE_NOTE)

    return found(), exact


def _recordings(workout: Workout, due: Today) -> Iterator[tuple[Path, str, Code]]:
    """What there is to say of lines in the person's own voice, by keys of the script."""
    if workout.voice.recordings is None or workout.source is None:
        return
    from voicecoach.authoring import reading
    from voicecoach.cli.record import readings_of
    from voicecoach.script.own_voice import INDEX

    place = ("voice", "recordings")
    if not workout.recorded:
        folder = beside(workout.source.folder, workout.voice.recordings)
        yield place, f"no recordings are there (looked for {folder / INDEX}); the voice speaks", Code.NO_RECORDINGS
        return
    for text in reading.not_said(workout, readings_of(workout, due)):
        what = f"the recorded line {shown(text)} is not said: was its text changed?"
        yield place, what, Code.RECORDING_NOT_SAID


def _unmet(
    source: str, workout: Workout, chosen: ChosenVoice
) -> tuple[list[tuple[Path, str, Code]], list[ScriptWarning]]:
    """What is asked for and not to be had: by keys of the script, and elsewhere, each at its place."""
    from voicecoach import config, pipeline
    from voicecoach.review.places import ScriptWarning

    of_keys: list[tuple[Path, str, Code]] = []
    elsewhere: list[ScriptWarning] = []
    for by, what in pipeline.unmet_by(chosen):
        if by == pipeline.CALL:
            elsewhere.append(ScriptWarning(source, 0, 0, "voice", what, Code.VOICE))
        elif by == pipeline.CONFIGURATION:
            elsewhere.append(ScriptWarning(str(config.path()), *config.place_of_voice(), what, Code.VOICE))
        else:
            key = "engine" if workout.voice.name is None else "name"
            of_keys.append((("language",) if by is None else ("voice", key), what, Code.VOICE))
    return of_keys, elsewhere
