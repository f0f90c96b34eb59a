"""What is known of audio files, and found out only once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import odd_audio
import pytest

from voicecoach.errors import AudioFileError
from voicecoach.sound import decoding, music, recordings, tape
from voicecoach.sound.clip import Clip
from voicecoach.sound.tape import Tape
from voicecoach.store.cache import Cache

RATE = 44_100


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def recorded(path: Path, seconds: float, rate: int = RATE) -> Path:
    path.write_bytes(odd_audio.wav(odd_audio.pcm(odd_audio.sine(seconds, rate)), rate=rate))
    return path


def nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "stream", None)


@pytest.mark.slow
def test_up_to_a_minute_is_a_clip_and_more_a_tape(tmp_path: Path, cache: Cache) -> None:
    short, _ = recordings.audio(recorded(tmp_path / "short.wav", 60, 8000), RATE, cache)
    long, _ = recordings.audio(recorded(tmp_path / "long.wav", 61, 8000), RATE, cache)
    assert (type(short), type(long)) == (Clip, Tape)
    assert long.frames == pytest.approx(61 * RATE, abs=100)
    assert long.nbytes < 2_000_000


def test_a_long_one_is_listened_to_once(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded(tmp_path / "long.wav", 70, 8000)
    first, identity = recordings.audio(path, RATE, cache)
    monkeypatch.setattr(tape, "listen", None)
    again, same = recordings.audio(path, RATE, cache)
    assert (again.frames, same) == (first.frames, identity)
    assert np.array_equal(again.part(1_000_000, 1_100_000), first.part(1_000_000, 1_100_000))


@pytest.mark.slow
def test_other_files_and_rates_are_other_samples(tmp_path: Path, cache: Cache) -> None:
    path = recorded(tmp_path / "long.wav", 70, 8000)
    copy = tmp_path / "copy.wav"
    copy.write_bytes(path.read_bytes())
    _, identity = recordings.audio(path, RATE, cache)
    assert recordings.audio(copy, RATE, cache)[1] == identity
    assert recordings.audio(path, 24_000, cache)[1] != identity
    recorded(path, 71, 8000)
    assert recordings.audio(path, RATE, cache)[1] != identity


def test_a_length_is_found_out_once(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded(tmp_path / "short.wav", 2)
    assert recordings.frames(path, RATE, cache) == 2 * RATE
    with monkeypatch.context() as patched:
        nothing_is_read(patched)
        assert recordings.frames(path, RATE, cache) == 2 * RATE
    recorded(path, 3)
    assert recordings.frames(path, RATE, cache) == 3 * RATE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "codec"), [("wav", "pcm_s16le"), ("flac", "flac"), ("mp3", "libmp3lame"), ("m4a", "aac"), ("aac", "aac")]
)
@pytest.mark.parametrize("share", [1.0, 0.7])
def test_the_length_of_a_long_one_is_near_before_it_is_heard_and_exact_after(
    suffix: str, codec: str, share: float, tmp_path: Path, cache: Cache
) -> None:
    """Also where the file ends before its head says."""
    path = tmp_path / f"long.{suffix}"
    odd_audio.encoded(path, codec, RATE, seconds=100)
    if share < 1 and suffix == "m4a":
        pytest.skip("cut off, it cannot be read at all")
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])
    about = recordings.frames(path, RATE, cache)
    exact = recordings.audio(path, RATE, cache)[0].frames
    assert exact == sum(map(len, decoding.stream(path, RATE, 1)))
    assert about == pytest.approx(exact, abs=RATE / 5)
    assert recordings.frames(path, RATE, cache) == exact
    assert exact == pytest.approx(100 * RATE * share, rel=0.02)


@pytest.mark.slow
def test_no_number_is_found_wherever_it_stands(tmp_path: Path, cache: Cache) -> None:
    samples = np.zeros(100 * 8000, dtype="<f4")
    samples[97 * 8000] = np.nan
    path = tmp_path / "long.wav"
    path.write_bytes(odd_audio.wav(samples.tobytes(), kind=odd_audio.FLOATS, bits=32, rate=8000))
    for find in (
        lambda: recordings.frames(path, RATE, cache),
        lambda: recordings.audio(path, RATE, cache),
        lambda: recordings.check_music(path, RATE, cache),
    ):
        with pytest.raises(AudioFileError, match=r"long\.wav: holds samples that are no numbers at 1:37"):
            find()


def test_music_is_looked_at_once(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded(tmp_path / "song.wav", 2)
    recordings.check_music(path, RATE, cache)
    monkeypatch.setattr(music, "check", None)
    recordings.check_music(path, RATE, cache)
    recorded(path, 0.1)
    monkeypatch.undo()
    with pytest.raises(AudioFileError, match=r"lasts less than 0\.19s, which is too short for music"):
        recordings.check_music(path, RATE, cache)


def test_one_that_is_gone_is_said_to_be(tmp_path: Path, cache: Cache) -> None:
    with pytest.raises(AudioFileError, match="is not there"):
        recordings.frames(tmp_path / "gone.wav", RATE, cache)
