"""What an editor shows of a script by the schema, asked of a real checker (tombi)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import TypeAdapter

from voicecoach import script
from voicecoach.script import model
from voicecoach.store import folders

TOMBI = shutil.which("tombi", path=sysconfig.get_path("scripts")) or shutil.which("tombi")
_ERROR = re.compile(r"Error: (?P<what>.*)\n\s+at .*?(?P<line>\d+):(?P<column>\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SCHEMA = script.schema()
MODELS = {"Script": SCHEMA, **{name: shape for name, shape in SCHEMA["$defs"].items() if "properties" in shape}}


@pytest.mark.parametrize("name", MODELS)
def test_every_key_has_a_description_and_an_example(name: str) -> None:
    told: dict[str, Any] = MODELS[name]["properties"]
    assert not [key for key, value in told.items() if not value.get("description") or not value.get("examples")]


def test_the_keys_of_an_answer_are_described_where_a_step_is(tmp_path: Path) -> None:
    told = SCHEMA["$defs"]["Step"]["properties"]["answers"]["items"]["properties"]
    assert told.keys() == SCHEMA["$defs"]["Answer"]["properties"].keys()
    assert all(each["description"] for each in told.values())


@pytest.mark.slow
def test_every_example_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("squeeze.wav", "welcome.wav", "gong.wav", "bell.wav"):
        (tmp_path / name).touch()
    models = [each for each in vars(model).values() if isinstance(each, type) and issubclass(each, model.Model)]
    for each in models:
        types = get_type_hints(each, include_extras=True)
        for key, field in each.model_fields.items():
            for example in (field.examples or ()) if field.alias is None else ():
                TypeAdapter(types[key]).validate_python(example)


def linted(folder: Path, *files: Path) -> str:
    assert TOMBI is not None
    (folder / "voicecoach.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    call = [TOMBI, "lint", "--offline", *map(str, files)]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    return _COLOUR.sub("", done.stdout + done.stderr)


@pytest.mark.slow
@pytest.mark.skipif(TOMBI is None, reason="tombi is not here")
class TestTombi:
    def test_finds_nothing_in_the_scripts_that_ship(self, tmp_path: Path) -> None:
        files = []
        for path in folders.shipped_scripts().glob("*.toml"):
            files.append(tmp_path / path.name)
            text = path.read_text(encoding="utf-8")
            files[-1].write_text(f"#:schema voicecoach.schema.json\n{text}", encoding="utf-8")
        shown = linted(tmp_path, *files)
        assert f"{len(files)} files linted successfully" in shown
        assert "Warning" not in shown

    @pytest.mark.parametrize(
        ("step", "key", "what"),
        [
            ('{ hold = "45s", nme = "Bridge" }', "nme", '"nme" is not allowed'),
            ('{ hold = "45", name = "Bridge" }', '"45"', "does not match the pattern"),
            ('{ reps = 0, tempo = "3-1-2" }', "0,", "the value must be ≥ 1, but found 0"),
            ('{ work = ["45s", "45"] }', '"45"', "does not match the pattern"),
            ('{ hodl = "45s" }', "hodl", '"hodl" is not allowed'),
            ('{ hodl = "45s", name = "Bridge" }', "hodl", '"hodl" is not allowed'),
            ('{ say = "Lift.", every = "8s" }', "every", '"every" is not allowed'),
            ('{ run = "3min", name = 3 }', "3 }", "expected a value of type String, but found Integer"),
            ('{ hold = "45s", order = "shufle" }', '"shufle"', "shufle"),
            ('{ ask = "How?", answers = [{ label = "Fine", sya = "Good." }] }', "sya", '"sya" is not allowed'),
        ],
    )
    def test_each_wrong_key_of_a_wrong_step_is_one_error_at_its_place(
        self, tmp_path: Path, step: str, key: str, what: str
    ) -> None:
        head = '#:schema voicecoach.schema.json\ntitle = "A"\n[[block]]\n'
        path = tmp_path / "a.toml"
        path.write_text(f'{head}steps = [\n  {{ rest = "10s" }},\n  {step},\n]\n', encoding="utf-8")
        shown = linted(tmp_path, path)
        found = [(error["what"], int(error["line"]), int(error["column"])) for error in _ERROR.finditer(shown)]
        assert len(found) == 1, shown
        assert what in found[0][0]
        assert found[0][1:] == (6, f"  {step}".index(key) + 1)
        assert "Warning" not in shown
