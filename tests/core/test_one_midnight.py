"""A head changes and somebody leaves for another place at one midnight, for a reason that by itself ends no case: the case
that ends keeps who decided on its last day, whichever place is followed first."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest

from kinerja import database, people
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case
from kinerja.testing import case_of, person, set_date, unit
from kinerja_office import aftermath
from tests import busy

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])

NEXT = date(2030, 6, 1)
ORDERS = [*permutations(("rumah-a", "rumah-b", "negeri"))]


@pytest.fixture
def world(kernel: Kernel) -> Kernel:
    """Budi leads rumah-a until the day before, Eka from then on; Budi himself goes elsewhere."""
    busy.build(kernel)
    leaves("Budi Contoh", "pembina")
    people.assign(person("Eka Contoh"), "pembina", unit("rumah-a"), "tetap", NEXT, home=False)
    people.assign(person("Budi Contoh"), "pembina", unit("rumah-b"), "sementara", NEXT, home=False)
    return kernel


def leaves(name: str, role: str) -> None:
    Assignment.update(until=NEXT - timedelta(days=1), ended_as="purna").where(
        (Assignment.person == person(name)) & (Assignment.role == role)
    ).execute()


def followed(kernel: Kernel, order: tuple[str, ...]) -> None:
    set_date(kernel, NEXT)
    for code in order:
        aftermath.after_people(kernel, unit(code))


def decides(case: str) -> list[str]:
    """Who decides on a case, or decided last."""
    return [
        name
        for (name,) in database.rows(
            "SELECT n.name FROM relation r JOIN person n ON n.id = r.person_id "
            "WHERE r.case_id = ? AND r.kind = 'memutuskan' AND r.until IS NULL",
            case,
        )
    ]


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_the_case_that_ends_keeps_the_head_of_its_last_day_whichever_place_is_followed_first(
    world: Kernel, order: tuple[str, ...]
) -> None:
    before = case_of("Ani Contoh")
    leaves("Ani Contoh", "murid")
    people.assign(person("Ani Contoh"), "murid", unit("rumah-b"), "tetap", NEXT)
    followed(world, order)
    ended, now = Case.get_by_id(before), Case.get(
        (Case.person == person("Ani Contoh")) & (Case.unit == unit("rumah-b")) & Case.closed_at.is_null()
    )  # fmt: skip
    assert ended.closed_at is not None and ended.ending["tanggal"] == "2030-05-31"
    assert (decides(before), decides(now.id)) == (["Budi Contoh"], ["Cici Contoh"])


@pytest.mark.parametrize("order", ORDERS[1:3], ids=" ".join)
@pytest.mark.parametrize(("role", "home"), [("tamu", True), ("murid", False)])
def test_where_nothing_begins_elsewhere_it_goes_on_under_the_new_head(
    world: Kernel, order: tuple[str, ...], role: str, home: bool
) -> None:
    """A home post that has no case, and a post beside: the work of before is finished where it was."""
    before = case_of("Ani Contoh")
    leaves("Ani Contoh", "murid")
    people.assign(person("Ani Contoh"), role, unit("rumah-b"), "tetap", NEXT, home=home)
    followed(world, order)
    assert (Case.get_by_id(before).closed_at, decides(before)) == (None, ["Eka Contoh"])


@pytest.mark.parametrize("order", ORDERS[1:3], ids=" ".join)
def test_who_leaves_for_nowhere_is_finished_by_the_new_head(world: Kernel, order: tuple[str, ...]) -> None:
    before = case_of("Ani Contoh")
    leaves("Ani Contoh", "murid")
    followed(world, order)
    assert (Case.get_by_id(before).closed_at, decides(before)) == (None, ["Eka Contoh"])


@pytest.mark.parametrize("order", ORDERS[1:3], ids=" ".join)
def test_the_head_who_goes_is_ended_under_who_decided_on_them_then(world: Kernel, order: tuple[str, ...]) -> None:
    """A head has a case of their own; at the new place another head is there already."""
    before = case_of("Budi Contoh")
    Assignment.update(home=True, kind="tetap").where(
        (Assignment.person == person("Budi Contoh")) & (Assignment.since == NEXT)
    ).execute()
    followed(world, order)
    ended = Case.get_by_id(before)
    assert ended.closed_at is not None
    assert decides(before) == ["Ketua Contoh"]
