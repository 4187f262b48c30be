"""The files of an import are there while it may be read, and gone when it is over, however it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from kinerja import Refusal
from kinerja.clock import real_now
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Job, Person, Timer, Unit
from kinerja.testing import unit
from kinerja_work import imports, jobs, storage, timers
from tests.plugins.test_import_journey import DEMO, SCHOOL, fatal, job

PAGE = b"<!doctype html><html><body>Not Found {}</body></html>"
TOKEN = b"Access denied - You are not authorized to access this page."
ACCOUNT = {
    "pengguna_id": "a-1", "username": "uji.satu@contoh.test", "nama": "UJI SATU", "peran_id_str": "PTK",
    "password": "$2y$10$karanganbukansandi", "ptk_id": "a-2", "nuptk": "1111222233334444", "ptk_induk": "1",
}  # fmt: skip


def dapodik(**other: bytes) -> dict[str, bytes]:
    told = {key: (DEMO / f"{SCHOOL}-get{key.title()}.json").read_bytes() for key in ("sekolah", "gtk")}
    return {**told, **other}


def accounts(*rows: dict[str, object]) -> bytes:
    return json.dumps({"results": len(rows), "id": "pengguna_id", "start": 0, "limit": 20, "rows": rows}).encode()


def begin(kernel: Kernel, files: dict[str, bytes], key: str = "") -> str:
    return imports.start_import(kernel, "dapodik", "sekolah", unit(SCHOOL), files, None, key)


def report(kernel: Kernel) -> str:
    raw = (DEMO / "rapor" / f"{SCHOOL}-rapor.xlsx").read_bytes()
    return imports.start_import(kernel, "rapor", "rapor-sekolah", unit(SCHOOL), {"rapor": raw}, None)


def raw(kernel: Kernel) -> set[str]:
    """The jobs of which files lie there."""
    return {
        path.relative_to(kernel.config.data).parts[1]
        for path in (kernel.config.data / "imports").rglob("*")
        if path.is_file()
    }


def take(kernel: Kernel, id: str) -> None:
    jobs.run_due(kernel)
    imports.confirm(kernel, id)
    jobs.run_due(kernel)


def read_and_cancel(kernel: Kernel, id: str) -> None:
    jobs.run_due(kernel)
    assert job(id).state == "preview"
    assert raw(kernel) == {id}
    assert imports.cancel(kernel, id)


def leave(kernel: Kernel, id: str) -> None:
    jobs.run_due(kernel)
    Job.update(created_at=real_now() - timedelta(days=15)).where(Job.id == id).execute()
    os.utime(kernel.config.data / "imports" / id, (0, 0))
    imports.forget_old(kernel, real_now())


def without_its_plugin(kernel: Kernel, id: str) -> None:
    jobs.run_due(kernel)
    imports.confirm(kernel, id)
    del kernel.host.registry.connectors["dapodik"]
    jobs.run_due(kernel)


WAYS: dict[str, tuple[Callable[[Kernel], str], Callable[[Kernel, str], object], str]] = {
    "taken": (lambda k: begin(k, dapodik()), take, "done"),
    "a report taken": (report, take, "done"),
    "cancelled after reading": (lambda k: begin(k, dapodik()), read_and_cancel, "cancelled"),
    "a report cancelled": (report, read_and_cancel, "cancelled"),
    "cancelled before reading": (lambda k: begin(k, dapodik()), imports.cancel, "cancelled"),
    "left alone": (lambda k: begin(k, dapodik()), leave, "cancelled"),
    "an error page": (lambda k: begin(k, dapodik(gtk=PAGE)), take, "failed"),
    "a refused token": (lambda k: begin(k, dapodik(gtk=TOKEN)), take, "failed"),
    "empty": (lambda k: begin(k, dapodik(gtk=b"")), take, "failed"),
    "accounts with ptk_id": (lambda k: begin(k, dapodik(gtk=accounts(ACCOUNT))), take, "failed"),
    "accounts as the school": (lambda k: begin(k, dapodik(sekolah=accounts(ACCOUNT))), take, "failed"),
    "its plugin is gone": (lambda k: begin(k, dapodik()), without_its_plugin, "failed"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_files_are_gone_when_the_import_is_over(demo: Kernel, way: str) -> None:
    start, finish, state = WAYS[way]
    demo.host.strict = False
    id = start(demo)
    assert raw(demo) == {id}
    finish(demo, id)
    assert (job(id).state, raw(demo)) == (state, set())
    assert [one for one in demo.config.data.rglob("*") if one.is_file()] == [], "nor anywhere else"


def test_what_was_handed_in_with_the_same_bytes_stays(demo: Kernel) -> None:
    kept = [storage.put(demo, content) for content in dapodik().values()]
    id = begin(demo, dapodik())
    take(demo, id)
    assert [storage.get(demo, hash) for hash in kept] == list(dapodik().values())


def test_the_same_files_of_two_people_are_two(demo: Kernel) -> None:
    one, other = begin(demo, dapodik()), begin(demo, dapodik())
    jobs.run_due(demo)
    imports.cancel(demo, one)
    assert raw(demo) == {other}
    imports.confirm(demo, other)
    jobs.run_due(demo)
    assert (job(one).state, job(other).state, raw(demo)) == ("cancelled", "done", set())


def test_a_form_sent_twice_leaves_one_upload_and_a_refused_one_none(demo: Kernel) -> None:
    id = begin(demo, dapodik(), "k")
    assert begin(demo, dapodik(), "k") == id
    with pytest.raises(Refusal):
        begin(demo, dapodik(gtk=b"lain"), "k")
    assert raw(demo) == {id}


def test_what_is_taken_over_or_over_is_not_cancelled(demo: Kernel) -> None:
    id = begin(demo, dapodik())
    jobs.run_due(demo)
    imports.confirm(demo, id)
    assert (imports.cancel(demo, id), job(id).state, raw(demo)) == (False, "confirmed", {id})
    jobs.run_due(demo)
    assert (imports.cancel(demo, id), job(id).state) == (False, "done")


def test_who_cancels_while_it_is_read_has_cancelled_it(demo: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    id = begin(demo, dapodik())
    read = imports._read

    def slow(kernel: Kernel, one: Job) -> object:
        rows = read(kernel, one)
        assert imports.cancel(kernel, id)
        return rows

    monkeypatch.setattr(imports, "_read", slow)
    jobs.run_due(demo)
    assert (job(id).state, raw(demo)) == ("cancelled", set())


def test_an_import_whose_files_are_lost_takes_nobody_and_says_so(demo: Kernel) -> None:
    before = Person.select().count(), Assignment.select().count(), Unit.get_by_id(unit(SCHOOL).id).attributes
    id = begin(demo, dapodik())
    jobs.run_due(demo)
    imports.confirm(demo, id)
    storage.drop(demo, f"imports/{id}")
    demo.host.strict = False
    jobs.run_due(demo)
    assert (job(id).state, fatal(id)) == (
        "failed", ["Berkas yang diunggah sudah tidak ada, jadi tidak ada yang disimpan. Unggah lagi berkasnya."],
    )  # fmt: skip
    assert before == (Person.select().count(), Assignment.select().count(), Unit.get_by_id(unit(SCHOOL).id).attributes)


def test_the_sweep_erases_what_a_killed_worker_left_and_nothing_that_may_still_be_read(demo: Kernel) -> None:
    """A worker killed after it saved leaves the files; one killed before the job was written leaves them without one."""
    done, open_, fresh = begin(demo, dapodik()), begin(demo, dapodik()), begin(demo, dapodik())
    jobs.run_due(demo)
    Job.update(state="done").where(Job.id.in_([done, fresh])).execute()
    storage.put(demo, b"rahasia", "imports/tanpa-pekerjaan")
    for id in (done, open_, "tanpa-pekerjaan"):
        os.utime(demo.config.data / "imports" / id, (0, 0))
    Timer.update(due_at=demo.clock.now()).where(Timer.name == "sweep").execute()
    list(timers.due(demo, "uji", timedelta(minutes=1), pieces=False))
    assert raw(demo) == {open_, fresh}
    assert job(open_).state == "preview"


@pytest.mark.parametrize(
    "told",
    [
        accounts(ACCOUNT),
        accounts({key: value for key, value in ACCOUNT.items() if key != "ptk_id"}),
        accounts({"ptk_id": "x", "nama": "A"}, ACCOUNT),
        json.dumps([ACCOUNT]).encode(),
        json.dumps({"datas": [{"ptk_id": "x", "akun": {"PASSWORD": "y"}}]}).encode(),
        json.dumps({"success": "false", "message": "x", "password_hash": "y"}).encode(),
    ],
)
def test_a_file_of_accounts_is_refused_by_its_shape(demo: Kernel, told: bytes) -> None:
    id = begin(demo, dapodik(gtk=told))
    jobs.run_due(demo)
    assert (job(id).state, len(fatal(id)), raw(demo)) == ("failed", 1, set())
    assert fatal(id)[0].startswith(
        "Berkas getGtk memuat kata sandi: ini daftar akun, jawaban getPengguna, bukan getGtk."
    )
    assert "karanganbukansandi" not in json.dumps([job(id).result, job(id).input])


def test_a_name_that_reads_like_a_password_is_nobody_s_password(demo: Kernel) -> None:
    told = json.loads(dapodik()["gtk"])
    told["rows"][0]["nama"] = "PASSWORD CONTOH"
    id = begin(demo, dapodik(gtk=json.dumps(told).encode()))
    jobs.run_due(demo)
    assert job(id).state == "preview"
