"""Dapodik files through the real import job: read, shown with every problem, taken over only on a word."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kinerja_read as read
from kinerja import Refusal, people
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Job, Person
from kinerja.sentences import say
from kinerja.testing import case_of, person, set_date, unit, viewer
from kinerja_office import intake
from kinerja_work import imports, jobs, worker

DEMO = Path(__file__).resolve().parents[2] / "config" / "demo"
SCHOOL = "99990101"


def files(school: str = SCHOOL) -> dict[str, Any]:
    return {
        "sekolah": json.loads((DEMO / f"{school}-getSekolah.json").read_text("utf-8")),
        "gtk": json.loads((DEMO / f"{school}-getGtk.json").read_text("utf-8")),
    }


def run(kernel: Kernel, told: dict[str, Any], at: str = SCHOOL) -> str:
    content = {key: value if isinstance(value, bytes) else json.dumps(value).encode() for key, value in told.items()}
    id = imports.start_import(kernel, "dapodik", "sekolah", unit(at), content, None)
    jobs.run_due(kernel)
    return id


def job(id: str) -> Job:
    found: Job = Job.get_by_id(id)
    return found


def fatal(id: str) -> list[str]:
    return [problem[2] for problem in job(id).result["problems"] if problem[3]]


def counts() -> tuple[int, int, int]:
    return Person.select().count(), Assignment.select().count(), Case.select().count()


def test_nothing_is_taken_over_before_somebody_says_so(demo: Kernel) -> None:
    told = files()
    told["gtk"]["rows"].append({**told["gtk"]["rows"][7], "ptk_id": "baru-1", "nip": None, "nuptk": "9999888877776666",
                                "nama": "Baru Contoh", "tanggal_lahir": "1990-01-01"})  # fmt: skip
    before = counts()
    id = run(demo, told)
    assert (job(id).state, job(id).result["new"], counts()) == ("preview", ["Baru Contoh"], before)
    imports.confirm(demo, id)
    worker.run_once(demo)
    assert job(id).state == "done"
    assert counts()[0] == before[0] + 1
    assert [line.period for line in read.own_cases(viewer(demo, "Baru Contoh"))] == ["Januari–Juni 2024", "Tahun 2024"]


def test_the_same_files_again_change_nobody(demo: Kernel) -> None:
    before = counts()
    id = run(demo, files())
    imports.confirm(demo, id)
    imports.confirm(demo, id)
    jobs.run_due(demo)
    assert (job(id).state, counts()) == ("done", before)


def test_who_is_missing_from_a_file_keeps_assignment_and_case(demo: Kernel) -> None:
    told = files()
    told["gtk"]["rows"] = [row for row in told["gtk"]["rows"] if "SARI" not in row["nama"].upper()]
    told["gtk"]["results"] = len(told["gtk"]["rows"])
    id = run(demo, told)
    imports.confirm(demo, id)
    jobs.run_due(demo)
    held = Assignment.get(Assignment.person == person("Sari Contoh"))
    assert held.until is None
    assert Case.get_by_id(case_of("Sari Contoh", "Januari")).closed_at is None


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"gtk": b"Access denied - You are not authorized to access this page."}, ("token", "izin", "ditolak")),
        ({"gtk": b'{"results": 2, "rows": [{"nama": "SA'}, ("terpotong", "lengkap", "rusak")),
        ({"sekolah": files("99990201")["sekolah"]}, ("sekolah lain",)),
    ],
)
def test_a_file_that_cannot_be_used_stores_nothing_and_says_why(
    demo: Kernel, told: dict[str, Any], says: tuple[str, ...]
) -> None:
    before = counts()
    id = run(demo, {**files(), **told})
    assert job(id).state == "failed"
    assert [any(word in sentence.lower() for word in says) for sentence in fatal(id)] == [True]
    imports.confirm(demo, id)
    jobs.run_due(demo)
    assert counts() == before


def test_one_nip_on_two_rows_takes_neither_and_names_both(demo: Kernel) -> None:
    told = files()
    first = told["gtk"]["rows"][0]
    told["gtk"]["rows"].append({**first, "ptk_id": "lain-1", "nuptk": "1111222233334444", "nama": "KEMBAR CONTOH"})
    id = run(demo, told)
    assert len(fatal(id)) == 2
    assert "Kembar Contoh" not in job(id).result["new"]


def test_a_second_home_school_waits_for_the_operator(demo: Kernel) -> None:
    told = files("99990201")
    told["gtk"]["rows"].append(files()["gtk"]["rows"][0])
    told["gtk"]["results"] = len(told["gtk"]["rows"])
    id = run(demo, told, at="99990201")
    assert [("sekolah induk lain" in sentence) for sentence in fatal(id)] == [True]
    assert job(id).result["conflict"] == 1
    imports.confirm(demo, id)
    jobs.run_due(demo)
    name = next(
        one.name
        for one in Person.select()
        if people.known(demo, [one.id])[one.id][0].get("ptk_id") == files()["gtk"]["rows"][0]["ptk_id"]
    )
    homes = [
        one.unit.npsn
        for one in Assignment.select().where((Assignment.person == person(name)) & (Assignment.home == True))  # noqa: E712  # SQL
    ]
    assert homes == [SCHOOL]


def test_a_teacher_at_a_second_school_has_one_case_at_the_home_school(demo: Kernel) -> None:
    twice = [
        one for one in Person.select()
        if Assignment.select().where((Assignment.person == one) & (Assignment.home == False) & (Assignment.role == "guru")).exists()  # noqa: E712  # SQL
        and Assignment.select().where((Assignment.person == one) & (Assignment.home == True) & (Assignment.role == "guru")).exists()  # noqa: E712  # SQL
    ]  # fmt: skip
    assert twice != []
    for one in twice:
        home = Assignment.get((Assignment.person == one) & (Assignment.home == True))  # noqa: E712  # SQL
        assert {case.unit_id for case in Case.select().where(Case.person == one)} == {home.unit_id}


def test_somebody_with_no_home_school_anywhere_is_taken_with_a_doubt_and_gets_no_case(demo: Kernel) -> None:
    told = files()
    told["gtk"]["rows"].append({**told["gtk"]["rows"][7], "ptk_id": "baru-2", "nip": None, "nuptk": "8888777766665555",
                                "nama": "Tamu Contoh", "tanggal_lahir": "1991-01-01", "ptk_induk": "0"})  # fmt: skip
    id = run(demo, told)
    assert [problem[2] for problem in job(id).result["problems"] if not problem[3] and problem[1] == "Tamu Contoh"] == [
        say("row-homeless")
    ]
    imports.confirm(demo, id)
    jobs.run_due(demo)
    assert Case.select().where(Case.person == person("Tamu Contoh")).count() == 0


def test_a_new_head_takes_over_the_queue_and_the_old_one_keeps_what_was_signed(demo: Kernel) -> None:
    from kinerja.testing import Player, tasks

    case = case_of("Sari Contoh", "Januari")
    sari = Player(demo, "Sari Contoh")
    sari.fill(case, "perencanaan")
    sari.do(case, "perencanaan", "ajukan")
    old = Assignment.get((Assignment.person == person("Budi Contoh")) & (Assignment.role == "kepala-sekolah"))
    Assignment.update(until=date(2024, 2, 29)).where(Assignment.id == old.id).execute()
    new = Person.create(name="Citra Contoh", sex="P", employment="pns")
    held = people.assign(new, "kepala-sekolah", unit(SCHOOL), "definitif", date(2024, 3, 1))
    set_date(demo, date(2024, 3, 1))
    assert [
        line.case
        for line in read.turns(viewer(demo, "Citra Contoh", held.id), date(2024, 3, 1))
        if line.label == "Periksa rencana"
    ] == [case]
    assert read.turns(viewer(demo, "Budi Contoh", old.id), date(2024, 3, 1)) == []
    Player(demo, "Citra Contoh", held.id).do(case, "perencanaan", "setujui")
    assert tasks(case) == [("pegawai", "Sepakati rencana")]


def test_a_head_whose_time_is_over_decides_nothing_even_before_the_sweep(demo: Kernel) -> None:
    from kinerja.testing import Player

    case = case_of("Sari Contoh", "Januari")
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, "Budi Contoh").through("kepala-sekolah")
    sari.fill(case, "perencanaan")
    sari.do(case, "perencanaan", "ajukan")
    Assignment.update(until=date(2024, 1, 20)).where(Assignment.id == budi.assignment).execute()
    with pytest.raises(Refusal) as refused:
        budi.do(case, "perencanaan", "setujui")
    assert refused.value.sentence.startswith("Menurut data, jabatan Anda di sini sudah berakhir")


def test_a_file_that_names_another_place_takes_nobody_there(demo: Kernel) -> None:
    from kinerja import AssignmentRow, ImportRows, PersonRow

    row = PersonRow(
        1, "Jauh Contoh", {"nip": "1"}, assignments=(AssignmentRow("admin-nasional", "nasional", "definitif"),)
    )
    found = intake.match(demo, ImportRows(None, (row,)), unit(SCHOOL))
    assert [(one.how, "bukan bagian dari" in one.why) for one in found] == [("conflict", True)]
