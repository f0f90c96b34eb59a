"""Draws ``play-screen.svg``, the picture in the README: ``python docs/make_play_screen.py``.

What is drawn is the play screen itself, at a moment of a workout that ships. The picture names no font of the web, and
its block characters become rectangles, since fonts leave gaps between the rows.
"""

from __future__ import annotations

import re
from html import unescape
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from voicecoach import pipeline, script
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.cli.screen import Screen
from voicecoach.play.coach import expected
from voicecoach.review.view import Standing, View, Viewer, expected_begins
from voicecoach.timeline.compiler import compile as compile_workout
from voicecoach.timeline.model import Role, Timeline
from voicecoach.timeline.progression import progressions

WORKOUT = "bridge-progression"
TARGET, BEST = 45.0, 41.6
"""What the history says of its hold, in seconds."""
COLUMNS, ROWS = 80, 24
PICTURE = Path(__file__).with_name("play-screen.svg")
TEXT = (220, 223, 228)
GREEN, CYAN, BLUE = (126, 208, 128), (86, 200, 216), (97, 175, 239)
RED, YELLOW, MAGENTA = (240, 113, 120), (229, 192, 123), (198, 120, 221)
THEME = TerminalTheme((24, 26, 31), TEXT, [(40, 44, 52), RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, TEXT])
FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px }}
{styles}
</style>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
<g class="{unique_id}-matrix">
{backgrounds}
{matrix}
</g>
</g>
</svg>
"""
_BLOCKS = re.compile(
    r'<text class="([^"]+)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"[^>]*>((?:[█▀▄]|&#160;)+)</text>'
)
_INDENTED = re.compile(
    r'<text class="([^"]+)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>((?:&#160;)+)([^<]+)(?=</text>)'
)
_UPPER, _LOWER = "█▀", "█▄"


def moment(timeline: Timeline, arrangement: Arrangement) -> tuple[int, int]:
    """Frame and segment of the first pool cue in the second half of the hold that grows, as far as its target."""
    for passage in arrangement.passages:
        target = timeline.segments[passage.segment].target
        if target is not None:
            half = passage.start + round(target * arrangement.rate / 2)
            cue = next(p for p in passage.placements if p.role is Role.CUE and p.start > half)
            return (cue.start + cue.end) // 2, passage.segment
    raise SystemExit(f"no hold grows in {WORKOUT}")


def view() -> View:
    (bridge,) = progressions(workout := script.load(WORKOUT))
    timeline = compile_workout(workout, targets={bridge.key: TARGET}, bests={bridge.key: BEST}, live=True)
    arrangement = pipeline.arrange_estimated(expected(timeline))
    frame, segment = moment(timeline, arrangement)
    standing = Standing.at(arrangement.passages, segment, frame)
    return Viewer(timeline, arrangement.rate, expected_begins(arrangement)).view(standing)


def picture(shown: View) -> str:
    console = Console(
        width=COLUMNS, height=ROWS, record=True, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Screen(shown), end="")
    svg = console.export_svg(title=f"voicecoach play {WORKOUT}", theme=THEME, code_format=FRAME, unique_id="play")
    return _INDENTED.sub(_moved, _BLOCKS.sub(_rectangles, svg))


def _moved(row: re.Match[str]) -> str:
    """A text that begins where its first letter stands: some programs do not draw the spaces before it."""
    style, left, base, length, more, blank, text = row.groups()
    spaces, letters = blank.count(";"), len(unescape(text))
    shift = float(length) * spaces / (spaces + letters)
    at, wide = float(left) + shift, float(length) - shift
    return f'<text class="{style}" x="{at:.1f}" y="{base}" textLength="{wide:.1f}"{more}>{text}'


def _rectangles(row: re.Match[str]) -> str:
    """Rectangles for the block characters of one row of text."""
    style, left, base, length, text = row.groups()
    cells = text.replace("&#160;", " ")
    wide, high = float(length) / len(cells), 24.4
    top = float(base) - 18.5
    drawn = []
    for half, blocks in enumerate((_UPPER, _LOWER)):
        for run in re.finditer(f"[{blocks}]+", cells):
            x, width = float(left) + run.start() * wide, len(run.group()) * wide
            y = top + half * high / 2
            drawn.append(
                f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{high / 2:.1f}" '
                'shape-rendering="crispEdges"/>'
            )
    return "".join(drawn)


if __name__ == "__main__":
    PICTURE.write_text(picture(view()), encoding="utf-8", newline="\n")
