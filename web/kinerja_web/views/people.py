"""The people of a unit and what they hold, for those who keep them: Plt., last days, transfers, leaves, mergers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja import access, forms, people
from kinerja.contracts import Json, Problem, Refusal
from kinerja.sentences import say
from kinerja.units import UnitLine
from kinerja_office import endings, staff
from kinerja_office.staff import Employee, Held
from kinerja_web import forms as inputs
from kinerja_web import gate, once, session, staffing
from kinerja_web.htmx import go, page, request
from kinerja_web.staffing import Act
from kinerja_web.views.unit import the_unit

pages = Blueprint("people", __name__)

FAR = 60 * 366
"""Days from today beyond which a date is a slip of the finger."""
LATE = "TMT lebih awal daripada hari pencatatan: keputusan yang sudah diambil tetap berlaku."
FIELDS = {
    "paper-needed": "sk",
    "last-day-needed": "sampai",
    "days-turned": "sampai",
    "longer-than-known": "sampai",
    "day-odd": "tmt",
    "note-needed": "sk",
    "held-already": "tmt",
    "other-unit": "ke",
    "reason-unknown": "alasan",
    "note-long": "sk",
    "value-same": "nilai",
    "value-needed": "nilai",
    "value-unknown": "nilai",
    "number-taken": "nilai",
    "since-needed": "tmt",
}
"""The field of a form at which a refusal of the kernel is shown, by its code; else its first field."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was not taken: what was typed, and why not."""

    act: str
    data: Mapping[str, Json]
    refusal: Refusal


@pages.get("/satuan/<int:id>/orang")
def show(id: int) -> Response:
    return _list(the_unit(id, access.PEOPLE))


def _list(unit: UnitLine, tried: Tried | None = None) -> Response:
    text = request.args.get("cari", "").replace("\0", "").strip()[:100]
    found, kernel = staff.held_below(g.viewer, unit, g.clock.today(unit.zone), text), gate.the_kernel()
    rows = [(one, people.role_label(kernel, one.role, one.kind, one.unit.kind)) for one in found]
    merging = unit.npsn is not None and g.viewer.unit != unit.id
    return page(
        "kinerja/orang.html", status=422 if tried else 200, unit=unit, rows=rows, text=text, full=len(found) >= staff.LISTED,
        several=len({one.unit.id for one in found}) > 1, acts=[staffing.merging(unit)] if merging else [], tried=tried,
        wrong=inputs.by_field(tried.refusal.problems) if tried else {},
    )  # fmt: skip


@pages.post("/satuan/<int:id>/orang")
@once.done
def merge(id: int) -> Response:
    """Let all people of a school go on at another one from a day."""
    unit = the_unit(id, access.PEOPLE)
    if unit.npsn is None or g.viewer.unit == unit.id:
        raise NotFound
    act = staffing.merging(unit)
    tried, told = _take(act, unit)
    return _list(unit, tried) if tried else session.tell(go(f"/satuan/{id}/orang"), told)


@pages.get("/satuan/<int:id>/orang/<int:person>")
def one(id: int, person: int) -> Response:
    """A person, or where a record that was merged leads to now."""
    unit = the_unit(id, access.PEOPLE)
    try:
        return _draw(unit, *_held(unit, person))
    except NotFound:
        now = people.now(person)
        if now in (0, person):
            raise
        return go(f"/satuan/{id}/orang/{now}")


def _held(unit: UnitLine, id: int) -> tuple[Employee, list[Held]]:
    """A person with what they hold and held at a unit and below; somebody without does not exist here."""
    held = staff.held_by(g.viewer, unit, id)
    if not held:
        raise NotFound
    return held[0].person, held


def _draw(unit: UnitLine, person: Employee, held: list[Held], tried: Tried | None = None) -> Response:
    kernel, today = gate.the_kernel(), g.clock.today(unit.zone)
    rows = [
        (
            one,
            people.role_label(kernel, one.role, one.kind, one.unit.kind),
            kernel.label(endings.REASONS, one.ended_as) if one.ended_as else "",
        )
        for one in held
    ]
    conditions = [(kernel.label("conditions", one.kind), one) for one in staff.conditions_of(person.id)]
    known = read.known(kernel, g.viewer, unit, person.id)
    data = {act.id: act for act in staffing.data_acts(person, held, known)}
    chosen = data.get(tried.act if tried else staffing.data_act(request.args.get("data", "")))
    return page(
        "kinerja/orang_ubah.html", status=422 if tried else 200, unit=unit, person=person, rows=rows, today=today,
        name=person.full_name, conditions=conditions, known=known, changeable=bool(data), chosen=chosen,
        acts=staffing.acts(unit, person, held), tried=tried, oneself=person.id == g.viewer.person,
        wrong=inputs.by_field(tried.refusal.problems) if tried else {},
    )  # fmt: skip


@pages.post("/satuan/<int:id>/orang/<int:person>")
@once.done
def change(id: int, person: int) -> Response:
    """Enter one thing about a person: what they hold, when it ends, where they go on, what condition they are in."""
    unit = the_unit(id, access.PEOPLE)
    who, held = _held(unit, person)
    known = read.known(gate.the_kernel(), g.viewer, unit, person)
    offered = [*staffing.acts(unit, who, held), *staffing.data_acts(who, held, known)]
    act = next((act for act in offered if act.id == request.form.get("act")), None)
    if act is None:
        raise NotFound
    tried, told = _take(act, unit)
    return _draw(unit, who, held, tried) if tried else session.tell(go(f"/satuan/{id}/orang/{person}"), told)


def _take(act: Act, unit: UnitLine) -> tuple[Tried | None, str]:
    """Check what was sent and do it: what was not taken with the reason at its field, or what to tell."""
    data = inputs.answers(request.form)
    try:
        clean, problems = forms.check(act.form, data)
        today = g.clock.today(unit.zone)
        problems += tuple(
            Problem(field.key, "Tahun ini terlalu jauh dari hari ini. Periksa tahunnya.")
            for field in act.form.fields
            if field.kind == "date"
            and clean.get(field.key)
            and abs((staffing.day(clean[field.key]) - today).days) > FAR
        )
        if problems:
            raise Refusal("incomplete", say("incomplete", n=len(problems)), problems)
        since = act.run({key.removeprefix(f"{act.id}-"): value for key, value in clean.items()})
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        if not refusal.problems:
            field = f"{act.id}-{FIELDS.get(refusal.code, '')}"
            known = field if act.form.field(field) else act.form.fields[0].key
            refusal = inputs.at(known, refusal)
        return Tried(act.id, data, refusal), ""
    return None, f"Tercatat. {LATE}" if since < today else "Tercatat."
