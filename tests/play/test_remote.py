"""Buttons from outside the terminal: what the seam promises, and MPRIS as playerctl and a desktop meet it."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sessionbus import SessionBus, require, until

from voicecoach.play import remote
from voicecoach.play.remote import Button, Remote, Shown, mpris
from voicecoach.play.remote.base import State
from voicecoach.play.remote.none import NoRemote
from voicecoach.play.remote.showing import Showing

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="MPRIS is on Linux alone")


def shown(
    position: float = 0,
    state: State = "playing",
    *,
    title: str = "Bridge",
    artist: str = "Glutes",
    length: float | None = 45,
    number: int = 4,
) -> Shown:
    return Shown(title=title, artist=artist, length=length, position=position, state=state, number=number)


def appeared(player: Remote) -> Remote:
    """Started, and on its bus."""
    assert isinstance(player, mpris.Mpris)
    player.start()
    until(lambda: player.appeared() or player.why_not() is not None, "it appears")
    assert player.why_not() is None
    return player


@pytest.fixture(scope="module")
def _bus() -> Iterator[SessionBus]:
    require()
    with SessionBus() as bus:
        yield bus


@pytest.fixture
def bus(_bus: SessionBus, monkeypatch: pytest.MonkeyPatch) -> SessionBus:
    """A running session bus, which this process finds too, and on which nobody is."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", _bus.address)
    until(lambda: not _bus.players(), "the players of other tests are gone")
    return _bus


@pytest.fixture
def player(bus: SessionBus) -> Iterator[Remote]:
    with closing(appeared(remote.open())) as player:
        yield player


class TestPosition:
    def test_it_goes_on_while_the_session_plays(self) -> None:
        assert Showing(shown(3), at=100).position(102.5) == 5.5

    @pytest.mark.parametrize("state", ["paused", "stopped"])
    def test_it_stands_while_the_session_does(self, state: State) -> None:
        assert Showing(shown(3, state), at=100).position(102.5) == 3

    def test_it_never_leaves_the_step(self) -> None:
        assert Showing(shown(44), at=100).position(102.5) == 45
        assert Showing(shown(-3, "paused"), at=100).position(102.5) == 0

    def test_an_open_step_has_no_end(self) -> None:
        assert Showing(shown(44, length=None), at=100).position(200) == 144


class TestWhatIsTold:
    def test_at_first_everything(self) -> None:
        first = Showing(shown(), at=100)
        assert (first.changed(None), first.jumped(None)) == (True, False)
        assert Showing(shown(20), at=100).jumped(None)

    def test_nothing_as_long_as_time_goes_by(self) -> None:
        told = Showing(shown(3), at=100)
        later = Showing(shown(7.6), at=105)
        assert (later.changed(told), later.jumped(told)) == (False, False)

    @pytest.mark.parametrize("position", [0, 4, 12, 30])
    def test_a_position_that_nobody_expects(self, position: float) -> None:
        later = Showing(shown(position), at=105)
        assert (later.changed(Showing(shown(3), at=100)), later.jumped(Showing(shown(3), at=100))) == (False, True)

    @pytest.mark.parametrize(
        "new", [shown(8, "paused"), shown(8, title="Lift"), shown(8, artist="Legs"), shown(8, length=None)]
    )
    def test_a_change_of_anything_else(self, new: Shown) -> None:
        told = Showing(shown(3), at=100)
        assert (Showing(new, at=105).changed(told), Showing(new, at=105).jumped(told)) == (True, False)

    def test_a_new_step_is_expected_at_its_start(self) -> None:
        told = Showing(shown(3), at=100)
        assert not Showing(shown(0.2, number=5), at=105).jumped(told)
        assert Showing(shown(8, number=5), at=105).jumped(told)

    def test_a_pause_is_a_stand(self) -> None:
        told = Showing(shown(3, "paused"), at=100)
        assert not Showing(shown(3, "paused"), at=500).jumped(told)
        assert not Showing(shown(3), at=500).jumped(told)


@linux
class TestMetadata:
    def test_of_a_step(self) -> None:
        from voicecoach.play.remote.interfaces import metadata

        told = metadata(Showing(shown(3), at=0))
        assert {name: (each.signature, each.value) for name, each in told.items()} == {
            "mpris:trackid": ("o", "/org/voicecoach/step/4"),
            "xesam:title": ("s", "Bridge"),
            "xesam:artist": ("as", ["Glutes"]),
            "mpris:length": ("x", 45_000_000),
        }

    def test_an_open_step_has_no_length(self) -> None:
        from voicecoach.play.remote.interfaces import metadata

        assert "mpris:length" not in metadata(Showing(shown(length=None), at=0))

    def test_before_anything_is_shown(self) -> None:
        from voicecoach.play.remote.interfaces import metadata

        assert metadata(None)["mpris:trackid"].value == "/org/mpris/MediaPlayer2/TrackList/NoTrack"

    @given(st.text(st.characters(exclude_categories=()), max_size=20))
    def test_any_text_can_be_sent(self, text: str) -> None:
        from voicecoach.play.remote.interfaces import sendable

        sent = sendable(text)
        assert "\0" not in sent
        assert sent.encode().decode() == sent
        assert sendable(sent) == sent


class TestWithoutABus:
    def test_nothing_is_heard_and_it_says_why(self) -> None:
        player = remote.open()
        assert isinstance(player, NoRemote)
        assert player.why_not() == remote.available() != ""

    @pytest.mark.parametrize("address", ["disabled:", ""])
    @linux
    def test_there_is_none(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        assert "there is no session bus (D-Bus)" in str(remote.available())

    @linux
    def test_one_where_a_login_puts_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        assert mpris.address() is None
        (tmp_path / "bus").touch()
        assert mpris.address() == f"unix:path={tmp_path}/bus"

    @pytest.mark.parametrize("system", ["darwin", "win32"])
    def test_other_systems_have_none(self, system: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", system)
        assert remote.open().why_not() == "media keys reach a session on Linux only (MPRIS)"

    @linux
    def test_without_dbus_fast(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        assert "dbus-fast is not installed" in str(remote.open().why_not())

    @linux
    @pytest.mark.parametrize(
        ("address", "why"),
        [
            ("unix:path=/nowhere/bus", "is not there"),
            ("unix:path=/dev/null", "is not there"),
            ("nonsense", "cannot be used"),
            ("unixexec:path=/bin/true", "cannot be used"),
        ],
    )
    def test_an_address_without_a_bus(self, address: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with closing(remote.open()) as player:
            player.start()
            player.show(shown())
            until(lambda: player.why_not() is not None, "it gives up")
            assert why in str(player.why_not())
            assert player.why_not() == remote.available()
            assert player.pressed() is None

    @linux
    def test_a_bus_that_never_answers(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mpris, "CONNECT_SECONDS", 0.05)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(f"{tmp_path}/bus")
            deaf.listen()
            with closing(remote.open()) as player:
                player.start()
                until(lambda: player.why_not() is not None, "it gives up")
                assert "does not answer" in str(player.why_not())
                assert "does not answer" in str(remote.available())

    @linux
    def test_it_can_be_closed_while_it_connects(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        before = set(threading.enumerate())
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(f"{tmp_path}/bus")
            deaf.listen()
            for pause in (0, 0.15):
                player = remote.open()
                player.start()
                time.sleep(pause)
                began = time.monotonic()
                player.close()
                assert time.monotonic() - began < 0.9
        until(lambda: set(threading.enumerate()) <= before, "its threads end")

    @linux
    @pytest.mark.slow
    def test_nothing_is_imported_before_it_starts(self) -> None:
        program = (
            "import sys; from voicecoach.play import awake, remote; remote.open().close(); awake.awake();"
            "print(*sorted({'asyncio', 'dbus_fast', 'logging', 'wakepy'} & set(sys.modules)))"
        )
        env = os.environ | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
        assert done.stdout == "\n"


class TestPromises:
    """What the seam promises, of every implementation."""

    @pytest.fixture(
        params=["none", pytest.param("lost", marks=linux), pytest.param("mpris", marks=pytest.mark.sessionbus)]
    )
    def any_player(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
        if request.param == "mpris":
            yield request.getfixturevalue("player")
            return
        if request.param == "lost":
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        player = remote.open()
        player.start()
        with closing(player):
            yield player

    def test_where_nothing_is_pressed_nothing_comes(self, any_player: Remote) -> None:
        assert any_player.pressed() is None

    def test_it_waits_as_long_as_it_is_told_to(self, any_player: Remote) -> None:
        began = time.monotonic()
        assert any_player.pressed(0.1) is None
        assert 0.09 < time.monotonic() - began < 1

    def test_showing_costs_nearly_nothing(self, any_player: Remote) -> None:
        began = time.process_time()
        for number in range(100):
            any_player.show(shown(number / 1000))
        assert time.process_time() - began < 0.1

    def test_it_is_closed_twice_and_then_still(self, any_player: Remote) -> None:
        any_player.show(shown())
        any_player.close()
        any_player.close()
        any_player.show(shown(state="paused"))
        assert any_player.pressed() is None
        assert any_player.why_not() is not None

    def test_it_is_closed_without_a_start(self, any_player: Remote) -> None:
        never_started = remote.open()
        never_started.show(shown())
        never_started.close()
        assert never_started.pressed() is None


@pytest.mark.sessionbus
class TestButtons:
    @pytest.mark.parametrize("button", list(Button))
    def test_each_arrives(self, bus: SessionBus, player: Remote, button: Button) -> None:
        player.show(shown())
        assert bus.playerctl(button) == ""
        assert player.pressed(5) is button
        assert player.pressed() is None

    def test_they_arrive_in_order(self, bus: SessionBus, player: Remote) -> None:
        for word in ("next", "previous", "next", "stop"):
            bus.playerctl(word)
        arrived = [player.pressed(5) for _ in range(4)]
        assert arrived == [Button.NEXT, Button.PREVIOUS, Button.NEXT, Button.STOP]

    def test_any_thread_may_ask(self, bus: SessionBus, player: Remote) -> None:
        arrived: list[Button | None] = []
        waiting = threading.Thread(target=lambda: arrived.append(player.pressed(5)))
        waiting.start()
        bus.playerctl("next")
        waiting.join()
        assert arrived == [Button.NEXT]

    def test_to_quit_is_to_stop(self, bus: SessionBus, player: Remote) -> None:
        call(bus, "org.mpris.MediaPlayer2.Quit")
        assert player.pressed(5) is Button.STOP

    @pytest.mark.parametrize(
        "words",
        [
            ("org.mpris.MediaPlayer2.Raise",),
            ("org.mpris.MediaPlayer2.Player.Seek", "int64:5000000"),
            ("org.mpris.MediaPlayer2.Player.SetPosition", "objpath:/org/voicecoach/step/4", "int64:5000000"),
        ],
    )
    def test_what_cannot_be_done_does_nothing(self, bus: SessionBus, player: Remote, words: tuple[str, ...]) -> None:
        player.show(shown(3, "paused"))
        assert "Error" not in call(bus, *words)
        assert player.pressed() is None
        assert bus.playerctl("position") == "3.000000"

    def test_nothing_else_can_be_played(self, bus: SessionBus, player: Remote) -> None:
        assert "a session plays its workout alone" in bus.playerctl("open", "file:///tmp/song.mp3")
        assert player.pressed() is None

    @pytest.mark.slow
    def test_it_takes_less_than_a_tenth_of_a_second(self, bus: SessionBus, player: Remote) -> None:
        player.show(shown())
        took = []
        for _ in range(20):
            began = time.monotonic()
            pressing = subprocess.Popen(["playerctl", "next"], env=bus.env)
            assert player.pressed(5) is Button.NEXT
            took.append(time.monotonic() - began)
            pressing.wait()
        assert statistics.median(took) < 0.1


def call(bus: SessionBus, method: str, *arguments: str) -> str:
    """By dbus-send, what it prints."""
    words = ["dbus-send", "--print-reply", f"--dest={mpris.BUS_NAME}", "/org/mpris/MediaPlayer2", method, *arguments]
    done = subprocess.run(words, env=bus.env, capture_output=True, text=True, check=False, timeout=10)
    return done.stdout + done.stderr


@pytest.mark.sessionbus
class TestShown:
    def test_a_step(self, bus: SessionBus, player: Remote) -> None:
        player.show(shown(3, "paused"))
        told = bus.playerctl("metadata", "--format", "{{playerName}}|{{status}}|{{title}}|{{artist}}|{{mpris:length}}")
        assert told == "voicecoach|Paused|Bridge|Glutes|45000000"
        assert bus.playerctl("metadata", "mpris:trackid") == "'/org/voicecoach/step/4'"
        assert bus.playerctl("position") == "3.000000"

    @pytest.mark.parametrize(("state", "told"), [("playing", "Playing"), ("paused", "Paused"), ("stopped", "Stopped")])
    def test_its_state(self, bus: SessionBus, player: Remote, state: State, told: str) -> None:
        player.show(shown(state=state))
        assert bus.playerctl("status") == told

    def test_before_there_is_a_step(self, bus: SessionBus, player: Remote) -> None:
        assert bus.playerctl("status") == "Stopped"
        assert bus.playerctl("position") == "0.000000"
        assert bus.playerctl("metadata", "mpris:trackid") == "'/org/mpris/MediaPlayer2/TrackList/NoTrack'"

    def test_what_was_shown_before_it_appeared(self, bus: SessionBus) -> None:
        with closing(remote.open()) as player:
            player.show(shown(3, "paused", title="Lift"))
            appeared(player)
            assert bus.playerctl("metadata", "title") == "Lift"

    def test_the_position_is_live(self, bus: SessionBus, player: Remote) -> None:
        player.show(shown(3))
        began = time.monotonic()
        time.sleep(0.2)
        told = float(bus.playerctl("position")) - 3
        assert 0.2 <= told <= time.monotonic() - began

    def test_an_open_step(self, bus: SessionBus, player: Remote) -> None:
        player.show(shown(100, "paused", length=None))
        assert bus.playerctl("metadata", "--format", "{{title}}|{{mpris:length}}") == "Bridge|"
        assert bus.playerctl("position") == "100.000000"

    @pytest.mark.parametrize("title", ["", "¡Aprieta los glúteos!", "两腿", "a\0b", "\ud800", 'say "now" \\ <b>&amp;'])
    def test_any_title(self, bus: SessionBus, player: Remote, title: str) -> None:
        from voicecoach.play.remote.interfaces import sendable

        player.show(shown(title=title))
        assert bus.playerctl("metadata", "title") == sendable(title)
        assert player.why_not() is None

    @pytest.mark.slow
    def test_signals_come_only_when_something_has_changed(self, bus: SessionBus, player: Remote) -> None:
        def count(expected: list[str]) -> None:
            until(lambda: len(signals()) >= len(expected), f"signals: {signals()}")
            time.sleep(0.05)
            assert signals() == expected

        with bus.signals() as signals:
            began = time.monotonic()
            for _ in range(30):
                player.show(shown(time.monotonic() - began))
                time.sleep(0.02)
            count(["PropertiesChanged"])
            player.show(shown(time.monotonic() - began, "paused"))
            count(["PropertiesChanged"] * 2)
            player.show(shown(30, "paused"))
            count(["PropertiesChanged"] * 2 + ["Seeked"])
            player.show(shown(0, title="Rest", number=5))
            count(["PropertiesChanged"] * 2 + ["Seeked", "PropertiesChanged"])

    def test_a_program_that_follows_sees_each_step(self, bus: SessionBus, player: Remote) -> None:
        player.show(shown(title="Bridge"))
        words = ["playerctl", "--follow", "metadata", "--format", "{{title}} {{status}}"]
        following = subprocess.Popen(words, env=bus.env, text=True, stdout=subprocess.PIPE)
        assert following.stdout is not None
        with following.stdout as lines:
            assert lines.readline() == "Bridge Playing\n"
            player.show(shown(title="Rest", number=5))
            assert lines.readline() == "Rest Playing\n"
            player.show(shown(title="Rest", number=5, state="paused"))
            assert lines.readline() == "Rest Paused\n"
            following.kill()
            following.wait()

    @pytest.mark.parametrize(
        ("interface", "names"),
        [
            ("", "CanQuit CanRaise HasTrackList Identity SupportedMimeTypes SupportedUriSchemes"),
            (
                ".Player",
                "CanControl CanGoNext CanGoPrevious CanPause CanPlay CanSeek MaximumRate Metadata MinimumRate "
                "PlaybackStatus Position Rate Volume",
            ),
        ],
    )
    def test_every_property_that_the_specification_asks_for(
        self, bus: SessionBus, player: Remote, interface: str, names: str
    ) -> None:
        told = call(bus, "org.freedesktop.DBus.Properties.GetAll", f"string:org.mpris.MediaPlayer2{interface}")
        found = [line.split('"')[1] for line in told.splitlines() if line.startswith('         string "')]
        assert sorted(found) == names.split()

    def test_it_has_a_name(self, bus: SessionBus) -> None:
        with closing(appeared(remote.open("Coach of Anna"))):
            told = call(bus, "org.freedesktop.DBus.Properties.Get", "string:org.mpris.MediaPlayer2", "string:Identity")
            assert 'string "Coach of Anna"' in told


PROGRAM = """
import sys, time
from voicecoach.play import remote
from voicecoach.play.remote import Shown
player = remote.open()
player.start()
while not player.appeared():
    time.sleep(0.01)
print("appeared", flush=True)
position = 0
while player.why_not() is None:
    player.show(Shown(title="Lift", artist="Legs", length=45, position=position, state="paused", number=position))
    position += 1
    button = player.pressed(0.05)
    if button:
        print(button, flush=True)
    if button == "stop":
        sys.exit(7)
print(player.why_not(), flush=True)
player.show(Shown(title="Lift", artist="Legs", length=45, position=1, state="playing", number=1))
print(player.pressed(), flush=True)
player.close()
"""


@pytest.fixture
def program(bus: SessionBus) -> Iterator[Callable[[SessionBus], subprocess.Popen[str]]]:
    """Starts another player, in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(on: SessionBus) -> subprocess.Popen[str]:
        other = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM],
            env=on.env | {"PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(other)
        assert other.stdout is not None
        assert other.stdout.readline() == "appeared\n"
        return other

    yield start
    for other in started:
        other.kill()
        other.communicate()


Program = Callable[[SessionBus], "subprocess.Popen[str]"]


@pytest.mark.sessionbus
class TestTheBus:
    @pytest.mark.slow
    def test_two_players_at_once(self, bus: SessionBus, player: Remote, program: Program) -> None:
        other = program(bus)
        second = f"voicecoach.instance{other.pid}"
        assert bus.players() == ["voicecoach", second]
        player.show(shown())
        assert bus.playerctl("--player", second, "metadata", "title") == "Lift"
        bus.playerctl("--player", second, "next")
        assert other.stdout is not None
        assert other.stdout.readline() == "next\n"
        assert player.pressed(0.1) is None
        player.close()
        assert bus.players() == [second]
        bus.playerctl("next")
        assert other.stdout.readline() == "next\n"

    def test_where_both_names_are_taken_it_says_so(self, bus: SessionBus, player: Remote) -> None:
        with closing(appeared(remote.open())), closing(remote.open()) as third:
            third.start()
            until(lambda: third.why_not() is not None, "it gives up")
            assert third.why_not() == "the session bus gave the names of the player to others"

    def test_a_closed_player_is_seen_no_more(self, bus: SessionBus, player: Remote) -> None:
        assert bus.players() == ["voicecoach"]
        player.close()
        assert bus.players() == []

    def test_to_ask_whether_it_works_shows_no_player(self, bus: SessionBus) -> None:
        with bus.signals() as signals:
            assert remote.available() is None
            assert signals() == []

    @pytest.mark.slow
    def test_a_bus_that_dies_ends_no_session(self, bus: SessionBus, program: Program) -> None:
        with SessionBus() as other:
            playing = program(other)
            other.playerctl("next")
            assert playing.stdout is not None
            assert playing.stdout.readline() == "next\n"
            other.kill()
            out, errors = playing.communicate(timeout=10)
        assert (out, errors) == ("the session bus (D-Bus) is not there\nNone\n", "")
        assert playing.returncode == 0

    @pytest.mark.slow
    def test_a_program_that_ends_without_closing_ends(self, bus: SessionBus, program: Program) -> None:
        playing = program(bus)
        bus.playerctl("stop")
        out, errors = playing.communicate(timeout=10)
        assert (out, errors, playing.returncode) == ("stop\n", "", 7)
        assert bus.players() == []

    @pytest.mark.slow
    def test_players_opened_again_and_again_leave_nothing_behind(self, bus: SessionBus) -> None:
        def open_and_close() -> None:
            with closing(appeared(remote.open())) as player:
                player.show(shown())
            assert remote.available() is None

        def descriptors() -> int:
            until(lambda: all(thread.name != "mpris" for thread in threading.enumerate()), "its threads end")
            return len(list(Path("/proc/self/fd").iterdir()))

        open_and_close()
        before = descriptors()
        for _ in range(10):
            open_and_close()
        assert descriptors() <= before
