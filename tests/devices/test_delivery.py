"""The plan of a delivery: what is copied, kept, replaced, taken away, and left alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.devices import delivery, profile
from voicecoach.devices.delivery import Delivery, Item
from voicecoach.devices.manifest import Content, Files
from voicecoach.errors import DeviceError

GARMIN, SHOKZ, PLAIN = map(profile.load, ("garmin", "shokz", "generic"))
A, B, C = Content(10, 1), Content(20, 2), Content(30, 3)
ONE, TWO, THREE = (f"Music/Bridge/{number:02} Lift.m4a" for number in (1, 2, 3))


def planned(
    wanted: dict[str, Content], noted: Files, there: dict[str, Content], of: profile.Profile = GARMIN
) -> Delivery:
    items = [Item(path, content) for path, content in wanted.items()]
    return delivery.planned("bridge", "Bridge", items, noted, there, of)


def actions(found: Delivery) -> Sequence[tuple[str, str]]:
    return [(step.action, step.path) for step in found.steps]


def test_a_new_album_is_copied_in_its_order() -> None:
    found = planned({TWO: B, ONE: A}, {}, {})
    assert actions(found) == [("copy", TWO), ("copy", ONE)]
    assert found.files == {ONE: A, TWO: B}
    assert (len(found.tracks), found.size) == (2, 30)


def test_the_same_again_is_kept() -> None:
    found = planned({ONE: A, TWO: B}, {ONE: A, TWO: B}, {ONE: A, TWO: B})
    assert actions(found) == [("keep", ONE), ("keep", TWO)]


def test_only_what_changed_is_replaced_and_what_is_left_over_goes() -> None:
    found = planned({ONE: C, TWO: B}, {ONE: A, TWO: B, THREE: C}, {ONE: A, TWO: B, THREE: C})
    assert actions(found) == [("remove", THREE), ("replace", ONE), ("keep", TWO)]
    assert found.files == {ONE: C, TWO: B}


def test_what_is_gone_from_the_device_is_copied_again() -> None:
    assert actions(planned({ONE: A, TWO: B}, {ONE: A, TWO: B}, {ONE: A})) == [("keep", ONE), ("copy", TWO)]


def test_what_was_never_ours_is_left_alone_and_told() -> None:
    found = planned({ONE: A}, {}, {ONE: C})
    assert actions(found) == [("stay", ONE)]
    assert found.steps[0].why == delivery.NOT_OURS
    assert found.files == {}


def test_what_is_the_same_but_not_ours_does_not_become_ours() -> None:
    found = planned({ONE: A}, {}, {ONE: A})
    assert actions(found) == [("keep", ONE)]
    assert found.files == {}


def test_what_somebody_has_changed_stays_and_is_told() -> None:
    found = planned({ONE: B}, {ONE: A, TWO: A}, {ONE: C, TWO: C})
    assert actions(found) == [("stay", TWO), ("stay", ONE)]
    assert {step.why for step in found.steps} == {delivery.CHANGED}
    assert found.files == {ONE: A}  # told again the next time, and what is not wanted any more is theirs


@pytest.mark.parametrize("half", [Content(0, 0), Content(5, 9)])
def test_what_was_left_half_way_is_ours(half: Content) -> None:
    assert actions(planned({ONE: A}, {ONE: None}, {ONE: half})) == [("replace", ONE)]
    assert actions(planned({}, {ONE: None}, {ONE: half})) == [("remove", ONE)]


def test_a_file_of_no_bytes_has_nothing_of_anybody_in_it() -> None:
    assert actions(planned({ONE: A}, {ONE: A}, {ONE: Content(0, 0)})) == [("replace", ONE)]


def test_where_the_order_of_copying_counts_all_behind_a_change_is_copied_again() -> None:
    noted = {ONE: A, TWO: B, THREE: C}
    assert actions(planned({ONE: A, TWO: A, THREE: C}, noted, dict(noted), SHOKZ)) == [
        ("keep", ONE),
        ("replace", TWO),
        ("replace", THREE),
    ]
    assert actions(planned(dict(noted), noted, {ONE: A, THREE: C}, SHOKZ)) == [
        ("keep", ONE),
        ("copy", TWO),
        ("replace", THREE),
    ]


def test_a_workout_that_the_watch_has_taken_up_is_not_sent_again() -> None:
    path = "GARMIN/NewFiles/Bridge.fit"
    assert actions(planned({path: A}, {path: A}, {})) == [("keep", path)]
    assert actions(planned({path: A}, {path: None}, {})) == [("copy", path)]
    assert actions(planned({path: B}, {path: A}, {})) == [("copy", path)]


def test_an_album_that_is_taken_away() -> None:
    found = planned({}, {ONE: A, TWO: B}, {ONE: A, TWO: C})
    assert actions(found) == [("remove", ONE), ("stay", TWO)]
    assert found.files == {}


def test_room_counts_whole_blocks_and_what_becomes_free() -> None:
    found = planned({ONE: B, TWO: C}, {ONE: A, THREE: C}, {ONE: A, THREE: C})
    assert delivery.room([found], 16) == (32 + 32) - (16 + 32)
    assert delivery.room([found, found], 1) == 2 * (20 + 30 - 10 - 30)


def test_limits_of_a_device() -> None:
    found = [planned({ONE: B, TWO: C}, {}, {})]
    delivery.check(found, 10**9, GARMIN)
    with pytest.raises(DeviceError, match=r"02 Lift.m4a: has 30 bytes, .* files of at most 25 bytes: split it"):
        delivery.check(found, 0, GARMIN.model_copy(update={"largest_file": 25}))
    with pytest.raises(DeviceError, match=r"60 bytes in all are more than .* takes \(55 bytes\)"):
        delivery.check(found, 10, GARMIN.model_copy(update={"size_limit": 55}))


def test_a_folder_with_others_in_it() -> None:
    found = [planned({f"{number}.mp3": A for number in range(18)}, {}, {}, SHOKZ)]
    assert not list(delivery.crowded(found, {}, SHOKZ))
    assert not list(delivery.crowded(found, {".": 2}, SHOKZ))
    assert list(delivery.crowded(found, {".": 3}, SHOKZ)) == [
        ".: holds 21 files then, and Shokz headphones that store music keeps no more than 20 in order: move others away"
    ]


PATHS = st.sampled_from([ONE, TWO, THREE])
CONTENTS = st.sampled_from([A, B, C, Content(0, 0)])


@given(
    st.dictionaries(PATHS, st.sampled_from([A, B, C])),
    st.dictionaries(PATHS, st.sampled_from([None, A, B, C])),
    st.dictionaries(PATHS, CONTENTS),
    st.sampled_from([GARMIN, SHOKZ]),
)
def test_nothing_of_anybody_else_is_ever_touched(
    wanted: dict[str, Content], noted: Files, there: dict[str, Content], of: profile.Profile
) -> None:
    found = planned(wanted, noted, there, of)
    for step in found.of("remove", "replace"):
        held = noted[step.path]  # it is ours
        assert held is None or there[step.path] in (held, wanted.get(step.path)) or there[step.path].size == 0
    assert all(step.path not in there for step in found.of("copy"))
    assert set(wanted) <= {step.path for step in found.steps if step.content is not None} <= {*wanted, *noted}
    after = {**there, **{step.path: step.content for step in found.of("copy", "replace") if step.content is not None}}
    for step in found.of("remove"):
        del after[step.path]
    again = planned(wanted, found.files, after, of)
    assert not again.of("copy", "replace", "remove")


def test_a_torn_file_of_ours_is_written_again_and_one_of_others_is_not() -> None:
    half = Content(4, 9)
    for noted, action in (({ONE: A}, "replace"), ({}, "stay")):
        items = [Item(ONE, A)]
        found = delivery.planned("bridge", "Bridge", items, noted, {ONE: half}, GARMIN, damaged={ONE})
        assert actions(found) == [(action, ONE)]


def test_no_playlist_plays_what_is_in_the_way_and_what_was_there_stays() -> None:
    listed = "Music/Bridge.m3u8"
    found = planned({ONE: A, listed: B}, {TWO: C, listed: C}, {ONE: B, TWO: C, listed: C})
    assert actions(found) == [("keep", TWO), ("stay", ONE), ("stay", listed)]
    assert found.files == {TWO: C, listed: C}
    same = planned({ONE: A, listed: B}, {listed: B}, {ONE: B, listed: B})
    assert actions(same) == [("stay", ONE), ("remove", listed)]


def test_what_is_true_of_it_where_it_breaks_off() -> None:
    found = planned({ONE: A, TWO: B}, {THREE: C}, {THREE: C}).so_far({THREE, ONE})
    assert actions(found) == [("remove", THREE), ("copy", ONE)]
    assert (len(found.tracks), found.size) == (1, 10)
