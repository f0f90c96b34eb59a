"""The mixer, on arrangements built by hand: what sounds where is known to the sample."""

from __future__ import annotations

import math
import wave
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meters import samples as samples_of

from voicecoach import units
from voicecoach.arrange.arrangement import Arrangement, Passage, Placement
from voicecoach.arrange.mixer import CEILING, DUCK_ATTACK, DUCK_BRIDGE, DUCK_RELEASE, KNEE, Mixer, mix
from voicecoach.errors import AudioFileError
from voicecoach.sound.clip import Clip, Samples, mono
from voicecoach.sound.music import MusicStream
from voicecoach.timeline.model import Content, Line, MusicBed, Role, Sound

RATE = 8_000
BLOCK_SIZES = (1, 64, 65, 8193)


class Noises:
    """Clips whose text says what they are: so many frames of noise of so high a peak, from this seed."""

    def __init__(self) -> None:
        self.asked: list[Content] = []
        self.alive: weakref.WeakValueDictionary[int, Samples] = weakref.WeakValueDictionary()

    def frames(self, what: Content) -> int:
        return int(_words(what)[0])

    def clip(self, what: Content) -> Clip:
        self.asked.append(what)
        frames, seed, peak = _words(what)
        clip = mono(np.random.default_rng(int(seed)).uniform(-float(peak), float(peak), int(frames)), RATE)
        self.alive[id(clip.samples)] = clip.samples
        return clip

    def identity(self, what: Content) -> str:
        return repr(what)


def _words(what: Content) -> list[str]:
    return (what.name if isinstance(what, Sound) else what.text).split()


def line(start: int, frames: int, *, seed: int = 0, peak: float = 0.3, gain: float = 1.0) -> Placement:
    return Placement(start, start + frames, Line(f"{frames} {seed} {peak}", "en"), Role.SAY, 0, gain=gain)


def tick(start: int, frames: int, *, seed: int = 0, peak: float = 0.3) -> Placement:
    return Placement(start, start + frames, Sound(f"{frames} {seed} {peak}"), Role.TICK, 0)


def passage(start: int, end: int, *placements: Placement) -> Passage:
    return Passage(0, "", start, end, tuple(sorted(placements, key=lambda placement: placement.start)))


def session(passages: Sequence[Passage], bed: MusicBed | None = None) -> Arrangement:
    return Arrangement(title="", summary="", language="en", rate=RATE, passages=passages, clips=Noises(), bed=bed)


def whole(arrangement: Arrangement) -> Samples:
    return Mixer(arrangement).read(arrangement.frames + 1000)


def in_blocks(arrangement: Arrangement, sizes: Sequence[int]) -> Samples:
    mixer = Mixer(arrangement)
    blocks: list[Samples] = []
    while True:
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(mixer.read(size))
        if blocks[-1].shape[0] < size:
            return np.concatenate(blocks)


@st.composite
def sessions(draw: st.DrawFn, bed: MusicBed | None = None) -> Arrangement:
    """Passages in a row; their placements begin after the start of the passage before and may run beyond their own."""
    passages: list[Passage] = []
    before = start = draw(st.integers(0, 400))
    for _ in range(draw(st.integers(0, 5))):
        end = start + draw(st.integers(0, 3000))
        placements = draw(
            st.lists(
                st.builds(
                    lambda kind, start, frames, seed, peak: kind(start, frames, seed=seed, peak=peak),
                    st.sampled_from([line, tick]),
                    st.integers(before, end),
                    st.integers(0, 1500),
                    st.integers(0, 3),
                    st.sampled_from([0.2, 0.9]),
                ),
                max_size=5,
            )
        )
        passages.append(passage(start, end, *placements))
        before, start = start, end + draw(st.integers(0, 300))
    return session(passages, bed)


def music(*, files: tuple[Path, ...], gain: float, duck: float, fade: float) -> MusicBed:
    """``gain`` and ``duck`` are factors, ``fade`` is in frames."""
    decibels = 20 * math.log10(gain) if gain else -math.inf
    return MusicBed(files=files, gain=decibels, duck=-20 * math.log10(duck), fade=fade / RATE)


def tone_file(path: Path, seconds: float, *, level: float | None = None, rate: int = RATE) -> Path:
    """Two channels of noise, or of one value throughout."""
    frames = round(seconds * rate)
    samples = (
        np.random.default_rng(frames).uniform(-0.4, 0.4, (frames, 2)) if level is None else np.full((frames, 2), level)
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(samples * 32768).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    folder = tmp_path_factory.mktemp("songs")
    return tone_file(folder / "a.wav", 1.7), tone_file(folder / "b.wav", 1.3, rate=11_025)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> MusicBed:
    """A bed of the value 0.5 throughout, so that what comes out is its gain, halved."""
    path = tone_file(tmp_path_factory.mktemp("steady") / "steady.wav", 2.0, level=0.5)
    return music(files=(path,), gain=0.5, duck=0.25, fade=0)


def test_a_clip_sounds_on_its_sample_and_nothing_sounds_elsewhere() -> None:
    arrangement = session([passage(100, 2000, line(150, 400, seed=7))])
    samples = whole(arrangement)
    assert samples.shape == (2000, 1)
    assert np.array_equal(
        samples[150:550], samples_of(arrangement.clips.clip(arrangement.passages[0].placements[0].what))
    )
    assert not samples[:150].any()
    assert not samples[550:].any()


def test_the_gain_of_a_placement_scales_it() -> None:
    plain, half = (whole(session([passage(0, 100, line(0, 100, gain=gain))])) for gain in (1.0, 0.5))
    assert np.array_equal(half, plain * np.float32(0.5))


def test_there_are_fewer_frames_at_the_end_and_then_none() -> None:
    mixer = Mixer(session([passage(0, 100, line(80, 50))]))
    assert mixer.read(100).shape == (100, 1)
    assert mixer.read(100).shape == (30, 1)
    assert mixer.read(100).shape == (0, 1)
    assert mixer.position == 130


def test_an_empty_session_has_no_samples() -> None:
    assert Mixer(session([])).read(10).shape == (0, 1)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(sessions(), st.lists(st.integers(1, 3000), min_size=1, max_size=4))
def test_any_block_size_gives_the_same_samples(arrangement: Arrangement, sizes: list[int]) -> None:
    expected = whole(arrangement)
    assert expected.shape == (arrangement.frames, 1)
    for chosen in (sizes, *([size] for size in BLOCK_SIZES if size > 1)):
        assert np.array_equal(in_blocks(arrangement, chosen), expected)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(sessions(), st.lists(st.tuples(st.integers(0, 12_000), st.integers(0, 3000)), max_size=6))
def test_after_a_seek_the_samples_are_of_that_place(arrangement: Arrangement, seeks: list[tuple[int, int]]) -> None:
    expected = whole(arrangement)
    mixer = Mixer(arrangement)
    for frame, count in seeks:
        mixer.seek(frame)
        assert np.array_equal(mixer.read(count), expected[frame : frame + count])


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(sessions())
def test_an_island_mixed_by_itself_is_the_same(arrangement: Arrangement) -> None:
    expected = whole(arrangement)
    silent = np.ones(arrangement.frames, dtype=bool)
    for island in arrangement.islands():
        samples = mix(island.placements, arrangement.clips, island.start, island.end)
        assert np.array_equal(samples, expected[island.start : island.end])
        silent[island.start : island.end] = False
    assert not expected[silent].any()


def test_single_frames_give_the_same_samples() -> None:
    arrangement = session([passage(10, 300, line(20, 90, peak=0.9), tick(60, 40, peak=0.9))])
    assert np.array_equal(in_blocks(arrangement, [1]), whole(arrangement))


class Asked(Sequence[Passage]):
    """Passages that note which of them were asked for."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self.asked: list[int] = []

    def __len__(self) -> int:
        return len(self.passages)

    @overload
    def __getitem__(self, index: int) -> Passage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Passage]: ...
    def __getitem__(self, index: int | slice) -> Passage | Sequence[Passage]:
        assert isinstance(index, int)
        self.asked.append(index)
        return self.passages[index]


def test_passages_are_asked_for_only_as_far_as_needed() -> None:
    passages = Asked([passage(start, start + 1000, line(start - 100, 50)) for start in range(200, 9200, 1000)])
    mixer = Mixer(session(passages))
    mixer.read(150)
    assert passages.asked == [0]
    mixer.read(100)
    assert passages.asked == [0, 1], "the lead of the second may begin as soon as the first has begun"
    mixer.read(1500)
    assert passages.asked == [0, 1, 2]


def test_what_has_sounded_is_dropped() -> None:
    arrangement = session([passage(n * 100, n * 100 + 100, line(n * 100, 90, seed=n)) for n in range(500)])
    clips = arrangement.clips
    assert isinstance(clips, Noises)
    mixer = Mixer(arrangement)
    most = 0
    while mixer.read(128).size:
        most = max(most, len(clips.alive))
    assert 1 <= most <= 4


def test_what_a_seek_passes_over_is_never_fetched() -> None:
    lines = [line(n * 100, 90, seed=n) for n in range(50)]
    arrangement = session([passage(0, 2500, *lines[:25]), passage(2500, 5000, *lines[25:])])
    clips = arrangement.clips
    assert isinstance(clips, Noises)
    mixer = Mixer(arrangement)
    mixer.read(10)
    mixer.seek(4050)
    mixer.read(100)
    assert clips.asked == [lines[n].what for n in (0, 40, 41)]


def test_what_is_not_too_loud_stays_as_it_is_and_the_rest_never_clips() -> None:
    alone = line(0, 5000, peak=0.75)
    assert np.array_equal(whole(session([passage(0, 5000, alone)])), Noises().clip(alone.what).samples)
    loud = [line(0, 5000, seed=seed, peak=1.0) for seed in range(4)]
    total = sum((Noises().clip(placement.what).samples for placement in loud), np.zeros((5000, 1), dtype=np.float32))
    samples = whole(session([passage(0, 5000, *loud)]))
    assert np.abs(total).max() > 2
    assert np.abs(samples).max() <= CEILING
    quiet = np.abs(total) <= KNEE
    assert np.array_equal(samples[quiet], total[quiet])
    order = np.argsort(total, axis=0)[:, 0]
    assert (np.diff(samples[order, 0]) >= 0).all(), "louder in is never quieter out"


def test_a_bed_makes_it_stereo_with_lines_in_the_middle(steady: MusicBed) -> None:
    silent_bed = music(files=steady.files, gain=0.0, duck=0.25, fade=0)
    samples = whole(session([passage(0, 1000, line(100, 300))], silent_bed))
    assert samples.shape == (1000, 2)
    assert np.array_equal(samples[:, 0], samples[:, 1])
    assert np.array_equal(samples[:, :1], whole(session([passage(0, 1000, line(100, 300))])))


def bed_level(bed: MusicBed, frames: int, *placements: Placement) -> Samples:
    """The gain of the bed throughout a session of placements that are silent themselves."""
    silent = [placement._replace(gain=0.0) for placement in placements]
    return whole(session([passage(0, frames, *silent)], bed))[:, 0] / np.float32(0.5 * units.gain(bed.gain))


@pytest.mark.slow
def test_music_gives_way_to_speech_and_comes_back(steady: MusicBed) -> None:
    start, end = 2 * RATE, 3 * RATE
    level = bed_level(steady, 6 * RATE, line(start, end - start))
    down, up = start - round(DUCK_ATTACK * RATE), end + round(DUCK_RELEASE * RATE)
    assert level[: down + 1] == pytest.approx(1.0)
    assert level[start:end] == pytest.approx(0.25)
    assert level[up:] == pytest.approx(1.0)
    assert (np.diff(level[down:start]) <= 0).all()
    assert (np.diff(level[end:up]) >= 0).all()
    assert np.abs(np.diff(level)).max() < 0.002, "no step that could be heard"


@pytest.mark.slow
def test_music_stays_low_between_near_lines_only(steady: MusicBed) -> None:
    near, far = round(RATE * (DUCK_BRIDGE - 0.1)), round(RATE * (DUCK_BRIDGE + 0.1))
    low = bed_level(steady, 8 * RATE, line(RATE, 100), line(RATE + 100 + near, 100))
    assert low[RATE : RATE + 200 + near] == pytest.approx(0.25)
    assert bed_level(steady, 8 * RATE, line(RATE, 100), line(RATE + 100 + far, 100)).max(
        initial=0.0, where=(np.arange(8 * RATE) > RATE) & (np.arange(8 * RATE) < RATE + 100 + far)
    ) == pytest.approx(1.0)


def test_music_does_not_give_way_to_ticks(steady: MusicBed) -> None:
    assert bed_level(steady, 2 * RATE, tick(RATE, 400)) == pytest.approx(1.0)


def test_music_fades_at_the_ends_of_a_session(steady: MusicBed) -> None:
    fade = RATE // 2
    level = bed_level(music(files=steady.files, gain=0.5, duck=1.0, fade=fade), 3 * RATE)
    assert level[0] == 0
    assert level[fade // 2] == pytest.approx(0.5, abs=0.01)
    assert level[fade:-fade] == pytest.approx(1.0)
    assert level[-fade // 2] == pytest.approx(0.5, abs=0.01)
    assert level[-1] < 0.001
    assert level.size == 3 * RATE


def test_no_passage_beyond_what_ducking_and_fading_need_is_asked_for(steady: MusicBed) -> None:
    passages = Asked([passage(n * RATE, (n + 1) * RATE) for n in range(60)])
    mixer = Mixer(session(passages, music(files=steady.files, gain=1.0, duck=0.5, fade=4 * RATE)))
    mixer.read(RATE)
    assert passages.asked == [0, 1, 2, 3, 4, 5]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_with_music_too_any_blocks_and_seeks_are_the_same(data: st.DataObject, songs: tuple[Path, ...]) -> None:
    bed = music(files=songs, gain=0.8, duck=0.2, fade=data.draw(st.sampled_from([0, 700, 30_000])))
    arrangement = data.draw(sessions(bed))
    expected = whole(arrangement)
    assert expected.shape == (arrangement.frames, 2)
    for sizes in ([64], [65], [8193], data.draw(st.lists(st.integers(1, 3000), min_size=1, max_size=4))):
        assert np.array_equal(in_blocks(arrangement, sizes), expected)
    mixer = Mixer(arrangement)
    for frame, count in data.draw(st.lists(st.tuples(st.integers(0, 12_000), st.integers(0, 3000)), max_size=5)):
        mixer.seek(frame)
        assert np.array_equal(mixer.read(count), expected[frame : frame + count])


def test_music_goes_through_the_files_again_and_again(songs: tuple[Path, ...]) -> None:
    samples = MusicStream(songs, RATE).read(RATE * 7)
    first, both = round(1.7 * RATE), round(3.0 * RATE)
    assert np.array_equal(samples[both : 2 * both], samples[:both])
    assert not np.array_equal(samples[:first], samples[first : 2 * first])


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 5000)), min_size=1, max_size=8))
def test_music_is_the_same_however_it_is_asked_for(songs: tuple[Path, ...], asked: list[tuple[int, int]]) -> None:
    expected = MusicStream(songs, RATE).read(65_000)
    music = MusicStream(songs, RATE)
    for frame, count in asked:
        music.seek(frame)
        assert music.position == frame
        assert np.array_equal(music.read(count), expected[frame : frame + count])


def test_music_keeps_its_own_level(steady: MusicBed) -> None:
    assert MusicStream(steady.files, RATE).read(100) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("content", "said"), [(b"these are words, not music", "no audio file"), (None, "not there"), (b"", "no audio file")]
)
def test_a_file_that_is_no_music_is_refused_at_once(
    content: bytes | None, said: str, tmp_path: Path, songs: tuple[Path, ...]
) -> None:
    path = tmp_path / "song.mp3"
    if content is not None:
        path.write_bytes(content)
    bed = music(files=(*songs, path), gain=1.0, duck=1.0, fade=0)
    with pytest.raises(AudioFileError, match=rf"song\.mp3: .*{said}"):
        Mixer(session([passage(0, 10)], bed))


@pytest.mark.parametrize("seconds", [0.0, 0.02])
def test_music_too_short_to_repeat_is_refused(seconds: float, tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"too short|no audio"):
        MusicStream((tone_file(tmp_path / "blip.wav", seconds),), RATE)
