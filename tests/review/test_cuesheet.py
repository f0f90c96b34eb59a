"""The cue sheet and the JSON, from arrangements built by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from voicecoach.arrange.arrangement import Arrangement, Dropped, Passage, Placement
from voicecoach.review import cuesheet
from voicecoach.sound.clip import Clip, mono
from voicecoach.timeline.model import Content, Line, Origin, Recording, Role, Segment, Sound, Timeline, VoiceWish

RATE = 1000


class Beeps:
    """Every content lasts a tenth of a second."""

    def frames(self, what: Content) -> int:
        return RATE // 10

    def clip(self, what: Content) -> Clip:
        return mono([0.0] * (RATE // 10), RATE)

    def identity(self, what: Content) -> str:
        return repr(what)


def line(text: str) -> Line:
    return Line(text, "en")


def segment(index: int, kind: str, name: str, duration: float | None, **more: Any) -> Segment:
    origin = Origin(round=more.pop("round", 1), side=more.pop("side", None))
    given: dict[str, Any] = {"block": "", "rounds": 1} | more
    return Segment(index=index, kind=kind, name=name, duration=duration, origin=origin, **given)


def session() -> tuple[Timeline, Arrangement]:
    """Set-up words, then a hold of ten seconds whose lead begins in the words' pause."""
    timeline = Timeline(
        title="Bridge",
        summary="One bridge.",
        language="en",
        seed=7,
        segments=(
            segment(0, "say", "", None),
            segment(1, "hold", "Bridge", 10.0, block="Main", round=2, rounds=3, side="left"),
        ),
        voice=VoiceWish(),
    )
    passages = (
        Passage(0, "", 0, 3000, (Placement(0, 2000, line("Lie down."), Role.SAY, 0),)),
        Passage(
            1,
            "Bridge, left 2/3",
            5000,
            15000,
            (
                Placement(3000, 4000, line("Bridge, ten seconds."), Role.ANNOUNCE, 1),
                Placement(5000, 5250, Sound("start"), Role.BOUNDARY, 1),
                Placement(8250, 9000, line("Lift."), Role.CUE, 1, moved=1250),
                Placement(10000, 11000, Recording(Path("own/hips.wav"), "Hips level."), Role.AT, 1),
                Placement(15000, 15300, Sound("end"), Role.BOUNDARY, 1),
            ),
            (Dropped(9000, line("Breathe."), Role.REMINDER, 1, "its moment is taken"),),
        ),
    )
    arrangement = Arrangement(title="Bridge", summary="", language="en", rate=RATE, passages=passages, clips=Beeps())
    return timeline, arrangement


def test_json_is_the_contract() -> None:
    document = json.loads(cuesheet.as_json(*session()))
    assert list(document) == [
        "version", "title", "language", "duration", "seed", "segments", "events", "dropped",
    ]  # fmt: skip
    assert {key: document[key] for key in ("version", "title", "language", "duration", "seed")} == {
        "version": 1,
        "title": "Bridge",
        "language": "en",
        "duration": 15.3,
        "seed": 7,
    }
    assert document["segments"][1] == {
        "index": 1,
        "kind": "hold",
        "name": "Bridge",
        "block": "Main",
        "round": 2,
        "rounds": 3,
        "side": "left",
        "start": 5.0,
        "duration": 10.0,
    }
    assert document["segments"][0]["side"] is None
    assert document["events"][3] == {
        "at": 8.25,
        "end": 9.0,
        "kind": "speech",
        "role": "cue",
        "text": "Lift.",
        "segment": 1,
        "moved": 1.25,
    }
    assert [(e["rate"], e["gain"]) for e in document["events"] if "rate" in e] == []
    assert [(e["kind"], e["text"]) for e in document["events"][4:]] == [("clip", "Hips level."), ("sound", "end")]
    assert document["dropped"] == [
        {"at": 9.0, "role": "reminder", "text": "Breathe.", "segment": 1, "why": "its moment is taken"}
    ]


def test_what_is_said_otherwise_than_the_rest_is_told() -> None:
    timeline, arrangement = session()
    loud = Placement(100, 600, Line("Now!", "en", 0.85, 4.0), Role.SAY, 0)
    passages = (arrangement.passages[0]._replace(placements=(loud,)), arrangement.passages[1])
    told = replace(arrangement, passages=passages)
    assert "say        Now!  (0.85 × as fast, +4 dB)" in cuesheet.as_text(timeline, told)
    event = json.loads(cuesheet.as_json(timeline, told))["events"][0]
    assert (event["text"], event["rate"], event["gain"]) == ("Now!", 0.85, 4.0)


def test_json_events_are_in_order_of_time_across_segments() -> None:
    timeline, arrangement = session()
    long = arrangement.passages[0]._replace(
        placements=(*arrangement.passages[0].placements, Placement(6000, 6100, line("late"), Role.SAY, 0))
    )
    mixed = Arrangement(
        title="", summary="", language="en", rate=RATE, passages=(long, arrangement.passages[1]), clips=Beeps()
    )
    at = [event["at"] for event in cuesheet.document(timeline, mixed)["events"]]
    assert at == sorted(at)
    assert 6.0 in at


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_the_frame_can_be_told_from_the_rounded_seconds(rate: int) -> None:
    timeline, _ = session()
    starts = [0, 1, 7, rate * 3600 * 12 + 1, rate * 3600 * 48 - 1]
    passage = Passage(0, "", 0, rate, tuple(Placement(s, s + 1, Sound("tick"), Role.TICK, 0) for s in starts))
    whole = Arrangement(title="", summary="", language="en", rate=rate, passages=(passage,), clips=Beeps())
    events = json.loads(cuesheet.as_json(timeline, whole))["events"]
    assert [round(event["at"] * rate) for event in events] == starts


def test_json_keeps_letters_of_every_language() -> None:
    timeline, arrangement = session()
    german = Timeline(
        title="Gesäßbrücke", summary="", language="de", seed=0, segments=timeline.segments, voice=VoiceWish()
    )
    assert '"title": "Gesäßbrücke"' in cuesheet.as_json(german, arrangement)


def test_the_cue_sheet_reads_as_a_coach_would_write_it() -> None:
    assert cuesheet.as_text(*session()).splitlines() == [
        "Bridge",
        "One bridge.",
        "0:15 in 2 steps",
        "",
        "0:00.0  Say (3s)",
        "0:00.0    say        Lie down.",
        "",
        "0:05.0  Bridge, left 2/3 (hold, 10s) · Main",
        "0:03.0    announce   Bridge, ten seconds.",
        "0:05.0    boundary   [start]",
        "0:08.2    cue        Lift.  (1.2 s later than written)",
        "0:09.0    dropped    Breathe.  (reminder: its moment is taken)",
        "0:10.0    at         Hips level. [hips.wav]",
        "0:15.0    boundary   [end]",
    ]


def test_a_metronome_is_one_line_of_the_cue_sheet() -> None:
    timeline, _ = session()
    ticks = tuple(Placement(at, at + 10, Sound("tick"), Role.TICK, 0) for at in range(0, 60_000, 500))
    whole = Arrangement(
        title="", summary="", language="en", rate=RATE, passages=(Passage(0, "", 0, 60_000, ticks),), clips=Beeps()
    )
    sheet = cuesheet.as_text(timeline, whole)
    assert "0:00.0    tick       [tick] 120 times until 0:59.5" in sheet
    assert sheet.count("[tick]") == 1


def test_tenths_never_show_sixty_seconds() -> None:
    timeline, _ = session()
    placed = Placement(59_960, 60_000, line("now"), Role.AT, 0)
    whole = Arrangement(
        title="", summary="", language="en", rate=RATE, passages=(Passage(0, "", 0, 60_000, (placed,)),), clips=Beeps()
    )
    assert "1:00.0    at         now" in cuesheet.as_text(timeline, whole)


def test_an_empty_session_is_still_a_document() -> None:
    timeline = Timeline(title="Nothing", summary="", language="en", seed=0, segments=(), voice=VoiceWish())
    empty = Arrangement(title="", summary="", language="en", rate=RATE, passages=(), clips=Beeps())
    document = json.loads(cuesheet.as_json(timeline, empty))
    assert (document["segments"], document["events"], document["duration"]) == ([], [], 0.0)
