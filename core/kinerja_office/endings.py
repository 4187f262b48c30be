"""End a case before its period does: a transfer, a death, a leave that lasts all period. All stays readable.

The reason is one of a list that is content, with the day it holds from, the months worked and the assessor's note.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby

from kinerja import cases, database, days, log, people
from kinerja.access import PEOPLE, Viewer
from kinerja.clock import day_text
from kinerja.contracts import Entry, Json
from kinerja.database import as_day
from kinerja.kernel import Kernel
from kinerja.limits import still_open
from kinerja.loaded import Loaded
from kinerja.models import Assignment, Case, Timer, Unit
from kinerja.sentences import needed, refuse_if, say
from kinerja.writing import close, whole_anew

REASONS = "alasan-penutupan"
"""The kind of content that lists the reasons. An entry with `menutup` ends the cases of those who leave for it."""
MOST_MONTHS = 12
BEGUN = 15
"""From which day of work on a begun month counts, where a reason does not say otherwise (`bulan_dari_hari`)."""


def reasons(kernel: Kernel) -> tuple[Entry, ...]:
    """The reasons there are, in the order of their list."""
    return kernel.entries(REASONS)


def may_end(viewer: Viewer, seen: Loaded) -> bool:
    """Whether a viewer may end a case or write its closing note: who the scheme names, and who keeps the people there;
    nobody their own."""
    if seen.view.person is None or seen.view.person.id == viewer.person:
        return False
    return bool(seen.kinds_of(viewer.actor) & set(seen.snapshot.scheme.closers)) or viewer.may(PEOPLE, seen.line)


def end(
    kernel: Kernel, viewer: Viewer, seen: Loaded, reason: str, day: date, months: int, note: str, at: datetime
) -> None:
    """End an open case for a reason, and with a year its parts that are not over yet. The note is kept with it and shown
    to its person."""
    refuse_if(not may_end(viewer, seen), "missing")
    with database.proxy.atomic():
        cases.lock(seen.view.id)
        still_open(cases.load(kernel, seen.view.id), at)
        refuse_if(
            not seen.view.period.starts <= day <= seen.period_closes,
            "day-outside", first=day_text(seen.view.period.starts), last=day_text(seen.period_closes),
        )  # fmt: skip
        refuse_if(kernel.reference(REASONS, reason) is None, "reason-unknown")
        refuse_if(not 0 <= months <= MOST_MONTHS, "months-wrong", most=MOST_MONTHS)
        note = needed(note)
        for case, unit, starts, whole in database.rows(
            "SELECT c.id, c.unit_id, p.starts, w.id = c.id FROM cases w JOIN cases c ON c.chain = w.chain "
            "JOIN period p ON p.id = c.period_id WHERE w.id = ? AND c.closed_at IS NULL "
            "AND (c.id = w.id OR c.whole = w.part AND p.ends > ?)",
            seen.view.id, database.stored_day(day),
        ):  # fmt: skip
            _end(
                kernel, case, unit, reason, day, months if whole else min(months, worked(as_day(starts), day)), note,
                viewer.name, viewer.person, at,
            )  # fmt: skip


def add_note(kernel: Kernel, viewer: Viewer, seen: Loaded, note: str, at: datetime) -> None:
    """Write the closing note of a case that the system ended, once, while its period is open."""
    refuse_if(not may_end(viewer, seen) or not seen.ending or seen.period_state != "open", "missing")
    note = needed(note)
    with database.proxy.atomic():
        cases.lock(seen.view.id)
        ending = cases.load(kernel, seen.view.id).ending
        refuse_if(ending.get("catatan"), "note-there")
        told = {**ending, "catatan": note, "penulis": viewer.name}
        Case.update(ending=told, version=Case.version + 1).where(Case.id == seen.view.id).execute()
        text = say("ending-note", name=viewer.name)
        log.write(kernel, seen.view.unit.id, "ending-note", viewer.person, seen.view.id, text, told, at)


def follow(kernel: Kernel, unit: Unit, at: datetime, moved: int | None = None) -> int:
    """End the open cases at a unit of those whose work there is over for a reason that ends cases, and of who *moved*
    whatever the reason, even where it is known that they come back one day; returns how many."""
    day, ended = kernel.clock.today(unit.zone), 0
    posts = database.rows(
        "SELECT c.id, c.person_id, c.counts, p.starts, p.ends, a.kind, a.home, a.since, a.until, a.ended_as FROM cases c "
        "JOIN period p ON p.id = c.period_id JOIN assignment a ON a.person_id = c.person_id AND a.unit_id = c.unit_id "
        "AND a.role = c.role WHERE c.unit_id = ? AND c.subject = 'person' AND c.closed_at IS NULL ORDER BY c.id",
        unit.id,
    )
    for (case, person, counts, starts, ends), rows in groupby(posts, key=lambda row: row[:5]):
        held = [
            (as_day(until), reason, as_day(since))
            for *_, kind, home, since, until, reason in rows
            if counted(kernel, kind, bool(home)) == bool(counts)  # a Plt. who led it before holds another post
        ]
        over = [one for one in held if days.over(one[0], day)]
        lasting = [since for until, reason, since in held if (until, reason, since) not in over]
        if not over or any(since <= day or person != moved for since in lasting):
            continue
        last, reason, _ = max(over)
        if last >= as_day(ends):  # worked to its end: it is finished there, and rated by whoever decides there
            continue
        if person != moved and not kernel.trait(REASONS, reason, "menutup", False):
            continue
        first, begun = min(since for _, _, since in over), kernel.trait(REASONS, reason, "bulan_dari_hari", BEGUN)
        months = worked(max(first, as_day(starts)), last, begun)
        with database.proxy.atomic():
            _end(kernel, case, unit.id, reason, last, months, "", say("system"), None, at)
        ended += 1
        tell_elsewhere(kernel, person, unit.id)
    return ended


def tell_elsewhere(kernel: Kernel, person: int, unit: int = 0) -> None:
    """Let the units where a person has or had a post follow what changed of them, but for the one where that was told
    already: whoever is decided on there needs somebody else, and what could not begin there while it went on here begins."""
    for one in (
        Assignment.select(Assignment.unit).where((Assignment.person == person) & (Assignment.unit != unit)).distinct()
    ):
        Timer.create(name="people-changed", data={"unit": one.unit_id}, due_at=kernel.clock.now())


def counted(kernel: Kernel, kind: str, home: bool) -> bool:
    """Whether the work of a post is what counts of its person: at home, and not for somebody else."""
    return home and not people.acting(kernel, kind)


def worked(first: date, last: date, begun: int = BEGUN) -> int:
    """Calendar months from the first to the last day of work, both included; one that is begun counts from the day
    `begun` of it on. A month runs from the day of the month on which the work began."""
    counted = last - timedelta(days=begun - 1)
    months = 12 * (counted.year - first.year) + counted.month - first.month + (counted.day >= first.day)
    return max(0, min(MOST_MONTHS, months))


def _end(
    kernel: Kernel,
    case: str,
    unit: int,
    reason: str,
    day: date,
    months: int,
    note: str,
    name: str,
    person: int | None,
    at: datetime,
) -> None:
    label = kernel.label(REASONS, reason)
    told: dict[str, Json] = {
        "alasan": reason, "label": label, "tanggal": day.isoformat(), "bulan": months, "catatan": note, "oleh": name,
        "otomatis": person is None,
    }  # fmt: skip
    if note:
        told["penulis"] = name
    Case.update(ending=told).where(Case.id == case).execute()
    close(kernel, case, at)
    whole_anew(case, at)
    text = say("ending-log", name=name, reason=label, day=day_text(day), months=months)
    log.write(kernel, unit, "case-ended", person, case, text, told, at)
