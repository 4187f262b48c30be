"""Slots for evidence: which there are, by the scheme's policy, and what fills them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kinerja import database, forms, limits, log, turns, workflow, writing
from kinerja.contracts import Actor, EvidenceRule, Form, Json, Refusal, SlotView
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.models import Case, Evidence, Person
from kinerja.people import full_name
from kinerja.sentences import refuse, say

HASH = "sha256"
"""The key under which the kernel alone keeps a file's hash beside a handler's answers."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for evidence of a case, with what fills it. `case` is the unit's case where the unit gives it once."""

    view: SlotView
    rule: EvidenceRule
    title: str
    case: str
    filled: str
    by: str
    at: datetime | None
    id: int | None


def slots(kernel: Kernel, seen: Loaded, unit_case: str | None) -> tuple[Slot, ...]:
    """Every slot of a case in the order of its items, by one statement; those of the unit are shown as well."""
    given: dict[tuple[str, str, int], tuple[str, str, datetime | None, int]] = {}
    for case, item, n, label, name, at, id in database.rows(
        "SELECT case_id, item, n, label, by_name, at, id FROM evidence WHERE case_id IN (?, ?) AND replaced_at IS NULL",
        seen.view.id, unit_case or "",
    ):  # fmt: skip
        given[case, item, n] = (label, name, database.moment(at), id)
    found = []
    for place in turns.places(seen, seen.items, unit_case or ""):
        label, name, at, id = given.get(place.where, ("", "", None, None))
        view = SlotView(place.key, place.n, place.rule.label or place.item.label, place.rule.options)
        found.append(Slot(view, place.rule, place.item.label, place.case, label, name, at, id))
    return tuple(found)


def fill(
    kernel: Kernel,
    seen: Loaded,
    slot: Slot,
    actor: Actor,
    answers: Mapping[str, Json],
    content: bytes | None,
    at: datetime,
    keep: Callable[[bytes], str],
) -> None:
    """Fill or replace one slot, checked by its handler; a Refusal names what is wrong beside its field. `keep` stores the
    bytes of a file that was taken and answers their hash."""
    if limits.is_closed(seen, at):
        raise refuse("closed", period=seen.view.period.label)
    if slot.rule.provider not in seen.kinds_of(actor):
        holder = seen.view.holders.get(slot.rule.provider)
        raise refuse(
            "not-yours", who=holder.person.address if holder else seen.snapshot.scheme.word(slot.rule.provider)
        )
    handler = kernel.host.registry.handlers.get(slot.rule.handler)
    if handler is None:
        raise refuse("plugin-missing", what=slot.view.label)
    owner = kernel.host.registry.owner["handlers", handler.id]
    form = kernel.host.guarded(owner, "form", lambda: handler.form(slot.view), Form).value
    if form is None:
        raise refuse("guard-failed", plugin=kernel.host.manifests[owner].name)
    clean, problems = forms.check(form, answers)
    checked = kernel.host.guarded(owner, "check", lambda: handler.check(slot.view, clean, content), tuple)
    if checked.problem is not None:
        raise refuse("guard-failed", plugin=kernel.host.manifests[owner].name)
    wrong = (*problems, *(checked.value or ()))
    if wrong:
        raise Refusal("evidence-wrong", say("evidence-wrong", why=wrong[0].message), wrong)
    value = {key: one for key, one in clean.items() if key != HASH}
    if content is not None:
        value[HASH] = keep(content)
    label = kernel.host.guarded(owner, "describe", lambda: handler.describe(value), str).value or slot.view.label
    person = Person.get_by_id(actor.person)
    name = full_name(person.name, person.title_front, person.title_back)
    with database.proxy.atomic():
        locked = database.locked(Case.select(Case.version, Case.closed_at).where(Case.id == slot.case)).get()
        if locked.closed_at is not None:
            raise refuse("closed", period=seen.view.period.label)
        here = (
            (Evidence.case == slot.case) & (Evidence.item == slot.view.item) & (Evidence.n == slot.view.n)
            & Evidence.replaced_at.is_null()
        )  # fmt: skip
        now = Evidence.get_or_none(here)
        if now is not None and (now.handler, now.value, now.by) == (handler.id, value, actor.person):
            return
        Evidence.update(replaced_at=at).where(here).execute()
        Evidence.create(
            case=slot.case, item=slot.view.item, n=slot.view.n, handler=handler.id, value=value, label=label,
            by=actor.person, by_name=name, at=at,
        )  # fmt: skip
        Case.update(version=Case.version + 1).where(Case.id == slot.case).execute()
        workflow.reproject(kernel, seen.view.id, at)
        if slot.case != seen.view.id:
            writing.beside_anew(slot.case, at, seen.view.id)
        log.write(
            kernel,
            seen.view.unit.id,
            "evidence",
            actor.person,
            slot.case,
            f"{name} memberi bukti: {slot.view.label}",
            value,
            at,
        )


def given(id: int) -> Evidence | None:
    """One piece of evidence by its number, with its case's id, for download pages that have checked who may see it."""
    found: Evidence | None = Evidence.get_or_none(Evidence.id == id)
    return found
