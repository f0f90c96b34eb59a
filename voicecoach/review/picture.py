"""Lines, circles and texts on white, as SVG or PNG; the same drawing gives the same bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple

from voicecoach.errors import ExportError, printable

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

Anchor = Literal["start", "middle", "end"]
_ANCHORS: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}
_DETAIL = 2
"""Pixels of a PNG for each unit of length."""
_SMOOTH = 3
"""It is drawn so many times as large, and made smaller, so that edges are smooth."""
_WIDE_FONTS = ("DejaVuSans.ttf", "Arial Unicode.ttf", "arial.ttf", "LiberationSans-Regular.ttf")
"""Fonts of the system with more letters than pillow's own."""
_FONT = "Helvetica, Arial, sans-serif"


class Stroke(NamedTuple):
    """A line from one point to another; ``dash`` is the length of its dashes and of the gaps between, 0 for none."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: str
    width: float = 1.0
    dash: float = 0.0


class Dot(NamedTuple):
    """A circle, filled with its colour, or hollow."""

    at: tuple[float, float]
    radius: float
    colour: str
    hollow: bool = False


class Words(NamedTuple):
    """A text on one line; ``at`` is on its base line."""

    at: tuple[float, float]
    text: str
    size: float
    colour: str
    anchor: Anchor = "start"


Shape = Stroke | Dot | Words


def as_svg(shapes: Iterable[Shape], width: int, height: int) -> str:
    """The drawing as SVG."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' font-family="{_FONT}">',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *map(_element, shapes),
            "</svg>\n",
        )
    )


def as_png(shapes: Iterable[Shape], width: int, height: int) -> bytes:
    """The drawing as PNG, at twice its size. Raises ExportError where pillow is not installed."""
    try:
        from PIL import Image, ImageDraw
    except ImportError:
        raise ExportError('a PNG needs pillow: pip install "voicecoach[plot]" (an SVG needs nothing)') from None
    scale = _DETAIL * _SMOOTH
    image = Image.new("RGB", (width * scale, height * scale), "#ffffff")
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        _draw(draw, shape, scale)
    out = BytesIO()
    image.resize((width * _DETAIL, height * _DETAIL), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _element(shape: Shape) -> str:
    match shape:
        case Stroke((x1, y1), (x2, y2), colour, width, dash):
            dashes = f' stroke-dasharray="{dash:g}"' if dash else ""
            return (
                f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
                f' stroke-width="{width:g}"{dashes}/>'
            )
        case Dot((x, y), radius, colour, hollow):
            fill = f'fill="#ffffff" stroke="{colour}" stroke-width="{radius / 2:g}"' if hollow else f'fill="{colour}"'
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * (0.75 if hollow else 1):g}" {fill}/>'
        case Words((x, y), text, size, colour, anchor):
            said = escape(" ".join(printable(text).split()))
            place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
            return f'<text {place} font-size="{size:g}" fill="{colour}">{said}</text>'


def _draw(draw: ImageDraw.ImageDraw, shape: Shape, scale: int) -> None:
    match shape:
        case Stroke(colour=colour, width=width):
            for start, end in _dashes(shape):
                points = [(x * scale, y * scale) for x, y in (start, end)]
                draw.line(points, colour, round(width * scale))
        case Dot((x, y), radius, colour, hollow):
            box = [(x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale]
            draw.ellipse(box, "#ffffff" if hollow else colour, colour, round(radius * scale / 2) if hollow else 0)
        case Words((x, y), text, size, colour, anchor):
            said, font = _written(" ".join(printable(text).split()), size * scale)
            draw.text((x * scale, y * scale), said, colour, font, _ANCHORS[anchor])


def _written(text: str, size: float) -> tuple[str, Font]:
    """A text and a font that has its letters: pillow's own, or one of the system; without either, no accents."""
    from PIL import ImageFont

    if not text.replace("·", "").isascii():
        for name in _WIDE_FONTS:
            with contextlib.suppress(OSError):
                return text, ImageFont.truetype(name, size)
        import unicodedata

        parts = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("·", "-"))
        text = "".join(char for char in parts if not unicodedata.combining(char)).encode("ascii", "replace").decode()
    return text, ImageFont.load_default(size)


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
