"""A microphone beside a session: what a noise means, what is said of it, and the meter to try it with."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner, Result
from noises import Mono, clap, room, with_noises

from voicecoach.cli import cli, hearing, meter
from voicecoach.cli.hearing import BACK, LOST, MUTED, Hearing
from voicecoach.errors import MicrophoneError
from voicecoach.play import capture
from voicecoach.play.microphone import Hears, Microphone
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.sound.onset import Level


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


class Heard:
    """A microphone that hears one thing and then the quiet."""

    def __init__(self, samples: Mono) -> None:
        self._samples = samples

    def __call__(self, hears: Hears, rate: int, name: str | None = None, again: Microphone | None = None) -> Microphone:
        hears(self._samples)
        return self

    def close(self) -> None:
        return None


@pytest.fixture
def clapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "open_microphone", Heard(with_noises(room(3, -60), (2.9, clap()))))


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*what: object) -> Microphone:
        raise MicrophoneError("no microphone was found")

    monkeypatch.setattr(capture, "open_microphone", refuses)


def wanted(heard: Hearing, seconds: float = 5) -> Wanted | None:
    deadline = time.monotonic() + seconds
    while (wish := heard.wanted()) is None and time.monotonic() < deadline:
        time.sleep(0.005)
    return wish


class TestHearing:
    @pytest.mark.slow
    def test_a_noise_is_wanted_with_how_long_ago(self, clapped: None) -> None:
        with Hearing(None, on=True) as heard:
            noise = wanted(heard)
        assert noise is not None
        assert noise.wish is Wish.NOISE
        assert 0 < noise.ago < 5
        assert heard.wanted() is None

    def test_where_nobody_listens_nothing_is_opened(self, deaf: None) -> None:
        sink = MemorySink()
        with Hearing(None, on=False) as heard:
            assert (heard.wanted(), heard.remark(), heard.overhear(sink)) == (None, "", sink)

    def test_the_noise_of_a_key_means_nothing(self) -> None:
        now = [10.0]
        heard = Hearing(None, on=True, clock=lambda: now[0])
        heard.typed()
        for at, means in ((9.5, True), (9.8, False), (10.1, False), (10.4, False), (10.6, True)):
            heard._noises.append(at)
            assert (heard.wanted() is not None) is means, at

    def test_what_became_of_the_microphone_is_told_and_for_a_while_that_it_is_back(self) -> None:
        now = [0.0]
        state = SimpleNamespace(lost=False, muted=False)
        heard = Hearing(None, on=True, clock=lambda: now[0])
        heard._listener = state  # type: ignore[assignment]
        assert heard.remark() == ""
        for lost, muted, told in ((True, False, LOST), (False, True, MUTED), (False, False, BACK)):
            state.lost, state.muted = lost, muted
            assert [heard.remark(), heard.remark()] == [told, told]
        now[0] += hearing._BACK_SECONDS + 1
        assert heard.remark() == ""


class TestMeter:
    @pytest.mark.slow
    def test_a_line_a_noise_until_ctrl_c(self, clapped: None, monkeypatch: pytest.MonkeyPatch) -> None:
        class Interrupted:
            """Somebody who presses Ctrl-C when there was a noise."""

            looks = 0

            def __enter__(self) -> Interrupted:
                return self

            def __exit__(self, *what: object) -> None:
                return None

            def read(self, seconds: float) -> Wanted | None:
                time.sleep(seconds)
                self.looks += 1
                if self.looks > 20:
                    raise KeyboardInterrupt
                return None

        monkeypatch.setattr("voicecoach.cli.keys.keyboard", Interrupted)
        shown = run("doctor", "--listen")
        assert shown.exit_code == 0, shown.output
        lines = [line.partition("  ")[2] for line in shown.stdout.splitlines()]
        assert "a noise" in lines
        assert any(line.startswith("now -") and "the room -59 dB, a noise from -4" in line for line in lines)
        assert "clap, shout or knock" in shown.stderr

    def test_what_it_says(self) -> None:
        state = SimpleNamespace(lost=False, muted=False, learnt=True, level=lambda: Level(-52.4, -60.0, -44.6))
        said = []
        for name in ("", "muted", "lost"):
            setattr(state, name or "x", True)
            said.append(meter.described(state))  # type: ignore[arg-type]
        assert said == [
            "now -52 dB, the room -60 dB, a noise from -45 dB",
            "nothing at all is heard: is it muted?",
            "the microphone has gone away",
        ]

    def test_the_bar(self) -> None:
        drawn = meter.bar(Level(-40.0, -60.0, -20.0), 40, learnt=True).plain
        assert drawn == "━" * 10 + "╵" + "━" * 9 + "─" * 10 + "┃" + "─" * 9
        assert meter.bar(Level(5.0, np.inf, np.inf), 40, learnt=False).plain == "━" * 40
        assert meter.bar(Level(-90.0, -90.0, 0.0), 40, learnt=True).plain == "╵" + "─" * 38 + "┃"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["play", "glute-bridge", "--microphone", "desk"], 2, "--microphone is for --listen"),
        (["play", "glute-bridge", "--listen", "--output", "memory"], 2, "--listen is for a session that keeps time"),
        (["doctor", "--microphone", "desk"], 2, "--microphone is for --listen"),
        (["doctor", "--listen", "--report"], 2, "--listen and --report"),
        (["doctor", "--listen"], 1, "voicecoach: no microphone was found"),
        (["play", "glute-bridge", "--voice", "tone", "--listen", "--output", "file:x.wav"], 1, "no microphone was"),
    ],
)
def test_what_cannot_be_is_a_line(
    words: list[str], code: int, says: str, deaf: None, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.chdir(str(tmp_path))
    shown = run(*words)
    assert (shown.exit_code, shown.exception is None or isinstance(shown.exception, SystemExit)) == (code, True)
    assert says in " ".join(shown.stderr.split())
