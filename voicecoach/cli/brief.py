"""``voicecoach brief``: the format on one page, for somebody else who is to write a script."""

from __future__ import annotations

import click

from voicecoach.cli import output


@click.command("brief")
def command() -> None:
    """Print one page about the format, to paste into a chat assistant.

    Say below it what you want. Save what comes back, and "voicecoach check" tells whether it is right.
    """
    from voicecoach.authoring import brief

    output.echo(brief.page(), nl=False)
