"""A form as a value: drawn by the web, checked by the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kinerja.contracts.basics import FieldKind, Json


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
