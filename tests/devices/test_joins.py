"""No click where one track ends and the next begins: in every script that ships, as files of every format."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from arrangements import Signal
from shipped import WORKOUTS

from voicecoach import script
from voicecoach.devices import profile
from voicecoach.devices.album import Wish
from voicecoach.export.batch import Job, make
from voicecoach.export.cuts import split
from voicecoach.export.formats import FORMATS
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import VoiceWish

ANY = profile.load("wearos").model_copy(update={"largest_file": None, "cover": 0})
"""It takes every format that can be made."""
HOURS = {"long-run", "ultra"}
"""So long that without loss they are gigabytes to read."""
NEAR = 2.0
"""Seconds of each track's beginning and end that are looked at."""


def decoded(path: Path, *, end: bool) -> Signal:
    """The first seconds of a file, or the last ones, of shape (frames, channels)."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert container.duration is not None
        if end and container.duration > 4e6 * NEAR and path.suffix != ".flac":  # where FFmpeg finds no way into silence
            container.seek(container.duration - int(2e6 * NEAR))
        row: list[Signal] = []
        for frame in container.decode(stream):
            samples = frame.to_ndarray()
            samples = samples.T if frame.format.is_planar else samples.reshape(-1, frame.layout.nb_channels)
            row.append((samples / 32768 if samples.dtype == np.int16 else samples).astype(np.float32))
            if not end and sum(map(len, row)) > NEAR * frame.sample_rate:
                break
        return np.concatenate(row)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("path", WORKOUTS, ids=[path.stem for path in WORKOUTS])
def test_no_step_at_a_join_is_larger_than_those_inside(tmp_path: Path, path: Path, name: str) -> None:
    if path.stem in HOURS and name in ("flac", "wav"):
        pytest.skip("it is too large")
    timeline = compile(script.load(path))
    wish = Wish(profile=ANY, name="it", title="It", split=split("step"), format=name)
    made = make(Job(timeline=timeline, path=tmp_path, voice=VoiceWish(engine="tone"), writes=wish))
    tracks = [track for track in made.files if track.suffix == f".{name}"]
    assert len(tracks) > 1
    ends = [(decoded(track, end=False), decoded(track, end=True)) for track in tracks]
    inside = max(float(np.abs(np.diff(part, axis=0)).max()) for both in ends for part in both)
    joins = [float(np.abs(after[0] - before[-1]).max()) for (_, before), (after, _) in pairwise(ends)]
    assert max(joins) <= inside
    assert max(joins) < 1e-3, "they are where it is silent"
