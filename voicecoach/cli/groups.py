"""A group of commands of which one is meant where none is named."""

from __future__ import annotations

import click

from voicecoach.cli.commands import add_levels


class DefaultGroup(click.Group):
    """The first command of the group is the one that is meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        flags = {name for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
        place = next((place for place, word in enumerate(args) if word not in flags), len(args))
        first = args[place] if place < len(args) else ""
        if first not in self.commands and not {"-h", "--help"}.intersection(args[:place]):
            args = [*args[:place], next(iter(self.commands)), *args[place:]]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        return command and add_levels(command)
