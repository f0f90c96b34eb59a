"""A browser for tests: Chromium without a window, told what to do through its DevTools protocol.

::

    def test_a_page(browser: Browser, tmp_path: Path) -> None:
        with browser.page(tmp_path / "page.html", width=390) as page:
            assert page.evaluate("document.title") == "Bridge"
            page.click(100, 200)
            assert not page.faults and not page.fetched

The protocol is spoken over a pair of pipes, each message ended by a NUL, so that no library and no port is needed. A
test asks for the fixture ``browser`` and has the mark of that name.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio",
    "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--autoplay-policy=user-gesture-required", "--remote-debugging-pipe",
)  # fmt: skip
"""Nothing is asked of any network: every name but that of this machine is unknown to it."""
_SECONDS = 30.0
_LAUNCH = """\
import os, sys
for given, wanted in zip(sys.argv[1:3], (3, 4)):
    os.dup2(int(given), wanted)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium reads its pipe from file 3 and writes to file 4."""


def program() -> str | None:
    """The browser that is here."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def require() -> str:
    """The browser; skips the test where there is none, or fails it where VOICECOACH_REQUIRE_BROWSER is 1."""
    found = program() if sys.platform != "win32" else None
    if found is None:
        if os.environ.get("VOICECOACH_REQUIRE_BROWSER") == "1":
            pytest.fail("needs chromium")
        pytest.skip("needs chromium, on a POSIX system")
    return found


class Browser:
    """A Chromium of its own, with an empty profile, from ``__enter__`` to ``__exit__``.

    It is mute, unless ``sound`` is the environment in which it finds a sound server.
    """

    def __init__(self, program: str, sound: Mapping[str, str] | None = None) -> None:
        self._program = program
        self._sound = sound
        self._number = 0
        self._read = b""
        self._events: list[dict[str, Any]] = []

    def __enter__(self) -> Browser:
        self._folder = tempfile.mkdtemp(prefix="voicecoach-browser-")
        theirs_in, self._in = os.pipe()
        self._out, theirs_out = os.pipe()
        given = [_high(theirs_in), _high(theirs_out)]
        # the profile, the cache and what else a desktop's programs write all stay in its folder
        env = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "DISPLAY", "WAYLAND_"))}
        flags = [flag for flag in FLAGS if flag != "--mute-audio" or self._sound is None]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, *map(str, given), self._program, *flags, f"--user-data-dir={self._folder}"],
            env=env | {"HOME": self._folder} | dict(self._sound or {}),
            pass_fds=given,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (theirs_in, theirs_out, *given):
            os.close(end)
        self.ask("Browser.getVersion")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.ask("Browser.close")
            self._process.wait(_SECONDS)
        except (OSError, AssertionError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def page(
        self, where: str | Path, *, width: int = 1000, height: int = 800, dark: bool = False, touch: bool = False
    ) -> Iterator[Page]:
        """A page that is open, of a file or an address, in a window of so many CSS pixels.

        ``dark`` is what the person likes, and ``touch`` makes it a phone, which has no mouse.
        """
        address = where if isinstance(where, str) else where.resolve().as_uri()
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        try:
            target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
            session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            page = Page(self, session, touch)
            for domain in ("Page", "Runtime", "Network", "Log"):
                page.ask(f"{domain}.enable")
            page.ask("Emulation.setFocusEmulationEnabled", enabled=True)
            page.resize(width, height)
            page.prefers(dark=dark)
            if touch:
                page.ask("Emulation.setTouchEmulationEnabled", enabled=True)
            page.ask("Page.navigate", url=address)
            page.until("document.readyState === 'complete' && location.href !== 'about:blank'")
            yield page
        finally:
            self.ask("Target.disposeBrowserContext", browserContextId=context)

    def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """The answer to a command of the protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        left = json.dumps(message).encode() + b"\0"
        while left:
            left = left[os.write(self._in, left) :]
        deadline = time.monotonic() + _SECONDS
        while True:
            answer = self._next(deadline - time.monotonic())
            assert answer is not None, f"{method}: no answer within {_SECONDS:g} s"
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result
            if "method" in answer:
                self._events.append(answer)

    def events(self, session: str) -> list[dict[str, Any]]:
        """What a page has told so far."""
        return [event for event in self._events if event.get("sessionId") == session]

    def _next(self, seconds: float) -> dict[str, Any] | None:
        while b"\0" not in self._read:
            if not select.select([self._out], [], [], max(0.0, seconds))[0]:
                return None
            more = os.read(self._out, 1 << 20)
            assert more, "the browser has ended"
            self._read += more
        message, _, self._read = self._read.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


class Page:
    """A page in a browser; positions are in CSS pixels from the top left of its window."""

    def __init__(self, browser: Browser, session: str, touch: bool) -> None:
        self._browser = browser
        self._session = session
        self._touch = touch

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a command of the protocol."""
        return self._browser.ask(method, self._session, **params)

    def resize(self, width: int, height: int) -> None:
        """Makes its window so large."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=self._touch
        )

    def prefers(self, *, dark: bool = False, media: str = "") -> None:
        """What the person likes, and for what it is shown ("print"), as style sheets ask."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def evaluate(self, script: str, *, gesture: bool = False) -> Any:
        """What a JavaScript expression gives, as plain data; what it awaits is waited for.

        ``gesture`` lets it do what a page may only when the person has done something.
        """
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=gesture
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, script: str, seconds: float = _SECONDS) -> None:
        """Waits until a JavaScript expression is true."""
        deadline = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({script})"):
            assert time.monotonic() < deadline, f"not within {seconds:g} s: {script}"
            time.sleep(0.02)

    def middle(self, selector: str, number: int = 0) -> tuple[float, float]:
        """Where the middle of the element is that a CSS selector gives, scrolled into view."""
        found = self.evaluate(
            f"(() => {{ const one = document.querySelectorAll({json.dumps(selector)})[{number}];"
            " one.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});"
            " const box = one.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        return float(found[0]), float(found[1])

    def move(self, x: float, y: float) -> None:
        """Moves the mouse there."""
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, x: float, y: float) -> None:
        """Clicks there."""
        self.move(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def tap(self, x: float, y: float) -> None:
        """Taps there with a finger."""
        self.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def press(self, key: str, text: str = "") -> None:
        """Presses a key by its name, as "ArrowRight" or "Tab"; ``text`` is what it writes."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
                "ArrowRight": 39, "ArrowDown": 40}.get(key, 0)  # fmt: skip
        named: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=text or ("\r" if key == "Enter" else ""), **named)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **named)

    def picture(self, *, whole: bool = True) -> bytes:
        """What is seen of it, as PNG; all of the page, or what its window shows."""
        answer = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(answer["data"])

    @property
    def faults(self) -> list[str]:
        """What went wrong in it: errors of its scripts, what its policy forbade, what its console tells."""
        self.evaluate("0")  # what is told before has come by now
        found = []
        for event in self._browser.events(self._session):
            params = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                found.append(str(params["exceptionDetails"].get("exception", params["exceptionDetails"])))
            elif event["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                found.append(str(params["entry"]["text"]))
            elif event["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
                found.append(str(params["args"]))
        return found

    @property
    def fetched(self) -> list[str]:
        """The addresses that it has asked for, but for its own and those that hold their content themselves."""
        self.evaluate("0")
        asked = [
            event["params"]["request"]["url"]
            for event in self._browser.events(self._session)
            if event["method"] == "Network.requestWillBeSent" and event["params"].get("type") != "Document"
        ]
        return [address for address in asked if not address.startswith(("data:", "blob:"))]


def _high(end: int) -> int:
    """The same end of a pipe under a number that is not 3 or 4."""
    import fcntl

    return fcntl.fcntl(end, fcntl.F_DUPFD, 10)
