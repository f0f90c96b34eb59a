"""A workout becomes a timeline: pure, without voice, audio or clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from random import Random

from voicecoach import wording
from voicecoach.errors import Problem, ScriptError
from voicecoach.script.model import Say, Timed, Workout
from voicecoach.script.plan import Day
from voicecoach.timeline import pools, reminders
from voicecoach.timeline.expand import Around, Happening, Scope, around, happenings
from voicecoach.timeline.model import (
    Cue,
    Done,
    Ends,
    Line,
    MusicBed,
    Pronunciation,
    RecordedLine,
    Role,
    Segment,
    Timeline,
    VoiceWish,
)
from voicecoach.timeline.placeholders import Writer, without_best
from voicecoach.timeline.segment import StepCompiler
from voicecoach.timeline.stated import plain

SESSION_HALF_SLACK = 20.0
"""Seconds by which half of the session may be told late: its length is not known so exactly."""
LETTERS_A_SECOND = 15.0
"""How fast people speak."""


def compile(
    workout: Workout,
    *,
    seed: int = 0,
    targets: Mapping[str, float] | None = None,
    bests: Mapping[str, float] | None = None,
    finished: int = 0,
    path: Sequence[Done] = (),
    live: bool = False,
    day: Day | None = None,
) -> Timeline:
    """Every cue of a session, at seconds.

    ``targets`` are today's lengths, in seconds, of the progressions of the workout and of those it uses, by their keys;
    one that is missing stands at its start. ``bests`` are the longest holds of them so far. ``finished`` counts the
    sessions of this workout done so far; reminders fade with it. ``path`` is what became of the first segments of a
    session that has begun: they last as long as they did, and answers given bring their steps. A longer path changes
    nothing of the segments that a shorter one holds. In a ``live`` session steps of open length last until the person
    ends them, and behind a path that leads to its end comes a last segment with the last words. Where it is done on a
    ``day`` of a plan it is called so, and says so first. The same arguments give the same timeline. Raises ScriptError
    for a plan, which is no session itself.
    """
    if workout.plan and not workout.alone:
        name = workout.title if workout.source is None else workout.source.name
        raise ScriptError((Problem(name, 0, 0, "plan", "it is a plan, not a session (name one of its days)"),))
    source = f"{workout.digest}:{seed}"
    targets, bests = targets or {}, bests or {}
    steps = _steps(workout, path, bests, day)
    surroundings = around(steps)
    planned = [_expected(step, targets) for step in steps]
    writers = _writers(steps, surroundings, planned, targets, bests)
    compiler = StepCompiler(f"{source}:pools", targets, bests, live=live)
    segments = [
        compiler.segment(index, step, nearby, writer, path[index] if index < len(path) else None)
        for index, (step, nearby, writer) in enumerate(zip(steps, surroundings, writers, strict=True))
    ]
    durations = [
        segment.waits if segment.waits is not None and index >= len(path) else segment.duration
        for index, segment in enumerate(segments)
    ]
    heard: dict[tuple[tuple[str, ...], int], bool] = {}
    for scope, number, inside in reminders.running(steps, durations):
        seeded = f"{source}:{':'.join((*scope.uses, 'reminder'))}:{number}"
        reminder, shift = scope.workout.reminder[number], reminders.spread(scope.workout.reminder)[number]
        placed = reminders.place(reminder, scope, steps, writers, inside, seed=seeded, finished=finished, shift=shift)
        cues = list(reminders.apart(list(placed), segments, scope.workout.announce.gap))
        heard[scope.uses, number] = heard.get((scope.uses, number), False) or bool(cues)
        _add(segments, cues)
    if steps:
        *_, outermost = steps[0].scope.chain()
        _session_halfway(segments, steps, planned, durations, outermost)
        _complete(segments, surroundings, outermost, over=live and len(path) >= len(steps))
    return Timeline(
        title=workout.title if day is None else _title(day, workout.language),
        summary=workout.summary,
        language=workout.language,
        seed=seed,
        segments=tuple(segments),
        voice=VoiceWish(**workout.voice.model_dump(exclude={"recordings"})),
        music=_music(workout, source),
        unheard=tuple(reminder for reminder, comes in heard.items() if not comes),
        pronounce=tuple(_pronunciations(workout)),
        recorded=tuple(_recorded(workout)),
    )


def _title(day: Day, language: str) -> str:
    """What a session of a plan is called: "Couch to 5K, week 3, day 2"."""
    return f"{day.title}, {wording.of(language).plan_day_written(day.week, day.day)}"


def _steps(workout: Workout, path: Sequence[Done], bests: Mapping[str, float], day: Day | None) -> list[Happening]:
    """The steps as they happen, but for each ``say`` of which nothing is left as long as there is no best.

    The path has no place for those, so its answers are found only once the steps before them are known.
    """
    silent: list[int] = []
    while True:
        stretched = [*path]
        for index in silent:
            if index < len(stretched):
                stretched.insert(index, Done(0.0))
        steps = happenings(workout, stretched, day)
        found: list[int] = []
        if any(isinstance(step.step, Say) for step in steps):
            nearby = zip(steps, around(steps), strict=True)
            found = [index for index, step in enumerate(nearby) if _silent(*step, bests)]
        if found == silent:
            break
        silent = found
    kept: list[Happening] = []
    places: dict[int, int] = {}
    for index, happening in enumerate(steps):
        if index not in silent:
            places[index] = len(kept)
            kept.append(replace(happening, asked=places.get(happening.asked, -1)) if silent else happening)
    return kept


def _silent(happening: Happening, nearby: Around, bests: Mapping[str, float]) -> bool:
    """Whether all that a ``say`` says names a best that there is not."""
    if not isinstance(happening.step, Say) or without_best(happening.step.say):
        return False
    return (nearby.upcoming or happening).best(bests) is None


def _pronunciations(workout: Workout) -> Iterator[Pronunciation]:
    """The script's own before those of the scripts it uses, each for texts in its script's language."""
    yield from (Pronunciation(written, said, workout.language) for written, said in workout.pronounce.items())
    for included in workout.included.values():
        yield from _pronunciations(included)


def _recorded(workout: Workout) -> Iterator[RecordedLine]:
    """The script's own before those of the scripts it uses."""
    yield from (RecordedLine(Line(text, language), file) for text, language, file in workout.recorded)
    for included in workout.included.values():
        yield from _recorded(included)


def _writers(
    steps: Sequence[Happening],
    surroundings: Sequence[Around],
    planned: Sequence[float],
    targets: Mapping[str, float],
    bests: Mapping[str, float],
) -> list[Writer]:
    """Who writes the lines of each step. A step without a clock speaks of the one that it leads to.

    ``planned`` are about how many seconds each takes.
    """
    numbers = list(accumulate(step.effort for step in steps))
    after = [*accumulate(reversed(planned), initial=0.0)][-2::-1]
    writers = []
    for index, (step, nearby) in enumerate(zip(steps, surroundings, strict=True)):
        about = step if isinstance(step.step, Timed) else nearby.upcoming or step
        leads = not step.effort and nearby.upcoming is not None
        writers.append(
            Writer(
                step,
                about,
                about.duration(targets) or 0.0,
                nearby.upcoming,
                best=about.best(bests),
                number=numbers[index] + leads,
                steps=numbers[-1],
                after=after[index],
            )
        )
    return writers


def _expected(step: Happening, targets: Mapping[str, float]) -> float:
    """About how many seconds a step takes; speech by the number of its letters."""
    duration = step.duration(targets)
    if duration is not None:
        return duration
    said = getattr(step.step, step.step.kind, "")
    return (len(said) if isinstance(said, str) else 0) / LETTERS_A_SECOND + getattr(step.step, "pause", 0.0)


def _add(segments: list[Segment], placed: Iterable[tuple[int, Cue]]) -> None:
    by_segment: dict[int, list[Cue]] = {}
    for index, cue in placed:
        by_segment.setdefault(index, []).append(cue)
    for index, cues in by_segment.items():
        merged = sorted([*segments[index].cues, *cues], key=lambda cue: cue.at)
        segments[index] = replace(segments[index], cues=tuple(merged))


def _session_halfway(
    segments: list[Segment],
    steps: Sequence[Happening],
    planned: Sequence[float],
    durations: Sequence[float | None],
    scope: Scope,
) -> None:
    """Half of the session, told in the step in which it falls as far as was known when that began."""
    wished = scope.workout.announce.session_halfway
    own = isinstance(wished, str) and scope.workout.announce.style in ("voice", "both")
    if not wished or not (own or scope.spoken):
        return
    text = wished if isinstance(wished, str) else scope.phrases.session_halfway
    elapsed, left = 0.0, sum(planned)
    for index, (plan, duration) in enumerate(zip(planned, durations, strict=True)):
        at = max(0.0, (elapsed + left) / 2 - elapsed)
        lasts = plan if duration is None else duration
        if isinstance(steps[index].step, Timed) and at < min(plan, lasts):
            cue = Cue(
                at,
                plain(text, scope.workout.language if own else scope.phrases.language),
                Role.ANNOUNCE,
                SESSION_HALF_SLACK,
            )
            _add(segments, [(index, cue)])
            return
        elapsed += lasts
        left -= plan


def _complete(segments: list[Segment], surroundings: Sequence[Around], scope: Scope, *, over: bool) -> None:
    """The last words, after the end of the last step: also of a question that is the last as long as nobody answers.

    Where that is ``over`` already they come in a segment of their own.
    """
    announce = scope.workout.announce
    own = isinstance(announce.complete, str) and announce.style in ("voice", "both")
    if not announce.complete or not (own or scope.spoken):
        return
    text = announce.complete if isinstance(announce.complete, str) else scope.phrases.complete
    words = plain(text, scope.workout.language if own else scope.phrases.language)
    if over:
        said = (Cue(0.0, words, Role.SAY),)
        index = len(segments)
        segments.append(
            Segment(index=index, kind="say", name="", block="", rounds=1, duration=None, ends=Ends.SPEECH, cues=said)
        )
        return
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
