"""What plugins register: stages and their tables, steps, evidence handlers, outside systems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kinerja.contracts.basics import Condition, Json
from kinerja.contracts.cases import (
    FactSpec,
    StageContext,
    StageProjection,
    State,
    StepContext,
    StepProjection,
    UnitView,
)
from kinerja.contracts.content import Content
from kinerja.contracts.forms import Form
from kinerja.contracts.messages import Due, Held, ImportRows, Message, Receipt
from kinerja.contracts.refusals import Problem


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a stage's table. Nobody may take it but who stands in the relation `by`.

    `begins`: taken by itself when the first part of the stage is opened. `hand_in` submits all drafts of the steps
    that go together, or, in the flow's `lone` row, the one step that is handed in.
    `switch` = (name, values): the row holds only when the scheme's switch has one of these values.
    `auto` names a switch holding a condition under which the system takes the row itself.
    `adjusted` True/False: only when something was (or was not) adjusted. `note`: "", "may" or "must" carry a sentence.
    `window`: refused after a hard end. `edits`: this is how `by` changes a handed-in part. `past` reads in histories.
    `when`: a condition of the case's fields under which the row stands at all. `several` names a switch holding a
    condition under which the row may be taken for many cases at once, where nothing in them warns.
    `returns` gives handed-in parts back to their author; `settles` makes handed-in parts effective; `reopens` turns
    effective parts into drafts again.
    """

    id: str
    label: str
    source: str
    target: str
    by: str
    past: str
    begins: bool = False
    hand_in: bool = False
    settles: bool = False
    returns: bool = False
    reopens: bool = False
    edits: bool = False
    window: bool = False
    note: Literal["", "may", "must"] = ""
    switch: tuple[str, tuple[str, ...]] | None = None
    auto: str = ""
    adjusted: bool | None = None
    confirm: str = ""
    quiet: bool = False
    when: Condition = field(default_factory=dict)
    several: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A named table: the first state is where a case begins. `lone` names the rows a lone step's hand-in takes;
    `ordered`: a lone step waits until the steps before it are handed in."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    lone: str = ""
    ordered: bool = False

    def state(self, id: str) -> State:
        return next(state for state in self.states if state.id == id)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the year, found by its `id` in a scheme. `project` is pure and called inside the transaction of
    every change of the case, and once when the case opens. `concludes`: once it is done, nobody is called any more for
    evidence or for the stages before it."""

    id: str
    label: str
    flows: Mapping[str, Flow]
    project: Callable[[StageContext], StageProjection]
    gives: tuple[FactSpec, ...] = ()
    concludes: bool = False


def _no_projection(context: StepContext, data: Mapping[str, Json]) -> StepProjection:
    return StepProjection()


def _no_upgrade(data: Mapping[str, Json], from_: int) -> Mapping[str, Json]:
    return data


@dataclass(frozen=True, slots=True)
class Step:
    """A form and what comes of it. `form` is called for every page, check and hand-in; `project` when the part is
    handed in, and for the author's own summary of drafts; `upgrade` when a stored part has an older `format`.

    `author` writes it; `readers` and `editors` are relations. `together` steps are handed in with their stage,
    others alone. A draft is read by its author alone. `carry`: may start from the previous period's answers.
    `passing`: what it says falls when the plan it was said of is handed in anew. `gathers`: its form reads the items and
    facts that the drafts of its stage make; without it they are not made for it. A `summary` shows what was written
    elsewhere and has nothing to fill in.
    `options` names the keys a scheme may set for it; others are a mistake in the scheme.
    """

    id: str
    label: str
    author: str
    form: Callable[[StepContext], Form]
    project: Callable[[StepContext, Mapping[str, Json]], StepProjection] = _no_projection
    readers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    together: bool = False
    carry: bool = False
    summary: bool = False
    gathers: bool = False
    passing: bool = False
    format: int = 1
    upgrade: Callable[[Mapping[str, Json], int], Mapping[str, Json]] = _no_upgrade
    options: tuple[str, ...] = ()
    gives: tuple[FactSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotView:
    """One place for evidence: the n-th of an item, or of the unit."""

    item: str
    n: int
    label: str
    options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceHandler:
    """A way to give evidence. `form` draws the slot's page; `check` is asked with the answers, and with the file's
    bytes where the form has one; `describe` says in a few words what was given. `asks` says that {n} of {total} are
    still to be given in this way; empty for the kernel's own words."""

    id: str
    label: str
    form: Callable[[SlotView], Form]
    check: Callable[[SlotView, Mapping[str, Json], bytes | None], tuple[Problem, ...]]
    describe: Callable[[Mapping[str, Json]], str]
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A reader of files: `files` are (key, label) pairs to upload; `read` is pure, called in the worker with the
    bytes, the unit the operator imports for, and the reference contents by kind."""

    id: str
    label: str
    files: tuple[tuple[str, str], ...]
    read: Callable[[Mapping[str, bytes], UnitView, Mapping[str, Content]], ImportRows]


@dataclass(frozen=True, slots=True)
class Connector:
    """An outside system. `send` is called by the worker only, with the region's settings and the secrets named in
    `secrets` read from the environment; `simulate` makes a WSGI application that plays the system on loopback, keeping
    its state in a folder, and takes `fake_secrets`, which open nothing else.

    `due` says what is to be sent of a case, once a stage that gives one of the facts in `tells` is done: a message, why
    there is none (held), or None where it has nothing to do with the case. It is pure; asked inside the transaction of
    every change after that, and again whenever people, numbers or choices changed, also after the period."""

    id: str
    label: str
    send: Callable[[Message, Mapping[str, Json], Mapping[str, str]], Receipt] | None = None
    imports: tuple[Import, ...] = ()
    simulate: Callable[[str], Callable[..., Iterable[bytes]]] | None = None
    secrets: tuple[str, ...] = ()
    fake_secrets: Mapping[str, str] = field(default_factory=dict)
    gives: tuple[FactSpec, ...] = ()
    tells: tuple[str, ...] = ()
    due: Callable[[Due], Message | Held | None] | None = None


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A plugin's own settings at a unit, as a form; secrets never stand here."""

    form: Form
