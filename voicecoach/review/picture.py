"""Lines, boxes, circles and texts, as SVG; the same drawing gives the same bytes. ``raster`` makes a PNG of them.

A drawing is made in the colours of a light theme, on white. Of a dark one, a table says what becomes of each colour.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Literal, NamedTuple

from voicecoach.errors import printable

Anchor = Literal["start", "middle", "end"]
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


Pattern = Literal["", "rising", "falling", "bars", "lines", "dots", "grid"]
"""What a box is filled with, so that it can be told from others in black and white; drawn in white."""
_PATTERNS: dict[Pattern, str] = {
    "rising": "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2",
    "falling": "M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2",
    "bars": "M3,0 v6",
    "lines": "M0,3 h6",
    "dots": "M2,3 h2",
    "grid": "M3,0 v6 M0,3 h6",
}
TILE = 6
"""Side of the square that a pattern repeats."""
HATCH = 1.6
"""Width of the lines of a pattern."""


class Box(NamedTuple):
    """A rectangle, by its top left corner, filled with a colour and a pattern, and with an outline where it has one."""

    at: tuple[float, float]
    size: tuple[float, float]
    colour: str
    pattern: Pattern = ""
    outline: str = ""


class Group(NamedTuple):
    """Shapes that belong together; in an SVG with a title that is shown over them, and attributes."""

    shapes: tuple[Shape, ...]
    title: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


Shape = Stroke | Dot | Words | Box | Group
Theme = Literal["auto", "light", "dark"]
"""``auto`` is what the one who looks at it likes."""
PAPER = "#ffffff"
"""What is drawn on, in a light theme."""
_NARROW, _THIN, _BROAD = "iljI.,:;'|!· ", 'ftr()[]-/"*1', "mwMW@%…—"


def wide(text: str, size: float) -> float:
    """About how wide a text is, rather too much than too little: fonts differ."""
    return size * sum(map(_wide, text))


def _wide(char: str) -> float:
    if char in _NARROW:
        return 0.34
    if char in _THIN:
        return 0.47
    if char in _BROAD:
        return 1.0
    if char.isascii():
        return 0.72 if char.isupper() else 0.63
    if unicodedata.combining(char):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(char) in "WF" else 0.78


class Ink:
    """How colours are written: as they are, as they are in the dark, or both, by classes of the drawing's own."""

    def __init__(self, dark: Mapping[str, str], theme: Theme, prefix: str) -> None:
        self._dark = dark
        self._theme = theme
        self.prefix = prefix

    def colour(self, colour: str) -> str:
        """The colour that stands in the drawing."""
        return self._dark.get(colour, colour) if self._theme == "dark" else colour

    def classes(self, fill: str = "", stroke: str = "") -> str:
        """The attribute that lets a style sheet change them."""
        if self._theme != "auto":
            return ""
        names = [f"{kind}{colour[1:]}" for kind, colour in (("f", fill), ("s", stroke)) if colour]
        return f' class="{" ".join(names)}"'


def style(dark: Mapping[str, str]) -> str:
    """The style sheet of drawings whose theme is ``auto``: in the dark, unless they are printed."""
    rules = (
        f".f{light[1:]}{{fill:{colour}}}.s{light[1:]}{{stroke:{colour}}}" for light, colour in sorted(dark.items())
    )
    return f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}"


def as_svg(
    shapes: Iterable[Shape],
    width: int,
    height: int,
    *,
    dark: Mapping[str, str] | None = None,
    theme: Theme = "light",
    prefix: str = "",
    within: bool = False,
) -> str:
    """The drawing as SVG; ``dark`` says what becomes of each colour in a dark theme.

    One that is put ``within`` a page leaves its ``style`` to the page, and has a ``prefix`` for its names.
    """
    dark = dark or {}
    ink = Ink(dark, theme, prefix)
    all_shapes = tuple(shapes)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="{_FONT}">',
        f"<style>{style(dark)}</style>" if theme == "auto" and not within else "",
        *(_pattern(name, ink) for name in _PATTERNS if name in set(_patterns(all_shapes))),
        f'<rect width="{width}" height="{height}" fill="{ink.colour(PAPER)}"{ink.classes(PAPER)}/>',
    ]
    return "\n".join((*filter(None, head), *(_element(shape, ink) for shape in all_shapes), "</svg>\n"))


def _patterns(shapes: Sequence[Shape]) -> Iterator[Pattern]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _patterns(shape.shapes)
        elif isinstance(shape, Box):
            yield shape.pattern


def _pattern(name: Pattern, ink: Ink) -> str:
    return (
        f'<pattern id="{ink.prefix}{name}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse">'
        f'<path d="{_PATTERNS[name]}" fill="none" stroke="{ink.colour(PAPER)}"{ink.classes(stroke=PAPER)}'
        f' stroke-width="{HATCH:g}"/></pattern>'
    )


def _element(shape: Shape, ink: Ink) -> str:
    match shape:
        case Stroke((x1, y1), (x2, y2), colour, width, dash):
            dashes = f' stroke-dasharray="{dash:g}"' if dash else ""
            return (
                f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{ink.colour(colour)}"'
                f' stroke-width="{width:g}"{dashes}{ink.classes(stroke=colour)}/>'
            )
        case Dot((x, y), radius, colour, hollow):
            own = ink.colour(colour)
            fill = (
                f'fill="{ink.colour(PAPER)}" stroke="{own}" stroke-width="{radius / 2:g}"{ink.classes(PAPER, colour)}'
                if hollow
                else f'fill="{own}"{ink.classes(colour)}'
            )
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * (0.75 if hollow else 1):g}" {fill}/>'
        case Words((x, y), text, size, colour, anchor):
            place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
            paint = f'fill="{ink.colour(colour)}"{ink.classes(colour)}'
            return f'<text {place} font-size="{size:g}" {paint}>{_escaped(text)}</text>'
        case Box((x, y), (wide, high), colour, pattern, outline):
            place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
            line = f' stroke="{ink.colour(outline)}"' if outline else ""
            box = f'<rect {place} fill="{ink.colour(colour)}"{line}{ink.classes(colour, outline)}/>'
            return f'{box}<rect {place} fill="url(#{ink.prefix}{pattern})"/>' if pattern else box
        case Group(shapes, title, attributes):
            named = "".join(f' {name}="{escape(printable(value))}"' for name, value in attributes)
            told = f"<title>{escape(printable(title))}</title>" if title else ""
            return f"<g{named}>{told}{''.join(_element(one, ink) for one in shapes)}</g>"


def _escaped(text: str) -> str:
    return escape(one_line(text))


def one_line(text: str) -> str:
    """A text as it is drawn."""
    return " ".join(printable(text).split())
