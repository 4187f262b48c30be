"""Several at once: only turns of one's own without warnings, named once more before anything is taken."""

from __future__ import annotations

import re

import pytest

from kinerja import cases, changes, workflow
from kinerja.models import Job, Progress
from kinerja.testing import case_of, person
from kinerja_work import worker
from tests.web import town
from tests.web.visitor import Visitor, statements

PAGE = "/sekaligus/tulis/setujui"
NAMES = ("Ani Contoh", "Eka Contoh", "Gita Contoh")


@pytest.fixture
def world(kernel, monkeypatch):
    made = town.build(kernel, monkeypatch)
    town.hand_in(made, *NAMES)
    return made


def ids(*names: str) -> list[str]:
    return [case_of(name) for name in names]


def ticked(page: str) -> list[str]:
    return re.findall(r'type="checkbox" name="kasus" value="([^"]*)" checked', page)


def labels(world) -> list[str]:
    return [cases.load(world, id).progress["tulis"].state.label for id in ids(*NAMES)]


def test_the_queue_leads_there_only_where_two_can_be_taken(world, budi):
    assert f'<a href="{PAGE}">Setujui beberapa sekaligus</a>' in budi.get("/").text
    for name in NAMES[1:]:
        workflow.apply(
            world, changes.Ask(name, case_of(name), "tulis", "setujui", _actor("Budi Contoh"), world.clock.now())
        )
    assert "sekaligus" not in budi.get("/").text


def _actor(name: str):
    from kinerja.contracts import Actor
    from kinerja.models import Assignment

    return Actor(person(name).id, Assignment.get(Assignment.person == person(name)).id)


def test_nobody_is_ticked_before_a_whole_area_is_chosen_and_then_they_are(budi):
    page = budi.get(PAGE).text
    assert page.count('type="checkbox"') == 3 and ticked(page) == []
    assert "Pilih semua di Negeri" in page and "Rumah A" in page
    page = budi.post(PAGE, aksi="pilih:Negeri").text
    assert sorted(ticked(page)) == sorted(ids(*NAMES))
    assert ticked(budi.post(PAGE, aksi="pilih:Lain").text) == []


def test_the_names_and_their_number_are_read_once_more_and_then_the_worker_takes_them(world, budi):
    chosen = ids("Ani Contoh", "Eka Contoh")
    page = budi.client.post(
        PAGE, data={"kasus": chosen, "aksi": "periksa"}, headers={"Origin": "http://localhost"}
    ).text
    assert "Setujui 2 sekaligus?" in page and "Setujui 2 orang</button>" in page
    assert re.findall(r"<li>(\w+ Contoh)", page) == ["Ani Contoh", "Eka Contoh"]
    assert labels(world) == ["Perlu disetujui"] * 3, "reading the names takes nothing"
    key = re.search(r'name="kunci" value="([^"]*)"', page)[1]
    data = {"kasus": chosen, "aksi": "ambil", "kunci": key}
    sent = [budi.client.post(PAGE, data=data, headers={"Origin": "http://localhost"}) for _ in range(2)]
    job = sent[0].headers["Location"]
    assert sent[1].headers["Location"] == job and Job.select().count() == 1
    waiting = budi.get(job).text
    assert "0 dari 2 selesai diproses" in waiting and f'href="{job}">Muat ulang' in waiting
    block = budi.get(job, HX_Request="true")
    assert "<!doctype" not in block.text and "Sedang diproses" in block.text
    worker.run_once(world)
    assert "2 dari 2 berhasil: Setujui." in budi.get(job).text
    assert labels(world) == ["Jadi", "Jadi", "Perlu disetujui"]
    again = budi.client.post(PAGE, data=data, headers={"Origin": "http://localhost"})
    assert again.headers["Location"] == job


def test_who_drew_the_plan_back_meanwhile_is_named_with_the_reason(world, budi):
    chosen = ids("Ani Contoh", "Eka Contoh")
    data = {"kasus": chosen, "aksi": "ambil", "kunci": "k"}
    job = budi.client.post(PAGE, data=data, headers={"Origin": "http://localhost"}).headers["Location"]
    from kinerja.contracts import Actor

    back = changes.Ask("t", chosen[1], "tulis", "tarik", Actor(person("Eka Contoh").id), world.clock.now())
    workflow.apply(world, back)
    worker.run_once(world)
    page = budi.get(job).text
    assert "1 dari 2 berhasil" in page and "Tidak diproses (1)" in page
    assert '<b>Eka Contoh</b></td><td class="soft">Ada yang perlu dibicarakan lebih dahulu' in page


def test_what_warns_is_left_out_and_counted(world, budi):
    case = case_of("Ani Contoh")
    Progress.update(warned=True).where((Progress.case == case) & (Progress.stage == "tulis")).execute()
    workflow.reproject(world, case, world.clock.now())
    page = budi.get(PAGE).text
    assert page.count('type="checkbox"') == 2 and "Ani Contoh" not in page
    assert "2 orang. 1 yang lain perlu Anda periksa satu per satu" in page
    sent = budi.post(PAGE, kasus=case, aksi="ambil", kunci="k")
    assert sent.status_code == 422 and "Tidak ada rencana yang dapat disetujui bersama" in sent.text
    assert Job.select().count() == 0


@pytest.mark.parametrize("fields", [{"aksi": "periksa"}, {"aksi": "x"}, {}, {"aksi": "periksa", "kasus": "lain"}])
def test_without_a_name_nothing_goes_on(budi, fields):
    sent = budi.post(PAGE, **fields)
    assert sent.status_code == 422 and "Belum ada yang dipilih" in sent.text and Job.select().count() == 0


@pytest.mark.parametrize("page", ["/sekaligus/tulis/kembalikan", "/sekaligus/tulis/x", "/sekaligus/lihat/setujui"])
def test_no_other_row_is_taken_for_several(budi, page):
    assert budi.get(page).status_code == 404
    assert budi.post(page, aksi="ambil", kasus=case_of("Ani Contoh"), kunci="k").status_code in (404, 422)
    assert Job.select().count() == 0


def test_others_find_neither_the_page_nor_the_work(world, app, budi):
    sent = budi.post(PAGE, aksi="ambil", kasus=case_of("Ani Contoh"), kunci="k")
    for name, role in (("Cici Contoh", "pembina"), ("Ketua Contoh", "ketua"), ("Ani Contoh", "")):
        other = Visitor(app, name, role)
        assert other.get(PAGE).status_code == 404 and other.get(sent.headers["Location"]).status_code == 404
        assert other.post(PAGE, aksi="ambil", kasus=case_of("Ani Contoh"), kunci="x").status_code in (404, 422)
    assert Job.select().count() == 1


def test_choosing_among_many_asks_no_more_than_six_times(budi):
    with statements() as sent:
        budi.get(PAGE)
    assert len(sent) <= 6, sent
