"""An export that makes a page: all that can be heard is spoken, laid out, encoded, and put into one HTML file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import pipeline
from voicecoach.arrange.estimate import Estimate
from voicecoach.export.batch import Job, Written
from voicecoach.export.exporter import Track, export_tracks
from voicecoach.export.formats import format_for
from voicecoach.export.tags import Tags
from voicecoach.phone import branches, growth, layout, page, table
from voicecoach.phone.branches import Branches
from voicecoach.phone.document import ALONE, Around
from voicecoach.phone.growth import Growth
from voicecoach.phone.table import Origin
from voicecoach.store.atomic import writing
from voicecoach.timeline import progression

if TYPE_CHECKING:
    from voicecoach.arrange.arrangement import Arrangement
    from voicecoach.export.exporter import Progress
    from voicecoach.script.model import Workout
    from voicecoach.timeline.course import Past
    from voicecoach.timeline.model import Timeline, VoiceWish

SUFFIX = ".html"
FORMAT = "m4a"
"""The format that every phone plays."""
MOST_SOUNDING = 300.0
"""Seconds of sound up to which a page takes in sessions of other targets; they make about 2.8 MB."""
SPEECH_RATE = 48_000
"""Bits a second of AAC where there is no music: speech is as good as with 64,000, and pages are a quarter smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a page is made of a job's timeline, which holds all that can be heard in ``found``; it can be pickled."""

    found: Branches
    origin: Origin
    growing: tuple[Growth, ...] = ()
    around: Around = ALONE

    def __call__(self, job: Job, arrangement: Arrangement, workers: int | None, progress: Progress | None) -> Written:
        """Writes the page at ``job.path``. Raises ExportError and UnknownFormatError."""
        laid = layout.laid_out(self.found, job.timeline, arrangement.clips, job.rate)
        audio, format = _audio(job, laid.arrangement, workers, progress)
        data = table.table(self.found, laid, self.origin, self.growing)
        size = 0
        with writing(job.path) as file:
            for piece in page.page(data, audio, format, self.around):
                size += file.write(piece)
        return Written(
            (job.path,),
            size,
            seconds=table.usual_seconds(self.found, laid, growth.today(self.growing)),
            left_out=sum(len(passage.dropped) for passage in laid.arrangement.passages),
        )


def job(
    workout: Workout,
    timeline: Timeline,
    path: Path,
    *,
    origin: Origin,
    past: Past,
    voice: VoiceWish,
    format: str | None = None,  # noqa: A002 (what it is)
    bit_rate: int | None = None,
    around: Around = ALONE,
) -> Job:
    """What makes the page of a workout at ``path``; ``timeline`` tells its title, voice and music.

    Raises ExportError where it has too many branches.
    """
    growing: tuple[Growth, ...] = ()
    found = branches.branches(workout, seed=origin.seed, pasts=[past])
    for growing in growth.reaches(progression.progressions(workout), past):
        found = branches.branches(workout, seed=origin.seed, pasts=growth.variants(growing, past))
        if _sounding(branches.timeline(found, timeline)) <= MOST_SOUNDING:
            break
    return Job(
        timeline=branches.timeline(found, timeline),
        path=path,
        format=format,
        voice=voice,
        bit_rate=bit_rate,
        writes=Wish(found=found, origin=origin, growing=growing, around=around),
    )


def _sounding(timeline: Timeline) -> float:
    """About how many seconds of a timeline something sounds."""
    lengths = Estimate(speed=pipeline.speed(timeline), cache=pipeline.cache())
    return sum(lengths.frames(what) for what in pipeline.contents(timeline)) / lengths.rate


def _audio(job: Job, arrangement: Arrangement, workers: int | None, progress: Progress | None) -> tuple[bytes, str]:
    """The one audio file of the page, and its format."""
    format = format_for(job.path, job.format or FORMAT)
    bit_rate = job.bit_rate
    if bit_rate is None and format.name == FORMAT and arrangement.bed is None:
        bit_rate = SPEECH_RATE
    encoding = format.encoding(arrangement.rate, arrangement.channels, "constant", bit_rate)
    with tempfile.TemporaryDirectory(prefix="voicecoach-page-") as folder:
        track = Track(Path(folder) / f"page{format.suffix}", 0, arrangement.frames, Tags(title=arrangement.title))
        export_tracks(arrangement, [track], encoding, jobs=workers, cache=pipeline.cache(), progress=progress)
        return track.path.read_bytes(), format.name
