"""What the person of a case may ask for beside a step's form: a value to be mended, the step to be unlocked.

The small inputs lie in the step's own form, so that whichever button is pressed, nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import g

import kinerja_read as read
from kinerja import steps
from kinerja.contracts import SUBJECT, Correction, Form
from kinerja.loaded import Loaded
from kinerja.sentences import refuse
from kinerja_office import requests
from kinerja_web import forms as inputs
from kinerja_web import gate, look
from kinerja_web.htmx import request
from kinerja_web.words import short_day

UNLOCK = "-"
"""What the button that asks for a step to be unlocked sends in place of the id of a value."""


SENT = "minta"
"""The part of an address that says what was just asked for."""


def anchor(id: str) -> str:
    return f"minta-{inputs.anchor(id)}"


def way(page: str, id: str) -> str:
    """The way back to a page, at the place of what was just asked for."""
    return f"{page}?{SENT}={quote(id)}#{anchor(id)}"


@dataclass(frozen=True, slots=True)
class Wish:
    """Something the author may ask for beside a step: what was asked before, what is typed now and why it was refused."""

    id: str
    asked: requests.Line | read.CaseRequest | None
    typed: str
    wrong: str
    correction: Correction | None = None
    zone: str = ""

    @property
    def anchor(self) -> str:
        """The id of its place on the page."""
        return anchor(self.id)

    @property
    def sent(self) -> bool:
        """Whether the page before has just asked for it."""
        return bool(request.args.get(SENT) == self.id)

    @property
    def opened(self) -> bool:
        """Whether its place must be seen at once."""
        return bool(self.wrong) or self.sent

    @property
    def day(self) -> str:
        """When it was asked."""
        if self.asked is None:
            return ""
        return short_day(self.asked.at.astimezone(ZoneInfo(self.zone)).date(), g.clock.today(self.zone))

    @property
    def answer(self) -> str:
        """What was answered, where the page read it."""
        return self.asked.answer if isinstance(self.asked, requests.Line) else ""


def offered(
    seen: Loaded,
    form: Form,
    step: str,
    wrong: Mapping[str, str],
    before: Iterable[requests.Line | read.CaseRequest] | None = None,
) -> list[Wish]:
    """What the person of a case may ask for here. What was asked *before* (newest first) is read by one statement where
    the page has not read it already, and only where something can be asked for."""
    person = seen.view.person
    if person is None or person.id != g.viewer.person:
        return []
    if not form.corrections and not form.locked:
        return []
    newest: dict[tuple[bool, str], requests.Line | read.CaseRequest] = {}
    for line in requests.of_case(g.viewer, seen) if before is None else before:
        if line.kind != requests.RELATION:
            newest.setdefault((line.kind == requests.UNLOCK, line.field), line)
    typed = wanted()
    found = [
        Wish(
            one.id, newest.get((False, one.id)), typed.get(one.id, ""), wrong.get(one.id, ""), one, seen.view.unit.zone
        )
        for one in form.corrections
    ]
    if form.locked:
        asked = newest.get((True, step))
        found.append(Wish(UNLOCK, asked, typed.get(UNLOCK, ""), wrong.get(UNLOCK, ""), zone=seen.view.unit.zone))
    return found


def correctable(seen: Loaded) -> tuple[str, Form] | None:
    """The first step of one's own case whose form names values to be mended, for pages beside the steps. Such requests
    stay possible after the plan is handed in, as long as the case is open."""
    person, kernel = seen.view.person, gate.the_kernel()
    if person is None or not look.moves_of(seen).may("ask", ""):
        return None
    for rule in seen.rules():
        for name in rule.steps:
            step = kernel.host.registry.steps.get(name)
            if step is not None and step.author == SUBJECT:
                form = steps.form_of(kernel, seen, rule, step, person.id)
                if form.corrections:
                    return name, form
    return None


def wanted() -> dict[str, str]:
    """What was typed into the small inputs beside the form, by what it is about."""
    named = dict(zip(request.form.getlist("untuk"), request.form.getlist("benar"), strict=False))
    return {id: text for id, text in {**named, UNLOCK: request.form.get("alasan", "")}.items() if text.strip()}


def send(seen: Loaded, form: Form | None, step: str, label: str, chosen: str, at: datetime) -> str:
    """Ask for one thing the step's form offers; returns what it is called."""
    kernel, text = gate.the_kernel(), wanted().get(chosen, "")
    one = next((one for one in form.corrections if one.id == chosen), None) if form else None
    if one is not None:
        requests.ask_value(kernel, g.viewer, seen, one, text, at)
        return one.label
    if form is None or not form.locked or chosen != UNLOCK:
        raise refuse("missing")
    requests.ask_unlock(kernel, g.viewer, seen, step, label, text, at)
    return label
