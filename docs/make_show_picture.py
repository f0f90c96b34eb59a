"""Draws ``show.svg``, the picture of ``voicecoach show``: ``python docs/make_show_picture.py``."""

from __future__ import annotations

from pathlib import Path

from voicecoach import pipeline, script
from voicecoach.review.chart.drawing import drawing
from voicecoach.review.chart.lanes import lanes
from voicecoach.timeline.compiler import compile as compile_workout

WORKOUT = "single-leg-bridge"
PICTURE = Path(__file__).with_name("show.svg")


def picture() -> str:
    """The picture of the workout, by estimated lengths, so that it is the same whoever speaks."""
    timeline = compile_workout(script.load(WORKOUT))
    return drawing(lanes(timeline, pipeline.arrange_estimated(timeline), estimated=True)).as_svg()


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
