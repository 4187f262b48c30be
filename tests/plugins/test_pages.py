"""Bundled plugins seen through pages: rubrics by school, one district's choices, a case without any plugin."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from kinerja.host import Host
from kinerja.kernel import Kernel
from kinerja.testing import Player, case_of, set_date, unit
from kinerja_office import choosing
from kinerja_web import create_app
from tests.plugins.test_journey import agreed, rated
from tests.web.visitor import Visitor

ACCOUNT = "masuk-demo"


def enter(kernel: Kernel, name: str) -> Visitor:
    """Sign in through the page as one of the example people."""
    from kinerja import people
    from kinerja.testing import person

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
