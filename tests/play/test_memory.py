"""A session that sounds, without memory that grows as it goes on."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
import tomli

from voicecoach.arrange import arranger
from voicecoach.arrange.library import Library
from voicecoach.play.coach import Coach
from voicecoach.play.session import Session
from voicecoach.play.sinks.memory import MemorySink
from voicecoach.script.model import Workout
from voicecoach.speech import registry
from voicecoach.speech.speaker import Speaker
from voicecoach.store.cache import Cache
from voicecoach.timeline.course import Course
from voicecoach.timeline.model import VoiceWish

RATE = 8000
TALKATIVE = """
title = "Talkative"
[cues]
form = ["Run tall and light, as if a string lifted you all the way. {session_elapsed} in all, {elapsed} of this lap."]
[[block]]
repeat = 10
steps = [ { run = "4min", cues = "form", every = "10s" }, { walk = "1min" } ]
"""
"""Fifty minutes, in which another line is heard every ten seconds: some 20 MB of them at this rate."""


@pytest.mark.slow
def test_an_hour_takes_no_more_memory_than_its_first_minutes(tmp_path: Path) -> None:
    workout = Workout.model_validate(tomli.loads(TALKATIVE))
    speaker = Speaker(registry.choose("en", VoiceWish(engine="tone")), Cache(tmp_path / "cache"), RATE)
    course = Course(workout)
    arrangement = arranger.arrangement(course.timeline, Library(speaker, RATE), rate=RATE)
    sink = MemorySink(keep=False)
    session = Session(arrangement, sink)
    coach = Coach(course, session, lambda timeline: arrangement, arrangement)
    taken: list[int] = []
    tracemalloc.start()
    try:
        session.start()
        while not coach.look().ended:
            session.wait(10)
            if sink.played() >= (300, 2900)[len(taken) > 0] * RATE and len(taken) < 2:
                taken.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
        session.close()
    early, late = taken
    assert late - early < 2_000_000
