"""Cover art: what is seen of a workout."""

from __future__ import annotations

import io
import struct

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from voicecoach.errors import ExportError
from voicecoach.export.artwork import artwork
from voicecoach.export.cover import cover, drawn
from voicecoach.timeline.model import Cue, Line, Role, Segment, Timeline, VoiceWish

ORANGE, BLUE, GREY, WHITE = (255, 122, 41), (41, 197, 246), (116, 134, 168), (255, 255, 255)
BACKGROUND = (16, 24, 40)


def timeline(*steps: tuple[str, float | None]) -> Timeline:
    """Steps by kind and length; those without a length say something."""
    said = (Cue(0.0, Line("Lie on your back, knees bent.", "en"), Role.SAY),)
    segments = tuple(
        Segment(index=index, kind=kind, name="", block="", rounds=1, duration=length, cues=() if length else said)
        for index, (kind, length) in enumerate(steps)
    )
    return Timeline(title="x", summary="", language="en", seed=0, segments=segments, voice=VoiceWish())


QUARTERS = timeline(("hold", 30), ("rest", 30), ("run", 30), ("hold", 30))


def colour(pixels: npt.NDArray[np.uint8], x: float, y: float) -> tuple[int, ...]:
    """At a place in halves of the side, from the middle to the right and up."""
    half = pixels.shape[0] / 2
    return tuple(int(part) for part in pixels[int(half * (1 - y)), int(half * (1 + x))])


def test_steps_stand_around_a_clock_from_the_top_each_in_its_colour() -> None:
    picture = drawn(QUARTERS, 200)
    near = [colour(picture, x, y) for x, y in ((0.3, 0.3), (0.3, -0.3), (-0.3, -0.3), (-0.3, 0.3))]
    assert near == [ORANGE, GREY, BLUE, ORANGE]


def test_a_rest_does_not_reach_so_far_out() -> None:
    picture = drawn(QUARTERS, 200)
    assert [colour(picture, x, y) for x, y in ((0.6, 0.6), (0.6, -0.6))] == [ORANGE, BACKGROUND]


def test_what_is_said_and_the_shortest_step_are_seen() -> None:
    picture = drawn(timeline(("say", None), ("run", 40_000.0)), 100)
    seen = {tuple(pixel) for row in picture.tolist() for pixel in row}
    assert {WHITE, BLUE, BACKGROUND} <= seen


@pytest.mark.parametrize("steps", [(), (("ready", 0.0),), (("hold", 1.0),) * 3000])
def test_any_timeline_can_be_drawn(steps: tuple[tuple[str, float], ...]) -> None:
    assert drawn(timeline(*steps), 64).shape == (64, 64, 3)


def test_a_png_holds_the_pixels_and_a_jpeg_nearly() -> None:
    wanted = drawn(QUARTERS, 100)
    png = Image.open(io.BytesIO(cover(QUARTERS, 100, "png")))
    jpeg = Image.open(io.BytesIO(cover(QUARTERS, 100)))
    assert (png.format, jpeg.format, jpeg.size, jpeg.mode) == ("PNG", "JPEG", (100, 100), "RGB")
    assert np.array_equal(np.asarray(png), wanted)
    assert np.abs(np.asarray(jpeg).astype(int) - wanted).mean() < 5


def test_a_jpeg_is_a_baseline_one_with_nothing_of_the_encoder_in_it() -> None:
    made = cover(QUARTERS, 200)
    assert b"\xff\xc0" in made
    assert b"\xff\xc2" not in made
    assert b"Lav" not in made


def test_the_same_timeline_gives_the_same_bytes() -> None:
    assert cover(QUARTERS, 100) == cover(QUARTERS, 100)
    assert cover(QUARTERS, 100, "png") == cover(QUARTERS, 100, "png")


@pytest.mark.parametrize("size", [0, 15, 50, 4100])
def test_a_size_it_cannot_have_is_told(size: int) -> None:
    with pytest.raises(ExportError, match="from 16 to 4096 pixels"):
        cover(QUARTERS, size)


def test_a_picture_is_known_by_its_bytes() -> None:
    assert [artwork(cover(QUARTERS, 100, kind))[1:] for kind in ("jpeg", "png")] == [
        ("image/jpeg", 100, 100),
        ("image/png", 100, 100),
    ]


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\xff\xd8" + bytes(50)])
def test_what_is_no_picture_is_told(content: bytes) -> None:
    with pytest.raises(ExportError, match="neither a JPEG nor a PNG"):
        artwork(content)


def test_a_damaged_jpeg_is_no_picture() -> None:
    with pytest.raises(ExportError, match="neither"):
        artwork(b"\xff\xd8" + 1000 * (b"\xff\xe0" + struct.pack(">H", 2)))
