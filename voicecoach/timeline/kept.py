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
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecoach.errors import ScriptError
from voicecoach.script import source as sources
from voicecoach.store import cache as caching
from voicecoach.store.cache import Cache
from voicecoach.store.folders import is_file
from voicecoach.timeline import json_form
from voicecoach.timeline.model import Timeline

if TYPE_CHECKING:
    from voicecoach.script.audio import Audible
    from voicecoach.script.loader import Loader
    from voicecoach.script.source import Source

_LIBRARIES = ("num2words", "pydantic", "tomli")
"""What a timeline follows from besides our own modules."""


def compiled(
    script: Source,
    seed: int,
    cache: Cache,
    audible: Audible | None = None,
    *,
    targets: Mapping[str, float] | None = None,
    finished: int = 0,
    live: bool = False,
) -> Timeline:
    """The timeline of a script, as ``compile`` makes it. Raises ScriptError with every mistake of it and what it uses.

    ``audible`` raises AudioFileError for an audio file that cannot be heard.
    """
    today = sorted((targets or {}).items()), finished, live
    key = ""
    with contextlib.suppress(OSError):  # the current folder may be gone
        script = replace(script, path=script.path and script.path.absolute(), folder=script.folder.absolute())
        made_from = _build(), sys.version, str(script.path), str(script.folder), _hash(script.content), seed, *today
        key = caching.key("timeline", *made_from)
        recalled = _recalled(cache.get(key))
        if recalled is not None:
            return recalled
    from voicecoach.script.loader import Loader
    from voicecoach.timeline.compiler import compile

    loader = Loader(audible)
    fresh = compile(loader.load(script), seed=seed, targets=targets, finished=finished, live=live)
    if key and not loader.names_audio:
        cache.put(key, _written(loader, fresh))
    return fresh


def _written(loader: Loader, timeline: Timeline) -> bytes:
    """The timeline, the file that each ``use`` in a folder meant, and a hash of each such file."""
    kept = {
        "uses": [(use, str(folder), str(path)) for (use, folder), path in loader.uses.items()],
        "files": [(str(path), _hash(content)) for path, content in loader.files.items()],
    }
    return f"{json.dumps(kept)}\n{json_form.dumps(timeline)}".encode()


def _recalled(content: bytes | None) -> Timeline | None:
    if content is None:
        return None
    try:
        made_from, _, timeline = content.partition(b"\n")
        return json_form.loads(timeline) if _stands(json.loads(made_from)) else None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):  # none of ours
        return None


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
