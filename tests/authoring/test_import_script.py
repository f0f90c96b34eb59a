"""What every import holds to: a script that is right, laid out, the same each time, and with every text or its line."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from importing import imported, script, seconds, unheard, zwo
from test_import_texts import COURSE, ICU
from test_import_w2a import YAML

from voicecoach.authoring.imports import formats
from voicecoach.authoring.imports.plan import Effort, Segment, Target, Unit
from voicecoach.authoring.imports.targets import Names
from voicecoach.errors import WorkoutFileError
from voicecoach.script.formatting import formatted
from voicecoach.script.source import Source
from voicecoach.wording import of
from voicecoach.wording.language import languages

GOOD = zwo(
    '<Warmup Duration="300" PowerLow="0.4" PowerHigh="0.7"><textevent timeoffset="10" message="Hello &amp; welcome"/>'
    '</Warmup>\n<IntervalsT Repeat="4" OnDuration="30" OffDuration="30" OnPower="1.2" OffPower="0.5" Cadence="100">\n'
    '<textevent timeoffset="70" message="Second one"/></IntervalsT>\n<FreeRide Duration="60"/>'
)
JSON = (
    '{"workoutName": "x", "workoutSegments": [{"workoutSteps": [{"stepOrder": 1, "endCondition": '
    '{"conditionTypeKey": "time"}, "endConditionValue": 60, "description": "Go"}]}]}'
)
LIST = "Jumping jacks; 30\nRest; 10\nPlank; 1m\n"
FILES = {"a.zwo": GOOD, "a.icu": ICU, "a.mrc": COURSE, "a.yaml": YAML, "a.json": JSON, "a.txt": LIST}
WORDS = st.lists(
    st.sampled_from(
        ["push", "on", "now", "hold", "it", "easy", "breathe", "and", "smooth", "for", "thirty", "seconds", "more"]
    ),
    min_size=1,
)
SHORT = settings(max_examples=60, deadline=None)


@st.composite
def workouts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A workout and its texts, each of them another one."""
    body: list[str] = []
    texts: list[str] = []
    for number in range(draw(st.integers(1, 6))):
        length = draw(st.sampled_from([10, 20, 45, 60, 300]))
        rounds = draw(st.integers(1, 4))
        events = []
        for at in draw(st.lists(st.integers(0, rounds * 2 * length + 50), max_size=4)):
            said = f"T{len(texts)} {' '.join(draw(WORDS))}."
            texts.append(said)
            events.append(f'<textevent timeoffset="{at}" message="{said}"/>')
        kind = (
            f'IntervalsT Repeat="{rounds}" OnDuration="{length}" OffDuration="{length}" OnPower="1.1" OffPower="0.5"'
            if rounds > 1
            else f'SteadyState Duration="{length}" Power="0.{5 + number % 4}"'
        )
        body.append(f"<{kind}>{''.join(events)}</{kind.partition(' ')[0]}>")
    return zwo("\n".join(body)), texts


@pytest.mark.slow
@SHORT
@given(workouts())
def test_no_text_is_lost_and_there_is_room_for_each(made: tuple[str, list[str]]) -> None:
    text, said = made
    found = imported(text)
    body = found.script.partition("\ntitle ")[2]
    for one in said:
        assert one in body
    assert not unheard(found)


@pytest.mark.slow
@SHORT
@given(workouts())
def test_segments_stay_as_long_as_they_were(made: tuple[str, list[str]]) -> None:
    text, _ = made
    lengths = [
        int(found[1] or 1) * (int(found[2]) + int(found[2])) if found[1] else int(found[3])
        for found in re.finditer(r'Repeat="(\d+)" OnDuration="(\d+)"|SteadyState Duration="(\d+)"', text)
    ]
    found = imported(text)
    if "{ say" not in found.script:
        assert seconds(found) == sum(lengths)


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_gives_the_same_script_which_is_laid_out(name: str) -> None:
    first = imported(FILES[name], name).script
    assert imported(FILES[name], name).script == first
    source = Source(name, Path(name), Path(), first.encode(), first)
    assert formatted(source) == first.encode()
    assert first.startswith("#:schema voicecoach.schema.json\n")


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 30), st.binary(max_size=12)), min_size=1, max_size=6),
    st.sampled_from([None, None, *formats.NAMES]),
)
@example("a.zwo", [(70, 0, b"<![x")], None)
@example("a.zwo", [(70, 0, b"\xff")], "garmin")
@example("a.json", [(20, 0, b"[" * 12)], None)
def test_a_damaged_file_is_imported_or_refused_by_its_name(
    name: str, changes: list[tuple[int, int, bytes]], known: str | None
) -> None:
    content = FILES[name].encode()
    for at, less, more in changes:
        content = content[:at] + more + content[at + less :]
    try:
        imported(content, name, known=known)
    except WorkoutFileError as error:
        assert str(error).startswith(name)


def test_a_text_for_which_there_is_no_time_is_listed_with_its_line() -> None:
    said = "This work you work thirty great keep and do do it seconds."
    steps_ = [
        {"stepOrder": 1, "endCondition": {"conditionTypeKey": "time"}, "endConditionValue": 4, "description": said},
        {"stepOrder": 2, "endCondition": {"conditionTypeKey": "reps"}, "endConditionValue": 45, "description": said},
    ]
    text = json.dumps({"workoutSteps": [{"numberOfIterations": 3, "workoutSteps": steps_}]}, indent=1)
    found = imported(text, "x.json")
    assert unheard(found)
    line = 1 + text[: text.index('"stepOrder": 1')].count("\n")
    note = f"line {line}: it stands in the script, but there is no time to say"
    assert note in found.script
    assert any(one.line == line and "no time to say" in one.what for one in found.notes)


def test_the_page_shows_what_comes_out() -> None:
    page = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
    fences = dict(re.findall(r"^```(xml|toml)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    assert imported(fences["xml"], "over-under.zwo").script == fences["toml"]


def test_what_comes_again_becomes_rounds() -> None:
    pair = '<SteadyState Duration="60" Power="1.1"/><SteadyState Duration="60" Power="0.5"/>'
    made = script(zwo(f'<SteadyState Duration="300" Power="0.7"/>{pair * 4}<SteadyState Duration="60" Power="0.7"/>'))
    assert [(block.get("repeat"), len(block["steps"])) for block in made["block"]] == [(None, 1), (4, 2), (None, 1)]


def test_two_alike_in_a_row_stay_two_steps() -> None:
    one = '<SteadyState Duration="60" Power="0.7"/>'
    assert [len(block["steps"]) for block in script(zwo(one * 2))["block"]] == [2]


def test_lines_that_come_evenly_and_again_are_a_pool() -> None:
    events = "".join(
        f'<textevent timeoffset="{at}" message="{said}"/>' for at, said in [(20, "Low."), (35, "Calm."), (50, "On.")]
    )
    hard = f'<SteadyState Duration="60" Power="1.1">{events}</SteadyState>'
    made = script(zwo(f'{hard}<SteadyState Duration="60" Power="0.5"/>{hard}'))
    assert made["cues"] == {"hard": ["Low.", "Calm.", "On."]}
    found = [step for block in made["block"] for step in block["steps"] if "cues" in step]
    assert [(step["first"], step["every"], step["cues"]) for step in found] == [("20s", "15s", "hard")] * len(found)


def test_a_long_description_is_shortened_in_the_summary_and_whole_in_a_comment() -> None:
    about = "Warm up well. " * 40 + "Then ride home."
    made = imported(zwo('<FreeRide Duration="60"/>', f"<name>Ride</name><description>{about}</description>")).script
    summary = re.search(r'^summary  = "(.*)"$', made, re.MULTILINE)
    assert summary is not None
    assert summary[1].endswith("Warm up well.")
    assert len(summary[1]) <= 300
    assert "Then ride home." in made.partition("title")[0]


def test_two_days_are_refused_with_the_longest_part() -> None:
    with pytest.raises(WorkoutFileError, match=r"longer than 48 hours.*line 3: 50h"):
        imported(zwo('<IntervalsT Repeat="50" OnDuration="1800" OffDuration="1800" OnPower="1" OffPower="0.5"/>'))


def test_more_segments_than_can_be_are_refused() -> None:
    one = '<IntervalsT Repeat="10000" OnDuration="1" OffDuration="1" OnPower="1" OffPower="0.5"/>'
    with pytest.raises(WorkoutFileError, match=r"at most 20,000 are taken \(line 3: 10000 rounds\)"):
        imported(zwo(one * 2))


@pytest.mark.slow
@pytest.mark.parametrize("again", ["<", "<a ", "<!--", "&#", '<a b="', "<![CDATA["])
def test_what_is_hopeless_is_refused_at_once(again: str) -> None:
    with pytest.raises(WorkoutFileError, match=r"ride.zwo:1: "):
        imported("<workout_file><workout>" + again * 100_000)


@pytest.mark.slow
def test_more_rounds_than_a_block_may_have_are_two_blocks() -> None:
    made = script(zwo('<SteadyState Duration="3" Power="0.5"/>' * 10_500))
    assert [block["repeat"] for block in made["block"]] == [10_000, 500]


LARGE: dict[str, Callable[[int], str]] = {
    "texts.zwo": lambda count: zwo(
        "".join(
            f'<SteadyState Duration="15" Power="{0.4 + at % 53 / 100:.2f}">'
            f'<textevent timeoffset="9" message="Go {at}"/></SteadyState>\n'
            for at in range(count)
        )
    ),
    "alike.zwo": lambda count: zwo(
        "".join(
            f'<SteadyState Duration="15" Power="0.7"><textevent timeoffset="9" message="Go {at}"/></SteadyState>\n'
            for at in range(count)
        )
    ),
    "unread.zwo": lambda count: zwo('<FreeRide Duration="soon"/>\n' * count + '<FreeRide Duration="60"/>'),
    "prompts.txt": lambda count: "".join(f"- 8^Go {at} <!> 15s {40 + at % 53}%\n" for at in range(count)),
    "laps.erg": lambda count: (
        "[COURSE HEADER]\nMINUTES WATTS\n[END COURSE HEADER]\n[COURSE DATA]\n"
        + "".join(f"{at / 4} {100 + at % 53}\nLAP Go {at}\n" for at in range(count))
    ),
    "steps.json": lambda count: json.dumps(
        {
            "workoutSteps": [
                {
                    "stepOrder": at,
                    "endCondition": {"conditionTypeKey": "time"},
                    "endConditionValue": 15 + at % 2,
                    "description": "Go",
                    "targetType": {"workoutTargetTypeKey": "nonsense"},
                }
                for at in range(count)
            ]
        },
        indent=1,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_four_times_as_much_takes_about_four_times_as_long(name: str) -> None:
    def lasts(count: int) -> float:
        text = LARGE[name](count)
        begun = time.process_time()
        imported(text, name)
        return time.process_time() - begun

    lasts(50)  # what is loaded only once
    short, long = min(lasts(400) for _ in range(2)), lasts(1600)
    assert long < 9 * short


@pytest.mark.slow
def test_more_elements_than_any_workout_has_are_refused_with_the_line_of_the_first() -> None:
    with pytest.raises(WorkoutFileError, match=r"ride.zwo:3: there are more than 100,000 elements in it"):
        imported(zwo("<a>" * 100_000))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04rest", "a ZIP archive (unpack it"),
        (b"\x1f\x8brest", "packed by gzip"),
        (b"%PDF-1.4 rest", "a PDF document (copy its text"),
        (bytes(range(256)) * 4, "no text, and no FIT file"),
    ],
)
def test_a_file_that_is_no_text_is_named(content: bytes, told: str) -> None:
    with pytest.raises(WorkoutFileError) as caught:
        imported(content, "ride.zwo")
    assert str(caught.value).startswith(f"ride.zwo: is {told}")


def test_a_format_that_was_said_and_is_not_that_of_the_file() -> None:
    with pytest.raises(WorkoutFileError, match='by what is in it, it is of the format "zwo"'):
        imported(zwo('<FreeRide Duration="60"/>'), known="garmin")


def test_a_file_too_large_is_refused_unread() -> None:
    with pytest.raises(WorkoutFileError, match="larger than 5 MB"):
        imported(b" " * (formats.LARGEST + 1))


TARGETS = [
    (Target(Unit.FTP, 0.95, 0.95), "Threshold, ninety-five percent of FTP"),
    (Target(Unit.FTP, 0.5, 0.75), "Endurance, fifty to seventy-five percent of FTP"),
    (Target(Unit.WATT, 200, 220), "Steady, two hundred to two hundred and twenty watts"),
    (Target(Unit.PACE, 330, 330), "Steady, five minutes thirty per kilometre"),
    (Target(Unit.TURNS, 90, 90), "Steady, ninety revolutions per minute"),
    (Target(Unit.STEPS, 180, 180), "Steady, one hundred and eighty steps per minute"),
    (Target(Unit.BEATS, 140, 150), "Steady, one hundred and forty to one hundred and fifty beats per minute"),
    (Target(Unit.HEART_MAX, 0.7, 0.7), "Steady, seventy percent of maximum heart rate"),
    (Target(Unit.SPEED, 12.5, 12.5), "Steady, twelve and a half kilometres per hour"),
    (Target(Unit.PACE_SHARE, 0.9, 0.9, 2), "Steady, ninety percent of ten kilometres pace"),
]


@pytest.mark.parametrize(("target", "said"), TARGETS)
def test_targets_are_spoken_in_words(target: Target, said: str) -> None:
    assert of("en").spoken(Names("en", "work").name(Segment(Effort.STEADY, 60.0, 1, (target,)))) == said


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("unit", Unit)
def test_every_target_has_words_in_every_language(language: str, unit: Unit) -> None:
    low = 0.5 if unit.value in ("ftp", "heart_max", "heart_threshold", "pace_share") else 200.0
    name = Names(language, "work").name(Segment(Effort.STEADY, 60.0, 1, (Target(unit, low, low * 1.1),)))
    spoken = of(language).spoken(name)
    zones = unit in (Unit.ZONE, Unit.HEART_ZONE, Unit.PACE_ZONE)
    assert zones or not re.search(r"\d", spoken), spoken


@pytest.mark.parametrize("language", languages())
def test_every_effort_has_a_name_of_its_own_in_every_language(language: str) -> None:
    efforts = [Segment(effort, 60.0, 1) for effort in Effort]
    names = [Names(language, "work").name(segment) for segment in efforts]
    assert all(names)
    assert len(set(names)) >= len(names) - 2


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "eight minutes thirty per mile"),
        ("de", "acht Minuten dreißig pro Meile"),
        ("fr", "huit minutes trente au mile"),
        ("es", "ocho minutos y medio por milla"),
        ("it", "otto minuti e mezzo al miglio"),
        ("nl", "acht en een halve minuut per mijl"),
        ("pt", "oito minutos e meio por milha"),
    ],
)
def test_a_pace_in_miles_is_spoken_in_each_language(language: str, said: str) -> None:
    name = Names(language, "run").name(Segment(Effort.STEADY, 60.0, 1, (Target(Unit.MILE_PACE, 510, 510),)))
    assert of(language).spoken(name).endswith(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Schwelle, fünfundneunzig Prozent der FTP"),
        ("fr", "Seuil, quatre-vingt-quinze pour cent de la FTP"),
        ("es", "Umbral, noventa y cinco por ciento del FTP"),
        ("it", "Soglia, novantacinque per cento della FTP"),
        ("nl", "Drempel, vijfennegentig procent van de FTP"),
        ("pt", "Limiar, noventa e cinco por cento do FTP"),
    ],
)
def test_power_is_spoken_in_each_language(language: str, said: str) -> None:
    name = Names(language, "work").name(Segment(Effort.STEADY, 60.0, 1, (Target(Unit.FTP, 0.95, 0.95),)))
    assert of(language).spoken(name) == said
