"""Every table, in the order in which they are made."""

from __future__ import annotations

from typing import Any

from kinerja.models.cases import (
    Case,
    Edition,
    Evidence,
    FactRow,
    ItemRow,
    Note,
    Part,
    Period,
    Progress,
    Read,
    Reading,
    Relation,
    Request,
    Revision,
    Signature,
    StoredSnapshot,
    TaskRow,
    UnitFact,
)
from kinerja.models.people import (
    Assignment,
    Charge,
    Choice,
    Identity,
    Person,
    PersonId,
    PersonValue,
    Session,
    Setting,
    Standing,
    Unit,
)
from kinerja.models.work import Applied, Chain, Job, LogEntry, LogText, Outgoing, Tally, Timer

TABLES: tuple[Any, ...] = (
    Unit, Person, PersonId, PersonValue, Identity, Standing, Assignment, Charge, Choice, StoredSnapshot, Period, Case, Relation,
    Progress, Reading, Signature, Edition, Part, Revision, ItemRow, FactRow, UnitFact, TaskRow, Read, Note, Request, Evidence, Chain,
    LogEntry, LogText, Applied, Timer, Tally, Outgoing, Job, Session, Setting,
)  # fmt: skip
