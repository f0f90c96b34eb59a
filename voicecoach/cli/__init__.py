"""The command line: one module a command, each loaded when it is called."""

from __future__ import annotations

import gc
import os
import sys

import click

from voicecoach.cli import failures, output
from voicecoach.cli.commands import Root

_COLLECT_AFTER = 200_000
"""Objects made between two looks for garbage; a long script is many objects and none of them garbage."""


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import version

    click.echo(f"voicecoach {version('voicecoach')}")
    context.exit()


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and leave.",
)
def cli() -> None:
    """A spoken workout coach: short scripts become timed voice cues, live or as audio files.

    A SCRIPT is a path, "-" for standard input, or the name of a workout ("voicecoach list" shows them).
    """


def main() -> None:
    """Runs the command line and leaves the process with its exit code."""
    sys.excepthook = failures.report_unexpected
    gc.set_threshold(_COLLECT_AFTER)
    # to look for plugins among all packages takes a tenth of the time that checking a script does
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    output.speak_unicode()
    try:
        cli(prog_name="voicecoach")
    finally:
        gc.freeze()  # what is left goes with the process
