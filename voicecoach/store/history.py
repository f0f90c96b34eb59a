"""What is remembered of sessions: a database in the person's data folder.

Each end of a segment is a transaction of its own, so that whatever ends the program, at most the running segment is
lost. Any number of programs may use it at once. One that a later version has written, or that is damaged, is refused
and left as it is.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from voicecoach.errors import HistoryError, HistoryWriteError
from voicecoach.store import folders
from voicecoach.store.sessions import Held, Overview, PlanDay, SegmentDone, SessionDone, Why, Wish

__all__ = ["Held", "History", "Overview", "PlanDay", "SegmentDone", "SessionDone", "Why", "Wish"]

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE session (
            number INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, also where one is forgotten
            script TEXT NOT NULL,
            title TEXT NOT NULL,
            digest TEXT NOT NULL,
            seed TEXT NOT NULL,                        -- a number of any length
            began REAL NOT NULL,                       -- seconds since 1970: the order, wherever it was
            started TEXT NOT NULL,                     -- the same by the clock there
            ended TEXT,
            finished INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE INDEX session_order ON session (began, number)",
        "CREATE INDEX session_script ON session (script, began, number)",
        """
        CREATE TABLE segment (
            session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
            "index" INTEGER NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            side TEXT,
            round INTEGER NOT NULL,
            planned REAL,
            seconds REAL NOT NULL,
            why TEXT NOT NULL,
            question TEXT,
            answer TEXT,
            PRIMARY KEY (session, "index")
        ) WITHOUT ROWID
        """,
    ),
    (
        "ALTER TABLE segment ADD COLUMN progression TEXT",
        "ALTER TABLE segment ADD COLUMN target REAL",
        "CREATE INDEX segment_progression ON segment (progression) WHERE progression IS NOT NULL",
        """
        CREATE TABLE wish (
            progression TEXT NOT NULL,
            day TEXT NOT NULL,
            seconds REAL NOT NULL,
            PRIMARY KEY (progression, day)
        ) WITHOUT ROWID
        """,
    ),
    (
        "ALTER TABLE session ADD COLUMN plan TEXT",
        "ALTER TABLE session ADD COLUMN plan_week INTEGER",  # none where the plan has only days
        "ALTER TABLE session ADD COLUMN plan_day INTEGER",
        "CREATE INDEX session_plan ON session (plan, began, number) WHERE plan IS NOT NULL",
    ),
)
"""What makes each version of the database of the one before; the first, of an empty file."""
APPLICATION = 0x766F6963
"""The database's ``application_id``: whose it is."""
PATIENCE = 5.0
"""Seconds that one program waits for another that writes."""

_LARGEST = 2**63 - 1
_NOT_WRITTEN = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY})
"""SQLite's codes where a database may still be read."""
_SEGMENT = tuple(field.name for field in fields(SegmentDone))
_COLUMNS = ", ".join(f'"{name}"' for name in _SEGMENT)
_OVERVIEW = """
    SELECT number, script, title, started, finished, total(why != 'ended'), total(seconds)
    FROM session JOIN segment ON segment.session = session.number
"""
_NEWEST = """
    SELECT number FROM session WHERE EXISTS (SELECT 1 FROM segment WHERE segment.session = session.number)
    ORDER BY began DESC, number DESC LIMIT ?
"""


class History:
    """The sessions so far. Every method raises HistoryError where the database does not do what is asked."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self._database = database

    @classmethod
    def open(cls, path: Path | None = None, *, to_read: bool = False) -> Self:
        """The history in a file, by default the person's own; it is made where there is none, or migrated.

        ``to_read`` makes no file: where there is none the history is empty, and one that cannot be written is read as
        it is. Raises HistoryError.
        """
        path = _own(to_read=to_read) if path is None else path
        with _told(path):
            if path.is_dir():
                raise HistoryError(f"{path}: is a folder and no file; move it away")
            if not to_read:
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    path.touch(mode=0o600)  # nobody else's business
            elif folders.is_missing(path):
                return cls(path, _migrated(path, _connected(":memory:")))
            try:
                return cls(path, _opened(path, to_read=to_read))
            except sqlite3.OperationalError as error:
                if not to_read or _code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                    raise
            return cls(path, _copied(path))

    @classmethod
    def copied(cls, path: Path | None = None) -> Self:
        """A copy in memory of the history in a file, by default the person's own: what is added is gone with it.

        Empty where there is no such file. Raises HistoryError.
        """
        with cls.open(path, to_read=True) as original, _told(original.path):
            copy = _connected(":memory:")
            original._database.backup(copy)
            copy.execute("PRAGMA foreign_keys = ON")
            return cls(original.path, copy)

    @classmethod
    def empty(cls) -> Self:
        """One in which nothing is remembered, and that keeps nothing."""
        path = folders.history()
        return cls(path, _migrated(path, _connected(":memory:")))

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin(
        self, *, script: str, title: str, digest: str, seed: int, started: datetime, planned: PlanDay | None = None
    ) -> int:
        """Notes that a session has begun, on a day of a plan if it is ``planned``; its number.

        ``started`` has an offset.
        """
        with self._writing() as database:
            return _begin(database, (script, title, digest, str(seed), *_instant(started)), planned)

    def add(self, number: int, segment: SegmentDone, at: datetime) -> None:
        """Notes what became of a segment that ended just now; when this returns, it is on the disk."""
        with self._writing() as database:
            if not database.execute("UPDATE session SET ended = ? WHERE number = ?", (at.isoformat(), number)).rowcount:
                raise HistoryError(f"{self.path}: session {number} has been forgotten meanwhile")
            _add(database, number, segment)

    def take_back(self, number: int, from_index: int) -> None:
        """Forgets the segments from this one on: the person went back to it."""
        with self._writing() as database:
            database.execute('DELETE FROM segment WHERE session = ? AND "index" >= ?', (number, from_index))

    def finish(self, number: int, at: datetime, *, finished: bool) -> bool:
        """Notes that a session has ended: ``finished``, or left by the person. One of which nothing was done goes.

        Whether it is kept.
        """
        with self._writing() as database:
            database.execute(
                "UPDATE session SET ended = ?, finished = ? WHERE number = ?", (at.isoformat(), finished, number)
            )
            if finished:
                return True
            return not database.execute(
                "DELETE FROM session WHERE number = ? AND number NOT IN (SELECT session FROM segment)", (number,)
            ).rowcount

    def sessions(self, limit: int | None = None) -> tuple[SessionDone, ...]:
        """The sessions of which something was done, newest first; the last ``limit``."""
        return self._sessions(_NEWEST, (-1 if limit is None else limit,))

    def overviews(self, limit: int | None = None) -> tuple[Overview, ...]:
        """The same as a list shows them, which costs less."""
        with self._reading() as database:
            rows = database.execute(
                f"{_OVERVIEW} WHERE number IN ({_NEWEST}) GROUP BY number ORDER BY began DESC, number DESC",
                (-1 if limit is None else limit,),
            )
            return tuple(
                [
                    Overview(
                        number=number,
                        script=script,
                        title=title,
                        started=datetime.fromisoformat(started),
                        finished=bool(finished),
                        steps=int(steps),
                        seconds=round(seconds, 1),
                    )
                    for number, script, title, started, finished, steps, seconds in rows
                ]
            )

    def session(self, number: int) -> SessionDone | None:
        """The session of a number; None where there is none (any more)."""
        return next(iter(self._sessions("SELECT ?", (min(number, _LARGEST),))), None)

    def count(self) -> int:
        """How many sessions there are of which something was done."""
        with self._reading() as database:
            return int(database.execute("SELECT count(DISTINCT session) FROM segment").fetchone()[0])

    def latest(self) -> date | None:
        """The day of the last session."""
        with self._reading() as database:
            found = database.execute("SELECT started FROM session ORDER BY began DESC LIMIT 1").fetchone()
            return None if found is None else date.fromisoformat(found[0][:10])

    def finished(self, script: str, until: date | None = None) -> int:
        """How many sessions of a script have been finished, up to and including a day."""
        with self._reading() as database:
            (count,) = database.execute(
                "SELECT count(*) FROM session WHERE script = ? AND finished AND substr(started, 1, 10) <= ?",
                (script, _day(until)),
            ).fetchone()
            return int(count)

    def done(self, until: date | None = None) -> dict[str, tuple[int, date]]:
        """Of each script that was finished up to and including a day, how often, and on which day last."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT script, count(*), max(substr(started, 1, 10)) FROM session"
                " WHERE finished AND substr(started, 1, 10) <= ? GROUP BY script",
                (_day(until),),
            )
            return {script: (count, date.fromisoformat(last)) for script, count, last in rows}

    def last_day(self, plan: str, until: date | None = None) -> tuple[PlanDay, bool] | None:
        """The day of a plan that was done last, up to and including a day, and whether it was finished.

        One that was left counts, if something of it was done.
        """
        with self._reading() as database:
            found = database.execute(
                "SELECT plan, plan_week, plan_day, finished FROM session WHERE plan = ?"
                " AND substr(started, 1, 10) <= ? AND (finished OR number IN (SELECT session FROM segment))"
                " ORDER BY began DESC, number DESC LIMIT 1",
                (plan, _day(until)),
            ).fetchone()
            return None if found is None else (PlanDay(*found[:3]), bool(found[3]))

    def days_done(self, plan: str, until: date | None = None) -> dict[PlanDay, tuple[int, date]]:
        """Of each day of a plan that was finished up to and including a day, how often, and on which day last."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT plan, plan_week, plan_day, count(*), max(substr(started, 1, 10)) FROM session"
                " WHERE plan = ? AND finished AND substr(started, 1, 10) <= ? GROUP BY plan, plan_week, plan_day",
                (plan, _day(until)),
            )
            return {PlanDay(*row[:3]): (row[3], date.fromisoformat(row[4])) for row in rows}

    def plans(self, until: date | None = None) -> dict[str, tuple[int, date]]:
        """Of each plan, how many sessions were finished up to and including a day, and on which day the last."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT plan, count(*), max(substr(started, 1, 10)) FROM session"
                " WHERE plan IS NOT NULL AND finished AND substr(started, 1, 10) <= ? GROUP BY plan",
                (_day(until),),
            )
            return {plan: (count, date.fromisoformat(last)) for plan, count, last in rows}

    def held(self, progression: str, before: date | None = None, besides: int | None = None) -> tuple[Held, ...]:
        """Every hold of a progression, in the order in which they were done.

        Those ``before`` a day, and ``besides`` the session of a number.
        """
        with self._reading() as database:
            rows = database.execute(
                "SELECT started, seconds, target, why FROM segment JOIN session ON number = session"
                " WHERE progression = ? AND target IS NOT NULL AND substr(started, 1, 10) < ? AND number IS NOT ?"
                ' ORDER BY began, number, "index"',
                (progression, _day(before), besides),
            )
            return tuple(
                [
                    Held(day=date.fromisoformat(started[:10]), seconds=seconds, target=target, why=Why(why))
                    for started, seconds, target, why in rows
                ]
            )

    def progressions(self) -> tuple[str, ...]:
        """The keys of all progressions that were held or have a target set, sorted."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT progression FROM segment WHERE progression IS NOT NULL UNION SELECT progression FROM wish"
                " ORDER BY 1"
            )
            return tuple([key for (key,) in rows])

    def wish(self, wish: Wish) -> None:
        """Keeps a target that the person has set; a later one of the same day takes its place."""
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO wish VALUES (?, ?, ?)", (wish.progression, str(wish.day), wish.seconds)
            )

    def wished(self, progression: str, until: date | None = None) -> Wish | None:
        """The target that was set last, on that day or before."""
        with self._reading() as database:
            return next(
                _wishes(
                    database,
                    "WHERE progression = ? AND day <= ? ORDER BY day DESC LIMIT 1",
                    (progression, _day(until)),
                ),
                None,
            )

    def last_answer(
        self,
        script: str,
        question: str,
        before: int | None = None,
        until: date | None = None,
        *,
        side: str | None = None,
    ) -> tuple[date, str] | None:
        """On which day a question of a script was answered last, and how: ``before`` a session, up to a day.

        Where it is asked for each side, ``side`` is the one that is meant.
        """
        with self._reading() as database:
            found = database.execute(
                "SELECT started, answer FROM session JOIN segment ON session = number"
                " WHERE script = ?1 AND question = ?2 AND side IS ?5 AND answer IS NOT NULL"
                " AND substr(started, 1, 10) <= ?4"
                " AND (?3 IS NULL OR (began, number) < (SELECT began, number FROM session WHERE number = ?3))"
                ' ORDER BY began DESC, number DESC, "index" DESC LIMIT 1',
                (script, question, before, _day(until), side),
            ).fetchone()
            return None if found is None else (date.fromisoformat(found[0][:10]), found[1])

    def interrupted(
        self, script: str | None = None, until: date | None = None, *, planned: PlanDay | None = None
    ) -> SessionDone | None:
        """The last session, of a script or at all, that something was done of and that was not finished.

        One of a script is of a day of a plan where that is ``planned``, and of none where it is not. None where it was
        finished since. What came after the day ``until`` is not seen.
        """
        found = self._sessions(
            "SELECT number FROM session AS open WHERE NOT finished AND (?1 IS NULL OR (script = ?1"
            "  AND (plan, plan_week, plan_day) IS (?3, ?4, ?5)))"
            " AND EXISTS (SELECT 1 FROM segment WHERE session = open.number)"
            " AND NOT EXISTS (SELECT 1 FROM session AS later WHERE later.script = open.script AND later.finished"
            "  AND (later.plan, later.plan_week, later.plan_day) IS (open.plan, open.plan_week, open.plan_day)"
            "  AND substr(later.started, 1, 10) <= ?2 AND (later.began, later.number) > (open.began, open.number))"
            " AND substr(started, 1, 10) <= ?2 ORDER BY began DESC, number DESC LIMIT 1",
            (script, _day(until), *(planned or (None, None, None))),
        )
        return next(iter(found), None)

    def forget(self, number: int) -> bool:
        """Forgets a session; whether there was one. Nothing of it stays in the file."""
        with self._writing() as database:
            known = bool(database.execute("DELETE FROM session WHERE number = ?", (number,)).rowcount)
        self._sweep()
        return known

    def forget_all(self) -> None:
        """Forgets every session, and the targets that were set."""
        with self._writing() as database:
            database.execute("DELETE FROM segment")
            database.execute("DELETE FROM session")
            database.execute("DELETE FROM wish")
        self._sweep()

    def as_json(self) -> str:
        """All that is remembered, as ``add_json`` takes it."""
        from voicecoach.store import session_files

        with self._reading() as database:
            wishes = tuple(_wishes(database, "ORDER BY progression, day"))
        return session_files.as_json(self.sessions()[::-1], wishes)

    def as_csv(self) -> str:
        """Every segment of every session as a row, oldest first, under headings."""
        from voicecoach.store import session_files

        return session_files.as_csv(self.sessions()[::-1])

    def add_json(self, text: str | bytes, name: str = "<json>") -> tuple[int, int]:
        """Adds what ``as_json`` has written: how many sessions came, and how many of them are new.

        One is known that agrees in script, start and seed. Raises HistoryFileError with every mistake, each with the
        ``name`` of the file and its place; then nothing is added.
        """
        from voicecoach.store import session_files

        sessions, wishes = session_files.from_json(text, name)
        new = 0
        with self._writing() as database:
            known = {(*row,) for row in database.execute("SELECT script, began, seed FROM session")}
            for session in sessions:
                began, started = _instant(session.started)
                if (session.script, began, str(session.seed)) in known:
                    continue
                known.add((session.script, began, str(session.seed)))
                row = session.script, session.title, session.digest, str(session.seed), began, started
                number = _begin(database, row, session.planned)
                database.execute(
                    "UPDATE session SET ended = ?, finished = ? WHERE number = ?",
                    (session.ended and session.ended.isoformat(), session.finished, number),
                )
                for segment in session.segments:
                    _add(database, number, segment)
                new += 1
            for wish in wishes:
                database.execute(
                    "INSERT OR IGNORE INTO wish VALUES (?, ?, ?)", (wish.progression, str(wish.day), wish.seconds)
                )
        return len(sessions), new

    def _sessions(self, numbers: str, values: Sequence[object]) -> tuple[SessionDone, ...]:
        """The sessions whose numbers a query gives, newest first."""
        with self._reading() as database:
            segments: dict[int, list[SegmentDone]] = {}
            for number, *row in database.execute(
                f'SELECT session, {_COLUMNS} FROM segment WHERE session IN ({numbers}) ORDER BY session, "index"',
                values,
            ):
                done = dict(zip(_SEGMENT, row, strict=True))
                done["why"] = Why(done["why"])
                segments.setdefault(number, []).append(SegmentDone(**done))
            rows = database.execute(
                "SELECT number, script, title, digest, seed, started, ended, finished, plan, plan_week, plan_day"
                " FROM session"
                f" WHERE number IN ({numbers}) ORDER BY began DESC, number DESC",
                values,
            )
            return tuple(
                [
                    SessionDone(
                        number=number,
                        script=script,
                        title=title,
                        digest=digest,
                        seed=int(seed),
                        started=datetime.fromisoformat(started),
                        ended=None if ended is None else datetime.fromisoformat(ended),
                        finished=bool(finished),
                        segments=tuple(segments.get(number, ())),
                        planned=None if planned[0] is None else PlanDay(*planned),
                    )
                    for number, script, title, digest, seed, started, ended, finished, *planned in rows
                ]
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the database, whoever writes meanwhile."""
        with _told(self.path), _transaction(self._database, "BEGIN"):
            try:
                yield self._database
            except (ValueError, TypeError) as error:  # none that we have written
                raise HistoryError(_damaged(self.path, str(error))) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing, and on the disk when it ends."""
        with _told(self.path), _transaction(self._database, "BEGIN IMMEDIATE"):
            yield self._database

    def _sweep(self) -> None:
        """Clears the log, which still holds what was deleted; as soon as nobody reads it."""
        with _told(self.path):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _own(*, to_read: bool) -> Path:
    """The file of the person's own history. Raises HistoryError where its folder can be none."""
    path = folders.history()
    if (file := folders.in_the_way(path)) is not None:
        done = "read" if to_read else "written"
        remedy = "move it away, or let VOICECOACH_HOME name a folder"
        raise HistoryError(f"{path}: cannot be {done} ({file} is a file and no folder); {remedy}")
    return path


def _connected(place: str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(place, timeout=PATIENCE, isolation_level=None, uri=uri)


def _opened(path: Path, *, to_read: bool) -> sqlite3.Connection:
    database = _connected(str(path))
    try:
        _recognise(path, database)
        if not to_read:
            (complaint,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if complaint != "ok":
                raise HistoryError(_damaged(path, complaint.splitlines()[-1]))
        if database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _log_ahead(database)
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA secure_delete = ON")
        return _migrated(path, database)
    except BaseException:
        database.close()
        raise


def _log_ahead(database: sqlite3.Connection) -> None:
    """Lets others read while one writes. SQLite does not wait here itself; where it cannot be, all else holds too."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.01)


def _copied(path: Path) -> sqlite3.Connection:
    """The database of a folder that cannot be written, in memory."""
    for how in ("mode=ro", "mode=ro&immutable=1"):
        with contextlib.suppress(sqlite3.OperationalError):
            database = _connected(f"{path.absolute().as_uri()}?{how}", uri=True)
            try:
                _recognise(path, database)
                copy = _connected(":memory:")
                database.backup(copy)
                copy.execute("PRAGMA foreign_keys = ON")
                return _migrated(path, copy)
            finally:
                database.close()
    raise HistoryError(f"{path}: cannot be read; allow reading it, and the folder that it is in")


def _recognise(path: Path, database: sqlite3.Connection) -> None:
    """Refuses what is not ours, before anything of it is touched."""
    version = _version(database)
    if version > len(MIGRATIONS):
        raise HistoryError(
            f"{path}: was written by a later voicecoach (version {version}; this one knows {len(MIGRATIONS)}):"
            " update voicecoach, or move the file away to begin a new one"
        )
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION and (version or tables):
        raise HistoryError(f"{path}: is a database of another program; move it away to begin a history")


def _migrated(path: Path, database: sqlite3.Connection) -> sqlite3.Connection:
    """The database at the version of today: each step of the way is taken by one program only, whole or not at all."""
    if _version(database) < len(MIGRATIONS):
        with _transaction(database, "BEGIN IMMEDIATE"):
            for number, statements in enumerate(MIGRATIONS[_version(database) :], _version(database) + 1):
                for statement in statements:
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {number}")
            database.execute(f"PRAGMA application_id = {APPLICATION}")
    return database


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _transaction(database: sqlite3.Connection, begin: str) -> Iterator[None]:
    database.execute(begin)
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _begin(database: sqlite3.Connection, row: Sequence[object], planned: PlanDay | None = None) -> int:
    database.execute("INSERT INTO session (script, title, digest, seed, began, started) VALUES (?, ?, ?, ?, ?, ?)", row)
    number = int(database.execute("SELECT last_insert_rowid()").fetchone()[0])
    if planned is not None:
        database.execute(
            "UPDATE session SET plan = ?, plan_week = ?, plan_day = ? WHERE number = ?", (*planned, number)
        )
    return number


def _add(database: sqlite3.Connection, number: int, segment: SegmentDone) -> None:
    row = {name: getattr(segment, name) for name in _SEGMENT} | {"why": str(Why(segment.why))}
    row["seconds"] = round(segment.seconds, 1)
    row["target"] = None if segment.target is None else round(segment.target, 1)
    database.execute(
        f"INSERT OR REPLACE INTO segment (session, {_COLUMNS}) VALUES (?{', ?' * len(_SEGMENT)})",
        (number, *row.values()),
    )


def _wishes(database: sqlite3.Connection, which: str, values: Iterable[object] = ()) -> Iterator[Wish]:
    for progression, day, seconds in database.execute(
        f"SELECT progression, day, seconds FROM wish {which}", tuple(values)
    ):
        yield Wish(progression=progression, day=date.fromisoformat(day), seconds=seconds)


def _instant(started: datetime) -> tuple[float, str]:
    """For the order of sessions, and by the clock of the place."""
    if started.utcoffset() is None:
        raise ValueError("a time without its offset from UTC")
    return started.timestamp(), started.isoformat()


def _day(until: date | None) -> str:
    return str(until or date.max)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what goes wrong into a HistoryError that names the file and what would help."""
    try:
        yield
    except sqlite3.ProgrammingError:  # a mistake of ours
        raise
    except sqlite3.Error as error:
        refused = HistoryWriteError if _code(error) in _NOT_WRITTEN else HistoryError
        raise refused(_message(path, error)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise HistoryWriteError(f"{path}: cannot be written ({reason}); allow writing to that folder") from error


def _code(error: sqlite3.Error) -> int:
    """The primary one of SQLite's codes."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _message(path: Path, error: sqlite3.Error) -> str:
    match _code(error):
        case sqlite3.SQLITE_FULL:
            return f"{path}: cannot be written, the disk is full: free some space"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"{path}: another program has been writing it for {PATIENCE:.0f} s: try again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return f"{path}: cannot be opened or written ({error}); allow writing to it and its folder"
    return _damaged(path, str(error))


def _damaged(path: Path, what: str) -> str:
    return f"{path}: is damaged ({what}); put a copy of it back, or move it away to begin a new one"
