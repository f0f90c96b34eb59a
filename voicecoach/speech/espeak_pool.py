"""The processes that speak with espeak-ng: one voice each, a few at once, started when they are needed.

They sit in sessions of their own, so that Ctrl-C is ours alone, and end when their input ends: when the pool is
closed, or this process is gone, however it went.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path

from voicecoach.errors import VoiceError
from voicecoach.speech import espeak_worker
from voicecoach.speech.espeak_worker import read_frame, write_frame

_pools: weakref.WeakSet[Pool] = weakref.WeakSet()
_left_to_parent: list[set[_Worker]] = []


class _GoneError(Exception):
    """The process ended without an answer."""


class _Worker:
    """One process, which speaks in one voice."""

    def __init__(self, library: Path, data: Path, voice: str, *, once: bool) -> None:
        self.voice = voice
        self._greeted = False
        command = [sys.executable, "-I", "-S", espeak_worker.__file__, str(library), str(data), voice]
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        try:
            self._process = subprocess.Popen(
                [*command, "once"] if once else command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=sys.platform != "win32",
                creationflags=flags,
            )
        except OSError as error:
            raise VoiceError(f"espeak cannot be started: {error.strerror or error}") from error

    def answer(self, request: bytes) -> tuple[int, bytes]:
        """Sample rate in hertz, and 16-bit samples. Raises VoiceError where it refuses, _GoneError where it died."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            if not self._greeted:
                self._read(read_frame(self._process.stdout))
                self._greeted = True
            write_frame(self._process.stdin, request)
            return self._read(read_frame(self._process.stdout))
        except (OSError, ValueError) as error:
            raise _GoneError from error

    def end(self) -> None:
        """At once, with the fork that may be speaking: they have nothing to lose."""
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _read(self, answer: bytes | None) -> tuple[int, bytes]:
        if answer is None:
            raise _GoneError
        if answer[0]:
            raise VoiceError(answer[1:].decode(errors="replace"))
        return int.from_bytes(answer[1:5], "little"), answer[5:]


class Pool:
    """Up to ``jobs`` processes. ``once`` makes each speak a single text, as where there is no fork."""

    def __init__(self, library: Path, data: Path, jobs: int, *, once: bool = not hasattr(os, "fork")) -> None:
        self._library = library
        self._data = data
        self._jobs = jobs
        self._once = once
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(jobs)
        self._closings = 0
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        _pools.add(self)

    def start(self, voice: str, count: int) -> None:
        """Starts processes for so many texts at once, and does not wait until they are there. Raises VoiceError."""
        with self._lock:
            for _ in range(min(count, self._jobs) - len(self._workers)):
                self._idle.append(self._start(voice))

    def speak(self, voice: str, request: bytes) -> tuple[int, bytes]:
        """Sample rate in hertz, and 16-bit samples. A process that dies is replaced once. Raises VoiceError."""
        closings = self._closings
        with self._places:
            for _ in range(2):
                worker = self._take(voice)
                try:
                    answer = worker.answer(request)
                except _GoneError:
                    self._discard(worker)
                    if closings != self._closings:
                        raise VoiceError("espeak was stopped while it spoke") from None
                except BaseException:
                    # Interrupted or refused: nobody knows where in a frame it stands.
                    self._discard(worker)
                    raise
                else:
                    self._give_back(worker, closings)
                    return answer
        raise VoiceError("espeak crashed twice on the same text")

    def close(self) -> None:
        """Ends all processes, also those that speak; the next text starts new ones."""
        with self._lock:
            self._closings += 1
            ended, self._workers, self._idle = self._workers, set(), []
        for worker in ended:
            worker.end()

    def forget(self) -> None:
        """Starts afresh without ending anything: in a fork the processes belong to the parent."""
        # Their pipes must not be closed by a finaliser either: a lock of theirs may have been held by a thread.
        _left_to_parent.append(self._workers)
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(self._jobs)
        self._workers, self._idle = set(), []

    def _take(self, voice: str) -> _Worker:
        with self._lock:
            for worker in self._idle:
                if worker.voice == voice:
                    self._idle.remove(worker)
                    return worker
            worker = self._start(voice)
            # only now that there is another: where none can be started, the spare may still be of use
            crowded = self._idle and len(self._workers) > self._jobs
            spare = self._idle.pop(0) if crowded else None
        if spare is not None:
            self._discard(spare)
        return worker

    def _give_back(self, worker: _Worker, closings: int) -> None:
        if self._once:
            self._discard(worker)
        with self._lock:
            if closings == self._closings:
                self._idle.append(self._start(worker.voice) if self._once else worker)

    def _start(self, voice: str) -> _Worker:
        worker = _Worker(self._library, self._data, voice, once=self._once)
        self._workers.add(worker)
        return worker

    def _discard(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.end()


def _close_all() -> None:
    for pool in list(_pools):
        pool.close()


def _forget_all() -> None:
    for pool in list(_pools):
        pool.forget()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
