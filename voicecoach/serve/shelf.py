"""Pages made when somebody asks for them: in the background, once, and anew where what they are made of has changed."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from voicecoach import pipeline
from voicecoach.errors import VoicecoachError
from voicecoach.export import batch
from voicecoach.export.batch import Job
from voicecoach.timeline.model import Recording

Jobs = Callable[[str, Path], Job]
"""How the page of a script is made at a path. Raises VoicecoachError."""
_SPEAKING = 0.6
"""The part of the work that speaking is."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A page that is there."""

    path: Path


@dataclass(frozen=True, slots=True)
class Coming:
    """A page that is being made: how much of it is, from 0 to 1."""

    part: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A page that cannot be made, and why."""

    error: VoicecoachError


Standing = Ready | Coming | Failed


class Shelf:
    """The pages of scripts, in a folder that is gone when it is closed."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._folder = tempfile.TemporaryDirectory(prefix="voicecoach-serve-", ignore_cleanup_errors=True)
        self._there: dict[str, tuple[str, Standing]] = {}
        self._number = 0
        self._closed = False
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(1, "page")

    def page(self, script: str) -> Standing:
        """How the page of a script stands; where it is not there, it is begun. May take a moment, but not all of it."""
        with self._lock:
            _, standing = self._there.get(script, ("", None))
            if isinstance(standing, Coming):
                return standing
            if isinstance(standing, Failed):  # told once, and tried anew when it is asked for again
                del self._there[script]
                return standing
        try:
            job = self._jobs(script, self._next())
        except VoicecoachError as error:
            return Failed(error)
        wanted = _key(job)
        with self._lock:
            known, now = self._there.get(script, ("", None))
            if isinstance(now, Coming) or (isinstance(now, Ready) and known == wanted and now.path.is_file()):
                return now
            begun = Coming(0.0)
            self._there[script] = wanted, begun
            self._worker.submit(self._make, script, wanted, job, now)
        return begun

    def close(self) -> None:
        """Ends what is being made, and removes every page."""
        self._closed = True
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._folder.cleanup()

    def _next(self) -> Path:
        with self._lock:
            self._number += 1
            return Path(self._folder.name) / f"{self._number}.html"

    def _make(self, script: str, key: str, job: Job, before: Standing | None) -> None:
        def at(begin: float, end: float) -> Callable[[int, int], None]:
            def tell(done: int, total: int) -> None:
                if self._closed:
                    raise CancelledError
                self._set(script, key, Coming(begin + (end - begin) * done / max(1, total)))

            return tell

        try:
            batch.make(job, speaking=at(0.0, _SPEAKING), writing=at(_SPEAKING, 1.0))
        except VoicecoachError as error:
            self._set(script, key, Failed(error))
        except CancelledError:
            return
        except BaseException as error:
            self._set(script, key, Failed(VoicecoachError(f"it cannot be made: {error}")))
            raise
        else:
            self._set(script, key, Ready(job.path))
        if isinstance(before, Ready):
            with contextlib.suppress(OSError):  # somebody may be reading it
                before.path.unlink()

    def _set(self, script: str, key: str, standing: Standing) -> None:
        with self._lock:
            self._there[script] = key, standing


def _key(job: Job) -> str:
    """What a page follows from: all that it says, and the files that it plays."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(repr(replace(job, path=Path())).encode("utf-8", "surrogateescape"))
    for content in pipeline.contents(job.timeline):
        if isinstance(content, Recording):
            with contextlib.suppress(OSError):
                about = Path(content.path).stat()
                digest.update(f"{content.path} {about.st_mtime_ns} {about.st_size}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
