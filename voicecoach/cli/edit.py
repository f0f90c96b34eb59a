"""``voicecoach edit``: a script in the person's own editor, checked when that ends."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import complete_script
from voicecoach.cli.failures import described
from voicecoach.errors import AuthoringError, ScriptError


@click.command("edit")
@click.argument("name", metavar="NAME", shell_complete=complete_script)
@click.pass_context
def command(context: click.Context, name: str) -> None:
    """Open a script in your editor, and check it when that ends.

    The editor is what VISUAL or else EDITOR in the environment says, with its arguments, as "code --wait". A terminal
    offers to open a script with mistakes again. A workout that ships is copied into your own scripts folder first,
    where it takes its place; if you change nothing the copy goes again.
    """
    from voicecoach.script import source

    try:
        found = source.find(name)
    except ScriptError as error:
        output.echo(described(error), err=True)
        output.note(f'"{output.call("voicecoach", "new", name)}" begins a script of that name')
        context.exit(error.exit_code)
    words = _editor(found)
    path = own(name, found)
    copied = path.read_bytes() if path != found else None
    while True:
        _open(words, path)
        if copied is not None and path.is_file() and path.read_bytes() == copied:
            path.unlink()
            output.note("nothing was changed: the copy is gone")
            return
        code = _check(path)
        if not code or not _interactive() or not click.confirm("Open it again?", default=True, err=True):
            break
    context.exit(code)


def _editor(path: Path) -> list[str]:
    """The words of the call that the environment names."""
    called = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(called, posix=os.name == "posix")
    except ValueError as error:
        raise AuthoringError(f"VISUAL or EDITOR cannot be read ({str(error).lower()}): {called}") from None
    if not words:
        example = '$env:EDITOR = "notepad"' if os.name == "nt" else 'export EDITOR="nano"'
        raise AuthoringError(f"no editor is named: say which, as {example}, or open {path} yourself")
    return [word.strip('"') for word in words] if os.name != "posix" else words


def own(name: str, path: Path) -> Path:
    """The file to edit; of a workout that ships, a copy in the person's own folder."""
    from voicecoach.authoring import place
    from voicecoach.store import folders

    if path.parent.resolve() != folders.shipped_scripts().resolve():
        return path
    own = folders.own_scripts() / path.name
    if own.is_file():
        return own
    place.write(own, place.copy(str(path), own))
    output.note(f"copied to {own}")
    return own


def _open(words: list[str], path: Path) -> None:
    try:
        ended = subprocess.run([*words, str(path)], check=False)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise AuthoringError(f'the editor "{words[0]}" cannot be started ({reason}): set VISUAL or EDITOR') from None
    if ended.returncode:
        raise AuthoringError(f'the editor "{words[0]}" ended with an error ({ended.returncode}); {path} is not checked')


def _check(path: Path) -> int:
    """The exit code of a check, which tells what it found."""
    from voicecoach.cli import check

    return check.command.main([str(path)], standalone_mode=False) or 0


def _interactive() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
