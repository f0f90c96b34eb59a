"""The workouts that are served: what the list says of each, which is found out while the list is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock

from voicecoach import pipeline, units
from voicecoach.errors import AudioFileError, ScriptError, counted
from voicecoach.phone.catalogue import Entry
from voicecoach.script import source as sources

PLACE = "/w/"
"""The path that the name of a workout follows on."""
_Stamp = tuple[str, int, int]


class Workouts:
    """Scripts by the names under which they are served; ``found`` gives them anew each time, as files come and go."""

    def __init__(self, found: Callable[[], Mapping[str, str]]) -> None:
        self._found = found
        self._known: dict[str, tuple[_Stamp, Entry]] = {}
        self._asked: dict[str, _Stamp] = {}
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(1, "describe")

    def source(self, name: str) -> str | None:
        """The script that is served under a name; None where there is none."""
        return self._found().get(name)

    def entries(self) -> list[Entry]:
        """What the list says now: of a script that was not looked at yet only its name. Does not wait."""
        found: list[Entry] = []
        for name, script in self._found().items():
            stamp = _stamp(script)
            with self._lock:
                known = self._known.get(name)
                if (known is None or known[0] != stamp) and self._asked.get(name) != stamp:
                    self._asked[name] = stamp
                    self._worker.submit(self._look, name, script, stamp)
            found.append(known[1] if known is not None else Entry(title=name, page=_page(name)))
        return found

    def settle(self) -> None:
        """Waits until everything was looked at that ``entries`` has asked for."""
        self._worker.submit(lambda: None).result()

    def close(self) -> None:
        """Looks at nothing more."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _look(self, name: str, script: str, stamp: _Stamp) -> None:
        entry = replace(described(script), page=_page(name))
        with self._lock:
            self._known[name] = stamp, entry


def described(script: str) -> Entry:
    """What a list says of a script, with a length that is estimated; of one that is wrong, why."""
    try:
        opened = pipeline.opened(script)
        if days := opened.outline().days:
            return Entry(
                title=days[0].title, page="", summary=f"A plan of {counted(len(days), 'session')}", language="en"
            )
        timeline = pipeline.compiled(opened)
        frames = pipeline.arrange_estimated(timeline).frames
    except (ScriptError, AudioFileError) as error:
        first = error.problems[0].message if isinstance(error, ScriptError) else str(error)
        return Entry(title=Path(script).name, page="", trouble=f"There is a mistake in it: {first}")
    except OSError as error:
        return Entry(title=Path(script).name, page="", trouble=f"It cannot be read: {error.strerror or error}")
    return Entry(
        title=timeline.title if timeline.title.strip() else Path(script).stem,
        page="",
        summary=timeline.summary,
        language=timeline.language,
        seconds=frames / units.SAMPLE_RATE,
    )


def named(scripts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Scripts by their names. Raises ValueError for two that have the same."""
    found: dict[str, str] = {}
    for name, script in scripts:
        if found.setdefault(name, script) != script:
            raise ValueError(f"{found[name]} and {script} would both be {name}")
    return found


def _page(name: str) -> str:
    return PLACE + name


def _stamp(script: str) -> _Stamp:
    """What changes where a script was written anew."""
    try:
        path = sources.find(script)
        about = path.stat()
    except (ScriptError, OSError):
        return script, 0, 0
    return str(path), about.st_mtime_ns, about.st_size
