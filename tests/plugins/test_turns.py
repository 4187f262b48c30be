"""Whose turn it is in the demo's own years: under a Plt., with a doubt, with a result, with a day agreed, and when spared."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from kinerja import cases, database
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period
from kinerja.testing import Player, case_of, person, plausible, set_date, tasks, unit
from kinerja_work import worker
from tests.crawl import NOTHING
from tests.plugins.test_journey import DOING, PLAN, RATING, agreed, rated
from tests.plugins.test_pages import enter
from tests.web.visitor import Visitor


def through(kernel: Kernel, name: str, role: str) -> Visitor:
    """Somebody who works in one of their posts."""
    visitor = enter(kernel, name)
    held = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
    assert visitor.post("/kapasitas", penugasan=str(held.id)).status_code == 303
    return visitor


def told(page: str) -> str:
    """What a page says, without marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def test_under_an_acting_head_both_dates_are_said_and_nobody_is_called_too_early(demo: Kernel) -> None:
    komang, case = Player(demo, "Komang Contoh"), case_of("Komang Contoh", "Januari")
    komang.fill(case, PLAN)
    komang.do(case, PLAN, "ajukan")
    set_date(demo, date(2024, 2, 1))
    dates = "Pelaksanaan dibuka 1 Februari. Plt. dapat mengonfirmasi mulai 16 Februari."
    teacher, acting = enter(demo, "Komang Contoh"), through(demo, "Wayan Contoh", "kepala-sekolah")
    for page in (told(teacher.get("/").text), told(teacher.get(f"/kasus/{case}/{DOING}").text)):
        assert dates in page and "Pak Wayan" in page
    assert "Anda boleh mengingatkan Pak Wayan" in told(teacher.get("/").text)
    home = told(acting.get("/").text)
    assert "Konfirmasi Plt. Mulai 16 Februari" in home and "Tertahan" not in home
    school = Case.get((Case.unit == unit("99990102")) & (Case.subject == "unit")).id
    page = acting.get(f"/kasus/{school}/kesiapan-sekolah").text
    assert "Mulai 16 Februari" in told(page) and "<button>Mulai" not in page and "Giliran" not in page
    held_up = f"/satuan/{unit('99990102').id}"
    office = through(demo, "Satria Contoh", "admin-nasional")
    assert "Tertahan" not in told(office.get(held_up).text), "nobody can mend it yet"
    set_date(demo, date(2024, 2, 16))
    assert "Tertahan (1) Menunggu Plt. Kepala Sekolah mengonfirmasi jabatannya." in told(office.get(held_up).text)
    assert "sampai 30 Juni · Guru menunggu konfirmasi ini" in told(acting.get("/").text)
    assert "<button>Mulai" in acting.get(f"/kasus/{school}/kesiapan-sekolah").text


def test_a_doubt_stands_before_the_decider_in_the_queue_and_on_the_plan(demo: Kernel) -> None:
    case, head = case_of("Budi Contoh", "Januari"), Player(demo, "Budi Contoh")
    head.fill(case, PLAN)
    head.do(case, PLAN, "ajukan")
    page = told(enter(demo, "Budi Contoh").get("/").text)
    assert page.index("Menunggu Pak Purnomo") < page.index("Menunggu Bu Ratmi"), "who writes first is named first"
    Player(demo, "Purnomo Contoh").through("pengawas").hand_in(
        case, PLAN, "rekomendasi", "catat", pendapat="bicarakan", catatan="Tambahkan target supervisi."
    )
    office = through(demo, "Ratmi Contoh", "kepala-dinas")
    for page in (office.get("/?tampil=giliran").text, office.get(f"/kasus/{case}/{PLAN}").text):
        assert "Perlu dibicarakan: Tambahkan target supervisi." in told(page)


@pytest.mark.parametrize("said", ["setuju", ""])
def test_without_a_doubt_nothing_is_said_of_one(demo: Kernel, said: str) -> None:
    case, head = case_of("Budi Contoh", "Januari"), Player(demo, "Budi Contoh")
    head.fill(case, PLAN)
    head.do(case, PLAN, "ajukan")
    if said:
        Player(demo, "Purnomo Contoh").through("pengawas").hand_in(case, PLAN, "rekomendasi", "catat", pendapat=said)
    page = through(demo, "Ratmi Contoh", "kepala-dinas").get(f"/kasus/{case}/{PLAN}").text
    assert "Perlu dibicarakan:" not in told(page)


def test_a_team_is_to_be_named_until_it_is(demo: Kernel, budi: Player) -> None:
    school = Case.get((Case.unit == unit("99990101")) & (Case.subject == "unit")).id
    assert ("memutuskan", "Susunan Tim Kerja") in tasks(school)
    assert "Susunan Tim Kerja" in told(through(demo, "Budi Contoh", "kepala-sekolah").get("/").text)
    budi.hand_in(school, "tim-kerja", "susun-tim-kinerja", "serahkan", anggota=["-"])
    assert tasks(school) == []


def prepared(case: str, sari: Player, day: str) -> None:
    form = sari.form(case, DOING, "persiapan")
    sari.do(case, DOING, "serahkan", step="persiapan", data={**plausible(form), "jadwal": day})


def test_an_observation_waits_for_the_day_that_was_agreed(demo: Kernel, sari: Player, budi: Player) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    set_date(demo, date(2024, 2, 5))
    prepared(case, sari, "2024-03-05")
    assert tasks(case) == []
    assert "Observasi kelas Mulai 5 Maret" in told(through(demo, "Budi Contoh", "kepala-sekolah").get("/").text)
    assert "Menunggu Pak Budi Mulai 5 Maret" in told(enter(demo, "Sari Contoh").get("/").text)
    set_date(demo, date(2024, 3, 5))
    assert tasks(case) == [("mengamati", "Observasi kelas")]
    page = told(through(demo, "Budi Contoh", "kepala-sekolah").get("/").text)
    assert "Observasi kelas hari ini" in page


@pytest.mark.parametrize("day", ["2024-02-05", "2024-02-01"])
def test_an_observation_agreed_for_today_or_before_is_a_turn_at_once(
    demo: Kernel, sari: Player, budi: Player, day: str
) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    set_date(demo, date(2024, 2, 5))
    prepared(case, sari, day)
    assert tasks(case) == [("mengamati", "Observasi kelas")]


def test_missing_evidence_stands_before_the_rater_and_the_result_before_the_teacher(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    set_date(demo, date(2024, 6, 1))
    head, teacher = through(demo, "Budi Contoh", "kepala-sekolah"), enter(demo, "Sari Contoh")
    for path in (f"/kasus/{case}/{RATING}", f"/kasus/{case}/{RATING}/rating", "/"):
        assert re.search(r"(\d+) dari \1 bukti belum ada\. Beri rating", told(head.get(path).text)), path
    assert "bukti belum ada Giliran Anda Januari–Juni 2024 · sebaiknya sebelum 30 Juni" in told(teacher.get("/").text)
    rated(case, RATING, "rating", budi)
    page = told(teacher.get("/").text)
    assert "Predikat kinerja Anda: Baik" in page and "Ditetapkan Pak Budi." in page and "Sudah saya baca" in page
    assert "bukti belum ada" not in page and "Isi Persiapan" not in page, "nobody is called for what is over"
    assert "Giliran Anda" not in teacher.get(f"/kasus/{case}/bukti").text
    assert "bukti belum ada" not in told(head.get(f"/kasus/{case}/{RATING}").text)


def test_what_is_to_be_confirmed_is_one_line_a_case_with_its_number(demo: Kernel, sari: Player, budi: Player) -> None:
    set_date(demo, date(2025, 1, 6))
    case = case_of("Sari Contoh", "Tahun 2025")
    agreed(case, sari, budi)
    head = through(demo, "Budi Contoh", "kepala-sekolah")
    found = re.search(r"(\d+) bukti menunggu konfirmasi Anda", told(head.get("/").text))
    assert found
    asked = head.get(f"/kasus/{case}/bukti").text.count('<span class="tag mine">Giliran Anda</span>')
    assert asked == int(found[1])
    place = head.hidden(f"/kasus/{case}/bukti/0", "tempat")
    assert head.post(f"/kasus/{case}/bukti/0", tempat=place, chk__tersedia="1").status_code == 303
    assert f"{asked - 1} bukti menunggu konfirmasi Anda" in told(head.get("/").text)


def test_who_retired_is_called_no_more_but_gets_the_result(demo: Kernel, sari: Player, budi: Player) -> None:
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    Assignment.update(until=date(2024, 3, 31)).where(Assignment.person == person("Sari Contoh")).execute()
    set_date(demo, date(2024, 3, 1))
    rated(case, RATING, "rating", budi)
    set_date(demo, date(2024, 4, 2))
    page = told(enter(demo, "Sari Contoh").get("/").text)
    assert "Giliran Anda" not in page and "Predikat kinerja Anda: Baik" in page


def test_a_teacher_of_2026_waits_for_the_case_of_the_school_by_name(demo: Kernel) -> None:
    set_date(demo, date(2026, 1, 5))
    worker.run_once(demo)
    case = case_of("Kartini Contoh", "Tahun 2026")
    seen = cases.load(demo, case)
    assert [one.task.kind for one in seen.tasks if one.task.asked] == ["macet"]
    page = told(enter(demo, "Kartini Contoh").get("/").text)
    assert NOTHING in page and "Menunggu pra-perencanaan sekolah selesai" in page and "Menunggu Bu Maria" in page


def test_the_periods_of_the_demo_have_one_row_for_each_sort_of_turn(demo: Kernel) -> None:
    rows = database.rows("SELECT case_id, cycle, stage, what, relation FROM task")
    assert len(rows) == len(set(rows)) > 0
    assert Period.select().count() > 0
