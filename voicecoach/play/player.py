"""Plays a session live: a session holds its place, pauses, and goes a step on or back."""

from __future__ import annotations

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.play import sinks
from voicecoach.play.session import Session
from voicecoach.play.sinks.base import Sink

_LOOK = 0.25
"""Seconds between two looks at whether it is over; an interrupt is answered at the next."""


def play(arrangement: Arrangement, sink: Sink | None = None, first: int = 0) -> None:
    """Plays an arrangement from its segment ``first`` on, and returns when it is over.

    ``sink`` is the default sound device where none is given; it is closed in the end. Raises SinkError where there is
    nothing to play on, and whatever else keeps the session from being heard.
    """
    session = Session(arrangement, sinks.open() if sink is None else sink, first)
    try:
        session.start()
        while not session.wait(_LOOK):
            pass
    finally:
        session.close()
