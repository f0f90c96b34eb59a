"""What a device was given lately, so that what it never played can be given again."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple


class Stretch(NamedTuple):
    """Frames of the source from its frame ``first`` on, as bytes; None is silence that is not of the source."""

    first: int
    frames: int
    data: bytes | None

    def split(self, frames: int) -> tuple[Stretch, Stretch]:
        """The first so many frames, and the rest."""
        if self.data is None:
            return self._replace(frames=frames), self._replace(frames=self.frames - frames)
        cut = len(self.data) // self.frames * frames
        head = Stretch(self.first, frames, self.data[:cut])
        return head, Stretch(self.first + frames, self.frames - frames, self.data[cut:])


class UnplayedFrames:
    """The stretches given to one device. ``heard`` is in frames of the device, counted from the first it was given."""

    def __init__(self) -> None:
        self._stretches: deque[Stretch] = deque()
        self._at = 0
        """The device's frame at which the first stretch kept begins."""

    def add(self, stretch: Stretch) -> None:
        """Behind all others."""
        if stretch.frames:
            self._stretches.append(stretch)

    def forget(self, heard: int) -> None:
        """Keeps what is behind ``heard``, and the stretch that was heard last."""
        while len(self._stretches) > 1 and self._at + self._stretches[0].frames <= heard:
            self._at += self._stretches.popleft().frames

    def source_frame(self, heard: int) -> int | None:
        """The frame of the source that comes next when so much has been heard; None where nothing is kept."""
        at, frame = self._at, None
        for stretch in self._stretches:
            if frame is not None and at > heard:
                break
            frame = stretch.first + (0 if stretch.data is None else max(0, min(stretch.frames, heard - at)))
            at += stretch.frames
        return frame

    def unheard(self, heard: int) -> list[Stretch]:
        """What of the source has not been heard."""
        at, unheard = self._at, []
        for stretch in self._stretches:
            gone = min(stretch.frames, max(0, heard - at))
            rest = stretch.split(gone)[1]
            if rest.data:
                unheard.append(rest)
            at += stretch.frames
        return unheard
