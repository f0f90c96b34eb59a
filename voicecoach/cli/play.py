"""``voicecoach play``: a session live.

The sound starts before anything is drawn: what draws is imported only when the sink plays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import click

from voicecoach.cli import output, plans
from voicecoach.cli.arguments import script_argument, seed_option, voice_options, wish
from voicecoach.cli.beginning import Beginning
from voicecoach.cli.edits import Edits
from voicecoach.cli.hearing import Hearing, microphone_option
from voicecoach.cli.remembered import history_options

if TYPE_CHECKING:
    from voicecoach.authoring.saves import Saves
    from voicecoach.cli.buttons import Buttons
    from voicecoach.cli.display import Display
    from voicecoach.cli.keys import Keyboard
    from voicecoach.errors import VoiceError
    from voicecoach.play.coach import Coach
    from voicecoach.play.moment import Moment
    from voicecoach.play.session import Session
    from voicecoach.play.sinks import Sink
    from voicecoach.play.wishes import Wanted
    from voicecoach.review.closing import Closing
    from voicecoach.timeline.model import Line, VoiceWish

TICK = 0.1
"""Seconds between two looks at the session; drawn is only what has changed."""
FALLS_SILENT = 0.3
"""Seconds after which nothing of what a device was given before a pause is heard any more."""
_POLLS = 5
"""How often in that time keys and buttons are looked at."""


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
@click.option(
    "--listen", is_flag=True, help="Let a clap, a shout or a knock end a hold, or a step that waits; nothing is kept."
)
@microphone_option
@click.option("--plain", is_flag=True, help="No screen: a line an event, as in a pipe.")
@click.option("--resume", is_flag=True, help="Go on with the last session of the script where it was interrupted.")
@plans.day_option
@click.option(
    "--watch",
    is_flag=True,
    help="At each save of the script go on from the step that was edited; nothing is remembered.",
)
@history_options
@click.option("--from", "first", metavar="STEP", help="Begin with this step: its number, or its name.")
@voice_options
@seed_option
def command(
    source: str,
    device: str | None,
    sink_name: str,
    listen: bool,
    microphone: str | None,
    plain: bool,
    resume: bool,
    which_day: str | None,
    watch: bool,
    today: date | None,
    no_history: bool,
    first: str | None,
    voice: str | None,
    rate: float | None,
    seed: int,
) -> None:
    """Play a session live.

    \b
    Keys:  space pauses,  ← and → go a step back and on,  f or Enter says that a hold is over, or goes on,
           1 to 9 answer a question, which f does not,  + and − make the voice louder and softer,
           m silences the music,  q ends,
           Ctrl-Z suspends ("fg" goes on).

    In a terminal the screen shows the step, a large clock, the cues and the progress; in a pipe there is a line a step,
    what is said in steps that only speak or ask, each hold that you end, and each answer (with --verbose also a line
    a cue).
    """
    from contextlib import ExitStack

    from voicecoach import script
    from voicecoach.cli.keys import NoKeyboard, keyboard
    from voicecoach.speech import registry

    if resume and no_history:
        raise click.UsageError("--resume goes on with a session that is remembered, and --no-history knows of none")
    if resume and first is not None:
        raise click.UsageError("--resume goes on where the last session was left, and --from begins elsewhere")
    if watch and (resume or source == "-"):
        raise click.UsageError("--watch is for a script in a file, and plays it anew")
    if microphone is not None and not listen:
        raise click.UsageError("--microphone is for --listen")
    sink = _sink(sink_name, device)
    if listen and not sink.live:
        raise click.UsageError(f'--listen is for a session that keeps time, as the output "device", not "{sink_name}"')
    keys = keyboard()
    said: dict[str, object] = {"--voice": voice, "--rate": rate, "--device": device}
    said |= {"--day": which_day, "--listen": listen or None, "--microphone": microphone}
    said |= {"--output": None if sink_name == "device" else sink_name}
    # where nobody can say that it goes on, nobody is waited for
    live = sink.live and (listen or not isinstance(keys, NoKeyboard))
    wished = wish(voice, rate)
    with ExitStack() as last_of_all:
        saves: Saves | None = None
        if watch:
            from voicecoach.authoring.saves import Saves

            saves = last_of_all.enter_context(Saves(script.files(source)))
        while True:
            with ExitStack() as until:
                opened = plans.opened(source, which_day, today, no_history=no_history)
                begun = Beginning(opened, source, seed, live, until)
                if not no_history and live:
                    begun.remember(today)
                begun.begin(resume=resume, wanted=first)
                edits = None if saves is None else Edits(saves, begun.read, begun.compiled)
                hearing = until.enter_context(Hearing(microphone, on=listen))
                try:
                    left = _perform(source, begun, sink, keys, hearing, wished, plain, edits)
                except KeyboardInterrupt:
                    if begun.remembered:
                        output.note(_way_on(source, said | {"--resume": True}))
                    raise
            if saves is None or left.goes_on_at is None:
                break
            saves.follow(script.files(source))
            which_day = which_day if opened.day is None else opened.day.written
            first, sink = str(left.goes_on_at + 1), _sink(sink_name, device)
    output.notes(registry.notes())
    if not left.last.ended:
        number = left.last.segment + 1
        # an answer leads to steps that have no number without it
        counted = not any(done.answer is not None for done in begun.course.path)
        there = {"--resume": True} if begun.remembered else {"--seed": seed or None, "--from": number}
        hint = f"; {_way_on(source, said | there)}" if begun.remembered or counted else ""
        output.note(f"ended in step {number}{hint}")


class _Left(NamedTuple):
    """How a session stood when it had ended, or was ended, and what shows where it was watched what it has come to.

    ``goes_on_at`` is the index of the segment from which the script is to be heard that was edited; None without one.
    """

    last: Moment
    close: Callable[[Closing], None]
    goes_on_at: int | None = None


def _perform(
    source: str,
    begun: Beginning,
    sink: Sink,
    keys: Keyboard,
    hearing: Hearing,
    wished: VoiceWish,
    plain: bool,
    edits: Edits | None,
) -> _Left:
    """Plays a session that has begun, and remembers it, unless its script is being edited."""
    from voicecoach import pipeline
    from voicecoach.arrange import arranger
    from voicecoach.arrange.stand_in import StandIn
    from voicecoach.play.coach import Coach
    from voicecoach.play.session import Session

    course, timeline = begun.course, begun.course.timeline
    chosen = pipeline.choose_voice(timeline, wished)
    output.warn(source, pipeline.unmet(chosen))
    clips = StandIn(pipeline.library(timeline, chosen))
    arrangement = arranger.arrangement(timeline, clips)
    session = Session(arrangement, hearing.overhear(sink), course.segment, begun.into)
    try:
        session.start()
        from voicecoach.cli.display import display

        diary = begun.diary() if edits is None else None
        coach = Coach(course, session, lambda timeline: arranger.arrangement(timeline, clips), arrangement, diary)
        try:
            if begun.into:
                coach.take_up()
            screen = display(plain=plain, said=begun.said)
            left = _follow(coach, session, sink, keys, hearing, wished, screen, edits)
        except KeyboardInterrupt:
            begun.end(finished=False)
            raise
        begun.end(finished=left.last.ended)
        if left.goes_on_at is None:
            left.close(begun.closing(finished=left.last.ended))
    finally:
        session.close()
        _tell_missed(clips.missed)
    return left


def _tell_missed(missed: Mapping[Line, VoiceError]) -> None:
    for error in list(missed.values())[:1]:
        others = f" (and {len(missed) - 1} more)" if len(missed) > 1 else ""
        output.note(output.one_line(f"a tone stood for a line that could not be spoken{others}: {error}"))


def _way_on(source: str, options: Mapping[str, object]) -> str:
    again = "" if source != "-" else " (with the same script on standard input)"
    return f"to go on there: {_call(source, options)}{again}"


def _call(source: str, options: Mapping[str, object]) -> str:
    """The call that plays a script so, as it is written in a shell."""
    given = [(name,) if value is True else (name, str(value)) for name, value in options.items() if value is not None]
    return output.call("voicecoach", "play", source, *chain.from_iterable(given))


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


@contextmanager
def _closed(coach: Coach) -> Iterator[None]:
    """Closes it in the end, also where a signal to end comes just then: a window that is closed sends one or two."""
    from voicecoach.cli.failures import undisturbed

    try:
        try:
            yield
        finally:
            with undisturbed():
                coach.close()
    except KeyboardInterrupt:
        with undisturbed():
            coach.close()
        raise


def _follow(
    coach: Coach,
    session: Session,
    sink: Sink,
    keyboard: Keyboard,
    hearing: Hearing,
    wished: VoiceWish,
    display: Display,
    edits: Edits | None,
) -> _Left:
    """Shows the session and obeys the person until it has ended, or is ended, or its script was edited."""
    from voicecoach.cli.buttons import Buttons
    from voicecoach.cli.suspension import Suspension
    from voicecoach.cli.watching import Watching
    from voicecoach.play.wishes import Wanted, Wish

    with (
        keyboard as keys,
        display as screen,
        Buttons(coach, on=sink.live) as buttons,
        Suspension() as suspension,
        _closed(coach),  # before the terminal is given back, which may have gone
    ):
        watching = Watching(coach, screen, wished)
        while True:
            moment = watching.look(hearing.remark())
            if moment.ended:
                return _Left(moment, screen.close)
            buttons.show(moment)
            if suspension.wanted:
                halted = coach.wants(Wanted(Wish.HALT))
                time.sleep(FALLS_SILENT if halted else 0)
                with screen.released(), keys.released():
                    suspension.stand_still()
                hearing.typed()  # at the shell
                if halted:
                    coach.wants(Wanted(Wish.PLAY))
            if edits is not None and (edit := edits.look(moment.segment)) is not None:
                if edit.step is not None:
                    return _Left(moment, screen.close, edit.step)
                screen.tell(edit.remark)
            if not sink.live:  # pulls only while it is waited for
                session.wait(TICK)
            wanted = _wanted(keys, buttons, hearing, _POLLS if sink.live else 0)
            if wanted is not None and wanted.wish is Wish.END:
                return _Left(moment, screen.close)
            if wanted is not None and not watching.wants(wanted) and wanted.wish is not Wish.NOISE:
                screen.tell(coach.why_not)  # a noise may have been anything


def _wanted(keys: Keyboard, buttons: Buttons, hearing: Hearing, polls: int) -> Wanted | None:
    """What the person wants next, by whatever it is told; None where it is nothing for a tick."""
    for poll in range(polls + 1):
        pressed = keys.read(TICK / _POLLS if poll else 0)
        if pressed is not None:
            hearing.typed()
            return pressed
        wanted = buttons.wanted() or hearing.wanted()
        if wanted is not None:
            return wanted
    return None
