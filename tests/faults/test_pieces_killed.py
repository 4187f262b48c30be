"""The worker is killed again and again while periods open, turn, take new contents and close: each case is there once, and
nothing is left half."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kinerja import database, testing
from kinerja.kernel import Config, Kernel
from kinerja.models import Case, Period, Timer
from kinerja_office import periods
from kinerja_web import hooks as web_hooks
from kinerja_work import demo_date, leases, worker
from tests.faults.tools import SOAK, Process

pytestmark = pytest.mark.faults

KILLS = 100 if SOAK else 10
LEASE = 1.0
DAYS = [date(2024 + n // 12, n % 12 + 1, 2) for n in range(1, 30)]
"""The second of each month from February 2024 to June 2026: windows turn, halves end, years close and new ones open."""


@pytest.fixture
def kernel(demo_url: str, tmp_path: Path) -> Iterator[Kernel]:
    yield testing.start(Config(tmp_path / "data", demo_url, demo=True), web_hooks, fresh=False)
    testing.stop()


def twice() -> list[tuple[object, ...]]:
    return database.rows(
        "SELECT period_id, unit_id, person_id, role, count(*) FROM cases GROUP BY period_id, unit_id, person_id, role "
        "HAVING count(*) > 1"
    )


def held() -> set[str]:
    """The workers that hold something, dead ones too."""
    return {one.lease_by for table in leases.TABLES for one in table.select().where(table.lease_by != "")}


def test_however_often_the_worker_dies_each_case_is_there_once_and_nothing_is_left_half(
    kernel: Kernel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("KINERJA_SEED") or random.randrange(2**32))
    chance = random.Random(seed)
    work = Process(tmp_path / "data", kernel.config.url, "worker", "--lease", str(LEASE))
    cut, days = 0, iter(DAYS)
    for n in range(KILLS):
        if n % max(1, KILLS // len(DAYS)) == 0:
            demo_date.move(kernel, next(days))
        for period in Period.select().where(Period.state == "open").order_by(Period.id).limit(2):
            periods.renew(kernel, period, None, "Ralat judul.")
        before = held()
        work.start()
        limit = time.monotonic() + 30
        while not held() - before and time.monotonic() < limit:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.5))
        work.kill()
        cut += bool(held())
        assert twice() == []
    demo_date.move(kernel, DAYS[-1])
    leases.release(held())
    worker.run_once(kernel)
    with capsys.disabled():
        print(f"\nkilled {work.kills} times, {cut} of them in the middle of something; seed {seed}")
    assert cut > KILLS // 2, "a worker that is never cut proves nothing"
    assert twice() == []
    assert Timer.select().where(Timer.done_at.is_null() & (Timer.due_at <= kernel.clock.now())).count() == 0
    states = {period.id: period for period in Period.select()}
    assert {one.state for one in states.values()} >= {"open", "closed"}
    for period in states.values():
        here = Case.select().where((Case.period == period.id) & Case.closed_at.is_null())
        if period.state == "closed":
            assert here.count() == 0, period.label
        elif period.state == "open":
            assert {one.snapshot for one in here} <= {period.snapshot}, period.label
            if not kernel.snapshot(period.snapshot).scheme.is_frame(period.key):
                assert periods.open_cases(kernel, period, kernel.clock.now()) == 0, f"{period.label} misses cases"
