"""Sessions as files: the JSON that another history takes, and rows for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any, NoReturn, TypeVar

from voicecoach.errors import HistoryFileError, Problem, meant, shown
from voicecoach.store.sessions import PlanDay, SegmentDone, SessionDone, Why, Wish
from voicecoach.units import MAX_SECONDS

VERSION = 1
"""Goes up when a reader of the form before would go wrong."""
LONGEST_TEXT = 5_000
"""Most characters of a text."""
MOST_PROBLEMS = 1_000
"""Most mistakes of a file that are told."""
Value = TypeVar("Value")
_LARGEST = 10**9
"""Largest count."""
_SEED_DIGITS = 1_000
_SESSION = ("script", "title", "digest", "seed", "started", "ended", "finished")
_SEGMENT = tuple(field.name for field in fields(SegmentDone))
_WHYS = tuple(str(why) for why in Why)
_ABOUT = ("number", "script", "title", "started", "ended", "finished")
_ROW = (*_ABOUT, *_SEGMENT, "plan", "day")


def as_json(sessions: Iterable[SessionDone], wishes: Iterable[Wish]) -> str:
    """Sessions, and the targets that were set, as JSON in ASCII."""
    form = {
        "version": VERSION,
        "sessions": [
            {
                "number": session.number,
                **{name: getattr(session, name) for name in _SESSION},
                **({"planned": session.planned._asdict()} if session.planned is not None else {}),
                "segments": [{name: getattr(segment, name) for name in _SEGMENT} for segment in session.segments],
            }
            for session in sessions
        ],
        "targets": [asdict(wish) for wish in wishes],
    }
    return json.dumps(form, indent=1, default=_plain) + "\n"


def as_csv(sessions: Iterable[SessionDone]) -> str:
    """A row for each segment, under headings. A text that a spreadsheet would compute begins with an apostrophe."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_ROW)
    for session in sessions:
        about = [getattr(session, name) for name in _ABOUT]
        planned = () if session.planned is None else (session.planned.plan, session.planned.written)
        for segment in session.segments:
            rows.writerow(map(_cell, (*about, *(getattr(segment, name) for name in _SEGMENT), *(planned or ("", "")))))
    return out.getvalue()


def from_json(text: str | bytes, name: str) -> tuple[tuple[SessionDone, ...], tuple[Wish, ...]]:
    """The sessions and targets of such a JSON. Raises HistoryFileError with every mistake of the file ``name``."""
    reader = _Reader(name)
    data = reader.table("", reader.parsed(text), ("version", "sessions", "targets"), optional=("targets",))
    if data["version"] != VERSION:
        reader.complain("version", f"expected {VERSION}, found {shown(data['version'])}")
        reader.end()
    sessions = tuple(
        _session(reader, f"sessions[{index}]", value)
        for index, value in enumerate(reader.list("sessions", data["sessions"]))
    )
    wishes = tuple(
        _wish(reader, f"targets[{index}]", value)
        for index, value in enumerate(reader.list("targets", data.get("targets", [])))
    )
    reader.end()
    return sessions, wishes


def _session(reader: _Reader, key: str, value: object) -> SessionDone:
    data = reader.table(key, value, (*_SESSION, "planned", "segments"), optional=("number", "planned"))
    place = f"{key}." if key else ""
    session = SessionDone(
        number=0,
        script=reader.text(f"{place}script", data["script"], empty=False),
        title=reader.text(f"{place}title", data["title"]),
        digest=reader.text(f"{place}digest", data["digest"]),
        seed=reader.whole(f"{place}seed", data["seed"], 10**_SEED_DIGITS),
        started=reader.time(f"{place}started", data["started"]),
        ended=reader.maybe(reader.time, f"{place}ended", data["ended"]),
        finished=reader.flag(f"{place}finished", data["finished"]),
        segments=tuple(
            _segment(reader, f"{place}segments[{index}]", each)
            for index, each in enumerate(reader.list(f"{place}segments", data["segments"]))
        ),
        planned=reader.maybe(partial(_planned, reader), f"{place}planned", data["planned"]),
    )
    indices = [segment.index for segment in session.segments]
    if len(set(indices)) < len(indices):
        reader.complain(f"{place}segments", "two of them have the same index")
    return session


def _planned(reader: _Reader, key: str, value: object) -> PlanDay:
    data = reader.table(key, value, PlanDay._fields)
    return PlanDay(
        plan=reader.text(f"{key}.plan", data["plan"], empty=False),
        week=reader.maybe(reader.whole, f"{key}.week", data["week"]),
        day=reader.whole(f"{key}.day", data["day"]),
    )


def _segment(reader: _Reader, key: str, value: object) -> SegmentDone:
    data = reader.table(key, value, _SEGMENT)
    why = reader.text(f"{key}.why", data["why"])
    if why not in _WHYS:
        names = ", ".join(_WHYS)
        reader.complain(f"{key}.why", f"{shown(data['why'])} is none of {names}{_question(why)}")
    return SegmentDone(
        index=reader.whole(f"{key}.index", data["index"]),
        kind=reader.text(f"{key}.kind", data["kind"]),
        name=reader.text(f"{key}.name", data["name"]),
        side=reader.maybe(reader.text, f"{key}.side", data["side"]),
        round=reader.whole(f"{key}.round", data["round"]),
        planned=reader.maybe(reader.seconds, f"{key}.planned", data["planned"]),
        seconds=reader.seconds(f"{key}.seconds", data["seconds"]),
        why=Why(why) if why in _WHYS else Why.CLOCK,
        question=reader.maybe(reader.text, f"{key}.question", data["question"]),
        answer=reader.maybe(reader.text, f"{key}.answer", data["answer"]),
        progression=reader.maybe(reader.text, f"{key}.progression", data["progression"]),
        target=reader.maybe(reader.seconds, f"{key}.target", data["target"]),
    )


def _wish(reader: _Reader, key: str, value: object) -> Wish:
    data = reader.table(key, value, ("progression", "day", "seconds"))
    return Wish(
        progression=reader.text(f"{key}.progression", data["progression"], empty=False),
        day=reader.day(f"{key}.day", data["day"]),
        seconds=reader.seconds(f"{key}.seconds", data["seconds"]),
    )


def _question(word: str) -> str:
    question = meant(word, _WHYS, 1)
    return f" ({question})" if question else ""


class _Reader:
    """Takes values for what they should be; where one is not, notes that and goes on with a stand-in."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []

    def end(self) -> None:
        """Raises HistoryFileError where there was a mistake."""
        if self._problems:
            raise HistoryFileError(tuple(self._problems))

    def complain(self, key: str, message: str, line: int = 0, column: int = 0) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(self._file, line, column, key, message))

    def parsed(self, text: str | bytes) -> object:
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            self.complain("", f"is no JSON ({error.msg[0].lower()}{error.msg[1:]})", error.lineno, error.colno)
        except RecursionError:
            self.complain("", "is no history: it lies too deep in lists")
        except UnicodeDecodeError as error:
            self.complain("", f"is no text (byte {error.start})")
        except ValueError:  # Python converts no more than some thousand digits
            self.complain("", "holds a number with far too many digits")
        return self._give_up()

    def table(self, key: str, value: object, keys: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
        """A table with just these keys; where one is missing, with null for it."""
        if not isinstance(value, dict):
            self.complain(key, f"expected a table, found {_shown(value)}")
            if not key:
                self._give_up()
            return dict.fromkeys(keys)
        for missing in keys:
            if missing not in value and missing not in optional:
                self.complain(key, f'"{missing}" is missing')
        for unknown in value.keys() - {*keys, *optional}:
            question = meant(unknown, tuple(keys), 1)
            self.complain(key, f"there is no key {shown(unknown)}{f' ({question})' if question else ''}")
        if self._problems and not key:
            self._give_up()
        return dict.fromkeys(keys) | value

    def list(self, key: str, value: object) -> list[Any]:
        if isinstance(value, list):
            return value
        self.complain(key, f"expected a list, found {_shown(value)}")
        return []

    def text(self, key: str, value: object, *, empty: bool = True) -> str:
        if not isinstance(value, str):
            self.complain(key, f"expected a text, found {_shown(value)}")
        elif len(value) > LONGEST_TEXT:
            self.complain(key, f"is longer than {LONGEST_TEXT:,} characters")
        elif not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            self.complain(key, "holds half a character (a lone surrogate)")
        elif not value and not empty:
            self.complain(key, "the text is empty")
        else:
            return value
        return ""

    def whole(self, key: str, value: object, most: int = _LARGEST) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
            return value
        self.complain(key, f"expected a whole number from 0, found {_shown(value)}")
        return 0

    def seconds(self, key: str, value: object) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and math.isfinite(value) and 0 <= value <= MAX_SECONDS:  # type: ignore[arg-type,operator]
            return float(value)  # type: ignore[arg-type]
        self.complain(key, f"expected seconds from 0 to {MAX_SECONDS:.0f}, found {_shown(value)}")
        return 0.0

    def flag(self, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            self.complain(key, f"expected true or false, found {_shown(value)}")
        return value is True

    def time(self, key: str, value: object) -> datetime:
        try:
            found = datetime.fromisoformat(value if isinstance(value, str) else "")
            found.timestamp()
            if found.utcoffset() is not None:
                return found
        except (ValueError, OverflowError, OSError):
            pass
        self.complain(key, f'expected a time such as "2026-03-01T07:30:00+01:00", found {_shown(value)}')
        return datetime.min

    def day(self, key: str, value: object) -> date:
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.complain(key, f'expected a date such as "2026-03-01", found {_shown(value)}')
            return date.min

    def maybe(self, take: Callable[[str, Any], Value], key: str, value: object) -> Value | None:
        """Null, or what another method takes."""
        return None if value is None else take(key, value)

    def _give_up(self) -> NoReturn:
        raise HistoryFileError(tuple(self._problems))


def _shown(value: object) -> str:
    return "nothing" if value is None else shown(value)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def _cell(value: object) -> object:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value
