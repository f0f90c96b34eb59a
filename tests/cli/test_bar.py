"""The progress bar: there where something takes a while and somebody looks."""

from __future__ import annotations

import io
import re
import time

import pytest

from voicecoach.cli import bar as bars
from voicecoach.cli import output


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def looked_at(monkeypatch: pytest.MonkeyPatch, patience: float) -> Terminal:
    """A terminal in the place of standard error, and a bar of so much patience."""
    shown = Terminal()
    monkeypatch.setattr(bars, "_PATIENCE", patience)
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setenv("TERM", "xterm-256color")
    return shown


def wait_for(text: str, terminal: Terminal) -> None:
    until = time.monotonic() + 10
    while text not in terminal.getvalue() and time.monotonic() < until:
        time.sleep(0.01)
    assert text in terminal.getvalue()


def test_what_is_done_at_once_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = looked_at(monkeypatch, 60.0)
    with bars.progress() as bar:
        bar("speaking", 0.5)
    assert terminal.getvalue() == ""


def test_what_takes_a_while_shows_one_until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = looked_at(monkeypatch, 0.01)
    with bars.progress() as bar:
        bar("speaking [b]x.mp3", 0.25)
        wait_for("speaking [b]x.mp3", terminal)
        wait_for("25%", terminal)
        bar("writing", 0.75)
        wait_for("75%", terminal)
    assert terminal.getvalue().endswith("\x1b[2K"), "its line is empty again"


def test_what_is_told_meanwhile_stands_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = looked_at(monkeypatch, 0.01)
    with bars.progress() as bar:
        output.tell("before it is drawn")
        bar("1 of 2 files", 0.5)
        wait_for("1 of 2 files", terminal)
        output.tell("[b]x.mp3[/b]  4:38")
        wait_for("x.mp3", terminal)
    output.tell("after")
    # what comes before the line, on its row of the terminal, is erased
    for told in ("before it is drawn", "[b]x.mp3[/b]  4:38", "after"):
        (row,) = [row for row in terminal.getvalue().split("\n") if told in row]
        assert re.fullmatch(r"(.*\x1b\[2K)?(\x1b\[[0-9?]+[A-Za-z]|\r)*", row.split(told)[0]), row


def test_an_error_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = looked_at(monkeypatch, 0.01)
    with pytest.raises(KeyboardInterrupt), bars.progress() as bar:
        bar("speaking", 0.25)
        wait_for("speaking", terminal)
        raise KeyboardInterrupt
    assert "\x1b[?25h" in terminal.getvalue(), "the cursor is back"


def test_a_pipe_gets_none(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "_PATIENCE", 0.0)
    with bars.progress() as bar:
        bar("speaking", 0.5)
        time.sleep(0.05)
    assert capsys.readouterr().err == ""
