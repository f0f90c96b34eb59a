"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from voicecoach.timeline.model import VoiceWish

Command = TypeVar("Command", bound=Callable[..., Any])


def complete_script(context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What a shell may complete a SCRIPT to: names of workouts, and files."""
    from voicecoach import script

    names = [] if "/" in incomplete else [name for name, _ in script.names() if name.startswith(incomplete)]
    return [*map(CompletionItem, names), CompletionItem(incomplete, type="file")]


def wish(voice: str | None, rate: float | None) -> VoiceWish:
    """What ``--voice`` and ``--rate`` ask for."""
    from voicecoach.timeline.model import VoiceWish

    return VoiceWish(name=voice, rate=rate)


def script_argument(command: Command) -> Command:
    """One SCRIPT."""
    return click.argument("source", metavar="SCRIPT", shell_complete=complete_script)(command)


def scripts_argument(command: Command) -> Command:
    """One SCRIPT or more."""
    return click.argument("sources", metavar="SCRIPT...", shell_complete=complete_script, nargs=-1, required=True)(
        command
    )


def voice_options(command: Command) -> Command:
    """``--voice`` and ``--rate``: the call's own wish."""
    for option in (
        click.option(
            "--rate",
            type=click.FloatRange(0.25, 4),
            metavar="FACTOR",
            help="How fast to speak; 1 is the voice's natural speed.",
        ),
        click.option(
            "--voice",
            metavar="NAME",
            help='A voice, an engine, or ENGINE:VOICE ("voicecoach voices" shows them).',
        ),
    ):
        command = option(command)
    return command


def seed_option(command: Command) -> Command:
    """``--seed``."""
    return click.option(
        "--seed",
        type=click.IntRange(0),
        default=0,
        metavar="NUMBER",
        help="Another choice of lines where a script shuffles; the same seed gives the same session.",
    )(command)


def jobs_option(command: Command) -> Command:
    """``--jobs``."""
    return click.option(
        "--jobs",
        type=click.IntRange(1),
        metavar="NUMBER",
        help="How much to do at once; as many as there are processors if left out.",
    )(command)
