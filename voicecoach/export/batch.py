"""Many exports at once, on threads, processes or a cluster."""

from __future__ import annotations

import copyreg
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import pipeline, units
from voicecoach.arrange.arrangement import Arrangement
from voicecoach.errors import ExportError, VoicecoachError
from voicecoach.export.exporter import Progress, export
from voicecoach.export.formats import FORMATS, Silence, format_for
from voicecoach.export.tags import TagVersion
from voicecoach.store.atomic import writing as written
from voicecoach.store.machine import processors
from voicecoach.timeline import json_form
from voicecoach.timeline.model import Timeline, VoiceWish

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future


_PATIENCE = 1.0
"""Seconds between two looks at whether anybody is still at work."""


def _as_json(timeline: Timeline) -> tuple[Callable[[str], Timeline], tuple[str]]:
    """How a timeline goes to another process: in its one written form."""
    return json_form.loads, (json_form.dumps(timeline),)


copyreg.pickle(Timeline, _as_json)


class Beside(NamedTuple):
    """A file that goes with the audio: its suffix and its bytes, what it holds in a few words, and remarks on it."""

    suffix: str
    content: bytes
    about: str
    notes: tuple[str, ...] = ()

    def path(self, audio: Path) -> Path:
        """Where it stands: beside the audio, under the same name."""
        known = audio.suffix.removeprefix(".").lower() in FORMATS
        return audio.with_suffix(self.suffix) if known else audio.with_name(audio.name + self.suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to make: a session, where its audio goes, and how it is made, as in ``export``.

    ``rate`` is the sample rate in hertz. ``size_limit`` is in bytes: the best that fits is made, of the bit rate that
    is wanted or of fewer. ``cover`` draws one from the timeline. ``beside`` makes the files that go with the audio,
    before any is written. ``writes`` makes other files of it than the one at ``path``, which is then their folder.

    It can be pickled. Whoever runs it must reach the folder of ``path``, and the recordings and music of the session,
    under the same paths.
    """

    timeline: Timeline
    path: Path
    format: str | None = None
    voice: VoiceWish = pipeline.NO_WISH
    silence: Silence = "constant"
    bit_rate: int | None = None
    rate: int = units.SAMPLE_RATE
    size_limit: int | None = None
    plain: bool = False
    tag_version: TagVersion = "2.3"
    cover: bool = False
    captions: tuple[str, ...] = ()
    beside: tuple[Besides, ...] = ()
    writes: Writes | None = None


Besides = Callable[[Timeline, Arrangement, Path], Beside]
"""Makes a file that goes with the audio at a path."""
Writes = Callable[[Job, Arrangement, int | None, Progress | None], "Written"]
"""Makes files of an arrangement, by so many workers at once, and tells how far it is."""


class Written(NamedTuple):
    """Files that were made, their bytes in all, those that lie ``beside``, and what there is to say about them.

    ``seconds`` and ``left_out`` are as in ``Outcome``, where they are others than those of the arrangement.
    """

    files: tuple[Path, ...]
    size: int
    beside: tuple[tuple[Path, Beside], ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float | None = None
    left_out: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a job, or why there is no file.

    ``files`` were written; ``seconds`` is the session's length, ``size`` theirs in bytes, and ``beside`` are those that
    go with the audio; ``left_out`` are the cues that found no room, and ``unmet`` the wishes that could not be met, a
    sentence each. ``notes`` tell of voices that could not be loaded, and who spoke instead; several files may share
    one.
    """

    job: Job
    files: tuple[Path, ...] = ()
    seconds: float = 0.0
    size: int = 0
    beside: tuple[tuple[Path, Beside], ...] = ()
    left_out: int = 0
    unmet: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: VoicecoachError | None = None


def make(
    job: Job, workers: int | None = None, *, speaking: Progress | None = None, writing: Progress | None = None
) -> Outcome:
    """Makes one file, by so many ``workers`` at once (None: as many as are of use).

    ``speaking`` is told how many of its contents are done, and ``writing`` how many of its frames, and of how many.
    Raises VoiceError, UnknownVoiceError, AudioFileError, ConfigError and ExportError.
    """
    from voicecoach.speech import registry

    voice = pipeline.choose_voice(job.timeline, job.voice)
    arrangement = pipeline.arrange_spoken(job.timeline, voice, jobs=workers, progress=speaking, rate=job.rate)
    made = (job.writes or _file)(job, arrangement, workers, writing)
    return Outcome(
        job=job,
        files=made.files,
        seconds=arrangement.frames / arrangement.rate if made.seconds is None else made.seconds,
        size=made.size,
        beside=made.beside,
        left_out=_left_out(arrangement) if made.left_out is None else made.left_out,
        unmet=tuple(pipeline.unmet(voice)),
        notes=(*made.notes, *registry.notes()),
    )


def _left_out(arrangement: Arrangement) -> int:
    return sum(len(passage.dropped) for passage in arrangement.passages)


def _file(job: Job, arrangement: Arrangement, workers: int | None, progress: Progress | None) -> Written:
    silence, bit_rate = job.silence, job.bit_rate
    notes: tuple[str, ...] = ()
    beside = [one(job.timeline, arrangement, job.path) for one in job.beside]
    if job.size_limit is not None:
        from voicecoach.export import sizes

        chosen = sizes.fitting(arrangement, format_for(job.path, job.format), silence, bit_rate, job.size_limit)
        if bit_rate is not None and chosen.bit_rate != bit_rate:
            why = f"{bit_rate // 1000} do not fit in {units.format_size(job.size_limit)}"
            notes = (f"{job.path}: {chosen.bit_rate // 1000} kbit/s, because {why}",)
        silence, bit_rate = chosen.silence, chosen.bit_rate or None
    export(
        arrangement,
        job.path,
        format=job.format,
        plain=job.plain,
        silence=silence,
        bit_rate=bit_rate,
        jobs=workers,
        cache=pipeline.cache(),
        progress=progress,
        tag_version=job.tag_version,
        cover=_cover(job.timeline) if job.cover else None,
        captions=job.captions,
    )
    for one in beside:
        with written(one.path(job.path)) as file:
            file.write(one.content)
    with_it = tuple((one.path(job.path), one) for one in beside)
    return Written((job.path, *_beside(job), *dict(with_it)), job.path.stat().st_size, with_it, notes)


def _beside(job: Job) -> Iterator[Path]:
    if job.captions:
        from voicecoach.export import captions

        yield from (captions.beside(job.path, kind) for kind in job.captions)


def _cover(timeline: Timeline) -> bytes:
    from voicecoach.export.cover import cover  # which most exports do without

    return cover(timeline, cache=pipeline.cache())


def export_many(jobs: Iterable[Job], executor: Executor | None = None) -> Iterator[Outcome]:
    """Makes every file, and tells of each as it is done, in no particular order.

    ``executor`` is any executor of ``concurrent.futures``: threads or processes of this machine, or those of a cluster
    (``cluster.connected``); None takes a thread a processor. Spoken lines and encoded islands are shared through the
    cache of whoever runs a job. A file that cannot be made does not keep the others from it. Where the iterator is
    closed early, what has not begun is cancelled, and what threads of this process have begun ends; a file is never
    left half-done.
    """
    from concurrent.futures import ThreadPoolExecutor

    wanted = list(jobs)
    if executor is not None:
        yield from _outcomes(wanted, executor)
        return
    with ThreadPoolExecutor(processors(), thread_name_prefix="export") as threads:
        yield from _outcomes(wanted, threads)


_stopped: set[str] = set()
"""Which calls of ``export_many`` nobody listens to any more, in this process."""


def _outcomes(jobs: list[Job], executor: Executor) -> Iterator[Outcome]:
    from queue import Empty, SimpleQueue

    from voicecoach.export.cluster import Cluster

    # one file has all processors; many share them a file each
    workers = None if len(jobs) == 1 else 1
    call = os.urandom(16).hex()
    # whoever makes it may be in another folder
    running = {executor.submit(_make, replace(job, path=job.path.absolute()), workers, call): job for job in jobs}
    done: SimpleQueue[Future[Outcome]] = SimpleQueue()
    waiting = dict(running)
    try:
        for future in running:
            future.add_done_callback(done.put)
        while waiting:
            try:
                future = done.get(timeout=_PATIENCE)
            except Empty:
                why = executor.lost() if isinstance(executor, Cluster) else None
                if why is not None:
                    yield from (_lost(job, why) for job in waiting.values())
                    return
            else:
                yield _outcome(waiting.pop(future), future)
    finally:
        begun = [future for future in waiting if not (future.cancel() or future.done())]
        if begun:
            _stopped.add(call)


def _outcome(job: Job, future: Future[Outcome]) -> Outcome:
    from concurrent.futures import BrokenExecutor, CancelledError

    from voicecoach.export.cluster import losses

    lost: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, *losses())
    try:
        return replace(future.result(), job=job)
    except lost as error:
        return _lost(job, str(error) or "the connection to it is lost")


def _lost(job: Job, why: str) -> Outcome:
    return Outcome(job=job, error=ExportError(f"{job.path}: whoever was making it was ended ({why}); export it again"))


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
