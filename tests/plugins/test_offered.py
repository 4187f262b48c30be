"""Pages against the judge: whatever a stage's page offers is taken, whatever may be done is offered."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from kinerja import cases, database, flows, moves
from kinerja.contracts import Actor
from kinerja.kernel import Kernel
from kinerja.models import Case, Progress
from kinerja.testing import Player, case_of, set_date
from tests.faults.tools import SOAK
from tests.plugins.test_journey import PLAN, agreed
from tests.plugins.test_pages import enter
from tests.web.visitor import Visitor

BUDI = "Budi Contoh"
HEAD, OFFICE = "kepala-sekolah", "kepala-dinas"


def offered(client: FlaskClient, case: str, stage: str) -> set[str]:
    """What the page of a stage lets its visitor do: rows to press, steps to write or adjust, a hand-in to check."""
    page = client.get(f"/kasus/{case}/{stage}")
    assert page.status_code == 200
    rows = set(re.findall(r'name="langkah" value="([^"]+)"', page.text))
    base = re.escape(f"/kasus/{case}/{stage}/")
    links = set(re.findall(rf'href="{base}([a-z0-9-]+)"', page.text)) - {"ajukan"}
    adjusts = set(re.findall(rf'href="{base}([a-z0-9-]+)\?sesuaikan=1"', page.text))
    return rows | {f"tulis {one}" for one in links} | {f"sesuaikan {one}" for one in adjusts}


def judged(kernel: Kernel, case: str, stage: str, actor: Actor) -> set[str]:
    """The same as the judge has it; hand-ins of several parts stand on a page of their own, beginnings behind «Mulai»."""
    seen = cases.load(kernel, case)
    may = moves.moves(kernel, seen, actor, kernel.clock.now())
    here = [one for one in may.moves if one.stage == stage and one.refused is None]
    rows = {one.row.id for one in here if one.act == "row" and one.row is not None and not one.row.hand_in}
    writes = {f"tulis {one.step}" for one in here if one.act == "write"}
    return rows | writes | {f"sesuaikan {one.step}" for one in here if one.act == "adjust"}


def stands(case: str, stage: str, state: str, kind: str, adjusted: bool) -> None:
    """Put a stage into a state as a change would have left it."""
    values = {"state": state, "label": state, "kind": kind, "adjusted": adjusted}
    Progress.update(**values).where((Progress.case == case) & (Progress.stage == stage)).execute()
    Case.update(version=Case.version + 1).where(Case.id == case).execute()


def through(kernel: Kernel, visitor: Visitor, name: str, role: str) -> Actor:
    player = Player(kernel, name).through(role)
    visitor.post("/kapasitas", penugasan=str(player.assignment))
    return player.actor


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(("name", "decider", "role"), [("Sari Contoh", BUDI, HEAD), (BUDI, "Ratmi Contoh", OFFICE)])
def test_in_every_state_of_a_plan_both_sides_are_offered_what_they_may_do(
    demo: Kernel, name: str, decider: str, role: str
) -> None:
    case = case_of(name, "Januari")
    agreed(case, Player(demo, name), Player(demo, decider).through(role))
    teacher, head = enter(demo, name), enter(demo, decider)
    teacher.post("/kapasitas", penugasan="")
    actor = through(demo, head, decider, role)
    seen = cases.load(demo, case)
    compared = 0
    for rule in seen.rules():
        found = flows.flow_of(demo, rule)
        assert found is not None
        for state in found[1].states:
            for adjusted in (False, True):
                stands(case, rule.id, state.id, state.kind, adjusted)
                for visitor, who in ((teacher, Player(demo, name).actor), (head, actor)):
                    told = judged(demo, case, rule.id, who)
                    assert offered(visitor.client, case, rule.id) == told, (rule.id, state.id, adjusted, who)
                    compared += 1
            if not SOAK and rule.id != PLAN:
                break
        before = seen.progress[rule.id]
        stands(case, rule.id, before.state.id, before.state.kind, before.adjusted)
    assert compared > 30


@pytest.fixture
def counted(demo: Kernel, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often plugins are asked to project and to draw a form, by what was asked."""
    counts = {"project": 0, "form": 0}
    for id, step in demo.host.registry.steps.items():
        made = {}
        for what in counts:
            original = getattr(step, what)

            def counting(*given: object, what: str = what, original: object = original) -> object:
                counts[what] += 1
                return original(*given)  # type: ignore[operator]

            made[what] = counting
        for what, function in made.items():
            object.__setattr__(step, what, function)
        assert demo.host.registry.steps[id] is step
    return counts


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_page_of_six_steps_asks_the_plugins_six_times_at_most(demo: Kernel, counted: dict[str, int]) -> None:
    sari, budi = Player(demo, "Sari Contoh"), Player(demo, BUDI).through("kepala-sekolah")
    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, PLAN)
    teacher, head = enter(demo, "Sari Contoh"), enter(demo, BUDI)
    head.post("/kapasitas", penugasan=str(budi.assignment))
    url = f"/kasus/{case}/{PLAN}"

    def asked(visitor: Visitor, address: str) -> tuple[int, int]:
        counted.update(project=0, form=0)
        assert visitor.get(address).status_code == 200
        return counted["project"], counted["form"]

    assert asked(teacher, url) == (6, 6)
    assert asked(teacher, f"{url}/praktik") == (0, 5), "a form alone needs no items; what is summed up needs no form"
    assert asked(teacher, f"{url}/ajukan") == (6, 6)
    counted.update(project=0, form=0)
    sari.do(case, PLAN, "ajukan")
    assert (counted["project"], counted["form"]) == (6, 6), "nothing is in force yet, so no step projects again"
    assert asked(head, url) == (6, 0)


@pytest.mark.parametrize("day", [None, date(2024, 3, 31), date(2025, 2, 1)], ids=str)
def test_the_statement_that_saves_a_draft_takes_what_moves_allows_and_nothing_else(
    demo: Kernel, day: date | None
) -> None:
    """The one exception to the one judge, held equal: relation, capacity, period, day, draft and revision."""
    from kinerja import drafts
    from kinerja.contracts import Refusal
    from kinerja.testing import person

    sari = Player(demo, "Sari Contoh")
    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, PLAN)
    sari.draft(case, PLAN, "praktik")
    budi = Player(demo, BUDI).through("kepala-sekolah")
    if day is not None:
        set_date(demo, day)
    now = demo.clock.now()
    own, agus = sari.actor, Actor(person("Agus Contoh").id)
    compared = 0
    for changed in ("", "handed", "closed", "ended", "other-relation"):
        with database.proxy.atomic() as transaction:
            if changed == "handed" and day is None:
                sari.do(case, PLAN, "ajukan")
            if changed == "closed":
                Case.update(closed_at=now).where(Case.id == case).execute()
            if changed == "ended":
                database.run(
                    "UPDATE relation SET until = ? WHERE case_id = ?", database.stored_day(date(2024, 1, 10)), case
                )
            if changed == "other-relation":
                database.run("UPDATE relation SET kind = 'mengamati' WHERE case_id = ? AND kind = 'pegawai'", case)
            for actor in (own, Actor(own.person, budi.assignment), agus, budi.actor):
                seen = cases.load(demo, case)
                may = moves.moves(demo, seen, actor, now).may("write", PLAN, "praktik")
                part = seen.part(PLAN, "praktik", actor.person)
                try:
                    drafts.save_draft(demo, actor, case, PLAN, "praktik", part.revision if part else 0, {}, now)
                    saved = True
                except Refusal:
                    saved = False
                assert saved == may, (changed, actor)
                compared += 1
            transaction.rollback()
    assert compared == 20


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_page_before_a_hand_in_says_what_will_happen(demo: Kernel) -> None:
    said = {}
    for name in ("Komang Contoh", "Sari Contoh", "Kartini Contoh"):
        case = case_of(name, "Januari")
        Player(demo, name).fill(case, PLAN)
        said[name] = enter(demo, name).get(f"/kasus/{case}/{PLAN}/ajukan").text
    under_plt = said["Komang Contoh"]
    assert all(one in under_plt for one in ("langsung disetujui sistem", "1 Februari", "16 Februari")), under_plt
    for name in ("Sari Contoh", "Kartini Contoh"):
        assert ("langsung disetujui sistem" in said[name], "sampai diperiksa" in said[name]) == (False, True)
