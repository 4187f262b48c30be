"""The frozen values that cross between the kernel, the web and plugins.

A plugin returns these and is handed these, never a database row, a request or a list to edit.
Words that people read (labels, sentences) are Indonesian and come from the plugin or the scheme.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import field as dataclass_field
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Literal, Self, TypeAlias

Json: TypeAlias = Any  # what json.dumps takes; checked where it is written, since Python cannot say it shortly
Condition: TypeAlias = Mapping[str, Json]
Kind: TypeAlias = Literal["belum", "dikerjakan", "menunggu", "dikembalikan", "macet", "selesai", "ditutup"]
Tone: TypeAlias = Literal["mine", "wait", "good", "bad", "quiet"]
FieldKind: TypeAlias = Literal[
    "one", "many", "quantities", "text", "longtext", "date", "number", "levels", "check", "file", "read"
]

SUBJECT = "pegawai"
"""The relation of a person to their own case."""
SYSTEM = "sistem"
"""The relation under which time and rules themselves act."""
AUTHOR = "penulis"
"""In a transition's `by`: whoever the step's own `author` is."""


# --- refusals -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what was sent, beside the field where it is wrong; `label` is the field's, for
    where the field itself does not stand beside it."""

    field: str
    message: str
    label: str = dataclass_field(default="", compare=False)


class Refusal(Exception):
    """Something asked for is not done. `sentence` says what happened, why, and what to do now."""

    def __init__(self, code: str, sentence: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.problems = tuple(problems)


class Stale(Refusal):
    """What was sent grew from an older revision; `current` and `yours` are both kept to be shown."""

    def __init__(self, sentence: str, current: Mapping[str, Json], yours: Mapping[str, Json], revision: int) -> None:
        super().__init__("stale", sentence)
        self.current = current
        self.yours = yours
        self.revision = revision


# --- content ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a rubric or catalogue; `data` holds what only its readers understand."""

    id: str
    label: str
    source: str = ""
    provisional: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    data: Mapping[str, Json] = field(default_factory=dict)

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Content:
    """A versioned list brought by a plugin: a rubric, a catalogue, a list of roles or kinds.

    `kind` says what it is for; of several of one kind the case takes the one whose `applies_to`
    matches most keys of its profile. A tie is never settled by load order: the region is asked.
    """

    kind: str
    id: str
    label: str
    entries: tuple[Entry, ...]
    source: str = ""
    applies_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def read(cls, package: str, name: str) -> Self:
        """Read one content file of a plugin's own package; a wrong file raises ValueError with its name."""
        try:
            return cls.parse(tomllib.loads((files(package) / name).read_text("utf-8")))
        except (KeyError, TypeError, tomllib.TOMLDecodeError) as problem:
            raise ValueError(f"{name}: {problem}") from problem

    @classmethod
    def parse(cls, raw: Mapping[str, Json]) -> Self:
        """Build the value from the mapping of a TOML file or of a stored snapshot."""
        own = {"jenis", "id", "label", "sumber", "applies_to", "butir"}
        entries = tuple(_entry(line) for line in raw.get("butir", ()))
        seen: set[str] = set()
        for entry in entries:
            if entry.id in seen:
                raise ValueError(f"{raw['id']}: butir «{entry.id}» tertulis dua kali")
            seen.add(entry.id)
        return cls(
            kind=raw["jenis"],
            id=raw["id"],
            label=raw["label"],
            entries=entries,
            source=raw.get("sumber", ""),
            applies_to={key: tuple(values) for key, values in raw.get("applies_to", {}).items()},
            data={key: value for key, value in raw.items() if key not in own},
        )

    def raw(self) -> dict[str, Json]:
        """The mapping that `parse` takes, in plain JSON types, for a snapshot."""
        return {
            "jenis": self.kind,
            "id": self.id,
            "label": self.label,
            "sumber": self.source,
            "applies_to": {key: list(values) for key, values in self.applies_to.items()},
            "butir": [_raw_entry(entry) for entry in self.entries],
            **self.data,
        }

    def entry(self, id: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == id), None)

    def valid_on(self, day: date) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.valid_on(day))


def _day(value: Json) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _entry(raw: Mapping[str, Json]) -> Entry:
    own = {"id", "label", "sumber", "provisional", "valid_from", "valid_to"}
    return Entry(
        id=raw["id"],
        label=raw["label"],
        source=raw.get("sumber", ""),
        provisional=raw.get("provisional", False),
        valid_from=_day(raw.get("valid_from")),
        valid_to=_day(raw.get("valid_to")),
        data={key: value for key, value in raw.items() if key not in own},
    )


def _raw_entry(entry: Entry) -> dict[str, Json]:
    raw: dict[str, Json] = {"id": entry.id, "label": entry.label, "sumber": entry.source}
    if entry.provisional:
        raw["provisional"] = True
    if entry.valid_from:
        raw["valid_from"] = entry.valid_from.isoformat()
    if entry.valid_to:
        raw["valid_to"] = entry.valid_to.isoformat()
    return {**raw, **entry.data}


# --- forms --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, with all there is to read before choosing it.

    `lists` are headed lists that fold (target behaviours, examples). `weight` counts towards a field's total.
    """

    id: str
    label: str
    detail: str = ""
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tag: str = ""
    group: str = ""
    weight: int = 0
    unit: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """A running sum over the weights chosen; a soft one warns, a hard one refuses."""

    unit: str
    least: int | None = None
    most: int | None = None
    hard: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Answers by kind: one → id · many → [id] · quantities → {id: n} · levels → {row id: level id} ·
    text, longtext, date (ISO) → str · number → int · check → bool · file → {sha256, name, size} · read → nothing.

    `least`/`most` bound how many are chosen, a number's value or a text's length. `none` is the label of an
    explicit «nothing of these» for `many`, stored as the single id "-". `rows` are what a level grid rates.
    `needs = (key, ids)` asks and requires the field only when another `one` field has one of these answers.
    """

    key: str
    label: str
    kind: FieldKind
    help: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    least: int | None = None
    most: int | None = None
    total: Total | None = None
    none: str = ""
    needs: tuple[str, tuple[str, ...]] | None = None
    value: Json = None
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A value of the profile that its person may ask others to mend: `id` is a key of `CaseView.labels`, `owner` says
    in a sentence whose work mending it is."""

    id: str
    label: str
    value: str
    owner: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a step asks, drawn by the web and checked by the kernel through a schema made from it.

    `initial` fills a form that has no draft yet. `notices` are sentences shown above the questions.
    `blocked` is a sentence that stands in place of the form when it cannot be filled now.
    `example` is the form as somebody else filled it, as (question, answer), to look at beside it.
    `corrections` may be asked of whoever keeps the data; `locked` is a sentence that says why something here cannot
    be changed any more, beside which the author may ask for it to be unlocked once.
    """

    title: str
    fields: tuple[Field, ...] = ()
    intro: str = ""
    notices: tuple[str, ...] = ()
    initial: Mapping[str, Json] = field(default_factory=dict)
    blocked: str = ""
    submit: str = ""
    example: tuple[tuple[str, str], ...] = ()
    corrections: tuple[Correction, ...] = ()
    locked: str = ""

    def field(self, key: str) -> Field | None:
        return next((one for one in self.fields if one.key == key), None)


# --- what is read -------------------------------------------------------------------------------


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


# --- projections --------------------------------------------------------------------------------


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
    """Says that a step, stage or connector gives a fact; `owner` is the relation that can mend its absence."""

    name: str
    label: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """An open turn: who (a relation to the case), what, in which step, until when. The kernel fills in `several`: the
    row that may be taken for many such cases at once."""

    relation: str
    label: str
    step: str = ""
    kind: Kind = "menunggu"
    sentence: str = ""
    due: date | None = None
    several: str = ""


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
    """The facts and effective parts of another case that this one may read: previous, a child, or the unit's.

    The unit's facts are those of its case and those that imports brought for it; `case` is empty where it has none.
    `ended`: it ended early with a reason, so what is missing there will not come."""

    case: str
    period_key: str
    label: str
    facts: Mapping[str, Fact]
    parts: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    ended: bool = False


@dataclass(frozen=True, slots=True)
class StepContext:
    """All a step may know. `parts` are the viewer's own drafts over what is effective, by step id, and `items` what
    they make; `content` is what was chosen for this case by kind, `options` the scheme's rules for this step.
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
    """All a stage may know when it says where its case stands."""

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


# --- what plugins register ----------------------------------------------------------------------


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
    effective parts into drafts again. `effects` are carried out by the kernel: `close_case`.
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
    effects: tuple[str, ...] = ()
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
    every change of the case, and once when the case opens."""

    id: str
    label: str
    flows: Mapping[str, Flow]
    project: Callable[[StageContext], StageProjection]
    gives: tuple[FactSpec, ...] = ()


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
    `passing`: what it says falls when the plan it was said of is handed in anew.
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
    bytes where the form has one; `describe` says in a few words what was given."""

    id: str
    label: str
    form: Callable[[SlotView], Form]
    check: Callable[[SlotView, Mapping[str, Json], bytes | None], tuple[Problem, ...]]
    describe: Callable[[Mapping[str, Json]], str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, as an employee (`assignment` None) or through one assignment. The system has no person."""

    person: int | None
    assignment: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a case, before it is written (guards) or within its transaction (`after_transition`)."""

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
    its state in a folder, and takes `fake_secrets`, which open nothing else."""

    id: str
    label: str
    send: Callable[[Message, Mapping[str, Json], Mapping[str, str]], Receipt] | None = None
    imports: tuple[Import, ...] = ()
    simulate: Callable[[str], Callable[..., Iterable[bytes]]] | None = None
    secrets: tuple[str, ...] = ()
    fake_secrets: Mapping[str, str] = field(default_factory=dict)
    gives: tuple[FactSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A plugin's own settings at a unit, as a form; secrets never stand here."""

    form: Form


# --- the scheme ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """Days of a year (month, day) within which a stage is handed in; `hard` refuses afterwards."""

    applies: Condition
    opens: str
    closes: str
    hard: bool = False
    opens_year: int = 0
    closes_year: int = 0
    source: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A fact a stage waits for. `of` is case, unit, previous or children; `owner` a relation that can mend it."""

    fact: str
    of: str = "case"
    when: Condition = field(default_factory=dict)
    owner: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class StageRule:
    """A scheme's use of a stage: subject person or unit, its steps in order, flow and switches, windows and needs."""

    id: str
    label: str
    subject: Literal["person", "unit"]
    steps: tuple[str, ...]
    flow: str
    switches: Mapping[str, Json]
    windows: tuple[Window, ...]
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class PeriodRule:
    key: str
    label: str
    starts: str
    ends: str
    parent: str = ""
    follows: str = ""
    stages: tuple[str, ...] = ()
    opens_before: int = 0
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Participation:
    """Whether a person takes part; the first rule that holds wins. `answer`: wajib, dianjurkan, boleh or tidak.

    `elsewhere` says where to go instead, `changer` who can change what the answer rests on."""

    answer: str
    when: Condition
    reason: str = ""
    elsewhere: str = ""
    changer: str = ""
    source: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class RelationRule:
    """`role @ place`: the holder of a role at the unit itself (satuan), at the nearest ancestor where somebody
    holds it (atas), with the unit on their list (binaan), or the people whom the unit's fact of that name lists by id
    (ditunjuk). `when` asks of the profile, and of `diri`: whether a rule before, of this or an earlier relation, found
    the subject alone."""

    role: str
    place: Literal["satuan", "atas", "binaan", "ditunjuk"]
    when: Condition = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A regulation or guide of a scheme: `text` to read here, `address` where the issuer keeps it."""

    title: str
    about: str = ""
    text: str = ""
    address: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """Who gives which evidence for items of a kind, and by which handler, in cases where `when` holds."""

    item: str
    provider: str
    handler: str
    scope: Literal["case", "unit"] = "case"
    label: str = ""
    options: Mapping[str, Json] = field(default_factory=dict)
    when: Condition = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    def value(self, row: str, column: str) -> str:
        """The cell for a row id and a column id; KeyError for an id the matrix does not have."""
        if row not in self.rows or column not in self.columns:
            raise KeyError(f"{row} × {column}")
        return self.values[self.rows.index(row)][self.columns.index(column)]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One year's rules as a value. Made from TOML by `read_scheme`; `raw` is what the snapshot stores.

    `also` is the condition under which an assignment beside the home one has a case of its own (None: never).
    `vacant` is the relation that gets the turns of relations nobody stands in.
    `closers` are the relations that may end a case early with a reason."""

    id: str
    label: str
    sources: tuple[str, ...]
    years: tuple[int, int | None]
    periods: tuple[PeriodRule, ...]
    stages: tuple[StageRule, ...]
    participants: tuple[Participation, ...]
    relations: Mapping[str, Mapping[str, tuple[RelationRule, ...]]]
    steps: Mapping[str, Mapping[str, Json]]
    evidence: tuple[EvidenceRule, ...]
    matrices: Mapping[str, Matrix]
    words: Mapping[str, str]
    documents: tuple[Document, ...]
    contents: tuple[str, ...]
    required: tuple[str, ...]
    vacant: str
    also: Condition | None
    closers: tuple[str, ...]
    raw: Mapping[str, Json]

    def period(self, key: str) -> PeriodRule:
        return next(period for period in self.periods if period.key == key)

    def stage(self, id: str) -> StageRule | None:
        return next((stage for stage in self.stages if stage.id == id), None)

    def stages_of(self, key: str) -> tuple[StageRule, ...]:
        """The stages of one of its periods: those it claims, or all that no period claims."""
        claimed = {id for period in self.periods for id in period.stages}
        own = self.period(key).stages
        return tuple(stage for stage in self.stages if (stage.id in own if own else stage.id not in claimed))

    def word(self, id: str) -> str:
        """The scheme's own word for an id (a rating, a predicate, an answer), or the id where it has none."""
        return self.words.get(id, id)

    def rules(self, stage: str, step: str) -> Mapping[str, Json]:
        return {**self.steps.get(step, {}), **self.steps.get(f"{stage}/{step}", {})}
