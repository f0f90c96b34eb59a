"""Whole files: the same audio as the plain encode, whole or not there at all, and read by players."""

import base64
import io
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from arrangements import RATE, Clips, Signal, bed, decoded, session, sessions
from hypothesis import HealthCheck, given, settings
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from PIL import Image

from voicecoach.arrange.arrangement import Arrangement
from voicecoach.arrange.mixer import Mixer
from voicecoach.errors import ExportError, UnknownFormatError
from voicecoach.export import encoder, lame
from voicecoach.export.codec import Codec
from voicecoach.export.exporter import export
from voicecoach.export.formats import FORMATS
from voicecoach.sound.clip import Clip
from voicecoach.sound.pcm import to_int16
from voicecoach.store.cache import Cache
from voicecoach.timeline.model import Content, MusicBed, Role


def image(kind: str) -> bytes:
    """A small picture, as another program writes it."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#ff7a29").save(out, kind)
    return out.getvalue()


IMAGES = {kind: image(kind) for kind in ("jpeg", "png")}
LOSSY = ("mp3", "m4a", "opus")


def talk(seconds: float = 12, cues: int = 4) -> Arrangement:
    gap = int(seconds * RATE / cues)
    return session(*((n * gap + 4321, f"voice {RATE + 777 * n}") for n in range(cues)), frames=int(seconds * RATE))


def heard(arrangement: Arrangement) -> Signal:
    return Mixer(arrangement).read(arrangement.frames)


def noise_ratio(wanted: Signal, got: Signal) -> float:
    """Signal to noise in dB."""
    frames = min(len(wanted), len(got))
    error = wanted[:frames] - got[:frames]
    return float(10 * np.log10(np.sum(wanted[:frames] ** 2) / np.sum(error**2)))


def at_48k(samples: Signal) -> Signal:
    """By the sum of all frequencies: exact for a stretch as short as these."""
    frames = len(samples) * 160 // 147
    spectrum = np.fft.rfft(samples, axis=0)
    longer = np.zeros((frames // 2 + 1, samples.shape[1]), dtype=complex)
    longer[: len(spectrum)] = spectrum[: len(longer)]
    result: Signal = (np.fft.irfft(longer, frames, axis=0) * frames / len(samples)).astype(np.float32)
    return result


@pytest.fixture(params=[*lame.libraries(), None], ids=lambda lame: "PyAV" if lame is None else lame.version[:8])
def every_lame(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each LAME of this machine in turn."""
    monkeypatch.setattr(lame, "library", lambda: request.param)


few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# the same audio


@pytest.mark.slow
@pytest.mark.usefixtures("every_lame")
@given(arrangement=sessions())
@few
def test_mp3_islands_decode_to_the_very_samples_of_the_plain_encode(tmp_path: Path, arrangement: Arrangement) -> None:
    export(arrangement, tmp_path / "islands.mp3")
    export(arrangement, tmp_path / "plain.mp3", plain=True)
    islands = decoded(tmp_path / "islands.mp3")
    assert islands.shape == (arrangement.frames, 1)
    assert np.array_equal(islands, decoded(tmp_path / "plain.mp3"))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["flac", "wav"])
@given(arrangement=sessions())
@few
def test_lossless_files_hold_the_mixed_samples(tmp_path: Path, suffix: str, arrangement: Arrangement) -> None:
    export(arrangement, tmp_path / f"islands.{suffix}")
    export(arrangement, tmp_path / f"plain.{suffix}", plain=True)
    assert (tmp_path / f"islands.{suffix}").read_bytes() == (tmp_path / f"plain.{suffix}").read_bytes()
    assert np.array_equal(decoded(tmp_path / f"islands.{suffix}"), to_int16(heard(arrangement)) / 32768)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["m4a", "opus"])
@given(arrangement=sessions())
@few
def test_lossy_files_last_as_long_as_the_session(tmp_path: Path, suffix: str, arrangement: Arrangement) -> None:
    path = tmp_path / f"islands.{suffix}"
    export(arrangement, path)
    if suffix == "opus":
        assert len(decoded(path)) == -(-arrangement.frames * 160 // 147)
        return
    with av.open(str(path)) as container:
        assert container.duration == pytest.approx(arrangement.frames / RATE * 1e6, abs=1)
    assert 0 <= len(decoded(path)) - arrangement.frames < 1024, "FFmpeg plays the last packet in whole"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "quality"), [("mp3", 22.0), ("m4a", 22.0), ("opus", 12.0)], ids=["mp3", "m4a", "opus"]
)
def test_islands_are_as_near_to_the_original_as_the_plain_encode(tmp_path: Path, suffix: str, quality: float) -> None:
    arrangement = talk()
    export(arrangement, tmp_path / f"islands.{suffix}")
    export(arrangement, tmp_path / f"plain.{suffix}", plain=True)
    wanted = at_48k(heard(arrangement)) if suffix == "opus" else heard(arrangement)
    islands = noise_ratio(wanted, decoded(tmp_path / f"islands.{suffix}"))
    plain = noise_ratio(wanted, decoded(tmp_path / f"plain.{suffix}"))
    assert islands > quality
    assert islands > plain - 0.3


@pytest.mark.parametrize("suffix", LOSSY)
def test_between_islands_is_nothing_at_all(tmp_path: Path, suffix: str) -> None:
    arrangement = session((0, "voice 30000"), (300_000, "noise 20000"), frames=400_000)
    path = tmp_path / f"a.{suffix}"
    export(arrangement, path)
    got = decoded(path)
    scale = len(got) / arrangement.frames
    assert not got[int(45_000 * scale) : int(295_000 * scale)].any()
    assert got[int(300_000 * scale) : int(320_000 * scale)].any()
    assert not got[int(330_000 * scale) :].any()


@pytest.mark.slow
@pytest.mark.usefixtures("every_lame")
def test_a_long_island_of_mp3_is_encoded_in_chunks_to_the_very_samples(tmp_path: Path, music: MusicBed) -> None:
    arrangement = session((1000, f"voice {13 * RATE}"))
    for number, long in enumerate((arrangement, replace(arrangement, bed=music))):
        export(long, tmp_path / f"cut{number}.mp3", jobs=3)
        export(long, tmp_path / f"plain{number}.mp3", plain=True)
        assert np.array_equal(decoded(tmp_path / f"cut{number}.mp3"), decoded(tmp_path / f"plain{number}.mp3"))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["m4a", "opus"])
def test_a_long_island_is_encoded_in_chunks_without_a_seam(tmp_path: Path, suffix: str) -> None:
    arrangement = session((1000, f"voice {18 * RATE}"))
    export(arrangement, tmp_path / f"cut.{suffix}", jobs=3)
    export(arrangement, tmp_path / f"plain.{suffix}", plain=True)
    cut, plain = decoded(tmp_path / f"cut.{suffix}"), decoded(tmp_path / f"plain.{suffix}")
    wanted = at_48k(heard(arrangement)) if suffix == "opus" else heard(arrangement)
    assert noise_ratio(wanted, cut) > noise_ratio(wanted, plain) - 0.3


@pytest.fixture
def music(tmp_path: Path) -> MusicBed:
    return bed(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_under_music_everything_sounds(tmp_path: Path, suffix: str, music: MusicBed) -> None:
    arrangement = replace(talk(14, 3), bed=music)
    export(arrangement, tmp_path / f"cut.{suffix}", jobs=2)
    export(arrangement, tmp_path / f"plain.{suffix}", plain=True)
    cut, plain = decoded(tmp_path / f"cut.{suffix}"), decoded(tmp_path / f"plain.{suffix}")
    assert cut.shape == plain.shape
    assert cut.shape[1] == 2
    if suffix in ("mp3", "flac", "wav"):
        assert np.array_equal(cut, plain)
    wanted = at_48k(heard(arrangement)) if suffix == "opus" else heard(arrangement)
    assert noise_ratio(wanted, cut) > noise_ratio(wanted, plain) - 0.3 > 10


@pytest.mark.slow
def test_small_silence_makes_a_small_mp3_of_the_same_session(tmp_path: Path) -> None:
    arrangement = talk(60, 4)
    path = tmp_path / "small.mp3"
    export(arrangement, path, silence="small")
    info = MP3(path).info
    assert info.sample_rate == 22_050
    assert info.length == pytest.approx(60, abs=0.001)
    assert path.stat().st_size < 60 * 2000
    got = decoded(path)
    assert len(got) == arrangement.frames // 2
    assert noise_ratio(at_half(heard(arrangement)), got) > 20


def at_half(samples: Signal) -> Signal:
    spectrum = np.fft.rfft(samples, axis=0)[: len(samples) // 4 + 1]
    result: Signal = (np.fft.irfft(spectrum, len(samples) // 2, axis=0) / 2).astype(np.float32)
    return result


@pytest.mark.parametrize("silence", ["constant", "small"])
def test_the_seek_table_of_an_mp3_leads_to_the_right_place(tmp_path: Path, silence: str) -> None:
    arrangement = session((0, "noise 200000"), (2_000_000, "noise 200000"), frames=60 * RATE)
    path = tmp_path / "a.mp3"
    export(arrangement, path, silence="small" if silence == "small" else "constant")
    content = path.read_bytes()
    start = content.index(b"Xing" if silence == "small" else b"Info")
    packets, size = (int.from_bytes(content[at : at + 4], "big") for at in (start + 8, start + 12))
    table = content[start + 16 : start + 116]
    head = content.rindex(b"\xff", 0, start)
    places = [at - head for at in packet_places(content[head:])]
    assert len(places) == packets + 1, "and the frame of the table itself"
    assert size == len(content) - head
    for percent in range(100):
        wanted = places[1 + packets * percent // 100] * 256 / size
        assert abs(table[percent] - wanted) <= 1.5


def packet_places(stream: bytes) -> list[int]:
    rates = {3: (0, 32, 40, 48, 56, 64), 2: (0, 8, 16, 24, 32, 40, 48, 56, 64)}
    places, at = [], 0
    while at < len(stream):
        assert stream[at] == 0xFF
        version = stream[at + 1] >> 3 & 3
        slots, rate = (144_000, 44_100) if version == 3 else (72_000, 22_050)
        places.append(at)
        at += slots * rates[version][stream[at + 2] >> 4] // rate + (stream[at + 2] >> 1 & 1)
    assert at == len(stream)
    return places


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_session_without_a_sound_is_as_long_as_it_says(tmp_path: Path, suffix: str) -> None:
    export(session(frames=50_000), tmp_path / f"a.{suffix}")
    got = decoded(tmp_path / f"a.{suffix}")
    assert not got.any()
    assert len(got) >= 50_000


# the same bytes


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_the_bytes_do_not_depend_on_jobs_or_on_what_was_kept(tmp_path: Path, suffix: str) -> None:
    arrangement = talk(8, 5)
    cache = Cache(tmp_path / "cache")
    ways: list[dict[str, Any]] = [{"jobs": 1}, {"jobs": 3}, {"cache": cache}, {"cache": cache, "jobs": 2}]
    written = []
    for number, way in enumerate(ways):
        path = tmp_path / f"{number}.{suffix}"
        export(arrangement, path, **way)
        written.append(path.read_bytes())
    assert all(content == written[0] for content in written)


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The packets of every chunk that an encoder was run for."""
    counts: list[int] = []
    original = encoder.encode

    def counting(codec: Codec, samples: Signal, skip: int, count: int) -> list[bytes]:
        counts.append(count)
        return original(codec, samples, skip, count)

    monkeypatch.setattr(encoder, "encode", counting)
    return counts


@pytest.mark.parametrize("suffix", LOSSY)
def test_what_was_exported_before_is_not_encoded_again(tmp_path: Path, suffix: str, encoded: list[int]) -> None:
    cache = Cache(tmp_path / "cache")
    before = session((1000, "tone 9000"), (100_000, "voice 9000"), (200_000, "noise 9000"), frames=250_000)
    after = session((1000, "tone 9000"), (100_000, "voice 9500"), (200_000, "noise 9000"), frames=250_000)
    export(before, tmp_path / f"a.{suffix}", cache=cache)
    assert len(encoded) == 4, "three islands, and a packet of silence"
    encoded.clear()
    export(before, tmp_path / f"b.{suffix}", cache=cache)
    assert not encoded
    export(after, tmp_path / f"c.{suffix}", cache=cache)
    assert len(encoded) == 1, "the line that was changed"


@pytest.mark.slow
def test_a_damaged_entry_of_the_cache_is_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    export(talk(4, 2), tmp_path / "a.mp3", cache=cache)
    for entry in (tmp_path / "cache").rglob("*"):
        if entry.is_file():
            entry.write_bytes(entry.read_bytes()[:-3] + b"xyz")
    export(talk(4, 2), tmp_path / "b.mp3", cache=cache)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


@pytest.mark.slow
def test_a_cue_that_recurs_is_encoded_once(tmp_path: Path, encoded: list[int]) -> None:
    every = [(n * 90_001 + 4321, f"voice {60_000 + n % 2}") for n in range(55)]
    arrangement = session(*every, frames=5_000_000, role=Role.REMINDER)
    export(arrangement, tmp_path / "islands.mp3")
    assert len(encoded) == 3, "two cues, and a packet of silence"
    export(arrangement, tmp_path / "plain.mp3", plain=True)
    islands, plain = decoded(tmp_path / "islands.mp3"), decoded(tmp_path / "plain.mp3")
    assert np.array_equal(islands, plain)
    start = 4321 - 4321 % 1152 + 1152
    assert noise_ratio(heard(arrangement)[4321:50_000], islands[start:]) > 20, "the nearest place of the grid"


# tags and chapters


def chapter_list(path: Path) -> list[tuple[float, str]]:
    with av.open(str(path)) as container:
        return [
            (float(chapter["start"] * (chapter["time_base"] or 0)), chapter["metadata"].get("title", ""))
            for chapter in container.chapters()
        ]


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "opus", "flac"])
def test_players_find_a_chapter_for_each_step(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    export(session((0, "voice 44100"), (66_150, "voice 44100"), frames=4 * RATE), path)
    found = chapter_list(path)
    assert [title for _, title in found] == ["Step 1", "Step 2", "Rest"]
    assert [start for start, _ in found] == pytest.approx([0, 1.0, 2.5], abs=0.001)


@pytest.mark.slow
def test_hundreds_of_chapters_fit(tmp_path: Path) -> None:
    many = session(*((n * 2000, "click 1") for n in range(400)), frames=400 * 2000)
    for suffix in ("mp3", "m4a", "opus", "flac"):
        export(many, tmp_path / f"a.{suffix}")
        assert [title for _, title in chapter_list(tmp_path / f"a.{suffix}")][:400:100] == [
            "Step 1",
            "Step 101",
            "Step 201",
            "Step 301",
        ]


@pytest.mark.slow
def test_mutagen_reads_the_tags_of_every_format(tmp_path: Path) -> None:
    arrangement = talk(3, 1)
    for suffix in FORMATS:
        export(arrangement, tmp_path / f"a.{suffix}", tags={"artist": "Anna"})
    mp3, m4a = MP3(tmp_path / "a.mp3"), MP4(tmp_path / "a.m4a")
    assert (str(mp3.tags["TIT2"]), str(mp3.tags["TPE1"]), str(mp3.tags["TLAN"])) == ("Bridge", "Anna", "eng")
    assert mp3.info.length == pytest.approx(3, abs=0.001)
    assert mp3.info.bitrate == pytest.approx(64_000, abs=200)
    assert (m4a["\xa9nam"], m4a["\xa9ART"], m4a["\xa9cmt"]) == (["Bridge"], ["Anna"], ["Hips up"])
    for other in (FLAC(tmp_path / "a.flac"), OggOpus(tmp_path / "a.opus")):
        assert (other["title"], other["artist"], other["language"]) == (["Bridge"], ["Anna"], ["en-GB"])
        assert other.info.length == pytest.approx(3, abs=0.001)
    assert len(FLAC(tmp_path / "a.flac").seektable.seekpoints) == 1
    with av.open(str(tmp_path / "a.wav")) as container:
        assert container.metadata["title"] == "Bridge"


# never half-done


# covers and captions


def pictures(path: Path) -> list[tuple[bytes, int]]:
    """The pictures in a file as mutagen reads them, and what each is of."""
    match path.suffix:
        case ".mp3":
            return [(frame.data, int(frame.type)) for frame in ID3(path).getall("APIC")]
        case ".m4a":
            return [(bytes(one), 3) for one in MP4(path).tags["covr"]]
        case ".flac":
            return [(one.data, int(one.type)) for one in FLAC(path).pictures]
        case _:
            written = [Picture(base64.b64decode(one)) for one in OggOpus(path)["metadata_block_picture"]]
            return [(one.data, int(one.type)) for one in written if (one.width, one.height) == (64, 64)]


@pytest.mark.parametrize("kind", ["jpeg", "png"])
@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".flac", ".opus"])
def test_a_cover_is_the_front_cover_and_changes_nothing_that_is_heard(tmp_path: Path, suffix: str, kind: str) -> None:
    picture = IMAGES[kind]
    with_it, without = tmp_path / f"with{suffix}", tmp_path / f"without{suffix}"
    export(talk(3, 1), with_it, cover=picture)
    export(talk(3, 1), without)
    assert pictures(with_it) == [(picture, 3)]
    assert np.array_equal(decoded(with_it), decoded(without))
    assert len(with_it.read_bytes()) - len(without.read_bytes()) < 2 * len(picture) + 200


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".flac", ".opus"])
def test_a_cover_changes_no_tag_and_no_chapter(tmp_path: Path, suffix: str) -> None:
    export(talk(3, 2), tmp_path / f"a{suffix}", cover=IMAGES["jpeg"])
    export(talk(3, 2), tmp_path / f"b{suffix}")
    with av.open(str(tmp_path / f"a{suffix}")) as one, av.open(str(tmp_path / f"b{suffix}")) as other:
        assert one.chapters() == other.chapters()
        ours = {name: text for name, text in one.metadata.items() if name != "compatible_brands"}
        assert ours == {name: text for name, text in other.metadata.items() if name != "compatible_brands"}
        assert len(one.streams.video) == 1


def test_a_cover_that_is_no_picture_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="neither a JPEG nor a PNG"):
        export(talk(1, 1), tmp_path / "x.mp3", cover=b"GIF89a")
    assert list(tmp_path.iterdir()) == []


def test_captions_stand_beside_the_audio(tmp_path: Path) -> None:
    export(talk(3, 1), tmp_path / "x.mp3", captions=("vtt", "srt", "chapters"))
    export(talk(3, 1), tmp_path / "plain.mp3")
    assert sorted(path.name for path in tmp_path.iterdir() if path.stem != "plain") == [
        "x.chapters.json",
        "x.mp3",
        "x.srt",
        "x.vtt",
    ]
    assert (tmp_path / "x.mp3").read_bytes() == (tmp_path / "plain.mp3").read_bytes()
    assert "voice 44100" in (tmp_path / "x.vtt").read_text(encoding="utf-8")


def test_lyrics_are_in_an_mp3_too(tmp_path: Path) -> None:
    export(session((0, "tone 9000"), (5 * RATE, "click 99"), frames=6 * RATE), tmp_path / "x.mp3", captions=["lrc"])
    lyrics = ID3(tmp_path / "x.mp3").getall("SYLT")[0]
    assert (lyrics.lang, lyrics.format, lyrics.type) == ("eng", 2, 1)
    assert lyrics.text == [("tone 9000", 0), ("", 4000), ("click 99", 5000)]
    assert "[00:05.00]click 99" in (tmp_path / "x.lrc").read_text(encoding="utf-8")


@pytest.mark.parametrize("hindered", ["x.mp3", "x.srt"])
def test_of_audio_and_captions_there_is_all_or_nothing(tmp_path: Path, hindered: str) -> None:
    (tmp_path / hindered).mkdir()
    with pytest.raises(ExportError, match=f"{hindered}: is a folder"):
        export(talk(1, 1), tmp_path / "x.mp3", captions=("vtt", "srt"))
    assert [path.name for path in tmp_path.iterdir()] == [hindered]


def test_captions_of_no_kind_are_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="available: vtt, srt, lrc, chapters"):
        export(talk(1, 1), tmp_path / "x.mp3", captions=("vtt", "ass"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_that_cannot_grow_leaves_the_old_one_and_a_remedy(tmp_path: Path, suffix: str) -> None:
    import resource

    target = tmp_path / f"a.{suffix}"
    target.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(ExportError, match="larger than this disk or account allows") as caught:
            export(talk(8, 8), target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(target) in str(caught.value)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_an_interruption_leaves_nothing_behind(tmp_path: Path, suffix: str) -> None:
    def interrupt(done: int, _: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(talk(8, 8), tmp_path / f"a.{suffix}", progress=interrupt)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")
def test_a_file_that_is_replaced_stays_as_open_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    target.write_bytes(b"old")
    target.chmod(0o600)
    export(talk(4, 2), target)
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_clip_that_fails_is_told_as_it_is(tmp_path: Path) -> None:
    class Failing(Clips):
        def clip(self, what: Content) -> Clip:
            raise ExportError("the voice is gone")

    with pytest.raises(ExportError, match="the voice is gone"):
        export(replace(talk(4, 2), clips=Failing()), tmp_path / "a.mp3")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_a_killed_export_leaves_no_part_under_the_name_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    target.write_bytes(b"old")
    script = f"""
        import sys
        sys.path[:0] = {[str(folder) for folder in Path(__file__).parents[:2]]!r}
        from test_export import export, session
        import time
        def told(done, total):
            print(done, flush=True)
            time.sleep(60)
        export(session((0, "noise 4000000")), {str(target)!r}, progress=told)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert [path.suffix for path in tmp_path.iterdir() if path != target] == [".part"]
    export(talk(1, 1), tmp_path / "other.wav")
    assert len(list(tmp_path.iterdir())) == 3, "its writer lives"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert target.read_bytes() == b"old"
    export(talk(1, 1), tmp_path / "other.wav")
    assert {path.name for path in tmp_path.iterdir()} == {"a.wav", "other.wav"}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("plain", [False, True])
def test_progress_rises_to_the_end(tmp_path: Path, suffix: str, plain: bool) -> None:
    steps: list[tuple[int, int]] = []
    arrangement = talk(4, 3)
    export(arrangement, tmp_path / f"a.{suffix}", plain=plain, progress=lambda *step: steps.append(step))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1] == (arrangement.frames, arrangement.frames)
    assert len(steps) > 1


# players that others wrote

PLAYERS: dict[str, tuple[tuple[str, ...], Callable[[Path, Path], list[str]]]] = {
    "ffmpeg": (
        tuple(FORMATS),
        lambda path, _: ["ffmpeg", "-v", "warning", "-i", str(path), "-map", "0:a", "-f", "null", "-"],
    ),
    "mpg123": (("mp3",), lambda path, out: ["mpg123", "--no-control", "-w", str(out), str(path)]),
    "mp3val": (("mp3",), lambda path, _: ["mp3val", str(path)]),
    "mplayer": (
        ("mp3", "m4a", "flac", "wav"),
        lambda path, out: ["mplayer", "-msglevel", "all=3", "-ao", f"pcm:fast:file={out}", str(path)],
    ),
    "sox": (("mp3", "flac", "wav"), lambda path, out: ["sox", str(path), str(out)]),
    "flac": (("flac",), lambda path, _: ["flac", "--test", "--silent", str(path)]),
    "opusinfo": (("opus",), lambda path, _: ["opusinfo", str(path)]),
}
NOT_GAPLESS = {("mplayer", "m4a"), ("sox", "mp3")}
COMPLAINT = re.compile(r"warn|error|invalid|resync|illegal|corrupt|junk|garbage|overread|missing", re.IGNORECASE)
FOREIGN = re.compile(r"Unsupported codec with id 98314|lirc|Guessed Channel Layout|do_connect|connect:")
"""FFmpeg before 6 says the first of a chapter track; the rest is about the machine."""


def sox_formats() -> list[str]:
    """What it can read; MP3 comes in a package of its own."""
    told = subprocess.run(["sox", "--help"], capture_output=True, text=True, check=False).stdout
    formats = re.search(r"^AUDIO FILE FORMATS:(.*)$", told, re.MULTILINE)
    return [] if formats is None else formats[1].split()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("player", "suffix"), [(player, suffix) for player, (able, _) in PLAYERS.items() for suffix in able]
)
def test_players_have_nothing_to_complain_of(tmp_path: Path, player: str, suffix: str) -> None:
    if shutil.which(player) is None:
        pytest.skip(f"{player} is not installed")
    if player == "sox" and suffix not in sox_formats():
        pytest.skip(f"this sox cannot read {suffix}")
    arrangement = session((0, "click 1"), (50_000, "voice 40000"), (150_000, "noise 9000"), frames=200_000)
    for silence in ("constant", "small") if suffix == "mp3" else ("constant",):
        path, out = tmp_path / f"{silence}.{suffix}", tmp_path / "out.wav"
        export(arrangement, path, silence="small" if silence == "small" else "constant")
        told = subprocess.run(
            PLAYERS[player][1](path, out), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )
        lines = [line for line in (told.stdout + told.stderr).splitlines() if not FOREIGN.search(line)]
        assert told.returncode == 0
        assert not [line for line in lines if COMPLAINT.search(line)]
        if out.exists() and (player, suffix) not in NOT_GAPLESS:
            with wave.open(str(out)) as file:
                assert file.getnframes() * RATE // file.getframerate() == arrangement.frames


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "bit_rate"), [("mp3", 32_000), ("mp3", 96_000), ("mp3", 320_000), ("m4a", 96_000)])
def test_a_bit_rate_that_is_asked_for(tmp_path: Path, suffix: str, bit_rate: int) -> None:
    arrangement = talk(6, 3)
    path = tmp_path / f"a.{suffix}"
    export(arrangement, path, bit_rate=bit_rate)
    with av.open(str(path)) as container:
        assert container.duration == pytest.approx(6_000_000, abs=60_000)
        if suffix == "mp3":
            assert container.bit_rate == pytest.approx(bit_rate, rel=0.03)
    assert noise_ratio(heard(arrangement), decoded(path)) > 5


def test_a_bit_rate_there_is_not_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match=r"mp3 has no 33 kbit/s \(available: 32, 40"):
        export(talk(3, 1), tmp_path / "a.mp3", bit_rate=33_000)
    with pytest.raises(UnknownFormatError, match="flac keeps every sample"):
        export(talk(3, 1), tmp_path / "a.flac", bit_rate=64_000)
    assert not list(tmp_path.iterdir())
