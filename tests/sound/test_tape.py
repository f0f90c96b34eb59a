"""Recordings that are not held in memory: the same samples however they are asked for, as loud as speech."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import odd_audio
import pytest
from meters import integrated, true_peak

from voicecoach import units
from voicecoach.errors import AudioFileError
from voicecoach.sound import decoding, loudness, tape
from voicecoach.sound.clip import Clip, Samples
from voicecoach.sound.tape import Tape, listen

RATE = 44_100


def spoken(seconds: float, height: float, seed: int = 1) -> Samples:
    """Bursts of noise with silence between them, as peaky as speech: syllables, and a click now and then."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    rhythm = np.clip(np.sin(2 * np.pi * 2.3 * np.arange(count) / RATE), 0, 1) ** 2
    samples = rng.standard_normal(count) * rhythm * height / 4
    samples[rng.integers(0, count, round(seconds))] = height
    return np.asarray(np.clip(samples, -1, 1), np.float32)


def recorded(path: Path, samples: Samples) -> Path:
    path.write_bytes(odd_audio.wav(odd_audio.pcm(samples)))
    return path


def taped(path: Path) -> Tape:
    return Tape(path, RATE, *listen(path, RATE))


@pytest.mark.slow
@pytest.mark.parametrize("height", [0.02, 0.3, 1.0])
def test_a_tape_is_as_loud_as_speech_and_its_peaks_stay_under_the_ceiling(height: float, tmp_path: Path) -> None:
    path = recorded(tmp_path / "talk.wav", spoken(40, height))
    clip = Clip(taped(path).part(0, 40 * RATE), RATE)
    assert integrated(clip) == pytest.approx(-16, abs=0.3)
    assert true_peak(clip) < -2.4


@pytest.mark.slow
def test_what_is_far_louder_or_quieter_for_a_while_does_not_mislead_it(tmp_path: Path) -> None:
    """The gates of the standard leave out what is no part of the talk."""
    talk = spoken(30, 0.5)
    path = recorded(tmp_path / "talk.wav", np.concatenate((talk, np.zeros(60 * RATE, dtype=np.float32), talk)))
    part = taped(path).part(0, 30 * RATE)
    assert integrated(Clip(part, RATE)) == pytest.approx(-16, abs=0.3)


def test_silence_stays_silence(tmp_path: Path) -> None:
    path = recorded(tmp_path / "silence.wav", np.zeros(20 * RATE, dtype=np.float32))
    assert not taped(path).part(0, 20 * RATE).any()


@pytest.mark.slow
@pytest.mark.parametrize("size", [1000, 8193, 44_100, 300_000])
def test_the_samples_are_the_same_however_they_are_asked_for(size: int, tmp_path: Path) -> None:
    path = recorded(tmp_path / "talk.wav", spoken(13.37, 1.0))
    whole = taped(path).part(0, round(13.37 * RATE))
    asked = taped(path)
    parts = [asked.part(start, min(start + size, asked.frames)) for start in range(0, asked.frames, size)]
    assert np.array_equal(np.concatenate(parts), whole)


@pytest.mark.slow
def test_going_on_from_anywhere_and_back_gives_the_same_samples(tmp_path: Path) -> None:
    path = recorded(tmp_path / "talk.wav", spoken(20, 1.0))
    whole = taped(path).part(0, 20 * RATE)
    asked = taped(path)
    for start in (500_000, 499_000, 700_000, 0, 880_000, 3, 881_999):
        assert np.array_equal(asked.part(start, min(start + 2000, 882_000)), whole[start : start + 2000])


def test_a_little_way_back_costs_no_new_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = taped(recorded(tmp_path / "talk.wav", spoken(30, 0.5)))
    asked.part(0, 25 * RATE)
    monkeypatch.setattr(decoding, "stream", None)
    assert asked.part(25 * RATE - 3 * RATE, 25 * RATE).shape == (3 * RATE, 1)


@pytest.mark.slow
def test_what_is_kept_does_not_grow(tmp_path: Path) -> None:
    asked = taped(recorded(tmp_path / "talk.wav", spoken(60, 0.5)))
    for start in range(0, 60 * RATE, RATE // 2):
        asked.part(start, start + RATE // 2)
        assert sum(piece.nbytes for piece in asked._kept) <= asked.nbytes


@pytest.mark.slow
def test_only_some_of_a_long_one_is_listened_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "MOST_STRETCHES", 4)
    heard = []

    def measured(samples: Samples, rate: int) -> loudness.Measured:
        heard.append(len(samples) / rate)
        return real(samples, rate)

    real = loudness.measured
    monkeypatch.setattr(loudness, "measured", measured)
    path = recorded(tmp_path / "talk.wav", spoken(180, 0.5))
    frames, gain = listen(path, RATE)
    assert frames == 180 * RATE
    assert sum(heard) < 60
    samples = spoken(180, 0.5)[:, None] * np.float32(gain)
    assert integrated(Clip(samples, RATE)) == pytest.approx(-16, abs=0.5)


def test_one_that_lasts_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "MAX_SECONDS", 10.0)
    with pytest.raises(AudioFileError, match="lasts longer than 10s"):
        listen(recorded(tmp_path / "talk.wav", spoken(12, 0.5)), RATE)


def test_a_file_that_changes_while_it_is_in_use_is_an_error(tmp_path: Path) -> None:
    path = recorded(tmp_path / "talk.wav", spoken(20, 0.5))
    asked = taped(path)
    asked.part(0, 1000)
    about = path.stat()
    recorded(path, spoken(20, 0.5, seed=2))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns + 1))
    with pytest.raises(AudioFileError, match="was changed while it was in use"):
        asked.part(1000, 2000)
