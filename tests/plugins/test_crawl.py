"""The crawl over the demo: each account, in each capacity, on the days on which the rules turn.

On no page is there «nothing to do» while another asks something of the same person, and no page offers what `apply`
would refuse. `make test` walks one day, `make soak` all of them; each prints what it opened.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from kinerja import Refusal, cases, changes, judging, moves
from kinerja.contracts import Actor
from kinerja.kernel import Kernel
from kinerja.models import Identity
from kinerja.testing import Player, case_of, set_date
from tests.crawl import Crawl, crawl
from tests.faults.tools import SOAK
from tests.plugins.test_journey import PLAN, agreed
from tests.plugins.test_pages import enter

DAYS = [
    date(2024, 1, 22), date(2024, 2, 1), date(2024, 2, 16), date(2024, 6, 30), date(2024, 7, 1), date(2025, 1, 6),
    date(2025, 11, 15), date(2026, 1, 5),
]  # fmt: skip
SAMPLE = date(2024, 2, 16)
STAGE = re.compile(r"^/kasus/(\w+)/([a-z-]+)$")
ROW = re.compile(r'name="langkah" value="([^"]+)"')
VERSIONS = {"incomplete", "note-needed", "changed-while-reading", "stale"}


def accounts(kernel: Kernel) -> dict[str, int]:
    """The people who have an account in the demo: name and id."""
    return {one.person.name: one.person_id for one in Identity.select()}


def lived(kernel: Kernel) -> None:
    """What the first weeks bring: one plan agreed, one approved by the system, one waiting, one of a head begun."""
    sari, komang = Player(kernel, "Sari Contoh"), Player(kernel, "Komang Contoh")
    agreed(case_of(sari.name, "Januari"), sari, Player(kernel, "Budi Contoh").through("kepala-sekolah"))
    for who in (komang, Player(kernel, "Kartini Contoh")):
        who.fill(case_of(who.name, "Januari"), PLAN)
        who.do(case_of(who.name, "Januari"), PLAN, "ajukan")
    Player(kernel, "Budi Contoh").fill(case_of("Budi Contoh", "Januari"), PLAN)


def refused(kernel: Kernel, actor: Actor, path: str, page: str) -> list[str]:
    """The rows a stage's page offers and the judge of a change does not take, by more than a form or a version."""
    found = STAGE.match(path)
    if found is None:
        return []
    case, stage = found.groups()
    seen = cases.load(kernel, case)
    if not any(rule.id == stage for rule in seen.rules()):
        return []
    now, wrong = kernel.clock.now(), []
    for row in dict.fromkeys(ROW.findall(page)):
        try:
            judging.judge(kernel, seen, changes.Ask("k", case, stage, row, actor, now, note="Alasan."))
        except Refusal as refusal:
            wrong += [] if refusal.code in VERSIONS else [f"{path} {row}: {refusal.sentence}"]
    may = moves.moves(kernel, seen, actor, now)
    steps = set(re.findall(rf'href="{re.escape(path)}/([a-z0-9-]+)"', page)) - {"ajukan"}
    return wrong + [f"{path}/{step}" for step in steps if not may.may("write", stage, step)]


def walked(kernel: Kernel) -> tuple[list[str], list[str], int]:
    """Over all accounts: contradictions, offers that would be refused, and how many pages were opened."""
    against: list[str] = []
    offers: list[str] = []
    opened = 0
    for name, person in accounts(kernel).items():
        here: list[Crawl] = list(crawl(enter(kernel, name).client))
        against += [f"{name} ({one.capacity}): {one.asks}" for one in here if one.contradicts]
        for one in here:
            actor = Actor(person, int(one.capacity) if one.capacity.isdigit() else None)
            opened += len(one.pages)
            offers += [wrong for path, page in one.pages.items() for wrong in refused(kernel, actor, path, page)]
    return against, offers, opened


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if SOAK else ["sqlite"])
@pytest.mark.parametrize("day", DAYS if SOAK else [SAMPLE], ids=str)
def test_no_page_says_there_is_nothing_while_another_asks_and_none_offers_what_is_refused(
    demo: Kernel, day: date, capsys: pytest.CaptureFixture[str]
) -> None:
    lived(demo)
    for one in DAYS[: DAYS.index(day) + 1]:
        if one > DAYS[0]:
            set_date(demo, one)
    against, offers, opened = walked(demo)
    with capsys.disabled():
        print(f"\n{day}: {len(accounts(demo))} accounts, {opened} pages of cases opened")
    assert (against, offers) == ([], [])
    assert opened > 100
