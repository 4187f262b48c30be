"""The tables. Only the kernel reads and writes them; what crosses to plugins are the values of contracts.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import peewee
from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from kinerja.database import Moment, Text, proxy

LEVELS = 8
"""How deep the tree of units may be; each unit and case keeps the ids of its ancestors as a0 … a7."""


class Base(peewee.Model):
    id: Any

    class Meta:
        database = proxy
        legacy_table_names = False

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The `…_id` of foreign keys, which peewee makes and its stubs do not know."""


class Unit(Base):
    code = CharField(unique=True)
    name = CharField()
    kind = CharField()
    zone = CharField(default="Asia/Jakarta")
    npsn = CharField(null=True, unique=True)
    parent = ForeignKeyField("self", null=True)
    depth = IntegerField()
    a0 = IntegerField(null=True, index=True)
    a1 = IntegerField(null=True, index=True)
    a2 = IntegerField(null=True, index=True)
    a3 = IntegerField(null=True, index=True)
    a4 = IntegerField(null=True, index=True)
    a5 = IntegerField(null=True, index=True)
    a6 = IntegerField(null=True, index=True)
    a7 = IntegerField(null=True, index=True)
    attributes = Text(default=dict)

    @property
    def line(self) -> list[int]:
        """Ids from the root down to this unit itself."""
        return [id for id in (getattr(self, f"a{n}") for n in range(LEVELS)) if id is not None]


class Person(Base):
    name = CharField()
    title_front = CharField(default="")
    title_back = CharField(default="")
    sex = CharField(default="")
    born = DateField(null=True)
    employment = CharField(default="")
    rank = CharField(default="")
    level = CharField(default="")
    attributes = Text(default=dict)


class PersonId(Base):
    """An external number of a person. Unique by kind: one number on two people is a conflict, never a merge."""

    person = ForeignKeyField(Person)
    kind = CharField()
    value = CharField()

    class Meta:
        primary_key = CompositeKey("kind", "value")


class Identity(Base):
    """Who signs in: an issuer's word for a subject."""

    issuer = CharField()
    subject = CharField()
    person = ForeignKeyField(Person)

    class Meta:
        primary_key = CompositeKey("issuer", "subject")


class Standing(Base):
    """A dated condition of a person (active, leave, study, retired); kinds are content."""

    person = ForeignKeyField(Person)
    kind = CharField()
    since = DateField()
    until = DateField(null=True)
    note = TextField(default="")


class Assignment(Base):
    """A person holds a role at a unit from a day to a day. `since` is the TMT, `entered_at` the moment of typing;
    `ended_as` is the reason of its end, an id of content."""

    person = ForeignKeyField(Person)
    role = CharField()
    unit = ForeignKeyField(Unit)
    kind = CharField()
    home = BooleanField(default=True)
    since = DateField()
    until = DateField(null=True)
    note = TextField(default="")
    ended_as = CharField(default="")
    entered_at = Moment()
    entered_by = IntegerField(null=True)


class Charge(Base):
    """A unit on the list of an assignment that covers several."""

    assignment = ForeignKeyField(Assignment)
    unit = ForeignKeyField(Unit)

    class Meta:
        primary_key = CompositeKey("assignment", "unit")


class Choice(Base):
    """A plugin on or off at a unit, with its settings there. The nearest wins below the highest locked one."""

    unit = ForeignKeyField(Unit)
    plugin = CharField()
    on = BooleanField(null=True, column_name="is_on")
    locked = BooleanField(default=False)
    settings = Text(default=dict)
    suspended_until = Moment(null=True)
    by = IntegerField(null=True)
    at = Moment()

    class Meta:
        primary_key = CompositeKey("unit", "plugin")


class StoredSnapshot(Base):
    hash = CharField(primary_key=True)
    text = TextField()

    class Meta:
        table_name = "snapshot"


class Period(Base):
    scheme = CharField()
    key = CharField()
    year = IntegerField()
    label = CharField()
    unit = ForeignKeyField(Unit)
    parent = ForeignKeyField("self", null=True)
    snapshot = CharField(default="")
    state = CharField(default="planned")
    starts = DateField()
    ends = DateField()
    closes = DateField()

    class Meta:
        indexes = ((("scheme", "key", "year", "unit"), True),)


class Case(Base):
    id = CharField(primary_key=True)
    period = ForeignKeyField(Period)
    subject = CharField()
    person = ForeignKeyField(Person, null=True)
    unit = ForeignKeyField(Unit)
    role = CharField(default="")
    nth = IntegerField(default=1)
    snapshot = CharField()
    answer = CharField(default="")
    profile = Text(default=dict)
    content = Text(default=dict)
    counts = BooleanField(default=True)
    version = IntegerField(default=0)
    parent = CharField(null=True, index=True)
    previous = CharField(null=True)
    a0 = IntegerField(null=True)
    a1 = IntegerField(null=True)
    a2 = IntegerField(null=True)
    a3 = IntegerField(null=True)
    a4 = IntegerField(null=True)
    a5 = IntegerField(null=True)
    a6 = IntegerField(null=True)
    a7 = IntegerField(null=True)
    opened_at = Moment()
    closed_at = Moment(null=True)
    ending = Text(default=dict)

    class Meta:
        table_name = "cases"
        indexes = ((("period", "person", "unit", "role", "nth"), True), (("unit", "period"), False))


class Relation(Base):
    """This person stands in this relation to this case, from–to, through an assignment (None: as an employee).
    `fixed`: put right by hand, so rules leave this kind of relation alone while the assignment lasts."""

    case = ForeignKeyField(Case)
    kind = CharField()
    person = ForeignKeyField(Person)
    assignment = ForeignKeyField(Assignment, null=True)
    since = DateField()
    until = DateField(null=True)
    reason = TextField(default="")
    fixed = BooleanField(default=False)

    class Meta:
        indexes = ((("person", "kind"), False), (("assignment", "kind"), False))


class Progress(Base):
    """Where one stage of a case stands; label and tone are kept as they were written."""

    case = ForeignKeyField(Case)
    stage = CharField()
    cycle = IntegerField(default=1)
    ord = IntegerField(default=0)
    name = CharField(default="")
    state = CharField()
    label = CharField()
    tone = CharField()
    kind = CharField()
    adjusted = BooleanField(default=False)
    warned = BooleanField(default=False)
    since = Moment()
    due = DateField(null=True)
    opens = DateField(null=True)
    handed_at = Moment(null=True)

    class Meta:
        primary_key = CompositeKey("case", "stage", "cycle")


class Part(Base):
    """What one author wrote in one step. `draft` is theirs alone; `handed` and `effective` name revisions."""

    id = AutoField()
    case = ForeignKeyField(Case)
    stage = CharField()
    step = CharField()
    cycle = IntegerField(default=1)
    author = IntegerField()
    name = CharField(default="")
    format = IntegerField(default=1)
    snapshot = CharField()
    revision = IntegerField(default=0)
    draft = Text(null=True)
    draft_at = Moment(null=True)
    handed = IntegerField(null=True)
    effective = IntegerField(null=True)
    returned = BooleanField(default=False)

    class Meta:
        indexes = ((("case", "stage", "step", "cycle", "author"), True),)


class Revision(Base):
    """A kept text of a part, with its frozen view: what is shown when the plugins are gone."""

    part = ForeignKeyField(Part)
    number = IntegerField()
    kind = CharField()
    data = Text()
    view = Text()
    format = IntegerField()
    snapshot = CharField()
    by = IntegerField(null=True)
    by_name = CharField()
    at = Moment()

    class Meta:
        primary_key = CompositeKey("part", "number")


class ItemRow(Base):
    case = ForeignKeyField(Case)
    key = CharField()
    stage = CharField()
    step = CharField()
    kind = CharField()
    label = TextField()
    detail = Text(default=list)
    count = IntegerField(default=1)
    ord = IntegerField(default=0)
    retired_at = Moment(null=True)

    class Meta:
        table_name = "item"
        primary_key = CompositeKey("case", "key")


class FactRow(Base):
    case = ForeignKeyField(Case)
    name = CharField()
    value = Text(null=True)
    label = TextField(default="")
    source = CharField()
    as_of = Moment()

    class Meta:
        table_name = "fact"
        primary_key = CompositeKey("case", "name")


class UnitFact(Base):
    """A fact of a unit that an import brought, kept by the connector it came through."""

    unit = ForeignKeyField(Unit)
    name = CharField()
    value = Text(null=True)
    label = TextField(default="")
    source = CharField()
    as_of = Moment()

    class Meta:
        primary_key = CompositeKey("unit", "name")


class FactChange(Base):
    """The old value of a fact that was replaced."""

    case = ForeignKeyField(Case)
    name = CharField()
    value = Text(null=True)
    label = TextField(default="")
    source = CharField()
    until = Moment()


class TaskRow(Base):
    case = ForeignKeyField(Case)
    stage = CharField()
    step = CharField(default="")
    relation = CharField()
    label = CharField()
    kind = CharField()
    sentence = TextField(default="")
    since = Moment()
    due = DateField(null=True)
    several = CharField(default="")

    class Meta:
        table_name = "task"
        indexes = ((("case", "relation"), False),)


class Note(Base):
    """A sentence one person wrote to another about a stage or an item of a case."""

    case = ForeignKeyField(Case)
    stage = CharField(default="")
    item = CharField(default="")
    by = IntegerField(null=True)
    by_name = CharField()
    text = TextField()
    at = Moment()


class Request(Base):
    """Something a person asks of whoever keeps their data: a value to be mended, a step to be unlocked, an assessor
    to be put right. `state` is open, granted, used, fixed, done or denied."""

    kind = CharField()
    person = ForeignKeyField(Person)
    unit = ForeignKeyField(Unit)
    case = ForeignKeyField(Case)
    field = CharField(default="")
    label = CharField()
    value = TextField(default="")
    wanted = TextField(default="")
    text = TextField(default="")
    state = CharField(default="open")
    answer = TextField(default="")
    at = Moment()
    answered_at = Moment(null=True)
    answered_by = CharField(default="")

    class Meta:
        indexes = ((("unit", "state"), False), (("case", "state"), False))


class Evidence(Base):
    """What fills one slot. Replaced ones stay, with the moment they were replaced."""

    case = ForeignKeyField(Case)
    item = CharField()
    n = IntegerField()
    handler = CharField()
    value = Text()
    label = TextField()
    by = IntegerField()
    by_name = CharField()
    at = Moment()
    replaced_at = Moment(null=True)

    class Meta:
        indexes = ((("case", "item", "n"), False),)


class Chain(Base):
    """The head of a unit's log; locking this row is what makes the chain one line."""

    unit = ForeignKeyField(Unit, primary_key=True)
    number = IntegerField(default=0)
    hash = CharField(default="")


class LogEntry(Base):
    unit = ForeignKeyField(Unit)
    number = IntegerField()
    previous = CharField()
    hash = CharField()
    at = Moment()
    recorded_at = Moment()
    person = IntegerField(null=True)
    case = CharField(default="", index=True, column_name="case_id")
    code = CharField()
    digest = CharField()

    class Meta:
        primary_key = CompositeKey("unit", "number")


class LogText(Base):
    """The readable side of a log entry: it can be erased without breaking the chain."""

    unit = IntegerField()
    number = IntegerField()
    text = TextField()

    class Meta:
        primary_key = CompositeKey("unit", "number")


class Applied(Base):
    """A change that was made under a key, so that the same key gives the same result again."""

    key = CharField(primary_key=True)
    actor = IntegerField(null=True)
    case = CharField(index=True, column_name="case_id")
    digest = CharField()
    result = Text()
    at = Moment()


class Timer(Base):
    name = CharField()
    period = ForeignKeyField(Period, null=True)
    case = ForeignKeyField(Case, null=True)
    data = Text(default=dict)
    due_at = Moment(index=True)
    lease_until = Moment(null=True)
    done_at = Moment(null=True)


class Outgoing(Base):
    """The outbox: messages to outside systems, delivered at least once, each the same however often."""

    key = CharField(unique=True)
    plugin = CharField()
    connector = CharField()
    kind = CharField()
    case = CharField(default="", index=True, column_name="case_id")
    payload = Text()
    state = CharField(default="waiting")
    attempts = IntegerField(default=0)
    due_at = Moment(index=True)
    lease_until = Moment(null=True)
    lease_by = CharField(default="")
    reference = CharField(default="")
    sentence = TextField(default="")
    created_at = Moment()
    done_at = Moment(null=True)


class Job(Base):
    """Long work: an import or a batch, with progress and row problems."""

    id = CharField(primary_key=True)
    kind = CharField()
    plugin = CharField(default="")
    unit = ForeignKeyField(Unit)
    by = IntegerField(null=True)
    label = CharField()
    state = CharField(default="waiting")
    done = IntegerField(default=0)
    total = IntegerField(default=0)
    input = Text(default=dict)
    result = Text(default=dict)
    lease_until = Moment(null=True)
    created_at = Moment()
    updated_at = Moment()


class Session(Base):
    """A signed-in browser; `id` is the hash of what the cookie holds. Ended by deleting it."""

    id = CharField(primary_key=True)
    person = ForeignKeyField(Person)
    assignment = ForeignKeyField(Assignment, null=True)
    csrf = CharField()
    created_at = Moment()
    seen_at = Moment()


class Setting(Base):
    """A few root values: the version stamp of caches, the demo offset."""

    name = CharField(primary_key=True)
    value = BigIntegerField(default=0)


TABLES: tuple[Any, ...] = (
    Unit, Person, PersonId, Identity, Standing, Assignment, Charge, Choice, StoredSnapshot, Period, Case, Relation,
    Progress, Part, Revision, ItemRow, FactRow, UnitFact, FactChange, TaskRow, Note, Request, Evidence, Chain, LogEntry, LogText, Applied,
    Timer, Outgoing, Job, Session, Setting,
)  # fmt: skip
