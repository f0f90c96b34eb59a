"""The seam between a session and the buttons that are no keys of its terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

State = Literal["playing", "paused", "stopped"]


class Button(StrEnum):
    """What can be pressed."""

    PLAY_PAUSE = "play-pause"
    PLAY = "play"
    PAUSE = "pause"
    NEXT = "next"
    PREVIOUS = "previous"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a desktop, a lock screen or a headset shows of a session.

    ``title`` is the step and ``artist`` the workout, ``number`` the index of the step. ``length`` of the step (None
    where it is open) and ``position`` in it are in seconds; before its clock starts the position may be negative.
    """

    title: str
    artist: str
    length: float | None
    position: float
    state: State
    number: int


class Remote(Protocol):
    """Buttons that are heard wherever they are, and what is shown beside them."""

    def start(self) -> None:
        """Begins to listen, in the background: nothing is waited for, and nothing is raised."""
        ...

    def show(self, shown: Shown) -> None:
        """Shows this from now on. Cheap: to be called whenever something may have changed, ten times a second too."""
        ...

    def pressed(self, seconds: float = 0) -> Button | None:
        """The next button that was pressed, each once and in order; None where none is within ``seconds``.

        Any thread may ask.
        """
        ...

    def why_not(self) -> str | None:
        """Why no button will come; None as long as one may."""
        ...

    def close(self) -> None:
        """Shows nothing any more and hears no button. Safe to call twice."""
        ...
