"""``voicecoach progress``: how a hold grows, as a person meets it."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from voicecoach.cli import cli
from voicecoach.store.history import History, SegmentDone, Why

KEY = "bridge-progression/bridge"
CARD = """
title = "Card"
[progression.{name}]
start = "30s"
goal = "90s"
step = "10s"
[[block]]
steps = [ {{ hold = "progression:{name}" }} ]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def run(*arguments: str, columns: int = 80) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(cli, arguments)


def hold(day: int, seconds: float, target: float, key: str = KEY) -> None:
    """On a day of March."""
    at = datetime(2026, 3, day, 7, 30, tzinfo=timezone.utc)  # noqa: UP017
    why = Why.CLOCK if seconds >= target else Why.SLIPPED
    with History.open() as history:
        number = history.begin(script=key.partition("/")[0], title="X", digest="", seed=0, started=at)
        segment = SegmentDone(
            index=0,
            kind="hold",
            name="Bridge",
            side=None,
            round=1,
            planned=target,
            seconds=seconds,
            why=why,
            progression=key,
            target=target,
        )
        history.add(number, segment, at + timedelta(minutes=1))
        history.finish(number, at + timedelta(minutes=1), finished=True)


@pytest.fixture
def week(home: Path) -> None:
    """Held on the first, slipped on the third."""
    hold(1, 20, 20)
    hold(3, 22.5, 25)


class TestShow:
    @pytest.mark.slow
    def test_today_and_the_way_so_far(self, week: None) -> None:
        shown = run("progress", "--today", "2026-03-04")
        lines = shown.stdout.splitlines()
        assert lines[0] == "bridge (bridge-progression)"
        assert lines[1] == "today 22s, goal 1m, best 22.5s on 2026-03-03, held on 2 days, at the goal on 0"
        assert lines[2] == "of 3 days, then single-leg-bridge"
        assert any("●" in line for line in lines)
        assert any("○" in line for line in lines)
        assert "2026-03-01" in shown.stdout
        assert shown.stderr == ""
        for words in (("progress", "bridge"), ("progress", "show", "bridge"), ("-q", "progress"), ("progress", "-q")):
            assert run(*words, "--today", "2026-03-04").stdout == shown.stdout

    @pytest.mark.parametrize("columns", [20, 40, 80, 200])
    def test_it_fits(self, week: None, columns: int) -> None:
        lines = run("progress", "--today", "2026-03-30", columns=columns).stdout.splitlines()
        assert max(map(len, lines)) <= max(columns, 27)

    def test_what_came_after_the_day_is_not_seen(self, week: None) -> None:
        shown = run("progress", "--today", "2026-03-02")
        assert "today 25s, goal 1m, best 20s on 2026-03-01, held on 1 day" in shown.stdout
        assert "the history goes on to 2026-03-03: what came after 2026-03-02 is left out" in shown.stderr

    def test_three_days_at_the_goal_lead_on(self) -> None:
        for day in (1, 2, 4):
            hold(day, 60, 60)
        shown = run("progress", "--today", "2026-03-05").stdout
        assert "at the goal on 3 days: on to single-leg-bridge" in " ".join(shown.split())

    def test_nothing_yet(self, home: Path) -> None:
        shown = run("progress")
        assert (shown.exit_code, shown.stdout) == (0, "")
        assert "nothing is held yet that grows" in shown.stderr
        assert not home.exists()

    def test_one_of_which_nothing_was_held_yet_tells_its_start(self) -> None:
        shown = run("progress", "bridge")
        assert "today 20s, goal 1m, at the goal on 0 of 3 days, then single-leg-bridge" in shown.stdout

    def test_a_day_before_anything_was_held_says_so(self, week: None) -> None:
        hold(9, 30, 30, key="gone/plank")  # the script is not here
        told = run("progress", "--today", "2020-01-01", columns=120)
        assert told.stdout.splitlines() == [
            "bridge (bridge-progression)",
            "today 20s, goal 1m, at the goal on 0 of 3 days, then single-leg-bridge",
            "",
            "plank (gone)",
            "nothing held yet",
        ]
        assert "what came after 2020-01-01 is left out" in told.stderr

    def test_without_the_history_it_stands_at_the_start(self, week: None) -> None:
        assert "nothing is held yet that grows" in run("progress", "--no-history").stderr
        told = run("progress", "bridge", "--no-history").stdout.split("\n")
        assert told[1].startswith("today 20s, goal 1m, at the goal on 0 of 3 days")

    def test_an_unknown_name(self, week: None) -> None:
        shown = run("progress", "brigde")
        assert shown.exit_code == 2
        assert 'no progression is called "brigde" (did you mean "bridge"?)' in shown.stderr

    def test_several_are_shown_one_below_the_other(self, week: None) -> None:
        hold(2, 30, 30, "card/plank")
        shown = run("progress", "--today", "2026-03-04")
        assert "bridge (bridge-progression)" in shown.stdout
        assert "\n\nplank (card)\nbest 30s on 2026-03-02, held on 1 day\n" in shown.stdout
        assert "what card says of it is not known here: --script SCRIPT tells" in shown.stderr

    def test_a_script_somewhere_says_what_it_is_for(self, week: None) -> None:
        hold(2, 30, 30, "card/plank")
        Path("card.toml").write_text(CARD.format(name="plank"), encoding="utf-8")
        shown = run("progress", "plank", "--script", "card.toml", "--today", "2026-03-04")
        assert "plank (card)\ntoday 40s, goal 1m30s, best 30s" in shown.stdout
        assert shown.stderr == ""

    @pytest.mark.parametrize(
        ("source", "name", "said"),
        [
            ("glute-bridge", "bridge", "glute-bridge: no hold in it grows"),
            ("bridge-progression", "plank", 'no progression in it is called "plank" (known: bridge)'),
            ("nowhere", "bridge", 'there is no workout called "nowhere"'),
        ],
    )
    def test_a_script_that_has_none_such(self, source: str, name: str, said: str) -> None:
        shown = run("progress", name, "--script", source)
        assert shown.exit_code == 2
        assert said in " ".join(shown.stderr.split())

    def test_a_terminal_without_the_letters_gets_others(self, week: None) -> None:
        runner = CliRunner(charset="ascii", env={"COLUMNS": "60"})
        shown = runner.invoke(cli, ["progress", "--today", "2026-03-04"])
        assert shown.exit_code == 0
        assert "o held to the target  x slipped  - goal" in shown.stdout


class TestPictures:
    def test_an_svg(self, week: None) -> None:
        for _ in range(2):
            assert run("progress", "bridge", "-o", "way.svg", "--today", "2026-03-04").exit_code == 0
        drawn = ElementTree.fromstring(Path("way.svg").read_text(encoding="utf-8"))
        circles = drawn.findall("{http://www.w3.org/2000/svg}circle")
        assert len(circles) == 2 + 2, "two holds, and two in the legend"
        assert "bridge · bridge-progression" in "".join(drawn.itertext())

    @pytest.mark.slow
    def test_a_png(self, week: None) -> None:
        image = pytest.importorskip("PIL.Image")
        assert run("progress", "bridge", "-o", "way.png", "--today", "2026-03-04").exit_code == 0
        with image.open("way.png") as drawn:
            assert (drawn.format, drawn.size) == ("PNG", (1600, 900))
            red, _, blue = drawn.split()
            goal = [x for x in range(1600) if red.getpixel((x, 184)) - blue.getpixel((x, 184)) > 100]
            assert drawn.getpixel((150, drawn.height - 36)) == (0x0B, 0x6E, 0x99), "what is held, in the legend"
        assert 500 < len(goal) < 900, "the dashes of the goal, all the way"
        before = Path("way.png").read_bytes()
        run("progress", "bridge", "-o", "way.png", "--today", "2026-03-04")
        assert Path("way.png").read_bytes() == before

    def test_without_pillow_a_line_tells_how_to_get_it(self, week: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "PIL", None)
        shown = run("progress", "bridge", "-o", "way.png")
        assert shown.exit_code == 1
        assert 'pip install "voicecoach[plot]" (an SVG needs nothing)' in shown.stderr
        assert not Path("way.png").exists()

    def test_other_files_are_refused(self, week: None) -> None:
        shown = run("progress", "-o", "way.jpg")
        assert shown.exit_code == 2
        assert 'did you mean "way.svg"?' in shown.stderr

    def test_one_at_a_time(self, week: None) -> None:
        hold(2, 30, 30, "card/plank")
        shown = run("progress", "-o", "way.svg")
        assert shown.exit_code == 2
        assert "which one is to be drawn? there are: bridge, plank" in " ".join(shown.stderr.split())


class TestSet:
    def test_it_stands_from_today_on(self, week: None) -> None:
        shown = run("progress", "set", "bridge", "40s", "--today", "2026-03-05")
        assert "bridge (bridge-progression): 40s from 2026-03-05 on; the goal is 1m\n" in shown.stderr
        assert "today 22s" in run("progress", "--today", "2026-03-04").stdout
        assert "today 40s" in run("progress", "--today", "2026-03-05").stdout

    def test_before_anything_was_held(self) -> None:
        assert run("progress", "set", "bridge", "90s").exit_code == 0
        with History.open() as history:
            wish = history.wished(KEY)
        assert wish is not None
        assert (wish.day, wish.seconds) == (date.today(), 90.0)

    def test_where_nothing_was_held_it_says_whose_it_took(self, week: None, home: Path) -> None:
        other = "nothing of it was held yet: --script SCRIPT, or SCRIPT/NAME, means another one"
        shown = run("progress", "set", "bridge", "50s").stderr
        assert "bridge (bridge-progression): 50s" in shown
        assert other not in shown
        (home / "history.sqlite3").unlink()
        assert other in run("progress", "set", "bridge", "50s").stderr
        for words in (("bridge-progression/bridge",), ("bridge", "--script", "bridge-progression")):
            (home / "history.sqlite3").unlink()
            shown = run("progress", "set", *words, "40s").stderr
            assert "bridge (bridge-progression): 40s" in shown
            assert other not in shown

    def test_a_script_and_one_that_it_uses_may_each_have_one(self, home: Path) -> None:
        text = CARD.format(name="bridge") + '[[block]]\nsteps = [ { use = "bridge-progression" } ]\n'
        Path("card.toml").write_text(text, encoding="utf-8")
        which = 'which one is meant, "card/bridge" or "bridge-progression/bridge"?'
        asked = run("progress", "set", "bridge", "40s", "--script", "card.toml")
        assert (asked.exit_code, which in " ".join(asked.stderr.split())) == (2, True)
        assert "bridge (card): 40s" in run("progress", "set", "card/bridge", "40s", "--script", "card.toml").stderr
        used = run("progress", "set", "bridge-progression/bridge", "40s", "--script", "card.toml").stderr
        assert "bridge (bridge-progression): 40s" in used
        with History.open() as history:
            assert history.progressions() == (KEY, "card/bridge")
        assert run("progress", "card/bridge").stdout.startswith("bridge (card)\n")

    def test_past_the_goal_it_says_so(self) -> None:
        assert "the goal is 1m, which it is past" in run("progress", "set", "bridge", "90s").stderr

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("bridge", "40"), 'did you mean "40s"?'),
            (("bridge", "0s"), "is no length for a hold"),
            (("bridge", "99h"), "is no length for a hold"),
            (("brigde", "40s"), 'did you mean "bridge"?'),
            (("bridge", "40s", "--today", "2026-02-30"), '"2026-02-30" is no date'),
        ],
    )
    def test_what_is_not_right_is_told(self, home: Path, arguments: tuple[str, ...], said: str) -> None:
        shown = run("progress", "set", *arguments)
        assert shown.exit_code == 2
        assert said in " ".join(shown.stderr.split())
        assert not (home / "history.sqlite3").exists()

    def test_a_name_of_several_scripts_needs_the_script(self, week: None, home: Path) -> None:
        (home / "scripts").mkdir()
        (home / "scripts" / "card.toml").write_text(CARD.format(name="bridge"), encoding="utf-8")
        hold(2, 30, 30, "card/bridge")
        shown = run("progress", "set", "bridge", "40s")
        assert shown.exit_code == 2
        which = 'which one is meant, "bridge-progression/bridge" or "card/bridge"?'
        said = f'"bridge" stands in several scripts: {which}'
        assert said in " ".join(shown.stderr.split())
        assert "bridge (card): 40s" in run("progress", "set", "bridge", "40s", "--script", "card").stderr
        assert "bridge (card): 40s" in run("progress", "set", "card/bridge", "40s").stderr

    def test_of_two_scripts_that_were_never_played_neither_is_taken(self, home: Path) -> None:
        (home / "scripts").mkdir(parents=True)
        (home / "scripts" / "card.toml").write_text(CARD.format(name="bridge"), encoding="utf-8")
        shown = run("progress", "set", "bridge", "40s")
        assert (shown.exit_code, "stands in several scripts" in shown.stderr) == (2, True)
        assert not (home / "history.sqlite3").exists()
