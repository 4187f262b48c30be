"""Bundled plugins seen through pages: rubrics by school, one district's choices, a case without any plugin."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

import kinerja_read as read
from kinerja import people
from kinerja.host import Host
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Unit
from kinerja.testing import Player, case_of, person, set_date, unit, viewer
from kinerja_office import choosing
from kinerja_web import create_app
from tests.plugins.test_journey import agreed, rated
from tests.web.visitor import Visitor

ACCOUNT = "masuk-demo"


def enter(kernel: Kernel, name: str) -> Visitor:
    """Sign in through the page as one of the example people."""

    number = people.known(kernel, [person(name).id])[person(name).id][0]["nip"]
    app: Flask = create_app(kernel)
    app.testing = True
    visitor = Visitor(app)
    answer = visitor.client.post(
        "/masuk", data={"cara": ACCOUNT, "akun": number}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 303, answer.text
    return visitor


@pytest.mark.parametrize(
    ("name", "noun", "first"),
    [
        ("Kartini Contoh", "Sub-indikator", "Perencanaan untuk proses pembelajaran yang efektif"),
        ("Sari Contoh", "indikator", "Keteraturan Suasana Kelas"),
    ],
)
def test_a_teacher_chooses_from_the_rubric_of_the_own_kind_of_school(
    demo: Kernel, name: str, noun: str, first: str
) -> None:
    case = case_of(name, "Januari")
    page = enter(demo, name).client.get(f"/kasus/{case}/perencanaan/praktik").text
    assert (first in page, noun.lower() in page.lower()) == (True, True)


def test_pages_and_slots_of_a_connector_are_gone_where_it_is_off_and_stay_elsewhere(demo: Kernel) -> None:
    set_date(demo, date(2025, 1, 6))
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah")
    case = case_of("Sari Contoh", "Tahun 2025")
    agreed(case, sari, budi)
    set_date(demo, date(2025, 12, 1))
    rated(case, "penilaian", "rating-tahunan", budi)
    visitor = enter(demo, "Sari Contoh")
    assert "Menunggu dikirim ke BKN" in visitor.client.get(f"/kasus/{case}").text
    assert visitor.client.get("/p/siasn/").status_code == 200
    choosing.set_choice(demo, unit("contoh-asri"), "siasn", None, on=False)
    assert "BKN" not in visitor.client.get(f"/kasus/{case}").text
    assert visitor.client.get("/p/siasn/").status_code == 404
    choosing.set_choice(demo, unit("contoh-asri"), "siasn", None, on=True)
    assert visitor.client.get("/p/siasn/").status_code == 200
    assert enter(demo, "Sahira Contoh").client.get("/p/siasn/").status_code == 404


def test_a_finished_case_is_read_through_its_pages_without_any_plugin(demo: Kernel) -> None:
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah")
    case = case_of("Sari Contoh", "Januari")
    agreed(case, sari, budi)
    set_date(demo, date(2025, 4, 2))
    visitor = enter(demo, "Sari Contoh")
    told = [
        visitor.client.get(path).text
        for path in (f"/kasus/{case}", f"/kasus/{case}/perencanaan", f"/kasus/{case}/riwayat")
    ]
    kept = (
        "Perencanaan Kinerja",
        "Disepakati",
        "Keteraturan Suasana Kelas",
        "Berorientasi Pelayanan",
        "menyepakati rencana",
    )
    assert [any(word in page for page in told) for word in kept] == [True] * len(kept)
    bare = Kernel(demo.config, Host())
    bare.sync()
    app = create_app(bare)
    app.testing = True
    client = app.test_client()
    for cookie in visitor.client._cookies.values():
        client.set_cookie(cookie.key, cookie.value, domain="localhost")
    without = [
        client.get(path).text for path in (f"/kasus/{case}", f"/kasus/{case}/perencanaan", f"/kasus/{case}/riwayat")
    ]
    assert [any(word in page for page in without) for word in kept] == [True] * len(kept)


def satria(kernel: Kernel) -> Visitor:
    """Who keeps the nation, in that office."""
    visitor, held = enter(kernel, "Satria Contoh"), Assignment.get(Assignment.person == person("Satria Contoh"))
    visitor.post("/kapasitas", penugasan=str(held.id))
    return visitor


OTHERS = "Pilih satuan di bawah untuk melihat kinerjanya."


@pytest.mark.parametrize(
    ("code", "listed"), [("nasional", False), ("", False), ("contoh-asri", True), ("99990101", True)]
)
def test_only_a_district_and_a_school_list_what_is_below_them_one_by_one(demo: Kernel, code: str, listed: bool) -> None:
    """A province has hundreds of thousands: the first hundred by name help nobody, and all are read to find them."""
    at = unit(code) if code else unit("contoh-asri").parent
    page = satria(demo).get(f"/satuan/{at.id}").text
    assert (f'href="/kasus/{case_of("Sari Contoh", "Januari")}"' in page) is listed
    assert (OTHERS in page) is not listed
    below = [f'href="/satuan/{one.id}"' in page for one in Unit.select().where(Unit.parent == at)]
    assert below == [True] * len(below)


def test_a_province_lists_the_cases_it_has_itself(demo: Kernel) -> None:
    case, at = case_of("Sari Contoh", "Januari"), unit("contoh-asri").parent
    Case.update(unit=at, a2=None).where(Case.id == case).execute()
    page = satria(demo).get(f"/satuan/{at.id}").text
    assert (f'href="/kasus/{case}"' in page, f"1 kinerja di sini. {OTHERS}" in page) == (True, True)


def test_a_province_with_nothing_below_it_leads_nowhere_and_says_so(demo: Kernel) -> None:
    at = people.add_unit("kosong", "Provinsi Kosong", "provinsi", unit("nasional"))
    page = satria(demo).get(f"/satuan/{at.id}").text
    assert (OTHERS in page, "Belum ada kinerja di sini." in page) == (False, True)


def test_a_list_shows_the_agreed_plan_until_the_day_of_the_next_stage_comes(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    case = case_of("Sari Contoh", "Januari")
    held = Assignment.get((Assignment.person == person("Budi Contoh")) & (Assignment.role == "kepala-sekolah"))

    def listed() -> tuple[str, str]:
        today = demo.clock.today("Asia/Jakarta")
        (found,) = [one for one in read.standings(viewer(demo, "Budi Contoh", held.id), today) if one.case == case]
        return found.stage, found.label

    agreed(case, sari, budi)
    assert listed() == ("Perencanaan Kinerja", "Disepakati")
    set_date(demo, date(2024, 2, 1))
    assert listed()[0] == "Pelaksanaan Kinerja"


@pytest.mark.parametrize(("n", "told"), [(4, False), (1, True)])
def test_a_review_says_what_should_be_talked_about_and_nothing_where_all_is_well(
    demo: Kernel, n: int, told: bool
) -> None:
    sari, case = Player(demo, "Sari Contoh"), case_of("Sari Contoh", "Januari")
    sari.fill(case, "perencanaan")
    sari.draft(case, "perencanaan", "kompetensi-katalog", rhk={"pelatihan-mandiri": n})
    sari.do(case, "perencanaan", "ajukan")
    budi = enter(demo, "Budi Contoh")
    post = Player(demo, "Budi Contoh").through("kepala-sekolah").assignment
    assert budi.post("/kapasitas", penugasan=str(post)).status_code == 303
    page = budi.get(f"/kasus/{case}/perencanaan").text
    assert ("<h2>Perlu dibicarakan</h2>" in page, "8 dari minimal 32 poin" in page) == (told, told)
