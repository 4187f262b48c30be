"""The public page for those who cannot sign in, and what an import of a report without people shows."""

from __future__ import annotations

import io

import pytest

from kinerja import Fact, FactSpec, hookimpl
from kinerja.contracts import Connector, Import, ImportRows
from kinerja.models import Assignment, UnitFact
from kinerja.testing import manifest, person
from kinerja_web import create_app
from kinerja_work import worker
from tests.web import keepers
from tests.web.visitor import SAME, Visitor, statements, unit


@pytest.fixture
def world(kernel, monkeypatch):
    return keepers.build(kernel, monkeypatch)


@pytest.fixture
def guest(app) -> Visitor:
    return Visitor(app)


def test_the_sign_in_page_leads_to_the_help_page_which_names_every_cause(guest):
    assert 'href="/bantuan"' in guest.get("/masuk").text
    page = guest.get("/bantuan")
    assert page.status_code == 200
    for text in ("Akun dimatikan", "Yang membereskan: Admin akun", "Minta dinyalakan."):
        assert text in page.text
    assert "Hubungi" not in page.text


def test_a_known_number_names_the_school_and_its_keeper_and_nobody_else(guest):
    page = guest.get("/bantuan?npsn=10000001").text
    assert "Rumah A" in page and "Hubungi <b>Bu Rina</b>, Penjaga data di Rumah A." in page
    for name in ("Ani", "Budi", "Eko", "Rina Contoh", "Rumah B"):
        assert name not in page


def test_a_number_with_spaces_is_read(guest):
    assert "Rumah A" in guest.get("/bantuan?npsn=+1000+0001+").text


def test_a_school_without_its_own_keeper_names_the_one_above(world, guest):
    Assignment.delete().where(Assignment.person == person("Rina Contoh")).execute()
    page = guest.get("/bantuan?npsn=10000001").text
    assert "Pengurus di Negeri" in page


def test_a_school_without_any_keeper_says_so(world, guest):
    Assignment.delete().where(Assignment.role.in_(["penjaga", "pengurus"])).execute()
    assert "Belum ada operator yang tercatat" in guest.get("/bantuan?npsn=10000001").text


@pytest.mark.parametrize("typed", ["abc", "1000000", "100000011", "1000000a", "x" * 10_000, "１０００００００", "%00"])
def test_what_is_no_number_is_answered_in_words(guest, typed):
    page = guest.get(f"/bantuan?npsn={typed}")
    assert page.status_code == 422 and "NPSN terdiri dari 8 angka" in page.text
    assert len(page.text) < 8000


def test_an_unknown_number_is_said_to_be_unknown(guest):
    page = guest.get("/bantuan?npsn=99999999")
    assert page.status_code == 422 and "belum terdaftar di sini" in page.text


def test_an_empty_number_shows_the_form_again(guest):
    assert guest.get("/bantuan?npsn=").status_code == 200


def test_a_known_and_an_unknown_number_cost_the_same(guest):
    counts = set()
    for npsn in ("10000001", "10000002", "99999999", "abc"):
        guest.get(f"/bantuan?npsn={npsn}")
        with statements() as sent:
            guest.get(f"/bantuan?npsn={npsn}")
        counts.add(len(sent))
    assert len(counts) == 1 and max(counts) <= 6, counts


def test_help_is_open_to_those_who_are_signed_in_too(app):
    assert "Rumah A" in Visitor(app, "Ani Contoh").get("/bantuan?npsn=10000001").text


class Report:
    """A reader that finds a fact of the unit and nobody."""

    @hookimpl
    def register_connectors(self):
        def read(files, at, references):
            return ImportRows(None, facts=(Fact("rapor-uji.a", 7, "Kualitas A: 7"),))

        reader = Import("rapor", "Rapor", (("isi", "Berkas"),), read)
        return [Connector("rapor-uji", "Rapor uji", imports=(reader,), gives=(FactSpec("rapor-uji.a", "Kualitas A"),))]


def test_a_report_without_people_shows_what_will_be_kept_and_then_what_was(world):
    world.host.add(Report(), manifest("lapor"))
    rina = Visitor(create_app(world), "Rina Contoh", "penjaga")
    page = f"/satuan/{unit('rumah-a')}/impor"
    data = {"penghubung": "rapor-uji", "pembaca": "rapor", "file:isi": (io.BytesIO(b"x"), "a.csv")}
    job = rina.client.post(page, data=data, headers=SAME).headers["Location"]
    worker.run_once(world)
    text = rina.get(job).text
    assert "Yang akan dicatat untuk sekolah ini" in text and "Kualitas A: 7" in text
    assert "Orang baru" not in text and UnitFact.select().count() == 0
    assert rina.post(job).status_code == 303
    worker.run_once(world)
    text = rina.get(job).text
    assert "Tercatat untuk sekolah ini" in text and "Kualitas A: 7" in text and "0 orang" not in text
    assert UnitFact.get().label == "Kualitas A: 7"
