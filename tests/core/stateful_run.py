"""What both stateful tests need: a copy of their world for each run, a clock that is moved, and how many steps are taken."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test

from kinerja import database
from kinerja.clock import real_now
from kinerja.host import Host
from kinerja.kernel import Config, Kernel
from kinerja.migrations import migrate
from kinerja.models import Setting, Timer
from kinerja.testing import stop
from kinerja_work import chain
from tests.faults.tools import SOAK

JAKARTA = ZoneInfo("Asia/Jakarta")


class Played(RuleBasedStateMachine):
    """A kernel on a copy of a world of its own. A test makes a subclass with `world`, `host` and `folder`."""

    world: ClassVar[Callable[[], str]]
    host: ClassVar[Host]
    folder: ClassVar[Path]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        url = self.world()
        database.connect_to(url)
        database.proxy.connect(reuse_if_open=True)
        self.kernel = Kernel(Config(self.folder, url, demo=True), self.host)
        self.kernel.sync()
        self.today = date.min

    def teardown(self) -> None:
        broken = {one: chain.broken(one) for (one,) in database.rows("SELECT unit_id FROM chain")}
        stop()
        assert (self.host.faults, broken) == ({}, dict.fromkeys(broken))

    def now(self) -> datetime:
        """The moment as a request brings it, in the zone of the unit."""
        return self.kernel.clock.now().astimezone(JAKARTA)

    def clock_to(self, day: date, hour: int = 9) -> None:
        """Only the case clock goes on; the office's round of the day is due from then on."""
        self.today = max(day, self.today)
        at = datetime.combine(self.today, time(hour), JAKARTA)
        Setting.update(value=int((at - real_now()).total_seconds())).where(Setting.name == "demo_offset").execute()
        self.kernel.sync()
        Timer.update(due_at=self.kernel.clock.now() - timedelta(seconds=1)).where(
            (Timer.name == "sweep") & Timer.done_at.is_null()
        ).execute()


@contextmanager
def built(url: str, folder: Path, build: Callable[[Kernel], None]) -> Iterator[tuple[str, Host]]:
    """A world made once, and the plugins it was made with."""
    host = Host(strict=True)
    database.connect_to(url)
    kernel = Kernel(Config(folder, url, demo=True), host)
    migrate()
    kernel.sync()
    build(kernel)
    if database.is_sqlite():
        database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    stop()
    yield url, host
    stop()


def play(
    machine: type[Played], template: tuple[str, Host], folder: Path, request: pytest.FixtureRequest, least: int, length: int,
    spare: float = 1.5,
) -> None:  # fmt: skip
    """Run a machine until so many steps were taken in all, ten times as many when soaking; each run takes a part of them
    on a copy of the world. Every day the same is played; the seed of a soak is printed, and KINERJA_SEED plays it again."""
    url, host = template
    made = iter(range(1_000_000))

    def copy() -> str:
        if not url.startswith("sqlite"):
            return str(request.getfixturevalue("postgres_cluster").copy(url))
        path = folder / f"contoh-{next(made) % 2}.db"
        for old in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            old.unlink(missing_ok=True)
        shutil.copy(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    kind = type(machine.__name__, (machine,), {"world": staticmethod(copy), "host": host, "folder": folder, "steps": 0})
    drawn = int(os.environ.get("KINERJA_SEED") or secrets.randbelow(2**32)) if SOAK else None
    print("seed", "of every day" if drawn is None else drawn)
    wanted = settings(
        max_examples=int(least * (10 if SOAK else 1) * spare / length),  # some runs end early
        stateful_step_count=length,
        deadline=None,
        derandomize=drawn is None,
        database=None,
        print_blob=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run = get_state_machine_test(kind, settings=wanted)
    (run if drawn is None else seed(drawn)(run))()
    print(f"{kind.steps} steps")
    assert kind.steps >= least * (10 if SOAK else 1)
