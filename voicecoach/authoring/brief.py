"""The format on one page, for whoever is to write a script without having read anything else."""

from __future__ import annotations

from pathlib import Path


def page() -> str:
    """Plain text; each script in it stands between lines of three backticks and is right."""
    return Path(__file__).with_name("brief.txt").read_text(encoding="utf-8")
