"""onnxruntime, on which the neural engines run: whether it is here, and what it raises."""

from __future__ import annotations

import functools
import re
import zlib
from importlib.util import find_spec
from pathlib import Path

from voicecoach.errors import EngineError

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
