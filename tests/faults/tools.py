"""What fault tests share: parts of the site as processes that can be killed, and a browser without a screen."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from kinerja import settings
from kinerja.kernel import Kernel
from kinerja.models import Case, Period, Person, Unit
from kinerja_office import choosing
from kinerja_office.sessions import identify
from kinerja_web import create_app
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
SOAK = os.environ.get("KINERJA_SOAK") == "1"
START = "import sys; from kinerja_web.cli import main; sys.exit(main())"


class Process:
    """One `kinerja` command in a process group of its own, so that all of it can be killed at once, by its number."""

    def __init__(self, data: Path, url: str, *command: str, env: Mapping[str, str] | None = None) -> None:
        self.command = [sys.executable, "-c", START, "--config", str(data / "none.toml"), *command]
        self.env = {
            **os.environ, "KINERJA_DATA": str(data), "KINERJA_DATABASE": url, "KINERJA_DEMO": "1",
            "PYTHONPATH": os.pathsep.join(str(ROOT / one) for one in ("core", "web", "plugins")), **(env or {}),
        }  # fmt: skip
        self.running: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        self.running = subprocess.Popen(
            self.command, env=self.env, cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """As a power cut would: nothing of it gets to say anything more."""
        if self.running is not None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None
            self.kills += 1

    def __enter__(self) -> Process:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Served(Process):
    """A process that answers HTTP on a port of its own; `start` returns when it does."""

    def __init__(self, data: Path, url: str, *command: str, ready: str, **more: Any) -> None:
        self.port = free_port()
        self.ready = ready
        super().__init__(data, url, *command, "--port", str(self.port), **more)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        super().start()
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            try:
                if self.fetch("GET", self.ready)[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"{self.command[5:]} did not answer on port {self.port}")

    def fetch(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One call with JSON both ways, for simulators and for asking whether somebody is there."""
        line = http.client.HTTPConnection(HOST, self.port, timeout=20)
        try:
            line.request(method, path, None if body is None else json.dumps(body))
            answer = line.getresponse()
            raw = answer.read()
            return answer.status, json.loads(raw) if "json" in answer.headers.get("Content-Type", "") else raw
        finally:
            line.close()


def server(data: Path, url: str, threads: int = 4) -> Served:
    return Served(data, url, "serve", "--threads", str(threads), ready="/masuk")


def simulator(data: Path, url: str, connector: str) -> Served:
    return Served(data, url, "simulate", connector, ready="/_sim/records")


class Page(HTMLParser):
    """The heading of a page, and the hidden inputs of its forms by where they send to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.heading = ""
        self.forms: dict[str, dict[str, str]] = {}
        self._at = ""
        self._in_heading = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._at = told.get("action", "")
            self.forms.setdefault(self._at, {})
        elif tag == "input" and told.get("type") == "hidden" and self._at:
            self.forms[self._at].setdefault(told["name"], told.get("value", ""))
        elif tag == "h1":
            self._in_heading = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._at = ""
        elif tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading += data


class Browser:
    """One person's browser: keeps cookies, follows nothing, says that it stays on the site."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        status, body, _ = self.send("GET", path)
        assert status == 200, (path, status)
        return Page(body)

    def post(self, path: str, told: Mapping[str, str]) -> tuple[int, str, str]:
        return self.send("POST", path, told)

    def send(self, method: str, path: str, told: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Status, body, and where the answer sends the browser. OSError or HTTPException when nobody answered."""
        line = http.client.HTTPConnection(HOST, self.port, timeout=20)
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        try:
            line.request(method, path, urlencode(told) if told is not None else None, headers)
            answer = line.getresponse()
            body = answer.read().decode()
            for one in answer.headers.get_all("Set-Cookie") or ():
                for key, morsel in SimpleCookie(one).items():
                    self.cookies[key] = morsel.value
            return answer.status, body, answer.headers.get("Location", "")
        finally:
            line.close()

    def sign_in(self, account: str) -> None:
        status, _, _ = self.post("/masuk", {"cara": "masuk-demo", "akun": account})
        assert (status, "kinerja" in self.cookies) == (303, True)


class Site:
    """The application of a kernel, and one signed-in browser a person."""

    def __init__(self, kernel: Kernel) -> None:
        self.app: Flask = create_app(kernel)
        self.people: dict[str, FlaskClient] = {}
        self.accounts: dict[str, str] = {}

    def browser(self, account: str = "") -> FlaskClient:
        if account not in self.people:
            self.people[account] = self.app.test_client()
            if account:
                assert self.post(account, "/masuk", cara="masuk-demo", akun=account)[0] == 303
        return self.people[account]

    def get(self, account: str, path: str) -> tuple[int, str]:
        answer = self.browser(account).get(path)
        return answer.status_code, answer.get_data(as_text=True)

    def post(self, account: str, path: str, **told: str) -> tuple[int, str]:
        answer = self.browser(account).post(path, data=told, headers={"Sec-Fetch-Site": "same-origin"})
        return answer.status_code, answer.get_data(as_text=True)

    def form(self, account: str, path: str) -> dict[str, str]:
        return Page(self.get(account, path)[1]).forms[path]


def let_sign_in(kernel: Kernel, persons: Iterable[Person]) -> dict[int, str]:
    """Accounts of the demonstration for these people too, beside those it has; answers account by person."""
    root = Unit.get(Unit.parent.is_null())
    kept = list(settings.state(kernel, root.line, "masuk-demo").settings.get("akun", []))  # type: ignore[arg-type]  # a list
    made = {}
    for person in persons:
        account = f"uji-{person.id}"
        identify("contoh", account, person)
        kept.append({"nip": account, "label": "Uji", "name": person.name, "try": ""})
        made[person.id] = account
    choosing.set_choice(kernel, root, "masuk-demo", None, settings={"akun": kept})
    return made


def plans(period: str, *without: str) -> list[Case]:
    """The teachers' cases of a period, in one order, but for those at the units named."""
    query = (
        Case.select(Case, Person, Unit)
        .join(Period).switch(Case).join(Person).switch(Case).join(Unit)
        .where((Case.role == "guru") & Period.label.startswith(period) & Unit.code.not_in(list(without)))
        .order_by(Case.unit, Person.name, Case.id)
    )  # fmt: skip
    return [case for case in query if "rubrik" in case.content["chosen"]]
