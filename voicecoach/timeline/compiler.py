"""A workout becomes a timeline: pure, without voice, audio or clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random

from voicecoach.script.model import Workout
from voicecoach.timeline import placeholders, pools, reminders
from voicecoach.timeline.expand import Around, Scope, around, happenings
from voicecoach.timeline.model import Cue, Done, MusicBed, Role, Segment, Timeline, VoiceWish
from voicecoach.timeline.segment import StepCompiler


def compile(
    workout: Workout,
    *,
    seed: int = 0,
    targets: Mapping[str, float] | None = None,
    finished: int = 0,
    path: Sequence[Done] = (),
) -> Timeline:
    """Every cue of a session, at seconds.

    ``targets`` are today's lengths, in seconds, of the workout's progressions by name; one that is missing stands at
    its start. ``finished`` counts the sessions of this workout done so far; reminders fade with it. ``path`` is what
    became of the first segments of a session that has begun: they last as long as they did, and answers given bring
    their steps. A longer path changes nothing of the segments that a shorter one holds. The same arguments give the
    same timeline.
    """
    source = f"{workout.digest}:{seed}"
    steps = happenings(workout, path)
    surroundings = around(steps)
    compiler = StepCompiler(f"{source}:pools", targets or {})
    segments = [
        compiler.segment(index, step, nearby, path[index].seconds if index < len(path) else None)
        for index, (step, nearby) in enumerate(zip(steps, surroundings, strict=True))
    ]
    durations = [segment.duration for segment in segments]
    heard: dict[tuple[tuple[str, ...], int], bool] = {}
    for scope, number, inside in reminders.running(steps, durations):
        seeded = f"{source}:{':'.join((*scope.uses, 'reminder'))}:{number}"
        reminder = scope.workout.reminder[number]
        cues = list(reminders.place(reminder, scope, steps, surroundings, inside, seed=seeded, finished=finished))
        heard[scope.uses, number] = heard.get((scope.uses, number), False) or bool(cues)
        _add(segments, cues)
    _complete(segments, surroundings, steps[0].scope if steps else None)
    return Timeline(
        title=workout.title,
        summary=workout.summary,
        language=workout.language,
        seed=seed,
        segments=tuple(segments),
        voice=VoiceWish(**dict(workout.voice)),
        music=_music(workout, source),
        unheard=tuple(reminder for reminder, comes in heard.items() if not comes),
    )


def _add(segments: list[Segment], placed: Iterable[tuple[int, Cue]]) -> None:
    by_segment: dict[int, list[Cue]] = {}
    for index, cue in placed:
        by_segment.setdefault(index, []).append(cue)
    for index, cues in by_segment.items():
        merged = sorted([*segments[index].cues, *cues], key=lambda cue: cue.at)
        segments[index] = replace(segments[index], cues=tuple(merged))


def _complete(segments: list[Segment], surroundings: Sequence[Around], scope: Scope | None) -> None:
    """The last words, after the end of the last step: also of a question that is the last as long as nobody answers."""
    if scope is None:
        return
    *_, scope = scope.chain()
    announce = scope.workout.announce
    if not announce.complete or announce.style not in ("voice", "both"):
        return
    text = announce.complete if isinstance(announce.complete, str) else scope.phrases.complete
    words = placeholders.plain(text, scope.phrases.language)
    for index, nearby in enumerate(surroundings):
        if nearby.following is None:
            last = segments[index]
            cue = Cue(last.duration or 0.0, words, Role.ANNOUNCE)
            segments[index] = replace(last, cues=(*last.cues, cue))


def _music(workout: Workout, source: str) -> MusicBed | None:
    music, files = workout.music, workout.music_files
    if music is None:
        return None
    if music.order != "cycle":
        turn = pools.shuffled(list(range(len(files))), Random(f"{source}:music"))
        files = tuple(files[index] for index in turn)
    return MusicBed(files=files, gain=music.gain, duck=music.duck, fade=music.fade)
