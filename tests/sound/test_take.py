"""A recording of a line becomes a clip: the voice in it, as loud as any spoken line, and its faults in words."""

from __future__ import annotations

import numpy as np
import pytest
from meters import integrated, true_peak
from voices import RATE, Mono, read_out, room, said

from voicecoach.sound import take
from voicecoach.sound.pcm import from_int16
from voicecoach.speech import finish, registry
from voicecoach.speech.engine import Manner


def ms(seconds: float) -> int:
    return round(1000 * seconds)


@pytest.mark.parametrize("level", [-12.0, -30.0, -50.0])
def test_silence_goes_and_the_voice_is_as_loud_as_a_spoken_line(level: float) -> None:
    taken = take.of(read_out(0.8, 1.0, level=level, noise=level - 45), RATE)
    assert abs(ms(taken.start) - 800) <= 20
    assert abs(ms(taken.end) - 2000) <= 20
    assert integrated(taken.clip) == pytest.approx(-16, abs=0.5)
    assert true_peak(taken.clip) <= -2.4
    assert taken.clip.channels == 1


def test_it_comes_and_goes_without_a_click() -> None:
    samples = take.of(np.concatenate([said(1.0), said(1.0)]), RATE).clip.samples[:, 0]
    assert samples[0] == 0
    assert np.abs(samples[-2:]).max() < 0.01
    assert np.abs(samples[: RATE // 1000]).max() < np.abs(samples[RATE // 100 : RATE // 20]).max() / 4


def test_a_soft_beginning_of_a_word_stays() -> None:
    whole = read_out(1.0, 1.0, level=-20)
    start = RATE
    hiss = np.random.default_rng(1).normal(size=round(0.12 * RATE)) * 10 ** (-58 / 20)
    whole[start - hiss.size : start] += hiss.astype(np.float32)
    assert ms(take.of(whole, RATE).start) <= 900


def test_the_key_and_the_chair_are_no_words() -> None:
    whole = read_out(1.5, 1.5)
    click = np.random.default_rng(1).normal(size=round(0.02 * RATE)).astype(np.float32) * 0.2
    whole[RATE // 4 : RATE // 4 + click.size] += click
    whole[-RATE // 4 : -RATE // 4 + click.size] += click
    taken = take.of(whole, RATE)
    assert abs(ms(taken.start) - 1500) <= 20
    assert abs(ms(taken.end) - 2700) <= 20


def test_a_single_short_word_is_one() -> None:
    assert ms(take.of(read_out(0.5, 0.5, seconds=0.07), RATE).clip.seconds) in range(60, 110)


def test_a_pause_in_a_line_stays() -> None:
    whole = np.concatenate([read_out(0.5, 0.0), room(0.9), read_out(0.0, 0.5)])
    assert take.of(whole, RATE).clip.seconds == pytest.approx(1.2 + 0.9 + 1.2, abs=0.05)


def test_a_steady_offset_of_the_microphone_is_no_voice_and_makes_no_click() -> None:
    taken = take.of(read_out() + np.float32(0.05), RATE)
    assert abs(ms(taken.start) - 800) <= 20
    assert abs(float(taken.clip.samples.mean())) < 0.01


@pytest.mark.parametrize(
    "samples",
    [room(2), np.zeros(RATE, np.float32), np.zeros(0, np.float32), room(2, -30)],
    ids=["room", "zeros", "none", "fan"],
)
def test_where_nobody_speaks_there_is_no_clip(samples: Mono) -> None:
    taken = take.of(samples, RATE)
    assert taken.clip.frames == 0
    assert taken.faults == (take.EMPTY if samples.any() or not samples.size else take.MUTED,)


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        (read_out(), ()),
        (said(), ()),
        (np.clip(read_out(level=2), -1, 1), ("clipped",)),
        (read_out(level=-52, noise=-100), ("very quiet",)),
        (read_out(level=-30, noise=-42), ("the room is loud",)),
    ],
    ids=["right", "trimmed already", "clipped", "quiet", "noisy"],
)
def test_what_is_wrong_with_it_is_told(samples: Mono, told: tuple[str, ...]) -> None:
    faults = take.of(samples, RATE).faults
    assert len(faults) == len(told)
    assert all(word in fault for word, fault in zip(told, faults, strict=True))


def test_a_line_ends_after_a_second_of_quiet_and_not_before_it_was_said() -> None:
    ending = take.Ending(RATE, take.room([-70.0] * 50))
    heard = np.concatenate([room(4.0), read_out(0.0, 0.0), room(0.7), read_out(0.0, 0.0), room(3.0)])
    ended = None
    for start in range(0, heard.size, 882):
        ending.hear(heard[start : start + 882])
        if ending.over:
            ended = (start + 882) / RATE
            break
    assert ended == pytest.approx(4.0 + 1.2 + 0.7 + 1.2 + 1.0, abs=0.1)


def test_in_a_loud_room_a_line_ends_too() -> None:
    ending = take.Ending(RATE, take.room([-40.0] * 50))
    for start, block in enumerate(np.array_split(read_out(0.5, 1.6, level=-18, noise=-40), 160)):
        assert not ending.over or start > 120
        ending.hear(block)
    assert ending.over


def test_a_minute_is_the_longest() -> None:
    ending = take.Ending(RATE, -70)
    ending.hear(np.zeros(round(59.5 * RATE), np.float32))
    assert not ending.over
    ending.hear(np.zeros(RATE, np.float32))
    assert ending.over


def test_in_a_loud_room_a_line_is_trimmed_too() -> None:
    taken = take.of(read_out(0.8, 1.0, level=-30, noise=-45), RATE)
    assert abs(ms(taken.start) - 800) <= 60
    assert abs(ms(taken.end) - 2000) <= 60


@pytest.mark.slow
@pytest.mark.parametrize("text", ["Squeeze your glutes.", "Keep your hips level, and breathe.", "Halfway."])
def test_of_a_line_that_was_trimmed_already_nothing_goes(text: str) -> None:
    spoken = trimmed_line(text)
    taken = take.of(spoken, RATE)
    assert taken.clip.seconds == pytest.approx(spoken.size / RATE, abs=0.03)
    assert taken.faults == ()


@pytest.mark.slow
@pytest.mark.parametrize("noise", [-60.0, -75.0, -110.0])
@pytest.mark.parametrize("text", ["Squeeze your glutes.", "Keep your hips level, and breathe.", "Halfway."])
def test_a_spoken_line_is_found_in_its_room(text: str, noise: float) -> None:
    spoken = trimmed_line(text) * np.float32(0.3)
    start = round(0.9 * RATE)
    whole = room(2.2 + spoken.size / RATE, noise)
    whole[start : start + spoken.size] += spoken
    taken = take.of(whole, RATE)
    assert abs(ms(taken.start) - 900) <= 30
    assert abs(ms(taken.end) - 900 - ms(spoken.size / RATE)) <= (30 if noise < -70 else 90)
    assert integrated(taken.clip) == pytest.approx(-16, abs=0.5)


def trimmed_line(text: str) -> Mono:
    """As the embedded voice says it: trimmed, and at -16 LUFS."""
    voice = registry.embedded("en", Manner())
    pcm = finish.pcm(voice.engine, text, voice.info, voice.manner, RATE)
    return from_int16(np.frombuffer(pcm, "<i2"))
