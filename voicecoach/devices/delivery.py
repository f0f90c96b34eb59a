"""What is to be done so that a device holds an album: the plan, before anything is touched. Pure.

Only what the album's note (``manifest``) names, and nobody has changed since, is ever replaced or taken away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal, NamedTuple

from voicecoach.devices import playlist
from voicecoach.devices.manifest import Content, Files, is_untouched
from voicecoach.errors import DeviceError, counted
from voicecoach.export.formats import FORMATS
from voicecoach.units import format_size

if TYPE_CHECKING:
    from voicecoach.devices.profile import Profile

Action = Literal["copy", "replace", "keep", "remove", "stay"]
"""``stay``: it is somebody's, so that it can neither be replaced nor taken away."""

NOT_OURS = "is there, and is not known to be voicecoach's: move it away, and sync again"
WITHHELD = "is not written, because it would play what is in the way"
CHANGED = "was changed by somebody since it was put there, and stays: delete it where nobody needs it, and sync again"


class Item(NamedTuple):
    """A file that is to be on the device: its path from the top, and what it holds."""

    path: str
    content: Content


class Step(NamedTuple):
    """What is done about a path: what it is to hold, and what it holds now; None for nothing."""

    action: Action
    path: str
    content: Content | None
    there: Content | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """All that is done for an album, in this order: what goes, then its files as they are played.

    ``name`` is what its note is kept under; ``noted`` is what that says so far, and ``script`` what it is made of.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    noted: Files
    script: str = ""

    def of(self, *actions: Action) -> tuple[Step, ...]:
        """The steps of some kinds."""
        return tuple(step for step in self.steps if step.action in actions)

    def so_far(self, done: Collection[str]) -> Delivery:
        """What is true of it once no more than some paths have been copied or taken away."""
        steps = tuple(step for step in self.steps if step.action in ("keep", "stay") or step.path in done)
        return replace(self, steps=steps)

    @property
    def there(self) -> tuple[Step, ...]:
        """What of the album is on the device afterwards."""
        return self.of("copy", "replace", "keep")

    @property
    def tracks(self) -> tuple[Step, ...]:
        """Those of it that are audio."""
        return tuple(step for step in self.there if is_track(step.path))

    @property
    def size(self) -> int:
        """Bytes of what is there."""
        return sum(step.content.size for step in self.there if step.content is not None)

    @property
    def files(self) -> dict[str, Content | None]:
        """What the note is to say: what was put there, and what was and has been changed by somebody."""
        ours = {step.path: step.content for step in self.steps if step.action in ("copy", "replace")}
        kept = {step.path: step.content for step in self.of("keep") if step.path in self.noted}
        stay = {
            step.path: self.noted[step.path]
            for step in self.of("stay")
            if step.content is not None and step.path in self.noted
        }
        return {**ours, **kept, **stay}


def planned(
    name: str,
    title: str,
    wanted: Sequence[Item],
    noted: Files,
    there: Mapping[str, Content],
    profile: Profile,
    damaged: Collection[str] = (),
    script: str = "",
) -> Delivery:
    """What is done so that a device holds ``wanted``, which are in playing order, and nothing else of the album.

    ``there`` is what the paths of both hold now, and ``damaged`` those of ours that hold a part of what is wanted.
    None wanted takes the album away. Where what is to come has no place, what was there before stays, and there is no
    playlist of what is in the way.
    """
    paths = {item.path for item in wanted}
    gone = [_without(path, noted[path], there[path]) for path in noted if path not in paths and path in there]
    steps = [_with(item, noted, there.get(item.path), profile, damaged) for item in wanted]
    if any(step.why == NOT_OURS and is_track(step.path) for step in steps):
        gone = [_kept(step, noted) for step in gone]
        steps = [_withheld(step, noted) for step in steps]
    if profile.order == "copy":
        steps = list(_in_order(steps, noted))
    return Delivery(name=name, title=title, steps=(*gone, *steps), noted=noted, script=script)


def adopted(wanted: Iterable[Item], there: Mapping[str, Content], damaged: Collection[str]) -> Files:
    """What is taken for ours where no note can say it: what holds what is wanted, or a part of it."""
    return {
        path: None if path in damaged else content
        for path, content in wanted
        if path in damaged or there.get(path) == content
    }


def is_track(path: str) -> bool:
    """Whether a file is audio."""
    return PurePosixPath(path).suffix[1:].lower() in FORMATS


def _kept(step: Step, noted: Files) -> Step:
    """What would go, as long as nothing can take its place."""
    held = noted[step.path]
    return step._replace(action="keep", content=held) if held is not None and held == step.there else step


def _withheld(step: Step, noted: Files) -> Step:
    if PurePosixPath(step.path).suffix.lower() != playlist.SUFFIX or step.action == "stay":
        return step
    if step.action == "keep" and step.path in noted:
        return step._replace(action="remove", content=None)
    return step if step.action == "keep" else step._replace(action="stay", why=WITHHELD)


def _without(path: str, held: Content | None, now: Content) -> Step:
    ours = is_untouched(held, now)
    return Step("remove" if ours else "stay", path, None, now, "" if ours else CHANGED)


def _with(item: Item, noted: Files, now: Content | None, profile: Profile, damaged: Collection[str]) -> Step:
    path, content = item
    if now is None:
        taken_up = noted.get(path) == content and is_taken_up(path, profile)
        return Step("keep" if taken_up else "copy", path, content, None)
    if now == content:
        return Step("keep", path, content, now)
    if path not in noted:
        return Step("stay", path, content, now, NOT_OURS)
    if path not in damaged and not is_untouched(noted[path], now):
        return Step("stay", path, content, now, CHANGED)
    return Step("replace", path, content, now)


def is_taken_up(path: str, profile: Profile) -> bool:
    """Whether the device itself moves such a file away, once it has taken it up: a workout for a watch."""
    return bool(profile.fit) and PurePosixPath(path).is_relative_to(profile.fit)


def _in_order(steps: Iterable[Step], noted: Files) -> Iterator[Step]:
    """All that follows a file which is copied is copied again, because it is played in the order of copying."""
    copied = False
    for step in steps:
        copied = copied or step.action in ("copy", "replace")
        again = copied and step.action == "keep" and step.path in noted and step.there is not None
        yield step._replace(action="replace") if again else step


def room(deliveries: Iterable[Delivery], block: int) -> int:
    """Bytes that are taken beyond those that become free; below 0 where more become free. ``block`` is what a file
    is rounded up to."""
    bytes_taken = 0
    for delivery in deliveries:
        for step in delivery.steps:
            if step.action in ("copy", "replace") and step.content is not None:
                bytes_taken += _rounded(step.content.size, block)
            if step.action in ("remove", "replace") and step.there is not None:
                bytes_taken -= _rounded(step.there.size, block)
    return bytes_taken


def _rounded(size: int, block: int) -> int:
    return -(-size // block) * block


def check(deliveries: Sequence[Delivery], others: int, profile: Profile) -> None:
    """Holds what is to be on a device to its limits; ``others`` are the bytes of all other albums.

    Raises DeviceError for a file that is too large, or more in all than it takes.
    """
    total = others
    for delivery in deliveries:
        for step in delivery.there:
            size = step.content.size if step.content is not None else 0
            total += size
            if profile.largest_file is not None and size > profile.largest_file:
                raise DeviceError(
                    f"{step.path}: has {format_size(size)}, and {profile.title} takes files of at most "
                    f"{format_size(profile.largest_file)}: split it (--split 10min), or make it smaller (--size-limit)"
                )
    if profile.size_limit is not None and total > profile.size_limit:
        raise DeviceError(
            f"{format_size(total)} in all are more than {profile.title} takes ({format_size(profile.size_limit)}): "
            "leave some out (--remove), or make them smaller (--size-limit)"
        )


def crowded(deliveries: Iterable[Delivery], others: Mapping[str, int], profile: Profile) -> Iterator[str]:
    """What is told of folders that hold more files than a device keeps in order; ``others`` counts the files in them
    that are not of these albums."""
    inside: dict[str, int] = {}
    for delivery in deliveries:
        for step in delivery.there:
            folder = str(PurePosixPath(step.path).parent)
            inside[folder] = inside.get(folder, 0) + 1
    for folder, number in inside.items():
        total = number + others.get(folder, 0)
        if profile.folder_files is not None and total > profile.folder_files and others.get(folder, 0):
            yield (
                f"{folder}: holds {counted(total, 'file')} then, and {profile.title} keeps no more than "
                f"{profile.folder_files} in order: move others away"
            )
