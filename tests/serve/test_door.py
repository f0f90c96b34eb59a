"""Who is let in."""

from __future__ import annotations

import pytest

from voicecoach.serve.door import Door

HOME = Door(port=8000, names=frozenset({"192.168.1.5", "127.0.0.1", "localhost"}))


@pytest.mark.parametrize("host", ["192.168.1.5:8000", "127.0.0.1:8000", "LOCALHOST:8000"])
def test_it_is_known_by_its_own_addresses(host: str) -> None:
    assert HOME.knows(host)


@pytest.mark.parametrize(
    "host",
    ["", "evil.example:8000", "192.168.1.5", "192.168.1.5:80", "192.168.1.5:8000.evil.example", "192.168.1.6:8000",
     "localhost:８０００", "localhost:-8000", "127.0.0.1:8000:8000", "[::1]:8000", "[:8000", ":8000"],
)  # fmt: skip
def test_it_is_nobody_else(host: str) -> None:
    assert not HOME.knows(host)


def test_where_it_listens_everywhere_it_is_known_by_addresses_but_by_no_name() -> None:
    everywhere = Door(port=80, names=frozenset({"0.0.0.0"}), any_address=True)
    assert everywhere.knows("203.0.113.7")
    assert everywhere.knows("[2001:db8::7]:80")
    assert not everywhere.knows("rebound.example")


def test_a_token_is_another_one_each_time() -> None:
    others = {Door(port=1, names=frozenset()).token for _ in range(50)}
    assert len(others) == 50
    assert all(len(token) >= 20 for token in others)


def test_only_the_whole_token_opens() -> None:
    assert HOME.opens(HOME.token)
    for wrong in ("", HOME.token[:-1], HOME.token + "x", HOME.token.swapcase() + "é", "\ud800", HOME.key):
        assert not HOME.opens(wrong)


def test_the_cookie_admits_among_those_of_others() -> None:
    own = HOME.admission().partition(";")[0]
    assert HOME.admits(own)
    assert HOME.admits(f'odd="a b; {own};other={{}}')
    for wrong in ("", own[:-1], f"{HOME.cookie}={HOME.token}", f"voicecoach-8001={HOME.key}", f"x{own}"):
        assert not HOME.admits(wrong)


def test_the_cookie_is_read_by_no_script_and_sent_by_no_other_page() -> None:
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in HOME.admission().split(";")}
    assert HOME.token not in HOME.admission()


def test_a_call_that_changes_something_comes_from_an_own_page() -> None:
    own = {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    assert HOME.is_own(own)
    for change in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ):
        assert not HOME.is_own({**own, **change})
    assert not HOME.is_own({"host": "127.0.0.1:8000"})


def test_nobody_from_the_internet_comes_near() -> None:
    for near in (
        "127.0.0.1",
        "192.168.7.7",
        "10.0.0.3",
        "172.20.1.1",
        "fd12::3",
        "fe80::1%wlan0",
        "::ffff:192.168.0.2",
    ):
        assert HOME.is_near(near)
    for far in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "", "172.32.0.1"):
        assert not HOME.is_near(far)
    assert Door(port=1, names=frozenset(), near_only=False).is_near("8.8.8.8")


def test_the_address_holds_the_token() -> None:
    assert HOME.address("192.168.1.5") == f"http://192.168.1.5:8000/in/{HOME.token}"
    assert HOME.address("fd12::3") == f"http://[fd12::3]:8000/in/{HOME.token}"
