"""What lists hold: plain frozen values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from kinerja.contracts import WORK, Json, Participation


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One open turn in a list: whose case, what to do, since when, until when. `several`: the row that may be taken
    for many such at once; `area`: the unit above the school's; `answer`: whether the person must take part; `what`,
    `count`, `opens` and `asked` as in a Task; `hard`: nothing is handed in after its day."""

    case: str
    stage: str
    step: str
    label: str
    kind: str
    sentence: str
    since: datetime
    due: date | None
    period: str
    unit: str
    zone: str
    person: str
    address: str
    relation: str
    ends: date
    holder: str = ""
    several: str = ""
    area: str = ""
    answer: str = ""
    what: str = WORK
    count: int = 1
    opens: date | None = None
    asked: bool = True
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """What a person is called for in one capacity: `asked` is theirs to do now, `news` theirs to read, `held` cannot go
    on before somebody has done what its sentence says (who mends it, or whose case it is), `later` is theirs from a day
    to come, and `others` is what their own cases wait for, now or from a day on."""

    asked: tuple[TaskLine, ...] = ()
    news: tuple[TaskLine, ...] = ()
    held: tuple[TaskLine, ...] = ()
    later: tuple[TaskLine, ...] = ()
    others: tuple[TaskLine, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all to do or to read now; only then may a page say so."""
        return not (self.asked or self.news)


class StageLine(NamedTuple):
    """Where one stage of a case in a list stands, with the days of its window."""

    stage: str
    name: str
    label: str
    tone: str
    kind: str
    opens: date | None
    due: date | None


class Standing(NamedTuple):
    """One case of a list and the stage it is at. `begun`: some stage's day has come."""

    case: str
    period: str
    unit: str
    person: str
    closed: bool
    begun: bool
    stage: str
    label: str
    tone: str
    answer: str = ""
    kind: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list, with where each of its stages stands, in order."""

    case: str
    period: str
    unit: str
    person: str
    role: str
    answer: str
    closed: bool
    stages: tuple[StageLine, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Something the worker tried in vain: the name of what it is, why it failed, since when it is due, and at which units."""

    what: str
    why: str
    due_at: datetime
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message to an outside system, as people see it."""

    id: int
    connector: str
    kind: str
    case: str
    state: str
    sentence: str
    created_at: datetime
    done_at: datetime | None
    person: str
    unit: str
    zone: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of what happened; `post` is the post and unit in which somebody signed it, as it was then."""

    at: datetime
    text: str
    code: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One open period at the visitor's unit. `case` and `fields` are of their own case there, empty where they have
    none; `turns` are the stages in which the unit's own case has a turn, with whose it is, `school` is that case."""

    period: int
    scheme: str
    key: str
    year: int
    label: str
    snapshot: str
    case: str
    fields: Mapping[str, Json]
    school: str
    turns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody has no case in an open period, by which rule."""

    period: str
    rule: Participation | None
    sentence: str


@dataclass(frozen=True, slots=True)
class JobLine:
    """Long work of the worker, as people see it: how far it is, and what came of it."""

    id: str
    label: str
    state: str
    done: int
    total: int
    result: Mapping[str, Json]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Choosing:
    """A kind of content of which the region may choose one: what there is, as (id, label), and what is chosen."""

    kind: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A kept text of a part: what kind of change, by whom, and the view frozen then."""

    part: int
    number: int
    kind: str
    by: str
    at: datetime
    view: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """What the person of a case asked of whoever keeps their data: `field` names it by kind, `state` says how it is."""

    kind: str
    field: str
    label: str
    wanted: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message of a case to an outside system, with the day it was answered in words."""

    connector: str
    kind: str
    state: str
    sentence: str
    done_at_text: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a case: notes as (stage, by, text, when, item) newest first, revisions of one stage, messages
    (oldest first), the numbers of its person, the viewer's queue as (case, stage, name), oldest turn first, and up to
    which moment the viewer has read each stage."""

    notes: tuple[tuple[str, str, str, datetime, str], ...]
    revisions: tuple[RevisionLine, ...]
    messages: tuple[CaseMessage, ...]
    numbers: dict[str, str]
    queue: tuple[tuple[str, str, str], ...]
    requests: tuple[CaseRequest, ...] = ()
    read: dict[str, datetime] = field(default_factory=dict)
