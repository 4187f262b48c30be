"""Two imports taken over in one moment by two workers: nobody is made twice, and what could not be taken is told."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kinerja import database, people
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Job, Person, PersonId
from kinerja.sentences import say
from kinerja_work import imports
from tests.plugins.test_import_journey import SCHOOL, fatal, files, job, run

OTHER = "99990201"
NEW = {
    "ptk_id": "baru-9",
    "nip": None,
    "nuptk": "9999888877776655",
    "nama": "Baru Contoh",
    "tanggal_lahir": "1990-01-01",
}
LIKE = "LESTARI"
"""Of whose row the new ones are made: a teacher who is no ASN, so that no number is missed."""


def told(school: str = SCHOOL, **cells: Any) -> dict[str, Any]:
    """The school's files with one more row."""
    found = files(school)
    like = next(row for row in files()["gtk"]["rows"] if LIKE in row["nama"])
    found["gtk"]["rows"].append({**like, **NEW, **cells})
    found["gtk"]["results"] = len(found["gtk"]["rows"])
    return found


def take_at_once(kernel: Kernel, monkeypatch: pytest.MonkeyPatch, ids: list[str]) -> None:
    """Take these over, each in a thread. Who has matched waits for the other before saving, but not for ever: where one
    waits for the lock of the other they cannot meet."""
    meeting, start, match = threading.Barrier(2), threading.Barrier(2), imports.match

    def slow(*args: Any) -> Any:
        found = match(*args)
        try:
            meeting.wait(2)
        except threading.BrokenBarrierError:
            pass
        return found

    monkeypatch.setattr(imports, "match", slow)
    for id in ids:
        imports.confirm(kernel, id)
    wrong: list[BaseException] = []

    def one(id: str) -> None:
        try:
            with database.connection():
                start.wait(10)
                imports.take_over(kernel, Job.get_by_id(id))
        except BaseException as problem:
            wrong.append(problem)
        finally:
            if not database.proxy.is_closed():
                database.proxy.close()

    threads = [threading.Thread(target=one, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []


def who(kernel: Kernel, name: str = "Baru Contoh") -> list[tuple[int, int, dict[str, str]]]:
    """People of a name: how many posts, and their numbers."""
    found = list(Person.select().where(Person.name == name))
    return [
        (one.id, Assignment.select().where(Assignment.person == one).count(), people.known(kernel, [one.id])[one.id][0])
        for one in found
    ]


def test_two_imports_of_one_school_in_one_moment_make_nobody_twice(
    demo: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [run(demo, told()) for _ in range(2)]
    before = Person.select().count()
    take_at_once(demo, monkeypatch, ids)
    assert [job(id).state for id in ids] == ["done", "done"]
    assert Person.select().count() == before + 1
    [(_, posts, numbers)] = who(demo)
    assert (posts, numbers) == (1, {"nuptk": NEW["nuptk"], "ptk_id": NEW["ptk_id"]})
    assert sorted((len(job(id).result["new"]), job(id).result["conflict"]) for id in ids) == [(0, 0), (1, 0)]


def test_one_new_person_in_the_files_of_two_schools_is_made_once_and_the_other_file_says_so(
    demo: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [run(demo, told()), run(demo, told(OTHER), at=OTHER)]
    take_at_once(demo, monkeypatch, ids)
    [(person, posts, numbers)] = who(demo)
    assert (posts, len(numbers)) == (1, 2)
    assert sorted(job(id).result["conflict"] for id in ids) == [0, 1]
    [sentence] = [one for id in ids for one in fatal(id)]
    assert sentence == say("row-taken") or "sekolah induk lain" in sentence
    assert PersonId.select().where(PersonId.person == person).count() == 2


def test_a_number_that_became_somebody_else_s_is_a_conflict_that_leaves_nothing_half_done(
    demo: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number goes to another person between matching and saving, as an import of another school would do it."""
    id = run(demo, told())
    match = imports.match

    def overtaken(*args: Any) -> Any:
        found = match(*args)
        PersonId.create(person=Person.create(name="Cepat Contoh"), kind="nuptk", value=NEW["nuptk"], force_insert=True)
        return found

    monkeypatch.setattr(imports, "match", overtaken)
    imports.confirm(demo, id)
    imports.take_over(demo, job(id))
    assert (job(id).state, fatal(id), who(demo)) == ("done", [say("row-taken")], [])
    assert job(id).done == len(files()["gtk"]["rows"]), "the others are taken"
    assert [one.value for one in PersonId.select().join(Person).where(Person.name == "Cepat Contoh")] == [NEW["nuptk"]]


def test_one_person_in_two_rows_is_taken_once_by_the_newer_row(demo: Kernel) -> None:
    found = told()
    row = found["gtk"]["rows"][-1]
    found["gtk"]["rows"].append({**row, "tahun_ajaran_id": "2010", "nama": "BARU CONTOH", "nuptk": "1234567890123456"})
    id = run(demo, found)
    assert (fatal(id), job(id).result["new"]) == ([], ["Baru Contoh"])
    assert [one[0] for one in job(id).result["problems"] if "tertulis lagi di baris" in one[2]] == [
        len(found["gtk"]["rows"])
    ]
    imports.confirm(demo, id)
    imports.take_over(demo, job(id))
    [(_, posts, numbers)] = who(demo)
    assert (posts, numbers["nuptk"]) == (1, NEW["nuptk"])
