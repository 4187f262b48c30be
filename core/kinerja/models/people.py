"""Tables of places and people, of who signs in, and of what a unit chose."""

from __future__ import annotations

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from kinerja.database import Moment, Text
from kinerja.models.base import LEVELS, Base


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
    """Somebody. `source` is the import that brought the record, at `entered_at`. One that turned out to be the same as
    another is kept for what names it, and holds nothing any more: `merged_into` is who it is."""

    name = CharField()
    title_front = CharField(default="")
    title_back = CharField(default="")
    sex = CharField(default="")
    born = DateField(null=True, index=True)
    employment = CharField(default="")
    rank = CharField(default="")
    level = CharField(default="")
    attributes = Text(default=dict)
    source = CharField(default="")
    entered_at = Moment(null=True)
    merged_into = ForeignKeyField("self", null=True)


class PersonValue(Base):
    """What somebody's value was from a day to a day; `Person` and `PersonId` hold a copy of today's (`put`). `kind` says
    whether it changed on that day or the one before had always been wrong; `old` is what it replaced, `source` the paper
    or the import it came with, `entered_by` who entered it (none: an import). What is `firm` no import replaces."""

    person = ForeignKeyField(Person)
    field = CharField()
    value = CharField()
    old = CharField(default="")
    since = DateField()
    until = DateField(null=True)
    kind = CharField()
    source = TextField(default="")
    entered_at = Moment()
    entered_by = IntegerField(null=True)
    firm = BooleanField(default=False)
    put = BooleanField(default=False)


class PersonId(Base):
    """An external number of a person. Unique by kind: one number on two people is a conflict, never a merge."""

    person = ForeignKeyField(Person)
    kind = CharField()
    value = CharField()

    class Meta:
        primary_key = CompositeKey("value", "kind")


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

    assignment = ForeignKeyField(Assignment, index=False)
    unit = ForeignKeyField(Unit)

    class Meta:
        primary_key = CompositeKey("assignment", "unit")


class Choice(Base):
    """A plugin on or off at a unit, with its settings there. The nearest wins below the highest locked one."""

    unit = ForeignKeyField(Unit, index=False)
    plugin = CharField()
    on = BooleanField(null=True, column_name="is_on")
    locked = BooleanField(default=False)
    settings = Text(default=dict)
    suspended_until = Moment(null=True)
    by = IntegerField(null=True)
    at = Moment()

    class Meta:
        primary_key = CompositeKey("unit", "plugin")


class Session(Base):
    """A signed-in browser; `id` is the hash of what the cookie holds. Ended by deleting it."""

    id = CharField(primary_key=True)
    person = ForeignKeyField(Person)
    assignment = ForeignKeyField(Assignment, null=True)
    csrf = CharField()
    created_at = Moment()
    seen_at = Moment(index=True)


class Setting(Base):
    """A few root values: the version stamp of caches, the demo offset."""

    name = CharField(primary_key=True)
    value = BigIntegerField(default=0)
