"""Names and texts: legal, unlike one another, and still to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sticks
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.devices import names, profile
from voicecoach.devices.profile import Profile

GENERIC = profile.load("generic")
TITLES = st.lists(st.text(max_size=300), max_size=30)


def but(**changes: object) -> Profile:
    return GENERIC.model_copy(update=changes)


@pytest.mark.parametrize(
    ("title", "plain", "latin"),
    [
        ("Schulterbrücke, groß", "Schulterbrucke, gross", "Schulterbrücke, groß"),
        ("Příliš žluťoučký kůň", "Prilis zlutoucky kun", "Príliš zlutoucký kun"),
        ("ブリッジ", "buritji", "buritji"),
        ("🔥 Go! 3 × 10", "fire Go! 3 x 10", "fire Go! 3 × 10"),
        ("“Half-way” – go…", '"Half-way" - go...', '"Half-way" - go...'),
        ("Cafe\u0301", "Cafe", "Café"),
        ("one\ttwo\x1b[31m\n", "one two [31m", "one two [31m"),
        ("\u0301 \u200b", "track", "track"),
        ("", "track", "track"),
    ],
)
def test_legible(title: str, plain: str, latin: str) -> None:
    assert names.legible(title, "ascii") == plain
    if "š" not in title:
        assert names.legible(title, "latin-1") == latin


def test_unicode_stays_as_it_is_but_for_what_is_not_seen() -> None:
    assert names.legible("お尻 👩‍👩‍👧 a\u202eb", "unicode") == "お尻 👩‍👩‍👧 a b"


@given(st.text(max_size=200), st.sampled_from(["ascii", "latin-1", "unicode"]))
def test_a_text_is_never_empty_and_in_its_characters(text: str, characters: profile.Characters) -> None:
    said = names.legible(text, characters)
    assert said.strip() == said != ""
    assert names.fits(said, characters)
    said.encode({"ascii": "ascii", "latin-1": "latin-1", "unicode": "utf-8"}[characters])


def test_numbers_have_noughts_so_that_every_order_is_the_right_one() -> None:
    found = names.numbered([f"Step {n}" for n in range(1, 101)], ".mp3", GENERIC)
    assert (found[0], found[9], found[99]) == ("001 Step 1.mp3", "010 Step 10.mp3", "100 Step 100.mp3")
    assert list(found) == sorted(found)
    assert names.numbered(["Bridge"], ".m4a", GENERIC) == ("01 Bridge.m4a",)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("CON", "CON-1.mp3"),
        ("nul.wav", "nul-wav-1.mp3"),
        ("a/b: c?", "a-b-c.mp3"),
        ("Left | right", "Left-right.mp3"),
        ("...", "track.mp3"),
        (" .hidden. ", "hidden.mp3"),
        ("50 % & more #1", "50 more 1.mp3"),
        ("x" * 300, "x" * 60 + ".mp3"),
    ],
)
def test_a_name_is_legal(title: str, name: str) -> None:
    assert names.unique([title], ".mp3", GENERIC) == (name,)


def test_no_two_are_the_same_whatever_their_case() -> None:
    found = names.unique(["Bridge", "BRIDGE", "bridge", "Straße", "STRASSE"], ".mp3", GENERIC, taken=["bridge.MP3"])
    assert found == ("Bridge-2.mp3", "BRIDGE-3.mp3", "bridge-4.mp3", "Strasse.mp3", "STRASSE-2.mp3")


def test_upper_case_and_no_spaces_where_a_device_wants_it() -> None:
    assert names.unique(["Lift it"], ".mp3", but(name_case="upper", name_forbidden=" ")) == ("LIFT-IT.MP3",)


def test_an_emoji_is_not_cut_in_two() -> None:
    (name,) = names.unique(["👩‍👩‍👧" * 30], "", but(name_characters="unicode"))
    assert name.encode("utf-16-le").decode("utf-16-le") == name
    assert not name.endswith("\u200d")


@pytest.mark.slow
@given(TITLES, st.sampled_from(["any", "upper", "lower"]), st.sampled_from(["ascii", "latin-1", "unicode"]))
def test_whatever_the_titles_names_have_no_fault(titles: list[str], case: str, characters: profile.Characters) -> None:
    one = but(name_case=case, name_characters=characters)
    for found in (names.numbered(titles, ".mp3", one), names.unique(titles, "", one)):
        assert len({names.key(name) for name in found}) == len(titles)
        assert not [(name, fault) for name in found for fault in names.faults(name, one)]
    numbered = names.numbered(titles, ".mp3", one)
    assert list(numbered) == sorted(numbered, key=str.casefold)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a:b.mp3", "name-illegal"),
        ("aux.mp3", "name-illegal"),
        ("a.", "name-illegal"),
        (" a.mp3", "name-illegal"),
        ("Größe.mp3", "name-characters"),
        ("50%.mp3", "name-characters"),
        ("x" * 80, "name-length"),
    ],
)
def test_faults_of_names_that_are_there(name: str, kind: str) -> None:
    assert [found for found, _ in names.faults(name, GENERIC)] == [kind]


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    with sticks.mounted(tmp_path) as folder:
        yield folder


def test_a_real_fat32_takes_them(stick: Path) -> None:
    titles = ["Schulterbrücke", "ブリッジ", "🔥 Go!", "a/b: c?", "CON", "x" * 300, "Bridge.", "BRIDGE."]
    found = names.numbered(titles, ".mp3", GENERIC) + names.unique(titles, ".mp3", GENERIC)
    for number, name in enumerate(found):
        (stick / name).write_text(str(number), encoding="utf-8")
    assert sorted(path.name for path in stick.iterdir()) == sorted(found)
    assert [(stick / name).read_text(encoding="utf-8") for name in found] == list(map(str, range(len(found))))


def test_reserved_names_are_in_small_letters() -> None:
    assert not [name for name in names.RESERVED if name != name.casefold() or not re.fullmatch(r"[\w$]+", name)]


@pytest.mark.parametrize(
    ("path", "is_so"),
    [
        ("Bridge.mp3", True),
        ("BRIDGE/01 Lift.mp3", True),
        ("Bridge 2/21 Lift.mp3", True),
        ("Bridge 01 Lift.mp3", True),
        ("Bridge (2).mp3", False),
        ("Bridge (2) 01 Lift.mp3", False),
        ("Bridge-2/01 Lift.mp3", False),
        ("Bridges.mp3", False),
    ],
)
def test_a_file_is_known_by_the_title_it_is_called_after(path: str, is_so: bool) -> None:
    assert names.is_named(path, "Bridge", GENERIC) is is_so
