"""The seam between voicecoach and whatever takes samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from voicecoach.sound.clip import Samples

Source = Callable[[int], "Samples"]
"""Called with a number of frames; returns that many, float32 of shape (frames, channels), or fewer at the end.

A sink calls it from one thread at a time, which need not be the one that started the sink.
"""


class Sink(Protocol):
    """Where samples go, at the sink's own pace."""

    @property
    def live(self) -> bool:
        """Whether the sink keeps time by itself: then the source has to answer at once, if need be with silence."""
        ...

    def start(self, source: Source, rate: int, channels: int) -> None:
        """Opens the sink and begins to pull frames from ``source``. Raises SinkError where it cannot."""
        ...

    def played(self) -> int:
        """Frames of the source that have been heard, as far as the sink can tell: the clock of the session."""
        ...

    def lost(self) -> bool:
        """Whether what it plays on has gone away; it keeps trying to come back by itself."""
        ...

    def wait(self, seconds: float) -> bool:
        """Waits until the source has ended and all of it has sounded, at most ``seconds``; True when it has.

        What the source raised, it raises.
        """
        ...

    def close(self) -> None:
        """Stops and frees the sink. Safe to call twice."""
        ...
