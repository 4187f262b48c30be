"""One year's rules as values. Made from TOML by `read_scheme`."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from kinerja.contracts.basics import Condition, Json


class YearDay(NamedTuple):
    """A day as a rule names it: `years` after the period's own year, month and day. The earlier one is the smaller."""

    years: int
    month: int
    day: int

    def within(self, year: int) -> date:
        """The day for a period's year. 29 February is the last day of February there."""
        year += self.years
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


@dataclass(frozen=True, slots=True)
class Window:
    """The first and last day on which a stage is handed in; `hard` refuses afterwards."""

    applies: Condition
    opens: YearDay
    closes: YearDay
    hard: bool = False
    source: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A fact a stage waits for. `of` is case, unit, previous or children; `owner` a relation that can mend it.
    `early` is said, with {hari}, while the day from which that can be done is still to come."""

    fact: str
    of: str = "case"
    when: Condition = field(default_factory=dict)
    owner: str = ""
    message: str = ""
    early: str = ""


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
    """One period of a year: its first and last day, and the last on which it is written in."""

    key: str
    label: str
    starts: YearDay
    ends: YearDay
    closes: YearDay
    parent: str = ""
    follows: str = ""
    stages: tuple[str, ...] = ()
    opens_before: int = 0


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
    (ditunjuk). `ikut` instead names a relation told before, whose holders are taken, also one put right by hand.
    `when` asks of the profile, and of `diri`: whether a rule before, of this or an earlier relation, found
    the subject alone. `stays`: after the last day of a period whoever was found that day goes on, as long as they serve."""

    role: str
    place: Literal["satuan", "atas", "binaan", "ditunjuk", "ikut"]
    when: Condition = field(default_factory=dict)
    stays: bool = False


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

    def is_frame(self, key: str) -> bool:
        """Whether one of its periods is only the frame of others, in which cases open along with theirs."""
        return any(period.parent == key for period in self.periods)

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
