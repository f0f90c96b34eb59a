"""``voicecoach new``: a script to begin with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import checked_language, complete_script
from voicecoach.errors import AuthoringError, counted

if TYPE_CHECKING:
    from voicecoach.authoring.plain_text import Understood


class _Minutes(click.IntRange):
    """How long a workout is to be."""

    name = "whole number"


KINDS = ("hold", "intervals", "run", "walk", "strength", "stretch")
_MINUTES = 10
_LARGEST_TEXT = 200_000
_MOST_LEFT = 20


@click.command("new")
@click.argument("name", metavar="NAME")
@click.option("--kind", type=click.Choice(KINDS), help="What it is; a hold if left out.")
@click.option("--minutes", type=_Minutes(1, 720), metavar="N", help="About how long; 10 minutes if left out.")
@click.option("--cue", "cues", multiple=True, metavar="TEXT", help="What the coach says in between; may be repeated.")
@click.option(
    "--language",
    metavar="TAG",
    callback=checked_language,
    help='The language of its texts, as "de"; English if left out, or that of the text.',
)
@click.option("--like", metavar="SCRIPT", shell_complete=complete_script, help="Begin with a copy of this one.")
@click.option(
    "--from-text",
    "text_file",
    metavar="FILE",
    help='Make it of a text as people type it ("5x: run 1min, walk 90s"); "-" is standard input.',
)
def command(
    name: str,
    kind: str | None,
    minutes: int | None,
    cues: tuple[str, ...],
    language: str | None,
    like: str | None,
    text_file: str | None,
) -> None:
    """Begin a script that plays as it is.

    NAME is a name ("hip-day"), which puts it into your own scripts folder, or a path ("./hip-day.toml"). A terminal
    asks what it is, how long, and which cues, unless options say so. What is there already is never written over.
    Beside the script lies the schema for editors.
    """
    from voicecoach.authoring import place
    from voicecoach.script import source

    if (like and text_file) or ((like or text_file) and (kind or minutes or cues)):
        raise click.UsageError(
            "--like, --from-text, and --kind with --minutes and --cue, are three ways to begin: take one"
        )
    if like and language:
        raise click.UsageError("--like keeps the language of what it copies: leave --language out")
    path = place.of(name)
    hidden = source.by_name(name) if not source.is_path(name) else None
    title = place.title_of(path)
    if like:
        text = place.copy(like, path, title=title)
    elif text_file:
        understood = _understood(text_file, title, language)
        text = understood.script
    else:
        text = _starter(title, kind, minutes, cues, language or "en")
    place.checked(text, path)
    place.write(path, text)
    called = output.call(name if not source.is_path(name) else str(path))
    output.echo(str(path))
    if not (like or text_file):
        _tell_foreign(language or "en")
    if text_file:
        _tell_left(understood, text_file, guessed=language is None)
    if hidden is not None:
        output.note(f'it goes before the workout of that name that ships, "{name}"')
    output.note(f'next: "voicecoach edit {called}" or "voicecoach play {called}"')


def _starter(title: str, kind: str | None, minutes: int | None, cues: tuple[str, ...], language: str) -> str:
    """A starter by the options, and where someone can be asked, by the answers for those that are left out."""
    from voicecoach.authoring import starter

    if _interactive():
        kind = kind or click.prompt("What is it?", type=click.Choice(KINDS), default=KINDS[0], err=True)
        minutes = minutes or click.prompt(
            "How many minutes?", type=_Minutes(1, starter.MOST_MINUTES), default=_MINUTES, err=True
        )
        cues = cues or _asked_cues()
    for cue in cues:
        _check(cue)
    return starter.starter(kind or KINDS[0], title, minutes or _MINUTES, cues, language)


def _tell_foreign(tag: str) -> None:
    from voicecoach.wording.language import languages, read

    if not read(tag).known:
        output.note(f'its names and cues are English: there are none in "{tag}" (there are: {", ".join(languages())})')


def _interactive() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _asked_cues() -> tuple[str, ...]:
    cues: list[str] = []
    while line := click.prompt("What shall the coach say? (Enter: done)", default="", show_default=False, err=True):
        cues.append(line)
    return tuple(cues)


def _check(cue: str) -> None:
    from pydantic_core import PydanticCustomError

    from voicecoach.script import values

    try:
        values.text(cue)
    except PydanticCustomError as error:
        raise click.BadParameter(error.message(), param_hint="--cue") from None


def _understood(file: str, title: str, language: str | None) -> Understood:
    from voicecoach.authoring import plain_text

    return plain_text.script(_content(file), title, language)


def _content(file: str) -> str:
    try:
        if file == "-":
            content = sys.stdin.buffer.read(_LARGEST_TEXT + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(_LARGEST_TEXT + 1)
    except OSError as error:
        raise click.UsageError(f"{file}: cannot be read ({(error.strerror or str(error)).lower()})") from error
    if len(content) > _LARGEST_TEXT:
        raise AuthoringError(f"{file}: is larger than {_LARGEST_TEXT // 1000} kB; a workout is a short text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AuthoringError(f"{file}: is no text in UTF-8 (save it as UTF-8)") from None


def _tell_left(understood: Understood, file: str, *, guessed: bool) -> None:
    if guessed:
        output.note(f'read as "{understood.language}" (--language says otherwise)')
    if understood.title:
        output.note(output.one_line(f'its title is the first line: "{understood.title}"'))
    shown = "text" if file == "-" else file
    for left in understood.left[:_MOST_LEFT]:
        output.note(output.one_line(f"{shown}:{left.line}: not understood: {left.text.strip()} ({left.why})"))
    if understood.left:
        output.note(f"{counted(len(understood.left), 'line')} not understood; each is a comment in the script")
