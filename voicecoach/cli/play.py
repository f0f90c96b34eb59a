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
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.errors import VoiceError
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
@click.option("--from", "first", metavar="STEP", help="Begin with this step: its number, or its name.")
@voice_options
@seed_option
def command(
    source: str,
    device: str | None,
    sink_name: str,
    first: str | None,
    voice: str | None,
    rate: float | None,
    seed: int,
) -> None:
    """Play a session live.

    \b
    Keys:  space pauses,  ← and → go a step back and on,  q ends.

    In a terminal the screen shows the step, a large clock, the cues and the progress; in a pipe there is a line a step
    (with --verbose also a line a cue).
    """
    from voicecoach import pipeline
    from voicecoach.arrange import arranger
    from voicecoach.arrange.stand_in import StandIn
    from voicecoach.play.session import Session
    from voicecoach.speech import registry

    timeline = pipeline.compiled(source, seed=seed)
    begin = 0 if first is None else _step(timeline, first)
    wished = wish(voice, rate)
    sink = _sink(sink_name, device)
    chosen = pipeline.choose_voice(timeline, wished)
    output.warn(source, pipeline.unmet(chosen))
    clips = StandIn(pipeline.library(timeline, chosen))
    arrangement = arranger.arrangement(timeline, clips)
    session = Session(arrangement, sink, begin)
    try:
        session.start()
        last = _follow(session, sink, timeline, arrangement, wished)
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


def _follow(session: Session, sink: Sink, timeline: Timeline, arrangement: Arrangement, wished: VoiceWish) -> Moment:
    """Shows the session and obeys the keys until it has ended, or the person ends it; how it stood then."""
    from voicecoach import pipeline
    from voicecoach.cli.display import display
    from voicecoach.cli.keys import Key, keyboard
    from voicecoach.review.view import State, Viewer, expected_begins

    viewer = Viewer(timeline, arrangement.rate, expected_begins(pipeline.arrange_estimated(timeline, wished)))
    with keyboard() as keys, display() as screen:
        while True:
            moment = session.state()
            if moment.error is not None:
                raise moment.error
            if moment.ended:
                return moment
            state = State.LOST if moment.lost else State.PAUSED if moment.paused else State.PLAYING
            screen.show(viewer.view(moment, state), moment.segment)
            if not sink.live:  # pulls only while it is waited for
                session.wait(TICK)
            match keys.read(TICK if sink.live else 0):
                case Key.PAUSE:
                    session.toggle()
                case Key.BACK:
                    session.go(-1)
                case Key.ON:
                    session.go(1)
                case Key.END:
                    return moment


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
