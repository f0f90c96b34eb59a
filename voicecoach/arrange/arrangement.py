"""What is to be heard, in frames: every cue of a session placed on its sample.

Knows nothing of workouts. Positions and lengths are whole frames at ``Arrangement.rate`` hertz. A passage is made in
its own time, counted from the start of its clock; in an arrangement it stands at its place in the session.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from voicecoach.timeline.model import Content, MusicBed, Role
from voicecoach.units import gain

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


_moved = Placement._make


class Dropped(NamedTuple):
    """A cue that found no place: where it should have started, and why it could not."""

    start: int
    what: Content
    role: Role
    segment: int
    why: str


class Passage(NamedTuple):
    """A segment as it sounds.

    Its clock runs from frame ``start`` (0 in its own time) up to ``end``, and starts ``lead`` frames after the passage
    before has ended. ``placements`` are in order of their start and begin with the segment's lead, before ``start`` but
    never before the ``start`` of the passage before; they may last beyond ``end``. ``name`` is what a chapter calls it.
    """

    segment: int
    name: str
    start: int
    end: int
    placements: tuple[Placement, ...]
    dropped: tuple[Dropped, ...] = ()
    lead: int = 0

    @property
    def begin(self) -> int:
        """Where it follows upon the passage before."""
        return self.start - self.lead

    def moved(self, frames: int) -> Passage:
        """The same passage, so many frames later."""
        if not frames:
            return self
        return Passage(
            self.segment,
            self.name,
            self.start + frames,
            self.end + frames,
            tuple([_moved((start + frames, end + frames, *rest)) for start, end, *rest in self.placements]),
            tuple([one._replace(start=one.start + frames) for one in self.dropped]),
            self.lead,
        )


class Carry(NamedTuple):
    """What a passage leaves to the one that follows upon it, in frames from the end of its clock.

    ``spoken`` is where its speech has ended, ``absorbed`` where the next one's lead begins if that lies inside it, and
    ``begun`` where the first one that was heard began.
    """

    spoken: int
    absorbed: int | None = None
    begun: int = 0


@runtime_checkable
class Placing(Protocol):
    """Passages that can be placed one by one, from any of them on."""

    def place(self, index: int, carry: Carry | None) -> tuple[Passage, Carry]:
        """The passage of that index in its own time, and what it leaves; ``carry`` is what the one before has left."""
        ...


class Island(NamedTuple):
    """A maximal stretch with sound: frames ``start`` up to ``end``; around it is digital silence."""

    start: int
    end: int
    placements: tuple[Placement, ...]


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
    bed: MusicBed | None = None

    @property
    def channels(self) -> int:
        """2 under music, otherwise 1."""
        return 1 if self.bed is None else 2

    @property
    def frames(self) -> int:
        """Length of the session."""
        return max((end for passage in self.passages for end in (passage.end, *_ends(passage))), default=0)

    def place(self, index: int, carry: Carry | None) -> tuple[Passage, Carry]:
        """The passage of that index in its own time, and what it leaves to the next.

        ``carry`` is what the one before has left; where none was heard before it, None, it begins with its lead.
        """
        if isinstance(self.passages, Placing):
            return self.passages.place(index, carry)
        placed = self.passages[index]
        if carry is None:
            begin = min(placed.start, *(one.start for one in placed.placements[:1]), placed.end)
        else:
            begin = self.passages[index - 1].end
        return placed.moved(-placed.start)._replace(lead=placed.start - begin), Carry(0)

    def louder(self, by: float) -> Arrangement:
        """The same, so many dB louder, or softer; the mixer keeps peaks below its ceiling."""
        if not by:
            return self
        passages = tuple(
            passage._replace(placements=tuple(one._replace(gain=one.gain * gain(by)) for one in passage.placements))
            for passage in self.passages
        )
        bed = self.bed and replace(self.bed, gain=self.bed.gain + by)
        return replace(self, passages=passages, bed=bed)

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
