"""What a device takes, as a frozen model, with how sure each fact is and who says so.

Each device is a file in ``profiles/``. Its facts are laid over those of ``generic``, what is safe everywhere, so that
a file says no more than what is known; a person's own facts are laid over both.
"""

# No postponed annotations here: evaluating them late doubles what importing this module costs.
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, ValidationError

from voicecoach.config.written import size
from voicecoach.devices import written
from voicecoach.errors import UnknownDeviceError, near, shown
from voicecoach.export.formats import FORMATS, RATES
from voicecoach.script.model import Model
from voicecoach.script.values import Flag, Number, Whole, some_duration, wrong

GENERIC = "generic"
"""The profile under every other: what is safe everywhere."""

SMALLEST_COVER = 16
"""Pixels a side of the smallest cover that can be drawn."""

Sure = Literal["documented", "reported", "guess", "chosen", "yours"]
"""The maker or the device itself says so; someone who has one does; nobody does, and it is safe; it is ours to choose;
a person's own configuration."""
IN_WORDS: dict[Sure, str] = {
    "documented": "its maker, or the device itself, says so",
    "reported": "someone who has one says so",
    "guess": "not known: what is safe everywhere",
    "chosen": "voicecoach chooses",
    "yours": "your configuration says so",
}
"""What each means."""

Connection = Literal["usb", "mtp", "phone", "copy"]
"""A drive on the computer; a device that a desktop shows without a drive; an app on a phone; any way one likes."""
Characters = Literal["ascii", "latin-1", "unicode"]
Playlist = Literal["none", "relative", "garmin"]
"""No playlist; one with the files' names; one with ``0:/MUSIC/…`` in upper case, and lines that end in CRLF."""
Order = Literal["playlist", "name", "copy", "tags"]
"""What a device plays by: its playlist, the files' names, the order of copying, or the track numbers in tags."""

_SPLIT = re.compile(r"step|block|none|[1-9]\d{0,2}min", re.ASCII)


def _limit(value: object, read: Callable[[object], float]) -> float | None:
    return None if value == "none" else read(value)


def _folder(value: object) -> str:
    if not isinstance(value, str):
        raise wrong(f"expected a text, found {shown(value)}")
    parts = PurePosixPath(value).parts
    if "\\" in value or ":" in value or ".." in parts or value.startswith("/"):
        raise wrong(f'{shown(value)} is no folder on a device (write it from its top, as "Music" or "GARMIN/NewFiles")')
    return "/".join(parts)


def _split(value: object) -> str:
    if isinstance(value, str) and _SPLIT.fullmatch(value):
        return value
    raise wrong(f'{shown(value)} is no way to split (write "step", "block", "10min" or "none")')


def _many(value: object) -> object:
    if value == "none":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6:
        return value
    raise wrong(f'expected how many, as 300, or "none" where there is no limit, found {shown(value)}')


_Text = Annotated[str, Field(min_length=1, max_length=2_000)]
_Word = Annotated[str, Field(min_length=1, max_length=200)]
Folder = Annotated[str, PlainValidator(_folder)]
"""From the device's top; empty for the top itself."""
Seconds = Annotated[float | None, PlainValidator(lambda value: _limit(value, some_duration))]
Bytes = Annotated[int | None, PlainValidator(lambda value: _limit(value, size))]
Many = Annotated[int | None, PlainValidator(_many)]


class Fact(Model):
    """How sure what a key says is, and who says so."""

    sure: Sure
    source: _Text


class Note(Fact):
    """Something worth knowing that no key says."""

    text: Annotated[_Text, Field(alias="is")]


class Taken(Model):
    """A kind of audio file that a device takes; bit rates are in kbit/s.

    ``speech`` and ``music`` are those to make, of one channel and of two; ``least`` and ``most`` those that it takes.
    """

    name: Literal["mp3", "m4a", "aac", "m4b", "wav", "flac", "opus", "ogg", "wma"]
    speech: Annotated[Whole, Field(ge=8, le=512)] = 64
    music: Annotated[Whole, Field(ge=8, le=512)] = 128
    least: Annotated[Whole, Field(ge=1)] = 8
    most: Annotated[Whole, Field(ge=1)] = 100_000


def _makeable(value: tuple[Taken, ...]) -> tuple[Taken, ...]:
    if not any(taken.name in FORMATS for taken in value):
        raise wrong(f"one that can be made here is needed ({', '.join(FORMATS)})")
    return value


def _cover(value: int) -> int:
    if 0 < value < SMALLEST_COVER:
        raise wrong(f"{value} pixels are too few for a picture (write 0 for none, or {SMALLEST_COVER} or more)")
    return value


def _rate(value: int) -> int:
    if value not in RATES:
        raise wrong(f"{value} Hz cannot be made in every format (there are: {', '.join(map(str, RATES))})")
    return value


class Profile(Model):
    """What a device takes. Limits that are None are none."""

    name: str
    title: _Word
    models: _Text
    connection: Connection
    labels: tuple[_Word, ...]
    """Names of volumes, or parts of the name under which a desktop shows it, in any case."""
    storages: tuple[_Word, ...]
    """Names of the storages inside it, where a device shows them as folders."""
    markers: tuple[Folder, ...]
    """Folders that tell it: all of them are there."""
    folder: Folder
    """Where audio goes."""
    formats: Annotated[tuple[Taken, ...], Field(min_length=1), AfterValidator(_makeable)]
    """What it takes, best first."""
    sample_rate: Annotated[Whole, AfterValidator(_rate)]
    """To make, in hertz."""
    sample_rates: Annotated[tuple[Whole, ...], Field(min_length=2, max_length=2)]
    """Lowest and highest that it takes, in hertz."""
    channels: Annotated[Whole, Field(ge=1, le=8)]
    """Most that it takes."""
    variable_bitrate: Flag
    """Whether it takes MP3 of variable bitrate; AAC in MPEG-4 has a table of its places, and may vary anywhere."""
    tag_version: Literal["2.3", "2.4"]
    tag_characters: Characters
    name_characters: Characters
    name_length: Annotated[Whole, Field(ge=12, le=255)]
    """Most characters of a file's name, its suffix too."""
    name_case: Literal["any", "upper", "lower"]
    name_forbidden: Annotated[str, Field(max_length=200)]
    """Characters that no name may have, besides those of FAT32."""
    fat32: Flag
    """Whether names and sizes must suit FAT32."""
    subfolders: Annotated[Whole, Field(ge=0, le=64)]
    """How many levels of folders it reads below ``folder``."""
    playlist: Playlist
    order: Order
    split: Annotated[str, PlainValidator(_split)]
    """How a session is cut where nobody says how: ``step``, ``block``, ``10min`` or ``none``."""
    longest_track: Seconds
    folder_files: Many
    """Most files a folder."""
    songs: Many
    """Most songs, in a playlist or on all of it."""
    largest_file: Bytes
    size_limit: Bytes
    """Most bytes of all that is copied."""
    loudness: Annotated[Number, Field(ge=-40, le=0)]
    """In LUFS."""
    captions: tuple[Literal["lrc", "srt", "vtt"], ...]
    """Read from a file beside the audio, of the same name."""
    cover: Annotated[Whole, Field(ge=0, le=4_096), AfterValidator(_cover)]
    """Most pixels a side of a picture in the tags; 0 where it is to have none."""
    fit: Folder
    """Where FIT workouts go; empty where it takes none."""
    notes: tuple[Note, ...] = ()
    unknown: tuple[_Text, ...] = ()
    """What is not known of it."""
    facts: dict[str, Fact] = Field(default_factory=dict)
    """How sure each key is."""

    @property
    def makes(self) -> tuple[Taken, ...]:
        """The kinds of files that it takes and an export can make, best first."""
        return tuple(taken for taken in self.formats if taken.name in FORMATS)

    @property
    def split_seconds(self) -> float | None:
        """Seconds of a track where it is split by time; None where it is not."""
        from voicecoach.export.cuts import split  # brings what exports need

        return split(self.split).seconds or None


def names() -> tuple[str, ...]:
    """The devices there are: those that ship, then the person's own, each in order. Raises ConfigError."""
    return (*written.shipped(), *sorted(written.own() - set(written.shipped())))


def load(name: str) -> Profile:
    """The profile of a device, in whatever case it is named.

    Raises UnknownDeviceError, with the nearest name, and ConfigError with every mistake of a person's own profile.
    """
    wanted = name.strip().casefold()
    known = names()
    if wanted not in known:
        raise UnknownDeviceError(f"no device is called {shown(name)}{near(wanted, known)}")
    generic = written.base(GENERIC)
    values = generic.values | {"name": wanted}
    facts = dict(generic.facts)
    if wanted != GENERIC:
        values |= {"title": wanted, "models": "those you mean", "notes": [], "unknown": []}
    profile = _checked(generic, values, facts)
    for layer in written.layers(wanted):  # each is checked by itself, so that a mistake is told in its own file
        values |= layer.values
        facts |= layer.facts
        profile = _checked(layer, values, facts)
    return profile


def _checked(layer: written.Layer, values: dict[str, object], facts: dict[str, object]) -> Profile:
    try:
        return Profile.model_validate(values | {"facts": facts})
    except ValidationError as error:
        raise layer.error(error, Profile.model_fields) from None
