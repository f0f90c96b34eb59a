"""The timeline of a script: compiled, or recalled where nothing that it follows from has changed.

To check a script takes longer than all else that a second export does, and most of that goes into loading what checks
it. A timeline follows from texts: the script's, those of the scripts it uses, and which files their names stand for.
It is kept together with them, and before it is used again each is looked at. Sessions with recordings or music are
not kept: they follow from files that this module does not read.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voicecoach import cache as caching
from voicecoach import timeline as timelines
from voicecoach.cache import Cache
from voicecoach.script import source as sources
from voicecoach.timeline import Recording, Timeline

if TYPE_CHECKING:
    from voicecoach.script.source import Source

_LIBRARIES = ("num2words", "pydantic", "tomli")
"""What a timeline follows from besides our own modules."""


class _Kept(NamedTuple):
    """A timeline, the file that each ``use`` in a folder meant, and a hash of each such file."""

    uses: Mapping[tuple[str, str], str]
    files: Mapping[str, str]
    timeline: Timeline


def timeline(script: Source, seed: int, cache: Cache) -> Timeline:
    """The timeline of a script. Raises ScriptError with every mistake of it and of those it uses."""
    place = (script.path and str(script.path.resolve()), str(script.folder.resolve()))
    key = caching.key("timeline", _build(), sys.version, *place, _hash(script.content), seed)
    kept = _read(cache.get(key))
    if kept is not None and all(_stands(kept)):
        return kept.timeline
    from voicecoach.compiler import compile
    from voicecoach.script.loader import Loader

    loader = Loader()
    compiled = compile(loader.load(script), seed=seed)
    if not _follows_from_other_files(compiled):
        uses = {(use, str(folder)): str(path) for (use, folder), path in loader.uses.items()}
        files = {str(path): _hash(content) for path, content in loader.files.items()}
        cache.put(key, pickle.dumps(tuple(_Kept(uses, files, compiled))))
    return compiled


def _stands(kept: _Kept) -> Iterator[bool]:
    for (use, folder), path in kept.uses.items():
        yield str(sources.used(use, Path(folder))) == path
    for file, content in kept.files.items():
        try:
            yield _hash(Path(file).read_bytes()) == content
        except OSError:
            yield False


def _follows_from_other_files(timeline: Timeline) -> bool:
    heard = (cue.what for segment in timeline.segments for cue in (*segment.lead, *segment.cues))
    return timeline.music is not None or any(isinstance(what, Recording) for what in heard)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Unpickler(pickle.Unpickler):
    """Makes nothing but timelines, whatever somebody may have put into the cache."""

    def find_class(self, module: str, name: str) -> object:
        if module == timelines.__name__ and not name.startswith("_"):
            return getattr(timelines, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a timeline")


def _read(kept: bytes | None) -> _Kept | None:
    if kept is None:
        return None
    try:
        found = _Kept(*_Unpickler(io.BytesIO(kept)).load())
    except (pickle.UnpicklingError, AttributeError, TypeError, ValueError, EOFError):
        return None
    return found if isinstance(found.timeline, Timeline) else None


@functools.cache
def _build() -> str:
    """Another one for every change to what compiles scripts."""
    stamps = [*_stamps(Path(__file__).parent)]
    for name in _LIBRARIES:
        library = find_spec(name)
        if library is not None and library.origin is not None:
            about = Path(library.origin).stat()
            stamps.append((library.origin, about.st_size, about.st_mtime_ns))
    return _hash(repr(sorted(stamps)).encode("utf-8", "surrogatepass"))


def _stamps(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of change of every module and every language."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _stamps(entry.path)
            elif entry.name.endswith((".py", ".toml")):
                about = entry.stat()
                yield entry.path, about.st_size, about.st_mtime_ns
