"""The commands by name, and the options that all of them have."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from voicecoach.cli import failures, output
from voicecoach.errors import meant

COMMANDS = (
    "list", "new", "import", "edit", "record", "play", "simulate", "log", "progress", "export", "serve", "sync", "feed",
    "show", "compile", "check", "fmt", "diff", "schema", "brief", "devices", "voices", "doctor", "cache",
)  # fmt: skip
"""Each is the attribute ``command`` of the module of its name, in the order in which help shows them."""


def _set_level(context: click.Context, option: click.Parameter, wanted: bool) -> bool:
    if wanted and not context.resilient_parsing:
        output.set_level(str(option.name))
        if output.verbose() or "voicecoach.cli.records" in sys.modules:
            from voicecoach.cli import records  # brings logging

            records.show(output.verbose())
            context.find_root().call_on_close(lambda: records.show(False))
    return wanted


def add_levels(command: click.Command) -> click.Command:
    """Gives a command and its subcommands ``--quiet`` and ``--verbose``, so that both may stand anywhere."""
    known = {name for param in command.params for name in param.opts}
    for flags, text in (
        (("-q", "--quiet"), "Say nothing but errors."),
        (("-v", "--verbose"), "Say more: log what happens inside, and with an error tell all of it."),
    ):
        if flags[1] not in known:
            command.params.append(click.Option(flags, is_flag=True, expose_value=False, callback=_set_level, help=text))
    for subcommand in command.commands.values() if isinstance(command, click.Group) else ():
        add_levels(subcommand)
    return command


class Root(click.Group):
    """Loads a command's module when the command is asked for; the one place where errors become text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_levels(self)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        output.set_level("")
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError:  # of "--help" and "--version" in a pipe
            output.hang_up()
            raise SystemExit(0) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"voicecoach.cli.{cmd_name}").command
        return add_levels(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if not args or args[0].startswith("-") or args[0] in COMMANDS:
                raise
            raise click.UsageError(f'no command "{args[0]}"{_near(args[0])}', ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        with failures.as_text(ctx), failures.interrupted_by_signals():
            return super().invoke(ctx)


def _near(word: str) -> str:
    if word.endswith((".toml", ".toml.txt")):
        return f' (did you mean "voicecoach play {word}"?)'
    return f" ({meant(word, COMMANDS, 1) or 'there are: ' + ', '.join(COMMANDS)})"
