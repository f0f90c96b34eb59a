"""What is a noise, and what is none: without a microphone, in rooms that are made of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from noises import (
    RATE,
    Mono,
    clap,
    fan,
    knock,
    music,
    near,
    noises_in,
    room,
    shout,
    talk,
    through_a_room,
    with_noises,
)  # fmt: skip

from voicecoach.sound.bands import BANDS, Bands, total
from voicecoach.sound.echo import Echo
from voicecoach.sound.onset import DEAF, Detector


class TestBands:
    @pytest.mark.parametrize("block", [1, 100, 256, 882, 44_100])
    def test_the_same_whatever_the_block(self, block: int) -> None:
        samples = room(0.05 if block == 1 else 0.5, -20)
        whole, bands = Bands(RATE).push(samples), Bands(RATE)
        parts = [bands.push(samples[at : at + block]) for at in range(0, len(samples), block)]
        np.testing.assert_allclose(np.concatenate(parts), whole, atol=0.01)

    @pytest.mark.parametrize("hertz", [250, 700, 1500, 3000, 6000, 12_000])
    def test_a_tone_is_in_its_band(self, hertz: int) -> None:
        tone = np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE).astype(np.float32)
        levels = Bands(RATE).push(tone).mean(axis=0)
        assert levels[[250, 700, 1500, 3000, 6000, 12_000].index(hertz)] == pytest.approx(-3, abs=1)
        assert sorted(levels)[-2] < -20

    def test_silence_is_no_number_too_small(self) -> None:
        assert Bands(RATE).push(np.zeros(RATE, np.float32)).max() == -90
        assert total(np.full(BANDS, -90.0)) == pytest.approx(-90 + 10 * math.log10(BANDS))

    def test_a_rate_that_has_no_high_bands(self) -> None:
        levels = Bands(8000).push(room(1, -20))
        assert levels.shape[1] == BANDS
        assert (levels[:, 4:] == -90).all()


class TestNoises:
    @pytest.mark.parametrize("level", [-75, -60, -45])
    @pytest.mark.parametrize("noise", [clap(), knock(), shout()], ids=["clap", "knock", "shout"])
    def test_each_is_heard_at_its_moment(self, noise: Mono, level: float) -> None:
        at = [2.0, 3.1, 4.7]
        heard = with_noises(room(6, level), *((second, noise) for second in at))
        found = noises_in(heard)
        assert len(found) == 3
        assert all(abs(one - other) < 0.05 for one, other in zip(found, at, strict=True))

    def test_a_soft_one_in_a_quiet_room(self) -> None:
        assert near(noises_in(with_noises(room(4, -70), (3, clap(0.03)))), [3])

    @pytest.mark.parametrize("around", [fan, music, room], ids=["fan", "music", "street"])
    def test_over_what_goes_on_all_the_time(self, around: Callable[[float, float], Mono]) -> None:
        assert near(noises_in(with_noises(around(8, -45), (6.1, clap(0.7)))), [6.1])

    def test_one_clap_is_one_and_two_are_two(self) -> None:
        once = with_noises(room(5, -60), (3, clap(0.3)), (3 + DEAF / 2, clap(0.3)))
        assert near(noises_in(once), [3])
        assert near(noises_in(with_noises(room(5, -60), (3, clap(0.3)), (3.6, clap(0.3)))), [3, 3.6])

    @pytest.mark.parametrize("block", [100, 5000])
    def test_whatever_the_block(self, block: int) -> None:
        assert near(noises_in(with_noises(room(5, -60), (3, clap())), block=block), [3])

    @pytest.mark.slow
    def test_how_late_it_is_known(self) -> None:
        """A clap is to end a hold within 300 ms, and a device needs most of them."""
        heard = with_noises(room(4, -60), (3, clap()))
        for end in range(3 * RATE, 4 * RATE, 64):
            if noises_in(heard[:end]):
                break
        assert end / RATE - 3 < 0.03


class TestNoNoises:
    @pytest.mark.parametrize(
        "heard",
        [room(20, -30), fan(20, -30), music(20, -30), talk(20, -30), np.zeros(20 * RATE, np.float32)],
        ids=["street", "fan", "music", "talk", "silence"],
    )
    def test_what_goes_on_all_the_time(self, heard: Mono) -> None:
        assert not noises_in(heard)

    @pytest.mark.slow
    def test_talk_that_rises_and_a_fan_that_is_turned_up(self) -> None:
        swell = 10 ** (np.linspace(-40, 0, 20 * RATE, dtype=np.float32) / 20)
        for rising in (talk(20, -20), fan(20, -20), music(20, -20)):
            assert not noises_in(np.asarray(room(20, -60) + rising * swell, np.float32))

    def test_a_click_in_the_line(self) -> None:
        heard = room(6, -60)
        heard[[3 * RATE, 4 * RATE + 100, 5 * RATE + 200]] = 0.9
        heard[2 * RATE : 2 * RATE + 400] = 0
        assert not noises_in(heard)

    def test_a_whistle_and_a_thud_next_door(self) -> None:
        times = np.arange(RATE) / RATE
        whistle = 0.3 * np.sin(2 * np.pi * 2500 * times).astype(np.float32)
        thud = (0.3 * np.sin(2 * np.pi * 60 * times) * np.exp(-times / 0.05)).astype(np.float32)
        assert not noises_in(with_noises(room(6, -60), (3, whistle), (5, thud)))

    def test_nothing_is_one_before_the_room_is_known(self) -> None:
        assert not noises_in(with_noises(room(1.4, -60), (0.5, clap()), (1.0, clap())))

    def test_after_it_came_back_the_room_is_learnt_anew(self) -> None:
        detector = Detector(RATE)
        detector.hear(room(3, -70))
        assert detector.learnt
        quiet = detector.level
        detector.relearn()
        assert not detector.learnt
        assert not detector.hear(room(3, -30))
        loud = detector.level
        assert quiet.room == pytest.approx(-69, abs=2)
        assert loud.room == pytest.approx(-29, abs=2)
        assert quiet.noise > quiet.room
        assert loud.now == pytest.approx(-28, abs=4)


class TestOwnSound:
    LINES = with_noises(
        np.zeros(40 * RATE, np.float32), *((2 + 3 * n, talk(2, -20, seed=n)) for n in range(12))
    )  # fmt: skip

    @pytest.mark.slow
    @pytest.mark.parametrize(("delay", "level", "echoes"), [(0.05, 0, 0.0), (0.2, -10, 0.3), (0.5, 6, 0.6)])
    def test_is_no_noise_however_it_comes_back(self, delay: float, level: float, echoes: float) -> None:
        heard = through_a_room(self.LINES, delay, level, echoes) + room(40, -60)
        assert noises_in(heard), "whoever does not know it takes it for one"
        assert not noises_in(heard, self.LINES)

    @pytest.mark.slow
    def test_from_the_first_line_on_before_anything_is_learnt(self) -> None:
        heard = through_a_room(self.LINES, 0.2, 0, 0.3) + room(40, -60)
        assert not noises_in(heard[: 6 * RATE], self.LINES)

    @pytest.mark.slow
    def test_a_clap_in_it_is_one(self) -> None:
        heard = through_a_room(self.LINES, 0.2, -20, 0.3) + room(40, -60)
        at = [21.0, 24.0, 30.0]
        assert near(noises_in(with_noises(heard, *((second, clap(0.8)) for second in at)), self.LINES), at)

    @pytest.mark.slow
    def test_in_headphones_it_takes_nothing_away(self) -> None:
        at = [18.0, 21.0, 30.0]
        heard = with_noises(room(40, -60), *((second, clap(0.1)) for second in at))
        assert near(noises_in(heard, self.LINES), at)

    @pytest.mark.slow
    def test_claps_while_it_sounds_do_not_make_deaf(self) -> None:
        heard = through_a_room(self.LINES, 0.2, -20, 0.3) + room(40, -60)
        at = [2.5 + 3 * n for n in range(12)]
        found = noises_in(with_noises(heard, *((second, clap(0.8, seed=n)) for n, second in enumerate(at))), self.LINES)
        assert near(found[-6:], at[-6:])

    @pytest.mark.slow
    def test_with_music_from_the_first_moment(self) -> None:
        own = music(40, -25)
        heard = through_a_room(own, 0.2, -10, 0.3) + room(40, -60)
        assert not noises_in(heard, own)
        assert near(noises_in(with_noises(heard, (20, clap(0.8)), (30, clap(0.8))), own), [20, 30])

    def test_what_is_played_is_kept_only_as_long_as_it_may_be_heard(self) -> None:
        echo = Echo(RATE)
        for second in range(1, 20):
            echo.played(np.full((RATE, 2), 0.1, np.float32))
            echo.around(second * RATE)
        assert len(echo._played) < 2 * RATE / 256

    def test_positions_may_stand(self) -> None:
        echo = Echo(RATE)
        echo.played(talk(1, -20)[:, None])
        loud = [echo.around(position) for position in (0, 0, RATE // 2, RATE, 2 * RATE)]
        assert all((one == other).all() for one, other in pairwise(loud[:2]))
        assert (loud[-1] == -90).all()
