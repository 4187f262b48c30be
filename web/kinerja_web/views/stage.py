"""One stage of a case: what its parts say, and the buttons of whoever's turn it is. Deciding leads to the next turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja import drafts, forms, steps, workflow
from kinerja.changes import Ask
from kinerja.clock import has_come
from kinerja.contracts import Form, Json, Problem, Refusal, StageRule
from kinerja.loaded import Loaded
from kinerja.notes import note as write_note
from kinerja.sentences import refuse
from kinerja_web import calls, gate, look, once, session, talk
from kinerja_web import forms as inputs
from kinerja_web.htmx import go, page, request

pages = Blueprint("stage", __name__)


@pages.get("/kasus/<id>/<stage>")
def show(id: str, stage: str) -> Response:
    seen = look.case(id)
    return _draw(seen, seen.rule(stage))


def _draw(
    seen: Loaded,
    rule: StageRule,
    problem: Refusal | None = None,
    note: str = "",
    tried: str = "",
    said: talk.Said | None = None,
) -> Response:
    """The page of a stage; after a refusal with its sentence and the note that was written for the row tried, or with
    what was said about an item."""
    today = g.clock.today(g.viewer.zone)
    beside = read.beside(g.viewer, gate.the_kernel(), seen, today, rule.id)
    sections = [one for one in look.sections(seen, rule, beside.revisions) if one.possible]
    hindered = look.hindrance(seen, rule)
    moves = look.rows(seen, rule)
    rows = [one.row for one in moves if one.row is not None]
    hand_in = next((row for row in rows if row.hand_in), None)
    decisions = [row for row in rows if not row.hand_in and not row.confirm]
    own = seen.view.person is not None and seen.view.person.id == g.viewer.person
    queue = [(case, stage) for case, stage, _ in beside.queue]
    here = queue.index((seen.view.id, rule.id)) if (seen.view.id, rule.id) in queue and not own else None
    tasks = calls.asked(seen, rule.id)
    news = calls.unread(seen, rule.id, beside.read)
    begun = any(part.stage == rule.id and part.author == g.viewer.person for part in seen.parts)
    deciding = bool(decisions) and not own
    confirms = [row for row in rows if row.confirm and not row.hand_in]
    again = any(row.note for row in decisions) or any(row.note and row.id == tried for row in confirms)
    threads = talk.threads(seen, rule, beside.notes, request.args.get("butir", ""), said)
    lost = "" if again else note
    if said is not None and not any(one.key == said.item for one in threads):
        lost = said.text
    return page(
        "kinerja/tahap.html",
        status=422 if problem or said else 200,
        seen=seen, rule=rule, title=look.title(seen), own=own, sections=sections, hindered=hindered,
        hand_in=hand_in if begun else None, decisions=decisions, confirms=confirms,
        tasks=sorted(
            ((one, look.who(seen, one.task.relation), one.task.relation in look.kinds(seen)) for one in tasks),
            key=lambda one: (not one[2], not has_come(one[0].task.opens, today)),
        ),
        news=news, until=calls.newest(news), has_come=has_come,
        progress=seen.progress.get(rule.id), start=_first(sections) if not (begun or deciding) else "",
        previous=seen.near.previous if _may_carry(rule) else None, writing=next((one for one in sections if one.write), None),
        notes=[one for one in beside.notes if one[0] == rule.id and not one[4]], hidden=look.hidden(seen),
        threads=threads, said=said, problem=problem, note=note, deciding=deciding,
        tried=tried, left=inputs.copies(request.form) if lost.strip() else (),
        warned=look.warnings(seen, rule) if deciding else [],
        lihat=look.pairs(look.numbers(seen, rule, decisions[0])) if decisions else "",
        here=here, queue=queue,
    )  # fmt: skip


def _first(sections: list[look.Section]) -> str:
    """The step to begin with, when this visitor may begin."""
    return next((one.step for one in sections if one.write), "")


def _may_carry(rule: StageRule) -> bool:
    steps = gate.the_kernel().host.registry.steps
    return any(name in steps and steps[name].carry and steps[name].together for name in rule.steps)


@pages.post("/kasus/<id>/<stage>/mulai")
def begin(id: str, stage: str) -> Response:
    """Begin a stage empty, or from what the previous period held in it."""
    seen = look.case(id)
    rule = seen.rule(stage)
    kernel = gate.the_kernel()
    carry = request.form.get("cara") == "lalu"
    mine = look.kinds(seen)
    own = [step for name in rule.steps if (step := kernel.host.registry.steps.get(name)) and step.author in mine]
    chosen = [step for step in own if step.together] if carry else []
    first = next((step for step in own if step.id == request.form.get("bagian")), own[0] if own else None)
    for step in chosen or ([first] if first else []):
        drafts.begin(kernel, g.viewer.actor, id, stage, step.id, g.clock.now(), carry=carry and step.carry)
    if first is None:
        raise NotFound
    return go(f"/kasus/{id}/{stage}/{first.id}")


@pages.post("/kasus/<id>/<stage>")
def decide(id: str, stage: str) -> Response:
    """Take a row of the stage's table. The same page sent twice gives the first result again."""
    at = g.clock.now()
    row = request.form.get("langkah", "")
    note = request.form.get("catatan", "")
    try:
        outcome = workflow.apply(
            gate.the_kernel(),
            Ask(
                key=look.key(id, row),
                case=id, stage=stage, transition=row, actor=g.viewer.actor, at=at,
                seen=look.unpaired(request.form.get("lihat", "")), note=note,
            ),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        seen = look.case(id)
        return _draw(seen, seen.rule(stage), refusal, note, row)
    calls.note_read(id, stage)
    return session.tell(go(_after(id, stage)), f"Anda {outcome.past}. Sekarang: {outcome.label}.")


@pages.post("/kasus/<id>/<stage>/dibaca")
@once.done
def read_up_to(id: str, stage: str) -> Response:
    """«Sudah saya baca»: what this visitor saw as new in a stage is read; what came since then stays new."""
    seen = look.case(id)
    seen.rule(stage)
    if not look.kinds(seen):
        raise refuse("missing")
    calls.note_read(id, stage)
    return go("/" if request.form.get("kembali") == "/" else f"/kasus/{id}/{stage}")


def _after(id: str, stage: str) -> str:
    """Where to go on: to the next turn of a queue, or back to the stage."""
    if request.form.get("antre") == "1":
        waiting = read.turns(g.viewer, g.clock.today(g.viewer.zone))
        waiting = [one for one in waiting if one.kind != "macet"]
        if waiting:
            return f"/kasus/{waiting[0].case}/{waiting[0].stage}"
        return "/"
    return f"/kasus/{id}/{stage}"


@pages.post("/kasus/<id>/<stage>/tanggapan")
def say(id: str, stage: str) -> Response:
    """Say something about one item. htmx gets that item's thread back, everybody else the page with it open."""
    item = request.form.get("butir", "")
    text = request.form.get("catatan", "")
    said = None
    try:
        write_note(gate.the_kernel(), look.key(id, "tanggapan"), g.viewer.actor, id, stage, item, text, g.clock.now())
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        said = talk.Said(item, text, refusal.sentence)
    seen = look.case(id) if said or request.wants_block else None
    if seen is not None and request.wants_block:
        notes = read.beside(g.viewer, gate.the_kernel(), seen, g.clock.today(g.viewer.zone), stage).notes
        found = [one for one in talk.threads(seen, seen.rule(stage), notes, item, said) if one.key == item]
        if found:
            return page("kinerja/butir.html", one=found[0], seen=seen, rule=seen.rule(stage), sent=said is None)
    if seen is not None and said is not None:
        return _draw(seen, seen.rule(stage), said=said)
    return session.tell(go(f"/kasus/{id}/{stage}?butir={quote(item)}#{talk.anchor(item)}"), "Tanggapan terkirim.")


@pages.get("/kasus/<id>/<stage>/ajukan")
def check(id: str, stage: str) -> Response:
    seen = look.case(id)
    return _confirm(seen, seen.rule(stage))


@pages.post("/kasus/<id>/<stage>/ajukan")
def hand_in(id: str, stage: str) -> Response:
    at = g.clock.now()
    row = request.form.get("langkah", "")
    try:
        outcome = workflow.apply(
            gate.the_kernel(),
            Ask(
                key=look.key(id, row), case=id, stage=stage, transition=row,
                actor=g.viewer.actor, at=at, seen=look.unpaired(request.form.get("lihat", "")),
            ),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        seen = look.case(id)
        return _confirm(seen, seen.rule(stage), refusal)
    return session.tell(go(f"/kasus/{id}/{stage}"), f"Anda {outcome.past}. Sekarang: {outcome.label}.")


def _confirm(seen: Loaded, rule: StageRule, problem: Refusal | None = None) -> Response:
    """All answers once more as pairs with «Ubah», and what is still missing, before they are handed in."""
    found = (one for one in look.moves_of(seen).of("row", rule.id) if one.row is not None and one.row.hand_in)
    move = next(found, None)
    if move is None or move.row is None:
        return _draw(seen, rule, problem) if problem else go(f"/kasus/{seen.view.id}/{rule.id}")
    problems = list(problem.problems) if problem else _problems(seen, rule)
    sections = [one for one in look.sections(seen, rule) if one.write]
    return page(
        "kinerja/ajukan.html",
        status=422 if problem else 200,
        seen=seen, rule=rule, row=move.row, confirm=move.confirm, sections=sections, refused=problem,
        hindered=move.refused.sentence if move.refused else "",
        problems=[(where, look.step_label(seen, rule.id, where[0]), text) for where, text in _by_step(problems)],
        lihat=look.pairs(look.numbers(seen, rule, move.row)),
        warned=_warned(seen, rule, {one.step for one in problems}),
    )  # fmt: skip


def _by_step(problems: list[Problem]) -> list[tuple[tuple[str, str], str]]:
    """One line a step: its problem, or how many there are and the way to the first."""
    found: dict[str, list[Problem]] = {}
    for one in problems:
        found.setdefault(one.step, []).append(one)
    return [
        ((here[0].step, here[0].field), here[0].message if len(here) == 1 else f"{len(here)} isian belum lengkap.")
        for here in found.values()
    ]


def _problems(seen: Loaded, rule: StageRule) -> list[Problem]:
    found: list[Problem] = []
    for step, answers, form in _own_forms(seen, rule):
        if form.blocked:
            found.append(Problem("", form.blocked, step=step))
        else:
            found += [replace(one, step=step) for one in look.wrong(seen, rule, step, form, answers)]
    return found


def _warned(seen: Loaded, rule: StageRule, wrong: set[str]) -> list[str]:
    """What may be handed in but should be talked about, for steps that are otherwise complete."""
    return [
        f"{look.step_label(seen, rule.id, step)}: {one.message}"
        for step, answers, form in _own_forms(seen, rule)
        for one in (() if step in wrong else forms.warnings(form, answers))
    ]


def _own_forms(seen: Loaded, rule: StageRule) -> Iterator[tuple[str, Mapping[str, Json], Form]]:
    """The steps that go together with the visitor's answers and their forms."""
    kernel = gate.the_kernel()
    for name in rule.steps:
        step = kernel.host.registry.steps.get(name)
        if step is not None and step.together:
            part = seen.part(rule.id, name, g.viewer.person)
            yield name, part.answers if part else {}, steps.form_of(kernel, seen, rule, step, g.viewer.person)
