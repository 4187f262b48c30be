"""A relation that the scheme leaves with whoever stood in it on the last day of a period, though their post is over."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from kinerja import cases, hookimpl, people
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Person, Standing
from kinerja.schemes import compile_scheme
from kinerja.testing import case_of, person, set_date, unit
from kinerja_office import aftermath, relations, sessions
from tests import busy

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])

SCHEME = busy.SCHEME.replace(
    'memutuskan = ["pembina @ satuan", {', 'memutuskan = [{ siapa = "pembina @ satuan", tetap = true }, {'
).replace('memutuskan = ["ketua @ atas"]', 'memutuskan = [{ siapa = "ketua @ atas", tetap = true }]')
LAST, NEXT = date(2030, 12, 31), date(2031, 1, 1)
TODAY, CLOSES = date(2031, 1, 10), date(2031, 1, 31)


class Staying(busy.Busy):
    @hookimpl
    def register_schemes(self):
        return [compile_scheme(tomllib.loads(SCHEME), "tetap")]


@pytest.fixture
def world(kernel: Kernel) -> Kernel:
    busy.build(kernel, plugin=Staying())
    return kernel


def leaves(name: str, role: str, until: date) -> int:
    held = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
    Assignment.update(until=until).where(Assignment.id == held.id).execute()
    return int(held.id)


def comes(name: str, code: str, role: str = "pembina", since: date = NEXT, kind: str = "tetap") -> int:
    return people.assign(person(name), role, unit(code), kind, since, home=False).id


def deciders(kernel: Kernel, day: date = TODAY, name: str = "Ani Contoh") -> list[tuple[str, int | None]]:
    """Who decides on a case on a day, and through which post, once everything has followed."""
    set_date(kernel, day)
    aftermath.after_people(kernel, unit("rumah-a"))
    found = cases.load(kernel, case_of(name)).relations
    return [(Person.get_by_id(who).name, via) for kind, who, via in found if kind == "memutuskan"]


def test_it_stays_through_the_post_of_the_last_day_and_is_the_successor_s_where_no_rule_says_so(world: Kernel) -> None:
    before = leaves("Budi Contoh", "pembina", LAST)
    comes("Budi Contoh", "rumah-b")
    comes("Eka Contoh", "rumah-a")
    assert deciders(world) == [("Budi Contoh", before)]
    school = cases.load(world, _school()).relations
    assert [Person.get_by_id(who).name for kind, who, _ in school if kind == "memutuskan"] == ["Eka Contoh"]


def _school() -> str:
    return str(Case.get((Case.subject == "unit") & (Case.unit == unit("rumah-a"))).id)


def test_who_left_before_the_last_day_has_nothing_left_to_them(world: Kernel) -> None:
    leaves("Budi Contoh", "pembina", date(2030, 12, 30))
    comes("Budi Contoh", "rumah-b", since=LAST)
    after = comes("Eka Contoh", "rumah-a", since=LAST)
    assert deciders(world) == [("Eka Contoh", after)]


def test_on_the_last_day_itself_nothing_stays_yet(world: Kernel) -> None:
    before = leaves("Budi Contoh", "pembina", LAST)
    assert deciders(world, LAST) == [("Budi Contoh", before)]


def test_who_works_nowhere_any_more_is_followed_by_the_successor_then_by_nobody(world: Kernel) -> None:
    leaves("Budi Contoh", "pembina", LAST)
    assert deciders(world) == []
    after = comes("Eka Contoh", "rumah-a")
    assert deciders(world) == [("Eka Contoh", after)]


@pytest.mark.parametrize(
    ("until", "who"),
    [
        (None, "Eka Contoh"),
        (CLOSES, "Eka Contoh"),
        (date(2031, 1, 30), "Budi Contoh"),
        (date(2031, 1, 9), "Budi Contoh"),
    ],
)
def test_who_left_and_is_away_serves_where_they_are_back_before_all_is_closed(
    world: Kernel, until: date | None, who: str
) -> None:
    leaves("Budi Contoh", "pembina", LAST)
    comes("Budi Contoh", "rumah-b")
    comes("Eka Contoh", "rumah-a")
    Standing.create(person=person("Budi Contoh"), kind="sakit", since=NEXT, until=until)
    assert [name for name, _ in deciders(world)] == [who]


def test_whoever_acts_for_somebody_on_leave_in_office_decides_until_they_are_back(world: Kernel) -> None:
    budi = Assignment.get((Assignment.person == person("Budi Contoh")) & (Assignment.role == "pembina")).id
    acting = comes("Eka Contoh", "rumah-a", kind="sementara")
    Standing.create(person=person("Budi Contoh"), kind="sakit", since=NEXT, until=date(2031, 1, 12))
    assert deciders(world) == [("Eka Contoh", acting)]
    assert deciders(world, date(2031, 1, 13)) == [("Budi Contoh", budi)]


def test_who_came_back_decides_through_the_post_of_today(world: Kernel) -> None:
    before = leaves("Budi Contoh", "pembina", LAST)
    comes("Budi Contoh", "rumah-b")
    assert deciders(world) == [("Budi Contoh", before)]
    again = comes("Budi Contoh", "rumah-a", since=date(2031, 1, 15))
    assert deciders(world, date(2031, 1, 15)) == [("Budi Contoh", again)]


@pytest.mark.parametrize(("until", "who"), [(LAST, "Cici Contoh"), (date(2030, 12, 30), "Budi Contoh")])
def test_who_was_put_in_by_hand_keeps_it_where_their_own_post_held_on_the_last_day_however_late_its_end_was_entered(
    world: Kernel, until: date, who: str
) -> None:
    chosen = Assignment.get((Assignment.person == person("Cici Contoh")) & (Assignment.role == "pembina"))
    case = Case.get_by_id(case_of("Ani Contoh"))
    set_date(world, date(2030, 12, 1))
    relations.fix(world, case, "memutuskan", chosen, date(2030, 12, 1), "Menurut surat.")
    assert [name for name, _ in deciders(world)] == ["Cici Contoh"]
    leaves("Cici Contoh", "pembina", until)
    comes("Cici Contoh", "rumah-b", "murid")
    for day in (date(2031, 1, 12), date(2031, 1, 13)):
        assert [name for name, _ in deciders(world, day)] == [who]


def test_a_post_found_elsewhere_later_brings_it_back_though_nothing_changed_here(world: Kernel) -> None:
    before = leaves("Budi Contoh", "pembina", LAST)
    comes("Eka Contoh", "rumah-a")
    assert [name for name, _ in deciders(world)] == ["Eka Contoh"]
    comes("Budi Contoh", "rumah-b")
    aftermath.after_people(world, unit("rumah-b"))
    found = cases.load(world, case_of("Ani Contoh")).relations
    assert [(who, via) for kind, who, via in found if kind == "memutuskan"] == [(person("Budi Contoh").id, before)]


def test_a_post_that_is_over_is_a_capacity_without_its_permissions_while_somebody_works_and_something_is_left(
    world: Kernel,
) -> None:
    before = leaves("Ketua Contoh", "ketua", LAST)
    sessions.identify("uji", "ketua", person("Ketua Contoh"))
    now = comes("Ketua Contoh", "rumah-b", "murid")
    assert deciders(world, name="Budi Contoh") == [("Ketua Contoh", before)]

    def capacities() -> list[tuple[int, str]]:
        seen = sessions.read(world, token)
        assert seen is not None
        return [(one.id, one.label) for one in seen.capacities]

    token = sessions.begin(world, "uji", "ketua", "") or ""
    assert capacities() == [(now, "Murid"), (before, "Ketua, sampai 31 Desember 2030")]
    context = sessions.read(world, token)
    assert context is not None and sessions.take_capacity(context, before)
    taken = sessions.read(world, token)
    assert taken is not None
    assert (taken.viewer.role_label, taken.viewer.permissions) == ("Ketua, sampai 31 Desember 2030", frozenset())
    Assignment.update(until=NEXT).where(Assignment.id == now).execute()
    assert capacities() == [], "who works nowhere any more has none, before any worker ran"
    Assignment.update(until=None).where(Assignment.id == now).execute()
    set_date(world, date(2031, 2, 1))
    assert capacities() == [(now, "Murid")], "nothing is left once all is closed"
