"""A small world with no bundled plugin needed: two houses, one plan in two parts, one lone step, a way to sign in."""

from __future__ import annotations

import pytest
from flask import Flask

from kinerja import hookimpl
from kinerja.models import Identity
from kinerja.testing import manifest, person
from kinerja_web import Login, LoginAccount, create_app
from kinerja_web import hooks as web_hooks
from tests import small
from tests.kept import kept
from tests.web.visitor import Visitor

PEOPLE = ("Ani Contoh", "Budi Contoh", "Cici Contoh", "Dedi Contoh", "Ketua Contoh")


class Door:
    """Signs anybody in by name."""

    @hookimpl
    def register_login(self):
        def identify(answers):
            return ("uji", answers["akun"]) if answers.get("akun") in PEOPLE else None

        return Login("pintu", "Pintu uji", lambda: tuple(LoginAccount(one, "Orang", one) for one in PEOPLE), identify)


@pytest.fixture
def sockets():
    return (web_hooks,)


@pytest.fixture
def world(kernel):
    """The kernel, with the case of Ani on which Budi decides; Ani, Budi and the others can sign in."""
    kernel.host.add(Door(), manifest("pintu"))
    small.wire(kernel)
    kernel.case = kept(kernel, lambda: live(kernel), "web", small.SCHEME)
    return kernel


def live(kernel):
    case = small.live(kernel)
    for name in PEOPLE:
        Identity.create(issuer="uji", subject=name, person=person(name))
    return case


@pytest.fixture
def app(world) -> Flask:
    made = create_app(world)
    made.testing = True
    return made


@pytest.fixture
def ani(app) -> Visitor:
    return Visitor(app, "Ani Contoh")


@pytest.fixture
def budi(app) -> Visitor:
    return Visitor(app, "Budi Contoh", "pembina")


@pytest.fixture
def url(world) -> str:
    """Of the stage in which Ani writes and Budi decides."""
    return f"/kasus/{world.case}/tulis"
