"""What a plugin may know of a case, and what it makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from kinerja.contracts.basics import WORK, Json, Kind, Tone
from kinerja.contracts.content import Content
from kinerja.contracts.rules import Scheme


@dataclass(frozen=True, slots=True)
class UnitView:
    id: int
    code: str
    name: str
    kind: str
    zone: str
    npsn: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as others may see them: `address` is «Pak Budi», «Bu Sari», or «Bapak/Ibu …» where sex is unknown."""

    id: int
    name: str
    address: str
    ids: Mapping[str, str] = field(default_factory=dict)
    employment: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeriodView:
    id: int
    scheme: str
    key: str
    year: int
    label: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Holder:
    """Who stands in a relation to a case, through which assignment: its role, kind and whether that is acting."""

    person: PersonView
    relation: str
    role: str = ""
    role_label: str = ""
    kind: str = ""
    acting: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who holds a role at the unit of a unit's case, for steps that choose among them. `id` is the person's."""

    id: int
    name: str
    role: str
    role_label: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One subject in one period. `profile` holds the ids conditions test; `labels` the words pages show for them."""

    id: str
    period: PeriodView
    unit: UnitView
    person: PersonView | None
    role: str
    counts: bool
    version: int
    profile: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    holders: Mapping[str, Holder] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """Where a stage stands. The kernel and the web sort and count by `kind` alone and print `label`."""

    id: str
    label: str
    kind: Kind
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the plan: an RHK, a duty, a behaviour. `key` is issued once and never changes meaning."""

    key: str
    kind: str
    label: str
    detail: tuple[tuple[str, str], ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared output others may read. `value` is for rules, `label` for people."""

    name: str
    value: Json
    label: str = ""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """Says that a step, stage or connector gives a fact; `owner` is the relation that can mend its absence. `about` says
    who may see it: where a case stands, a rating or predicate, what was written, or the person's own data."""

    name: str
    label: str
    owner: str = ""
    about: Literal["state", "result", "content", "person"] = "content"


@dataclass(frozen=True, slots=True)
class Task:
    """An open turn: who (a relation to the case), what, in which step, until when.

    A stage gives one turn of each sort (`what`) to each relation; where it gives several they become one with a
    `count`, of `total` where that says more. Before the day `opens` it is nobody's turn yet, only what a case waits
    for. `asked` False is news: nothing is to be done, it ends for each person by being read, and reaches also those who
    have no work any more. The kernel fills in `several`, the row that may be taken for many such cases at once, and
    for news of its own `since`, the moment of what is new.
    """

    relation: str
    label: str
    step: str = ""
    kind: Kind = "menunggu"
    sentence: str = ""
    due: date | None = None
    several: str = ""
    what: str = WORK
    count: int = 1
    total: int = 0
    opens: date | None = None
    asked: bool = True
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepProjection:
    items: tuple[Item, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class StageProjection:
    """What a stage makes of its case. `state` None keeps the state the table moved to."""

    state: State | None = None
    facts: tuple[Fact, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """The facts of another case that this one may read: previous, a child, or the unit's.

    The unit's facts are those of its case and those that imports brought for it; `case` is empty where it has none.
    `ended`: it ended early with a reason, so what is missing there will not come."""

    case: str
    label: str
    facts: Mapping[str, Fact]
    ended: bool = False


@dataclass(frozen=True, slots=True)
class StepContext:
    """All a step may know. `parts` are the viewer's own drafts over what is effective, by step id, and `items` what
    they make, for a step that gathers; `content` is what was chosen for this case by kind, `options` the scheme's rules for this step.
    `contents` are all that the period was opened with, for steps that speak of other people's.
    `members` are who holds a role at the unit, for a unit's case. `grants`: how often this step was unlocked and the
    unlocking not yet used."""

    case: CaseView
    stage: str
    options: Mapping[str, Json]
    words: Mapping[str, str]
    content: Mapping[str, Content]
    facts: Mapping[str, Fact]
    items: tuple[Item, ...]
    parts: Mapping[str, Mapping[str, Json]]
    previous: Related | None
    children: tuple[Related, ...]
    unit: Related | None
    scheme: Scheme
    today: date
    members: tuple[Member, ...] = ()
    grants: int = 0
    contents: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True)
class StepState:
    """A step within its stage: `state` is none, draft, handed, returned or effective."""

    id: str
    label: str
    author: str
    state: str
    together: bool


@dataclass(frozen=True, slots=True)
class StageContext:
    """All a stage may know when it says where its case stands. `given` of the case's `places` for evidence are filled."""

    case: CaseView
    stage: str
    label: str
    state: State
    switches: Mapping[str, Json]
    steps: tuple[StepState, ...]
    facts: Mapping[str, Fact]
    children: tuple[Related, ...]
    unit: Related | None
    adjusted: bool
    due: date | None
    today: date
    contents: tuple[Content, ...] = ()
    given: int = 0
    places: int = 0
