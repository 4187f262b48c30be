"""What people ask of those who keep their data: the inbox, the answers, and putting right who assesses whom."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

from kinerja import access, cases, forms, limits
from kinerja.contracts import Field, Form, Json, Option, Refusal
from kinerja.loaded import Loaded
from kinerja.sentences import refuse, say
from kinerja_office import requests
from kinerja_web import forms as inputs
from kinerja_web import gate, once, session
from kinerja_web.htmx import go, page, request

pages = Blueprint("requests", __name__)

ANSWERS = {"selesai": True, "buka": True, "tolak": False}
"""What the buttons of a request send, and whether it grants what was asked."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer that was not taken: to which request, what was typed, and why not."""

    id: int
    text: str
    sentence: str


@pages.get("/permintaan")
def show() -> Response:
    return _draw()


def _draw(tried: Tried | None = None) -> Response:
    keeps = access.PEOPLE in g.viewer.permissions
    waiting = requests.inbox(g.viewer) if keeps else []
    past = requests.inbox(g.viewer, answered=True) if keeps else requests.own(g.viewer)
    return page(
        "kinerja/permintaan.html", status=422 if tried else 200, keeps=keeps, waiting=waiting, past=past, tried=tried,
        shown=tried is not None and any(one.id == tried.id for one in waiting),
        VALUE=requests.VALUE, UNLOCK=requests.UNLOCK, RELATION=requests.RELATION,
    )  # fmt: skip


@pages.post("/permintaan/<int:id>")
@once.done
def answer(id: int) -> Response:
    granted, text = ANSWERS.get(request.form.get("jawab", "")), request.form.get("alasan", "")
    if granted is None:
        raise NotFound
    try:
        line = requests.answer(gate.the_kernel(), g.viewer, id, granted, text, g.clock.now())
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _draw(Tried(id, text, refusal.sentence))
    return session.tell(go("/permintaan"), f"Jawaban tersimpan: {line.name}, {line.label}.")


@pages.get("/kasus/<id>/hubungan/<kind>")
def choose(id: str, kind: str) -> Response:
    return _offer(_kept(id, kind), kind)


def _kept(id: str, kind: str) -> Loaded:
    """The open case of a person whom this visitor keeps; nobody keeps their own. For all others it does not exist."""
    seen = cases.load(gate.the_kernel(), id)
    person = seen.view.person
    if person is None or person.id == g.viewer.person or not g.viewer.may(access.PEOPLE, seen.line):
        raise refuse("missing")
    if kind not in seen.snapshot.scheme.relations.get(seen.view.role, {}):
        raise refuse("missing")
    if seen.closed:
        raise limits.shut(seen).refusal()
    return seen


def _offer(seen: Loaded, kind: str, data: dict[str, Json] | None = None, refusal: Refusal | None = None) -> Response:
    holder = seen.view.holders.get(kind)
    return page(
        "kinerja/hubungan.html", status=422 if refusal else 200, seen=seen, kind=kind, holder=holder,
        form=_form(seen, kind), data=data or {}, refusal=refusal, label=seen.snapshot.scheme.word(kind),
        wrong=inputs.by_field(refusal.problems) if refusal else {},
        asked=[one for one in requests.of_case(g.viewer, seen)
               if (one.kind, one.field, one.state) == (requests.RELATION, kind, "open")],
    )  # fmt: skip


def _form(seen: Loaded, kind: str) -> Form:
    offered = requests.candidates(gate.the_kernel(), g.viewer, seen, g.clock.today(seen.view.unit.zone))
    options = tuple(Option(str(id), label) for id, label in offered)
    others = len(requests.held_alike(g.viewer, seen, kind))
    whole = f"Berlaku juga untuk semua kinerja terbuka di {seen.view.unit.name} yang sekarang dipegang orang yang sama"
    fields = [
        Field("benar-siapa", "Siapa yang benar?", "one", required=True, options=options),
        Field("benar-alasan", "Alasan", "longtext", required=True, most=requests.LONGEST,
              help="Dicatat di riwayat. Sebutkan dasarnya, misalnya SK."),
    ]  # fmt: skip
    if others:
        fields.append(Field("benar-semua", whole, "check", help=f"{others} kinerja lain."))
    return Form("Tetapkan yang benar", tuple(fields))


@pages.post("/kasus/<id>/hubungan/<kind>")
@once.done
def correct(id: str, kind: str) -> Response:
    """Put right who stands in a relation, for one case or for all of the unit that the same person has."""
    seen, kernel, at = _kept(id, kind), gate.the_kernel(), g.clock.now()
    data = inputs.answers(request.form)
    clean, problems = forms.check(_form(seen, kind), data)
    if problems:
        return _offer(seen, kind, data, Refusal("incomplete", say("incomplete", n=len(problems)), problems))
    chosen, why = int(clean["benar-siapa"]), str(clean["benar-alasan"])
    try:
        changed = requests.correct(kernel, g.viewer, seen, kind, chosen, why, at, others=bool(clean.get("benar-semua")))
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _offer(seen, kind, data, inputs.at("benar-alasan", refusal))
    return session.tell(
        go("/permintaan"), f"Tersimpan untuk {len(changed)} kinerja: {seen.snapshot.scheme.word(kind)}."
    )
