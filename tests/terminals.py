"""A terminal of one's own for tests: a pseudo-terminal with a shell in it, as a person has.

::

    with Terminal(env) as terminal:
        terminal.types("voicecoach play bridge\\n")
        terminal.until("playing")
"""

from __future__ import annotations

import codecs
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import time
from types import TracebackType

import pytest

PROMPT = "ready> "
KEYS = {"left": "\x1b[D", "right": "\x1b[C", "interrupt": "\x03", "suspend": "\x1a"}


def require() -> None:
    """Skips the test where there are no such terminals."""
    if sys.platform == "win32":
        pytest.skip("a pseudo-terminal is a thing of POSIX")
    if shutil.which("bash") is None:
        pytest.skip("needs bash")


class Terminal:
    """A terminal and its shell, from ``__enter__`` to ``__exit__``; ``hang_up`` closes its window."""

    def __init__(self, env: dict[str, str], *, columns: int = 80, rows: int = 24) -> None:
        import pty

        self._ours, self._theirs = pty.openpty()
        self.resize(columns, rows)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._env = env | {"TERM": "xterm-256color", "PS1": PROMPT, "HISTFILE": "/dev/null"}

    def __enter__(self) -> Terminal:
        import fcntl
        import termios

        self.shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"],
            stdin=self._theirs, stdout=self._theirs, stderr=self._theirs, env=self._env, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(self._theirs)
        self.until(PROMPT)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.hang_up()
        try:
            self.shell.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.shell.pid, signal.SIGKILL)
            self.shell.wait()

    def types(self, text: str) -> None:
        """Keys, by what they send, or by their name in ``KEYS``."""
        os.write(self._ours, KEYS.get(text, text).encode())

    def until(self, *wanted: str, seconds: float = 20) -> str:
        """What is shown until all of ``wanted`` was, one behind the other, without its colours."""
        shown, deadline = "", time.monotonic() + seconds
        while not _in_order(without_colours(shown), wanted):
            assert time.monotonic() < deadline, f"not shown: {wanted} in {without_colours(shown)[-3000:]}"
            shown += self._read(0.1)
        return without_colours(shown)

    def shows(self, seconds: float) -> str:
        """What is shown within so many seconds."""
        shown, deadline = "", time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            shown += self._read(left)
        return shown

    def resize(self, columns: int, rows: int) -> None:
        """Another size, of which whoever is in the foreground is told."""
        import fcntl
        import termios

        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self) -> None:
        """The window is closed."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def _read(self, seconds: float) -> str:
        if not select.select([self._ours], [], [], seconds)[0]:
            return ""
        return self._decoder.decode(os.read(self._ours, 65536))


def without_colours(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", shown)


def _in_order(shown: str, wanted: tuple[str, ...]) -> bool:
    at = 0
    for each in wanted:
        at = shown.find(each, at)
        if at < 0:
            return False
        at += len(each)
    return True
