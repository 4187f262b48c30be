"""The form of one step: for its author, and for whoever may adjust what was handed in. Nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g

import kinerja_read as read
from kinerja import drafts, flows, forms, steps, workflow
from kinerja.changes import Ask
from kinerja.contracts import Form, Json, Problem, Refusal, StageRule, Stale, Step
from kinerja.loaded import Loaded, PartView
from kinerja.moves import Move
from kinerja.sentences import refuse, say
from kinerja_office import requests
from kinerja_web import calls, gate, look, once, parts_bar, session, wishes
from kinerja_web import forms as inputs
from kinerja_web.htmx import go, page, request
from kinerja_web.words import time_text
from kinerja_work import storage

pages = Blueprint("step", __name__)

NOT_ASKED = "Belum diminta. Tekan tombol di bawahnya, atau kosongkan isian ini."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A step opened by somebody who may type into it. `move` is set where it is handed in by itself or adjusted."""

    seen: Loaded
    rule: StageRule
    step: Step
    form: Form
    part: PartView | None
    move: Move | None
    editing: bool
    data: Mapping[str, Json] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"/kasus/{self.seen.view.id}/{self.rule.id}/{self.step.id}"

    @property
    def stage_url(self) -> str:
        return f"/kasus/{self.seen.view.id}/{self.rule.id}"

    @property
    def revision(self) -> int:
        """What a change must still find: the draft's revision, or for an adjustment the handed-in one."""
        if self.part is None:
            return 0
        return (self.part.handed_number or 0) if self.editing else self.part.revision


def _open(id: str, stage: str, step: str, editing: bool) -> Sheet | Response:
    """The sheet, or the way to the stage's page where this visitor can only read."""
    seen = look.case(id)
    rule = seen.rule(stage)
    if step not in rule.steps:
        raise refuse("missing")
    kernel = gate.the_kernel()
    value = kernel.host.registry.steps.get(step)
    may = look.moves_of(seen)
    if value is None or not may.may("adjust" if editing else "write", stage, step):
        return go(f"/kasus/{id}/{stage}#{inputs.anchor(step)}")
    if editing:
        part = seen.part(stage, step)
        assert part is not None, "the move would not be there"
        form = steps.form_of(kernel, seen, rule, value, part.author)
        return Sheet(seen, rule, value, form, part, may.one("adjust", stage, step), True, part.handed or {})
    part = seen.part(stage, step, g.viewer.person)
    form = steps.form_of(kernel, seen, rule, value, g.viewer.person)
    data = part.answers if part else form.initial
    return Sheet(seen, rule, value, form, part, may.one("hand_in", stage, step), False, data or {})


def _draw(
    sheet: Sheet,
    data: Mapping[str, Json] | None = None,
    problems: tuple[Problem, ...] = (),
    sentence: str = "",
    seen: int | None = None,
    unasked: Mapping[str, str] | None = None,
) -> Response:
    known = {one.key for one in sheet.form.fields}
    told, wrong = sheet.data if data is None else data, inputs.by_field(problems)
    steps = parts_bar.bar(sheet.seen, sheet.rule, sheet.step, sheet.editing)
    here = next((n for n, one in enumerate(steps) if one[0] == sheet.step.id), 0)
    today, returned = g.clock.today(g.viewer.zone), sheet.part is not None and sheet.part.returned
    notes = read.beside(g.viewer, gate.the_kernel(), sheet.seen, today, sheet.rule.id).notes if returned else ()
    offered = [] if sheet.editing else wishes.offered(sheet.seen, sheet.form, sheet.step.id, unasked or {})
    waits = any(one.asked is not None and one.asked.state == "open" for one in offered)
    keepers = requests.keepers(gate.the_kernel(), sheet.seen.line, g.clock.now()) if waits else []
    return page(
        "kinerja/langkah.html",
        status=422 if problems or sentence or unasked else 200,
        wishes=offered, keeper=keepers[0] if keepers else None, UNLOCK=wishes.UNLOCK,
        sheet=sheet, form=sheet.form, files=any(one.kind == "file" for one in sheet.form.fields), data=told, wrong=wrong,
        sentence=sentence,
        loose=[message for key, messages in wrong.items() if key not in known for message in messages],
        summed={one.key: forms.total_of(one, told.get(one.key)) for one in sheet.form.fields if one.total},
        warned=inputs.by_field(forms.warnings(sheet.form, told)) if sheet.part else {},
        seen=sheet.revision if seen is None else seen, steps=steps, here=here, title=look.step_label(
            sheet.seen, sheet.rule.id, sheet.step.id), notes=[one for one in notes if one[0] == sheet.rule.id],
        author=look.title(sheet.seen), saved=sheet.part.draft_at if sheet.part and not sheet.editing else None,
        last=here == len(steps) - 1, FULL=look.FULL, turn=calls.of_step(sheet.seen, sheet.rule.id, sheet.step.id),
        onward=f"Ke {steps[here + 1][1]}" if here + 1 < len(steps) else "Lanjut Ajukan",
    )  # fmt: skip


@pages.get("/kasus/<id>/<stage>/<step>")
def show(id: str, stage: str, step: str) -> Response:
    sheet = _open(id, stage, step, request.args.get("sesuaikan") == "1")
    return sheet if isinstance(sheet, Response) else _draw(sheet)


@pages.post("/kasus/<id>/<stage>/<step>/draft")
def autosave(id: str, stage: str, step: str) -> Response:
    """Keep what is being typed: one statement beside the gate's, and an answer of a few words."""
    seen = _seen()
    data = _typed(id, stage, step)
    at = g.clock.now().astimezone(ZoneInfo(g.viewer.zone))
    try:
        seen = drafts.save_draft(gate.the_kernel(), g.viewer.actor, id, stage, step, seen, data, at)
    except Stale:
        return gate.saved("Diubah di tempat lain. Tekan Simpan Draf untuk membandingkan.", seen)
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return gate.saved(refusal.sentence, seen)
    return gate.saved(seen=seen, told=f"Tersimpan {time_text(at, g.viewer.zone)}")


def _seen() -> int:
    return inputs.whole(request.form.get("seen", "")) or 0


def _typed(id: str, stage: str, step: str, editing: bool = False) -> dict[str, Json]:
    """The answers sent, with files: those carried along and those uploaded now, which are kept only for somebody who
    may type into this step, and only where it asks for one."""
    data = inputs.answers(request.form)
    data.update(inputs.unsealed(request.form, g.context.csrf))
    sent = inputs.files(request.files)
    sheet = _open(id, stage, step, editing) if sent else None
    asked = {one.key for one in sheet.form.fields if one.kind == "file"} if isinstance(sheet, Sheet) else set()
    for key, (name, content) in sent.items():
        if key in asked and len(content) <= inputs.LARGEST:
            data[key] = {"sha256": storage.put(gate.the_kernel(), content), "name": name, "size": len(content)}
    return data


@pages.post("/kasus/<id>/<stage>/<step>")
def send(id: str, stage: str, step: str) -> Response:
    action = request.form.get("action", "simpan")
    at, seen = g.clock.now(), _seen()
    data = _typed(id, stage, step, action == "sesuaikan")
    if action == "sesuaikan":
        return _adjust(id, stage, step, data, at, seen)
    if wishes.wanted():
        return _unasked(id, stage, step, data, seen, dict.fromkeys(wishes.wanted(), NOT_ASKED))
    if action == "serahkan":
        return _hand_in(id, stage, step, data, at, seen)
    try:
        revision = drafts.save_draft(gate.the_kernel(), g.viewer.actor, id, stage, step, seen, data, at)
    except Stale as stale:
        return _both(id, stage, step, stale, action)
    except Refusal as refusal:
        return _kept(id, stage, step, data, refusal, seen)
    if action != "lanjut":
        return session.tell(go(f"/kasus/{id}/{stage}/{step}"), "Draf tersimpan.")
    sheet = _open(id, stage, step, False)
    if isinstance(sheet, Response):
        return sheet
    _, problems = forms.check(sheet.form, data)
    if problems:
        return _draw(sheet, data, problems, say("incomplete", n=len(problems)), revision)
    return go(_onward(sheet))


@pages.post("/kasus/<id>/<stage>/<step>/permintaan")
def ask(id: str, stage: str, step: str) -> Response:
    """Ask for what only others can do: a value to be mended, this step to be unlocked. The button stands in the step's
    own form, so all that was typed comes along and is kept as the draft."""
    data, seen, at = _typed(id, stage, step), _seen(), g.clock.now()
    chosen = request.form.get("minta", "")
    try:
        found = look.case(id)
        label = look.step_label(found, stage, step)
        label = once.run(partial(wishes.send, found, _labels(id, stage, step), step, label, chosen, at))
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _unasked(id, stage, step, data, seen, {chosen: refusal.sentence})
    if request.form.get("seen"):
        try:
            drafts.save_draft(gate.the_kernel(), g.viewer.actor, id, stage, step, seen, data, at)
        except Stale as stale:
            return _both(id, stage, step, stale, "simpan")
        except Refusal as refusal:
            return _kept(id, stage, step, data, refusal, seen)
    way = wishes.way(f"/kasus/{id}/{stage}/{step}", chosen)
    return session.tell(go(way), f"Permintaan terkirim: {label}.")


def _unasked(id: str, stage: str, step: str, data: dict[str, Json], seen: int, wrong: dict[str, str]) -> Response:
    """The form again with all that was typed, and at the small input why nothing was asked for; the draft is kept."""
    sheet = _open(id, stage, step, False)
    if isinstance(sheet, Response):
        raise Refusal("unasked", next(iter(wrong.values())))
    if request.form.get("seen") and not sheet.form.blocked:
        try:
            seen = drafts.save_draft(gate.the_kernel(), g.viewer.actor, id, stage, step, seen, data, g.clock.now())
        except Refusal:
            pass  # what was typed stands in the form again, and saving it will say why it could not be
        return _draw(sheet, data, seen=seen, unasked=wrong)
    return _draw(sheet, unasked=wrong)


def _onward(sheet: Sheet) -> str:
    """The next step of those that go together; after the last the page on which all is checked once more."""
    ids = parts_bar.together(sheet.rule, sheet.step, sheet.editing)
    place = ids.index(sheet.step.id) if sheet.step.id in ids else len(ids)
    if place + 1 < len(ids):
        return f"{sheet.stage_url}/{ids[place + 1]}"
    return f"{sheet.stage_url}/ajukan" if ids else sheet.stage_url


def _hand_in(id: str, stage: str, step: str, data: dict[str, Json], at: datetime, seen: int) -> Response:
    """Hand in a step that goes alone; what was typed is kept as a draft when it is refused."""
    kernel = gate.the_kernel()
    found = look.case(id)
    rule = found.rule(stage)
    flow = flows.flow_of(kernel, rule)
    if flow is None or not flow[1].lone:
        raise refuse("plugin-missing", what=rule.label)
    try:
        if found.part(stage, step, g.viewer.person) is None:
            drafts.begin(kernel, g.viewer.actor, id, stage, step, at)
            seen = drafts.BEGUN
        key = look.key(id, step)
        outcome = workflow.apply(
            kernel, Ask(key, id, stage, flow[1].lone, g.viewer.actor, at, {step: seen}, step, data)
        )  # fmt: skip
    except Stale as stale:
        return _both(id, stage, step, stale, "serahkan")
    except Refusal as refusal:
        told = refusal
        try:
            seen = drafts.save_draft(kernel, g.viewer.actor, id, stage, step, seen, data, at)
        except Refusal as unsaved:
            if unsaved.code == "too-long":
                told = Refusal(refusal.code, f"{refusal.sentence} {unsaved.sentence}", refusal.problems)
        return _kept(id, stage, step, data, told, seen)
    return session.tell(go(f"/kasus/{id}/{stage}"), f"Anda {outcome.past}.")


def _adjust(id: str, stage: str, step: str, data: dict[str, Json], at: datetime, seen: int) -> Response:
    """Change what somebody else handed in, as a new revision of the same part under one's own name."""
    move = look.moves_of(look.case(id)).one("adjust", stage, step)
    row = move.row.id if move is not None and move.row is not None else ""
    ask = Ask(look.key(id, step), id, stage, row, g.viewer.actor, at, {step: seen}, step, data)
    try:
        workflow.apply(gate.the_kernel(), ask)
    except Stale as stale:
        return _both(id, stage, step, stale, "sesuaikan")
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _kept(id, stage, step, data, refusal, seen, editing=True)
    return go(f"/kasus/{id}/{stage}#{inputs.anchor(step)}")


def _kept(
    id: str, stage: str, step: str, data: dict[str, Json], refusal: Refusal, seen: int, *, editing: bool = False
) -> Response:
    """The form again with what was typed, and why it was not taken; where it opens no more, the text to be copied."""
    if refusal.code == "missing":
        raise refusal
    sheet = _open(id, stage, step, editing)
    if isinstance(sheet, Response) or sheet.form.blocked:
        return gate.refused(refusal, _labels(id, stage, step))
    return _draw(sheet, data, refusal.problems, refusal.sentence, seen)


def _labels(id: str, stage: str, step: str) -> Form | None:
    """The form of a step that this visitor cannot open now, for the labels of what they typed into it."""
    seen = look.case(id)
    value = gate.the_kernel().host.registry.steps.get(step)
    return steps.form_of(gate.the_kernel(), seen, seen.rule(stage), value, g.viewer.person) if value else None


def _both(id: str, stage: str, step: str, stale: Stale, action: str) -> Response:
    """Two versions of one form beside each other, field by field, with a button for either."""
    kernel = gate.the_kernel()
    seen = look.case(id)
    rule = seen.rule(stage)
    value = kernel.host.registry.steps.get(step)
    if value is None:
        raise stale
    part = seen.part(stage, step) if action == "sesuaikan" else None
    form = steps.form_of(kernel, seen, rule, value, part.author if part else g.viewer.person)
    rows = []
    for one in inputs.differing(form, stale.current, stale.yours):
        alone = Form(form.title, (replace(one, needs=None),))
        rows.append((one.label, forms.view(alone, stale.current), forms.view(alone, stale.yours)))
    return page(
        "kinerja/bentrok.html",
        status=409,
        seen=seen, rule=rule, step=step, title=look.step_label(seen, stage, step), rows=rows, action=action,
        sentence=stale.sentence, revision=stale.revision, typed=inputs.typed(request.form),
        key=request.form.get("kunci", ""),
    )  # fmt: skip
