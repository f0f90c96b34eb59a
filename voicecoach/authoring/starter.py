"""A script to begin with: it plays as it is, and its comments say what to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from voicecoach.authoring import layout, words

MOST_MINUTES = 720
"""Longest starter."""
_SHORT = 20
_ABOUT = """\
Change what you like, and look at it: "voicecoach check" tells what is wrong, "voicecoach compile" what is heard when.
A step is one of: say, hold, work, run, walk, reps, rest, ready, ask, play, use."""


def starter(kind: str, title: str, minutes: int, cues: Sequence[str] = (), language: str = "en") -> str:
    """A script of a kind (see KINDS) of about so many minutes, with a coach's ``cues`` or some of that kind."""
    own = words.of(language)
    make, pool = KINDS[kind]
    lines = list(cues) or own["cues"][pool]
    told = "What the coach says in between; write your own." if lines else ""
    return "\n".join(
        [
            layout.head(title, language, about=_ABOUT),
            f"{layout.comment(told)}\n[cues]\n{layout.pool('form', lines)}",
            make(minutes, own["names"]),
        ]
    )


def _hold(minutes: int, names: Mapping[str, str]) -> str:
    steps: list[dict[str, Any]] = [
        {"hold": "40s", "name": names["hold"], "cues": "form", "first": "6s", "every": "18s"}
    ]
    return f"# The rest lies between the rounds.\n{_rounds(steps, minutes, '20s')}"


def _intervals(minutes: int, names: Mapping[str, str]) -> str:
    around = minutes // 5
    rounds = max(1, (minutes - 2 * around) // 2)
    steps = [
        {"run": "1min", "name": names["brisk"], "cues": "form", "first": "12s", "every": "27s"},
        {"walk": "1min", "name": names["easy"]},
    ]
    about = "# As many rounds as you like; add cadence = 170 to a run for a metronome.\n"
    return _framed(f"{about}{layout.block(steps, repeat=rounds)}", around, names)


def _run(minutes: int, names: Mapping[str, str]) -> str:
    around = minutes // 10
    steps = [{"run": _minutes(minutes - 2 * around), "name": names["run"]}]
    return _framed(f"{layout.block(steps)}", around, names) + _reminder("run", minutes)


def _walk(minutes: int, names: Mapping[str, str]) -> str:
    return layout.block([{"walk": _minutes(minutes)}]) + _reminder("walk", minutes)


def _strength(minutes: int, names: Mapping[str, str]) -> str:
    steps: list[dict[str, Any]] = [
        {"reps": 8, "tempo": "3-1-2", "name": names["squat"], "halfway": False},
        {"rest": "30s", "cues": "form", "first": "9s", "every": "9s"},
        {"reps": 8, "each": "3s", "name": names["push"], "halfway": False},
    ]
    about = "# Tempo is seconds down, held, and up. For each side write sides = true into a step.\n"
    return f"{about}{_rounds(steps, round(minutes / 2.2), '30s')}"


def _stretch(minutes: int, names: Mapping[str, str]) -> str:
    still = {"sides": True, "cues": "form", "every": "12s"}
    steps = [
        {"hold": "30s", "name": names["stretch"], **still},
        {"hold": "30s", "name": names["calf"], **still},
    ]
    return f"# Each is held for both sides.\n{_rounds(steps, round(minutes / 2.5), '15s')}"


def _framed(main: str, around: int, names: Mapping[str, str]) -> str:
    """A block with so many minutes of walking before and after it."""
    if not around:
        return main
    before = layout.block([{"walk": _minutes(around)}], name=names["warm"])
    after = layout.block([{"walk": _minutes(around)}], name=names["end"])
    return f"{before}\n{main}\n{after}"


def _rounds(steps: Sequence[Mapping[str, Any]], number: int, rest: str) -> str:
    """A block of so many rounds, but one at least, with a rest between them."""
    return layout.block(steps, repeat=max(1, number), rest=rest if number > 1 else None)


def _reminder(kind: str, minutes: int) -> str:
    """Lines that come back, at seconds where half time is not told."""
    every = "2min" if minutes <= _SHORT else "3min"
    table = f'[[reminder]]\ncues   = "form"\nfirst  = "45s"\nevery  = "{every}"\nduring = ["{kind}"]\n'
    return f"\n# A line now and then, as long as it lasts.\n{table}"


def _minutes(number: int) -> str:
    return layout.duration(number * 60)


KINDS: Mapping[str, tuple[Callable[[int, Mapping[str, str]], str], str]] = {
    "hold": (_hold, "hold"),
    "intervals": (_intervals, "move"),
    "run": (_run, "move"),
    "walk": (_walk, "walk"),
    "strength": (_strength, "hold"),
    "stretch": (_stretch, "stretch"),
}
"""What makes a starter of each kind, and the pool of its cues."""
