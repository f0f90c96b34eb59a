"""``voicecoach cache``: what is kept, so that nothing is made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.groups import Group

if TYPE_CHECKING:
    from voicecoach.store.cache import Cache

_KINDS = {
    "line": "spoken lines",
    "own": "lines in your own voice",
    "island": "encoded stretches of sound",
    "timeline": "compiled scripts",
    "outline": "what the history asks of scripts",
    "recording": "what is known of audio files",
}


@click.group("cache", cls=Group, invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show or clear what is kept: compiled scripts, spoken lines, encoded sound, what is known of recordings.

    It is bounded, and may be cleared at any time; what is needed is made again.
    """
    if context.invoked_subcommand is None:
        context.invoke(show)


@command.command()
def show() -> None:
    """Show where the cache is, and what it holds."""
    cache = _cache()
    rows = [
        (_KINDS.get(kind, kind), f"{usage.entries:,}", units.format_size(usage.size))
        for kind, usage in cache.usage().items()
    ]
    total = sum(usage.size for usage in cache.usage().values())
    output.table(("what", "entries", "on disk"), rows)
    output.note(f"{cache.folder}: {units.format_size(total)} of at most {units.format_size(cache.limit_bytes)}")


@command.command()
def clear() -> None:
    """Remove everything that is kept."""
    cache = _cache()
    output.note(f"{cache.folder}: {units.format_size(cache.clear())} freed")


def _cache() -> Cache:
    from voicecoach import pipeline

    return pipeline.cache()
