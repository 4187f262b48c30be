"""Who signed what: both sides of a change as they were at that moment, and the editions that settled work makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from kinerja import database, people
from kinerja.changes import Ask, Plan
from kinerja.contracts import AUTHOR, SUBJECT, CaseView, Holder, Json, PersonView
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.sentences import say
from kinerja.snapshot import canonical

Known = Mapping[int, tuple[Mapping[str, str], str, str]]
"""What `people.known` answers."""


def sign(kernel: Kernel, seen: Loaded, plan: Plan, ask: Ask) -> int:
    """Keep who takes a row, in which relation, and the sides of its table as they are now; returns the signature's
    id. Called inside the transaction of the change, before anything is written."""
    row = plan.row
    known = people.known(kernel, seen.people())
    step = kernel.host.registry.steps.get(ask.step)
    relation = step.author if row.by == AUTHOR and step is not None else row.by
    sides = {one.by: seen.view.holders[one.by] for one in plan.flow.transitions if one.by in seen.view.holders}
    if seen.view.person is not None:
        sides[SUBJECT] = _subject(kernel, seen, seen.view.person)
    acting = [one for one in seen.helpers if (one.relation, one.person.id) == (relation, ask.actor.person)]
    by = sides[SUBJECT] if relation == SUBJECT else acting[0] if acting else None
    told: dict[str, Json] = {
        "by": _side(by, known) if by is not None else {"name": say("system")},
        "sides": {kind: _side(one, known) for kind, one in sides.items()},
    }
    return int(database.rows(
        "INSERT INTO signature (case_id, stage, step, transition, relation, signed, at, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        ask.case, ask.stage, ask.step, row.id, relation, json.dumps(told, ensure_ascii=False, default=str),
        database.stored(ask.at), ask.note.strip() if plan.before.kind == "selesai" else "",
    )[0][0])  # fmt: skip


def _subject(kernel: Kernel, seen: Loaded, person: PersonView) -> Holder:
    """The person of a case as a side of it: in the post the case is about."""
    view, how = seen.view, seen.view.profile.get("penugasan", "")
    post = people.role_label(kernel, view.role, how, view.unit.kind)
    unit = people.office(kernel, view.unit.name, view.unit.kind, view.unit.attributes)
    return Holder(person, SUBJECT, view.role, post, how, people.acting(kernel, how), unit)


def _side(one: Holder, known: Known) -> dict[str, Any]:
    numbers, rank, level = known[one.person.id]
    return {
        "person": one.person.id, "name": one.person.name, "ids": numbers, "employment": one.person.employment, "rank": rank,
        "level": level, "role": one.role, "post": one.role_label, "acting": one.acting, "unit": one.unit,
    }  # fmt: skip


def settle(now: Loaded, ask: Ask, signature: int) -> None:
    """Keep what a settling row put in force as the next edition of its stage."""
    content = {
        "items": [[one.key, one.kind, one.label, one.detail, one.count] for one in now.items],
        "facts": [[one.name, one.value, one.label] for one in now.facts.values()],
    }
    database.run(
        "INSERT INTO edition (case_id, stage, number, signature_id, content, corrects, at) "
        "SELECT ?, ?, coalesce(max(number), 0) + 1, ?, ?, '[]', ? FROM edition WHERE case_id = ? AND stage = ?",
        ask.case, ask.stage, signature, canonical(content), database.stored(ask.at), ask.case, ask.stage,
    )  # fmt: skip


def as_signed(view: CaseView, column: Literal["at", "stage"], value: str) -> CaseView:
    """The same case with who last decided at a moment, or in a stage, as they signed it, where nobody or another stood in
    the relation by what is known today: their post may have been ended since, from an earlier day on."""
    holders = dict(view.holders)
    found = database.rows(
        f"SELECT relation, signed FROM signature WHERE case_id = ? AND {column} = ? AND relation <> ? ORDER BY id",
        view.id, value, SUBJECT,
    )  # fmt: skip
    for kind, by in {kind: json.loads(text)["by"] for kind, text in found}.items():
        if "person" in by and (kind not in holders or holders[kind].person.id != by["person"]):
            who = PersonView(by["person"], by["name"], by["name"], {}, by["employment"])
            holders[kind] = Holder(who, kind, by["role"], by["post"], acting=by["acting"], unit=by["unit"])
    return replace(view, holders=holders)
