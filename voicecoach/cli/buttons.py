"""Buttons of headsets, keyboards and desktops, and a computer that stays awake, while a session plays."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from voicecoach.play.wishes import Wanted, Wish

if TYPE_CHECKING:
    from types import TracebackType

    from voicecoach.play.coach import Coach
    from voicecoach.play.moment import Moment


class Buttons:
    """Shows the session to the system around it, and tells what is pressed there; nothing where it is not ``on``."""

    def __init__(self, coach: Coach, *, on: bool) -> None:
        self._coach = coach
        self._on = on
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self._on:
            from voicecoach.play import remote
            from voicecoach.play.awake import awake

            self._remote = remote.open()
            self._open.callback(self._remote.close)
            self._remote.start()
            self._open.enter_context(awake())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def show(self, moment: Moment) -> None:
        """Tells how the session stands."""
        if not self._on:
            return
        from voicecoach.play.remote import Shown

        timeline = self._coach.course.timeline
        segment = timeline.segments[min(moment.segment, len(timeline.segments) - 1)]
        length = None if segment.waits is not None or moment.passage is None else moment.passage.end / self._coach.rate
        self._remote.show(
            Shown(
                title=segment.label or segment.chapter or timeline.title,
                artist=timeline.title,
                length=length,
                position=moment.frame / self._coach.rate,
                state="paused" if moment.paused else "playing",
                number=moment.segment,
            )
        )

    def wanted(self) -> Wanted | None:
        """What a button asks for."""
        if not self._on:
            return None
        pressed = self._remote.pressed()
        return None if pressed is None else Wanted(_MEANS[pressed.value])


_MEANS = {
    "play-pause": Wish.PAUSE,
    "play": Wish.PLAY,
    "pause": Wish.HALT,
    "next": Wish.NEXT,
    "previous": Wish.BACK,
    "stop": Wish.END,
}
