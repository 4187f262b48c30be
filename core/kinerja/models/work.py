"""Tables of the log and of the worker."""

from __future__ import annotations

from peewee import CharField, CompositeKey, ForeignKeyField, IntegerField, TextField

from kinerja.database import Moment, Text
from kinerja.models.base import Base
from kinerja.models.cases import Case, Period
from kinerja.models.people import Unit


class Chain(Base):
    """The head of a unit's log; locking this row is what makes the chain one line."""

    unit = ForeignKeyField(Unit, primary_key=True)
    number = IntegerField(default=0)
    hash = CharField(default="")


class LogEntry(Base):
    unit = ForeignKeyField(Unit, index=False)
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


class Leased(Base):
    """What a worker takes under a lease: how often it failed and of what, and who holds it until when."""

    tries = IntegerField(default=0)
    sentence = TextField(default="")
    lease_until = Moment(null=True)
    lease_by = CharField(default="")


class Timer(Leased):
    name = CharField()
    period = ForeignKeyField(Period, null=True)
    case = ForeignKeyField(Case, null=True)
    data = Text(default=dict)
    due_at = Moment()
    done_at = Moment(null=True)


Timer.add_index(Timer.due_at, Timer.id, name="timer_open", where=Timer.done_at.is_null())
Timer.add_index(Timer.name, Timer.due_at, name="timer_named", where=Timer.done_at.is_null())
Timer.add_index(Timer.done_at, name="timer_done", where=Timer.done_at.is_null(False))


class Tally(Base):
    """How many open cases of a counted unit stand where, as the worker counted last (`kinerja_office.tallies`)."""

    unit = ForeignKeyField(Unit)
    period = ForeignKeyField(Period, index=False)
    kind = CharField()
    number = IntegerField()
    at = Moment()


class Outgoing(Leased):
    """The outbox: messages to outside systems, delivered at least once, each the same however often; and of cases whose
    message cannot be made yet, or is not to be, one row that says why."""

    key = CharField(unique=True)
    plugin = CharField()
    connector = CharField()
    kind = CharField()
    case = CharField(default="", index=True, column_name="case_id")
    payload = Text()
    state = CharField(default="waiting")
    due_at = Moment()
    reference = CharField(default="")
    created_at = Moment()
    done_at = Moment(null=True)


Outgoing.add_index(Outgoing.due_at, Outgoing.id, name="outgoing_open", where=Outgoing.done_at.is_null())


class Job(Leased):
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
    created_at = Moment()


for _table in (Timer, Outgoing, Job):
    _table.add_index(_table.lease_by, name=f"{_table._meta.table_name}_held", where=_table.lease_by != "")
