"""What an audio file is made of: what each of it says, read back by others."""

import io
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3

from voicecoach.arrange.arrangement import Arrangement, Island, Passage, Placement
from voicecoach.errors import ExportError, UnknownFormatError
from voicecoach.export import encoder, lame
from voicecoach.export.artwork import Artwork
from voicecoach.export.chunks import chunks
from voicecoach.export.codec import Codec
from voicecoach.export.formats import FORMATS, Silence, flac_frames, format_for, id3, opus, vorbis_comments, xing
from voicecoach.export.formats.flac import FlacFile
from voicecoach.export.formats.wav import WavFile
from voicecoach.export.grid import on_grid
from voicecoach.export.libav import Encoder, Resampler
from voicecoach.export.renderer import packed, unpacked
from voicecoach.export.tags import Chapter, Lyric, Tags, TagVersion, chapters, of
from voicecoach.sound.clip import Clip
from voicecoach.sound.pcm import from_int16, to_int16
from voicecoach.store.atomic import writing
from voicecoach.timeline.model import Content, Line, Role

RATE = 44_100
TAGS = Tags(
    title="Glute Bridge – Übung",
    album="Glute Bridge",
    language="en-GB",
    comment="Hips up",
    chapters=(Chapter(0, 66_150, "Set-up"), Chapter(66_150, 200_000, "Hold, 漢字")),
)


class Clips:
    def clip(self, what: Content) -> Clip:
        raise NotImplementedError

    def frames(self, what: Content) -> int:
        raise NotImplementedError

    def identity(self, what: Content) -> str:
        raise NotImplementedError


def placement(start: int, end: int, text: str = "go", role: Role = Role.CUE, gain: float = 1.0) -> Placement:
    return Placement(start, end, Line(text, "en"), role, 0, 0, gain)


def session(*placements: Placement, frames: int, role: Role = Role.CUE) -> Arrangement:
    passage = Passage(0, "Run", 0, frames, placements)
    return Arrangement(title="T", summary="", language="en", rate=RATE, passages=[passage], clips=Clips())


def codec_of(name: str, silence: Silence = "constant") -> Codec:
    """That of speech."""
    found = FORMATS[name].encoding(RATE, 1, silence).codec()
    assert found is not None
    return found


# formats


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_known_by_its_suffix_and_by_its_name(name: str) -> None:
    assert format_for(Path(f"a/b{FORMATS[name].suffix.upper()}")).name == name
    assert format_for(Path("out.bin"), name).name == name


@pytest.mark.parametrize(("path", "name"), [("x.mp4", None), ("x", None), ("x.mp3", "ogg")])
def test_an_unknown_format_is_told_with_those_there_are(path: str, name: str | None) -> None:
    with pytest.raises(UnknownFormatError, match="available: mp3, m4a, opus, flac, wav") as caught:
        format_for(Path(path), name)
    assert caught.value.exit_code == 2


# tags and chapters


def test_each_passage_is_a_chapter_and_one_without_a_name_belongs_to_the_one_before() -> None:
    passages = [
        Passage(0, "Set-up", 100, 500, ()),
        Passage(1, "", 500, 600, ()),
        Passage(2, "Hold", 700, 900, ()),
        Passage(3, "Gone", 900, 900, ()),
    ]
    assert chapters(passages, 950) == (Chapter(0, 600, "Set-up"), Chapter(600, 950, "Hold"))
    assert chapters([Passage(0, "", 0, 10, ())], 10) == ()


def test_tags_come_from_the_arrangement_and_can_be_replaced() -> None:
    tags = of(session(placement(0, 9), frames=20), 20).but({"artist": "Anna\0B"})
    assert (tags.title, tags.artist, tags.language_code) == ("T", "Anna B", "eng")
    assert tags.chapters == (Chapter(0, 20, "Run"),)
    with pytest.raises(ValueError, match="no tag is called titel"):
        tags.but({"titel": "x"})


@pytest.mark.parametrize(("language", "code"), [("de-AT", "deu"), ("pt", "por"), ("gsw", "gsw"), ("", "und")])
def test_languages_have_three_letters_in_files(language: str, code: str) -> None:
    assert Tags(title="x", language=language).language_code == code


def test_the_id3_tag_is_read_back_by_mutagen() -> None:
    read = ID3(io.BytesIO(id3.tag(TAGS, RATE)), translate=False)
    assert read.version == (2, 3, 0)
    assert [str(read[name]) for name in ("TIT2", "TPE1", "TALB", "TLAN", "COMM::eng")] == [
        "Glute Bridge – Übung",
        "voicecoach",
        "Glute Bridge",
        "eng",
        "Hips up",
    ]
    first, second = read["CHAP:chp0"], read["CHAP:chp1"]
    assert (first.start_time, first.end_time, second.end_time) == (0, 1500, 4535)
    assert str(second.sub_frames["TIT2"]) == "Hold, 漢字"
    assert read["CTOC:toc"].child_element_ids == ["chp0", "chp1"]


@pytest.mark.parametrize(
    ("version", "number", "title"),
    [
        ("2.3", (2, 3, 0), "Brücke 漢"),
        ("2.3-latin-1", (2, 3, 0), "Brücke ?"),
        ("2.3-utf-16", (2, 3, 0), "Brücke 漢"),
        ("2.4", (2, 4, 0), "Brücke 漢"),
    ],
)
def test_the_version_and_charset_of_an_id3_tag_can_be_chosen(
    version: TagVersion, number: tuple[int, ...], title: str
) -> None:
    long = Chapter(0, 9 * RATE, "Hold " + 200 * "x")  # so that a size takes more than seven bits
    lyrics = (Lyric(0, "Brücke 漢"), Lyric(RATE, ""))
    tags = Tags(
        title="Brücke 漢",
        artist="Anna",
        language="de",
        comment="Hüften",
        chapters=(long,),
        lyrics=lyrics,
        version=version,
    )
    read = ID3(io.BytesIO(id3.tag(tags, RATE)), translate=False)
    assert read.version == number
    assert [str(read[name]) for name in ("TIT2", "TPE1", "TLAN", "COMM::deu")] == [title, "Anna", "deu", "Hüften"]
    assert str(read["CHAP:chp0"].sub_frames["TIT2"]) == long.title
    assert read.getall("SYLT")[0].text == [(title, 0), ("", 1000)]
    wanted = {"2.3": 0, "2.3-latin-1": 0, "2.3-utf-16": 1, "2.4": 3}[version]
    assert int(read["TPE1"].encoding) == wanted


def test_a_cover_that_no_tag_can_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id3, "_LARGEST", 1000)
    huge = Artwork(bytes(1000), "image/png", 1, 1)
    with pytest.raises(ExportError, match="take a smaller one"):
        id3.tag(Tags(title="x", cover=huge), RATE)


def test_more_chapters_than_one_table_lists_are_listed_by_tables_of_tables() -> None:
    many = Tags(title="x", chapters=tuple(Chapter(n * RATE, (n + 1) * RATE, f"Step {n}") for n in range(300)))
    read = ID3(io.BytesIO(id3.tag(many, RATE)), translate=False)
    top = read["CTOC:toc"].child_element_ids
    listed = [name for table in top for name in read[f"CTOC:{table}"].child_element_ids]
    assert listed == [f"chp{n}" for n in range(300)]


def test_vorbis_comments_have_the_chapters_at_their_milliseconds() -> None:
    written = vorbis_comments.comments(TAGS, RATE)
    assert "TITLE=Glute Bridge – Übung".encode() in written
    assert b"CHAPTER001=00:00:01.500" in written
    assert "CHAPTER001NAME=Hold, 漢字".encode() in written


# checksums


def test_checksums_give_the_values_of_their_catalogue() -> None:
    """Each of the nine digits, as the catalogue of parametrised CRC algorithms has them."""
    digits = b"123456789"
    assert xing.checksum(digits) == 0xBB3D
    assert flac_frames.checksum(digits, 8) == 0xF4
    assert flac_frames.checksum(digits, 16) == 0xFEE8
    reversed_bits = bytes(int(f"{byte:08b}"[::-1], 2) for byte in digits)
    assert opus.checksum(digits) == int(f"{zlib.crc32(reversed_bits, 0xFFFFFFFF) ^ 0xFFFFFFFF:032b}"[::-1], 2)


@given(st.binary(max_size=40), st.integers(0, 300))
@settings(max_examples=30, deadline=None)
def test_a_flac_checksum_moves_over_zeros_without_reading_them(data: bytes, zeros: int) -> None:
    assert flac_frames.shifted(flac_frames.checksum(data, 16), zeros) == flac_frames.checksum(data + bytes(zeros), 16)


# packets on their grid


def test_what_the_files_say_of_the_encoders_is_so() -> None:
    libopus = Encoder(
        "libopus",
        rate=48_000,
        channels=1,
        sample_format="flt",
        bit_rate=48_000,
        options={"application": "lowdelay"},
    )
    assert int.from_bytes((libopus.context.extradata or b"")[10:12], "little") == opus.PRE_SKIP
    flac = Encoder("flac", rate=RATE, channels=1, sample_format="s16")
    assert flac.context.frame_size == 4608
    assert (
        encoder.encode(codec_of("mp3"), np.zeros((0, 1), dtype=np.float32), 100, 60)
        == [encoder.encode(codec_of("mp3"), np.zeros((0, 1), dtype=np.float32), 0, 1)[0]] * 60
    ), "silence is the same packet all over"


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(1, 40_000), st.integers(1, 30_000)), min_size=1, max_size=12),
    st.integers(0, 5000),
    st.sampled_from([codec_of("mp3"), codec_of("m4a"), codec_of("opus"), codec_of("mp3", "small")]),
)
@settings(max_examples=60, deadline=None)
def test_chunks_hold_every_island_and_do_not_overlap(spans: list[tuple[int, int]], rest: int, codec: Codec) -> None:
    islands, at = [], 0
    for gap, length in spans:
        islands.append(Island(at + gap, at + gap + length, (placement(at + gap, at + gap + length),)))
        at += gap + length
    found = list(chunks(codec, islands, at + rest))
    assert all(one.last <= other.first for one, other in pairwise(found))
    assert found[-1].last <= codec.packets(at + rest)
    for island in islands:
        first, last = codec.touched(island.start, island.end)
        holding = [chunk for chunk in found if chunk.first <= first and last <= chunk.last]
        holding += [chunk for chunk in found if chunk.last == codec.packets(at + rest)]
        assert any(island.placements[0] in chunk.placements for chunk in holding)


def test_a_long_island_is_cut_at_places_that_do_not_depend_on_where_it_begins() -> None:
    codec = codec_of("mp3")
    cuts = []
    for start in (0, 5 * RATE):
        island = Island(start, 60 * RATE, (placement(start, 60 * RATE),))
        found = list(chunks(codec, [island], 60 * RATE))
        assert all(one.last == other.first for one, other in pairwise(found))
        assert all(chunk.origin == chunk.first - codec.lead for chunk in found[1:])
        cuts.append({chunk.first for chunk in found[1:]})
    assert cuts[1] and cuts[1] <= cuts[0]


def test_kept_packets_come_back_whole_or_not_at_all() -> None:
    packets = [b"a", b"", b"ccc"]
    assert unpacked(packed(packets), 3) == packets
    assert unpacked(packed(packets), 2) is None
    assert unpacked(packed(packets)[:-1], 3) is None
    assert unpacked(b"", 3) is None


def test_without_a_lame_of_its_own_a_machine_encodes_with_pyavs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lame, "_NAMES", {sys.platform: ("libnothing.so.0", "libc.so.6")})
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert list(lame.libraries()) == []
    monkeypatch.setattr(lame, "library", lambda: None)
    assert codec_of("mp3").made_by().startswith("PyAV ")


@pytest.mark.parametrize("channels", [1, 2])
def test_every_lame_makes_packets_of_the_length_their_headers_say(channels: int) -> None:
    samples = np.random.default_rng(2).normal(0, 0.1, (60 * 1152, channels)).astype(np.float32)
    settings = {"rate": RATE, "channels": channels, "bit_rate": 64_000 * channels}
    options = {"reservoir": "0", "compression_level": "7"}
    pyav = Encoder("libmp3lame", sample_format="fltp", options=options, **settings).feed(samples)
    for library in lame.libraries():
        encoder = lame.Lame(library, quality=7, **settings)
        packets = [packet for at in range(0, len(samples), 5000) for packet in encoder.feed(samples[at : at + 5000])]
        assert [(len(packet), packet[:4]) for packet in packets] == [(len(packet), packet[:4]) for packet in pyav]


def test_resampling_is_the_same_whatever_the_blocks() -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, (9000, 1)).astype(np.float32)
    whole = Resampler(RATE, 48_000, 1).feed(samples)
    stepwise = Resampler(RATE, 48_000, 1)
    in_steps = np.concatenate([stepwise.feed(samples[at : at + 777]) for at in range(0, 9000, 777)])
    assert np.array_equal(whole, in_steps)
    assert abs(whole.shape[0] - 9000 * 160 // 147) < 40


# recurring islands on the grid


def recurring(count: int, length: int = 2 * RATE, role: Role = Role.REMINDER, every: int = 150_001) -> Arrangement:
    cues = [placement(n * every + 700, n * every + 700 + length, "tall", role) for n in range(count)]
    return session(*cues, frames=count * every)


def test_reminders_that_recur_are_moved_onto_the_grid_by_half_a_packet_at_most() -> None:
    arrangement = recurring(60)
    islands = arrangement.islands()
    moved = on_grid(islands, arrangement.frames, codec_of("mp3"))
    assert all(island.start % 1152 == 0 for island in moved)
    shifts = [after.start - before.start for before, after in zip(islands, moved, strict=True)]
    assert 0 < max(map(abs, shifts)) <= 576
    assert moved[-1].end <= arrangement.frames


@pytest.mark.parametrize(
    "arrangement",
    [recurring(60, role=Role.COUNTDOWN), recurring(60, every=1152 * 130), recurring(10)],
    ids=["countdowns stay on their sample", "already on one phase", "would save too little"],
)
def test_nothing_moves_where_it_must_not_or_does_not_pay(arrangement: Arrangement) -> None:
    islands = arrangement.islands()
    assert on_grid(islands, arrangement.frames, codec_of("mp3")) is islands


def test_an_island_is_not_moved_into_its_neighbour() -> None:
    crowded = [
        cue
        for n in range(60)
        for cue in (
            placement(n * 150_001 + 700, n * 150_001 + 700 + 2 * RATE, "tall"),
            placement(n * 150_001 + 701 + 2 * RATE, n * 150_001 + 900 + 2 * RATE, "three", Role.COUNTDOWN),
        )
    ]
    frames = 60 * 150_001
    moved = on_grid(session(*crowded, frames=frames).islands(), frames, codec_of("mp3"))
    placed = [one for island in moved for one in island.placements]
    assert [one for one in placed if one.role is Role.COUNTDOWN] == crowded[1::2]
    assert session(*placed, frames=frames).islands() == moved, "as many islands as before"


# containers


def test_the_info_frame_is_as_long_as_it_says_and_names_delay_and_padding() -> None:
    packet = b"\xff\xfb\x52\xc4" + bytes(205)
    frame = xing.frame(packet, [(0, 0), (10, 2090)], delay=576, padding=700, constant=True)
    assert len(frame) == xing.size(packet) == 208
    assert frame[21:25] == b"Info"
    assert int.from_bytes(frame[29:33], "big") == 10
    assert int.from_bytes(frame[33:37], "big") == 2090 + 208
    delays = int.from_bytes(frame[162:165], "big")
    assert (delays >> 12, delays & 0xFFF) == (576, 700)
    assert xing.checksum(frame[:175]) == int.from_bytes(frame[175:177], "big")


@pytest.mark.slow
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20_000)), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_flac_with_ready_made_silence_is_the_flac_of_the_same_samples(runs: list[tuple[bool, int]]) -> None:
    random = np.random.default_rng(3)
    stretches = [random.normal(0, 0.1 * sounds, (frames, 1)).astype(np.float32) for sounds, frames in runs]
    total = sum(stretch.shape[0] for stretch in stretches)
    plain, made = io.BytesIO(), io.BytesIO()
    whole = FlacFile(plain, FORMATS["flac"].encoding(RATE, 1), TAGS, total)
    whole.sound(np.concatenate(stretches))
    whole.finish()
    spliced = FlacFile(made, FORMATS["flac"].encoding(RATE, 1), TAGS, total)
    for (sounds, frames), stretch in zip(runs, stretches, strict=True):
        if sounds:
            spliced.sound(stretch)
        else:
            spliced.silent(frames)
    spliced.finish()
    assert made.getvalue() == plain.getvalue()


@pytest.mark.parametrize("rate", [11_025, 12_345, 22_050, 96_000])
def test_flac_at_another_rate_holds_every_sample_too(tmp_path: Path, rate: int) -> None:
    noise = to_int16(np.random.default_rng(4).normal(0, 0.1, (rate, 1)).astype(np.float32))
    path = tmp_path / "a.flac"
    with path.open("w+b") as file:
        flac = FlacFile(file, FORMATS["flac"].encoding(rate, 1), TAGS, 4 * rate)
        flac.sound(from_int16(noise))
        flac.silent(2 * rate)
        flac.sound(from_int16(noise))
        flac.finish()
    with av.open(str(path)) as container:
        found = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert np.array_equal(found, np.concatenate([noise[:, 0], np.zeros(2 * rate, np.int16), noise[:, 0]]))


@pytest.mark.parametrize("number", [0, 127, 128, 2047, 2048, 65_535, 65_536, 413_437])
def test_a_flac_frame_can_be_given_any_number(number: int) -> None:
    noise = np.random.default_rng(5).integers(-3000, 3000, (4608, 1), dtype=np.int16)
    frame = Encoder("flac", rate=RATE, channels=1, sample_format="s16").feed(noise)[0]
    moved = flac_frames.numbered(frame, number)
    assert flac_frames.checksum(moved, 16) == 0, "data followed by its checksum has none"
    assert flac_frames.numbered(moved, 0) == frame
    quiet = Encoder("flac", rate=RATE, channels=1, sample_format="s16").feed(np.zeros_like(noise))[0]
    ((count, made),) = flac_frames.silent(quiet, number, number + 1)
    assert (count, made) == (1, flac_frames.numbered(quiet, number))


def test_a_wav_says_its_sizes_and_refuses_what_it_cannot_hold() -> None:
    file = io.BytesIO()
    wav = WavFile(file, FORMATS["wav"].encoding(RATE, 1), TAGS, 5)
    wav.sound(np.array([[0.5], [-1.0], [1.0]], dtype=np.float32))
    wav.silent(2)
    written = file.getvalue()
    assert int.from_bytes(written[4:8], "little") == len(written) - 8
    assert written[-18:] == b"data" + (10).to_bytes(4, "little") + b"\0\x40\0\x80\xff\x7f\0\0\0\0"
    with pytest.raises(ExportError, match=r"14\.0 hours .* export as flac"):
        WavFile(io.BytesIO(), FORMATS["wav"].encoding(RATE, 1), TAGS, 14 * 3600 * RATE)


def test_samples_are_rounded_to_the_nearest_step() -> None:
    steps = np.array([[0.4], [0.6], [-1.2 * 32768], [2.0 * 32768]], dtype=np.float32) / np.float32(32768)
    assert to_int16(steps)[:, 0].tolist() == [0, 1, -32768, 32767]


def test_opus_headers_longer_than_a_page_go_on_over_pages(tmp_path: Path) -> None:
    many = Tags(title="x" * 70_000, chapters=(Chapter(0, 960, "all"),))
    codec = codec_of("opus")
    path = tmp_path / "long.opus"
    with path.open("wb") as file:
        out = opus.OpusFile(file, codec, b"\xf8\xff\xfe", many, 5 * RATE)
        out.silent(codec.packets(5 * RATE))
        out.finish()
    with av.open(str(path)) as container:
        said = {name.upper(): text for name, text in container.streams.audio[0].metadata.items()}
        assert said["TITLE"] == "x" * 70_000
        assert sum(frame.samples for frame in container.decode(audio=0)) == 5 * 48_000


# files in whole or not at all


def test_what_was_written_takes_its_place_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "a.mp3"
    target.write_bytes(b"old")
    with writing(target) as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
        assert Path(file.name).parent == tmp_path
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_failure_leaves_what_stood_there_and_nothing_else(tmp_path: Path, failure: type[BaseException]) -> None:
    target = tmp_path / "a.mp3"
    target.write_bytes(b"old")
    with pytest.raises(ExportError if failure is OSError else failure), writing(target) as file:
        file.write(b"half")
        raise failure
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.mp3", tmp_path / "link.mp3"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with writing(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_what_a_dead_writer_left_goes_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    left = tmp_path / ".voicecoach-0123456789ab.part"
    left.write_bytes(b"half")
    with writing(tmp_path / "a.mp3") as file:
        assert not left.exists()
        with writing(tmp_path / "b.mp3"):
            assert Path(file.name).exists()
    assert {path.name for path in tmp_path.iterdir()} == {"a.mp3", "b.mp3"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is a folder; name a file in it"),
        ("missing/a.mp3", "there is no such folder"),
        ("file/a.mp3", "is a file, not a folder"),
        ("n" * 300 + ".mp3", "the name is too long"),
        ("/dev/null", "is no file but a device"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_with_a_remedy(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match=message) as caught, writing(tmp_path / name):
        pytest.fail("there is nothing to write to")
    assert str(tmp_path / name) in str(caught.value)
