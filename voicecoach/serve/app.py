"""What is answered to whom: the list, the pages, and sessions that come home.

No path of a file ever follows from an address: a workout is known by its name, in a table.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from voicecoach.errors import HistoryError, HistoryFileError, counted
from voicecoach.phone import catalogue
from voicecoach.phone.document import Around
from voicecoach.serve.door import ENTRANCE, Door
from voicecoach.serve.shelf import Coming, Failed, Shelf
from voicecoach.serve.workouts import PLACE, Workouts

HOME = "/sessions"
"""Where sessions come home."""
AROUND = Around(index="/", home=HOME, manifest=f"/{catalogue.MANIFEST}")
"""What lies around a page that is served."""
LARGEST = 5_000_000
"""Bytes of the most that is taken at once: some 15,000 steps."""
TITLE = "Workouts"
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of every answer; what a page may do stands in the page, and holds wherever it is opened."""
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_TYPES = {
    catalogue.MANIFEST: "application/manifest+json",
    catalogue.WORKER: "text/javascript",
    catalogue.ICON: "image/svg+xml",
}
Take = Callable[[bytes, str], tuple[int, int]]
"""Takes the JSON of sessions from somebody at an address: how many came, and how many are new. Raises HistoryError."""
_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_App = Callable[[_Scope, _Receive, _Send], Awaitable[None]]


def app(door: Door, workouts: Workouts, shelf: Shelf, take: Take) -> _App:
    """All that is answered, behind the door."""

    async def index(request: Request) -> Response:
        entries = sorted(await run_in_threadpool(workouts.entries), key=lambda entry: entry.title.casefold())
        return _html(catalogue.catalogue(entries, title=TITLE, installable=True))

    async def workout(request: Request) -> Response:
        script = await run_in_threadpool(workouts.source, request.path_params["name"])
        if script is None:
            raise HTTPException(404)
        standing = await run_in_threadpool(shelf.page, script)
        if isinstance(standing, Coming):
            text = "Your computer speaks it now. This page goes on by itself."
            return _html(catalogue.message("In a moment", text, again=True, part=standing.part), 202)
        if isinstance(standing, Failed):
            return _html(catalogue.message("It cannot be made", str(standing.error)), 500)
        return FileResponse(standing.path, media_type="text/html; charset=utf-8")

    async def sessions(request: Request) -> Response:
        if not door.is_own(request.headers):
            return _refused(403, "this comes from no page of ours")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refused(415, "sessions come as JSON")
        content = await _body(request)
        client = request.client.host if request.client else ""
        try:
            came, new = await run_in_threadpool(take, content, client)
        except HistoryFileError as error:
            return _refused(422, str(error.problems[0]))
        except HistoryError as error:
            return _refused(503, str(error))
        return JSONResponse({"came": came, "new": new})

    async def asset(request: Request) -> Response:
        name = request.url.path.removeprefix("/")
        return Response(catalogue.asset(name), media_type=_TYPES[name])

    async def wrong(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict((error.headers if isinstance(error, HTTPException) else None) or {})
        if status in _WORDS:
            return _html(catalogue.message(*_WORDS[status]), status, headers)
        return _refused(status, "not possible", headers)

    inner = Starlette(
        routes=[
            Route("/", index),
            Route(PLACE + "{name}", workout),
            Route(HOME, sessions, methods=["POST"]),
            *(Route(f"/{name}", asset) for name in _TYPES),
        ],
        exception_handlers={HTTPException: wrong},
    )
    inner.router.redirect_slashes = False
    return _guarded(door, inner)


def taking(told: Callable[[str], None]) -> Take:
    """What takes sessions into the history, and tells of it."""
    from voicecoach.store.history import History

    def take(content: bytes, client: str) -> tuple[int, int]:
        with History.open() as history:
            came, new = history.add_json(content, "sessions")
        known = f", {came - new:,} known already" if came > new else ""
        told(f"{counted(new, 'session')} came home{f' from {client}' if client else ''}{known}")
        return came, new

    return take


_WORDS: Mapping[int, tuple[str, str]] = {
    403: ("Not yet", "Open the address that voicecoach shows on your computer: it is another one each time."),
    404: (
        "Not here",
        "There is no such page. The list of all workouts is at the address of this server, without more.",
    ),
}


def _guarded(door: Door, inner: _App) -> _App:
    """``inner`` for those who may come in; every answer has the headers that all have."""

    async def guarded(scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            return

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                more = [(name.encode(), value.encode()) for name, value in _HEADERS.items() if name.encode() not in own]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await (_answer_at_the_door(door, scope) or inner)(scope, receive, sending)

    return guarded


def _answer_at_the_door(door: Door, scope: _Scope) -> Response | None:
    """What is answered to whom may not come in, or is about to; None for whoever is in."""
    headers = Headers(scope=scope)
    client = scope["client"][0] if scope.get("client") else ""
    if not door.is_near(client):
        return _refused(403, "only for the local network")
    if not door.knows(headers.get("host", "")):
        return _refused(421, "this is not who you asked for")
    path = str(scope["path"])
    if path.startswith(ENTRANCE) and scope["method"] in ("GET", "HEAD"):
        if not door.opens(path.removeprefix(ENTRANCE)):
            return _html(catalogue.message(*_WORDS[403]), 403, _CLOSING)
        return RedirectResponse("/", 303, {"set-cookie": door.admission(), "content-security-policy": _NOTHING})
    if not door.admits(headers.get("cookie", "")):
        return _html(catalogue.message(*_WORDS[403]), 403, _CLOSING)
    return None


_CLOSING = {"connection": "close"}
"""What has not been read of a call that is refused is not read any more."""


def _html(content: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(content, status, headers, "text/html; charset=utf-8")


def _refused(status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    about = {"content-security-policy": _NOTHING, **_CLOSING, **(headers or {})}
    return JSONResponse({"error": why}, status, about)


async def _body(request: Request) -> bytes:
    """All that is sent, as long as it is not too much: neither by what it says of itself nor by what comes."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > LARGEST:
        raise HTTPException(413, headers=_CLOSING)
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > LARGEST:
            raise HTTPException(413, headers=_CLOSING)
    return bytes(content)
