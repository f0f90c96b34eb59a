"""Where a server listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from voicecoach.errors import ServerError
from voicecoach.serve import addresses


@pytest.fixture
def taken() -> Iterator[int]:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_the_next_free_port_is_taken(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "FIRST_PORT", taken)
    (one,) = addresses.listening(["127.0.0.1"], None)
    with closing(one):
        assert taken < one.getsockname()[1] < taken + 20


def test_a_port_that_is_taken_is_told(taken: int) -> None:
    with pytest.raises(ServerError, match=f"port {taken} is taken on 127.0.0.1: name another"):
        addresses.listening(["127.0.0.1"], taken)


def test_several_hosts_are_listened_on_at_one_port() -> None:
    first, second = addresses.listening(["127.0.0.1", "127.0.0.2"], 0)
    with closing(first), closing(second):
        assert first.getsockname() == ("127.0.0.1", second.getsockname()[1])


def test_what_is_no_address_of_this_machine_is_told() -> None:
    with pytest.raises(ServerError, match=r"198\.51\.100\.9: is no address of this machine \(there are: 127\.0\.0\.1"):
        addresses.listening(["198.51.100.9"], 0)
    with pytest.raises(ServerError, match=r"no\.such\.\.: is no address of this machine \(write one"):
        addresses.listening(["no.such.."], 0)


def test_local_addresses_are_near_and_no_loopback() -> None:
    for one in addresses.local():
        assert addresses.is_near(one)
        assert not addresses.is_loopback(one)


def test_no_packet_and_no_name_is_asked_for_a_local_address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Route:
        def __init__(self, family: int, kind: int) -> None:
            assert kind == socket.SOCK_DGRAM  # whose "connect" sends nothing

        def __enter__(self) -> Route:
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def connect(self, where: tuple[str, int]) -> None:
            self.where = where[0]
            if self.where.startswith("172."):
                raise OSError("no route")

        def getsockname(self) -> tuple[str, int]:
            known = {"10.255.255.254": "10.0.0.4", "192.0.2.1": "203.0.114.9"}
            return known.get(self.where, "192.168.1.5"), 1

    monkeypatch.setattr(socket, "socket", Route)
    monkeypatch.setattr(socket, "getaddrinfo", None)
    assert addresses.local() == ("10.0.0.4", "192.168.1.5")


def test_what_is_every_address_or_only_this_machine_is_known() -> None:
    assert all(map(addresses.is_any, ("0.0.0.0", "::")))
    assert not addresses.is_any("127.0.0.1")
    assert all(map(addresses.is_loopback, ("127.0.0.1", "::1", "LocalHost", "127.9.9.9")))
    assert not addresses.is_loopback("192.168.1.5")
