"""One case whole, and what happened to it. Both read well when every plugin of it is gone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, g

from kinerja import projections, read
from kinerja.cases import Loaded
from kinerja.contracts import StageRule
from kinerja_web import gate, hooks, look, slots
from kinerja_web.htmx import page
from kinerja_web.words import short_day

pages = Blueprint("case", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A stage of a case in a list: its tag, and one line of what is next there."""

    stage: str
    label: str
    tag: str
    tone: str
    note: str


@pages.get("/kasus/<id>")
def show(id: str) -> Response:
    seen = look.case(id)
    kernel = gate.the_kernel()
    beside = read.beside(g.viewer, id)
    person = seen.view.person
    named = replace(seen.view, person=replace(person, ids=beside.numbers)) if person else seen.view
    given = {**kernel.host.registry.given(), **kernel.host.registry.received()}
    return page(
        "kinerja/kasus.html",
        seen=seen,
        title=look.title(seen),
        own=person is not None and person.id == g.viewer.person,
        rows=[row(seen, rule) for rule in seen.rules()],
        facts=[(given[name].label if name in given else name, fact.label or str(fact.value))
               for name, fact in seen.facts.items() if name in given and (fact.label or fact.value is not None)],
        notes=beside.notes,
        holders=[one for one in seen.helpers if person is None or one.person.id != person.id],
        evidence=bool(seen.items) and bool(seen.snapshot.scheme.evidence),
        foot=slots.fill(hooks.CASE_FOOT, seen.line, case=named, facts=seen.facts, messages=beside.messages,
                        items=seen.items, relations=look.kinds(seen)),
    )  # fmt: skip


def row(seen: Loaded, rule: StageRule) -> Row:
    """One stage as this visitor sees it: whose turn, or when it begins, or the label it had when its plugin left."""
    mine = look.kinds(seen)
    tasks = [one.task for one in seen.tasks if one.stage == rule.id]
    own = next((task for task in tasks if task.relation in mine), None)
    if own is not None and own.kind != "macet":
        return Row(rule.id, rule.label, "Giliran Anda", "mine", own.label)
    if tasks:
        task = own or tasks[0]
        return Row(
            rule.id, rule.label, f"Menunggu {look.who(seen, task.relation)}", "wait", task.sentence or task.label
        )
    progress = seen.progress.get(rule.id)
    opens = opening(seen, rule)
    today = g.clock.today(seen.view.unit.zone)
    if (
        opens is not None
        and opens > today
        and (progress is None or progress.state.kind in ("belum", "menunggu", "macet"))
    ):
        return Row(rule.id, rule.label, f"Mulai {short_day(opens, today)}", "quiet", "")
    if progress is None:
        return Row(rule.id, rule.label, "Belum dibuka", "quiet", "")
    tone = "quiet" if progress.state.tone == "mine" else progress.state.tone
    return Row(rule.id, rule.label, progress.state.label, tone, "")


def opening(seen: Loaded, rule: StageRule) -> date | None:
    found = projections.window_of(seen, rule)
    return found[1] if found else None


@pages.get("/kasus/<id>/riwayat")
def history(id: str) -> Response:
    seen = look.case(id)
    return page("kinerja/riwayat.html", seen=seen, title=look.title(seen), lines=read.history(id))
