"""``voicecoach export``: sessions as audio files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.arguments import jobs_option, scripts_argument, seed_option, voice_options, wish
from voicecoach.errors import ExportError, Problem, ScriptError

if TYPE_CHECKING:
    from voicecoach.arrangement import Arrangement
    from voicecoach.cli.progress import Bar
    from voicecoach.library import Library
    from voicecoach.speech.registry import Voice
    from voicecoach.timeline import Timeline

FORMATS = ("mp3", "m4a", "opus", "flac", "wav")


class _Job(NamedTuple):
    """A session and the file it becomes."""

    timeline: Timeline
    target: Path


@click.command("export")
@scripts_argument
@click.option(
    "-o",
    "--output",
    "where",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The file to write, or a folder (for several scripts always a folder, made if need be).",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS, case_sensitive=False),
    help="The kind of file; told from the suffix of PATH, or mp3, if left out.",
)
@click.option(
    "--silence",
    type=click.Choice(["constant", "small"]),
    default="constant",
    show_default=True,
    help='"small" makes the smallest MP3, of variable bitrate, for players that take it.',
)
@click.option("--plain-encode", is_flag=True, help="Encode all of the session, silence too: slow, to compare with.")
@voice_options
@seed_option
@jobs_option
def command(
    sources: tuple[str, ...],
    where: Path | None,
    kind: str | None,
    silence: str,
    plain_encode: bool,
    voice: str | None,
    rate: float | None,
    seed: int,
    jobs: int | None,
) -> None:
    """Write an audio file of each SCRIPT, with tags and a chapter for each step.

    Without -o, glute-bridge becomes glute-bridge.mp3 in the current folder. A file that cannot be finished is not
    begun: what was there before stays.
    """
    from voicecoach import wiring
    from voicecoach.cli.progress import progress
    from voicecoach.export import export

    work = _jobs(sources, where, kind, seed)
    wished = wish(voice, rate)
    libraries: dict[Voice, Library] = {}
    with progress() as bar:
        for number, (timeline, target) in enumerate(work):
            begin, half, end = (share / len(work) for share in (number, number + 0.5, number + 1))
            chosen = wiring.choose_voice(timeline, wished)
            if chosen not in libraries:
                libraries[chosen] = wiring.library(chosen)
            speaking = _stretch(bar, f"speaking {target.name}", begin, half)
            arrangement = wiring.arrange_spoken(timeline, libraries[chosen], jobs=jobs, progress=speaking)
            export(
                arrangement,
                target,
                format=kind,
                plain=plain_encode,
                jobs=jobs,
                cache=wiring.cache(),
                silence="small" if silence == "small" else "constant",
                progress=_stretch(bar, f"writing {target.name}", half, end),
            )
            _report(arrangement, target)


def _stretch(bar: Bar, what: str, begin: float, end: float) -> Callable[[int, int], None]:
    """Shows the progress of one thing as a stretch of the whole bar."""
    return lambda done, total: bar(what, begin + (end - begin) * done / max(1, total))


def _report(arrangement: Arrangement, target: Path) -> None:
    length = units.format_clock(arrangement.frames / arrangement.rate)
    output.report(f"{target}  {length}  {output.size(target.stat().st_size)}")
    left_out = sum(len(passage.dropped) for passage in arrangement.passages)
    if left_out:
        output.report(f'{left_out} of its cues found no room ("voicecoach check" tells which, and why)')


def _jobs(sources: tuple[str, ...], where: Path | None, kind: str | None, seed: int) -> list[_Job]:
    """Every session, and the file it becomes. Raises ScriptError with the mistakes of all together."""
    from voicecoach import script
    from voicecoach.compiler import compile as compile_workout
    from voicecoach.encode.formats import format_for

    work: list[_Job] = []
    problems: list[Problem] = []
    for source in dict.fromkeys(sources):
        try:
            timeline = compile_workout(script.load(source), seed=seed)
        except ScriptError as error:
            problems += error.problems
        else:
            target = _target(_stem(source, timeline), where, kind, many=len(set(sources)) > 1)
            format_for(target, kind)
            work.append(_Job(timeline, target))
    if problems:
        raise ScriptError(tuple(problems))
    by_target: dict[Path, str] = {}
    for source, job in zip(dict.fromkeys(sources), work, strict=True):
        if job.target in by_target:
            raise click.UsageError(f"{by_target[job.target]} and {source} would both become {job.target}")
        by_target[job.target] = source
    return work


def _target(stem: str, where: Path | None, kind: str | None, *, many: bool) -> Path:
    name = f"{stem}.{(kind or 'mp3').lower()}"
    if where is None:
        return Path(name)
    if many or where.is_dir() or str(where).endswith(("/", os.sep)):
        try:
            where.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"{where}: cannot be made a folder: {(error.strerror or str(error)).lower()}") from error
        return where / name
    return where


def _stem(source: str, timeline: Timeline) -> str:
    """What a file is called after its script; what came through standard input, after its title."""
    if source != "-":
        return Path(source).name.removesuffix(".toml")
    return re.sub(r"\W+", "-", timeline.title.casefold()).strip("-") or "workout"
