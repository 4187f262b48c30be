"""Sign in without a password as one of the example people, where an installation is only a demonstration."""

from __future__ import annotations

from collections.abc import Mapping

import kinerja_read as read
from kinerja_web import Login, LoginAccount, hookimpl

ISSUER = "contoh"
"""The issuer of example identities; `config/demo/akun.toml` names the same."""


def accounts() -> tuple[LoginAccount, ...]:
    """The people to try, in the order of the folder they were seeded from; read at each visit of the sign-in page."""
    lines = read.root_settings(None, "masuk-demo").get("akun", [])
    return tuple(LoginAccount(one["nip"], one["label"], one["name"], one["try"]) for one in lines)


def identify(answers: Mapping[str, str]) -> tuple[str, str] | None:
    """The chosen account, when it is one of those offered."""
    chosen = answers.get("akun", "")
    return (ISSUER, chosen) if any(one.key == chosen for one in accounts()) else None


@hookimpl
def register_login() -> Login:
    return Login("demo", "Akun contoh", accounts, identify, demo=True)
