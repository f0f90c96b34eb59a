"""Sessions as the folders that devices want: which files there are, what they say, and whose they are."""

from __future__ import annotations

import json
import math
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from arrangements import Signal, bed, decoded
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4

from voicecoach import script
from voicecoach.devices import album, inspection, manifest, profile
from voicecoach.devices.album import Wish, encodings, planned
from voicecoach.devices.profile import Profile
from voicecoach.errors import ExportError
from voicecoach.export import exporter
from voicecoach.export.batch import Job, Outcome, export_many, make
from voicecoach.export.cuts import Split, Stretch, split
from voicecoach.export.exporter import export
from voicecoach.export.formats import FORMATS, RATES
from voicecoach.timeline.compiler import compile
from voicecoach.timeline.model import VoiceWish

RATE = 44_100
GENERIC, GARMIN, COROS, SHOKZ, APPLE, SONY, WEAROS = map(
    profile.load, ("generic", "garmin", "coros", "shokz", "apple", "sony", "wearos")
)
STEP, NONE = Split("step"), Split("none")
CIRCUIT = """
title = "Kräftige Brücken"
summary = "Zwei Übungen."
language = "de"
[[block]]
name = "Boden"
steps = [
  { hold = "5s", name = "Brücke", cues = ["Hoch.", "Atmen."], every = "2s" },
  { rest = "4s" },
  { hold = "5s", name = "Stütz" },
]
"""
ANSWERS = """
title = "Check"
[[block]]
steps = [
  { hold = "max", cap = "8s", name = "Longest bridge", cues = ["Squeeze.", "Breathe."], every = "2s" },
  { ask = "Where?", answers = [
    { label = "Glute", say = "Good." }, { label = "Back", say = "Tuck." }, { label = "Hip" },
  ] },
]
"""


def stretches(*titles: str, seconds: int = 60) -> list[Stretch]:
    long = seconds * RATE
    return [Stretch(number * long, (number + 1) * long, title) for number, title in enumerate(titles)]


def paths(title: str, titles: list[str], one: Profile, *taken: str) -> list[str]:
    return [piece.path for piece in planned(title, stretches(*titles), ".mp3", one, RATE, taken).pieces]


def job(folder: Path, one: Profile, text: str = CIRCUIT, **wishes: Any) -> Job:
    source = folder / "source.toml"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    timeline = compile(script.load(source))
    source.unlink()
    wish = Wish(profile=one, name="circuit", title=timeline.title, split=STEP)
    wish = replace(wish, **wishes)
    return Job(timeline=timeline, path=folder, voice=VoiceWish(engine="tone"), rate=one.sample_rate, writes=wish)


def tracks(outcome: Outcome) -> list[Path]:
    return [path for path in outcome.files if path.suffix in (".mp3", ".m4a", ".flac", ".wav", ".opus")]


def names(folder: Path) -> list[str]:
    """Every file in a folder by its path."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))


@pytest.fixture
def device(tmp_path: Path) -> Path:
    return tmp_path / "device"


class TestWhichFilesThereAre:
    def test_an_album_is_a_folder_of_numbered_tracks(self) -> None:
        assert paths("Core", ["Plank", "Rest", "Plank"], GENERIC) == [
            "Core/01 Plank.mp3",
            "Core/02 Rest.mp3",
            "Core/03 Plank.mp3",
        ]

    def test_one_track_is_a_file(self) -> None:
        assert paths("Core", ["Plank"], GENERIC) == ["Core.mp3"]

    def test_where_no_folders_are_read_the_names_keep_albums_together(self) -> None:
        assert paths("Core", ["Plank", "Rest"], COROS) == ["Core 01 Plank.mp3", "Core 02 Rest.mp3"]

    def test_a_folder_that_takes_twenty_files_is_followed_by_another(self) -> None:
        found = paths("Core", ["Plank"] * 45, SHOKZ)
        assert [found[at] for at in (0, 19, 20, 39, 40, 44)] == [
            "Core 1/01 Plank.mp3",
            "Core 1/20 Plank.mp3",
            "Core 2/21 Plank.mp3",
            "Core 2/40 Plank.mp3",
            "Core 3/41 Plank.mp3",
            "Core 3/45 Plank.mp3",
        ]

    def test_more_tracks_than_a_device_takes_are_refused_with_the_remedy(self) -> None:
        with pytest.raises(
            ExportError, match=r"301 tracks are more than Garmin watch with music takes \(300\): split it"
        ):
            paths("Core", ["Plank"] * 301, GARMIN)

    @pytest.mark.parametrize(
        ("title", "one", "name"),
        [
            ("Kräftige Brücken", GENERIC, "Kraftige Brucken/01 Kraftige Brucken.mp3"),
            ("Kräftige Brücken", APPLE, "Kräftige Brücken/01 Kräftige Brücken.mp3"),
            ("Příliš žluťoučký kůň", GARMIN, "Prilis zlutoucky kun/01 Prilis zlutoucky kun.mp3"),
            ("お尻", APPLE, "お尻/01 お尻.mp3"),
            ("🔥 Core", GENERIC, "fire Core/01 fire Core.mp3"),
            ("🔥 Core", APPLE, "🔥 Core/01 🔥 Core.mp3"),
            ("Left/right?", GENERIC, "Left-right/01 Left-right.mp3"),
        ],
    )
    def test_names_are_in_the_characters_of_the_device(self, title: str, one: Profile, name: str) -> None:
        assert paths(title, [title, title], one)[0] == name

    def test_a_title_that_another_album_has_gets_a_number(self) -> None:
        assert paths("Core", ["Plank", "Rest"], GENERIC, "Core/01 Plank.mp3", "Core.m3u8")[0] == "Core-2/01 Plank.mp3"
        assert paths("core", ["Plank"], GENERIC, "Core.mp3") == ["core-2.mp3"]

    def test_playlists_in_the_dialect_of_the_device(self) -> None:
        def text(one: Profile) -> tuple[str, str] | None:
            return planned("Core", stretches("Plank", "Rest"), ".mp3", one, RATE).playlist

        assert text(GENERIC) == (
            "Core.m3u8",
            "#EXTM3U\n#EXTINF:60,Plank\nCore/01 Plank.mp3\n#EXTINF:60,Rest\nCore/02 Rest.mp3\n",
        )
        assert text(GARMIN) == ("Core.m3u8", "0:/MUSIC/CORE/01 PLANK.MP3\r\n0:/MUSIC/CORE/02 REST.MP3\r\n")
        assert text(SHOKZ) is None

    @pytest.mark.slow
    @pytest.mark.parametrize("name", profile.names())
    @pytest.mark.parametrize("cut", ["step", "block", "1min", "none"])
    def test_what_is_made_is_what_the_device_takes(self, device: Path, name: str, cut: str) -> None:
        one = profile.load(name)
        outcome = make(job(device, one, split=split(cut)))
        assert inspection.inspect(device, one) == ()
        assert names(device) == sorted(
            [path.relative_to(device).as_posix() for path in outcome.files] + ["voicecoach/circuit.json"]
        )
        assert {track.parent.is_relative_to(device / one.folder) for track in outcome.files} == {True}


class TestWhatTracksSay:
    @pytest.mark.slow
    def test_title_number_album_cover_and_no_accents_on_a_garmin(self, device: Path) -> None:
        made = tracks(make(job(device, GARMIN)))
        assert [path.name for path in made] == ["01 Brucke.m4a", "02 Pause.m4a", "03 Stutz.m4a"]
        said = MP4(made[1])
        assert (said["\xa9nam"], said["\xa9alb"], said["\xa9ART"]) == (["Pause"], ["Kraftige Brucken"], ["voicecoach"])
        assert said["trkn"] == [(2, 3)]
        assert len(said["covr"]) == 1

    @pytest.mark.slow
    def test_accents_where_they_are_shown(self, device: Path) -> None:
        said = MP4(tracks(make(job(device, APPLE)))[0])
        assert (said["\xa9nam"], said["\xa9alb"], said["trkn"]) == (["Brücke"], ["Kräftige Brücken"], [(1, 3)])

    @pytest.mark.slow
    def test_the_tag_of_an_mp3_is_of_the_version_that_is_read(self, device: Path) -> None:
        tag = ID3(tracks(make(job(device, GENERIC)))[2], translate=False)
        assert (tag.version, str(tag["TIT2"]), str(tag["TRCK"])) == ((2, 3, 0), "Stutz", "3/3")
        assert [picture.mime for picture in tag.getall("APIC")] == ["image/jpeg"]

    @pytest.mark.slow
    def test_headphones_without_a_display_get_no_picture(self, device: Path) -> None:
        assert ID3(tracks(make(job(device, SHOKZ)))[0]).getall("APIC") == []

    @pytest.mark.slow
    def test_a_track_of_several_steps_has_chapters_of_its_own_and_one_of_one_has_none(self, device: Path) -> None:
        def chapters(path: Path) -> list[str]:
            with av.open(str(path)) as container:
                return [each["metadata"]["title"] for each in container.chapters()]

        (whole,) = tracks(make(job(device, APPLE, split=NONE)))
        assert chapters(whole) == ["Brücke", "Pause", "Stütz"]
        assert [chapters(path) for path in tracks(make(job(device, APPLE)))] == [[], [], []]

    @pytest.mark.slow
    def test_captions_beside_each_track_count_from_its_own_beginning(self, device: Path) -> None:
        outcome = make(job(device, SONY, captions=("vtt",)))
        second = next(path for path in outcome.files if path.name == "02 Pause.vtt")
        first_cue = re.search(r"(\S+) --> .*\n(.*)", second.read_text(encoding="utf-8"))
        assert first_cue is not None
        assert "00:00:00.250" <= first_cue[1] < "00:00:00.280", "a breath, and what is left of a packet"
        assert (second.with_suffix(".lrc")).is_file(), "which this player reads"


class TestSteps:
    @pytest.mark.slow
    def test_a_question_is_a_track_and_each_of_its_answers_one(self, device: Path) -> None:
        made = tracks(make(job(device, APPLE, ANSWERS)))
        assert [path.stem for path in made] == ["01 Longest bridge", "02 Where", "03 Glute", "04 Back", "05 Hip"]

    @pytest.mark.slow
    def test_an_open_step_is_a_track_that_coaches_up_to_its_cap(self, device: Path) -> None:
        first = tracks(make(job(device, APPLE, ANSWERS)))[0]
        assert 8 < MP4(first).info.length < 12
        sounding = np.abs(decoded(first)[:, 0]) > 0.01
        loud = [bool(sounding[at : at + RATE].any()) for at in range(0, len(sounding), 2 * RATE)]
        assert sum(loud) >= 4, "its form cues come again and again"


class TestTheWholeInItsTracks:
    def joined(self, outcome: Outcome) -> Signal:
        return np.concatenate([decoded(path) for path in tracks(outcome)])

    @pytest.mark.slow
    @pytest.mark.parametrize("name", ["mp3", "m4a", "opus", "flac", "wav"])
    @pytest.mark.parametrize("numbered", [False, True])
    def test_tracks_in_a_row_are_the_whole_in_every_format(self, device: Path, name: str, numbered: bool) -> None:
        made = job(device, WEAROS, format=name, numbered=numbered)
        whole = device / f"whole.{name}"

        def too(job: Job, arrangement: Any, workers: int | None, progress: Any) -> Any:
            wish = made.writes
            assert isinstance(wish, Wish)
            encoding = next(encodings(wish, arrangement))
            plan = album._plan(
                wish, job, arrangement, encoding, album._about(job.timeline, arrangement, WEAROS, wish.title)
            )
            export(plan.arrangement, whole, bit_rate=encoding.bit_rate or None)
            return wish(job, arrangement, workers, progress)

        joined = self.joined(make(replace(made, writes=too)))
        assert joined.shape == decoded(whole).shape
        assert np.abs(joined - decoded(whole)).max() < 1e-5

    @pytest.mark.slow
    @pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt"])
    def test_a_voice_says_the_number_of_each_track_in_its_language(self, device: Path, language: str) -> None:
        text = CIRCUIT.replace('"de"', f'"{language}"')
        plain = make(job(device, GENERIC, text))
        numbered = make(job(device, GENERIC, text, numbered=True, captions=("srt",)))
        assert [path.name for path in tracks(numbered)] == [path.name for path in tracks(plain)]
        captions = [path.read_text(encoding="utf-8") for path in numbered.files if path.suffix == ".srt"]
        said = [text.splitlines()[2] for text in captions]
        wanted = {
            "de": ["Eins von drei.", "Zwei von drei.", "Drei von drei."],
            "en": ["One of three.", "Two of three.", "Three of three."],
            "es": ["Uno de tres.", "Dos de tres.", "Tres de tres."],
            "fr": ["Un sur trois.", "Deux sur trois.", "Trois sur trois."],
            "it": ["Uno di tre.", "Due di tre.", "Tre di tre."],
            "nl": ["Één van drie.", "Twee van drie.", "Drie van drie."],
            "pt": ["Um de três.", "Dois de três.", "Três de três."],
        }
        assert said == wanted[language]
        assert numbered.seconds == plain.seconds, "which is that of the session"

    @pytest.mark.slow
    def test_one_track_needs_no_number(self, device: Path) -> None:
        plain = tracks(make(job(device, GENERIC, split=NONE)))[0].read_bytes()
        assert tracks(make(job(device, GENERIC, split=NONE, numbered=True)))[0].read_bytes() == plain


class TestHowItSounds:
    @pytest.mark.slow
    def test_at_the_loudness_of_the_device(self, device: Path) -> None:
        def decibels(one: Profile) -> float:
            (path,) = tracks(make(job(device / one.name, one, split=NONE)))
            return 20 * math.log10(float(np.sqrt(np.mean(decoded(path) ** 2))))

        soft = GENERIC.model_copy(update={"name": "soft", "loudness": -22.0})
        assert decibels(GENERIC) - decibels(soft) == pytest.approx(6.0, abs=0.1)

    @pytest.mark.slow
    def test_at_the_sample_rate_of_the_device(self, device: Path) -> None:
        slow = GENERIC.model_copy(update={"sample_rate": 48_000})
        assert {MP3(path).info.sample_rate for path in tracks(make(job(device, slow)))} == {48_000}

    @pytest.mark.slow
    def test_music_is_refused_where_only_one_channel_is_played(self, device: Path) -> None:
        made = job(device, GENERIC.model_copy(update={"channels": 1}))
        device.mkdir(exist_ok=True)
        under = replace(made, timeline=replace(made.timeline, music=bed(device)))
        with pytest.raises(ExportError, match="plays mono only, and music has two channels"):
            make(under)


class TestWhatIsTaken:
    def first(self, one: Profile, **wishes: Any) -> tuple[str, int, str]:
        class Heard:
            rate, channels = RATE, wishes.pop("channels", 1)

        encoding = next(encodings(Wish(profile=one, title="Core", **wishes), Heard()))  # type: ignore[arg-type]
        return encoding.format.name, encoding.bit_rate // 1000, encoding.silence

    def test_the_best_format_of_the_device_at_its_bit_rate(self) -> None:
        assert self.first(GARMIN) == ("m4a", 64, "constant")
        assert self.first(COROS) == ("mp3", 64, "constant")
        assert self.first(COROS, channels=2) == ("mp3", 128, "constant")
        assert self.first(GARMIN, format="mp3", bit_rate=96_000) == ("mp3", 96, "constant")

    def test_small_silence_where_bit_rate_may_vary_and_half_the_sample_rate_is_played(self) -> None:
        assert self.first(SONY, format="mp3") == ("mp3", 64, "constant"), "it plays nothing below 32 kHz"
        varying = GENERIC.model_copy(update={"variable_bitrate": True, "sample_rates": (16_000, 48_000)})
        assert self.first(varying) == ("mp3", 48, "small")

    @pytest.mark.parametrize(
        ("one", "wishes", "why"),
        [
            (GARMIN, {"format": "opus"}, r"takes no opus that can be made here \(it takes: m4a, mp3, wav\)"),
            (COROS, {"bit_rate": 8_000}, "takes mp3 of 32 to 320 kbit/s, and not of 8"),
            (SONY, {"format": "wav"}, "takes wav of 1411 to 1411 kbit/s, and not of 706"),
        ],
    )
    def test_what_it_does_not_take_is_told_with_what_it_does(self, one: Profile, wishes: Any, why: str) -> None:
        with pytest.raises(ExportError, match=why):
            self.first(one, **wishes)


class TestSizes:
    @pytest.mark.slow
    def test_what_fits_is_made_as_wished(self, device: Path) -> None:
        outcome = make(job(device, GENERIC, size_limit=10_000_000))
        assert {round(MP3(path).info.bitrate, -3) for path in tracks(outcome)} == {64_000}

    @pytest.mark.slow
    def test_the_best_that_fits_otherwise(self, device: Path) -> None:
        wide = make(job(device, GENERIC, split=NONE, bit_rate=None))
        outcome = make(job(device, GENERIC, split=NONE, size_limit=wide.size * 9 // 10))
        assert outcome.size <= wide.size * 9 // 10
        assert round(MP3(tracks(outcome)[0]).info.bitrate, -3) in (48_000, 56_000)

    @pytest.mark.slow
    def test_where_nothing_does_it_is_told_what_would_and_nothing_is_left(self, device: Path) -> None:
        with pytest.raises(
            ExportError, match=r'"Kräftige Brücken" does not fit in 10\.0 kB: the smallest .* has about'
        ) as said:
            make(job(device, GENERIC, size_limit=10_000))
        assert names(device) == []
        least = float(re.findall(r"about ([\d.]+) kB", str(said.value))[0])
        assert make(job(device, GENERIC, size_limit=int(1100 * least))).size <= 1100 * least

    @pytest.mark.slow
    def test_one_that_proves_too_large_is_taken_away_again(self, device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("voicecoach.devices.album._Plan.size", 0)
        with pytest.raises(ExportError, match="does not fit"):
            make(job(device, GENERIC, size_limit=20_000))
        assert names(device) == []

    @pytest.mark.slow
    def test_a_track_that_would_be_larger_than_the_device_takes_is_made_smaller(self, device: Path) -> None:
        plain = make(job(device, WEAROS, split=NONE))
        one = WEAROS.model_copy(update={"largest_file": plain.size * 9 // 10})
        (track,) = tracks(make(job(device, one, split=NONE)))
        assert track.stat().st_size < plain.size * 9 // 10
        assert inspection.inspect(device, one) == ()


class TestWhoseFilesTheyAre:
    @pytest.mark.slow
    def test_the_same_again_is_the_same_bytes(self, device: Path) -> None:
        make(job(device, GENERIC))
        once = contents(device)
        make(job(device, GENERIC))
        assert contents(device) == once

    @pytest.mark.slow
    def test_tracks_that_are_no_longer_needed_go_and_nothing_else_does(self, device: Path) -> None:
        make(job(device, GENERIC))
        (device / "Kraftige Brucken" / "mine.mp3").write_bytes(b"mine")
        (device / "other.mp3").write_bytes(b"other")
        make(job(device, GENERIC, CIRCUIT.replace('{ rest = "4s" },', "")))
        assert names(device) == [
            "Kraftige Brucken.m3u8",
            "Kraftige Brucken/01 Brucke.mp3",
            "Kraftige Brucken/02 Stutz.mp3",
            "Kraftige Brucken/mine.mp3",
            "other.mp3",
            "voicecoach/circuit.json",
        ]

    @pytest.mark.slow
    def test_with_its_last_track_an_old_folder_goes_too(self, device: Path) -> None:
        make(job(device, GENERIC))
        make(job(device, GENERIC, title="Anew"))
        assert not (device / "Kraftige Brucken").exists()
        assert (device / "Anew" / "01 Brucke.mp3").is_file()

    @pytest.mark.slow
    def test_a_file_that_is_not_ours_is_in_the_way_and_stays(self, device: Path) -> None:
        foreign = device / "Kraftige Brucken" / "02 Pause.mp3"
        foreign.parent.mkdir(parents=True)
        foreign.write_bytes(b"mine")
        with pytest.raises(ExportError, match=r"02 Pause\.mp3: is there, and is not one of voicecoach's: move it away"):
            make(job(device, GENERIC))
        assert contents(device) == {"Kraftige Brucken/02 Pause.mp3": b"mine"}

    @pytest.mark.slow
    def test_one_of_ours_that_somebody_has_changed_stays_too(self, device: Path) -> None:
        first = tracks(make(job(device, GENERIC)))[0]
        first.write_bytes(b"edited")
        with pytest.raises(ExportError, match="was changed since it was written"):
            make(job(device, GENERIC))
        outcome = make(job(device, GENERIC, title="Anew"))
        assert first.read_bytes() == b"edited"
        assert [note.endswith("was changed by somebody since it was written, and stays") for note in outcome.notes] == [
            True
        ]

    @pytest.mark.slow
    def test_interrupted_among_the_tracks_the_next_time_mends_it(
        self, device: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken_off(arrangement: Any, tracks: Any, encoding: Any, **more: Any) -> None:
            whole(arrangement, tracks[:1], encoding, **more)
            raise KeyboardInterrupt

        whole = exporter.export_tracks
        make(job(device, GENERIC, title="Before"))
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr("voicecoach.devices.album.export_tracks", broken_off)
            make(job(device, GENERIC))
        assert (device / "Kraftige Brucken" / "01 Brucke.mp3").is_file()
        make(job(device, GENERIC))
        assert {name.split("/")[0] for name in names(device)} == {
            "Kraftige Brucken",
            "Kraftige Brucken.m3u8",
            "voicecoach",
        }
        assert inspection.inspect(device, GENERIC) == ()

    @pytest.mark.slow
    def test_a_note_that_nobody_can_read_is_told_and_nothing_is_touched(self, device: Path) -> None:
        make(job(device, GENERIC))
        note = device / "voicecoach" / "circuit.json"
        note.write_text('{"version": 1, "files": [', encoding="utf-8")
        before = contents(device)
        with pytest.raises(ExportError, match=r"circuit\.json: does not say what is ours"):
            make(job(device, GENERIC))
        assert contents(device) == before

    @pytest.mark.slow
    def test_two_of_one_title_made_at_once_are_two_folders(self, device: Path) -> None:
        jobs = [job(device, GENERIC, name=f"script{number}") for number in range(6)]
        with ThreadPoolExecutor(6) as threads:
            outcomes = list(export_many(jobs, threads))
        assert [outcome.error for outcome in outcomes] == [None] * 6
        folders = {tracks(outcome)[0].parent.name for outcome in outcomes}
        assert folders == {"Kraftige Brucken", *(f"Kraftige Brucken-{number}" for number in range(2, 7))}
        assert threading.active_count() < 10
        assert inspection.inspect(device, GENERIC) == ()
        kept = [json.loads(path.read_text(encoding="utf-8"))["files"] for path in (device / "voicecoach").iterdir()]
        assert len({name for files in kept for name in files}) == sum(map(len, kept))

    def test_albums_are_listed_by_their_names(self, device: Path) -> None:
        manifest.write(device, "b", {"B.mp3": None})
        manifest.write(device, "a", {"A.mp3": None})
        assert [*manifest.albums(device)] == ["a", "b"]


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", FORMATS)
def test_at_every_rate_that_a_profile_may_ask_for_it_sounds_as_long(device: Path, rate: int, kind: Any) -> None:
    one = GENERIC.model_copy(update={"formats": (profile.Taken(name=kind),), "sample_rate": rate})
    outcome = make(job(device, one, split=NONE))
    (track,) = tracks(outcome)
    at = 48_000 if kind == "opus" else rate
    sound = decoded(track)
    assert abs(len(sound) / at - outcome.seconds) < 0.1
    assert np.abs(sound).max() > 0.05


def test_mp3_below_32_kilohertz_has_no_high_bit_rates() -> None:
    assert max(FORMATS["mp3"].bit_rates_at(22_050)) == 160_000
    assert max(FORMATS["mp3"].bit_rates_at(44_100, "small")) == 160_000
    assert max(FORMATS["mp3"].bit_rates_at(32_000)) == 320_000


@pytest.mark.slow
def test_limits_that_its_cut_does_not_keep_are_told(device: Path) -> None:
    one = COROS.model_copy(update={"folder_files": 2, "longest_track": 3.0})
    assert [note.partition(" is longer")[0].partition(" in one")[0] for note in make(job(device, one)).notes] == [
        "3 tracks",
        "a track of 0:09",
    ]


@pytest.mark.slow
def test_of_a_large_album_it_is_told_what_would_be_far_smaller(device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "_LARGE", 1_000_000)
    long = CIRCUIT.replace('"4s"', '"10min"')
    outcome = make(job(device, SHOKZ, long))
    (note,) = outcome.notes
    assert re.fullmatch(r'"Kräftige Brücken" takes 4.9 MB; with --format m4a it is about [\d.]+ kB', note)
    smaller = make(job(device, SHOKZ, long, format="m4a"))
    assert smaller.notes == ()
    assert smaller.size < outcome.size / 4
