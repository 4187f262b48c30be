"""Evidence of a case: the places for it, the form of each by its handler, and what was given to take home."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

from kinerja.contracts import EvidenceHandler, Form, Json, Problem, Refusal
from kinerja.loaded import Loaded
from kinerja.sentences import refuse, say
from kinerja_web import calls, gate, look, session
from kinerja_web import forms as inputs
from kinerja_web.htmx import go, page, request
from kinerja_work import evidence, storage
from kinerja_work.evidence import Slot

pages = Blueprint("evidence", __name__)

Place = tuple[int, Slot, bool, str]
SANDBOX = "default-src 'none'; sandbox"


def _slots(seen: Loaded) -> tuple[Slot, ...]:
    return evidence.slots(seen)


@pages.get("/kasus/<id>/bukti")
def show(id: str) -> Response:
    seen = look.case(id)
    places = [
        (n, slot, _may_give(seen, slot), look.who(seen, slot.rule.provider)) for n, slot in enumerate(_slots(seen))
    ]
    return page(
        "kinerja/bukti.html", seen=seen, title=look.title(seen), places=places, groups_of=_grouped(places), hidden=look.hidden(seen),
        given=len([1 for _, slot, _, _ in places if slot.filled]),
        called=calls.evidence(seen),
        mine=next((one.task for one in seen.tasks if one.task.what in calls.GIVEN and one.task.relation in look.kinds(seen)), None),
    )  # fmt: skip


def _may_give(seen: Loaded, slot: Slot) -> bool:
    move = look.moves_of(seen).place(slot.view.item, slot.view.n)
    return move is not None and move.refused is None


def _grouped(places: list[Place]) -> list[tuple[str, list[Place]]]:
    """The places under what they are evidence for, in order."""
    found: dict[str, list[Place]] = {}
    for one in places:
        found.setdefault(one[1].title, []).append(one)
    return list(found.items())


def _place(seen: Loaded, n: int) -> tuple[Slot, EvidenceHandler]:
    places = _slots(seen)
    if n >= len(places):
        raise refuse("evidence-none")
    handler = gate.the_kernel().host.registry.handlers.get(places[n].rule.handler)
    if handler is None:
        raise refuse("plugin-missing", what=places[n].view.label)
    return places[n], handler


def _form(slot: Slot, handler: EvidenceHandler) -> Form:
    """What a handler asks for a place; a blocked form that names it where it fails."""
    kernel = gate.the_kernel()
    owner = kernel.host.registry.owner["handlers", handler.id]
    form = kernel.host.guarded(owner, "form", lambda: handler.form(slot.view), Form).value
    return form if form is not None else Form(handler.label, blocked=say("step-failed", step=handler.label))


def _draw(
    seen: Loaded,
    slot: Slot,
    handler: EvidenceHandler,
    n: int,
    data: dict[str, Json],
    problems: tuple[Problem, ...] = (),
) -> Response:
    form = _form(slot, handler)
    known = {one.key for one in form.fields}
    wrong = inputs.by_field(problems)
    return page(
        "kinerja/bukti_isi.html", status=422 if problems else 200, seen=seen, slot=slot, form=form, n=n, data=data,
        wrong=wrong, loose=[text for key, texts in wrong.items() if key not in known for text in texts],
        handler=handler, may=_may_give(seen, slot),
    )  # fmt: skip


@pages.get("/kasus/<id>/bukti/<int:n>")
def slot(id: str, n: int) -> Response:
    seen = look.case(id)
    place, handler = _place(seen, n)
    return _draw(seen, place, handler, n, {})


@pages.post("/kasus/<id>/bukti/<int:n>")
def give(id: str, n: int) -> Response:
    seen = look.case(id)
    place, handler = _place(seen, n)
    if request.form.get("tempat") != f"{place.view.item}#{place.view.n}":
        raise refuse("evidence-none")
    form = _form(place, handler)
    may = _may_give(seen, place)
    if may and form.blocked:
        return gate.refused(Refusal("blocked", form.blocked), form)
    asked = {field.key: field.kind for field in form.fields}
    data = {key: value for key, value in inputs.answers(request.form).items() if key in asked}
    content = None
    for key, (name, bytes_) in inputs.files(request.files).items() if may else ():
        if asked.get(key) == "file":
            data[key] = {"name": name, "size": len(bytes_)}
            content = bytes_
    try:
        keep = partial(storage.put, gate.the_kernel())
        evidence.fill(
            gate.the_kernel(), look.key(id, "bukti"), seen, place, g.viewer.actor, data, content, g.clock.now(), keep
        )
    except Refusal as refusal:
        if not may:
            return gate.refused(refusal, form)
        problems = refusal.problems or (Problem("", refusal.sentence),)
        return _draw(seen, place, handler, n, data, problems)
    return session.tell(go(f"/kasus/{id}/bukti"), "Bukti tersimpan.")


@pages.get("/kasus/<id>/berkas/<int:number>")
def download(id: str, number: int) -> Response:
    """What was given, always as a download: whatever is in it, the browser does not run it."""
    seen = look.case(id)
    kernel = gate.the_kernel()
    unit = seen.near.unit
    given = evidence.given(number)
    shown = {text for item in (*seen.items, *seen.retired) for text in (item.key, item.kind)}
    here = given is not None and given.case_id in {id, unit.case if unit else None}
    if given is None or not here or given.item not in shown:
        raise NotFound
    value = given.value or {}
    try:
        content = storage.get(kernel, str(value.get(inputs.SHA, "")))
    except ValueError:
        content = None  # a confirmation or a link: there is no file
    if content is None:
        raise NotFound
    response = Response(content, mimetype="application/octet-stream")
    name = next((one["name"] for one in value.values() if isinstance(one, dict) and "name" in one), given.label)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(str(name), safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
