"""Who keeps the people of a unit enters Plt., last days, transfers, leaves and mergers; others cannot."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja.models import Assignment, LogEntry, Standing, Timer
from kinerja.testing import add_person, person
from kinerja.testing import unit as the_unit
from tests.web import keepers
from tests.web.visitor import Visitor, statements, unit


@pytest.fixture
def world(kernel, monkeypatch):
    return keepers.build(kernel, monkeypatch)


@pytest.fixture
def rina(app) -> Visitor:
    return Visitor(app, "Rina Contoh", "penjaga")


@pytest.fixture
def pusat(app) -> Visitor:
    return Visitor(app, "Pusat Contoh", "pengurus")


def page(name: str, at: str = "rumah-a") -> str:
    return f"/satuan/{unit(at)}/orang/{person(name).id}"


def held(name: str) -> list[tuple[str, str, str, str]]:
    """What somebody holds: (role, unit, first day, last day)."""
    return [
        (one.role, one.unit.code, str(one.since), str(one.until or ""))
        for one in Assignment.select().where(Assignment.person == person(name)).order_by(Assignment.id)
    ]


def only(name: str) -> str:
    return str(Assignment.get(Assignment.person == person(name)).id)


def send(who: Visitor, url: str, act: str, **fields: str):
    """One form of a page: the names of its inputs without the form's own prefix."""
    kinds = {"tmt": "day", "sampai": "day", "ke": "txt", "sk": "txt", "yakin": "chk"}
    told = {f"{kinds.get(key, 'one')}:{act}-{key}": value for key, value in fields.items()}
    return who.client.post(url, data={"act": act, **told}, headers={"Origin": "http://localhost"})


PLT = {
    "jenis": "sementara", "peran": "pembina", "ke": "10000001", "tmt": "2030-01-20", "sampai": "2030-04-20",
    "sk": "SK 800/1, 18 Januari 2030",
}  # fmt: skip
MOVE = {"ke": "Rumah B", "peran": "murid", "tmt": "2030-02-01", "alasan": "pergi", "sk": "SK 5, 20 Januari 2030"}
MERGE = {"ke": "10000002", "tmt": "2030-02-01", "alasan": "pergi", "sk": "SK 9", "yakin": "1"}
LEAVE = {"alasan": "libur", "tmt": "2030-01-20", "sampai": "2030-04-20", "sk": "Surat 3"}


def test_the_list_names_people_with_what_they_hold_and_finds_by_name(rina):
    url = f"/satuan/{unit('rumah-a')}/orang"
    text = rina.get(url).text
    for name in ("Ani Contoh", "Budi Contoh", "Rina Contoh", "Penjaga data", "sejak 1 Juli 2029"):
        assert name in text
    assert "Dedi Contoh" not in text, "of another house"
    found = rina.get(f"{url}?cari=bUDI").text
    assert "Budi Contoh" in found and "Ani Contoh" not in found
    assert "Tidak ada yang cocok dengan «xyz»." in rina.get(f"{url}?cari=xyz").text
    assert rina.get(f"{url}?cari={'q' * 10_000}").status_code == 200
    assert "Ani Contoh" not in rina.get(f"{url}?cari=%25").text, "a percent sign is a letter like others"
    assert "Ani Contoh" in rina.get(f"{url}?cari=%00Ani").text


def test_the_list_and_the_page_of_a_person_ask_little_however_many_there_are(rina):
    for n in range(40):
        add_person(f"Murid {n}", "murid", the_unit("rumah-a"), "tetap", date(2029, 7, 1))
    for url in (f"/satuan/{unit('rumah-a')}/orang", page("Ani Contoh")):
        rina.get(url)
        with statements() as sent:
            rina.get(url)
        assert len(sent) <= 6, sent


def test_a_full_list_says_so(pusat):
    at = the_unit("rumah-a")
    for n in range(500):
        add_person(f"Murid {n:03}", "murid", at, "tetap", date(2029, 7, 1))
    text = pusat.get(f"/satuan/{unit('negeri')}/orang").text
    assert "Ditampilkan 500 pertama. Cari nama atau sekolah." in text


def test_others_find_no_people_and_change_nothing(app, ani, budi):
    eko, ketua = Visitor(app, "Eko Contoh", "penjaga"), Visitor(app, "Ketua Contoh", "ketua")
    before = held("Ani Contoh")
    for who in (ani, budi, eko, ketua, Visitor(app, "Rina Contoh")):
        assert who.get(f"/satuan/{unit('rumah-a')}/orang").status_code == 404
        assert who.get(page("Ani Contoh")).status_code == 404
        for act, fields in (("angkat", PLT), ("pindah", MOVE), ("kondisi", LEAVE)):
            assert send(who, page("Ani Contoh"), act, **fields).status_code == 404
        assert send(who, f"/satuan/{unit('rumah-a')}/orang", "gabung", **MERGE).status_code == 404
    assert held("Ani Contoh") == before and Standing.select().count() == 0


def test_somebody_of_another_house_does_not_exist_here(rina):
    assert rina.get(page("Dedi Contoh")).status_code == 404
    assert rina.get(f"/satuan/{unit('rumah-a')}/orang/999999").status_code == 404
    assert send(rina, page("Ani Contoh"), "entah").status_code == 404


def test_an_acting_post_is_entered_with_paper_and_days_and_offered_kinds_are_acting(rina):
    text = rina.get(page("Ani Contoh")).text
    assert 'value="sementara"' in text and 'value="tetap"' not in text
    assert 'value="pengurus"' not in text, "a role that allows more than hers"
    assert send(rina, page("Ani Contoh"), "angkat", **PLT).status_code == 303
    assert held("Ani Contoh")[1] == ("pembina", "rumah-a", "2030-01-20", "2030-04-20")
    text = rina.get(page("Ani Contoh")).text
    assert "Plt. Pembina" in text and "SK 800/1" in text and "TMT lebih awal" not in text
    assert Timer.select().where(Timer.name == "people-changed").exists()
    assert LogEntry.select().where(LogEntry.code == "appointed").count() == 1


def test_the_same_post_twice_is_refused_with_what_was_typed(rina):
    send(rina, page("Ani Contoh"), "angkat", **PLT)
    again = send(rina, page("Ani Contoh"), "angkat", **PLT)
    assert again.status_code == 422 and "sudah tercatat sebagai Pembina" in again.text
    assert "SK 800/1, 18 Januari 2030" in again.text and 'value="2030-04-20"' in again.text
    assert len(held("Ani Contoh")) == 2


def test_late_entry_is_taken_and_says_that_decisions_stay(rina):
    sent = send(rina, page("Ani Contoh"), "angkat", **{**PLT, "tmt": "2030-01-02"})
    assert sent.status_code == 303
    assert "TMT lebih awal daripada hari pencatatan" in rina.get(page("Ani Contoh")).text


@pytest.mark.parametrize(
    ("changed", "value", "why"),
    [
        ("sk", "", "Isi dahulu bagian ini."),
        ("sk", " ", "nomor dan tanggal SK"),
        ("sk", "s" * 10_000, "Paling banyak 300 huruf"),
        ("sampai", "", "Isi tanggalnya."),
        ("sampai", "2030-01-01", "lebih awal daripada tanggal mulai"),
        ("tmt", "2030-02-31", "Tanggal ini tidak ada."),
        ("tmt", "0001-01-01", "terlalu jauh"),
        ("tmt", "9999-12-31", "terlalu jauh"),
        ("peran", "pengurus", "tidak ada dalam daftar"),
        ("jenis", "tetap", "tidak ada dalam daftar"),
        ("ke", "tidak ada", "Tidak ada satuan"),
        ("ke", "10000002", "bukan bagian dari satuan Anda"),
        ("ke", "u" * 10_000, "Paling banyak 200 huruf"),
    ],
)
def test_an_acting_post_that_is_wrong_is_refused_at_its_field_and_kept(rina, changed, value, why):
    sent = send(rina, page("Ani Contoh"), "angkat", **{**PLT, changed: value})
    assert sent.status_code == 422 and why in sent.text and f'href="#f-angkat-{changed}"' in sent.text
    if len(value) > 1 and value not in ("pengurus", "tetap"):
        assert value in sent.text
    assert len(held("Ani Contoh")) == 1


def test_a_name_that_fits_several_units_names_them(pusat):
    sent = send(pusat, page("Ani Contoh", "negeri"), "angkat", **{**PLT, "ke": "Rumah"})
    assert sent.status_code == 422 and "Rumah A (10000001), Rumah B (10000002)" in sent.text


def test_a_last_day_is_entered_with_its_reason(rina):
    fields = {"penugasan": only("Ani Contoh"), "sampai": "2030-01-31", "alasan": "pergi", "sk": "SK 2"}
    assert send(rina, page("Ani Contoh"), "akhir", **fields).status_code == 303
    assert held("Ani Contoh") == [("murid", "rumah-a", "2029-07-01", "2030-01-31")]
    assert "Mutasi" in rina.get(page("Ani Contoh")).text


@pytest.mark.parametrize(
    ("changed", "value"), [("alasan", "entah"), ("alasan", ""), ("sampai", "2029-01-01"), ("penugasan", "999")]
)
def test_a_last_day_that_is_wrong_is_refused_at_its_field(rina, changed, value):
    fields = {"penugasan": only("Ani Contoh"), "sampai": "2030-01-31", "alasan": "pergi", "sk": "SK 2"}
    sent = send(rina, page("Ani Contoh"), "akhir", **{**fields, changed: value})
    assert sent.status_code == 422 and f'href="#f-akhir-{changed}"' in sent.text and "SK 2" in sent.text
    assert held("Ani Contoh")[0][3] == ""


def test_the_assignment_of_another_person_cannot_be_ended_here(rina):
    fields = {"penugasan": only("Dedi Contoh"), "sampai": "2030-01-31", "alasan": "pergi", "sk": "SK 2"}
    assert send(rina, page("Ani Contoh"), "akhir", **fields).status_code == 422
    assert held("Dedi Contoh")[0][3] == ""


def test_a_transfer_ends_here_and_goes_on_there(pusat):
    url = page("Ani Contoh", "negeri")
    assert send(pusat, url, "pindah", penugasan=only("Ani Contoh"), **MOVE).status_code == 303
    assert held("Ani Contoh") == [
        ("murid", "rumah-a", "2029-07-01", "2030-01-31"), ("murid", "rumah-b", "2030-02-01", ""),
    ]  # fmt: skip


def test_a_lasting_post_may_be_given_with_its_last_day_which_is_shown_and_is_no_end_to_take_back(pusat):
    url = page("Ani Contoh", "negeri")
    told = {**MOVE, "peran": "pembina", "sampai": "2034-01-31"}
    assert send(pusat, url, "pindah", penugasan=only("Ani Contoh"), **told).status_code == 303
    assert held("Ani Contoh")[1] == ("pembina", "rumah-b", "2030-02-01", "2034-01-31")
    there = page("Ani Contoh", "rumah-b")
    assert "TMT 1 Februari 2030, sampai 31 Januari 2034" in pusat.get(there).text
    assert "mulai 1 Februari 2030 sampai 31 Januari 2034" in pusat.get(f"/satuan/{unit('rumah-b')}/orang").text
    assert "Batalkan tanggal berakhir" in pusat.get(url).text, "the post that was ended"
    assert "Batalkan tanggal berakhir" not in pusat.get(there).text


def test_a_last_day_before_the_first_is_refused_at_its_field_and_moves_nobody(pusat):
    told = {**MOVE, "sampai": "2030-01-31"}
    sent = send(pusat, page("Ani Contoh", "negeri"), "pindah", penugasan=only("Ani Contoh"), **told)
    assert sent.status_code == 422 and 'href="#f-pindah-sampai"' in sent.text
    assert held("Ani Contoh") == [("murid", "rumah-a", "2029-07-01", "")]


def test_a_keeper_of_one_house_cannot_transfer_to_another(rina):
    sent = send(rina, page("Ani Contoh"), "pindah", penugasan=only("Ani Contoh"), **{**MOVE, "ke": "10000002"})
    assert sent.status_code == 422 and "Rumah B bukan bagian dari satuan Anda" in sent.text and "SK 5" in sent.text
    assert held("Ani Contoh") == [("murid", "rumah-a", "2029-07-01", "")]


def test_a_transfer_twice_moves_once(pusat):
    url, first = page("Ani Contoh", "negeri"), only("Ani Contoh")
    send(pusat, url, "pindah", penugasan=first, **MOVE)
    assert send(pusat, url, "pindah", penugasan=first, **MOVE).status_code == 422
    assert len(held("Ani Contoh")) == 2


def test_a_leave_is_entered_with_its_days(rina):
    assert send(rina, page("Ani Contoh"), "kondisi", **LEAVE).status_code == 303
    one = Standing.get()
    assert (one.kind, str(one.since), str(one.until), one.note) == ("libur", "2030-01-20", "2030-04-20", "Surat 3")
    assert "Cuti" in rina.get(page("Ani Contoh")).text


@pytest.mark.parametrize(
    ("changed", "value"), [("alasan", "entah"), ("tmt", ""), ("sampai", "2030-01-01"), ("sk", "n" * 10_000)]
)
def test_a_leave_that_is_wrong_is_refused_at_its_field(rina, changed, value):
    sent = send(rina, page("Ani Contoh"), "kondisi", **{**LEAVE, changed: value})
    assert sent.status_code == 422 and f'href="#f-kondisi-{changed}"' in sent.text
    assert Standing.select().count() == 0


def test_a_merger_moves_everybody_once_after_it_was_confirmed(pusat):
    url = f"/satuan/{unit('rumah-a')}/orang"
    assert "Gabungkan sekolah" in pusat.get(url).text
    unsure = send(pusat, url, "gabung", **{key: value for key, value in MERGE.items() if key != "yakin"})
    assert unsure.status_code == 422 and "Centang agar dapat melanjutkan." in unsure.text and "SK 9" in unsure.text
    assert held("Budi Contoh") == [("pembina", "rumah-a", "2029-07-01", "")]
    assert send(pusat, url, "gabung", **MERGE).status_code == 303
    for name, role in (("Ani Contoh", "murid"), ("Budi Contoh", "pembina"), ("Tamu Contoh", "murid")):
        assert held(name)[1] == (role, "rumah-b", "2030-02-01", "")
    again = send(pusat, url, "gabung", **MERGE)
    assert again.status_code == 422 and "Tidak ada lagi orang" in again.text
    assert len(held("Ani Contoh")) == 2


def test_a_merger_into_itself_or_nowhere_is_refused(pusat):
    url = f"/satuan/{unit('rumah-a')}/orang"
    for into, why in (("10000001", "Pilih sekolah lain."), ("tidak ada", "Tidak ada satuan")):
        sent = send(pusat, url, "gabung", **{**MERGE, "ke": into})
        assert sent.status_code == 422 and why in sent.text and 'href="#f-gabung-ke"' in sent.text
    assert len(held("Ani Contoh")) == 1


def test_the_keeper_of_a_house_does_not_merge_it(rina):
    url = f"/satuan/{unit('rumah-a')}/orang"
    assert "Gabungkan sekolah" not in rina.get(url).text
    assert send(rina, url, "gabung", **MERGE).status_code == 404


def test_a_last_day_entered_by_mistake_is_taken_back_with_a_reason(rina):
    url, mine = page("Ani Contoh"), only("Ani Contoh")
    assert "Batalkan tanggal berakhir" not in rina.get(url).text
    assert send(rina, url, "akhir", penugasan=mine, sampai="2030-05-01", alasan="pergi").status_code == 303
    assert send(rina, url, "batal", penugasan=mine).status_code == 422
    assert held("Ani Contoh")[0][3] == "2030-05-01"
    answer = rina.client.post(
        url, data={"act": "batal", "one:batal-penugasan": mine, "txt:batal-sk": "Salah orang."},
        headers={"Origin": "http://localhost"},
    )  # fmt: skip
    assert answer.status_code == 303 and held("Ani Contoh")[0][3] == ""
    assert LogEntry.select().where(LogEntry.code == "assignment-resumed").count() == 1


def test_a_last_day_is_not_moved_later_than_the_known_one(rina):
    url, mine = page("Ani Contoh"), only("Ani Contoh")
    for last, status in (("2030-05-01", 303), ("2030-06-01", 422)):
        answer = send(rina, url, "akhir", penugasan=mine, sampai=last, alasan="pergi")
        assert answer.status_code == status
    assert 'id="f-akhir-sampai-e1"' in answer.text and held("Ani Contoh")[0][3] == "2030-05-01"


def test_nobody_enters_anything_about_themselves_and_the_page_says_who_does(rina):
    text = rina.get(page("Rina Contoh")).text
    assert "Ini data Anda sendiri." in text and "Catat tanggal berakhir" not in text
    assert send(rina, page("Rina Contoh"), "kondisi", **LEAVE).status_code == 404
    assert Standing.select().count() == 0
