"""Commands that have commands of their own, of which one may be meant where none is named."""

from __future__ import annotations

import click

from voicecoach.cli.commands import add_levels
from voicecoach.errors import meant, shown


class Group(click.Group):
    """A group that says which command was meant, or which there are, where there is none of that name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word not in self.commands and not word.startswith("-"):
            names = tuple(self.commands)
            question = meant(word, names, 1) or f"there are: {', '.join(names)}"
            raise click.UsageError(f"no command {shown(f'{self.name} {word}')} ({question})", ctx)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        return command and add_levels(command)


class DefaultGroup(Group):
    """The first command of the group is the one that is meant, as far as what follows can be for it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        flags = {name for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
        place = next((place for place, word in enumerate(args) if word not in flags), len(args))
        first = args[place] if place < len(args) else ""
        name, default = next(iter(self.commands.items()))
        takes = not first or first.startswith("-") or any(isinstance(one, click.Argument) for one in default.params)
        if takes and first not in self.commands and not {"-h", "--help"}.intersection(args[:place]):
            args = [*args[:place], name, *args[place:]]
        return super().parse_args(ctx, args)
