"""``voicecoach export``: sessions as audio files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from voicecoach import units
from voicecoach.cli import failures, output
from voicecoach.cli.arguments import jobs_option, scripts_argument, seed_option, voice_options, wish
from voicecoach.cli.remembered import history_options, session_option, todays
from voicecoach.errors import ExportError, Problem, ScriptError
from voicecoach.export.formats import FORMATS, Silence, format_for

if TYPE_CHECKING:
    from voicecoach.cli.bar import Bar
    from voicecoach.export.batch import Job, Outcome
    from voicecoach.timeline.model import Timeline

_LIKELY = {"ogg": "opus", "oga": "opus", "aac": "m4a", "mp4": "m4a", "aif": "wav", "aiff": "wav", "wave": "wav"}
"""Which of our formats goes for one that is not: by suffix."""
_MOST_SESSIONS = 1_000
"""Most sessions of a script that are made at once."""
_SPEAKING = 0.5
"""The share of the progress of one file that speaking its lines counts for."""


def _numbers(text: str) -> range:
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


class _Export(click.Command):
    """Says of what is no option, and is done anyway, that it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name != "--chapters":
                raise
            raise click.UsageError("--chapters is not needed: MP3 and M4A always have them, one a step", ctx) from None


@click.command("export", cls=_Export)
@scripts_argument
@click.option(
    "-o",
    "--output",
    "where",
    metavar="PATH",
    help="The file to write, or a folder (for several scripts always a folder, made if need be).",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(tuple(FORMATS), case_sensitive=False),
    help="The kind of file; told from the suffix of PATH, or mp3, if left out.",
)
@click.option(
    "--silence",
    type=click.Choice(get_args(Silence)),
    default="constant",
    show_default=True,
    help='"small" makes the smallest MP3, of variable bitrate, for players that take it.',
)
@click.option(
    "--bitrate",
    type=click.IntRange(1),
    metavar="KBITS",
    help="Kilobits a second, as 96; more sounds better and takes more room. 64 for speech if left out, for opus 48.",
)
@session_option
@click.option(
    "--sessions",
    type=_numbers,
    metavar="FIRST-LAST",
    help="Several sessions at once, as 1-12, a file each: NAME-01.mp3, NAME-02.mp3 …",
)
@history_options
@click.option("--plain-encode", is_flag=True, help="Encode all of the session, silence too: slow, to compare with.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Let the workers of a Dask cluster do it; the address of its scheduler, as tcp://10.0.0.1:8786.",
)
@voice_options
@seed_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    where: str | None,
    kind: str | None,
    silence: Silence,
    bitrate: int | None,
    session: int | None,
    sessions: range | None,
    today: date | None,
    no_history: bool,
    plain_encode: bool,
    scheduler: str | None,
    voice: str | None,
    rate: float | None,
    seed: int,
    jobs: int | None,
) -> None:
    """Write an audio file of each SCRIPT, with tags and a chapter for each step.

    Without -o, glute-bridge becomes glute-bridge.mp3 in the current folder. A file that cannot be finished is not
    begun: what was there before stays. It is today's session: holds that grow are as long, and reminders as far apart,
    as your history says; --session and --sessions make other ones.
    """
    from voicecoach.export.batch import Job

    if scheduler is not None and not scheduler.strip():
        raise click.BadParameter("the address is empty", param_hint="--scheduler")
    if session is not None and sessions is not None:
        raise click.UsageError("--session and --sessions exclude each other")
    wanted = range(session, session + 1) if session is not None else sessions
    plan = _Plan(seed, wanted, today, no_history)
    files, problems = _files(sources, where, kind, plan)
    _tell_ignored(silence, files, kind)
    work = [
        Job(
            timeline=timeline,
            path=path,
            format=kind,
            voice=wish(voice, rate),
            silence=silence,
            bit_rate=None if bitrate is None else 1000 * bitrate,
            plain=plain_encode,
        )
        for timeline, path in files
    ]
    code = 0
    if len(work) == 1 and scheduler is None:
        _one(work[0], jobs)
    elif work:
        code = _many(work, jobs, scheduler)
    if problems:
        raise ScriptError(tuple(problems))
    context.exit(code)


def _tell_ignored(silence: Silence, files: list[tuple[Timeline, Path]], kind: str | None) -> None:
    """``--silence small`` is for MP3 without music."""
    for timeline, path in files if silence == "small" else ():
        why = "under music" if timeline.music is not None else f"in {format_for(path, kind).label}"
        if timeline.music is not None or format_for(path, kind).name != "mp3":
            output.note(f"{path}: --silence small changes nothing {why}")


def _one(job: Job, jobs: int | None) -> None:
    """Makes one file on all processors, and shows how far it is."""
    from voicecoach.cli.bar import progress
    from voicecoach.export.batch import make

    with progress() as bar:
        speaking = _stretch(bar, f"speaking {job.path.name}", 0, _SPEAKING)
        writing = _stretch(bar, f"writing {job.path.name}", _SPEAKING, 1)
        outcome = make(job, jobs, speaking=speaking, writing=writing)
    _tell(outcome, set())


def _many(work: list[Job], jobs: int | None, scheduler: str | None) -> int:
    """Makes a file a processor, or on a cluster; the exit code of the worst that became of one."""
    import logging
    from concurrent.futures import ThreadPoolExecutor

    from voicecoach.cli.bar import progress
    from voicecoach.export import cluster
    from voicecoach.export.batch import export_many
    from voicecoach.store.machine import processors

    code = 0
    told: set[str] = set()
    if scheduler is not None:
        # what is lost is told where it is missed; tracebacks of the connection say nothing more
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
    threads = jobs or processors()
    with (
        cluster.connected(scheduler) if scheduler is not None else ThreadPoolExecutor(threads, "export") as executor,
        progress() as bar,
    ):
        if isinstance(executor, cluster.Cluster) and not executor.manned:
            output.note("the cluster has no worker yet: waiting for one")
        bar(f"0 of {len(work)} files", 0)
        for done, outcome in enumerate(export_many(work, executor), start=1):
            bar(f"{done} of {len(work)} files", done / len(work))
            code = max(code, outcome.error.exit_code if outcome.error is not None else 0)
            _tell(outcome, told)
    return code


def _tell(outcome: Outcome, told: set[str]) -> None:
    """What became of a file; ``told`` are the notes that need not be told again."""
    output.notes(note for note in outcome.notes if note not in told)
    told.update(outcome.notes)
    if outcome.error is not None:
        text = failures.described(outcome.error)
        named = str(outcome.job.path) in text
        output.tell(text if named else f"{outcome.job.path}: {text}")
    else:
        output.warn(str(outcome.job.path), outcome.unmet)
        length = units.format_clock(outcome.seconds)
        output.report(f"{outcome.job.path}  {length}  {output.size(outcome.size)}")
        if outcome.left_out:
            output.report(f'{outcome.left_out} of its cues found no room ("voicecoach check" tells which, and why)')


def _stretch(bar: Bar, what: str, begin: float, end: float) -> Callable[[int, int], None]:
    """Shows the progress of one thing as a stretch of the whole bar."""
    return lambda done, total: bar(what, begin + (end - begin) * done / max(1, total))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which sessions of each script are wanted: those of some numbers, or with None the one that is due ``today``."""

    seed: int
    sessions: range | None
    today: date | None
    no_history: bool

    def timelines(self, source: str) -> Iterator[tuple[str, Timeline]]:
        """The sessions of a script, and what the name of each file ends with."""
        from voicecoach import pipeline

        script = pipeline.opened(source)
        first = None if self.sessions is None else self.sessions.start
        due = todays(script, source, self.today, no_history=self.no_history, session=first)
        digits = 0 if self.sessions is None else max(2, len(str(self.sessions[-1])))
        for number in self.sessions or [None]:
            finished = due.finished if number is None else number - 1
            timeline = pipeline.compiled(
                script, seed=self.seed, targets=due.targets, bests=due.bests, finished=finished
            )
            yield "" if number is None else f"-{number:0{digits}}", timeline


def _files(
    sources: tuple[str, ...], where: str | None, kind: str | None, plan: _Plan
) -> tuple[list[tuple[Timeline, Path]], list[Problem]]:
    """Every session and the file it becomes; and the mistakes of the scripts that have some."""
    wanted = list(dict.fromkeys(sources))
    several = "scripts" if len(wanted) > 1 else "sessions" if len(plan.sessions or ()) > 1 else ""
    files: list[tuple[Timeline, Path]] = []
    problems: list[Problem] = []
    becomes: dict[Path, str] = {}
    for source in wanted:
        try:
            timelines = list(plan.timelines(source))
        except ScriptError as error:
            problems += error.problems
            continue
        for ending, timeline in timelines:
            path = _path(f"{_stem(source, timeline)}{ending}", where, kind, several)
            format_for(path, kind)
            if path in becomes:
                raise click.UsageError(f"{becomes[path]} and {source} would both become {path}")
            becomes[path] = source
            files.append((timeline, path))
    return files, problems


def _path(stem: str, where: str | None, kind: str | None, several: str) -> Path:
    """The file of a session; ``several`` says of what there are more than one, so that each goes into a folder."""
    name = f"{stem}.{(kind or 'mp3').lower()}"
    if where is None:
        return Path(name)
    place = Path(where)
    folder = place.is_dir() or where.endswith(("/", os.sep))
    if several and not folder and _suffix_of(place):
        raise click.UsageError(f"{where} is one file, and there are several {several}; name a folder: -o {place.stem}")
    if several or folder:
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"{where}: cannot be made a folder: {(error.strerror or str(error)).lower()}") from error
        return place / name
    meant = _suffix_of(place)
    if kind is not None and meant in FORMATS and meant != kind.lower():
        raise click.UsageError(
            f"-o {where} and --format {kind} disagree; leave out --format, or write -o {place.stem}.{kind}"
        )
    if kind is None and meant and meant not in FORMATS:
        likely = place.with_suffix(f".{_LIKELY[meant]}")
        raise click.UsageError(f'{where}: did you mean "{likely}"? (there are: {", ".join(FORMATS)})')
    return place


def _suffix_of(path: Path) -> str:
    """The suffix of a path, where it is that of an audio file."""
    suffix = path.suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS or suffix in _LIKELY else ""


def _stem(source: str, timeline: Timeline) -> str:
    """What a file is called after its script; what came through standard input, after its title."""
    if source != "-":
        return Path(source).name.removesuffix(".txt").removesuffix(".toml")
    return re.sub(r"\W+", "-", timeline.title.casefold()).strip("-") or "workout"
