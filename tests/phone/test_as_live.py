"""A page does what ``play`` does: the same acts at the same seconds come to the same steps, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from browsers import Browser, Page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phone_pages import EVERYTHING, GROWING, made

import voicecoach.phone
from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.play.coach import Coach
from voicecoach.play.simulation import Simulation
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.timeline.course import Course

pytestmark = [pytest.mark.browser, pytest.mark.slow]
INTERPRETER = (Path(voicecoach.phone.__file__).parent / "session.js").read_text(encoding="utf-8")
DRIVER = """
function play(table, acts) {
  let [move, time] = [begin(table), 0];
  const follow = (next) => { move = next; if (next.seek !== null) time = next.seek; };
  const to = (wanted) => {
    while (!isOver(move.state) && nextTurn(table, move.state) <= wanted) {
      time = nextTurn(table, move.state);
      follow(tick(table, move.state, time));
    }
  };
  follow(move);
  const waits = (place, second) => {
    for (let round = 0; round < 10000 && !isOver(move.state); round++) {
      const {state} = move, step = state.node === null ? null : table.steps[state.node];
      if (state.trail.length > place) return false;
      if (state.telling === null && state.trail.length === place && step.start + second <= nextTurn(table, state)) {
        time = Math.max(time, step.start + second);
        return true;
      }
      if (step?.again && state.telling === null) follow(act(table, state, step.start + step.lasts,
        step.replies.length ? "on" : "done"));
      else { time = nextTurn(table, state); follow(tick(table, state, time)); }
    }
    return false;
  };
  for (const [place, second, what, answer] of acts) {
    if (waits(place, second)) { const next = act(table, move.state, time, what, answer); if (next) follow(next); }
  }
  waits(1e9, 0);
  return records(table, move.state, 0);
}
"""


class Doing(NamedTuple):
    """What a person does so many seconds into the step that is the ``place``-th of the way."""

    place: int
    second: float
    what: str
    answer: int = 0


@pytest.fixture(scope="module")
def interpreter(browser: Browser) -> Iterator[Page]:
    with browser.page("about:blank#") as page:
        page.evaluate(f"{INTERPRETER}\n{DRIVER}\nvoid (globalThis.play = play)")
        yield page


def in_a_page(page: Page, table: dict[str, Any], acts: Sequence[Doing]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(f"play({json.dumps(table)}, {json.dumps(acts)})")
    return found


def live(text: str, acts: Sequence[Doing]) -> list[tuple[str, str, float, int | None]]:
    """What ``play`` would remember: of each step its kind, why it was over, how long it took and what was answered."""
    course = Course(made(text).workout)
    lengths = Estimate()
    first = arrangement(course.timeline, lengths)
    simulation = Simulation(first)
    coach = Coach(course, simulation, lambda timeline: arrangement(timeline, lengths), first)

    def waits(place: int, second: float) -> bool:
        while not (moment := coach.look()).ended and course.segment < len(course.timeline.segments):
            at = moment.frame / coach.rate
            ends = 0.0 if moment.passage is None else moment.passage.end / coach.rate
            on = course.timeline.segments[course.segment]
            if course.segment > place:
                return False
            if course.segment == place and at >= second - 1e-6:
                return True
            if course.segment == place:
                simulation.advance(max(0.001, min(ends, second) - at))
            elif on.waits is not None and not on.counts_up and at >= on.waits - 1e-6:
                coach.wants(Wanted(Wish.ON if on.answers else Wish.DONE))
            else:
                ends = min(ends, ends if on.waits is None or on.counts_up else on.waits)
                simulation.advance(max(0.001, ends - at))
        return False

    wishes = {"done": Wish.DONE, "on": Wish.ON, "back": Wish.BACK, "answer": Wish.ANSWER}
    for place, second, what, answer in acts:
        if waits(place, second):
            coach.wants(Wanted(wishes[what], answer + 1))
    waits(10**9, 0)
    kinds = [segment.kind for segment in course.timeline.segments]
    return [
        (kind, str(done.why), round(course.clean(index), 1), done.answer)
        for index, (kind, done) in enumerate(zip(kinds, course.path, strict=False))
    ]


def alike(page: Page, text: str, acts: Sequence[Doing]) -> None:
    """Both come to the same steps, for the same reasons, and to the same seconds of a clock but for a tenth."""
    of_play = live(text, acts)
    of_page = in_a_page(page, made(text).table, acts)
    assert [(one["kind"], one["why"]) for one in of_page] == [one[:2] for one in of_play]
    for here, there in zip(of_page, of_play, strict=True):
        if here["kind"] not in ("say", "ready", "ask"):
            assert here["seconds"] == pytest.approx(there[2], abs=0.11), (here, there)
        assert (here["answer"] is None) == (there[3] is None)


SESSIONS = {
    "nobody does anything": [],
    "the form slips in a hold": [Doing(2, 12.5, "done")],
    "as long as one can": [Doing(4, 47.3, "done")],
    "steps are left out": [Doing(0, 0.2, "on"), Doing(1, 3.0, "done"), Doing(3, 1.0, "on"), Doing(6, 2.0, "on")],
    "an answer brings steps": [Doing(7, 6.0, "answer", 0)],
    "an answer is only spoken to": [Doing(7, 6.0, "answer", 1)],
    "an answer brings nothing": [Doing(7, 6.0, "answer", 2)],
    "a step again": [Doing(2, 10.0, "back"), Doing(2, 20.0, "done")],
    "the step before": [Doing(3, 1.5, "back"), Doing(2, 28.0, "done")],
    "the answer is taken back": [Doing(7, 6.0, "answer", 0), Doing(8, 0.1, "back"), Doing(7, 8.0, "answer", 1)],
    "the last step is left out": [Doing(7, 5.0, "answer", 2), Doing(9, 4.0, "on")],
    "done means nothing at a question": [Doing(7, 5.0, "done"), Doing(7, 6.0, "answer", 2)],
}


@pytest.mark.parametrize("acts", SESSIONS.values(), ids=SESSIONS.keys())
def test_the_page_goes_where_play_goes(interpreter: Page, acts: list[Doing]) -> None:
    alike(interpreter, EVERYTHING, acts)


@pytest.mark.parametrize("second", [0.0, 3.4, 19.9, 20.0, 31.2, 49.9])
def test_a_hold_that_grows_is_over_when_it_is_live(interpreter: Page, second: float) -> None:
    alike(interpreter, GROWING, [Doing(3, second, "done")])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.builds(
            Doing,
            st.integers(0, 12),
            st.integers(0, 300).map(lambda tenths: tenths / 10 + 0.05),
            st.sampled_from(["done", "on", "back", "answer"]),
            st.integers(0, 2),
        ),
        max_size=8,
    ).map(lambda acts: sorted(acts, key=lambda act: act[:2]))
)
def test_whatever_is_done_comes_to_the_same(interpreter: Page, acts: list[Doing]) -> None:
    alike(interpreter, EVERYTHING, acts)
