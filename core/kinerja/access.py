"""Who may see what, and who may do what: one table. Nobody may do anything unless a relation to the case or a role's
permission says so. The table is printed in docs/design.md, and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

from kinerja import flows
from kinerja.contracts import PERMISSIONS, SUBJECT, Actor, StageRule, State, Step
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView
from kinerja.units import UnitLine

READ_STATES, READ_RESULTS, READ_CONTENTS, PLUGINS, IMPORT, PEOPLE, PERIODS = PERMISSIONS
OWN, DECIDES, RECOMMENDS, OBSERVES, PROVIDES, ARRANGES = (
    "own", "decides", "recommends", "observes", "provides", "arranges"
)  # fmt: skip
SAME_UNIT, NONE_AT_ALL = "same unit", "none"


P = ParamSpec("P")
R = TypeVar("R")


def for_those_who(permission: str) -> Callable[[Callable[P, list[R]]], Callable[P, list[R]]]:
    """A list of the unit or case among its arguments, for a viewer whose capacity grants a permission there; nothing for
    all others."""

    def around(read: Callable[P, list[R]]) -> Callable[P, list[R]]:
        @wraps(read)
        def asked(*told: P.args, **more: P.kwargs) -> list[R]:
            viewer = next(one for one in told if isinstance(one, Viewer))
            line = next(one.line for one in told if isinstance(one, (UnitLine, Loaded)))
            return read(*told, **more) if viewer.may(permission, line) else []

        return asked

    return around


class Level(IntEnum):
    """How much of a column is seen. PART: of the steps the viewer writes, reads or adjusts, and of the places for
    evidence that are theirs to fill."""

    NONE = 0
    PART = 1
    ALL = 2


class Row(NamedTuple):
    """One row of the table: where a case stands; ratings and predicate; what was written, evidence, notes; numbers,
    rank and corrections of its person."""

    state: Level
    result: Level
    content: Level
    person: Level


_NO, _PART, _ALL = Level.NONE, Level.PART, Level.ALL
TABLE: Mapping[str, Row] = {
    OWN: Row(_ALL, _ALL, _PART, _ALL),
    DECIDES: Row(_ALL, _ALL, _PART, _ALL),
    RECOMMENDS: Row(_ALL, _PART, _PART, _ALL),
    OBSERVES: Row(_ALL, _PART, _PART, _NO),
    PROVIDES: Row(_ALL, _NO, _PART, _NO),
    ARRANGES: Row(_ALL, _NO, _NO, _NO),
    SAME_UNIT: Row(_NO, _NO, _NO, _NO),
    READ_STATES: Row(_ALL, _NO, _NO, _NO),
    READ_RESULTS: Row(_ALL, _ALL, _NO, _NO),
    READ_CONTENTS: Row(_ALL, _NO, _ALL, _ALL),
    PLUGINS: Row(_NO, _NO, _NO, _NO),
    IMPORT: Row(_NO, _NO, _NO, _NO),
    PEOPLE: Row(_NO, _NO, _NO, _ALL),
    PERIODS: Row(_NO, _NO, _NO, _NO),
    NONE_AT_ALL: Row(_NO, _NO, _NO, _NO),
}
"""Who may see what of a case: by the strongest relation they stand in, and by what their role allows at its unit."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person of a request in one capacity: `assignment` None is «sebagai pegawai». `line` ends at its unit."""

    person: int
    name: str
    address: str
    assignment: int | None = None
    role: str = ""
    role_label: str = ""
    unit: int | None = None
    unit_name: str = ""
    zone: str = "Asia/Jakarta"
    line: tuple[int, ...] = ()
    permissions: frozenset[str] = frozenset()

    @property
    def actor(self) -> Actor:
        return Actor(self.person, self.assignment)

    def may(self, permission: str, line: Sequence[int]) -> bool:
        """Whether this capacity grants a permission at a unit, given that unit's line of ancestors."""
        return permission in self.permissions and self.unit is not None and self.unit in line


def acts(alias: str) -> str:
    """The condition of a statement that somebody stands in a relation as they act now: two values, the person and the
    assignment they act through, 0 as an employee."""
    return f"{alias}.person_id = ? AND coalesce({alias}.assignment_id, 0) = ?"


def may_read(viewer: Viewer, seen: Loaded) -> bool:
    """Whether a case exists for a viewer at all: every relation shows where it stands, and some permissions do."""
    return bool(seen.kinds_of(viewer.actor)) or oversees(viewer, seen.line)


def oversees(viewer: Viewer, line: Sequence[int]) -> bool:
    """Whether a viewer sees where all cases of a unit and below stand."""
    return any(TABLE[one].state and viewer.may(one, line) for one in PERMISSIONS)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer may see of one case: by which rows of the table, and the steps that are theirs to read."""

    rows: frozenset[str]
    relations: frozenset[str]

    @property
    def level(self) -> Row:
        return Row(*map(max, zip(*(TABLE[one] for one in (*self.rows, NONE_AT_ALL)), strict=True)))

    def steps(self, step: Step) -> bool:
        """Whether a step is one the viewer writes, reads or adjusts."""
        return bool(self.relations & {step.author, *step.readers, *step.editors})


def sight(kernel: Kernel, viewer: Viewer, seen: Loaded) -> Sight:
    """What a viewer may see of a case in this capacity."""
    return seen.once(("sight", viewer), lambda: _sight(kernel, viewer, seen))


def _sight(kernel: Kernel, viewer: Viewer, seen: Loaded) -> Sight:
    mine = seen.kinds_of(viewer.actor)
    return Sight(
        frozenset(way_of(kernel, seen, one) for one in mine).union(
            one for one in PERMISSIONS if viewer.may(one, seen.line)
        ),
        mine,
    )


def way_of(kernel: Kernel, seen: Loaded, relation: str) -> str:
    """The row of the table under which a relation reads a case, by what the scheme and its steps let it do there: it
    ends cases, takes rows or adjusts, else writes a step, else reads one, else gives evidence, else only arranges posts.
    Where a step is not installed, whoever does not only arrange may still read what was written."""
    if relation == SUBJECT:
        return OWN
    scheme = seen.snapshot.scheme
    rules = [rule for rule in scheme.stages if rule.subject == seen.subject]
    found = [kernel.host.registry.steps.get(name) for rule in rules for name in rule.steps]
    known = [step for step in found if step is not None]
    tables = [flow[1].transitions for rule in rules if (flow := flows.flow_of(kernel, rule)) is not None]
    takes = {row.by for table in tables for row in table}
    if relation in takes or relation in scheme.closers or any(relation in step.editors for step in known):
        return DECIDES
    if any(relation == step.author for step in known):
        return RECOMMENDS
    if any(relation in step.readers for step in known):
        return OBSERVES
    if any(relation == rule.provider for rule in scheme.evidence):
        return PROVIDES
    return OBSERVES if len(known) < len(found) and relation != scheme.vacant else ARRANGES


def may_read_part(kernel: Kernel, viewer: Viewer, seen: Loaded, part: PartView) -> bool:
    """Whether what is in force of a part may be shown: to its author, to the step's readers and editors, and to whom a
    permission lets read contents, a judgement only where it lets read results too. Without its plugin, to everybody
    whose relation reads contents, so that what is finished stays readable."""
    step = kernel.host.registry.steps.get(part.step)
    look = sight(kernel, viewer, seen)
    if part.author == viewer.person or (step is not None and look.steps(step)):
        return True
    wanted = Level.ALL if step is not None else Level.PART
    judges = step is None or any(spec.about == "result" for spec in step.gives)
    return look.level.content >= wanted and (not judges or look.level.result >= wanted)


def plain_label(kernel: Kernel, rule: StageRule, state: State) -> str:
    """What is said of a state to those who do not see results: where its stage may tell one, as it or a step of it gives
    a fact that is a result, the label its table has for this state; empty where that is what the state says anyway."""
    found = flows.flow_of(kernel, rule)
    if found is None or not any(spec.about == "result" for spec, _ in kernel.host.registry.specs(rule)):
        return ""
    plain = next((one.label for one in found[1].states if one.id == state.id), rule.label)
    return plain if plain != state.label else ""


def readers_of_result(kernel: Kernel, seen: Loaded, rule: StageRule) -> tuple[str, ...]:
    """The relations of a case that may read the result a stage's label tells."""
    steps = kernel.host.registry.steps_of(rule)

    def reads(kind: str) -> bool:
        level = TABLE[way_of(kernel, seen, kind)].result
        if level == Level.PART:
            return any(Sight(frozenset(), frozenset({kind})).steps(step) for step in steps)
        return level == Level.ALL

    return tuple(kind for kind in (SUBJECT, *seen.view.holders) if reads(kind))
