"""From signing in to an agreed plan, by plain forms, and what is seen on the way."""

from __future__ import annotations

from kinerja import cases
from tests.web.visitor import Visitor, fill, hand_in, statements


def test_the_whole_way_from_signing_in_to_the_decision_works_without_a_script(app, world, url):
    ani = Visitor(app, "Ani Contoh")
    home = ani.get("/").text
    assert "Giliran <b>Anda</b>" in home and "Susun" in home
    assert ani.post(f"{url}/mulai").headers["Location"] == f"{url}/pilih"
    hand_in(ani, url)
    assert "Menunggu <b>Pak Budi</b>" in ani.get("/").text
    budi = Visitor(app, "Budi Contoh", "pembina")
    assert "Ani Contoh" in budi.get("/").text
    page = budi.get(url).text
    assert "Cerita Ani" in page and "Laut" in page
    lihat = budi.hidden(url, "lihat")
    assert budi.post(url, langkah="setujui", kunci="k", lihat=lihat).status_code == 303
    assert cases.load(world, world.case).progress["tulis"].state.id == "jadi"
    assert "Jadi" in ani.get(f"/kasus/{world.case}").text


def test_a_person_without_a_relation_finds_no_case(app, world, url):
    dedi = Visitor(app, "Dedi Contoh")
    for page in (
        f"/kasus/{world.case}",
        url,
        f"{url}/pilih",
        f"/kasus/{world.case}/riwayat",
        f"/kasus/{world.case}/bukti",
    ):
        assert dedi.get(page).status_code == 404
    assert dedi.post(f"{url}/pilih", action="simpan", one__buku="laut").status_code == 404
    assert dedi.post(url, langkah="setujui", kunci="x").status_code == 404


def test_the_head_of_another_house_finds_no_case(app, url):
    assert Visitor(app, "Cici Contoh", "pembina").get(url).status_code == 404


def test_a_draft_is_seen_by_its_author_alone(ani, budi, url):
    fill(ani, url, story="Rahasia")
    assert "Rahasia" in ani.get(url).text
    assert "Rahasia" not in budi.get(url).text


def test_the_employee_capacity_of_the_head_decides_nothing(app, ani, url):
    hand_in(ani, url)
    assert Visitor(app, "Budi Contoh").get(url).status_code == 404


def test_sending_a_decision_twice_gives_the_first_result_again(ani, budi, url):
    hand_in(ani, url)
    lihat = budi.hidden(url, "lihat")
    first = budi.post(url, langkah="setujui", kunci="sama", lihat=lihat)
    second = budi.post(url, langkah="setujui", kunci="sama", lihat=lihat)
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])


def test_a_return_without_a_note_is_refused_in_words_and_with_one_reaches_the_author(ani, budi, url):
    hand_in(ani, url)
    refused = budi.post(url, langkah="kembalikan", kunci="a", catatan="")
    assert refused.status_code == 422 and "Tulis catatan" in refused.text
    assert budi.post(url, langkah="kembalikan", kunci="b", catatan="Tambah satu hal").status_code == 303
    assert "Tambah satu hal" in ani.get(url).text
    assert "Tambah satu hal" in ani.get(f"{url}/cerita").text


def test_what_the_head_adjusts_is_struck_through_and_inserted_with_the_name(ani, budi, url):
    hand_in(ani, url)
    form = budi.get(f"{url}/pilih?sesuaikan=1").text
    assert "Anda menyesuaikan isian" in form
    seen = budi.hidden(f"{url}/pilih?sesuaikan=1", "seen")
    assert budi.post(f"{url}/pilih", action="sesuaikan", seen=seen, kunci="s", one__buku="gunung").status_code == 303
    page = ani.get(url).text
    assert "<del>Laut</del>" in page and "<ins>Gunung</ins>" in page and "Budi Contoh" in page


def test_a_lone_step_is_handed_in_from_its_own_form(world, ani, budi, url):
    hand_in(ani, url)
    budi.post(url, langkah="setujui", kunci="k")
    other = f"/kasus/{world.case}/lihat"
    missing = budi.post(f"{other}/nilai", action="serahkan", seen="0", kunci="n")
    assert missing.status_code == 422 and 'href="#f-nilai"' in missing.text
    seen = budi.hidden(f"{other}/nilai", "seen")
    sent = {"action": "serahkan", "seen": seen, "kunci": "n2", "one__nilai": "baik"}
    assert budi.post(f"{other}/nilai", **sent).status_code == 303
    assert budi.post(f"{other}/nilai", **sent).status_code == 303, "sent twice"
    assert "Baik" in ani.get(f"/kasus/{world.case}").text


def test_after_a_decision_the_next_waiting_case_opens(app, ani, budi, url):
    hand_in(ani, url)
    sent = budi.post(url, langkah="setujui", kunci="k", antre="1")
    assert sent.headers["Location"].startswith("/kasus/")


def test_no_page_asks_the_database_more_than_six_times(app, world, ani, budi, url):
    fill(ani, url)
    pages = [("/", ani), (f"/kasus/{world.case}", ani), (url, ani), (f"{url}/pilih", ani), (f"{url}/ajukan", ani)]
    pages += [(f"/kasus/{world.case}/riwayat", ani), (f"/kasus/{world.case}/bukti", ani), ("/", budi), (url, budi)]
    for page, who in pages:
        who.get(page)
        with statements() as sent:
            assert who.get(page).status_code == 200
        assert len(sent) <= 6, (page, sent)


def test_a_page_asks_no_more_when_much_is_handed_in_and_adjusted(ani, budi, url):
    hand_in(ani, url)
    seen = budi.hidden(f"{url}/pilih?sesuaikan=1", "seen")
    budi.post(f"{url}/pilih", action="sesuaikan", seen=seen, kunci="s", one__buku="gunung")
    with statements() as sent:
        budi.get(url)
    assert len(sent) <= 6, sent


def test_a_case_reads_well_when_its_plugin_is_gone(world, ani, url):
    hand_in(ani, url)
    world.host.registry.drop("kecil")
    page = ani.get(url)
    assert page.status_code == 200 and "Cerita Ani" in page.text and "tidak terpasang" in page.text
    assert (
        "Perlu disetujui" in ani.get(f"/kasus/{world.case}").text or "Menunggu" in ani.get(f"/kasus/{world.case}").text
    )
    assert ani.get(f"{url}/pilih").status_code == 303


def test_who_only_reads_below_a_unit_sees_states_and_not_what_was_written(app, ani, url):
    hand_in(ani, url)
    page = Visitor(app, "Ketua Contoh", "ketua").get(url)
    assert page.status_code == 200 and "Cerita Ani" not in page.text and "Sudah diisi" in page.text
