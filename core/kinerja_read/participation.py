"""Who takes part in a period, by which rule, and what conditions may ask of them."""

from __future__ import annotations

from dataclasses import dataclass

from kinerja import conditions, people
from kinerja.contracts import Json, Participation, Scheme
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Period, Unit


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody takes part in a period, by which rule."""

    answer: str
    reason: str
    rule: Participation | None


def participation(scheme: Scheme, fields: dict[str, Json]) -> Answer:
    """The first rule that holds; where none does, nobody takes part."""
    for rule in scheme.participants:
        if conditions.holds(rule.when, fields):
            return Answer(rule.answer, rule.reason, rule)
    return Answer("tidak", "", None)


def profile_fields(kernel: Kernel, assignment: Assignment, unit: Unit, period: Period) -> dict[str, Json]:
    """What conditions may ask of a person in a period: the kernel's own fields, then whatever imports brought."""
    person = assignment.person
    return {
        **(unit.attributes or {}),
        **(person.attributes or {}),
        "peran": assignment.role,
        "penugasan": assignment.kind,
        "pegawai": person.employment,
        "bentuk": unit.kind,
        "periode": period.key,
        "skema": period.scheme,
        "golongan": person.rank,
        "jenjang_jabatan": person.level,
    }


def answer_of(kernel: Kernel, assignment: Assignment, period: Period) -> Answer:
    """Whether one assignment takes part in an open period and why, for the page of somebody who has no case there."""
    scheme = kernel.snapshot(period.snapshot).scheme
    if assignment.role not in scheme.relations and not any(
        assignment.role in rule.when.get("peran", ()) for rule in scheme.participants
    ):
        return Answer("", "", None)
    return participation(scheme, profile_fields(kernel, assignment, assignment.unit, period))


def profile_labels(kernel: Kernel, assignment: Assignment, unit: Unit, fields: dict[str, Json]) -> dict[str, str]:
    """The same profile in words, frozen with the case."""
    person = assignment.person
    numbers = people.known(kernel, [person.id])[person.id][0]
    return {
        **numbers,
        "nama": people.full_name(person.name, person.title_front, person.title_back),
        "satuan": unit.name,
        "peran": people.role_label(kernel, assignment.role, assignment.kind, unit.kind),
        "pegawai": kernel.label("employment_kinds", person.employment),
        "jenis_ptk": kernel.label("post_kinds", str(fields.get("jenis_ptk", ""))),
        "golongan": kernel.label("ranks", person.rank),
        "jenjang_jabatan": kernel.label("post_levels", person.level),
        "bentuk": kernel.label("unit_kinds", unit.kind),
    }
