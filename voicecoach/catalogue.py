"""Many exports at once, on threads, processes or a cluster."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voicecoach import wiring
from voicecoach.errors import ExportError, VoicecoachError
from voicecoach.exporter import Progress, export
from voicecoach.timeline import Timeline, VoiceWish

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

RETRIES = 3
"""How often a cluster tries a file again whose worker was lost."""
_CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to make: a session, where its audio goes, and how it is made, as in ``export``.

    It can be pickled. Whoever runs it must reach ``path``, and the recordings and music of the session, under the same
    paths.
    """

    timeline: Timeline
    path: Path
    format: str | None = None
    voice: VoiceWish = wiring.NO_WISH
    silence: Literal["constant", "small"] = "constant"
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a job, or why there is no file.

    ``seconds`` is the session's length, ``size`` the file's in bytes; ``left_out`` are the cues that found no room.
    """

    job: Job
    seconds: float = 0.0
    size: int = 0
    left_out: int = 0
    error: VoicecoachError | None = None


def make(
    job: Job, workers: int | None = None, *, speaking: Progress | None = None, writing: Progress | None = None
) -> Outcome:
    """Makes one file, by so many ``workers`` at once (None: as many as are of use).

    ``speaking`` is told how many of its contents are done, and ``writing`` how many of its frames, and of how many.
    Raises VoiceError, UnknownVoiceError, AudioFileError, ConfigError and ExportError.
    """
    voice = wiring.choose_voice(job.timeline, job.voice)
    arrangement = wiring.arrange_spoken(job.timeline, voice, jobs=workers, progress=speaking)
    export(
        arrangement,
        job.path,
        format=job.format,
        plain=job.plain,
        silence=job.silence,
        jobs=workers,
        cache=wiring.cache(),
        progress=writing,
    )
    return Outcome(
        job=job,
        seconds=arrangement.frames / arrangement.rate,
        size=job.path.stat().st_size,
        left_out=sum(len(passage.dropped) for passage in arrangement.passages),
    )


def export_many(jobs: Iterable[Job], executor: Executor | None = None) -> Iterator[Outcome]:
    """Makes every file, and tells of each as it is done, in no particular order.

    ``executor`` is any executor of ``concurrent.futures``: threads or processes of this machine, or those of a cluster
    (``cluster_executor``); None takes a thread a processor. Spoken lines and encoded islands are shared through the
    cache of whoever runs a job. A file that cannot be made does not keep the others from it. Where the iterator is
    closed early, what has not begun is cancelled, and what threads of this process have begun ends; a file is never
    left half-done.
    """
    from concurrent.futures import ThreadPoolExecutor

    wanted = list(jobs)
    if executor is not None:
        yield from _outcomes(wanted, executor)
        return
    with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="export") as threads:
        yield from _outcomes(wanted, threads)


@contextmanager
def cluster_executor(address: str) -> Iterator[Executor]:
    """The executor of a Dask cluster, by the address of its scheduler, such as ``tcp://10.0.0.1:8786``.

    A job whose worker is lost runs again on another. Raises ExportError where the ``dask`` extra is not installed, or
    nothing answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ExportError('a cluster needs the extra "dask" (pip install "voicecoach[dask]")') from error
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ExportError(f"no Dask scheduler answers at {address} ({error})") from error
    with client:
        yield client.get_executor(pure=False, retries=RETRIES)


_stopped: set[str] = set()
"""Which calls of ``export_many`` nobody listens to any more, in this process."""


def _outcomes(jobs: list[Job], executor: Executor) -> Iterator[Outcome]:
    from concurrent.futures import BrokenExecutor, CancelledError, as_completed

    # one file has all processors; many share them a file each
    workers = None if len(jobs) == 1 else 1
    call = os.urandom(16).hex()
    running: dict[Future[Outcome], Job] = {executor.submit(_make, job, workers, call): job for job in jobs}
    try:
        for done in as_completed(running):
            try:
                yield done.result()
            except (BrokenExecutor, CancelledError) as error:
                lost = ExportError(f"{running[done].path}: whoever was making it was ended ({error}); export it again")
                yield Outcome(job=running[done], error=lost)
    finally:
        _stopped.add(call)
        for future in running:
            future.cancel()


def _make(job: Job, workers: int | None, call: str) -> Outcome:
    def go_on(done: int, total: int) -> None:
        if call in _stopped:
            from concurrent.futures import CancelledError

            raise CancelledError(f"{job.path} is not wanted any more")

    try:
        return make(job, workers, speaking=go_on, writing=go_on)
    except VoicecoachError as error:
        return Outcome(job=job, error=error)
    except OSError as error:
        return Outcome(job=job, error=ExportError(f"{job.path}: {error.strerror or error}"))
