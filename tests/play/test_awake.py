"""Staying awake: what a desktop is asked for, and that nothing comes of it where there is none."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sessionbus import SessionBus, require, until

from voicecoach.play import awake

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs D-Bus")

DESKTOP = """
import asyncio
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method

class ScreenSaver(ServiceInterface):
    @dbus_method()
    def Inhibit(self, application: 's', reason: 's') -> 'u':
        print("on", flush=True)
        return 4711

    @dbus_method()
    def UnInhibit(self, cookie: 'u'):
        print("off", cookie, flush=True)

async def serve():
    bus = await MessageBus().connect()
    bus.export("/org/freedesktop/ScreenSaver", ScreenSaver("org.freedesktop.ScreenSaver"))
    await bus.request_name("org.freedesktop.ScreenSaver")
    print("ready", flush=True)
    await bus.wait_for_disconnect()

try:
    asyncio.run(serve())
except EOFError:
    pass
"""


@contextmanager
def desktop(bus: SessionBus) -> Iterator[Callable[[], str]]:
    """One that can keep its screen on; what is called gives the next thing that it was asked for."""
    serving = subprocess.Popen([sys.executable, "-c", DESKTOP], env=bus.env, text=True, stdout=subprocess.PIPE)
    assert serving.stdout is not None
    with serving.stdout as lines:
        assert lines.readline() == "ready\n"
        yield lambda: lines.readline().strip()
        serving.kill()
        serving.wait()


def threads_end() -> None:
    until(lambda: all(thread.name != "awake" for thread in threading.enumerate()), "its thread ends")


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionBus]:
    require()
    with SessionBus() as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@pytest.mark.sessionbus
class TestOnADesktop:
    @pytest.mark.slow
    def test_the_screen_stays_on_while_the_block_lasts(self, bus: SessionBus) -> None:
        with desktop(bus) as asked:
            with awake.awake() as attempt:
                assert attempt.why_not(5) is None
                assert asked() == "on"
            assert asked() == "off 4711"

    @pytest.mark.slow
    def test_it_is_let_go_whatever_ends_the_block(self, bus: SessionBus) -> None:
        with desktop(bus) as asked:
            with pytest.raises(KeyboardInterrupt), awake.awake() as attempt:
                assert attempt.why_not(5) is None
                raise KeyboardInterrupt
            assert [asked(), asked()] == ["on", "off 4711"]

    @pytest.mark.slow
    def test_to_ask_whether_it_works_leaves_it_as_it_was(self, bus: SessionBus) -> None:
        with desktop(bus) as asked:
            assert awake.available() is None
            assert [asked(), asked()] == ["on", "off 4711"]

    def test_one_that_cannot(self, bus: SessionBus) -> None:
        reason = awake.available()
        assert reason is not None
        assert reason.startswith("asked in vain: ")
        assert "org.freedesktop.ScreenSaver" in reason

    @pytest.mark.slow
    def test_one_that_dies_meanwhile(self, bus: SessionBus) -> None:
        with desktop(bus) as asked:
            with awake.awake() as attempt:
                assert attempt.why_not(5) is None
                assert asked() == "on"
                bus.kill()
            threads_end()

    @pytest.mark.slow
    def test_again_and_again_leaves_nothing_behind(self, bus: SessionBus) -> None:
        def descriptors() -> int:
            threads_end()
            return len(list(Path("/proc/self/fd").iterdir()))

        with desktop(bus):
            awake.available()
            before = descriptors()
            for _ in range(10):
                assert awake.available() is None
        for _ in range(10):
            assert awake.available() is not None
        assert descriptors() <= before


class TestWithoutADesktop:
    @linux
    @pytest.mark.parametrize("address", ["", "disabled:", "unix:path=/nowhere/bus", "nonsense"])
    def test_nothing_happens_and_it_says_why(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with awake.awake() as attempt:
            assert attempt.why_not(5)
        assert ("there is no session bus" in str(awake.available())) is (not address)

    @linux
    def test_a_bus_that_never_answers_is_not_waited_for(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        monkeypatch.setattr(awake, "_GOODBYE", 0.01)
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(f"{tmp_path}/bus")
            deaf.listen()
            began = time.monotonic()
            with awake.awake() as attempt:
                assert attempt.why_not() is None
                assert attempt.why_not(0.02) == "what keeps the screen on does not answer within 0.02 seconds"
            assert time.monotonic() - began < 0.5
        threads_end()

    def test_a_wakepy_that_fails_ends_no_session(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(**_: object) -> None:
            raise OSError("no such system call")

        monkeypatch.setattr("wakepy.keep.presenting", broken)
        assert awake.available() == "wakepy does not work here (OSError)"

    def test_on_a_system_that_wakepy_does_not_know(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from wakepy import ActivationResult

        monkeypatch.setattr(sys, "platform", "haiku1")
        assert awake._told(ActivationResult([])) == "wakepy knows no way for this system"
        assert awake._adapter() is None
