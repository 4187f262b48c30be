"""Who may do what to whom at which unit, asked of the kernel directly: no page stands before it here.

One table of acts, held against everybody who might try: who keeps the people there, who keeps those of another house,
the same person in a post that ended yesterday, who only decides there, and the very person it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from kinerja import Refusal, access, cases, people, units
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, LogText, Period, Relation, Request, Standing, Timer
from kinerja.testing import Player, add_person, case_of, person, unit, viewer
from kinerja_office import correcting, endings, relations, requests, staff
from tests import busy, small
from tests.core.test_people_changes import chief, held, keeper, seen_by
from tests.refused import code

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])

DAY = date(2030, 1, 15)
YESTERDAY, TOMORROW = date(2030, 1, 14), date(2030, 1, 16)
Act = Callable[[Kernel, access.Viewer], object]


@pytest.fixture
def world(kernel: Kernel) -> Kernel:
    busy.build(kernel)
    add_person("Jauh Contoh", "penjaga", unit("rumah-b"), "tetap", date(2029, 7, 1))
    return kernel


def employee(name: str) -> staff.Employee:
    found = person(name)
    return staff.Employee(found.id, found.name)


def held_value(name: str, role: str) -> staff.Held:
    found = held(name, role)
    return staff.Held(
        found.id, employee(name), units.as_value(found.unit), found.role, found.kind, found.home, found.since,
        found.until, found.note, found.ended_as,
    )  # fmt: skip


def here(code: str = "rumah-a") -> units.UnitLine:
    return units.as_value(unit(code))


def ask(kernel: Kernel) -> int:
    """A request of Ani's that waits."""
    seen = cases.load(kernel, case_of("Ani Contoh"))
    requests.ask_unlock(kernel, viewer(kernel, "Ani Contoh"), seen, "cerita", "Cerita", "Keliru.", kernel.clock.now())
    return requests.of_case(viewer(kernel, "Ani Contoh"), seen)[0].id


ACTS: dict[str, Act] = {
    "appoint": lambda k, v: staff.appoint(
        k, v, employee("Ani Contoh"), "pembina", "sementara", here(), DAY, date(2030, 6, 30), "SK 1"
    ),
    "end": lambda k, v: staff.end(k, v, held_value("Ani Contoh", "murid"), TOMORROW, "purna", "SK 1"),
    "transfer": lambda k, v: staff.transfer(
        k, v, held_value("Ani Contoh", "murid"), here(), "pembina", DAY, "purna", "SK 1"
    ),
    "standing": lambda k, v: staff.set_standing(k, v, employee("Ani Contoh"), "sakit", DAY, None, "Surat"),
    "answer": lambda k, v: requests.answer(k, v, ask(k), True, "Boleh.", k.clock.now()),
    "correct": lambda k, v: _corrected(k, v),
    "end the case": lambda k, v: endings.end(
        k, v, cases.load(k, case_of("Ani Contoh")), "pindah", DAY, 1, "Pindah.", k.clock.now()
    ),
}


def _corrected(kernel: Kernel, who: access.Viewer) -> None:
    chosen = held("Cici Contoh", "pembina").id
    case = case_of("Ani Contoh")
    if not correcting.correct(kernel, who, [case], "memutuskan", chosen, "Salah data.", kernel.clock.now()):
        raise Refusal("nothing", "")


def themselves(kernel: Kernel) -> access.Viewer:
    """Ani, who was made a keeper of her own house."""
    made = people.assign(person("Ani Contoh"), "penjaga", unit("rumah-a"), "tetap", date(2029, 7, 1), home=False)
    return viewer(kernel, "Ani Contoh", made.id)


def nobody_s(kernel: Kernel) -> access.Viewer:
    """A keeper who acts as an employee at the moment."""
    return viewer(kernel, "Jaga Contoh")


WHO: dict[str, tuple[Callable[[Kernel], access.Viewer], set[str]]] = {
    "who keeps the people of the house": (keeper, set()),
    "who keeps those of the land": (chief, set()),
    "who keeps those of another house": (lambda k: seen_by(k, "Jauh Contoh", "penjaga"), set(ACTS)),
    "who decides there": (lambda k: seen_by(k, "Budi Contoh", "pembina"), set(ACTS) - {"end the case"}),
    "a keeper as an employee": (nobody_s, set(ACTS)),
    "the person themselves": (themselves, set(ACTS)),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", ACTS)
def test_who_does_what_at_which_unit(world: Kernel, act: str, who: str) -> None:
    made, refused = WHO[who]
    found = code(lambda: ACTS[act](world, made(world)))
    assert bool(found) == (act in refused), found
    assert found in ("", "not-oneself", "other-unit", "missing", "nothing"), found


def test_nobody_makes_themselves_an_assessor_nor_is_one_of_their_own(world: Kernel) -> None:
    both = [case_of("Ani Contoh"), case_of("Eka Contoh")]
    jaga = keeper(world)
    own = held("Jaga Contoh", "penjaga").id
    now = world.clock.now()
    assert code(lambda: correcting.correct(world, jaga, both, "memutuskan", own, "x", now)) == "not-oneself"
    eka = held("Eka Contoh", "murid").id
    assert correcting.correct(world, jaga, both, "memutuskan", eka, "Salah data.", now) == [both[0]]


def test_a_relation_is_put_right_only_through_what_somebody_holds_today(world: Kernel) -> None:
    case, chosen, now = [case_of("Ani Contoh")], held("Cici Contoh", "pembina"), world.clock.now()

    def put() -> str:
        return code(lambda: correcting.correct(world, chief(world), case, "memutuskan", chosen.id, "x", now))

    Assignment.update(until=YESTERDAY).where(Assignment.id == chosen.id).execute()
    assert put() == "ended-already"
    Assignment.update(until=DAY, since=TOMORROW).where(Assignment.id == chosen.id).execute()
    assert put() == "begins-later"
    Assignment.update(until=DAY, since=DAY).where(Assignment.id == chosen.id).execute()
    assert put() == ""
    assert code(lambda: correcting.correct(world, chief(world), case, "memutuskan", 10**6, "x", now)) == "missing"


def test_only_a_relation_the_scheme_knows_is_put_right_and_only_in_open_cases(world: Kernel) -> None:
    case, chosen, now = case_of("Ani Contoh"), held("Cici Contoh", "pembina").id, world.clock.now()
    assert correcting.correct(world, chief(world), [case], "mengagumi", chosen, "x", now) == []
    Case.update(closed_at=now).where(Case.id == case).execute()
    assert correcting.correct(world, chief(world), [case], "memutuskan", chosen, "x", now) == []
    assert not Relation.select().where((Relation.case == case) & (Relation.fixed == True)).exists()  # noqa: E712  # SQL


def test_what_was_put_right_is_logged_replaces_the_old_and_stays(world: Kernel) -> None:
    case, chosen, now = case_of("Ani Contoh"), held("Cici Contoh", "pembina").id, world.clock.now()
    correcting.correct(world, chief(world), [case], "memutuskan", chosen, "Salah data.", now)

    def deciding() -> list[int]:
        standing = (Relation.case == case) & (Relation.kind == "memutuskan") & Relation.until.is_null()
        return [one.assignment_id for one in Relation.select().where(standing)]

    assert deciding() == [chosen]
    relations.refresh(world, Case.get_by_id(case), DAY)
    assert deciding() == [chosen]
    assert any("Salah data." in one.text for one in LogText.select())
    assert Timer.select().where((Timer.name == "reproject") & (Timer.case == case) & Timer.done_at.is_null()).exists()


def test_the_subject_of_a_case_never_decides_on_it_and_the_longest_in_office_does(world: Kernel) -> None:
    scheme = world.snapshot(Period.get().snapshot).scheme
    house = unit("rumah-a")
    people.assign(person("Eka Contoh"), "pembina", house, "tetap", date(2020, 1, 1), home=False)

    def decider(name: str) -> set[int]:
        case = Case.get_by_id(case_of(name))
        return {who for kind, who, *_ in relations.wanted(world, scheme, case, house, DAY) if kind == "memutuskan"}

    assert decider("Ani Contoh") == {person("Eka Contoh").id}
    assert decider("Eka Contoh") == {person("Budi Contoh").id}


def test_who_is_there_comes_before_who_is_away_and_definitive_before_acting(world: Kernel) -> None:
    house, since = unit("rumah-a"), date(2029, 1, 1)
    people.assign(person("Cici Contoh"), "pembina", house, "sementara", since, home=False)

    def first() -> str:
        return people.holders(world, "pembina", house.id, DAY)[0].person.name

    assert first() == "Budi Contoh"
    Standing.create(person=person("Budi Contoh"), kind="aktif", since=since)
    assert first() == "Budi Contoh"
    Standing.update(kind="sakit", until=DAY).execute()
    assert first() == "Cici Contoh"
    Standing.update(until=YESTERDAY).execute()
    assert first() == "Budi Contoh"
    Standing.update(since=TOMORROW, until=None).execute()
    assert first() == "Budi Contoh"


def test_somebody_holds_a_role_from_its_first_day_to_its_last(world: Kernel) -> None:
    chosen = held("Budi Contoh", "pembina")
    house = chosen.unit_id

    def there() -> bool:
        return bool(people.holders(world, "pembina", house, DAY))

    found = []
    for since, until in ((DAY, DAY), (YESTERDAY, YESTERDAY), (TOMORROW, None)):
        Assignment.update(since=since, until=until).where(Assignment.id == chosen.id).execute()
        found.append(there())
    assert found == [True, False, False]


def test_a_relation_that_is_over_ends_the_day_before_and_one_of_today_never_was(world: Kernel) -> None:
    case = Case.get_by_id(case_of("Ani Contoh"))
    mine = (Relation.case == case.id) & (Relation.kind == "memutuskan")
    Assignment.update(until=YESTERDAY).where(Assignment.id == held("Budi Contoh", "pembina").id).execute()
    Relation.update(since=date(2030, 1, 1)).where(mine).execute()
    assert relations.refresh(world, case, DAY)
    assert [one.until for one in Relation.select().where(mine)] == [YESTERDAY]
    Relation.update(since=DAY, until=None).where(mine).execute()
    assert relations.refresh(world, case, DAY)
    assert Relation.select().where(mine).count() == 0


def test_an_appointment_allows_no_more_than_ones_own_and_names_kinds_there_are(world: Kernel) -> None:
    who = employee("Eka Contoh")

    def appoint(role: str, kind: str = "tetap", at: str = "rumah-a") -> str:
        return code(lambda: staff.appoint(world, chief(world), who, role, kind, here(at), DAY, None, "SK 1"))

    assert [appoint("ketua", at="negeri"), appoint("tidak-ada"), appoint("pembina", "tidak-ada")] == [
        "missing", "reason-unknown", "reason-unknown",
    ]  # fmt: skip
    assert appoint("penjaga") == ""


def test_the_end_of_work_has_its_order_and_its_reason(world: Kernel) -> None:
    def end(last: date, reason: str = "purna") -> str:
        return code(lambda: staff.end(world, chief(world), held_value("Eka Contoh", "murid"), last, reason, "SK"))

    assert end(date(2029, 6, 29)) == "days-turned"
    assert end(TOMORROW, "bosan") == "reason-unknown"
    assert end(date(1949, 1, 1)) == "day-odd"
    assert end(TOMORROW) == ""
    assert end(TOMORROW + timedelta(days=1)) == "longer-than-known"
    Assignment.update(until=YESTERDAY).where(Assignment.id == held("Eka Contoh", "murid").id).execute()
    assert end(date(2030, 1, 10)) == "ended-already"


def test_a_transfer_is_into_a_unit_of_ones_own_as_well(world: Kernel) -> None:
    move = held_value("Ani Contoh", "murid")
    assert (
        code(lambda: staff.transfer(world, keeper(world), move, here("rumah-b"), "murid", DAY, "pindah", "SK 1"))
        == "other-unit"
    )
    assert code(lambda: staff.transfer(world, keeper(world), move, here(), "murid", DAY, "pindah", "SK 1")) == (
        "held-already"
    )


def test_a_condition_is_one_there_is_with_days_in_order(world: Kernel) -> None:
    def put(kind: str, until: date | None) -> str:
        return code(lambda: staff.set_standing(world, keeper(world), employee("Ani Contoh"), kind, DAY, until, "Surat"))

    assert [put("bosan", None), put("sakit", YESTERDAY), put("sakit", DAY)] == ["reason-unknown", "days-turned", ""]


def test_an_end_is_taken_back_only_where_one_was_entered_and_nothing_stands_beside(world: Kernel) -> None:
    def resume(name: str = "Ani Contoh", role: str = "murid") -> str:
        return code(lambda: staff.resume(world, chief(world), held_value(name, role), "Keliru."))

    assert resume() == "nothing-ended"
    staff.end(world, chief(world), held_value("Ani Contoh", "murid"), TOMORROW, "purna", "SK 1")
    twice = people.assign(person("Ani Contoh"), "murid", unit("rumah-a"), "tetap", DAY, home=False)
    assert resume() == "held-already"
    Assignment.update(unit=unit("rumah-b"), home=True).where(Assignment.id == twice.id).execute()
    assert resume() == "home-already"
    Assignment.delete().where(Assignment.id == twice.id).execute()
    assert resume() == ""


# --- requests -------------------------------------------------------------------------------------


def test_only_the_person_of_a_case_asks_and_only_while_it_is_open(world: Kernel) -> None:
    case, now = case_of("Ani Contoh"), world.clock.now()

    def wish(who: str, step: str = "cerita") -> str:
        seen = cases.load(world, case)
        return code(lambda: requests.ask_unlock(world, viewer(world, who), seen, step, "Cerita", "Keliru.", now))

    assert [wish("Eka Contoh"), wish("Ani Contoh", "tidak-ada"), wish("Ani Contoh")] == ["missing", "missing", ""]
    Case.update(closed_at=now).where(Case.id == case).execute()
    assert wish("Ani Contoh") == "closed"


def test_an_answered_request_is_answered_no_more_and_a_granted_one_unlocks_once(world: Kernel) -> None:
    id, now = ask(world), world.clock.now()
    assert [one.id for one in requests.inbox(keeper(world))] == [id]
    assert requests.inbox(seen_by(world, "Budi Contoh", "pembina")) == [], "who decides there keeps nobody's data"
    assert requests.answer(world, keeper(world), id, True, "Boleh.", now).state == "granted"
    assert code(lambda: requests.answer(world, keeper(world), id, False, "Tidak.", now)) == "request-answered"
    assert Request.get_by_id(id).state == "granted"


def test_a_denied_unlocking_unlocks_nothing(world: Kernel) -> None:
    requests.answer(world, keeper(world), ask(world), False, "Belum.", world.clock.now())
    assert cases.load(world, case_of("Ani Contoh")).grants == {}


def test_the_right_assessor_is_offered_to_who_keeps_the_people_and_never_the_person(world: Kernel) -> None:
    seen = cases.load(world, case_of("Ani Contoh"))
    offered = [label for _, label in requests.candidates(world, keeper(world), seen, DAY)]
    assert any("Budi" in one for one in offered) and not any("Ani" in one for one in offered)
    elsewhere = seen_by(world, "Jauh Contoh", "penjaga")
    assert requests.candidates(world, elsewhere, seen, DAY) == []
    assert requests.held_alike(elsewhere, seen, "memutuskan") == []
    assert requests.held_alike(keeper(world), seen, "memutuskan") == [case_of("Eka Contoh")]
    assert requests.inbox(viewer(world, "Jaga Contoh")) == []


# --- the end of a case ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"day": date(2029, 12, 31)}, "day-outside"), ({"day": date(2031, 2, 1)}, "day-outside"),
        ({"reason": "bosan"}, "reason-unknown"), ({"months": 13}, "months-wrong"), ({"months": -1}, "months-wrong"),
        ({"note": " "}, "note-needed"), ({"day": date(2030, 1, 1)}, ""), ({"day": date(2031, 1, 31)}, ""),
        ({"months": 12}, ""), ({"months": 0}, ""),
    ],
)  # fmt: skip
def test_an_ending_is_whole(world: Kernel, changed: dict[str, Any], told: str) -> None:
    wish = {"reason": "pindah", "day": DAY, "months": 1, "note": "Pindah.", **changed}
    seen = cases.load(world, case_of("Ani Contoh"))
    assert code(lambda: endings.end(world, keeper(world), seen, at=world.clock.now(), **wish)) == told


def test_a_case_is_ended_once_also_from_a_page_that_is_older(world: Kernel) -> None:
    seen, now = cases.load(world, case_of("Ani Contoh")), world.clock.now()
    endings.end(world, keeper(world), seen, "pindah", DAY, 1, "Satu.", now)
    assert code(lambda: endings.end(world, keeper(world), seen, "purna", DAY, 2, "Dua.", now)) == "ended"
    assert Case.get_by_id(seen.view.id).ending["catatan"] == "Satu."


def test_the_closing_note_is_written_once_and_only_after_an_end(world: Kernel) -> None:
    case, now = case_of("Ani Contoh"), world.clock.now()
    open_case = cases.load(world, case)
    assert code(lambda: endings.add_note(world, keeper(world), open_case, "Baik.", now)) == "missing"
    Case.update(ending={"alasan": "pindah"}, closed_at=now).where(Case.id == case).execute()
    ended = cases.load(world, case)
    assert code(lambda: endings.add_note(world, viewer(world, "Ani Contoh"), ended, "Saya.", now)) == "missing"
    assert code(lambda: endings.add_note(world, keeper(world), ended, "Baik.", now)) == ""
    assert code(lambda: endings.add_note(world, keeper(world), ended, "Lagi.", now)) == "note-there"


@pytest.mark.parametrize(
    ("until", "reason", "closed"),
    [(YESTERDAY, "pindah", True), (YESTERDAY, "purna", False), (DAY, "pindah", False), (None, "", False)],
)
def test_a_case_ends_with_the_work_only_after_its_last_day_and_for_a_reason_that_ends_cases(
    world: Kernel, until: date | None, reason: str, closed: bool
) -> None:
    Assignment.update(until=until, ended_as=reason).where(Assignment.id == held("Ani Contoh", "murid").id).execute()
    assert endings.follow(world, unit("rumah-a"), world.clock.now()) == int(closed)
    assert (Case.get_by_id(case_of("Ani Contoh")).closed_at is not None) is closed


def test_months_worked_are_whole_and_never_more_than_a_year(world: Kernel) -> None:
    first = date(2030, 1, 1)
    days = (first - timedelta(days=3), first, date(2030, 1, 10), date(2030, 6, 30), date(2031, 1, 31))
    assert [endings.worked(first, last) for last in days] == [0, 0, 0, 6, 12]


def test_who_decides_on_a_case_plays_it_through_the_assignment_alone(world: Kernel) -> None:
    case = case_of("Ani Contoh")
    Player(world, "Ani Contoh").fill(case, "tulis")
    Player(world, "Ani Contoh").do(case, "tulis", "ajukan")
    assert code(lambda: Player(world, "Budi Contoh").do(case, "tulis", "setujui")) == "missing"
    Assignment.update(until=YESTERDAY).where(Assignment.id == held("Budi Contoh", "pembina").id).execute()
    budi = Player(world, "Budi Contoh", held("Budi Contoh", "pembina").id)
    assert code(lambda: budi.do(case, "tulis", "setujui")) == "held-in-office"


def wanted(kernel: Kernel, name: str, kind: str) -> set[str]:
    """The names of those who should stand in a relation to somebody's case today."""
    scheme = kernel.snapshot(Period.get().snapshot).scheme
    case = Case.get_by_id(case_of(name))
    found = relations.wanted(kernel, scheme, case, case.unit, DAY)
    return {person_of(who) for one, who, *_ in found if one == kind}


def person_of(id: int) -> str:
    from kinerja.models import Person

    return str(Person.get_by_id(id).name)


def test_the_first_rule_that_finds_somebody_wins(kernel: Kernel) -> None:
    small.build(kernel)  # «pembina @ satuan», then «ketua @ atas» for whoever has none
    assert wanted(kernel, "Ani Contoh", "memutuskan") == {"Budi Contoh"}
    Assignment.update(until=YESTERDAY).where(Assignment.role == "pembina").execute()
    assert wanted(kernel, "Ani Contoh", "memutuskan") == {"Ketua Contoh"}


def test_a_rule_with_a_condition_is_for_those_it_names(world: Kernel) -> None:
    Assignment.update(until=YESTERDAY).where(Assignment.role == "pembina").execute()
    assert wanted(world, "Ani Contoh", "memutuskan") == set(), "a vacancy is nobody's"


def test_who_is_listed_advises_through_what_they_do_at_the_unit_today(world: Kernel) -> None:
    house = Case.get((Case.unit == unit("rumah-a")) & (Case.subject == "unit")).id
    budi = Player(world, "Budi Contoh").through("pembina")
    eka = person("Eka Contoh")
    budi.hand_in(house, "regu", "susun-regu", "tetapkan", regu=[str(eka.id)])
    mine = Assignment.person == eka
    found = [wanted(world, "Ani Contoh", "menyarankan")]
    Assignment.update(until=YESTERDAY).where(mine).execute()
    found.append(wanted(world, "Ani Contoh", "menyarankan"))
    Assignment.update(until=None, unit=unit("rumah-b")).where(mine).execute()
    found.append(wanted(world, "Ani Contoh", "menyarankan"))
    assert found == [{"Eka Contoh"}, set(), set()]


def test_no_case_is_ended_after_its_period(world: Kernel) -> None:
    seen = cases.load(world, case_of("Ani Contoh"))
    late = world.clock.now() + timedelta(days=400)
    assert code(lambda: endings.end(world, keeper(world), seen, "pindah", DAY, 1, "Pindah.", late)) == "closed"
