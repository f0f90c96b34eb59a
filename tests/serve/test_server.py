"""A server as who calls it meets it, over real sockets."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from phone_pages import GROWING
from serving import SHORT, Served, serving

from voicecoach.serve.app import LARGEST
from voicecoach.serve.protocol import MOST_EACH, Patient
from voicecoach.serve.shelf import Ready, Shelf
from voicecoach.store.history import History

pytestmark = pytest.mark.slow
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'${title}&amp;"
SESSION: dict[str, Any] = {
    "script": "short", "title": "Short", "digest": "d", "seed": 0, "finished": True,
    "started": "2026-03-01T10:00:00+01:00", "ended": "2026-03-01T10:00:30+01:00",
    "segments": [
        {"index": 0, "kind": "work", "name": "March", "side": None, "round": 1, "planned": 5.0, "seconds": 5.0,
         "why": "clock", "question": None, "answer": None, "progression": None, "target": None},
    ],
}  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "short.toml").write_text(SHORT, encoding="utf-8")
    with serving(tmp_path) as one:
        yield one


def file(*sessions: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "sessions": list(sessions), "targets": []}


def growth_of(page: str) -> dict[str, Any]:
    """How the hold of a page grows."""
    table = json.loads(page.partition('id="table" type="application/json">')[2].partition("</script>")[0])
    found: dict[str, Any] = table["growths"][0]
    return found


class TestTheWayIn:
    def test_the_token_becomes_a_cookie_and_leaves_the_address(self, served: Served) -> None:
        answer = served.call(f"/in/{served.door.token}", inside=False)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].partition(";")[0]
        assert served.call("/", inside=False, Cookie=cookie).status == 200

    @pytest.mark.parametrize("path", ["/in/", "/in/wrong", "/in/%00", "/", "/w/short", "/worker.js", "/nothing"])
    def test_without_it_nothing_is_told(self, served: Served, path: str) -> None:
        answer = served.call(path, inside=False)
        assert answer.status == 403
        assert "Open the address that voicecoach shows" in answer.text
        assert "Short" not in answer.text

    def test_a_wrong_token_lets_nobody_post(self, served: Served) -> None:
        answer = served.post(file(SESSION), Cookie=f"{served.door.cookie}={'x' * 22}")
        assert answer.status == 403
        assert served.told == []

    @pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "", "127.0.0.1:1"])
    def test_a_name_that_leads_here_is_not_ours(self, served: Served, host: str) -> None:
        assert served.call("/", Host=host.format(port=served.door.port)).status == 421

    def test_another_page_cannot_post(self, served: Served) -> None:
        for odd in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"}):
            assert served.post(file(SESSION), **odd).status == 403
        assert served.post(file(SESSION), Content_Type="text/plain").status == 415
        assert served.told == []

    def test_every_answer_is_kept_nowhere_and_tells_no_address(self, served: Served) -> None:
        for path in ("/", "/nothing", f"/in/{served.door.token}", "/manifest.webmanifest", "/w/short"):
            headers = served.call(path).headers
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "server" not in headers


class TestPages:
    def test_the_list_is_there_at_once_and_soon_says_more(self, served: Served) -> None:
        assert "short" in served.call("/").text
        deadline = time.monotonic() + 20
        while '<b lang="en">Short</b>' not in (text := served.call("/").text):
            assert time.monotonic() < deadline, text
            time.sleep(0.05)
        assert 'href="/w/short"' in text

    def test_a_page_comes_while_others_go_on(self, served: Served) -> None:
        first = served.call("/w/short")
        assert (first.status, "In a moment" in first.text) == (202, True)
        page = served.page("short")
        assert page.status == 200
        assert int(page.headers["content-length"]) == len(page.body) > 10_000
        assert "connect-src 'self'" in page.text

    def test_two_clients_have_the_same_at_once(self, served: Served) -> None:
        with ThreadPoolExecutor(2) as both:
            one, other = both.map(served.page, ("short", "short"))
        assert one.status == other.status == 200
        assert one.body == other.body

    def test_a_script_that_changes_is_spoken_anew(self, served: Served) -> None:
        before = served.page("short").text
        assert served.page("short").text == before
        (served.folder / "short.toml").write_text(SHORT.replace("March", "Squat"), encoding="utf-8")
        after = served.page("short").text
        assert "Squat" in after and "March" not in after

    def test_what_came_home_changes_what_comes_next(self, served: Served) -> None:
        (served.folder / "growing.toml").write_text(GROWING, encoding="utf-8")
        before = served.page("growing").text
        growth = growth_of(before)
        yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        held = {"kind": "hold", "name": "Bridge", "progression": growth["key"], "planned": 20.0, "target": 20.0}
        segment = {**SESSION["segments"][0], **held, "seconds": 20.0}
        session = {**SESSION, "script": "growing", "started": yesterday, "ended": yesterday, "segments": [segment]}
        assert served.post(file(session)).status == 200
        later = growth_of(served.page("growing").text)
        assert [one["levels"][one["today"]] for one in (growth, later)] == [20, 25]

    def test_a_script_that_is_wrong_is_told_and_the_others_go_on(self, served: Served) -> None:
        (served.folder / "wrong.toml").write_text("title = 3\n", encoding="utf-8")
        answer = served.page("wrong")
        assert answer.status == 500
        assert "wrong.toml" in answer.text and "title" in answer.text
        assert served.page("short").status == 200

    def test_titles_stay_text(self, served: Served) -> None:
        text = f"summary = {json.dumps(HOSTILE)}\n" + SHORT.replace('"Short"', json.dumps(HOSTILE))
        (served.folder / "hostile.toml").write_text(text, encoding="utf-8")
        served.call("/")
        deadline = time.monotonic() + 20
        while "alert(1)" not in (listed := served.call("/").text):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for page in (listed, served.page("hostile").text):
            assert "<script>alert" not in page
            assert "<img" not in page

    @pytest.mark.parametrize(
        "path",
        ["/w/../short", "/../../etc/passwd", "/w/..%2f..%2fetc%2fpasswd", "/w/%2e%2e/%2e%2e/etc/passwd",
         "/w/short.toml", "/w/..", "/w/%2e%2e",
         "/w//etc/passwd", "/w/%2fetc%2fpasswd", "/w/..%5c..%5cboot.ini", "/w/short%00.html",
         "/w/%c0%ae%c0%ae/short", "/w/%252e%252e%252fshort", "/worker.js/../page.py", "/w/"],
    )  # fmt: skip
    def test_a_path_that_climbs_out_leads_nowhere(self, served: Served, path: str) -> None:
        (served.folder.parent / "short.toml").write_text(SHORT, encoding="utf-8")
        answer = served.call(path)
        assert answer.status == 404
        assert "root:" not in answer.text

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
    def test_a_page_can_only_be_read(self, served: Served, method: str) -> None:
        assert served.call("/", method=method, body=b"").status == 405


class TestComingHome:
    def test_what_was_done_is_in_the_history_and_nothing_twice(self, served: Served) -> None:
        for new in (1, 0):
            answer = served.post(file(SESSION))
            assert (answer.status, json.loads(answer.body)) == (200, {"came": 1, "new": new})
        assert served.told == [
            "1 session came home from 127.0.0.1",
            "0 sessions came home from 127.0.0.1, 1 known already",
        ]
        with History.open(to_read=True) as history:
            (session,) = history.sessions()
        assert (session.script, session.segments[0].name) == ("short", "March")

    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"version": 2, "sessions": []}',
         json.dumps(file({**SESSION, "more": 1})).encode(), json.dumps(file({**SESSION, "started": "now"})).encode()],
        ids=range(8),
    )  # fmt: skip
    def test_what_is_no_history_is_refused_and_nothing_of_it_kept(self, served: Served, content: bytes) -> None:
        answer = served.post(content)
        assert answer.status == 422
        assert json.loads(answer.body)["error"]
        assert served.told == []

    def test_a_hundred_megabytes_are_refused_before_they_come(self, served: Served) -> None:
        with served.connect() as connection:
            connection.sendall(
                f"POST /sessions HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n"
                f"Origin: http://{served.host}\r\nContent-Type: application/json\r\n"
                "Content-Length: 100000000\r\n\r\n".encode()
            )
            assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
        assert served.call("/").status == 200

    def test_a_hundred_megabytes_that_do_not_say_so_are_cut_off(self, served: Served) -> None:
        sent = 0
        with served.connect() as connection:
            connection.sendall(
                f"POST /sessions HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n"
                f"Origin: http://{served.host}\r\nContent-Type: application/json\r\n"
                "Transfer-Encoding: chunked\r\n\r\n".encode()
            )
            try:
                while sent < 100_000_000:
                    connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")
                    sent += 0x10000
            except OSError:
                pass
        assert sent < LARGEST + 10_000_000  # what lay in buffers when it was cut off
        assert served.call("/").status == 200

    @pytest.mark.parametrize("length", ["-1", "5e3", "1, 2", "９"])
    def test_an_odd_length_is_refused(self, served: Served, length: str) -> None:
        with served.connect() as connection:
            head = f"POST /sessions HTTP/1.1\r\nHost: {served.host}\r\nContent-Length: {length}\r\n\r\n"
            connection.sendall(head.encode())
            assert connection.recv(100).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 403 "))

    def test_a_history_that_cannot_be_written_is_told(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        blocked = served.folder / "file"
        blocked.write_text("", encoding="utf-8")
        monkeypatch.setenv("VOICECOACH_HOME", str(blocked))
        answer = served.post(file(SESSION))
        assert answer.status == 503
        assert served.call("/").status == 200


class TestSlowClients:
    @pytest.fixture(autouse=True)
    def _hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Patient, "request_seconds", 0.6)
        monkeypatch.setattr(Patient, "stalled_seconds", 0.6)

    @staticmethod
    def until_cut_off(connection: socket.socket, drop: bytes) -> float:
        """Sends a drop now and then until nobody listens; the seconds that took."""
        began = time.monotonic()
        connection.settimeout(0.1)
        while time.monotonic() - began < 15:
            try:
                connection.sendall(drop)
                if connection.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        return time.monotonic() - began

    @pytest.mark.parametrize("head", [b"", b"GET / HTTP/1.1\r\n"])
    def test_a_request_that_never_ends_is_cut_off_and_others_go_on(self, served: Served, head: bytes) -> None:
        with served.connect() as slow:
            slow.sendall(head)
            assert served.call("/").status == 200
            assert self.until_cut_off(slow, b"x") < 5

    def test_a_second_request_is_as_impatiently_awaited(self, served: Served) -> None:
        with served.connect() as slow:
            slow.sendall(f"GET /nothing HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n\r\n".encode())
            assert slow.recv(15) == b"HTTP/1.1 404 No"
            slow.sendall(b"GET")
            assert self.until_cut_off(slow, b"x") < 5

    def test_a_body_that_never_ends_is_cut_off(self, served: Served) -> None:
        with served.connect() as slow:
            slow.sendall(
                f"POST /sessions HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n"
                f"Origin: http://{served.host}\r\nContent-Type: application/json\r\n"
                "Content-Length: 1000\r\n\r\n".encode()
            )
            assert self.until_cut_off(slow, b" ") < 5
        assert served.told == []

    def test_who_takes_nothing_of_a_page_is_cut_off(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        large = served.folder / "large.html"
        large.write_bytes(bytes(60_000_000))  # more than the system's buffers hold
        monkeypatch.setattr(Shelf, "page", lambda self, script: Ready(large))
        with served.connect() as slow:
            slow.sendall(f"GET /w/short HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n\r\n".encode())
            time.sleep(1.5)
            assert served.call("/").status == 200
            slow.settimeout(10)
            came = 0
            with contextlib.suppress(ConnectionResetError):
                while piece := slow.recv(1 << 20):
                    came += len(piece)
        assert came < 60_000_000
        assert len(served.page("short").body) == 60_000_000

    def test_one_client_does_not_have_all_of_the_connections(self, served: Served) -> None:
        many = [served.connect() for _ in range(2 * MOST_EACH)]
        try:
            time.sleep(1.5)  # those within the bound are cut off for their silence
            assert served.call("/").status == 200
        finally:
            for one in many:
                one.close()

    def test_a_head_without_end_is_refused(self, served: Served) -> None:
        with served.connect() as connection:
            try:
                for _ in range(1_000):
                    connection.sendall(b"GET / HTTP/1.1\r\nX: " if not _ else b"x" * 10_000)
                    time.sleep(0)
            except OSError:
                return
            assert connection.recv(100).startswith((b"HTTP/1.1 400 ", b""))
