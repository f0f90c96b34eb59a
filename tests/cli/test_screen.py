"""What the play screen says at each moment, how it is drawn, and the keys that steer it."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import fields, replace
from datetime import date
from html import unescape
from importlib.util import module_from_spec, spec_from_file_location
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from voicecoach.arrange.arrangement import Passage, Placement
from voicecoach.cli import digits, output
from voicecoach.cli.display import COVERED, FullScreen, Lines
from voicecoach.cli.keys import NoKeyboard, keyboard
from voicecoach.cli.screen import Screen
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.review.closing import Closing, Held
from voicecoach.review.view import WAITING, Gauge, Standing, State, View, Viewer
from voicecoach.review.way import way
from voicecoach.store.sessions import Held as Done
from voicecoach.store.sessions import Why
from voicecoach.timeline.model import Cue, Ends, Line, Origin, Role, Segment, Sound, Timeline, VoiceWish
from voicecoach.timeline.progression import Growing

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


def viewer(*, ends: Ends = Ends.CLOCK, **more: Any) -> Session:
    """Words for 3 s; a hold of 10 s from second 5, led in from second 3; a rest of 10 s; another hold of 10 s."""
    segments = (
        segment(0, "say", "", None, block="Set-up"),
        segment(1, "hold", "Bridge", 10.0, block="Main", round=2, rounds=3, side="left", ends=ends, **more),
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


def test_where_nothing_is_left_but_an_answer_no_time_is() -> None:
    asked = segment(0, "ask", "", 600.0, ends=Ends.PERSON, waits=4.0, answers=("Glute", "Hamstring"))
    timeline = Timeline(title="Check", summary="", language="en", seed=0, segments=(asked,), voice=VoiceWish())
    last = Session(Viewer(timeline, RATE, (0, 400)), (Passage(0, "", 0, 600 * RATE, ()),))
    assert [last.view(seconds * RATE, 0).remaining for seconds in (0, 3, 4, 90)] == ["0:04", "0:01", "", ""]
    console = Console(file=StringIO(), width=80, height=24, force_terminal=True)
    console.print(Screen(last.view(90 * RATE, 0)))
    assert "1:30" in console.file.getvalue()  # type: ignore[attr-defined]
    assert "−" not in console.file.getvalue().replace("+ −", "")  # type: ignore[attr-defined]


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


def test_a_hold_that_grows_says_what_it_is_measured_by() -> None:
    def at(seconds: float, best: float | None) -> tuple[str, Gauge | None]:
        hold = viewer(ends=Ends.PERSON, progression="bridge", target=8.0, best=best).view(500 + int(seconds * RATE), 1)
        return hold.aim, hold.gauge

    assert at(4.0, None) == ("target 0:08", Gauge(0.5, 1.0))
    assert at(4.0, 10.0) == ("target 0:08 · best 0:10", Gauge(0.4, 0.8, 1.0))
    assert at(9.6, 10.0) == ("past 0:08 · best 0:10", Gauge(230 / 240, 0.8, 1.0))
    assert at(9.6, 4.8) == ("past 0:08 · a new best", Gauge(1.0, 200 / 240, 0.5))
    assert at(-1.0, None) == ("target 0:08", Gauge(0.0, 1.0))


def test_a_step_on_the_clock_has_a_bar_and_one_that_waits_or_speaks_has_none() -> None:
    assert viewer().view(1000, 1).gauge == Gauge(0.5)
    assert viewer().view(400, 1).gauge == Gauge(0.0)
    assert viewer(ends=Ends.PERSON).view(1000, 1).gauge is None
    assert viewer().view(100, 0).gauge is None


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


GROWING = replace(
    VIEW, clock="0:47", clock_means="so far", aim="past 0:40 · a new best", gauge=Gauge.of(47.0, 40.0, 45.0)
)
ASKING = replace(
    VIEW,
    question="What did you feel most?",
    answers=("Glute", "Hamstring", "Not sure"),
    clock_means=WAITING,
    gauge=None,
)


def test_a_hold_that_grows_shows_its_target_and_its_best_as_marks_in_a_bar() -> None:
    under = replace(GROWING, aim="target 0:40 · best 0:45", gauge=Gauge.of(20.0, 40.0, 45.0))
    rows = drawn(under, 80, 24)
    (bar, again) = [row.strip() for row in rows if "░" in row]
    assert bar == again
    assert bar == "█" * 34 + "░" * 33 + "┃" + "░" * 7 + "╏"
    assert "so far · target 0:40 · best 0:45" in "\n".join(rows)
    past = next(row.strip() for row in drawn(GROWING, 80, 24) if "┃" in row)
    assert "░" not in past
    assert (past.index("┃"), past.index("╏"), len(past)) == (65, 73, 76)


@pytest.mark.parametrize("state", list(State))
def test_what_the_clock_counts_is_told_as_far_as_there_is_room(state: State) -> None:
    wide = "\n".join(drawn(replace(GROWING, state=state), 80, 24))
    assert "so far · past 0:40 · a new best" in wide
    narrow = "\n".join(drawn(replace(GROWING, state=state), 30, 14))
    told = {State.PLAYING: "past 0:40 · a new best", State.PAUSED: "‖ paused", State.LOST: "device lost"}[state]
    assert told in narrow
    assert "…" not in next(row for row in narrow.splitlines() if told in row)


def test_a_step_on_the_clock_fills_a_bar_without_marks() -> None:
    (bar, _) = [row.strip() for row in drawn(replace(VIEW, gauge=Gauge(0.5)), 80, 24) if "░" in row]
    assert bar == "█" * 38 + "░" * 38


@pytest.mark.parametrize("view", [GROWING, VIEW, replace(VIEW, gauge=Gauge(0.5)), replace(VIEW, place="")])
@pytest.mark.parametrize(
    ("width", "height", "pixel"), [(80, 24, 3), (120, 40, 6), (60, 18, 2), (40, 12, 2), (30, 12, 1)]
)
def test_the_clock_is_read_from_three_metres_and_as_large_in_every_step(
    view: View, width: int, height: int, pixel: int
) -> None:
    rows = drawn(view, width, height)
    for digit_row in digits.draw(view.clock, pixel):
        assert any(digit_row.rstrip() in row for row in rows)
    text = "\n".join(rows)
    for part in (view.heading[:10], view.aim or view.clock_means, view.now[:20], view.elapsed, view.remaining):
        assert part in text


def test_answers_stand_under_one_another_with_their_keys() -> None:
    rows = [row.strip() for row in drawn(ASKING, 80, 24)]
    first = rows.index("1  Glute")
    assert rows[first : first + 3] == ["1  Glute", "2  Hamstring", "3  Not sure"]
    assert ASKING.question in rows
    assert rows[-1].startswith("1–3 answer   space pause")


@pytest.mark.parametrize(("width", "height"), [(40, 12), (40, 8), (40, 4), (24, 12), (80, 15)])
def test_every_answer_is_seen_in_a_small_terminal(width: int, height: int) -> None:
    text = "\n".join(drawn(ASKING, width, height))
    for answer in ASKING.answers:
        assert answer in text
    assert ASKING.question[:12] in text


@pytest.mark.parametrize("view", [GROWING, ASKING, replace(VIEW, state=State.PAUSED), replace(VIEW, last_seconds=True)])
def test_only_the_terminals_own_colours_are_used_and_no_background(view: View) -> None:
    shown = "\n".join(drawn(view, 80, 24, color_system="truecolor", force_terminal=True))
    codes = {code for sequence in re.findall(r"\x1b\[([\d;]*)m", shown) for code in sequence.split(";")}
    assert codes <= {"0", "1", "2", "7", "31", "32"}


def test_a_pause_is_seen_without_colour() -> None:
    marked = drawn(replace(VIEW, state=State.PAUSED), 80, 24, color_system="standard", force_terminal=True)
    assert "\x1b[1;7m ‖ paused " in "\n".join(marked)


class Terminal:
    """A terminal that notes what is written to it, of a size that may change."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, said: str = "") -> None:
        self.size = os.terminal_size((80, 24))
        self.seconds = 0.0
        self.file = StringIO()
        console = Console(file=self.file, width=80, height=24, force_terminal=True, color_system=None)
        monkeypatch.setattr("voicecoach.cli.display.os.get_terminal_size", lambda descriptor: self.size)
        monkeypatch.setattr(self.file, "fileno", lambda: 1, raising=False)
        self.screen = FullScreen(console, now=lambda: self.seconds, said=said)

    def shown(self, view: View, index: int = 0, after: float = 0.1) -> str:
        """What is written for a view."""
        self.seconds += after
        before = len(self.file.getvalue())
        self.screen.show(view, index)
        return self.file.getvalue()[before:]


class TestDrawing:
    """Only what has changed is drawn."""

    @pytest.fixture
    def terminal(self, monkeypatch: pytest.MonkeyPatch) -> Terminal:
        return Terminal(monkeypatch)

    def test_what_was_told_before_stands_there_for_a_moment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        terminal = Terminal(monkeypatch, said="nothing to resume; it begins at the beginning")
        assert "nothing to resume; it begins at the beginning" in terminal.shown(VIEW)
        assert VIEW.now in terminal.shown(VIEW, after=COVERED)

    def test_a_view_that_looks_the_same_costs_nothing(self, terminal: Terminal) -> None:
        assert terminal.shown(VIEW).count("\x1b[") == 24
        assert terminal.shown(VIEW) == ""

    def test_a_row_that_stays_is_left_alone(self, terminal: Terminal) -> None:
        terminal.shown(VIEW)
        changed = terminal.shown(replace(VIEW, next_step="Rest, 20s"))
        assert changed.startswith("\x1b[23;1H")
        assert changed.count("\x1b[") == 1
        digit = terminal.shown(replace(VIEW, next_step="Rest, 20s", clock="0:26"))
        assert 0 < digit.count("\x1b[") <= 11
        assert "\n" not in changed + digit

    def test_another_step_is_drawn_as_a_whole_in_place(self, terminal: Terminal) -> None:
        terminal.shown(VIEW)
        again = terminal.shown(VIEW, index=1)
        assert again.count("\x1b[") == 24
        assert "\x1b[2J" not in again

    def test_a_window_that_was_resized_is_cleared_and_filled(self, terminal: Terminal) -> None:
        terminal.shown(VIEW)
        terminal.size = os.terminal_size((40, 12))
        assert "\x1b[2J" in terminal.shown(VIEW)
        rows = re.split(r"\x1b\[\d+;1H", terminal.shown(VIEW, index=1))[1:]
        assert [cell_len(row) for row in rows] == [40] * 12

    def test_a_terminal_that_does_not_know_its_size_has_the_usual_one(self, terminal: Terminal) -> None:
        terminal.size = os.terminal_size((0, 0))
        assert "\x1b[24;1H" in terminal.shown(VIEW)

    def test_after_a_stop_nobody_knows_what_stands_there(self, terminal: Terminal) -> None:
        terminal.shown(VIEW)
        assert "\x1b[2J" in terminal.shown(VIEW, after=60.0)

    def test_what_was_shown_before_it_was_released_is_drawn_anew(self, terminal: Terminal) -> None:
        with terminal.screen:
            terminal.shown(VIEW)
            with terminal.screen.released():
                assert terminal.file.getvalue().endswith("\x1b[?1049l")
            assert terminal.file.getvalue().endswith("\x1b[?7l")
            again = terminal.shown(VIEW)
        assert "\x1b[2J" in again
        assert len(re.findall(r"\x1b\[\d+;1H", again)) == 24

    @pytest.mark.parametrize("view", [VIEW, ASKING])
    def test_what_it_has_to_tell_stands_for_two_seconds(self, terminal: Terminal, view: View) -> None:
        terminal.shown(view)
        terminal.screen.tell("there are 2 answers")
        assert "there are 2 answers" in terminal.shown(view)
        assert terminal.shown(view, after=1.8) == ""
        assert (view.question or view.now) in terminal.shown(view, after=0.2)

    def test_no_row_is_wrapped_while_it_is_shown(self, terminal: Terminal) -> None:
        with terminal.screen:
            assert terminal.file.getvalue().endswith("\x1b[?7l")
        assert terminal.file.getvalue().count("\x1b[?7h") == 1


CLOSING = Closing(
    title="Bridge progression",
    finished=True,
    steps=2,
    of=2,
    seconds=71.9,
    holds=(("Warm-up bridge", (Held(10.0, None, False, None),)), ("Bridge", (Held(61.9, 60.0, False, 60.0),))),
    answers=(("What did you feel most?", "Glute"),),
    ahead=(
        way(
            "bridge-progression",
            "bridge",
            [Done(day=date(2026, 3, day), seconds=60.0, target=60.0, why=Why.DONE) for day in (1, 2, 3)],
            date(2026, 3, 4),
            says=Growing("bridge-progression", "bridge", 20.0, 60.0, 5.0, "single-leg-bridge"),
        ),
    ),
)


@pytest.mark.parametrize("width", [80, 40, 24])
def test_the_closing_page_stays_and_says_all(width: int) -> None:
    console = Console(file=StringIO(), width=width, height=24, color_system=None, force_terminal=True)
    FullScreen(console).close(CLOSING)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b" not in shown
    assert max(map(cell_len, shown.splitlines())) <= width
    words = " ".join(shown.split())
    for part in ("Bridge progression · done", "2 steps, 1:11 of exercise", "1m1.9s of 1m", "┃", "Glute"):
        assert part in words
    for part in ("Next time", "next 1m", "at the goal on 3 days: on to", "single-leg-bridge"):
        assert part in words


def test_in_a_pipe_the_same_is_said_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().close(CLOSING)
    assert capsys.readouterr().err.splitlines() == [
        "Bridge progression: done, 2 steps, 1:11 of exercise",
        "Warm-up bridge: 10s",
        "Bridge: 1m1.9s of 1m, a new best (1m before)",
        "What did you feel most? Glute",
        "bridge: best 1m, next 1m, goal 1m",
        "at the goal on 3 days: on to single-leg-bridge (voicecoach play single-leg-bridge)",
    ]


def test_of_a_session_that_came_to_nothing_there_is_no_page(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = replace(CLOSING, finished=False, steps=0, holds=(), answers=())
    Lines().close(nothing)
    FullScreen(Console(force_terminal=True)).close(nothing)
    assert capsys.readouterr() == ("", "")


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


def test_where_keys_mean_nothing_none_is_named_but_what_ends_it() -> None:
    asking = replace(VIEW, question="Which one?", answers=("Glute", "Hamstring"))
    console = Console(file=StringIO(), width=80, height=24, color_system=None)
    for view in (VIEW, asking):
        with console.capture() as capture:
            console.print(Screen(view, obeys=False), end="")
        *_, last = [row for row in capture.get().split("\n") if row.strip()]
        assert last.strip() == "Ctrl-C end"


def test_lines_say_what_steps_without_a_clock_do_and_their_heading_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    said = replace(VIEW, kind="say", heading="Set-up", place="", elapsed="0:00")
    lines.show(replace(said, now="Lie down."), 0)
    lines.show(replace(said, now="Lie down."), 1)
    asked = replace(said, kind="ask", question="Which?", answers=("Glute", "Both"), now="")
    lines.show(asked, 2)
    lines.show(replace(asked, now="Which?"), 2)
    lines.show(replace(asked, now="One: Glute."), 2)
    lines.show(replace(VIEW, kind="hold", heading="Set-up", place="", elapsed="0:09", now="Breathe."), 3)
    assert capsys.readouterr().out.splitlines() == [
        "0:00  Set-up", "0:00    Lie down.", "0:00    Lie down.",
        "0:00    Which?", "0:00    1 Glute", "0:00    2 Both", "0:00    One: Glute.",
        "0:09  Set-up",
    ]  # fmt: skip


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
    kind(console).show(replace(VIEW, answers=(NASTY, NASTY), **texts), 0)
    shown = capsys.readouterr().out
    output.set_level("")
    assert shown.count("pwned") > 2
    if kind is FullScreen:
        rows = re.split(r"\x1b\[\d+;1H", shown)
        assert "\n" not in shown
        assert len(rows) == 1 + 24
        shown = "\n".join(rows[1:])
    assert not re.search("[\x07\x9b\r\u202e]|\x1b[^\\[]|\x1b\\[[^m]*[^m0-9;]", shown)
    assert all("Line two" not in row or "Nice" in row for row in shown.split("\n"))


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
    shown = (folder / "play-screen.svg").read_text(encoding="utf-8")
    shown = unescape(shown).replace("\xa0", " ")
    for part in (view.title, view.heading, view.aim, view.now, view.next_line, view.next_step, view.elapsed):
        assert part in shown, "where the change is meant: python docs/make_play_screen.py"
