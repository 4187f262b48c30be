"""People come, go, stand in and ask for things: through staff, requests, endings and imports, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import kinerja_read as read
from kinerja import Refusal, access, cases, outbox
from kinerja.clock import real_now
from kinerja.contracts import AssignmentRow, ImportRows, Message, PersonRow
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Job, LogText, Outgoing, Person, PersonId, Request, UnitFact
from kinerja.testing import Player, case_of, person, tasks, unit, viewer
from kinerja_office import choosing, correcting, endings, requests, staff
from kinerja_work import imports, jobs, several
from tests import busy
from tests.busy import work

DAY = date(2030, 1, 15)


@pytest.fixture
def world(kernel: Kernel) -> Kernel:
    busy.build(kernel)
    return kernel


def held(name: str, role: str) -> Assignment:
    return Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))


def seen_by(kernel: Kernel, name: str, role: str) -> access.Viewer:
    return viewer(kernel, name, held(name, role).id)


def keeper(kernel: Kernel) -> access.Viewer:
    return seen_by(kernel, "Jaga Contoh", "penjaga")


def chief(kernel: Kernel) -> access.Viewer:
    return seen_by(kernel, "Kanda Contoh", "kepala-penjaga")


def refused(code: str, call) -> str:
    with pytest.raises(Refusal) as info:
        call()
    assert info.value.code == code, info.value.sentence
    return info.value.sentence


def asked(kernel: Kernel, case: str) -> list[requests.Line]:
    return requests.of_case(keeper(kernel), cases.load(kernel, case))


def ask_number(kernel: Kernel, wanted: str, now: str = "1") -> str:
    person_id = person("Ani Contoh").id
    PersonId.create(person=person_id, kind="nomor", value=now)
    PersonId.create(person=person_id, kind="kartu", value="77")
    case = case_of("Ani Contoh")
    Case.update(profile={**Case.get_by_id(case).profile, "labels": {"nomor": now}}).where(Case.id == case).execute()
    ani = viewer(kernel, "Ani Contoh")
    one = Player(kernel, "Ani Contoh").form(case, "tulis", "cerita").corrections[0]
    requests.ask_value(kernel, ani, cases.load(kernel, case), one, wanted, kernel.clock.now())
    return case


def imported(kernel: Kernel, text: str, at: str = "rumah-a") -> Job:
    id = imports.start_import(kernel, "kantor", "orang", unit(at), {"berkas": text.encode()}, None)
    jobs.run_due(kernel)
    imports.confirm(kernel, id)
    jobs.run_due(kernel)
    work(kernel, kernel.clock.today("Asia/Jakarta"))
    return Job.get_by_id(id)


def test_a_value_asked_for_is_mended_by_the_import_that_shows_it_and_the_request_closes_itself(world: Kernel) -> None:
    case = ask_number(world, "2")
    assert [(one.label, one.value, one.wanted, one.state) for one in requests.inbox(keeper(world))] == [
        ("Nomor", "1", "2", "open")
    ]
    imported(world, "orang;Ani Contoh;3;77")
    assert asked(world, case)[0].state == "open", "another value than asked for is a conflict as before"
    imported(world, "orang;Ani Contoh;2;77")
    line = asked(world, case)[0]
    assert (line.state, line.answer) == ("fixed", "Data sudah sesuai sejak impor 15 Januari 2030.")
    assert requests.inbox(keeper(world)) == []
    assert PersonId.get((PersonId.person == person("Ani Contoh")) & (PersonId.kind == "nomor")).value == "2"


def test_while_a_value_waits_nothing_is_sent_and_planning_goes_on(world: Kernel) -> None:
    case = ask_number(world, "2")
    outbox.add(world, "kecil", [Message("m1", "kantor", "hasil", {})], case, world.clock.now())
    work(world, DAY)
    message = Outgoing.get(Outgoing.key == "m1")
    assert (message.state, message.sentence) == (
        "again", "Menunggu perbaikan data: Nomor. Dikirim setelah datanya benar.",
    )  # fmt: skip
    ani = Player(world, "Ani Contoh")
    ani.fill(case, "tulis")
    assert ani.do(case, "tulis", "ajukan").label == "Perlu disetujui"
    imported(world, "orang;Ani Contoh;2;77")
    Outgoing.update(due_at=real_now() - timedelta(minutes=1)).where(Outgoing.key == "m1").execute()
    work(world, DAY)
    assert Outgoing.get(Outgoing.key == "m1").state == "accepted"


def test_a_request_says_what_is_wrong_with_it_and_is_its_own_person_s_alone(world: Kernel) -> None:
    case = ask_number(world, "2")
    one = Player(world, "Ani Contoh").form(case, "tulis", "cerita").corrections[0]
    seen, now = cases.load(world, case), world.clock.now()
    ani, eka = viewer(world, "Ani Contoh"), viewer(world, "Eka Contoh")
    refused("request-empty", lambda: requests.ask_value(world, ani, seen, one, "  ", now))
    refused("request-same", lambda: requests.ask_value(world, ani, seen, one, " 1 ", now))
    refused("note-long", lambda: requests.ask_value(world, ani, seen, one, "9" * 1001, now))
    refused("missing", lambda: requests.ask_value(world, eka, seen, one, "2", now))
    requests.ask_value(world, ani, seen, one, "4", now)
    assert [line.wanted for line in asked(world, case)] == ["4"], "asking again changes what is wanted"
    other = seen_by(world, "Cici Contoh", "pembina")
    assert requests.inbox(other) == []
    id = asked(world, case)[0].id
    refused("missing", lambda: requests.answer(world, other, id, True, "ya", now))
    refused("note-needed", lambda: requests.answer(world, keeper(world), id, True, " ", now))
    assert requests.answer(world, keeper(world), id, False, "Nomornya benar.", now).state == "denied"
    refused("request-answered", lambda: requests.answer(world, keeper(world), id, True, "ya", now))


def test_an_unlocking_is_granted_once_and_used_up_by_the_hand_in(world: Kernel) -> None:
    case, ani = case_of("Ani Contoh"), Player(world, "Ani Contoh")
    now = world.clock.now()
    assert ani.form(case, "tulis", "cerita").locked == "Terkunci."
    mine = viewer(world, "Ani Contoh")
    refused(
        "note-needed", lambda: requests.ask_unlock(world, mine, cases.load(world, case), "cerita", "Cerita", "", now)
    )
    requests.ask_unlock(world, mine, cases.load(world, case), "cerita", "Cerita", "Saya keliru.", now)
    requests.answer(
        world,
        keeper(world),
        asked(world, case)[0].id,
        True,
        "Boleh, SK baru terbit.",
        now,
    )
    assert ani.form(case, "tulis", "cerita").locked == ""
    ani.fill(case, "tulis")
    ani.do(case, "tulis", "ajukan")
    assert ani.form(case, "tulis", "cerita").locked == "Terkunci."
    assert Request.get().state == "used"
    told = [one.text for one in LogText.select()]
    assert "Jaga Contoh membuka sekali lagi: Cerita. Boleh, SK baru terbit." in told


def test_a_transfer_ends_the_case_at_its_day_with_months_and_the_next_starts_from_it(world: Kernel) -> None:
    old, ani = case_of("Ani Contoh"), Player(world, "Ani Contoh")
    ani.fill(old, "tulis")
    ani.do(old, "tulis", "ajukan")
    since = date(2030, 4, 1)
    staff.transfer(
        world,
        chief(world),
        held("Ani Contoh", "murid"),
        unit("rumah-b"),
        "murid",
        since,
        "pindah",
        "SK 1, 20 Maret 2030",
    )
    assert not Case.get_by_id(old).closed_at, "its day has not come"
    work(world, since)
    ended = cases.load(world, old)
    assert ended.closed
    assert (ended.ending["label"], ended.ending["tanggal"], ended.ending["bulan"]) == ("Pindah rumah", "2030-03-31", 3)
    assert tasks(old) == []
    new = Case.get((Case.person == person("Ani Contoh")) & (Case.unit == unit("rumah-b")))
    assert (new.previous, new.counts) == (old, True)
    head = seen_by(world, "Budi Contoh", "pembina")
    endings.add_note(world, head, ended, "Sampai April baik.", world.clock.now())
    assert cases.load(world, old).ending["catatan"] == "Sampai April baik."
    refused("note-there", lambda: endings.add_note(world, head, cases.load(world, old), "Lagi", world.clock.now()))
    own = viewer(world, "Ani Contoh")
    refused("missing", lambda: endings.add_note(world, own, cases.load(world, old), "Saya", world.clock.now()))


def test_a_transfer_entered_late_undoes_no_decision(world: Kernel) -> None:
    old, ani = case_of("Ani Contoh"), Player(world, "Ani Contoh")
    ani.fill(old, "tulis")
    ani.do(old, "tulis", "ajukan")
    Player(world, "Budi Contoh").through("pembina").do(old, "tulis", "setujui")
    work(world, date(2030, 3, 20))
    staff.transfer(
        world, chief(world), held("Ani Contoh", "murid"), unit("rumah-b"), "murid", date(2030, 3, 1), "pindah", "SK 1"
    )
    work(world, date(2030, 3, 20))
    ended = cases.load(world, old)
    assert (ended.closed, ended.progress["tulis"].state.label, ended.ending["bulan"]) == (True, "Jadi", 2)


def test_who_keeps_one_unit_cannot_move_people_into_another(world: Kernel) -> None:
    move = held("Ani Contoh", "murid")
    sentence = refused(
        "other-unit",
        lambda: staff.transfer(world, keeper(world), move, unit("rumah-b"), "murid", DAY, "pindah", "SK 1"),
    )
    assert sentence.startswith("Rumah B bukan bagian dari satuan Anda.")
    assert held("Ani Contoh", "murid").until is None


def test_an_appointment_needs_a_paper_days_in_order_and_a_role_not_above_ones_own(world: Kernel) -> None:
    who, house = person("Eka Contoh"), unit("rumah-a")

    def appoint(
        role: str = "pembina", kind: str = "sementara", until: date | None = date(2030, 6, 30), note: str = "SK 9"
    ):
        return staff.appoint(world, keeper(world), who, role, kind, house, DAY, until, note)

    refused("paper-needed", lambda: appoint(note=" "))
    refused("days-turned", lambda: appoint(until=DAY - timedelta(days=1)))
    refused("last-day-needed", lambda: appoint(until=None))
    refused("missing", lambda: appoint(role="ketua"))
    appoint()
    refused("held-already", appoint)


def test_a_lasting_post_may_be_given_with_a_last_day_and_without(world: Kernel) -> None:
    who, house, end = person("Eka Contoh"), unit("rumah-a"), date(2034, 1, 14)
    made = staff.appoint(world, keeper(world), who, "pembina", "tetap", house, DAY, end, "SK 9")
    after = end + timedelta(days=1)
    again = staff.appoint(world, keeper(world), who, "pembina", "tetap", house, after, None, "SK 10, masa kedua")
    assert (made.until, again.until) == (end, None)


def test_somebody_who_also_stands_in_has_two_cases_and_the_one_at_home_counts(world: Kernel) -> None:
    staff.end(world, chief(world), held("Cici Contoh", "pembina"), DAY - timedelta(days=1), "purna", "SK 3")
    staff.appoint(
        world,
        chief(world),
        person("Eka Contoh"),
        "pembina",
        "sementara",
        unit("rumah-b"),
        DAY,
        date(2030, 6, 30),
        "SK 9",
    )
    work(world, DAY)
    found = {(one.unit.code, one.role): one.counts for one in Case.select().where(Case.person == person("Eka Contoh"))}
    assert found == {("rumah-a", "murid"): True, ("rumah-b", "pembina"): False}
    dedi = cases.load(world, case_of("Dedi Contoh"))
    assert (dedi.view.holders["memutuskan"].person.name, dedi.view.holders["memutuskan"].acting) == ("Eka Contoh", True)


def test_who_stands_in_at_home_is_decided_on_by_the_next_above_and_a_vacancy_is_nobody_s(world: Kernel) -> None:
    staff.end(world, chief(world), held("Budi Contoh", "pembina"), DAY - timedelta(days=1), "purna", "SK 3")
    work(world, DAY)
    assert "memutuskan" not in cases.load(world, case_of("Ani Contoh")).view.holders
    staff.appoint(
        world,
        chief(world),
        person("Eka Contoh"),
        "pembina",
        "sementara",
        unit("rumah-a"),
        DAY,
        date(2030, 6, 30),
        "SK 9",
    )
    work(world, DAY)
    deciders = {
        name: cases.load(world, case.id).view.holders["memutuskan"].person.name
        for name in ("Ani Contoh", "Eka Contoh")
        for case in Case.select().where((Case.person == person(name)) & (Case.role == "murid"))
    }
    assert deciders == {"Ani Contoh": "Eka Contoh", "Eka Contoh": "Ketua Contoh"}


def test_one_who_left_is_refused_with_the_reason_and_what_was_decided_stays_signed(world: Kernel) -> None:
    case, budi = case_of("Ani Contoh"), Player(world, "Budi Contoh").through("pembina")
    Player(world, "Ani Contoh").fill(case, "tulis")
    Player(world, "Ani Contoh").do(case, "tulis", "ajukan")
    staff.end(world, chief(world), held("Budi Contoh", "pembina"), DAY - timedelta(days=1), "purna", "SK 3")
    sentence = refused("held-in-office", lambda: budi.do(case, "tulis", "setujui"))
    assert sentence.startswith("Menurut data, jabatan Anda di sini sudah berakhir")


def test_one_who_is_ill_has_no_turns_and_gets_them_back_afterwards(world: Kernel) -> None:
    case = case_of("Ani Contoh")
    assert tasks(case) == [("pegawai", "Susun")]
    staff.set_standing(world, keeper(world), person("Ani Contoh"), "sakit", DAY, date(2030, 1, 20), "Surat dokter")
    work(world, DAY)
    assert (tasks(case), cases.load(world, case).standing) == ([], "sakit")
    work(world, date(2030, 1, 21))
    assert tasks(case) == [("pegawai", "Susun")]
    elsewhere = seen_by(world, "Cici Contoh", "pembina")
    refused("other-unit", lambda: staff.set_standing(world, elsewhere, person("Ani Contoh"), "sakit", DAY, None, ""))


def test_the_last_day_of_work_is_the_last_day_of_every_turn(world: Kernel) -> None:
    staff.end(world, keeper(world), held("Ani Contoh", "murid"), date(2030, 1, 25), "purna", "SK 4")
    work(world, DAY)
    case = case_of("Ani Contoh")
    assert cases.load(world, case).progress["tulis"].due == date(2030, 1, 25)
    ani = Player(world, "Ani Contoh")
    ani.fill(case, "tulis")
    work(world, date(2030, 1, 26))
    refused("too-late", lambda: ani.do(case, "tulis", "ajukan"))
    assert not cases.load(world, case).closed, "this reason lets the case be judged"


def test_houses_are_merged_with_all_who_live_there(world: Kernel) -> None:
    moved = staff.merge(world, chief(world), unit("rumah-b"), unit("rumah-a"), date(2030, 2, 1), "pindah", "SK 5")
    work(world, date(2030, 2, 1))
    assert moved == 2
    assert {one.unit.code for one in Case.select().where(Case.closed_at.is_null() & (Case.subject == "person"))} == {
        "rumah-a"
    }


def test_a_wrong_decider_is_put_right_for_many_and_stays_so(world: Kernel) -> None:
    chosen = held("Cici Contoh", "pembina").id
    many = [case_of("Ani Contoh"), case_of("Eka Contoh")]
    refused(
        "note-needed", lambda: correcting.correct(world, chief(world), many, "memutuskan", chosen, "", DAY_AT(world))
    )
    assert correcting.correct(world, chief(world), many, "memutuskan", chosen, "Salah data", DAY_AT(world)) == sorted(
        many
    )
    work(world, date(2030, 1, 17))
    assert {cases.load(world, id).view.holders["memutuskan"].person.name for id in many} == {"Cici Contoh"}
    assert (
        correcting.correct(world, keeper(world), [case_of("Dedi Contoh")], "memutuskan", chosen, "x", DAY_AT(world))
        == []
    )
    staff.end(world, chief(world), held("Cici Contoh", "pembina"), date(2030, 1, 18), "purna", "SK 3")
    work(world, date(2030, 1, 19))
    assert {cases.load(world, id).view.holders["memutuskan"].person.name for id in many} == {"Budi Contoh"}


def DAY_AT(kernel: Kernel):
    return kernel.clock.now()


def test_who_is_named_by_the_unit_s_fact_recommends_and_no_longer_when_left_out(world: Kernel) -> None:
    house = Case.get((Case.unit == unit("rumah-a")) & (Case.subject == "unit")).id
    budi = Player(world, "Budi Contoh").through("pembina")
    budi.hand_in(house, "regu", "susun-regu", "tetapkan", regu=[str(person("Eka Contoh").id)])
    work(world, DAY)
    assert cases.load(world, case_of("Ani Contoh")).view.holders["menyarankan"].person.name == "Eka Contoh"
    assert "menyarankan" not in cases.load(world, case_of("Eka Contoh")).view.holders
    assert "menyarankan" not in cases.load(world, case_of("Dedi Contoh")).view.holders


def test_several_plans_are_taken_at_once_only_where_the_scheme_and_nothing_in_them_forbids(world: Kernel) -> None:
    for name in ("Ani Contoh", "Eka Contoh"):
        Player(world, name).fill(case_of(name), "tulis")
        Player(world, name).do(case_of(name), "tulis", "ajukan")
    both = [case_of("Ani Contoh"), case_of("Eka Contoh")]
    head = seen_by(world, "Budi Contoh", "pembina")
    assert [one.several for one in read.turns(head, DAY) if one.stage == "tulis"] == ["setujui", "setujui"]
    other = seen_by(world, "Cici Contoh", "pembina")
    refused("several-none", lambda: several.start_several(world, other, "tulis", "setujui", both, "x", unit("rumah-a")))
    job = several.start_several(world, head, "tulis", "setujui", both, "Setujui 2 rencana", unit("rumah-a"))
    Player(world, "Eka Contoh").do(both[1], "tulis", "tarik")
    jobs.run_due(world)
    done = Job.get_by_id(job)
    assert (done.state, done.done, done.total, done.result["taken"]) == ("done", 2, 2, 1)
    assert [(name, sentence) for _, name, sentence, _ in done.result["problems"]] == [
        ("Eka Contoh", "Ada yang perlu dibicarakan lebih dahulu, jadi diperiksa satu per satu.")
    ]
    assert [cases.load(world, id).progress["tulis"].state.label for id in both] == ["Jadi", "Draf"]


def test_a_region_adds_to_a_list_for_its_own_units_alone(world: Kernel) -> None:
    for code, on in (("negeri", False), ("rumah-b", True)):
        choosing.set_choice(world, unit(code), "daerah", None, on=on)
    from kinerja.models import Period
    from kinerja_office.periods import decide_content, renew

    renew(world, Period.get(), None, "Daerah menambah buku")
    for one in Case.select().where(Case.subject == "person"):
        content = decide_content(world, one.period, one.unit, one.profile["fields"])
        Case.update(content=content.raw()).where(Case.id == one.id).execute()

    def books(name: str) -> list[str]:
        return [option.id for option in Player(world, name).form(case_of(name), "tulis", "pilih").fields[0].options]

    assert books("Dedi Contoh") == ["laut", "gunung", "sawah"]
    assert books("Ani Contoh") == ["laut", "gunung"]


def test_facts_that_an_import_brings_belong_to_the_unit_and_undeclared_ones_are_refused(world: Kernel) -> None:
    imported(world, "kabar;cuaca;cerah")
    seen = cases.load(world, case_of("Ani Contoh"))
    assert seen.near.unit.facts["kabar.cuaca"].label == "cerah"
    imported(world, "kabar;angin;kencang")
    assert [one.name for one in UnitFact.select()] == ["kabar.angin"], "what is brought no more is gone"
    assert "kabar.angin" not in cases.load(world, case_of("Dedi Contoh")).near.unit.facts


def test_notes_on_an_item_are_said_once_by_those_related_and_only_of_items_there_are(world: Kernel) -> None:
    from kinerja import notes

    case, ani = case_of("Ani Contoh"), Player(world, "Ani Contoh")
    ani.fill(case, "tulis")
    ani.do(case, "tulis", "ajukan")
    now, budi = world.clock.now(), Player(world, "Budi Contoh").through("pembina")

    def say(actor, text: str, key: str = "k", item: str = "pilih:laut") -> None:
        notes.note(world, key, actor, case, "tulis", item, text, now)

    say(budi.actor, "Mengapa laut?")
    say(budi.actor, "Mengapa laut?")
    say(ani.actor, "Dekat rumah.", "k2")
    beside = read.beside(viewer(world, "Ani Contoh"), world, cases.load(world, case), DAY, "tulis")
    assert [(line[1], line[2], line[4]) for line in beside.notes] == [
        ("Ani Contoh", "Dekat rumah.", "pilih:laut"),
        ("Budi Contoh", "Mengapa laut?", "pilih:laut"),
    ]
    refused("missing", lambda: say(Player(world, "Eka Contoh").actor, "Halo", "k3"))
    refused("item-gone", lambda: say(ani.actor, "Halo", "k4", "pilih:gunung"))
    refused("note-needed", lambda: say(ani.actor, "  ", "k5"))
    refused("note-long", lambda: say(ani.actor, "a" * 2001, "k6"))


def test_a_case_is_ended_early_with_a_reason_by_who_may(world: Kernel) -> None:
    case, head = case_of("Ani Contoh"), seen_by(world, "Budi Contoh", "pembina")
    now = world.clock.now()

    def end(who: access.Viewer, reason: str = "pindah", months: int = 1, note: str = "Pindah.") -> None:
        endings.end(world, who, cases.load(world, case), reason, DAY, months, note, now)

    refused("missing", lambda: end(viewer(world, "Ani Contoh")))
    refused("missing", lambda: end(seen_by(world, "Cici Contoh", "pembina")))
    refused("reason-unknown", lambda: end(head, reason="bosan"))
    refused("months-wrong", lambda: end(head, months=13))
    refused("note-needed", lambda: end(head, note=" "))
    end(head)
    refused("ended", lambda: end(head))
    refused("ended", lambda: Player(world, "Ani Contoh").draft(case, "tulis", "cerita", isi="x"))


def test_a_role_that_is_not_one_of_such_a_unit_is_refused_there(world: Kernel) -> None:
    house, who = unit("rumah-a"), person("Eka Contoh")
    sentence = refused(
        "role-elsewhere",
        lambda: staff.appoint(world, chief(world), who, "tamu", "tetap", house, DAY, None, "SK 9"),
    )
    assert sentence.startswith("Tamu kehormatan bukan jabatan di Rumah A.")
    staff.appoint(world, chief(world), who, "tamu", "tetap", unit("negeri"), DAY, None, "SK 9")
    assert held("Eka Contoh", "tamu").unit_id == unit("negeri").id


LONG = "x" * 300
OVERFULL = {
    "name": ({"name": LONG}, "Nama terlalu panjang, paling banyak 255 huruf."),
    "front title": ({"title_front": LONG}, "Gelar depan terlalu panjang, paling banyak 255 huruf."),
    "back title": ({"title_back": LONG}, "Gelar belakang terlalu panjang, paling banyak 255 huruf."),
    "name with titles": ({"name": "x" * 200, "title_back": "y" * 100}, "Nama dengan gelar terlalu panjang, paling banyak 255"),
    "number": ({"ids": {"nomor": LONG}}, "NOMOR terlalu panjang, paling banyak 255 huruf."),
    "kind of number": ({"ids": {LONG: "1"}}, "XXXXXXXXXXXXXXXXXXXX terlalu panjang, paling banyak 255 huruf."),
    "rank": ({"rank": LONG}, "Pangkat terlalu panjang, paling banyak 255 huruf."),
    "level": ({"level": LONG}, "Jenjang jabatan terlalu panjang, paling banyak 255 huruf."),
    "employment": ({"employment": LONG}, "Status kepegawaian terlalu panjang, paling banyak 255 huruf."),
    "role": ({"assignments": (AssignmentRow(LONG, "rumah-a", "tetap"),)}, "Jabatan terlalu panjang, paling banyak 255"),
    "kind": ({"assignments": (AssignmentRow("murid", "rumah-a", LONG),)}, "Jenis penugasan terlalu panjang, paling banyak"),
    "note": (
        {"assignments": (AssignmentRow("murid", "rumah-a", "tetap", note="x" * 2001),)},
        "Keterangan penugasan terlalu panjang, paling banyak 2000 huruf.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OVERFULL)
def test_a_row_with_a_text_longer_than_its_column_is_refused_with_a_sentence_and_the_rest_is_taken(
    world: Kernel, what: str
) -> None:
    values, sentence = OVERFULL[what]
    long = PersonRow(row=2, **{"name": "Panjang Contoh", **values})  # type: ignore[arg-type]  # one value of each kind
    sound = PersonRow(3, "Muat Contoh", assignments=(AssignmentRow("murid", "rumah-a", "tetap"),))
    connectors = world.host.registry.connectors
    reader = replace(connectors["kantor"].imports[0], read=lambda files, unit, lists: ImportRows(None, (long, sound)))
    connectors["kantor"] = replace(connectors["kantor"], imports=(reader,))
    before = {one.id for one in Person.select()}
    job = imports.start_import(world, "kantor", "orang", unit("rumah-a"), {"berkas": b"x"}, None)
    jobs.run_due(world)
    told = Job.get_by_id(job).result["problems"]
    assert [(row, fatal) for row, _, _, fatal in told if row == 2] == [(2, True)]
    assert told[0][2].startswith(sentence) and told[0][2].endswith("Perbaiki di sumber datanya, lalu impor lagi.")
    imports.confirm(world, job)
    jobs.run_due(world)
    assert Job.get_by_id(job).state == "done"
    assert [one.name for one in Person.select() if one.id not in before] == ["Muat Contoh"]
