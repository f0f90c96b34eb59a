"""A profile in plain English: what is so, how sure that is, who says it, and what is not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import units
from voicecoach.devices.profile import IN_WORDS

if TYPE_CHECKING:
    from voicecoach.devices.profile import Profile, Taken

CONNECTIONS = {
    "usb": "by cable, as a drive",
    "mtp": "by cable, without a drive: file managers show it",
    "phone": "by an app on a phone or computer",
    "copy": "as you like: the folder is copied",
}
_CHARACTERS = {"ascii": "plain ASCII only", "latin-1": "Latin-1 (Western Europe)", "unicode": "any (Unicode)"}
_PLAYLISTS = {
    "none": "none",
    "relative": ".m3u8, with the files' names",
    "garmin": ".m3u8, with 0:/MUSIC/… in capitals, and lines that end in CRLF",
}
_ORDERS = {
    "playlist": "the playlist's",
    "name": "that of the files' names",
    "copy": "that in which they were copied",
    "tags": "that of the track numbers in the tags",
}
_SPLITS = {"step": "a track a step", "block": "a track a block", "none": "one file"}


class Statement(NamedTuple):
    """What is so of ``what``, in words; ``sure`` in words too, empty where there is nothing to be sure of."""

    what: str
    so: str
    sure: str
    source: str


def of(profile: Profile) -> tuple[Statement, ...]:
    """All that is to be said of a device: the surest first, then notes, then what is not known."""
    told = []
    for sure, words in IN_WORDS.items():
        for key, (what, so) in _facts(profile).items():
            if profile.facts[key].sure == sure:
                told.append(Statement(what, so, words, profile.facts[key].source))
    told += [Statement("note", note.text, IN_WORDS[note.sure], note.source) for note in profile.notes]
    told += [Statement("not known", text, "", "") for text in profile.unknown]
    return tuple(told)


def known(profile: Profile) -> str:
    """How much of a profile somebody says, and how much is only safe."""
    facts = [fact.sure for fact in profile.facts.values() if fact.sure != "chosen"]
    said = sum(sure != "guess" for sure in facts)
    return f"{said} of {len(facts)} facts known"


def _facts(profile: Profile) -> dict[str, tuple[str, str]]:
    """Each key's name for people, and its value in words."""
    low, high = profile.sample_rates
    seconds = profile.split_seconds
    split = f"tracks of {units.format_duration(seconds)}" if seconds is not None else _SPLITS[profile.split]
    return {
        "connection": ("connected", CONNECTIONS[profile.connection]),
        "labels": ("known by the name", _listed(profile.labels)),
        "storages": ("storages inside", _listed(profile.storages)),
        "markers": ("known by the folders", _listed(profile.markers)),
        "folder": ("audio goes into", profile.folder or "its top folder"),
        "formats": ("takes", "; ".join(map(_taken, profile.formats))),
        "sample_rate": ("sample rate that is made", f"{profile.sample_rate / 1000:g} kHz"),
        "sample_rates": ("sample rates that it takes", f"{low / 1000:g} to {high / 1000:g} kHz"),
        "channels": ("channels", f"at most {profile.channels}"),
        "variable_bitrate": ("MP3 of variable bitrate", "taken" if profile.variable_bitrate else "not to be used"),
        "tag_version": ("tags of MP3", f"ID3v{profile.tag_version}"),
        "tag_characters": ("letters in tags", _CHARACTERS[profile.tag_characters]),
        "name_characters": ("letters in file names", _CHARACTERS[profile.name_characters]),
        "name_length": ("longest file name", f"{profile.name_length} characters"),
        "name_case": ("case of file names", profile.name_case),
        "name_forbidden": ("never in file names", " ".join(profile.name_forbidden.replace(" ", "␣")) or "nothing more"),
        "fat32": ("file system", "FAT32" if profile.fat32 else "not FAT32"),
        "subfolders": ("folders in folders", f"{profile.subfolders} deep"),
        "playlist": ("playlist", _PLAYLISTS[profile.playlist]),
        "order": ("playing order", _ORDERS[profile.order]),
        "split": ("a session becomes", split),
        "longest_track": (
            "longest track",
            _most(profile.longest_track and units.format_duration(profile.longest_track)),
        ),
        "folder_files": ("most files a folder", _most(profile.folder_files)),
        "songs": ("most songs", _most(profile.songs)),
        "largest_file": ("largest file", _most(_megabytes(profile.largest_file))),
        "size_limit": ("most in all", _most(_megabytes(profile.size_limit))),
        "loudness": ("loudness", f"{profile.loudness:g} LUFS"),
        "captions": ("captions beside the audio", _listed(f".{each}" for each in profile.captions)),
        "cover": ("cover picture", f"at most {profile.cover} pixels a side" if profile.cover else "none"),
        "fit": ("FIT workouts go into", profile.fit or "it takes none"),
    }


def _taken(taken: Taken) -> str:
    return f"{taken.name.upper()} up to {taken.most} kbit/s"


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or "none"


def _most(limit: object) -> str:
    return "no limit" if limit is None else str(limit)


def _megabytes(size: int | None) -> str | None:
    return None if size is None else f"{size / 1e6:,.0f} MB"
