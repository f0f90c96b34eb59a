"""The play screen: a view drawn for a terminal of any size, to be read from across a room.

What must be read is drawn in the terminal's own colour, which stands out from its own background, be it dark or light;
a hue only tells more of what shape or words tell already.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text

from voicecoach.cli import digits, gauges
from voicecoach.review.view import State, View

Keys = tuple[tuple[str, str], ...]
"""Keys, and what each does."""
_ACCENT = {
    "hold": "green",
    "work": "green",
    "reps": "green",
    "run": "cyan",
    "walk": "cyan",
    "rest": "blue",
}
_OTHER_ACCENT = "magenta"
_MARGIN = 2
_KEYS: Keys = (
    ("space", "pause"),
    ("←", "back"),
    ("→", "on"),
    ("f", "done"),
    ("+ −", "voice"),
    ("m", "music"),
    ("q", "end"),
)
_CUE_ROWS = 2
"""Rows kept for the line that is heard, so that the clock does not change its size with it."""
_WIDEST_LINE = 72
_READABLE = 2
"""The size of pixels from which digits are read from three metres: what counts less makes room for that."""
_LEAST_HEADING = 8
"""Columns kept for the step's name beside the clock, where that is a text."""
_GAPS_FIRST = (1, 2, 0, 3, 4)
"""Which of the gaps between the parts get the rows to spare first."""


class Screen:
    """Draws a view over the whole of a terminal."""

    def __init__(self, view: View, *, obeys: bool = True) -> None:
        """``obeys`` says whether keys mean anything; where they do not, none is named but what ends any program."""
        self._view = view
        self._keys = _hints(view) if obeys else (("Ctrl-C", "end"),)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.height or options.max_height
        for number, row in enumerate(_rows(self._view, self._keys, console, width, height)):
            if number:
                yield Segment.line()
            row.truncate(width, overflow="ellipsis", pad=True)
            yield from row.render(console)


class _Row(NamedTuple):
    """A row of a part of the screen, from 0 at the top; the higher its rank, the sooner it makes room."""

    part: int
    rank: int
    text: Text


def _rows(view: View, keys: Keys, console: Console, width: int, height: int) -> list[Text]:
    """Exactly ``height`` rows: the clock as large as it can be among what counts most."""
    rows = list(_around_the_clock(view, keys, console, width, height))
    widest = digits.largest_pixel(view.clock, width, height)
    readable = min(1 if view.answers else _READABLE, widest)
    rows = _fitting(rows, height - (digits.size(view.clock, readable)[1] if readable else 0))
    pixel = digits.largest_pixel(view.clock, width, height - len(rows))
    if not pixel:
        return _few_rows(view, keys, console, width, height)
    style = "bold red" if view.last_seconds and view.state is State.PLAYING else "bold"
    clock = [Text(row, "dim" if view.state is State.PAUSED else style) for row in digits.draw(view.clock, pixel)]
    parts = [[row.text for row in rows if row.part == part] for part in range(len(_GAPS_FIRST) + 1)]
    parts[2] = [*(_centred(row, width) for row in clock), *parts[2]]
    gaps = [*_shared(height - sum(map(len, parts))), 0]
    drawn: list[Text] = []
    for part, gap in zip(parts, gaps, strict=True):
        drawn += [*part, *[Text()] * gap]
    return drawn[:height]


def _fitting(rows: list[_Row], room: int) -> list[_Row]:
    """As many of the rows as there is room for, but all of rank 0."""
    kept = list(rows)
    for row in sorted(rows, key=lambda row: row.rank, reverse=True):
        if len(kept) <= room or not row.rank:
            break
        kept.remove(row)
    return kept


def _around_the_clock(view: View, keys: Keys, console: Console, width: int, height: int) -> list[_Row]:
    """All but the clock, which stands at the top of part 2."""
    inner = max(1, width - 2 * _MARGIN)
    accent = _accent(view)
    now, *more = _now(view, console, inner)
    heading, place = Text(view.heading, "bold"), Text(view.place, "dim")
    beside = len(view.heading) + len(view.place) + 3 <= inner
    rows = [_Row(0, 7, _indented(_ends(Text(view.title, "bold"), _state(view), inner)))]
    rows.append(_Row(1, 0, _centred(Text.assemble(heading, "   ", place) if beside and place else heading, width)))
    if place and not beside:
        rows.append(_Row(1, 8, _centred(place, width)))
    rows.append(_Row(2, 0, _centred(_means(view, width), width)))
    if view.gauge is not None:
        gauge = _indented(gauges.drawn(view.gauge, inner, accent))
        rows += [_Row(3, 2, gauge), _Row(3, 9, gauge.copy())]
    elif not view.answers:  # the clock is as large in every step
        rows += [_Row(3, 11, Text()), _Row(3, 11, Text())]
    rows.append(_Row(4, 0 if view.question else 1, _centred(now, width)))
    rows += [_Row(4, 6, _centred(row, width)) for row in more]
    if view.answers:
        answers = _answers(view, inner, apart=height >= len(view.answers) + 12)
        rows += [_Row(4, 0, _centred(row, width)) for row in answers]
    else:
        rows.append(_Row(4, 5, _centred(_coming(view), width)))
    rows.append(_Row(5, 4, _indented(_whole(view, inner, accent))))
    rows.append(_Row(5, 3, _indented(_times(view, inner))))
    rows.append(_Row(5, 3 if view.remark else 10, _indented(_keys(view, keys, inner))))
    return rows


def _few_rows(view: View, keys: Keys, console: Console, width: int, height: int) -> list[Text]:
    """As much as goes into a terminal of few rows, what counts most before the rest: step and clock above all."""
    inner = max(1, width - 2 * _MARGIN)
    state = {State.PLAYING: "", State.PAUSED: "‖ paused  ", State.LOST: "device lost  "}[view.state]
    clock = Text(f"{state}{view.clock}", "bold")
    if view.clock_means and clock.cell_len + len(view.clock_means) + _LEAST_HEADING <= inner:
        clock.append(f" {view.clock_means}")
    gauge = [] if view.gauge is None else [_Row(0, 4, gauges.drawn(view.gauge, inner, _accent(view)))]
    answers = _answers(view, inner, apart=False) if view.answers else [_coming(view)]
    rows = [
        _Row(0, 5, Text(view.title, "bold")),
        _Row(0, 0, _ends(Text(view.heading, "bold"), clock, inner)),
        _Row(0, 7, Text(view.place, "dim")),
        _Row(0, 1, Text(view.question or view.now, "bold" if view.sounding or view.question else "dim")),
        *(_Row(0, 2 if view.answers else 6, row) for row in answers),
        *gauge,
        _Row(0, 3, _times(view, inner)),
        _Row(0, 3 if view.remark else 8, _keys(view, keys, inner)),
    ]
    kept = [_indented(row.text) for row in _fitting(rows, height)]
    return kept + [Text()] * (height - len(kept))


def _accent(view: View) -> str:
    if view.state is State.LOST:
        return "red"
    return "dim" if view.state is State.PAUSED else _ACCENT.get(view.kind, _OTHER_ACCENT)


def _state(view: View) -> Text:
    if view.state is State.PLAYING:
        return Text("▶ playing", "dim")
    return Text(" ‖ paused " if view.state is State.PAUSED else " device lost ", "bold reverse")


def _means(view: View, width: int) -> Text:
    """What the digits count, against what, and whether they stand; of that what there is room for."""
    told = [_state(view)] if view.state is not State.PLAYING else []
    if view.clock_means:
        told.append(Text(view.clock_means, "" if view.aim else "dim"))
    if view.aim:
        told.append(Text(view.aim))
    while len(told) > 1 and sum(part.cell_len + 3 for part in told) - 3 > width:
        told.pop(0 if view.aim and view.state is State.PLAYING else -1)
    return Text(" · ").join(told)


def _now(view: View, console: Console, width: int) -> list[Text]:
    """The line that is heard, or what is asked; or what has become of the sound."""
    if view.state is State.LOST:
        lost = f"device lost: holding at {view.elapsed}, will go on when a device is back"
        return _wrapped(console, lost, "bold", width)
    if view.question:
        return _wrapped(console, view.question, "bold", width)
    return _wrapped(console, view.now, "bold" if view.sounding else "dim", width)


def _coming(view: View) -> Text:
    return Text(f"in {view.next_line_in}  {view.next_line}" if view.next_line else "", "dim")


def _answers(view: View, width: int, *, apart: bool) -> list[Text]:
    """The answers of a question with their keys: a row each, under one another, or side by side."""
    each = [
        Text.assemble((f" {number} ", "bold reverse"), f" {answer}") for number, answer in enumerate(view.answers, 1)
    ]
    if apart:
        widest = min(width, max(answer.cell_len for answer in each))
        for answer in each:
            answer.truncate(widest, overflow="ellipsis", pad=True)
        return each
    rows: list[Text] = []
    for answer in each:
        answer.truncate(width, overflow="ellipsis")
        if rows and rows[-1].cell_len + 3 + answer.cell_len <= width:
            rows[-1] = Text.assemble(rows[-1], "   ", answer)
        else:
            rows.append(answer)
    return rows


def _wrapped(console: Console, text: str, style: str, width: int) -> list[Text]:
    """Always ``_CUE_ROWS`` rows; a longer text is cut."""
    lines = list(Text(text, style).wrap(console, min(width, _WIDEST_LINE)))
    if len(lines) > _CUE_ROWS:
        lines[_CUE_ROWS - 1].rstrip()
        lines[_CUE_ROWS - 1].append(" …")
    lines = lines[:_CUE_ROWS]
    return [*lines, *[Text()] * (_CUE_ROWS - len(lines))]


def _whole(view: View, width: int, accent: str) -> Text:
    """How much of the session is done."""
    done = round(view.share * width)
    return Text.assemble(("━" * done, accent), ("─" * (width - done), "dim"))


def _times(view: View, width: int) -> Text:
    """Elapsed, the step to come, and remaining: at the left, in the middle and at the right."""
    left, right = Text(view.elapsed), Text(f"−{view.remaining}" if view.remaining else "")
    room = width - 2 * max(left.cell_len, right.cell_len) - 2
    middle = Text.assemble(("next  ", "dim"), view.next_step) if view.next_step else Text("the last step", "dim")
    middle.truncate(max(0, room), overflow="ellipsis")
    before = max(0, (width - middle.cell_len) // 2 - left.cell_len)
    return _ends(Text.assemble(left, " " * before, middle), right, width)


def _hints(view: View) -> Keys:
    """The keys and what they do now."""
    asked = (("1" if len(view.answers) == 1 else f"1–{len(view.answers)}", "answer"),) if view.answers else ()
    keys = [hint for hint in _KEYS if not (asked and hint[1] == "done")]  # a question wants an answer
    return (*asked, *keys)


def _keys(view: View, keys: Keys, width: int) -> Text:
    """The keys and what they do, those that there is room for; or what is more important now."""
    if view.remark:
        return Text(view.remark, "bold")
    row = Text()
    for key, does in keys:
        does = "go on" if view.state is State.PAUSED and does == "pause" else does
        hint = Text.assemble("   " if row else "", (key, "bold"), " ", (does, "dim"))
        if row.cell_len + hint.cell_len > width:
            break
        row.append_text(hint)
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
