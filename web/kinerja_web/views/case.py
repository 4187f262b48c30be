"""One case whole, and what happened to it. Both read well when every plugin of it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, g

import kinerja_read as read
from kinerja import access, forms, limits
from kinerja.clock import ahead, has_come
from kinerja.contracts import SUBJECT, Field, Form, Item, Json, Option, Refusal, StageRule
from kinerja.loaded import Loaded
from kinerja.sentences import refuse, say
from kinerja_office import endings, requests
from kinerja_web import calls, gate, hooks, lines, look, once, session, slots, wishes
from kinerja_web import forms as inputs
from kinerja_web.htmx import go, page, request
from kinerja_web.words import day_text, short_day

pages = Blueprint("case", __name__)

END, NOTE, MEND = "tutup", "catatan-penutup", "perbaikan"
"""What may be sent to a case beside its stages: to end it early, to write the note of one that was ended, and to ask
for a value of one's own to be mended."""


@dataclass(frozen=True, slots=True)
class Row:
    """A stage of a case in a list: its tag, and one line of what is next there."""

    stage: str
    label: str
    tag: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to a case and not taken: which form, its answers, why, and for a relation which one."""

    act: str
    refusal: Refusal
    data: Mapping[str, Json]
    kind: str = ""


@pages.get("/kasus/<id>")
def show(id: str) -> Response:
    return _draw(look.case(id))


def _draw(seen: Loaded, sent: Sent | None = None) -> Response:
    kernel = gate.the_kernel()
    beside = read.beside(g.viewer, kernel, seen, g.clock.today(g.viewer.zone))
    person = seen.view.person
    own = person is not None and person.id == g.viewer.person
    named = replace(seen.view, person=replace(person, ids=beside.numbers)) if person else seen.view
    mends = _mends(seen, beside, sent)
    facts = read.facts(g.viewer, kernel, seen)
    given = {**kernel.host.registry.given(), **kernel.host.registry.received()}
    return page(
        "kinerja/kasus.html",
        status=422 if sent else 200,
        seen=seen,
        title=look.title(seen),
        own=own,
        rows=[row(seen, rule) for rule in seen.rules()],
        facts=[(given[name].label if name in given else name, fact.label or str(fact.value))
               for name, fact in facts.items() if name in given and (fact.label or fact.value is not None)],
        notes=[one for one in beside.notes if not one[4]], hidden=look.hidden(seen),
        mends=mends,
        waits=any(one.asked is not None and one.asked.state == "open" for one in mends), asked_before=bool(beside.requests), MEND=MEND,
        holders=[one for one in seen.helpers if person is None or one.person.id != person.id],
        contest=look.moves_of(seen).may("ask", ""),
        asked={one.field for one in beside.requests if one.kind == requests.RELATION and one.state == "open"},
        keeps=g.viewer.may(access.PEOPLE, seen.line) and person is not None and not own and not seen.closed,
        condition=condition(seen), unsure=_unsure(seen), ending=_ending(seen), form=_form(seen), END=END, NOTE=NOTE, sent=sent,
        wrong=inputs.by_field(sent.refusal.problems) if sent else {},
        evidence=bool(seen.items) and bool(seen.snapshot.scheme.evidence),
        foot=slots.fill(hooks.CASE_FOOT, seen.line, case=named, facts=facts, messages=beside.messages,
                        items=seen.items, relations=look.kinds(seen)),
    )  # fmt: skip


def _unsure(seen: Loaded) -> list[str]:
    """What the data say of the person by now that the case does not follow yet, and who confirms it."""
    if not seen.unsure or seen.closed:
        return []
    kernel = gate.the_kernel()
    keeper = next(iter(requests.keepers(kernel, seen.line, g.clock.now())), None)
    who = f"{keeper[0]}, {keeper[1]} {keeper[2]}" if keeper else "pengelola data"
    return [
        f"Data terbaru menyebut {kernel.label(read.VALUES, field)}: {new or 'kosong'}. Di kinerja ini masih "
        f"{seen.view.labels.get(field) or 'kosong'}. Menunggu dipastikan {who}. Kinerja tetap berjalan."
        for field, new in seen.unsure.items()
    ]


def _mends(seen: Loaded, beside: read.Beside, sent: Sent | None) -> list[wishes.Wish]:
    """What the person may ask to be mended here, also after the plan was handed in."""
    found = wishes.correctable(seen)
    if found is None:
        return []
    wrong = {sent.kind: sent.refusal.sentence} if sent and sent.act == MEND else {}
    step, form = found
    return [
        one for one in wishes.offered(seen, form, step, wrong, reversed(beside.requests)) if one.correction is not None
    ]


def condition(seen: Loaded) -> str:
    """What the person is in today that leaves nothing to be done, such as a leave; empty otherwise."""
    kernel, person = gate.the_kernel(), seen.view.person
    if person is None or not seen.standing or not kernel.trait("conditions", seen.standing, "diam", False):
        return ""
    if not look.kinds(seen) and not g.viewer.may(access.PEOPLE, seen.line):
        return ""
    day = g.clock.today(seen.view.unit.zone)
    since = f", sejak {short_day(seen.standing_since, day)}" if seen.standing_since else ""
    return f"Sekarang: {kernel.label('conditions', seen.standing)}{since}. Tidak ada yang perlu dikerjakan."


def _ending(seen: Loaded) -> str:
    """Why and when a case was ended before its period, in one sentence."""
    told = seen.ending
    if not told:
        return ""
    day = day_text(date.fromisoformat(str(told["tanggal"])))
    if "bulan" not in told:
        return f"Tidak dihitung: {told['label']}, {day}."
    return f"Ditutup: {told['label']}, TMT {day}, {told['bulan']} bulan bekerja."


def _form(seen: Loaded) -> Form | None:
    """The form by which this visitor may end the case, or write the note of one that ended without."""
    if not endings.may_end(g.viewer, seen) or seen.period_state != "open":
        return None
    note = Field("tutup-catatan", "Catatan penutup", "longtext", required=True, most=requests.LONGEST,
                 help="Dibaca oleh yang bersangkutan.")  # fmt: skip
    if seen.ending:
        return None if seen.ending.get("catatan") else Form("Tulis catatan penutup", (note,))
    if seen.closed:
        return None
    options = tuple(Option(one.id, one.label) for one in endings.reasons(gate.the_kernel()))
    return Form(
        "Tutup kinerja ini lebih awal",
        (
            Field("tutup-alasan", "Alasan", "one", required=True, options=options),
            Field("tutup-tanggal", "Terhitung mulai tanggal (TMT)", "date", required=True),
            Field("tutup-bulan", "Lama bekerja dalam periode ini, dalam bulan", "number", required=True, least=0,
                  most=endings.MOST_MONTHS),
            note,
        ),
    )  # fmt: skip


@pages.post(f"/kasus/<id>/{END}")
@once.done
def end(id: str) -> Response:
    """End the case early, with a reason, a day, the months worked and a note."""
    return _closing(id, END, "Kinerja ini ditutup.")


@pages.post(f"/kasus/<id>/{NOTE}")
@once.done
def add_note(id: str) -> Response:
    """Write the closing note of a case that ended without one."""
    return _closing(id, NOTE, "Catatan penutup tersimpan.")


def _closing(id: str, act: str, done: str) -> Response:
    seen, kernel, at = look.case(id), gate.the_kernel(), g.clock.now()
    if not endings.may_end(g.viewer, seen):
        raise refuse("missing")
    data = inputs.answers(request.form)
    form = _form(seen)
    try:
        clean, problems = forms.check(form, data) if form else ({}, ())
        if problems:
            raise Refusal("incomplete", say("incomplete", n=len(problems)), problems)
        note = str(clean.get("tutup-catatan", data.get("tutup-catatan", "")))
        if act == NOTE:
            endings.add_note(kernel, g.viewer, seen, note, at)
        else:
            day, months = clean.get("tutup-tanggal"), clean.get("tutup-bulan")
            if day is None:
                raise limits.shut(seen).refusal()
            endings.end(
                kernel, g.viewer, seen, clean["tutup-alasan"], date.fromisoformat(day), int(str(months)), note, at
            )
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _draw(seen, Sent(act, refusal, data))
    return session.tell(go(f"/kasus/{id}"), done)


@pages.post("/kasus/<id>/permintaan")
@once.done
def contest(id: str) -> Response:
    """Say that somebody else should stand in a relation to one's own case."""
    seen = look.case(id)
    kind, why = request.form.get("hubungan", ""), request.form.get("alasan", "")
    if kind == SUBJECT or kind not in {one.relation for one in seen.helpers}:
        raise refuse("missing")
    try:
        requests.ask_relation(gate.the_kernel(), g.viewer, seen, kind, why, g.clock.now())
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _draw(seen, Sent("hubungan", inputs.at("alasan", refusal), {"alasan": why}, kind))
    way = f"/kasus/{id}#{inputs.anchor(kind)}"
    return session.tell(go(way), f"Permintaan terkirim: {seen.snapshot.scheme.word(kind)}.")


@pages.post(f"/kasus/<id>/{MEND}")
@once.done
def mend(id: str) -> Response:
    """Ask for a value of one's own profile to be mended, beside and after the steps."""
    seen, chosen = look.case(id), request.form.get("minta", "")
    found = wishes.correctable(seen)
    if found is None or chosen == wishes.UNLOCK:
        raise refuse("missing")
    try:
        label = wishes.send(seen, found[1], found[0], "", chosen, g.clock.now())
    except Refusal as refusal:
        if refusal.code == "missing":
            raise
        return _draw(seen, Sent(MEND, refusal, {}, chosen))
    return session.tell(go(wishes.way(f"/kasus/{id}", chosen)), f"Permintaan terkirim: {label}.")


def row(seen: Loaded, rule: StageRule) -> Row:
    """One stage as this visitor sees it: whose turn, or when it begins, or the label it had when its plugin left."""
    mine, today = look.kinds(seen), g.clock.today(seen.view.unit.zone)
    progress, opens = seen.progress.get(rule.id), opening(seen, rule)
    tasks = [one.task for one in calls.asked(seen, rule.id) if has_come(opens, today) or not one.task.opens]
    own = next((task for task in tasks if task.relation in mine), None)
    if own is not None and own.kind != "macet" and has_come(own.opens, today):
        return Row(rule.id, rule.label, "Giliran Anda", "mine", own.label)
    if tasks:
        task = own or tasks[0]
        who = look.who(seen, task.relation)
        tag = own.label if own is not None and who == "Anda" and own.kind != "macet" else f"Menunggu {who}"
        note = task.sentence or task.label
        if task.opens and not has_come(task.opens, today) and task.kind != "macet":
            note = f"Mulai {short_day(task.opens, today)}"
        return Row(rule.id, rule.label, tag, "wait", note)
    if opens is not None and ahead(opens, progress.state.kind if progress else "belum", today):
        return Row(rule.id, rule.label, f"Mulai {short_day(opens, today)}", "quiet", "")
    if progress is None:
        return Row(rule.id, rule.label, "Belum dibuka", "quiet", "")
    tone = "quiet" if progress.state.tone == "mine" else progress.state.tone
    return Row(rule.id, rule.label, progress.state.label, tone, "")


def opening(seen: Loaded, rule: StageRule) -> date | None:
    found = limits.window_of(seen, rule)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Change:
    """One edition of what was agreed, with what changed in it since the edition before: `by` names who signed it."""

    edition: read.Edition
    by: tuple[tuple[str, str], ...]
    lines: tuple[lines.Line, ...]
    changed: bool


@pages.get("/kasus/<id>/edisi")
def editions(id: str) -> Response:
    """Every edition of what was agreed in a case, newest first, each with its reason and its difference."""
    seen = look.case(id)
    found = read.editions(g.viewer, gate.the_kernel(), seen)
    changes, before = [], dict[str, lines.Pairs]()
    for one in found:
        pairs = [(item.label, _text(item)) for item in one.items]
        told = lines.compare(before[one.stage], pairs) if one.stage in before else lines.plain(pairs)
        changed = [line for line in told if any(kind != "same" for kind, _ in line.pieces)]
        acts = ((seen.snapshot.scheme.word(act.relation), _signed(act)) for act in one.acts if not act.reason)
        signed = tuple(dict.fromkeys(acts))  # who began, handed in and agreed signed once
        changes.append(Change(one, signed, tuple(changed or told), bool(changed)))
        before[one.stage] = pairs
    names = {rule.id: rule.label for rule in seen.rules()}
    return page("kinerja/edisi.html", seen=seen, title=look.title(seen), changes=changes[::-1], names=names)


def _text(item: Item) -> str:
    """What one item of an edition says, line by line."""
    times = [f"{item.count} kali"] if item.count > 1 else []
    return "\n".join([*times, *(f"{label}: {text}" for label, text in item.detail)])


def _signed(act: read.Act) -> str:
    return ", ".join(part for part in (act.by.name, act.by.post, act.by.unit) if part)


@pages.get("/kasus/<id>/riwayat")
def history(id: str) -> Response:
    seen, kernel = look.case(id), gate.the_kernel()
    return page(
        "kinerja/riwayat.html", seen=seen, title=look.title(seen), lines=read.history(g.viewer, kernel, seen),
        hidden=say("lines-hidden") if look.hidden(seen) else "",
    )  # fmt: skip
