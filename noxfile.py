"""The checks, each in an environment of its own.

``nox`` runs all of them with every Python that is here, ``nox -s tests-3.13`` the tests with one, and
``nox -s tests-3.13 -- -m "not slow"`` a part of them.
"""

from __future__ import annotations

import nox

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))
"""Of style, types and the import contracts."""


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests, with what of the package's extras they need."""
    _install(session, "test")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=PYTHONS[0])
def lint(session: nox.Session) -> None:
    """Style, types and the import contracts."""
    _install(session, "dev")
    for check in CHECKS:
        session.run(*check)


def _install(session: nox.Session, extra: str) -> None:
    session.install("-c", "constraints.txt", f".[{extra}]")
