"""Step kompetensi-katalog: work results for competence, chosen in numbers from a catalogue whose entries have weights."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import (
    SUBJECT,
    Entry,
    Fact,
    FactSpec,
    Field,
    Form,
    Item,
    Json,
    Option,
    Step,
    StepContext,
    StepProjection,
    Total,
)
from kinerja_perencanaan.answers import blocked, counts, example, submit, title
from kinerja_perencanaan.offers import TAG, offered, warning, withdrawn
from kinerja_perencanaan.rincian import details

LABEL = "Pengembangan Kompetensi"
ID = "kompetensi-katalog"
FACT = "kompetensi.poin"
GOALS = "tindak-lanjut.tujuan"
"""The fact with the goals agreed in the follow-up discussion of an observation."""


def form(ctx: StepContext) -> Form:
    """Quantities over the entries valid today, with the running sum the scheme asks for."""
    entries = offered(ctx, ctx.content.get("katalog-kompetensi"))
    if not entries:
        return blocked(ctx, LABEL, "Belum ada daftar RHK untuk jabatan Anda. Hubungi Dinas Pendidikan.")
    unit, gone = _column(ctx.options), withdrawn(ctx, ID)
    field = Field(
        "rhk",
        "Rencana Hasil Kerja (RHK)",
        "quantities",
        help=_way(entries, unit),
        required=True,
        options=tuple(_option(entry, unit, entry in gone) for entry in (*entries, *gone)),
        total=Total(
            unit,
            ctx.options.get("minimal"),
            ctx.options.get("maksimal"),
            bool(ctx.options.get("keras", False)),
            _message(ctx, ctx.options),
        ),
    )
    intro = "Pilih Rencana Hasil Kerja (RHK) yang paling berdampak bagi Anda. RHK yang sama boleh lebih dari satu."
    return Form(
        title(ctx, LABEL),
        (field,),
        intro=intro,
        notices=(*warning(ctx, ID), *_goals(ctx)),
        submit=submit(ctx),
        example=example(ctx, ID),
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """An RHK with its count for each entry chosen, and the sum as a fact."""
    unit = _column(ctx.options)
    items: list[Item] = []
    for entry, n in _chosen(ctx, data):
        detail = [(unit.capitalize(), str(_weight(entry, unit) * n))]
        if entry.data.get("bukti"):
            detail.append(("Bukti Dukung", entry.data["bukti"]))
        detail.extend(details(ctx, "kompetensi", n))
        items.append(Item(f"{ID}:{entry.id}", "kompetensi", entry.label, tuple(detail), n))
    if not items:
        return StepProjection()
    total = points(ctx, data, ctx.options)
    return StepProjection(tuple(items), (Fact(FACT, total, f"{total} {unit}"),))


def points(ctx: StepContext, data: Mapping[str, Json], options: Mapping[str, Json]) -> int:
    """The sum of what was chosen, in the unit that `options` (this step's rules) name."""
    unit = _column(options)
    return sum(_weight(entry, unit) * n for entry, n in _chosen(ctx, data))


def shortfall(ctx: StepContext, total: int, options: Mapping[str, Json]) -> str:
    """The sentence about a sum outside the scheme's bounds, or nothing."""
    unit, least, most = _column(options), options.get("minimal"), options.get("maksimal")
    if least is not None and total < least:
        return f"{total} dari minimal {least} {unit}. {_message(ctx, options)}".strip()
    if most is not None and total > most:
        return f"{total} {unit}, lebih dari {most}. {_message(ctx, options)}".strip()
    return ""


def _message(ctx: StepContext, options: Mapping[str, Json]) -> str:
    """The scheme's advice, with the post of whoever decides in place of `{atasan}`."""
    holder = ctx.case.holders.get("memutuskan")
    return str(options.get("pesan", "")).replace("{atasan}", holder.role_label if holder else "atasan Anda")


def _chosen(ctx: StepContext, data: Mapping[str, Json]) -> list[tuple[Entry, int]]:
    catalogue = ctx.content.get("katalog-kompetensi")
    if catalogue is None:
        return []
    return [(entry, n) for id, n in counts(data, "rhk").items() if (entry := catalogue.entry(id))]


def _column(options: Mapping[str, Json]) -> str:
    return str(options.get("kolom", "poin"))


def _weight(entry: Entry, column: str) -> int:
    return int(entry.data.get(column, 0))


def _way(entries: tuple[Entry, ...], unit: str) -> str:
    """How the sum is made, with an example in the weights of this catalogue."""
    weights = sorted({_weight(entry, unit) for entry in entries} - {0})[:2]
    told = f"Tulis banyaknya. Jumlah = {unit} tiap RHK × banyaknya, lalu semuanya ditambahkan."
    if not weights:
        return told
    light, heavy = weights[0], weights[-1]
    return (
        f"{told} Contoh: RHK bernilai {light} {unit} sebanyak 3 dan RHK bernilai {heavy} {unit} sebanyak 1, "
        f"jumlahnya {light} × 3 + {heavy} × 1 = {light * 3 + heavy} {unit}."
    )


def _goals(ctx: StepContext) -> tuple[str, ...]:
    """What was to be reached after the last observation: of the period before, else of this one."""
    before = ctx.previous.facts.get(GOALS) if ctx.previous else None
    if before and before.label:
        return (f"Tujuan diskusi tindak lanjut periode lalu: {before.label}",)
    now = ctx.facts.get(GOALS)
    return (f"Tujuan diskusi tindak lanjut: {now.label}",) if now and now.label else ()


def _option(entry: Entry, column: str, gone: bool) -> Option:
    detail = [entry.data[key] for key in ("satuan", "catatan") if entry.data.get(key)]
    if entry.data.get("bukti"):
        detail.append(f"Bukti Dukung: {entry.data['bukti']}")
    weight = _weight(entry, column)
    return Option(
        entry.id,
        entry.label,
        detail=". ".join(text.rstrip(".") for text in detail),
        tag=TAG if gone else "",
        weight=weight,
        unit=column,
        provisional=entry.provisional,
    )


STEP = Step(
    id=ID,
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    editors=("memutuskan",),
    together=True,
    carry=True,
    options=("kolom", "minimal", "maksimal", "keras", "pesan"),
    gives=(FactSpec(FACT, "Poin Pengembangan Kompetensi", SUBJECT),),
)
