"""What crosses to outside systems and comes from them: changes, messages, receipts, rows of imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from kinerja.contracts.basics import Json
from kinerja.contracts.cases import CaseView, Fact, Item, Related, State
from kinerja.contracts.rules import Scheme


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, as an employee (`assignment` None) or through one assignment. The system has no person."""

    person: int | None
    assignment: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a case that somebody wants to make, as guards are asked about it before it is written."""

    case: CaseView
    stage: str
    transition: str
    step: str
    actor: Actor
    before: State
    after: State
    data: Mapping[str, Json]
    facts: Mapping[str, Fact]
    items: tuple[Item, ...]
    children: tuple[Related, ...]
    at: datetime
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Message:
    """Something for an outside system. `key` makes sending it twice the same as once. `connector` names who sends.
    When it is sent the payload also holds `ids`: the numbers of the case's person as they are then, since a number
    may have been mended while the message waited."""

    key: str
    connector: str
    kind: str
    payload: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Due:
    """What a connector's `due` is asked about: a case whose result is settled. `at` is when what it `tells` was decided;
    the case stands with who stood in relation to it on that day, and with the numbers people have now."""

    case: CaseView
    facts: Mapping[str, Fact]
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """Why there is no message of this kind, in a sentence for people: what it waits for and who can mend it. With `final`
    it waits for nothing, since the result is not to be sent from here."""

    kind: str
    sentence: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of sending: accepted, refused (do not repeat), again (repeat later), or stop (needs an operator)."""

    outcome: Literal["accepted", "refused", "again", "stop"]
    sentence: str
    reference: str = ""
    wait: int = 0


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment as an import saw it; `unit` is an NPSN or unit code."""

    role: str
    unit: str
    kind: str
    since: date | None = None
    until: date | None = None
    home: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as an import saw them. `row` is where, for problems; `ids` in order of trust; empty values say nothing."""

    row: int
    name: str
    ids: Mapping[str, str] = field(default_factory=dict)
    sex: str = ""
    born: date | None = None
    title_front: str = ""
    title_back: str = ""
    employment: str = ""
    rank: str = ""
    level: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    assignments: tuple[AssignmentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as an import saw it; `parent` only where the file knows it."""

    row: int
    npsn: str
    name: str
    kind: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A line of a file that was not taken, or was taken with a doubt (`fatal` False)."""

    row: int
    who: str
    message: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class ImportRows:
    """What a reader made of its files. `unit` None and a fatal problem at row 0 mean: nothing usable.

    `facts` are facts of the unit, kept under the reader's connector, which must declare them in `gives`; a name ending
    in `.*` there declares all that begin so. A fact taken over earlier and not brought again is gone.
    """

    unit: UnitRow | None
    people: tuple[PersonRow, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    facts: tuple[Fact, ...] = ()
