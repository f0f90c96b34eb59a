"""Sessions to be shown on a watch: from a script's text, or drawn by hypothesis."""

from __future__ import annotations

import tomli
from hypothesis import strategies as st

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.script.model import Workout
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import Timeline

RATE = 44_100
TITLED = 'title = "Test"\n'
QUIET = TITLED + '[announce]\nstyle = "none"\ncomplete = false\n'
"""Nothing built in is heard, so that a session lasts as long as its clocks."""

SECONDS = st.integers(2, 90).map(lambda seconds: f'"{seconds}s"') | st.sampled_from(['"2.5s"', '"7.3s"'])
NAMES = st.sampled_from(["", ', name = "Bridge"', ', name = "Plank"', ', intro = "Tuck your bum, and lift."'])
ROUNDS = st.sampled_from(["", "", ', rounds = "first"', ', rounds = "not first"', ', rounds = "last"'])
KINDS = ["hold", "work", "run", "walk", "rest", "reps", "say"]


def session(text: str, titled: str = TITLED) -> tuple[Timeline, Arrangement]:
    """The session of a script's text, behind its title, with estimated lengths."""
    timeline = compile(Workout.model_validate(tomli.loads(titled + text)))
    return timeline, arrange(timeline, Estimate(RATE), rate=RATE)


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """Blocks of steps of every kind that has a clock or something to say."""
    blocks = []
    for _ in range(draw(st.integers(1, 3))):
        steps = []
        for _ in range(draw(st.integers(1, 4))):
            kind = draw(st.sampled_from(KINDS))
            more = draw(ROUNDS) if kind == "say" else draw(NAMES) + draw(ROUNDS)
            if kind in ("hold", "work", "reps"):
                more += draw(st.sampled_from(["", "", ", sides = true"]))
            value = {"say": '"Now listen to this."', "reps": str(draw(st.integers(1, 9)))}.get(kind) or draw(SECONDS)
            steps.append(f"{{ {kind} = {value}{more} }}")
        rest = f"rest = {draw(SECONDS)}\n" if draw(st.booleans()) else ""
        blocks.append(f"[[block]]\nrepeat = {draw(st.integers(1, 6))}\n{rest}steps = [ {', '.join(steps)} ]")
    style = draw(st.sampled_from(["voice", "both", "beep", "none"]))
    return "\n".join([f'[announce]\nstyle = "{style}"', *blocks])
