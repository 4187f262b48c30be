"""Settle what a file says of a post: the old one ends the day before, the new one begins, as if entered by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kinerja.access import Viewer
from kinerja.kernel import Kernel
from kinerja.sentences import refuse_if
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
    """Let a person hold what a file says, from a day. In a transaction; refused by the same checks as entries by hand.
    Only what the page named ends; a post that began since, also by another answer of the same import, stands against it."""
    refuse_if(asked.seen != answer.seen, "changed-since")
    staff.known_days(answer.since, None)
    last = answer.since - timedelta(days=1)
    found = [
        *posts.beside(kernel, person.id, asked.role, asked.kind, asked.unit.id, answer.since),
        *posts.homes(kernel, person.id, answer.since),
    ]
    for held in staff.as_held(one for one in found if one in (*asked.own, *asked.others)):
        reason = answer.reason if held.person.id == person.id else answer.other
        staff.end(kernel, viewer, held, last, reason, answer.note)
    staff.appoint(
        kernel, viewer, person, asked.role, asked.kind, asked.unit, answer.since, None, answer.note, home=True
    )
