"""A workout becomes a timeline: pure, without voice, audio or clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random

from voicecoach import wording
from voicecoach.script.model import Rest, Timed, Workout
from voicecoach.timeline import placeholders, pools, reminders
from voicecoach.timeline.expand import Around, Happening, Scope, happenings
from voicecoach.timeline.model import Cue, MusicBed, Role, Segment, Timeline, VoiceWish
from voicecoach.timeline.segment import StepCompiler

__all__ = ["compile"]


def compile(
    workout: Workout, *, seed: int = 0, targets: Mapping[str, float] | None = None, finished: int = 0
) -> Timeline:
    """Every cue of a session, at seconds.

    ``targets`` are today's lengths, in seconds, of the workout's progressions by name; one that is missing stands at
    its start. ``finished`` counts the sessions of this workout done so far; reminders fade with it. The same
    workout, seed, targets and count give the same timeline.
    """
    source = f"{workout.digest}:{seed}"
    steps = list(happenings(workout))
    compiler = StepCompiler(f"{source}:pools", targets or {})
    upcoming = _upcoming(steps)
    segments = [
        compiler.segment(index, step, Around(before, following, after))
        for index, (before, step, following, after) in enumerate(
            zip([None, *steps], steps, [*steps[1:], None], upcoming, strict=False)
        )
    ]
    durations = [segment.duration for segment in segments]
    for number, (scope, reminder, inside) in enumerate(reminders.running(steps, durations)):
        seeded = f"{source}:reminder:{number}"
        _add(segments, reminders.place(reminder, scope, steps, upcoming, inside, seed=seeded, finished=finished))
    _complete(segments, Scope(workout, wording.of(workout.language)))
    return Timeline(
        title=workout.title,
        summary=workout.summary,
        language=workout.language,
        seed=seed,
        segments=tuple(segments),
        voice=VoiceWish(**dict(workout.voice)),
        music=_music(workout, source),
    )


def _upcoming(steps: list[Happening]) -> list[Happening | None]:
    """For each step the next one under a clock that is no rest."""
    upcoming: list[Happening | None] = []
    after: Happening | None = None
    for step in reversed(steps):
        upcoming.append(after)
        if isinstance(step.step, Timed) and not isinstance(step.step, Rest):
            after = step
    return upcoming[::-1]


def _add(segments: list[Segment], placed: Iterable[tuple[int, Cue]]) -> None:
    by_segment: dict[int, list[Cue]] = {}
    for index, cue in placed:
        by_segment.setdefault(index, []).append(cue)
    for index, cues in by_segment.items():
        merged = sorted([*segments[index].cues, *cues], key=lambda cue: cue.at)
        segments[index] = replace(segments[index], cues=tuple(merged))


def _complete(segments: list[Segment], scope: Scope) -> None:
    """The last words, after the end of the last step."""
    announce = scope.workout.announce
    if not segments or not announce.complete or announce.style not in ("voice", "both"):
        return
    text = announce.complete if isinstance(announce.complete, str) else scope.phrases.complete
    last = segments[-1]
    cue = Cue(last.duration or 0.0, placeholders.plain(text, scope.phrases.language), Role.ANNOUNCE)
    segments[-1] = replace(last, cues=(*last.cues, cue))


def _music(workout: Workout, source: str) -> MusicBed | None:
    music, files = workout.music, workout.music_files
    if music is None:
        return None
    if music.order != "cycle":
        turn = pools.shuffled(list(range(len(files))), Random(f"{source}:music"))
        files = tuple(files[index] for index in turn)
    return MusicBed(files=files, gain=music.gain, duck=music.duck, fade=music.fade)
