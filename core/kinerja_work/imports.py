"""An import as a job: read, shown with every problem, and taken over only when somebody says so.

The files lie in a room of the job's own while it may still be read, and are erased as soon as it is over: they hold far
more of people than what is taken, and a wrong file may hold anything.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import peewee

from kinerja import database, log, people
from kinerja.access import Viewer
from kinerja.clock import real_now
from kinerja.contracts import Import, ImportRows, Json
from kinerja.kernel import Kernel
from kinerja.models import Job, Timer, Unit
from kinerja.once import digest_of, once
from kinerja.sentences import refuse, refuse_if, say
from kinerja_office import facts, settling, staff
from kinerja_office.intake import WORDS, Match, assign, at_home, match, save, values_of
from kinerja_office.settling import Answer
from kinerja_read import posts
from kinerja_work import storage

KIND = "import"
OPEN = ("waiting", "preview", "confirmed")
"""States in which the files may still be read."""
ROOM = "imports"
PATIENCE = timedelta(days=14)
"""How long an import waits for somebody to take it or to cancel it."""


def start_import(
    kernel: Kernel,
    connector: str,
    reader: str,
    unit: Unit | int,
    files: Mapping[str, bytes],
    by: int | None,
    key: str = "",
) -> str:
    """Keep uploaded files and make a job that reads them; returns the job's id, the same again for the same key.
    Nothing is taken over yet."""
    found = _reader(kernel, connector, reader)
    if found is None:
        raise refuse("plugin-missing", what=reader)
    id, now, plugin = secrets.token_hex(8), real_now(), kernel.host.registry.owner["connectors", connector]
    told: dict[str, Json] = {
        "connector": connector, "reader": reader, "files": {key: storage.name_of(content) for key, content in files.items()},
    }  # fmt: skip

    def begin() -> str:
        for content in files.values():
            storage.put(kernel, content, f"{ROOM}/{id}")
        Job.create(
            id=id, kind=KIND, plugin=plugin, unit=unit, by=by, label=found.label, input=told, created_at=now,
            force_insert=True,
        )  # fmt: skip
        return id

    digest = digest_of(unit if isinstance(unit, int) else unit.id, told)
    return str(once(f"import:{key or id}", digest, by, begin, kernel.clock.now()))


def confirm(kernel: Kernel, id: str) -> None:
    """Let a read import be taken over. Saying it twice changes nothing."""
    Job.update(state="confirmed").where((Job.id == id) & (Job.state == "preview")).execute()


def cancel(kernel: Kernel, id: str) -> bool:
    """Give an import up and erase its files; False for one that is being taken over or is over."""
    given_up = Job.update(state="cancelled").where((Job.id == id) & Job.state.in_(["waiting", "preview"])).execute()
    forget(kernel, id)
    return bool(given_up)


def forget(kernel: Kernel, id: str) -> None:
    """Erase the files of an import that is over. Called after every step of a job; does nothing while it may be read."""
    if not Job.select().where((Job.id == id) & Job.state.in_(OPEN)).exists():
        storage.drop(kernel, f"{ROOM}/{id}")


def forget_old(kernel: Kernel, now: datetime) -> None:
    """Cancel the imports nobody took or cancelled in time, and erase what any import left behind. By the daily sweep."""
    Job.update(state="cancelled").where(
        (Job.kind == KIND) & (Job.created_at < now - PATIENCE) & Job.state.in_(["waiting", "preview"])
    ).execute()
    for room in (kernel.config.data / ROOM).glob("*"):
        if room.stat().st_mtime < (now - timedelta(hours=1)).timestamp():  # a job may be about to be written down
            forget(kernel, room.name)


def _reader(kernel: Kernel, connector: str, reader: str) -> Import | None:
    found = kernel.host.registry.connectors.get(connector)
    return next((one for one in found.imports if one.id == reader), None) if found else None


def _read(kernel: Kernel, job: Job) -> ImportRows:
    reader = _reader(kernel, job.input["connector"], job.input["reader"])
    if reader is None:
        raise ValueError("penghubung tidak terpasang")
    files = {key: storage.get(kernel, hash, f"{ROOM}/{job.id}") for key, hash in job.input["files"].items()}
    refuse_if(None in files.values(), "upload-gone")
    rows = reader.read(files, people.unit_view(job.unit), kernel.references)  # type: ignore[arg-type]  # none is None
    connector = kernel.host.registry.connectors[job.input["connector"]]
    for fact in rows.facts:
        if not facts.declared(connector, fact.name):
            raise ValueError(f"fakta «{fact.name}» tidak disebut dalam «gives» penghubung {connector.id}")
    return rows


def preview(kernel: Kernel, job: Job) -> None:
    """Read an import and say what would be taken over. By the worker."""
    rows = _read(kernel, job)
    unusable = any(problem.fatal and problem.row == 0 for problem in rows.problems)
    Job.update(
        state="failed" if unusable else "preview",
        total=len(rows.people),
        done=len(rows.people),
        result=_result(kernel, job.unit, rows, match(kernel, rows, job.unit)),
    ).where((Job.id == job.id) & (Job.state == job.state)).execute()


def _result(kernel: Kernel, unit: Unit, rows: ImportRows, matches: list[Match]) -> dict[str, Json]:
    """What pages show of an import: who would be or was taken, who not, and why; and who is here but not in the file."""
    named = [one.person for one in matches if one.person is not None]
    return {
        "new": [one.row.name for one in matches if one.how == "new"],
        "same": len([one for one in matches if one.how == "same"]),
        "conflict": len([one for one in matches if one.how == "conflict"]),
        "problems": [
            *[[one.row, one.who, one.message, one.fatal] for one in rows.problems],
            *[[one.row.row, one.row.name, one.why, one.how == "conflict"] for one in matches if one.why],
        ],
        "changes": [
            [one.row.row, one.row.name, posts.changes(kernel, one.person, values_of(one.row), one.row, WORDS)]
            for one in matches
            if one.how == "same" and one.person and at_home(one.row)
        ],
        "choices": [posts.told(kernel, one.asked, one.row, one.person) for one in matches if one.asked is not None],
        "twins": [[one.row.row, *one.twins] for one in matches if one.twins],
        "absent": posts.absent(unit.id, kernel.clock.today(unit.zone), named) if rows.people else [],
        "facts": [fact.label or fact.name for fact in rows.facts],
    }


def settle(kernel: Kernel, id: str, viewer: Viewer, answers: Mapping[int, Answer]) -> None:
    """Take a read import over at once, with the questions of some rows settled; one that is refused leaves all as it
    was, so that the page can show why."""
    with database.proxy.atomic():
        if Job.update(state="confirmed").where((Job.id == id) & (Job.state == "preview")).execute():
            take_over(kernel, Job.get_by_id(id), viewer, answers)
    forget(kernel, id)


def take_over(
    kernel: Kernel, job: Job, viewer: Viewer | None = None, answers: Mapping[int, Answer] = MappingProxyType({})
) -> None:
    """Match and save in one transaction with the unit locked, so that two imports of a school follow each other and
    the second meets the people of the first. By the worker; doing it twice is the same as once."""
    rows, now = _read(kernel, job), kernel.clock.now()
    with database.proxy.atomic():
        database.locked(Unit.select(Unit.id).where(Unit.id == job.unit_id)).get()
        found = match(kernel, rows, job.unit)
        matches = [_take(kernel, one, job, viewer, answers.get(one.row.row)) for one in sorted(found, key=_in_turn)]
        if rows.unit is not None:
            Unit.update(attributes={**(job.unit.attributes or {}), **rows.unit.attributes}).where(
                Unit.id == job.unit_id
            ).execute()
        facts.put(job.unit_id, job.input["connector"], rows.facts, now)
        taken = len([one for one in matches if one.how != "conflict"])
        log.write(
            kernel, job.unit_id, "import", job.by, "",
            say("import-log", people=taken, facts=len(rows.facts), what=job.label), job.input,
        )  # fmt: skip
        Job.update(
            state="done",
            done=taken,
            result=_result(kernel, job.unit, rows, sorted(matches, key=lambda one: one.row.row)),
        ).where(Job.id == job.id).execute()
        Timer.create(name="people-changed", data={"unit": job.unit_id}, due_at=now)


def _in_turn(one: Match) -> tuple[bool, int, list[str]]:
    """Who leaves a post before who takes it. Imports of two schools that name the same people take them in one order, so
    that none waits for the other in a ring."""
    return bool(one.asked and one.asked.others), one.person or 0, sorted(one.row.ids.values())


def _take(kernel: Kernel, one: Match, job: Job, viewer: Viewer | None, answer: Answer | None) -> Match:
    """Save one row, all of it or nothing; one with a question only when it was settled. A number that an import of
    another school gave to somebody in this very moment makes it a conflict."""
    if one.how == "conflict" and not (one.asked and answer and viewer):
        return one
    try:
        with database.proxy.atomic():
            person = save(kernel, one, job.unit, kernel.clock.today(job.unit.zone), job.label, kernel.clock.now())
            if one.asked and answer and viewer:
                settling.settle(kernel, viewer, staff.Employee(person.id, one.row.name), one.asked, answer)
                one = replace(one, how="same" if one.person else "new", why="", asked=None)
            assign(kernel, person, one.row, job.by)
    except peewee.IntegrityError:
        return replace(one, how="conflict", why=say("row-taken"))
    return one
