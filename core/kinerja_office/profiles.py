"""What a case knows of its person follows their data, by a rule that stands with each value in the reference lists.

`langsung`: it reaches every open case at once, as a name that was put right. `dipastikan`: it may decide who takes part,
with which contents and assessor, so somebody who keeps the people has to confirm it first; until then the case goes on
as it was and says what waits. What is agreed keeps its paper, and a case that is over never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kinerja import database, days, log
from kinerja.access import PEOPLE, Viewer
from kinerja.contracts import CONFIRMED, Json
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, Person, Timer, Unit
from kinerja.sentences import needed, refuse_if, say
from kinerja_office.periods import decide_content
from kinerja_read.participation import participation, profile_fields, profile_labels

VALUES = "nilai-orang"
"""The reference list of values of a person: an entry's id is a key of the profile, `mengikuti` how cases follow it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A value that somebody has to confirm: what cases hold and what the data say now, in words."""

    field: str
    label: str
    old: str
    new: str


def follow(kernel: Kernel, unit: Unit, at: datetime) -> int:
    """Let the open cases of a unit's people, wherever they are, follow their data; returns how many changed. Called
    after people changed and by the sweep; doing it twice is the same as once."""
    changed, here = 0, Assignment.select(Assignment.person).where(Assignment.unit == unit)
    for case, fields, labels in _today(kernel, Case.person.in_(here)):
        profile = _followed(kernel, case.profile, fields, labels)
        if profile != case.profile:
            with database.proxy.atomic():
                Case.update(profile=profile, version=Case.version + 1).where(Case.id == case.id).execute()
                told = _changes(kernel, case.profile["labels"], profile["labels"])
                if told:
                    log.write(kernel, case.unit_id, "profile", None, case.id, say("profile-log", what=told), {}, at)
            changed += 1
    return changed


def waiting(kernel: Kernel, viewer: Viewer, person: int) -> list[Waiting]:
    """What waits to be confirmed about a person in the open cases of units whose people the viewer keeps."""
    found: dict[str, Waiting] = {}
    for case in Case.select(Case, Unit).join(Unit).where((Case.person == person) & Case.closed_at.is_null()):
        for field in case.profile.get("menunggu", {}) if viewer.may(PEOPLE, case.unit.line) else ():
            old, new = case.profile["labels"].get(field, ""), case.profile["menunggu"][field]
            found.setdefault(field, Waiting(field, kernel.label(VALUES, field), str(old), str(new)))
    return list(found.values())


def confirm(kernel: Kernel, viewer: Viewer, person: int, field: str, note: str, at: datetime) -> int:
    """Take a value that waits into the open cases of a person and judge them anew: who takes part, contents; relations
    and turns follow by a timer. What was written stays. Returns how many cases changed; nobody confirms their own."""
    refuse_if(person == viewer.person, "not-oneself")
    note, changed = needed(note), 0
    with database.proxy.atomic():
        for case, fields, labels in list(_today(kernel, Case.person == person)):
            if field not in case.profile.get("menunggu", {}) or not viewer.may(PEOPLE, case.unit.line):
                continue
            profile = _followed(kernel, case.profile, fields, labels, confirmed=field)
            answer = participation(kernel.snapshot(case.snapshot).scheme, profile["fields"]).answer
            content = decide_content(kernel, case.period, case.unit, profile["fields"]).raw()
            Case.update(profile=profile, answer=answer, content=content, version=Case.version + 1).where(
                Case.id == case.id
            ).execute()
            what = _changes(kernel, case.profile["labels"], profile["labels"])
            text = say("profile-confirmed", name=viewer.name, what=what, why=note)
            log.write(kernel, case.unit_id, "profile-confirmed", viewer.person, case.id, text, {"field": field}, at)
            Timer.create(name="people-changed", data={"unit": case.unit_id}, due_at=at)
            changed += 1
    refuse_if(not changed, "missing")
    return changed


def _today(kernel: Kernel, where: Any) -> Iterator[tuple[Case, dict[str, Json], dict[str, str]]]:
    """The open cases of people, each with what its profile would be by today's data, through the post it is about."""
    theirs = Case.select(Case, Unit, Period).join(Unit).switch(Case).join(Period)
    for case in list(theirs.where(where & (Case.subject == "person") & Case.closed_at.is_null())):
        mine = (Assignment.person == case.person_id) & (Assignment.unit == case.unit) & (Assignment.role == case.role)
        today = days.on(Assignment, kernel.clock.today(case.unit.zone))
        held = Assignment.select(Assignment, Person).join(Person).where(mine & today).first()
        if held is not None:
            fields = profile_fields(kernel, held, case.unit, case.period)
            yield case, fields, profile_labels(kernel, held, case.unit, fields)


def _followed(
    kernel: Kernel, old: Mapping[str, Any], fields: Mapping[str, Json], labels: Mapping[str, str], confirmed: str = ""
) -> dict[str, Any]:
    """A profile after today's data: values that have to be confirmed stay, and wait, but the one that now is."""
    made: dict[str, Any] = {"fields": {}, "labels": {}}
    waits: dict[str, Json] = {}
    for part, fresh in (("fields", fields), ("labels", labels)):
        for key in {**old[part], **fresh}:
            now, before = fresh.get(key), old[part].get(key)
            if now != before and key != confirmed and kernel.trait(VALUES, key, "mengikuti") == CONFIRMED:
                made[part] |= {key: before} if key in old[part] else {}
                waits[key] = labels.get(key) or now or ""
            elif key in fresh:
                made[part][key] = now
    return made | ({"menunggu": waits} if waits else {})


def _changes(kernel: Kernel, old: Mapping[str, Json], new: Mapping[str, Json]) -> str:
    """«Nama: A menjadi B» for each value that is another now."""
    return "; ".join(
        f"{kernel.label(VALUES, key)}: {old.get(key) or '–'} menjadi {new.get(key) or '–'}"
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    )
