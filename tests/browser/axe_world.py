"""The demo world played from state to state, and every page people meet on the way, as it was sent. No browser here.

`played(kernel)` is used twice: the axe test draws these pages, and the test of words reads them.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from kinerja import cases
from kinerja.kernel import Kernel
from kinerja.models import Assignment
from kinerja.testing import Player, case_of, person, set_date, unit
from kinerja_web import create_app
from kinerja_work import worker
from tests.browser import axe_office as office

DEMO = Path(__file__).resolve().parents[2] / "config" / "demo"
SAME = {"Sec-Fetch-Site": "same-origin"}
PLAN, DOING, RATING = "perencanaan", "pelaksanaan", "penilaian"
TEACHER, HEAD, OPERATOR, SCHOOL = "Sari Contoh", "Budi Contoh", "Hendra Contoh", "99990101"
ALIKE = 3
"""How many addresses of one pattern a person follows: every kind of page is met, not every colleague's."""


@dataclass(frozen=True)
class Sent:
    """A page as a browser got it. `who` and `when` say in whose hands and in which state of the world."""

    who: str
    when: str
    path: str
    status: int
    html: str

    def __str__(self) -> str:
        return f"{self.path} ({self.status}, {self.who}, {self.when})"


@dataclass
class World:
    """Everything that was sent so far, and the hands to ask for more."""

    kernel: Kernel
    app: Flask
    sent: list[Sent] = field(default_factory=list)
    when: str = "kosong"
    _known: set[tuple[str, str, str]] = field(default_factory=set)

    def enter(self, name: str, role: str = "") -> Phone:
        return Phone(self, name, role)

    def keep(self, who: str, path: str, answer: Any) -> None:
        """Keep a page; the same page in the same words is kept once."""
        plain = re.sub(r'value="[0-9a-f]{16,}"', "", answer.text)
        if answer.status_code != 303 and answer.mimetype == "text/html" and (who, path, plain) not in self._known:
            self._known.add((who, path, plain))
            self.sent.append(Sent(who, self.when, path, answer.status_code, answer.text))


class Phone:
    """A browser of one person in one capacity; nobody's where no name is given."""

    def __init__(self, world: World, name: str = "", role: str = "") -> None:
        self.world, self.who = world, f"{name} {role}".strip() or "tanpa masuk"
        self.client: FlaskClient = world.app.test_client()
        if name:
            number = next(one["nip"] for one in accounts() if one["name"] == name)
            answer = self.client.post("/masuk", data={"cara": "masuk-demo", "akun": number}, headers=SAME)
            assert answer.status_code == 303, answer.text
            held = Assignment.get_or_none((Assignment.person == person(name).id) & (Assignment.role == role))
            self.client.post("/kapasitas", data={"penugasan": str(held.id) if held else ""}, headers=SAME)

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        self.world.keep(self.who, path, answer)
        return answer

    def send(self, path: str, told: dict[str, Any], **headers: str) -> Any:
        """Send exactly this, whatever comes of it."""
        answer = self.client.post(path, data=told, headers=headers or SAME)
        self.world.keep(self.who, path, answer)
        return answer

    def post(self, path: str, status: int, form: str = "", **told: Any) -> Any:
        """Send the hidden inputs of the form that stands at *form*, and what is told; the status must be this one."""
        hidden = _hidden(self.client.get(form or path).text, path)
        answer = self.send(path, {**hidden, **{key.replace("__", ":"): value for key, value in told.items()}})
        assert answer.status_code == status, (self.who, path, answer.status_code, answer.text[:4000])
        return answer

    def walk(self, start: str = "/") -> Phone:
        """Follow the links inside the site, nearest first."""
        ahead, patterns = [start], Counter[str]()
        for path in ahead:
            answer = self.get(path)
            text = answer.text if answer.mimetype == "text/html" else ""
            for link in map(unescape, re.findall(r'<a\b[^>]*\bhref="(/[^"#]*)', text)):
                pattern = re.sub(r"/(?=[^/]*[0-9])[^/?]+", "/*", link)
                if link not in ahead and patterns[pattern] < ALIKE:
                    patterns[pattern] += 1
                    ahead.append(link)
        return self


def _hidden(html: str, action: str) -> dict[str, list[str]]:
    """The hidden inputs of the form that sends to *action*, and of what autosave put beside it."""
    found: dict[str, list[str]] = {}
    forms = re.findall(rf'<form\b[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    for name, value in re.findall(
        r'<input type="hidden"(?: form="isian")? name="([^"]+)" value="([^"]*)"', "".join(forms)
    ):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


def accounts() -> list[dict[str, str]]:
    told: list[dict[str, str]] = tomllib.loads((DEMO / "akun.toml").read_text("utf-8"))["akun"]
    return told


def capacities() -> Iterator[tuple[str, str]]:
    """Every demo account, as an employee and in each role the person holds."""
    for one in accounts():
        yield one["name"], ""
        held = Assignment.select(Assignment.role).where(Assignment.person == person(one["name"]).id).distinct()
        yield from ((one["name"], role) for role in sorted(row.role for row in held))


def _role(name: str, begins: str) -> str:
    return next(role for who, role in capacities() if who == name and role.startswith(begins))


def played(kernel: Kernel) -> World:
    """Play the world through its states, following links as everybody in the first and as those concerned later."""
    app = create_app(kernel)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a page that breaks is a page of the world, and its test's finding
    world = World(kernel, app)
    for part in PARTS:
        part(world)
    assert [str(one) for one in world.sent if one.status >= 500] == []
    return world


def _beginning(world: World) -> None:
    for name, role in capacities():
        world.enter(name, role).walk()
    for one in accounts():
        world.enter(one["name"]).get("/tidak-ada")


def _drafting(world: World) -> None:
    world.when = "draf"
    teacher, plan = _teacher(world)
    teacher.send(f"{plan}/mulai", {})
    for step in _together(world, plan):
        page = f"{plan}/{step}"
        teacher.post(page, 303, action="simpan")
        teacher.send(page, {**_hidden(teacher.client.get(page).text, page), "action": "lanjut"})
        stale = teacher.send(page, {"action": "simpan", "seen": "99999", "txt:isi": "Lain"})
        assert stale.status_code == 409, page
    teacher.walk(plan)
    teacher.post(f"{plan}/ajukan", 422, langkah="ajukan")
    Player(world.kernel, TEACHER).fill(plan.split("/")[2], PLAN)
    teacher.walk(plan)


def _deciding(world: World) -> None:
    teacher, plan = _teacher(world)
    case = plan.split("/")[2]
    sari, budi = Player(world.kernel, TEACHER), Player(world.kernel, HEAD).through("kepala-sekolah")
    head = world.enter(HEAD, "kepala-sekolah")
    sari.do(case, PLAN, "ajukan")
    world.when = "diajukan"
    head.walk(plan)
    head.walk()
    teacher.walk(plan)
    head.post(plan, 422, langkah="kembalikan", catatan="")
    for step in _together(world, plan):
        head.get(f"{plan}/{step}?sesuaikan=1")
    budi.do(case, PLAN, "kembalikan", note="Lengkapi tugas tambahan, lalu ajukan kembali.")
    world.when = "dikembalikan dengan catatan"
    teacher.walk(plan)
    teacher.get("/")
    sari.do(case, PLAN, "ajukan")
    head.post(f"{plan}/praktik", 303, f"{plan}/praktik?sesuaikan=1", action="sesuaikan", **_other(head, plan))
    world.when = "disesuaikan"
    head.walk(plan)
    if budi.do(case, PLAN, "setujui").label != "Disepakati":
        teacher.walk(plan)
        sari.do(case, PLAN, "sepakati")
    world.when = "disepakati"
    teacher.walk()
    head.walk(plan)
    teacher.post(plan, 422, langkah="revisi", catatan="")


def _other(head: Phone, plan: str) -> dict[str, str]:
    """Another choice of the first question than the one that was handed in."""
    page = head.client.get(f"{plan}/praktik?sesuaikan=1").text
    found = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"[^>]*?( checked)?>', page)
    name, value, _ = next(one for one in found if not one[2])
    return {unescape(name).replace(":", "__"): value}


def _importing(world: World) -> None:
    world.when = "impor"
    page = f"/satuan/{unit(SCHOOL).id}/impor"
    operator = world.enter(OPERATOR, _role(OPERATOR, "operator"))
    told = {key: json.loads((DEMO / f"{SCHOOL}-get{key}.json").read_text("utf-8")) for key in ("Sekolah", "Gtk")}
    first = told["Gtk"]["rows"][0]
    told["Gtk"]["rows"] += [{**first, "ptk_id": "baru-1", "nip": None, "nuptk": "1", "nama": "Baru Contoh"},
                            {**first, "ptk_id": "baru-2", "nip": "12", "nuptk": None, "nama": "", "tanggal_lahir": "x"}]  # fmt: skip
    hidden = {"penghubung": "dapodik", "pembaca": "sekolah"}
    operator.send(page, hidden)
    for rows in (told["Gtk"], {"results": 1}):
        files = {"file:sekolah": (io.BytesIO(json.dumps(told["Sekolah"]).encode()), "a.json"),
                 "file:gtk": (io.BytesIO(json.dumps(rows).encode()), "b.json")}  # fmt: skip
        job = operator.send(page, {**hidden, **files}).headers["Location"]
        operator.get(job)
        worker.run_once(world.kernel)
        preview = operator.get(job)
        if "<form" in preview.text.partition("<main")[2]:
            operator.post(job, 303)
            worker.run_once(world.kernel)
            operator.get(job)


def _doing(world: World) -> None:
    set_date(world.kernel, date(2024, 2, 5))
    world.when = "pelaksanaan"
    case = case_of(TEACHER, "Januari")
    teacher, head = world.enter(TEACHER), world.enter(HEAD, "kepala-sekolah")
    _hand_in_all(world, case, DOING, teacher, head)
    for phone in (teacher, head):
        phone.walk(f"/kasus/{case}/bukti")
    world.enter("Wayan Contoh", _role("Wayan Contoh", "kepala")).walk()
    set_date(world.kernel, date(2024, 6, 5))
    world.when = "penilaian"
    _hand_in_all(world, case, RATING, teacher, head)
    head.walk()


def _hand_in_all(world: World, case: str, stage: str, teacher: Phone, head: Phone) -> None:
    """Every lone step of a stage: its empty form refused, then handed in by whoever writes it."""
    by = {
        "pegawai": (teacher, Player(world.kernel, TEACHER)),
        "memutuskan": (head, Player(world.kernel, HEAD).through("kepala-sekolah")),
    }
    by["mengamati"] = by["memutuskan"]
    for name in cases.load(world.kernel, case).rule(stage).steps:
        step = world.kernel.host.registry.steps[name]
        phone, player = by[step.author]
        page = f"/kasus/{case}/{stage}/{name}"
        row = "serahkan" if stage == DOING else "tetapkan"
        phone.send(page, {"action": "serahkan", "seen": "0"})
        phone.get(page)
        player.hand_in(case, stage, name, row)
    for phone in (teacher, head):
        phone.walk(f"/kasus/{case}/{stage}")


def _next_year(world: World) -> None:
    set_date(world.kernel, date(2025, 2, 5))
    world.when = "tahun berikutnya"
    for name, role in ((TEACHER, ""), (HEAD, "kepala-sekolah"), (HEAD, ""), ("Kartini Contoh", "")):
        world.enter(name, role).walk()
    office.opening(world)
    world.when = "ditutup"
    world.enter(TEACHER).walk(f"/kasus/{case_of(TEACHER, 'Januari')}")


def _teacher(world: World) -> tuple[Phone, str]:
    return world.enter(TEACHER), f"/kasus/{case_of(TEACHER, 'Januari')}/{PLAN}"


def _together(world: World, plan: str) -> list[str]:
    steps = world.kernel.host.registry.steps
    rule = cases.load(world.kernel, plan.split("/")[2]).rule(PLAN)
    return [name for name in rule.steps if name in steps and steps[name].together]


PARTS = (
    office.strangers, office.helping, _beginning, _drafting, _deciding, _importing, office.asking, office.keeping, office.several,
    office.reading_reports, _doing, _next_year, office.preparing,
)  # fmt: skip
"""The states the world is played through, one after the other."""
