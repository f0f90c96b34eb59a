"""``voicecoach compile``: a session to read."""

from __future__ import annotations

from datetime import date

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import jobs_option, script_argument, seed_option, voice_options, wish
from voicecoach.cli.plans import day_option, session_of
from voicecoach.cli.remembered import history_options, session_option, todays
from voicecoach.export.captions import KINDS


@click.command("compile")
@script_argument
@click.option(
    "-f",
    "--format",
    "layout",
    type=click.Choice(["text", "json", *KINDS], case_sensitive=False),
    default="text",
    show_default=True,
    help="A cue sheet to read, JSON for programs, captions (WebVTT, SubRip), lyrics (LRC), or chapters for podcasts.",
)
@click.option("--estimate", is_flag=True, help="Estimate how long lines last instead of speaking them.")
@session_option
@day_option
@history_options
@voice_options
@seed_option
@jobs_option
def command(
    source: str,
    layout: str,
    estimate: bool,
    session: int | None,
    which_day: str | None,
    today: date | None,
    no_history: bool,
    voice: str | None,
    rate: float | None,
    seed: int,
    jobs: int | None,
) -> None:
    """Show what is heard, and when, on standard output.

    Times are those of the session arranged with the voice that would speak it. In the JSON they are seconds from the
    start, rounded to a microsecond. It is today's session: holds that grow are as long, and reminders as far apart, as
    your history says.
    """
    from voicecoach import pipeline
    from voicecoach.review import cuesheet
    from voicecoach.speech import registry

    script, session = session_of(source, which_day, session, today, no_history=no_history)
    due = todays(script, source, today, no_history=no_history, session=session)
    timeline = pipeline.compiled(script, seed=seed, targets=due.targets, bests=due.bests, finished=due.finished)
    wished = wish(voice, rate)
    if estimate:
        arrangement = pipeline.arrange_estimated(timeline, wished)
    else:
        chosen = pipeline.choose_voice(timeline, wished)
        output.warn(source, pipeline.unmet(chosen))
        arrangement = pipeline.arrange_spoken(timeline, chosen, jobs=jobs)
        output.notes(registry.notes())
    if layout in KINDS:
        from voicecoach.export import captions, tags

        output.echo(captions.written(layout, arrangement, tags.of(arrangement, arrangement.frames)), nl=False)
    elif layout == "json":
        click.echo(output.escaped_json(cuesheet.as_json(timeline, arrangement)), nl=False)
    else:
        output.echo(cuesheet.as_text(timeline, arrangement), nl=False)
