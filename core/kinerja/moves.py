"""The one judge (Law 13): what an actor may do in a case now, until when, and what they may not, with the reason.

`workflow.apply`, drafts and evidence take their permission from here; pages, lists and a form without a network draw
it. Nothing else judges. It reads one loaded case and asks neither the database nor a plugin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Literal, TypeAlias

from kinerja import access, conditions, flows, limits, places
from kinerja.contracts import AUTHOR, SUBJECT, SYSTEM, Actor, Flow, Json, Refusal, StageRule, State, Step, Transition
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.schemes import WARNINGS
from kinerja.sentences import Refused, refuse_as, refused

Act: TypeAlias = Literal["row", "begin", "write", "hand_in", "adjust", "give", "ask", "note"]
"""row: a decision of the stage's table · begin: its beginning row · write: type into a step's draft · hand_in: a step
alone · adjust: change what somebody handed in · give: evidence for one place · ask: a request · note: say something."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing an actor may do in a case, or for `refused` may not yet or no longer.

    `asked`: somebody waits for it, else it is only allowed. `until`: the last day, where there is one; `hard`: nothing
    of the kind is taken after it. `note` as the row has it. `confirm` says before it what will happen. `several`: the
    row may be taken for many such cases at once. `opened`: the row is there once the step was opened.
    """

    act: Act
    stage: str
    step: str = ""
    row: Transition | None = None
    label: str = ""
    asked: bool = False
    until: date | None = None
    hard: bool = False
    note: str = ""
    confirm: str = ""
    several: bool = False
    opened: bool = False
    item: str = ""
    n: int = 0
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """All that one actor may do in one case. `held`: why a stage rests, whoever asks; `late`: that its last day is over."""

    case: str
    relations: frozenset[str] = frozenset()
    moves: tuple[Move, ...] = ()
    held: Mapping[str, Refused] = field(default_factory=dict)
    late: Mapping[str, Refused] = field(default_factory=dict)

    def of(self, act: Act, stage: str, step: str = "") -> list[Move]:
        """The moves of a kind in a stage (and step), refused ones too, in the order of the table."""
        return [one for one in self.moves if (one.act, one.stage) == (act, stage) and step in ("", one.step)]

    def one(self, act: Act, stage: str, step: str = "") -> Move | None:
        """The first move of a kind that may be made now, else the first that may not, else none."""
        found = self.of(act, stage, step)
        return next((one for one in found if one.refused is None), next(iter(found), None))

    def may(self, act: Act, stage: str, step: str = "") -> bool:
        """Whether some move of a kind may be made now."""
        return any(one.refused is None for one in self.of(act, stage, step))

    def place(self, item: str, n: int) -> Move | None:
        """The move that gives evidence for one place, where this actor gives it at all."""
        return next((one for one in self.moves if one.act == "give" and (one.item, one.n) == (item, n)), None)

    def json(self) -> dict[str, Json]:
        """The same in plain JSON types, for a form that works without a network and for other programs."""
        return {"kasus": self.case, "hubungan": sorted(self.relations), "langkah": [_raw(one) for one in self.moves]}


def _raw(one: Move) -> dict[str, Json]:
    told: dict[str, Json] = {
        "tindakan": one.act, "tahap": one.stage, "bagian": one.step, "baris": one.row.id if one.row else "",
        "label": one.label, "diminta": one.asked, "sampai": one.until.isoformat() if one.until else None, "tegas": one.hard,
        "catatan": one.note, "penegasan": one.confirm, "sekaligus": one.several, "butir": one.item, "ke": one.n,
    }  # fmt: skip
    if one.refused is not None:
        told["ditolak"] = {
            "kode": one.refused.code,
            "kalimat": one.refused.sentence,
            "hari": one.refused.day.isoformat() if one.refused.day else None,
            "siapa": one.refused.person,
        }
    return told


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage under judgement: the rule, its table and state, and what holds it back."""

    kernel: Kernel
    seen: Loaded
    rule: StageRule
    flow: Flow
    state: State
    adjusted: bool
    fields: Mapping[str, Json]
    mine: frozenset[str]
    actor: Actor
    closed: Refused | None
    held: Refused | None
    late: Refused | None
    until: date | None
    hard: bool

    def rows(self, *sources: str) -> Iterator[Transition]:
        """The rows of the table that stand here from these states, in the table's order."""
        return (
            row
            for row in self.flow.transitions
            if row.source in sources and flows.stands(self.rule, row, self.adjusted, self.fields)
        )

    def steps(self) -> Iterator[Step]:
        """The installed steps of the stage that this actor writes."""
        return (step for step in self.kernel.host.registry.steps_of(self.rule) if step.author in self.mine)

    def mine_by(self, row: Transition, step: Step | None = None) -> bool:
        return (step.author if step is not None and row.by == AUTHOR else row.by) in self.mine

    def asked(self, relation: str, step: str = "") -> bool:
        """Whether a turn in this stage waits for a relation."""
        return any(
            one.stage == self.rule.id and one.task.relation == relation and one.task.kind != "macet"
            and (not step or one.task.step in ("", step))
            for one in self.seen.tasks
        )  # fmt: skip

    def why_not(self, row: Transition) -> Refused | None:
        """What stands against a row that stands in the table: the period is over, the stage rests, its last day passed.
        A hard end stops what is handed in, never an answer."""
        return self.closed or self.held or (self.late if row.hand_in and row.window else None)


def moves(kernel: Kernel, seen: Loaded, actor: Actor, at: datetime) -> Moves:
    """What an actor may do in a case at a moment, stage by stage. Answers nothing to do for who has no part in it."""
    mine = frozenset({SYSTEM}) if actor.person is None else seen.kinds_of(actor)
    judged = {rule.id: stage_of(kernel, seen, rule, actor, at) for rule in seen.rules()}
    stages = {id: one for id, one in judged.items() if isinstance(one, Stage)}
    held = {id: one.closed or one.held if isinstance(one, Stage) else one for id, one in judged.items()}
    found = chain(*map(stage_moves, stages.values()), _beside(kernel, seen, mine, actor, at))
    return Moves(
        seen.view.id, mine, tuple(found), held={id: why for id, why in held.items() if why is not None},
        late={id: one.late for id, one in stages.items() if one.late is not None},
    )  # fmt: skip


def stage_of(kernel: Kernel, seen: Loaded, rule: StageRule, actor: Actor, at: datetime) -> Stage | Refused:
    """One stage as its judge sees it, or that its plugin is not here."""
    found = flows.flow_of(kernel, rule)
    if found is None:
        return refused("plugin-missing", what=rule.label)
    system = actor.person is None
    old = seen.progress.get(rule.id)
    last, hard = limits.last_day(seen, rule)
    return Stage(
        kernel=kernel, seen=seen, rule=rule, flow=found[1], state=old.state if old else found[1].states[0],
        adjusted=bool(old and old.adjusted), fields=seen.fields(),
        mine=frozenset({SYSTEM}) if system else seen.kinds_of(actor), actor=actor,
        closed=limits.closed(seen, at),
        held=None if system else limits.held(kernel, seen, rule, at),
        late=None if system else limits.late(seen, rule, at), until=last, hard=hard,
    )  # fmt: skip


def stage_moves(stage: Stage) -> Iterator[Move]:
    for row in stage.rows(stage.state.id):
        if row.id != stage.flow.lone and not row.edits:
            yield from _row_moves(stage, row)
    for step in stage.steps():
        yield write(stage, step)
        yield from _lone(stage, step)
    for row in stage.rows(stage.state.id):
        if row.edits and row.by in stage.mine:
            yield from _adjust(stage, row)


def _row_moves(stage: Stage, row: Transition) -> Iterator[Move]:
    """A row for whom it names; one that is taken by the author of a step stands once for each step of theirs."""
    if row.by == AUTHOR:
        for step in stage.steps():
            yield _taking(stage, row, step)
    elif row.by in stage.mine:
        yield _taking(stage, row, None)


def _taking(stage: Stage, row: Transition, step: Step | None) -> Move:
    relation = step.author if step is not None else row.by
    switched = stage.rule.switches.get(row.several) if row.several else None
    return Move(
        "begin" if row.begins else "row", stage.rule.id, step.id if step is not None else "", row, row.label,
        asked=stage.asked(relation, step.id if step is not None else ""),
        until=stage.until if row.hand_in else None, hard=stage.hard and row.hand_in and row.window, note=row.note,
        confirm=what_follows(stage, row),
        several=isinstance(switched, Mapping) and any(
            one.stage == stage.rule.id and one.task.several == row.id for one in stage.seen.tasks
        ),
        refused=stage.why_not(row),
    )  # fmt: skip


def what_follows(stage: Stage, row: Transition) -> str:
    """What is said before a row is taken: its own words, or those of the row the system will take at once after it."""
    adjusted = row.edits or (stage.adjusted and not row.hand_in)
    follows = flows.system_row(stage.flow, stage.rule, row.target, adjusted, stage.fields)
    return (_told_before(stage, follows) if follows is not None else "") or _told_before(stage, row)


def _told_before(stage: Stage, row: Transition) -> str:
    """What stands beside a row before it is taken: the scheme's own words for it where it has some, else the table's."""
    for one in stage.rule.switches.get(WARNINGS, ()):
        if one["baris"] == row.id and conditions.holds(one.get("bila", {}), stage.fields):
            return str(one["kalimat"])
    return row.confirm


def write(stage: Stage, step: Step) -> Move:
    """Typing into one's own draft: what is open is saved until the period closes; opening needs that the stage goes on."""
    part = stage.seen.part(stage.rule.id, step.id, stage.actor.person)
    why = stage.closed
    if why is None and part is not None and part.draft is None and not may_redo(stage, step):
        why = refused("handed")
    if why is None and part is None:
        why = stage.held or _before(stage, step) or _unopened(stage, step)
    return Move(
        "write", stage.rule.id, step.id, label=step.label, asked=stage.asked(step.author, step.id), until=stage.until, refused=why
    )  # fmt: skip


def _unopened(stage: Stage, step: Step) -> Refused | None:
    """Why a step nobody opened cannot be opened now: the table has no row that would hand it in or begin."""
    here = list(stage.rows(stage.state.id))
    begins = [row for row in here if row.begins and stage.mine_by(row, step)]
    if step.together:
        fitting = begins or [
            row for row in here if row.hand_in and row.id != stage.flow.lone and stage.mine_by(row, step)
        ]
    else:
        states = (stage.state.id, *(row.target for row in begins))
        fitting = [row for row in stage.rows(*states) if row.id == stage.flow.lone and stage.mine_by(row, step)]
    return None if fitting else refused("not-now", stage=stage.rule.label, state=stage.state.label)


def _before(stage: Stage, step: Step) -> Refused | None:
    """Where steps go in order: the first one before this that does not count yet."""
    if step.together or not stage.flow.ordered:
        return None
    for name in stage.rule.steps[: stage.rule.steps.index(step.id)]:
        part = stage.seen.part(stage.rule.id, name)
        if part is None or part.effective_number is None:
            return refused("waits-before", step=flows.step_label(stage.kernel, stage.seen, stage.rule.id, name))
    return None


def may_redo(stage: Stage, step: Step) -> bool:
    """Whether a step that was handed in alone may be opened again: the table takes it once more from where it stands."""
    again = (row for row in stage.rows(stage.state.id) if row.id == stage.flow.lone)
    return not step.together and any(stage.mine_by(row, step) for row in again)


def _lone(stage: Stage, step: Step) -> Iterator[Move]:
    """The row by which a step is handed in alone, from where the stage stands or where opening the step brings it."""
    if step.together or not stage.flow.lone:
        return
    begun = [row.target for row in stage.rows(stage.state.id) if row.begins and stage.mine_by(row, step)]
    for source in dict.fromkeys((stage.state.id, *begun)):
        for row in stage.rows(source):
            if row.id == stage.flow.lone and stage.mine_by(row, step):
                yield Move(
                    "hand_in", stage.rule.id, step.id, row, row.label, asked=stage.asked(step.author, step.id),
                    until=stage.until, hard=stage.hard and row.window, note=row.note, confirm=what_follows(stage, row),
                    opened=source != stage.state.id, refused=stage.why_not(row) or _before(stage, step),
                )  # fmt: skip
                return


def _adjust(stage: Stage, row: Transition) -> Iterator[Move]:
    for step in stage.kernel.host.registry.steps_of(stage.rule):
        part = stage.seen.part(stage.rule.id, step.id)
        if part is not None and part.handed is not None and stage.mine & set(step.editors):
            yield Move(
                "adjust", stage.rule.id, step.id, row, row.label, asked=stage.asked(row.by), note=row.note,
                refused=stage.why_not(row),
            )  # fmt: skip


def _beside(kernel: Kernel, seen: Loaded, mine: frozenset[str], actor: Actor, at: datetime) -> Iterator[Move]:
    """What needs no table: saying something, evidence to give, and what the person of the case may ask of whoever keeps
    their data."""
    closed = limits.closed(seen, at)
    reads = actor.person is not None and any(access.TABLE[access.way_of(kernel, seen, one)].content for one in mine)
    for rule in seen.rules() if reads else ():
        yield Move("note", rule.id, refused=closed)
    for place in places.of(seen):
        if place.rule.provider in mine:
            gone = place.rule.handler not in kernel.host.registry.handlers
            why = closed or (refused("plugin-missing", what=place.view.label) if gone else None)
            yield Move("give", "", label=place.view.label, item=place.view.item, n=place.view.n, refused=why)
    if seen.is_of(actor.person):
        yield Move("ask", "", refused=closed)


def allowed(move: Move | None, otherwise: Refusal) -> Move:
    """A move that may be made now; raises why not, or *otherwise* where an actor has no such move at all."""
    if move is None:
        raise otherwise
    refuse_as(move.refused)
    return move


def not_there(kernel: Kernel, seen: Loaded, stage: Stage, transition: str, step_id: str) -> Refusal:
    """Why an actor has no such row: the table has none of this name, none from where the stage stands, or it is
    another's turn."""
    named = [one for one in stage.rows(*(state.id for state in stage.flow.states)) if one.id == transition]
    if not named:
        return refused("missing").refusal()
    here = [one for one in named if one.source == stage.state.id]
    if not here:
        return refused("not-now", stage=stage.rule.label, state=stage.state.label).refusal()
    step = kernel.host.registry.steps.get(step_id)
    return not_yours(seen, step.author if step is not None and here[0].by == AUTHOR else here[0].by).refusal()


def not_yours(seen: Loaded, relation: str) -> Refused:
    """That somebody else does this, by the name they are spoken of."""
    holder = seen.view.holders.get(relation)
    person = holder.person if holder else seen.view.person if relation == SUBJECT else None
    return refused("not-yours", who=person.address if person else seen.snapshot.scheme.word(relation))
