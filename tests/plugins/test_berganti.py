"""People change while their work is open: they move, come late, are brought back; a year stays one person's year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from peewee import IntegrityError

import kinerja_read as read
from kinerja import Refusal, cases
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, Person, Timer
from kinerja.testing import Player, add_person, case_of, person, set_date, tasks, unit, viewer
from kinerja_office import aftermath, periods, requests, staff
from kinerja_office.staff import Held, held_by
from kinerja_work import worker
from tests.plugins.test_journey import PLAN, RATING, YEAR, agreed, begun, observed, rated, sent

HERE, THERE = "99990101", "99990201"
FIRST, SECOND, WHOLE = "Januari–Juni 2024", "Juli–Desember 2024", "Tahun 2024"


def office(kernel: Kernel, code: str = HERE) -> Any:
    """Whoever keeps the people of both schools."""
    line = set(unit(code).line) & set(unit(THERE).line)
    held = next(one for one in Assignment.select().where(Assignment.role == "admin-dinas") if one.unit_id in line)
    return viewer(kernel, held.person.name, held.id)


def post(kernel: Kernel, name: str, code: str = HERE, role: str = "guru") -> Held:
    found = held_by(office(kernel), staff.units.as_value(unit(code)), person(name).id)
    return next(one for one in found if one.role == role)


def move(kernel: Kernel, name: str, code: str, to: str, since: date) -> None:
    target = staff.units.as_value(unit(to))
    staff.transfer(kernel, office(kernel), post(kernel, name, code), target, "guru", since, "mutasi", "SK 2")
    worker.run_once(kernel)


def where(name: str) -> dict[tuple[str, str], str]:
    """The cases of somebody: (school, period) to «buka» or «tutup»."""
    return {
        (one.unit.npsn, one.period.label): "tutup" if one.closed_at else "buka"
        for one in Case.select().join(Period).where(Case.person == person(name))
    }


def case_at(name: str, code: str, label: str) -> str:
    found = (
        Case.select()
        .join(Period)
        .where((Case.person == person(name)) & (Case.unit == unit(code)) & (Period.label == label))
    )
    return str(found.get().id)


def head_of(kernel: Kernel, case: str) -> Player:
    holder = cases.load(kernel, case).view.holders["memutuskan"]
    return Player(kernel, Person.get_by_id(holder.person.id).name).through(holder.role)


def said_of_the_year(head: Player, year: str) -> list[tuple[str, str]]:
    fields = head.form(year, YEAR, "rating-tahunan").fields
    return [pair for one in fields if one.key == "anak" for pair in one.pairs]


def seen_at_work(kernel: Kernel, sari: Player, budi: Player) -> str:
    """The first half year up to the observation."""
    first = case_of("Sari Contoh", "Januari")
    agreed(first, sari, budi)
    set_date(kernel, date(2024, 2, 5))
    observed(first, sari, budi)
    return first


def first_half(kernel: Kernel, sari: Player, budi: Player) -> str:
    first = seen_at_work(kernel, sari, budi)
    set_date(kernel, date(2024, 6, 5))
    rated(first, RATING, "rating", budi)
    return first


def test_who_moved_in_july_is_asked_for_no_half_year_there_and_the_year_reads_the_part_rated_before(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    first_half(demo, sari, budi)
    set_date(demo, date(2024, 7, 12))
    move(demo, "Sari Contoh", HERE, THERE, date(2024, 7, 10))
    assert where("Sari Contoh") == {
        (HERE, FIRST): "buka", (HERE, SECOND): "tutup", (HERE, WHOLE): "tutup",
        (THERE, SECOND): "buka", (THERE, WHOLE): "buka",
    }  # fmt: skip
    second, year = case_at("Sari Contoh", THERE, SECOND), case_at("Sari Contoh", THERE, WHOLE)
    head = head_of(demo, second)
    begins = Case.get(
        (Case.unit == unit(THERE)) & (Case.subject == "unit") & (Case.part == Case.get_by_id(second).part)
    )
    head.hand_in(begins.id, "pembukaan", "mulai-periode", "serahkan")
    worker.run_once(demo)
    agreed(second, sari, head)
    set_date(demo, date(2024, 12, 5))
    rated(second, RATING, "rating", head)
    worker.run_once(demo)
    assert said_of_the_year(head, year) == [
        (f"{FIRST}, {unit(HERE).name}", "Baik"), (f"{SECOND}, {unit(HERE).name}", "Berakhir tanpa penilaian"), (SECOND, "Baik"),
    ]  # fmt: skip
    rated(year, YEAR, "rating-tahunan", head)
    assert [(one["tahun"], one["predikat"]) for one in sent()] == [(2024, "baik")]


def test_a_part_worked_to_its_end_is_still_rated_where_it_was_worked(demo: Kernel, sari: Player, budi: Player) -> None:
    first = seen_at_work(demo, sari, budi)
    set_date(demo, date(2024, 7, 12))
    move(demo, "Sari Contoh", HERE, THERE, date(2024, 7, 10))
    rated(first, RATING, "rating", budi)
    worker.run_once(demo)
    year = case_at("Sari Contoh", THERE, WHOLE)
    assert said_of_the_year(head_of(demo, year), year)[0] == (f"{FIRST}, {unit(HERE).name}", "Baik")


def test_who_comes_in_july_has_no_case_for_the_half_year_before(demo: Kernel) -> None:
    set_date(demo, date(2024, 7, 10))
    add_person(
        "Baru Uji", "guru", unit(HERE), "definitif", date(2024, 7, 8), employment="pns",
        attributes={"jenis_ptk": "guru-kelas"}, ids={"nip": "199501012024031003"},
    )  # fmt: skip
    aftermath.after_people(demo, unit(HERE))
    assert where("Baru Uji") == {(HERE, SECOND): "buka", (HERE, WHOLE): "buka"}


@pytest.mark.parametrize(("since", "opened"), [(date(2024, 6, 30), True), (date(2024, 7, 1), False)])
def test_who_worked_the_last_day_of_a_part_has_it_and_who_came_the_day_after_has_not(
    demo: Kernel, since: date, opened: bool
) -> None:
    set_date(demo, date(2024, 7, 10))
    add_person(
        "Baru Uji", "guru", unit(HERE), "definitif", since, employment="pns", attributes={"jenis_ptk": "guru-kelas"}
    )
    aftermath.after_people(demo, unit(HERE))
    assert ((HERE, FIRST) in where("Baru Uji")) is opened


def test_who_was_judged_and_moves_before_the_last_day_is_not_asked_for_that_part_again(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    first_half(demo, sari, budi)
    move(demo, "Sari Contoh", HERE, THERE, date(2024, 6, 20))
    set_date(demo, date(2024, 6, 20))
    assert where("Sari Contoh") == {
        (HERE, FIRST): "tutup", (HERE, WHOLE): "tutup", (THERE, WHOLE): "buka"
    }  # fmt: skip
    set_date(demo, date(2024, 6, 25))
    move(demo, "Sari Contoh", THERE, HERE, date(2024, 6, 25))
    assert where("Sari Contoh")[HERE, FIRST] == "buka", "who comes back goes on with what they have there"


def test_an_end_taken_back_opens_the_year_again_too(demo: Kernel, sari: Player, budi: Player) -> None:
    set_date(demo, date(2024, 7, 3))
    begun(demo, budi)
    set_date(demo, date(2024, 8, 1))
    staff.end(demo, office(demo), post(demo, "Sari Contoh"), date(2024, 8, 5), "pensiun", "SK salah")
    set_date(demo, date(2024, 8, 7))
    second = case_of("Sari Contoh", "Juli")
    assert where("Sari Contoh")[HERE, WHOLE] == where("Sari Contoh")[HERE, SECOND] == "tutup"
    with pytest.raises(Refusal) as refused:
        sari.draft(second, PLAN, "praktik")
    assert refused.value.sentence.startswith("Kinerja ini sudah berakhir: Pensiun, 5 Agustus 2024.")
    staff.resume(demo, office(demo), post(demo, "Sari Contoh"), "salah orang")
    worker.run_once(demo)
    assert where("Sari Contoh")[HERE, WHOLE] == where("Sari Contoh")[HERE, SECOND] == "buka"


def test_who_moves_away_and_comes_back_in_one_half_year_goes_on_with_what_was_begun(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    set_date(demo, date(2024, 7, 3))
    begun(demo, budi)
    set_date(demo, date(2024, 8, 1))
    move(demo, "Sari Contoh", HERE, THERE, date(2024, 8, 1))
    set_date(demo, date(2024, 9, 2))
    move(demo, "Sari Contoh", THERE, HERE, date(2024, 9, 2))
    assert where("Sari Contoh") == {
        (HERE, FIRST): "buka", (HERE, SECOND): "buka", (HERE, WHOLE): "buka",
        (THERE, SECOND): "tutup", (THERE, WHOLE): "tutup",
    }  # fmt: skip


@pytest.mark.parametrize("back", [date(2024, 10, 1), date(2024, 12, 30)])
def test_who_works_elsewhere_for_some_months_has_their_work_there_though_it_is_known_when_they_come_back(
    demo: Kernel, sari: Player, budi: Player, back: date
) -> None:
    set_date(demo, date(2024, 7, 3))
    begun(demo, budi)
    home, away = (staff.units.as_value(unit(code)) for code in (HERE, THERE))
    first, keeper = date(2024, 8, 1), office(demo)
    staff.transfer(demo, keeper, post(demo, "Sari Contoh"), away, "guru", first, "mutasi", "SK 2")
    staff.transfer(demo, keeper, post(demo, "Sari Contoh", THERE), home, "guru", back, "mutasi", "SK 3")
    halves = [(HERE, SECOND), (THERE, SECOND)]
    told = []
    for day in (date(2024, 7, 31), first, back):
        set_date(demo, day)
        told.append([where("Sari Contoh").get(half, "") for half in halves])
    assert told == [["buka", ""], ["tutup", "buka"], ["buka", "tutup"]]


def test_a_teacher_who_becomes_head_in_july_has_one_year_with_both_parts(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    first_half(demo, sari, budi)
    set_date(demo, date(2024, 7, 12))
    target = staff.units.as_value(unit(THERE))
    staff.end(
        demo, office(demo), post(demo, head_name(THERE), THERE, "kepala-sekolah"), date(2024, 7, 9), "pensiun", "SK 1"
    )
    staff.transfer(
        demo, office(demo), post(demo, "Sari Contoh"), target, "kepala-sekolah", date(2024, 7, 10), "promosi", "SK 2"
    )
    worker.run_once(demo)
    counted = Case.select().join(Period).where(
        (Case.person == person("Sari Contoh")) & Case.counts & Case.closed_at.is_null() & (Period.label == WHOLE)
    )  # fmt: skip
    assert [(one.role, one.unit.npsn) for one in counted] == [("kepala-sekolah", THERE)]
    year = counted.get().id
    assert [one.label for one in cases.load(demo, year).near.children][:1] == [f"{FIRST}, {unit(HERE).name}"]


def head_name(code: str) -> str:
    found = Assignment.get(
        (Assignment.unit == unit(code)) & (Assignment.role == "kepala-sekolah") & Assignment.until.is_null()
    )
    return str(found.person.name)


def test_nobody_has_two_open_cases_of_one_year_even_where_two_posts_are_home(demo: Kernel) -> None:
    sari = person("Sari Contoh")
    Assignment.create(
        person=sari, role="guru", unit=unit(THERE), kind="definitif", home=True, since=date(2024, 1, 15), entered_at=demo.clock.now()
    )  # fmt: skip
    aftermath.after_people(demo, unit(THERE))
    assert {code for code, _ in where("Sari Contoh")} == {HERE}
    copied = Case.get_by_id(case_of("Sari Contoh", "Januari"))
    copied.id, copied.unit = "lain", unit(THERE)
    with pytest.raises(IntegrityError):
        copied.save(force_insert=True)


def test_rights_turn_at_midnight_of_the_day_of_an_appointment(demo: Kernel) -> None:
    """Entered weeks before; nothing but its own timer runs that night."""
    set_date(demo, date(2024, 2, 1))
    old = head_name(HERE)
    staff.end(demo, office(demo), post(demo, old, HERE, "kepala-sekolah"), date(2024, 2, 19), "pensiun", "SK 1")
    eka, _ = add_person("Eka Uji", "guru", unit(THERE), "definitif", date(2020, 1, 1), employment="pns")
    kept = staff.Employee(eka.id, eka.name, "", "")
    staff.appoint(
        demo, office(demo), kept, "kepala-sekolah", "plt", staff.units.as_value(unit(HERE)), date(2024, 2, 20),
        date(2024, 5, 20), "SK 2",
    )  # fmt: skip
    worker.run_once(demo)
    case = case_of("Sari Contoh", "Januari")
    set_date(demo, date(2024, 2, 19), hour=23)
    assert deciders(demo, case) == [old]
    put_off_the_sweep()
    set_date(demo, date(2024, 2, 20), hour=0)
    assert deciders(demo, case) == ["Eka Uji"]
    put_off_the_sweep()
    set_date(demo, date(2024, 5, 21), hour=0)
    assert deciders(demo, case) == []


def put_off_the_sweep() -> None:
    Timer.update(due_at=datetime(2030, 1, 1, tzinfo=UTC)).where(
        (Timer.name == "sweep") & Timer.done_at.is_null()
    ).execute()


def deciders(kernel: Kernel, case: str) -> list[str]:
    return [Person.get_by_id(who).name for kind, who, _ in cases.load(kernel, case).relations if kind == "memutuskan"]


def test_a_list_asks_the_day_as_the_case_does_before_any_worker_ran(demo: Kernel, sari: Player, budi: Player) -> None:
    sari.fill(case := case_of("Sari Contoh", "Januari"), PLAN)
    sari.do(case, PLAN, "ajukan")
    held = Assignment.get((Assignment.person == person("Budi Contoh")) & (Assignment.role == "kepala-sekolah"))
    head, today = viewer(demo, "Budi Contoh", held.id), demo.clock.today("Asia/Jakarta")
    assert [one.case for one in read.waits(head, today).asked if one.case == case] == [case]
    Assignment.update(until=date(2024, 1, 1)).where(Assignment.id == held.id).execute()
    assert deciders(demo, case) == []
    assert read.waits(head, today).asked == ()
    assert case not in {one.case for one in read.standings(head, today)}
    assert read.waiting_elsewhere(viewer(demo, "Budi Contoh"), today).get(held.id, 0) == 0
    assert read.open_tasks(head, [case], today) == []
    assert tasks(case) == [("memutuskan", "Periksa rencana")], "nobody is named, and the turn itself stands"


@pytest.mark.parametrize(("by_itself", "opens"), [((True, True), [True, True]), ((True, False), [False, False])])
def test_a_year_that_somebody_ended_stays_so_and_none_of_its_parts_opens_again(
    demo: Kernel, by_itself: tuple[bool, bool], opens: list[bool]
) -> None:
    ids, now = [case_of("Sari Contoh", label) for label in ("Januari", "Tahun")], demo.clock.now()
    for id, automatic in zip(ids, by_itself, strict=True):
        ending = {"alasan": "mutasi", "otomatis": automatic}
        Case.update(closed_at=now, ending=ending).where(Case.id == id).execute()
    periods.open_cases(demo, Case.get_by_id(ids[0]).period, now, [unit(HERE).id])
    assert [Case.get_by_id(id).closed_at is None for id in ids] == opens


def test_of_who_moved_the_head_of_the_new_school_may_be_named_too(demo: Kernel) -> None:
    case = case_of("Sari Contoh", "Januari")
    move(demo, "Sari Contoh", HERE, THERE, date(2024, 1, 22))
    offered = requests.candidates(demo, office(demo), cases.load(demo, case), date(2024, 1, 22))
    schools = {label.rpartition(", ")[2] for _, label in offered}
    assert {unit(HERE).name, unit(THERE).name} <= schools
    assert not any(label.startswith("Sari Contoh") for _, label in offered)
