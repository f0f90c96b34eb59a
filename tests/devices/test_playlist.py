"""Playlists, written and read back."""

from __future__ import annotations

import pytest

from voicecoach.devices import playlist, profile
from voicecoach.devices.playlist import Entry

ENTRIES = [Entry("Bridge/01 Lift.mp3", "Lift, höher", 61.4), Entry("Bridge/02 Rest.mp3", "Rest", 30.0)]
GENERIC, GARMIN, SHOKZ, SONY = map(profile.load, ("generic", "garmin", "shokz", "sony"))


def test_relative_from_the_folder_it_stands_in() -> None:
    told = "#EXTM3U\n#EXTINF:61,Lift, hoher\n01 Lift.mp3\n#EXTINF:30,Rest\n02 Rest.mp3\n"
    assert playlist.text(ENTRIES, GENERIC, "Bridge") == told
    assert playlist.read(playlist.text(ENTRIES, GENERIC)) == ("Bridge/01 Lift.mp3", "Bridge/02 Rest.mp3")
    assert playlist.read(playlist.text(ENTRIES, GENERIC, "Playlists/old"))[0] == "../../Bridge/01 Lift.mp3"


def test_as_a_garmin_wants_it() -> None:
    told = "0:/MUSIC/BRIDGE/01 LIFT.MP3\r\n0:/MUSIC/BRIDGE/02 REST.MP3\r\n"
    assert playlist.text(ENTRIES, GARMIN, "Bridge") == told


def test_none_where_none_is_known() -> None:
    assert playlist.text(ENTRIES, SHOKZ) == ""


@pytest.mark.parametrize("within", ["", "Bridge", "a/b"])
@pytest.mark.parametrize("one", [GENERIC, GARMIN, SONY], ids=lambda one: one.name)
def test_what_is_written_is_read_back(one: profile.Profile, within: str) -> None:
    lines = playlist.read(playlist.text(ENTRIES, one, within))
    found = [playlist.path_of(line, one, within) for line in lines]
    wanted = [entry.path.upper() if one.playlist == "garmin" else entry.path for entry in ENTRIES]
    assert found == wanted


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("01.mp3", "Bridge/01.mp3"),
        ("./01.mp3", "Bridge/01.mp3"),
        (r"..\Lift\01.mp3", "Lift/01.mp3"),
        ("../../01.mp3", None),
        ("/home/me/01.mp3", None),
        (r"C:\Music\01.mp3", None),
        ("file:///home/me/01.mp3", None),
        ("https://example.org/01.mp3", None),
    ],
)
def test_what_a_line_means(line: str, path: str | None) -> None:
    assert playlist.path_of(line, GENERIC, "Bridge") == path


def test_marks_comments_and_all_line_ends_are_read() -> None:
    assert playlist.read("\ufeff#EXTM3U\r\n\r\na.mp3\r#x\rb.mp3\n  c.mp3 ") == ("a.mp3", "b.mp3", "c.mp3")
