"""A feed of a folder, as a library that reads feeds finds it."""

from __future__ import annotations

import os
import wave
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner, Result
from mutagen.wave import WAVE

from voicecoach.cli import cli
from voicecoach.errors import ExportError
from voicecoach.export import feed

BASE = "https://example.org/workouts/"
LONG_AGO = 1_600_000_000


def audio(path: Path, seconds: float = 1.0, **texts: str) -> Path:
    """A file of silence, last changed long ago, with some tags."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(16_000 * seconds)))
    if texts:
        from mutagen import id3

        tagged = WAVE(path)
        tagged.add_tags()
        for name, text in texts.items():
            tagged.tags.add(getattr(id3, name)(encoding=3, text=[text]))
        tagged.save()
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def episode(name: str = "a.mp3", **changes: Any) -> feed.Episode:
    about: dict[str, Any] = {
        "title": "Bridge",
        "size": 1234,
        "seconds": 61.4,
        "identity": "abc",
        "published": datetime(2026, 3, 1, 7, tzinfo=UTC),
    }
    return feed.Episode(name=name, **(about | changes))


def read(*episodes: feed.Episode, title: str = "Workouts", **options: str) -> Any:
    found = feedparser.parse(feed.feed(episodes, BASE, title, **options))
    assert not found.bozo
    return found


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, ["feed", *arguments], env=environment)


def test_an_episode_has_all_that_players_go_by() -> None:
    one = read(episode(artist="Anna", summary="Hips up")).entries[0]
    assert (one.title, one.id, one.author, one.summary, one.itunes_duration) == (
        "Bridge",
        "abc",
        "Anna",
        "Hips up",
        "61",
    )
    assert one.published == "Sun, 01 Mar 2026 07:00:00 GMT"
    assert not one.guidislink
    where = one.enclosures[0]
    assert (where.href, where.length, where.type) == (f"{BASE}a.mp3", "1234", "audio/mpeg")


def test_names_are_quoted_and_titles_are_whatever_they_are() -> None:
    one = read(episode("1 Übung & más?#.opus", title="<Brücke> & 漢字 🏃\x00")).entries[0]
    assert one.enclosures[0].href == f"{BASE}1%20%C3%9Cbung%20%26%20m%C3%A1s%3F%23.opus"
    assert one.title == "<Brücke> & 漢字 🏃�"


def test_the_channel_names_its_picture_its_own_address_and_its_language() -> None:
    channel = read(episode(language="de"), title="Meine", own_name="feed.xml", cover="cover.jpg").feed
    assert (channel.title, channel.link, channel.language, channel.image.href) == (
        "Meine",
        BASE,
        "de",
        f"{BASE}cover.jpg",
    )
    assert f"{BASE}feed.xml" in [link.href for link in channel.links if link.rel == "self"]
    assert channel.podcast_guid


def test_of_two_languages_none_is_that_of_the_feed() -> None:
    assert "language" not in read(episode(language="de"), episode(language="en")).feed


def test_captions_and_chapters_that_stand_beside_a_file_are_named() -> None:
    one = read(episode(beside=("a.chapters.json", "a.vtt"))).entries[0]
    assert one.podcast_chapters == {"url": f"{BASE}a.chapters.json", "type": "application/json+chapters"}
    assert one.podcast_transcript == {"url": f"{BASE}a.vtt", "type": "text/vtt"}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTP://example.org:8080/a//", "http://example.org:8080/a/"),
        ("https://exämple.org/a b%20ü".replace(" ", ""), "https://xn--exmple-cua.org/ab%20%C3%BC/"),
    ],
)
def test_an_address_ends_with_a_slash(url: str, address: str) -> None:
    assert feed.base(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org",
        "file:///tmp",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "http://[::1",
        "https://example.org/?a=b",
        "https://example.org/#a",
        "https://example.org/a b",
        'https://example.org/"',
        "http://example.org:x/",
    ],
)
def test_anything_but_the_address_of_a_folder_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"write https://example\.org/workouts"):
        feed.base(url)


def test_a_file_is_what_its_tags_say(tmp_path: Path) -> None:
    one = feed.episode(audio(tmp_path / "a.wav", 2.5, TIT2="Brücke", TPE1="Anna", TLAN="deu", TDRC="2026-03-01"))
    assert (one.title, one.artist, one.language, one.seconds) == ("Brücke", "Anna", "de", 2.5)
    assert one.published == datetime(2026, 3, 1, tzinfo=UTC)


def test_one_without_tags_has_its_name_and_the_time_of_its_file(tmp_path: Path) -> None:
    path = audio(tmp_path / "Morning run.wav")
    assert feed.episode(path).title == "Morning run"
    assert feed.episode(path).published.timestamp() == LONG_AGO
    assert feed.episode(path, latest=1000).published.timestamp() == 1000
    assert feed.episode(path, latest=2_000_000_000).published.timestamp() == LONG_AGO


def test_its_identity_is_that_of_its_content(tmp_path: Path) -> None:
    first, same, other = audio(tmp_path / "a.wav"), audio(tmp_path / "b.wav"), audio(tmp_path / "c.wav", 2)
    assert feed.episode(first).identity == feed.episode(same).identity != feed.episode(other).identity


class TestCommand:
    def test_of_a_folder(self, tmp_path: Path) -> None:
        for name in ("2.wav", "1.wav", ".hidden.wav", "._1.wav"):
            audio(tmp_path / name)
        (tmp_path / "notes.txt").write_text("none of it", encoding="utf-8")
        (tmp_path / "Cover.JPG").write_bytes(b"")
        done = run(str(tmp_path), "--base-url", BASE, "-o", str(tmp_path / "feed.xml"))
        assert (done.exit_code, done.output) == (0, "")
        found = feedparser.parse((tmp_path / "feed.xml").read_bytes())
        assert [one.title for one in found.entries] == ["1", "2"]
        assert (found.feed.title, found.feed.image.href) == (tmp_path.name, f"{BASE}Cover.JPG")

    def test_on_standard_output_the_same_each_time(self, tmp_path: Path) -> None:
        audio(tmp_path / "ü.wav")
        first, second = (run(str(tmp_path), "--base-url", BASE, "--title", "Läufe") for _ in range(2))
        assert first.stdout_bytes == second.stdout_bytes
        assert feedparser.parse(first.stdout_bytes).feed.title == "Läufe"
        assert list(tmp_path.iterdir()) == [tmp_path / "ü.wav"]

    def test_what_is_no_audio_is_left_out_and_told(self, tmp_path: Path) -> None:
        audio(tmp_path / "a.wav")
        (tmp_path / "b.mp3").write_bytes(b"no audio")
        done = run(str(tmp_path), "--base-url", BASE)
        assert done.exit_code == 1
        assert "b.mp3: is no audio file" in done.stderr
        assert len(feedparser.parse(done.stdout_bytes).entries) == 1

    def test_nothing_to_tell_of(self, tmp_path: Path) -> None:
        done = run(str(tmp_path), "--base-url", BASE)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "holds no audio file" in done.stderr

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--base-url", "ftp://x"], "is no address of a folder"),
            ([], "--base-url"),
            (["--base-url", BASE, "-o", "a.mp3"], "a feed is called feed.xml"),
        ],
    )
    def test_a_call_that_is_wrong(self, tmp_path: Path, arguments: list[str], told: str) -> None:
        done = run(str(tmp_path), *arguments)
        assert done.exit_code == 2
        assert told in done.stderr

    def test_a_time_that_is_none(self, tmp_path: Path) -> None:
        audio(tmp_path / "a.wav")
        done = run(str(tmp_path), "--base-url", BASE, SOURCE_DATE_EPOCH="yesterday")
        assert done.exit_code == 1
        assert 'SOURCE_DATE_EPOCH is "yesterday"' in done.stderr


def test_a_time_before_all_times_is_told() -> None:
    with pytest.raises(ExportError, match="no number of seconds"):
        feed.epoch("9" * 30)
