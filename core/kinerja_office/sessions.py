"""Who is signed in, on the server's side: the browser holds a token, the table its hash, so a session can be ended."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kinerja import database, days, people
from kinerja.access import Viewer
from kinerja.clock import day_text, real_now
from kinerja.database import as_day
from kinerja.kernel import Kernel
from kinerja.models import LEVELS, Identity, Person, Session
from kinerja.sentences import say

IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=15)

_LINE = ", ".join(f"u.a{n}" for n in range(LEVELS))
_CONTEXT = (
    "SELECT s.person_id, s.assignment_id, s.csrf, s.seen_at, n.name, n.title_front, n.title_back, n.sex, "
    "(SELECT value FROM setting WHERE name = 'stamp'), (SELECT value FROM setting WHERE name = 'demo_offset'), "
    "a.id, a.role, a.kind, a.since, a.until, a.home, u.id, u.name, u.kind, u.zone, "
    "CASE WHEN EXISTS (SELECT 1 FROM relation r WHERE r.assignment_id = a.id) THEN 1 ELSE 0 END, "
    "CASE WHEN EXISTS (SELECT 1 FROM relation r WHERE r.assignment_id = a.id AND r.stays AND r.until IS NULL "
    "AND (SELECT c.closed_at FROM cases c WHERE c.id = r.case_id) IS NULL) THEN 1 ELSE 0 END, "
    f"{_LINE} FROM session s JOIN person n ON n.id = s.person_id LEFT JOIN assignment a ON a.person_id = n.id "
    "LEFT JOIN unit u ON u.id = a.unit_id WHERE s.id = ? ORDER BY a.home DESC, a.since, a.id"
)


@dataclass(frozen=True, slots=True)
class Capacity:
    """An assignment a person may act through today: one that holds, or that is over and in which something is left to
    them. `useful`: it stands in a relation or grants a permission."""

    id: int
    label: str
    unit: str
    acting: bool
    useful: bool


@dataclass(frozen=True, slots=True)
class Context:
    """All that a request knows of its visitor, from one statement."""

    viewer: Viewer
    capacities: tuple[Capacity, ...]
    csrf: str
    session: str


def read(kernel: Kernel, token: str) -> Context | None:
    """The visitor who holds a token, or None; brings the kernel to the stamp and date that were read along."""
    rows = database.rows(_CONTEXT, _hash(token)) if token else []
    if not rows:
        return None
    first = rows[0]
    kernel.refresh(first[8], first[9])
    seen = database.moment(first[3])
    now = real_now()
    if seen is None or now - seen > IDLE:
        return None
    if now - seen > SEEN_EVERY:
        Session.update(seen_at=now).where(Session.id == _hash(token)).execute()
    return _context(kernel, rows, _hash(token))


def _context(kernel: Kernel, rows: list[tuple[Any, ...]], session: str) -> Context:
    person, chosen, csrf = rows[0][:3]
    name, front, back, sex = rows[0][4:8]
    posts = [row for row in rows if row[10] is not None]
    held = [row for row in posts if _holds(kernel, row)]
    left = [row for row in posts if held and row not in held and row[21]]
    capacities = tuple(
        Capacity(
            id=row[10],
            label=_label(kernel, row, row in left),
            unit=row[17],
            acting=people.acting(kernel, row[12]),
            useful=bool(row[20]) or bool(people.permissions(kernel, row[11])),
        )
        for row in [*held, *left]
    )
    current = next((row for row in [*held, *left] if row[10] == chosen), None)
    at = current or (held[0] if held else None)
    viewer = Viewer(
        person=person,
        name=people.full_name(name, front, back),
        address=people.address(name, sex),
        assignment=current[10] if current else None,
        role=current[11] if current else "",
        role_label=_label(kernel, at, at in left) if at else "",
        unit=at[16] if at else None,
        unit_name=at[17] if at else "",
        zone=at[19] if at else "Asia/Jakarta",
        line=tuple(one for one in at[22:] if one is not None) if at else (),
        permissions=people.permissions(kernel, current[11]) if current and current not in left else frozenset(),
    )
    return Context(viewer, capacities, csrf, session)


def _holds(kernel: Kernel, row: tuple[Any, ...]) -> bool:
    since, until = as_day(row[13]), as_day(row[14])
    return days.holds(since, until, kernel.clock.today(row[19]))


def _label(kernel: Kernel, row: tuple[Any, ...], left: bool) -> str:
    """What a post is called, and of one that is over until when it was held."""
    label = people.role_label(kernel, row[11], row[12], row[18])
    return say("post-left", post=label, day=day_text(as_day(row[14]))) if left else label


def begin(kernel: Kernel, issuer: str, subject: str, old: str) -> str | None:
    """Begin a session for whoever this identity belongs to, in place of the one of an old token; returns the new
    token, None when the identity belongs to nobody."""
    found = Identity.get_or_none((Identity.issuer == issuer) & (Identity.subject == subject))
    if found is None:
        return None
    token, now = secrets.token_urlsafe(32), real_now()
    with database.proxy.atomic():
        Session.delete().where(Session.id == _hash(old)).execute()
        Session.create(
            id=_hash(token), person=found.person_id, assignment=_first_capacity(kernel, found.person_id),
            csrf=secrets.token_hex(16), created_at=now, seen_at=now, force_insert=True,
        )  # fmt: skip
    return token


def _first_capacity(kernel: Kernel, person: int) -> int | None:
    """Somebody with a case of their own begins as an employee; others with the assignment that gives them work."""
    if database.rows("SELECT 1 FROM cases WHERE person_id = ? AND closed_at IS NULL LIMIT 1", person):
        return None
    held = database.rows(
        "SELECT a.id, a.role, CASE WHEN EXISTS (SELECT 1 FROM relation r WHERE r.assignment_id = a.id) THEN 1 ELSE 0 END "
        "FROM assignment a WHERE a.person_id = ? ORDER BY a.home DESC, a.id",
        person,
    )
    return next((id for id, role, related in held if related or people.permissions(kernel, role)), None)


def forget(now: datetime) -> None:
    """Drop the sessions that nobody may use any more. By the daily sweep."""
    Session.delete().where(Session.seen_at < now - IDLE).execute()


def end(context: Context) -> None:
    Session.delete().where(Session.id == context.session).execute()


def take_capacity(context: Context, assignment: int | None) -> bool:
    """Act from now on through another assignment, or as an employee; False for one the person does not hold today."""
    if assignment is not None and assignment not in {one.id for one in context.capacities}:
        return False
    Session.update(assignment=assignment).where(Session.id == context.session).execute()
    return True


def identify(issuer: str, subject: str, person: Person) -> None:
    """Let an issuer's word for a subject sign in as a person."""
    Identity.insert(issuer=issuer, subject=subject, person=person).on_conflict_ignore().execute()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
