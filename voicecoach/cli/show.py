"""``voicecoach show``: a session as a picture."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from voicecoach import units
from voicecoach.cli import output
from voicecoach.cli.arguments import jobs_option, path_if_any, script_argument, seed_option, voice_options, wish
from voicecoach.cli.plans import day_option, session_of
from voicecoach.cli.remembered import history_options, session_option, todays
from voicecoach.errors import meant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.review.chart.characters import Line
    from voicecoach.review.chart.lanes import Lanes
    from voicecoach.review.chart.signs import Signs
    from voicecoach.review.picture import Theme
    from voicecoach.speech.registry import ChosenVoice
    from voicecoach.timeline.model import Timeline

_KINDS = ("svg", "png", "html")
_COLOURS = {
    "name": "bold",
    "hold": "blue",
    "work": "red",
    "reps": "magenta",
    "run": "green",
    "walk": "cyan",
    "rest": "dim",
    "talk": "dim",
    "wait": "yellow",
    "reminders": "yellow",
    "music": "dim",
}
"""The terminal's own colours, by what is drawn."""


@click.command("show")
@script_argument
@click.option(
    "-o",
    "--output",
    "where",
    metavar="FILE",
    callback=path_if_any,
    help="A picture instead: .svg, .png (needs pillow), or .html, a page that tells each line.",
)
@click.option("--audio", is_flag=True, help="Put the sound into the page too: a click plays from there.")
@click.option("--stats", is_flag=True, help="What it comes to: time under tension, words, talk and silence.")
@click.option(
    "-f",
    "--format",
    "layout",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="With --stats: lines to read, or JSON for programs.",
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="How a picture is coloured; auto is as who looks at it likes, and light in a PNG.",
)
@click.option(
    "--width",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="Columns of the terminal (20 to 300), or pixels of a picture (320 to 4000), of which a PNG has twice as many.",
)
@session_option
@day_option
@history_options
@voice_options
@seed_option
@jobs_option
def command(
    source: str,
    where: Path | None,
    audio: bool,
    stats: bool,
    layout: str,
    theme: Theme,
    width: int | None,
    session: int | None,
    which_day: str | None,
    today: date | None,
    no_history: bool,
    voice: str | None,
    rate: float | None,
    seed: int,
    jobs: int | None,
) -> None:
    """Show the workout as a picture: its steps and what is heard, lane by lane over time.

    Lengths are those that will be heard where every line has been spoken before, or with --audio; otherwise they are
    estimated, and the picture says so. It is today's session: holds that grow are as long, and reminders as far apart,
    as your history says.
    """
    kind = _kind(where)
    _check(kind, width, theme, audio=audio, stats=stats, layout=layout)
    from voicecoach import pipeline

    script, session = session_of(source, which_day, session, today, no_history=no_history)
    due = todays(script, source, today, no_history=no_history, session=session)
    timeline = pipeline.compiled(script, seed=seed, targets=due.targets, bests=due.bests, finished=due.finished)
    screen = None if stats or where is not None else _Screen.of(width)
    if screen is not None:
        screen.begin(timeline)  # at once: the rest of a long session takes a while
    wished = wish(voice, rate)
    chosen = pipeline.choose_voice(timeline, wished)
    output.warn(source, pipeline.unmet(chosen))
    spoken = _spoken(timeline, chosen, jobs) if audio else pipeline.arrange_kept(timeline, chosen)
    arrangement = spoken or pipeline.arrange_estimated(timeline, wished)
    if stats:
        _tell_figures(timeline, arrangement, layout, estimated=spoken is None)
        return
    from voicecoach.review.chart.lanes import lanes

    drawn = lanes(timeline, arrangement, estimated=spoken is None)
    if screen is not None:
        screen.draw(drawn)
    if where is None:
        return
    from voicecoach.review.chart.drawing import WIDTH, drawing

    if kind == "html":
        sound = _sound(arrangement, jobs) if audio else None
        from voicecoach.review.chart.figures import figures
        from voicecoach.review.chart.page import page

        told = figures(timeline, arrangement, estimated=spoken is None)
        parts = page(drawn, told, theme=theme, width=width or WIDTH, audio=sound)
        _write(where, (part.encode("utf-8", "replace") for part in parts), drawn)
        return
    picture = drawing(drawn, width or WIDTH)
    content = picture.as_png(theme) if kind == "png" else picture.as_svg(theme).encode("utf-8", "replace")
    _write(where, (content,), drawn)


def _kind(where: Path | None) -> str | None:
    """What a file is to be, by its suffix."""
    if where is None:
        return None
    kind = where.suffix.lower().removeprefix(".")
    if kind == "htm":
        return "html"
    if kind not in _KINDS:
        likely = meant(kind, _KINDS, 1) if kind else ""
        raise click.UsageError(f"{where}: {likely or 'its suffix says no picture'} (there are: .svg, .png, .html)")
    return kind


def _check(kind: str | None, width: int | None, theme: Theme, *, audio: bool, stats: bool, layout: str) -> None:
    """Refuses what would change nothing."""
    if audio and kind != "html":
        raise click.UsageError("--audio is for a page: write -o FILE.html")
    if stats and kind is not None:
        raise click.UsageError(
            "--stats prints figures, and -o draws a picture; a page (.html) has the figures below it"
        )
    if layout == "json" and not stats:
        raise click.UsageError('-f json is for --stats; "voicecoach compile -f json" tells all that is heard')
    if theme != "auto" and kind is None:
        raise click.UsageError("--theme is for a picture: write -o FILE.svg")
    if width is None:
        return
    if stats:
        raise click.UsageError("--width is for a picture, and --stats draws none")
    from voicecoach.review.chart import characters, drawing

    least, most = (characters.NARROWEST, characters.WIDEST) if kind is None else (drawing.NARROWEST, drawing.WIDEST)
    if not least <= width <= most:
        what = "columns" if kind is None else "pixels"
        raise click.UsageError(f"--width {width} is not from {least} to {most} {what}")


def _spoken(timeline: Timeline, voice: ChosenVoice, jobs: int | None) -> Arrangement:
    """The arrangement with every line spoken."""
    from voicecoach import pipeline
    from voicecoach.cli.bar import progress
    from voicecoach.speech import registry

    with progress() as bar:
        spoken = pipeline.arrange_spoken(
            timeline, voice, jobs=jobs, progress=lambda done, total: bar(timeline.title, done / max(total, 1))
        )
    output.notes(registry.notes())
    return spoken


def _sound(arrangement: Arrangement, jobs: int | None) -> tuple[str, bytes]:
    """The session as M4A, which every browser of today plays, made as an export makes it."""
    from tempfile import TemporaryDirectory

    from voicecoach import pipeline
    from voicecoach.cli.bar import progress
    from voicecoach.errors import ExportError
    from voicecoach.export.exporter import export
    from voicecoach.review.chart.page import LARGEST_AUDIO

    with TemporaryDirectory(prefix="voicecoach-") as folder, progress() as bar:
        path = Path(folder) / "session.m4a"
        export(
            arrangement,
            path,
            jobs=jobs,
            cache=pipeline.cache(),
            progress=lambda done, total: bar(arrangement.title, done / max(total, 1)),
        )
        size = path.stat().st_size
        if size > LARGEST_AUDIO:
            most = units.format_size(LARGEST_AUDIO)
            raise ExportError(
                f"the sound takes {units.format_size(size)}, and a page holds {most} at most: leave out --audio, and"
                ' export it to a file ("voicecoach export")'
            )
        return "audio/mp4", path.read_bytes()


def _tell_figures(timeline: Timeline, arrangement: Arrangement, layout: str, *, estimated: bool) -> None:
    from voicecoach.review.chart import figures

    told = figures.figures(timeline, arrangement, estimated=estimated)
    if layout == "json":
        click.echo(output.escaped_json(figures.as_json(told)), nl=False)
        return
    rows = list(figures.rows(told))
    wide = max(len(name) for name, _ in rows)
    output.echo(output.one_line(told.title))
    for name, value in rows:
        output.echo(output.one_line(f"{name:<{wide}}  {value}"))


class _Screen(NamedTuple):
    """Where the picture is drawn in characters: as wide as the terminal is, with signs that it can show."""

    columns: int
    signs: Signs

    @classmethod
    def of(cls, width: int | None) -> _Screen:
        import shutil

        from voicecoach.review.chart.signs import BLOCKS, PLAIN

        signs = BLOCKS if output.shows(BLOCKS.all) else PLAIN
        return cls(width or shutil.get_terminal_size().columns, signs)

    def begin(self, timeline: Timeline) -> None:
        from voicecoach.review.chart import characters

        self._print(characters.heading(timeline.title, timeline.summary, self.columns, self.signs))

    def draw(self, drawn: Lanes) -> None:
        from voicecoach.review.chart import characters

        self._print(characters.drawn(drawn, self.columns, self.signs))

    def _print(self, lines: Iterable[Line]) -> None:
        if not sys.stdout.isatty():
            for line in lines:
                output.echo("".join(run.text for run in line).rstrip())
            return
        from rich.text import Text

        console = output.console()
        for line in lines:
            runs = Text.assemble(*((run.text, _COLOURS.get(run.role, "")) for run in line))
            runs.rstrip()
            console.print(runs, no_wrap=True, overflow="ignore", crop=False)


def _write(path: Path, parts: Iterable[bytes], drawn: Lanes) -> None:
    from voicecoach.store.atomic import writing

    with writing(path) as file:
        for part in parts:
            file.write(part)
    output.report(output.one_line(f"{path}: {drawn.title}, {drawn.heading}"))
