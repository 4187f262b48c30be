"""A review and the dialogue on each item: whose turn it is, what is complete, who may say what about which item."""

from __future__ import annotations

import re
from html import unescape

import pytest

from kinerja.clock import real_now
from kinerja.models import Case, Note
from kinerja.testing import Player, case_of
from tests.web.visitor import Visitor, fill, hand_in, statements

ITEM = "pilih:laut"


def anchor(page: str) -> str:
    found = re.search(r'<details class="thread" id="(butir-[0-9a-f]+)"', page)
    assert found, page
    return found[1]


def said(page: str) -> list[str]:
    """The texts that stand in threads."""
    return [unescape(one) for one in re.findall(r'<p class="lines">([^<]*)</p>', page)]


def test_nothing_is_said_about_items_before_a_plan_is_handed_in(ani, url):
    fill(ani, url)
    assert "Percakapan per butir" not in ani.get(url).text


def test_teacher_and_head_talk_about_one_item_and_both_read_it_in_order(ani, budi, url):
    hand_in(ani, url)
    sent = budi.post(f"{url}/tanggapan", butir=ITEM, catatan="Mengapa laut?", kunci="a")
    assert (sent.status_code, sent.headers["Location"]) == (
        303,
        f"{url}?butir=pilih%3Alaut#{anchor(budi.get(url).text)}",
    )
    sent = ani.post(f"{url}/tanggapan", butir=ITEM, catatan="Dekat rumah.\nDan <luas>.", kunci="b")
    page = ani.get(sent.headers["Location"].partition("#")[0]).text
    assert said(page) == ["Mengapa laut?", "Dekat rumah.\nDan <luas>."]
    assert re.search(r'<details class="thread" id="butir-[0-9a-f]+" open>', page)
    assert "2 tanggapan" in budi.get(url).text and " open>" not in budi.get(url).text
    assert "Catatan</h2>" not in page, "what is said of an item is no general note"


def test_htmx_gets_the_thread_of_that_item_alone(ani, budi, url):
    hand_in(ani, url)
    sent = budi.post(
        f"{url}/tanggapan", headers={"Origin": "http://localhost", "HX-Request": "true"}, butir=ITEM, catatan="Bagus", kunci="a"
    )  # fmt: skip
    assert sent.status_code == 200 and sent.text.strip().startswith('<details class="thread"')
    assert said(sent.text) == ["Bagus"] and 'role="status">Tanggapan terkirim.' in sent.text
    sent = budi.post(
        f"{url}/tanggapan", headers={"Origin": "http://localhost", "HX-Request": "true"}, butir=ITEM, catatan=" ", kunci="b"
    )  # fmt: skip
    assert sent.status_code == 200 and "Tulis catatan agar" in sent.text and "terkirim" not in sent.text


def test_the_same_answer_sent_twice_is_said_once(ani, url):
    hand_in(ani, url)
    for _ in range(2):
        assert ani.post(f"{url}/tanggapan", butir=ITEM, catatan="Sekali", kunci="a").status_code == 303
    assert [one.text for one in Note.select()] == ["Sekali"]


@pytest.mark.parametrize(
    "item, text, words",
    [
        (ITEM, " \n", "Tulis catatan agar"),
        (ITEM, "x" * 10_000, "Catatan terlalu panjang"),
        ("pilih:bulan", "Halo", "Butir ini sudah tidak ada"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words_and_what_was_typed_stays(ani, url, item, text, words):
    hand_in(ani, url)
    sent = ani.post(f"{url}/tanggapan", butir=item, catatan=text, kunci="a")
    assert sent.status_code == 422 and words in sent.text and f"\n{text.strip()}" in sent.text
    assert Note.select().count() == 0


def test_a_closed_case_keeps_what_was_said_and_takes_no_more(world, ani, url):
    hand_in(ani, url)
    ani.post(f"{url}/tanggapan", butir=ITEM, catatan="Sebelum ditutup", kunci="a")
    Case.update(closed_at=real_now()).where(Case.id == world.case).execute()
    page = ani.get(url).text
    assert said(page) == ["Sebelum ditutup"] and "/tanggapan" not in page
    sent = ani.post(f"{url}/tanggapan", butir=ITEM, catatan="Sesudah", kunci="b")
    assert sent.status_code == 422 and "sudah ditutup" in sent.text
    assert [one.text for one in Note.select()] == ["Sebelum ditutup"]


def test_nobody_else_reads_or_answers(app, world, ani, url):
    hand_in(ani, url)
    ani.post(f"{url}/tanggapan", butir=ITEM, catatan="Hanya untuk kita", kunci="a")
    for name, role in (("Cici Contoh", "pembina"), ("Dedi Contoh", "")):
        other = Visitor(app, name, role)
        assert other.get(url).status_code == 404
        assert other.post(f"{url}/tanggapan", butir=ITEM, catatan="Halo", kunci="b").status_code == 404
    reader = Visitor(app, "Ketua Contoh", "ketua")
    page = reader.get(url)
    assert page.status_code == 200 and "Hanya untuk kita" not in page.text and "Percakapan" not in page.text
    assert reader.post(f"{url}/tanggapan", butir=ITEM, catatan="Halo", kunci="c").status_code == 404
    assert [one.text for one in Note.select()] == ["Hanya untuk kita"]


def test_what_was_said_of_an_item_that_was_replaced_stays_to_be_read(ani, budi, url):
    hand_in(ani, url)
    ani.post(f"{url}/tanggapan", butir=ITEM, catatan="Tentang laut", kunci="a")
    seen = budi.hidden(f"{url}/pilih?sesuaikan=1", "seen")
    budi.post(f"{url}/pilih", action="sesuaikan", seen=seen, kunci="s", one__buku="gunung")
    page = ani.get(url).text
    assert said(page) == ["Tentang laut"] and page.count('class="thread"') == 2 and page.count('name="butir"') == 1


IDLE = "Saat ini tidak ada yang perlu Anda kerjakan."


def test_a_turn_of_somebody_else_says_whom_it_waits_for_and_orders_nobody(ani, budi, url):
    hand_in(ani, url)
    for page, told in ((ani.get(url).text, "Menunggu <b>Pak Budi</b>"), (ani.get("/").text, IDLE)):
        heading = re.search(r'<section class="card next theirs".*?<h2[^>]*>(.*?)</h2>', page, re.S)
        assert heading and heading[1] == told
        assert "Menunggu <b>Pak Budi</b>" in page and "Periksa" not in page
    assert "<h2>Periksa</h2>" in budi.get(url).text


def test_the_parts_say_whether_they_are_complete_not_whether_they_were_opened(ani, url):
    fill(ani, url)
    seen = ani.hidden(f"{url}/cerita", "seen")
    assert ani.post(f"{url}/cerita", action="simpan", seen=seen, txt__isi="", txt__catatan="Dulu").status_code == 303
    page = ani.get(url).text
    assert re.findall(r'<h2>([^<]*)</h2><span class="tag [a-z]+">([^<]*)<', page) == [
        ("Pilih buku", "Lengkap"), ("Cerita", "Belum lengkap"),
    ]  # fmt: skip
    seen = ani.hidden(f"{url}/cerita", "seen")
    ani.post(f"{url}/cerita", action="simpan", seen=seen, txt__isi="", txt__catatan="")
    assert '<h2>Cerita</h2><span class="tag wait">Belum diisi<' in ani.get(url).text


def test_an_adjustment_says_so_with_old_and_new_and_the_name(ani, budi, url):
    hand_in(ani, url)
    seen = budi.hidden(f"{url}/pilih?sesuaikan=1", "seen")
    budi.post(f"{url}/pilih", action="sesuaikan", seen=seen, kunci="s", one__buku="gunung")
    page = ani.get(url).text
    assert "Ada Penyesuaian dari Atasan" in page and "Disesuaikan oleh Budi Contoh" in page
    assert "<del>Laut</del>" in page and "<ins>Gunung</ins>" in page


def test_what_nobody_decides_on_is_folded_in_a_review_and_open_for_its_author(world, ani, budi, url):
    from dataclasses import replace

    steps = world.host.registry.steps
    steps["cerita"] = replace(steps["cerita"], editors=())
    hand_in(ani, url)
    folded = r"<h2>Cerita</h2>.{0,40}<details><summary>Lihat isi</summary>"
    assert re.search(folded, budi.get(url).text, re.S) and not re.search(folded, ani.get(url).text, re.S)


def test_who_decides_is_not_asked_to_begin_a_part_of_their_own_first(world, ani, budi, url):
    from dataclasses import replace

    from tests.small import TWO

    steps, stages = world.host.registry.steps, world.host.registry.stages
    steps["nilai"] = replace(steps["nilai"], gives=())
    say = replace(TWO.transitions[5], id="catat", target="diajukan", by="penulis", hand_in=True, settles=True)
    flow = replace(TWO, transitions=(*TWO.transitions, say), lone="catat")
    stages["tulis"] = replace(stages["tulis"], flows={"dua": flow})
    from kinerja import cases

    rule = cases.load(world, world.case).rule("tulis")
    object.__setattr__(rule, "steps", (*rule.steps, "nilai"))
    hand_in(ani, url)
    page = budi.get(url).text
    assert f'href="{url}/nilai">Isi</a>' in page and ">Mulai</button>" not in page and ">Setujui</button>" in page


def test_a_page_with_a_long_dialogue_asks_the_database_no_more_than_six_times(world, ani, budi, url):
    hand_in(ani, url)
    for n in range(12):
        budi.post(f"{url}/tanggapan", butir=ITEM, catatan=f"Nomor {n}", kunci=str(n))
    for who in (ani, budi):
        with statements() as sent:
            assert len(said(who.get(url).text)) == 12
        assert len(sent) <= 6, sent


def test_a_plan_handed_in_by_another_is_not_answered_through_one_s_own_address(world, ani, url):
    hand_in(ani, url)
    Player(world, "Dedi Contoh").fill(case_of("Dedi Contoh"), "tulis")
    other = f"/kasus/{case_of('Dedi Contoh')}/tulis"
    assert ani.post(f"{other}/tanggapan", butir=ITEM, catatan="Halo", kunci="a").status_code == 404
