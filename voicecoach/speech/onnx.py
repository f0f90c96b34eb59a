"""onnxruntime, on which the neural engines run: whether it is here, and what it raises."""

from __future__ import annotations

import functools
import re
import zlib
from importlib.util import find_spec
from pathlib import Path

from voicecoach.errors import EngineError

_LIBRARY = re.compile(r"^([^,\n]+\.(?:so[.\d]*|pyd|dll|dylib)),[^,\n]*,(\d+)$", re.MULTILINE)
"""A row of what pip has installed: a library, a hash of it, and its length in bytes."""
_VERSION = re.compile(r"^__version__ = [\"']([^\"']+)", re.MULTILINE)


def folder(package: str, remedy: str) -> Path:
    """Where a package is installed; nothing of it is imported. Raises EngineError, with the remedy, where it is not."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):  # something else stands in its place
        spec = None
    if spec is None or spec.origin is None:
        raise EngineError(f"the package {package} is missing ({remedy})")
    return Path(spec.origin).parent


def runtime(remedy: str) -> Path:
    """Where onnxruntime is installed, with libraries as long as they were then: a system that loads one which was cut
    short may end the whole program. Raises EngineError, with the remedy.
    """
    place = folder("onnxruntime", remedy)
    for record in place.parent.glob(f"{place.name}-*.dist-info/RECORD"):
        for name, length in _LIBRARY.findall(record.read_text(encoding="utf-8", errors="replace")):
            file = place.parent / name
            size = file.stat().st_size if file.is_file() else 0
            if size < int(length):
                raise EngineError(f"{file}: is damaged ({size} of {length} bytes; {remedy})")
    return place


def version(folder: Path) -> str:
    """The version of the package there, as it says itself; the metadata would take fifty times as long to ask."""
    try:
        found = _VERSION.search((folder / "__init__.py").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        found = None
    return found.group(1) if found is not None else "0"


@functools.lru_cache(maxsize=1)
def errors() -> tuple[type[Exception], ...]:
    """What a model and the runtime under it raise where they are damaged.

    The runtime's own errors have no common base, and exist only where it can be loaded.
    """
    known = (
        OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, EOFError, ImportError, SystemError,
        MemoryError, zlib.error,
    )  # fmt: skip
    try:
        from onnxruntime.capi import onnxruntime_pybind11_state as runtime
    except known:
        return known
    kinds = (kind for kind in vars(runtime).values() if isinstance(kind, type) and issubclass(kind, Exception))
    return (*known, *kinds)
