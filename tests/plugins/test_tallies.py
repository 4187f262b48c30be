"""A unit too wide to list its cases says how many stand where, as the worker counted them, and when it did."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta

from peewee import fn

import kinerja_read as read
from kinerja import access, people
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Timer, Unit
from kinerja.testing import Player, case_of, person, unit, viewer
from kinerja_work import demo_date, worker
from tests.plugins.test_pages import satria

DAY = date(2024, 1, 22)


def of_the_nation(kernel: Kernel) -> access.Viewer:
    held = Assignment.get(Assignment.person == person("Satria Contoh"))
    return viewer(kernel, "Satria Contoh", held.id)


def numbers(kernel: Kernel, code: str) -> dict[str, int]:
    """Of each unit below and the unit itself, over all periods."""
    who = of_the_nation(kernel)
    seen, found = read.overseen(who, unit(code).id), dict[str, int]()
    assert seen is not None
    for line in read.tallies(who, seen):
        found[line.name] = found.get(line.name, 0) + sum(line.numbers.values())
    return found


def open_at(*units: Unit) -> int:
    """How many open cases of people lie at and below units."""
    return sum(
        Case.select()
        .where((getattr(Case, f"a{one.depth}") == one.id) & Case.closed_at.is_null() & Case.person.is_null(False))
        .count()
        for one in units
    )


def test_every_hour_the_nation_and_each_province_say_how_many_stand_where(demo: Kernel) -> None:
    worker.run_once(demo)
    provinces = {one.name: open_at(one) for one in Unit.select().where(Unit.kind == "provinsi")}
    assert numbers(demo, "nasional") == {name: n for name, n in provinces.items() if n}
    west = unit("contoh-barat")
    districts = list(Unit.select().where((Unit.parent == west) & (Unit.kind == "kabupaten")))
    expected = {one.name: open_at(one) for one in districts}
    expected[west.name] = open_at(west) - sum(expected.values())
    assert numbers(demo, "contoh-barat") == {name: n for name, n in expected.items() if n}, (
        "schools right below a province"
    )
    assert sum(numbers(demo, "nasional").values()) == open_at(unit("nasional")) > 0
    assert numbers(demo, "99990001") == {}, "a school lists its cases"
    assert Timer.select().where((Timer.name == "tally") & Timer.done_at.is_null()).count() == 1


def in_asri(kernel: Kernel) -> tuple[dict[str, int], datetime]:
    """The numbers of a district over all periods, and when they were counted."""
    who = of_the_nation(kernel)
    seen, found = read.overseen(who, unit("contoh-barat").id), Counter[str]()
    assert seen is not None
    lines = [line for line in read.tallies(who, seen) if line.unit == unit("contoh-asri").id]
    for line in lines:
        found.update(line.numbers)
    return dict(found), min(line.at for line in lines)


def test_a_number_follows_with_the_next_count_and_says_when_that_was(demo: Kernel, sari: Player) -> None:
    worker.run_once(demo)
    before, earlier = in_asri(demo)
    sari.fill(case_of("Sari Contoh", "Januari"), "perencanaan")
    sari.do(case_of("Sari Contoh", "Januari"), "perencanaan", "ajukan")
    assert in_asri(demo) == (before, earlier), "no change waits for a number"
    demo_date.move(demo, DAY + timedelta(days=1))
    worker.run_once(demo)
    after, later = in_asri(demo)
    asri = unit("contoh-asri")
    expected = dict(
        Case.select(Case.at_kind, fn.count(Case.id))
        .where((Case.a2 == asri.id) & Case.closed_at.is_null() & Case.person.is_null(False))
        .group_by(Case.at_kind)
        .tuples()
    )
    assert after == expected != before
    assert sum(after.values()) == sum(before.values())
    assert later - earlier >= timedelta(hours=23)
    assert Timer.select().where((Timer.name == "tally") & Timer.done_at.is_null()).count() == 1, (
        "one count an hour, not two"
    )


def test_the_page_says_the_numbers_the_time_and_leads_down(demo: Kernel) -> None:
    worker.run_once(demo)
    page = satria(demo).get(f"/satuan/{unit('contoh-barat').id}").text
    asri = unit("contoh-asri")
    row = re.search(
        rf'<tr><td><a href="/satuan/{asri.id}"><b>{asri.name}</b></a></td><td>(\d+)</td><td class="soft">([^<]+)', page
    )
    assert row is not None
    told = {word: int(n) for n, word in re.findall(r"(\d+) ([a-z ]+?)(?: ·|$)", row[2])}
    assert sum(told.values()) == int(row[1]) > 0
    assert set(told) <= {"belum dimulai", "dikerjakan", "dikembalikan", "menunggu", "tertahan", "selesai"}
    assert re.search(r"Dihitung 22 Januari 2024, \d\d\.\d\d WIB, sekali tiap jam", page)


def test_who_does_not_oversee_reads_no_number(demo: Kernel) -> None:
    worker.run_once(demo)
    seen = read.overseen(of_the_nation(demo), unit("contoh-barat").id)
    assert seen is not None
    for name in ("Satria Contoh", "Hendra Contoh"):
        assert read.tallies(viewer(demo, name), seen) == []


def test_units_below_are_read_on_page_by_page_without_a_gap_or_one_twice(demo: Kernel) -> None:
    west = unit("contoh-barat")
    for n in range(130):
        people.add_unit(f"sma-{n}", f"SMA Contoh {n % 40:02}", "sma", west)
    visitor, seen, path = satria(demo), list[str](), f"/satuan/{west.id}"
    for _ in range(4):
        page = visitor.get(path).text
        nav = page[page.index('aria-label="Satuan"') :]
        found = re.findall(r'<a href="/satuan/(\d+)">(?!Dari awal)', nav[: nav.index("</nav>")])
        seen += found
        more = re.search(r'href="(/satuan/\d+\?sesudah=\d+)"', nav)
        if more is None:
            break
        path = more[1]
    right_below = (Unit.parent == west) & (Unit.kind != "kabupaten")  # those stand in the table, with their numbers
    below = [str(one.id) for one in Unit.select().where(right_below).order_by(Unit.name, Unit.id)]
    assert seen == below
    assert visitor.get(f"/satuan/{west.id}?sesudah=tidak").status_code == 200
    assert visitor.get(f"/satuan/{west.id}?sesudah=999999").status_code == 200
