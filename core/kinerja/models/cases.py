"""Tables of periods and cases: what was written, decided, made of it, asked and given."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, CompositeKey, DateField, ForeignKeyField, IntegerField, TextField

from kinerja.database import Moment, Text
from kinerja.models.base import Base
from kinerja.models.people import Assignment, Person, Unit


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
    """One subject in one period. `chain` joins what one person does in one year under one scheme, wherever they work: all
    that counts is one chain, each post beside it has its own. `part` is the key of the period, `whole` of the one it is
    a part of. Nobody has two open cases of a chain in one part. One that was set aside, since its person had two, is in
    no chain."""

    id = CharField(primary_key=True)
    period = ForeignKeyField(Period)
    subject = CharField()
    person = ForeignKeyField(Person, null=True)
    unit = ForeignKeyField(Unit, index=False)
    role = CharField(default="")
    snapshot = CharField()
    answer = CharField(default="")
    profile = Text(default=dict)
    content = Text(default=dict)
    counts = BooleanField(default=True)
    version = IntegerField(default=0)
    chain = CharField(null=True)
    part = CharField(default="")
    whole = CharField(default="")
    previous = CharField(null=True)
    a0 = IntegerField(null=True)
    a1 = IntegerField(null=True, index=True)
    a2 = IntegerField(null=True, index=True)
    a3 = IntegerField(null=True, index=True)
    a4 = IntegerField(null=True, index=True)
    a5 = IntegerField(null=True, index=True)
    a6 = IntegerField(null=True, index=True)
    a7 = IntegerField(null=True, index=True)
    opened_at = Moment()
    closed_at = Moment(null=True)
    ending = Text(default=dict)
    at_name = CharField(default="")
    at_label = CharField(default="")
    at_plain = CharField(default="")
    at_told = CharField(default="")
    at_tone = CharField(default="")
    at_kind = CharField(default="")
    at_due = DateField(null=True)
    begun = BooleanField(default=False)

    class Meta:
        table_name = "cases"
        indexes = (
            (("unit", "period"), False),
            (("chain", "part"), False),
        )


Case.add_index(
    Case.period, Case.person, Case.unit, Case.role, unique=True, name="case_once", where=Case.chain.is_null(False)
)
Case.add_index(Case.chain, Case.part, unique=True, name="case_open_once", where=Case.closed_at.is_null())


class Relation(Base):
    """This person stands in this relation to this case, from–to, through an assignment (None: as an employee).
    `fixed`: put right by hand, so rules leave this kind of relation alone while the assignment lasts. `stays`: it goes on
    though that assignment is over."""

    case = ForeignKeyField(Case)
    kind = CharField()
    person = ForeignKeyField(Person, index=False)
    assignment = ForeignKeyField(Assignment, null=True, index=False)
    since = DateField()
    until = DateField(null=True)
    reason = TextField(default="")
    fixed = BooleanField(default=False)
    stays = BooleanField(default=False)

    class Meta:
        indexes = ((("person", "kind"), False), (("assignment", "kind"), False))


Relation.add_index(Relation.assignment, name="relation_stays", where=Relation.stays)


class Progress(Base):
    """Where one stage of a case stands; label and tone are kept as they were written. Where the label tells a result,
    `plain` is said to others than the relations in `told`, which stand in it one after the other between spaces."""

    case = ForeignKeyField(Case, index=False)
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
    plain = CharField(default="")
    told = CharField(default="")

    class Meta:
        primary_key = CompositeKey("case", "stage", "cycle")


class Part(Base):
    """What one author wrote in one step. `draft` is theirs alone; `handed` and `effective` name revisions."""

    id = AutoField()
    case = ForeignKeyField(Case, index=False)
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


class Signature(Base):
    """Who took a row of a stage's table, in which relation, and both sides of the case as they were at that moment.

    `reason` is why something finished was opened again. Kept as long as the case, other than a key of `Applied`.
    """

    case = ForeignKeyField(Case)
    stage = CharField()
    step = CharField(default="")
    transition = CharField()
    relation = CharField()
    signed = Text()
    reason = TextField(default="")
    at = Moment()


class Edition(Base):
    """One edition of what was settled as a whole: its items and facts as they were, what it puts right, and the paper
    that was issued of it, which is never drawn again."""

    case = ForeignKeyField(Case, index=False)
    stage = CharField()
    number = IntegerField()
    signature = ForeignKeyField(Signature)
    content = Text()
    corrects = Text()
    paper = TextField(null=True)
    at = Moment()

    class Meta:
        indexes = ((("case", "stage", "number"), True),)


class Revision(Base):
    """A kept text of a part, with its frozen view: what is shown when the plugins are gone."""

    part = ForeignKeyField(Part, index=False)
    number = IntegerField()
    kind = CharField()
    data = Text()
    view = Text()
    format = IntegerField()
    snapshot = CharField()
    by = IntegerField(null=True)
    by_name = CharField()
    signature = ForeignKeyField(Signature)
    at = Moment()

    class Meta:
        primary_key = CompositeKey("part", "number")


class ItemRow(Base):
    case = ForeignKeyField(Case, index=False)
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
    case = ForeignKeyField(Case, index=False)
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

    unit = ForeignKeyField(Unit, index=False)
    name = CharField()
    value = Text(null=True)
    label = TextField(default="")
    source = CharField()
    as_of = Moment()

    class Meta:
        primary_key = CompositeKey("unit", "name")


class TaskRow(Base):
    """One open turn: one row for each case, cycle, stage, sort of turn and relation. `stage` is empty where it is of the
    case as a whole; not `asked` is what ends by being read."""

    case = ForeignKeyField(Case, index=False)
    cycle = IntegerField(default=1)
    stage = CharField()
    step = CharField(default="")
    what = CharField()
    relation = CharField()
    label = CharField()
    kind = CharField()
    sentence = TextField(default="")
    since = Moment()
    due = DateField(null=True)
    opens = DateField(null=True)
    count = IntegerField(default=1)
    total = IntegerField(default=0)
    asked = BooleanField(default=True)
    several = CharField(default="")
    hard = BooleanField(default=False)

    class Meta:
        table_name = "task"
        indexes = ((("case", "relation", "what", "stage", "cycle"), True),)


TaskRow.add_index(TaskRow.case, name="task_stuck", where=TaskRow.kind == "macet")


class Read(Base):
    """Up to which moment a person has read what is new in a stage of a case."""

    case = ForeignKeyField(Case, index=False)
    stage = CharField()
    person = ForeignKeyField(Person)
    until = Moment()

    class Meta:
        table_name = "seen"
        primary_key = CompositeKey("case", "stage", "person")


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
    unit = ForeignKeyField(Unit, index=False)
    case = ForeignKeyField(Case, index=False)
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


class Reading(Base):
    """That somebody read another's contents without a turn in the case: once a person, case, capacity and day."""

    case = ForeignKeyField(Case, index=False)
    person = IntegerField()
    name = CharField()
    capacity = CharField()
    day = DateField()
    at = Moment()
    recorded_at = Moment()

    class Meta:
        indexes = ((("case", "person", "capacity", "day"), True),)


class Evidence(Base):
    """What fills one slot. Replaced ones stay, with the moment they were replaced."""

    case = ForeignKeyField(Case, index=False)
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
