"""``voicecoach play``: a session live.

The sound starts before anything is drawn: what draws is imported only when the sink plays.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.arguments import script_argument, seed_option, voice_options, wish
from voicecoach.errors import near, shown

if TYPE_CHECKING:
    from voicecoach.cli.keys import Keyboard
    from voicecoach.errors import VoiceError
    from voicecoach.play.coach import Coach
    from voicecoach.play.session import Moment, Session
    from voicecoach.play.sinks import Sink
    from voicecoach.timeline.model import Line, Timeline, VoiceWish

_LONGEST_NUMBER = 9
"""Digits of the number of a step; Python refuses to read numbers of thousands."""
TICK = 0.1
"""Seconds between two looks at the session; drawn is only what has changed."""


@click.command("play")
@script_argument
@click.option(
    "--device", metavar="NAME", help='The device to play on, or a part of its name ("voicecoach doctor" lists them).'
)
@click.option(
    "--output",
    "sink_name",
    metavar="NAME",
    default="device",
    show_default=True,
    help='Where the sound goes: "device", "simpleaudio", "file:PATH" or "memory".',
)
@click.option("--plain", is_flag=True, help="No screen: a line an event, as in a pipe.")
@click.option("--from", "first", metavar="STEP", help="Begin with this step: its number, or its name.")
@voice_options
@seed_option
def command(
    source: str,
    device: str | None,
    sink_name: str,
    plain: bool,
    first: str | None,
    voice: str | None,
    rate: float | None,
    seed: int,
) -> None:
    """Play a session live.

    \b
    Keys:  space pauses,  ← and → go a step back and on,  f or Enter says that a hold is over, or goes on,
           1 to 9 answer,  + and − make the voice louder and softer,  m silences the music,  q ends.

    In a terminal the screen shows the step, a large clock, the cues and the progress; in a pipe there is a line a step
    (with --verbose also a line a cue).
    """
    from functools import partial

    from voicecoach import pipeline
    from voicecoach.arrange import arranger
    from voicecoach.arrange.stand_in import StandIn
    from voicecoach.cli.keys import NoKeyboard, keyboard
    from voicecoach.play.coach import Coach
    from voicecoach.play.session import Session
    from voicecoach.script.source import opened
    from voicecoach.speech import registry
    from voicecoach.timeline.course import Course
    from voicecoach.timeline.model import Done, Why

    script = opened(source)
    sink = _sink(sink_name, device)
    # where nobody can say so, nobody is waited for
    keys = keyboard()
    live = sink.live and not isinstance(keys, NoKeyboard)
    timeline = pipeline.compiled(script, seed=seed, live=live)
    begin = 0 if first is None else _step(timeline, first)
    wished = wish(voice, rate)
    chosen = pipeline.choose_voice(timeline, wished)
    output.warn(source, pipeline.unmet(chosen))
    clips = StandIn(pipeline.library(timeline, chosen))
    arrangement = arranger.arrangement(timeline, clips)
    path = [Done(segment.waits or segment.duration or 0.0, Why.SKIPPED) for segment in timeline.segments[:begin]]
    course = Course(partial(pipeline.workout, script), seed=seed, path=path, live=live, timeline=timeline)
    session = Session(arrangement, sink, begin)
    coach = Coach(course, session, lambda timeline: arranger.arrangement(timeline, clips), arrangement)
    try:
        session.start()
        last = _follow(coach, session, sink, keys, wished, plain)
    finally:
        session.close()
        _tell_missed(clips.missed)
    for note in registry.notes():
        output.note(output.one_line(note))
    if last.ended:
        output.note(output.one_line(f"{timeline.title}: done"))
    else:
        number = last.segment + 1
        options = {"--voice": voice, "--rate": rate, "--seed": seed or None, "--device": device}
        options |= {"--output": None if sink_name == "device" else sink_name, "--from": number}
        again = "" if source != "-" else " (with the same script on standard input)"
        output.note(f"ended in step {number}; to go on there: {_call(source, options)}{again}")


def _tell_missed(missed: Mapping[Line, VoiceError]) -> None:
    for error in list(missed.values())[:1]:
        others = f" (and {len(missed) - 1} more)" if len(missed) > 1 else ""
        output.note(output.one_line(f"a tone stood for a line that could not be spoken{others}: {error}"))


def _call(source: str, options: Mapping[str, object]) -> str:
    """The call that plays a script so, as it is written in a shell."""
    given = [(name, str(value)) for name, value in options.items() if value is not None]
    words = ["voicecoach", "play", source, *chain.from_iterable(given)]
    if sys.platform == "win32":
        from subprocess import list2cmdline

        return list2cmdline(words)
    return shlex.join(words)


def _sink(name: str, device: str | None) -> Sink:
    from voicecoach import config
    from voicecoach.play import sinks

    if name == "device":
        # imported after numpy it costs nearly three times as much, and all else needs numpy
        import_module("voicecoach.play.sinks.miniaudio")
        device = device or config.load().device
    elif device is not None and not name.startswith("device"):
        raise click.UsageError(f'--device is for the output "device", not for "{name}"')
    return sinks.open(name, device)


def _follow(coach: Coach, session: Session, sink: Sink, keyboard: Keyboard, wished: VoiceWish, plain: bool) -> Moment:
    """Shows the session and obeys the keys until it has ended, or the person ends it; how it stood then."""
    from voicecoach.cli.display import display
    from voicecoach.cli.watching import Watching
    from voicecoach.play.wishes import Wish

    with keyboard as keys, display(plain=plain) as screen:
        watching = Watching(coach, screen, wished)
        while True:
            moment = watching.look()
            if moment.ended:
                return moment
            if not sink.live:  # pulls only while it is waited for
                session.wait(TICK)
            wanted = keys.read(TICK if sink.live else 0)
            if wanted is not None and wanted.wish is Wish.END:
                return moment
            if wanted is not None:
                coach.wants(wanted)


def _step(timeline: Timeline, wanted: str) -> int:
    """Index of the segment that ``--from`` means: its number, counted from 1, or the first with that name."""
    count = len(timeline.segments)
    if wanted.isdecimal():
        number = int(wanted) if len(wanted) <= _LONGEST_NUMBER else 0
        if not 1 <= number <= count:
            raise click.BadParameter(f"there is no step {shown(wanted)}: the session has {count}", param_hint="--from")
        return number - 1
    for segment in timeline.segments:
        if wanted.casefold() in (segment.name.casefold(), segment.label.casefold(), segment.block.casefold()):
            return segment.index
    names = list(dict.fromkeys(name for s in timeline.segments for name in (s.name, s.block) if name))
    complaint = output.one_line(f"no step is called {shown(wanted)}{near(wanted, names)}")
    raise click.BadParameter(complaint, param_hint="--from")
