"""What a script says to no effect: keys that change nothing, and names in texts that are filled with nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from voicecoach import units
from voicecoach.errors import counted
from voicecoach.script.codes import Code
from voicecoach.script.model import (
    Ask,
    Block,
    CueLine,
    Hold,
    Ready,
    Reminder,
    Reps,
    Rest,
    Script,
    Step,
    Timed,
    Use,
    Workout,
)
from voicecoach.script.problems import Path
from voicecoach.script.texts import Text, of_lines, of_step
from voicecoach.script.values import names_in

Finding = tuple[Path, str, Code]
"""What has no effect, by the path to it, and the code under which it is told."""

_FLAGS = ("true", "false", "yes", "no", "on", "off")


def findings(workout: Workout, *, outermost: bool = True) -> Iterator[Finding]:
    """Everything in a script, not in those it uses, that has no effect.

    A path ends in ``(…, "at", 2)`` for the third line of ``at``. ``outermost`` where no other script goes on behind it.
    """
    after, sided = _followed(workout, outermost), _sided(workout, outermost)
    named = {
        use[1:].strip() for block in workout.block for step in block.steps for use in _uses(step) if use[:1] == "#"
    }
    planned = {use[1:].strip() for week in workout.plan for use in week.days if use[:1] == "#"}
    named |= planned
    pools = {name: _filled(of_lines(("cues", name), lines)) for name, lines in workout.cues.items()}
    for number, block in enumerate(workout.block):
        path: Path = ("block", number)
        if "switch" in block.model_fields_set and block.sides is False:
            yield (*path, "switch"), '"switch" has no effect without "sides"', Code.NO_EFFECT
        if block.aside and (block.name or "").strip() not in named:
            if workout.plan:
                yield path, "the block is never heard: no day of the plan names it", Code.NEVER_HAPPENS
            else:
                why = 'the block is never heard: it stands aside, and no "use" names it'
                yield (*path, "aside"), why, Code.NEVER_HAPPENS
        if block.rest is not None and block.repeat == 1:
            yield (
                (*path, "rest"),
                '"rest" lies between rounds, and the block has only one ("repeat" is 1)',
                Code.NO_EFFECT,
            )
        for index, step in enumerate(block.steps):
            place = (*path, "steps", index)
            if step.rounds is not None and not step.rounds.count(block.repeat):
                yield (
                    (*place, "rounds"),
                    f"the step never happens: the block has {counted(block.repeat, 'round')}",
                    Code.NEVER_HAPPENS,
                )
                continue
            if isinstance(step, Timed):
                yield from _step(place, step, block.sides is not False, workout)
                if step.cues is not None and (step.quiet or block.quiet):
                    where = "step" if step.quiet else "block"
                    yield (*place, "cues"), f'"cues" has no effect: the {where} is quiet', Code.NO_EFFECT
            shared = pools[step.cues] if isinstance(step, Timed) and isinstance(step.cues, str) else []
            filled = (*_filled(of_step(place, step)), *shared)
            empty = _empty(step, block, after[number, index], sided=number in sided) if filled else {}
            for inner, text in filled:
                also = {"elapsed": "the clock has not started"} if inner[-1] == "intro" else {}
                yield from _names(inner, text, empty | also)
    yield from _announce(workout)
    for number, reminder in enumerate(workout.reminder):
        yield from _reminder(("reminder", number), reminder, workout, pools, sided)
    yield from _unused(workout)
    yield from _recordings(workout)


def _step(path: Path, step: Timed, sided: bool, script: Script) -> Iterator[Finding]:
    """Keys of a step under a clock that change nothing; ``sided`` where its block is done for each side."""
    written = step.model_fields_set
    each = step.each_round()
    up = [isinstance(one, Hold) and one.hold == "max" for one in each]
    counts_up = all(up)
    if "switch" in written and step.sides is False and not sided:
        yield (*path, "switch"), '"switch" has no effect without "sides"', Code.NO_EFFECT
    if isinstance(step, Hold) and "cap" in written and not any(up):
        yield (*path, "cap"), '"cap" has no effect: it ends a hold = "max" only', Code.NO_EFFECT
    if step.cues is None:
        for key in ("every", "first", "order"):
            if key in written:
                yield (*path, key), f'"{key}" has no effect without "cues"', Code.NO_EFFECT
    if step.halfway is not None:
        yield from _flag((*path, "halfway"), step.halfway)
        if counts_up:
            yield (*path, "halfway"), '"halfway" has no effect: a hold = "max" has no middle', Code.NO_EFFECT
        elif step.halfway is not False and any(place.share == 0.5 for place in step.at):
            yield (*path, "halfway"), '"halfway" has no effect: "at" has a line at half', Code.NO_EFFECT
    if step.countdown:
        if counts_up or isinstance(step, Reps):
            why = "repetitions are counted themselves" if isinstance(step, Reps) else 'a hold = "max" counts up'
            yield (*path, "countdown"), f'"countdown" has no effect: {why}', Code.NO_EFFECT
        elif (seconds := _seconds(step, script)) is not None and step.countdown > _fitting(seconds):
            long = units.format_duration(seconds)
            fits = f"only {_fitting(seconds)} of {step.countdown} seconds"
            yield (
                (*path, "countdown"),
                f"a step of {long} has room for less: {fits} are counted",
                Code.COUNTDOWN_TOO_LONG,
            )


def _seconds(step: Timed, script: Script) -> float | None:
    """Seconds of a step that is counted down; those of its shortest round."""
    starts = {name: progression.start for name, progression in script.progression.items()}
    down = [
        one for one in step.each_round() if not (isinstance(one, Reps) or (isinstance(one, Hold) and one.hold == "max"))
    ]
    return min((one.seconds(starts) for one in down), default=None)


def _fitting(seconds: float) -> int:
    """How many seconds can be counted before an end, the first after the start."""
    return max(0, math.ceil(seconds) - 1)


def _announce(script: Script) -> Iterator[Finding]:
    announce = script.announce
    for key in ("halfway", "session_halfway", "complete"):
        yield from _flag(("announce", key), getattr(announce, key))
    steps = [step for block in script.block for step in block.steps if isinstance(step, Timed)]
    if isinstance(announce.halfway, str):
        empty = dict.fromkeys(("rep", "reps"), "repetitions have no middle")
        if not any(step.sides for step in steps) and not any(block.sides for block in script.block):
            empty["side"] = "no step has sides"
        yield from _names(("announce", "halfway"), announce.halfway, empty)
    if isinstance(announce.complete, str):
        for name in names_in(announce.complete):
            yield ("announce", "complete"), f"{{{name}}} is not filled in here: no step is left", Code.EMPTY_NAME
    if "countdown" in announce.model_fields_set:
        lengths = [
            seconds
            for step in steps
            if step.countdown is None and not isinstance(step, Rest) and (seconds := _seconds(step, script)) is not None
        ]
        if lengths and announce.countdown > (most := _fitting(min(lengths))):
            shortest = units.format_duration(min(lengths))
            fits = f"only {most} of {announce.countdown} seconds are counted there"
            yield ("announce", "countdown"), f"a step of {shortest} has room for less: {fits}", Code.COUNTDOWN_TOO_LONG


def _flag(path: Path, value: bool | str) -> Iterator[Finding]:
    if isinstance(value, str) and (word := value.strip(" .").lower()) in _FLAGS:
        flag = "true" if word in ("true", "yes", "on") else "false"
        yield path, f'"{value}" is a text, and will be spoken (write {flag}, without quotes)', Code.FLAG_AS_TEXT


def _reminder(
    path: Path, reminder: Reminder, workout: Workout, pools: Mapping[str, list[Text]], sided: set[int]
) -> Iterator[Finding]:
    if reminder.max_every is not None and reminder.fade == 1:
        yield (
            (*path, "max_every"),
            '"max_every" has no effect: without "fade" the spacing stays as it is',
            Code.NO_EFFECT,
        )
    elif reminder.max_every is not None and reminder.max_every <= reminder.every:
        yield (*path, "fade"), '"fade" has no effect: "max_every" is no longer than "every"', Code.NO_EFFECT
    if reminder.jitter >= reminder.every:
        yield (
            (*path, "jitter"),
            '"jitter" is as long as "every": reminders can come one right after the other',
            Code.JITTER_TOO_LONG,
        )
    happening = names(workout)
    for index, name in enumerate(reminder.during or ()):
        if name not in happening:
            yield (*path, "during", index), f'no step called "{name}" ever happens', Code.NEVER_HAPPENS
    blocks = enumerate(workout.block)
    steps = [(step, number) for number, block in blocks for step in block.steps if belongs(reminder, step)]
    if steps and not workout.included:
        # what is filled in somewhere is left alone: a reminder wanders
        empty = [_empty(step, workout.block[number], followed=True, sided=number in sided) for step, number in steps]
        never = {name: why for name, why in empty[0].items() if all(name in other for other in empty)}
        cues = reminder.cues
        for inner, text in pools[cues] if isinstance(cues, str) else _filled(of_lines((*path, "cues"), cues)):
            yield from _names(inner, text, never)


def belongs(reminder: Reminder, step: Step) -> bool:
    """Whether a reminder may come in a step."""
    if reminder.during is None:
        return isinstance(step, Timed) and not isinstance(step, Rest)
    return isinstance(step, Timed) and (step.kind in reminder.during or step.name in reminder.during)


def names(workout: Workout) -> set[str]:
    """The kinds and names of the steps under a clock that can happen in a script and in those it uses."""
    timed = [step for step in steps(workout) if isinstance(step, Timed)]
    return {step.kind for step in timed} | {step.name or step.kind for step in timed}


def steps(workout: Workout) -> Iterator[Step]:
    """The steps that can happen in a script and in those it uses, each once."""
    scripts = {id(workout): workout}
    waiting = [workout]
    for script in waiting:
        for block in script.block:
            for step in block.steps:
                if step.rounds is None or step.rounds.count(block.repeat):
                    yield step
                    used = [script.included[use] for use in _uses(step) if not use.startswith("#")]
                    waiting += [other for other in used if id(other) not in scripts]
                    scripts |= {id(other): other for other in used}


def _uses(step: Step) -> list[str]:
    return list(step.uses)


def _unused(script: Script) -> Iterator[Finding]:
    """Pools and progressions that nothing names, and weights where chance does not choose."""
    steps = [step for block in script.block for step in block.steps]
    orders: dict[str, set[str]] = {pool: set() for pool in script.cues}
    users: list[tuple[Path, object, str]] = [
        (("reminder", index, "cues"), reminder.cues, reminder.order) for index, reminder in enumerate(script.reminder)
    ]
    for number, block in enumerate(script.block):
        for index, step in enumerate(block.steps):
            if isinstance(step, Timed) and step.cues is not None:
                users.append((("block", number, "steps", index, "cues"), step.cues, step.order))
    for path, cues, order in users:
        if isinstance(cues, str):
            orders[cues].add(order)
        elif isinstance(cues, tuple):
            yield from _weights(path, cues, {order})
    for pool, lines in script.cues.items():
        if not orders[pool]:
            yield ("cues", pool), f'no step or reminder has cues = "{pool}"', Code.UNUSED
        else:
            yield from _weights(("cues", pool), lines, orders[pool])
    held = {one.progression for step in steps if isinstance(step, Hold) for one in step.each_round()}
    for name in script.progression:
        if name not in held:
            yield ("progression", name), f'no step has hold = "progression:{name}"', Code.UNUSED


def _recordings(script: Script) -> Iterator[Finding]:
    """Recordings that are to be said otherwise than they are."""
    rows: list[tuple[Path, tuple[CueLine, ...]]] = [(("cues", name), lines) for name, lines in script.cues.items()]
    rows += [
        (("reminder", at, "cues"), one.cues) for at, one in enumerate(script.reminder) if isinstance(one.cues, tuple)
    ]
    for number, block in enumerate(script.block):
        for index, step in enumerate(block.steps):
            if isinstance(step, Timed):
                path: Path = ("block", number, "steps", index)
                rows.append(((*path, "at"), tuple(step.at.values())))
                rows += [((*path, "cues"), step.cues)] if isinstance(step.cues, tuple) else []
    for path, lines in rows:
        for index, line in enumerate(lines):
            for key in ("rate", "emphasis") if line.audio is not None else ():
                if key in line.model_fields_set:
                    why = f'"{key}" has no effect on a recording: it is heard as it is'
                    yield (*path, index, key), why, Code.NO_EFFECT


def _weights(path: Path, lines: tuple[CueLine, ...], orders: set[str]) -> Iterator[Finding]:
    if "random" in orders:
        return
    for index, line in enumerate(lines):
        if "weight" in line.model_fields_set:
            yield (*path, index, "weight"), '"weight" counts only with order = "random"', Code.NO_EFFECT


def _filled(lines: Iterable[Text]) -> list[Text]:
    """Those in which something is filled in."""
    return [(path, text) for path, text in lines if "{" in text]


def _names(path: Path, text: str, empty: dict[str, str]) -> Iterator[Finding]:
    for name in names_in(text):
        if name in empty:
            yield path, f"{{{name}}} stands for nothing here: {empty[name]}", Code.EMPTY_NAME


def _empty(step: Step, block: Block, followed: bool, *, sided: bool) -> dict[str, str]:
    """The names that stand for nothing in a step's texts, each with the reason; ``sided`` where its block may be done
    for a side."""
    empty: dict[str, str] = {}
    if not isinstance(step, Reps):
        empty |= dict.fromkeys(("rep", "reps"), "the step has no repetitions")
    if not (sided or (isinstance(step, Timed) and step.sides)):
        empty["side"] = "the step has no sides"
    if isinstance(step, Timed) and not (isinstance(step, Hold) and any(one.progression for one in step.each_round())):
        empty["best"] = 'no history knows how long it was held: only a hold = "progression:NAME" grows'
    if not block.name:
        empty["block"] = "the block has no name"
    if not followed:
        empty["next"] = "no step under a clock follows"
    if not isinstance(step, Timed):
        empty |= dict.fromkeys(("elapsed", "remaining"), "no clock runs in the step")
        if not followed:
            names = ("name",) if isinstance(step, Ready) else ("name", "duration", "target", "best")
            empty |= dict.fromkeys(names, "no step under a clock follows")
    return empty


def _sided(script: Script, outermost: bool) -> set[int]:
    """The blocks that may be done for a side: their own, or one that they are brought by."""
    if not outermost:  # by the script that uses it
        return set(range(len(script.block)))
    by_name = {(block.name or "").strip(): number for number, block in enumerate(script.block)}
    found = [number for number, block in enumerate(script.block) if block.sides is not False]
    for number in found:
        for step in script.block[number].steps:
            brought = step.answers if isinstance(step, Ask) else (step,) if isinstance(step, Use) else ()
            for use in (each.use for each in brought if each.use):
                called = by_name.get(use[1:].strip()) if use.startswith("#") else None
                if called is not None and called not in found:
                    found.append(called)
    return set(found)


def _followed(script: Script, outermost: bool) -> dict[tuple[int, int], bool]:
    """For each step, by block and number, whether an effort may follow on it."""
    found: dict[tuple[int, int], bool] = {}
    called = {use[1:].strip() for block in script.block for step in block.steps for use in _uses(step)}
    later = not outermost
    for number in range(len(script.block) - 1, -1, -1):
        block = script.block[number]
        again = (block.repeat > 1 or block.sides is not False) and any(map(_effort, block.steps))
        follows = later or again or (block.name or "").strip() in called
        for index in range(len(block.steps) - 1, -1, -1):
            found[number, index] = follows or (isinstance(block.steps[index], Ask) and _effort(block.steps[index]))
            follows = follows or _effort(block.steps[index])
        later = later or follows
    return found


def _effort(step: Step) -> bool:
    """Whether a step is one that others can name as the next, or may bring some."""
    return bool(_uses(step)) or (isinstance(step, Timed) and not isinstance(step, Rest))
