"""Who is at home at a school but not in its file is told by name and stays; many of them raise a question."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

from kinerja.kernel import Kernel
from kinerja.models import Assignment
from kinerja.testing import person, unit
from kinerja_work import imports, jobs
from tests.plugins.test_import_files import report
from tests.plugins.test_import_journey import SCHOOL, files, job, run
from tests.plugins.test_one_home import row_of
from tests.web.test_once import Town

QUESTION = "Apakah ini berkas sekolah lain?"
ABSENT = re.compile(r"Tidak ada di berkas \((\d+) orang\)")


def strangers(told: dict[str, Any], kept: int = 0) -> dict[str, Any]:
    """The file of this school by its NPSN, with people nobody knows in place of all but some."""
    for n, row in enumerate(told["gtk"]["rows"][kept:]):
        row.update(ptk_id=f"asing-{n}", nip=None, nik=None, nuptk=f"88887777{n:08}", nama=f"Asing {'ABCDEFGHIJ'[n]}",
                   tanggal_lahir=f"1981-02-{n + 1:02}")  # fmt: skip
    return told


def at_home() -> set[str]:
    """The names that the demo's own file leads to."""
    return {
        one.person.name
        for one in Assignment.select().where((Assignment.unit == unit(SCHOOL)) & (Assignment.home == True))  # noqa: E712  # SQL
    }


def page(kernel: Kernel, id: str) -> str:
    operator = Town(kernel).browser("Hendra", "operator-sekolah")
    return unescape(operator.get(f"/satuan/{unit(SCHOOL).id}/impor/{id}").text)


def test_the_file_of_the_whole_school_names_nobody(demo: Kernel) -> None:
    id = run(demo, files())
    assert job(id).result["absent"] == []
    shown = page(demo, id)
    assert (QUESTION in shown, ABSENT.findall(shown)) == (False, [])


def test_a_file_of_other_people_asks_whether_it_is_of_another_school(demo: Kernel) -> None:
    id = run(demo, strangers(files()))
    absent = job(id).result["absent"]
    assert {name.split(",")[0] for name in absent} == at_home()
    shown = page(demo, id)
    n = len(absent)
    assert f"{QUESTION}</h3><p>{n} dari {n} orang yang sudah tercatat tidak ada di berkas ini." in shown
    assert ABSENT.findall(shown) == [str(n)]
    assert all(f"<li>{name}</li>" in shown for name in absent)


def test_one_who_left_is_told_without_a_question_and_stays(demo: Kernel) -> None:
    told = files()
    told["gtk"]["rows"].remove(row_of(told, "sari"))
    told["gtk"]["results"] -= 1
    id = run(demo, told)
    assert job(id).result["absent"] == ["Sari Contoh, S.Pd."]
    shown = page(demo, id)
    assert (QUESTION in shown, ABSENT.findall(shown)) == (False, ["1"])
    imports.confirm(demo, id)
    jobs.run_due(demo)
    assert Assignment.get(Assignment.person == person("Sari Contoh")).until is None
    assert QUESTION not in page(demo, id)


def test_half_of_the_school_is_no_question_and_more_than_half_is(demo: Kernel) -> None:
    n = len(at_home())
    half = n - n // 2
    for kept, asked in ((half, False), (half - 1 - n % 2, True)):
        assert (QUESTION in page(demo, run(demo, strangers(files(), kept)))) is asked


def test_who_is_over_or_yet_to_come_is_not_missed(demo: Kernel) -> None:
    Assignment.update(until=date(2024, 1, 10)).where(Assignment.person == person("Sari Contoh")).execute()
    Assignment.update(since=date(2024, 7, 1)).where(Assignment.person == person("Rina Contoh")).execute()
    absent = job(run(demo, strangers(files()))).result["absent"]
    assert {name.split(",")[0] for name in absent} == at_home() - {"Sari Contoh", "Rina Contoh"}


def test_a_file_that_names_nobody_by_its_nature_misses_nobody(demo: Kernel) -> None:
    id = report(demo)
    jobs.run_due(demo)
    assert job(id).result["absent"] == []
    assert QUESTION not in page(demo, id)
