"""A browser for tests of pages, and what people do in it again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from logging import DEBUG, Handler, LogRecord, getLogger

from flask import Flask

from kinerja.models import Assignment, Unit
from kinerja.testing import person

SAME = {"Origin": "http://localhost"}


class Visitor:
    """A browser of one person."""

    def __init__(self, app: Flask, name: str = "", role: str = "") -> None:
        self.client = app.test_client()
        if name:
            sent = self.post("/masuk", cara="pintu", akun=name)
            assert sent.status_code == 303, sent.text
            self.post("/kapasitas", penugasan="")
        if role:
            held = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
            assert self.post("/kapasitas", penugasan=str(held.id)).status_code == 303

    def get(self, url, **headers):
        return self.client.get(url, headers={key.replace("_", "-"): value for key, value in headers.items()})

    def post(self, url, headers=None, **fields):
        data = {key.replace("__", ":"): value for key, value in fields.items()}
        return self.client.post(url, data=data, headers=SAME if headers is None else headers)

    def hidden(self, url, name):
        """The value of a hidden input on a page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.get(url).text)
        assert found, f"{name} is not on {url}"
        return found[1]


def unit(code: str) -> int:
    return Unit.get(Unit.code == code).id


def fill(ani: Visitor, url: str, book: str = "laut", story: str = "Cerita Ani") -> None:
    """Save both parts as Ani's drafts."""
    for step, fields in (("pilih", {"one__buku": book}), ("cerita", {"txt__isi": story})):
        seen = ani.hidden(f"{url}/{step}", "seen")
        assert ani.post(f"{url}/{step}", action="simpan", seen=seen, **fields).status_code == 303


def hand_in(ani: Visitor, url: str) -> None:
    fill(ani, url)
    lihat = ani.hidden(f"{url}/ajukan", "lihat")
    sent = ani.post(f"{url}/ajukan", langkah="ajukan", kunci="serah", lihat=lihat)
    assert sent.status_code == 303, sent.text


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    found: list[str] = []

    class Keep(Handler):
        def emit(self, record: LogRecord) -> None:
            if record.name == "peewee":
                found.append(str(record.msg))

    logger, keep = getLogger("peewee"), Keep()
    level = logger.level
    logger.addHandler(keep)
    logger.setLevel(DEBUG)
    try:
        yield found
    finally:
        logger.removeHandler(keep)
        logger.setLevel(level)
