"""Where things are: what ships with the package, and the person's own folders.

``VOICECOACH_HOME`` in the environment puts all of the person's folders under one folder; otherwise they are where
the operating system wants them.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _shipped(name: str) -> Path:
    """In a wheel beside the modules, in a checkout beside the package."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def shipped_scripts() -> Path:
    """The workouts that ship."""
    return _shipped("scripts")


def shipped_audio() -> Path:
    """The sounds that ship."""
    return _shipped("audio")


def _own(kind: str) -> Path:
    home = os.environ.get("VOICECOACH_HOME")
    if home:
        return Path(home).absolute() / kind
    import platformdirs

    dirs = platformdirs.PlatformDirs("voicecoach", appauthor=False)
    return {
        "cache": dirs.user_cache_path,
        "config": dirs.user_config_path,
        "history.sqlite3": dirs.user_data_path / "history.sqlite3",
        "scripts": dirs.user_data_path / "scripts",
        "voices": dirs.user_data_path / "voices",
    }[kind]


def cache() -> Path:
    """What was costly to make: compiled scripts, spoken lines, encoded sound. May be deleted at any time."""
    return _own("cache")


def config() -> Path:
    """The folder of ``config.toml``."""
    return _own("config")


def own_scripts() -> Path:
    """The person's own workouts."""
    return _own("scripts")


def voices() -> Path:
    """Voices installed with ``voicecoach voices install``."""
    return _own("voices")


def history() -> Path:
    """The file that remembers the person's sessions."""
    return _own("history.sqlite3")


def beside(folder: str | Path, name: str) -> Path:
    """The path that a script in ``folder`` means by ``name``."""
    try:
        return Path(folder) / Path(name).expanduser()
    except RuntimeError:  # "~nobody": there is no such person here
        return Path(folder) / name


def is_file(path: Path) -> bool:
    """Whether there is a file; a name that the system cannot take is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_missing(path: Path) -> bool:
    """Whether there certainly is nothing; what cannot be looked at may be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def in_the_way(path: Path) -> Path | None:
    """What stands where a folder of ``path`` has to be, and is none; None where nothing does."""
    for folder in path.parents:
        try:
            return None if stat.S_ISDIR(folder.stat().st_mode) else folder
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return None
    return None
