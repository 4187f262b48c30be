"""What one person's cases wait for in the case of their school, and what to say before and after a last day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kinerja.kernel import Kernel
from kinerja_read import Place, TaskLine
from kinerja_web.htmx import request
from kinerja_web.words import left, short_day


@dataclass(frozen=True, slots=True)
class Call:
    """A person's case waits for what somebody else does in the unit's case: what, who, and the address to pass on."""

    sentence: str
    who: str
    url: str


def calls(kernel: Kernel, seen: Sequence[Place], tasks: Iterable[TaskLine]) -> list[Call]:
    """What the visitor's cases wait for in the case of their unit, where somebody has a turn to do it there."""
    found: dict[str, Call] = {}
    for task in tasks:
        call = giver(kernel, seen, task) if task.kind == "macet" else None
        if call is not None:
            found.setdefault(call.url, call)
    return list(found.values())


def giver(kernel: Kernel, seen: Sequence[Place], task: TaskLine) -> Call | None:
    """Who has the turn in the case of the visitor's unit that gives what one of their cases waits for; None where
    nobody has."""
    place = next((one for one in seen if one.case == task.case and one.school), None)
    stages = sorted(place.turns.keys() & _giving(kernel, place, task)) if place is not None else []
    if place is None or not stages:
        return None
    who, url = place.turns[stages[0]], f"{request.host_url}kasus/{place.school}/{stages[0]}"
    return Call(task.sentence or task.label, who, url)


def _giving(kernel: Kernel, place: Place, task: TaskLine) -> set[str]:
    """The stages of the unit's case that give what a task says is missing."""
    scheme = kernel.snapshot(place.snapshot).scheme
    rule = scheme.stage(task.stage)
    wanted = {one.fact for one in rule.needs if one.of == "unit" and one.message == task.label} if rule else set()
    return {
        other.id
        for other in scheme.stages_of(place.key)
        if other.subject == "unit" and any(spec.name in wanted for spec, _ in kernel.host.registry.specs(other))
    }


def reminder(task: TaskLine, today: date) -> str:
    """What to say to somebody who has not begun and must: calm before the last day, plain after it. Nobody else is
    reminded."""
    if task.answer != "wajib" or task.due is None:
        return ""
    day = short_day(task.due, today)
    if today <= task.due:
        return f"Belum dimulai. Batas {day}, {left(task.due, today)}."
    if task.hard:
        return f"Batas {day} sudah lewat, jadi tidak dapat diajukan lagi. Hubungi Dinas Pendidikan Anda."
    return f"Batas yang dianjurkan sudah lewat ({day}). Anda tetap dapat mengajukan."
