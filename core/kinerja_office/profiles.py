"""What a case knows of its person follows their data, by a rule that stands with each value in the reference lists.

`langsung`: it reaches every open case at once, as a name that was put right. `dipastikan`: it may decide who takes part,
with which contents and assessor, so somebody who keeps the people has to confirm it first; until then the case goes on
as it was and says what waits. What is agreed keeps its paper, and a case that is over never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kinerja import database, days, log, people
from kinerja.access import PEOPLE, Viewer
from kinerja.contracts import CONFIRMED, Json
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, Person, PersonValue, Unit
from kinerja.sentences import needed, refuse_if, say
from kinerja_office import endings, values
from kinerja_office.periods import decide_content
from kinerja_read.participation import participation, profile_fields, profile_labels
from kinerja_read.values import CHANGED, VALUES


@dataclass(frozen=True, slots=True)
class Waiting:
    """A value that somebody has to confirm: what cases hold and what the data say now, in words."""

    field: str
    label: str
    old: str
    new: str


def follow(kernel: Kernel, unit: Unit, at: datetime) -> None:
    """Let the open cases of a unit's people, wherever they are, follow their data. Called after people changed and by the
    sweep; doing it twice is the same as once."""
    _follow(kernel, Case.person.in_(Assignment.select(Assignment.person).where(Assignment.unit == unit)), at)


def _follow(kernel: Kernel, where: Any, at: datetime) -> None:
    """What somebody entered or confirmed is judged anew: who takes part, and contents. What was written stays."""
    found = list(_today(kernel, where))
    entered = values.entered(case.person_id for case, *_ in found)
    for case, fields, labels in found:
        profile = _followed(kernel, case, fields, labels, entered)
        if profile != case.profile:
            by = [
                entered[case.person_id, key]
                for key in fields
                if _waits(kernel, key, profile["fields"].get(key), case.profile["fields"].get(key))
            ]
            told: dict[str, Any] = {"profile": profile}
            if by:
                told |= {
                    "answer": participation(kernel.snapshot(case.snapshot).scheme, profile["fields"]).answer,
                    "content": decide_content(kernel, case.period, case.unit, profile["fields"]).raw(),
                }
            with database.proxy.atomic():
                Case.update(**told, version=Case.version + 1).where(Case.id == case.id).execute()
                _tell(kernel, case, profile, by, at)


def _tell(kernel: Kernel, case: Case, profile: Mapping[str, Any], by: Sequence[PersonValue], at: datetime) -> None:
    what = _changes(kernel, case.profile["labels"], profile["labels"])
    if by:
        one, who = by[0], people.full_name(Person.get_by_id(by[0].entered_by).name)
        log.write(
            kernel, case.unit_id, "profile-confirmed", one.entered_by, case.id,
            say("profile-confirmed", name=who, what=what, why=one.source), {"field": one.field}, at,
        )  # fmt: skip
    elif what:
        log.write(kernel, case.unit_id, "profile", None, case.id, say("profile-log", what=what), {}, at)


def waiting(kernel: Kernel, viewer: Viewer, person: int) -> list[Waiting]:
    """What waits to be confirmed about a person in the open cases of units whose people the viewer keeps."""
    found: dict[str, Waiting] = {}
    for case in Case.select(Case, Unit).join(Unit).where((Case.person == person) & Case.closed_at.is_null()):
        for field in case.profile.get("menunggu", {}) if viewer.may(PEOPLE, case.unit.line) else ():
            old, new = case.profile["labels"].get(field, ""), case.profile["menunggu"][field]
            found.setdefault(field, Waiting(field, kernel.label(VALUES, field), str(old), str(new)))
    return list(found.values())


def confirm(kernel: Kernel, viewer: Viewer, person: int, field: str, note: str, at: datetime) -> None:
    """Take a value that waits into the open cases of a person and judge them anew: who takes part, contents; relations
    and turns follow by a timer. What was written stays, and nobody confirms their own."""
    refuse_if(person == viewer.person, "not-oneself")
    note = needed(note)
    with database.proxy.atomic():
        waits = [
            (case, fields.get(field) or labels.get(field))
            for case, fields, labels in _today(kernel, Case.person == person)
            if field in case.profile.get("menunggu", {}) and viewer.may(PEOPLE, case.unit.line)
        ]
        refuse_if(not waits, "missing")
        for value, case in {value: case for case, value in waits}.items():
            day, old = kernel.clock.today(case.unit.zone), case.profile["fields"].get(field)
            values.keep(
                person, field, str(value or ""), day, kind=CHANGED, old=str(old or ""), source=note,
                entered_by=viewer.person, entered_at=at, firm=True, put=True,
            )  # fmt: skip
        endings.tell_elsewhere(kernel, person)
        _follow(kernel, Case.person == person, at)


def _today(kernel: Kernel, where: Any) -> Iterator[tuple[Case, dict[str, Json], dict[str, str]]]:
    """The open cases of people, each with what its profile would be by today's data, through the post it is about."""
    theirs = (Assignment.person == Case.person) & (Assignment.unit == Case.unit) & (Assignment.role == Case.role)
    found = (
        Case.select(Case, Unit, Period, Assignment, Person)
        .join(Unit)
        .switch(Case)
        .join(Period)
        .switch(Case)
        .join(Assignment, on=theirs, attr="post")
        .join(Person)
        .where(where & (Case.subject == "person") & Case.closed_at.is_null())
        .order_by(Case.id, Assignment.id.desc())
    )
    on_it = {
        one.id: one
        for one in found
        if days.holds(one.post.since, one.post.until, kernel.clock.today(one.unit.zone))
        and endings.counted(kernel, one.post.kind, one.post.home) == one.counts
    }
    for case in on_it.values():
        fields = profile_fields(kernel, case.post, case.unit, case.period)
        yield case, fields, profile_labels(kernel, case.post, case.unit, fields)


def _followed(
    kernel: Kernel, case: Case, fields: Mapping[str, Json], labels: Mapping[str, str],
    entered: Mapping[tuple[int, str], PersonValue],
) -> dict[str, Any]:  # fmt: skip
    """The profile of a case after today's data: values that have to be confirmed stay, and wait, unless somebody entered them so."""
    made: dict[str, Any] = {"fields": {}, "labels": {}}
    waits: dict[str, Json] = {}
    for part, fresh in (("fields", fields), ("labels", labels)):
        for key in {**case.profile[part], **fresh}:
            now, before, known = fresh.get(key), case.profile[part].get(key), entered.get((case.person_id, key))
            sure = known is not None and known.value == str(fields.get(key) or labels.get(key) or "")
            if _waits(kernel, key, now, before) and not sure:
                made[part] |= {key: before} if key in case.profile[part] else {}
                waits[key] = labels.get(key) or now or ""
            elif key in fresh:
                made[part][key] = now
    return made | ({"menunggu": waits} if waits else {})


def _waits(kernel: Kernel, key: str, now: Json, before: Json) -> bool:
    """Whether a value changed that has to be confirmed."""
    return bool(now != before and kernel.trait(VALUES, key, "mengikuti") == CONFIRMED)


def _changes(kernel: Kernel, old: Mapping[str, Json], new: Mapping[str, Json]) -> str:
    """«Nama: A menjadi B» for each value that is another now."""
    return "; ".join(
        f"{kernel.label(VALUES, key)}: {old.get(key) or '–'} menjadi {new.get(key) or '–'}"
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    )
