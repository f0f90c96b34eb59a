"""The documentation's examples are run, and what it shows is what comes out."""

from __future__ import annotations

import json
import re
import runpy
import wave
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import test_scripts

import voicecoach
from voicecoach import script, wording
from voicecoach.arrange.arranger import arrangement as arrange
from voicecoach.arrange.estimate import Estimate
from voicecoach.review import catalogue, cuesheet
from voicecoach.script import layout, plan, values
from voicecoach.timeline.compiler import compile as compile_workout

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *(ROOT / "docs" / name for name in ("scripts.md", "tutorial.md", "cookbook.md"))]
SCHEMA = ROOT / "docs" / "voicecoach.schema.json"
WARNINGS = ROOT / "docs" / "warnings.md"
RATE = 44_100
RECORDINGS = ["squeeze.wav", "welcome.wav", "music/one.wav", "music/two.wav"]
"""What the examples name."""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Fence(NamedTuple):
    """A fenced example of a page: its language, its text, and where that text is in the page."""

    page: Path
    language: str
    text: str
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.page.read_text(encoding="utf-8").count("\n", 0, self.start) + 1


def fences(page: Path) -> list[Fence]:
    source = page.read_text(encoding="utf-8")
    return [Fence(page, f.group(1), f.group(2), f.start(2), f.end(2)) for f in _FENCE.finditer(source)]


EXAMPLES = [fence for page in PAGES for fence in fences(page) if fence.language == "toml"]


SHORTEST = 'title = "Plank"\n[[block]]\n'
"""How the first script of all begins, which is as short as one can be."""


def shown_sheet(page: Path) -> tuple[Fence, Fence]:
    """The first script of a page and the cue sheet that is shown of it."""
    found = fences(page)
    example = next(fence for fence in found if fence.language == "toml")
    return example, next(fence for fence in found if fence.language == "text" and fence.start > example.start)


def sheet(example: str, folder: Path) -> str:
    path = folder / "example.toml"
    path.write_text(example, encoding="utf-8")
    timeline = compile_workout(script.load(path))
    return cuesheet.as_text(timeline, arrange(timeline, Estimate(RATE), rate=RATE))


def write_cue_sheets(folder: Path) -> None:
    """Puts the cue sheet of its first script into the page on writing scripts."""
    page = ROOT / "docs" / "scripts.md"
    example, shown = shown_sheet(page)
    source = page.read_text(encoding="utf-8")
    page.write_text(
        source[: shown.start] + sheet(example.text, folder) + source[shown.end :], encoding="utf-8", newline="\n"
    )


def reference() -> str:
    """The page of every key, as it is made."""
    made: Callable[[], str] = runpy.run_path(str(ROOT / "docs" / "make_reference.py"))["reference"]
    return made()


def write_reference() -> None:
    """Puts the reference into the documentation."""
    (ROOT / "docs" / "reference.md").write_text(reference(), encoding="utf-8", newline="\n")


def write_schema() -> None:
    """Puts the schema for editors into the documentation."""
    written = json.dumps(script.schema(), indent=1) + "\n"
    SCHEMA.write_text(written, encoding="utf-8", newline="\n")


def warnings_page() -> str:
    """The page on what ``check`` can say: what its head says, and all that the catalogue knows."""
    head = WARNINGS.read_text(encoding="utf-8").partition("| code |")[0]
    entries = catalogue.entries().values()
    rows = [f"| [{each.code}](#{each.code.lower()}) | {each.name} | {each.title} |\n" for each in entries]
    parts = [f"{head}| code | name | what it says |\n|---|---|---|\n{''.join(rows)}"]
    for each in entries:
        parts.append(f"## {each.code}\n\n**{each.name}**, {each.severity}: {each.title}\n\n{each.why}\n")
        parts.append(f"*What to do:* {each.remedy}\n")
        for heading, example in (("Told of:", each.wrong), ("Not told of:", each.right)):
            if example:
                language = "text" if example == each.wrong and each.severity == "error" else "toml"
                parts.append(f"{heading}\n\n```{language}\n{example.strip()}\n```\n")
    return "\n".join(parts)


def write_warnings() -> None:
    """Puts what the catalogue knows into the page on warnings."""
    WARNINGS.write_text(warnings_page(), encoding="utf-8", newline="\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what the examples name: recordings, and a script to use."""
    for name in RECORDINGS:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(bytes(16_000))
    warm_up = 'title = "Warm-up"\n[[block]]\nsteps = [ { work = "20s" } ]\n'
    (tmp_path / "warm-up.toml").write_text(warm_up, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda fence: f"{fence.page.name}:{fence.line}")
def test_every_example_is_a_script(example: Fence, folder: Path) -> None:
    path = folder / "example.toml"
    path.write_text(example.text, encoding="utf-8")
    assert all(compile_workout(workout).segments for workout in plan.workouts(script.load(path)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda fence: f"{fence.page.name}:{fence.line}")
def test_every_example_drops_nothing(example: Fence, folder: Path) -> None:
    path = folder / "example.toml"
    path.write_text(example.text, encoding="utf-8")
    for workout in plan.workouts(script.load(path)):
        arrangement = arrange(compile_workout(workout), Estimate(RATE), rate=RATE)
        assert not [missing for passage in arrangement.passages for missing in passage.dropped]


def test_the_cue_sheet_shown_is_the_one_that_comes_out(folder: Path) -> None:
    example, shown = shown_sheet(ROOT / "docs" / "scripts.md")
    assert shown.text == sheet(example.text, folder), "where the change is meant: python tests/update_golden.py"


def test_every_placeholder_is_explained() -> None:
    page = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
    assert not [name for name in values.PLACEHOLDERS if f"`{{{name}}}`" not in page]


def test_every_room_is_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = page.partition("## Rooms")[2].partition("\n## ")[0]
    package = Path(voicecoach.__file__).parent
    wanted = {f"`{path.parent.name}/`" for path in package.glob("*/__init__.py")}
    wanted |= {f"`{path.stem}`" for path in package.glob("*.py") if not path.stem.startswith("_")}
    assert not [room for room in sorted(wanted) if room not in rooms]


def test_links_within_a_page_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        source = page.read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", source, re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert set(re.findall(r"\]\(#([^)]+)\)", source)) <= anchors


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_the_schema_for_editors_is_that_of_the_models() -> None:
    written = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert written == script.schema(), "where the change is meant: python tests/update_golden.py"


def test_the_reference_is_that_of_the_models() -> None:
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert written == reference(), "where the change is meant: python tests/update_golden.py"


def test_every_page_has_its_place_in_the_site() -> None:
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert not [page.name for page in (ROOT / "docs").glob("*.md") if f": {page.name}\n" not in site]


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "index.md").read_text(encoding="utf-8")
    titles = {page.name: page.read_text(encoding="utf-8").partition("\n")[0] for page in folder.glob("0*.md")}
    assert not [name for name, title in titles.items() if f"[{title.partition('. ')[2]}]({name})" not in listed]


def test_the_cookbook_has_every_workout_that_ships_and_its_length() -> None:
    page = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)`(?: to `-(\d)`)? \| (?:from )?(\d+)(?: to (\d+))? min \|", page, re.MULTILINE)
    lengths: dict[str, tuple[float, float]] = {}
    for name, last, shortest, longest in rows:
        stem = name.rstrip("0123456789")
        names = [f"{stem}{number}" for number in range(1, int(last) + 1)] if last else [name]
        lengths |= dict.fromkeys(names, (float(shortest), float(longest or shortest)))
    assert sorted(lengths) == [name for name in test_scripts.NAMES if name not in test_scripts.TRANSLATIONS]
    for name, (shortest, longest) in lengths.items():
        _, arrangement = test_scripts.session(name)
        assert shortest - 0.5 <= test_scripts.minutes(arrangement) <= longest + 0.5, name


def test_texts_are_spoken_as_the_page_shows() -> None:
    page = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
    section = page.partition("\n## How texts are spoken\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", section, re.MULTILINE)
    assert len(rows) > 10
    assert [(written, wording.of("en").spoken(written)) for written, _ in rows] == rows


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda fence: f"{fence.page.name}:{fence.line}")
def test_every_example_is_laid_out(example: Fence) -> None:
    if not example.text.startswith(SHORTEST):
        assert example.text == layout.laid_out(example.text)


def test_the_page_on_warnings_is_what_the_catalogue_knows() -> None:
    written = WARNINGS.read_text(encoding="utf-8")
    assert written == warnings_page(), "where the change is meant: python tests/update_golden.py"
