"""Drawings as PNG, by pillow; the same drawing gives the same bytes where the same fonts are."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from voicecoach.errors import ExportError
from voicecoach.review.picture import (
    HATCH,
    PAPER,
    TILE,
    Anchor,
    Box,
    Dot,
    Group,
    Ink,
    Pattern,
    Shape,
    Stroke,
    Theme,
    Words,
    one_line,
)  # fmt: skip

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_ANCHORS: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}
_DETAIL = 2
"""Pixels of a PNG for each unit of length."""
_SMOOTH = 3
"""It is drawn so many times as large, and made smaller, so that edges are smooth."""
_MOST_PIXELS = 60_000_000
"""While it is drawn; what is larger has to be less smooth."""
_WIDE_FONTS = (
    "DejaVuSans.ttf", "Arial Unicode.ttf", "arial.ttf", "LiberationSans-Regular.ttf", "NotoSansCJK-Regular.ttc",
    "PingFang.ttc", "msyh.ttc",
)  # fmt: skip
"""Fonts of the system with more letters than pillow's own."""
_PROBE = 16.0
"""Size at which a font is asked for its letters."""


def as_png(
    shapes: Iterable[Shape], width: int, height: int, *, dark: Mapping[str, str] | None = None, theme: Theme = "light"
) -> bytes:
    """The drawing as PNG, at twice its size; ``auto`` is light. Raises ExportError where pillow is not installed."""
    try:
        from PIL import Image, ImageDraw
    except ImportError:
        raise ExportError('a PNG needs pillow: pip install "voicecoach[plot]" (an SVG needs nothing)') from None
    ink = Ink(dark or {}, theme, "")
    pixels = width * height * _DETAIL**2
    smooth = next((each for each in range(_SMOOTH, 1, -1) if pixels * each**2 <= _MOST_PIXELS), 1)
    scale = _DETAIL * smooth
    image = Image.new("RGB", (width * scale, height * scale), ink.colour(PAPER))
    draw = ImageDraw.Draw(image)
    all_shapes = tuple(shapes)
    brush = _Brush(draw, scale, ink, _font_of("".join(_texts(all_shapes))))
    for shape in all_shapes:
        brush.draw(shape)
    out = BytesIO()
    image.resize((width * _DETAIL, height * _DETAIL), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _texts(shapes: Sequence[Shape]) -> Iterator[str]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _texts(shape.shapes)
        elif isinstance(shape, Words):
            yield one_line(shape.text)


class _Brush(NamedTuple):
    """Draws shapes on an image, in pixels of ``scale`` to the unit; ``font`` has all letters, or is empty."""

    on: ImageDraw.ImageDraw
    scale: int
    ink: Ink
    font: str

    def draw(self, shape: Shape) -> None:
        """A shape, and those in it."""
        scale, ink = self.scale, self.ink
        match shape:
            case Stroke(colour=colour, width=width):
                for start, end in _dashes(shape):
                    points = [(x * scale, y * scale) for x, y in (start, end)]
                    self.on.line(points, ink.colour(colour), round(width * scale))
            case Dot((x, y), radius, colour, hollow):
                box = [(x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale]
                own, line = ink.colour(colour), round(radius * scale / 2) if hollow else 0
                self.on.ellipse(box, ink.colour(PAPER) if hollow else own, own, line)
            case Words((x, y), text, size, colour, anchor):
                said, font = _written(one_line(text), size * scale, self.font)
                self.on.text((x * scale, y * scale), said, ink.colour(colour), font, _ANCHORS[anchor])
            case Box():
                self._box(shape)
            case Group(shapes=shapes):
                for one in shapes:
                    self.draw(one)

    def _box(self, box: Box) -> None:
        left, top = (round(each * self.scale) for each in box.at)
        right, bottom = (round((at + size) * self.scale) - 1 for at, size in zip(box.at, box.size, strict=True))
        right, bottom = max(left, right), max(top, bottom)
        self.on.rectangle([left, top, right, bottom], self.ink.colour(box.colour))
        edges = [each / self.scale for each in (left, top, right + 1, bottom + 1)]
        for line in _hatches(box.pattern, *edges):
            points = [(x * self.scale, y * self.scale) for x, y in line]
            self.on.line(points, self.ink.colour(PAPER), round(HATCH * self.scale))
        if box.outline:
            self.on.rectangle([left, top, right, bottom], outline=self.ink.colour(box.outline), width=self.scale)


_Line = tuple[tuple[float, float], tuple[float, float]]


def _hatches(pattern: Pattern, left: float, top: float, right: float, bottom: float) -> Iterator[_Line]:
    """The lines of a pattern that lie in a box."""
    half = TILE / 2
    for x in _every(left, right) if pattern in ("bars", "grid") else ():
        yield (x, top), (x, bottom)
    for y in _every(top, bottom) if pattern in ("lines", "grid") else ():
        yield (left, y), (right, y)
    if pattern == "dots":
        for x in _every(left, right):
            for y in _every(top, bottom):
                yield (max(left, x - half / 3), y), (min(right, x + half / 3), y)
    if pattern in ("rising", "falling"):
        # x + y, or x - y, is the same all along each line, and a whole number of tiles
        sign = 1 if pattern == "rising" else -1
        ends = sorted((left + sign * top, left + sign * bottom, right + sign * top, right + sign * bottom))
        for number in range(int(ends[0] // TILE), int(ends[-1] // TILE) + 1):
            along = number * TILE
            begin, end = sorted((sign * (along - left), sign * (along - right)))
            first, last = max(top, begin), min(bottom, end)
            if first < last:
                yield (along - sign * first, first), (along - sign * last, last)


def _every(start: float, end: float) -> Iterator[float]:
    """The middles of the tiles between two edges."""
    for number in range(int(start // TILE), int(end // TILE) + 1):
        if start <= (at := number * TILE + TILE / 2) < end:
            yield at


@functools.lru_cache(maxsize=64)
def _font(name: str, size: float) -> ImageFont.FreeTypeFont | None:
    """A font of the system; None where it is not here."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def _font_of(text: str) -> str:
    """The font of the system for a drawing: the first that has all of its letters, or else the first; empty where
    pillow's own is enough, or there is none.
    """
    if text.replace("·", "").isascii():
        return ""
    found = [(name, font) for name in _WIDE_FONTS if (font := _font(name, _PROBE)) is not None]
    return next((name for name, font in found if not _lacks(font, text)), found[0][0] if found else "")


def _written(text: str, size: float, drawing: str = "") -> tuple[str, Font]:
    """A text and its font: that of the ``drawing``, or another of the system that has all of its letters.

    Where none has, what the first one lacks is put into Latin letters; so is all of it where none is here.
    """
    from PIL import ImageFont

    if not drawing and text.replace("·", "").isascii():
        return text, ImageFont.load_default(size)
    names = (drawing, *_WIDE_FONTS) if drawing else _WIDE_FONTS
    fonts = [font for font in (_font(name, size) for name in names) if font is not None]
    for font in fonts:
        if not _lacks(font, text):
            return text, font
    from anyascii import anyascii  # its tables are read where they are needed

    own: Font = fonts[0] if fonts else ImageFont.load_default(size)
    lacks = _lacks(fonts[0], text) if fonts else {char for char in text if not char.isascii() and char != "·"}
    return "".join(anyascii(char) or "?" if char in lacks else char for char in text), own


def _lacks(font: ImageFont.FreeTypeFont, text: str) -> frozenset[str]:
    """The letters of a text that a font has not: they look like what no font has."""
    nothing = bytes(font.getmask("\U0010ffff"))
    return frozenset(char for char in set(text) if not char.isascii() and bytes(font.getmask(char)) == nothing)


def _dashes(line: Stroke) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    (x1, y1), (x2, y2) = line.start, line.end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if not line.dash or not length:
        yield line.start, line.end
        return
    for number in range(int(length / line.dash / 2) + 1):
        shares = (2 * number * line.dash / length, min(1.0, (2 * number + 1) * line.dash / length))
        begin, end = ((x1 + share * (x2 - x1), y1 + share * (y2 - y1)) for share in shares)
        yield begin, end
