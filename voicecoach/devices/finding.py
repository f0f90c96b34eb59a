"""Something in a folder that a device will not take as it is meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``path`` is from the folder on, ``.`` for the folder itself; ``kind`` is a word for programs.

    ``why`` says what the device makes of it, ``fix`` what to do.
    """

    path: str
    kind: str
    why: str
    fix: str


KINDS = {
    "bit-rate": "a bitrate that it does not take",
    "channels": "more channels than it takes",
    "cover": "a picture that is too large, or no JPEG or PNG",
    "damaged": "no audio in it, or not readable",
    "empty": "a file of 0 bytes",
    "fit": "a FIT workout that is damaged, in the wrong folder, or for a device that takes none",
    "format": "a kind of audio that it does not take",
    "litter": "a file that another system left there",
    "name-case": "letters of the wrong case in a name",
    "name-characters": "letters in a name that it does not show or find",
    "name-illegal": "a name that FAT32 or Windows cannot have",
    "name-length": "a name that is too long",
    "name-same": "two names that are one where case does not count",
    "no-audio": "no audio where it looks for some",
    "no-playlist": "no playlist, where only that gives the order",
    "not-in-playlist": "audio that no playlist names",
    "order-copied": "files that were copied in another order than their names have",
    "order-names": "names that sort otherwise than they count: 1, 10, 2",
    "order-tags": "track numbers that are missing, or in another order than the names",
    "outside": "audio outside of the folder in which it looks",
    "playlist": "a playlist, where it knows none",
    "playlist-dialect": "lines that are not written as it wants them",
    "playlist-encoding": "a playlist that is no UTF-8, or has letters that its suffix does not promise",
    "playlist-line-ends": "lines that end as it does not expect",
    "playlist-mark": "a byte order mark, which becomes part of the first name",
    "playlist-missing": "lines that name files which are not there",
    "playlist-path": "lines that name places on a computer",
    "sample-rate": "a sample rate that it does not take",
    "suffix": "a suffix that is not that of what is inside",
    "tag-characters": "letters in a title, artist or album that it mangles",
    "tag-version": "a tag of a version that it does not read",
    "too-deep": "a folder so deep that it is not read",
    "too-large": "a file that is too large",
    "too-long": "a track that is too long",
    "too-many-files": "more files in a folder than it keeps in order",
    "too-many-songs": "more songs than it takes",
    "too-much": "more bytes in all than it takes",
    "truncated": "a file of which the end is missing",
    "variable-bitrate": "an MP3 of variable bitrate",
}
"""Every kind, and what it means."""
