"""Writes golden cue sheets, and what the documentation is made of: ``python tests/update_golden.py``.

Read the difference before you commit it: it is what a person will hear.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import test_docs
import test_scripts

sys.path.append(str(Path(__file__).parent / "timeline"))
import test_progression


def main() -> None:
    test_scripts.GOLDEN.mkdir(exist_ok=True)
    for old in test_scripts.GOLDEN.glob("*.txt"):
        old.unlink()
    for name in test_scripts.NAMES:
        path = test_scripts.GOLDEN / f"{name}.txt"
        path.write_text(test_scripts.sheet(name), encoding="utf-8", newline="\n")
    with tempfile.TemporaryDirectory() as folder:
        test_docs.write_cue_sheets(Path(folder))
    test_docs.write_schema()
    test_docs.write_reference()
    test_docs.write_warnings()
    test_progression.write_table()


if __name__ == "__main__":
    main()
