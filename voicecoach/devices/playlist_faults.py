"""What a device will not take of one playlist. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from voicecoach.devices import names, playlist
from voicecoach.devices.finding import Finding
from voicecoach.errors import counted, shown

if TYPE_CHECKING:
    from voicecoach.devices.profile import Profile

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_OTHER_ENDS = re.compile(r"\r(?!\n)|(?<!\r)\n")
_AGAIN = "make the folder anew with voicecoach export --for {}"


def found(content: bytes, path: str, profile: Profile, audio: Mapping[str, str], folder: str) -> Iterator[Finding]:
    """What is wrong with a playlist at ``path``.

    ``audio`` are the files of its folder as ``by_key`` has them, and ``folder`` what it is called.
    """
    again = _AGAIN.format(profile.name)
    if profile.playlist == "none":
        yield Finding(path, "playlist", "it knows no playlists", "delete it; the order follows from the names")
        return
    if content.startswith(_MARKS):
        yield Finding(path, "playlist-mark", "the mark at its beginning becomes part of a name", "save it without BOM")
    text, is_utf8 = decoded(content)
    if not is_utf8:
        yield Finding(path, "playlist-encoding", "it is no text in UTF-8", "save it as UTF-8")
    elif not text.isascii() and path.lower().endswith(".m3u"):
        right = PurePosixPath(path).with_suffix(playlist.SUFFIX).name
        yield Finding(path, "playlist-encoding", "players read .m3u as an older encoding", f"call it {right}")
    if profile.playlist == "garmin" and _OTHER_ENDS.search(text):
        yield Finding(path, "playlist-line-ends", "its lines must end in CRLF", f"save it with them, or {again}")
    elif re.search(r"\r(?!\n)", text):
        yield Finding(
            path, "playlist-line-ends", "lines end in a lone CR: it is one line to a player", "save it with LF"
        )
    yield from _lines(playlist.read(text), path, profile, audio, folder)


def _lines(
    lines: Sequence[str], path: str, profile: Profile, audio: Mapping[str, str], folder: str
) -> Iterator[Finding]:
    away, other, missing = [], [], []
    garmin = profile.playlist == "garmin"
    for line in lines:
        if place(line, path, profile) is None:
            away.append(line)
            continue
        if playlist.is_garmin(line, profile) != garmin or (not garmin and "\\" in line):
            other.append(line)
        if named(line, path, profile, audio, folder) is None:
            missing.append(line)
    again = _AGAIN.format(profile.name)
    if away:
        why = f"{_first(away)}: a place on a computer, or outside of the folder"
        yield Finding(path, "playlist-path", why, f"name the files from the playlist's folder on, or {again}")
    if other:
        how = playlist.text([playlist.Entry("Bridge/01 Lift.mp3", "", 0)], profile).splitlines()[-1]
        yield Finding(path, "playlist-dialect", f"{_first(other)}: lines are written as {how}", again)
    if missing:
        yield Finding(path, "playlist-missing", f"{_first(missing)}: there is no such file", again)
    if profile.songs is not None and len(lines) > profile.songs:
        why = f"it names {len(lines)} songs; at most {profile.songs} are taken"
        yield Finding(path, "too-many-songs", why, "make longer tracks, or a second playlist")


def by_key(audio: Iterable[str], profile: Profile) -> dict[str, str]:
    """Paths by what a device compares of them."""
    return {names.key(path) if profile.fat32 else path: path for path in audio}


def named(line: str, path: str, profile: Profile, audio: Mapping[str, str], folder: str) -> str | None:
    """The file that a line of the playlist at ``path`` names; ``folder`` may be one in the device's own."""
    meant = place(line, path, profile)
    if meant is None:
        return None
    key = names.key(meant) if profile.fat32 else meant
    first, _, rest = key.partition("/")
    return audio.get(key) or (audio.get(rest) if first == names.key(folder) else None)


def place(line: str, path: str, profile: Profile) -> str | None:
    """The path that a line of the playlist at ``path`` means."""
    return playlist.path_of(line, profile, str(PurePosixPath(path).parent))


def decoded(content: bytes) -> tuple[str, bool]:
    """The text of a playlist, and whether it is UTF-8."""
    try:
        return content.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return content.decode("latin-1"), False


def _first(lines: Sequence[str]) -> str:
    more = f" and {counted(len(lines) - 1, 'line')} more" if len(lines) > 1 else ""
    return shown(lines[0]) + more
