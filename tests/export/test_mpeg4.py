"""The boxes of an MPEG-4 file: those that FFmpeg writes for the same packets, to the byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from arrangements import RATE, bed, decoded, session
from av.codec.context import Flags
from av.packet import Packet
from mutagen.mp4 import MP4, MP4Cover

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.export import tags as tagging
from voicecoach.export.artwork import artwork
from voicecoach.export.codec import Codec
from voicecoach.export.cover import as_jpeg, as_png
from voicecoach.export.exporter import Track, export_tracks
from voicecoach.export.formats import FORMATS, m4a, mpeg4
from voicecoach.export.formats.m4a import M4aFile
from voicecoach.export.tags import Chapter, Tags
from voicecoach.sound.clip import Samples

SPOKEN = session(*((3 * number * RATE, f"voice {RATE}") for number in range(3)), frames=9 * RATE + 77)
PIXELS = np.full((16, 16, 3), 200, dtype=np.uint8)


class Ffmpegs:
    """An MPEG-4 file of FFmpeg's muxer, in place of ours."""

    def __init__(self, file: Any, codec: Codec, silence: bytes, tags: Tags, frames: int, preroll: int = 0) -> None:
        self._silence, self._frames, self._written = silence, frames, -preroll
        self._tick = Fraction(1, codec.rate)
        options = {"movflags": "faststart", "fflags": "bitexact", "movie_timescale": str(codec.rate)}
        self._file = av.open(f"file:{file.name}", "w", format="ipod", options=options)
        self._stream = self._file.add_stream("aac", rate=codec.rate, bit_rate=codec.bit_rate)
        self._stream.layout = {1: "mono", 2: "stereo"}[codec.channels]
        self._stream.codec_context.flags |= Flags.bitexact
        self._stream.time_base = self._tick
        self._stream.metadata["language"] = tags.language_code
        said = {"title": tags.title, "artist": tags.artist, "album": tags.album, "comment": tags.comment}
        self._file.metadata.update({name: text for name, text in (said | {"track": tags.numbered}).items() if text})
        self._file.set_chapters(
            [
                {
                    "id": at,
                    "start": one.start,
                    "end": one.end,
                    "time_base": self._tick,
                    "metadata": {"title": one.title},
                }
                for at, one in enumerate(tags.chapters)
            ]
        )

    def sound(self, packets: Sequence[bytes]) -> None:
        for content in packets:
            packet = Packet(content)
            packet.stream, packet.time_base = self._stream, self._tick
            packet.pts = packet.dts = (self._written - 1) * 1024
            packet.duration = min(1024, self._frames - packet.pts)
            self._file.mux_one(packet)
            self._written += 1

    def silent(self, count: int) -> None:
        self.sound([self._silence] * count)

    def finish(self) -> None:
        self._file.close()

    def close(self) -> None:
        self._file.close()


def written(folder: Path, arrangement: Arrangement, *cuts: int, **changes: Any) -> list[Path]:
    """The files of it, cut before some packets."""
    about = replace(tagging.of(arrangement, arrangement.frames), **changes)
    bounds = [0, *(cut * 1024 for cut in cuts), arrangement.frames]
    folder.mkdir(exist_ok=True)
    tracks = [Track(folder / f"{start}.m4a", start, end, about) for start, end in pairwise(bounds)]
    export_tracks(arrangement, tracks, FORMATS["m4a"].encoding(arrangement.rate, arrangement.channels))
    return [track.path for track in tracks]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"chapters": ()},
        {"track": 2, "tracks": 12, "album": "Kräftige Brücken", "comment": "", "language": "pt-BR"},
        {
            "chapters": (
                Chapter(0, RATE, "お尻"),
                Chapter(RATE, 2 * RATE, ""),
                Chapter(2 * RATE, SPOKEN.frames, "é" * 100),
            )
        },
        {"language": "xx", "title": "🔥"},
    ],
)
def test_every_byte_is_as_ffmpeg_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    (ours,) = written(tmp_path / "ours", SPOKEN, **changes)
    monkeypatch.setattr(m4a, "M4aFile", Ffmpegs)
    (theirs,) = written(tmp_path / "theirs", SPOKEN, **changes)
    assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.slow
def test_so_it_is_where_a_track_begins_within_sound_and_of_two_channels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    under = replace(SPOKEN, bed=bed(tmp_path))
    ours = written(tmp_path / "ours", under, 100, 200, chapters=())
    monkeypatch.setattr(m4a, "M4aFile", Ffmpegs)
    theirs = written(tmp_path / "theirs", under, 100, 200, chapters=())
    assert [path.read_bytes() for path in ours] == [path.read_bytes() for path in theirs]


@pytest.mark.parametrize(
    ("picture", "kind"), [(as_jpeg(PIXELS), MP4Cover.FORMAT_JPEG), (as_png(PIXELS), MP4Cover.FORMAT_PNG)]
)
def test_a_cover_changes_nothing_else(tmp_path: Path, picture: bytes, kind: int) -> None:
    (plain,) = written(tmp_path / "plain", SPOKEN)
    (path,) = written(tmp_path / "covered", SPOKEN, cover=artwork(picture))
    (cover,) = MP4(path)["covr"]
    assert (bytes(cover), cover.imageformat) == (picture, kind)
    assert np.array_equal(decoded(path), decoded(plain))
    assert len(path.read_bytes()) - len(plain.read_bytes()) == len(picture) + 24


def places(path: Path) -> list[int]:
    """Where packets lie in a file, as FFmpeg finds them."""
    with av.open(str(path)) as container:
        return [packet.pos for packet in container.demux(audio=0) if packet.size and packet.pos is not None]


@pytest.mark.slow
def test_many_packets_lie_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = session((0, f"voice {RATE}"), (50 * RATE, f"voice {RATE}"), frames=60 * RATE)
    (path,) = written(tmp_path / "ours", long)
    found = places(path)
    assert len(found) == -(-(60 * RATE + 1024) // 1024) > 2 * 1024
    assert found == sorted(found)
    monkeypatch.setattr(m4a, "M4aFile", Ffmpegs)
    (theirs,) = written(tmp_path / "theirs", long)
    assert np.array_equal(decoded(path), decoded(theirs))


@pytest.mark.slow
def test_where_bytes_take_more_than_32_bits_to_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (narrow,) = written(tmp_path / "narrow", SPOKEN)
    samples: Samples = decoded(narrow)
    monkeypatch.setattr(mpeg4, "_LARGEST_PACKET", 1 << 31)
    (wide,) = written(tmp_path / "wide", SPOKEN)
    assert b"co64" in wide.read_bytes()
    assert np.array_equal(decoded(wide), samples)
    assert MP4(wide).info.length == MP4(narrow).info.length


@pytest.mark.slow
def test_where_frames_take_more_than_32_bits_to_count(tmp_path: Path) -> None:
    codec = FORMATS["m4a"].encoding(RATE, 1).codec()
    assert codec is not None
    frames = 28 * 3600 * RATE
    tags = Tags(title="A day and more", chapters=(Chapter(0, RATE, "In"), Chapter(RATE, frames, "On")))
    with (tmp_path / "long.m4a").open("w+b") as file:
        made = M4aFile(file, codec, b"\x01\x18\x20\x07", tags, frames)
        made.silent(codec.packets(frames))
        made.finish()
    with av.open(str(tmp_path / "long.m4a")) as container:
        stream = container.streams.audio[0]
        assert stream.duration is not None
        assert abs(stream.duration - frames) <= 1024
        assert [each["metadata"]["title"] for each in container.chapters()] == ["In", "On"]
    assert MP4(tmp_path / "long.m4a").info.length == pytest.approx(28 * 3600, abs=1)
