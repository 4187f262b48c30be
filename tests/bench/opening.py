"""`python -m tests.bench.opening`: fifty teachers save while a period opens for a district of thousands, on one engine.

A server and a worker run as they do anywhere; each teacher saves about once a second over HTTP, first while nothing else
happens, then while the worker opens the next half year. Told is how long a save took, and whether any was refused.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from kinerja import cases, steps, testing
from kinerja.kernel import Config, Kernel
from kinerja.models import Case, Period, Timer
from kinerja.testing import Player, case_of, unit
from kinerja_office import periods
from kinerja_web import hooks
from tests.bench.__main__ import seen_in
from tests.bench.grow import grow
from tests.bench.load import HOST
from tests.bench.scale import database_url
from tests.bench.world import CLASS, PLAN, STEP, cookie, encoded, school
from tests.faults.tools import Process, server

WRITERS, QUIET = 2 * CLASS, 10.0
"""How many save, and for how many seconds while nothing opens."""


class Writer(threading.Thread):
    """One teacher who types: saves, waits about a second, and saves again, until told to stop."""

    def __init__(self, port: int, path: str, cookie: str, told: dict[str, str], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.path, self.cookie, self.told, self.stop = port, path, cookie, told, stop
        self.took: list[tuple[float, float, str]] = []
        """When a save began, how long it took in seconds, and what came of it."""

    def run(self) -> None:
        chance = random.Random(self.path)
        time.sleep(chance.random())
        line = http.client.HTTPConnection(HOST, self.port, timeout=60)
        while not self.stop.is_set():
            began = time.monotonic()
            headers = {
                "Cookie": self.cookie, "Sec-Fetch-Site": "same-origin", "HX-Request": "true", "HX-Target": "tersimpan",
                "Content-Type": "application/x-www-form-urlencoded",
            }  # fmt: skip
            try:
                line.request("POST", self.path, urlencode(self.told), headers)
                answer = line.getresponse()
                text = answer.read().decode()
                came = "saved" if answer.status == 200 else str(answer.status)
                if came == "saved":
                    self.told = {**self.told, **seen_in(text)}
            except (OSError, ValueError, http.client.HTTPException) as problem:
                came = type(problem).__name__
                line.close()
            self.took.append((began, time.monotonic() - began, came))
            time.sleep(chance.uniform(0.5, 1.5))


def writers(kernel: Kernel, port: int, stop: threading.Event) -> list[Writer]:
    """Fifty teachers with a filled plan, each at the same form of it."""
    made = []
    for n in range(WRITERS // CLASS):
        for k in range(1, CLASS + 1):
            name = f"Guru Tulis-{n} {k:02d}"
            case = case_of(name, "Januari")
            Player(kernel, name).fill(case, PLAN)
            seen = cases.load(kernel, case)
            part = seen.part(PLAN, STEP)
            assert part is not None
            form = steps.form_of(kernel, seen, seen.rule(PLAN), kernel.host.registry.steps[STEP], part.author)
            assert form is not None
            told = [*encoded(form, part.draft or {}), ("seen", str(part.revision))]
            made.append(Writer(port, f"/kasus/{case}/{PLAN}/{STEP}/draft", cookie(kernel, name), dict(told), stop))
    return made


def line(what: str, took: Sequence[tuple[float, float, str]]) -> str:
    """One row of the table: how many saves, how long at the median, at 95 and 99 of a hundred and at most, in ms."""
    times = sorted(seconds * 1000 for _, seconds, _ in took)
    at: Callable[[float], float] = lambda share: times[min(len(times) - 1, int(share * len(times)))]  # noqa: E731
    came = ", ".join(f"{n} {what}" for what, n in sorted(Counter(came for *_, came in took).items()))
    return f"| {what} | {len(times)} | {at(0.5):.0f} | {at(0.95):.0f} | {at(0.99):.0f} | {times[-1]:.0f} | {came} |"


def measure(engine: str, schools: int, threads: int) -> None:
    with tempfile.TemporaryDirectory(prefix="kinerja-opening-") as name, database_url(engine, Path(name)) as at:
        folder = Path(name)
        kernel = testing.start(Config(folder, at, demo=True), hooks)
        school(kernel, WRITERS // CLASS)
        grow(unit("tolok-ukur"), schools, "-", lambda what: print(what, file=sys.stderr))
        stop = threading.Event()
        site = server(folder, at, threads) if threads else server(folder, at)
        typing = writers(kernel, site.port, stop)
        before = Case.select().count()
        with site, Process(folder, at, "worker"):
            for one in typing:
                one.start()
            time.sleep(QUIET)
            began = time.monotonic()
            planned = Period.select().where((Period.state == "planned") & Period.label.startswith("Juli"))
            for period in list(planned):
                periods.open_period(kernel, period, kernel.clock.now())
            while Timer.select().where((Timer.name == "open-units") & Timer.done_at.is_null()).exists():
                time.sleep(0.2)
            ended = time.monotonic()
            stop.set()
            for one in typing:
                one.join(60)
        opened = Case.select().count() - before
        testing.stop()
    every = [one for writer in typing for one in writer.took]
    print(f"{engine}, {date.today()}: {opened:,} cases opened in {ended - began:.0f} s, {WRITERS} teachers saving\n")
    print("| saves | how many | median, ms | 95 % | 99 % | longest | came of them |\n|" + " --- |" * 7)
    print(line("while nothing opens", [one for one in every if one[0] < began]))
    print(line("while the period opens", [one for one in every if began <= one[0] < ended]))


def main() -> None:
    told = argparse.ArgumentParser(prog="python -m tests.bench.opening", description=__doc__)
    told.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    told.add_argument("--schools", type=int, default=79, help="copies of a school of 25 teachers")
    told.add_argument("--threads", type=int, default=0, help="threads of the server; its own default where 0")
    chosen = told.parse_args()
    measure(chosen.engine, chosen.schools, chosen.threads)


if __name__ == "__main__":
    main()
