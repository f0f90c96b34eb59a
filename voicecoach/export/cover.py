"""Cover art: the workout's timeline around a clock, from the top; the same timeline gives the same bytes.

Each segment is an arc as long as it lasts, in the colour of its kind. What is to be done reaches far out, a rest less,
and what is only said least: so a workout is known by its outline, at 200 pixels and without a word.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple

from voicecoach.arrange.estimate import Estimate
from voicecoach.errors import ExportError
from voicecoach.store import cache as caching
from voicecoach.timeline.model import Segment, StatedTime, Timeline

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

SIZE = 500
"""Pixels a side, which every player that shows a cover takes."""
SMALLEST, LARGEST = 16, 4096
"""Pixels a side that a picture may have."""

_SMOOTH = 3
"""It is drawn so many times as large, and made smaller, so that edges are smooth."""
_BAND = 32
"""Rows that are drawn at once."""
_TURN = 1 << 20
"""Parts of a full turn: arcs begin and end on whole ones, whatever a machine's arithmetic makes of an angle."""
_AMID = 0.25
"""Of such a part: so far from its ends lie the diagonals."""
_HOLE = 0.30
"""Where arcs begin, in halves of the side from the middle."""
_GAP = 0.014
"""Between two arcs, in the same unit, where they are wide enough for one."""
_WIDE = 4 * _GAP
_LEAST = 1 / 120
"""Of the session: so much of the turn the shortest segment has, to be seen too."""


class _Look(NamedTuple):
    """A colour (red, green, blue), and how far out its arcs reach, in halves of the side."""

    colour: tuple[int, int, int]
    reach: float


_BACKGROUND = (16, 24, 40)
_EFFORT = _Look((255, 122, 41), 0.94)
_SPEECH = _Look((255, 255, 255), 0.46)
_LOOKS = {
    "run": _Look((41, 197, 246), 0.94),
    "walk": _Look((88, 214, 141), 0.74),
    "rest": _Look((116, 134, 168), 0.58),
    "say": _SPEECH,
    "play": _SPEECH,
    "ready": _SPEECH,
    "ask": _SPEECH,
}
"""By kind of segment; any other is an effort."""
_DRAWING = 1
"""Goes up whenever the same arcs are drawn in another way."""
_QUALITY = 2
"""FFmpeg's scale of a JPEG, from 1 (best) to 31."""


def cover(
    timeline: Timeline, size: int = SIZE, kind: Literal["jpeg", "png"] = "jpeg", cache: caching.Cache | None = None
) -> bytes:
    """A square picture, ``size`` pixels a side, as a baseline JPEG or a PNG; one that ``cache`` holds is not drawn.

    Raises ExportError for a size that it cannot have, and AudioFileError for a recording that is not there.
    """
    if not SMALLEST <= size <= LARGEST or size % 4:
        raise ExportError(f"a cover has from {SMALLEST} to {LARGEST} pixels a side, a multiple of 4, not {size}")
    arcs = _arcs(timeline)
    key = caching.key("cover", _DRAWING, size, kind, _made_by(), *arcs)
    picture = None if cache is None else cache.get(key)
    if picture is None:
        pixels = _drawn(arcs, size)
        picture = as_png(pixels) if kind == "png" else as_jpeg(pixels)
        if cache is not None:
            cache.put(key, picture)
    return picture


def drawn(timeline: Timeline, size: int) -> Pixels:
    """The picture, of shape (size, size, 3): red, green and blue."""
    return _drawn(_arcs(timeline), size)


class _Arcs(NamedTuple):
    """How each segment looks, and where they begin and the last one ends, in parts of a turn."""

    looks: list[_Look]
    bounds: list[int]


def _arcs(timeline: Timeline) -> _Arcs:
    looks = [_LOOKS.get(segment.kind, _EFFORT) for segment in timeline.segments]
    return _Arcs(looks or [_SPEECH], _bounds(_seconds(timeline) or [1.0]))


def _made_by() -> str:
    from importlib.metadata import version  # costly to import

    return version("av")


def _drawn(arcs: _Arcs, size: int) -> Pixels:
    import numpy as np

    looks, bounds = arcs.looks, np.array(arcs.bounds)
    width = (bounds[1:] - bounds[:-1]) / _TURN * 2 * np.pi * _HOLE
    gaps = np.where(width > _WIDE, _GAP / 2, 0.0) if len(looks) > 1 else np.zeros(1)
    wide = size * _SMOOTH
    reach = np.array([round((look.reach * wide) ** 2) for look in looks])
    colours = np.array([*(look.colour for look in looks), _BACKGROUND], dtype=np.int64)
    places = np.arange(1 - wide, wide, 2)
    picture = np.empty((size, size, 3), dtype=np.uint8)
    for top in range(0, size, _BAND):
        x, y = places, places[top * _SMOOTH : (top + _BAND) * _SMOOTH, None]
        squared = x * x + y * y
        turn = np.floor(np.arctan2(x, -y) / (2 * np.pi) % 1 * _TURN + _AMID).astype(np.int64)
        arc = np.minimum(np.searchsorted(bounds, turn, side="right") - 1, len(looks) - 1)
        aside = np.minimum(turn - bounds[arc], bounds[arc + 1] - turn) / _TURN * 2 * np.pi * np.sqrt(squared) / wide
        inside = (squared >= round((_HOLE * wide) ** 2)) & (squared <= reach[arc]) & (aside >= gaps[arc])
        shown = colours[np.where(inside, arc, len(looks))]
        rows = shown.shape[0] // _SMOOTH
        sums = shown.reshape(rows, _SMOOTH, size, _SMOOTH, 3).sum(axis=(1, 3))
        picture[top : top + rows] = (2 * sums + _SMOOTH**2) // (2 * _SMOOTH**2)
    return picture


def as_png(pixels: Pixels) -> bytes:
    """A picture of shape (height, width, 3) as PNG (ISO/IEC 15948)."""
    import numpy as np

    height, width, _ = pixels.shape
    rows = np.concatenate((np.zeros((height, 1), dtype=np.uint8), pixels.reshape(height, -1)), axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def as_jpeg(pixels: Pixels) -> bytes:
    """A picture of shape (height, width, 3) as a baseline JPEG, with half as many colours a side."""
    from voicecoach.export import libav

    return libav.jpeg(pixels, _QUALITY)


def _seconds(timeline: Timeline) -> list[float]:
    """How long each segment lasts, about where that follows from what it says."""
    estimate = Estimate()
    return [_lasts(segment, estimate) for segment in timeline.segments]


def _lasts(segment: Segment, estimate: Estimate) -> float:
    if segment.duration is not None:
        return segment.duration
    said = (cue.what for cue in segment.cues if not isinstance(cue.what, StatedTime))
    return segment.pause + sum(estimate.frames(what) for what in said) / estimate.rate


def _bounds(seconds: Sequence[float]) -> list[int]:
    """Where arcs begin, and where the last one ends, in parts of a turn."""
    whole = sum(seconds) or 1.0
    least = min(_LEAST, 1 / (2 * len(seconds)))
    shares = [max(each / whole, least) for each in seconds]
    return [round(reached / sum(shares) * _TURN) for reached in accumulate(shares, initial=0.0)]
