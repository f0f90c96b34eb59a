"""What is found in folders that a device would not take as they are meant, also where the audio is from elsewhere."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import av
import odd_audio
import pytest
from av.audio.stream import AudioStream
from mutagen.id3 import APIC, ID3, TALB, TIT2, TRCK

from voicecoach.devices import id3_header, inspection, playlist, profile, track, track_faults
from voicecoach.devices.finding import KINDS, Finding
from voicecoach.devices.profile import Profile
from voicecoach.errors import DeviceError
from voicecoach.export.formats.xing import checksum

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 9_000, 9_000, 8, 2, 0, 0, 0) + bytes(4)
"""The beginning of a picture that claims to be huge."""
GARMIN, SHOKZ, APPLE, SONY, COROS = map(profile.load, ("garmin", "shokz", "apple", "sony", "coros"))
PLAIN = profile.load("generic")


def but(one: Profile, **changes: object) -> Profile:
    return one.model_copy(update=changes)


def kinds(folder: Path, one: Profile = PLAIN) -> list[tuple[str, str]]:
    """Path and kind of each finding; each of them has words, and a kind that is explained."""
    found = inspection.inspect(folder, one)
    assert not [each for each in found if not (each.why and each.fix and each.kind in KINDS)]
    return [(each.path, each.kind) for each in found]


def the(folder: Path, one: Profile = PLAIN) -> Finding:
    """The only finding."""
    (found,) = inspection.inspect(folder, one)
    return found


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Audio of each kind, as bytes."""
    folder = tmp_path_factory.mktemp("made")
    wanted = {
        "mp3": ("a.mp3", "libmp3lame", 44_100, 64_000, "mono", {}),
        "long": ("long.mp3", "libmp3lame", 44_100, 64_000, "mono", {}),
        "high": ("high.mp3", "libmp3lame", 44_100, 320_000, "stereo", {}),
        "slow": ("slow.mp3", "libmp3lame", 22_050, 64_000, "mono", {}),
        "low": ("low.mp3", "libmp3lame", 22_050, 16_000, "mono", {}),
        "varied": ("v.mp3", "libmp3lame", 44_100, None, "mono", {"global_quality": "472", "flags": "+qscale"}),
        "m4a": ("a.m4a", "aac", 44_100, 64_000, "mono", {}),
        "flac": ("a.flac", "flac", 44_100, None, "mono", {}),
    }
    made = {}
    for name, (file, codec, rate, bit_rate, layout, options) in wanted.items():
        with av.open(
            str(folder / file), "w", options={"id3v2_version": "3"} if file.endswith("mp3") else {}
        ) as container:
            audio = container.add_stream(codec, rate=rate, options=options)
            assert isinstance(audio, AudioStream)
            audio.layout = layout
            if bit_rate is not None:
                audio.bit_rate = bit_rate
            seconds = 8.0 if name in ("long", "varied") else 2.0
            tone = odd_audio.sine(seconds, rate)
            tone[len(tone) // 2 :] = 0
            frame = av.AudioFrame.from_ndarray(tone[None, :], "fltp", "mono")
            frame.sample_rate, frame.pts = rate, 0
            resampler = av.AudioResampler(audio.format.name, layout, rate)
            for part in (*resampler.resample(frame), None):
                container.mux(audio.encode(part))
        made[name] = (folder / file).read_bytes()
    made["wav"] = odd_audio.wav(odd_audio.pcm(odd_audio.sine(2.0)))
    return made


@pytest.fixture
def put(tmp_path: Path, made: dict[str, bytes]) -> Callable[..., Path]:
    """Puts audio of a kind into the folder that is looked at."""

    def put(name: str, kind: str = "mp3") -> Path:
        path = tmp_path / "album" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made[kind])
        return path

    return put


@pytest.fixture
def album(tmp_path: Path) -> Path:
    return tmp_path / "album"


class TestAudio:
    @pytest.mark.parametrize("kind", ["mp3", "long", "high"])
    def test_what_is_safe_everywhere_is_fine(self, put: Callable[..., Path], album: Path, kind: str) -> None:
        put("01 Bridge.mp3", kind)
        assert kinds(album) == []

    @pytest.mark.parametrize(
        ("name", "kind", "found"),
        [
            ("a.m4a", "m4a", "format"),
            ("a.flac", "flac", "format"),
            ("a.wav", "wav", "format"),
            ("a.mp3", "m4a", "format"),
            ("a.m4a", "mp3", "suffix"),
            ("a.mp3", "varied", "variable-bitrate"),
        ],
    )
    def test_another_kind(self, put: Callable[..., Path], album: Path, name: str, kind: str, found: str) -> None:
        put(name, kind)
        assert the(album).kind == found

    def test_rates(self, put: Callable[..., Path], album: Path) -> None:
        put("high.mp3", "high")
        put("low.mp3", "low")
        put("slow.mp3", "slow")
        one = but(PLAIN, channels=1, formats=(profile.Taken(name="mp3", least=32, most=128),))
        assert kinds(album, one) == [
            ("high.mp3", "bit-rate"),
            ("high.mp3", "channels"),
            ("low.mp3", "bit-rate"),
            ("low.mp3", "sample-rate"),
            ("slow.mp3", "sample-rate"),
        ]
        assert inspection.inspect(album, one)[0].why == "it has 320 kbit/s; 32 to 128 are taken"

    def test_a_wav_of_one_channel_where_two_are_wanted(self, put: Callable[..., Path], album: Path) -> None:
        put("a.wav", "wav")
        assert the(album, SONY).why == "it has 706 kbit/s; 1411 to 1411 are taken"
        put("a.wav").write_bytes(odd_audio.wav(odd_audio.pcm(odd_audio.sine(2.0)), channels=2))
        assert kinds(album, SONY) == []

    def test_variable_bitrate_where_it_is_taken(self, put: Callable[..., Path], album: Path) -> None:
        put("a.mp3", "varied")
        assert kinds(album, SONY) == []

    @pytest.mark.parametrize("kind", ["long", "wav", "m4a", "flac"])
    def test_a_copy_that_was_cut_off(
        self, put: Callable[..., Path], album: Path, made: dict[str, bytes], kind: str
    ) -> None:
        path = put(f"a.{'mp3' if kind == 'long' else kind}", kind)
        path.write_bytes(made[kind][: len(made[kind]) // 3])
        one = but(PLAIN, formats=tuple(profile.Taken(name=name) for name in ("mp3", "wav", "m4a", "flac")))
        assert the(album, one).kind in ("truncated", "damaged")

    def test_nothing_in_it(self, put: Callable[..., Path], album: Path) -> None:
        put("a.mp3").write_bytes(b"")
        put("b.mp3").write_bytes(b"no audio at all" * 100)
        assert kinds(album) == [("a.mp3", "empty"), ("b.mp3", "damaged")]

    def test_lengths_and_sizes(self, put: Callable[..., Path], album: Path) -> None:
        put("a.mp3", "long")
        put("b.mp3")
        one = but(PLAIN, longest_track=5.0, largest_file=40_000, size_limit=50_000)
        assert kinds(album, one) == [(".", "too-much"), ("a.mp3", "too-large"), ("a.mp3", "too-long")]

    @pytest.mark.slow
    @pytest.mark.parametrize("name", odd_audio.ODD)
    def test_nothing_that_a_file_holds_ends_it(self, album: Path, name: str) -> None:
        album.mkdir()
        odd_audio.ODD[name](album / name)
        begun = time.monotonic()
        assert isinstance(inspection.inspect(album, PLAIN), tuple)
        assert time.monotonic() - begun < 20


class TestTags:
    def test_letters_that_are_mangled_and_what_to_write(self, put: Callable[..., Path], album: Path) -> None:
        tags = ID3()
        tags.add(TIT2(encoding=1, text="Brücke"))
        tags.save(put("a.mp3"), v2_version=3)
        found = the(album)
        assert (found.kind, found.fix) == ("tag-characters", 'write "Brucke" as its title')
        assert kinds(album, but(PLAIN, tag_characters="latin-1")) == []

    def test_a_tag_of_another_version(self, put: Callable[..., Path], album: Path) -> None:
        tags = ID3()
        tags.add(TIT2(encoding=3, text="Bridge"))
        path = put("a.mp3")
        tags.save(path, v2_version=4)
        assert the(album).kind == "tag-version"
        assert kinds(album, but(PLAIN, tag_version="2.4")) == []
        content = path.read_bytes()
        path.write_bytes(content[:3] + b"\x03" + content[4:])  # says 2.3 and has an encoding of 2.4
        assert the(album).kind == "tag-characters"

    def test_pictures(self, put: Callable[..., Path], album: Path) -> None:
        tags = ID3()
        tags.add(APIC(encoding=0, mime="image/png", type=3, desc="", data=PNG))
        tags.save(put("a.mp3"), v2_version=3)
        assert the(album).why == "its picture has 9000 by 9000 pixels; at most 300 a side are safe"
        assert kinds(album, but(PLAIN, cover=0)) == []

    def test_sizes_of_pictures_are_read_from_their_headers(self) -> None:
        jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x11\x08" + struct.pack(">HH", 120, 200) + bytes(12)
        assert track.picture_size(jpeg) == (200, 120)
        assert [track.picture_size(data) for data in (b"", b"\xff\xd8", b"GIF89a", jpeg[:10])] == [(0, 0)] * 4

    def test_what_a_tag_says_of_itself(self, put: Callable[..., Path]) -> None:
        path = put("a.mp3")
        path.write_bytes(b"ID3\x02\0\0\0\0\0\0" + path.read_bytes())
        assert id3_header.read(path) == id3_header.Id3Header("2.2", frozenset(), 10)
        path.write_bytes(b"ID3")
        assert id3_header.read(path) is None


class TestNames:
    def test_illegal_long_and_of_other_letters(self, put: Callable[..., Path], album: Path) -> None:
        put("Größe.mp3")
        put("x" * 90 + ".mp3")
        if os.name != "nt":
            put("a:b.mp3")
            put("trailing./a.mp3")
        found = kinds(album)
        assert ("Größe.mp3", "name-characters") in found
        assert ("x" * 90 + ".mp3", "name-length") in found
        if os.name != "nt":
            assert ("a:b.mp3", "name-illegal") in found
            assert ("trailing.", "name-illegal") in found

    def test_the_fix_is_a_name(self, put: Callable[..., Path], album: Path) -> None:
        put("01 Größe?.mp3" if os.name != "nt" else "01 Größe.mp3")
        assert {each.fix for each in inspection.inspect(album, PLAIN)} == {'call it "01 Grosse.mp3"'}

    def test_two_that_differ_in_case(self, put: Callable[..., Path], album: Path) -> None:
        put("Bridge.mp3")
        if put("bridge.mp3").samefile(album / "Bridge.mp3"):
            pytest.skip("this file system has no two such names")
        assert kinds(album) == [("bridge.mp3", "name-same")] or kinds(album) == [("Bridge.mp3", "name-same")]

    def test_case_where_it_counts(self, put: Callable[..., Path], album: Path) -> None:
        put("BRIDGE.mp3")
        assert kinds(album, but(PLAIN, name_case="upper")) == [("BRIDGE.mp3", "name-case")]

    def test_litter_of_other_systems(self, put: Callable[..., Path], album: Path) -> None:
        put("01.mp3")
        for name in ("._01.mp3", ".DS_Store", "Thumbs.db", ".Trashes/a/b", "System Volume Information/x"):
            (album / name).parent.mkdir(parents=True, exist_ok=True)
            (album / name).write_bytes(b"x")
        wanted = [(name, "litter") for name in (".DS_Store", ".Trashes", "._01.mp3", "Thumbs.db")]
        assert kinds(album) == wanted

    def test_folders(self, put: Callable[..., Path], album: Path) -> None:
        put("Bridge/01.mp3")
        put("Bridge/old/01.mp3")
        assert kinds(album) == [("Bridge/old", "too-deep")]

    def test_too_many(self, put: Callable[..., Path], album: Path) -> None:
        for number in range(4):
            put(f"a/{number}.mp3")
        assert kinds(album, but(PLAIN, folder_files=3, songs=3)) == [(".", "too-many-songs"), ("a", "too-many-files")]


class TestPlaces:
    def test_audio_that_the_device_never_looks_at(self, put: Callable[..., Path], album: Path) -> None:
        put("Music/01.mp3")
        put("Songs/a.mp3")
        put("Songs/b.mp3")
        put("c.mp3")
        put("d.mp3").write_bytes(b"")
        assert kinds(album, COROS) == [(".", "outside"), ("Songs", "outside"), ("d.mp3", "empty")]
        found = inspection.inspect(album, COROS)[1]
        assert found.why == 'it looks for audio in Music, and not for "a.mp3" and 1 file more here'
        assert found.fix == "move it into Music"

    def test_a_folder_without_audio(self, put: Callable[..., Path], album: Path) -> None:
        (album / "Music").mkdir(parents=True)
        assert kinds(album, COROS) == [("Music", "no-audio")]
        put("a.mp3")
        assert kinds(album, COROS) == [(".", "outside"), ("Music", "no-audio")]
        assert kinds(album / "Music", COROS) == [(".", "no-audio")]

    def test_what_albums_know_of_themselves_is_none_of_it(self, put: Callable[..., Path], album: Path) -> None:
        put("A.MP3")
        put("voicecoach/größe~1.json")
        strict = but(PLAIN, subfolders=0, name_case="upper", name_forbidden="oe~ ")
        assert kinds(album, strict) == []


class TestOrder:
    def test_numbers_without_noughts(self, put: Callable[..., Path], album: Path) -> None:
        for name in ("1 a.mp3", "2 b.mp3", "10 c.mp3"):
            put(name)
        found = the(album)
        assert (found.kind, found.why) == (
            "order-names",
            '"10 c.mp3" comes too early: names are sorted letter by letter',
        )
        assert found.fix == "write the numbers with noughts, 01, 02 …"

    def test_the_order_of_copying(self, put: Callable[..., Path], album: Path) -> None:
        for number, age in ((1, 30), (2, 90), (3, 10)):
            path = put(f"{number:02d}.mp3")
            os.utime(path, (1e9 - age, 1e9 - age))
        assert kinds(album, SHOKZ) == [("02.mp3", "order-copied")]
        os.utime(album / "02.mp3", (1e9 - 31, 1e9 - 31))  # FAT32 counts in two seconds
        assert kinds(album, SHOKZ) == []

    def test_track_numbers(self, put: Callable[..., Path], album: Path) -> None:
        def number(name: str, number: str, title: str = "Bridge") -> None:
            tags = ID3()
            tags.add(TALB(encoding=0, text=title))
            if number:
                tags.add(TRCK(encoding=0, text=number))
            tags.save(put(name), v2_version=3)

        number("01.mp3", "1/2")
        number("02.mp3", "2/2")
        number("03.mp3", "1", "another album")
        assert kinds(album, APPLE) == []
        number("02.mp3", "1")
        assert kinds(album, APPLE) == [(".", "order-tags")]
        number("02.mp3", "")
        assert the(album, APPLE).why == "1 file without a track number"


class TestPlaylists:
    def write(self, album: Path, text: str, name: str = "Bridge.m3u8", encoding: str = "utf-8") -> None:
        (album / name).write_bytes(text.encode(encoding))

    @pytest.fixture
    def tracks(self, put: Callable[..., Path]) -> None:
        put("01 Lift.mp3")
        put("02 Rest.mp3")

    @pytest.mark.usefixtures("tracks")
    def test_one_that_is_right(self, album: Path) -> None:
        entries = [playlist.Entry("01 Lift.mp3", "", 1), playlist.Entry("02 Rest.mp3", "", 1)]
        self.write(album, playlist.text(entries, PLAIN))
        assert kinds(album) == []
        self.write(album, playlist.text(entries, GARMIN))
        assert kinds(album, GARMIN) == []

    @pytest.mark.usefixtures("tracks")
    def test_one_for_the_folder_that_this_one_becomes(self, album: Path) -> None:
        self.write(album, "0:/MUSIC/ALBUM/01 LIFT.MP3\r\n0:/MUSIC/ALBUM/02 REST.MP3\r\n")
        assert kinds(album, GARMIN) == []

    @pytest.mark.usefixtures("tracks")
    @pytest.mark.parametrize(
        ("text", "kind", "why"),
        [
            ("03.mp3\n04.mp3\n", "playlist-missing", '"03.mp3" and 1 line more: there is no such file'),
            ("/home/me/01 Lift.mp3\n", "playlist-path", "a place on a computer"),
            ("D:\\01 Lift.mp3\n", "playlist-path", "a place on a computer"),
            ("../01 Lift.mp3\n", "playlist-path", "outside of the folder"),
            (".\\01 Lift.mp3\n", "playlist-dialect", "lines are written as Bridge/01 Lift.mp3"),
            ("\ufeff01 Lift.mp3\n", "playlist-mark", "the mark at its beginning"),
            ("01 Lift.mp3\r02 Rest.mp3\r", "playlist-line-ends", "one line to a player"),
        ],
    )
    def test_lines_that_lead_nowhere(self, album: Path, text: str, kind: str, why: str) -> None:
        self.write(album, text)
        found = the(album)
        assert found.kind == kind
        assert why in found.why

    @pytest.mark.usefixtures("tracks")
    def test_encodings(self, album: Path) -> None:
        self.write(album, "#Brücke\n01 Lift.mp3\n", encoding="latin-1")
        assert the(album).kind == "playlist-encoding"
        (album / "Bridge.m3u8").unlink()
        self.write(album, "#Brücke\n01 Lift.mp3\n", "Bridge.m3u")
        assert the(album).fix == "call it Bridge.m3u8"

    @pytest.mark.usefixtures("tracks")
    def test_a_garmin_wants_its_own(self, album: Path) -> None:
        assert kinds(album, GARMIN) == [(".", "no-playlist")]
        self.write(album, "01 Lift.mp3\n")
        assert kinds(album, GARMIN) == [
            ("02 Rest.mp3", "not-in-playlist"),
            ("Bridge.m3u8", "playlist-dialect"),
            ("Bridge.m3u8", "playlist-line-ends"),
        ]
        self.write(album, "0:/MUSIC/01 LIFT.MP3\r\n0:/MUSIC/02 REST.MP3\r\n")
        assert kinds(album, but(GARMIN, songs=1)) == [("Bridge.m3u8", "too-many-songs")]

    @pytest.mark.usefixtures("tracks")
    def test_one_for_headphones_that_know_none(self, album: Path) -> None:
        self.write(album, "01 Lift.mp3\n")
        assert kinds(album, SHOKZ) == [("Bridge.m3u8", "playlist")]


class TestFolders:
    def test_the_device_itself(self, put: Callable[..., Path], album: Path) -> None:
        put("Primary/MUSIC/Bridge/01.mp3")
        put("Primary/MUSIC/Bridge/02.m4a", "wav")
        put("Primary/GARMIN/other.mp3", "wav")
        (album / "Primary/MUSIC/a.m3u8").write_bytes(b"0:/MUSIC/BRIDGE/01.MP3\r\n0:/MUSIC/BRIDGE/02.M4A\r\n")
        assert kinds(album, GARMIN) == [("Primary/GARMIN", "outside"), ("Primary/MUSIC/Bridge/02.m4a", "suffix")]

    def test_workouts(self, put: Callable[..., Path], album: Path) -> None:
        body = bytes((14, 0x20)) + struct.pack("<HI4sH", 2100, 4, b".FIT", 0) + b"abcd"
        for name in ("GARMIN/NewFiles/good.fit", "GARMIN/NewFiles/half.fit", "Music/stray.fit"):
            (album / name).parent.mkdir(parents=True, exist_ok=True)
            (album / name).write_bytes(body + struct.pack("<H", checksum(body)))
        (album / "GARMIN/NewFiles/half.fit").write_bytes(body)
        assert kinds(album, GARMIN) == [("GARMIN/NewFiles/half.fit", "fit"), ("Music/stray.fit", "fit")]
        assert ("GARMIN/NewFiles/good.fit", "fit") in kinds(album, PLAIN)

    def test_what_is_no_folder(self, put: Callable[..., Path], album: Path) -> None:
        with pytest.raises(DeviceError, match="is not there"):
            inspection.inspect(album / "nowhere", PLAIN)
        with pytest.raises(DeviceError, match="is no folder"):
            inspection.inspect(put("a.mp3"), PLAIN)

    def test_far_too_many(self, put: Callable[..., Path], album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inspection, "MOST_FILES", 2)
        for number in range(3):
            put(f"{number}.txt")
        with pytest.raises(DeviceError, match="holds more than 2 files"):
            inspection.inspect(album, PLAIN)

    def test_an_empty_one(self, album: Path) -> None:
        album.mkdir()
        assert kinds(album, GARMIN) == [(".", "no-audio")]

    def test_what_every_kind_of_finding_means_is_told(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "devices.md").read_text(encoding="utf-8")
        assert not [kind for kind in KINDS if f"`{kind}`" not in page]

    def test_the_best_file_in_words(self) -> None:
        assert track_faults.wanted(PLAIN) == "MP3 of constant bitrate, 64 to 128 kbit/s, 44.1 kHz"
        assert track_faults.wanted(GARMIN) == "M4A, 64 to 128 kbit/s, 44.1 kHz"
