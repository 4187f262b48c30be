"""Typing: nothing is lost, what is wrong is named beside its field, two tabs are shown both."""

from __future__ import annotations

import re

from werkzeug.datastructures import MultiDict

from kinerja import Field, cases
from kinerja_web import forms
from tests.web.visitor import fill, hand_in, statements


def test_a_missing_choice_is_named_in_the_summary_and_at_the_field_and_what_was_typed_stays(ani, url):
    sent = ani.post(f"{url}/cerita", action="lanjut", seen="0", txt__isi="", txt__catatan="Ini tetap ada")
    assert sent.status_code == 422
    assert 'id="galat"' in sent.text and 'href="#f-isi"' in sent.text and 'id="f-isi"' in sent.text
    assert sent.text.count("Isi dahulu bagian ini.") == 2
    assert "Ini tetap ada" in sent.text
    assert "Ini tetap ada" in ani.get(f"{url}/cerita").text, "it is kept as a draft too"


def test_handing_in_with_a_part_missing_names_it_and_keeps_the_rest(world, ani, url):
    fill(ani, url)
    seen = ani.hidden(f"{url}/pilih", "seen")
    ani.post(f"{url}/pilih", action="simpan", seen=seen, ada="one:buku")
    sent = ani.post(f"{url}/ajukan", langkah="ajukan", kunci="k")
    assert sent.status_code == 422 and f"{url}/pilih#f-buku" in sent.text and "Cerita Ani" in sent.text


def test_a_draft_changed_elsewhere_shows_both_texts_and_either_can_be_taken(world, ani, url):
    fill(ani, url, story="Dari ponsel")
    seen = ani.hidden(f"{url}/cerita", "seen")
    ani.post(f"{url}/cerita", action="simpan", seen=seen, txt__isi="Dari laptop")
    clash = ani.post(f"{url}/cerita", action="simpan", seen=seen, txt__isi="Dari ponsel lagi")
    assert clash.status_code == 409
    assert "Dari laptop" in clash.text and "Dari ponsel lagi" in clash.text
    assert "Isian di perangkat lain" in clash.text and "Isian Anda ini" in clash.text
    assert cases.load(world, world.case).part("tulis", "cerita").draft["isi"] == "Dari laptop"
    now = re.search(r'name="seen" value="(\d+)"', clash.text)[1]
    assert ani.post(f"{url}/cerita", action="simpan", seen=now, txt__isi="Dari ponsel lagi").status_code == 303
    assert cases.load(world, world.case).part("tulis", "cerita").draft["isi"] == "Dari ponsel lagi"


def test_a_step_handed_in_after_a_save_whose_answer_was_lost_is_taken_and_another_text_is_shown(world, ani, budi, url):
    hand_in(ani, url)
    budi.post(url, langkah="setujui", kunci="k")
    page = f"/kasus/{world.case}/lihat/nilai"
    budi.post(f"{page}/draft", seen="0", one__nilai="baik")
    clash = budi.post(page, action="serahkan", seen="0", kunci="n", one__nilai="cukup")
    assert clash.status_code == 409 and "Isian di perangkat lain" in clash.text
    assert budi.post(page, action="serahkan", seen="0", kunci="n2", one__nilai="baik").status_code == 303
    assert cases.load(world, world.case).facts["nilai"].value == "baik"


def test_the_same_text_from_two_tabs_is_no_clash(world, ani, url):
    fill(ani, url)
    seen = ani.hidden(f"{url}/cerita", "seen")
    for _ in range(2):
        assert ani.post(f"{url}/cerita", action="simpan", seen=seen, txt__isi="Sama").status_code == 303


def test_autosave_answers_in_few_bytes_with_one_statement_beside_the_gates(ani, url):
    fill(ani, url)
    seen = ani.hidden(f"{url}/cerita", "seen")
    with statements() as sent:
        answer = ani.client.post(
            f"{url}/cerita/draft",
            data={"seen": seen, "txt:isi": "Sedang diketik"},
            headers={"Origin": "http://localhost", "HX-Request": "true", "HX-Target": "tersimpan"},
        )
    assert answer.status_code == 200 and "Tersimpan" in answer.text and len(answer.data) <= 300
    assert len(sent) == 2, sent
    assert f'value="{int(seen) + 1}"' in answer.text
    assert "Sedang diketik" in ani.get(f"{url}/cerita").text


def test_autosave_of_an_outdated_page_overwrites_nothing_and_says_so(ani, url):
    fill(ani, url, story="Yang baru")
    answer = ani.post(f"{url}/cerita/draft", seen="0", txt__isi="Yang lama")
    assert "Belum tersimpan" in answer.text and len(answer.data) <= 300
    assert "Yang baru" in ani.get(f"{url}/cerita").text


def test_autosave_after_the_session_ended_says_so_in_place(app, ani, url):
    ani.client.delete_cookie("kinerja")
    answer = ani.post(
        f"{url}/cerita/draft",
        headers={"Origin": "http://localhost", "HX-Request": "true", "HX-Target": "tersimpan"},
        txt__isi="x",
    )
    assert answer.status_code == 200 and "Sesi Anda berakhir" in answer.text


def test_a_handed_in_form_leads_back_to_reading(ani, url):
    hand_in(ani, url)
    assert ani.get(f"{url}/pilih").status_code == 303


def test_typed_text_is_escaped(ani, url):
    fill(ani, url, story="<script>alert(1)</script>")
    for page in (url, f"{url}/cerita", f"{url}/ajukan"):
        assert "<script>alert" not in ani.get(page).text


def test_names_carry_the_kind_so_that_a_draft_is_read_without_its_form():
    sent = MultiDict(
        [
            ("ada", "one:a"), ("ada", "many:b"), ("ada", "chk:c"), ("ada", "qty:d"), ("many:e", "x"), ("many:e", "y"),
            ("qty:d:p:1", "2"), ("qty:d:q", ""), ("qty:d:r", "dua"), ("lvl:f:baris:1", "z"), ("num:g", "07"),
            ("num:h", "tujuh"), ("day:i", "2030-01-31"), ("chk:j", "1"), ("txt:k%3Al", "baris\r\ndua"), ("seen", "3"),
        ]
    )  # fmt: skip
    assert forms.answers(sent) == {
        "a": "", "b": [], "c": False, "d": {"p:1": 2, "r": "dua"}, "e": ["x", "y"], "f": {"baris:1": "z"}, "g": 7,
        "h": "tujuh", "i": "2030-01-31", "j": True, "k:l": "baris\ndua",
    }  # fmt: skip
    assert forms.name(Field("k:l", "", "text")) == "txt:k%3Al"


def test_a_carried_file_cannot_be_forged():
    sealed = forms.seal({"sha256": "0" * 64}, "rahasia")
    assert forms.unsealed(MultiDict([("kept:f", sealed)]), "rahasia") == {"f": {"sha256": "0" * 64}}
    assert forms.unsealed(MultiDict([("kept:f", sealed.replace("000", "111", 1))]), "rahasia") == {}
