"""Errors become text here and nowhere else."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import click

from voicecoach.cli import output
from voicecoach.errors import ScriptError, VoicecoachError

INTERRUPTED = 130
"""Exit code after Ctrl-C or a signal to end."""
MOST_PROBLEMS = 50
"""Most mistakes of a script that are shown at once outside of ``check``."""


class Failure(click.ClickException):
    """An error as a person reads it, with its exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def show(self, file: Any = None) -> None:
        click.echo(output.printable(self.message), file=file, err=file is None)


def described(error: VoicecoachError, most: int = MOST_PROBLEMS) -> str:
    """The text of an error; mistakes of a script stand by themselves, since each begins with its place."""
    if not isinstance(error, ScriptError):
        return f"voicecoach: {error}"
    lines = [str(problem) for problem in error.problems[:most]]
    if len(error.problems) > most:
        lines.append(f"… and {len(error.problems) - most} more ({len(error.problems)} in all)")
    return "\n".join(lines)


@contextmanager
def as_text(context: click.Context) -> Iterator[None]:
    """Turns what goes wrong inside into a message on standard error and an exit code."""
    try:
        yield
    except VoicecoachError as error:
        raise Failure(described(error), error.exit_code) from error
    except KeyboardInterrupt:
        output.note("interrupted")
        context.exit(INTERRUPTED)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        where = f": {error.filename}" if error.filename else ""
        raise Failure(f"voicecoach: {(error.strerror or str(error)).lower()}{where}", 1) from error


def report_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A ``sys.excepthook`` for mistakes of our own: short, unless ``--verbose`` was asked for."""
    if issubclass(kind, KeyboardInterrupt):
        raise SystemExit(INTERRUPTED)
    if output.verbose():
        sys.__excepthook__(kind, error, trace)
    said = output.printable(f"{kind.__name__}: {error}".rstrip(": "))[:300]
    hint = "" if output.verbose() else ' (run it again with "--verbose" for a report)'
    sys.stderr.write(f"voicecoach: this should not have happened: {said}{hint}; please report it\n")
