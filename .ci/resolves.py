"""Proves that ``pip install .`` resolves on every system that is promised: ``python .ci/resolves.py``.

pip is asked, without installing anything, for each package as another system would get it. Its own resolver weighs
markers (``; sys_platform == "win32"``) by the system it runs on, so it is given one layer of dependencies after the
other, and the markers are weighed here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import tomli
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "Linux x86-64": (
        [f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 26, 24, 17)] + ["manylinux2014_x86_64"],
        {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"},
    ),
    "Linux arm64": (
        [f"manylinux_2_{minor}_aarch64" for minor in (28, 27, 26, 24, 17)] + ["manylinux2014_aarch64"],
        {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64", "os_name": "posix"},
    ),
    "macOS arm64": (
        ["macosx_14_0_arm64"],
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64", "os_name": "posix"},
    ),
    "macOS x86-64": (
        ["macosx_14_0_x86_64"],
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "x86_64", "os_name": "posix"},
    ),
    "Windows x86-64": (
        ["win_amd64"],
        {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"},
    ),
}
FROM_SOURCE = {"docopt": "pure Python", "miniaudio": "needs a C compiler"}
"""Packages that may come as their source where there is no wheel, and what that means."""
WITHOUT_HIBARI = {("macOS x86-64", "3.14")}
"""Where onnxruntime has no wheel, so that espeak-ng speaks English."""


def main() -> None:
    """Asks for each system with each Python, and fails where one does not resolve as promised."""
    with Path("pyproject.toml").open("rb") as file:
        own = tomli.load(file)["project"]["dependencies"]
    targets = [(system, python) for system in SYSTEMS for python in PYTHONS]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda target: _told(own, *target), targets))
    for told, _ in results:
        print(told)
    sys.exit(not all(right for _, right in results))


def _told(own: list[str], system: str, python: str) -> tuple[str, bool]:
    try:
        found, sources = resolve(own, system, python)
    except RuntimeError as error:
        return f"{system}, Python {python}: {error}", False
    right = ("hibari-tts" in found) != ((system, python) in WITHOUT_HIBARI)
    voice = "with hibari" if "hibari-tts" in found else "without hibari"
    built = "".join(f"; {name} from source ({FROM_SOURCE[name]})" for name in sorted(sources))
    return (
        f"{system}, Python {python}: {len(found)} packages, {voice}{built}{'' if right else ' – NOT AS PROMISED'}",
        right,
    )


def resolve(own: list[str], system: str, python: str) -> tuple[dict[str, str], set[str]]:
    """The version of every package that comes, by name, and those of them that come as source."""
    environment = SYSTEMS[system][1] | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    wanted: dict[str, SpecifierSet] = {}
    found: dict[str, str] = {}
    sources: set[str] = set()
    requirements = own
    while True:
        for requirement in map(Requirement, requirements):
            if requirement.marker is None or requirement.marker.evaluate(environment):
                name = canonicalize_name(requirement.name)
                wanted[name] = wanted.get(name, SpecifierSet()) & requirement.specifier
        new = {name: specifiers for name, specifiers in wanted.items() if not specifiers.contains(found.get(name, ""))}
        if not new:
            return found, sources
        requirements = []
        for item in _ask(new, system, python):
            name = canonicalize_name(item["metadata"]["name"])
            found[name] = item["metadata"]["version"]
            requirements += item["metadata"].get("requires_dist", [])
            if not item["download_info"]["url"].endswith(".whl"):
                sources.add(name)


def _ask(wanted: dict[str, SpecifierSet], system: str, python: str) -> list[dict[str, Any]]:
    """What pip would install. A package without a wheel is asked for again as its source, where that is allowed."""
    found: list[dict[str, Any]] = []
    names = [name for name in wanted if name not in FROM_SOURCE]
    found += _report([f"{name}{wanted[name]}" for name in names], ["--only-binary=:all:"], system, python)
    for name in wanted.keys() & FROM_SOURCE.keys():
        requirement = [f"{name}{wanted[name]}"]
        try:
            found += _report(requirement, ["--only-binary=:all:"], system, python)
        except RuntimeError:
            found += _report(requirement, [f"--no-binary={name}"], system, python)
    return found


def _report(requirements: list[str], more: list[str], system: str, python: str) -> list[dict[str, Any]]:
    if not requirements:
        return []
    tags = [word for tag in SYSTEMS[system][0] for word in ("--platform", tag)]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        words = ["--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--target", folder, "--report", str(report)]
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            *words,
            *tags,
            "--python-version",
            python,
            *more,
            *requirements,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            complaints = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            raise RuntimeError(complaints[-1] if complaints else done.stderr.strip())
        installs: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return installs


if __name__ == "__main__":
    main()
