"""A session bus of one's own for tests: a private ``dbus-daemon --session``, and ``playerctl`` to press buttons on it.

::

    with SessionBus() as bus:
        bus.playerctl("next")

Nothing is shared with the desktop of the person who runs the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import pytest

PROGRAMS = ("dbus-daemon", "dbus-monitor", "playerctl")
_SECONDS = 10.0
_FOREIGN = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")


def missing() -> list[str]:
    """The programs this needs that are not installed."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def require() -> None:
    """Skips the test where there can be no bus, or fails it where VOICECOACH_REQUIRE_SESSIONBUS is 1."""
    if not sys.platform.startswith("linux"):
        pytest.skip("desktops have a session bus on Linux")
    if absent := missing():
        reason = f"needs {', '.join(absent)}"
        if os.environ.get("VOICECOACH_REQUIRE_SESSIONBUS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


def until(holds: Callable[[], bool], what: str) -> None:
    """Waits for it, and fails where it does not come to be."""
    deadline = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not within {_SECONDS:g} s"
        time.sleep(0.005)


class SessionBus:
    """A daemon that runs from ``__enter__`` to ``__exit__``."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="voicecoach-bus-"))
        self.address = f"unix:path={self._folder / 'bus'}"
        self._daemon: subprocess.Popen[str] | None = None

    @property
    def env(self) -> dict[str, str]:
        """A whole environment for a program that is to find this bus and no other."""
        kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        return kept | {"DBUS_SESSION_BUS_ADDRESS": self.address, "HOME": str(self._folder)}

    def start(self) -> None:
        """Starts the daemon and waits until it listens."""
        words = [
            "dbus-daemon",
            "--session",
            "--nofork",
            "--nopidfile",
            "--print-address=1",
            f"--address={self.address}",
        ]
        self._daemon = subprocess.Popen(
            words, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._daemon.stdout is not None
        assert self._daemon.stdout.readline().startswith(self.address), "dbus-daemon does not start"

    def kill(self) -> None:
        """The bus dies at once, as in a crash."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.communicate()
            self._daemon = None

    def playerctl(self, *words: str) -> str:
        """What it prints on standard output, or the error where there is nothing else."""
        done = subprocess.run(
            ["playerctl", *words], env=self.env, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        return (done.stdout or done.stderr).strip()

    def players(self) -> list[str]:
        """By name, in alphabetical order."""
        listed = self.playerctl("--list-all")
        return [] if "No players" in listed else sorted(listed.splitlines())

    @contextmanager
    def signals(self) -> Iterator[Callable[[], list[str]]]:
        """What is called gives the names of all signals that players have sent since the block was entered."""
        told = self._folder / "signals"
        with told.open("w") as file:
            monitor = subprocess.Popen(
                ["dbus-monitor", "--profile", "type='signal',path='/org/mpris/MediaPlayer2'"],
                env=self.env, stdout=file, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        try:
            until(lambda: "NameLost" in told.read_text(), "dbus-monitor listens")
            yield lambda: [
                line.split("\t")[-1] for line in told.read_text().splitlines() if "/org/mpris/MediaPlayer2" in line
            ]
        finally:
            monitor.kill()
            monitor.wait()

    def __enter__(self) -> SessionBus:
        try:
            self.start()
        except BaseException:
            self.kill()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
