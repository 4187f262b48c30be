"""What a person may still ask for on the page of their case, and what the bar over the parts says of each part."""

from __future__ import annotations

import re

import pytest

from kinerja.models import Request
from tests.web import keepers
from tests.web.visitor import Visitor, fill, hand_in, statements


@pytest.fixture
def world(kernel, monkeypatch):
    return keepers.build(kernel, monkeypatch)


@pytest.fixture
def case(world) -> str:
    return f"/kasus/{world.case}"


def wish(who: Visitor, case: str, wanted: str, what: str = "nama"):
    return who.post(f"{case}/perbaikan", minta=what, untuk=what, benar=wanted)


def bar(page: str) -> list[tuple[str, str]]:
    """The parts of the bar: class and what is said of each."""
    steps = re.findall(r'<ol class="steps">(.*?)</ol>', page, re.S)[0]
    return re.findall(
        r'<li><a href="[^"]*"(?: class="(\w+)")?(?: aria-current="step")?><span class="lbl">(.*?)</span></a>', steps
    )


def test_a_part_is_ticked_when_it_could_be_handed_in_not_when_it_was_opened(ani, url):
    ani.post(f"{url}/mulai")
    fill(ani, url, story="")
    assert bar(ani.get(f"{url}/pilih").text) == [
        ("", "Pilih buku"), ("", 'Cerita<span class="hush"> (belum diisi)</span>'),
    ]  # fmt: skip
    fill(ani, url)
    assert bar(ani.get(f"{url}/pilih").text)[1] == ("done", 'Cerita<span class="hush"> (lengkap)</span>')
    with statements() as sent:
        ani.get(f"{url}/pilih")
    assert len(sent) <= 6, sent


def test_the_button_that_goes_on_names_the_next_part(ani, url):
    ani.post(f"{url}/mulai")
    assert '<button name="action" value="lanjut">Ke Cerita</button>' in ani.get(f"{url}/pilih").text
    assert '<button name="action" value="lanjut">Lanjut Ajukan</button>' in ani.get(f"{url}/cerita").text


def test_what_is_missing_before_the_hand_in_is_one_line_a_part(world, ani, url):
    from kinerja import Field, Form

    asked = tuple(Field(key, key, "text", required=True) for key in ("satu", "dua", "tiga"))
    steps = world.host.registry.steps
    from dataclasses import replace

    steps["cerita"] = replace(steps["cerita"], form=lambda context: Form("Cerita", asked))
    ani.post(f"{url}/mulai")
    page = ani.get(f"{url}/ajukan").text
    assert page.count("Cerita: 3 isian belum lengkap.") == 1 and f'href="{url}/cerita#f-satu"' in page


def test_a_value_may_be_asked_for_after_the_plan_was_handed_in(ani, url, case):
    hand_in(ani, url)
    assert "Permintaan perbaikan data" in ani.get(case).text
    assert wish(ani, case, "Ani Betul").status_code == 303
    one = Request.get()
    assert (one.kind, one.field, one.wanted, one.state) == ("value", "nama", "Ani Betul", "open")
    page = ani.get(case).text
    assert "Anda meminta: Ani Betul" in page and 'href="/permintaan"' in page


def test_what_is_empty_or_the_same_is_said_beside_its_input_and_nothing_is_asked(ani, url, case):
    hand_in(ani, url)
    for wanted in ("", "Ani Contoh"):
        answer = wish(ani, case, wanted)
        assert answer.status_code == 422 and 'id="minta-1-e"' in answer.text and 'aria-invalid="true"' in answer.text
    assert Request.select().count() == 0


def test_nobody_else_asks_and_nothing_is_asked_that_no_form_names(app, ani, budi, url, case):
    hand_in(ani, url)
    assert "Permintaan perbaikan data" not in budi.get(case).text
    assert wish(budi, case, "X").status_code == 404
    assert wish(Visitor(app, "Dedi Contoh"), case, "X").status_code == 404
    assert [wish(ani, case, "X", what).status_code for what in ("-", "lain")] == [404, 404]
    assert Request.select().count() == 0


def test_notes_on_the_whole_plan_stand_on_the_case_page_for_those_related_alone(app, ani, budi, url, case):
    hand_in(ani, url)
    said = budi.post(f"{url}/tanggapan", butir="pilih:laut", catatan="Tentang satu butir", kunci="a")
    assert said.status_code == 303
    assert budi.post(url, langkah="kembalikan", catatan="Tentang semuanya", kunci="b").status_code == 303
    for who in (ani, budi):
        page = who.get(case).text
        assert "Tentang semuanya" in page and "Tentang satu butir" not in page
    assert "Tentang semuanya" not in Visitor(app, "Ketua Contoh", "ketua").get(case).text
