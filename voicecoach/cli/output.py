"""What the command line says, how much of it, and in which dress.

Results go to standard output: tables on a terminal, tab-separated lines in a pipe. Notes and errors go to standard
error. ``NO_COLOR`` is obeyed by rich, which draws all that has colour.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from voicecoach.errors import printable

if TYPE_CHECKING:
    from rich.console import Console

_above: ContextVar[Callable[[str], None] | None] = ContextVar("above", default=None)
_level: ContextVar[str] = ContextVar("level", default="")
_held: list[str] | None = None
"""Records that wait until the screen is given back."""


def set_level(level: str) -> None:
    """``level`` is ``quiet``, ``verbose`` or empty; the last one asked for holds."""
    _level.set(level)


def speak_unicode() -> None:
    """Lets no letter that a terminal or a locale lacks end the program; a pipe of Windows gets UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            piped = sys.platform == "win32" and not stream.isatty()
            stream.reconfigure(encoding="utf-8" if piped else None, errors="replace")


def quiet() -> bool:
    """Whether only errors are wanted."""
    return _level.get() == "quiet"


def verbose() -> bool:
    """Whether all details are wanted."""
    return _level.get() == "verbose"


def shows(characters: str) -> bool:
    """Whether standard output can write them."""
    try:
        characters.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """A text on standard output or standard error, without what could command the terminal."""
    click.echo(printable(text), err=err, nl=nl)


def note(text: str) -> None:
    """A remark on standard error, unless ``--quiet``."""
    if not quiet():
        tell(text)


def tell(text: str) -> None:
    """A line or more on standard error, above the progress bar where one is drawn."""
    above = _above.get()
    if above is not None:
        above(printable(text))
        return
    try:
        click.echo(printable(text), err=True)
    except BrokenPipeError:
        hang_up()


def tell_above(above: Callable[[str], None] | None) -> None:
    """From now on ``above`` shows what is told, because something is drawn where it would stand; None ends that."""
    _above.set(above)


def hang_up() -> None:
    """Says no more where nobody reads it: what is left in buffers would be an error once the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def notes(texts: Iterable[str]) -> None:
    """Remarks, each as one line."""
    for text in texts:
        note(one_line(text))


def warn(where: str, warnings: Iterable[str]) -> None:
    """Remarks on what will not be as it was asked for in ``where``."""
    notes(f"{where}: warning: {warning}" for warning in warnings)


def record(text: str) -> None:
    """A line of the log on standard error."""
    if _held is None:
        tell(text)
    else:
        _held.append(text)


@contextmanager
def records_held() -> Iterator[None]:
    """Keeps the log off the terminal as long as something else is drawn there."""
    global _held
    held: list[str] = []
    _held = held
    try:
        yield
    finally:
        _held = None
        for text in held:
            record(text)


def report(text: str) -> None:
    """What was done: on standard error where someone looks at it, or with ``--verbose``."""
    if sys.stderr.isatty() or verbose():
        note(text)


def call(*words: str) -> str:
    """A call as it is written in a shell of this system."""
    if sys.platform == "win32":
        from subprocess import list2cmdline

        return list2cmdline(words)
    return shlex.join(words)


def one_line(text: str) -> str:
    """``text`` as one line that a terminal shows and does not obey: for what a script calls something."""
    if text.isascii() and text.isprintable():  # mostly, and of very many
        return text
    return printable(" ".join(text.splitlines()))


def escaped_json(document: str) -> str:
    """A JSON document that says the same without a character that a terminal would obey."""
    if printable(document) == document:
        return document
    return "".join(char if printable(char) == char else json.dumps(char)[1:-1] for char in document)


def console(*, stderr: bool = False) -> Console:
    """A rich console on standard output, or on standard error."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows on standard output: under headings on a terminal, tab-separated without headings in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(one_line(cell.replace("\t", " ")) for cell in row))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(one_line(cell)) for cell in row))
    if drawn.rows:
        console().print(drawn)
