"""Months worked: calendar months, both days included, a begun one from its fifteenth day of work on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case
from kinerja.testing import case_of, unit
from kinerja_office import endings
from kinerja_office.endings import worked
from tests import busy
from tests.core.test_people_changes import held


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize("day", [13, 14, 15, 16, 17])
def test_a_month_begun_counts_from_its_fifteenth_day_in_every_month(year: int, day: int) -> None:
    full = [month if day >= 15 else month - 1 for month in range(1, 13)]
    assert [worked(date(year, 1, 1), date(year, month, day)) for month in range(1, 13)] == full
    alone = [worked(date(year, month, 1), date(year, month, day)) for month in range(1, 13)]
    assert alone == [int(day >= 15)] * 12


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_whole_month_is_one_however_long_it_is(year: int) -> None:
    for month in range(1, 13):
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        assert (worked(date(year, month, 1), last), worked(date(year, 1, 1), last)) == (1, month)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2023, 2, 1), date(2023, 2, 28), 1),
        (date(2024, 2, 1), date(2024, 2, 28), 1),
        (date(2024, 2, 1), date(2024, 2, 29), 1),
        (date(2024, 2, 29), date(2024, 3, 13), 0),
        (date(2024, 2, 29), date(2024, 3, 14), 1),
        (date(2023, 1, 16), date(2023, 1, 29), 0),
        (date(2023, 1, 16), date(2023, 1, 30), 1),
        (date(2023, 1, 16), date(2023, 2, 15), 1),
        (date(2023, 1, 16), date(2023, 3, 1), 1),
        (date(2023, 1, 16), date(2023, 3, 2), 2),
        (date(2024, 1, 16), date(2024, 3, 1), 2),
        (date(2023, 1, 31), date(2023, 2, 28), 1),
        (date(2023, 1, 31), date(2023, 3, 14), 1),
        (date(2023, 1, 31), date(2023, 3, 15), 2),
        (date(2023, 12, 2), date(2023, 12, 31), 1),
        (date(2023, 12, 20), date(2024, 1, 2), 0),
        (date(2023, 12, 20), date(2024, 1, 3), 1),
        (date(2023, 7, 1), date(2024, 1, 14), 6),
        (date(2023, 7, 1), date(2024, 1, 15), 7),
        (date(2023, 7, 1), date(2024, 6, 30), 12),
        (date(2023, 1, 1), date(2024, 1, 31), 12),
        (date(2023, 1, 1), date(2023, 1, 1), 0),
        (date(2023, 5, 9), date(2023, 5, 1), 0),
        (date(2023, 5, 9), date(2021, 5, 1), 0),
    ],
)
def test_months_in_february_from_mid_month_and_over_new_year(first: date, last: date, months: int) -> None:
    assert worked(first, last) == months


def test_a_day_more_never_takes_a_month_and_never_gives_two() -> None:
    for begin in range(366):
        first = date(2023, 7, 1) + timedelta(days=begin)
        counts = [worked(first, first + timedelta(days=more)) for more in range(380)]
        assert (counts[13], counts[14], counts[27], counts[-1]) == (0, 1, 1, 12), first
        assert {after - before for before, after in pairwise(counts)} == {0, 1}, first


def test_a_reason_may_count_a_begun_month_from_another_day(kernel: Kernel) -> None:
    busy.build(kernel)
    list_ = kernel.host.registry.contents["alasan-penutupan", "uji"]
    entries = tuple(replace(one, data={**one.data, "bulan_dari_hari": 1}) for one in list_.entries)
    kernel.host.registry.contents["alasan-penutupan", "uji"] = replace(list_, entries=entries)
    kernel.__dict__.pop("references", None)
    last = date(2030, 1, 10)
    leaver = Assignment.update(until=last, ended_as="pindah").where(Assignment.id == held("Ani Contoh", "murid").id)
    leaver.execute()
    endings.follow(kernel, unit("rumah-a"), kernel.clock.now())
    assert Case.get_by_id(case_of("Ani Contoh")).ending["bulan"] == 1
