"""The file itself: all in one, with nothing to fetch, and the same bytes each time."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser

from phone_pages import EVERYTHING, made

from voicecoach.phone.page import page

AUDIO = bytes(range(256)) * 2_000


def written(audio: bytes = AUDIO, kind: str = "m4a", **changes: str) -> str:
    return b"".join(page({**made(EVERYTHING).table, **changes}, audio, kind)).decode()


class Elements(HTMLParser):
    """The texts of some elements, and everything that names an address."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.policy = ""
        self.addresses: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._open = given.get("id") or tag
        self.policy = given.get("content") or "" if "http-equiv" in given else self.policy
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "style")]

    def handle_data(self, data: str) -> None:
        self.texts[self._open] = self.texts.get(self._open, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


def digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_allows_its_own_script_and_style_and_nothing_from_outside() -> None:
    found = Elements(written())
    rules = dict(rule.strip().split(" ", 1) for rule in found.policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'{digest(found.texts['script'])}'",
        "style-src": f"'{digest(found.texts['style'])}'",
        "media-src": "blob: data:",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert found.addresses == ["data:,"]
    assert not re.search(r"https?://", written())


def test_the_script_is_small() -> None:
    assert len(Elements(written()).texts["script"].encode()) < 27_000


def test_the_audio_is_inside_as_it_was() -> None:
    found = Elements(written(AUDIO))
    table = json.loads(found.texts["table"])
    content = base64.b64decode(found.texts["audio"])
    assert table["type"] == "audio/mp4"
    assert (gzip.decompress(content) if table["packed"] else content) == AUDIO


def test_audio_is_packed_where_that_is_worth_it() -> None:
    assert json.loads(Elements(written(bytes(100_000))).texts["table"])["packed"]
    noise = b"".join(hashlib.sha256(bytes([one])).digest() for one in range(200))
    assert not json.loads(Elements(written(noise)).texts["table"])["packed"]


def test_the_same_session_gives_the_same_bytes() -> None:
    assert written() == written()


def test_a_title_ends_nothing_and_begins_nothing() -> None:
    title = '</title></script><script>alert(1)</script>$audio &lt; "'
    found = Elements(written(title=title))
    assert found.texts["title"] == title
    assert json.loads(found.texts["table"])["title"] == title
    assert base64.b64decode(found.texts["audio"])
