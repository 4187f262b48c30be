"""One home: what a file says of a post that the data do not say is told, and settled on the same page or left as it is."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from kinerja import Refusal, units
from kinerja.access import Viewer
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, Person
from kinerja.testing import person, unit, viewer
from kinerja_office import sessions, staff
from kinerja_office.settling import Answer
from kinerja_web import create_app
from kinerja_work import imports, worker
from tests.core.test_guards_office import employee
from tests.plugins.test_import_journey import SCHOOL, fatal, files, job, run
from tests.refused import code
from tests.web.visitor import SAME

OTHER = "99990201"
TMT = date(2024, 1, 20)
NEW_HEAD = {
    "ptk_id": "11111111-2222-4333-8444-555555555555", "nip": "197001011995032001", "nuptk": "1433748649300001",
    "nama": "LESTARI UJI", "jenis_kelamin": "P", "tanggal_lahir": "1970-01-01", "tanggal_surat_tugas": "2024-01-20",
}  # fmt: skip
HEAD = {"jenis_ptk_id": "20", "jenis_ptk_id_str": "Kepala Sekolah", "jabatan_ptk_id_str": "Kepala Sekolah"}
TEACHER = {"jenis_ptk_id": "3", "jenis_ptk_id_str": "Guru Kelas", "jabatan_ptk_id_str": "Guru"}


def row_of(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in told["gtk"]["rows"] if name.upper() in row["nama"].upper())


def without(told: dict[str, Any], name: str) -> dict[str, Any]:
    told["gtk"]["rows"] = [row for row in told["gtk"]["rows"] if name.upper() not in row["nama"].upper()]
    told["gtk"]["results"] = len(told["gtk"]["rows"])
    return told


def promoted() -> dict[str, Any]:
    """Sari is head from 20 January; the row of Budi, the head until then, is gone."""
    told = without(files(), "budi")
    row_of(told, "sari").update(HEAD, tanggal_surat_tugas=TMT.isoformat())
    return told


def two_heads() -> dict[str, Any]:
    told = files()
    told["gtk"]["rows"].append({**row_of(told, "budi"), **NEW_HEAD})
    told["gtk"]["results"] = len(told["gtk"]["rows"])
    return told


def keeper(kernel: Kernel, role: str = "admin-dinas", at: str = SCHOOL) -> Viewer:
    held = next(one for one in Assignment.select().where(Assignment.role == role) if one.unit_id in unit(at).line)
    return viewer(kernel, held.person.name, held.id)


def held(name: str) -> list[tuple[str, str, date | None, str]]:
    """The home posts of somebody, oldest first: role, school, last day, why it ended."""
    found = Assignment.select().where((Assignment.person == person(name)) & (Assignment.home == True))  # noqa: E712  # SQL
    return [
        (one.role, one.unit.npsn, one.until, one.ended_as) for one in found.order_by(Assignment.since, Assignment.id)
    ]


def counted(name: str) -> list[tuple[str, str]]:
    query = Case.select().join(Period).where(
        (Case.person == person(name)) & (Case.counts == True) & Case.closed_at.is_null() & (Period.label == "Tahun 2024")  # noqa: E712  # SQL
    )  # fmt: skip
    return [(one.role, one.unit.npsn) for one in query]


def answer(id: str, who: str, **changes: Any) -> dict[int, Answer]:
    choice = next(one for one in job(id).result["choices"] if one["who"] == who)
    told = {
        "since": TMT,
        "note": "SK 821/1",
        "reason": "promosi",
        "other": "pensiun",
        "seen": choice["seen"],
        **changes,
    }
    return {choice["row"]: Answer(**told)}


def test_who_is_promoted_in_dapodik_is_told_and_left_as_they_are(demo: Kernel) -> None:
    id = run(demo, promoted())
    [choice] = job(id).result["choices"]
    assert list(fatal(id)) == [choice["why"]]
    assert re.fullmatch(
        r"Tercatat sebagai Guru sejak [\w ]+, sedangkan berkas menyebut Kepala Sekolah di sekolah yang sama\.",
        choice["why"],
    )
    assert (choice["who"], choice["what"], choice["since"]) == ("Sari Contoh", "Kepala Sekolah", "2024-01-20")
    assert [(one["who"].split(",")[0], one["what"]) for one in (*choice["own"], *choice["others"])] == [
        ("Sari Contoh", "Guru"), ("Budi Contoh", "Kepala Sekolah"),
    ]  # fmt: skip
    assert choice["own"][0]["plans"] == ["Januari–Juni 2024", "Tahun 2024"]
    assert choice["others"][0]["decides"] > 5
    imports.confirm(demo, id)
    worker.run_once(demo)
    assert (job(id).state, held("Sari Contoh"), counted("Sari Contoh")) == (
        "done", [("guru", SCHOOL, None, "")], [("guru", SCHOOL)],
    )  # fmt: skip


def test_the_promotion_is_settled_as_if_entered_by_hand(demo: Kernel) -> None:
    id = run(demo, promoted())
    imports.settle(demo, id, keeper(demo), answer(id, "Sari Contoh"))
    worker.run_once(demo)
    last = date(2024, 1, 19)
    assert held("Sari Contoh") == [("guru", SCHOOL, last, "promosi"), ("kepala-sekolah", SCHOOL, None, "")]
    assert held("Budi Contoh") == [("kepala-sekolah", SCHOOL, last, "pensiun")]
    assert counted("Sari Contoh") == [("kepala-sekolah", SCHOOL)]
    assert (job(id).state, fatal(id)) == ("done", [])
    again = run(demo, promoted())
    assert (job(again).result["choices"], fatal(again)) == ([], [])


def test_a_step_down_and_a_promotion_in_one_file_are_settled_together(demo: Kernel) -> None:
    told = files()
    row_of(told, "sari").update(HEAD, tanggal_surat_tugas=TMT.isoformat())
    row_of(told, "budi").update(TEACHER, tanggal_surat_tugas=TMT.isoformat())
    id = run(demo, told)
    assert {one["who"] for one in job(id).result["choices"]} == {"Sari Contoh", "Budi Contoh"}
    imports.settle(demo, id, keeper(demo), {**answer(id, "Sari Contoh"), **answer(id, "Budi Contoh", reason="lainnya")})
    worker.run_once(demo)
    assert [one[0] for one in held("Budi Contoh")] == ["kepala-sekolah", "guru"]
    assert held("Budi Contoh")[0][3] == "lainnya", "his own reason, not the one for who must make room"
    assert (counted("Sari Contoh"), counted("Budi Contoh")) == ([("kepala-sekolah", SCHOOL)], [("guru", SCHOOL)])


def test_a_second_head_is_told_and_not_taken_until_somebody_says_who_leads(demo: Kernel) -> None:
    id = run(demo, two_heads())
    [choice] = job(id).result["choices"]
    assert (choice["own"], choice["others"][0]["what"]) == ([], "Kepala Sekolah")
    assert choice["why"].startswith(f"Berkas menyebutnya Kepala Sekolah di {unit(SCHOOL).name}, sedangkan ")
    imports.confirm(demo, id)
    worker.run_once(demo)
    assert Person.get_or_none(Person.name == "Lestari Uji") is None
    id = run(demo, two_heads())
    imports.settle(demo, id, keeper(demo), answer(id, "Lestari Uji", other="mutasi"))
    worker.run_once(demo)
    assert held("Lestari Uji") == [("kepala-sekolah", SCHOOL, None, "")]
    assert held("Budi Contoh")[0][2:] == (date(2024, 1, 19), "mutasi")
    assert (job(id).state, job(id).result["new"], fatal(id)) == ("done", ["Lestari Uji"], [])


def test_two_new_heads_in_one_file_are_taken_neither_without_a_word(demo: Kernel) -> None:
    Assignment.update(until=date(2024, 1, 1)).where(
        (Assignment.person == person("Budi Contoh")) & (Assignment.role == "kepala-sekolah")
    ).execute()
    told = two_heads()
    id = run(demo, told)
    assert {one["who"] for one in job(id).result["choices"]} == {"Lestari Uji", "Budi Contoh"}
    imports.settle(demo, id, keeper(demo), answer(id, "Lestari Uji"))
    assert (held("Lestari Uji"), len(held("Budi Contoh"))) == ([("kepala-sekolah", SCHOOL, None, "")], 1)


def test_two_people_of_one_file_are_not_both_made_head_by_two_answers(demo: Kernel) -> None:
    told = two_heads()
    row_of(told, "sari").update(HEAD, tanggal_surat_tugas=TMT.isoformat())
    id = run(demo, told)
    both = {**answer(id, "Sari Contoh"), **answer(id, "Lestari Uji")}
    with pytest.raises(Refusal) as refused:
        imports.settle(demo, id, keeper(demo), both)
    assert (refused.value.code, "masih Kepala Sekolah di" in refused.value.sentence) == ("head-already", True)
    assert (job(id).state, held("Budi Contoh")) == ("preview", [("kepala-sekolah", SCHOOL, None, "")])


def test_who_moved_to_another_school_is_settled_there_by_who_keeps_both(demo: Kernel) -> None:
    told = files(OTHER)
    told["gtk"]["rows"].append({**row_of(files(), "sari"), "tanggal_surat_tugas": TMT.isoformat()})
    told["gtk"]["results"] = len(told["gtk"]["rows"])
    id = run(demo, told, at=OTHER)
    [choice] = job(id).result["choices"]
    assert (choice["changed"], choice["unit"], choice["own"][0]["unit"]) == (
        ["satuan"], unit(OTHER).name, unit(SCHOOL).name,
    )  # fmt: skip
    above = [one for one in Assignment.select() if one.role == "admin-nasional"]
    office = viewer(demo, above[0].person.name, above[0].id)
    imports.settle(demo, id, office, answer(id, "Sari Contoh", reason="mutasi"))
    worker.run_once(demo)
    assert held("Sari Contoh") == [("guru", SCHOOL, date(2024, 1, 19), "mutasi"), ("guru", OTHER, None, "")]
    assert counted("Sari Contoh") == [("guru", OTHER)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"since": date(2010, 1, 1)}, "days-turned"), ({"note": ""}, "paper-needed"), ({"reason": "tidak-ada"}, "reason-unknown"),
        ({"other": ""}, "reason-unknown"), ({"seen": "1"}, "changed-since"), ({"since": date(1000, 1, 1)}, "day-odd"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_the_import_as_it_was(demo: Kernel, changes: dict[str, Any], code: str) -> None:
    id = run(demo, promoted())
    before = (held("Sari Contoh"), held("Budi Contoh"), Person.select().count())
    with pytest.raises(Refusal) as refused:
        imports.settle(demo, id, keeper(demo), answer(id, "Sari Contoh", **changes))
    assert refused.value.code == code
    assert (job(id).state, (held("Sari Contoh"), held("Budi Contoh"), Person.select().count())) == ("preview", before)
    imports.settle(demo, id, keeper(demo), answer(id, "Sari Contoh"))
    assert job(id).state == "done", "the files are still there"


def test_an_operator_settles_no_head(demo: Kernel) -> None:
    id = run(demo, promoted())
    with pytest.raises(Refusal) as refused:
        imports.settle(demo, id, keeper(demo, "operator-sekolah"), answer(id, "Sari Contoh"))
    assert refused.value.code == "from-above"
    assert held("Sari Contoh") == [("guru", SCHOOL, None, "")]


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_second_home_and_a_second_head_are_refused_by_hand_with_the_way_on(demo: Kernel) -> None:
    office, here = keeper(demo), units.as_value(unit(SCHOOL))

    def appoint(name: str, role: str, kind: str = "definitif", until: date | None = None, home: bool = True) -> str:
        return code(
            lambda: staff.appoint(demo, office, employee(name), role, kind, here, TMT, until, "SK 1", home=home)
        )

    assert appoint("Sari Contoh", "tendik") == "home-already"
    assert appoint("Sari Contoh", "kepala-sekolah", home=False) == "head-already"
    assert appoint("Rina Contoh", "kepala-sekolah", "plt", date(2024, 6, 30), home=False) == "", "who only acts may"
    with pytest.raises(Refusal) as refused:
        staff.appoint(demo, office, employee("Sari Contoh"), "tendik", "definitif", here, TMT, None, "SK", home=True)
    assert "Catat mutasi atau promosi" in refused.value.sentence
    head = next(one for one in staff.held_by(office, here, person("Budi Contoh").id) if one.role == "kepala-sekolah")
    staff.end(demo, office, head, date(2024, 1, 19), "pensiun", "SK 2")
    teacher = next(one for one in staff.held_by(office, here, person("Sari Contoh").id) if one.role == "guru")
    staff.transfer(demo, office, teacher, here, "kepala-sekolah", TMT, "promosi", "SK 3")
    [head] = [one for one in staff.held_by(office, here, person("Budi Contoh").id) if one.role == "kepala-sekolah"]
    assert code(lambda: staff.resume(demo, office, head, "keliru")) == "head-already"


def test_an_operator_moves_a_teacher_but_neither_makes_nor_moves_a_head(demo: Kernel) -> None:
    operator, here = keeper(demo, "operator-sekolah"), units.as_value(unit(SCHOOL))
    posts = {
        one.role: one
        for name in ("Budi Contoh", "Sari Contoh")
        for one in staff.held_by(operator, here, person(name).id)
    }
    for one, role in ((posts["guru"], "kepala-sekolah"), (posts["kepala-sekolah"], "guru")):
        why = code(lambda one=one, role=role: staff.transfer(demo, operator, one, here, role, TMT, "promosi", "SK"))
        assert why == "from-above"
    end = lambda one: staff.end(demo, operator, one, TMT, "pensiun", "SK")  # noqa: E731  # asked of two
    assert code(lambda: end(posts["kepala-sekolah"])) == "from-above"
    assert code(lambda: staff.transfer(demo, operator, posts["guru"], here, "tendik", TMT, "promosi", "SK")) == ""


def test_schools_are_merged_without_two_heads_and_leave_no_duty_behind(demo: Kernel) -> None:
    old, into = unit(OTHER), unit(SCHOOL)
    office = keeper(demo)
    merge = lambda: staff.merge(  # noqa: E731  # asked twice
        demo, office, units.as_value(old), units.as_value(into), date(2024, 2, 1), "penggabungan-sekolah", "SK 9"
    )
    add = Person.create(name="Operator Uji", sex="P", employment="non-asn")
    Assignment.create(
        person=add, role="operator-sekolah", unit=old, kind="definitif", home=True, since=date(2020, 1, 1),
        entered_at=demo.clock.now(),
    )  # fmt: skip
    heads = [
        one for one in Assignment.select().where((Assignment.unit == old) & (Assignment.role == "kepala-sekolah"))
        if one.until is None and one.kind == "definitif"
    ]  # fmt: skip
    if heads:
        assert code(merge) == "head-already"
        [head] = staff.as_held(heads)
        staff.end(demo, office, head, date(2024, 1, 31), "pensiun", "SK 8")
    assert merge() > 0
    left = Assignment.select().where(
        (Assignment.unit == old) & (Assignment.until.is_null() | (Assignment.until > date(2024, 1, 31)))
    )
    assert [(one.role, one.person.name) for one in left] == []
    assert [one.ended_as for one in Assignment.select().where(Assignment.person == add)] == ["penggabungan-sekolah"]
    led = Assignment.select().where(
        (Assignment.unit == into) & (Assignment.role == "kepala-sekolah") & Assignment.until.is_null()
    )
    assert len([one for one in led if one.kind == "definitif"]) == 1


# --- on the page ------------------------------------------------------------------------------------------------------


class Desk:
    """Somebody at the page of an import."""

    def __init__(self, kernel: Kernel, who: Viewer, id: str) -> None:
        self.browser = create_app(kernel).test_client()
        at = job(id).unit_id
        self.url = f"/satuan/{at}/impor/{id}"
        sessions.identify("uji", str(who.person), Person.get_by_id(who.person))
        self.browser.set_cookie("kinerja", sessions.begin(kernel, "uji", str(who.person), "") or "")
        self.browser.post("/kapasitas", data={"penugasan": str(who.assignment)}, headers=SAME)

    def read(self) -> str:
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.browser.get(self.url).text)))

    def send(self, **fields: str) -> Any:
        return self.browser.post(
            self.url, data={name.replace("__", ":"): value for name, value in fields.items()}, headers=SAME
        )


def test_the_page_says_what_is_and_what_will_be_and_settles_it_without_script(demo: Kernel) -> None:
    id = run(demo, promoted())
    [choice] = job(id).result["choices"]
    row = choice["row"]
    desk = Desk(demo, keeper(demo), id)
    text = desk.read()
    assert "berhenti sebagai Guru, hari terakhir 19 Januari 2024" in text
    assert "Kinerjanya sebagai Guru ditutup: Januari–Juni 2024, Tahun 2024." in text
    assert "kinerja yang diputuskannya berpindah ke penggantinya" in text
    assert "Sari Contoh menjadi Kepala Sekolah di" in text and "sejak 20 Januari 2024" in text
    assert "Catat sebagai Kepala Sekolah: Promosi ke jabatan lain" in text
    told = {f"pilih__{row}": "promosi", f"tmt__{row}": "2024-01-20", f"sk__{row}": "", f"lihat__{row}": choice["seen"]}
    for change, says in (
        ({}, "tulis nomor dan tanggal SK"),
        ({f"sk__{row}": "SK 1"}, "pilih mengapa"),
        ({f"sk__{row}": "SK 1", f"lain__{row}": "pensiun", f"tmt__{row}": "kapan"}, "isi TMT"),
        ({f"sk__{row}": "SK 1", f"lain__{row}": "pensiun", f"pilih__{row}": "mutasi"}, "pilihan ini tidak ada lagi"),
        (
            {f"sk__{row}": "SK 1", f"lain__{row}": "pensiun", f"tmt__{row}": "2001-01-01"},
            "lebih awal daripada tanggal mulai",
        ),
    ):
        sent = desk.send(**{**told, **change})
        assert (sent.status_code, says in unescape(sent.text), job(id).state) == (422, True, "preview"), says
    assert 'value="SK 1"' in sent.text and "selected>Pensiun" in sent.text, "what was typed is still there"
    assert desk.send(**told, **{f"lain__{row}": "pensiun"}).status_code == 422
    sent = desk.send(**{**told, f"sk__{row}": "SK 1", f"lain__{row}": "pensiun"})
    assert (sent.status_code, job(id).state) == (303, "done")
    assert [one[0] for one in held("Sari Contoh")] == ["guru", "kepala-sekolah"]


def test_the_operator_s_page_names_who_settles_it_and_saves_the_rest(demo: Kernel) -> None:
    id = run(demo, promoted())
    desk = Desk(demo, keeper(demo, "operator-sekolah"), id)
    text = desk.read()
    assert "Ini dicatat oleh" in text and "Admin Dinas Pendidikan" in text and "Catat sebagai" not in text
    row = job(id).result["choices"][0]["row"]
    assert desk.send(**{f"pilih__{row}": "promosi"}).status_code == 422
    assert desk.send().status_code == 303
    worker.run_once(demo)
    assert (job(id).state, held("Sari Contoh")) == ("done", [("guru", SCHOOL, None, "")])


# --- what changes for those who are known -----------------------------------------------------------------------------


def test_each_changed_value_of_a_known_person_is_told_old_and_new(demo: Kernel) -> None:
    id = run(demo, files())
    assert [told for _, _, told in job(id).result["changes"] if told] == [], "the same files again change nothing"
    told = files()
    row_of(told, "sari").update(pangkat_golongan_terakhir="III/d", nama="SARI DEWI CONTOH")
    id = run(demo, told)
    [(_, who, changed)] = [one for one in job(id).result["changes"] if one[2]]
    assert who == "Sari Dewi Contoh"
    assert ["Nama", "Sari Contoh", "Sari Dewi Contoh"] in changed
    [(old, new)] = [(old, new) for what, old, new in changed if what == "Pangkat"]
    assert "III/d" in new and old != new
    text = Desk(demo, keeper(demo), id).read()
    assert f"tidak berubah: {job(id).result['same'] - 1} orang." in text
    assert "dari Sari Contoh menjadi Sari Dewi Contoh" in text


def test_an_asn_without_a_number_is_taken_with_a_doubt(demo: Kernel) -> None:
    told = files()
    row_of(told, "sari").update(nip=None, status_kepegawaian_id_str="PNS")
    id = run(demo, told)
    [doubt] = [one[2] for one in job(id).result["problems"] if "NIP kosong" in one[2]]
    assert doubt.startswith("Status kepegawaian PNS, tetapi NIP kosong") and fatal(id) == []
