"""A server on a port of its own, and calls to it over real sockets."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from voicecoach.cli.serve import _jobs
from voicecoach.cli.sessions import Wanted
from voicecoach.serve import addresses, server
from voicecoach.serve import app as answers
from voicecoach.serve.door import Door
from voicecoach.serve.shelf import Shelf
from voicecoach.serve.workouts import Workouts
from voicecoach.timeline.model import VoiceWish

SHORT = 'title = "Short"\n[[block]]\nsteps = [{ say = "Begin." }, { work = "5s", name = "March" }]\n'


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """A server that runs, and what it has told."""

    door: Door
    folder: Path
    told: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.door.port}"

    @property
    def cookie(self) -> str:
        return f"{self.door.cookie}={self.door.key}"

    def connect(self) -> socket.socket:
        """A connection that has said nothing yet."""
        return socket.create_connection(("127.0.0.1", self.door.port), 20)

    def call(
        self, path: str, *, method: str = "GET", body: bytes | None = None, inside: bool = True, **headers: str
    ) -> Answer:
        """Asks for a path, exactly as it is written; ``inside`` is with the cookie."""
        shown = {"Host": self.host} | ({"Cookie": self.cookie} if inside else {})
        shown |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self.door.port, timeout=20)) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in shown.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())

    def post(self, content: Any, **headers: str) -> Answer:
        """Sends sessions as a page does."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        own = {"Origin": f"http://{self.host}", "Content_Type": "application/json", "Sec_Fetch_Site": "same-origin"}
        return self.call(answers.HOME, method="POST", body=body, inside=True, **{**own, **headers})

    def page(self, name: str) -> Answer:
        """The page of a workout, once it is there."""
        deadline = time.monotonic() + 60
        while (answer := self.call(f"/w/{name}")).status == 202:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return answer


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[Served]:
    """Serves the scripts of a folder to this machine."""
    sockets = addresses.listening(["127.0.0.1"], port)
    served = Served(
        Door(port=sockets[0].getsockname()[1], names=frozenset({"127.0.0.1", "localhost"})),
        folder,
    )

    def found() -> dict[str, str]:
        return {path.stem: str(path) for path in sorted(folder.glob("*.toml"))}

    jobs = _jobs(Wanted(0, None, None, False), VoiceWish(name="tone"))
    ready = Event()
    with closing(Workouts(found)) as workouts, closing(Shelf(jobs)) as shelf:
        app = answers.app(served.door, workouts, shelf, answers.taking(served.told.append))
        running = server.Server(app, ready.set)
        thread = Thread(target=running.run, args=(sockets,), name="server")
        thread.start()
        try:
            assert ready.wait(20)
            yield served
        finally:
            running.should_exit = True
            thread.join(20)
            assert not thread.is_alive()
