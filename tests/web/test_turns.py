"""One truth about «my turn»: the first page, the queue and the pages of a case ask the same, and say so truly."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from kinerja import NEWS, SUBJECT, EvidenceHandler, Field, Form, StageProjection, Task, YearDay, hookimpl
from kinerja.models import Case, Read
from kinerja.testing import Player, case_of, set_date
from tests import busy
from tests.crawl import NOTHING, crawl
from tests.web import town
from tests.web.visitor import Visitor, statements


def _looking(context):
    if context.state.kind != "selesai":
        return StageProjection(tasks=(Task("memutuskan", "Nilai", step="nilai", sentence=f"{context.places} bukti."),))
    told = Task(SUBJECT, f"Nilai Anda: {context.facts['nilai'].label}", what=NEWS, asked=False)
    return StageProjection(tasks=(told,))


class Turning(town.Town):
    """The plugin object: one place for evidence, and a result that is told."""

    @hookimpl
    def register_stages(self):
        return [replace(one, project=_looking) if one.id == "lihat" else one for one in super().register_stages()]

    @hookimpl
    def register_evidence_handlers(self):
        form = Form("Bukti", (Field("isi", "Isi", "text", required=True),))
        return [EvidenceHandler("sederhana", "Isi", lambda slot: form, lambda *sent: (), lambda value: value["isi"])]


@pytest.fixture
def world(kernel, monkeypatch):
    monkeypatch.setattr(town, "Town", Turning)
    return town.build(kernel, monkeypatch)


def agreed(world, *names: str) -> None:
    for name in names or ("Ani Contoh",):
        town.hand_in(world, name)
        Player(world, "Budi Contoh").through("pembina").do(case_of(name), "tulis", "setujui")


def team(world) -> None:
    Player(world, "Budi Contoh").through("pembina").hand_in(world.house, "regu", "susun-regu", "tetapkan", regu=["-"])
    busy.work(world, date(2030, 1, 15))


def give(ani, world) -> None:
    url = f"/kasus/{world.case}/bukti/0"
    sent = ani.post(url, tempat=ani.hidden(url, "tempat"), txt__isi="ada")
    assert sent.status_code == 303, sent.text


def card(page: str) -> str:
    """What the first card of a page says, without marks."""
    found = re.search(r'<section class="card next.*?</section>', page, re.S)
    assert found, page
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def test_missing_evidence_is_the_next_step_until_it_is_given(world, ani, budi):
    agreed(world)
    assert card(ani.get("/").text) == (
        "Langkah berikutnya 1 dari 1 bukti belum ada Giliran Anda Sebaiknya sebelum 31 Desember (350 hari lagi) Buka"
    )
    assert f'href="/kasus/{world.case}/bukti"' in ani.get("/").text
    assert card(ani.get(f"/kasus/{world.case}/bukti").text).startswith("1 dari 1 bukti belum ada Giliran Anda")
    assert "Giliran Anda" not in budi.get(f"/kasus/{world.case}/bukti").text
    give(ani, world)
    assert "bukti belum ada" not in ani.get("/").text and NOTHING in ani.get("/").text
    assert "Giliran Anda" not in ani.get(f"/kasus/{world.case}/bukti").text


def test_nothing_to_do_names_whom_the_plan_waits_for_and_since_when(world, ani):
    town.hand_in(world, "Ani Contoh")
    assert card(ani.get("/").text) == f"{NOTHING}. Menunggu Pak Budi : Menulis , sejak hari ini"
    set_date(world, date(2030, 1, 18))
    assert card(ani.get("/").text) == f"{NOTHING}. Menunggu Pak Budi : Menulis , sejak 3 hari"


def test_nothing_to_do_names_who_has_the_turn_in_the_case_of_the_house(world, ani):
    agreed(world)
    give(ani, world)
    assert card(ani.get("/").text) == f"{NOTHING}. Menunggu Pak Budi : {town.WAITS.rstrip('.')} , sejak hari ini"
    assert "tidak perlu melakukan apa pun" not in ani.get("/").text


def test_nothing_to_do_names_the_day_to_come(world, ani):
    scheme = world.snapshot(Case.get_by_id(world.case).snapshot).scheme
    first = next(one for one in scheme.stages if one.id == "tulis").windows[0]
    rule = next(one for one in scheme.stages if one.id == "lihat")
    object.__setattr__(rule, "windows", (replace(first, opens=YearDay(0, 2, 1), closes=YearDay(0, 3, 1)),))
    team(world)
    agreed(world)
    give(ani, world)
    assert card(ani.get("/").text) == f"{NOTHING}. Menunggu Pak Budi : Melihat , mulai 1 Februari"


def test_nothing_to_do_is_not_said_while_something_waits_in_another_capacity(world, app):
    town.hand_in(world, "Ani Contoh")
    page = Visitor(app, "Budi Contoh").get("/").text
    assert NOTHING not in page and "menunggu Anda</span>" in page


def test_who_decides_reads_the_same_in_the_queue(world, ani, budi):
    team(world)
    assert NOTHING in budi.get("/").text
    town.hand_in(world, "Ani Contoh")
    page = budi.get("/").text
    assert NOTHING not in page and "1 menunggu Anda, yang terlama sejak hari ini." in page
    Player(world, "Budi Contoh").through("pembina").do(world.case, "tulis", "setujui")
    page = budi.get("/").text
    assert ">Nilai</span>" in page and "1 bukti." in page, "what is missing stands before the rater"
    assert "1 bukti." in budi.get(f"/kasus/{world.case}/lihat").text
    assert "1 bukti." in budi.get(f"/kasus/{world.case}/lihat/nilai").text


def test_what_holds_up_others_is_not_nothing(world, budi):
    agreed(world)
    page = budi.get("/").text
    assert NOTHING not in page and "Tertahan, menunggu Anda" in page and "Susun regu" in page


def test_what_the_head_wrote_and_changed_is_announced_until_it_is_read(world, ani, budi, url):
    town.hand_in(world, "Ani Contoh")
    head = Player(world, "Budi Contoh").through("pembina")
    head.do(world.case, "tulis", "sesuaikan", step="pilih", data={"buku": "gunung"})
    sent = budi.post(f"{url}/tanggapan", butir="pilih:gunung", catatan="Gunung lebih dekat.", kunci="k")
    assert sent.status_code == 303, sent.text
    for page in (ani.get("/").text, ani.get(url).text):
        assert "Pak Budi menyesuaikan 1 bagian" in page and "Pak Budi menulis 1 tanggapan" in page
        assert "Sudah saya baca" in page and NOTHING not in page
    until = ani.hidden(url, "sampai")
    assert ani.post(f"{url}/dibaca", sampai=until).headers["Location"].endswith(url)
    for page in (ani.get("/").text, ani.get(url).text):
        assert "Pak Budi menulis" not in page and "menyesuaikan" not in page.partition("<main")[2].partition("</h2>")[0]
    assert NOTHING in ani.get("/").text


def test_a_result_is_a_card_of_its_own_until_it_is_read(world, ani):
    team(world)
    agreed(world)
    give(ani, world)
    Player(world, "Budi Contoh").through("pembina").hand_in(world.case, "lihat", "nilai", "tetapkan", nilai="baik")
    page = ani.get("/").text
    assert "Nilai Anda: Baik" in page and NOTHING not in page
    assert card(ani.get(f"/kasus/{world.case}/lihat").text).startswith("Nilai Anda: Baik")
    until = re.search(r'name="sampai" value="([^"]+)"', page)[1]
    assert ani.post(f"/kasus/{world.case}/lihat/dibaca", sampai=until, kembali="/").headers["Location"] == "/"
    assert NOTHING in ani.get("/").text


def test_a_question_waits_for_the_other_side_and_its_answer_comes_back(world, ani, budi, url):
    agreed(world)
    assert ani.post(f"{url}/tanggapan", butir="pilih:laut", catatan="Mengapa?", kunci="1").status_code == 303
    assert "Bu Ani menulis 1 tanggapan" in budi.get("/").text
    assert "menulis 1 tanggapan" not in ani.get("/").text
    assert budi.post(f"{url}/tanggapan", butir="pilih:laut", catatan="Karena itu.", kunci="2").status_code == 303
    assert "menulis 1 tanggapan" not in budi.get("/").text
    assert "Pak Budi menulis 1 tanggapan" in ani.get("/").text


def test_deciding_reads_what_the_page_had_told_and_nothing_newer(world, ani, budi, url):
    town.hand_in(world, "Ani Contoh")
    ani.post(f"{url}/tanggapan", butir="pilih:laut", catatan="Satu.", kunci="1")
    until = budi.hidden(url, "sampai")
    assert until
    set_date(world, date(2030, 1, 16))
    ani.post(f"{url}/tanggapan", butir="pilih:laut", catatan="Dua.", kunci="2")
    assert budi.post(url, langkah="setujui", kunci="k", sampai=until).status_code == 303
    assert "Bu Ani menulis 1 tanggapan" in budi.get("/").text, "the second came after the page was read"
    assert Read.select().count() == 1


@pytest.mark.parametrize("until", ["", "besok", "2030-01-15", "9999-12-31T00:00:00+00:00"])
def test_reading_ahead_of_time_hides_nothing_that_is_to_come(world, ani, budi, url, until):
    town.hand_in(world, "Ani Contoh")
    assert ani.post(f"{url}/dibaca", sampai=until).status_code == 303
    set_date(world, date(2030, 1, 16))
    budi.post(f"{url}/tanggapan", butir="pilih:laut", catatan="Baru.", kunci="2")
    assert "Pak Budi menulis 1 tanggapan" in ani.get("/").text


def test_who_may_not_see_a_case_cannot_say_they_read_it(world, app, url):
    assert Visitor(app, "Dedi Contoh").post(f"{url}/dibaca", sampai="2030-01-15T00:00:00+00:00").status_code == 404
    assert Read.select().count() == 0


def test_the_first_pages_send_no_more_statements_for_more_turns(world, app, ani, budi):
    def counted(who) -> int:
        who.get("/")
        with statements() as sent:
            assert who.get("/").status_code == 200
        return len(sent)

    agreed(world)
    before = counted(ani), counted(budi)
    agreed(world, "Gita Contoh")
    for name in ("Gita Contoh",):
        Visitor(app, name).post(
            f"/kasus/{case_of(name)}/tulis/tanggapan", butir="pilih:laut", catatan="Mengapa?", kunci=name
        )
    assert (counted(ani), counted(budi)) == before


def test_no_page_asks_for_something_of_which_the_first_page_knows_nothing(world, app, ani, budi):
    agreed(world)
    for who in (ani, budi, Visitor(app, "Eka Contoh"), Visitor(app, "Ketua Contoh")):
        told = list(crawl(who.client))
        assert [one for one in told if one.contradicts] == []
    assert any(one.asks for one in crawl(ani.client))
