"""Scripts begun and edited from the command line, and what tells editors and assistants the format."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from voicecoach import script
from voicecoach.cli import cli, edit, new
from voicecoach.script.model import STEP_MODELS

BRIDGE = 'title = "Mine"\n[[block]]\nsteps = [ { hold = "30s", name = "Bridge" } ]\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of the person's own, and a current folder; no editor."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return tmp_path / "home"


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, arguments, **options)


def editor(tmp_path: Path, body: str) -> str:
    """The call of an editor that does this to the text of the file it is given."""
    program = tmp_path / "my editor.py"
    program.write_text(
        "import sys, pathlib\nassert sys.argv[1] == '--wait'\npath = pathlib.Path(sys.argv[2])\n"
        f"text = path.read_text(encoding='utf-8')\n{body}\npath.write_text(text, encoding='utf-8')\n",
        encoding="utf-8",
    )
    return f'"{sys.executable}" "{program}" --wait'


class TestNew:
    @pytest.mark.slow
    def test_a_name_goes_into_the_own_folder_with_the_schema_beside_it(self, home: Path) -> None:
        made = run("new", "hip-day", "--kind", "run", "--minutes", "20", "--cue", "Run tall.")
        path = home / "scripts" / "hip-day.toml"
        assert (made.exit_code, made.stdout) == (0, f"{path}\n")
        assert 'next: "voicecoach edit hip-day" or "voicecoach play hip-day"' in made.stderr
        text = path.read_text(encoding="utf-8")
        assert text.startswith("#:schema voicecoach.schema.json\n")
        assert 'title    = "Hip day"' in text
        assert '"Run tall."' in text
        assert json.loads((path.parent / "voicecoach.schema.json").read_text(encoding="utf-8")) == script.schema()
        assert run("check", "--strict", "hip-day").exit_code == 0
        assert "hip-day\tHip day\t20:0" in run("list").stdout

    def test_a_path_stays_a_path(self) -> None:
        assert run("new", "./bridge").stdout == "bridge.toml\n"
        assert run("check", "bridge.toml").exit_code == 0

    def test_nothing_is_written_over(self, home: Path) -> None:
        Path("bridge.toml").write_text(BRIDGE, encoding="utf-8")
        refused = run("new", "./bridge.toml")
        assert (refused.exit_code, refused.stderr) == (
            1, 'voicecoach: bridge.toml: is there already (take another name, or "voicecoach edit ./bridge.toml")\n',
        )  # fmt: skip
        assert Path("bridge.toml").read_text(encoding="utf-8") == BRIDGE
        assert not home.exists()

    @pytest.mark.parametrize("name", ["", "-", "a:b", "a*", "x" * 200, ".hidden", "#block"])
    def test_what_is_no_name(self, name: str) -> None:
        refused = run("new", "--", name)
        assert refused.exit_code == 1
        assert "is no name for a script" in refused.stderr

    def test_a_folder_that_is_not_there(self) -> None:
        assert "there is no such folder (make it first" in run("new", "nowhere/bridge.toml").stderr

    def test_like_another(self, home: Path) -> None:
        assert run("new", "mine", "--like", "glute-bridge").exit_code == 0
        text = (home / "scripts" / "mine.toml").read_text(encoding="utf-8")
        assert text.startswith('#:schema voicecoach.schema.json\ntitle    = "Mine"\n')
        assert 'hold = "45s"' in text

    def test_like_one_that_uses_files_beside_it(self, home: Path) -> None:
        Path("other.toml").write_text(BRIDGE, encoding="utf-8")
        Path("one.toml").write_text('title = "x"\n[[block]]\nsteps = [ { use = "./other.toml" } ]\n', encoding="utf-8")
        refused = run("new", "mine", "--like", "./one.toml")
        assert refused.exit_code == 1
        assert 'write it beside it: "voicecoach new mine.toml --like ./one.toml"' in refused.stderr
        assert not home.exists()
        assert run("new", "mine.toml", "--like", "./one.toml").exit_code == 0

    def test_ways_to_begin_exclude_each_other(self) -> None:
        for others in (["--like", "glute-bridge", "--kind", "run"], ["--from-text", "-", "--like", "glute-bridge"]):
            assert "are three ways to begin: take one" in run("new", "x", *others).stderr

    def test_a_cue_that_no_script_may_have(self) -> None:
        refused = run("new", "x", "--cue", "{nme}")
        assert refused.exit_code == 2
        assert 'unknown name {nme} (did you mean "name"?)' in refused.stderr

    def test_three_questions_on_a_terminal(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(new, "_interactive", lambda: True)
        made = run("new", "hips", input="intervals\n15\nRun tall.\n\n")
        assert made.exit_code == 0
        assert made.stderr.index("What is it?") < made.stderr.index("How many minutes?")
        text = (home / "scripts" / "hips.toml").read_text(encoding="utf-8")
        assert 'run = "1min"' in text
        assert '  "Run tall.",\n]' in text

    def test_a_language_without_phrases_is_told(self) -> None:
        told = 'its names and cues are English: there are none in "sv"'
        assert told in run("new", "./benlyft.toml", "--language", "sv").stderr
        assert "are English" not in run("new", "./ponte.toml", "--language", "pt-BR").stderr

    def test_a_call_that_can_be_typed_as_it_is_told(self) -> None:
        assert "\"voicecoach play 'hip day'\"" in run("new", "hip day").stderr.replace(
            'play "hip day"', "play 'hip day'"
        )

    def test_an_answer_that_is_no_number_and_one_that_ends_it(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(new, "_interactive", lambda: True)
        ended = run("new", "hips", input="run\ntwelve\n")  # and no more: what Ctrl-C comes to
        assert "'twelve' is not a valid whole number." in ended.stderr
        assert (ended.exit_code, ended.stderr.endswith("interrupted\n")) == (130, True)
        assert not (home / "scripts").exists()

    def test_one_with_the_name_of_one_that_ships(self) -> None:
        assert "goes before the workout of that name that ships" in run("new", "glute-bridge").stderr


class TestFromText:
    @pytest.mark.slow
    def test_of_a_pipe(self, home: Path) -> None:
        made = run("new", "legs", "--from-text", "-", input="3 x 10 squats, 30s rest\n400m easy\n")
        assert made.exit_code == 0
        assert 'text:2: not understood: 400m easy ("400m" is no length of time)' in made.stderr
        assert "1 line not understood; each is a comment in the script" in made.stderr
        assert "# 400m easy\n" in (home / "scripts" / "legs.toml").read_text(encoding="utf-8")
        assert run("check", "legs").exit_code == 0

    def test_of_a_file_in_another_language(self) -> None:
        Path("plan.txt").write_text("3 Runden: 45 Sek. Brücke, 20 Sek. Pause\n", encoding="utf-8")
        made = run("new", "./plan", "--from-text", "plan.txt")
        assert 'read as "de" (--language says otherwise)' in made.stderr
        assert 'language = "de"' in Path("plan.toml").read_text(encoding="utf-8")

    def test_nothing_is_understood(self, home: Path) -> None:
        refused = run("new", "x", "--from-text", "-", input="Dear diary,\nit rained.\n")
        assert refused.exit_code == 2
        assert "nothing was understood" in refused.stderr
        assert not home.exists()

    def test_what_is_no_text(self) -> None:
        Path("x.bin").write_bytes(b"\xff\xfe\xfa")
        assert run("new", "x", "--from-text", "x.bin").stderr.endswith("is no text in UTF-8 (save it as UTF-8)\n")
        assert run("new", "x", "--from-text", "nothing.txt").exit_code == 2


class TestEdit:
    def test_no_editor(self) -> None:
        Path("mine.toml").write_text(BRIDGE, encoding="utf-8")
        refused = run("edit", "./mine.toml")
        assert refused.exit_code == 1
        assert "no editor is named: say which, as " in refused.stderr

    def test_one_that_cannot_be_started(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("mine.toml").write_text(BRIDGE, encoding="utf-8")
        monkeypatch.setenv("EDITOR", "no-such-editor -x")
        assert 'the editor "no-such-editor" cannot be started' in run("edit", "./mine.toml").stderr

    def test_it_is_checked_when_the_editor_ends(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("mine.toml").write_text(BRIDGE, encoding="utf-8")
        monkeypatch.setenv("EDITOR", "not this one")
        monkeypatch.setenv("VISUAL", editor(tmp_path, "text = text.replace('hold', 'hodl')"))
        edited = run("edit", "./mine.toml")
        assert edited.exit_code == 2
        assert 'did you mean "hold"?' in edited.stdout

    @pytest.mark.slow
    def test_it_is_opened_again_where_there_are_mistakes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("mine.toml").write_text(BRIDGE.replace("hold", "hxx"), encoding="utf-8")
        monkeypatch.setenv("EDITOR", editor(tmp_path, "text = text.replace('hx ', 'hold ').replace('hxx', 'hx')"))
        monkeypatch.setattr(edit, "_interactive", lambda: True)
        edited = run("edit", "./mine.toml", input="y\n")
        assert edited.exit_code == 0
        assert edited.stderr.count("Open it again?") == 1
        assert run("edit", "./mine.toml").exit_code == 0

    @pytest.mark.slow
    def test_one_that_ships_is_copied(self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EDITOR", editor(tmp_path, "text = text.replace('3min', '4min')"))
        edited = run("edit", "easy-run")
        path = home / "scripts" / "easy-run.toml"
        assert f"copied to {path}" in edited.stderr
        assert 'walk = "4min"' in path.read_text(encoding="utf-8")
        assert "copied" not in run("edit", "easy-run").stderr

    def test_a_copy_that_nobody_changed_goes_again(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("EDITOR", editor(tmp_path, "pass"))
        assert "nothing was changed: the copy is gone" in run("edit", "easy-run").stderr
        assert not (home / "scripts" / "easy-run.toml").exists()

    def test_a_name_that_nothing_has(self) -> None:
        refused = run("edit", "easy-rum")
        assert refused.exit_code == 2
        assert 'did you mean "easy-run"' in refused.stderr
        assert '"voicecoach new easy-rum" begins a script of that name' in refused.stderr


def test_schema_is_that_of_the_models() -> None:
    assert json.loads(run("schema").stdout) == script.schema()


def test_every_script_of_the_brief_is_right_and_drops_nothing() -> None:
    page = run("brief").stdout
    examples = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(examples) > 2
    for number, example in enumerate(examples):
        Path(f"{number}.toml").write_text(example, encoding="utf-8")
        checked = run("check", "--strict", f"{number}.toml")
        assert checked.exit_code == 0, checked.output


def test_every_key_that_the_brief_shows_is_right_as_it_is_shown() -> None:
    rules = run("brief").stdout.partition("RULES")[2].partition("```")[0]
    lines = [line for line in rules.splitlines() if line.startswith("    ")]
    value = r'"(?:[^"])*"|[0-9]+|true|false|\[.*?\](?= |$)|\{.*?\}(?= |$)'
    shown = re.findall(rf"(\w+) = ({value})", "\n".join(lines), re.MULTILINE)
    assert len(shown) > 25
    beside = {"pause": 'say = "x"', "cap": 'hold = "max"', "tempo": "reps = 8", "each": "reps = 8", "or": 'ready = "x"'}
    steps = []
    for key, written in shown:
        if key == "answers":
            steps.append(f'{{ ask = "x", answers = {written} }}')
        elif key in STEP_MODELS:
            answers = ", answers = [ { label = 'x' } ]" if key == "ask" else ""
            steps.append(f"{{ {key} = {written}{answers} }}")
        else:
            step = beside.get(key, "work = '2min'")
            steps.append(f"{{ {step}, {key} = {written} }}")
    joined = ",\n  ".join(steps)
    pool = '[cues]\nform = ["Lift."]\n[[block]]\nname = "block name"\naside = true\nsteps = [ { say = "x" } ]\n'
    Path("all.toml").write_text(f'title = "x"\n{pool}[[block]]\nsteps = [\n  {joined}\n]\n', encoding="utf-8")
    checked = run("check", "all.toml")
    assert checked.exit_code == 0, checked.output


def test_the_brief_names_every_kind_of_step_and_fits_a_page() -> None:
    page = run("brief").stdout
    assert not [kind for kind in STEP_MODELS if kind != "play" and f"{kind} = " not in page]
    assert len(page) < 6_000
