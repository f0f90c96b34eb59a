"""What is heard in the place of a line that cannot be spoken, where the session has to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.arrange.arrangement import Clips
from voicecoach.errors import VoiceError
from voicecoach.timeline.model import Content, Line, Sound

if TYPE_CHECKING:
    from voicecoach.sound.clip import Audio

TONE = Sound("countdown")


class StandIn:
    """Clips in which a tone stands for each line that the voice fails to speak.

    ``missed`` are those lines, in their order, and why; what failed once is not tried again.
    """

    def __init__(self, clips: Clips) -> None:
        self.missed: dict[Line, VoiceError] = {}
        self._clips = clips

    def frames(self, what: Content) -> int:
        """Length in frames. Raises AudioFileError."""
        try:
            return self._clips.frames(self._heard(what))
        except VoiceError as error:
            return self._clips.frames(self._miss(what, error))

    def clip(self, what: Content) -> Audio:
        """The audio; not to be written to. Raises AudioFileError."""
        try:
            return self._clips.clip(self._heard(what))
        except VoiceError as error:
            return self._clips.clip(self._miss(what, error))

    def identity(self, what: Content) -> str:
        """What the samples follow from."""
        try:
            return self._clips.identity(self._heard(what))
        except VoiceError as error:
            return self._clips.identity(self._miss(what, error))

    def _heard(self, what: Content) -> Content:
        return TONE if what in self.missed else what

    def _miss(self, what: Content, error: VoiceError) -> Content:
        if not isinstance(what, Line):
            raise error
        self.missed[what] = error
        return TONE
