"""Zwift's workouts as scripts. Each trait was met in files that people publish; none of these files is one of them."""

from __future__ import annotations

import pytest
from importing import imported, notes, script, seconds, steps, timeline, unheard, zwo

from voicecoach.arrange.arranger import arrangement
from voicecoach.arrange.estimate import Estimate
from voicecoach.errors import WorkoutFileError


class TestSegments:
    @pytest.mark.parametrize(
        ("segment", "step"),
        [
            (
                '<Warmup Duration="600" PowerLow="0.25" PowerHigh="0.75" Cadence="90"/>',
                {"work": "10min", "name": "Warm-up, 25-75% of FTP, 90 rpm"},
            ),
            (
                '<Cooldown Duration="300" PowerLow="0.7" PowerHigh="0.4"/>',
                {"work": "5min", "name": "Cool-down, 70-40% of FTP"},
            ),
            (
                '<Ramp Duration="120" PowerLow="0.6" PowerHigh="1"/>',
                {"work": "2min", "name": "Ramp up, 60-100% of FTP"},
            ),
            (
                '<Ramp Duration="120" PowerLow="1" PowerHigh=".5"/>',
                {"work": "2min", "name": "Ramp down, 100-50% of FTP"},
            ),
            ('<SteadyState Duration="300" Power="0.5"/>', {"work": "5min", "name": "Recovery, 50% of FTP"}),
            ('<SteadyState Duration="300" Power="0.95"/>', {"work": "5min", "name": "Threshold, 95% of FTP"}),
            ('<SolidState Duration="300" Power="1.3"/>', {"work": "5min", "name": "Very hard, 130% of FTP"}),
            (
                '<SteadyState Duration="90" PowerLow="0.8" PowerHigh="0.85" CadenceLow="85" CadenceHigh="95"/>',
                {"work": "1m30s", "name": "Tempo, 80-85% of FTP, 85-95 rpm"},
            ),
            ('<SteadyState Duration="60" Zone="2"/>', {"work": "1min", "name": "Steady, zone 2"}),
            ('<FreeRide Duration="60" FlatRoad="1"/>', {"work": "1min", "name": "Free ride"}),
            ('<Freeride Duration="60"/>', {"work": "1min", "name": "Free ride"}),
            ('<MaxEffort Duration="30"/>', {"work": "30s", "name": "All out"}),
            ("<steadystate duration='60' power='0.7'/>", {"work": "1min", "name": "Endurance, 70% of FTP"}),
            (
                '<SteadyState Duration="180.00002" Power="0.60000002"/>',
                {"work": "3min", "name": "Endurance, 60% of FTP"},
            ),
        ],
    )
    def test_each_kind_is_a_step_that_says_its_target(self, segment: str, step: dict[str, str]) -> None:
        assert steps(zwo(segment)) == [step]

    def test_intervals_are_rounds_of_a_block(self) -> None:
        made = script(
            zwo(
                '<IntervalsT Repeat="4" OnDuration="60" OffDuration="90" OnPower="1.2" OffPower="0.5" Cadence="100" '
                'CadenceResting="80"/>'
            )
        )
        assert made["block"] == [
            {
                "repeat": 4,
                "steps": [
                    {"work": "1min", "name": "Very hard, 120% of FTP, 100 rpm"},
                    {"work": "1m30s", "name": "Easy, 50% of FTP, 80 rpm"},
                ],
            }
        ]

    @pytest.mark.parametrize(
        ("segment", "names"),
        [
            ('<Warmup Duration="60" Text="text" PowerLow ="0.3" PowerHigh="0.7"/>', ["Warm-up, 30-70% of FTP"]),
            ('<SteadyState Duration="60" Power="0.9" Label="Blow out"/>', ["Blow out, 90% of FTP"]),
            (
                '<IntervalsT Repeat="1" OnDuration="60" OffDuration="60" OnPower="0.9" OffPower="1.1" OnLabel="Under" '
                'OffLabel="Over" CadenceLow="85" CadenceHigh="95" CadenceRestingLow="95" CadenceRestingHigh="105"/>',
                ["Under, 90% of FTP, 85-95 rpm", "Over, 110% of FTP, 95-105 rpm"],
            ),
            ('<SteadyState show_avg="1" Power="0.0" Duration="60"/>', ["Easy"]),
            ('<FreeRide FlatRoad="1" Power="0.0" Cadence="114" Duration="60"/>', ["Free ride, 114 rpm"]),
            ('<CoolDown Duration="60" PowerLow="0.6" PowerHigh="0.4"/>', ["Cool-down, 60-40% of FTP"]),
            ('<SteadyState Duration="10:00" Power="0.8" cadence="95"/>', ["Tempo, 80% of FTP, 95 rpm"]),
            ('<SteadyState Duration="60" Power="0.6" pace="1428186484"/>', ["Endurance, 60% of FTP"]),
        ],
    )
    def test_names_cadences_and_nothing_at_all(self, segment: str, names: list[str]) -> None:
        assert [step["name"] for step in steps(zwo(segment))] == names
        assert not notes(zwo(segment))

    @pytest.mark.parametrize(
        ("ftp", "power", "name"), [("250", "1.2", "Steady, 300 W"), ("1", "1000", "Steady, 1000 W")]
    )
    def test_an_ftp_that_the_file_sets_makes_watts_of_powers(self, ftp: str, power: str, name: str) -> None:
        made = zwo(
            f'<SteadyState Duration="60" Power="{power}"/>', f"<name>Ride</name>\n<ftpOverride>{ftp}</ftpOverride>"
        )
        assert [step["name"] for step in steps(made)] == [name]
        assert notes(made) == [(2, f"powers are told in watts, since the file sets the FTP, to {ftp} W")]

    @pytest.mark.parametrize(
        ("sport", "step"), [("running", {"run": "12min"}), ("swim", {"work": "40min"}), ("other", {"work": "4min"})]
    )
    def test_each_sport_has_its_kind_of_step_and_its_usual_pace(self, sport: str, step: dict[str, str]) -> None:
        head = f"<name>X</name><sportType>{sport}</sportType><durationType>distance</durationType>"
        assert steps(zwo('<FreeRide Duration="2000"/>', head))[0].items() >= step.items()

    def test_the_name_may_be_shortened_and_a_namespace_declared(self) -> None:
        head = "<n>Ten by thirty</n><description><![CDATA[Smooth & strong]]></description>"
        text = zwo('<FreeRide Duration="60"/>', head).replace("<workout_file", '<workout_file xmlns="http://x"')
        assert (script(text)["title"], script(text)["summary"]) == ("Ten by thirty", "Smooth & strong")
        assert not notes(text)

    def test_a_warm_up_in_the_midst_is_a_ramp(self) -> None:
        ramp = '<Warmup Duration="60" PowerLow="0.6" PowerHigh="0.9"/>'
        body = f'{ramp}{ramp}<FreeRide Duration="60"/>{ramp}<Cooldown Duration="60" PowerLow="0.6" PowerHigh="0.4"/>'
        assert [step["name"] for step in steps(zwo(body))] == [
            "Warm-up, 60-90% of FTP",
            "Warm-up, 60-90% of FTP",
            "Free ride",
            "Ramp up, 60-90% of FTP",
            "Cool-down, 60-40% of FTP",
        ]

    def test_the_workout_lasts_as_long_as_in_the_file(self) -> None:
        made = imported(
            zwo(
                '<Warmup Duration="600" PowerLow="0.25" PowerHigh="0.75">'
                '<textevent timeoffset="0" message="Hello"/></Warmup>'
                '<IntervalsT Repeat="3" OnDuration="30" OffDuration="30" OnPower="1.2" OffPower="0.5"/>'
                '<Cooldown Duration="90" PowerLow="0.5" PowerHigh="0.3"/>'
            )
        )
        assert seconds(made) == 600 + 3 * 60 + 90

    def test_a_run_is_run_at_the_pace_of_a_race(self) -> None:
        head = "<name>Run</name><sportType>run</sportType>"
        assert steps(zwo('<SteadyState Duration="300" Power="0.9" pace="2"/>', head)) == [
            {"run": "5min", "name": "Steady, 90% of 10 km pace"}
        ]

    def test_a_pace_in_seconds_is_told_as_one(self) -> None:
        head = "<name>Run</name><sportType>run</sportType>"
        assert steps(zwo('<SteadyState Duration="300" pace="330"/>', head)) == [
            {"run": "5min", "name": "Steady, 5:30/km"}
        ]


class TestDistances:
    HEAD = "<name>Run</name><sportType>run</sportType><durationType>distance</durationType>"
    RUN = '<SteadyState Duration="2000" Power="0.8"/><SteadyState Duration="1000" Power="1"/>'

    def test_metres_become_time_at_a_pace_that_is_told_once(self) -> None:
        assert [step["run"] for step in steps(zwo(self.RUN, self.HEAD))] == ["12min", "6min"]
        assert notes(zwo(self.RUN, self.HEAD)) == [
            (
                3,
                "lengths in metres have become time at 6:00 a kilometre, which is assumed "
                "(--pace 5:30 says what it is)",
            )
        ]

    def test_the_pace_can_be_said(self) -> None:
        assert [step["run"] for step in steps(zwo(self.RUN, self.HEAD), pace=330.0)] == ["11min", "5m30s"]
        assert not notes(zwo(self.RUN, self.HEAD), pace=330.0)

    def test_the_threshold_of_the_file_goes_before_an_assumption(self) -> None:
        head = f"{self.HEAD}<thresholdSecPerKm>240</thresholdSecPerKm>"
        assert [step["run"] for step in steps(zwo(self.RUN, head))] == ["10min", "4min"]
        assert not notes(zwo(self.RUN, head))


class TestTexts:
    @pytest.mark.parametrize(
        "event",
        [
            '<textevent timeoffset="30" message="Spin"/>',
            '<TextEvent TimeOffset="30" Duration="10" message="Spin"/>',
            '<TextNotification timeOffset="30" text="Spin" font_size="2" x="1"/>',
            '<textevent timeoffset="30.00016" message="Spin" locIndex="3"/>',
            '<textevent timeoffset="30">Spin</textevent>',
            '<textevent timeoffset="0:30" message="Spin"/>',
        ],
    )
    def test_every_spelling_is_heard_at_its_second(self, event: str) -> None:
        (step,) = steps(zwo(f'<SteadyState Duration="60" Power="0.7">{event}</SteadyState>'))
        assert step["at"] == {"30s": "Spin"}

    def test_offsets_in_intervals_span_all_rounds(self) -> None:
        found = steps(
            zwo(
                '<IntervalsT Repeat="3" OnDuration="60" OffDuration="60" OnPower="1.1" OffPower="0.5">'
                '<textevent timeoffset="30" message="One"/>'
                '<textevent timeoffset="210" message="Easy now"/></IntervalsT>'
            )
        )
        assert [(step["name"], step.get("at"), step.get("rounds")) for step in found] == [
            ("Hard, 110% of FTP", {"30s": "One"}, "first"),
            ("Hard, 110% of FTP", None, "not first"),
            ("Easy, 50% of FTP", None, "first"),
            ("Easy, 50% of FTP", {"30s": "Easy now"}, "2"),
            ("Easy, 50% of FTP", None, "last"),
        ]

    def test_words_in_a_segment_are_heard_as_it_starts_and_listed(self) -> None:
        body = '<FreeRide Duration="60"><![CDATA[Spin & sing]]></FreeRide>'
        assert list(steps(zwo(body))[0]["at"].values()) == ["Spin & sing"]
        assert (3, 'words inside <freeride> are heard as it starts: "Spin & sing"') in notes(zwo(body))

    def test_a_text_event_by_another_name_is_heard_and_listed(self) -> None:
        body = '<FreeRide Duration="60"><cue timeoffset="30" message="Spin"/></FreeRide>'
        assert steps(zwo(body))[0]["at"] == {"30s": "Spin"}
        assert notes(zwo(body)) == [(3, "<cue> is taken for a text event")]

    def test_a_round_is_announced_before_a_text_of_its_first_second(self) -> None:
        body = "".join(
            f'<SteadyState Duration="60" Power="1.2"><textevent message="{say}"/></SteadyState>'
            '<SteadyState Duration="90" Power="0"/>'
            for say in ("One", "Two", "Three")
        )
        passages = arrangement(timeline(imported(zwo(body))), Estimate()).passages
        assert script(zwo(body))["block"][0]["repeat"] == 3
        assert not [missing for passage in passages for missing in passage.dropped]

    def test_metres_become_seconds(self) -> None:
        body = '<SteadyState Duration="300" Power="0.7"><textevent distoffset="500" message="Half"/></SteadyState>'
        (step,) = steps(zwo(body))
        assert step["at"] == {"1min": "Half"}
        assert notes(zwo(body))[0][0] == 3

    def test_two_lines_of_one_message_are_one(self) -> None:
        (step,) = steps(
            zwo(
                '<FreeRide Duration="60"><textevent timeoffset="20" message="Get your cadence"/>'
                '<textevent timeoffset="20" message="up to ninety." y="270"/>'
                '<textevent timeoffset="20" message="Now!"/></FreeRide>'
            )
        )
        assert step["at"] == {"20s": "Get your cadence up to ninety. Now!"}

    def test_a_text_where_the_segment_is_announced_follows_the_announcement_and_that_is_told(self) -> None:
        body = '<SteadyState Duration="60" Power="0.7"><textevent timeoffset="0" message="Go"/></SteadyState>'
        (step,) = steps(zwo(body))
        ((at, text),) = step["at"].items()
        assert (text, 3 <= int(at[:-1]) <= 7) == ("Go", True)
        assert notes(zwo(body)) == [
            (3, f"1 text heard up to {at[:-1]} s before or after its time, where there is room (line 3)")
        ]

    def test_texts_too_near_to_each_other_are_all_heard(self) -> None:
        said = "Keep your shoulders low and your breath calm while the power goes up."
        events = "".join(f'<textevent timeoffset="{at}" message="{said} {at}"/>' for at in (20, 22, 24))
        made = imported(zwo(f'<SteadyState Duration="120" Power="0.7">{events}</SteadyState>'))
        assert made.script.count(said) == 3
        assert not unheard(made)

    def test_a_text_behind_the_end_of_its_segment_is_heard_in_what_follows_and_listed(self) -> None:
        body = (
            '<SteadyState Duration="60" Power="0.7">\n<textevent timeoffset="90" message="Late"/></SteadyState>\n'
            '<SteadyState Duration="60" Power="0.6"/>'
        )
        assert [step.get("at") for step in steps(zwo(body))] == [None, {"30s": "Late"}]
        assert notes(zwo(body)) == [
            (4, 'a text at 1:30 of a segment that lasts 1:00 is heard at its second, in what follows: "Late"')
        ]

    def test_a_text_behind_the_end_of_the_workout_is_said_after_it(self) -> None:
        body = '<SteadyState Duration="60" Power="0.7"><textevent timeoffset="900" message="Bye"/></SteadyState>'
        assert steps(zwo(body))[-1] == {"say": "Bye"}
        assert notes(zwo(body)) == [(3, 'a text at 15:00 lies behind the end, and is said after the workout: "Bye"')]

    def test_a_text_longer_than_the_rest_of_its_segment_begins_earlier(self) -> None:
        said = "This is the last effort of the day so hold it to the very end and do not let go before that"
        body = f'<SteadyState Duration="60" Power="0.7"><textevent timeoffset="57" message="{said}"/></SteadyState>'
        made = imported(zwo(body))
        assert not unheard(made)
        assert said in made.script
        assert "countdown = 0" in made.script

    def test_a_text_outside_of_the_segments_counts_from_the_start(self) -> None:
        body = (
            '<SteadyState Duration="60" Power="0.7"/><textevent timeoffset="90" message="Here"/>'
            '<SteadyState Duration="60" Power="0.6"/>'
        )
        assert steps(zwo(body))[1]["at"] == {"30s": "Here"}
        assert "from the start of the workout" in notes(zwo(body))[0][1]

    def test_marks_that_a_script_cannot_have_are_taken_out(self) -> None:
        body = (
            '<SteadyState Duration="60" Power="0.7">'
            '<textevent timeoffset="30" message="Go {now} [beep] &lt;b&gt;hard&lt;/b&gt;"/></SteadyState>'
        )
        (step,) = steps(zwo(body))
        assert step["at"] == {"30s": "Go {{now}} hard"}
        assert "[beep]" in notes(zwo(body))[0][1]

    def test_a_misspelt_key_is_taken_and_told(self) -> None:
        body = '<SteadyState Duration="60" Power="0.7"><textevent timeoffset="30" mssage="Go"/></SteadyState>'
        assert steps(zwo(body))[0]["at"] == {"30s": "Go"}
        assert notes(zwo(body)) == [(3, '"mssage" is taken for "message": "Go"')]


class TestDoubts:
    @pytest.mark.parametrize(
        ("body", "line", "what"),
        [
            ('<SteadyState Power="0.7"/>', 3, "<steadystate> has no length, and is left out"),
            ('<SteadyState Duration="sixty" Power="1"/>', 3, 'duration "sixty" is no number of seconds'),
            ('<SteadyState Duration="60s" Power="1"/>', 3, 'duration "60s" is taken for 60 s'),
            ('<SteadyState Duration="1.5 min" Power="1"/>', 3, 'duration "1.5 min" is taken for 90 s'),
            ('<SteadyState Duration="60" Cadence="fast"/>', 3, 'cadence "fast" is no number, and is left out'),
            ('<SteadyState Duration="60" Zone="easy"/>', 3, 'zone "easy" is no number, and is left out'),
            (
                '<SteadyState Duration="60"><note>hi</note></SteadyState>',
                3,
                '<note> is not known, and is left out: "hi"',
            ),
            ('<SteadyState Duration="60" x:low="1"/>', 3, "the attribute x:low of <steadystate> is not known"),
            ('<SteadyState Duration="60" Power="75"/>', 3, 'power "75" is no share of a power; it is taken for 75 %'),
            ('<SteadyState Duration="60" Power="900"/>', 3, 'power "900" is no share of a power; it is left out'),
            ('<SteadyState Duration="60" Power="-1"/>', 3, 'power "-1" is no share of a power, and is left out'),
            (
                '<SteadyState Duration="60" Slope="4"/>',
                3,
                "the attribute slope of <steadystate> is not known, and is left out",
            ),
            (
                '<Cooldown Duration="60" PowerLow="0.3" PowerHigh="0.6"/>',
                3,
                "a cool-down from low to high is taken for one from high to low",
            ),
            ("<Wobble>hi</Wobble>", 3, '<wobble> is not known, and is left out: "hi"'),
            ('<Wobble Duration="60"/>', 3, "<wobble> is not known; it is taken for a steady segment"),
            ('<SteadyState Duration="60"><textevent timeoffset="5"/></SteadyState>', 3, "without a text is left out"),
            ('<IntervalsT OnDuration="60" OnPower="1"/>', 3, "IntervalsT has no number of rounds"),
        ],
    )
    def test_what_is_not_plain_is_listed_with_its_line(self, body: str, line: int, what: str) -> None:
        found = notes(zwo(f'{body}<FreeRide Duration="60"/>'))
        assert any(at == line and what in told for at, told in found), found

    def test_one_attribute_that_cannot_be_read_leaves_the_rest(self) -> None:
        body = '<IntervalsT Repeat="2" OnDuration="sixty" OffDuration="30" OnPower="1" OffPower="x" Cadence="90"/>'
        assert script(zwo(body))["block"] == [{"repeat": 2, "steps": [{"work": "30s", "name": "Easy"}]}]
        assert notes(zwo(body)) == [
            (3, 'offpower "x" is no share of a power, and is left out'),
            (3, 'onduration "sixty" is no number of seconds'),
        ]

    def test_a_pace_of_no_race_is_told_once(self) -> None:
        body = '<SteadyState Duration="60" Power="0.9" pace="8268"/>\n' * 3
        assert notes(zwo(body, "<sportType>run</sportType>")) == [
            (3, "pace 8268 is not known; the target is told without it")
        ]

    def test_segments_without_a_workout_around_them_stand_among_its_names(self) -> None:
        text = '<workout_file><name>Ride</name><tags/>\n<FreeRide Duration="60"/></workout_file>'
        assert notes(text) == [(1, "no <workout> around the segments; they are taken as they come")]

    def test_it_is_a_comment_in_the_script_too(self) -> None:
        made = imported(zwo('<SteadyState Power="0.7"/>\n<FreeRide Duration="60"/>'))
        assert "# line 3: <steadystate> has no length, and is left out\n" in made.script

    def test_a_day_of_rest_only_speaks(self) -> None:
        assert steps(zwo('<FreeRide Duration="0"/>', "<name>Rest day</name>")) == [{"say": "Rest day"}]


class TestMalformed:
    @pytest.mark.parametrize(
        "text",
        [
            zwo(
                '<SteadyState Duration="60" Power="0.7"><textevent timeoffset="30" message="Up & over"/></SteadyState>'
            ),
            zwo('<SteadyState Duration="60" Power="0.7"><textevent timeoffset="30" message="Up & over"></SteadyState>'),
            zwo('<SteadyState Duration="60" Power="0.7"><textevent timeoffset="30" message="Up & over"/>'),
            zwo(
                "<SteadyState Duration='60'' Power='0.7'><textevent timeoffset='30' message='Up & over'/></SteadyState>"
            ),
            zwo(
                '<SteadyState Duration="60" Power="0.7" \\>'
                '<textevent timeoffset="30" message="Up & over" \\></SteadyState>'
            ),
            zwo(
                '<SteadyState Duration="60" Duration="60" Power="0.7"><textevent timeoffset="30" message="Up & over"/>'
            ),
            '<?xml version="1.0"?>\n<workout_file>\n<workout>\n<SteadyState Duration="60" Power="0.7">'
            '<textevent timeoffset="30" message="Up & over"/></SteadyState>',
        ],
    )
    def test_what_can_be_told_is_taken_and_the_fault_has_its_line(self, text: str) -> None:
        (step,) = steps(text)
        assert (step["work"], step["at"]) == ("1min", {"30s": "Up & over"})
        assert any("no well-formed XML" in told and line >= 3 for line, told in notes(text))

    def test_quotation_marks_in_a_text_stay_in_it(self) -> None:
        body = (
            '<SteadyState Duration="60" Power="0.7"><textevent timeoffset="30" message="Say "go" now"/></SteadyState>'
        )
        assert steps(zwo(body))[0]["at"] == {"30s": 'Say "go" now'}

    def test_a_text_that_cannot_be_told_is_listed(self) -> None:
        body = '<SteadyState Duration="60" Power="0.7">\n<textevent timeoffset="30" message="Oh no\n</SteadyState>'
        text = zwo(body) + '<FreeRide Duration="60"/>'
        heard = "Oh no" in imported(text).script.partition("title")[2]
        assert heard or any(line == 4 and "Oh no" in told for line, told in notes(text))

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "ride.zwo:1: the file is empty ("),
            ("  \n ", "ride.zwo:1: the file is empty ("),
            (
                "<gpx>\n<trk/></gpx>",
                "ride.zwo:1: there is no segment in it that lasts (its outermost element is <gpx>,",
            ),
            (zwo('<SteadyState Duration="sixty"/>'), "ride.zwo:3: there is no segment in it that lasts (line 3: "),
            ("hello <workout_file", "ride.zwo:1: there is no segment in it that lasts"),
            ("<workout_file>\n<workout>\n</workout>", "ride.zwo:3: there is no segment in it that lasts"),
        ],
    )
    def test_where_nothing_can_be_told_the_error_has_its_place(self, text: str, told: str) -> None:
        with pytest.raises(WorkoutFileError) as caught:
            imported(text)
        assert str(caught.value).startswith(told)

    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
            '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
            '<!ENTITY a "ha">',
        ],
    )
    @pytest.mark.parametrize("fault", ["", "<"])
    def test_entities_are_refused_in_good_files_and_bad_ones(self, declared: str, fault: str) -> None:
        text = f'<?xml version="1.0"?>\n{declared}\n{zwo(f"""<FreeRide Duration="60"/>{fault}""")}'
        with pytest.raises(WorkoutFileError, match=r"ride.zwo:2: it declares a document type or entities"):
            imported(text)


class TestEncodings:
    TEXT = zwo('<FreeRide Duration="60"><textevent timeoffset="30" message="Schön, weiter so"/></FreeRide>')

    @pytest.mark.parametrize(
        "content",
        [
            TEXT.encode(),
            b"\xef\xbb\xbf" + TEXT.encode(),
            TEXT.encode("utf-16"),
            TEXT.encode("utf-16-be"),
            TEXT.replace("\n", "\r\n").encode(),
            ('<?xml version="1.0" encoding="utf-16"?>' + TEXT).encode(),
            ('<?xml version="1.0" encoding="iso-8859-1"?>' + TEXT).encode("latin-1"),
        ],
    )
    def test_the_texts_are_as_they_were_written(self, content: bytes) -> None:
        assert steps(content)[0]["at"] == {"30s": "Schön, weiter so"}
        assert not notes(content)

    def test_what_windows_wrote_without_saying_so_is_told(self) -> None:
        assert steps(self.TEXT.encode("cp1252"))[0]["at"] == {"30s": "Schön, weiter so"}
        assert notes(self.TEXT.encode("cp1252")) == [
            (0, "the file is no UTF-8; it is read as cp1252, as Windows wrote it")
        ]
