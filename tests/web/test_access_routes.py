"""Every route, method, relation and state against the table of access: who gets a page, what stands on it, who writes.

A sample by default; with KINERJA_SOAK=1 every state of a case. What was tried is printed (`pytest -s`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from kinerja import access
from kinerja.access import (
    ARRANGES,
    DECIDES,
    IMPORT,
    NONE_AT_ALL,
    OBSERVES,
    OWN,
    PEOPLE,
    PLUGINS,
    PROVIDES,
    READ_CONTENTS,
    RECOMMENDS,
    TABLE,
    Level,
)
from kinerja.models import Assignment, Evidence, Session
from kinerja.models.tables import TABLES
from kinerja.testing import person, unit
from kinerja_web import create_app
from tests import access_world
from tests.access_world import (
    CLOSING,
    DAY,
    ELSEWHERE,
    ENDED,
    KEEPER_ELSEWHERE,
    NOTE,
    NUMBER,
    PHOTO,
    RESULT,
    STORY,
    WHO,
    World,
)
from tests.web.visitor import SAME, Visitor

SOAK = os.environ.get("KINERJA_SOAK") == "1"
READ = tuple(access_world.STATES) if SOAK else ("dinilai",)
WRITE = tuple(access_world.STATES) if SOAK else ("diajukan",)
STAGES = {"tulis": ("pilih", "cerita", "saran", "data"), "lihat": ("nilai",)}
ANYBODY = {
    "/", "/aturan", "/aturan/<scheme>", "/aturan/<scheme>/<int:n>.txt", "/bantuan", "/permintaan", "/sekaligus/<id>",
    "/sekaligus/<stage>/<row>", "/p/siasn/", "/masuk",
}  # fmt: skip
"""Pages that are there for everybody who has signed in, and show each their own."""
BY_UNIT = {"/satuan/<int:id>/plugin": PLUGINS, "/satuan/<int:id>/impor": IMPORT, "/satuan/<int:id>/orang": PEOPLE}
"""What a page of a unit asks for, by how its address begins; the unit's own asks who sees where cases stand."""
WRITERS: dict[str, set[str]] = {
    "/kasus/<id>/tutup": {DECIDES},
    "/kasus/<id>/catatan-penutup": {DECIDES},
    "/kasus/<id>/permintaan": {OWN},
    "/kasus/<id>/perbaikan": {OWN},
    "/kasus/<id>/hubungan/<kind>": {PEOPLE},
    "/kasus/<id>/bukti/<int:n>": {PROVIDES},
    "/kasus/<id>/<stage>": {OWN, DECIDES},
    "/kasus/<id>/<stage>/mulai": {OWN, DECIDES, RECOMMENDS},
    "/kasus/<id>/<stage>/ajukan": {OWN, DECIDES},
    "/kasus/<id>/<stage>/dibaca": {OWN, DECIDES, RECOMMENDS, OBSERVES, PROVIDES, ARRANGES},
    "/kasus/<id>/<stage>/tanggapan": {OWN, DECIDES, RECOMMENDS, OBSERVES, PROVIDES},
    "/kasus/<id>/<stage>/<step>": {OWN, DECIDES, RECOMMENDS},
    "/kasus/<id>/<stage>/<step>/draft": {OWN, DECIDES, RECOMMENDS},
    "/kasus/<id>/<stage>/<step>/permintaan": {OWN},
}
"""Who may change something by each address of a case."""
ASIDE = {"/masuk", "/keluar", "/kapasitas", "/tanggal-demo", "/permintaan", "/permintaan/<int:id>"}
"""Addresses that change the visitor's own session or the demo, and the answers to requests, which have tests of their own."""


@pytest.fixture
def world(kernel: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    return access_world.build(kernel, monkeypatch)


@pytest.fixture
def sockets() -> tuple[Any, ...]:
    from kinerja_web import hooks

    return (hooks,)


@pytest.fixture
def app(world: World) -> Flask:
    made = create_app(world.kernel)
    made.testing = True
    return made


def visitor(app: Flask, world: World, who: str, state: str) -> Visitor:
    """Their browser. Who held a post until yesterday came in while it held, and the session still names it."""
    name, role = world.name(who, state), world.role(who)
    if who != ENDED:
        return Visitor(app, name, role)
    came = Visitor(app, name)
    held = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
    Session.update(assignment=held.id).where(Session.person == person(name)).execute()
    return came


def row_of(who: str) -> access.Row:
    return TABLE[NONE_AT_ALL if who in (ELSEWHERE, ENDED, KEEPER_ELSEWHERE) else who]


def rules(app: Flask, method: str) -> list[Rule]:
    """The rules that take a method, without those of files that everybody may have."""
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return [rule for rule in found if "static" not in rule.endpoint]


def addresses(rule: Rule, world: World, state: str) -> Iterator[str]:
    """A rule with everything that can stand in it for one case."""
    here: dict[str, list[Any]] = {
        "kind": ["memutuskan"], "n": [0], "job": ["tidakada"], "scheme": ["kecil"], "row": ["setujui"],
        "person": [person(access_world.STATES[state]).id], "filename": ["kinerja.css"],
        "number": [one.id for one in Evidence.select()],
        "id": [unit("rumah-a").id] if rule.rule.startswith("/satuan") else [world.cases[state]],
    }  # fmt: skip
    for stage, steps in STAGES.items():
        names = [name for name in rule.arguments if name not in ("stage", "step")]
        for values in product(*(here[name] for name in names)):
            for step in steps if "step" in rule.arguments else ("",):
                filled = dict(zip(names, values, strict=True)) | {"stage": stage, "step": step}
                address = rule.rule
                for name, value in filled.items():
                    for form in (f"<{name}>", f"<int:{name}>", f"<path:{name}>"):
                        address = address.replace(form, str(value))
                yield address
        if "stage" not in rule.arguments:
            return


def reads(who: str, rule: str) -> bool:
    """Whether the table gives a viewer this page at all."""
    if rule in ANYBODY:
        return True
    if rule.startswith("/satuan"):
        wanted = next((one for begin, one in BY_UNIT.items() if rule.startswith(begin)), "")
        return who == wanted if wanted else who in access.PERMISSIONS and bool(TABLE[who].state)
    if rule.startswith("/kasus/<id>/hubungan"):
        return who == PEOPLE
    return bool(row_of(who).state)


EVIDENCE = {OWN, DECIDES, RECOMMENDS, PROVIDES, READ_CONTENTS}
"""Who reads the step whose items ask for evidence, or gives it."""


def secrets(who: str) -> set[str]:
    """What of a case that was judged a viewer may meet anywhere."""
    row = row_of(who)
    # A number stands on the paper, which holds contents, and on the page of a person, for who keeps people.
    found = {NUMBER} if row.person and (row.content or who == PEOPLE) else set()
    found |= {RESULT} if row.result == Level.ALL else set()
    found |= {NOTE} if row.content and who != PROVIDES else set()  # a thread stands beside parts one reads
    found |= {PHOTO} if who in EVIDENCE else set()
    return found | ({STORY} if who in (OWN, DECIDES, OBSERVES, READ_CONTENTS) else set())


@pytest.mark.parametrize("state", READ)
def test_every_page_is_there_for_whom_the_table_lets_and_shows_no_more(app: Flask, world: World, state: str) -> None:
    asked = 0
    for who in WHO:
        client = visitor(app, world, who, state)
        met: set[str] = set()
        for rule in rules(app, "GET"):
            for address in addresses(rule, world, state):
                answer = client.get(address)
                asked += 1
                assert answer.status_code < 500, (who, address)
                if not reads(who, rule.rule):
                    assert answer.status_code == 404, (who, address)
                met |= {one for one in (STORY, RESULT, NUMBER, NOTE, PHOTO, CLOSING) if one in answer.text}
        there = client.get(f"/kasus/{world.cases[state]}").status_code
        assert there == (200 if row_of(who).state else 404), who
        if state == "dinilai":
            assert met == secrets(who), who
        else:
            assert met <= secrets(who), who
    print(f"\n{state}: {asked} reads, {len(WHO)} viewers")


def test_what_is_hidden_is_said_and_not_silently_absent(app: Flask, world: World) -> None:
    case = world.cases["dinilai"]
    said = "Isi kinerja ini hanya dapat dibaca oleh yang terlibat."
    for who in WHO:
        if row_of(who).state:
            client = visitor(app, world, who, "dinilai")
            for page in ("", "/tulis", "/bukti"):
                assert (said in client.get(f"/kasus/{case}{page}").text) == (not row_of(who).content), (who, page)


def test_evidence_is_taken_home_only_by_who_reads_contents(app: Flask, world: World) -> None:
    number = Evidence.get().id
    from kinerja_work import storage

    kept = storage.put(world.kernel, b"isi berkas")
    Evidence.update(value={"sha256": kept}).where(Evidence.id == number).execute()
    address = f"/kasus/{world.cases['dinilai']}/berkas/{number}"
    found = {who for who in WHO if visitor(app, world, who, "dinilai").get(address).status_code == 200}
    assert found == EVIDENCE


def test_who_looked_stands_in_the_persons_history(app: Flask, world: World) -> None:
    case = world.cases["jadi"]
    for who in (OBSERVES, ARRANGES):
        visitor(app, world, who, "jadi").get(f"/kasus/{case}/tulis")
    line = "Pengamat Contoh membaca isi kinerja ini sebagai Pengamat, Rumah A"
    own = visitor(app, world, OWN, "jadi").get(f"/kasus/{case}/riwayat").text
    assert line in own and own.count("membaca isi kinerja ini") == 1
    assert "membaca isi" not in visitor(app, world, DECIDES, "jadi").get(f"/kasus/{case}/riwayat").text


# --- writing ------------------------------------------------------------------------------------


def picture() -> dict[str, list[Any]]:
    """All that is stored, but for sessions, who looked, and what a process counts."""
    aside = {"session", "reading", "setting"}
    return {
        table._meta.table_name: sorted(map(repr, table.select().tuples()))
        for table in TABLES
        if table._meta.table_name not in aside
    }


SENT = {
    "catatan": "Sebab.", "seen": "1", "bagian": "pilih", "butir": "pilih:gunung", "hubungan": "memutuskan", "alasan": "S.",
    "minta": "nomor", "wanted:nomor": "9", "tempat": "pilih:gunung#1", "one:buku": "laut", "txt:isi": "Lain",
    "one:nilai": "cukup", "one:data": "a", "one:tutup-alasan": "purna", "day:tutup-tanggal": DAY.isoformat(),
    "num:tutup-bulan": "1", "txt:tutup-catatan": "Catatan", "txt:benar-alasan": "S.",
}  # fmt: skip
ACTIONS = ("ajukan", "setujui", "kembalikan", "tarik", "sesuaikan", "tetapkan", "simpan")


def sent(world: World, case: str, act: str, n: int) -> dict[str, str]:
    from kinerja import cases

    parts = cases.load(world.kernel, case).parts
    shown = " ".join(f"{part.step}:{part.handed_number}" for part in parts if part.handed_number)
    cici = Assignment.get(Assignment.person == person("Cici Contoh")).id
    return {**SENT, "langkah": act, "action": act, "kunci": f"k{n}", "lihat": shown, "one:benar-siapa": str(cici)}


def test_every_address_that_takes_something_says_who_may_send_it(app: Flask) -> None:
    of_cases = {rule.rule for rule in rules(app, "POST") if rule.rule.startswith("/kasus")}
    assert of_cases == set(WRITERS)
    others = {rule.rule for rule in rules(app, "POST")} - of_cases - ASIDE
    units = {one for one in others if one.startswith("/satuan")}
    assert all(any(one.startswith(begin) for begin in BY_UNIT) for one in units)
    assert others - units == {"/sekaligus/<stage>/<row>"}


@pytest.mark.parametrize("state", WRITE)
def test_nothing_is_written_by_whom_the_table_does_not_let(app: Flask, world: World, state: str) -> None:
    tried = 0
    for who in WHO:
        client = visitor(app, world, who, state)
        before = picture()
        for rule in rules(app, "POST"):
            if rule.rule in ASIDE or who in WRITERS.get(rule.rule, set()):
                continue
            if rule.rule.startswith("/satuan") and reads(who, rule.rule):
                continue
            if rule.rule.startswith("/sekaligus") and who == DECIDES:
                continue
            for address in addresses(rule, world, state):
                for act in ACTIONS if "<stage>" in rule.rule else ("simpan",):
                    tried += 1
                    answer = client.client.post(address, data=sent(world, world.cases[state], act, tried), headers=SAME)
                    assert answer.status_code < 500, (who, address)
                    if not reads(who, rule.rule):
                        assert answer.status_code == 404, (who, address, act)
        assert picture() == before, who
    print(f"\n{state}: {tried} writes without a right, {len(WHO)} viewers")


@pytest.mark.parametrize("who", [one for one in access.PERMISSIONS if one != access.PERIODS])
def test_a_post_that_ended_yesterday_grants_nothing_any_more(app: Flask, world: World, who: str) -> None:
    client = visitor(app, world, who, "draf")
    house, case = unit("rumah-a").id, world.cases["draf"]
    pages = [f"/satuan/{house}{page}" for page in ("", "/plugin", "/impor", "/orang")]
    pages += [f"/kasus/{case}", f"/kasus/{case}/hubungan/memutuskan"]
    assert any(client.get(page).status_code == 200 for page in pages)
    held = Assignment.get(Assignment.person == person(world.name(who, "draf")))
    Assignment.update(until=DAY - timedelta(days=1)).where(Assignment.id == held.id).execute()
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
