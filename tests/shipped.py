"""The workouts and plans that ship."""

from __future__ import annotations

from voicecoach.store import folders

_ALL = sorted(folders.shipped_scripts().glob("*.toml"), key=lambda path: path.stem)
PLANS = [path for path in _ALL if "\n[[plan]]\n" in path.read_text(encoding="utf-8")]
"""The files of those that are plans, which have sessions and are none."""
WORKOUTS = [path for path in _ALL if path not in PLANS]
"""The files of those that can be done as they are."""
