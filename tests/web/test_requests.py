"""Asking for what only others can do, their inbox, wrong assessors, and cases that end early."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from kinerja import cases
from kinerja.models import Assignment, Case, LogEntry, Part, Person, Relation, Request, Timer
from kinerja.testing import person
from kinerja_web import create_app
from kinerja_work import worker
from tests import small
from tests.web import keepers
from tests.web.visitor import Visitor, hand_in, statements


@pytest.fixture
def world(kernel, monkeypatch):
    return keepers.build(kernel, monkeypatch)


@pytest.fixture
def rina(app) -> Visitor:
    return Visitor(app, "Rina Contoh", "penjaga")


@pytest.fixture
def eko(app) -> Visitor:
    return Visitor(app, "Eko Contoh", "penjaga")


@pytest.fixture
def pusat(app) -> Visitor:
    return Visitor(app, "Pusat Contoh", "pengurus")


@pytest.fixture
def case(world) -> str:
    return f"/kasus/{world.case}"


def ask(ani: Visitor, url: str, wanted: str = "Ani Betul", **more: str):
    """What the browser sends when Ani presses «Minta perbaikan» beside her name."""
    page = f"{url}/cerita"
    ani.post(f"{url}/mulai")
    return ani.client.post(
        f"{page}/permintaan",
        data={
            "untuk": ["nama", "satuan"], "benar": [wanted, ""], "minta": "nama", "seen": ani.hidden(page, "seen"),
            "txt:isi": "Tulisan setengah jadi", **more,
        },
        headers={"Origin": "http://localhost"},
    )  # fmt: skip


def the_request() -> Request:
    return Request.select().order_by(Request.id.desc()).get()


def test_the_step_shows_a_filled_example_and_what_may_be_asked_for(ani, url):
    ani.post(f"{url}/mulai")
    page = ani.get(f"{url}/cerita").text
    assert "Lihat contoh yang sudah terisi" in page and "Contoh cerita" in page
    assert "Ada data yang keliru?" in page and "Penjaga data memperbaikinya." in page
    assert "Nama panggilan sudah diubah satu kali." in page and "Minta dibuka sekali lagi" in page
    assert f'formaction="{url}/cerita/permintaan"' in page


def test_asking_keeps_what_was_typed_and_says_whom_it_waits_for(world, ani, url):
    sent = ask(ani, url)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{url}/cerita?minta=nama#minta-f-nama")
    one = the_request()
    assert (one.kind, one.field, one.value, one.wanted, one.state) == (
        "value", "nama", "Ani Contoh", "Ani Betul", "open",
    )  # fmt: skip
    page = ani.get(f"{url}/cerita").text
    assert "Tulisan setengah jadi" in page, "the draft"
    assert "Diminta 15 Januari, menunggu Bu Rina (Penjaga data)" in page


def test_asking_again_changes_what_is_wanted_and_makes_no_second_request(ani, url):
    ask(ani, url)
    ask(ani, url, "Ani Lain")
    assert [one.wanted for one in Request.select()] == ["Ani Lain"]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("", "Tulis Nama yang benar"),
        ("  ani   CONTOH ", "sama dengan yang tercatat"),
        ("x" * 10_000, "Paling banyak 1000 huruf"),
    ],
)
def test_a_wish_that_cannot_be_asked_is_refused_at_its_field_and_nothing_is_lost(ani, url, wanted, why):
    sent = ask(ani, url, wanted)
    assert sent.status_code == 422 and why in sent.text and "Tulisan setengah jadi" in sent.text
    if wanted.strip():
        assert f'value="{wanted}"' in sent.text
    assert Request.select().count() == 0
    assert "Tulisan setengah jadi" in ani.get(f"{url}/cerita").text


@pytest.mark.parametrize("action", ["simpan", "lanjut"])
def test_a_wish_typed_and_not_asked_for_is_pointed_out_when_another_button_is_pressed(ani, url, action):
    ani.post(f"{url}/mulai")
    seen = ani.hidden(f"{url}/cerita", "seen")
    data = {"action": action, "seen": seen, "txt:isi": "Isi", "untuk": ["nama"], "benar": ["Ani Betul"]}
    sent = ani.client.post(f"{url}/cerita", data=data, headers={"Origin": "http://localhost"})
    assert sent.status_code == 422 and "Belum diminta." in sent.text and 'value="Ani Betul"' in sent.text
    assert Request.select().count() == 0
    assert Part.get(Part.step == "cerita").draft["isi"] == "Isi"
    newer = re.search(r'name="seen" value="(\d+)"', sent.text)[1]
    again = ani.client.post(
        f"{url}/cerita/permintaan",
        data={"minta": "nama", "seen": newer, "txt:isi": "Isi", "untuk": ["nama"], "benar": ["Ani Betul"]},
        headers={"Origin": "http://localhost"},
    )
    assert again.status_code == 303 and the_request().wanted == "Ani Betul"


def test_two_tabs_lose_neither_the_wish_nor_the_text(ani, url):
    ani.post(f"{url}/mulai")
    old = ani.hidden(f"{url}/cerita", "seen")
    ani.post(f"{url}/cerita", action="simpan", seen=old, txt__isi="Tab pertama")
    sent = ask(ani, url, txt__isi="x", seen=old)
    assert sent.status_code == 409 and "Tab pertama" in sent.text and "Tulisan setengah jadi" in sent.text
    assert the_request().wanted == "Ani Betul"


def test_what_the_form_does_not_offer_cannot_be_asked_for(ani, url):
    ani.post(f"{url}/mulai")
    page = f"{url}/cerita/permintaan"
    for minta in ("nip", "", "hubungan"):
        assert ani.post(page, minta=minta, untuk="nip", benar="1").status_code == 404
    assert ani.post(f"{url}/tidak-ada/permintaan", minta="nama").status_code == 404
    assert ani.post(f"{url}/pilih/permintaan", minta="-", alasan="buka").status_code == 404, "nothing locked there"
    assert Request.select().count() == 0


def test_strangers_and_the_assessor_ask_for_nothing_in_the_name_of_another(app, ani, budi, url):
    ani.post(f"{url}/mulai")
    for who in (Visitor(app, "Dedi Contoh"), Visitor(app, "Eko Contoh", "penjaga"), budi):
        sent = who.post(f"{url}/cerita/permintaan", minta="nama", untuk="nama", benar="Salah")
        assert sent.status_code == 404
    assert Request.select().count() == 0


def test_an_unlocking_is_asked_for_granted_once_and_then_offered_no_more(ani, rina, url):
    ani.post(f"{url}/mulai")
    page = f"{url}/cerita"
    empty = ani.post(f"{page}/permintaan", minta="-", seen=ani.hidden(page, "seen"), txt__isi="Isi", alasan=" ")
    assert empty.status_code == 422 and "Tulis catatan" in empty.text
    sent = ani.post(
        f"{page}/permintaan", minta="-", seen=ani.hidden(page, "seen"), txt__isi="Isi", alasan="Salah ketik"
    )
    assert sent.status_code == 303 and "Diminta 15 Januari" in ani.get(page).text
    inbox = rina.get("/permintaan").text
    assert "Buka sekali lagi: Cerita" in inbox and "Salah ketik" in inbox
    answer = f"/permintaan/{the_request().id}"
    refused = rina.post(answer, jawab="buka", alasan="")
    assert refused.status_code == 422 and "Tulis catatan" in refused.text and Request.get().state == "open"
    assert rina.post(answer, jawab="buka", alasan="Boleh sekali").status_code == 303
    assert the_request().state == "granted"
    assert "sudah diubah satu kali" not in ani.get(page).text
    assert "Boleh sekali" in ani.get("/permintaan").text


def test_the_inbox_says_what_whose_and_since_when_and_keeps_answers_below(ani, rina, url):
    assert "Tidak ada permintaan yang menunggu." in rina.get("/permintaan").text
    ask(ani, url)
    page = rina.get("/permintaan").text
    for text in ("Ani Contoh", "Rumah A", "Ani Betul", "tertutup otomatis", "15 Januari 2030"):
        assert text in page
    sent = rina.post(f"/permintaan/{the_request().id}", jawab="selesai", alasan="Sudah di sumber")
    assert sent.status_code == 303
    page = rina.get("/permintaan").text
    assert "Tidak ada permintaan yang menunggu." in page and "Sudah dijawab (1)" in page and "Sudah di sumber" in page
    assert "Sudah diperbaiki di sumbernya" in ani.get(f"{url}/cerita").text


def test_a_denied_wish_reaches_its_person_with_the_reason_and_may_be_asked_again(ani, rina, url):
    ask(ani, url)
    assert rina.post(f"/permintaan/{the_request().id}", jawab="tolak", alasan="Sesuai ijazah").status_code == 303
    assert "Permintaan Anda ditolak: Sesuai ijazah" in ani.get(f"{url}/cerita").text
    assert ask(ani, url, "Ani Baru").status_code == 303
    assert the_request().state == "open"


def test_answering_twice_says_so_and_changes_nothing(ani, rina, pusat, url):
    ask(ani, url)
    page = f"/permintaan/{the_request().id}"
    rina.post(page, jawab="tolak", alasan="Pertama")
    late = pusat.post(page, jawab="selesai", alasan="Kedua")
    assert late.status_code == 422 and "sudah dijawab" in late.text and "Isian Anda: Kedua" in late.text
    assert (the_request().state, the_request().answer) == ("denied", "Pertama")


def test_an_answer_that_is_too_long_or_unknown_is_refused(ani, rina, url):
    ask(ani, url)
    page = f"/permintaan/{the_request().id}"
    long = rina.post(page, jawab="tolak", alasan="y" * 10_000)
    assert long.status_code == 422 and "Paling banyak 1000 huruf" in long.text and "y" * 10_000 in long.text
    assert rina.post(page, jawab="apa", alasan="x").status_code == 404
    assert rina.post("/permintaan/999999", jawab="tolak", alasan="x").status_code == 404
    assert the_request().state == "open"


def test_nobody_sees_or_answers_the_requests_of_others(app, ani, budi, eko, url):
    ask(ani, url)
    page = f"/permintaan/{the_request().id}"
    others = (
        eko,
        budi,
        Visitor(app, "Dedi Contoh"),
        Visitor(app, "Rina Contoh"),
        Visitor(app, "Ketua Contoh", "ketua"),
    )
    for who in others:
        assert "Ani Betul" not in who.get("/permintaan").text
        assert who.post(page, jawab="tolak", alasan="x").status_code == 404
    assert ani.post(page, jawab="selesai", alasan="x").status_code == 404, "her own"
    assert "Ani Betul" in ani.get("/permintaan").text and the_request().state == "open"


def test_a_request_closes_itself_when_the_data_show_the_value(world, ani, rina, url):
    ask(ani, url)
    Person.update(name="ANI  Betul").where(Person.name == "Ani Contoh").execute()
    held = Assignment.get(Assignment.role == "murid", Assignment.person == person("ANI  Betul"))
    Timer.create(name="people-changed", data={"unit": held.unit_id}, due_at=world.clock.now())
    worker.run_once(world)
    assert the_request().state == "fixed"
    assert "Data sudah sesuai sejak impor" in rina.get("/permintaan").text


def test_the_inbox_asks_the_database_no_more_for_many(ani, rina, url):
    ask(ani, url)
    first = the_request()
    for n in range(30):
        Request.create(
            case=first.case_id, kind="value", field=f"f{n}", person=first.person_id, unit=first.unit_id, at=first.at,
            label=f"F{n}", value="", wanted="x", text="",
        )  # fmt: skip
    for who in (rina, ani):
        who.get("/permintaan")
        with statements() as sent:
            assert "F29" in who.get("/permintaan").text
        assert len(sent) <= 6, sent


def test_a_session_that_ended_gives_the_wish_back_to_be_copied(app, url):
    sent = Visitor(app).post(f"{url}/cerita/permintaan", minta="nama", untuk="nama", benar="Ani Betul", txt__isi="Isi")
    assert sent.status_code == 401 and "Ani Betul" in sent.text and 'href="/bantuan"' in sent.text


def test_a_lone_step_that_may_be_done_again_opens_with_what_is_in_force(kernel, monkeypatch):
    again = replace(small.ONE.transitions[0], source="sudah")
    monkeypatch.setattr(small, "ONE", replace(small.ONE, transitions=(*small.ONE.transitions, again)))
    world = keepers.build(kernel, monkeypatch)
    app = create_app(world)
    ani, budi = Visitor(app, "Ani Contoh"), Visitor(app, "Budi Contoh", "pembina")
    hand_in(ani, f"/kasus/{world.case}/tulis")
    budi.post(f"/kasus/{world.case}/tulis", langkah="setujui", kunci="k")
    page = f"/kasus/{world.case}/lihat/nilai"
    told = {"action": "serahkan", "one__nilai": "baik"}
    assert budi.post(page, seen=budi.hidden(page, "seen"), kunci="a", **told).status_code == 303
    form = budi.get(page)
    assert form.status_code == 200 and 'value="baik" id="f-nilai-1" checked' in form.text
    seen = budi.hidden(page, "seen")
    assert budi.post(page, seen=seen, kunci="b", action="serahkan", one__nilai="cukup").status_code == 303
    assert cases.load(world, world.case).facts["nilai"].value == "cukup"


# --- who assesses -----------------------------------------------------------------------------------


def contest(ani: Visitor, case: str, why: str = "Seharusnya Bu Cici"):
    return ani.post(f"{case}/permintaan", hubungan="memutuskan", alasan=why)


def test_a_wrong_assessor_is_contested_corrected_and_the_turn_follows(world, app, ani, budi, rina, case, url):
    hand_in_story(ani, url)
    assert "Bukan atasan Anda?" in ani.get(case).text
    assert contest(ani, case).status_code == 303
    assert "Perbaikan diminta" in ani.get(case).text
    inbox = rina.get("/permintaan").text
    assert "Seharusnya Bu Cici" in inbox and f"{case}/hubungan/memutuskan" in inbox
    page = f"{case}/hubungan/memutuskan"
    form = rina.get(page).text
    assert "Pak Budi" not in form and "Budi Contoh" in form and "Ketua Contoh · Ketua, Negeri" in form
    assert "Cici Contoh" not in form, "of another house"
    ketua = Assignment.get(Assignment.role == "ketua")
    missing = rina.post(page, **{"one__benar-siapa": str(ketua.id)})
    assert missing.status_code == 422 and 'href="#f-benar-alasan"' in missing.text and "checked" in missing.text
    told = {"one__benar-siapa": str(ketua.id), "txt__benar-alasan": "SK 1"}
    assert rina.post(page, **told).status_code == 303
    assert cases.load(world, world.case).view.holders["memutuskan"].person.name == "Ketua Contoh"
    assert (the_request().state, the_request().answer) == ("done", "SK 1")
    assert "Ketua Contoh" in ani.get(case).text
    assert "Ani Contoh" in Visitor(app, "Ketua Contoh", "ketua").get("/").text
    assert budi.get(case).status_code == 404
    assert LogEntry.select().where(LogEntry.code == "relation").count() == 1


def hand_in_story(ani: Visitor, url: str) -> None:
    hand_in(ani, url)


def test_contesting_asks_for_a_reason_and_keeps_what_is_too_long(ani, case):
    empty = contest(ani, case, " ")
    assert empty.status_code == 422 and "Tulis catatan" in empty.text
    long = contest(ani, case, "z" * 10_000)
    assert long.status_code == 422 and "z" * 10_000 in long.text
    assert Request.select().count() == 0


def test_only_the_person_contests_and_only_a_relation_there_is(app, ani, budi, eko, case):
    for who in (budi, eko, Visitor(app, "Dedi Contoh")):
        assert contest(who, case).status_code == 404
    for kind in ("pegawai", "", "entah"):
        assert ani.post(f"{case}/permintaan", hubungan=kind, alasan="x").status_code == 404
    assert "Bukan atasan Anda?" not in budi.get(case).text


def test_a_correction_may_hold_for_all_cases_of_the_same_assessor_at_the_unit(world, rina, pusat, case):
    ani, page = world.case, f"{case}/hubungan/memutuskan"
    assert "Berlaku juga untuk semua" not in rina.get(page).text, "there is only one"
    original = Case.get_by_id(ani)
    copy = {name: getattr(original, name) for name in ("subject", "role", "snapshot", "profile", "content", "answer")}
    Case.create(
        id="lain", period=original.period_id, person=person("Tamu Contoh").id, unit=original.unit_id,
        opened_at=original.opened_at, force_insert=True, a0=original.a0, a1=original.a1, **copy,
    )  # fmt: skip
    held = Assignment.get(Assignment.person == person("Budi Contoh"))
    Relation.create(case="lain", kind="memutuskan", person=held.person_id, assignment=held.id, since=date(2030, 1, 1))
    assert "1 kinerja lain." in rina.get(page).text
    ketua = Assignment.get(Assignment.role == "ketua")
    sent = rina.post(page, **{"one__benar-siapa": str(ketua.id), "txt__benar-alasan": "SK 2", "chk__benar-semua": "1"})
    assert sent.status_code == 303
    now = Relation.select().where(
        (Relation.kind == "memutuskan") & Relation.until.is_null() & Relation.case.in_([ani, "lain"])
    )
    assert {one.case_id: one.person.name for one in now} == {ani: "Ketua Contoh", "lain": "Ketua Contoh"}
    assert Timer.select().where((Timer.name == "reproject") & (Timer.case == "lain")).exists()


def test_strangers_choose_no_assessor(app, ani, budi, eko, case):
    page = f"{case}/hubungan/memutuskan"
    for who in (ani, budi, eko, Visitor(app, "Dedi Contoh"), Visitor(app, "Rina Contoh")):
        assert who.get(page).status_code == 404
        assert who.post(page, **{"one__benar-siapa": "1", "txt__benar-alasan": "x"}).status_code == 404
    assert LogEntry.select().where(LogEntry.code == "relation").count() == 0


def test_only_somebody_offered_may_be_chosen(rina, case):
    page = f"{case}/hubungan/memutuskan"
    ani = Assignment.get(Assignment.person == person("Ani Contoh"))
    for wrong in (str(ani.id), "999999", "abc", ""):
        assert rina.post(page, **{"one__benar-siapa": wrong, "txt__benar-alasan": "x"}).status_code == 422
    assert rina.get(f"{case}/hubungan/pegawai").status_code == 404


# --- endings ----------------------------------------------------------------------------------------

GOOD = {
    "one__tutup-alasan": "pergi", "day__tutup-tanggal": "2030-01-10", "num__tutup-bulan": "0",
    "txt__tutup-catatan": "Terima kasih",
}  # fmt: skip


def test_who_decides_ends_a_case_with_a_reason_and_everybody_reads_why(ani, budi, case):
    assert "Tutup kinerja ini lebih awal" in budi.get(case).text
    assert "Tutup kinerja ini" not in ani.get(case).text
    assert budi.post(f"{case}/tutup", **GOOD).status_code == 303
    for who in (ani, budi):
        page = who.get(case).text
        assert "Ditutup: Mutasi, TMT 10 Januari 2030, 0 bulan bekerja." in page and "Terima kasih" in page
    again = budi.post(f"{case}/tutup", **GOOD)
    assert again.status_code == 422 and "sudah berakhir" in again.text


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("one__tutup-alasan", ""), ("one__tutup-alasan", "entah"), ("day__tutup-tanggal", "2030-02-31"),
        ("num__tutup-bulan", "13"), ("num__tutup-bulan", "-1"), ("txt__tutup-catatan", ""),
        ("txt__tutup-catatan", "k" * 10_000),
    ],
)  # fmt: skip
def test_an_ending_that_is_not_whole_is_refused_and_kept(world, budi, case, changed, value):
    sent = budi.post(f"{case}/tutup", **{**GOOD, changed: value})
    assert sent.status_code == 422 and f'href="#f-{changed.partition("__")[2]}"' in sent.text
    if changed != "txt__tutup-catatan" or value:
        assert (value if changed == "txt__tutup-catatan" else "Terima kasih") in sent.text
    assert Case.get_by_id(world.case).closed_at is None


def test_others_end_nothing(app, ani, eko, rina, case):
    for who in (ani, eko, Visitor(app, "Dedi Contoh"), Visitor(app, "Ketua Contoh", "ketua")):
        assert who.post(f"{case}/tutup", **GOOD).status_code == 404
        assert who.post(f"{case}/catatan-penutup", **{"txt__tutup-catatan": "x"}).status_code == 404


def test_the_note_of_a_case_that_the_system_ended_is_written_once(world, ani, budi, pusat, case):
    ended = {"alasan": "pergi", "label": "Mutasi", "tanggal": "2030-01-10", "bulan": 0, "catatan": "", "oleh": "Sistem"}
    Case.update(ending=ended, closed_at=world.clock.now()).where(Case.id == world.case).execute()
    assert "Catatan penutup belum ditulis." in ani.get(case).text
    page = pusat.get(case).text
    assert "Tulis catatan penutup" in page and "Tutup kinerja ini lebih awal" not in page
    empty = pusat.post(f"{case}/catatan-penutup", **{"txt__tutup-catatan": " "})
    assert empty.status_code == 422
    assert pusat.post(f"{case}/catatan-penutup", **{"txt__tutup-catatan": "Rajin"}).status_code == 303
    assert "Rajin" in ani.get(case).text
    again = pusat.post(f"{case}/catatan-penutup", **{"txt__tutup-catatan": "Lain"})
    assert again.status_code == 422 and "tidak diganti" in again.text
    assert Case.get_by_id(world.case).ending["catatan"] == "Rajin"


def test_the_condition_that_leaves_nothing_to_do_is_said_to_those_related_and_no_other_condition_is(
    app, ani, budi, case
):
    from kinerja.models import Standing

    Standing.create(person=person("Ani Contoh"), kind="libur", since=date(2030, 1, 3), note="")
    for who in (ani, budi):
        assert "Sekarang: Cuti, sejak 3 Januari. Tidak ada yang perlu dikerjakan." in who.get(case).text
    assert "Cuti" not in Visitor(app, "Ketua Contoh", "ketua").get(case).text
    Standing.update(kind="biasa-saja").execute()
    for who in (ani, budi):
        assert "Hukuman uji" not in who.get(case).text


def test_the_case_page_still_asks_little(ani, case, url):
    ask(ani, url)
    contest(ani, case)
    ani.get(case)
    with statements() as sent:
        ani.get(case)
    assert len(sent) <= 6, sent


SUMMARY = re.compile(r'<div class="errors" role="alert" tabindex="-1" id="galat">.*?</div>', re.DOTALL)


def way_of(summary: str) -> str:
    found = re.search(r'href="#([^"]*)"', summary)
    assert found, summary
    return found[1]


@pytest.mark.parametrize("kind", ["a value", "unlocking", "a value beside the steps", "an assessor", "a closing note"])
def test_a_request_that_fails_says_so_at_the_top_with_the_way_to_its_input(ani, budi, case, url, kind):
    ani.post(f"{url}/mulai")
    if kind == "a closing note":
        failed = budi.post(f"{case}/tutup", one__tutup_alasan="pergi", txt__tutup_catatan="")
    else:
        asked = {
            "a value": (f"{url}/cerita/permintaan", {"untuk": "nama", "benar": "", "minta": "nama", "seen": "1"}),
            "unlocking": (f"{url}/cerita/permintaan", {"alasan": "", "minta": "-", "seen": "1"}),
            "a value beside the steps": (f"{case}/perbaikan", {"untuk": "nama", "benar": "", "minta": "nama"}),
            "an assessor": (f"{case}/permintaan", {"hubungan": "memutuskan", "alasan": ""}),
        }[kind]  # fmt: skip
        failed = ani.post(asked[0], **asked[1])
    assert failed.status_code == 422
    found = SUMMARY.search(failed.text)
    assert found and failed.text.count('id="galat"') == 1, failed.text
    input = re.search(rf'<[^>]*id="{way_of(found[0])}"[^>]*>', failed.text)
    assert input, way_of(found[0])
    assert "kinerja.js" in failed.text, "which puts the focus there"


def test_after_a_request_the_page_is_at_its_place_which_is_open_and_says_that_it_was_sent(ani, case, url):
    sent = ask(ani, url)
    place = sent.headers["Location"]
    assert place.endswith("/cerita?minta=nama#minta-f-nama")
    page = ani.get(place).text
    assert re.search(
        r'<details class="card" open><summary>Ada data yang keliru\?.*id="minta-f-nama">.*Permintaan terkirim\.',
        page,
        re.DOTALL,
    )
    assert '<details class="card"><summary>Ada data yang keliru?' in ani.get(f"{url}/cerita").text
    beside = ani.post(f"{case}/perbaikan", untuk="nama", benar="Ani Lain", minta="nama").headers["Location"]
    assert beside == f"{case}?minta=nama#minta-f-nama"
    text = ani.get(beside).text
    assert 'id="minta-f-nama"' in text and "Permintaan terkirim." in text
    contested = ani.post(f"{case}/permintaan", hubungan="memutuskan", alasan="Bu Cici.").headers["Location"]
    assert contested == f"{case}#f-memutuskan"
    assert 'id="f-memutuskan"' in ani.get(contested).text
