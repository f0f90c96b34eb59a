"""The recipes for whoever carries on lead to what is there, and everybody runs the same checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from voicecoach.cli.commands import COMMANDS
from voicecoach.devices import written
from voicecoach.export.formats import FORMATS
from voicecoach.play.sinks import OUTPUTS
from voicecoach.script.codes import Code
from voicecoach.script.model import STEP_MODELS
from voicecoach.speech import registry
from voicecoach.wording.language import languages

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
IN_ENGLISH = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}
"""What the documentation calls a language."""
KEYS = sorted({field.alias or name for model in STEP_MODELS.values() for name, field in model.model_fields.items()})
ADDED: Mapping[str, Iterable[str]] = {
    "A language": languages(),
    "An engine": registry.SHIPPED,
    "A sink": OUTPUTS,
    "A format": FORMATS,
    "A command": COMMANDS,
    "A warning": list(Code),
    "A device": written.shipped(),
    "A step key": KEYS,
}
"""What has come in by each recipe so far."""
TEXTS = (".py", ".toml", ".md", ".json")


class Instruction(NamedTuple):
    """A numbered line of a recipe: what it is for, its number, and the files or folders that it names."""

    recipe: str
    number: int
    places: tuple[str, ...]


def section(title: str, level: str) -> str:
    found = re.search(
        rf"^{level} {re.escape(title)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"CONTRIBUTING.md has no section {title}"
    return found[1]


def instructions() -> list[Instruction]:
    found = []
    for recipe in re.findall(r"^### (.+)$", section("Recipes", "##"), re.MULTILINE):
        for number, head in re.findall(r"^(\d+)\. (.*?):", section(recipe, "###"), re.MULTILINE):
            found.append(Instruction(recipe, int(number), tuple(re.findall(r"`([^`]+)`", head))))
    return found


def names(path: Path, name: str) -> bool:
    """Whether a file, or a file in that folder, has the word."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.suffix in TEXTS]
    words = {name, IN_ENGLISH.get(name, name)}
    return any(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", read(file)) for file in files for word in words)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_there_is_a_recipe_for_each_thing_that_is_added() -> None:
    assert list(dict.fromkeys(one.recipe for one in instructions())) == list(ADDED)
    assert set(IN_ENGLISH) == set(languages())


@pytest.mark.parametrize("one", instructions(), ids=lambda one: f"{one.recipe}, {one.number}")
def test_what_was_added_is_where_the_recipe_says(one: Instruction) -> None:
    assert one.places, "names no file"
    for name in ADDED[one.recipe]:
        places = [ROOT / place.replace("NAME", name) for place in one.places]
        assert all(place.exists() for place in places), f"{name}: {one.places}"
        found = any("NAME" in place or names(ROOT / place, name) for place in one.places)
        assert found, f"{name} is not in {' or '.join(one.places)}"


def test_every_recipe_begins_with_a_file_and_names_its_tests() -> None:
    for recipe in ADDED:
        steps = [one for one in instructions() if one.recipe == recipe]
        assert [one.number for one in steps] == list(range(1, len(steps) + 1))
        assert steps[0].places[0].startswith("voicecoach/")
        assert any(place.startswith("tests/") for one in steps for place in one.places)


def test_every_file_that_is_named_is_there() -> None:
    for place in re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:toml|md|txt|py|yaml))`", PAGE):
        assert "NAME" in place or (ROOT / place).exists(), place


class TestChecks:
    """CI, nox and pre-commit run the same ones."""

    CHECKS = ("ruff check .", "ruff format --check .", "mypy", "lint-imports")

    def test_of_ci(self) -> None:
        run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        assert re.findall(r"^\.venv/bin/(ruff .*|mypy|lint-imports)$", run, re.MULTILINE) == list(self.CHECKS)

    def test_of_nox(self) -> None:
        written = (ROOT / "noxfile.py").read_text(encoding="utf-8")
        checks = re.search(r"^CHECKS = \((.*)\)$", written, re.MULTILINE)
        assert checks is not None
        found = re.findall(r"\(([^()]+)\)", checks[1])
        assert [" ".join(re.findall(r'"([^"]+)"', one)) for one in found] == list(self.CHECKS)

    def test_of_pre_commit_which_fetches_nothing(self) -> None:
        written = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
        assert re.findall(r"- repo: (.+)", written) == ["local"]
        assert re.findall(r"entry: (.+)", written) == [*self.CHECKS, 'python -m pytest -m "not slow"']
        assert set(re.findall(r"language: (.+)", written)) == {"system"}
