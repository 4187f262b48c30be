"""Every form is done once: sent again, alone or by many hands at once, it changes nothing more and answers the same."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kinerja import cases, database
from kinerja.kernel import Kernel
from kinerja.models import TABLES, Applied, Assignment, Case, Job, Person, PersonId, Request, Session
from kinerja.testing import Player, case_of, person, unit, viewer
from kinerja_office import endings, requests
from kinerja_web import create_app
from kinerja_work import chain, imports, jobs
from tests.faults.tools import Page

DEMO = Path(__file__).resolve().parents[2] / "config" / "demo"
PLAN, SCHOOL = "perencanaan", "99990101"
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer\n%%EOF\n"
HANDS = 20
SAME = {"Origin": "http://localhost"}


@dataclass
class Sent:
    """What one person sends from one form: where to, and what stands in it. Files are given as bytes."""

    who: str
    url: str
    told: Mapping[str, Any] = field(default_factory=dict)
    role: str = ""
    status: int = 303


class Town:
    """The demo's site with a browser for each person."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.app: Flask = create_app(kernel)

    def browser(self, who: str, role: str = "") -> FlaskClient:
        client = self.app.test_client()
        if who:
            number = PersonId.get((PersonId.person == person(f"{who} Contoh")) & (PersonId.kind == "nip")).value
            assert client.post("/masuk", data={"cara": "masuk-demo", "akun": number}, headers=SAME).status_code == 303
            held = Assignment.get_or_none((Assignment.person == person(f"{who} Contoh")) & (Assignment.role == role))
            chosen = {"penugasan": str(held.id) if held else ""}
            assert client.post("/kapasitas", data=chosen, headers=SAME).status_code == 303
        return client

    def case(self, who: str) -> str:
        return case_of(f"{who} Contoh", "Januari")

    def player(self, who: str, role: str = "") -> Player:
        found = Player(self.kernel, f"{who} Contoh")
        return found.through(role) if role else found


@pytest.fixture
def town(demo: Kernel) -> Town:
    return Town(demo)


def send(client: FlaskClient, sent: Sent, key: str) -> tuple[int, str]:
    told = {
        name: (io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value
        for name, value in sent.told.items()
    }
    answer = client.post(sent.url, data={**told, "kunci": key}, headers=SAME)
    return answer.status_code, answer.headers.get("Location", "") or re.sub(
        r'name="(tanda|kunci)" value="[^"]*"', "", answer.text
    )


def at_once(acts: Sequence[Callable[[], tuple[int, str]]]) -> list[tuple[int, str]]:
    """Send these at one moment, each from a thread; a request takes its connection itself, as on the server."""
    gate = threading.Barrier(len(acts))
    answers: list[tuple[int, str]] = [(0, "")] * len(acts)

    def one(number: int) -> None:
        gate.wait(30)
        answers[number] = acts[number]()
        if not database.proxy.is_closed():
            database.proxy.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def counts() -> dict[str, int]:
    """How many rows every table holds, but those of sessions and of the keys themselves."""
    return {one.__name__: one.select().count() for one in TABLES if one not in (Session, Applied)}


def filled(town: Town, who: str) -> str:
    town.player(who).fill(town.case(who), PLAN)
    return town.case(who)


def handed(town: Town, who: str) -> str:
    town.player(who).do(filled(town, who), PLAN, "ajukan")
    return town.case(who)


def agreed(town: Town, who: str) -> str:
    town.player("Budi", "kepala-sekolah").do(handed(town, who), PLAN, "setujui")
    return town.case(who)


def started(town: Town, who: str) -> str:
    town.player(who).draft(town.case(who), PLAN, "cek-data")
    return town.case(who)


def _wish(town: Town) -> dict[str, str]:
    one = town.player("Sari").form(started(town, "Sari"), PLAN, "cek-data").corrections[0]
    return {"untuk": one.id, "benar": "Yang lain", "minta": one.id}


def _asked(town: Town) -> int:
    seen = cases.load(town.kernel, started(town, "Sari"))
    one = town.player("Sari").form(town.case("Sari"), PLAN, "cek-data").corrections[0]
    requests.ask_value(town.kernel, viewer(town.kernel, "Sari Contoh"), seen, one, "Yang lain", town.kernel.clock.now())
    return int(Request.get().id)


def _files(school: str = SCHOOL) -> dict[str, bytes]:
    return {
        key: (DEMO / f"{school}-{name}.json").read_bytes()
        for key, name in (("sekolah", "getSekolah"), ("gtk", "getGtk"))
    }


def _read_import(town: Town) -> str:
    id = imports.start_import(town.kernel, "dapodik", "sekolah", unit(SCHOOL), _files(), None)
    jobs.run_due(town.kernel)
    assert Job.get_by_id(id).state == "preview"
    return id


def _other(town: Town) -> str:
    """Somebody else at the school, as the right assessor."""
    here = Assignment.select().where(Assignment.unit == unit(SCHOOL))
    return str(next(one.id for one in here if one.person.name == "Rina Contoh"))


def _ended(town: Town) -> str:
    """A case the system ended, whose closing note is still to be written."""
    case = Case.get_by_id(town.case("Agus"))
    now = town.kernel.clock.now()
    with database.proxy.atomic():
        endings._end(town.kernel, case.id, case.unit_id, "mutasi", date(2024, 1, 20), 0, "", "Sistem", None, now)
    return str(case.id)


def _evidence(town: Town) -> Sent:
    case = agreed(town, "Sari")
    town.player("Sari").do(case, PLAN, "sepakati")
    url = f"/kasus/{case}/bukti/0"
    page = Page(town.browser("Sari").get(url).text)
    return Sent("Sari", url, {"tempat": page.forms[url]["tempat"], "file:berkas": ("RPP.pdf", PDF)})


def _step(town: Town, action: str) -> Sent:
    part = cases.load(town.kernel, started(town, "Sari")).part(PLAN, "cek-data", person("Sari Contoh").id)
    assert part is not None
    return Sent("Sari", f"/kasus/{town.case('Sari')}/{PLAN}/cek-data", {"action": action, "seen": str(part.revision)})


def _note(town: Town) -> Sent:
    case = handed(town, "Sari")
    text = town.browser("Budi", "kepala-sekolah").get(f"/kasus/{case}/{PLAN}").text
    item = re.search(r'name="butir" value="([^"]*)"', text)
    assert item
    return Sent("Budi", f"/kasus/{case}/{PLAN}/tanggapan", {"butir": item[1], "catatan": "Bagus."}, "kepala-sekolah")


def _act(town: Town, act: str, **told: str) -> Sent:
    kinds = {"tmt": "day", "sampai": "day", "ke": "txt", "sk": "txt", "yakin": "chk"}
    url = f"/satuan/{unit(SCHOOL).id}/orang/{person('Agus Contoh').id}"
    values = {f"{kinds.get(key, 'one')}:{act}-{key}": value for key, value in told.items()}
    return Sent("Satria", url, {"act": act, **values}, "admin-nasional")


def _only(name: str) -> str:
    return str(Assignment.get(Assignment.person == person(name)).id)


def _twin() -> int:
    """A second record of somebody, without a post or number."""
    return int(Person.get_or_create(name="Agus Contoh Kembar")[0].id)


PEOPLE: dict[str, Callable[[Town], Sent]] = {
    "an appointment": lambda town: _act(
        town, "angkat", jenis="plt", peran="kepala-sekolah", ke="99990102", tmt="2024-01-20", sampai="2024-04-20", sk="SK 1"
    ),
    "a condition": lambda town: _act(town, "kondisi", alasan="cuti", tmt="2024-01-20", sampai="2024-02-20", sk="Surat 3"),
    "a transfer": lambda town: _act(
        town, "pindah", penugasan=_only("Agus Contoh"), ke="99990102", peran="guru", tmt="2024-02-01", alasan="mutasi", sk="SK 5"
    ),
    "a last day": lambda town: _act(
        town, "akhir", penugasan=_only("Agus Contoh"), sampai="2024-02-01", alasan="pensiun", sk="SK 6"
    ),
}  # fmt: skip
FORMS: dict[str, Callable[[Town], Sent]] = {
    "/masuk": lambda town: Sent("", "/masuk", {"cara": "masuk-demo", "akun": "199003022019032001"}),
    "/keluar": lambda town: Sent("Sari", "/keluar"),
    "/kapasitas": lambda town: Sent("Budi", "/kapasitas", {"penugasan": str(town.player("Budi", "kepala-sekolah").assignment)}),
    "/tanggal-demo": lambda town: Sent("", "/tanggal-demo", {"tanggal": "2024-02-01"}),
    "/satuan/<int:id>/orang": lambda town: Sent(
        "Satria", f"/satuan/{unit(SCHOOL).id}/orang",
        {"act": "gabung", "txt:gabung-ke": "99990102", "day:gabung-tmt": "2024-02-01", "one:gabung-alasan": "penggabungan-sekolah",
         "txt:gabung-sk": "SK 9", "chk:gabung-yakin": "1"}, "admin-nasional",
    ),
    "/satuan/<int:id>/orang/<int:person>": PEOPLE["an appointment"],
    "/satuan/<int:id>/orang/<int:person>/satukan": lambda town: Sent(
        "Satria", f"/satuan/{unit(SCHOOL).id}/orang/{person('Agus Contoh').id}/satukan",
        {"dengan": str(_twin()), "txt:alasan": "Dua baris dengan NIP yang sama.", "chk:yakin": "1"}, "admin-nasional",
    ),
    "/satuan/<int:id>/impor": lambda town: Sent(
        "Hendra", f"/satuan/{unit(SCHOOL).id}/impor",
        {"penghubung": "dapodik", "pembaca": "sekolah", **{f"file:{key}": (f"{key}.json", text) for key, text in _files().items()}},
        "operator-sekolah",
    ),
    "/satuan/<int:id>/impor/<job>": lambda town: Sent(
        "Hendra", f"/satuan/{unit(SCHOOL).id}/impor/{_read_import(town)}", role="operator-sekolah"
    ),
    "/satuan/<int:id>/plugin": lambda town: Sent(
        "Satria", f"/satuan/{Assignment.get(Assignment.person == person('Satria Contoh')).unit_id}/plugin",
        {"plugin": "cetak", "act": "off", "alasan": "Uji"}, "admin-nasional",
    ),
    "/permintaan/<int:id>": lambda town: Sent(
        "Hendra", f"/permintaan/{_asked(town)}", {"jawab": "selesai", "alasan": "Sudah."}, "operator-sekolah"
    ),
    "/kasus/<id>/hubungan/<kind>": lambda town: Sent(
        "Satria", f"/kasus/{town.case('Sari')}/hubungan/memutuskan",
        {"one:benar-siapa": _other(town), "txt:benar-alasan": "SK 8"}, "admin-nasional",
    ),
    "/kasus/<id>/tutup": lambda town: Sent(
        "Satria", f"/kasus/{town.case('Agus')}/tutup",
        {"one:tutup-alasan": "mutasi", "day:tutup-tanggal": "2024-01-20", "num:tutup-bulan": "1", "txt:tutup-catatan": "Selamat."},
        "admin-nasional",
    ),
    "/kasus/<id>/catatan-penutup": lambda town: Sent(
        "Satria", f"/kasus/{_ended(town)}/catatan-penutup", {"txt:tutup-catatan": "Selamat."}, "admin-nasional"
    ),
    "/kasus/<id>/permintaan": lambda town: Sent(
        "Sari", f"/kasus/{town.case('Sari')}/permintaan", {"hubungan": "memutuskan", "alasan": "Seharusnya Pak Danu."}
    ),
    "/kasus/<id>/perbaikan": lambda town: Sent("Sari", f"/kasus/{town.case('Sari')}/perbaikan", _wish(town)),
    "/kasus/<id>/bukti/<int:n>": _evidence,
    "/kasus/<id>/<stage>/mulai": lambda town: Sent("Sari", f"/kasus/{town.case('Sari')}/{PLAN}/mulai", {"bagian": "cek-data"}),
    "/kasus/<id>/<stage>": lambda town: Sent(
        "Budi", f"/kasus/{handed(town, 'Sari')}/{PLAN}", {"langkah": "kembalikan", "catatan": "Lengkapi."}, "kepala-sekolah"
    ),
    "/kasus/<id>/<stage>/tanggapan": _note,
    "/kasus/<id>/<stage>/dibaca": lambda town: Sent(
        "Sari", f"/kasus/{handed(town, 'Sari')}/{PLAN}/dibaca", {"sampai": "2024-01-20T09:00:00+00:00"}
    ),
    "/kasus/<id>/<stage>/ajukan": lambda town: Sent("Sari", f"/kasus/{filled(town, 'Sari')}/{PLAN}/ajukan", {"langkah": "ajukan"}),
    "/kasus/<id>/<stage>/<step>": lambda town: _step(town, "simpan"),
    "/kasus/<id>/<stage>/<step>/draft": lambda town: Sent("Sari", _step(town, "").url + "/draft", _step(town, "").told, status=200),
    "/kasus/<id>/<stage>/<step>/permintaan": lambda town: Sent(
        "Sari", f"/kasus/{town.case('Sari')}/{PLAN}/cek-data/permintaan", {**_wish(town), **_step(town, "").told}
    ),
    "/sekaligus/<stage>/<row>": lambda town: Sent(
        "Budi", f"/sekaligus/{PLAN}/setujui", {"aksi": "ambil", "kasus": handed(town, "Sari")}, "kepala-sekolah"
    ),
}  # fmt: skip
AT_ONCE = {
    **PEOPLE,
    **{FORMS_KEY: FORMS[FORMS_KEY] for FORMS_KEY in (
        "/satuan/<int:id>/orang", "/satuan/<int:id>/impor", "/kasus/<id>/permintaan", "/kasus/<id>/<stage>/<step>/permintaan",
        "/kasus/<id>/bukti/<int:n>", "/kasus/<id>/<stage>/tanggapan", "/kasus/<id>/tutup", "/sekaligus/<stage>/<row>",
        "/permintaan/<int:id>", "/kasus/<id>/hubungan/<kind>", "/satuan/<int:id>/plugin", "/kasus/<id>/<stage>",
    )},
}  # fmt: skip


def test_every_page_that_takes_a_form_is_tried_here(town: Town) -> None:
    rules = {str(rule) for rule in town.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert rules == set(FORMS)


@pytest.mark.parametrize("rule", FORMS)
def test_a_form_sent_twice_is_done_once_and_answered_twice(town: Town, rule: str) -> None:
    sent = FORMS[rule](town)
    client = town.browser(sent.who, sent.role)
    before = counts()
    first = send(client, sent, "k1")
    assert first[0] == sent.status, first
    after = counts()
    assert send(client, sent, "k1") == first
    assert counts() == after
    if rule not in ("/masuk", "/keluar", "/kapasitas", "/tanggal-demo", "/satuan/<int:id>/impor/<job>"):
        assert after != before or rule in ("/kasus/<id>/<stage>/<step>", "/kasus/<id>/<stage>/<step>/draft")


@pytest.mark.faults
@pytest.mark.parametrize("name", AT_ONCE)
def test_twenty_hands_with_one_form_do_it_once(town: Town, name: str) -> None:
    sent = AT_ONCE[name](town)
    signed_in = town.browser(sent.who, sent.role)
    cookie = signed_in.get_cookie("kinerja")
    assert cookie is not None

    def one() -> tuple[int, str]:
        client = town.app.test_client()
        client.set_cookie("kinerja", cookie.value)
        return send(client, sent, "k1")

    before = counts()
    answers = at_once([one] * HANDS)
    assert {one[0] for one in answers} == {303}, answers
    assert len(set(answers)) == 1
    after = counts()
    assert after != before
    assert send(signed_in, sent, "k1") == answers[0]
    assert counts() == after
    assert chain.broken(unit(SCHOOL).id) is None


@pytest.mark.faults
@pytest.mark.parametrize("name", PEOPLE)
def test_twenty_hands_with_forms_of_their_own_enter_one_and_the_same_once(town: Town, name: str) -> None:
    sent = PEOPLE[name](town)
    cookie = town.browser(sent.who, sent.role).get_cookie("kinerja")
    assert cookie is not None

    def one(key: str) -> tuple[int, str]:
        client = town.app.test_client()
        client.set_cookie("kinerja", cookie.value)
        return send(client, sent, key)

    before = counts()
    answers = at_once([lambda n=n: one(f"k{n}") for n in range(HANDS)])  # type: ignore[misc]  # bound as a default
    assert {one[0] for one in answers} <= {303, 422}, answers
    after = counts()
    made = {"an appointment": (1, 0), "a condition": (0, 1), "a transfer": (1, 0), "a last day": (0, 0)}[name]
    assert (after["Assignment"] - before["Assignment"], after["Standing"] - before["Standing"]) == made


def test_the_same_id_with_other_words_is_refused_and_what_was_typed_is_shown(town: Town) -> None:
    sent = PEOPLE["a condition"](town)
    client = town.browser(sent.who, sent.role)
    assert send(client, sent, "k1")[0] == 303
    other = Sent(sent.who, sent.url, {**sent.told, "txt:kondisi-sk": "Surat yang lain"}, sent.role)
    status, text = send(client, other, "k1")
    assert status == 409 and "Kiriman ini memakai kunci yang sudah terpakai" in text and "Surat yang lain" in text


def test_a_form_that_came_back_with_errors_can_be_sent_again_under_its_id(town: Town) -> None:
    sent = PEOPLE["a condition"](town)
    client = town.browser(sent.who, sent.role)
    wrong = Sent(sent.who, sent.url, {**sent.told, "day:kondisi-sampai": "2023-01-01"}, sent.role)
    before = counts()
    assert (send(client, wrong, "k1")[0], counts()) == (422, before)
    assert send(client, sent, "k1")[0] == 303


def test_two_people_with_the_same_id_do_two_things(town: Town) -> None:
    for who in ("Sari", "Budi"):
        sent = Sent(who, f"/kasus/{town.case(who)}/permintaan", {"hubungan": "memutuskan", "alasan": "Bukan dia."})
        assert send(town.browser(who), sent, "k1")[0] == 303
    assert Request.select().count() == 2


FORM = re.compile(r'<form method="post".*?</form>', re.DOTALL)
"""Where a walk begins, and how many pages it reads at most."""
PAGES = 150


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("who", "role"), [
    ("", ""), ("Sari", ""), ("Budi", "kepala-sekolah"), ("Hendra", "operator-sekolah"), ("Satria", "admin-nasional"),
])  # fmt: skip
def test_every_form_of_every_page_that_is_linked_carries_an_id_of_its_own(town: Town, who: str, role: str) -> None:
    filled(town, "Sari")
    client = town.browser(who, role)
    waiting, seen, ids = ["/", "/masuk"], set(), []
    while waiting and len(seen) < PAGES:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in FORM.findall(answer.text):
            found = re.findall(r'name="kunci" value="([0-9a-f]{24})"', form)
            assert len(found) == 1, (url, form[:200])
            ids += found
        links = re.findall(r'href="(/[^"#?]*)', answer.text)
        waiting += [one for one in links if one not in seen and not one.startswith("/static/")]
    assert ids and len(set(ids)) == len(ids)
