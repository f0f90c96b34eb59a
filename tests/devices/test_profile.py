"""What is said of each device: every fact with its source, and a person's own laid over it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from voicecoach import config
from voicecoach.devices import explanation, profile, written
from voicecoach.errors import ConfigError, UnknownDeviceError
from voicecoach.export.cover import SMALLEST
from voicecoach.export.formats import FORMATS

DEVICES = (
    "amazfit", "apple", "coros", "garmin", "generic", "huawei", "podcast", "shokz", "sony", "suunto", "wearos",
)  # fmt: skip
FOLDER = Path(profile.__file__).parent / "profiles"
Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a file into the configuration folder."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))

    def write(name: str, content: str) -> None:
        path = config.path().parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    return write


def complaints(error: ConfigError) -> list[str]:
    """The lines of an error without the folder."""
    return [line.rpartition(".toml:")[2] for line in str(error).splitlines()]


class TestShipped:
    def test_there_is_one_for_each_device(self) -> None:
        assert profile.names() == DEVICES

    @pytest.mark.parametrize("name", DEVICES)
    def test_every_key_has_a_source_and_says_how_sure_it_is(self, name: str) -> None:
        data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        for key in data.keys() - {"title", "models", "notes", "unknown"}:
            assert data[key].keys() == {"is", "sure", "source"}, key
        one = profile.load(name)
        keys = profile.Profile.model_fields.keys() - {"name", "title", "models", "notes", "unknown", "facts"}
        assert one.facts.keys() == keys
        assert not [key for key, fact in one.facts.items() if fact.sure == "yours"]

    @pytest.mark.parametrize("name", DEVICES)
    def test_each_can_be_made_for_and_says_what_is_not_known(self, name: str) -> None:
        one = profile.load(name)
        assert one.makes[0].name in FORMATS
        choice = FORMATS[one.makes[0].name].choice
        assert {1000 * one.makes[0].speech, 1000 * one.makes[0].music} <= set(choice)
        assert one.sample_rates[0] <= one.sample_rate <= one.sample_rates[1]
        assert one.unknown
        assert len(one.title) > 5

    @pytest.mark.parametrize("name", set(DEVICES) - {"generic"})
    def test_what_a_device_does_not_say_is_what_is_safe_everywhere(self, name: str) -> None:
        data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        safe, one = profile.load("generic"), profile.load(name)
        for key in one.facts.keys() - data.keys():
            assert getattr(one, key) == getattr(safe, key)

    def test_what_is_safe_everywhere(self) -> None:
        safe = profile.load("generic")
        assert [(taken.name, taken.speech, taken.music) for taken in safe.formats] == [("mp3", 64, 128)]
        assert (safe.sample_rate, safe.variable_bitrate, safe.tag_version) == (44_100, False, "2.3")
        assert (safe.tag_characters, safe.name_characters) == ("ascii", "ascii")

    def test_a_garmin(self) -> None:
        garmin = profile.load(" Garmin ")
        assert (garmin.connection, garmin.folder, garmin.songs, garmin.fit) == ("mtp", "Music", 300, "GARMIN/NewFiles")
        assert (garmin.order, garmin.playlist, garmin.split_seconds) == ("playlist", "garmin", 600)
        assert garmin.facts["songs"].sure == "reported"

    def test_an_unknown_one_names_the_nearest(self) -> None:
        with pytest.raises(UnknownDeviceError, match=r'no device is called "garmn" \(did you mean "garmin"\?\)'):
            profile.load("garmn")
        with pytest.raises(UnknownDeviceError, match=r'no device is called "../x" \(known: amazfit, apple'):
            profile.load("../x")

    @pytest.mark.parametrize("name", DEVICES)
    def test_the_page_says_the_same(self, name: str) -> None:
        page = (Path(__file__).parents[2] / "docs" / "devices.md").read_text(encoding="utf-8")
        row = next(line for line in page.splitlines() if f"| `{name}` |" in line)
        one = profile.load(name)
        splits = {"10min": "10-minute tracks", "2min": "2-minute tracks", "none": "one file"}
        assert [row.split(" | ")[3], row.split(" | ")[5].removesuffix(" |")] == [
            one.makes[0].name.upper(),
            splits[one.split],
        ]

    def test_the_page_explains_every_key(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "devices.md").read_text(encoding="utf-8")
        keys = profile.Profile.model_fields.keys() - {"name", "facts"}
        assert not [key for key in keys if f"`{key}`" not in page]


class TestOwn:
    def test_a_change_needs_only_the_keys_that_differ(self, write: Write) -> None:
        write("config.toml", '[devices.garmin]\nsplit = "step"\nsongs = "none"\n')
        mine = profile.load("garmin")
        assert (mine.split, mine.songs, mine.folder) == ("step", None, "Music")
        assert mine.facts["split"].sure == "yours"
        assert mine.facts["split"].source.endswith("config.toml")
        assert mine.facts["folder"].sure == "reported"

    def test_a_device_of_ones_own_begins_with_what_is_safe(self, write: Write) -> None:
        write("devices/my-radio.toml", 'title = "The radio"\nlongest_track = "5min"\nlargest_file = "10MB"\n')
        assert profile.names()[-1] == "my-radio"
        mine = profile.load("my-radio")
        assert (mine.title, mine.longest_track, mine.largest_file) == ("The radio", 300, 10_000_000)
        assert mine.formats == profile.load("generic").formats
        assert mine.unknown == ()

    def test_it_needs_no_title(self, write: Write) -> None:
        write("config.toml", "[devices.mine]\ncover = 0\n")
        assert profile.load("mine").title == "mine"

    def test_the_table_goes_before_the_file(self, write: Write) -> None:
        write("devices/sony.toml", 'folder = "A"\nsongs = 5\n')
        write("config.toml", '[devices.sony.folder]\nis = "B/C/"\nsure = "reported"\nsource = "my player"\n')
        mine = profile.load("sony")
        assert (mine.folder, mine.songs) == ("B/C", 5)
        assert (mine.facts["folder"].sure, mine.facts["folder"].source) == ("reported", "my player")

    def test_every_mistake_is_told_at_its_place(self, write: Write) -> None:
        write(
            "config.toml",
            "[devices.garmin]\n"
            'split = "10"\n'
            'foldre = "Music"\n'
            'folder = "/Music"\n'
            "songs = 0\n"
            'formats = [ { name = "mp3", speech = "64" }, { nam = "mp3" } ]\n'
            'largest_file = "big"\n'
            'order = "tag"\n'
            'fit = { is = 3, sure = "surely", source = "" }\n'
            "longest_track = 10\n",
        )
        with pytest.raises(ConfigError) as error:
            profile.load("garmin")
        assert error.value.exit_code == 2
        assert complaints(error.value) == [
            '2:1: devices.garmin.split: "10" is no way to split (write "step", "block", "10min" or "none")',
            '3:1: devices.garmin.foldre: unknown key "foldre" (did you mean "folder" or "subfolders"?)',
            '4:1: devices.garmin.folder: "/Music" is no folder on a device (write it from its top, as "Music" or '
            '"GARMIN/NewFiles")',
            '5:1: devices.garmin.songs: expected how many, as 300, or "none" where there is no limit, found 0',
            '6:29: devices.garmin.formats[0].speech: expected a whole number, found "64" (did you mean 64, without '
            "quotes?)",
            '6:46: devices.garmin.formats[1].name: the key "name" is missing',
            '6:48: devices.garmin.formats[1].nam: unknown key "nam"',
            '7:1: devices.garmin.largest_file: "big" is not a size (write "500MB" or "2GB")',
            '8:1: devices.garmin.order: "tag" is none of "playlist", "name", "copy" or "tags" (did you mean "tags"?)',
            "9:9: devices.garmin.fit.is: expected a text, found 3",
            '9:17: devices.garmin.fit.sure: "surely" is none of "documented", "reported", "guess", "chosen" or "yours"',
            "9:34: devices.garmin.fit.source: the text is empty",
            '10:1: devices.garmin.longest_track: 10 has no unit (did you mean "10s"?)',
        ]

    @pytest.mark.parametrize("rate", [8_000, 12_345, 96_000])
    def test_a_rate_that_not_every_format_has(self, write: Write, rate: int) -> None:
        write("config.toml", f"[devices.garmin]\nsample_rate = {rate}\n")
        with pytest.raises(ConfigError) as error:
            profile.load("garmin")
        assert complaints(error.value) == [
            f"2:1: devices.garmin.sample_rate: {rate} Hz cannot be made in every format (there are: 16000, 22050, "
            "24000, 32000, 44100, 48000)"
        ]

    def test_a_cover_that_cannot_be_drawn(self, write: Write) -> None:
        write("config.toml", "[devices.garmin]\ncover = 10\n")
        with pytest.raises(ConfigError, match=r"config\.toml:2:1: devices\.garmin\.cover: 10 pixels are too few"):
            profile.load("garmin")
        assert profile.SMALLEST_COVER == SMALLEST

    def test_a_file_that_is_no_toml(self, write: Write) -> None:
        write("devices/mine.toml", 'title = "x\n')
        with pytest.raises(ConfigError, match=r"mine\.toml:1:"):
            profile.load("mine")

    def test_names_that_cannot_be(self, write: Write) -> None:
        write("config.toml", '[devices."My Watch"]\nsongs = 3\n')
        with pytest.raises(ConfigError, match=r'config\.toml:1:1: devices\."My Watch": "My Watch" cannot be the name'):
            profile.names()
        write("config.toml", "devices = 3")
        with pytest.raises(ConfigError, match="devices: expected a table, found 3"):
            profile.names()
        write("config.toml", "")
        write("devices/My Watch.toml", "")
        with pytest.raises(ConfigError, match=r"My Watch\.toml: "):
            profile.names()


class TestExplained:
    @pytest.mark.parametrize("name", DEVICES)
    def test_every_fact_is_told_and_what_is_not_known(self, name: str) -> None:
        one = profile.load(name)
        told = explanation.of(one)
        assert len(told) == len(one.facts) + len(one.notes) + len(one.unknown)
        assert all(statement.so and statement.what for statement in told)
        assert [statement.so for statement in told if statement.what == "not known"] == list(one.unknown)

    def test_the_surest_comes_first(self) -> None:
        sure = [statement.sure for statement in explanation.of(profile.load("garmin"))]
        assert sure.index("someone who has one says so") < sure.index("not known: what is safe everywhere")

    def test_a_split_in_words(self, write: Write) -> None:
        write("config.toml", '[devices.garmin]\nsplit = "step"\n')
        told = {statement.what: statement for statement in explanation.of(profile.load("garmin"))}
        assert told["a session becomes"].so == "a track a step"
        assert told["a session becomes"].sure == "your configuration says so"
        assert explanation.known(profile.load("generic")).startswith("0 of ")


def test_what_ships_is_found_without_a_configuration() -> None:
    assert written.shipped() == DEVICES
    assert written.own() == frozenset()


class TestGuide:
    @pytest.mark.parametrize("name", DEVICES)
    def test_what_is_copied_by_hand_lies_where_the_guide_says(self, name: str) -> None:
        guide = (Path(__file__).parents[2] / "docs" / "devices.md").read_text(encoding="utf-8")
        one = profile.load(name)
        (section,) = [part for part in guide.split("\n## ") if f"--for {name}" in part and not part.startswith("#")][
            -1:
        ]
        by_hand = "album" in section
        for folder in (one.folder, one.fit):
            assert not (by_hand and folder) or f"`album/{folder}`" in section
