"""The lanes of a session as a page of its own: what is heard is told where one points, and played where one clicks.

All is in the one file, and its policy lets nothing else in: no network, no script and no style but its own. Texts
of the workout stay texts.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from voicecoach import units
from voicecoach.errors import printable
from voicecoach.review import picture
from voicecoach.review.chart import drawing, figures, looks
from voicecoach.review.chart.figures import Figures
from voicecoach.review.chart.lanes import Lanes, Mark
from voicecoach.review.picture import Theme

LARGEST_AUDIO = 64_000_000
"""Bytes of sound that a page may hold: browsers keep all of it in memory."""
_NARROW = 380
_MOST_LINES = 3000
_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
"""


def page(
    lanes: Lanes,
    told: Figures,
    *,
    theme: Theme = "auto",
    width: int = drawing.WIDTH,
    audio: tuple[str, bytes] | None = None,
) -> Iterator[str]:
    """The page in parts; ``audio`` is the sound of the session: its media type and its bytes.

    ``width`` is that of the picture on a wide screen, in pixels; a narrow one has a picture of its own.
    """
    style, script = _style(theme, width), _own("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; media-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    yield _HEAD.format(policy=policy, title=_text(lanes.title), style=style)
    for name, wide in (("wide", width), ("narrow", _NARROW)):
        drawn = drawing.drawing(lanes, wide).as_svg(theme, prefix=f"{name}-", within=True)
        yield f'<figure class="{name}">\n{drawn}</figure>\n'
    if audio is not None:
        kind, content = audio
        yield f'<audio controls preload="auto" src="data:{escape(kind)};base64,'
        yield base64.b64encode(content).decode("ascii")
        yield '"></audio>\n<p id="unheard" role="alert" hidden>This browser cannot play the sound.</p>\n'
        yield '<p class="note">A click plays from there; so does Enter on what the arrow keys have found.</p>\n'
    yield "<dl>\n"
    for name, value in figures.rows(told):
        yield f"<dt>{_text(name, keep=True)}</dt><dd>{_text(value)}</dd>\n"
    yield "</dl>\n"
    yield from _lines(lanes.marks)
    yield f'<div id="tip" role="tooltip" hidden></div>\n<script>{script}</script>\n</body>\n</html>\n'


def _style(theme: Theme, width: int) -> str:
    own = _own("page.css").replace("1000px", f"{max(width, 600)}px")
    dark = "@media screen and (prefers-color-scheme: dark)"
    if theme == "auto":
        return own + picture.style(looks.DARK)
    kept = own.replace(dark, "@media screen" if theme == "dark" else "@media not all")
    return kept.replace("color-scheme: light dark", f"color-scheme: {theme}")


def _own(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _text(text: str, *, keep: bool = False) -> str:
    return escape(printable(text) if keep else " ".join(printable(text).split()))


def _lines(marks: Sequence[Mark]) -> Iterator[str]:
    """All that is said, to be read, and read aloud."""
    said = [mark for mark in marks if mark.lane != "signals"]
    yield "<details><summary>Every line</summary>\n<table>\n<tr><th>time</th><th>what</th><th>line</th></tr>\n"
    for mark in said[:_MOST_LINES]:
        yield f"<tr><td>{units.format_clock(mark.start)}</td><td>{mark.role}</td><td>{_text(mark.text)}</td></tr>\n"
    yield "</table>\n"
    if len(said) > _MOST_LINES:
        yield f"<p>and {len(said) - _MOST_LINES:,} more: voicecoach compile shows all of them.</p>\n"
    yield "</details>\n"
