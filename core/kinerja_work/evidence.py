"""Slots for evidence: which there are, by the scheme's policy, and what fills them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kinerja import cases, database, forms, limits, log, moves, once, places, workflow, writing
from kinerja.changes import person_name
from kinerja.contracts import Actor, EvidenceRule, Form, Json, Refusal, SlotView
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.models import Evidence
from kinerja.sentences import refuse, say
from kinerja_office import lengths

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


def slots(seen: Loaded) -> tuple[Slot, ...]:
    """Every slot of a case in the order of its items, by one statement; those of the unit are shown as well."""
    given = {
        (case, item, n): (label, name, database.moment(at), id)
        for case, item, n, label, name, at, id in database.rows(
            "SELECT case_id, item, n, label, by_name, at, id FROM evidence WHERE case_id IN (?, ?) AND replaced_at IS NULL",
            seen.view.id, places.unit_case(seen),
        )
    }  # fmt: skip
    return tuple(
        Slot(one.view, one.rule, one.title, one.case, *given.get(one.where, ("", "", None, None)))
        for one in places.of(seen)
    )


def fill(
    kernel: Kernel,
    key: str,
    seen: Loaded,
    slot: Slot,
    actor: Actor,
    answers: Mapping[str, Json],
    content: bytes | None,
    at: datetime,
    keep: Callable[[bytes], str],
) -> None:
    """Fill or replace one slot, checked by its handler; a Refusal names what is wrong beside its field. `keep` stores the
    bytes of a file that was taken and answers their hash. The same key fills it once, however the case stands by then."""
    digest = once.digest_of(slot.case, slot.view.item, slot.view.n, answers, sha256(content or b"").hexdigest())
    if once.before(key, digest, actor.person) is not None:
        return
    place = moves.moves(kernel, seen, actor, at).place(slot.view.item, slot.view.n)
    moves.allowed(place, moves.not_yours(seen, slot.rule.provider).refusal())
    handler = kernel.host.registry.handlers[slot.rule.handler]
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
    told = kernel.host.guarded(owner, "describe", lambda: handler.describe(value), str).value or slot.view.label
    name = person_name(actor)

    def write() -> Json:
        _, closed = cases.lock(slot.case)
        if closed:
            limits.still_open(cases.load(kernel, slot.case), at)
        here = (
            (Evidence.case == slot.case) & (Evidence.item == slot.view.item) & (Evidence.n == slot.view.n)
            & Evidence.replaced_at.is_null()
        )  # fmt: skip
        now = Evidence.get_or_none(here)
        if now is not None and (now.handler, now.value, now.by) == (handler.id, value, actor.person):
            return {}
        Evidence.update(replaced_at=at).where(here).execute()
        Evidence.create(
            case=slot.case, item=slot.view.item, n=slot.view.n, handler=handler.id, value=value,
            label=told[: lengths.most(Evidence, "label")], by=actor.person, by_name=name, at=at,
        )  # fmt: skip
        cases.bump(slot.case)
        workflow.reproject(kernel, seen.view.id, at)
        if slot.case != seen.view.id:
            writing.beside_anew(slot.case, at, seen.view.id)
        log.write(
            kernel, seen.view.unit.id, "evidence", actor.person, slot.case,
            f"{name} memberi bukti: {slot.view.label}", value, at,
        )  # fmt: skip
        return {}

    once.once(key, digest, actor.person, write, at, slot.case)


def given(id: int) -> Evidence | None:
    """One piece of evidence by its number, with its case's id, for download pages that have checked who may see it."""
    return Evidence.get_or_none(Evidence.id == id)
