"""`make bench-scale`: the same pages and steps of the worker with 4,000 teachers and with 400,000, on one engine.

The bench's school, whose head has 25 plans to look at, is copied until a district has 2,000 teachers, and that district
until the nation has as many as asked for. Each page is asked in process by whom it is for; its time is the median of the
processor time of several asks, and the ratio to the smaller world is what must stay near one.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from kinerja import cases, database, testing
from kinerja.kernel import Config, Kernel
from kinerja.models import Assignment, Case, Timer, Unit
from kinerja.testing import Player, case_of, unit
from kinerja_office import sessions
from kinerja_web import create_app, hooks
from kinerja_web.session import COOKIE
from kinerja_work import delivery, worker
from tests import servers
from tests.bench.grow import grow
from tests.bench.world import CLASS, PLAN, STEP, school, token, url

SCHOOLS, ASKS = 79, 15
SIZES = (4_000, 400_000)


@contextmanager
def database_url(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield url(folder)
        return
    with servers.postgres() as cluster:
        yield cluster()


def build(kernel: Kernel, teachers: int, told: Callable[[str], object]) -> None:
    """The bench's school, its district, and the nation around it."""
    a_district = CLASS * (SCHOOLS + 1)
    grow(unit("tolok-ukur"), SCHOOLS, "-", told)
    grow(unit("contoh-asri"), max(0, teachers // a_district - 1), "+", told)


def cpu(ask: Callable[[], Any], asks: int = ASKS) -> float:
    """Milliseconds of processor time in this process, the median of several asks after one that does not count. What
    PostgreSQL spends lies in its own processes, so there it is time on the clock."""
    clock = time.process_time if database.is_sqlite() else time.perf_counter
    ask()
    taken = []
    for _ in range(asks):
        began = clock()
        ask()
        taken.append((clock() - began) * 1000)
    return statistics.median(taken)


def browser(kernel: Kernel, name: str, role: str = "") -> FlaskClient:
    """Somebody signed in, in a capacity."""
    client = create_app(kernel).test_client()
    client.set_cookie(COOKIE, token(kernel, name, role))
    return client


def pages(kernel: Kernel) -> Iterator[tuple[str, Callable[[], Any]]]:
    case, written = case_of("Guru Tolok 01", "Januari"), case_of("Sari Contoh", "Januari")
    district, province = unit("contoh-asri"), unit("contoh-asri").parent
    teacher, head = browser(kernel, "Guru Tolok 01"), browser(kernel, "Kepala Tolok", "kepala-sekolah")
    writer = browser(kernel, "Sari Contoh")
    office, nation = browser(kernel, "Danu Contoh", "admin-dinas"), browser(kernel, "Satria Contoh", "admin-nasional")
    of = {
        "teacher: first page": (teacher, "/"),
        "teacher: case": (teacher, f"/kasus/{case}"),
        "teacher: stage": (teacher, f"/kasus/{case}/{PLAN}"),
        "teacher: form of 12": (writer, f"/kasus/{written}/{PLAN}/{STEP}"),
        f"head: list of {CLASS}": (head, "/"),
        "head: all": (head, "/?tampil=semua"),
        "head: review": (head, f"/kasus/{case}/{PLAN}"),
        "district: first page": (office, "/"),
        "district: school": (office, f"/satuan/{unit('tolok-ukur').id}"),
        "district: district": (office, f"/satuan/{district.id}"),
        "district: people": (office, f"/satuan/{district.id}/orang"),
        "nation: first page": (nation, "/"),
        "nation: district": (nation, f"/satuan/{district.id}"),
        "nation: province": (nation, f"/satuan/{province.id}"),
        "nation: nation": (nation, f"/satuan/{Unit.get(Unit.parent.is_null()).id}"),
        "nation: plugins": (nation, f"/satuan/{Unit.get(Unit.parent.is_null()).id}/plugin"),
    }  # fmt: skip
    for what, (client, path) in of.items():
        first = client.get(path)
        if first.status_code != 200:
            print(f"{what}: {path} answers {first.status_code}", file=sys.stderr)
            continue
        yield what, lambda client=client, path=path: client.get(path)


def steps(kernel: Kernel) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What the worker does again and again."""
    school_, case = unit("tolok-ukur"), case_of("Guru Tolok 02", "Januari")

    def people_changed() -> None:
        Timer.create(name="people-changed", data={"unit": school_.id}, due_at=kernel.clock.now())
        worker.run_once(kernel)

    def reproject() -> None:
        Timer.create(name="reproject", case=case, due_at=kernel.clock.now())
        worker.run_once(kernel)

    yield "worker: nothing to do", lambda: worker.run_once(kernel)
    yield "worker: a case projected", reproject
    yield f"worker: a school of {CLASS} whose people changed", people_changed
    yield "worker: messages looked for", lambda: delivery.claim("tolok")
    yield "signing in", lambda: sessions.begin(kernel, "tolok", "Guru Tolok 01", "")
    yield "a case read", lambda: cases.load(kernel, case)


def measure(engine: str, teachers: int, told: Callable[[str], object]) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="kinerja-scale-") as name, database_url(engine, Path(name)) as at:
        kernel = testing.start(Config(Path(name), at, demo=True), hooks)
        school(kernel)
        Player(kernel, "Sari Contoh").fill(case_of("Sari Contoh", "Januari"), PLAN)
        build(kernel, teachers, told)
        count = Assignment.select().where((Assignment.role == "guru") & Assignment.home).count()
        told(f"{count:,} teachers, {Case.select().count():,} cases")
        worker.run_once(kernel)
        found = {}
        for what, ask in [*pages(kernel), *steps(kernel)]:
            told(what)
            few = 3 if what.startswith(("nation: ", "worker: a school")) else ASKS
            found[what] = cpu(ask, few)
        testing.stop()
        return found


def main() -> None:
    told = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    told.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    told.add_argument("--teachers", type=int, nargs="*", default=SIZES)
    chosen = told.parse_args()
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {what}", file=sys.stderr, flush=True)

    found = [measure(chosen.engine, teachers, say) for teachers in chosen.teachers]
    unit_ = "ms of the processor" if chosen.engine == "sqlite" else "ms on the clock"
    print(f"{chosen.engine}, {unit_}, {date.today()}\n")
    head = ["what", *(f"{one:,}" for one in chosen.teachers), *(["ratio"] if len(found) == 2 else [])]
    print("| " + " | ".join(head) + " |\n" + "|" + " --- |" * len(head))
    for what in found[0]:
        values = [one.get(what, float("nan")) for one in found]
        ratio = [f"{values[1] / values[0]:.2f}"] if len(values) == 2 else []
        print("| " + " | ".join([what, *(f"{one:.2f}" for one in values), *ratio]) + " |")


if __name__ == "__main__":
    main()
