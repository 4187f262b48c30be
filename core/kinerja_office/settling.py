"""Settle what a file says of a post: the old one ends the day before, the new one begins, as if entered by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kinerja.access import Viewer
from kinerja.kernel import Kernel
from kinerja.sentences import refuse
from kinerja_office import staff
from kinerja_office.staff import Employee
from kinerja_read import posts
from kinerja_read.posts import Question


@dataclass(frozen=True, slots=True)
class Answer:
    """How somebody settled a question: from which day, by which paper, why the person's own post ends (`reason`) and why
    that of another who holds it (`other`); `seen` is what the page showed."""

    since: date
    note: str
    reason: str
    other: str
    seen: str


def settle(kernel: Kernel, viewer: Viewer, person: Employee, asked: Question, answer: Answer) -> None:
    """Let a person hold what a file says, from a day. In a transaction; refused by the same checks as entries by hand."""
    if asked.seen != answer.seen:
        raise refuse("changed-since")
    last = answer.since - timedelta(days=1)
    for rival in staff.as_held(posts.beside(kernel, person.id, asked.role, asked.unit.id, answer.since)):
        staff.end(kernel, viewer, rival, last, answer.other, answer.note)
    own = staff.as_held(posts.homes(kernel, person.id, answer.since))
    for further in own[1:]:
        staff.end(kernel, viewer, further, last, answer.reason, answer.note)
    if own:
        staff.transfer(kernel, viewer, own[0], asked.unit, asked.role, answer.since, answer.reason, answer.note)
        return
    staff.appoint(
        kernel, viewer, person, asked.role, asked.kind, asked.unit, answer.since, None, answer.note, home=True
    )
