"""Sessions as pages for the phone: what makes each, and which options mean something there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli.remembered import asked

if TYPE_CHECKING:
    from voicecoach.cli.sessions import Session, Wanted
    from voicecoach.export.batch import Job
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


def refuse(given: Mapping[str, object]) -> None:
    """Raises UsageError for the first option that is given and means nothing of a page."""
    for option, value in given.items():
        if value:
            raise click.UsageError(f"{option} is for audio files; a page for a phone is one file with its audio inside")


def job(
    plan: Wanted, one: Session, path: Path, voice: VoiceWish, kind: str | None = None, bit_rate: int | None = None
) -> Job:
    """What makes the page of a session. Raises ExportError where it has too many branches."""
    from voicecoach import pipeline
    from voicecoach.phone import job as making
    from voicecoach.phone.table import Origin
    from voicecoach.timeline.course import NOTHING, Past

    script = one.script

    def made(past: Past) -> Job:
        return making.job(
            script.workout(),
            one.titled,
            path,
            origin=Origin(script.identity, script.digest, plan.seed, plan.today or date.today()),
            past=replace(past, finished=one.finished),
            voice=voice,
            format=kind,
            bit_rate=bit_rate,
        )

    def of(history: History) -> Job:
        return made(pipeline.past(script, plan.today, history))

    return asked(one.source, None, of, no_history=plan.no_history) or made(NOTHING)
