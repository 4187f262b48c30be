"""The sockets of the web, beside the kernel's. Each is told in docs/hooks.md; a plugin needs none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from kinerja.access import Viewer
from kinerja.contracts import Form
from kinerja.hooks import hookspec

if TYPE_CHECKING:
    from flask import Blueprint

HOME_FOOT = "home-foot"
"""The slot below a person's own home page. Facts: `cases`, the lines shown."""
CASE_FOOT = "case-foot"
"""The slot below a case. Facts: `case`, `facts` by name, `messages` of the case, oldest first, `items` in force and the
viewer's `relations` to it."""
SIGNIN_FOOT = "signin-foot"
"""The slot below the sign-in page, where nobody is known yet. No facts."""

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a page: a template of the plugin's own, `<plugin id>/<name>.html`, and the values it is given."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoginAccount:
    """One account that can be chosen without a password, on demonstrations only. `key` comes back to `identify` as
    `akun`; `attempt` says in a sentence what to try with it."""

    key: str
    label: str
    name: str
    attempt: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """A way to sign in. `accounts` are offered as cards, and read at each visit; `form` asks for what is typed.

    `identify` is called with what was sent and answers (issuer, subject), or None where that is not right. It may
    ask an outside system, as nothing else in a request may. `demo`: offered in demo mode alone.
    """

    id: str
    label: str
    accounts: Callable[[], tuple[LoginAccount, ...]] | None
    identify: Callable[[Mapping[str, str]], tuple[str, str] | None]
    form: Form | None = None
    demo: bool = False


def public(view: V) -> V:
    """Mark a page as open to people who have not signed in. Without the mark every page asks for a session."""
    view.kinerja_public = True  # type: ignore[attr-defined]  # the mark the gate looks for
    return view


@hookspec
def register_pages() -> Blueprint | None:
    """Bring pages of the plugin's own, served at `/p/<plugin id>/` behind the gate.

    Asked once when the process starts. Where the plugin is off for the visitor's unit the pages answer 404 before any
    of its code runs.
    """


@hookspec
def register_login() -> Login | None:
    """Bring a way to sign in, shown on the sign-in page. Asked once when the process starts."""


@hookspec
def fill_slot(slot: str, viewer: Viewer | None, facts: Mapping[str, Any]) -> Fragment | None:
    """Put a fragment into a named place of a page, or nothing.

    Asked while the page is drawn, of the plugins that are on at the unit, in order of id, never inside a list's row.
    One that fails, here or in its template, is left out and named to the administrator; the page stays whole.
    """
