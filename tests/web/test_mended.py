"""What a review found and what was mended: typed text that was lost, answers of any shape, rights before files."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from kinerja import EvidenceHandler, Field, Form, Option, StepProjection, cases, drafts, hookimpl
from kinerja.clock import real_now
from kinerja.contracts import Stale
from kinerja.models import Applied, Case, Evidence, Note, Relation, Session
from kinerja.testing import case_of, manifest, person, set_date
from kinerja_web import create_app, forms
from tests.small import ONE
from tests.web.visitor import SAME, Visitor, fill, hand_in

LONG = "Sudah sejam saya menulis ini.\nBaris <kedua>."
QUESTIONS = {
    "satu": Field("satu", "Satu", "one", options=(Option("a", "Pilihan A"),)),
    "pilih": Field("pilih", "Pilih", "one", options=tuple(Option(str(n), f"Nomor {n}") for n in range(30))),
    "banyak": Field("banyak", "Banyak", "many", options=(Option("a", "Pilihan A"),), none="Tidak ada"),
    "jumlah": Field("jumlah", "Jumlah", "quantities", options=(Option("a", "Pilihan A", weight=2),)),
    "kisi": Field("kisi", "Kisi", "levels", options=(Option("a", "Pilihan A"),), rows=(Option("r", "Baris R"),)),
    "pendek": Field("pendek", "Pendek", "text"),
    "panjang": Field("panjang", "Panjang", "longtext"),
    "hari": Field("hari", "Hari", "date"),
    "angka": Field("angka", "Angka", "number"),
    "ya": Field("ya", "Ya", "check"),
    "berkas": Field("berkas", "Berkas", "file"),
    "susul": Field("susul", "Susul", "text", needs=("satu", ("a",))),
}
SHAPES = ("one:{}", "many:{}", "qty:{}:a", "lvl:{}:name", "num:{}", "chk:{}", "day:{}", "txt:{}")


@pytest.fixture
def app(world):
    made = create_app(world)
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


def copied(page: str) -> list[tuple[str, str]]:
    """The read-only boxes of a page: (label, text)."""
    boxes = re.findall(
        r'<label for="(salin-\d+)">([^<]*)</label><textarea id="\1"[^>]* readonly>\n([^<]*)</textarea>', page
    )
    return [(unescape(label), unescape(text)) for _, label, text in boxes]


def stored(world) -> list[str]:
    return [one.name for one in (world.config.data / "files").rglob("*") if one.is_file()]


def ask(world, step: str, *fields: Field) -> None:
    """Let a step ask other questions."""
    steps = world.host.registry.steps
    steps[step] = replace(
        steps[step], form=lambda context: Form("Lain", fields), project=lambda context, data: StepProjection()
    )


@pytest.fixture
def lone(world, ani, budi, url):
    """The step that Budi hands in by itself."""
    hand_in(ani, url)
    assert budi.post(url, langkah="setujui", kunci="k").status_code == 303
    return f"/kasus/{world.case}/lihat"


# --- typed text -------------------------------------------------------------------------------------------------------


def test_what_was_typed_when_the_case_closed_is_shown_to_be_copied_under_its_label(world, ani, url):
    fill(ani, url)
    seen = ani.hidden(f"{url}/cerita", "seen")
    Case.update(closed_at=real_now()).where(Case.id == world.case).execute()
    sent = ani.post(f"{url}/cerita", action="simpan", seen=seen, txt__isi=LONG, txt__catatan="")
    assert sent.status_code == 409 and "sudah ditutup" in sent.text
    assert copied(sent.text) == [("Isi", LONG)]


def test_what_was_typed_when_the_right_to_the_case_ended_is_shown_to_be_copied(world, ani, url):
    fill(ani, url)
    seen = ani.hidden(f"{url}/cerita", "seen")
    Case.update(person=person("Dedi Contoh")).where(Case.id == world.case).execute()
    Relation.delete().where((Relation.case == world.case) & (Relation.person == person("Ani Contoh"))).execute()
    sent = ani.post(f"{url}/cerita", action="simpan", seen=seen, txt__isi=LONG, ada="one:buku")
    assert sent.status_code == 404 and copied(sent.text) == [("Isi", LONG)]


@pytest.mark.parametrize("closed", [False, True])
def test_a_lone_hand_in_that_comes_too_late_keeps_its_answers(world, budi, lone, closed):
    ask(world, "nilai", Field("nilai", "Nilai", "longtext", required=True))
    seen = cases.load(world, world.case)
    object.__setattr__(seen.rule("lihat"), "windows", seen.rule("tulis").windows)
    flow = replace(ONE, transitions=tuple(replace(row, window=True) for row in ONE.transitions))
    stages = world.host.registry.stages
    stages["lihat"] = replace(stages["lihat"], flows={"satu": flow})
    set_date(world, date(2030, 1, 20))
    seen = budi.hidden(f"{lone}/nilai", "seen")
    set_date(world, date(2030, 3, 1))
    if closed:
        Case.update(closed_at=real_now()).where(Case.id == world.case).execute()
    sent = budi.post(f"{lone}/nilai", action="serahkan", seen=seen, kunci="z", txt__nilai=LONG)
    part = cases.load(world, world.case).part("lihat", "nilai")
    if closed:
        assert sent.status_code == 409 and copied(sent.text) == [("Nilai", LONG)]
    else:  # a hard end stops hand-ins alone: the form stays open for typing and says so
        assert sent.status_code == 422 and "tidak dapat diajukan lagi" in sent.text and LONG in unescape(sent.text)
        assert part.draft == {"nilai": LONG} and part.handed is None, "the sentence says that the draft is kept"


def test_a_session_that_ended_while_typing_gives_the_text_back_above_the_way_to_sign_in(app, ani, url):
    fill(ani, url)
    Session.delete().execute()
    came = {**SAME, "Referer": f"http://localhost{url}/cerita"}
    for page in (f"{url}/cerita", f"{url}/cerita/draft"):
        sent = ani.post(page, headers=came, action="simpan", seen="1", txt__isi=LONG, many__buku="laut")
        assert sent.status_code == 401 and "Sesi Anda berakhir" in sent.text
        assert copied(sent.text) == [("Isi", LONG), ("Buku", "laut")]
        assert sent.text.index("salin-1") < sent.text.index(f'href="/masuk?lanjut={url}/cerita"')
    assert copied(ani.post(url, langkah="kembalikan", catatan=LONG).text) == [("Catatan", LONG)]


def test_without_anything_typed_an_ended_session_leads_to_signing_in_and_back_to_the_page(ani, url):
    Session.delete().execute()
    came = {**SAME, "Referer": f"http://localhost{url}?x=1"}
    sent = ani.post(f"{url}/mulai", headers=came, bagian="pilih")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/masuk?lanjut={url}%3Fx%3D1")
    sent = ani.post(f"{url}/mulai", headers={**SAME, "Referer": "http://lain.test/"}, bagian="pilih")
    assert sent.headers["Location"] == f"/masuk?lanjut={url}/mulai"


def test_what_another_site_sends_is_not_shown(app, ani, url):
    for who in (ani, Visitor(app)):
        sent = who.post(f"{url}/cerita", headers={"Origin": "http://jahat.test"}, txt__isi=LONG)
        assert sent.status_code == 403 and "sejam" not in sent.text


def test_what_is_typed_to_sign_in_is_not_shown_when_that_fails(app, ani, monkeypatch):
    monkeypatch.setattr("kinerja_web.views.signin.logins", lambda kernel: 1 / 0)
    for who in (ani, Visitor(app)):
        sent = who.post("/masuk", cara="pintu", txt__sandi="rahasia")
        assert sent.status_code == 500 and "rahasia" not in sent.text


def test_a_page_that_breaks_gives_back_what_was_typed(ani, url, monkeypatch):
    monkeypatch.setattr(drafts, "save_draft", lambda *given: 1 / 0)
    sent = ani.post(f"{url}/cerita", action="simpan", seen="0", txt__isi=LONG)
    assert sent.status_code == 500 and copied(sent.text) == [("Isi", LONG)]


def test_a_lone_hand_in_that_is_too_long_to_be_kept_still_shows_its_text_and_says_so(world, budi, lone):
    ask(world, "nilai", Field("nilai", "Nilai", "longtext", required=True))
    sent = budi.post(f"{lone}/nilai", action="serahkan", seen="0", kunci="z", txt__nilai="x" * 200_001)
    assert sent.status_code == 422 and "x" * 200_001 in sent.text
    assert "terlalu panjang untuk disimpan" in sent.text


def test_a_lone_hand_in_that_is_refused_and_outdated_still_shows_its_text(world, budi, lone, monkeypatch):
    ask(world, "nilai", Field("nilai", "Nilai", "longtext", required=True, most=5))

    def stale(*given):
        raise Stale("Diubah.", {"nilai": "lain"}, {"nilai": LONG}, 9)

    monkeypatch.setattr(drafts, "save_draft", stale)
    sent = budi.post(f"{lone}/nilai", action="serahkan", seen="0", kunci="z", txt__nilai=LONG)
    assert sent.status_code == 422 and "Baris &lt;kedua&gt;" in sent.text and "Terlalu panjang" in sent.text


def test_the_longest_draft_arrives_even_where_every_letter_is_sent_as_twelve(world, ani, url):
    ask(world, "cerita", Field("isi", "Isi", "longtext"))
    text = "\U0001f600" * 190_000
    assert ani.post(f"{url}/cerita", action="simpan", seen="0", txt__isi=text).status_code == 303
    assert cases.load(world, world.case).part("tulis", "cerita").draft == {"isi": text}


def test_a_second_device_that_hands_in_again_is_told_how_it_stands(world, ani, url):
    fill(ani, url)
    lihat = ani.hidden(f"{url}/ajukan", "lihat")
    assert ani.post(f"{url}/ajukan", langkah="ajukan", kunci="satu", lihat=lihat).status_code == 303
    sent = ani.post(f"{url}/ajukan", langkah="ajukan", kunci="dua", lihat=lihat)
    assert sent.status_code == 422 and 'id="galat"' in sent.text and "«Perlu disetujui»" in sent.text
    assert ani.get(f"{url}/ajukan").status_code == 303, "to look at it is still only a way back"


def test_a_note_for_a_decision_that_somebody_else_took_is_shown_to_be_copied(app, ani, budi, url):
    hand_in(ani, url)
    assert budi.post(url, langkah="setujui", kunci="satu").status_code == 303
    sent = budi.post(url, langkah="kembalikan", kunci="dua", catatan=LONG)
    assert sent.status_code == 422 and copied(sent.text) == [("Catatan", LONG)]


def test_a_note_that_can_still_be_sent_stands_in_its_box_alone(ani, budi, url):
    hand_in(ani, url)
    lihat = budi.hidden(url, "lihat")
    ani.post(url, langkah="tarik", kunci="t")
    fill_again = ani.hidden(f"{url}/ajukan", "lihat")
    ani.post(f"{url}/ajukan", langkah="ajukan", kunci="lagi", lihat=fill_again)
    sent = budi.post(url, langkah="kembalikan", kunci="k", lihat=lihat, catatan="Tolong diubah")
    assert sent.status_code == 422 and sent.text.count("Tolong diubah") == 1 and copied(sent.text) == []


# --- what no page of ours sends ---------------------------------------------------------------------------------------


def test_nul_characters_are_dropped_from_all_that_is_sent(world, ani, budi, url):
    fill(ani, url, story="Ce\0rita")
    draft = cases.load(world, world.case).part("tulis", "cerita")
    ani.post(f"{url}/cerita", action="simpan", seen=draft.revision, **{"txt__is%00i": "a\0b", "ada": "one:x%00"})
    assert cases.load(world, world.case).part("tulis", "cerita").draft == {"x": "", "isi": "ab"}
    lihat = ani.hidden(f"{url}/ajukan", "lihat")
    sent = ani.post(f"{url}/ajukan", langkah="aju\0kan", kunci="s\0", lihat=f"{lihat}\0")
    assert sent.status_code == 303, sent.text
    assert budi.post(url, langkah="kembalikan", kunci="k\0", catatan="Per\0baiki").status_code == 303
    assert [one.text for one in Note.select()] == ["Perbaiki"]


@pytest.mark.parametrize(
    "page",
    [
        "/kasus/%00", "/kasus/a%00/b", "/p/%00/", "/satuan/99999999999999999999999", "/satuan/3000000000",
        "/satuan/" + "9" * 5000, "{}/berkas/99999999999999999999999", "{}/bukti/3000000000",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_not_found(app, world, ani, page):
    for who in (ani, Visitor(app)):
        assert who.get(page.format(f"/kasus/{world.case}")).status_code in ((404,) if who is ani else (303, 404))


def test_a_version_that_cannot_be_shows_both_texts_or_is_passed_over(world, ani, budi, url):
    fill(ani, url)
    for number in ("9" * 5000, str(10**30), "3000000000", "-1", "²", "٣", ""):
        sent = ani.post(f"{url}/cerita", action="simpan", seen=number, txt__isi=LONG)
        assert sent.status_code == 409 and "sejam" in sent.text and "Cerita Ani" in sent.text
        assert ani.post(f"{url}/cerita/draft", seen=number, txt__isi=LONG).status_code == 200
        assert ani.post(url, langkah="setujui", kunci="k", lihat=f"pilih:{number}").status_code == 422
        assert ani.post("/kapasitas", penugasan=number).status_code == (404 if number else 303)
    lihat = f"pilih:{'9' * 5000} cerita:{10**30}"
    assert ani.post(f"{url}/ajukan", langkah="ajukan", kunci="k", lihat=lihat).status_code == 303


def test_a_number_that_is_none_is_kept_as_it_was_typed(world, ani, url):
    ask(world, "cerita", QUESTIONS["jumlah"], QUESTIONS["angka"])
    for seen, number in enumerate(("--5", "-", "5-", "1234567890", "٣", "1e3", "9" * 5000)):
        now = seen and ani.hidden(f"{url}/cerita", "seen")
        sent = ani.post(f"{url}/cerita/draft", seen=str(now), qty__jumlah__a=number, num__angka=number)
        assert sent.status_code == 200 and "Tersimpan" in sent.text
        draft = cases.load(world, world.case).part("tulis", "cerita").draft
        assert draft == {"jumlah": {"a": number}, "angka": number}
        assert ani.get(f"{url}/cerita").text.count(f'value="{number}"') == 2
    assert forms.answers(MultiDict([("num:a", "-12"), ("num:b", " 7 ")])) == {"a": -12, "b": 7}


def test_answers_of_two_shapes_under_one_key_break_nothing():
    sent = MultiDict([("ada", "txt:isi"), ("qty:isi:a", "2"), ("ada", "qty:b"), ("many:b", "x"), ("txt:b", "y")])
    assert forms.answers(sent) == {"isi": {"a": 2}, "b": "y"}


def test_a_seal_of_other_letters_does_not_fit():
    for text in ("é" * 70, "", "0" * 64 + "{}"):
        assert forms.unsealed(MultiDict([("kept:x", text)]), "rahasia") == {}


def test_nobody_names_a_file_by_typing():
    sent = MultiDict([("lvl:berkas:sha256", "0" * 64), ("lvl:berkas:name", "a.pdf"), ("qty:berkas:sha256", "x")])
    assert forms.answers(sent) == {"berkas": {"name": "a.pdf"}}


def test_a_form_without_a_key_meets_nobody_elses(app, world, ani):
    for name in ("Ani Contoh", "Dedi Contoh"):
        who, page = Visitor(app, name), f"/kasus/{case_of(name)}/tulis"
        for _ in range(2):
            fill(who, page)
            assert who.post(f"{page}/ajukan", langkah="ajukan").status_code == 303
            assert who.post(page, langkah="tarik", kunci="").status_code == 303
    assert Applied.select().count() == len({one.key for one in Applied.select()})


def test_the_same_key_of_two_people_is_two_keys_and_of_one_is_one_change(app, world, ani):
    dedi, other = Visitor(app, "Dedi Contoh"), f"/kasus/{case_of('Dedi Contoh')}/tulis"
    url = f"/kasus/{world.case}/tulis"
    for key in ("k", "k" * 4000):
        for who, page in ((ani, url), (dedi, other)):
            fill(who, page)
            for _ in range(2):
                assert who.post(f"{page}/ajukan", langkah="ajukan", kunci=key).status_code == 303
            assert who.post(page, langkah="tarik", kunci=f"t{key}").status_code == 303
    keys = [one.key for one in Applied.select() if one.key.endswith(":ajukan")]
    assert len(keys) == 4 and max(map(len, keys)) < 200
    assert f"{person('Ani Contoh').id}:{world.case}:k:ajukan" in keys


def test_a_redirect_for_htmx_is_sent_in_letters_that_headers_can_carry(app):
    sent = Visitor(app).post(
        "/masuk", headers={**SAME, "HX-Request": "true"}, cara="pintu", akun="Ani Contoh", lanjut="/日本"
    )
    assert sent.headers["HX-Redirect"] == "/%E6%97%A5%E6%9C%AC"


# --- files ------------------------------------------------------------------------------------------------------------


def upload(who, page, **more):
    data = {"seen": "0", "file:berkas": (io.BytesIO(b"isi berkas"), "s\0urat.pdf"), **more}
    return who.client.post(page, data=data, headers=SAME, content_type="multipart/form-data")


def test_a_file_is_kept_only_for_somebody_who_may_type_there(app, world, ani, budi, url):
    ask(world, "cerita", QUESTIONS["berkas"])
    for who in (Visitor(app, "Dedi Contoh"), budi):
        for page in ("cerita", "cerita/draft", "tidak-ada"):
            assert upload(who, f"{url}/{page}").status_code in (404, 409, 200)
    assert upload(budi, f"{url}/cerita", action="sesuaikan").status_code == 404
    assert upload(ani, f"{url}/pilih").status_code == 303, "this step asks for no file"
    assert stored(world) == []
    assert upload(ani, f"{url}/cerita").status_code == 303
    assert (
        stored(world) and cases.load(world, world.case).part("tulis", "cerita").draft["berkas"]["name"] == "surat.pdf"
    )
    assert "surat.pdf" in ani.get(f"{url}/cerita").text


class Handler:
    """Takes a note and a file; what the check is given is kept here."""

    given: dict = {}

    @hookimpl
    def register_evidence_handlers(self):
        def check(slot, answers, content):
            Handler.given = {**answers, "": content}
            return ()

        form = Form("Bukti", (Field("berkas", "Berkas", "file"), Field("isi", "Keterangan", "longtext")))
        return [EvidenceHandler("sederhana", "Berkas", lambda slot: form, check, lambda value: "ada")]


@pytest.fixture
def place(world, ani, budi, url):
    world.host.add(Handler(), manifest("bukti-uji"))
    hand_in(ani, url)
    assert budi.post(url, langkah="setujui", kunci="k").status_code == 303
    return f"/kasus/{world.case}/bukti/0"


def test_a_handler_of_evidence_is_given_the_answers_of_its_own_form_alone(world, ani, place):
    tempat = ani.hidden(place, "tempat")
    more = {
        "tempat": tempat,
        "txt:isi": "ok",
        "txt:sha256": "f" * 64,
        "txt:lain": "x",
        "file:asing": (io.BytesIO(b"z"), "z"),
    }
    assert upload(ani, place, **more).status_code == 303
    assert Handler.given == {"isi": "ok", "berkas": {"name": "surat.pdf", "size": 10}, "": b"isi berkas"}
    assert ani.get(f"/kasus/{world.case}/berkas/{Evidence.get().id}").data == b"isi berkas"
    assert len(stored(world)) == 1


def test_evidence_without_a_file_has_nothing_to_take_home(world, ani, place):
    sent = ani.post(place, tempat=ani.hidden(place, "tempat"), txt__isi="ok", txt__sha256="zz")
    assert sent.status_code == 303
    given = Evidence.get()
    assert given.value == {"isi": "ok"} and ani.get(f"/kasus/{world.case}/berkas/{given.id}").status_code == 404
    Evidence.update(value={"sha256": "zz"}).execute()
    assert ani.get(f"/kasus/{world.case}/berkas/{given.id}").status_code == 404


def test_evidence_of_somebody_who_may_not_give_it_is_not_kept_and_its_text_not_lost(world, ani, budi, place):
    tempat = ani.hidden(place, "tempat")
    sent = upload(budi, place, **{"tempat": tempat, "txt:isi": LONG})
    assert sent.status_code == 409 and copied(sent.text) == [("Keterangan", LONG)]
    sent = upload(ani, place, **{"tempat": "lain#1", "txt:isi": LONG})
    assert sent.status_code == 409 and copied(sent.text) == [("Isi", LONG)]
    assert stored(world) == []


def test_a_form_of_evidence_that_fails_gives_the_text_back(world, ani, place):
    tempat = ani.hidden(place, "tempat")
    handlers = world.host.registry.handlers
    handlers["sederhana"] = replace(handlers["sederhana"], form=lambda slot: {"a": 1})
    sent = ani.post(place, tempat=tempat, txt__isi=LONG)
    assert sent.status_code == 409 and "sedang bermasalah" in sent.text and copied(sent.text) == [("Isi", LONG)]
    assert ani.get(place).status_code == 200


# --- answers of another shape -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["5", "5 Februari"])
def test_a_draft_of_any_shape_breaks_no_page(world, ani, url, value):
    ask(world, "cerita", *QUESTIONS.values())
    seen = 0
    for shape in SHAPES:
        data = {shape.format(key): value for key in QUESTIONS}
        sent = ani.client.post(f"{url}/cerita", data={"action": "simpan", "seen": seen, **data}, headers=SAME)
        assert sent.status_code == 303, (shape, sent.text)
        for page in (url, f"{url}/cerita", f"{url}/ajukan", f"/kasus/{world.case}", "/"):
            assert ani.get(page).status_code == 200, (shape, page)
        clash = ani.client.post(
            f"{url}/cerita", data={"action": "simpan", "seen": 99, "txt:isi": "lain", "day:hari": "besok"}, headers=SAME
        )
        assert clash.status_code == 409 and "besok" in clash.text, (shape, clash.text)
        wrong = ani.post(f"{url}/ajukan", langkah="ajukan", kunci=f"k{shape}")
        assert wrong.status_code == 422, shape
        seen = int(ani.hidden(f"{url}/cerita", "seen"))
    assert not world.host.faults


def test_an_answer_of_another_shape_is_drawn_as_text(world, ani, url):
    ask(world, "cerita", QUESTIONS["panjang"], QUESTIONS["pendek"])
    data = {"action": "simpan", "seen": "0", "many:panjang": ["satu", "dua"], "lvl:pendek:r": "x"}
    assert ani.client.post(f"{url}/cerita", data=data, headers=SAME).status_code == 303
    page = ani.get(f"{url}/cerita").text
    assert ">\nsatu\ndua</textarea>" in page and 'value="r: x"' in page


def test_all_kinds_of_answers_can_be_copied_in_the_words_people_saw():
    form = Form("", tuple(QUESTIONS.values()))
    sent = MultiDict(
        [
            ("one:satu", "a"), ("many:banyak", "a"), ("many:banyak", "-"), ("qty:jumlah:a", "3"), ("lvl:kisi:r", "a"),
            ("num:angka", "0"), ("chk:ya", "1"), ("ada", "chk:tidak"), ("ada", "many:kosong"), ("day:hari", "besok"),
            ("txt:nama_lain", "x"), ("file:berkas", "y"), ("kept:berkas", "z"), ("alasan", "sebab"), ("kunci", "k"),
        ]
    )  # fmt: skip
    assert sorted(forms.copies(sent, form)) == [
        ("Alasan", "sebab"), ("Angka", "0"), ("Banyak", "Pilihan A\n-"), ("Hari", "besok"), ("Jumlah", "Pilihan A: 3"),
        ("Kisi", "Baris R: Pilihan A"), ("Nama lain", "x"), ("Satu", "Pilihan A"), ("Ya", "Ya"),
    ]  # fmt: skip
    assert forms.plain({"sha256": "0", "name": "a.pdf"}) == "a.pdf"


def test_a_session_idle_too_long_gives_the_text_back_as_well(ani, url):
    Session.update(seen_at=real_now() - timedelta(hours=13)).execute()
    assert copied(ani.post(f"{url}/cerita", action="simpan", txt__isi=LONG).text) == [("Isi", LONG)]
