"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from voicecoach import folders

Command = TypeVar("Command", bound=Callable[..., Any])


class ScriptSource(click.ParamType):
    """A path, ``-``, or the name of a workout, which a shell may complete."""

    name = "script"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = [] if "/" in incomplete else [name for name in script_names() if name.startswith(incomplete)]
        return [*map(CompletionItem, names), CompletionItem(incomplete, type="file")]


SCRIPT = ScriptSource()


def script_names() -> list[str]:
    """The names of the person's own workouts and of those that ship."""
    places = (folders.own_scripts(), folders.shipped_scripts())
    return sorted({path.stem for place in places for path in place.glob("*.toml")})


def script_argument(command: Command) -> Command:
    """One SCRIPT."""
    return click.argument("source", metavar="SCRIPT", type=SCRIPT)(command)


def scripts_argument(command: Command) -> Command:
    """One SCRIPT or more."""
    return click.argument("sources", metavar="SCRIPT...", type=SCRIPT, nargs=-1, required=True)(command)


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
