"""How the databases answer: no page and no step of the worker reads a table whole that grows with the people.

The engines say themselves how they would answer each statement that was sent, where a district beside has a hundred schools.
PostgreSQL is asked with whole reads and the joins that need them forbidden, so that one that is left has no other way, and
of tables that are filled: in an empty one every way is as good.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kinerja import database, testing
from kinerja.kernel import Config, Kernel
from kinerja.models import Identity, Job, Timer
from kinerja.testing import Player, case_of, person, unit
from kinerja_office import sessions
from kinerja_web import hooks as web_hooks
from kinerja_work import delivery, imports, worker
from tests.bench.grow import grow
from tests.faults.tools import plans
from tests.plugins.test_import_journey import DEMO
from tests.web.test_once import Town

GROWS = (
    "cases", "relation", "task", "progress", "part", "signature", "edition", "revision", "item", "fact", "seen", "note",
    "request", "reading", "evidence", "person", "person_value", "person_id", "identity", "standing", "assignment", "session",
    "log_entry", "log_text", "applied", "timer", "outgoing",
)  # fmt: skip
"""The tables with a row or more a person. An index that ends with «_open» or «_stuck» holds only what is to be done."""
FILLED = 300
"""From how many rows on PostgreSQL is asked about a table."""


@contextmanager
def sent() -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their values."""
    told: list[tuple[str, Any]] = []
    real: Callable[..., Any] = database.proxy.obj.execute_sql

    def execute(sql: str, params: Any = None, *more: Any, **named: Any) -> Any:
        told.append((sql, params))
        return real(sql, params, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database.proxy.obj, "execute_sql", execute)
        yield told


def whole(sql: str, values: Any) -> list[str]:
    """The growing tables that a statement reads whole, as the engine plans it."""
    if database.is_sqlite():
        rows = [row[3] for row in database.proxy.obj.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
        made = {row.split()[1] for row in rows if row.startswith(("CO-ROUTINE ", "MATERIALIZE "))}
        scanned = [row for row in rows if row.startswith("SCAN ") and row.split()[1] not in made]
        return [row for row in scanned if _table(sql, row.split()[1]) in GROWS and not re.search("_(open|stuck)", row)]
    with database.proxy.atomic() as undone:
        for way in ("seqscan", "hashjoin", "mergejoin"):
            database.proxy.obj.execute_sql(f"SET LOCAL enable_{way} = off")
        ((plan,),) = database.proxy.obj.execute_sql(f"EXPLAIN (FORMAT JSON) {sql}", values).fetchall()
        undone.rollback()
    return list(_nodes(plan[0]["Plan"]))


def _table(sql: str, alias: str) -> str:
    """What an alias of a statement stands for."""
    found = re.search(rf'(?:FROM|JOIN|,)\s+"?(\w+)"?\s+(?:AS\s+)?"?{alias}"?\b', sql)
    return found[1] if found else alias


def _nodes(node: dict[str, Any]) -> Iterator[str]:
    kind, table = node["Node Type"], node.get("Relation Name", "")
    named = kind.startswith("Index") and ("Index Cond" in node or re.search("_(open|stuck)$", node["Index Name"]))
    if (
        table in GROWS
        and _rows(table) >= FILLED
        and kind in ("Seq Scan", "Index Scan", "Index Only Scan")
        and not named
    ):
        yield f"{kind} {table} {node.get('Index Name', '')}"
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(table: str) -> int:
    return int(database.proxy.obj.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0])


def reads(told: list[tuple[str, Any]]) -> list[tuple[str, list[str]]]:
    """The reading statements with what each of them reads whole, where it does."""
    found = [(sql, whole(sql, values)) for sql, values in told if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert found, "nothing was asked"
    return [(sql, tables) for sql, tables in found if tables]


@pytest.fixture
def demo_url(demo_url: str, tmp_path: Path) -> str:
    """The demo world with its first school a hundred times, where four plans were handed in."""
    kernel = testing.start(Config(tmp_path / "grown", demo_url, demo=True), web_hooks, fresh=False)
    for case in [one for one in plans("Januari") if one.unit.npsn == "99990101"][:4]:
        Player(kernel, case.person.name).fill(case.id, "perencanaan")
        Player(kernel, case.person.name).do(case.id, "perencanaan", "ajukan")
    grow(unit("99990101"), 99)
    testing.stop()
    return demo_url


PAGES: dict[str, tuple[str, str, Callable[[], str]]] = {
    "a teacher's first page": ("Sari", "", lambda: "/"),
    "a teacher's case": ("Sari", "", lambda: f"/kasus/{case_of('Sari Contoh', 'Januari')}"),
    "a teacher's stage": ("Sari", "", lambda: f"/kasus/{case_of('Sari Contoh', 'Januari')}/perencanaan"),
    "a teacher's form": ("Sari", "", lambda: f"/kasus/{case_of('Sari Contoh', 'Januari')}/perencanaan/kompetensi-katalog"),
    "a head's list": ("Budi", "kepala-sekolah", lambda: "/"),
    "a head's list of all": ("Budi", "kepala-sekolah", lambda: "/?tampil=semua"),
    "a head's case": ("Budi", "kepala-sekolah", lambda: f"/kasus/{case_of('Sari Contoh', 'Januari')}"),
    "a school": ("Sahira", "admin-dinas", lambda: f"/satuan/{unit('99990102').id}"),
    "an operator's first page": ("Hendra", "operator-sekolah", lambda: "/"),
    "an operator's requests": ("Hendra", "operator-sekolah", lambda: "/permintaan"),
    "a person": ("Hendra", "operator-sekolah", lambda: f"/satuan/{unit('99990101').id}/orang"),
    "a district's office": ("Sahira", "admin-dinas", lambda: "/"),
    "a district": ("Sahira", "admin-dinas", lambda: f"/satuan/{unit('contoh-bahari').id}"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_no_page_reads_a_growing_table_whole(demo: Kernel, name: str) -> None:
    who, role, address = PAGES[name]
    browser, path = Town(demo).browser(who, role), address()
    with sent() as told:
        answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    assert reads(told) == []


def test_signing_in_reads_no_growing_table_whole(demo: Kernel) -> None:
    known = Identity.select().where(Identity.person == person("Sari Contoh")).get()
    with sent() as told:
        assert sessions.begin(demo, known.issuer, known.subject, "") is not None
    assert reads(told) == []


def test_no_step_of_the_worker_that_finds_nothing_reads_a_growing_table_whole(demo: Kernel) -> None:
    worker.run_once(demo)
    with sent() as told:
        worker.run_once(demo)
        delivery.claim("uji")
    assert reads(told) == []


def test_what_the_worker_does_about_one_school_reads_no_growing_table_whole(demo: Kernel) -> None:
    school, at = unit("99990101"), demo.clock.now()
    Timer.create(name="people-changed", data={"unit": school.id}, due_at=at)
    Timer.create(name="reproject", case=case_of("Sari Contoh", "Januari"), due_at=at)
    content = {key: (DEMO / f"99990101-get{key.title()}.json").read_bytes() for key in ("sekolah", "gtk")}
    id = imports.start_import(demo, "dapodik", "sekolah", school, content, None)
    with sent() as told:
        worker.run_once(demo)
        imports.confirm(demo, id)
        worker.run_once(demo)
    assert Job.get_by_id(id).state == "done"
    assert reads(told) == []
