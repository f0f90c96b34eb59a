"""What the doctor says of the system around a session."""

from __future__ import annotations

import pytest

from voicecoach.cli.doctor import Finding, _desktop
from voicecoach.play import awake, remote


@pytest.mark.parametrize("reason", [None, "the session bus does not answer within 2 seconds"])
def test_media_keys_and_staying_awake_are_told_with_what_to_do(
    reason: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "available", lambda: reason)
    monkeypatch.setattr(awake, "available", lambda: reason)
    state, remedy = ("ok", "") if reason is None else ("optional", reason)
    found = [(one.area, one.state, one.remedy) for one in _desktop()]
    assert found == [("media keys", state, remedy), ("stays awake", state, remedy)]


def test_where_there_is_no_desktop_neither_is_needed() -> None:
    found: list[Finding] = list(_desktop())
    assert {one.state for one in found} <= {"ok", "optional"}
    assert all(one.remedy for one in found if one.state == "optional")
