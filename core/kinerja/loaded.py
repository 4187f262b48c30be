"""One case as it was when it was read, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar, cast

from kinerja import conditions
from kinerja.contracts import (
    Actor,
    CaseView,
    Fact,
    Holder,
    Item,
    Json,
    Member,
    Related,
    StageRule,
    State,
    Task,
)
from kinerja.sentences import refuse
from kinerja.snapshot import Choices, Snapshot

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as it stands: the author's draft, what was handed in, what is in force, with their frozen views."""

    id: int
    stage: str
    step: str
    cycle: int
    author: int
    name: str
    revision: int
    draft: Mapping[str, Json] | None
    draft_at: datetime | None
    handed: Mapping[str, Json] | None
    handed_number: int | None
    handed_view: tuple[tuple[str, str], ...]
    effective: Mapping[str, Json] | None
    effective_number: int | None
    effective_view: tuple[tuple[str, str], ...]
    returned: bool
    snapshot: str
    unread: bool = False
    handed_by: int | None = None
    handed_name: str = ""
    handed_at: datetime | None = None

    @property
    def state(self) -> str:
        if self.draft is not None:
            return "returned" if self.returned else "draft"
        if self.handed_number is not None and self.handed_number != self.effective_number:
            return "handed"
        return "effective" if self.effective_number is not None else "none"

    @property
    def answers(self) -> Mapping[str, Json]:
        """What the author sees as theirs: the draft, else what was handed in last."""
        return next((one for one in (self.draft, self.handed, self.effective) if one is not None), {})


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Where a stage stands, in the words written with the change. A label that tells a result is for the relations in
    `told`; to others `plain` is said."""

    stage: str
    name: str
    state: State
    since: datetime
    due: date | None
    adjusted: bool
    cycle: int
    opens: date | None = None
    warned: bool = False
    plain: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskView:
    stage: str
    task: Task
    since: datetime


@dataclass(frozen=True, slots=True)
class Near:
    """The cases beside one: that it starts from, those it is made up of, and that of its unit."""

    previous: Related | None = None
    children: tuple[Related, ...] = ()
    unit: Related | None = None


@dataclass(slots=True)
class Loaded:
    """One case as it was when it was read; `version` is what a change must still find. `members` is read for a unit's
    own case, once, when somebody asks."""

    view: CaseView
    snapshot: Snapshot
    subject: str
    line: tuple[int, ...]
    answer: str
    content: Choices
    previous: str | None
    closed: bool
    opened_at: datetime
    period_state: str
    period_closes: date
    relations: tuple[tuple[str, int, int | None], ...]
    helpers: tuple[Holder, ...]
    parts: tuple[PartView, ...]
    progress: dict[str, ProgressView]
    facts: dict[str, Fact]
    items: tuple[Item, ...]
    retired: tuple[Item, ...]
    tasks: tuple[TaskView, ...]
    standing: str = ""
    standing_since: date | None = None
    last_day: date | None = None
    ending: Mapping[str, Json] = field(default_factory=dict)
    unsure: Mapping[str, str] = field(default_factory=dict)
    """Values of the person that are others in the data by now and wait for somebody who confirms them, in words."""
    grants: Mapping[str, int] = field(default_factory=dict)
    near: Near = field(default_factory=Near)
    members: tuple[Member, ...] | None = None
    made_by: Mapping[str, str] = field(default_factory=dict)
    """The step each item comes from, by the item's key."""
    asked: dict[tuple[object, ...], Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was made of this very reading, by plugins and here, so that it is made once; a changed copy begins empty."""

    def rules(self) -> tuple[StageRule, ...]:
        """The stages of this case in the scheme's order, whether or not their plugins are here, each with the steps
        that are there for this case."""
        return self.once(("rules",), self._rules)

    def _rules(self) -> tuple[StageRule, ...]:
        scheme, fields = self.snapshot.scheme, self.fields()

        def fitting(rule: StageRule) -> StageRule:
            there = tuple(
                step for step in rule.steps if conditions.holds(scheme.rules(rule.id, step).get("untuk", {}), fields)
            )
            return rule if there == rule.steps else replace(rule, steps=there)

        return tuple(fitting(rule) for rule in scheme.stages_of(self.view.period.key) if rule.subject == self.subject)

    def step_label(self, stage: str, step: str) -> str:
        """The scheme's name of a step for this case: the first of `label_untuk` that holds, else `label`, else nothing."""
        rules = self.snapshot.scheme.rules(stage, step)
        fitting = (
            one for one in rules.get("label_untuk", ()) if conditions.holds(one.get("bila", {}), self.view.profile)
        )
        return str(next(fitting, rules).get("label", ""))

    def rule(self, stage: str) -> StageRule:
        found = next((rule for rule in self.rules() if rule.id == stage), None)
        if found is None:
            raise refuse("missing")
        return found

    def kinds_of(self, actor: Actor) -> frozenset[str]:
        """The relations in which this actor, in this capacity, stands to the case."""
        return frozenset(
            kind for kind, person, via in self.relations if person == actor.person and via == actor.assignment
        )

    def is_of(self, person: int | None) -> bool:
        """Whether this is somebody's own case."""
        return self.view.person is not None and self.view.person.id == person

    def people(self) -> set[int]:
        """Everybody who stands in a relation to the case, and its person."""
        return {one.person.id for one in self.helpers} | ({self.view.person.id} if self.view.person else set())

    def part(self, stage: str, step: str, author: int | None = None) -> PartView | None:
        here = (one for one in reversed(self.parts) if one.step == step and one.stage == stage)
        return next((one for one in here if author in (None, one.author)), None)

    def fields(self) -> Mapping[str, Json]:
        """What conditions may ask of: the profile, traits of relations, facts, and the person's condition today."""
        standing = {"kedudukan": self.standing} if self.standing else {}
        return self.once(("fields",), lambda: conditions.fields_of(self.view, self.facts) | standing)

    def once(self, key: tuple[object, ...], ask: Callable[[], R]) -> R:
        """The answer to a question about this very reading, asked where nobody did yet."""
        if key not in self.asked:
            self.asked[key] = ask()
        return cast(R, self.asked[key])


def replace_seen(seen: Loaded, **changes: object) -> Loaded:
    """A copy of a loaded case with some of it replaced."""
    return replace(seen, **changes)  # type: ignore[arg-type]  # names are checked by dataclasses
