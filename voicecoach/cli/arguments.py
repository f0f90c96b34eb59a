"""Arguments and options that several commands share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from voicecoach.errors import shown

if TYPE_CHECKING:
    from voicecoach.timeline.model import VoiceWish

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}", re.ASCII)
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


def checked_language(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The tag of a language, if it is one."""
    if value is not None and _LANGUAGE.fullmatch(value) is None:
        raise click.BadParameter(f'{shown(value)} is not a language (write its tag, as "en", "de" or "pt-BR")')
    return value


def not_empty(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """What is written, if anything is: an empty path would be the current folder."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty")
    return value


def path_if_any(context: click.Context, option: click.Parameter, value: str | None) -> Path | None:
    """The path that is written; refused where it is empty."""
    value = not_empty(context, option, value)
    return None if value is None else Path(value)


class Factor(click.FloatRange):
    """A number within bounds; "nan", which is no number, lies in none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{number} is not in the range {self._describe_range()}.", param, ctx)
        return number


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
            type=Factor(0.25, 4),
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


def layout_option(command: Command) -> Command:
    """``--format``: text or JSON."""
    return click.option(
        "-f",
        "--format",
        "layout",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Lines to read, or JSON for programs.",
    )(command)


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
