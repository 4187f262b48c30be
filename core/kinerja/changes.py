"""A change of a case as a value: what somebody asks for, what was judged, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kinerja import database, once, people
from kinerja.contracts import Actor, Change, Flow, Form, Json, StageRule, State, Step, Transition
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView
from kinerja.sentences import say


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants done. `key` makes it safe to send twice; `seen` is the revision of each part they saw.

    `at` is the moment the request arrived: windows are judged by it, however long the work takes.
    """

    key: str
    case: str
    stage: str
    transition: str
    actor: Actor
    at: datetime
    seen: Mapping[str, int] = field(default_factory=dict)
    step: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    note: str = ""

    @property
    def digest(self) -> str:
        return once.digest_of(self.case, self.stage, self.transition, self.step, self.data, self.note)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, the same again for the same key."""

    state: str
    label: str
    version: int
    past: str = ""
    repeated: bool = False


@dataclass(slots=True)
class Plan:
    """A judged change: which row, and the answers of the parts it hands in."""

    rule: StageRule
    flow: Flow
    row: Transition
    before: State
    after: State
    handed: list[tuple[Step, PartView | None, Form, dict[str, Json]]] = field(default_factory=list)
    edited: tuple[Step, PartView, Form, dict[str, Json]] | None = None


def change_of(kernel: Kernel, seen: Loaded, plan: Plan, ask: Ask, after: State) -> Change:
    data: dict[str, Json] = {}
    for step, _, _, clean in plan.handed:
        data.update(clean if plan.row.id == plan.flow.lone else {step.id: clean})
    if plan.edited is not None:
        data = plan.edited[3]
    return Change(
        case=seen.view, stage=plan.rule.id, transition=plan.row.id, step=ask.step, actor=ask.actor, before=plan.before,
        after=after, data=data, facts=seen.facts, items=seen.items,
        children=seen.near.children, at=ask.at, scheme=seen.snapshot.scheme,
    )  # fmt: skip


def person_name(actor: Actor) -> str:
    """Who did something, as histories name them."""
    found = database.rows("SELECT name, title_front, title_back FROM person WHERE id = ?", actor.person)
    return people.full_name(*found[0]) if found else say("system")
