"""What is to be heard, in frames: every cue of a session placed on its sample.

Knows nothing of workouts. Positions and lengths are whole frames at ``Arrangement.rate`` hertz, counted from the
start of the session.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from voicecoach.timeline.model import Content, Role

if TYPE_CHECKING:
    from voicecoach.sound.clip import Audio


class Lengths(Protocol):
    """Knows how long each content lasts."""

    def frames(self, what: Content) -> int:
        """Length in frames at the session's sample rate."""
        ...


class Clips(Lengths, Protocol):
    """Knows how each content sounds."""

    def clip(self, what: Content) -> Audio:
        """The audio, mono, at the session's sample rate, as long as ``frames`` says."""
        ...

    def identity(self, what: Content) -> str:
        """Equal, in this session or any other, only for contents of the same length with equal samples.

        Mostly known without the samples, so that what was made of them can be found again without them.
        """
        ...


class Placement(NamedTuple):
    """One content at its place: frames ``start`` up to ``end``, scaled by ``gain`` (linear)."""

    start: int
    end: int
    what: Content
    role: Role
    segment: int
    moved: int = 0
    gain: float = 1.0


class Dropped(NamedTuple):
    """A cue that found no place: where it should have started, and why it could not."""

    start: int
    what: Content
    role: Role
    segment: int
    why: str


class Passage(NamedTuple):
    """A segment as it sounds.

    Its clock runs from frame ``start`` up to ``end``. ``placements`` are in order of their start and begin with the
    segment's lead, before ``start`` but never before the ``start`` of the passage before; they may last beyond
    ``end``. ``name`` is what a chapter calls it.
    """

    segment: int
    name: str
    start: int
    end: int
    placements: tuple[Placement, ...]
    dropped: tuple[Dropped, ...] = ()


class Island(NamedTuple):
    """A maximal stretch with sound: frames ``start`` up to ``end``; around it is digital silence."""

    start: int
    end: int
    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Music under a session: the files in playing order, repeated as long as needed.

    ``gain`` and ``duck`` are linear factors; the music is scaled by ``duck`` more under speech. ``fade`` is the
    length in frames of the fades at the session's start and end.
    """

    files: tuple[Path, ...]
    gain: float
    duck: float
    fade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A session on its samples.

    ``passages`` may be a sequence that places each passage when it is first asked for, so that play starts at once;
    whatever needs the whole (``frames``, ``islands``) asks for all of it.
    """

    title: str
    summary: str
    language: str
    rate: int
    passages: Sequence[Passage]
    clips: Clips
    bed: Bed | None = None

    @property
    def channels(self) -> int:
        """2 under music, otherwise 1."""
        return 1 if self.bed is None else 2

    @property
    def frames(self) -> int:
        """Length of the session."""
        return max((end for passage in self.passages for end in (passage.end, *_ends(passage))), default=0)

    def placements(self) -> Iterator[Placement]:
        """Every placement of the session, passage by passage."""
        for passage in self.passages:
            yield from passage.placements

    def islands(self) -> tuple[Island, ...]:
        """Every maximal stretch with sound, in order; under music the session is one island."""
        everything = sorted(self.placements(), key=lambda placement: placement.start)
        if self.bed is not None:
            return (Island(0, self.frames, tuple(everything)),) if self.frames else ()
        islands: list[Island] = []
        group: list[Placement] = []
        end = 0
        for placement in everything:
            if placement.end <= placement.start:
                continue
            if group and placement.start > end:
                islands.append(Island(group[0].start, end, tuple(group)))
                group = []
            end = max(end, placement.end) if group else placement.end
            group.append(placement)
        if group:
            islands.append(Island(group[0].start, end, tuple(group)))
        return tuple(islands)


def _ends(passage: Passage) -> Iterator[int]:
    return (placement.end for placement in passage.placements)
