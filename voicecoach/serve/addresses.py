"""Where a server listens: the addresses of this machine in its local network, and sockets on them."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
import sys
from collections.abc import Iterable, Sequence

from voicecoach.errors import ServerError

LOOPBACK = "127.0.0.1"
FIRST_PORT = 8000
_PORTS = 20
"""So many ports are tried one after the other, where none is asked for."""
_BACKLOG = 64
_ELSEWHERE = ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254", "169.254.255.254")
"""Addresses of other machines, to ask which of ours leads there; nothing is sent to them."""


def is_near(address: str) -> bool:
    """Whether an address is of a local network or of this machine: one that the internet does not lead to."""
    found = _parsed(address)
    if found is None:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_private or found.is_link_local or found.is_loopback


def is_address(host: str) -> bool:
    """Whether a host is an address, and no name that somebody may have given it."""
    return _parsed(host) is not None


def is_any(host: str) -> bool:
    """Whether a host means every address of this machine."""
    found = _parsed(host)
    return found is not None and found.is_unspecified


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and can be reached from no other."""
    found = _parsed(host)
    return host.lower() == "localhost" or (found is not None and found.is_loopback)


def local() -> tuple[str, ...]:
    """This machine's own addresses (IPv4) in local networks, the one that leads to the most others first.

    No name is looked up, and nothing is sent: a datagram socket that is connected only chooses its route.
    """
    found = []
    for elsewhere in _ELSEWHERE:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            asked.connect((elsewhere, 9))
            found.append(str(asked.getsockname()[0]))
    return tuple(dict.fromkeys(one for one in found if is_near(one) and not is_loopback(one)))


def written(host: str, port: int) -> str:
    """A host and its port as they stand in an address: IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def listening(hosts: Sequence[str], port: int | None) -> list[socket.socket]:
    """A socket that listens on each host, all at one port: ``port``, or the first from 8000 on that is free on all.

    Raises ServerError.
    """
    ports: Iterable[int] = range(FIRST_PORT, FIRST_PORT + _PORTS) if port is None else (port,)
    last: OSError | None = None
    for number in ports:
        try:
            return _bound(hosts, number)
        except UnicodeError as error:  # a name that no name can be
            raise ServerError(_refusal(hosts, number, socket.gaierror())) from error
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise ServerError(_refusal(hosts, number, error)) from error
            last = error
    if port is None:
        raise ServerError(f"the ports {FIRST_PORT} to {FIRST_PORT + _PORTS - 1} are all taken: name another (--port)")
    assert last is not None
    raise ServerError(_refusal(hosts, port, last)) from last


def _bound(hosts: Sequence[str], port: int) -> list[socket.socket]:
    made: list[socket.socket] = []
    try:
        for host in hosts:
            (family, kind, _, _, address), *_ = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
            one = socket.socket(family, kind)
            made.append(one)
            if sys.platform == "win32":
                one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
            one.listen(_BACKLOG)
            one.setblocking(False)
            port = one.getsockname()[1]  # where 0 leaves the choice to the system, the others take the same
    except (OSError, UnicodeError):
        for one in made:
            one.close()
        raise
    return made


def _refusal(hosts: Sequence[str], port: int, error: OSError) -> str:
    where = " and ".join(hosts)
    if isinstance(error, socket.gaierror):
        return f"{where}: is no address of this machine (write one, as 192.168.1.5, or --lan)"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken on {where}: name another (--port {port + 1}), or leave --port out"
    if error.errno == errno.EACCES:
        return f"port {port} needs the rights of an administrator: name one above 1023 (--port {FIRST_PORT})"
    if error.errno == errno.EADDRNOTAVAIL:
        ours = ", ".join((LOOPBACK, *local()))
        return f"{where}: is no address of this machine (there are: {ours})"
    return f"{written(where, port)}: cannot be listened on ({(error.strerror or str(error)).lower()})"


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
