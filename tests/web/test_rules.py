"""Regulations and guides: open to everybody, to be read and kept, also when the scheme is gone."""

from __future__ import annotations

import pytest

from tests.web import town
from tests.web.visitor import Visitor, statements


@pytest.fixture
def world(kernel, monkeypatch):
    return town.build(kernel, monkeypatch)


def test_everybody_reads_which_schemes_there_are_and_what_each_says(app):
    stranger = Visitor(app)
    assert '<a href="/aturan/kecil">Skema kecil</a>' in stranger.get("/aturan").text
    page = stranger.get("/aturan/kecil").text
    assert "Peraturan &lt;uji&gt;" in page and "Baris satu\nBaris dua" in page and "Belum dipastikan" in page
    assert 'href="https://contoh.test/aturan" rel="noreferrer"' in page
    assert 'href="javascript:' not in page, "only addresses of the web are links"


def test_a_document_is_kept_as_a_text_file(app):
    sent = Visitor(app).get("/aturan/kecil/1.txt")
    assert sent.status_code == 200 and sent.mimetype == "text/plain"
    assert sent.headers["Content-Disposition"] == "attachment; filename=kecil-1.txt"
    assert sent.text == (
        "Peraturan <uji>\nRingkasan\nSkema kecil\nhttps://contoh.test/aturan\nBelum dipastikan.\n\nBaris satu\nBaris dua\n"
    )


@pytest.mark.parametrize("page", ["/aturan/lain", "/aturan/kecil/0.txt", "/aturan/kecil/2.txt", "/aturan/kecil/99.txt"])
def test_what_is_not_there_is_not_found(app, page):
    assert Visitor(app).get(page).status_code == 404


def test_a_case_leads_to_the_rules_it_was_opened_with_also_when_the_scheme_is_gone(world, app, ani):
    assert f'href="/kasus/{world.case}/aturan">Panduan dan peraturan' in ani.get(f"/kasus/{world.case}/tulis").text
    assert 'href="/aturan">Panduan dan peraturan' in ani.get("/").text
    world.host.registry.drop("kecil")
    assert ani.get("/aturan/kecil").status_code == 404
    page = ani.get(f"/kasus/{world.case}/aturan")
    assert page.status_code == 200 and "Baris dua" in page.text
    assert ani.get(f"/kasus/{world.case}/aturan/1.txt").text.endswith("Baris dua\n")
    other = Visitor(app, "Dedi Contoh")
    assert other.get(f"/kasus/{world.case}/aturan").status_code == 404
    assert other.get(f"/kasus/{world.case}/aturan/1.txt").status_code == 404


def test_reading_the_rules_asks_little_of_the_database(app):
    stranger = Visitor(app)
    stranger.get("/aturan/kecil")
    with statements() as sent:
        stranger.get("/aturan/kecil")
    assert len(sent) <= 2, sent
