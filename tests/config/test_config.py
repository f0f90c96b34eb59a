"""The person's own configuration: a file that need not exist, and whose mistakes are all told at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voicecoach import config
from voicecoach.errors import ConfigError
from voicecoach.store import cache
from voicecoach.timeline.model import VoiceWish

Write = Callable[[str | bytes], None]
"""Writes the configuration."""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path))

    def write(content: str | bytes) -> None:
        config.path().parent.mkdir(exist_ok=True)
        config.path().write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


def complaints(error: ConfigError) -> list[str]:
    """The lines of an error without the file's folder."""
    return [line.rpartition("config.toml:")[2] for line in str(error).splitlines()]


def test_without_a_file_everything_is_as_it_comes(write: Write) -> None:
    assert config.load() == config.Config(voice=VoiceWish(), cache_limit=500_000_000, device=None)
    assert config.load().cache_limit == cache.DEFAULT_LIMIT


def test_a_whole_file(write: Write) -> None:
    write('cache_limit = "1.5GB"\r\ndevice = "headphones"\r\n[voice]\r\nengine = "piper"\r\nrate = 0.9\r\n')
    loaded = config.load()
    assert loaded.voice == VoiceWish(engine="piper", rate=0.9)
    assert (loaded.cache_limit, loaded.device) == (1_500_000_000, "headphones")


@pytest.mark.parametrize(
    ("written", "size"), [("0MB", 0), ("20 kB", 20_000), ("500MB", 500_000_000), ("2GB", 2 * 10**9)]
)
def test_sizes(write: Write, written: str, size: int) -> None:
    write(f'cache_limit = "{written}"')
    assert config.load().cache_limit == size


def test_every_mistake_is_told_with_its_place_and_what_would_be_right(write: Write) -> None:
    write('cache_limit = 500\ndevise = "x"\n\n[voice]\n  rat = 1.0\n  volume = 11\n  name = 3\n')
    with pytest.raises(ConfigError) as error:
        config.load()
    assert complaints(error.value) == [
        '1:1: cache_limit: 500 is not a size (write "500MB" or "2GB")',
        '2:1: devise: unknown key "devise" (did you mean "device" or "devices"?)',
        '5:3: voice.rat: unknown key "rat" (did you mean "rate"?)',
        "6:3: voice.volume: 11 is too large (at most 1)",
        "7:3: voice.name: expected a text, found 3",
    ]
    assert error.value.exit_code == 2


def test_a_table_that_is_none(write: Write) -> None:
    write("voice = 3")
    with pytest.raises(ConfigError, match=r"config\.toml:1:1: voice: expected a table, found 3"):
        config.load()


def test_faults_of_the_toml_are_told_alone(write: Write) -> None:
    write('devise = 1\n[voice]\nname = "amy\nrate = \n')
    with pytest.raises(ConfigError) as error:
        config.load()
    assert [line.split(":")[0] for line in complaints(error.value)] == ["3", "4"]
    assert "devise" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"name = \xff", "no text in UTF-8"), (b"#" * 2_000_000, "far too large"), (b"a = " + b"[" * 5000, "deep")],
)
def test_what_is_no_configuration(write: Write, content: bytes, complaint: str) -> None:
    write(content)
    with pytest.raises(ConfigError, match=complaint):
        config.load()


def test_a_folder_in_its_place(write: Write) -> None:
    config.path().mkdir(parents=True)
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load()
