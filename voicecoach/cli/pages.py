"""Sessions as pages for the phone: what makes each, and which options mean something there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import Command
from voicecoach.cli.feed import checked_address
from voicecoach.cli.remembered import asked
from voicecoach.errors import AudioFileError, counted

if TYPE_CHECKING:
    from voicecoach.cli.sessions import Session, Wanted
    from voicecoach.export.batch import Job
    from voicecoach.phone.document import Around
    from voicecoach.phone.site import Claim
    from voicecoach.store.history import History
    from voicecoach.timeline.model import VoiceWish

DEVICE = "phone"
"""What ``--for`` calls it."""
SUFFIX = ".html"
FORMAT = "m4a"
"""The format of a page's audio where none is named: the one that every phone plays."""


def is_named(where: str) -> bool:
    """Whether a path is that of a page."""
    return where.lower().endswith((SUFFIX, ".htm"))


def wanted(device: str | None, where: str | None) -> bool:
    """Whether a call asks for pages, by ``--for phone`` or the name of the file. Raises UsageError if they differ."""
    named = where is not None and is_named(where)
    if named and device is not None and device.lower() != DEVICE:
        raise click.UsageError(f"-o {where} is a page for a phone, and --for {device} something else; leave one out")
    return named or (device is not None and device.lower() == DEVICE)


def is_site(where: str | None) -> bool:
    """Whether pages go into a folder: then it becomes a site, with a list and a feed."""
    return where is not None and not is_named(where)


def site_options(command: Command) -> Command:
    """``--base-url`` and ``--title``."""
    for option in (
        click.option("--title", metavar="TEXT", help='What a site of pages is called; "Workouts" if left out.'),
        click.option(
            "--base-url",
            "address",
            metavar="URL",
            callback=checked_address,
            help="Where a site of pages is reached on the web, for its podcast feed, as https://example.org/workouts.",
        ),
    ):
        command = option(command)
    return command


def around(*, site: bool) -> Around:
    """What lies around each page: on a site, the list."""
    from voicecoach.phone.document import ALONE, Around

    if not site:
        return ALONE
    from voicecoach.phone.site import INDEX

    return Around(index=INDEX)


def audio(page: Job, one: Session, kind: str | None) -> Job:
    """What makes the audio file that stands beside a page on a site, with its chapters."""
    from voicecoach.export.batch import Job
    from voicecoach.phone import site

    suffix = (kind or site.AUDIO).lower()
    path = page.path.with_name(f"{page.path.name.removesuffix(SUFFIX)}.{suffix}")
    return Job(
        timeline=one.titled,
        path=path,
        format=suffix,
        voice=page.voice,
        bit_rate=page.bit_rate,
        captions=("chapters",),
    )


def claim(work: Sequence[Job], kind: str | None) -> Claim:
    """What of a site's folder is going to be ours. Raises ExportError where it is somebody else's."""
    from voicecoach.phone import site

    names = [job.path.name.removesuffix(SUFFIX) for job in work]
    return site.claim(work[0].path.parent, {name: site.files(name, (kind or site.AUDIO).lower()) for name in names})


def finish(claimed: Claim, title: str | None, address: str | None) -> int:
    """Writes the list and the feed of a site, and tells of it; the exit code of what is wrong there."""
    from voicecoach.export import feed
    from voicecoach.phone import site

    latest = feed.epoch(os.environ.get("SOURCE_DATE_EPOCH", ""))
    count, troubles = site.finish(claimed, title=title or "Workouts", address=address or "", latest=latest)
    for trouble in troubles:
        output.tell(f"{output.one_line(trouble)}; the feed is without it")
    output.report(f"{claimed.top / site.INDEX}  {counted(count, 'workout')}")
    if address is None:
        output.note(f"{claimed.top / site.FEED}: its addresses are relative, which not every player takes (--base-url)")
    return AudioFileError.exit_code if troubles else 0


def refuse(given: Mapping[str, object]) -> None:
    """Raises UsageError for the first option that is given and means nothing of a page."""
    for option, value in given.items():
        if value:
            raise click.UsageError(f"{option} is for audio files; a page for a phone is one file with its audio inside")


def job(
    plan: Wanted,
    one: Session,
    path: Path,
    voice: VoiceWish,
    kind: str | None = None,
    bit_rate: int | None = None,
    around: Around | None = None,
) -> Job:
    """What makes the page of a session. Raises ExportError where it has too many branches."""
    from voicecoach import pipeline
    from voicecoach.phone import job as making
    from voicecoach.phone.document import ALONE
    from voicecoach.phone.table import Origin
    from voicecoach.timeline.course import NOTHING, Past

    script = one.script

    def made(past: Past) -> Job:
        return making.job(
            script.workout(),
            one.titled,
            path,
            origin=Origin(
                script.identity,
                script.digest,
                plan.seed,
                plan.today or date.today(),
                None if script.day is None else script.day.key,
            ),
            past=replace(past, finished=one.finished),
            voice=voice,
            format=kind,
            bit_rate=bit_rate,
            around=around or ALONE,
        )

    def of(history: History) -> Job:
        return made(pipeline.past(script, plan.today, history))

    return asked(one.source, None, of, no_history=plan.no_history) or made(NOTHING)
