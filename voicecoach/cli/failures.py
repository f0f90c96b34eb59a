"""Errors become text here and nowhere else."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType

import click

from voicecoach.cli import output
from voicecoach.errors import ConfigError, HistoryFileError, ScriptError, VoicecoachError, printable

INTERRUPTED = 130
"""Exit code after Ctrl-C or a signal to end."""
MOST_PROBLEMS = 50
"""Most mistakes of a script that are shown at once outside of ``check``."""


def described(error: VoicecoachError, most: int = MOST_PROBLEMS) -> str:
    """The text of an error; mistakes in a file stand by themselves, since each begins with its place."""
    if isinstance(error, ConfigError):
        return str(error)
    if not isinstance(error, ScriptError | HistoryFileError):
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
        output.echo(described(error), err=True)
        context.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):  # click makes the second of the first, where it asks something
        with suppress(OSError):  # nobody may be there to read it
            output.note("interrupted")
        context.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader has what it wanted
        output.hang_up()
        context.exit(0)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        reason = (error.strerror or str(error)).lower()
        with suppress(OSError):
            output.echo(f"voicecoach: {reason}{where}", err=True)
        context.exit(VoicecoachError.exit_code)


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Lets a signal to end do what Ctrl-C does, so that terminal, device and unfinished files are seen to."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        if number == getattr(signal, "SIGHUP", None):  # a shell sends it once more
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handled(("SIGTERM", "SIGHUP", "SIGBREAK"), interrupt):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Lets Ctrl-C and signals to end wait until what is done inside is done."""
    came: list[int] = []
    with _handled(("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"), lambda number, frame: came.append(number)):
        yield
    if came:
        raise KeyboardInterrupt


@contextmanager
def _handled(names: tuple[str, ...], handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Those of the signals that there are have another handler inside; none has in a thread that may set none."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def report_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A ``sys.excepthook`` for mistakes of our own: short, unless ``--verbose`` was asked for."""
    if issubclass(kind, KeyboardInterrupt):
        raise SystemExit(INTERRUPTED)
    if output.verbose():
        sys.__excepthook__(kind, error, trace)
    said = printable(f"{kind.__name__}: {error}".rstrip(": "))[:300]
    hint = "" if output.verbose() else ' (run it again with "--verbose" for a report)'
    along = 'please report it, with what "voicecoach doctor --report" prints'
    sys.stderr.write(f"voicecoach: this should not have happened: {said}{hint}; {along}\n")
