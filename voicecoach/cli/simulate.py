"""``voicecoach simulate``: a live session without sound, on a clock of its own."""

from __future__ import annotations

import re
import sys
import time
from collections import deque
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from voicecoach import units
from voicecoach.cli import output, plans
from voicecoach.cli.arguments import Factor, script_argument, seed_option
from voicecoach.cli.beginning import Beginning
from voicecoach.cli.failures import MOST_PROBLEMS
from voicecoach.cli.remembered import history_options
from voicecoach.errors import near, shown
from voicecoach.play.wishes import Wanted, Wish

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.cli.display import Display
    from voicecoach.cli.watching import Watching
    from voicecoach.play.coach import Coach
    from voicecoach.play.moment import Moment
    from voicecoach.play.simulation import Simulation
    from voicecoach.timeline.model import Timeline

STEP = 0.1
"""Seconds of the session between two looks at it."""
_LONGEST = 24 * 3600.0
_LINE = re.compile(r"(?P<at>\S+)\s+(?P<wish>[a-z]+)(?:\s+(?P<number>\d{1,9}))?")


WORDS = {**{wish.value: wish for wish in Wish}, "slipped": Wish.DONE}
"""What each word of an event means; "slipped" is what the log calls a hold that was ended before its target."""


class Event(NamedTuple):
    """What the person wants, so many seconds after the session began; ``place`` is where that is written."""

    at: float
    wanted: Wanted
    place: str = ""


@click.command("simulate")
@script_argument
@click.option("--speed", type=Factor(0.1, 10_000), help="How many times as fast as time goes by (as it can).")
@click.option("--events", "file", type=click.File(encoding="utf-8"), help='Lines such as "1:23 done", "2:05 answer 2".')
@click.option("--plain", is_flag=True, help="No screen: a line an event, as in a pipe.")
@plans.day_option
@history_options
@seed_option
def command(
    source: str,
    speed: float | None,
    file: TextIO | None,
    plain: bool,
    which_day: str | None,
    today: date | None,
    no_history: bool,
    seed: int,
) -> None:
    """Run a live session without sound, and without waiting.

    \b
    --events says what the person does, and when since the session began, a line each:
        1:23 done        a hold is over, or it goes on      0:40 back     a step back
        1:23 slipped     the same                           3:10 on       a step on
        2:05 answer 2    the second answer                  3:00 next     as the button of a headset
        2:30 pause       and again: goes on                 3:20 noise    a clap, as with play --listen
        9:00 end         the session is left
    halt only pauses, play only goes on; louder and softer are for the voice, music silences it or lets it be heard.

    What the history knows is told as play tells it, and nothing is added to it.

    Where a session waits and the next line is not what it waits for, it goes on as a file would. A line that does
    nothing is told, and why.
    """
    from contextlib import ExitStack

    from voicecoach import pipeline
    from voicecoach.arrange import arranger
    from voicecoach.arrange.estimate import Estimate
    from voicecoach.cli.display import display
    from voicecoach.play.coach import Coach
    from voicecoach.play.simulation import Simulation

    events = deque(read(file.name, file) if file is not None else ())
    speed = speed or (60.0 if sys.stdout.isatty() and not plain else None)
    with ExitStack() as last_of_all:
        script = plans.opened(source, which_day, today, no_history=no_history)
        begun = Beginning(script, source, seed, True, last_of_all)
        if not no_history:
            begun.remember(today, rehearsal=True)
        begun.begin(resume=False, wanted=None)
        course = begun.course
        timeline = course.timeline
        lengths = Estimate(speed=pipeline.speed(timeline), cache=pipeline.cache(), recorded=timeline.recorded)

        def arrange(timeline: Timeline) -> Arrangement:
            return arranger.arrangement(timeline, lengths)

        first = arrange(course.timeline)
        simulation = Simulation(first)
        coach = Coach(course, simulation, arrange, first, begun.diary())
        screen = display(plain=plain, obeys=False)
        moment, idle = _followed(coach, simulation, events, speed, screen)
        begun.end(finished=moment.ended)
        screen.close(begun.closing(finished=moment.ended))
    if not moment.ended:
        output.note(f"ended in step {moment.segment + 1}")
    over = f"the session was over at {units.format_clock(simulation.seconds)}"
    late = over if moment.ended else "the session was ended before"
    for event, why in (*idle, *((event, late) for event in events)):
        output.note(f"{event.place} does nothing: {why}")


def _followed(
    coach: Coach, simulation: Simulation, events: deque[Event], speed: float | None, display: Display
) -> tuple[Moment, list[tuple[Event, str]]]:
    """Shows the session until it has ended, or is ended by an event; those that are over are taken away.

    Gives how it stood then, and the events that did nothing, each with the reason.
    """
    from voicecoach import pipeline
    from voicecoach.cli.suspension import Suspension
    from voicecoach.cli.watching import Watching

    idle: list[tuple[Event, str]] = []
    with display as screen, Suspension() as suspension:
        watching = Watching(coach, screen, pipeline.NO_WISH)
        while not (moment := watching.look()).ended and simulation.seconds < _LONGEST:
            if suspension.wanted:
                with screen.released():
                    suspension.stand_still()
            event = next_of(events, simulation.seconds)
            wanted = _of_nobody(coach, moment, events, watching) if event is None else event.wanted
            if wanted is not None and wanted.wish is Wish.END:
                break
            if wanted is not None:
                if not watching.wants(wanted) and event is not None:
                    idle.append((event, coach.why_not))
                continue
            seconds = min(STEP, max(0.001, events[0].at - simulation.seconds)) if events else STEP
            simulation.advance(seconds)
            if speed is not None:
                time.sleep(seconds / speed)
    coach.close()
    return moment, idle


def next_of(events: deque[Event], seconds: float) -> Event | None:
    """What is wanted now."""
    return events.popleft() if events and events[0].at <= seconds + 1e-6 else None


def _of_nobody(coach: Coach, moment: Moment, events: deque[Event], watching: Watching) -> Wanted | None:
    """Where nobody does anything, a session that waits goes on as a file does."""
    if moment.paused:
        return None if events else Wanted(Wish.PLAY)
    on = coach.course.timeline.segments[moment.segment]
    if on.waits is None or moment.passage is None:
        return None
    from voicecoach.timeline.model import Role

    waits = on.waits
    if on.answers:  # and what it says is heard to its end
        said = [placement.end for placement in moment.passage.placements if placement.role is Role.SAY]
        waits = max(watching.expected(moment.segment), max(said, default=0) / coach.rate)
    ends_it = (Wish.ANSWER,) if on.answers else (Wish.DONE, Wish.NEXT, Wish.NOISE)
    if moment.frame < waits * coach.rate or (events and events[0].wanted.wish in ends_it):
        return None
    return Wanted(Wish.ON if on.answers else Wish.DONE)


def read(name: str, lines: Iterable[str]) -> list[Event]:
    """The events of a file, by time. Raises BadParameter naming every line that is none."""
    events: list[Event] = []
    wrong: list[str] = []
    try:
        written = list(lines)
    except UnicodeDecodeError:
        raise click.BadParameter(f"{name} is not UTF-8 text", param_hint="--events") from None
    for number, line in enumerate(written, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        try:
            events.append(_event(text)._replace(place=output.one_line(f'{name}:{number}: "{text}"')))
        except ValueError as error:
            wrong.append(output.one_line(f"{name}:{number}: {error}"))
    if wrong:
        more = [f"… and {len(wrong) - MOST_PROBLEMS} more"] if len(wrong) > MOST_PROBLEMS else []
        lines = "\n  ".join([*wrong[:MOST_PROBLEMS], *more])
        told = lines if len(wrong) == 1 else f"{len(wrong)} lines are no events\n  {lines}"
        raise click.BadParameter(told, param_hint="--events")
    return sorted(events, key=lambda event: event.at)


def _event(text: str) -> Event:
    found = _LINE.fullmatch(text.casefold())
    if found is None:
        raise ValueError(f'{shown(text)} is no event (write "1:23 done", or "2:05 answer 2")')
    wish = WORDS.get(found["wish"])
    if wish is None:
        raise ValueError(f"{shown(found['wish'])} is nothing that a person can want{near(found['wish'], WORDS)}")
    if (wish is Wish.ANSWER) != (found["number"] is not None):
        raise ValueError('an answer has a number, as "answer 2", and nothing else has')
    return Event(units.parse_duration(found["at"]), Wanted(wish, int(found["number"] or 0)))
