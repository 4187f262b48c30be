"""The first page: why somebody takes no part, who is reminded, what the house owes, and one queue for several years."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from kinerja import workflow
from kinerja.models import Case, Period
from kinerja.testing import Player, case_of, set_date, unit
from tests.web import town
from tests.web.visitor import Visitor, statements


@pytest.fixture
def world(kernel, monkeypatch):
    return town.build(kernel, monkeypatch)


def test_who_takes_no_part_reads_why_where_to_go_and_who_can_change_it(app):
    page = Visitor(app, "Tamu Contoh").get("/").text
    assert "Tamu tidak ikut." in page and "Aturan ini belum dipastikan" in page
    assert re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page) == [
        ("Mengisi di", "Buku tamu"), ("Yang dapat mengubahnya", "Penjaga data"), ("Dasar", "Aturan uji"),
    ]  # fmt: skip
    assert "Tahun 2030" in page and "Belum ada periode yang berjalan" not in page


def test_who_has_a_case_or_no_role_in_the_scheme_reads_no_reason(app, ani):
    for page in (ani.get("/").text, Visitor(app, "Jaga Contoh").get("/").text):
        assert "tidak menyusun kinerja" not in page


def test_who_must_is_reminded_calmly_before_the_day_and_told_plainly_after_it(world, app, ani):
    assert "Belum dimulai. Batas 10 Februari, 26 hari lagi." in ani.get("/").text
    set_date(world, date(2030, 2, 11))
    page = ani.get("/").text
    assert "Batas 10 Februari sudah lewat, jadi tidak dapat diajukan lagi." in page, "the end is a hard one"
    assert "Anda tetap dapat mengajukan" not in page


def test_after_a_recommended_end_one_may_still_hand_in(world, monkeypatch, ani):
    scheme = world.snapshot(Period.get().snapshot).scheme
    rule = next(one for one in scheme.stages if one.id == "tulis")
    object.__setattr__(rule, "windows", tuple(replace(one, hard=False) for one in rule.windows))
    set_date(world, date(2030, 2, 11))
    workflow.reproject(world, world.case, world.clock.now())
    assert "Batas yang dianjurkan sudah lewat (10 Februari). Anda tetap dapat mengajukan." in ani.get("/").text


def test_who_has_begun_is_not_reminded(world, ani):
    Player(world, "Ani Contoh").draft(world.case, "tulis", "pilih", buku="laut")
    assert "Belum dimulai." not in ani.get("/").text


def test_who_may_take_part_reads_so_and_is_never_late(world, app, budi):
    gita = Visitor(app, "Gita Contoh")
    page = gita.get("/").text
    assert "Boleh, tidak wajib" in page and "Belum dimulai." not in page
    set_date(world, date(2030, 2, 20))
    page = gita.get("/").text
    assert "lewat" not in page
    assert "Gita Contoh" not in _idle(budi.get("/").text)


def _idle(page: str) -> str:
    found = re.search(r"<h2>Belum mulai, wajib</h2>(.*?)</section>", page, re.S)
    return unescape(found[1]) if found else ""


def test_a_head_sees_who_must_and_has_not_begun_with_a_text_to_pass_on(world, budi):
    told = _idle(budi.get("/").text)
    assert "2 orang: Susun" in told and "Tahun 2030 · batas 10 Februari, 26 hari lagi" in told
    text = re.search(r"<textarea[^>]* readonly[^>]*>\n(.*?)</textarea>", told, re.S)[1]
    assert text == (
        "Susun, Tahun 2030. Batas 10 Februari.\nBelum mulai:\n1. Ani Contoh\n2. Eka Contoh\nBuka http://localhost/"
    )
    town.hand_in(world, "Ani Contoh", "Eka Contoh")
    assert _idle(budi.get("/").text) == ""


def test_somebody_else_s_people_are_not_in_the_list(app):
    told = _idle(Visitor(app, "Cici Contoh", "pembina").get("/").text)
    assert "1 orang: Susun" in told and "Dedi Contoh" in told and "Ani Contoh" not in told


def agreed(world) -> None:
    town.hand_in(world, "Ani Contoh")
    Player(world, "Budi Contoh").through("pembina").do(world.case, "tulis", "setujui")


def test_what_the_house_owes_is_said_with_a_link_to_pass_on(world, ani, budi):
    assert town.WAITS not in ani.get("/").text, "it is not waited for yet"
    agreed(world)
    page = ani.get("/").text
    assert f"<b>{town.WAITS}</b>" in page and "Salin tautan untuk dikirim ke Pak Budi" in page
    link = re.search(r'<input id="tautan-1" value="([^"]*)" readonly>', page)[1]
    assert link == f"http://localhost/kasus/{world.house}/regu"
    assert ani.get(link).status_code == 404, "it is for whom it is passed on to"
    assert budi.get(link).status_code == 200
    Player(world, "Budi Contoh").through("pembina").hand_in(world.house, "regu", "susun-regu", "tetapkan", regu=["-"])
    from tests.busy import work

    work(world, date(2030, 1, 15))
    assert town.WAITS not in ani.get("/").text


def test_the_link_asks_who_is_not_signed_in_to_sign_in_first(world, app):
    sent = Visitor(app).get(f"/kasus/{world.house}/regu")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/masuk?lanjut=/kasus/{world.house}/regu")


def test_who_can_mend_what_is_stuck_and_who_reads_below_see_it_with_names(world, app, budi):
    agreed(world)
    page = budi.get("/").text
    assert (
        "Tertahan, menunggu Anda" in page
        and f"{town.WAITS} <span" in page
        and "Rumah A · 1 kinerja, sejak hari ini" in page
    )
    ketua = Visitor(app, "Ketua Contoh", "ketua")
    page = ketua.get(f"/satuan/{unit('negeri').id}").text
    assert "Tertahan (1)" in page and town.WAITS in page and "menunggu Pak Budi" in page and "Ani Contoh" in page
    assert "Tertahan" not in ketua.get(f"/satuan/{unit('rumah-b').id}").text
    assert budi.get(f"/satuan/{unit('rumah-a').id}").status_code == 404


def test_a_queue_of_two_periods_names_the_period_in_each_row(world, budi):
    town.hand_in(world, "Ani Contoh", "Eka Contoh")
    assert "Tahun 2030" not in budi.get("/").text.partition("<table")[2]
    old = Period.get()
    other = Period.create(
        scheme=old.scheme, key="t", year=2031, unit=old.unit, label="Tahun 2031", starts=old.starts, ends=old.ends,
        closes=old.closes, state="open", snapshot=old.snapshot,
    )  # fmt: skip
    Case.update(period=other).where(Case.id == case_of("Eka Contoh")).execute()
    rows = budi.get("/").text.partition("<table")[2]
    assert "<b>Tahun 2030</b> ·" in rows and "<b>Tahun 2031</b> ·" in rows


def test_the_two_sides_of_one_person_are_told_apart_and_switched_by_a_button(budi):
    page = budi.get("/").text
    assert "Anda bekerja <b>sebagai Pembina</b>" in page and "Buka kinerja Anda sendiri" in page
    assert budi.post("/kapasitas", penugasan="").status_code == 303
    assert "Tahapan kinerja Anda" in budi.get("/").text


def test_who_keeps_people_finds_requests_and_people_and_nobody_else_does(app, budi):
    page = Visitor(app, "Jaga Contoh", "penjaga").get("/").text
    assert 'href="/permintaan"' in page and f'href="/satuan/{unit("rumah-a").id}/orang"' in page
    assert "/permintaan" not in budi.get("/").text


def test_no_first_page_asks_more_than_six_times(world, app, ani, budi):
    agreed(world)
    town.hand_in(world, "Eka Contoh")
    jaga, tamu = Visitor(app, "Jaga Contoh", "penjaga"), Visitor(app, "Tamu Contoh")
    ketua, below = Visitor(app, "Ketua Contoh", "ketua"), f"/satuan/{unit('negeri').id}"
    for who, page in ((ani, "/"), (budi, "/"), (jaga, "/"), (tamu, "/"), (ketua, "/"), (ketua, below)):
        who.get(page)
        with statements() as sent:
            assert who.get(page).status_code == 200
        assert len(sent) <= 6, (page, sent)
