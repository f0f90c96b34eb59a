"""What a device will not take of one audio file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import units
from voicecoach.devices import id3_header, names
from voicecoach.devices.finding import Finding

if TYPE_CHECKING:
    from voicecoach.devices.profile import Profile, Taken
    from voicecoach.devices.track import Track

_SUFFIXES = {
    "mp3": (".mp3",),
    "m4a": (".m4a", ".mp4"),
    "m4b": (".m4b",),
    "aac": (".aac",),
    "wav": (".wav",),
    "flac": (".flac",),
    "opus": (".opus",),
    "ogg": (".ogg", ".oga"),
    "wma": (".wma",),
}
_OTHERS = (".aif", ".aiff", ".alac", ".amr", ".ape", ".caf", ".mka", ".mp2", ".webm", ".wv")
SUFFIXES = frozenset(suffix for several in (*_SUFFIXES.values(), _OTHERS) for suffix in several)
"""What is looked at as audio."""
_SHORT = 1.0
"""Seconds that may be missing at the end: what a file says of itself is rounded, and encoders fill up."""
_ABOUT = 1.15
"""By how much an average bitrate may be above the one that was asked for."""


def found(track: Track, path: str, profile: Profile) -> Iterator[Finding]:
    """What is wrong with a file for a device; ``path`` is what it is called."""
    taken = next((each for each in profile.formats if each.name == track.kind), None)
    best = wanted(profile)
    if track.claimed - track.seconds > _SHORT:
        there, whole = (units.format_clock(round(each)) for each in (track.seconds, track.claimed))
        yield Finding(path, "truncated", f"it ends at {there} of {whole}", "copy it again, and eject before unplugging")
    if taken is None:
        known = ", ".join(each.name for each in profile.formats)
        yield Finding(path, "format", f"it is {track.kind}, and not one of {known}", f"make it {best}")
    else:
        yield from _rates(track, path, profile, taken)
        suffix = Path(path).suffix.lower()
        if suffix not in _SUFFIXES[taken.name]:
            right = Path(path).with_suffix(_SUFFIXES[taken.name][0]).name
            yield Finding(path, "suffix", f"inside it is {track.kind}", f"call it {right}")
    if profile.longest_track is not None and track.seconds > profile.longest_track:
        most = units.format_duration(profile.longest_track)
        yield Finding(
            path, "too-long", f"it lasts {units.format_clock(round(track.seconds))}; at most {most}", "cut it"
        )
    yield from _tags(track, path, profile)


def wanted(profile: Profile) -> str:
    """In words, the file that suits best of those that can be made."""
    best = profile.makes[0]
    kind = "MP3 of constant bitrate" if best.name == "mp3" and not profile.variable_bitrate else best.name.upper()
    low, high = sorted((best.speech, best.music))
    return f"{kind}, {low} to {high} kbit/s, {profile.sample_rate / 1000:g} kHz"


def _rates(track: Track, path: str, profile: Profile, taken: Taken) -> Iterator[Finding]:
    best = wanted(profile)
    varies = track.kind == "mp3" and track.variable
    if varies and not profile.variable_bitrate:
        yield Finding(path, "variable-bitrate", "times will be wrong, and places not found", f"make it {best}")
    constant = track.kind == "wav" or (track.kind == "mp3" and not track.variable)
    rate = round(track.bit_rate)  # a CD has 1411.2 kbit/s, and a profile says 1411
    if rate > taken.most * (1 if constant else _ABOUT) or (constant and rate < taken.least):
        limits = f"{taken.least} to {taken.most}" if constant else f"at most {taken.most}"
        yield Finding(path, "bit-rate", f"it has {rate} kbit/s; {limits} are taken", f"make it {best}")
    low, high = profile.sample_rates
    if not low <= track.sample_rate <= high:
        why = f"it has {track.sample_rate / 1000:g} kHz; {low / 1000:g} to {high / 1000:g} are taken"
        yield Finding(path, "sample-rate", why, f"make it {best}")
    if track.channels > profile.channels:
        why = f"it has {track.channels} channels; at most {profile.channels} are taken"
        yield Finding(path, "channels", why, f"make it {best}")


def _tags(track: Track, path: str, profile: Profile) -> Iterator[Finding]:
    tag = track.id3
    if tag is not None:
        fix = f"write its tag as ID3v{profile.tag_version}"
        if tag.version not in ("2.3", profile.tag_version):
            yield Finding(path, "tag-version", f"its tag is ID3v{tag.version}", fix)
        elif tag.version == "2.3" and max(tag.encodings, default=0) >= id3_header.UTF_16_WITHOUT_MARK:
            yield Finding(path, "tag-characters", "its tag has an encoding that ID3v2.3 does not know", fix)
    for name, text in track.texts.items():
        if not names.fits(text, profile.tag_characters):
            said = names.legible(text, profile.tag_characters)
            called = name.replace("_", " ")
            why = f'its {called} "{text[:80]}" has letters that it mangles'
            yield Finding(path, "tag-characters", why, f'write "{said[:80]}" as its {called}')
            break
    for width, height in track.pictures if profile.cover else ():
        if max(width, height) > profile.cover:
            why = f"its picture has {width} by {height} pixels; at most {profile.cover} a side are safe"
            yield Finding(path, "cover", why, "make the picture smaller, or take it out")
        elif not width:
            yield Finding(path, "cover", "its picture is no JPEG or PNG", "take it out")
