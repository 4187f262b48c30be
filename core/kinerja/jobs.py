"""Long work in the worker: an import is read, shown with every problem, and taken over only when somebody says so."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kinerja import database, endings, facts, log, people, periods, read, relations, requests, storage, workflow
from kinerja.access import Viewer
from kinerja.clock import real_now
from kinerja.contracts import Actor, AssignmentRow, Import, ImportRows, Json, PersonRow, Refusal, RowProblem
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Job, Part, Period, Person, PersonId, Progress, TaskRow, Timer, Unit
from kinerja.sentences import refuse, say

SEVERAL = "several"
"""The kind of a job that takes one row for several cases."""
MOST = 1000
"""How many turns one such job may take."""
LEASE = timedelta(minutes=10)
"""How long one worker may hold a job before another may take it over; taking an import over twice changes nothing."""


HOMELESS = (
    "Belum ada sekolah induknya di mana pun, jadi belum dapat menyusun kinerja. Periksa data induknya di sumbernya."
)


@dataclass(frozen=True, slots=True)
class Match:
    """How one row meets the people known: new, same (of `person`), or a conflict; `why` is its reason, or a doubt."""

    row: PersonRow
    how: str
    person: int | None = None
    why: str = ""


def start_import(
    kernel: Kernel, connector: str, reader: str, unit: Unit, files: Mapping[str, bytes], by: int | None
) -> str:
    """Keep uploaded files and make a job that reads them; returns the job's id. Nothing is taken over yet."""
    found = _reader(kernel, connector, reader)
    if found is None:
        raise refuse("plugin-missing", what=reader)
    kept = {key: storage.put(kernel, content) for key, content in files.items()}
    now = real_now()
    job = Job.create(
        id=secrets.token_hex(8), kind="import", plugin=kernel.host.registry.owner["connectors", connector], unit=unit, by=by,
        label=found.label, input={"connector": connector, "reader": reader, "files": kept}, created_at=now, updated_at=now,
        force_insert=True,
    )  # fmt: skip
    return str(job.id)


def confirm(kernel: Kernel, id: str) -> None:
    """Let a read import be taken over. Saying it twice changes nothing."""
    Job.update(state="confirmed", updated_at=real_now()).where((Job.id == id) & (Job.state == "preview")).execute()


def run_due(kernel: Kernel, lease: timedelta = LEASE) -> int:
    """Do the next step of every job that waits, under a lease; returns how many. A job that fails says so and stops."""
    done = 0
    for job in list(Job.select().where(Job.state.in_(["waiting", "confirmed"])).order_by(Job.created_at)):
        free = Job.lease_until.is_null() | (Job.lease_until < real_now())
        claimed = Job.update(lease_until=real_now() + lease).where((Job.id == job.id) & (Job.state == job.state) & free)
        if not claimed.execute():
            continue
        step = _several if job.kind == SEVERAL else _preview if job.state == "waiting" else _take_over
        answer = kernel.host.guarded(job.plugin, job.kind, lambda step=step, job=job: step(kernel, job))  # type: ignore[misc]  # bound as defaults
        if answer.problem is not None and job.kind == SEVERAL:
            continue  # what was taken is kept; under the same keys the rest is taken when the lease is over
        if answer.problem is not None:
            known = isinstance(answer.problem, Refusal)
            sentence = (
                str(answer.problem)
                if known
                else "Pekerjaan ini gagal. Tidak ada yang disimpan. Hubungi admin, lalu coba lagi."
            )
            Job.update(state="failed", result={"problems": [[0, "", sentence, True]]}, updated_at=real_now()).where(
                Job.id == job.id
            ).execute()
        Job.update(lease_until=None).where(Job.id == job.id).execute()
        done += 1
    return done


def _reader(kernel: Kernel, connector: str, reader: str) -> Import | None:
    found = kernel.host.registry.connectors.get(connector)
    return next((one for one in found.imports if one.id == reader), None) if found else None


def _read(kernel: Kernel, job: Job) -> ImportRows:
    reader = _reader(kernel, job.input["connector"], job.input["reader"])
    if reader is None:
        raise ValueError("penghubung tidak terpasang")
    files = {key: storage.get(kernel, hash) or b"" for key, hash in job.input["files"].items()}
    rows = reader.read(files, people.unit_view(job.unit), kernel.references)
    connector = kernel.host.registry.connectors[job.input["connector"]]
    for fact in rows.facts:
        if not facts.declared(connector, fact.name):
            raise ValueError(f"fakta «{fact.name}» tidak disebut dalam «gives» penghubung {connector.id}")
    return rows


def _preview(kernel: Kernel, job: Job) -> None:
    rows = _read(kernel, job)
    matches = match(kernel, rows, job.unit)
    problems = [
        *_told(rows.problems),
        *[[one.row.row, one.row.name, one.why, one.how == "conflict"] for one in matches if one.why],
    ]
    unusable = any(problem.fatal and problem.row == 0 for problem in rows.problems)
    result = {
        "new": [one.row.name for one in matches if one.how == "new"],
        "same": len([one for one in matches if one.how == "same"]),
        "conflict": len([one for one in matches if one.how == "conflict"]),
        "problems": problems,
        "facts": [fact.label or fact.name for fact in rows.facts],
    }
    Job.update(
        state="failed" if unusable else "preview",
        total=len(rows.people),
        done=len(rows.people),
        result=result,
        updated_at=real_now(),
    ).where(Job.id == job.id).execute()


def _told(problems: tuple[RowProblem, ...]) -> list[list[Json]]:
    return [[one.row, one.who, one.message, one.fatal] for one in problems]


def _take_over(kernel: Kernel, job: Job) -> None:
    rows = _read(kernel, job)
    taken = [one for one in match(kernel, rows, job.unit) if one.how != "conflict"]
    with database.proxy.atomic():
        for one in taken:
            _save(one, job.unit, job.by, kernel.clock.today(job.unit.zone))
        if rows.unit is not None:
            unit = job.unit
            unit.attributes = {**(unit.attributes or {}), **rows.unit.attributes}
            unit.save(only=[Unit.attributes])
        facts.put(job.unit_id, job.input["connector"], rows.facts, kernel.clock.now())
        log.write(
            kernel,
            job.unit_id,
            "import",
            job.by,
            "",
            say("import-log", people=len(taken), facts=len(rows.facts), what=job.label),
            job.input,
        )
        Job.update(state="done", done=len(taken), updated_at=real_now()).where(Job.id == job.id).execute()
        Timer.create(name="people-changed", data={"unit": job.unit_id}, due_at=kernel.clock.now())


def start_several(
    kernel: Kernel, viewer: Viewer, stage: str, row: str, cases: Iterable[str], label: str, unit: Unit, key: str = ""
) -> str:
    """Take one row for several cases in the worker; returns the job's id, the same again for the same key. Only turns
    of the viewer that the scheme lets be taken together are taken, each judged for itself again as it stands then."""
    id = hashlib.sha256(f"{viewer.person}:{key or secrets.token_hex(8)}".encode()).hexdigest()[:16]
    if Job.get_or_none(Job.id == id) is not None:
        return id
    wanted = [line for line in read.turns(viewer, MOST) if line.several == row and line.stage == stage]
    chosen = {line.case for line in wanted} & set(cases)
    if not chosen:
        raise refuse("several-none")
    seen: dict[str, dict[str, int]] = {case: {} for case in sorted(chosen)}
    for part in Part.select().where(Part.case.in_(list(chosen)) & (Part.stage == stage) & Part.handed.is_null(False)):
        seen[part.case_id][part.step] = part.handed or 0
    now = real_now()
    told = {
        "stage": stage,
        "row": row,
        "seen": seen,
        "person": viewer.person,
        "assignment": viewer.assignment,
        "at": kernel.clock.now().isoformat(),
    }
    Job.insert(
        id=id, kind=SEVERAL, unit=unit, by=viewer.person, label=label, total=len(chosen), input=told,
        created_at=now, updated_at=now,
    ).on_conflict_ignore().execute()  # fmt: skip
    return id


def _several(kernel: Kernel, job: Job) -> None:
    """Take the row for one case after the other, telling how far it is; what is refused is named and left as it is."""
    told, problems, done = job.input, [], 0
    actor, at = Actor(told["person"], told["assignment"]), datetime.fromisoformat(told["at"])
    for n, (id, seen) in enumerate(told["seen"].items(), 1):
        name = _name_of(id)
        try:
            if not _still(id, told["stage"], told["row"]):
                raise refuse("several-warned")
            key = f"several:{job.id}:{id}"
            workflow.apply(kernel, workflow.Ask(key, id, told["stage"], told["row"], actor, at, seen=seen))
            done += 1
        except Refusal as refusal:
            problems.append([n, name, refusal.sentence, True])
        Job.update(done=n, result={"problems": problems, "taken": done}, updated_at=real_now()).where(
            Job.id == job.id
        ).execute()
    Job.update(state="done").where(Job.id == job.id).execute()


def _still(case: str, stage: str, row: str) -> bool:
    """Whether nothing in a case warns and its turn may still be taken with others; what was taken already passes."""
    turn = TaskRow.get_or_none((TaskRow.case == case) & (TaskRow.stage == stage) & (TaskRow.several == row))
    at = Progress.get_or_none((Progress.case == case) & (Progress.stage == stage))
    return turn is not None or (at is not None and at.kind == "selesai")


def _name_of(case: str) -> str:
    found = Case.get_or_none(Case.id == case)
    return people.full_name(found.person.name) if found is not None and found.person is not None else ""


def after_people(kernel: Kernel, unit: Unit) -> None:
    """After people or assignments of a unit changed: end the cases of those who left, open the cases that are missing,
    set relations and turns right, close requests that are met. Called by a timer that is written with the change, and
    by the daily sweep; doing it twice is the same as once."""
    now = kernel.clock.now()
    endings.follow(kernel, unit, now)
    for period in Period.select().where((Period.state == "open") & Period.unit.in_(unit.line)):
        scheme = kernel.snapshot(period.snapshot).scheme
        if not any(rule.parent == period.key for rule in scheme.periods):
            below = [one.id for one in Unit.select(Unit.id).where(getattr(Unit, f"a{unit.depth}") == unit.id)]
            periods.open_cases(kernel, period, now, below)
    here = [case.id for case in Case.select(Case.id).where((Case.unit == unit) & Case.closed_at.is_null())]
    changed = set(relations.refresh_below(kernel, unit, now))
    for id in here:
        if id not in changed:
            workflow.reproject(kernel, id, now)
    requests.settle(kernel, unit, now)


def match(kernel: Kernel, rows: ImportRows, unit: Unit) -> list[Match]:
    """Hold each row against the people known: by number in the order of trust, else by name and birth date.

    Nothing is guessed: two people for one row, two home schools, or a number of another person are conflicts.
    """
    day = kernel.clock.today(unit.zone)
    numbers = Counter((kind, value) for row in rows.people for kind, value in row.ids.items())
    found = []
    for row in rows.people:
        twice = [kind for kind, value in row.ids.items() if numbers[kind, value] > 1]
        why = f"{twice[0].upper()} yang sama tertulis pada dua orang dalam berkas ini." if twice else ""
        found.append(Match(row, "conflict", None, why) if twice else _match(row, unit, day))
    return found


def _match(row: PersonRow, unit: Unit, day: date) -> Match:
    for one in row.assignments:
        at = Unit.get_or_none((Unit.npsn == one.unit) | (Unit.code == one.unit))
        if at is None or unit.id not in at.line:
            return Match(
                row, "conflict", None, f"Menyebut satuan {one.unit} yang bukan bagian dari {unit.name}. Tidak diambil."
            )
    found = {
        kind: holder.person_id
        for kind, value in row.ids.items()
        if (holder := PersonId.get_or_none((PersonId.kind == kind) & (PersonId.value == value)))
    }
    if len(set(found.values())) > 1:
        return Match(
            row, "conflict", None, "Nomor-nomornya milik orang yang berbeda. Operator perlu memeriksa datanya."
        )
    person = next(iter(found.values()), None)
    if person is None and row.born is not None:
        same = [
            one
            for one in Person.select().where(Person.born == row.born)
            if people.plain(one.name) == people.plain(row.name)
        ]
        if len(same) > 1:
            return Match(row, "conflict", None, "Ada dua orang dengan nama dan tanggal lahir yang sama.")
        person = same[0].id if same else None
    if person is None:
        return Match(row, "new", None, "" if any(one.home for one in row.assignments) else HOMELESS)
    if found and _somebody_else(person, row):
        return Match(
            row, "conflict", person, "Nomornya milik orang lain yang tercatat. Operator perlu memeriksa datanya."
        )
    other = _other_number(person, row)
    if other:
        return Match(row, "conflict", person, other)
    home = next((one for one in row.assignments if one.home), None)
    elsewhere = _home(person, day)
    if home is not None and elsewhere is not None and elsewhere.unit_id != _unit(home.unit, unit).id:
        return Match(
            row, "conflict", person,
            f"Sudah tercatat di sekolah induk lain: {elsewhere.unit.name}. Pastikan sekolah induknya di sumber datanya, lalu impor lagi.",
        )  # fmt: skip
    return Match(row, "same", person, "" if home or elsewhere else HOMELESS)


def _somebody_else(person: int, row: PersonRow) -> bool:
    """Whether a number leads to a person who is called otherwise and was born on another day."""
    known = Person.get_by_id(person)
    return (
        None not in (known.born, row.born)
        and known.born != row.born
        and people.plain(known.name) != people.plain(row.name)
    )


def _other_number(person: int, row: PersonRow) -> str:
    known = {one.kind: one.value for one in PersonId.select().where(PersonId.person == person)}
    asked = requests.wanted_of(person)
    for kind, value in row.ids.items():
        if known.get(kind, value) != value and asked.get(kind) != value:
            return f"{kind.upper()} berbeda dari yang tercatat ({known[kind]}). Operator perlu memastikan yang benar."
    return ""


def _home(person: int, day: date) -> Assignment | None:
    found: Assignment | None = (
        Assignment.select()
        .where((Assignment.person == person) & (Assignment.home == True) & people.holding(day))  # noqa: E712  # SQL
        .join(Unit)
        .where(Unit.npsn.is_null(False))
        .first()
    )
    return found


def _unit(code: str, default: Unit) -> Unit:
    return Unit.get_or_none((Unit.npsn == code) | (Unit.code == code)) or default


def _save(one: Match, unit: Unit, by: int | None, day: date) -> None:
    row = one.row
    values: dict[str, Any] = {
        "name": row.name, "sex": row.sex, "born": row.born, "employment": row.employment, "rank": row.rank, "level": row.level,
    }  # fmt: skip
    values = {key: value for key, value in values.items() if value not in ("", None)}
    if one.person is None:
        person = Person.create(
            **values, title_front=row.title_front, title_back=row.title_back, attributes=dict(row.attributes)
        )
    else:
        person = Person.get_by_id(one.person)
        home = _home(person.id, day)
        if home is not None and unit.id not in home.unit.line:
            values = {}  # the data of a guest are their home school's to change
        Person.update(**values, attributes={**(person.attributes or {}), **row.attributes}).where(
            Person.id == person.id
        ).execute()
    for kind, value in row.ids.items():
        PersonId.delete().where(
            (PersonId.person == person) & (PersonId.kind == kind) & (PersonId.value != value)
        ).execute()
        PersonId.insert(person=person, kind=kind, value=value).on_conflict_ignore().execute()
    for assignment in row.assignments:
        _assign(person, assignment, by)


def _assign(person: Person, row: AssignmentRow, by: int | None) -> None:
    unit = Unit.get_or_none((Unit.npsn == row.unit) | (Unit.code == row.unit))
    if unit is None:
        return
    held = Assignment.get_or_none(
        (Assignment.person == person) & (Assignment.unit == unit) & (Assignment.role == row.role)
        & (Assignment.kind == row.kind) & Assignment.until.is_null()
    )  # fmt: skip
    if held is None:
        since = row.since or date(2000, 1, 1)
        people.assign(person, row.role, unit, row.kind, since, until=row.until, home=row.home, note=row.note, by=by)
