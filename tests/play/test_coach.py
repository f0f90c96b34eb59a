"""A coach, with a simulated session before it: what the person wants, what is heard, and what is remembered."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from voicecoach import script
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.errors import HistoryError
from voicecoach.play.coach import LONG_PAUSE, Coach, expected
from voicecoach.play.diary import HistoryDiary, path_of
from voicecoach.play.simulation import Simulation
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.script.model import Workout
from voicecoach.store.history import History
from voicecoach.store.sessions import SegmentDone, Why
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.course import Course
from voicecoach.timeline.model import Content, Done, Line, Origin, Role, Segment, Sound, Timeline
from voicecoach.timeline.progression import Growing, grown

RATE = 8000
WORKOUT = """
title = "Live"

[progression.bridge]
start = "10s"
goal = "30s"
step = "5s"

[[block]]
name = "Main"
steps = [
  { ready = "Go on when you are there." },
  { hold = "max", name = "Plank", cap = "1min" },
  { rest = "5s" },
  { hold = "progression:bridge", name = "Bridge" },
  { ask = "Which one?", answers = [{ label = "Glute", say = "Good." }, { label = "Hamstring", use = "#Release" }] },
]

[[block]]
name = "Release"
aside = true
steps = [ { hold = "10s", name = "Release" } ]
"""


class Stage(Simulation):
    """Notes what is heard besides the session."""

    def __init__(self, arrangement: Arrangement) -> None:
        super().__init__(arrangement)
        self.signs: list[str] = []
        self.words: list[str] = []
        self.gains: list[tuple[float, float]] = []

    def sign(self, what: Content, gain: float = 0.0) -> None:
        assert isinstance(what, Sound)
        self.signs.append(what.name)

    def resume(self, word: Content | None = None) -> None:
        super().resume(word)
        if isinstance(word, Line):
            self.words.append(word.text)

    def set_gains(self, voice: float, music: float) -> None:
        self.gains.append((voice, music))


@dataclass
class Notes:
    """A diary on paper."""

    done: list[tuple[int, Why, float]] = field(default_factory=list)
    planned: dict[int, float | None] = field(default_factory=dict)

    def add(self, segment: Segment, done: Done, clean: float) -> None:
        assert isinstance(done.why, Why)
        self.planned[segment.index] = segment.target or segment.duration
        self.done.append((segment.index, done.why, round(clean, 1)))

    def take_back(self, first: int) -> None:
        self.done = [one for one in self.done if one[0] < first]


class Person:
    """Somebody in a session, on a clock of theirs."""

    def __init__(self, workout: Workout) -> None:
        lengths = Estimate(RATE)

        def arranged(timeline: Timeline) -> Arrangement:
            return arrangement(timeline, lengths, rate=RATE)

        self.course = Course(workout)
        first = arranged(self.course.timeline)
        self.stage, self.notes = Stage(first), Notes()
        self.coach = Coach(self.course, self.stage, arranged, first, self.notes, now=lambda: self.stage.seconds)

    def waits(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.stage.advance(0.1)
            self.coach.look()

    def until(self, segment: int, frame: float = 0.0) -> None:
        """Waits until so many seconds of a segment's clock are over."""
        while (now := self.coach.look()).segment < segment or now.frame < frame * RATE - 1:
            assert not now.ended
            self.stage.advance(0.1)

    def wants(self, wish: Wish, number: int = 0) -> bool:
        return self.coach.wants(Wanted(wish, number))


@pytest.fixture
def person() -> Person:
    return Person(script.load("-", stdin=io.StringIO(WORKOUT)))


def test_a_session_lasts_as_long_as_the_person_and_is_remembered_step_by_step(person: Person) -> None:
    person.waits(300)
    assert (person.coach.look().segment, person.notes.done) == (0, [])
    assert person.wants(Wish.DONE)
    person.until(1, 42.3)
    assert person.wants(Wish.DONE)
    person.until(3, 7.5)
    assert person.wants(Wish.DONE)
    person.until(4, 3)
    assert not person.wants(Wish.DONE), "a question wants an answer"
    assert not person.wants(Wish.ANSWER, 3)
    assert person.wants(Wish.ANSWER, 2)
    while not person.coach.look().ended:
        person.stage.advance(0.1)
    whys = [(index, why) for index, why, _ in person.notes.done]
    assert whys == [
        (0, Why.DONE), (1, Why.DONE), (2, Why.CLOCK), (3, Why.SLIPPED), (4, Why.ANSWERED), (5, Why.CLOCK),
    ]  # fmt: skip
    seconds = [clean for _, _, clean in person.notes.done]
    assert seconds[:4] == pytest.approx([300, 42.3, 5, 7.5], abs=0.11)
    assert person.notes.planned[3] == 10, "as planned, however long it was"
    assert person.stage.signs == ["end", "end", "end", "countdown", "countdown", "end"]


def test_next_on_a_button_is_done_where_it_waits_and_a_step_on_elsewhere(person: Person) -> None:
    for why in (Why.DONE, Why.DONE, Why.SKIPPED, Why.DONE, Why.SKIPPED):
        if person.course.segment == 3:
            person.until(3, 11)
        else:
            person.until(person.course.segment, 1)
        assert person.wants(Wish.NEXT)
        assert person.notes.done[-1][1] is why


def test_a_noise_is_done_where_it_may_be_meant_so_and_is_not_answered_elsewhere(person: Person) -> None:
    assert not person.coach.wants(Wanted(Wish.NOISE, ago=0.1)), "before anything was heard"
    person.until(0, 1)
    assert person.wants(Wish.NOISE)
    person.until(1, 20)
    person.wants(Wish.PAUSE)
    assert not person.wants(Wish.NOISE)
    person.wants(Wish.PLAY)
    assert person.coach.wants(Wanted(Wish.NOISE, ago=0.3))
    index, why, clean = person.notes.done[-1]
    assert (index, why) == (1, Why.DONE)
    assert clean == pytest.approx(19.7, abs=0.11), "held until it clapped"
    signs = len(person.stage.signs)
    assert not person.coach.wants(Wanted(Wish.NOISE, ago=0.1)), "another that was on its way"
    person.until(2, 1)
    assert not person.wants(Wish.NOISE), "a rest is over when it is over"
    person.until(3, 5)
    assert person.wants(Wish.NOISE)
    assert person.notes.done[-1][1] is Why.SLIPPED
    person.until(4, 1)
    assert not person.wants(Wish.NOISE), "a question wants an answer"
    assert person.stage.signs[signs:] == ["end"]


def test_back_takes_back_what_was_remembered(person: Person) -> None:
    person.waits(1)
    person.wants(Wish.DONE)
    person.until(1, 10)
    person.wants(Wish.DONE)
    person.until(2, 0.5)
    assert [index for index, _, _ in person.notes.done] == [0, 1]
    person.wants(Wish.BACK)
    assert (person.course.segment, [index for index, _, _ in person.notes.done]) == (1, [0])
    assert person.coach.look().segment == 1


def test_what_is_still_heard_from_before_a_turn_ends_no_step(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device plays on for a tenth of a second what it was given before."""
    person.wants(Wish.ON)
    person.until(1, 10)
    person.wants(Wish.DONE)
    person.until(2, 0.5)
    late = person.stage.state()
    person.wants(Wish.BACK)
    monkeypatch.setattr(person.stage, "state", lambda: late)
    person.coach.look()
    assert (person.course.segment, [index for index, _, _ in person.notes.done]) == (1, [0])
    person.wants(Wish.DONE)
    assert (person.course.segment, person.course.path[-1].seconds) == (2, 0.0)


def test_a_growing_hold_that_nobody_ends_counts_to_its_target(person: Person) -> None:
    person.wants(Wish.ON)
    person.wants(Wish.ON)
    person.until(4)
    assert person.notes.done[-1] == (3, Why.CAP, 10.0)


def test_a_pause_holds_and_after_a_long_one_a_word_comes_first(person: Person) -> None:
    person.wants(Wish.ON)
    person.until(1, 5)
    stood = person.coach.look().frame
    for seconds, words in ((LONG_PAUSE / 2, []), (LONG_PAUSE * 2, ["Go on."])):
        assert person.wants(Wish.PAUSE)
        assert not person.wants(Wish.HALT)
        person.waits(seconds)
        assert (person.coach.look().paused, person.coach.look().frame) == (True, stood)
        assert person.wants(Wish.PLAY)
        assert not person.wants(Wish.PLAY)
        assert (person.coach.look().paused, person.stage.words) == (False, words)


def test_the_voice_has_its_steps_and_the_music_comes_and_goes(person: Person) -> None:
    for wish in (Wish.LOUDER, Wish.SOFTER, Wish.SOFTER, Wish.MUSIC, Wish.MUSIC):
        assert person.wants(wish)
    assert person.stage.gains == [(3, 0), (0, 0), (-3, 0), (-3, float("-inf")), (-3, 0)]
    for _ in range(20):
        person.wants(Wish.LOUDER)
    assert person.stage.gains[-1] == (12, 0)


def test_how_long_it_will_be_is_told_as_of_a_file(person: Person) -> None:
    live, filed = person.course.timeline, expected(person.course.timeline)
    assert [segment.duration for segment in filed.segments] == [15, 60, 5, 10, None]
    in_a_file = compile(script.load("-", stdin=io.StringIO(WORKOUT)))
    said = [[cue.what for cue in timeline.segments[4].cues if cue.role is Role.SAY] for timeline in (filed, in_a_file)]
    assert said[0] == said[1]
    assert len(live.segments[4].cues) > len(said[0])


def test_what_is_over_lasted_as_long_as_it_did(person: Person) -> None:
    person.until(0, 3)
    person.wants(Wish.DONE)
    assert [segment.duration for segment in expected(person.course.timeline, person.course.segment).segments] == [
        pytest.approx(3, abs=0.2), 60, 5, 10, None,
    ]  # fmt: skip


class TestHistory:
    @pytest.fixture
    def history(self, tmp_path: Path) -> History:
        return History.open(tmp_path / "history.sqlite3")

    def grown(self, origin: Origin) -> Growing | None:
        """As of a file called live.toml."""
        found = grown(script.load("-", stdin=io.StringIO(WORKOUT)), origin)
        return found and found._replace(script="live")

    def test_what_was_left_is_taken_up_where_it_was(self, person: Person, history: History) -> None:
        from datetime import UTC, datetime

        failed: list[HistoryError] = []
        number = history.begin(script="live", title="Live", digest="x", seed=0, started=datetime.now(UTC))
        person.notes = HistoryDiary(history, number, self.grown, failed.append)  # type: ignore[assignment]
        person.coach._diary = person.notes
        person.wants(Wish.DONE)
        person.until(1, 20)
        person.wants(Wish.DONE)
        person.until(3, 12.3)
        person.wants(Wish.DONE)
        person.until(4, 5)
        person.wants(Wish.ANSWER, 2)
        left = history.interrupted("live")
        assert left is not None
        assert left.segments[3] == SegmentDone(
            index=3, kind="hold", name="Bridge", side=None, round=1, planned=10.0, seconds=12.3, why=Why.DONE,
            progression="live/bridge", target=10.0,
        )  # fmt: skip
        assert (left.segments[4].question, left.segments[4].answer) == ("Which one?", "Hamstring")
        workout = script.load("-", stdin=io.StringIO(WORKOUT))
        path = path_of(left, lambda path: Course(workout, path=path))
        assert path == person.course.path
        assert [segment.name for segment in Course(workout, path=path).timeline.segments][5:] == ["Release"]
        assert not failed

    def test_a_history_that_goes_away_is_told_once_and_the_session_goes_on(
        self, person: Person, history: History
    ) -> None:
        failed: list[HistoryError] = []
        diary = HistoryDiary(history, 4711, self.grown, failed.append)
        person.coach._diary = diary
        person.wants(Wish.DONE)
        person.until(1, 3)
        person.wants(Wish.DONE)
        diary.finish(finished=False)
        assert len(failed) == 1
        assert person.course.segment == 2
