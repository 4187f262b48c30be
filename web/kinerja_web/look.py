"""What pages of a case share: may this visitor see it, what do its parts say, what may be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g

import kinerja_read as read
from kinerja import access, flows, forms, moves, steps
from kinerja.contracts import Form, Json, Problem, StageRule, Step, Transition
from kinerja.loaded import Loaded, PartView
from kinerja.moves import Move, Moves
from kinerja.sentences import say
from kinerja_read import RevisionLine
from kinerja_web import forms as inputs
from kinerja_web import gate, once
from kinerja_web.lines import Line, compare, plain

FULL = "Lengkap"
"""What is said of a draft that could be handed in as it stands."""


@dataclass(frozen=True, slots=True)
class Section:
    """One step of a stage as a page shows it to this visitor. `fold`: nobody decides on it, so a review shows it folded;
    `filled`: whether the visitor's own draft could be handed in as it stands, in words; not `possible` where nothing is
    written and nobody is there to write it; `revised` where the lines show what is to change of what is in force."""

    step: str
    label: str
    state: str
    lines: tuple[Line, ...]
    author: str = ""
    adjusted_by: str = ""
    write: bool = False
    edit: bool = False
    missing: bool = False
    summary: bool = False
    fold: bool = False
    filled: str = ""
    possible: bool = True
    revised: bool = False


def case(id: str) -> Loaded:
    """The case of a page, as its visitor may see it; for those who may not it does not exist."""
    return read.case(g.viewer, gate.the_kernel(), id)


def hidden(seen: Loaded) -> str:
    """What is said in place of contents that this visitor may not read; empty for those who may."""
    return "" if access.sight(gate.the_kernel(), g.viewer, seen).level.content else say("contents-hidden")


def kinds(seen: Loaded) -> frozenset[str]:
    found: frozenset[str] = seen.kinds_of(g.viewer.actor)
    return found


def step_label(seen: Loaded, stage: str, step: str) -> str:
    """The scheme's word for a step, else the plugin's, else what was written with the part; its id at last."""
    label = flows.step_label(gate.the_kernel(), seen, stage, step)
    kept = (part.name for part in seen.parts if part.stage == stage and part.step == step and part.name)
    return next(kept, label) if label == step else label


def who(seen: Loaded, relation: str) -> str:
    """How a page speaks of whoever stands in a relation: «Anda», «Pak Budi», or the scheme's word for it."""
    if relation in kinds(seen):
        return "Anda"
    holder = seen.view.holders.get(relation)
    if holder is not None:
        return holder.person.address
    for one in seen.helpers:
        if one.relation == relation:
            return one.person.address
    return seen.snapshot.scheme.word(relation)


def title(seen: Loaded) -> str:
    """Whose case it is, as this visitor would say it."""
    person = seen.view.person
    return person.name if person else seen.view.unit.name


def moves_of(seen: Loaded) -> Moves:
    """What this visitor may do in a case now, judged once a page."""
    key = ("moves", str(g.viewer.person), str(g.viewer.assignment))
    if key not in seen.asked:
        seen.asked[key] = moves.moves(gate.the_kernel(), seen, g.viewer.actor, g.clock.now())
    found: Moves = seen.asked[key]
    return found


def hindrance(seen: Loaded, rule: StageRule) -> str:
    """Why a stage rests now, or for whoever would hand something in that its last day is over; empty when neither."""
    may = moves_of(seen)
    late = may.late.get(rule.id)
    stopped = late is not None and any(one.refused == late for one in may.moves if one.stage == rule.id)
    told = may.held.get(rule.id) or (late if stopped else None)
    return told.sentence if told is not None else ""


def rows(seen: Loaded, rule: StageRule) -> list[Move]:
    """The decisions of the stage's table this visitor may take now, in its order."""
    return [one for one in moves_of(seen).of("row", rule.id) if one.refused is None]


def sections(seen: Loaded, rule: StageRule, revisions: Sequence[RevisionLine] = ()) -> list[Section]:
    """What every step of a stage says, in the scheme's order: to its author the draft, to others what was handed in."""
    kernel, may = gate.the_kernel(), moves_of(seen)
    made: list[Section] = []
    for name in rule.steps:
        step = kernel.host.registry.steps.get(name)
        label = step_label(seen, rule.id, name)
        parts = [part for part in seen.parts if part.stage == rule.id and part.step == name]
        write = may.may("write", rule.id, name)
        shown = [part for part in parts if access.may_read_part(kernel, g.viewer, seen, part)]
        if not any(part.author == g.viewer.person for part in shown) and (write or not shown):
            hidden = not shown and any(part.handed is not None or part.effective is not None for part in parts)
            made.append(
                Section(
                    name, label, "hidden" if hidden else "none", (), _author(seen, step, None), write=write,
                    missing=step is None, summary=bool(step and step.summary),
                    possible=bool(parts) or step is None or _is_held(seen, step.author),
                )
            )  # fmt: skip
        for part in shown:
            own = part.author == g.viewer.person
            drafted = step is not None and own and part.draft is not None
            form = steps.form_of(kernel, seen, rule, step, part.author) if step and drafted else None
            lines, by = _lines(form, part, revisions)
            edit = part.handed is not None and may.may("adjust", rule.id, name)
            full = filled(seen, rule, name, form, part.draft or {}) if form else ""
            made.append(
                Section(
                    name, label, part.state if own or part.state != "draft" else "none", lines,
                    _author(seen, step, part), by, write and own, edit, step is None, bool(step and step.summary),
                    not own and step is not None and not step.editors, full,
                    revised=not by and any(kind != "same" for line in lines for kind, _ in line.pieces),
                )
            )  # fmt: skip
    return made


def _is_held(seen: Loaded, relation: str) -> bool:
    return relation in seen.view.holders or any(one.relation == relation for one in seen.helpers)


def _author(seen: Loaded, step: Step | None, part: PartView | None) -> str:
    if part is not None:
        if part.author == g.viewer.person:
            return "Anda"
        for one in seen.helpers:
            if one.person.id == part.author:
                return one.person.address
        return ""
    return who(seen, step.author) if step else ""


def wrong(seen: Loaded, rule: StageRule, step: str, form: Form, answers: Mapping[str, Json]) -> tuple[Problem, ...]:
    """What is wrong in the visitor's own draft of a step, checked once a page."""
    return seen.once(("wrong", rule.id, step), lambda: forms.check(form, answers)[1])


def filled(seen: Loaded, rule: StageRule, step: str, form: Form, answers: Mapping[str, Json]) -> str:
    """Whether a draft could be handed in as it stands."""
    if not form.blocked and not wrong(seen, rule, step, form, answers):
        return FULL
    return "Belum lengkap" if any(value not in (None, "", [], {}) for value in answers.values()) else "Belum diisi"


def _lines(form: Form | None, part: PartView, revisions: Sequence[RevisionLine]) -> tuple[tuple[Line, ...], str]:
    if form is not None and part.draft is not None:
        return plain([(label, text) for label, text in forms.view(form, part.draft)]), ""
    if part.draft is not None and part.author == g.viewer.person:
        return plain(part.handed_view), ""
    if part.draft is not None:
        return plain(part.effective_view), ""
    view = part.handed_view or part.effective_view
    number = part.handed_number or part.effective_number
    own = [one for one in revisions if one.part == part.id and one.number <= (number or 0)]
    changed = next((one for one in own if one.number == number and one.by and one.kind != own[0].kind), None)
    base = next((one for one in reversed(own) if changed is not None and one.kind == own[0].kind), None)
    if (changed is None or base is None) and part.effective_number is not None:
        return compare(part.effective_view, view), ""
    if changed is None or base is None:
        return plain(view), ""
    return compare(base.view, view), changed.by


def warnings(seen: Loaded, rule: StageRule) -> list[str]:
    """What is allowed in the handed-in parts but should be talked about. Of what is handed in together the stage knows
    whether there is any."""
    kernel, at = gate.the_kernel(), seen.progress.get(rule.id)
    found = []
    for part in seen.parts:
        step = kernel.host.registry.steps.get(part.step)
        silent = step is None or (step.together and at is not None and not at.warned)
        if part.stage == rule.id and step is not None and not silent and part.handed is not None:
            form: Form = steps.form_of(kernel, seen, rule, step, part.author)
            found += [
                f"{step_label(seen, rule.id, part.step)}: {one.message}" for one in forms.warnings(form, part.handed)
            ]
    return found


def numbers(seen: Loaded, rule: StageRule, row: Transition) -> dict[str, int]:
    """The revision of each part as this page shows it, which a decision sends back."""
    parts = [part for part in seen.parts if part.stage == rule.id]
    if row.hand_in:
        return {part.step: part.revision for part in parts if part.author == g.viewer.person}
    return {part.step: part.handed_number for part in parts if part.handed_number is not None}


def pairs(numbers: Mapping[str, int]) -> str:
    return " ".join(f"{step}:{number}" for step, number in numbers.items())


def unpaired(text: str) -> dict[str, int]:
    """«step:number …» back to a mapping; what does not read as one is left out."""
    found = {}
    for one in text.split():
        step, _, number = one.rpartition(":")
        seen = inputs.whole(number)
        if step and seen is not None:
            found[step] = seen
    return found


def key(case: str, what: str) -> str:
    """The key of a change that a page asks for: the form's own, under this person and case, so that nobody meets
    another's."""
    return f"{g.viewer.person}:{case}:{once.sent_id()}:{what}"
