"""What stands on a printed SKP, as values for the template.

Layout: SKP with the quantitative approach «bagi pejabat fungsional» and its appendix, as the forms of PermenPANRB
6/2022 are used in public copies. Where official forms leave a place to be written by hand, so does ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kinerja import SUBJECT, CaseView, Fact, Holder, Item, day_text
from kinerja_read import Edition, Signer

AGREED = "rencana.disepakati"
"""The fact without which a plan is a draft."""
UNSURE = "rencana.sementara"
"""The fact that says what of the lines is not official."""
DECIDES = "memutuskan"
BY_LEVEL = "guru"
"""The role whose post is named by its jenjang jabatan; all others have a title of their own."""

BEHAVIOUR, EXPECTATION, ASSIGNED = "perilaku", "ekspektasi", "penugasan-lain"
"""Kinds of items with a place of their own on the paper; all others are main work."""

SERVES, ASPECT, INDICATOR, TARGET = "Mendukung RHK Kepala Sekolah", "Aspek", "Indikator kinerja individu", "Target"
FROM, PROVISIONAL = "Penugasan dari", "Sementara"
"""Labels of an item's details, as the steps of a plan write them."""

NOTHING, UNPUBLISHED = "–", "belum diterbitkan"
PPPK = frozenset({"pppk", "pppk-paruh-waktu"})
"""Employment whose number is an NI PPPK and not an NIP."""
ASN = PPPK | {"pns", "cpns"}
"""Employment that has such a number at all."""

APPENDIX = ("Dukungan sumber daya", "Skema pertanggungjawaban", "Konsekuensi")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """How one line of work is measured; a line may have several, one an aspect."""

    aspect: str = UNPUBLISHED
    indicator: str = UNPUBLISHED
    target: str = UNPUBLISHED


@dataclass(frozen=True, slots=True)
class Line:
    """One Rencana Hasil Kerja with the head's that it serves, and for other assignments who gave it; `note` is the
    number of the footnote that says why its words are provisional."""

    number: int
    serves: str
    label: str
    assigned: str
    measures: tuple[Measure, ...]
    note: int = 0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One aspect of work behaviour, what was chosen in it, and what the head expects of the person."""

    label: str
    chosen: tuple[str, ...]
    expectation: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the heading above, the name, and the number below it («NIP 1990…», or nothing)."""

    heading: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One SKP. `people` are the rows of the two columns above: (label, of the person, of the assessor), and `mended` the
    numbers of the footnotes beside both. `standing` says whether it is a draft or which edition; `unsure` is the number of
    the footnote on aspects, indicators and targets."""

    period: str
    unit: str
    agreed: bool
    standing: tuple[str, ...]
    people: tuple[tuple[str, str, str], ...]
    main: tuple[Line, ...]
    other: tuple[Line, ...]
    behaviours: tuple[Behaviour, ...]
    signers: tuple[Signature, Signature]
    notes: tuple[str, ...] = ()
    unsure: int = 0
    mended: tuple[tuple[int, int], ...] = ()
    appendix: tuple[str, ...] = APPENDIX

    @property
    def empty(self) -> bool:
        return not (self.main or self.other or self.behaviours)


def of(case: CaseView, items: Iterable[Item], facts: Mapping[str, Fact]) -> Paper:
    """The paper of a plan that was never agreed: a draft, with who assesses today."""
    standing = ("Draf, belum disepakati", "Pejabat Penilai Kinerja menurut data hari ini.")
    assessor = case.holders.get(DECIDES)
    return _made(case, items, facts, _own(case), _known(assessor) if assessor else None, standing, False)


def of_edition(case: CaseView, editions: tuple[Edition, ...], number: int) -> Paper:
    """The paper of one of a plan's editions, from what was kept when it was agreed: nothing of today stands on it."""
    one = next(one for one in editions if one.number == number)
    earlier = [other for other in editions if other.settled.id < one.settled.id]
    agreed = one.facts[AGREED].label if AGREED in one.facts else "Disepakati"
    standing = [f"Edisi {number}. {agreed} {_day(case, one.settled.at)}."]
    if one.reason and earlier:
        standing.append(f"Perubahan atas edisi {earlier[-1].number}. Alasan: {one.reason}")
    if one.corrects:
        standing.append(f"Data yang diperbaiki: {', '.join(dict.fromkeys(wrong.label for wrong in one.corrects))}.")
    notes = [
        f"{wrong.label}: semula {wrong.old or NOTHING}, diperbaiki menjadi {wrong.new} pada {_day(case, one.at)}."
        for wrong in one.corrects
    ]
    assessor = assessor_of(one)
    others = {signer.person: (signer, other) for other in earlier if (signer := assessor_of(other)) is not None}
    notes += [
        f"Pejabat Penilai Kinerja sebelumnya: {signer.name}, {signer.post}, {signer.unit}; menyetujui edisi {other.number} "
        f"pada {_day(case, other.settled.at)}. Edisi ini disetujui {assessor.name} pada {_day(case, one.settled.at)}."
        for person, (signer, other) in others.items()
        if assessor is not None and person != assessor.person
    ]
    made = _made(case, one.items, one.facts, one.settled.sides[SUBJECT], assessor, tuple(standing), True, tuple(notes))
    return replace(made, mended=_mended(made, one, assessor))


def _mended(made: Paper, one: Edition, assessor: Signer | None) -> tuple[tuple[int, int], ...]:
    """Beside which rows of both columns a value stands that an edition put right, by the number of its footnote; the
    last one where a value was put right more than once."""
    sides = (one.settled.sides[SUBJECT].person, assessor.person if assessor else None)

    def number(person: int | None, text: str) -> int:
        told = [
            n for n, wrong in enumerate(one.corrects, 1) if wrong.person == person and wrong.new and wrong.new in text
        ]
        return max(told, default=0)

    return tuple((number(sides[0], left), number(sides[1], right)) for _, left, right in made.people)


def assessor_of(edition: Edition) -> Signer | None:
    """Who agreed the plan for the assessor's side; where the system did, who held that side then."""
    said = [one.by for one in edition.acts if one.relation == DECIDES]
    return said[-1] if said else edition.settled.sides.get(DECIDES)


def _made(
    case: CaseView,
    items: Iterable[Item],
    facts: Mapping[str, Fact],
    person: Signer,
    assessor: Signer | None,
    standing: tuple[str, ...],
    agreed: bool,
    notes: tuple[str, ...] = (),
) -> Paper:
    own, placed = tuple(items), (BEHAVIOUR, EXPECTATION, ASSIGNED)
    said = [*notes, *_provisional(own, facts)]
    left, right = _column(person, facts), _column(assessor, {})
    return Paper(
        period=f"{day_text(case.period.starts)} sampai {day_text(case.period.ends)}",
        unit=person.unit,
        agreed=agreed,
        standing=standing,
        people=tuple((label, left[label], right[label]) for label in left),
        main=_lines((item for item in own if item.kind not in placed), said),
        other=_lines((item for item in own if item.kind == ASSIGNED), said),
        behaviours=_behaviours(own),
        signers=(
            Signature("Pegawai yang dinilai", left["Nama"], _signed(left["NIP"])),
            Signature("Pejabat Penilai Kinerja", right["Nama"], _signed(right["NIP"])),
        ),
        notes=tuple(said),
        unsure=said.index(facts[UNSURE].label) + 1 if UNSURE in facts else 0,
        mended=((0, 0),) * len(left),
    )


def _provisional(items: Iterable[Item], facts: Mapping[str, Fact]) -> list[str]:
    """The footnotes about what is not official, each once: of all lines, then of single ones."""
    found = [facts[UNSURE].label] if UNSURE in facts else []
    found += [said for item in items if (said := _text(item.detail, PROVISIONAL))]
    return list(dict.fromkeys(found))


def _day(case: CaseView, moment: datetime) -> str:
    return day_text(moment.astimezone(ZoneInfo(case.unit.zone)).date())


def measures(detail: Pairs) -> tuple[Measure, ...]:
    """The aspects of a line, each with its indicator and target: a label that comes again begins the next one."""
    rows: list[dict[str, str]] = [{}]
    for label, text in detail:
        if label in (ASPECT, INDICATOR, TARGET):
            if label in rows[-1]:
                rows.append({})
            rows[-1][label] = text or UNPUBLISHED
    return tuple(Measure(*(row.get(label, UNPUBLISHED) for label in (ASPECT, INDICATOR, TARGET))) for row in rows)


def _lines(items: Iterable[Item], notes: list[str]) -> tuple[Line, ...]:
    return tuple(
        Line(
            number=n,
            serves=_text(item.detail, SERVES) or NOTHING,
            label=f"{item.label} ({item.count} kali)" if item.count > 1 else item.label,
            assigned=_text(item.detail, FROM),
            measures=measures(item.detail),
            note=notes.index(said) + 1 if (said := _text(item.detail, PROVISIONAL)) else 0,
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


def _own(case: CaseView) -> Signer:
    """The person of a case before anything is agreed, from the labels that were frozen with the case."""
    labels = case.labels
    name = labels.get("nama") or (case.person.name if case.person else "")
    return Signer(
        name, ids={kind: labels.get(kind, "") for kind in ("nip", "nuptk")}, employment=case.profile.get("pegawai", ""),
        rank=labels.get("golongan", ""), level=labels.get("jenjang_jabatan", ""), role=case.role,
        post=labels.get("peran", ""), unit=labels.get("satuan") or case.unit.name,
    )  # fmt: skip


def _known(holder: Holder) -> Signer:
    """Who assesses today, from what is on record."""
    one = holder.person
    return Signer(
        one.name, ids=one.ids, employment=one.employment, rank=str(one.attributes.get("golongan", "")), role=holder.role,
        post=holder.role_label, unit=holder.unit,
    )  # fmt: skip


def _column(one: Signer | None, edited: Mapping[str, Fact]) -> dict[str, str]:
    """One column: what was on record, and over it what the person edited themselves; a dash for what is not on record,
    to be written by hand."""
    rank, level = (edited.get(f"profil.{name}") for name in ("golongan", "jenjang_jabatan"))
    named = (level.label if level else one.level) if one and one.role == BY_LEVEL else ""
    told = {
        "Nama": one.name if one else "",
        "NIP": _number(one) if one else "",
        "Pangkat, golongan/ruang": rank.label if rank else one.rank if one else "",
        "Jabatan": named or (one.post if one else ""),
        "Unit kerja": one.unit if one else "",
    }
    return {label: text or NOTHING for label, text in told.items()}


def _number(one: Signer) -> str:
    """The NIP; the NI PPPK or NUPTK under its own name where that is what the person has. Nothing, so that it is written
    by hand, where somebody has a number that is not on record."""
    nip, nuptk = one.ids.get("nip"), one.ids.get("nuptk")
    if nip:
        return f"NI PPPK {nip}" if one.employment in PPPK else nip
    none = "" if one.employment in ASN else "Tidak ada NIP"
    return f"NUPTK {nuptk}" if nuptk else none


def _signed(number: str) -> str:
    """The number below a signature, which says what it is; dots where it is to be written by hand."""
    return f"NIP {number}" if number.isdigit() else "NIP ……………………" if number == NOTHING else number


def _text(detail: Pairs, label: str) -> str:
    return next((text for key, text in detail if key == label), "")
