"""A script that is edited while it is played."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from voicecoach.cli import output
from voicecoach.errors import ScriptError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.authoring.saves import Saves
    from voicecoach.script.model import Workout
    from voicecoach.timeline.model import Timeline


class Edit(NamedTuple):
    """What came of a save: where to go on (None: where it is), and what to say of it."""

    step: int | None
    remark: str = ""


class Edits:
    """Looks at what is saved while a session is played.

    ``read`` gives the script as its file says now, and ``compiled`` the timeline of a script on this day.
    """

    def __init__(self, saves: Saves, read: Callable[[], Workout], compiled: Callable[[Workout], Timeline]) -> None:
        self._saves = saves
        self._read = read
        self._compiled = compiled
        self._was = read()

    def look(self, playing: int) -> Edit | None:
        """What came of a save since the last look, if there was one. ``playing`` is the index of a segment."""
        from voicecoach.review.edited import edited

        if not self._saves.wait(0):
            return None
        try:
            now = self._read()
            # chance stays what it was, so that only the edit is heard as a change
            as_it_was = now.model_copy(update={"digest": self._was.digest})
            step = edited(self._before, self._compiled(as_it_was), playing)
        except ScriptError as error:
            first = output.one_line(str(error.problems[0]))
            others = len(error.problems) - 1
            return Edit(None, f"{first}{f' (and {others} more)' if others else ''}")
        except VoicecoachError as error:
            return Edit(None, output.one_line(str(error)))
        if step is None:
            return Edit(None, "saved; what is heard is the same")
        return Edit(step, "saved")

    @cached_property
    def _before(self) -> Timeline:
        """What is being played, however often its script is saved meanwhile; compiled when it is first saved."""
        return self._compiled(self._was)
