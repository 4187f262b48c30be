"""Evidence: the places for it, who fills them, and that what was given is only ever a download."""

from __future__ import annotations

import io

import pytest

from kinerja import EvidenceHandler, Field, Form, Problem, hookimpl
from kinerja.testing import manifest
from kinerja_web import create_app
from tests.web.visitor import SAME, Visitor, hand_in


class Handler:
    """Takes a file of at most five bytes."""

    @hookimpl
    def register_evidence_handlers(self):
        def check(slot, answers, content):
            if not content:
                return (Problem("isi", "Pilih berkas."),)
            return (Problem("isi", "Terlalu besar."),) if len(content) > 5 else ()

        form = Form("Bukti", (Field("isi", "Berkas", "file", required=True),))
        return [EvidenceHandler("sederhana", "Berkas", lambda slot: form, check, lambda value: value["isi"]["name"])]


@pytest.fixture
def app(world):
    world.host.add(Handler(), manifest("bukti-uji"))
    made = create_app(world)
    made.testing = True
    return made


@pytest.fixture
def agreed(world, ani, budi, url):
    hand_in(ani, url)
    assert budi.post(url, langkah="setujui", kunci="k").status_code == 303
    return f"/kasus/{world.case}"


def upload(who, case, content, name="surat.html"):
    place = who.hidden(f"{case}/bukti/0", "tempat")
    data = {"tempat": place, "file:isi": (io.BytesIO(content), name)}
    return who.client.post(f"{case}/bukti/0", data=data, headers=SAME)


def test_a_file_is_given_shown_and_taken_home_as_a_download_that_runs_nothing(ani, budi, agreed):
    assert "Giliran Anda" in ani.get(f"{agreed}/bukti").text
    assert "Menunggu Bu Ani" in budi.get(f"{agreed}/bukti").text
    assert upload(ani, agreed, b"<b>1").status_code == 303
    assert "surat.html" in budi.get(f"{agreed}/bukti").text
    sent = budi.get(f"{agreed}/berkas/1")
    assert sent.data == b"<b>1" and sent.mimetype == "application/octet-stream"
    assert sent.headers["Content-Disposition"] == "attachment; filename*=UTF-8''surat.html"
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert sent.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_not_accepted_is_named_at_its_field(ani, agreed):
    sent = upload(ani, agreed, b"terlalu")
    assert sent.status_code == 422 and sent.text.count("Terlalu besar.") == 2
    assert ani.get(f"{agreed}/berkas/1").status_code == 404


def test_only_the_provider_gives_and_only_those_of_the_case_see(app, ani, budi, agreed):
    upload(ani, agreed, b"12345")
    assert '<form method="post" action="/kasus' not in budi.get(f"{agreed}/bukti/0").text
    sent = budi.client.post(f"{agreed}/bukti/0", data={"tempat": "pilih:laut#1"}, headers=SAME)
    assert sent.status_code in (409, 422)
    dedi = Visitor(app, "Dedi Contoh")
    assert dedi.get(f"{agreed}/berkas/1").status_code == 404
    from kinerja.testing import case_of

    assert dedi.get(f"/kasus/{case_of('Dedi Contoh')}/berkas/1").status_code == 404, "not through another case"


def test_an_emptied_place_or_wrong_number_is_said_in_words(ani, agreed):
    assert ani.get(f"{agreed}/bukti/9").status_code == 409
    assert ani.client.post(f"{agreed}/bukti/0", data={"tempat": "lain#1"}, headers=SAME).status_code == 409
