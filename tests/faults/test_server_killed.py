"""The server is killed while teachers hand in their plans: what was acknowledged is there, once, and whole."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from kinerja import cases, database, testing
from kinerja.kernel import Config, Kernel
from kinerja.models import Applied, LogEntry, Part, Revision, Unit
from kinerja.testing import Player
from kinerja_web import hooks as web_hooks
from kinerja_work import chain
from tests.faults.tools import SOAK, Browser, Served, let_sign_in, plans, server

pytestmark = pytest.mark.faults

PLAN = "perencanaan"
TEACHERS = 25
BESIDE = 3
ROUNDS = 4 if SOAK else 1
MOMENTS = [(0.0, 1.3), (0.7, 1.1)]
"""When the server dies, in parts of the time an undisturbed hand-in took: anywhere, or about when it is written."""
ACTING = "99990102"
"""The school of an acting head, whose plans the system approves at once."""


@pytest.fixture
def world(demo_url: str, tmp_path: Path) -> dict[str, Any]:
    """A copy of the demo in which teachers have filled all drafts and may sign in; some of them never hand in."""
    kernel = _open(demo_url, tmp_path)
    chosen = plans("Januari", ACTING)[: TEACHERS + BESIDE]
    for case in chosen:
        Player(kernel, case.person.name).fill(case.id, PLAN)
    accounts = let_sign_in(kernel, [case.person for case in chosen])
    told = {
        "url": demo_url,
        "teachers": [(case.id, accounts[case.person_id]) for case in chosen[:TEACHERS]],
        "beside": {case.id: _parts(case.id) for case in chosen[TEACHERS:]},
    }
    testing.stop()
    return told


def _open(url: str, folder: Path) -> Kernel:
    return testing.start(Config(folder / "data", url, demo=True), web_hooks, fresh=False)


def _parts(case: str) -> list[tuple[Any, ...]]:
    return list(
        Part.select(Part.step, Part.revision, Part.draft, Part.handed)
        .where(Part.case == case)
        .order_by(Part.id)
        .tuples()
    )


def _until_answered(
    site: Served, browser: Browser, path: str, told: dict[str, str], kill_after: float | None
) -> tuple[int, str]:
    """Send the same form until somebody answers; the server dies so many seconds after the first time. Answers the
    status and the sentence left for the next page."""
    tries = 0
    while True:
        tries += 1
        assert tries < 20
        cut = threading.Timer(kill_after, site.kill) if kill_after is not None and tries == 1 else None
        if cut:
            cut.start()
        try:
            status, _, _ = browser.post(path, told)
            return status, unquote(browser.cookies.pop("kabar", ""))
        except (OSError, http.client.HTTPException):
            pass
        finally:
            if cut:
                cut.join()
                site.start()


def test_a_hand_in_that_was_acknowledged_is_there_once_however_often_the_server_was_killed(
    world: dict[str, Any], tmp_path: Path
) -> None:
    chance = random.Random(20240122)
    keys: dict[str, list[str]] = {}
    answers: Counter[tuple[int, str]] = Counter()
    usual = 0.05
    site = server(tmp_path / "data", world["url"])
    with site:
        for turn in range(ROUNDS):
            for number, (case, account) in enumerate(world["teachers"]):
                browser = Browser(site.port)
                browser.sign_in(account)
                stage = f"/kasus/{case}/{PLAN}"
                if turn:
                    form = browser.get(stage).forms[stage]
                    assert browser.post(stage, {**form, "langkah": "tarik"})[0] == 303
                    browser.cookies.pop("kabar")
                path = f"{stage}/ajukan"
                form = browser.get(path).forms[path]
                keys.setdefault(case, []).append(f"{form['kunci']}:{form['langkah']}")
                kill_after = usual * chance.uniform(*chance.choice(MOMENTS)) if number % 2 else None
                began = time.monotonic()
                answers[_until_answered(site, browser, path, form, kill_after)] += 1
                if kill_after is None:
                    usual = time.monotonic() - began
    # All were told the same, those whose first answer was cut off too.
    ((status, told),) = answers
    assert (status, "Perlu disetujui" in told, answers[status, told]) == (303, True, TEACHERS * ROUNDS)
    assert site.kills == TEACHERS // 2 * ROUNDS + 1

    kernel = _open(world["url"], tmp_path)
    try:
        _check(kernel, world, keys)
    finally:
        testing.stop()


def _check(kernel: Kernel, world: dict[str, Any], keys: dict[str, list[str]]) -> None:
    for case, _ in world["teachers"]:
        seen = cases.load(kernel, case)
        together = [name for name in seen.rule(PLAN).steps if kernel.host.registry.steps[name].together]
        assert seen.progress[PLAN].state.id == "diajukan"
        assert sorted(part.step for part in seen.parts) == sorted(together)
        assert [(part.draft, part.handed is not None) for part in seen.parts] == [(None, True)] * len(together)
        kept = Counter(
            (part, kind)
            for part, kind in Revision.select(Revision.part, Revision.kind).join(Part).where(Part.case == case).tuples()
        )
        assert kept == {(part.id, "diajukan"): ROUNDS for part in seen.parts}
        codes = Counter(code for (code,) in LogEntry.select(LogEntry.code).where(LogEntry.case == case).tuples())
        assert codes == {"ajukan": ROUNDS} | ({"tarik": ROUNDS - 1} if ROUNDS > 1 else {})
        handed = Applied.select(Applied.key).where((Applied.case == case) & Applied.key.endswith(":ajukan"))
        assert sorted(one.key.split(":", 2)[2] for one in handed) == sorted(keys[case])
    assert {case: _parts(case) for case in world["beside"]} == world["beside"]
    assert {unit.id: chain.broken(unit.id) for unit in Unit.select()} == {unit.id: None for unit in Unit.select()}
    handed_in = LogEntry.select(LogEntry.case).where(LogEntry.code == "ajukan").distinct()
    assert {one.case for one in handed_in} == {case for case, _ in world["teachers"]}
    if database.is_sqlite():
        assert database.rows("PRAGMA integrity_check") == [("ok",)]
        assert database.rows("PRAGMA foreign_key_check") == []
