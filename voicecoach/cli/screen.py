"""The play screen: a view drawn for a terminal of any size, to be read from across a room."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text

from voicecoach.cli import digits
from voicecoach.review.view import State, View

_ACCENT = {
    "hold": "green",
    "work": "green",
    "reps": "green",
    "run": "cyan",
    "walk": "cyan",
    "rest": "blue",
}
_OTHER_ACCENT = "magenta"
_LAST_SECONDS = "red"
_MARGIN = 2
_KEYS = (("space", "pause"), ("←", "back"), ("→", "on"), ("f", "done"), ("+ −", "voice"), ("m", "music"), ("q", "end"))
_CUE_ROWS = 2
"""Rows kept for the line that is heard, so that the clock does not change its size with it."""
_LEAST_ROWS = 11
"""Rows that all parts take without any gap, the clock as text."""
_WIDEST_LINE = 72
_GAPS_FIRST = (3, 1, 2, 0)
"""Which of the gaps between the parts get the rows to spare first."""


class Screen:
    """Draws a view over the whole of a terminal."""

    def __init__(self, view: View) -> None:
        self._view = view

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.height or options.max_height
        for number, row in enumerate(_rows(self._view, console, width, height)):
            if number:
                yield Segment.line()
            row.truncate(width, overflow="ellipsis", pad=True)
            yield from row.render(console)


def _rows(view: View, console: Console, width: int, height: int) -> list[Text]:
    """Exactly ``height`` rows: what stands at the top, the clock in what room is left, what stands at the bottom."""
    if height < _LEAST_ROWS:
        return _few_rows(view, width, height)
    accent = _accent(view)
    inner = max(1, width - 2 * _MARGIN)
    head = [_ends(*_title(view), inner), Text("─" * inner, "dim")]
    step = [Text(view.heading, f"bold {accent}"), Text(view.place, "dim")]
    cue = _cue(view, console, inner)
    foot = [
        _bar(view.share, inner, accent),
        _times(view, inner),
        _keys(view),
    ]
    clock = _clock(view, inner, height - sum(map(len, (head, step, cue, foot))) - 1, accent)
    parts = [head, step, clock, cue, foot]
    gaps = _shared(height - sum(map(len, parts)))
    rows: list[Text] = []
    for number, part in enumerate(parts):
        if number:
            rows += [Text()] * gaps[number - 1]
        rows += [_centred(row, width) if part in (step, clock, cue) else _indented(row) for row in part]
    return rows[:height]


def _few_rows(view: View, width: int, height: int) -> list[Text]:
    """As much as goes into a terminal of few rows, what counts most before the rest: step and clock above all."""
    inner = max(1, width - 2 * _MARGIN)
    accent = _accent(view)
    state = {State.PLAYING: "", State.PAUSED: "‖ paused  ", State.LOST: "device lost  "}[view.state]
    clock = Text(f"{state}{view.clock} {view.clock_means}".rstrip(), f"bold {accent}")
    rows = [
        (4, Text(view.title, "bold")),
        (0, _ends(Text(view.heading, f"bold {accent}"), clock, inner)),
        (6, Text(view.place, "dim")),
        (1, Text(view.now, "bold" if view.sounding else "dim")),
        (3, _coming(view, inner)),
        (5, _bar(view.share, inner, accent)),
        (2, _times(view, inner)),
        (7, _keys(view)),
    ]
    kept = [_indented(row) for counts, row in rows if counts < height]
    return kept + [Text()] * (height - len(kept))


def _accent(view: View) -> str:
    if view.state is not State.PLAYING:
        return "yellow" if view.state is State.PAUSED else "red"
    return _ACCENT.get(view.kind, _OTHER_ACCENT)


def _title(view: View) -> tuple[Text, Text]:
    state = {
        State.PLAYING: Text("▶ playing", "dim"),
        State.PAUSED: Text("‖ paused", "bold yellow"),
        State.LOST: Text("device lost", "bold red"),
    }
    return Text(view.title, "bold"), state[view.state]


def _cue(view: View, console: Console, width: int) -> list[Text]:
    """The line that is heard and the one to come; or what has become of the sound."""
    if view.state is State.LOST:
        lost = f"device lost: holding at {view.elapsed}, will go on when a device is back"
        return [*_wrapped(console, lost, "bold red", width), Text()]
    return [*_wrapped(console, view.now, "bold" if view.sounding else "dim", width), _coming(view, width)]


def _coming(view: View, width: int) -> Text:
    """The line to come; of a question its answers with their keys, of a hold that grows how much of it is held."""
    if view.answers:
        row = Text()
        for number, answer in enumerate(view.answers, 1):
            row.append(f"{number} ", "bold").append(f"{answer}   ")
        row.truncate(width, overflow="ellipsis")
        return row
    if view.target:
        room = max(5, min(40, width - 2 * len(view.target) - 12))
        return Text.assemble(_bar(view.reached, room, "green"), f" of {view.target}")
    return Text(f"in {view.next_line_in}  {view.next_line}" if view.next_line else "", "dim")


def _clock(view: View, width: int, room: int, accent: str) -> list[Text]:
    """The digits with what they count under them, as large as they fit."""
    style = f"bold {_LAST_SECONDS if view.last_seconds and view.state is State.PLAYING else accent}"
    means = Text(view.clock_means, "dim")
    pixel = digits.largest_pixel(view.clock, width, room - 1)
    if not pixel:
        return [Text(f"{view.clock} {view.clock_means}".strip(), style)]
    return [*(Text(row, style) for row in digits.draw(view.clock, pixel)), means]


def _wrapped(console: Console, text: str, style: str, width: int) -> list[Text]:
    """Always ``_CUE_ROWS`` rows; a longer text is cut."""
    lines = list(Text(text, style).wrap(console, min(width, _WIDEST_LINE)))
    if len(lines) > _CUE_ROWS:
        lines[_CUE_ROWS - 1].rstrip()
        lines[_CUE_ROWS - 1].append(" …")
    lines = lines[:_CUE_ROWS]
    return [*[Text()] * (_CUE_ROWS - len(lines)), *lines]


def _times(view: View, width: int) -> Text:
    """Elapsed, the step to come, and remaining: at the left, in the middle and at the right of the bar."""
    left, right = Text(view.elapsed), Text(f"−{view.remaining}")
    room = width - 2 * max(left.cell_len, right.cell_len) - 2
    middle = Text.assemble(("next  ", "dim"), view.next_step) if view.next_step else Text("the last step", "dim")
    middle.truncate(max(0, room), overflow="ellipsis")
    before = max(0, (width - middle.cell_len) // 2 - left.cell_len)
    return _ends(Text.assemble(left, " " * before, middle), right, width)


def _bar(share: float, width: int, accent: str) -> Text:
    done = round(share * width)
    return Text.assemble(("━" * done, accent), ("─" * (width - done), "dim"))


def _keys(view: View) -> Text:
    """The keys there are, or what is more important now."""
    if view.remark:
        return Text(view.remark, "bold yellow")
    row = Text()
    for key, does in _KEYS:
        does = "go on" if view.state is State.PAUSED and does == "pause" else does
        row.append(f"{key} ", "bold").append(f"{does}    ", "dim")
    return row


def _ends(left: Text, right: Text, width: int) -> Text:
    """Two texts at the two ends of a row; the right one is never cut."""
    room = width - right.cell_len - 1
    left.truncate(max(0, room), overflow="ellipsis", pad=True)
    return Text.assemble(left, " ", right)


def _centred(row: Text, width: int) -> Text:
    return Text.assemble(" " * max(0, (width - row.cell_len) // 2), row)


def _indented(row: Text) -> Text:
    return Text.assemble(" " * _MARGIN, row)


def _shared(spare: int) -> list[int]:
    """Rows to spare over the gaps, as evenly as they go."""
    each, over = divmod(max(0, spare), len(_GAPS_FIRST))
    return [each + (gap in _GAPS_FIRST[:over]) for gap in range(len(_GAPS_FIRST))]
