"""``voicecoach devices``: watches and players, what each takes, and what is wrong with a folder for one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import layout_option, not_empty, path_if_any
from voicecoach.cli.groups import DefaultGroup
from voicecoach.errors import counted


class _Devices(DefaultGroup):
    """The name of a device alone asks what is known of it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = [word for word in args if not word.startswith("-")]
        if len(words) == 1 and words[0] not in self.commands:
            args = [*(word for word in args if word not in words), "show", *words]
        return super().parse_args(ctx, args)


@click.group("devices", cls=_Devices)
def command() -> None:
    """Show the watches and players that sessions can be made for ("voicecoach devices list" is the same).

    "voicecoach devices NAME" explains one, as show does. You can add one, or change what is said of one, in your
    configuration.
    """


@command.command("list")
def list_devices() -> None:
    """Show the watches and players: name, title, how it connects, what it takes, how much of that is known."""
    from voicecoach.devices import explanation, profile

    rows = []
    for name in profile.names():
        one = profile.load(name)
        formats = ", ".join(taken.name for taken in one.formats)
        rows.append((name, one.title, explanation.CONNECTIONS[one.connection], formats, explanation.known(one)))
    output.table(("name", "title", "connects", "takes", ""), rows)
    output.note('"voicecoach devices show NAME" explains one')


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """Explain what a device takes: how sure each fact is, who says so, and what is not known."""
    from voicecoach.devices import explanation, profile

    one = profile.load(name)
    output.note(output.one_line(f"{one.title} ({one.name}): {one.models}"))
    output.table(("", "", "how sure", "who says so, or why"), explanation.of(one))


@command.command()
@click.argument("path", type=click.Path(), callback=path_if_any)
@click.option(
    "--for",
    "device",
    metavar="NAME",
    required=True,
    callback=not_empty,
    help='The device ("voicecoach devices" shows them).',
)
@layout_option
@click.pass_context
def check(context: click.Context, path: Path, device: str, layout: str) -> None:
    """Show what of a folder a device will refuse, play in another order or mangle, and how to mend each.

    PATH is a folder that is to be copied, or the device itself where it is a drive. Audio may be from anywhere. Nothing
    is changed.

    The exit code is 1 where something was found.
    """
    from voicecoach.devices import inspection, profile

    one = profile.load(device)
    found = inspection.inspect(path, one)
    if layout == "json":
        findings = [{"path": each.path, "kind": each.kind, "why": each.why, "fix": each.fix} for each in found]
        document = {"version": 1, "device": one.name, "findings": findings}
        click.echo(output.escaped_json(json.dumps(document, indent=1, ensure_ascii=False)))
    else:
        for each in found:
            output.echo(output.one_line(f"{each.path}: {each.why} ({each.fix}) [{each.kind}]"))
    output.note(f"{counted(len(found), 'finding') if found else 'nothing found'} ({one.title})")
    if found:
        context.exit(1)
