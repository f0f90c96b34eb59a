"""``play`` for real: in a terminal with a shell, through a sound server, with the history behind it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import terminals
from sessionbus import SessionBus, until
from sessionbus import require as require_bus
from soundserver import SoundServer, require
from terminals import PROMPT, Terminal

from voicecoach import units
from voicecoach.store.history import History
from voicecoach.store.sessions import SessionDone, Why

pytestmark = [pytest.mark.soundserver, pytest.mark.slow]

RATE = units.SAMPLE_RATE
SCRIPT = """
title = "Card"
[announce]
style = "none"
complete = false
[music]
files = ["noise.wav"]
gain = 0
duck = 0
fade = "0s"
[progression.bridge]
start = "3s"
goal = "30s"
step = "5s"
[[block]]
name = "Main"
steps = [
  { hold = "progression:bridge", name = "Bridge" },
  { ask = "Which?", answers = [{ label = "Glute", say = "Good." }, { label = "Hamstring" }] },
  { hold = "max", name = "Plank", cap = "5min" },
  { ready = "Go on.", or = "5min" },
  { run = "5min", name = "Run" },
]
"""
CUES = """
title = "Cues"
[announce]
style = "none"
[[block]]
steps = [ { run = "2min", cues = ["Lift."], every = "1s", first = "0s" } ]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    terminals.require()
    require()
    with SoundServer() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a script and its music: noise, of which every stretch can be told from every other."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Path("card.toml").write_text(SCRIPT, encoding="utf-8")
    Path("cues.toml").write_text(CUES, encoding="utf-8")
    with wave.open("noise.wav", "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.random.default_rng(1).uniform(-0.3, 0.3, 50 * RATE) * 32768).astype("<i2").tobytes())
    return tmp_path


@pytest.fixture
def terminal(server: SoundServer, home: Path) -> Iterator[Terminal]:
    with Terminal(server.env | {"VOICECOACH_HOME": str(home / "home")}) as terminal:
        yield terminal


def plays(terminal: Terminal, *options: str, script: str = "card.toml") -> None:
    words = [sys.executable, "-m", "voicecoach", "play", script, "--voice", "tone", *options]
    terminal.types(" ".join(words) + "\n")


def remembered(home: Path) -> tuple[SessionDone, ...]:
    """The sessions in the history, which is whole."""
    with closing(History.open(home / "home" / "history.sqlite3")) as history:
        return history.sessions()


def mode(terminal: Terminal) -> str:
    """How the terminal is set, as the shell finds it."""
    terminal.types("stty -g\n")
    found = re.search(r"[0-9a-f]+(?::[0-9a-f]+){10,}", terminal.until("stty -g", ":", PROMPT))
    assert found is not None
    return found[0]


def silences(samples: npt.NDArray[np.float32], seconds: float = 0.3) -> list[tuple[int, int]]:
    """Stretches of silence between sounds, as long as that or longer."""
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    gaps = np.flatnonzero(np.diff(loud) > seconds * RATE)
    return [(int(loud[gap]), int(loud[gap + 1])) for gap in gaps]


def place(part: npt.NDArray[np.float32]) -> int:
    """Where in the music a stretch of it is."""
    with wave.open("noise.wav", "rb") as file:
        music = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
    size = 1 << (len(music) + len(part)).bit_length()
    match = np.fft.irfft(np.fft.rfft(music, size) * np.conj(np.fft.rfft(part, size)), size)[: len(music)]
    return int(np.argmax(match))


def test_every_key_does_what_it_is_for(server: SoundServer, home: Path, terminal: Terminal) -> None:
    before = mode(terminal)
    with server.capture() as capture:
        plays(terminal)
        terminal.until("Bridge", "so far")
        terminal.shows(1)
        terminal.types(" ")
        terminal.until("paused", "go on")
        terminal.shows(1)
        terminal.types(" ")
        terminal.until("playing")
        terminal.shows(1.5)
        terminal.types("f")
        terminal.until("1  Glute", "2  Hamstring")
        terminal.types("7")
        terminal.until("there are 2 answers")
        terminal.types("left")
        terminal.until("Bridge")
        terminal.shows(3.5)
        terminal.types("\r")
        terminal.until("Hamstring")
        terminal.types("2")
        terminal.until("Plank", "so far")
        terminal.shows(1.5)
        terminal.types("m")
        terminal.shows(1.5)
        terminal.types("m")
        terminal.shows(0.5)
        terminal.types("right")
        terminal.until("waiting for you")
        terminal.types("f")
        terminal.until("Run", "left")
        terminal.shows(0.5)
        terminal.types("q")
        left = terminal.until("ended in step 5", "--resume", PROMPT)
    assert re.search(r"Bridge:? +3(\.\d)?s of 3s", left)
    assert re.search(r"Which\? +Hamstring", left)
    assert mode(terminal) == before
    (session,) = remembered(home)
    assert [one.why for one in session.segments] == [Why.DONE, Why.ANSWERED, Why.SKIPPED, Why.DONE, Why.ENDED]
    assert session.segments[1].answer == "Hamstring"
    paused, without_music = silences(capture.samples[:, 0])
    assert 0.6 * RATE < paused[1] - paused[0] < 1.6 * RATE
    assert 1.0 * RATE < without_music[1] - without_music[0] < 2.0 * RATE


def test_plus_and_minus_are_heard(server: SoundServer, terminal: Terminal) -> None:
    def loudness() -> float:
        """Of the loudest moments of two seconds, in dB."""
        with server.capture() as capture:
            terminal.shows(2)
        return float(20 * np.log10(np.abs(capture.samples).max()))

    plays(terminal, script="cues.toml")
    terminal.until("Lift.")
    levels = []
    for keys in ("", "----", "++"):
        terminal.types(keys)
        terminal.shows(0.5)
        levels.append(loudness())
    terminal.types("q")
    terminal.until("ended in step 1", "--resume", PROMPT)
    assert levels == pytest.approx([levels[0], levels[0] - 12, levels[0] - 6], abs=0.5)


def test_a_window_of_another_size_is_filled_anew(terminal: Terminal) -> None:
    plays(terminal)
    terminal.until("Bridge", "so far")
    for columns, rows in ((120, 40), (60, 18), (40, 8), (80, 24)):
        terminal.shows(0.3)
        terminal.resize(columns, rows)
        drawn = terminal.shows(1.5).rpartition("\x1b[2J")[2]
        whole = re.split(r"\x1b\[\d+;1H", drawn)[1 : rows + 1]
        lines = [re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", line) for line in whole]
        assert (len(lines), {len(line) for line in lines}) == (rows, {columns})
    terminal.types("q")
    terminal.until("ended in step", PROMPT)


def test_an_interrupt_gives_the_terminal_back_and_keeps_what_was_held(home: Path, terminal: Terminal) -> None:
    before = mode(terminal)
    plays(terminal)
    terminal.until("Bridge", "so far")
    terminal.shows(1.5)
    terminal.types("interrupt")
    terminal.until("\x1b[?1049l", "interrupted", PROMPT)
    terminal.types("echo it was $?\n")
    terminal.until("it was 130")
    assert mode(terminal) == before
    (session,) = remembered(home)
    assert [(one.why, one.target) for one in session.segments] == [(Why.ENDED, 3.0)]
    assert session.ended is not None


def process_of(terminal: Terminal) -> int:
    """The one that the shell has in the foreground."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(terminal.shell.pid)], capture_output=True, text=True, check=True
    )
    (number,) = listed.stdout.split()
    return int(number)


def gone(number: int) -> bool:
    return not Path(f"/proc/{number}").exists()


def waits_until(holds: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_a_window_that_is_closed_ends_it_and_keeps_what_was_held(
    server: SoundServer, home: Path, terminal: Terminal
) -> None:
    plays(terminal)
    terminal.until("Bridge", "so far")
    number = process_of(terminal)
    terminal.shows(1.5)
    terminal.hang_up()
    assert waits_until(lambda: gone(number))
    assert waits_until(lambda: not server.clients())
    (session,) = remembered(home)
    assert [one.why for one in session.segments] == [Why.ENDED]
    assert session.ended is not None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
@pytest.mark.parametrize("options", [(), ("--plain",)], ids=["screen", "plain"])
def test_suspended_it_is_silent_and_continued_it_goes_on_where_it_was(
    server: SoundServer, home: Path, terminal: Terminal, options: tuple[str, ...]
) -> None:
    before = mode(terminal)
    with server.capture() as capture:
        plays(terminal, *options)
        terminal.until("Bridge")
        number = process_of(terminal)
        terminal.shows(1.5)
        terminal.types("suspend")
        terminal.until("Stopped", PROMPT) if options else terminal.until("\x1b[?1049l", "Stopped", PROMPT)
        assert " T " in Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
        assert mode(terminal) == before
        terminal.shows(1.5)
        terminal.types("fg\n")
        terminal.shows(0.5) if options else terminal.until("\x1b[?1049h", "Bridge", "so far")
        terminal.shows(2.5)
        terminal.types("f")
        terminal.until("Hamstring")
        terminal.types("q")
        left = terminal.until("ended in step 2", "--resume", PROMPT)
    assert mode(terminal) == before
    heard = capture.samples[:, 0]
    falls, rises = max(silences(heard), key=lambda gap: gap[1] - gap[0])
    assert rises - falls > 1.4 * RATE
    at = falls - RATE, rises + RATE // 4
    before_it, behind_it = (place(heard[start : start + RATE // 4]) - start for start in at)
    # the tick that answers the key may be the last that is heard before
    assert -0.03 * RATE < before_it - behind_it - (rises - falls) < 0.3 * RATE, "nothing comes twice or is left out"
    held = re.search(r"Bridge:? +(\d(?:\.\d)?)s", left)
    assert held is not None
    assert 3 < float(held[1]) < 6, "it was not held while it was suspended"
    (session,) = remembered(home)
    assert session.segments[0].why is Why.DONE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_in_the_background_it_waits_for_the_terminal(home: Path, terminal: Terminal) -> None:
    plays(terminal)
    terminal.until("Bridge", "so far")
    number = process_of(terminal)
    terminal.types("suspend")
    terminal.until("Stopped", PROMPT)
    terminal.types("bg\n")
    assert "\x1b[?1049h" not in terminal.shows(1.5)
    assert " T " in Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
    terminal.types("fg\n")
    terminal.until("\x1b[?1049h", "so far")
    terminal.types("q")
    terminal.until("ended in step 1", "to go on there", PROMPT)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_a_kill_loses_the_running_step_at_most(home: Path, terminal: Terminal) -> None:
    plays(terminal)
    terminal.until("Bridge", "so far")
    terminal.shows(3.5)
    terminal.types("f")
    terminal.until("Hamstring")
    os.kill(process_of(terminal), signal.SIGKILL)
    terminal.until("Killed", PROMPT)
    (session,) = remembered(home)
    assert [one.why for one in session.segments] == [Why.DONE]
    terminal.types("reset\n")
    plays(terminal, "--resume")
    terminal.until("Hamstring")
    terminal.types("1")
    terminal.until("Plank")
    terminal.types("q")
    terminal.until("Which?", "Glute", PROMPT)
    assert [one.why for one in remembered(home)[0].segments][:2] == [Why.DONE, Why.ANSWERED]


@pytest.fixture
def bus() -> Iterator[SessionBus]:
    require_bus()
    with SessionBus() as running:
        yield running


def test_next_on_a_button_ends_a_hold_and_of_two_sessions_each_has_its_buttons(
    server: SoundServer, home: Path, bus: SessionBus
) -> None:
    env = server.env | {"VOICECOACH_HOME": str(home / "home"), "DBUS_SESSION_BUS_ADDRESS": bus.address}
    with Terminal(env) as one, Terminal(env) as two:
        plays(one)
        one.until("Bridge", "so far")
        until(lambda: bus.players() == ["voicecoach"], "it is there")
        plays(two, script="cues.toml")
        two.until("Lift.")
        until(lambda: len(bus.players()) == 2, "both are there")
        first, second = bus.players()
        assert bus.playerctl("--player", first, "metadata", "--format", "{{title}} of {{artist}}") == "Bridge of Card"
        assert bus.playerctl("--player", second, "metadata", "--format", "{{title}} of {{artist}}") == "Run of Cues"
        one.shows(3)
        bus.playerctl("--player", second, "pause")
        two.until("paused", "go on")
        assert bus.playerctl("--player", first, "status") == "Playing"
        bus.playerctl("--player", first, "next")
        one.until("1  Glute", "2  Hamstring")
        assert bus.playerctl("--player", second, "status") == "Paused"
        bus.playerctl("--player", second, "play")
        two.until("playing")
        for player, terminal in ((second, two), (first, one)):
            bus.playerctl("--player", player, "stop")
            terminal.until("ended in step", PROMPT)
    cues, card = remembered(home)
    assert [one.why for one in cues.segments] == [Why.ENDED]
    assert [one.why for one in card.segments] == [Why.DONE]
