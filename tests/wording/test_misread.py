"""What reaches a voice as a short form, a date or a sign, and what voices read well as it stands."""

from __future__ import annotations

import pytest

from voicecoach import wording
from voicecoach.wording.misread import misread


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Hold 300 mW now.", "300 mW"),
        ("Wind at 20 kn.", "20 kn"),
        ("Look at the dB.", "dB"),
        ("in kg", "kg"),
        ("Take 10 mg.", "10 mg"),
        ("Go for 3R.", "3R"),
        ("It costs $5.", "$5"),
        ("10^3 steps", "10^three"),
        ("5² tiles", "5²"),
        ("On 27.11.2026.", "27.11.2026"),
        ("3.2.1", "3.2.1"),
        ("At 0700 we run.", "0700"),
        ("Call 1234567890.", "1234567890"),
    ],
)
def test_what_is_left_is_found(written: str, left: str) -> None:
    assert misread(wording.of("en").spoken(written)) == left


@pytest.mark.parametrize(
    "written",
    [
        "Hold 300 W for 20 min.",
        "Zone 2, RPE 7, Z2 pace, B12, L4-L5.",
        "5 RFT, EMOM 10, HIIT, AMRAP",
        "3, 2, 1",
        "3...2...1",
        "10 kg, 5 km/h, 90 bpm",
        "At 8am, or 8 PM.",
        "Exercise 1a, then 1b.",
        "5G, 3D",
        "Hmm. Shh! Brrr.",
        "Dr. Smith, PhD",
        "my gym, by the rhythm",
        "don't, I'm, rock 'n' roll",
        "0.5",
        "-5",
        "100%",
        "the 21st rep, 3x",
        "[pause 2s] Now.",
    ],
)
def test_what_voices_read_well_is_left_alone(written: str) -> None:
    assert misread(wording.of("en").spoken(written)) == ""


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("de", "bzw. links, ca. 5 kg, 3. Satz, usw."),
        ("fr", "c'est n° 3, 2e série, 5 kg"),
        ("es", "10 kg, 20 rep. c/lado"),
        ("it", "1ª serie, gamba dx"),
        ("nl", "bv. zo, z'n knie, nr. 3"),
        ("pt", "nº 2, 5 kg, perna esq."),
    ],
)
def test_short_forms_that_are_put_into_words_are_none(language: str, written: str) -> None:
    assert misread(wording.of(language).spoken(written)) == ""
