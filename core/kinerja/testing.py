"""The kit for testing plugins, used by our own tests: `pytest_plugins = ["kinerja.testing"]`.

Fixtures build a real kernel on a real database. A test that asks for `kernel` runs once on each engine that
`database_engines` names; a suite that has a PostgreSQL server overrides `new_postgres`, others get SQLite alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import kinerja_read as read
from kinerja import access, cases, changes, database, drafts, forms, people, steps, workflow
from kinerja.clock import real_now
from kinerja.contracts import PERMISSIONS, WORK, Actor, Form, Json
from kinerja.host import Manifest
from kinerja.kernel import Config, Kernel
from kinerja.migrations import migrate
from kinerja.models import Assignment, Case, Period, Person, PersonId, Setting, Unit
from kinerja_work import worker


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine of this run of a test: every test that touches data is run on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def new_postgres() -> Callable[[], str]:
    """Makes the URL of a fresh PostgreSQL database. Override it where a server is at hand."""

    def missing() -> str:
        pytest.fail("no PostgreSQL here: override the fixture `new_postgres`, or deselect with -k 'not postgresql'")

    return missing


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A fresh, empty database."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'kinerja.db'}"
    made: Callable[[], str] = request.getfixturevalue("new_postgres")
    return made()


@pytest.fixture
def plugin_folders() -> tuple[Path, ...]:
    """Further folders of plugins; override it in a plugin's own tests."""
    return ()


@pytest.fixture
def sockets() -> tuple[ModuleType, ...]:
    """Further modules of hooks, such as the web's."""
    return ()


@pytest.fixture
def kernel(
    database_url: str, tmp_path: Path, plugin_folders: tuple[Path, ...], sockets: tuple[ModuleType, ...]
) -> Iterator[Kernel]:
    """A kernel with all plugins found, on a migrated database of its own."""
    made = start(Config(tmp_path / "data", database_url, plugin_folders, demo=True), *sockets)
    yield made
    stop()


def start(config: Config, *sockets: ModuleType, fresh: bool = True) -> Kernel:
    """Start a kernel for a test and, unless told otherwise, make its tables."""
    made = Kernel.start(config, *sockets)
    database.proxy.connect(reuse_if_open=True)
    if fresh:
        migrate()
    made.sync()
    return made


def stop() -> None:
    """Give back all connections of the process's database."""
    if not database.proxy.is_closed():
        database.proxy.close()
    close = getattr(database.proxy.obj, "close_all", None)
    if close is not None:
        close()


def manifest(id: str, **changes: Any) -> Manifest:
    """A manifest for a plugin that is only an object of a test: `kernel.host.add(Plugin(), manifest("x"))`."""
    values: dict[str, Any] = {
        "id": id, "name": id, "version": "1.0.0", "api": 1, "summary": id, "contact": "uji@contoh.test",
        "restricted": False, "package": f"kinerja_{id}",
    }  # fmt: skip
    return Manifest(**{**values, **changes})


def set_date(kernel: Kernel, day: date, hour: int = 9) -> None:
    """Move the case clock to a day (nine in the morning in Jakarta unless told otherwise) and let time do its work."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 7)
    Setting.update(value=int((moment - real_now()).total_seconds())).where(Setting.name == "demo_offset").execute()
    kernel.sync()
    worker.run_once(kernel)


def unit(code: str) -> Unit:
    return Unit.get((Unit.code == code) | (Unit.npsn == code))


def person(name: str) -> Person:
    """A person by name."""
    return Person.get(Person.name == name)


def case_of(name: str, period: str = "") -> str:
    """The id of a person's case, in the period whose label begins with *period*."""
    query = Case.select(Case.id).join(Period).where(Case.person == person(name))
    if period:
        query = query.where(Period.label.startswith(period))
    return str(query.order_by(Period.starts.desc(), Period.ends).get().id)


def add_person(name: str, role: str, at: Unit, kind: str, since: date, **more: Any) -> tuple[Person, Assignment]:
    """A person with one assignment; `ids` are external numbers."""
    ids = more.pop("ids", {})
    made = Person.create(name=name, **more)
    for key, value in ids.items():
        PersonId.create(person=made, kind=key, value=value)
    return made, people.assign(made, role, at, kind, since)


@dataclass
class Player:
    """Somebody who plays a case through the kernel as the pages would: drafts, hands in, decides."""

    kernel: Kernel
    name: str
    assignment: int | None = None
    keys: list[str] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return Actor(person(self.name).id, self.assignment)

    def through(self, role: str) -> Player:
        """The same person acting through their assignment to a role."""
        held = Assignment.get((Assignment.person == person(self.name)) & (Assignment.role == role))
        return Player(self.kernel, self.name, held.id)

    def form(self, case: str, stage: str, step: str) -> Form:
        seen = cases.load(self.kernel, case)
        value = self.kernel.host.registry.steps[step]
        return steps.form_of(self.kernel, seen, seen.rule(stage), value, self.actor.person or 0)

    def draft(self, case: str, stage: str, step: str, **answers: Json) -> int:
        """Open a step where needed and save answers over what it holds."""
        now = self.kernel.clock.now()
        part = drafts.begin(self.kernel, self.actor, case, stage, step, now)
        told = {**part.answers, **{key.replace("__", "."): value for key, value in answers.items()}}
        return drafts.save_draft(self.kernel, self.actor, case, stage, step, part.revision, told, now)

    def do(
        self, case: str, stage: str, transition: str, *, step: str = "", data: Mapping[str, Json] | None = None,
        note: str = "", key: str = "", seen: Mapping[str, int] | None = None,
    ) -> changes.Outcome:  # fmt: skip
        """Take one row of a stage's table."""
        ask = changes.Ask(
            key or secrets.token_hex(8), case, stage, transition, self.actor, self.kernel.clock.now(), seen or {}, step,
            data or {}, note,
        )  # fmt: skip
        return workflow.apply(self.kernel, ask)

    def fill(self, case: str, stage: str) -> None:
        """Answer every step that is handed in together with the first thing that fits."""
        seen = cases.load(self.kernel, case)
        for name in seen.rule(stage).steps:
            step = self.kernel.host.registry.steps[name]
            if step.together:
                self.draft(
                    case,
                    stage,
                    name,
                    **{key.replace(".", "__"): value for key, value in plausible(self.form(case, stage, name)).items()},
                )

    def hand_in(self, case: str, stage: str, step: str, row: str, **answers: Json) -> changes.Outcome:
        """Hand in one lone step, with plausible answers where none are given."""
        data = {**plausible(self.form(case, stage, step)), **answers}
        return self.do(case, stage, row, step=step, data=data)


def plausible(form: Form) -> dict[str, Json]:
    """Answers that a form accepts: the first options, enough for a minimum sum, a short text."""
    answers: dict[str, Json] = dict(form.initial)
    for one in form.fields:
        if one.key in answers or (one.needs is not None and answers.get(one.needs[0]) not in one.needs[1]):
            continue
        match one.kind:
            case "one" if one.options:
                answers[one.key] = one.options[0].id
            case "many":
                if one.none:
                    answers[one.key] = [forms.NOTHING]
                elif one.options:
                    answers[one.key] = [option.id for option in one.options[: max(one.least or 1, 1)]]
            case "quantities" if one.options:
                least = (one.total.least or 0) if one.total else 0
                heavy = max(one.options, key=lambda option: option.weight if option.weight <= max(least, 1) else 0)
                answers[one.key] = {heavy.id: max(1, -(-least // max(heavy.weight, 1)))}
            case "levels" if one.options:
                answers[one.key] = {row.id: one.options[-1].id for row in one.rows}
            case "number":
                answers[one.key] = one.least or 1
            case "date":
                answers[one.key] = date.today().isoformat()
            case "check":
                answers[one.key] = True
            case "text" | "longtext":
                answers[one.key] = "Contoh isian."
            case _:
                pass
    return answers


def tasks(case: str, *sorts: str) -> list[tuple[str, str]]:
    """The turns of a case that are open today, (relation, label): what stages ask, or those of other sorts by name."""
    offset = Setting.get(Setting.name == "demo_offset").value
    today = (real_now() + timedelta(seconds=offset)).astimezone(ZoneInfo("Asia/Jakarta")).date()
    sorts = sorts or (WORK,)
    return [
        (relation, label)
        for relation, label in database.rows(
            f"SELECT relation, label FROM task WHERE case_id = ? AND what IN ({','.join('?' * len(sorts))}) "
            "AND (opens IS NULL OR opens <= ?) ORDER BY id",
            case, *sorts, database.stored_day(today),
        )
    ]  # fmt: skip


def overseer(case: str) -> access.Viewer:
    """Somebody nobody is, who may do everything at the unit of a case: for tests that ask what is on record."""
    at = Case.get_by_id(case).unit
    return access.Viewer(
        0, "", "", 0, unit=at.id, zone=at.zone, line=tuple(at.line), permissions=frozenset(PERMISSIONS)
    )


def history(kernel: Kernel, case: str) -> list[read.HistoryLine]:
    """All that is on record of what happened to a case, oldest first."""
    return read.history(overseer(case), kernel, cases.load(kernel, case))


def open_tasks(case: str, today: date | None = None) -> list[read.TaskLine]:
    """The open turns of a case as lists show them, on a day or whenever they come."""
    return read.open_tasks(overseer(case), [case], today or date.max)


def viewer(kernel: Kernel, name: str, assignment: int | None = None) -> access.Viewer:
    """A viewer for reading lists in tests."""
    who = person(name)
    if assignment is None:
        return access.Viewer(who.id, who.name, people.address(who.name, who.sex))
    held = Assignment.get_by_id(assignment)
    return access.Viewer(
        who.id, who.name, people.address(who.name, who.sex), held.id, held.role, held.role, held.unit_id, held.unit.name,
        held.unit.zone, tuple(held.unit.line), people.permissions(kernel, held.role),
    )  # fmt: skip
