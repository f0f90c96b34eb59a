"""What the play screen says at each moment, how it is drawn, and the keys that steer it."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import fields, replace
from importlib.util import module_from_spec, spec_from_file_location
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from voicecoach.arrange.arrangement import Passage, Placement
from voicecoach.cli import digits, output
from voicecoach.cli.display import FullScreen, Lines
from voicecoach.cli.keys import NoKeyboard, keyboard
from voicecoach.cli.screen import Screen
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.review.view import Standing, State, View, Viewer
from voicecoach.timeline.model import Cue, Ends, Line, Origin, Role, Segment, Sound, Timeline, VoiceWish

RATE = 100


def line(text: str) -> Line:
    return Line(text, "en")


def segment(index: int, kind: str, name: str, duration: float | None, **more: Any) -> Segment:
    origin = Origin(round=more.pop("round", 1), side=more.pop("side", None))
    given: dict[str, Any] = {"block": "", "rounds": 1} | more
    return Segment(index=index, kind=kind, name=name, duration=duration, origin=origin, **given)


class Session:
    """Shows what is on at a frame of a session whose passages are all placed."""

    def __init__(self, viewer: Viewer, passages: tuple[Passage, ...]) -> None:
        self._viewer = viewer
        self._passages = passages

    def view(self, frame: int, index: int) -> View:
        return self._viewer.view(Standing.at(self._passages, index, frame))


def viewer(*, ends: Ends = Ends.CLOCK) -> Session:
    """Words for 3 s; a hold of 10 s from second 5, led in from second 3; a rest of 10 s; another hold of 10 s."""
    segments = (
        segment(0, "say", "", None, block="Set-up"),
        segment(1, "hold", "Bridge", 10.0, block="Main", round=2, rounds=3, side="left", ends=ends),
        segment(2, "rest", "Rest", 10.0),
        segment(3, "hold", "Plank", 10.0),
    )
    timeline = Timeline(title="Wake up", summary="", language="en", seed=0, segments=segments, voice=VoiceWish())
    at = RATE
    passages = (
        Passage(0, "", 0, 3 * at, (Placement(0, 2 * at, line("Lie down. [pause 1s] Breathe."), Role.SAY, 0),)),
        Passage(
            1,
            "Bridge",
            5 * at,
            15 * at,
            (
                Placement(3 * at, 4 * at, line("Bridge, ten seconds."), Role.ANNOUNCE, 1),
                Placement(5 * at, 5 * at + 20, Sound("start"), Role.BOUNDARY, 1),
                Placement(8 * at, 9 * at, line("Lift."), Role.CUE, 1),
                Placement(12 * at, 12 * at + 50, line("three"), Role.COUNTDOWN, 1),
            ),
        ),
        Passage(2, "Rest", 15 * at, 25 * at, (Placement(15 * at, 17 * at, line("Rest."), Role.ANNOUNCE, 2),)),
        Passage(
            3,
            "Plank",
            25 * at,
            35 * at,
            (
                Placement(22 * at, 23 * at, line("Plank, ten seconds."), Role.ANNOUNCE, 3),
                Placement(30 * at, 31 * at, line("Long back."), Role.CUE, 3),
            ),
        ),
    )
    return Session(Viewer(timeline, RATE, (0, 300, 1500, 2500, 3500)), passages)


def test_a_spoken_step_shows_its_block_and_its_words_without_pauses() -> None:
    view = viewer().view(50, 0)
    assert (view.heading, view.now, view.sounding) == ("Set-up", "Lie down. … Breathe.", True)


def test_before_a_step_starts_its_clock_runs_to_the_start() -> None:
    view = viewer().view(350, 1)
    assert (view.heading, view.clock, view.clock_means) == ("Bridge · left", "0:02", "until it starts")
    assert view.now == "Bridge, ten seconds."
    assert view.place == "Main · round 2 of 3"


def test_a_step_counts_down_and_shows_the_cue_to_come() -> None:
    view = viewer().view(601, 1)
    assert (view.clock, view.clock_means) == ("0:09", "left")
    assert (view.next_line, view.next_line_in) == ("Lift.", "0:02")
    assert view.next_step == "Rest, 10s"


def test_a_line_stays_after_it_was_heard() -> None:
    assert [viewer().view(frame, 1).now for frame in (799, 800, 1100)] == ["Bridge, ten seconds.", "Lift.", "Lift."]
    assert [viewer().view(frame, 1).sounding for frame in (800, 1100)] == [True, False]


def test_counted_seconds_are_left_to_the_clock() -> None:
    view = viewer().view(1210, 1)
    assert (view.now, view.clock, view.last_seconds) == ("Lift.", "0:03", True)


def test_a_step_that_the_person_ends_counts_up() -> None:
    view = viewer(ends=Ends.PERSON).view(1250, 1)
    assert (view.clock, view.clock_means, view.last_seconds) == ("0:07", "so far", False)


def test_the_lead_inside_a_rest_belongs_to_the_rests_screen() -> None:
    view = viewer().view(2250, 2)
    assert (view.heading, view.now, view.next_line) == ("Rest", "Plank, ten seconds.", "")
    assert viewer().view(1800, 2).next_line == "Plank, ten seconds."


def test_the_last_step_has_none_after_it() -> None:
    view = viewer().view(3200, 3)
    assert (view.next_step, view.next_line) == ("", "")


def test_a_step_without_a_name_is_announced_by_what_it_says() -> None:
    said = Cue(0, line("[pause 1s] Lie down. [pause 2s] Breathe, and let your shoulders sink to the floor."), Role.SAY)
    gong = Cue(0, Sound("start"), Role.BOUNDARY)
    asked = segment(1, "ready", "", 15.0, ends=Ends.PERSON, cues=(gong, said))
    segments = (segment(0, "hold", "Plank", 10.0), asked)
    timeline = Timeline(title="", summary="", language="en", seed=0, segments=segments, voice=VoiceWish())
    passages = (Passage(0, "Plank", 0, 10 * RATE, ()), Passage(1, "", 10 * RATE, 25 * RATE, ()))
    view = Session(Viewer(timeline, RATE, (0, 1000, 2500)), passages).view(0, 0)
    assert view.next_step == "Lie down. … Breathe, and let your…"


def test_elapsed_and_remaining_make_the_whole() -> None:
    views = [viewer().view(frame, index) for frame, index in ((0, 0), (1500, 2), (3500, 3))]
    assert [(view.elapsed, view.remaining, view.share) for view in views] == [
        ("0:00", "0:35", 0.0),
        ("0:15", "0:20", 0.429),
        ("0:35", "0:00", 1.0),
    ]


VIEW = View(
    title="Glute bridge",
    state=State.PLAYING,
    kind="hold",
    heading="Single-leg bridge · left",
    place="Bridge · round 2 of 3",
    clock="0:27",
    clock_means="left",
    last_seconds=False,
    now="Push the floor away through your heels.",
    sounding=True,
    next_line="Keep your hips level.",
    next_line_in="0:08",
    next_step="Rest, 30s",
    share=0.4,
    elapsed="2:12",
    remaining="3:20",
)


def drawn(view: View, width: int, height: int, **options: Any) -> list[str]:
    console = Console(file=StringIO(), width=width, height=height, **{"color_system": None, **options})
    with console.capture() as capture:
        console.print(Screen(view), end="")
    return capture.get().split("\n")


@pytest.mark.parametrize(
    ("width", "height"), [(80, 24), (120, 40), (200, 60), (60, 18), (40, 14), (20, 8), (10, 3), (1, 1)]
)
@pytest.mark.parametrize("state", list(State))
def test_the_screen_fills_a_terminal_of_any_size(width: int, height: int, state: State) -> None:
    rows = drawn(replace(VIEW, state=state, now="word " * 80), width, height)
    assert len(rows) == height
    assert {cell_len(row) for row in rows} == {width}


@pytest.mark.parametrize("state", list(State))
def test_few_rows_show_the_step_its_clock_and_the_line_before_all_else(state: State) -> None:
    rows = drawn(replace(VIEW, state=state, heading="Plank"), 40, 3)
    assert "Plank" in rows[0]
    assert "0:27 left" in rows[0]
    assert {State.PLAYING: "", State.PAUSED: "paused", State.LOST: "device lost"}[state] in rows[0]
    assert VIEW.now[:30] in rows[1]
    assert "2:12" in rows[2]
    assert "−3:20" in rows[2]
    (only,) = drawn(VIEW, 40, 1)
    assert "0:27 left" in only


def test_leaving_a_terminal_with_one_screen_only_leaves_it_empty() -> None:
    console = Console(file=StringIO(), width=80, height=24, force_terminal=True)
    with FullScreen(console) as screen:
        screen.show(VIEW, 0)
    left = console.file.getvalue()  # type: ignore[attr-defined]
    assert left.index("\x1b[2J") > left.index(VIEW.title)


def test_at_80_by_24_everything_is_there() -> None:
    text = "\n".join(drawn(VIEW, 80, 24))
    for part in (VIEW.title, VIEW.heading, VIEW.place, VIEW.now, VIEW.next_line, VIEW.next_step, "2:12", "−3:20"):
        assert part in text
    for key in ("space pause", "← back", "→ on", "f done", "+ − voice", "m music", "q end"):
        assert key in text
    assert text.count("█") > 100


def test_a_lost_device_says_where_it_holds() -> None:
    text = "\n".join(drawn(replace(VIEW, state=State.LOST), 80, 24))
    assert "device lost: holding at 2:12, will go on when a device is back" in text


def test_a_remark_takes_the_place_of_the_keys_and_is_one_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    remarked = replace(VIEW, remark="the microphone is muted")
    text = "\n".join(drawn(remarked, 80, 24))
    assert "the microphone is muted" in text
    assert "space" not in text
    lines = Lines()
    for view in (VIEW, remarked, remarked, VIEW):
        lines.show(view, 0)
    assert capsys.readouterr().err == f"{VIEW.elapsed}  the microphone is muted\n"


def test_a_pause_says_so_and_how_to_go_on() -> None:
    text = "\n".join(drawn(replace(VIEW, state=State.PAUSED), 80, 24))
    assert "paused" in text
    assert "space go on" in text


def test_no_color_draws_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    colour = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|9\d|4\d)(?:;\d+)*m")
    asked: dict[str, Any] = {"color_system": "truecolor", "force_terminal": True}
    assert colour.search("\n".join(drawn(VIEW, 80, 24, **asked)))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colour.search("\n".join(drawn(VIEW, 80, 24, **asked)))


def test_the_clock_keeps_its_size_when_the_line_changes() -> None:
    sizes = {
        sum("█" in row for row in drawn(replace(VIEW, now=words), 80, 24))
        for words in ("", "Lift.", "word " * 20, "word " * 80)
    }
    assert len(sizes) == 1


@pytest.mark.parametrize("pixel", [1, 2, 3, 4])
@pytest.mark.parametrize("clock", ["0:00", "12:34", "5:67:89"])
def test_digits_are_as_large_as_said(clock: str, pixel: int) -> None:
    rows = digits.draw(clock, pixel)
    assert ({len(row) for row in rows}, len(rows)) == ({digits.size(clock, pixel)[0]}, digits.size(clock, pixel)[1])


def test_the_largest_pixel_fits_and_a_larger_one_does_not() -> None:
    pixel = digits.largest_pixel("1:02:03", 80, 12)
    assert digits.size("1:02:03", pixel)[0] <= 80 < digits.size("1:02:03", pixel + 1)[0]
    assert digits.largest_pixel("0:00", 5, 2) == 0


def test_every_digit_looks_different() -> None:
    assert len({tuple(digits.draw(digit, 2)) for digit in "0123456789"}) == 10


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of POSIX")
class TestKeys:
    """A real pseudo-terminal on both ends."""

    @pytest.fixture
    def ends(self) -> object:
        import pty

        ours, theirs = pty.openpty()
        yield ours, theirs
        os.close(ours)
        os.close(theirs)

    def test_keys_are_read_without_return(self, ends: tuple[int, int]) -> None:
        from voicecoach.cli.keys import PosixKeyboard

        ours, theirs = ends
        with PosixKeyboard(theirs) as keys:
            os.write(ours, b" \x1b[C\x1b[D\x1bOC\x1bODf\rF+-mM19q")
            wanted = [keys.read(1) for _ in range(15)]
            wishes = "pause on back on back done done done louder softer music music answer answer end"
            assert [each and str(each.wish) for each in wanted] == wishes.split()
            assert [each.number for each in wanted if each] == [0] * 12 + [1, 9, 0]
            assert keys.read(0) is None

    def test_letters_of_an_unknown_sequence_are_no_keys(self, ends: tuple[int, int]) -> None:
        from voicecoach.cli.keys import PosixKeyboard

        ours, theirs = ends
        with PosixKeyboard(theirs) as keys:
            os.write(ours, b"\x1b[15~q ")
            assert keys.read(1) is None
            os.write(ours, b"xq")
            assert [keys.read(1), keys.read(1)] == [None, Wanted(Wish.END)]

    def test_the_terminal_is_put_back_even_after_an_error(self, ends: tuple[int, int]) -> None:
        import termios

        from voicecoach.cli.keys import PosixKeyboard

        _, theirs = ends
        before = termios.tcgetattr(theirs)
        with pytest.raises(KeyboardInterrupt), PosixKeyboard(theirs):
            assert termios.tcgetattr(theirs) != before
            raise KeyboardInterrupt
        assert termios.tcgetattr(theirs) == before

    def test_a_terminal_that_controls_nobody_has_keys_too(
        self, ends: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ours, theirs = ends
        with open(theirs, closefd=False) as terminal:
            monkeypatch.setattr("sys.stdin", terminal)
            with keyboard() as keys:
                os.write(ours, b"q")
                assert keys.read(1) == Wanted(Wish.END)

    @pytest.mark.parametrize("foreground", [True, False])
    def test_a_terminal_opened_for_its_keys_is_closed(
        self, ends: tuple[int, int], monkeypatch: pytest.MonkeyPatch, foreground: bool
    ) -> None:
        ours, theirs = ends
        opened = os.dup(theirs)
        with open(theirs, "w", closefd=False) as terminal:
            monkeypatch.setattr("sys.stdin", StringIO("the script"))
            monkeypatch.setattr("sys.stdout", terminal)
            monkeypatch.setattr(os, "open", lambda path, flags: opened)
            monkeypatch.setattr(os, "tcgetpgrp", lambda descriptor: os.getpgrp() + (not foreground))
            with keyboard() as keys:
                os.write(ours, b"q")
                assert keys.read(0.1) == (Wanted(Wish.END) if foreground else None)
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(opened)


NASTY = "Nice\x1b]0;pwned\x07\x1b[2J\nLine two\u202e\x9b2J\r"


@pytest.mark.parametrize("kind", [FullScreen, lambda console: Lines()], ids=["screen", "lines"])
def test_nothing_that_a_script_says_is_obeyed_by_the_terminal(kind: Any, capsys: pytest.CaptureFixture[str]) -> None:
    output.set_level("verbose")
    texts: dict[str, Any] = {
        field.name: NASTY for field in fields(View) if field.type == "str" and field.name not in ("clock", "kind")
    }
    console = Console(width=80, height=24, force_terminal=True, color_system=None)
    kind(console).show(replace(VIEW, **texts), 0)
    shown = capsys.readouterr().out.removeprefix("\x1b[H")
    output.set_level("")
    assert "pwned" in shown
    assert not re.search("[\x07\x9b\r\u202e]|\x1b[^\\[]|\x1b\\[[^m]*[^m0-9;]", shown)
    assert all("Line two" not in row or "Nice" in row for row in shown.split("\n"))
    assert shown.count("\n") <= 23


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("q"))
    with keyboard() as keys:
        assert isinstance(keys, NoKeyboard)
        assert keys.read(0) is None


def test_the_picture_in_the_readme_shows_the_screen_as_it_is() -> None:
    folder = Path(__file__).parents[2] / "docs"
    found = spec_from_file_location("make_play_screen", folder / "make_play_screen.py")
    assert found is not None
    assert found.loader is not None
    maker = module_from_spec(found)
    found.loader.exec_module(maker)
    view = maker.view()
    shown = (folder / "play-screen.svg").read_text(encoding="utf-8").replace("&#160;", " ")
    for part in (view.title, view.heading, view.place, view.now, view.next_line, view.next_step, view.elapsed):
        assert part in shown, "where the change is meant: python docs/make_play_screen.py"
