"""What pages read and change of units, people and work is the viewer's to see, or is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import kinerja_read as read
from kinerja import access, cases, units
from kinerja.kernel import Kernel
from kinerja.models import Case
from kinerja.testing import case_of, tasks, unit
from kinerja_office import requests, staff, ties
from kinerja_work import imports
from tests.busy import work
from tests.core.test_people_changes import DAY, chief, held, keeper, seen_by, world

__all__ = ["world"]

Read = Callable[[Kernel, access.Viewer], Any]


def home(kernel: Kernel) -> units.UnitLine:
    return units.as_value(unit("rumah-a"))


READS: dict[str, Read] = {
    "a unit": lambda k, v: read.unit(v, home(k).id, access.PEOPLE),
    "units below": lambda k, v: read.units_below(v, access.PEOPLE, units.as_value(unit("negeri"))),
    "what people hold": lambda k, v: staff.held_below(v, home(k), DAY),
    "what one holds": lambda k, v: staff.held_by(v, home(k), held("Ani Contoh", "murid").person_id),
    "who may be put right": lambda k, v: requests.candidates(k, v, cases.load(k, case_of("Ani Contoh")), DAY),
    "who is held alike": lambda k, v: requests.held_alike(v, cases.load(k, case_of("Ani Contoh")), "memutuskan"),
}


@pytest.mark.parametrize("what", READS)
def test_who_keeps_the_people_above_reads_it_and_who_only_decides_there_does_not(world: Kernel, what: str) -> None:
    assert READS[what](world, chief(world))
    assert not READS[what](world, seen_by(world, "Budi Contoh", "pembina"))


def test_imports_are_read_by_those_who_may_import_there(world: Kernel) -> None:
    id = imports.start_import(world, "kantor", "orang", unit("rumah-a"), {"berkas": b""}, None)
    assert [one.id for one in read.imports_at(chief(world), home(world), "import")] == [id]
    assert read.imports_at(chief(world), home(world), "import", id)[0].state == "waiting"
    assert read.imports_at(seen_by(world, "Budi Contoh", "pembina"), home(world), "import") == []


def test_long_work_is_its_own_persons(world: Kernel) -> None:
    mine = keeper(world)
    id = imports.start_import(world, "kantor", "orang", unit("rumah-a"), {"berkas": b""}, mine.person)
    found = read.own_job(mine, "import", id)
    assert (found is not None and found.id, read.own_job(chief(world), "import", id)) == (id, None)


def test_a_choice_between_contents_is_followed_by_the_worker(world: Kernel) -> None:
    case = case_of("Ani Contoh")
    kept = Case.get_by_id(case).content
    Case.update(content={"chosen": {}, "added": {}, "ties": {"buku": ["Satu", "Dua"]}}).where(Case.id == case).execute()
    ties.answer(world, home(world), "buku", "apa-saja", chief(world).person, world.clock.now())
    assert Case.get_by_id(case).content["ties"] == {"buku": ["Satu", "Dua"]}, "not in the request that chose"
    work(world, DAY)
    assert (Case.get_by_id(case).content, bool(tasks(case))) == (kept, True)
