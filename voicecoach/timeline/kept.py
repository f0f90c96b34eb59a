"""The timeline of a script: compiled, or recalled where nothing that it follows from has changed.

To check a script takes longer than all else that a second export does, and most of that goes into loading what checks
it. A timeline follows from texts: the script's, those of the scripts it uses, and which files it means by their names.
It is kept together with them, and before it is used again each is looked at. Scripts that name recordings or music are
not kept: what they say depends on files that are not looked at here.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from voicecoach.errors import ScriptError
from voicecoach.script import plan
from voicecoach.script import source as sources
from voicecoach.script.plan import Day
from voicecoach.store import cache as caching
from voicecoach.store.cache import Cache
from voicecoach.store.folders import is_file
from voicecoach.timeline import json_form
from voicecoach.timeline.model import Timeline
from voicecoach.timeline.progression import Growing

if TYPE_CHECKING:
    from voicecoach.script.audio import Audible
    from voicecoach.script.loader import Loader
    from voicecoach.script.model import Workout
    from voicecoach.script.source import Source

Made = TypeVar("Made")
_LIBRARIES = ("num2words", "pydantic", "tomli")
"""What a timeline follows from besides our own modules."""


class Outline(NamedTuple):
    """What the history needs to know of a script: what it is known by, and the holds that grow, its own first.

    ``days`` are those of a plan; none where it is no plan, or one day of it.
    """

    identity: str
    progressions: tuple[Growing, ...]
    days: tuple[Day, ...] = ()


class Opened:
    """A script that was opened: what it says is recalled where it is kept, or read, once, where it is not.

    ``audible`` raises AudioFileError for an audio file that cannot be heard. Every method raises ScriptError with every
    mistake of the script and of those it uses. ``day`` is that of a plan, if it is done as one; a plan itself has an
    outline, and ``of`` opens its days.
    """

    def __init__(self, script: Source, cache: Cache, audible: Audible | None = None, day: Day | None = None) -> None:
        self.day = day
        self._script = script
        self._made_from: tuple[object, ...] = ()
        with contextlib.suppress(OSError):  # the current folder may be gone
            self._script = replace(script, path=script.path and script.path.absolute(), folder=script.folder.absolute())
            script = self._script
            self._made_from = _build(), sys.version, str(script.path), str(script.folder), _hash(script.content), day
        self.recalled = False
        """Whether the timeline that was given last had been kept."""
        self._cache = cache
        self._audible = audible
        self._loader: Loader | None = None
        self._workout: Workout | None = None

    def timeline(
        self,
        seed: int = 0,
        targets: Mapping[str, float] | None = None,
        finished: int = 0,
        *,
        bests: Mapping[str, float] | None = None,
        live: bool = False,
    ) -> Timeline:
        """Its timeline; ``targets``, ``finished``, ``bests`` and ``live`` are as in ``compiler.compile``."""
        days = [sorted((by_name or {}).items()) for by_name in (targets, bests)]
        key = self._key("timeline", seed, *days, finished, live)
        recalled = self._kept(key, json_form.loads)
        self.recalled = recalled is not None
        if recalled is not None:
            return recalled
        workout, loader = self._read()
        from voicecoach.timeline.compiler import compile

        fresh = compile(workout, seed=seed, targets=targets, bests=bests, finished=finished, live=live, day=self.day)
        if key and not loader.names_audio:
            self._cache.put(key, _written(loader, json_form.dumps(fresh)))
        return fresh

    def workout(self) -> Workout:
        """What it says."""
        return self._read()[0]

    def of(self, day: Day) -> Opened:
        """What is done on a day of a plan. Raises ScriptError."""
        if day.use.startswith("#"):
            return Opened(self._script, self._cache, self._audible, day)
        path = sources.used(day.use, self._script.folder)
        return Opened(sources.read(path or Path(day.use), str(path)), self._cache, self._audible, day)

    def outline(self) -> Outline:
        """What the history needs to know of it."""
        key = self._key("outline")
        recalled = self._kept(key, _outline)
        if recalled is not None:
            return recalled
        workout, loader = self._read()
        from voicecoach.timeline import progression

        days = plan.days(workout) if self.day is None else ()
        fresh = Outline(workout.identity, progression.progressions(workout), days)
        if key:
            self._cache.put(key, _written(loader, json.dumps(fresh)))
        return fresh

    @property
    def identity(self) -> str:
        """What the history knows it by."""
        return self.outline().identity if self._script.path is None else sources.identity(self._script, "")

    @property
    def digest(self) -> str:
        """A hash of what it says."""
        return _hash(self._script.content)

    @property
    def name(self) -> str:
        """What errors call it."""
        return self._script.name

    def _kept(self, key: str, loads: Callable[[bytes], Made]) -> Made | None:
        return _recalled(self._cache.get(key), loads) if key else None

    def _key(self, kind: str, *more: object) -> str:
        return caching.key(kind, *self._made_from, *more) if self._made_from else ""

    def _read(self) -> tuple[Workout, Loader]:
        if self._workout is None or self._loader is None:
            from voicecoach.script.loader import Loader

            self._loader = Loader(self._audible)
            self._workout = self._loader.load(self._script)
            if self.day is not None and self.day.use.startswith("#"):
                self._workout = self._workout.only(self.day.use)
        return self._workout, self._loader


def _written(loader: Loader, what: str) -> bytes:
    """What was made of a script, the file that each ``use`` in a folder meant, and a hash of each such file."""
    kept = {
        "uses": [(use, str(folder), str(path)) for (use, folder), path in loader.uses.items()],
        "files": [(str(path), _hash(content)) for path, content in loader.files.items()],
    }
    return f"{json.dumps(kept)}\n{what}".encode()


def _recalled(content: bytes | None, loads: Callable[[bytes], Made]) -> Made | None:
    if content is None:
        return None
    try:
        made_from, _, what = content.partition(b"\n")
        return loads(what) if _stands(json.loads(made_from)) else None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):  # none of ours
        return None


def _outline(content: bytes) -> Outline:
    identity, progressions, days = json.loads(content)
    return Outline(identity, tuple(Growing(*each) for each in progressions), tuple(Day(*day) for day in days))


def _stands(kept: dict[str, Any]) -> bool:
    """Whether each ``use`` still means the same file, and each file still says the same."""
    return all(str(sources.used(use, Path(folder))) == path for use, folder, path in kept["uses"]) and all(
        _says(Path(path)) == content for path, content in kept["files"]
    )


def _says(path: Path) -> str | None:
    try:
        return _hash(sources.read(path, str(path)).content) if is_file(path) else None
    except ScriptError:
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@functools.cache
def _build() -> str:
    """Another one for every change to what compiles scripts."""
    stamps = [*_stamps(Path(__file__).parents[1])]
    for name in _LIBRARIES:
        with contextlib.suppress(OSError, ValueError):
            library = find_spec(name)
            if library is not None and library.origin is not None:
                for path in (Path(library.origin), Path(library.origin).parent):
                    about = path.stat()
                    stamps.append((str(path), about.st_size, about.st_mtime_ns))
    return _hash(repr(sorted(stamps)).encode("utf-8", "surrogatepass"))


def _stamps(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of change of every module and every language."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".toml")):
                with contextlib.suppress(OSError):
                    about = entry.stat()
                    yield entry.path, about.st_size, about.st_mtime_ns
            elif entry.name != "__pycache__" and entry.is_dir():
                yield from _stamps(entry.path)
