"""The command line as a person, or a program, meets it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import voicecoach
from voicecoach import units
from voicecoach.cli import cli, failures, output
from voicecoach.cli.commands import COMMANDS
from voicecoach.cli.keys import NoKeyboard
from voicecoach.errors import VoicecoachError, VoiceError
from voicecoach.export.formats import FORMATS
from voicecoach.play.wishes import Wanted, Wish
from voicecoach.review import cuesheet
from voicecoach.sound.clip import Clip
from voicecoach.speech.engine import Manner, VoiceInfo
from voicecoach.speech.tone import ToneEngine

ROOT = Path(__file__).parents[2]
SHORT = """
title = "Short one"
[announce]
style = "voice"
countdown = 1
complete = false
[cues]
form = ["Lift.", "Breathe."]
[[block]]
name = "Main"
repeat = 2
steps = [ { hold = "6s", name = "Bridge", cues = "form", every = "2s" }, { rest = "3s", rounds = "first" } ]
"""
WRONG = 'title = "x"\n[[block]]\nsteps = [ { hold = "30" }, { hodl = "3s" } ]\n'


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of the person's own, without anything in them, and a current folder to write to."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("VOICECOACH_HOME", str(folder))
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))
    return folder


@pytest.fixture
def short(home: Path) -> Path:
    """A script of some seconds."""
    path = Path.cwd() / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, arguments, **options)


def spoken(*arguments: str) -> Result:
    """With the test voice."""
    return run(*arguments, "--voice", "tone")


def own_script(home: Path, name: str, text: str) -> None:
    folder = home / "scripts"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def mute(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Lets the test voice fail at a line."""
    speak = ToneEngine.speak

    def fail(self: ToneEngine, said: str, voice: VoiceInfo, manner: Manner) -> Clip:
        if said == text:
            raise VoiceError("out of breath")
        return speak(self, said, voice, manner)

    monkeypatch.setattr(ToneEngine, "speak", fail)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and what is under it, by its words."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())


class TestEveryCommand:
    @pytest.mark.parametrize(
        ("words", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
    )
    def test_has_help_and_a_place_in_the_documentation(self, words: str, command: click.Command) -> None:
        shown = run(*words.split(), "--help")
        assert shown.exit_code == 0
        assert len(command.help or "") > 30
        page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
        assert f"voicecoach {words}" in page
        for param in command.params:
            if isinstance(param, click.Option):
                assert param.help, f"{words} {param.name} has no help"
                assert f"`{max(param.opts, key=len)}" in page, f"{words} {param.opts} is not in docs/commands.md"

    @pytest.mark.parametrize("name", COMMANDS)
    def test_is_in_the_readme(self, name: str) -> None:
        pages = [ROOT / "README.md", ROOT / "docs" / "commands.md"]
        assert any(f"voicecoach {name}" in page.read_text(encoding="utf-8") for page in pages)

    @pytest.mark.parametrize("name", COMMANDS)
    @pytest.mark.parametrize("flag", ["-q", "--verbose"])
    def test_takes_the_general_options_after_its_name_too(self, name: str, flag: str) -> None:
        assert run(name, flag, "--help").exit_code == 0


class TestCalls:
    def test_no_command_shows_help(self) -> None:
        assert "Commands:" in run().output

    def test_version(self) -> None:
        assert re.fullmatch(r"voicecoach \d+\.\d+\.\d+\n", run("--version").stdout)

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["lits"], 2, 'did you mean "list"?'),
            (["bridge.toml"], 2, "voicecoach play bridge.toml"),
            (["play"], 2, "SCRIPT"),
            (["check"], 2, "SCRIPT"),
            (["play", "glute-brigde"], 2, "glute-bridge"),
            (["play", "./nowhere.toml"], 2, "nowhere.toml"),
            (["play", "short.toml", "--from", "7"], 2, "the session has 3"),
            (["play", "short.toml", "--from", "1" * 5000], 2, "the session has 3"),
            (["play", "short.toml", "--from", "Brigde"], 2, 'did you mean "Bridge"?'),
            (["play", "short.toml", "--output", "cassette"], 2, "there are: device, file, simpleaudio, memory"),
            (["play", "short.toml", "--output", "memory", "--device", "x"], 2, "--device"),
            (["play", "short.toml", "--output", "memory", "--voice", "nobody"], 2, "nobody"),
            (["play", "short.toml", "--rate", "9"], 2, "--rate"),
            (["compile", "wrong.toml"], 2, 'wrong.toml:3:13: block[0].steps[0].hold: "30" has no unit'),
            (["compile", "short.toml", "-f", "yaml"], 2, "json"),
            (["compile", "short.toml", "--voice", "nobody"], 2, 'no voice is called "nobody"'),
            (["export", "short.toml", "--voice", "piper"], 2, "piper has no voice"),
            (["check", "short.toml", "--voice", "nobody"], 2, 'no voice is called "nobody"'),
            (
                ["export", "short.toml", "--voice", "en_US-lessac-medium"],
                2,
                "voicecoach voices install en_US-lessac-medium",
            ),
            (["compile", "short.toml", "--seed", "-1"], 2, "--seed"),
            (["compile", "binary.toml"], 2, "binary.toml"),
            (["compile", "empty.toml"], 2, "empty"),
            (
                ["compile", "."],
                2,
                "it is a folder, not a script (in it: binary.toml, empty.toml, short.toml, wrong.toml)",
            ),
            (["compile", "/"], 2, "it is a folder, not a script"),
            (["check", "mine"], 2, 'did you mean the file "./mine.toml.txt"?'),
            (["check", "mine.toml"], 2, 'did you mean "mine.toml.txt"?'),
            (["mine.toml.txt"], 2, "voicecoach play mine.toml.txt"),
            (["check", "wrong.toml", "binary.toml"], 2, "3 mistakes"),
            (["export", "wrong.toml"], 2, "has no unit"),
            (["export", "short.toml", "-o", "x.xyz"], 2, "mp3, m4a, opus, flac, wav"),
            (
                ["export", "short.toml", "-o", "x.ogg"],
                2,
                'did you mean "x.opus"? (there are: mp3, m4a, opus, flac, wav)',
            ),
            (["export", "short.toml", "-o", "x.wav", "--format", "mp3"], 2, "-o x.wav and --format mp3 disagree"),
            (["export", "short.toml", "--chapters"], 2, "MP3 and M4A always have them"),
            (["export", "short.toml", "--chaptres"], 2, "No such option"),
            (
                ["export", "short.toml", "intervals", "-o", "x.mp3"],
                2,
                "x.mp3 is one file, and there are several scripts",
            ),
            (["export", "short.toml", "--format", "ogg"], 2, "opus"),
            (["export", "short.toml", "./short.toml"], 2, "would both become"),
            (["export", "short.toml", "--voice", "tone", "-o", "no/folder/x.wav"], 1, "no/folder"),
            (["export", "short.toml", "intervals", "-o", "short.toml"], 1, "short.toml"),
            (["voices", "--voice", "nobody"], 2, "nobody"),
            (["voices", "--say", " ", "--voice", "tone"], 2, "nothing to say"),
            (["cache", "burn"], 2, "burn"),
        ],
        ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
    )
    def test_a_bad_call_says_what_would_be_right(self, arguments: list[str], code: int, said: str, short: Path) -> None:
        Path("wrong.toml").write_text(WRONG, encoding="utf-8")
        Path("binary.toml").write_bytes(bytes(range(256)) * 4)
        Path("empty.toml").touch()
        Path("mine.toml.txt").write_text(SHORT, encoding="utf-8")
        result = run(*arguments)
        assert (result.exit_code, result.exception.__class__) == (code, SystemExit)
        assert said in " ".join(result.output.split())
        assert "Traceback" not in result.output
        assert not Path("x.mp3").exists()

    def test_a_wrong_configuration_says_where(self, home: Path, short: Path) -> None:
        (home / "config").mkdir()
        (home / "config" / "config.toml").write_text("[voice]\nrat = 2\n", encoding="utf-8")
        result = run("compile", str(short))
        assert result.exit_code == 2
        assert "config.toml:2:1: voice.rat" in result.stderr

    def test_what_a_terminal_would_obey_is_not_said(self) -> None:
        result = run("play", "\x1b[2Jgone")
        assert result.exit_code == 2
        assert "\x1b" not in result.output

    def test_mistakes_of_our_own_are_short_unless_details_are_asked_for(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        error = ZeroDivisionError("division by zero")
        output.set_level("")
        failures.report_unexpected(ZeroDivisionError, error, None)
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "please report it" in said
        monkeypatch.setattr(output, "verbose", lambda: True)
        failures.report_unexpected(ZeroDivisionError, error, None)
        assert "ZeroDivisionError: division by zero\nvoicecoach" in capsys.readouterr().err

    def test_a_script_with_very_many_mistakes_is_cut_but_not_by_check(self) -> None:
        steps = ",\n".join('{ hold = "30" }' for _ in range(200))
        Path("many.toml").write_text(f'title = "x"\n[[block]]\nsteps = [\n{steps}\n]\n', encoding="utf-8")
        assert run("compile", "many.toml").stderr.count("has no unit") == failures.MOST_PROBLEMS
        assert "150 more (200 in all)" in run("compile", "many.toml").stderr
        assert run("check", "many.toml").stdout.count("has no unit") == 200


class TestList:
    def test_in_a_pipe_each_workout_is_a_line(self, home: Path) -> None:
        own_script(home, "mine", SHORT)
        own_script(home, "broken", WRONG)
        lines = [line.split("\t") for line in run("list").stdout.splitlines()]
        by_name = {line[0]: line[1:] for line in lines}
        assert by_name["mine"] == ["Short one", "0:18", "yours"]
        assert by_name["glute-bridge"][0] == "Glute bridge"
        assert by_name["glute-bridge"][2] == "voicecoach"
        assert "2 mistakes" in by_name["broken"][0]
        assert [line[0] for line in lines] == sorted(by_name)

    @pytest.mark.slow
    def test_a_recording_that_is_none_does_not_keep_the_others(self, home: Path) -> None:
        own_script(home, "broken", 'title = "x"\n[[block]]\nsteps = [ { play = "junk.wav" } ]\n')
        (home / "scripts" / "junk.wav").write_bytes(b"junk" * 100)
        result = run("list")
        by_name = {line.split("\t")[0]: line for line in result.stdout.splitlines()}
        assert result.exit_code == 0
        assert "(1 mistake: " in by_name["broken"]
        assert "Ultra" in by_name["ultra"]

    def test_on_a_terminal_it_is_a_table(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Terminal(StringIO):
            def isatty(self) -> bool:
                return True

        screen = Terminal()
        monkeypatch.setattr("sys.stdout", screen)
        monkeypatch.setenv("COLUMNS", "100")
        output.table(("name", "title"), [("a\x1b[2J", "[bold]not markup")])
        assert "name" in screen.getvalue()
        assert "[bold]not markup" in screen.getvalue()
        assert "\x1b[2J" not in screen.getvalue()


class TestCompile:
    def test_text_is_a_cue_sheet(self, short: Path) -> None:
        sheet = spoken("compile", "short.toml").stdout
        assert sheet.startswith("Short one\n")
        assert "Bridge 1/2 (hold, 6s)" in sheet
        assert re.search(r"cue +Lift\.", sheet)

    def test_json_is_the_contract_with_the_voice_that_speaks(self, short: Path) -> None:
        document = json.loads(spoken("compile", "short.toml", "-f", "json", "--seed", "3").stdout)
        assert set(document) == set(cuesheet.Document.__annotations__)
        assert (document["version"], document["title"], document["seed"]) == (1, "Short one", 3)
        assert [segment["name"] for segment in document["segments"]] == ["Bridge", "Rest", "Bridge"]
        assert document["events"] == sorted(document["events"], key=lambda event: event["at"])
        estimated = json.loads(run("compile", "short.toml", "-f", "json", "--estimate").stdout)
        assert [e["text"] for e in estimated["events"]] == [e["text"] for e in document["events"]]

    def test_a_faster_voice_says_it_sooner(self, short: Path) -> None:
        def first_line(*options: str) -> float:
            event = json.loads(run("compile", "short.toml", "-f", "json", "--estimate", *options).stdout)["events"][0]
            return float(event["end"] - event["at"])

        assert first_line("--rate", "2") < 0.7 * first_line()

    def test_from_standard_input(self) -> None:
        result = CliRunner().invoke(cli, ["compile", "-", "--estimate"], input=SHORT)
        assert result.stdout.startswith("Short one\n")


class TestCheck:
    def test_a_right_script_is_silent_but_for_the_sum(self, short: Path) -> None:
        result = run("check", "short.toml")
        said = 'no mistakes, no warnings (lengths are estimated; "--spoken" measures them)\n'
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", said)

    def test_lines_that_were_spoken_before_have_their_real_length(self) -> None:
        Path("x.toml").write_text(
            'title = "x"\n[voice]\nengine = "tone"\n[announce]\nstyle = "voice"\ncountdown = 0\n'
            '[[block]]\nsteps = [ { hold = "9s", halfway = false, at = { "4s" = "'
            + "Strengthened strengths " * 4
            + '" } } ]\n',
            encoding="utf-8",
        )
        estimated = run("check", "x.toml")
        assert "estimated" in estimated.stderr
        assert run("export", "x.toml", "-o", "x.wav").exit_code == 0
        kept, spoken = run("check", "x.toml"), run("check", "--spoken", "x.toml")
        assert kept.output == spoken.output
        assert "runs 0.9 s past the end of its step" in kept.stdout
        assert kept.stdout != estimated.stdout

    def test_one_that_cannot_be_spoken_does_not_keep_the_others(
        self, short: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Path("wrong.toml").write_text(WRONG, encoding="utf-8")
        Path("mute.toml").write_text(SHORT.replace("Lift.", "Mute."), encoding="utf-8")
        mute(monkeypatch, "Mute.")
        result = run("check", "--spoken", "--voice", "tone", "mute.toml", "short.toml", "wrong.toml")
        assert result.exit_code == 2
        assert "mute.toml: out of breath" in result.stdout
        assert "wrong.toml:3:" in result.stdout
        assert "3 mistakes" in result.stderr
        assert run("check", "--spoken", "--voice", "tone", "mute.toml", "short.toml").exit_code == 1

    def test_mistakes_come_with_their_places_for_every_script(self, short: Path) -> None:
        Path("wrong.toml").write_text(WRONG, encoding="utf-8")
        result = run("check", "short.toml", "wrong.toml")
        assert result.exit_code == 2
        places = re.findall(r"^wrong\.toml:3:\d+: block\[0\]\.steps\[\d\]", result.stdout, re.MULTILINE)
        assert len(places) == 2

    def test_an_audio_file_that_is_none_is_a_mistake(self) -> None:
        Path("junk.wav").write_bytes(b"junk" * 100)
        Path("x.toml").write_text(
            'title = "x"\n[[block]]\nsteps = [ { play = "junk.wav" }, { hold = "5s" } ]\n', encoding="utf-8"
        )
        result = run("check", "x.toml")
        assert result.exit_code == 2
        assert "junk.wav" in result.stdout

    @pytest.mark.parametrize(
        ("script", "warning"),
        [
            (
                '[[block]]\nsteps = [ { hold = "20s", at = { "10s" = "One two three four.", "10.5s" = "Five." } } ]',
                'the line "Five." starts ',
            ),
            (
                '[[block]]\nsteps = [ { hold = "30s", halfway = false, at = { "8s" = "' + "Lift and hold. " * 8 + '",'
                '"9s" = "Breathe." } } ]',
                'the line "Breathe." is left out: ',
            ),
            (
                '[[block]]\nsteps = [ { work = "9s" }, { rest = "4s" }, { work = "9s", intro = "'
                + "Now take all the time that you need. " * 4
                + '" } ]',
                "instead of 4s",
            ),
            (
                '[announce]\nstyle = "voice"\ncountdown = 0\n'
                '[[block]]\nsteps = [ { hold = "9s", at = { "4s" = "' + "Lift and hold. " * 9 + '" } } ]',
                "past the end of its step",
            ),
            (
                '[voice]\nrate = 3\n[[block]]\nsteps = [ { hold = "40s", at = { "9s" = "Push the ground behind." } } ]',
                "words a minute",
            ),
            (
                '[[block]]\nsteps = [ { hold = "40s", cues = ["Lift."], first = "60s" } ]',
                "none of its cues is ever heard",
            ),
            (
                '[[block]]\nsteps = [ { run = "2min" } ]\n[[reminder]]\ncues = ["Run tall."]\nevery = "3min"',
                "reminder[0]: warning: the reminder is never heard: it is first due after 3m",
            ),
            (
                '[[block]]\nsteps = [ { reps = 25, each = "0.6s" } ]',
                "counted numbers find no room",
            ),
        ],
        ids=["late", "left out", "long rest", "overrun", "fast", "unreached", "silent reminder", "crowded count"],
    )
    def test_warnings_say_what_will_not_sound_as_meant(self, script: str, warning: str) -> None:
        Path("x.toml").write_text(f'title = "x"\n{script}\n', encoding="utf-8")
        result = run("check", "x.toml")
        assert result.exit_code == 0
        assert warning in result.stdout
        assert re.match(r"x\.toml:\d+:\d+: [\w.\[\]]+: warning: ", result.stdout)
        assert run("check", "--strict", "x.toml").exit_code == 1
        assert run("check", "--quiet", "x.toml").output == ""

    def test_a_reminder_of_a_script_that_is_used_may_never_come_either(self) -> None:
        steps = 'steps = [ { run = "1min" } ]'
        used = f'title = "Part"\n[[block]]\n{steps}\n[[reminder]]\ncues = ["Run tall."]\nevery = "3min"\n'
        Path("part.toml").write_text(used, encoding="utf-8")
        uses = '{ use = "./part.toml" }, { run = "20min" }, { use = "./part.toml" }'
        Path("x.toml").write_text(f'title = "x"\n[[block]]\nsteps = [ {uses} ]\n', encoding="utf-8")
        told = re.compile(r"^part\.toml:4:1: reminder\[0\]: warning: the reminder is never heard", re.MULTILINE)
        assert len(told.findall(run("check", "x.toml").stdout)) == 1
        Path("part.toml").write_text(used.replace("3min", "40s"), encoding="utf-8")
        assert "never heard" not in run("check", "x.toml").stdout

    def test_a_warning_has_the_place_of_its_key_and_its_time(self) -> None:
        text = (
            'title = "x"\n[[block]]\nrest = "9s"\nsteps = [\n  { hold = "5s" },\n'
            '  {\n    hold = "20s",\n    halfway = false,\n'
            '    at = { "10s" = "One two three four.", "10.5s" = "Five." },\n  },\n]\n'
        )
        Path("x.toml").write_text(text, encoding="utf-8")
        idle, late = run("check", "x.toml").stdout.splitlines()
        assert idle.startswith('x.toml:3:1: block[0].rest: warning: "rest" lies between rounds')
        assert re.match(
            r'x\.toml:9:5: block\[0\]\.steps\[1\]\.at: warning: 0:\d\d Hold: the line "Five\." starts ', late
        )

    def test_a_warning_of_a_script_that_is_used_has_its_place_there(self) -> None:
        Path("part.toml").write_text(
            'title = "Part"\n[[block]]\nsteps = [\n  { hold = "9s", switch = "3s" },\n]\n', encoding="utf-8"
        )
        uses = '{ use = "./part.toml" }, { use = "./part.toml" }'
        Path("x.toml").write_text(f'title = "x"\n[[block]]\nsteps = [ {uses} ]\n', encoding="utf-8")
        (line,) = run("check", "x.toml").stdout.splitlines()
        assert line.startswith("part.toml:4:18: block[0].steps[0].switch: warning: ")

    def test_the_same_warning_is_told_once(self) -> None:
        Path("x.toml").write_text(
            'title = "x"\n[[block]]\nrepeat = 50\nsteps = [ { hold = "40s", at = { "10s" = "One two three four.", '
            '"10.5s" = "Five." } } ]\n',
            encoding="utf-8",
        )
        assert run("check", "x.toml").stdout.count("warning") == 1
        assert "and 49 more like it" in run("check", "x.toml").stdout

    @pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "scripts").glob("*.toml")))
    def test_every_workout_that_ships_is_without_fault(self, name: str) -> None:
        result = run("check", "--strict", name)
        assert (result.exit_code, result.stdout) == (0, "")


class TestWishes:
    """What a script or a configuration wishes for, and is not here."""

    COMMANDS = (
        ["check"],
        ["compile"],
        ["export", "-o", "x.wav"],
        ["play", "--output", "memory"],
    )

    @pytest.mark.slow
    @pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
    @pytest.mark.parametrize(
        ("wish", "said"),
        [
            ('[voice]\nname = "Samantha"', 'voice: no voice is called "Samantha"'),
            ('[voice]\nengine = "piper"', 'voice: piper has no voice for "en" here'),
            ('[voice]\nengine = "nobody"', 'voice: no engine is called "nobody"'),
            ('[voice]\nengine = "piper"\nname = "Amy"', 'voice: piper has no voice called "Amy"'),
            ('language = "tlh"', 'language: no voice speaks the language "tlh"'),
        ],
        ids=["voice", "engine", "no engine", "both", "language"],
    )
    def test_of_a_script_are_a_warning_and_the_default_speaks(self, command: list[str], wish: str, said: str) -> None:
        first = wish if wish.startswith("language") else ""
        steps = '[[block]]\nsteps = [ { say = "Lift." } ]'
        Path("x.toml").write_text(f'title = "x"\n{first}\n{"" if first else wish}\n{steps}\n', encoding="utf-8")
        result = run(*command, "x.toml")
        assert result.exit_code == 0
        where, code = rf"x\.(toml|wav): warning: {re.escape(said)}", ""
        if command == ["check"]:
            key, why = said.split(": ", 1)
            where, code = rf"x\.toml:[2345]:1: {key}(\.name|\.engine)?: warning: {re.escape(why)}", r" \[VC140\]"
        assert re.search(
            rf"^{where}.*; (hibari:heart|espeak:en-us) speaks instead{code}$",
            result.output,
            re.MULTILINE,
        )

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
    def test_of_the_configuration_are_one_too_that_names_its_file(
        self, command: list[str], home: Path, short: Path
    ) -> None:
        (home / "config").mkdir()
        (home / "config" / "config.toml").write_text('[voice]\nname = "Samantha"\n', encoding="utf-8")
        result = run(*command, "short.toml")
        assert result.exit_code == 0
        where = (
            r"config\.toml:2:1: voice\.name: warning:" if command == ["check"] else r"warning: .*config\.toml: voice:"
        )
        assert re.search(rf'{where} no voice is called "Samantha"', result.output)
        assert "Samantha" in run("voices").stderr
        assert run(*command, "short.toml", "--voice", "nobody").exit_code == 2


class TestExport:
    def test_the_formats_offered_are_those_there_are(self) -> None:
        assert f"[{'|'.join(FORMATS)}]" in run("export", "--help").output

    def test_it_is_silent_in_a_pipe_and_named_after_the_script(self, short: Path) -> None:
        result = spoken("export", "short.toml", "--format", "wav")
        assert (result.exit_code, result.output) == (0, "")
        with wave.open("short.wav") as file:
            assert 17 < file.getnframes() / file.getframerate() < 20

    def test_with_verbose_it_says_what_it_wrote(self, short: Path) -> None:
        assert re.search(r"x\.flac  0:[12]\d  [\d.]+ kB", spoken("export", "-v", "short.toml", "-o", "x.flac").stderr)

    @pytest.mark.slow
    def test_a_wish_for_small_silence_that_changes_nothing_is_told(self, short: Path) -> None:
        Path("tune.toml").write_text(SHORT + '[music]\nfiles = ["tune.wav"]\n', encoding="utf-8")
        with wave.open("tune.wav", "wb") as file:
            file.setparams((1, 2, 48000, 0, "NONE", ""))
            file.writeframes(bytes(96000 * 2))
        small = "--silence", "small"
        assert "silence" not in spoken("export", "short.toml", *small).output
        assert (
            "x.flac: --silence small changes nothing in FLAC"
            in spoken("export", "short.toml", "-o", "x.flac", *small).stderr
        )
        assert "tune.mp3: --silence small changes nothing under music" in spoken("export", "tune.toml", *small).stderr

    def test_several_scripts_go_into_a_folder(self, short: Path, home: Path) -> None:
        own_script(home, "mine", SHORT.replace("Short", "Other"))
        result = spoken("export", "short.toml", "mine", "-o", "out/files", "--format", "wav")
        assert result.exit_code == 0
        assert sorted(path.name for path in Path("out/files").iterdir()) == ["mine.wav", "short.wav"]

    def test_a_suffix_that_an_editor_put_behind_is_not_in_the_name(self, short: Path) -> None:
        short.rename("short.toml.txt")
        assert spoken("export", "short.toml.txt", "--format", "wav").exit_code == 0
        assert Path("short.wav").is_file()

    @pytest.mark.slow
    def test_a_folder_may_be_called_like_a_file(self, short: Path) -> None:
        assert spoken("export", "short.toml", "intervals", "-o", "x.wav/", "--format", "wav").exit_code == 0
        assert sorted(path.name for path in Path("x.wav").iterdir()) == ["intervals.wav", "short.wav"]

    def test_an_existing_folder_takes_the_file(self, short: Path) -> None:
        Path("out").mkdir()
        assert spoken("export", "short.toml", "-o", "out", "--format", "wav").exit_code == 0
        assert Path("out/short.wav").exists()

    def test_standard_input_is_named_after_its_title(self) -> None:
        CliRunner().invoke(cli, ["export", "-", "--format", "wav", "--voice", "tone"], input=SHORT)
        assert Path("short-one.wav").exists()

    def test_one_script_with_mistakes_does_not_keep_the_others(self, short: Path) -> None:
        Path("wrong.toml").write_text(WRONG, encoding="utf-8")
        result = spoken("export", "wrong.toml", "short.toml")
        assert result.exit_code == 2
        assert "wrong.toml:" in result.stderr
        assert [path.name for path in Path.cwd().glob("*.mp3")] == ["short.mp3"]

    @pytest.mark.parametrize("where", ["new/", "new/deeper/"])
    def test_what_ends_with_a_slash_is_a_folder(self, short: Path, where: str) -> None:
        assert spoken("export", "short.toml", "-o", where, "--format", "wav").exit_code == 0
        assert (Path(where) / "short.wav").is_file()

    def test_of_many_each_error_names_its_file(self, short: Path, home: Path) -> None:
        own_script(home, "mine", SHORT)
        result = run("export", "short.toml", "mine", "--voice", "nobody-here")
        assert result.exit_code == 2
        assert result.stderr.count('no voice is called "nobody-here"') == 2
        assert "short.mp3: " in result.stderr
        assert "mine.mp3: " in result.stderr

    def test_an_empty_address_is_none(self, short: Path) -> None:
        result = spoken("export", "short.toml", "--scheduler", "")
        assert (result.exit_code, "the address is empty" in result.stderr) == (2, True)

    def test_one_file_that_cannot_be_written_does_not_keep_the_others(self, short: Path, home: Path) -> None:
        own_script(home, "mine", SHORT)
        Path("mine.wav").mkdir()
        result = spoken("export", "short.toml", "mine", "--format", "wav")
        assert result.exit_code == 1
        assert "mine.wav" in result.stderr
        assert Path("short.wav").is_file()

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for one process")
    def test_an_interrupt_leaves_nothing_behind(self) -> None:
        names = ["long-run", "easy-run", "activation-walk"]
        process = voicecoach_process("export", *names, "--voice", "tone", "--plain-encode")
        assert wait_until(lambda: any(Path.cwd().iterdir()))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
        assert (process.returncode, said) == (130, "interrupted\n")
        assert not list(Path.cwd().iterdir())


class TestWhatAScriptCallsThings:
    """Names with what a terminal would obey, in every command that shows them."""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "command",
        [
            ["check"],
            ["compile"],
            ["compile", "-f", "json"],
            ["export", "-v", "--format", "wav"],
            ["play", "-v", "--output", "memory"],
            ["play", "--from", "nothing"],
            ["list"],
        ],
        ids=" ".join,
    )
    def test_are_shown_and_not_obeyed(self, command: list[str], home: Path) -> None:
        nasty = r"Nice\u001b]0;pwned\u0007\u001b[2J\u202e\u009b2J"
        own_script(
            home,
            "nasty",
            f'title = "{nasty}"\n[[block]]\nsteps = [ {{ hold = "9s", name = "One\\nTwo {nasty}", '
            f'at = {{ "4s" = "Long, long, long, long, long, long, long, long, long, long {nasty}" }} }} ]\n',
        )
        shown = run(*command, *(["nasty"] if command != ["list"] else [])).output
        assert shown
        assert not re.search("[\x1b\x07\x9b\u202e]", shown)
        assert not [line for line in shown.splitlines() if line.startswith("Two")]
        if "json" in command:
            assert json.loads(shown)["title"].startswith("Nice\x1b]0;pwned")


class TestPlay:
    def test_in_a_pipe_there_is_a_line_a_step(self, short: Path) -> None:
        result = spoken("play", "short.toml", "--output", "memory")
        assert result.exit_code == 0
        assert re.fullmatch(r"0:0\d  Bridge \(Main · round 1 of 2\)", result.stdout.splitlines()[0])
        assert "Short one: done" in result.stderr

    def test_every_step_has_its_line_however_short_it_is(self) -> None:
        with wave.open("click.wav", "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(b"\0\x20" * 200)
        names = [f"Click {number}" for number in range(8)]
        steps = ", ".join(f'{{ play = "click.wav", name = "{name}" }}' for name in names)
        Path("clicks.toml").write_text(f'title = "Clicks"\n[[block]]\nsteps = [ {steps} ]\n', encoding="utf-8")
        lines = spoken("play", "clicks.toml", "--output", "memory").stdout.splitlines()
        assert [line[6:] for line in lines] == [*names, "  Workout complete. Well done."]

    def test_in_memory_time_goes_by_as_anywhere(self, short: Path) -> None:
        lines = spoken("play", "short.toml", "--output", "memory").stdout.splitlines()
        assert [line[6:12] for line in lines] == ["Bridge", "Rest (", "Bridge"]
        assert lines[-1] >= "0:09"

    def test_quiet_says_nothing(self, short: Path) -> None:
        assert spoken("play", "-q", "short.toml", "--output", "memory").output == ""

    def test_a_tone_stands_for_a_line_that_cannot_be_spoken(self, short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        mute(monkeypatch, "Lift.")
        result = spoken("play", "short.toml", "--output", "memory")
        assert result.exit_code == 0
        assert "Short one: done" in result.stderr
        assert result.stderr.count("a tone stood for a line that could not be spoken: out of breath") == 1

    @pytest.mark.parametrize(
        ("arguments", "hint"),
        [
            (["my own.toml"], "voicecoach play 'my own.toml' --voice tone --output 'file:my heard.wav' --from 1"),
            (
                ["-"],
                "voicecoach play - --voice tone --output 'file:my heard.wav' --from 1 "
                "(with the same script on standard input)",
            ),
            (
                ["my own.toml", "--seed", "3", "--rate", "1.5"],
                "voicecoach play 'my own.toml' --voice tone --rate 1.5 --output 'file:my heard.wav' --seed 3 --from 1",
            ),
        ],
        ids=["a space", "standard input", "options"],
    )
    @pytest.mark.skipif(sys.platform == "win32", reason="written for the shells of POSIX")
    def test_the_call_to_go_on_is_the_one_it_was(
        self, arguments: list[str], hint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Quitting(NoKeyboard):
            def read(self, seconds: float) -> Wanted | None:
                return Wanted(Wish.END)

        monkeypatch.setattr("voicecoach.cli.keys.keyboard", Quitting)
        Path("my own.toml").write_text(SHORT, encoding="utf-8")
        options = ["--voice", "tone", "--output", "file:my heard.wav"]
        said = CliRunner().invoke(cli, ["play", *arguments, *options], input=SHORT).stderr
        assert said == f"ended in step 1; to go on there: {hint}\n"

    @pytest.mark.parametrize("step", ["3", "bridge 2/2"])
    def test_it_can_begin_with_any_step(self, short: Path, step: str) -> None:
        result = spoken("play", "short.toml", "--output", "memory", "--from", step)
        assert len(result.stdout.splitlines()) == 1
        assert "round 2 of 2" in result.stdout

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for one process")
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_it_with_130(self, short: Path, number: signal.Signals) -> None:
        process = voicecoach_process("play", "short.toml", "--output", "file:heard.wav", "--voice", "tone")
        assert process.stdout is not None
        assert "Bridge" in process.stdout.readline()
        process.send_signal(number)
        _, said = process.communicate(timeout=10)
        assert (process.returncode, said) == (130, "interrupted\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of POSIX")
class TestPlayInATerminal:
    """A real terminal at the other end of the process, of 80 columns and 24 rows."""

    @pytest.fixture
    def terminal(self) -> Iterator[tuple[int, int]]:
        import fcntl
        import pty
        import struct
        import termios

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        yield ours, theirs
        os.close(ours)
        os.close(theirs)

    def play(self, theirs: int, *options: str, text: str = "") -> subprocess.Popen[bytes]:
        import fcntl
        import termios

        Path("calm.toml").write_text(text or SHORT.replace("6s", "40s"), encoding="utf-8")
        words = ["play", "calm.toml", "--output", "file:x.wav", "--voice", "tone", *options]
        return subprocess.Popen(
            [sys.executable, "-m", "voicecoach", *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color"},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def until(self, ours: int, wanted: str, seconds: float = 15) -> str:
        """What is shown until ``wanted`` is."""
        import select

        seen = b""
        deadline = time.monotonic() + seconds
        while wanted.encode() not in seen and time.monotonic() < deadline:
            if select.select([ours], [], [], 0.1)[0]:
                seen += os.read(ours, 65536)
        assert wanted.encode() in seen, seen[-3000:].decode(errors="replace")
        return seen.decode(errors="replace")

    @pytest.mark.slow
    def test_keys_steer_it_and_the_terminal_is_given_back(self, terminal: tuple[int, int]) -> None:
        import termios

        ours, theirs = terminal
        before = termios.tcgetattr(theirs)
        process = self.play(theirs)
        shown = self.until(ours, "music")
        assert "\x1b[?1049h" in shown
        assert "Bridge" in shown
        os.write(ours, b" ")
        self.until(ours, "paused")
        os.write(ours, b" ")
        self.until(ours, "playing")
        os.write(ours, b"\x1b[C")
        self.until(ours, "Bridge 2/2")
        os.write(ours, b"q")
        left = self.until(ours, "--resume")
        assert "\x1b[?1049l" in left
        assert process.wait(timeout=10) == 0
        assert termios.tcgetattr(theirs) == before

    LIVE = """
title = "Live"
[[block]]
name = "Main"
steps = [
  { ready = "Go on." },
  { hold = "max", name = "Plank" },
  { ask = "Which?", answers = [{ label = "Glute", say = "Good." }, { label = "Hamstring", say = "Common." }] },
]
"""

    @pytest.mark.slow
    def test_it_waits_obeys_and_is_taken_up_where_it_was_left(self, terminal: tuple[int, int]) -> None:
        ours, theirs = terminal
        process = self.play(theirs, text=self.LIVE)
        self.until(ours, "waiting for you")
        os.write(ours, b"\r")
        self.until(ours, "so far")
        os.write(ours, b"q")
        assert "ended in step 2" in self.until(ours, "--resume")
        assert process.wait(timeout=10) == 0
        process = self.play(theirs, "--resume", "--plain", text=self.LIVE)
        self.until(ours, "Plank (Main)")
        time.sleep(3.5)
        os.write(ours, b"f")
        self.until(ours, "2 Hamstring")
        os.write(ours, b"2")
        told = self.until(ours, "\nWhich? Hamstring")
        assert process.wait(timeout=10) == 0
        assert "Live: done, 1 step" in told
        assert re.search(r"\nPlank: \d(\.\d)?s", told)
        assert len(run("log").stdout.splitlines()) == 1
        steps = [line.split("\t") for line in run("log", "show", "1").stdout.splitlines()]
        assert [(step[1], step[-1]) for step in steps[1:3]] == [("Plank", "done"), ("Which?", "Hamstring")]

    @pytest.mark.slow
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_gives_the_terminal_back_too(self, terminal: tuple[int, int], number: signal.Signals) -> None:
        import termios

        ours, theirs = terminal
        before = termios.tcgetattr(theirs)
        process = self.play(theirs)
        self.until(ours, "music")
        process.send_signal(number)
        left = self.until(ours, "interrupted")
        assert "\x1b[?1049l" in left
        assert "\x1b[?25h" in left
        assert process.wait(timeout=10) == 130
        assert termios.tcgetattr(theirs) == before


class TestVoices:
    def test_every_engine_that_works_has_its_voices_in_the_list(self) -> None:
        rows = [line.split("\t") for line in run("voices").stdout.splitlines()]
        assert {"espeak", "hibari", "tone"} <= {row[0] for row in rows}
        assert [row[0] for row in rows if row[3] == "*"] == ["hibari"]

    def test_the_default_and_why(self, home: Path) -> None:
        assert "it is inside the package" in run("voices").stderr
        assert "--voice asks for it" in run("voices", "--voice", "tone").stderr
        (home / "config").mkdir()
        (home / "config" / "config.toml").write_text('[voice]\nengine = "tone"\n', encoding="utf-8")
        assert "tone:tone" in run("voices").stderr
        assert "config.toml asks for it" in run("voices").stderr

    def test_a_language_narrows_the_list(self) -> None:
        rows = [line.split("\t") for line in run("voices", "--language", "pt").stdout.splitlines()]
        assert {row[2].partition("-")[0] for row in rows} == {"pt", "every"}


class TestDoctor:
    @pytest.mark.slow
    def test_everything_is_looked_at_and_a_remedy_stands_beside_what_does_not_work(self) -> None:
        result = run("doctor")
        rows = [line.split("\t") for line in result.stdout.splitlines()]
        assert {"configuration", "engine", "voice", "device", "format", "cache", "scripts"} <= {row[0] for row in rows}
        assert [row[0] for row in rows if row[1] == "no" and not row[3]] == []
        assert sum(row[:2] == ["format", "ok"] for row in rows) == len(FORMATS)
        assert result.exit_code == 0

    @pytest.mark.slow
    def test_a_wrong_configuration_is_a_finding_and_no_failure(self, home: Path) -> None:
        (home / "config").mkdir()
        (home / "config" / "config.toml").write_text("colour = true\n", encoding="utf-8")
        result = run("doctor")
        assert re.search(r"^configuration\tno\t.*colour", result.stdout, re.MULTILINE)
        assert result.exit_code == 0

    def test_without_voice_and_without_formats_it_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object, **__: object) -> None:
            raise VoicecoachError("out of order")

        monkeypatch.setattr("voicecoach.speech.registry.choose", broken)
        monkeypatch.setattr("voicecoach.cli.doctor._formats", lambda: iter(()))
        assert run("doctor").exit_code == 1


class TestCache:
    def test_it_shows_what_is_kept_and_clears_it(self, short: Path, home: Path) -> None:
        assert spoken("export", "short.toml").exit_code == 0
        shown = run("cache").stdout
        assert re.search(r"spoken lines\t\d+\t[\d.]+ [kM]B", shown)
        assert run("cache", "show").stdout == shown
        assert "freed" in run("cache", "clear").stderr
        assert run("cache").stdout == ""

    @pytest.mark.parametrize(
        ("number", "said"),
        [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_951, "1.0 MB"),
            (10**10, "10.0 GB"),
        ],
    )
    def test_sizes_are_said_as_people_say_them(self, number: int, said: str) -> None:
        assert units.format_size(number) == said


class TestLibrary:
    def test_import_is_nearly_free(self) -> None:
        program = "import sys; before = set(sys.modules); import voicecoach; print(*set(sys.modules) - before)"
        loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        assert {name.partition(".")[0] for name in loaded.split()} <= {"voicecoach", "typing", "__future__"} | set(
            sys.stdlib_module_names
        )
        assert not [name for name in loaded.split() if name.startswith("voicecoach.")]

    @pytest.mark.slow
    @pytest.mark.parametrize("name", voicecoach.__all__)
    def test_its_functions_are_functions_even_when_their_modules_were_loaded_first(self, name: str) -> None:
        rooms = "voicecoach.cli.export, voicecoach.export.batch, voicecoach.play.session, voicecoach.arrange.mixer"
        program = f"import {rooms}, types; print(isinstance(voicecoach.{name}, types.FunctionType))"
        said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        assert said == "True\n"
        assert getattr(voicecoach, name).__doc__

    def test_what_is_not_there_is_an_attribute_error(self) -> None:
        with pytest.raises(AttributeError, match="no attribute 'fly'"):
            voicecoach.fly  # type: ignore[attr-defined]  # noqa: B018

    def test_from_a_script_to_a_file(self, short: Path) -> None:
        timeline = voicecoach.compile(voicecoach.load(short))
        from voicecoach.speech import registry
        from voicecoach.timeline.model import VoiceWish

        arrangement = voicecoach.arrange(timeline, registry.choose("en", VoiceWish(engine="tone")))
        voicecoach.export(arrangement, "library.wav")
        with wave.open("library.wav") as file:
            assert file.getnframes() == arrangement.frames


class TestImports:
    """What a quick command must not load."""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("arguments", "unwanted"),
        [
            (["--help"], ["numpy", "av", "rich", "pydantic", "miniaudio"]),
            (["check", "glute-bridge"], ["numpy", "av", "rich", "miniaudio", "espeakng_loader"]),
            (["compile", "glute-bridge", "--estimate"], ["numpy", "av", "rich", "miniaudio", "espeakng_loader"]),
            (["simulate", "glute-bridge"], ["numpy", "av", "miniaudio", "espeakng_loader"]),
        ],
        ids=lambda value: value[0],
    )
    def test_of_a_quick_command(self, arguments: list[str], unwanted: list[str]) -> None:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "voicecoach", *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert "click" in loaded
        assert not loaded & set(unwanted)


class TestStreams:
    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
    @pytest.mark.parametrize(
        ("arguments", "first"),
        [
            (["compile", "ultra", "-f", "json", "--estimate"], "{\n"),
            (["list"], "activation-check\tActivation check\t"),
        ],
        ids=["compile", "list"],
    )
    def test_a_reader_that_has_enough_is_no_error(self, arguments: list[str], first: str) -> None:
        with voicecoach_process(*arguments) as process:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(first)
            process.stdout.close()
            assert process.stderr is not None
            assert process.stderr.read() == ""
            assert process.wait(timeout=10) == 0

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
    def test_remarks_that_nobody_reads_keep_no_file_from_being_made(self, short: Path) -> None:
        with voicecoach_process("export", "-v", "short.toml", "--voice", "tone", "-o", "x.wav") as process:
            assert process.stderr is not None
            process.stderr.close()
            assert process.wait(timeout=20) == 0
        assert Path("x.wav").is_file()

    @pytest.mark.slow
    def test_a_locale_that_lacks_letters_is_no_error(self) -> None:
        Path("x.toml").write_text(SHORT.replace("Short one", "Lift → hold"), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "voicecoach", "compile", "x.toml", "--estimate"],
            capture_output=True,
            encoding="latin-1",
            check=True,
            env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        )
        assert done.stdout.startswith("Lift ? hold\n")

    @pytest.mark.slow
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_full_disk_behind_standard_output_is_said(self) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "voicecoach", "compile", "glute-bridge", "--estimate"],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert "no space left" in done.stderr
        assert "Traceback" not in done.stderr


class TestCompletion:
    def test_names_of_workouts_and_files(self, home: Path) -> None:
        own_script(home, "glutton", SHORT)
        result = run(
            env={"_VOICECOACH_COMPLETE": "bash_complete", "COMP_WORDS": "voicecoach play glu", "COMP_CWORD": "2"},
            prog_name="voicecoach",
        )
        assert {"plain,glute-bridge", "plain,glutton", "file,glu"} <= set(result.stdout.split("\n"))


def voicecoach_process(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "voicecoach", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )


def wait_until(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False
