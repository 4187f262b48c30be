"""What stands on a printed SKP, as values for the template.

Layout: SKP with the quantitative approach «bagi pejabat fungsional» and its appendix, as the forms of PermenPANRB
6/2022 are used in public copies. Where official forms leave a place to be written by hand, so does ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kinerja import CaseView, Fact, Holder, Item, day_text

AGREED = "rencana.disepakati"
"""The fact without which a plan is a draft."""
DECIDES = "memutuskan"

BEHAVIOUR, EXPECTATION, ASSIGNED = "perilaku", "ekspektasi", "penugasan-lain"
"""Kinds of items with a place of their own on the paper; all others are main work."""

SERVES, ASPECT, INDICATOR, TARGET = "Mendukung RHK Kepala Sekolah", "Aspek", "Indikator kinerja individu", "Target"
FROM = "Penugasan dari"
"""Labels of an item's details, as the steps of a plan write them."""

NOTHING = "–"
PPPK = frozenset({"pppk", "pppk-paruh-waktu"})
"""Employment whose number is an NI PPPK and not an NIP."""

APPENDIX = ("Dukungan sumber daya", "Skema pertanggungjawaban", "Konsekuensi")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """How one line of work is measured; a line may have several, one an aspect."""

    aspect: str = NOTHING
    indicator: str = NOTHING
    target: str = NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """One Rencana Hasil Kerja with the head's that it serves, and for other assignments who gave it."""

    number: int
    serves: str
    label: str
    assigned: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One aspect of work behaviour, what was chosen in it, and what the head expects of the person."""

    label: str
    chosen: tuple[str, ...]
    expectation: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the heading above, the name, and the number below it («NIP 1990…», or nothing)."""

    heading: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One SKP. `people` are the rows of the two columns above: (label, of the person, of the assessor)."""

    case: str
    period: str
    unit: str
    agreed: bool
    people: tuple[tuple[str, str, str], ...]
    main: tuple[Line, ...]
    other: tuple[Line, ...]
    behaviours: tuple[Behaviour, ...]
    signers: tuple[Signer, Signer]
    appendix: tuple[str, ...] = APPENDIX

    @property
    def empty(self) -> bool:
        return not (self.main or self.other or self.behaviours)


def of(case: CaseView, items: Iterable[Item], facts: Mapping[str, Fact]) -> Paper:
    """The paper of a person's case, from what is in force."""
    own = tuple(items)
    placed = (BEHAVIOUR, EXPECTATION, ASSIGNED)
    person, assessor = _person(case), _assessor(case.holders.get(DECIDES))
    return Paper(
        case=case.id,
        period=f"{day_text(case.period.starts)} sampai {day_text(case.period.ends)}",
        unit=case.unit.name,
        agreed=AGREED in facts,
        people=tuple((label, person[label], assessor[label]) for label in person),
        main=_lines(item for item in own if item.kind not in placed),
        other=_lines(item for item in own if item.kind == ASSIGNED),
        behaviours=_behaviours(own),
        signers=(
            Signer("Pegawai yang dinilai", person["Nama"], _signed(person["NIP"])),
            Signer("Pejabat Penilai Kinerja", assessor["Nama"], _signed(assessor["NIP"])),
        ),
    )


def measures(detail: Pairs) -> tuple[Measure, ...]:
    """The aspects of a line, each with its indicator and target: a label that comes again begins the next one."""
    rows: list[dict[str, str]] = [{}]
    for label, text in detail:
        if label in (ASPECT, INDICATOR, TARGET):
            if label in rows[-1]:
                rows.append({})
            rows[-1][label] = text or NOTHING
    return tuple(
        Measure(row.get(ASPECT, NOTHING), row.get(INDICATOR, NOTHING), row.get(TARGET, NOTHING)) for row in rows
    )


def _lines(items: Iterable[Item]) -> tuple[Line, ...]:
    return tuple(
        Line(
            number=n,
            serves=_text(item.detail, SERVES) or NOTHING,
            label=f"{item.label} ({item.count} kali)" if item.count > 1 else item.label,
            assigned=_text(item.detail, FROM),
            measures=measures(item.detail),
        )
        for n, item in enumerate(items, 1)
    )


def _behaviours(items: tuple[Item, ...]) -> tuple[Behaviour, ...]:
    expected = [item for item in items if item.kind == EXPECTATION]
    made = []
    for item in items:
        if item.kind == BEHAVIOUR:
            aspect = item.key.rpartition(":")[2]
            found = next((one for one in expected if one.key.endswith(aspect)), None)
            made.append(Behaviour(item.label, tuple(text for _, text in item.detail), _expectation(found)))
    return tuple(made)


def _expectation(item: Item | None) -> str:
    if item is None:
        return NOTHING
    return "; ".join(text for _, text in item.detail) or item.label


def _person(case: CaseView) -> dict[str, str]:
    """What stands in the left column, from the labels that were frozen with the case."""
    labels = case.labels
    name = labels.get("nama") or (case.person.name if case.person else "")
    return {
        "Nama": name or NOTHING,
        "NIP": _number(case),
        "Pangkat, golongan/ruang": labels.get("golongan") or NOTHING,
        "Jabatan": labels.get("jenjang_jabatan") or labels.get("peran") or NOTHING,
        "Unit kerja": labels.get("satuan") or case.unit.name,
    }


def _assessor(holder: Holder | None) -> dict[str, str]:
    """What stands in the right column; a dash for what is not on record, to be written by hand."""
    person = holder.person if holder else None
    return {
        "Nama": person.name if person else NOTHING,
        "NIP": (person.ids.get("nip") if person else "") or NOTHING,
        "Pangkat, golongan/ruang": (person.attributes.get("golongan") if person else "") or NOTHING,
        "Jabatan": (holder.role_label if holder else "") or NOTHING,
        "Unit kerja": (holder.unit if holder else "") or NOTHING,
    }


def _number(case: CaseView) -> str:
    """The NIP; the NI PPPK or NUPTK under its own name where that is what the person has."""
    nip, nuptk = case.labels.get("nip"), case.labels.get("nuptk")
    if nip:
        return f"NI PPPK {nip}" if case.profile.get("pegawai") in PPPK else nip
    return f"NUPTK {nuptk}" if nuptk else "Tidak ada NIP"


def _signed(number: str) -> str:
    """The number below a signature, which says what it is; dots where it is to be written by hand."""
    return f"NIP {number}" if number.isdigit() else "NIP ……………………" if number == NOTHING else number


def _text(detail: Pairs, label: str) -> str:
    return next((text for key, text in detail if key == label), "")
