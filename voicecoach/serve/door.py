"""Who is let in: by a token in the address once, and by a cookie from then on; and what is no call of ours at all.

Pure. The token is made anew for each run, and stands only in the address that the person is shown. Where it is shown
to the server, a cookie that no script can read takes its place, and it leaves the address.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from voicecoach.serve import addresses

ENTRANCE = "/in/"
"""The path that a token follows on."""
_BYTES = 16
_DIGITS = 5
_SECONDS = 7 * 24 * 3600


def _secret() -> str:
    return secrets.token_urlsafe(_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who may come in at a port.

    ``names`` are the hosts that the server is reached under, in lower case; ``any_address`` lets it be reached under
    any address that is no name, and ``near_only`` lets in nobody from outside the local network.
    """

    port: int
    names: frozenset[str]
    any_address: bool = False
    near_only: bool = True
    token: str = field(default_factory=_secret)
    key: str = field(default_factory=_secret)

    @property
    def cookie(self) -> str:
        """What the cookie is called: those of one machine do not tell its ports apart."""
        return f"voicecoach-{self.port}"

    def knows(self, host: str) -> bool:
        """Whether a call is meant for us, by the host that it names.

        A name that somebody else has pointed at this machine (DNS rebinding) is not.
        """
        name, port = _split(host)
        return port == self.port and (name in self.names or (self.any_address and addresses.is_address(name)))

    def is_near(self, client: str) -> bool:
        """Whether somebody at an address may come in at all."""
        return not self.near_only or addresses.is_near(client)

    def opens(self, token: str) -> bool:
        """Whether this is the token, told in a time that says nothing of how much of it is right."""
        return hmac.compare_digest(_bytes(token), self.token.encode())

    def admits(self, cookies: str) -> bool:
        """Whether the header "Cookie" shows that the token was shown before."""
        shown = (part.strip().partition("=") for part in cookies.split(";"))
        return any(
            name == self.cookie and hmac.compare_digest(_bytes(value), self.key.encode()) for name, _, value in shown
        )

    def admission(self) -> str:
        """The header "Set-Cookie" for whoever has shown the token."""
        return f"{self.cookie}={self.key}; Max-Age={_SECONDS}; Path=/; HttpOnly; SameSite=Strict"

    def is_own(self, headers: Mapping[str, str]) -> bool:
        """Whether a call that changes something comes from one of our own pages, as every browser tells."""
        site = headers.get("sec-fetch-site", "same-origin")
        return (
            site == "same-origin" and headers.get("origin", "").lower() == f"http://{headers.get('host', '')}".lower()
        )

    def address(self, host: str) -> str:
        """The address with which somebody comes in."""
        return f"http://{addresses.written(host, self.port)}{ENTRANCE}{self.token}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _split(host: str) -> tuple[str, int]:
    """The name and the port of a header "Host"; of one that cannot be one, no name."""
    name, colon, port = host.strip().lower().rpartition(":")
    if not colon or port.endswith("]"):
        name, port = host.strip().lower(), "80"
    if not (port.isascii() and port.isdigit() and len(port) <= _DIGITS):
        return "", 0
    return name.removeprefix("[").removesuffix("]"), int(port)
