"""What people type becomes a script, and what is not plain stays in it as a comment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.authoring import plain_text
from voicecoach.errors import NothingUnderstoodError
from voicecoach.script.loader import Loader
from voicecoach.script.source import Source
from voicecoach.wording.language import languages

LINES = [
    ("en", "5x: run 1min, walk 90s", "5 x (run 1min, walk 1m30s)"),
    ("en", "3 x 45s bridge, 30s rest", "3 x (hold 45s Bridge) rest 30s"),
    ("en", "8 squats each side, tempo 3-1-2", "reps 8 Squats each side tempo=3-1-2"),
    ("en", "plank 30s / 15s rest x4", "4 x (hold 30s Plank) rest 15s"),
    ("en", "3x10 push-ups", "3 x (reps 10 Push-ups)"),
    ("en", "3 sets of 10 squats, 60s rest", "3 x (reps 10 Squats) rest 1min"),
    ("en", "3 sets x 12 reps lunges", "3 x (reps 12 Lunges)"),
    ("en", "4 rounds of 20s on 10s off", "4 x (work 20s) rest 10s"),
    ("en", "10 push-ups", "reps 10 Push-ups"),
    ("en", "Squats x 15", "reps 15 Squats"),
    ("en", "push-ups 3x12", "3 x (reps 12 Push-ups)"),
    ("en", "12 lunges per leg", "reps 12 Lunges each side"),
    ("en", "10 e/s bird dogs", "reps 10 Bird dogs each side"),
    ("en", "8/leg split squats", "reps 8 Split squats each side"),
    ("en", "Wall sit 1:30", "hold 1m30s Wall sit"),
    ("en", "Plank: 45s", "hold 45s Plank"),
    ("en", "Hold plank for 1 minute", "hold 1min Plank"),
    ("en", "one minute plank, thirty seconds rest", "hold 1min Plank, rest 30s"),
    ("en", "half a minute wall sit", "hold 30s Wall sit"),
    ("en", "run for 20 minutes", "run 20min"),
    ("en", "Easy jog 10'", "run 10min Easy jog"),
    ("en", '90" walk', "walk 1m30s"),
    ("en", "1h30 easy run", "run 90min Easy run"),
    ("en", "2 min rest", "rest 2min"),
    ("en", "1 min 30 s side plank each side", "hold 1m30s Side plank each side"),
    ("en", "5 min walk, 8 x (1 min run, 90 s walk), 5 min walk", "walk 5min; 8 x (run 1min, walk 1m30s); walk 5min"),
    ("en", "10 squats + 10 lunges + 1 min rest, 3 rounds", "3 x (reps 10 Squats, reps 10 Lunges) rest 1min"),
    ("en", "Repeat 4 times: 30 sec squats, 30 sec rest", "4 x (work 30s Squats) rest 30s"),
    ("en", "45 seconds mountain climbers, 15 seconds rest (x6)", "6 x (work 45s Mountain climbers) rest 15s"),
    ("en", "2 sets of 15 calf raises, rest 45 seconds between sets", "2 x (reps 15 Calf raises) rest 45s"),
    ("en", "- **Glute bridge**: 3 x 30s", "3 x (hold 30s Glute bridge)"),
    ("en", "**Warm-up:** 5 min walk", "walk 5min Warm-up"),
    ("en", "- *Main*: 5x (1 min run, 90 s walk)", "Main: 5 x (run 1min, walk 1m30s)"),
    ("en", "- [ ] 3 x 30s plank", "3 x (hold 30s Plank)"),
    ("en", "Tabata: 8 x 20s work, 10s rest", "8 x (work 20s Tabata) rest 10s"),
    ("en", "10 squats 20 kg", "reps 10 Squats 20 kg"),
    ("en", "10 slow squats, tempo 4010", "reps 10 Slow squats tempo=4-0-1-0"),
    ("en", "twenty jumping jacks", "reps 20 Jumping jacks"),
    ("en", "30s jumping jacks then 30s rest", "work 30s Jumping jacks, rest 30s"),
    ("en", "2x 20 min run, 5 min walk", "2 x (run 20min, walk 5min)"),
    ("de", "3 Runden: 45 Sek. Brücke, 20 Sek. Pause", "3 x (hold 45s Brücke) rest 20s"),
    ("de", "5 x 1 Minute laufen, 2 Minuten gehen", "5 x (run 1min, walk 2min)"),
    ("de", "10 Kniebeugen pro Seite, Tempo 3-1-2", "reps 10 Kniebeugen each side tempo=3-1-2"),
    ("de", "3 Sätze à 12 Liegestütze", "3 x (reps 12 Liegestütze)"),
    ("de", "1,5 Min. Plank", "hold 1m30s Plank"),
    ("de", "eine Minute Unterarmstütz, dreißig Sekunden Pause", "hold 1min Unterarmstütz, rest 30s"),
    ("de", "20 Min. locker laufen", "run 20min Locker laufen"),
    ("de", "3 x 10 Ausfallschritte je Bein, 60 s Pause", "3 x (reps 10 Ausfallschritte each side) rest 1min"),
    ("de", "zehn Liegestütze", "reps 10 Liegestütze"),
    ("fr", "3 séries de 10 squats, 1 min de repos", "3 x (reps 10 Squats) rest 1min"),
    ("fr", "5 x 1' course, 1'30 marche", "5 x (run 1min, walk 1m30s)"),
    ("fr", "gainage 45 s, repos 15 s x4", "4 x (hold 45s Gainage) rest 15s"),
    ("fr", "10 fentes par jambe", "reps 10 Fentes each side"),
    ("fr", "4 tours : 30 secondes de pompes, 30 secondes de repos", "4 x (work 30s Pompes) rest 30s"),
    ("fr", "une minute de planche", "hold 1min Planche"),
    ("es", "4 veces: correr 2 minutos, caminar 1 minuto", "4 x (run 2min, walk 1min)"),
    ("es", "3 series de 12 sentadillas, descanso 45 s", "3 x (reps 12 Sentadillas) rest 45s"),
    ("es", "plancha 30 seg, descanso 15 seg x 5", "5 x (hold 30s Plancha) rest 15s"),
    ("es", "10 zancadas por pierna", "reps 10 Zancadas each side"),
    ("es", "media hora de carrera suave", "run 30min Carrera suave"),
    ("it", "3 x 30 secondi plank, 15 secondi pausa", "3 x (hold 30s Plank) rest 15s"),
    ("it", "5 volte: corsa 1 minuto, camminata 2 minuti", "5 x (run 1min, walk 2min)"),
    ("it", "10 affondi per gamba", "reps 10 Affondi each side"),
    ("it", "3 serie da 12 squat, 1 minuto di recupero", "3 x (reps 12 Squat) rest 1min"),
    ("nl", "3 rondes: 30 sec plank, 10 sec rust", "3 x (hold 30s Plank) rest 10s"),
    ("nl", "5 x 1 minuut rennen, 2 minuten wandelen", "5 x (run 1min, walk 2min)"),
    ("nl", "3 sets van 10 kniebuigingen, 60 sec rust", "3 x (reps 10 Kniebuigingen) rest 1min"),
    ("nl", "10 uitvalspassen per been", "reps 10 Uitvalspassen each side"),
    ("pt", "3 séries de 12 agachamentos, 30 s de descanso", "3 x (reps 12 Agachamentos) rest 30s"),
    ("pt", "5 vezes: correr 1 minuto, caminhar 2 minutos", "5 x (run 1min, walk 2min)"),
    ("pt", "prancha 45 seg, pausa 15 seg x 4", "4 x (hold 45s Prancha) rest 15s"),
    ("pt", "10 afundos por perna", "reps 10 Afundos each side"),
    ("de", "eine Minute Unterarmstütz, dreißig Sekunden Pause", "hold 1min Unterarmstütz, rest 30s"),
    ("en", "Plank: 45s", "hold 45s Plank"),
    ("en", "Run: 20 min", "run 20min"),
    ("de", "20 Min. locker laufen", "run 20min Locker laufen"),
    ("fr", "deux minutes de marche", "walk 2min"),
    ("es", "treinta segundos de plancha", "hold 30s Plancha"),
    ("it", "un minuto di plank", "hold 1min Plank"),
    ("nl", "twee minuten wandelen", "walk 2min"),
    ("pt", "um minuto de prancha", "hold 1min Prancha"),
    ("en", "Warm-up: 5 min walk, 10 squats", "Warm-up: walk 5min, reps 10 Squats"),
    ("en", "6x: run 2 min / walk 1 min", "6 x (run 2min, walk 1min)"),
    ("en", "5 min walk, 6 x 1 min run / 2 min walk", "walk 5min; 6 x (run 1min, walk 2min)"),
    ("en", "run 1 min and walk 1 min, 5x", "5 x (run 1min, walk 1min)"),
    ("en", "3 x (10 squats, 10 push-ups, 30s plank)", "3 x (reps 10 Squats, reps 10 Push-ups, hold 30s Plank)"),
    ("en", "Side plank 3 x 20s each side, 15s rest", "3 x (hold 20s Side plank each side) rest 15s"),
    ("en", "1:30 run / 2:00 walk x 6", "6 x (run 1m30s, walk 2min)"),
]
"""A language, what people write, and what it is."""
NOT_PLAIN = [
    ("15-20 min run", "a range; one number is needed"),
    ("3x8-12 squats", "a range; one number is needed"),
    ("run 5 km", '"5 km" is no length of time'),
    ("400m easy", '"400m" is no length of time'),
    ("10", "it does not say of what"),
    ("10 min run @ 5:30/km", '"5:30/km" is no length and no count'),
    ("2 x 3 x 30s plank", "rounds within rounds"),
    ("3x10 squats, 20 lunges", "in each round?"),
    ("5 min walk, 6x run 2 min, walk 1 min", "put that into brackets"),
    ("run 1 min (walk 2 min", "a bracket is not closed"),
    ("12 squats, tempo 31X1", "as 3-1-2"),
    ("30s plank, tempo 3-1-2", "a tempo without repetitions"),
    ("EMOM 10", "no step of a script is such a scheme"),
    ("30/30 x 8", "a figure that is no length and no count"),
    ("{name} 30s", '"{name}" is no name'),
    ("10 squats 30s", "more than one length or count"),
    ("2.5 squats", "no whole number"),
    ("2000 squats", "2000 is too large (at most 1000)"),
    ("5x", "nothing that is done so often stands below it"),
    ("Drink every 20 minutes", "it says how often, not how long"),
    ("Alle 20 Minuten trinken", "it says how often, not how long"),
    ("Ogni 20 minuti bere", "it says how often, not how long"),
    ("EMOM 10: 5 heel drops", "no step of a script is such a scheme"),
    ("AMRAP: 5 squats", "no step of a script is such a scheme"),
]
"""What may be meant in more ways than one, or in none, and what is told of it."""


def said(script: str) -> str:
    """A script in short: its blocks, each with its rounds, and its steps."""
    return "; ".join(_block(block) for block in tomli.loads(script)["block"])


def planned(script: str) -> list[tuple[int, list[str]]]:
    """The weeks of a plan, and the days of each."""
    return [(week["week"], week["days"]) for week in tomli.loads(script).get("plan", [])]


def _block(block: dict[str, Any]) -> str:
    steps = ", ".join(map(_step, block["steps"]))
    rounds = f"{block['repeat']} x ({steps})" if "repeat" in block else steps
    rest = f" rest {block['rest']}" if "rest" in block else ""
    return f"{block['name']}: {rounds}{rest}" if "name" in block else f"{rounds}{rest}"


def _step(step: dict[str, Any]) -> str:
    kind = next(iter(step))
    more = [f"{key}={value}" for key, value in step.items() if key not in (kind, "name", "sides")]
    words = [kind, str(step[kind]), step.get("name"), "each side" if step.get("sides") else None, *more]
    return " ".join(word for word in words if word)


def check(script: str) -> None:
    """Raises ScriptError where it is not right."""
    Loader().load(Source("test", None, Path(), script.encode(), script))


@pytest.mark.parametrize(("language", "line", "meant"), LINES, ids=[line for _, line, _ in LINES])
def test_what_people_write(language: str, line: str, meant: str) -> None:
    understood = plain_text.script(line, "Test", language)
    assert (said(understood.script), understood.left) == (meant, ())


def test_there_are_lines_in_every_language() -> None:
    assert len(LINES) > 60
    assert {language for language, _, _ in LINES} == set(languages())


@pytest.mark.parametrize(("line", "why"), NOT_PLAIN, ids=[line for line, _ in NOT_PLAIN])
def test_what_is_not_plain_is_never_guessed(line: str, why: str) -> None:
    with pytest.raises(NothingUnderstoodError) as refused:
        plain_text.script(line, "Test", "en")
    assert why in str(refused.value)
    understood = plain_text.script(f"30s plank\n\n{line}\n", "Test", "en")
    assert said(understood.script) == "hold 30s Plank"
    assert [(left.line, left.text) for left in understood.left] == [(3, line)]
    assert f"# {line}\n" in understood.script
    assert "# line 3, not understood (" in understood.script


@pytest.mark.parametrize(("language", "line"), [(language, line) for language, line, _ in LINES if language != "en"])
def test_the_language_is_that_in_which_most_is_understood(language: str, line: str) -> None:
    assert said(plain_text.script(line, "Test").script) == said(plain_text.script(line, "Test", language).script)


class TestSeveralLines:
    def test_a_list_below_a_number_of_rounds(self) -> None:
        text = "3 rounds:\n- 10 squats\n- 10 push-ups\n- 30 sec plank\nrest 1 min between rounds\n\n5 min walk\n"
        rounds = "3 x (reps 10 Squats, reps 10 Push-ups, hold 30s Plank) rest 1min"
        assert said(plain_text.script(text, "Test").script) == f"{rounds}; walk 5min"

    def test_an_empty_line_below_a_number_of_rounds_changes_nothing(self) -> None:
        text = "3 rounds:\n\n10 squats\n\n10 push-ups\n"
        assert said(plain_text.script(text, "Test").script) == "3 x (reps 10 Squats, reps 10 Push-ups)"

    def test_a_name_with_its_rounds(self) -> None:
        text = "Circuit (3 rounds)\n1. Glute bridge – 12 reps\n2. Clams – 15 each side\n3. Rest 60 sec\n"
        rounds = "Circuit: 3 x (reps 12 Glute bridge, reps 15 Clams each side, rest 1min)"
        understood = plain_text.script(text, "Test")
        assert (understood.language, said(understood.script)) == ("en", rounds)

    def test_parts_of_a_session(self) -> None:
        text = "Warm-up:\n5 min walk\n1 min jog\n\nMain:\n5x 1 min run, 1 min walk\nCool-down: 5 min walk\n"
        assert said(plain_text.script(text, "Test").script) == (
            "Warm-up: walk 5min, run 1min; Main: 5 x (run 1min, walk 1min); walk 5min Cool-down"
        )

    def test_headings_of_markdown(self) -> None:
        text = "# Leg day\n## Warm-up\n- 10 leg swings\n- 5 min walk\n\n## Main\n3 x 10 squats\n"
        understood = plain_text.script(text, "Test", "en")
        assert said(understood.script) == "Warm-up: reps 10 Leg swings, walk 5min; Main: 3 x (reps 10 Squats)"

    def test_a_first_line_without_a_figure_is_the_title(self) -> None:
        assert tomli.loads(plain_text.script("# Leg day\n10 squats\n", "Test").script)["title"] == "Leg day"
        assert tomli.loads(plain_text.script("10 squats\n", "Test").script)["title"] == "Test"

    def test_rounds_within_rounds_are_left(self) -> None:
        understood = plain_text.script("3 rounds:\n10 squats\n2x 10 lunges\n", "Test", "en")
        assert said(understood.script) == "3 x (reps 10 Squats)"
        assert [(left.line, left.why) for left in understood.left] == [(3, "rounds within rounds")]


class TestWeeks:
    def test_a_line_a_week_is_a_plan(self) -> None:
        text = "Week 1: 5 min walk, 8 x (1 min run, 90 s walk)\nWeek 2: 20 min run\n"
        script = plain_text.script(text, "Test").script
        assert said(script) == (
            "Week 1: use #Week 1, 1, use #Week 1, 2; "
            "Week 1, 1: walk 5min; Week 1, 2: 8 x (run 1min, walk 1m30s); Week 2: run 20min"
        )
        assert planned(script) == [(1, ["#Week 1"]), (2, ["#Week 2"])]

    def test_a_table_has_a_session_a_column(self) -> None:
        text = (
            "| Week | Mon | Thu |\n|---|---|---|\n| 1 | 8x (run 1 min, walk 90s) | 20 min walk |\n| 2 | 10 km | – |\n"
        )
        understood = plain_text.script(text, "Test", "en")
        assert said(understood.script) == "Week 1, Mon: 8 x (run 1min, walk 1m30s); Week 1, Thu: walk 20min"
        assert planned(understood.script) == [(1, ["#Week 1, Mon", "#Week 1, Thu"])]
        assert [left.line for left in understood.left] == [4]

    def test_a_day_of_rest_and_one_that_is_not_understood_leave_the_others(self) -> None:
        text = (
            "Woche | Mo | Mi | Fr\n1 | 20 min gehen | Ruhetag | 25 min gehen\n"
            "2 | 10 km laufen | 25 min gehen | Pause\n3 | Pause | frei | Yoga\n"
        )
        understood = plain_text.script(text, "Test", "de")
        assert planned(understood.script) == [
            (1, ["#Woche 1, Mo", "rest", "#Woche 1, Fr"]),
            (2, ["#Woche 2, Mi", "rest"]),
        ]
        assert [(left.line, left.text, left.why) for left in understood.left] == [
            (3, "Woche 2, Mo: 10 km laufen", '"10 km" is no length of time'),
            (4, "3 | Pause | frei | Yoga", "no length and no count"),
        ]

    def test_a_table_of_a_spreadsheet_in_german(self) -> None:
        text = "Woche\tTraining\n2\t20 Min. laufen\n1\t5 x 1 Minute laufen, 2 Minuten gehen\n"
        understood = plain_text.script(text, "Test")
        assert understood.language == "de"
        assert said(understood.script) == "Woche 2: run 20min; Woche 1: 5 x (run 1min, walk 2min)"
        assert planned(understood.script) == [(1, ["#Woche 1"]), (2, ["#Woche 2"])]

    def test_lines_below_a_week(self) -> None:
        text = "Semaine 1 :\n5 x 1' course, 1' marche\n\nSemaine 2 :\n20 min de course\n"
        understood = plain_text.script(text, "Test", "fr")
        assert said(understood.script) == "Semaine 1: 5 x (run 1min, walk 1min); Semaine 2: run 20min"
        assert planned(understood.script) == [(1, ["#Semaine 1"]), (2, ["#Semaine 2"])]

    def test_beside_what_is_of_no_week_the_week_is_to_be_named(self) -> None:
        script = plain_text.script("5 min walk\nWeek 1: 20 min run\nWeek 2: 30 min run\n", "Test", "en").script
        assert said(script) == "walk 5min; use #Week 1; Week 1: run 20min; Week 2: run 30min"
        assert planned(script) == []


PIECES = st.sampled_from(
    [
        *(line for _, line, _ in LINES), *(line for line, _ in NOT_PLAIN), "\n", "\n\n", ", ", " x ", "(", ")", ":",
        "/", "|", "\t", "Week 1", "3 rounds:", "rest 30s between rounds", "5x", "# ", '"', "\\", "{", "}", "[", "\x00",
        "\u2028", "\x7f", "Warm-up:", "999999999", "0s", "99h", "each side", "tempo 3-1-2", "½", "\ufeff", "''", "\r",
    ]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=60), st.sampled_from([*languages(), None]))
def test_whatever_goes_in_what_comes_out_is_right(text: str, language: str | None) -> None:
    try:
        understood = plain_text.script(text, "Test", language)
    except NothingUnderstoodError:
        return
    check(understood.script)
    assert understood.lines


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(languages()))
def test_no_line_is_lost(data: st.DataObject, language: str) -> None:
    known = [line for tag, line, _ in LINES if tag == language]
    lines = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=6))
    understood = plain_text.script("\n".join(lines), "Test", language)
    assert understood.lines + len(understood.left) == len(lines)
