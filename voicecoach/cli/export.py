"""``voicecoach export``: sessions as audio files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from voicecoach import units
from voicecoach.cli import albums, failures, outcomes, output, pages, plans
from voicecoach.cli.arguments import jobs_option, not_empty, scripts_argument, seed_option, voice_options, wish
from voicecoach.cli.remembered import history_options, session_option
from voicecoach.cli.sessions import Session, Wanted, sessions_option, wanted
from voicecoach.errors import ScriptError, counted
from voicecoach.export.captions import KINDS
from voicecoach.export.formats import FORMATS, Silence, format_for
from voicecoach.store.atomic import make_folder

if TYPE_CHECKING:
    from voicecoach.export.batch import Job, Outcome
    from voicecoach.export.cuts import Split

_LIKELY = {"ogg": "opus", "oga": "opus", "aac": "m4a", "mp4": "m4a", "aif": "wav", "aiff": "wav", "wave": "wav"}
"""Which of our formats goes for one that is not: by suffix."""

_LONGEST_KIND = 4
"""Letters of a kind of captions that we do not know, as "pdf"."""


class _Export(click.Command):
    """Says of what is no option, and is done anyway, that it is; ``--captions`` may stand without its kind."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        bare = [arg == "--captions" and not _is_kind(after) for arg, after in zip_longest(args, args[1:])]
        args = [f"--captions={next(iter(KINDS))}" if alone else arg for arg, alone in zip(args, bare, strict=True)]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name != "--chapters":
                raise
            raise click.UsageError("--chapters is not needed: MP3 and M4A always have them, one a step", ctx) from None


def _is_kind(word: str | None) -> bool:
    """Whether a word after ``--captions`` is meant as a kind: one that is known, or a short one that is no script."""
    if word is None or word.lower() in KINDS:
        return word is not None
    if not word.isalpha() or len(word) > _LONGEST_KIND or Path(word).exists():
        return False
    from voicecoach import script

    return word not in {name for name, _ in script.names()}


@click.command("export", cls=_Export)
@scripts_argument
@click.option(
    "-o",
    "--output",
    "where",
    metavar="PATH",
    callback=not_empty,
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
    help='"small" makes the smallest MP3, of variable bitrate, for players that take it; "constant" if left out.',
)
@click.option(
    "--bitrate",
    type=click.IntRange(1),
    metavar="KBITS",
    help="Kilobits a second, as 96; more sounds better and takes more room. 64 for speech if left out, for opus 48.",
)
@click.option(
    "--captions",
    type=click.Choice(tuple(KINDS), case_sensitive=False),
    multiple=True,
    help="What is said, as text beside the audio: vtt (also if no KIND is named), srt, lrc, or chapters; may be "
    "repeated. With lrc an MP3 shows it itself too.",
    metavar="[KIND]",
)
@click.option("--cover", is_flag=True, help="Draw the workout as cover art into each file; WAV has no place for it.")
@click.option(
    "--for",
    "device",
    metavar="DEVICE",
    callback=not_empty,
    help='Make what a device wants: for a watch or player a folder of tracks, with names and playlist ("voicecoach '
    'devices" shows them), for "phone" a page (NAME.html) that plays the session with all its branches; into a folder '
    "(-o) as a site, with a list, audio files and a podcast feed.",
)
@albums.album_options
@session_option
@sessions_option
@plans.day_option
@plans.all_option
@history_options
@click.option("--plain-encode", is_flag=True, help="Encode all of the session, silence too: slow, to compare with.")
@albums.fit_option
@pages.site_options
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
    silence: Silence | None,
    bitrate: int | None,
    captions: tuple[str, ...],
    cover: bool,
    device: str | None,
    cut: Split | None,
    spoken_position: bool,
    size_limit: int | None,
    session: int | None,
    several: range | None,
    which_day: str | None,
    all_days: bool,
    today: date | None,
    no_history: bool,
    plain_encode: bool,
    with_fit: bool,
    address: str | None,
    title: str | None,
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
    as_pages = pages.wanted(device, where)
    if as_pages:
        pages.refuse(
            {
                "--split": cut,
                "--spoken-position": spoken_position,
                "--size-limit": size_limit,
                "--captions": captions,
                "--cover": cover,
                "--fit": with_fit,
                "--silence": silence,
                "--plain-encode": plain_encode,
            }
        )
    as_site = as_pages and pages.is_site(where)
    if (address is not None or title is not None) and not as_site:
        which = "--base-url" if address is not None else "--title"
        raise click.UsageError(f"{which} is for a site of pages: --for {pages.DEVICE} -o FOLDER")
    claimed = None
    beside = albums.beside(with_fit)
    bit_rate = None if bitrate is None else 1000 * bitrate
    numbers = wanted(session, several, which_day, all_days=all_days)
    plan = Wanted(seed, numbers, today, no_history, which_day, all_days)
    found, problems = plan.of(sources)
    if as_pages:
        files = list(_files(found, where, kind, page=True))
        around = pages.around(site=as_site)
        work = [
            pages.job(plan, one, path, wish(voice, rate), kind, bit_rate, around)
            for one, path in zip(found, files, strict=True)
        ]
        if as_site and work:
            claimed = pages.claim(work, kind)
            work += [pages.audio(page, one, kind) for page, one in zip(work, found, strict=True)]
    elif device is not None or cut is not None or spoken_position:
        if plain_encode or silence is not None:
            which = "--plain-encode" if plain_encode else "--silence"
            raise click.UsageError(f"{which} is for a session in one file; a device says itself what it takes")
        from voicecoach.devices import manifest
        from voicecoach.devices.album import Wish
        from voicecoach.devices.profile import load

        profile = load(albums.GENERIC if device is None else device)
        album = Wish(
            profile=profile,
            split=cut,
            format=kind,
            bit_rate=bit_rate,
            size_limit=size_limit,
            numbered=spoken_position,
            captions=captions,
        )
        top = albums.place(where, profile.name)
        named = albums.albums(found, album, manifest.known(top))
        work = [albums.job(one, writes, top, wish(voice, rate), beside) for one, writes in named]
    else:
        files = list(_files(found, where, kind))
        work = [
            Job(
                timeline=one.titled,
                path=path,
                format=kind,
                voice=wish(voice, rate),
                silence=silence or "constant",
                bit_rate=bit_rate,
                size_limit=size_limit,
                plain=plain_encode,
                cover=cover,
                captions=captions,
                beside=beside,
            )
            for one, path in zip(found, files, strict=True)
        ]
        _tell_ignored(work)
    code = 0
    if len(work) == 1 and scheduler is None:
        _one(work[0], jobs)
    elif work:
        code = _many(work, jobs, scheduler)
    if claimed is not None:
        code = max(code, pages.finish(claimed, title, address))
    if problems:
        raise ScriptError(tuple(problems))
    context.exit(code)


def _tell_ignored(work: Sequence[Job]) -> None:
    """``--silence small`` is for MP3 without music, and ``--cover`` for all but WAV."""
    for job in work:
        made = format_for(job.path, job.format)
        if job.cover and not made.covers:
            output.note(f"{job.path}: --cover changes nothing in {made.label}")
        why = "under music" if job.timeline.music is not None else f"in {made.label}"
        if job.silence == "small" and (job.timeline.music is not None or made.name != "mp3"):
            output.note(f"{job.path}: --silence small changes nothing {why}")


def _one(job: Job, jobs: int | None) -> None:
    """Makes one file on all processors, and shows how far it is."""
    from voicecoach.cli.bar import progress

    with progress() as bar:
        outcome = outcomes.made(job, job.path.name, jobs, bar)
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
    outcomes.tell_notes(outcome, told)
    if outcome.error is not None:
        text = failures.described(outcome.error)
        named = str(outcome.job.path) in text
        output.tell(text if named else f"{outcome.job.path}: {text}")
    else:
        output.warn(str(outcome.job.path), outcome.unmet)
        length = units.format_clock(outcome.seconds)
        output.report(f"{_made(outcome)}  {length}  {units.format_size(outcome.size)}")
        about = dict(outcome.beside)
        for path in outcome.files[1:] if _is_one(outcome) else about:
            shown = _shown(outcome.job, path)
            if (beside := about.get(path)) is None:
                output.report(shown)
                continue
            output.report(f"{shown}  {beside.about}  {units.format_size(len(beside.content))}")
            output.notes(f"{shown}: {note}" for note in beside.notes)
        outcomes.report_left_out(outcome)


def _made(outcome: Outcome) -> str:
    """What there is now: a file, or a folder of tracks."""
    if _is_one(outcome):
        return str(outcome.job.path)
    tracks = [path for path in outcome.files if path.suffix[1:].lower() in FORMATS]
    where = _shown(outcome.job, tracks[0] if len(tracks) == 1 else tracks[0].parent)
    return f"{where}  {counted(len(tracks), 'track')}"


def _is_one(outcome: Outcome) -> bool:
    """Whether the job's path is that of a file, and not of a folder of them."""
    return outcome.job.writes is None or [path.absolute() for path in outcome.files] == [outcome.job.path.absolute()]


def _shown(job: Job, path: Path) -> str:
    """A file that a job made, as the person wrote its folder."""
    folder = job.path.parent if job.writes is None else job.path
    return str(folder / path.absolute().relative_to(folder.absolute()))


def _files(sessions: Sequence[Session], where: str | None, kind: str | None, *, page: bool = False) -> Iterator[Path]:
    """The file that each session becomes."""
    scripts = {session.source for session in sessions}
    several = "scripts" if len(scripts) > 1 else "sessions" if len(sessions) > 1 else ""
    becomes: dict[Path, str] = {}
    for session in sessions:
        path = _path(session.name, where, None if page else kind, several, pages.SUFFIX if page else "")
        format_for(path, kind or (pages.FORMAT if page else None))
        if path in becomes:
            raise click.UsageError(f"{becomes[path]} and {session.source} would both become {path}")
        becomes[path] = session.source
        yield path


def _path(stem: str, where: str | None, kind: str | None, several: str, page: str = "") -> Path:
    """The file of a session; ``several`` says of what there are more than one, so that each goes into a folder.

    ``page`` is the suffix of a page, where that is wanted.
    """
    name = stem + (page or f".{(kind or 'mp3').lower()}")
    if where is None:
        return Path(name)
    place = Path(where)
    folder = place.is_dir() or where.endswith(("/", os.sep)) or (bool(page) and not pages.is_named(where))
    if several and not folder and (page or _suffix_of(place)):
        raise click.UsageError(f"{where} is one file, and there are several {several}; name a folder: -o {place.stem}")
    if several or folder:
        make_folder(place)
        return place / name
    if page:
        return place
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
