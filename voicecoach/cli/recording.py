"""Lines recorded one after the other in the terminal: what is shown, and what each key does."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from voicecoach.authoring.reading_sheet import about
from voicecoach.cli import failures, output
from voicecoach.cli.keys import GONE, Keyboard, NoKeyboard, keyboard
from voicecoach.errors import AuthoringError, SinkError

if TYPE_CHECKING:
    from voicecoach.authoring.own_voice import Folder
    from voicecoach.authoring.reading import Reading
    from voicecoach.play.recorder import Recorder
    from voicecoach.sound.clip import Clip, Samples
    from voicecoach.sound.take import Take
    from voicecoach.timeline.model import Line

NO_TERMINAL = (
    'record needs a terminal with its keys; elsewhere "--list" prints what to read, '
    'and "--from FOLDER" takes in what was recorded'
)
_LOOK = 0.03
"""Seconds between two looks at the microphone."""
_KEY_SECONDS = 0.12
"""What is heard right after the key that begins a line is its own noise."""
_WIDTH = 40
_RETURN = ("\n", " ")


def record(
    readings: Sequence[Reading],
    names: Mapping[Line, str],
    folder: Folder,
    *,
    microphone: str | None,
    device: str | None,
    plain: bool,
) -> int:
    """Goes through the lines with the person, and puts each that is kept into ``folder``; how many those were.

    Raises AuthoringError where there is no terminal, MicrophoneError where there is nothing to record with or it goes
    away, and ExportError where a recording cannot be written.
    """
    from voicecoach.play.recorder import Recorder

    keys = keyboard()
    if isinstance(keys, NoKeyboard) or not _on_a_terminal():
        raise AuthoringError(NO_TERMINAL)
    kept = 0
    with Recorder(microphone) as recorder, keys:
        booth = _Booth(recorder, keys, lambda clip: _play(clip, device), plain=plain)
        for number, reading in enumerate(readings, start=1):
            output.echo(f"\nLine {number} of {len(readings)} ({about(reading)})\n\n    {reading.line.text}\n")
            take = booth.line()
            if take is None:
                break
            if take.clip.frames:
                with failures.undisturbed():
                    file = folder.put(reading.line, names[reading.line], take.clip)
                output.echo(f"kept: {file.name}")
                kept += 1
    return kept


def _on_a_terminal() -> bool:
    return sys.stdout.isatty()


class _Booth:
    """Where a person reads a line, hears it, and decides."""

    def __init__(self, recorder: Recorder, keys: Keyboard, play: Callable[[Clip], None], *, plain: bool) -> None:
        self._recorder = recorder
        self._keys = keys
        self._play = play
        self._plain = plain or output.console().is_dumb_terminal

    def line(self) -> Take | None:
        """The take that is kept; an empty one where the line is left out, None where the person ends."""
        output.echo("Enter records, s leaves it out, q ends")
        pressed = self._choice("sq")
        while pressed not in ("s", "q"):
            taken = self._take()
            if not taken.clip.frames:
                output.echo(f"{taken.faults[0]}\nEnter records again, s leaves it out, q ends")
                pressed = self._choice("sq")
                continue
            faults = "".join(f"\n  warning: {fault}" for fault in taken.faults)
            output.echo(
                f"{taken.clip.seconds:.1f} s{faults}\nEnter keeps it, r again, p plays it, s leaves it out, q ends"
            )
            while (pressed := self._choice("rpsq")) == "p":
                try:
                    with self._recorder.deaf():
                        self._play(taken.clip)
                except SinkError as error:
                    output.echo(str(error))
            if pressed == "\n":
                return taken
        return None if pressed == "q" else _none(self._recorder.rate)

    def _choice(self, letters: str) -> str:
        """The key that is pressed, of these or Enter, while the level is shown."""
        with self._meter("") as show:
            while True:
                pressed = self._keys.letter(_LOOK)
                show(self._recorder.level())
                if pressed == GONE:
                    return "q"
                if pressed in _RETURN:
                    return "\n"
                if pressed is not None and pressed.lower() in letters:
                    return pressed.lower()

    def _take(self) -> Take:
        from voicecoach.sound import take

        until = time.monotonic() + _KEY_SECONDS
        while time.monotonic() < until:
            self._recorder.level()
            time.sleep(_LOOK)
        self._recorder.begin()
        output.echo("recording: read it aloud; Enter ends, or a second of quiet")
        with self._meter("● ") as show:
            while not self._recorder.said():
                pressed = self._keys.letter(_LOOK)
                if pressed in (*_RETURN, GONE):
                    break
                show(self._recorder.level())
        return take.of(self._recorder.end(), self._recorder.rate)

    def _meter(self, mark: str) -> _Meter:
        return _Meter(mark, drawn=not self._plain)


class _Meter:
    """A row with the level, drawn again and again where that can be."""

    def __init__(self, mark: str, *, drawn: bool) -> None:
        from rich.live import Live

        self._mark = mark
        self._live = Live(console=output.console(), auto_refresh=False, transient=True) if drawn else None

    def __enter__(self) -> Callable[[float], None]:
        if self._live is not None:
            self._live.__enter__()
        return self._show

    def __exit__(self, *what: object) -> None:
        if self._live is not None:
            self._live.__exit__(None, None, None)

    def _show(self, level: float) -> None:
        if self._live is None:
            return
        from rich.text import Text

        from voicecoach.cli.meter import bar
        from voicecoach.sound.onset import Level

        width = max(4, min(_WIDTH, output.console().width - 12))
        drawn = bar(Level(level, level, level), width, learnt=False)
        self._live.update(Text.assemble((self._mark, "bold red"), drawn, f" {level:.0f} dB"), refresh=True)


def _play(clip: Clip, device: str | None) -> None:
    """Plays a clip to its end. Raises SinkError."""
    from voicecoach import config
    from voicecoach.play import sinks

    at = 0

    def source(frames: int) -> Samples:
        nonlocal at
        at += frames
        return clip.samples[at - frames : at]

    sink = sinks.open("device", device or config.load().device)
    try:
        sink.start(source, clip.rate, 1)
        while not sink.wait(_LOOK):
            pass
    finally:
        sink.close()


def _none(rate: int) -> Take:
    import numpy as np

    from voicecoach.sound import take

    return take.of(np.zeros(0, np.float32), rate)
