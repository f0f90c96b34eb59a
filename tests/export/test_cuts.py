"""Sessions cut into tracks: where, and that the tracks in a row are the whole."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from arrangements import RATE, Signal, bed, decoded, session, sessions
from hypothesis import HealthCheck, given, settings

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.errors import UnknownSplitError
from voicecoach.export import tags as tagging
from voicecoach.export.cuts import Split, Stretch, split, stretches
from voicecoach.export.exporter import Track, export, export_tracks
from voicecoach.export.formats import FORMATS, Silence
from voicecoach.timeline.model import MusicBed, Origin, Segment

STEP, BLOCK, NONE = Split("step"), Split("block"), Split("none")
EVERY: list[tuple[str, Silence]] = [*((name, "constant") for name in FORMATS), ("mp3", "small")]


def segments(blocks: Sequence[int]) -> tuple[Segment, ...]:
    """A step for each, in the block of that number."""
    about = Segment(index=0, kind="say", name="", block="", rounds=1, duration=None)
    return tuple(
        replace(about, index=index, block=f"Block {block}", origin=Origin((), block, 0))
        for index, block in enumerate(blocks)
    )


def cut(arrangement: Arrangement, how: Split, name: str = "wav", silence: Silence = "constant") -> tuple[Stretch, ...]:
    codec = FORMATS[name].encoding(RATE, arrangement.channels, silence).codec()
    return stretches(arrangement, segments([0] * len(arrangement.passages)), how, codec)


def in_a_row(folder: Path, arrangement: Arrangement, how: Split, name: str, silence: Silence) -> list[Signal]:
    """What FFmpeg plays of each track."""
    encoding = FORMATS[name].encoding(RATE, arrangement.channels, silence)
    tracks = [
        Track(folder / f"{number:03}.{name}", one.start, one.end, tagging.of(arrangement, arrangement.frames))
        for number, one in enumerate(cut(arrangement, how, name, silence))
    ]
    export_tracks(arrangement, tracks, encoding, jobs=2)
    return [decoded(track.path) for track in tracks]


@pytest.fixture
def music(tmp_path: Path) -> MusicBed:
    return bed(tmp_path)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("step", STEP),
        (" Block ", BLOCK),
        ("none", NONE),
        ("10min", Split("time", 600)),
        ("5 minutes", Split("time", 300)),
    ],
)
def test_how_a_session_is_split_is_a_word_or_minutes(text: str, meant: Split) -> None:
    assert split(text) == meant


@pytest.mark.parametrize("text", ["", "steps", "0min", "10", "-5min", "10s"])
def test_what_is_no_way_to_split_is_told_with_those_there_are(text: str) -> None:
    with pytest.raises(UnknownSplitError, match=r"step, block, 10min, none"):
        split(text)


def test_a_track_begins_a_breath_before_what_is_heard_first_in_its_step() -> None:
    spoken = session((0, f"voice {RATE}"), (5 * RATE, f"voice {RATE}"), frames=10 * RATE)
    begins = int(4.75 * RATE)
    assert cut(spoken, STEP) == (Stretch(0, begins, "Step 1"), Stretch(begins, 10 * RATE, "Step 2"))


def test_a_step_without_silence_before_it_stays_with_the_one_before() -> None:
    spoken = session((0, f"voice {3 * RATE}"), (3 * RATE, f"voice {3 * RATE}"), (8 * RATE, f"voice {2 * RATE}"))
    assert [one.title for one in cut(spoken, STEP)][:2] == ["Step 1", "Step 3"]


def test_a_tone_that_ends_a_step_goes_with_the_step_it_leads_to() -> None:
    spoken = session((0, f"voice {RATE}"), (3 * RATE, "tone 9000"), (3 * RATE + 9500, f"voice {RATE}"))
    assert [one.start for one in cut(spoken, STEP)][:2] == [0, int(2.75 * RATE)]


def test_by_block_a_track_is_a_block() -> None:
    spoken = session(*((5 * number * RATE, f"voice {RATE}") for number in range(5)))
    found = stretches(spoken, segments([0, 0, 1, 1, 2, 2]), BLOCK, None)
    assert [one.title for one in found] == ["Block 0", "Block 1", "Block 2"]


def test_by_time_tracks_are_as_long_as_may_be_and_no_longer_where_steps_allow() -> None:
    spoken = session(*((20 * number * RATE, f"click {RATE}") for number in range(12)), frames=239 * RATE)
    found = cut(spoken, Split("time", 60))
    assert [round((one.end - one.start) / RATE) for one in found] == [60, 60, 60, 59]


def test_unsplit_it_is_one_track() -> None:
    spoken = session((0, f"voice {RATE}"), (5 * RATE, f"voice {RATE}"))
    assert [(one.start, one.end) for one in cut(spoken, NONE)] == [(0, spoken.frames)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "silence"), EVERY, ids=map("-".join, EVERY))
@given(arrangement=sessions())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tracks_in_a_row_are_the_whole_to_the_sample(
    tmp_path: Path, name: str, silence: Silence, arrangement: Arrangement
) -> None:
    whole = tmp_path / f"whole.{name}"
    export(arrangement, whole, silence=silence)
    joined = np.concatenate(in_a_row(tmp_path, arrangement, STEP, name, silence))
    assert joined.shape == decoded(whole).shape
    assert np.abs(joined - decoded(whole)).max() < 1e-5, "less than half of the smallest step of 16 bits"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "silence"), EVERY, ids=map("-".join, EVERY))
def test_under_music_a_join_is_no_seam(tmp_path: Path, name: str, silence: Silence, music: MusicBed) -> None:
    spoken = session(*((6 * number * RATE, f"voice {RATE}") for number in range(4)), frames=22 * RATE)
    under = replace(spoken, bed=music)
    parts = in_a_row(tmp_path, under, STEP, name, silence)
    assert len(parts) >= 4
    export(under, tmp_path / f"whole.{name}", silence=silence)
    whole, joined = decoded(tmp_path / f"whole.{name}"), np.concatenate(parts)
    assert joined.shape == whole.shape
    assert np.abs(joined - whole).max() < 2e-3


def test_each_track_says_which_it_is_of_how_many(tmp_path: Path) -> None:
    spoken = session((0, f"voice {RATE}"), (5 * RATE, f"voice {RATE}"))
    for name in ("mp3", "m4a", "opus", "flac"):
        encoding = FORMATS[name].encoding(RATE, 1)
        about = replace(tagging.of(spoken, spoken.frames), track=2, tracks=12)
        export_tracks(spoken, [Track(tmp_path / f"it.{name}", 0, spoken.frames, about)], encoding)
        with av.open(str(tmp_path / f"it.{name}")) as container:
            said = {**container.metadata, **container.streams.audio[0].metadata}
        said = {key.lower(): value for key, value in said.items()}
        assert said.get("track", "").startswith("2"), name


@pytest.mark.parametrize("name", FORMATS)
def test_the_bytes_of_one_track_that_is_all_are_those_of_the_plain_export(tmp_path: Path, name: str) -> None:
    spoken = session((0, f"voice {RATE}"), (5 * RATE, f"voice {RATE}"))
    export(spoken, tmp_path / f"plain.{name}")
    encoding = FORMATS[name].encoding(RATE, 1)
    track = Track(tmp_path / f"track.{name}", 0, spoken.frames, tagging.of(spoken, spoken.frames))
    export_tracks(spoken, [track], encoding)
    assert (tmp_path / f"track.{name}").read_bytes() == (tmp_path / f"plain.{name}").read_bytes()
