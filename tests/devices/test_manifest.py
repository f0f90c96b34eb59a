"""What is noted of our files on a device, and that nothing else is taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicecoach.devices import manifest
from voicecoach.devices.manifest import Content, Files
from voicecoach.errors import ExportError


def put(top: Path, *names: str) -> Files:
    """Files with something in each, as they would be noted."""
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"what {name} holds")
    return {name: manifest.content(top / name) for name in names}


def test_what_is_noted_is_known_again(tmp_path: Path) -> None:
    files: Files = {"Größe/01 Hüfte.mp3": Content(3, 0x352441C2), "Größe.m3u8": None}
    manifest.write(tmp_path, "core", files)
    assert manifest.read(tmp_path, "core") == files
    assert manifest.read(tmp_path, "other") == {}


def test_size_and_checksum_tell_what_a_file_holds(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert manifest.content(tmp_path / "a") == Content(3, 0x352441C2)


def test_albums_and_the_files_of_the_others(tmp_path: Path) -> None:
    for name in ("b", "a"):
        manifest.write(tmp_path, name, {f"{name}.mp3": None})
    assert [*manifest.albums(tmp_path)] == ["a", "b"]
    assert manifest.others(tmp_path, "a") == {"b.mp3"}
    assert manifest.others(tmp_path / "nowhere", "a") == frozenset()


def test_what_macs_leave_beside_a_note_is_none(tmp_path: Path) -> None:
    manifest.write(tmp_path, "a", {"a.mp3": None})
    (tmp_path / "voicecoach" / "._a.json").write_bytes(b"\0\5\x16\7")
    assert [*manifest.albums(tmp_path)] == ["a"]


def test_an_album_without_files_is_forgotten_and_the_folder_with_the_last(tmp_path: Path) -> None:
    for name in ("b", "a"):
        manifest.write(tmp_path, name, {"x": None})
    manifest.write(tmp_path, "a", {})
    assert [*manifest.albums(tmp_path)] == ["b"]
    manifest.write(tmp_path, "b", {})
    manifest.write(tmp_path, "b", {})
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"text"',
        "{}",
        '{"version": 1}',
        '{"version": 1, "files": 3}',
        '{"version": 1, "files": ["a"]}',
        '{"version": 1, "files": {"a": [1]}}',
        "[" * 100_000,
        '{"version": 1, "files": {"a": ["x", 2]}}',
        "\xff",
    ],
)
def test_a_damaged_note_is_told_with_the_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "voicecoach" / "core.json"
    path.parent.mkdir()
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ExportError, match=r"core\.json: does not say what is ours .*: remove it together with"):
        manifest.read(tmp_path, "core")


def test_a_note_of_a_later_version_is_told(tmp_path: Path) -> None:
    path = tmp_path / "voicecoach" / "core.json"
    path.parent.mkdir()
    path.write_text('{"version": 2, "files": {}}')
    with pytest.raises(ExportError, match="was written by a newer voicecoach"):
        manifest.read(tmp_path, "core")


@pytest.mark.parametrize(
    "name", ["../mine.mp3", "/etc/passwd", "a/../../mine.mp3", "C:/mine.mp3", "a\\..\\..\\mine.mp3"]
)
def test_a_note_that_names_what_lies_outside_is_damaged(tmp_path: Path, name: str) -> None:
    manifest.write(tmp_path, "core", {name: None})
    with pytest.raises(ExportError, match=r"core\.json: does not say what is ours"):
        manifest.read(tmp_path, "core")


def test_ours_go_and_so_do_folders_that_are_empty_then(tmp_path: Path) -> None:
    ours = put(tmp_path, "Core/a/01.mp3", "Core/02.mp3", "Core.m3u8")
    put(tmp_path, "Core/mine.mp3")
    assert manifest.remove(tmp_path, ours) == []
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == ["Core", "Core/mine.mp3"]


def test_what_somebody_has_changed_stays_and_is_told(tmp_path: Path) -> None:
    ours = put(tmp_path, "Core/01.mp3", "Core/02.mp3")
    (tmp_path / "Core/01.mp3").write_text("edited")
    assert manifest.remove(tmp_path, ours) == ["Core/01.mp3"]
    assert (tmp_path / "Core/01.mp3").read_text() == "edited"


def test_an_album_is_taken_away_and_forgotten(tmp_path: Path) -> None:
    manifest.write(tmp_path, "core", put(tmp_path, "Core/01.mp3", "Core/02.mp3"))
    put(tmp_path, "mine.mp3")
    (tmp_path / "Core/01.mp3").write_text("edited")
    assert manifest.take_away(tmp_path, "core") == ["Core/01.mp3"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["01.mp3", "mine.mp3"]
    assert manifest.take_away(tmp_path, "core") == []


def test_what_was_to_come_goes_whatever_it_holds_and_what_is_gone_is_no_matter(tmp_path: Path) -> None:
    put(tmp_path, "half.mp3")
    assert manifest.remove(tmp_path, {"half.mp3": None, "gone.mp3": Content(1, 2), "no/folder.mp3": None}) == []
    assert [*tmp_path.iterdir()] == []


class TestForeignFiles:
    def test_new_places_and_our_own_are_free(self, tmp_path: Path) -> None:
        ours = put(tmp_path, "Core/01.mp3")
        manifest.refuse_foreign(tmp_path, ours, ["Core/01.mp3", "Core/02.mp3"])

    def test_a_file_of_somebody_else_is_in_the_way(self, tmp_path: Path) -> None:
        put(tmp_path, "Core/01.mp3")
        with pytest.raises(ExportError, match=r"01\.mp3: is there, and is not one of voicecoach's: move it away"):
            manifest.refuse_foreign(tmp_path, {}, ["Core/01.mp3"])

    def test_so_is_one_of_ours_that_somebody_has_changed(self, tmp_path: Path) -> None:
        ours = put(tmp_path, "Core/01.mp3")
        (tmp_path / "Core/01.mp3").write_text("edited")
        with pytest.raises(ExportError, match="was changed since it was written"):
            manifest.refuse_foreign(tmp_path, ours, ["Core/01.mp3"])
        manifest.refuse_foreign(tmp_path, {"Core/01.mp3": None}, ["Core/01.mp3"])

    def test_a_folder_where_a_file_is_to_be(self, tmp_path: Path) -> None:
        (tmp_path / "01.mp3").mkdir()
        with pytest.raises(ExportError, match="is not one of voicecoach's"):
            manifest.refuse_foreign(tmp_path, {"01.mp3": None}, ["01.mp3"])


class TestCase:
    def test_where_case_counts_the_old_name_goes(self, tmp_path: Path) -> None:
        before, here = put(tmp_path, "core/01.mp3"), put(tmp_path, "Core/01.mp3")
        if (tmp_path / "core").samefile(tmp_path / "Core"):
            pytest.skip("it does not count on this file system")
        assert manifest.stale(tmp_path, before, here) == before

    def test_where_it_does_not_count_the_same_file_stays(self, tmp_path: Path) -> None:
        here = put(tmp_path, "Core/01.mp3")
        if not (tmp_path / "core").exists():
            (tmp_path / "core").symlink_to(tmp_path / "Core")  # as a file system without case sees it
        assert manifest.stale(tmp_path, {"core/01.mp3": here["Core/01.mp3"]}, here) == {}
