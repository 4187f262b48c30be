"""The web's public face for plugins: import from here and nowhere deeper; what is not here is not promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kinerja.hooks import hookimpl as hookimpl
from kinerja_web.hooks import CASE_FOOT as CASE_FOOT
from kinerja_web.hooks import HOME_FOOT as HOME_FOOT
from kinerja_web.hooks import SIGNIN_FOOT as SIGNIN_FOOT
from kinerja_web.hooks import Fragment as Fragment
from kinerja_web.hooks import Login as Login
from kinerja_web.hooks import LoginAccount as LoginAccount
from kinerja_web.hooks import public as public

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from kinerja.kernel import Kernel
    from kinerja_read import Edition
    from kinerja_web.seen import SeenCase as SeenCase


def the_case(id: str) -> SeenCase:
    """The case a plugin's page is about, as the visitor may see it; answers 404 where it is not for them.

    Called while a page is drawn."""
    from kinerja_web import seen  # Flask is loaded only where a site is served, not in the worker

    return seen.the_case(id)


def editions(id: str) -> tuple[Edition, ...]:
    """The editions of what was agreed in a case, oldest first; none for those who may not read all of one. Answers 404
    where the case is not for this visitor. Called while a page is drawn."""
    from kinerja_web import seen  # Flask is loaded only where a site is served, not in the worker

    return seen.editions(id)


def issued(id: str, edition: Edition, draw: Callable[[], str]) -> str:
    """The paper of an edition: the text that was issued of it, else what *draw* makes now, kept from then on as it is."""
    from kinerja_web import seen  # Flask is loaded only where a site is served, not in the worker

    return seen.issued(id, edition, draw)


def create_app(kernel: Kernel) -> Flask:
    """The site of one started kernel, as a WSGI application. The kernel was started with `kinerja_web.hooks`."""
    from kinerja_web.app import build  # Flask is loaded only where a site is served, not in the worker

    return build(kernel)
