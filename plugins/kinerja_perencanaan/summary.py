"""Step rangkuman: the whole plan to read once more before it is handed in, and the items that come by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import (
    SUBJECT,
    Fact,
    FactSpec,
    Field,
    Form,
    Holder,
    Item,
    Json,
    Step,
    StepContext,
    StepProjection,
    holds,
)
from kinerja_perencanaan import competence, core_duties, practice
from kinerja_perencanaan.answers import example, submit, title
from kinerja_perencanaan.offers import consequences, over
from kinerja_perencanaan.rincian import PROVISIONAL, details, unsure_details

LABEL = "Rangkuman"
ID = "rangkuman"
FACT = "rencana.rhk"
"""How many lines of work the plan has: what a judgement later shows."""

UNSURE = "rencana.sementara"
"""That aspects, indicators and targets are not official: what stands on paper has to say so."""

_KINDS = {
    "praktik": "Praktik Kinerja",
    "kompetensi": "Pengembangan Kompetensi",
    "tugas-tambahan": "Tugas Tambahan",
    "tugas-pokok": "Pelaksanaan Tugas Pokok",
    "perilaku": "Perilaku Kerja",
    "penugasan-lain": "Penugasan lain",
    "ekspektasi": "Ekspektasi khusus pimpinan",
}
_NO_WORK = ("perilaku", "ekspektasi")
"""Kinds of items that are no line of work (RHK)."""
_OTHERS = "Rencana Hasil Kerja (RHK) yang disiapkan sekolah"


def form(ctx: StepContext) -> Form:
    """All items under their headings, with what should be talked about before handing in."""
    items, headings = _all(ctx, _automatic(ctx)), _headings(ctx)
    groups: dict[str, list[Item]] = {}
    for item in items:
        heading = headings.get(item.key) or ctx.words.get(item.kind, _KINDS.get(item.kind, _OTHERS))
        groups.setdefault(heading, []).append(item)
    numbers = {item.key: n for n, item in enumerate((item for item in items if item.kind not in _NO_WORK), 1)}
    fields = tuple(
        Field(f"bagian-{n}", heading, "read", pairs=tuple(_pair(ctx, item, numbers) for item in group))
        for n, (heading, group) in enumerate(groups.items(), 1)
    )
    return Form(
        title(ctx, LABEL),
        fields,
        intro="Periksa seluruh rencana. Belum pas? Ubah dahulu bagiannya.",
        notices=_notices(ctx, items),
        submit=submit(ctx),
        example=example(ctx, ID),
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The items every plan of the scheme has, which nobody chooses (`butir`), and how many lines of work there are."""
    automatic = _automatic(ctx)
    items = _all(ctx, automatic)
    n = sum(item.kind not in _NO_WORK for item in items)
    unsure = unsure_details(ctx, (item.kind for item in items))
    facts = ((Fact(FACT, n, f"{n} RHK"),) if n else ()) + (
        (Fact(UNSURE, True, unsure.replace(" di bawah ini", "")),) if unsure else ()
    )
    return StepProjection(automatic, facts)


def _all(ctx: StepContext, automatic: tuple[Item, ...]) -> list[Item]:
    """What was chosen, then what comes by itself, each once."""
    known = {item.key for item in ctx.items}
    return [*ctx.items, *(item for item in automatic if item.key not in known)]


def _lines(ctx: StepContext) -> list[Mapping[str, Json]]:
    """The lines of `butir` that are for this case: `bila` is a condition of its profile."""
    return [line for line in ctx.options.get("butir", ()) if holds(line.get("bila", {}), ctx.case.profile)]


def _automatic(ctx: StepContext) -> tuple[Item, ...]:
    chosen = practice.indicator(ctx)
    return tuple(
        Item(
            _key(line),
            line["jenis"],
            line["label"],
            (
                *((("Disiapkan oleh", line["oleh"]),) if line.get("oleh") else ()),
                *(((PROVISIONAL, "rumusan RHK ini belum resmi"),) if line.get("provisional") else ()),
                *details(ctx, line["jenis"], indicator=chosen),
            ),
        )
        for line in _lines(ctx)
    )


def _key(line: Mapping[str, Json]) -> str:
    return f"{ID}:{line['id']}"


def _headings(ctx: StepContext) -> dict[str, str]:
    """The headings that single lines bring themselves (`kelompok`), by the key of their item."""
    own = {_key(line): ctx.scheme.word(str(line["kelompok"])) for line in _lines(ctx) if line.get("kelompok")}
    return {**core_duties.headings(ctx), **own}


def _pair(ctx: StepContext, item: Item, numbers: Mapping[str, int]) -> tuple[str, str]:
    if item.kind in _NO_WORK:
        return item.label, "; ".join(text for _, text in item.detail)
    chosen = practice.indicator(ctx) or ctx.scheme.word("indikator").lower()
    lines = [item.label.replace("{indikator}", chosen)]
    lines += [f"{item.count} kali"] if item.count > 1 else []
    lines += [f"{label}: {text}" for label, text in item.detail]
    return f"RHK {numbers[item.key]}", "\n".join(lines)


def _notices(ctx: StepContext, items: list[Item]) -> tuple[str, ...]:
    notices = [*consequences(ctx), *over(ctx)]
    rule = ctx.scheme.stage(ctx.stage)
    if rule and competence.ID in rule.steps:
        rules = ctx.scheme.rules(ctx.stage, competence.ID)
        part, fact = ctx.parts.get(competence.ID), ctx.facts.get(competence.FACT)
        total = competence.points(ctx, part, rules) if part is not None else fact.value if fact else 0
        notices.append(competence.shortfall(ctx, total, rules))
    automatic = rule.switches.get("otomatis_bila") if rule else None
    if automatic and holds(automatic, _fields(ctx)):
        decides = ctx.case.holders.get("memutuskan")
        led = f"Sekolah Anda dipimpin {_acting(decides)}. " if decides and decides.acting else ""
        notices.append(f"{led}Rencana langsung disetujui sistem setelah diajukan; periksa baik-baik.")
    notices.append(unsure_details(ctx, (item.kind for item in items)))
    return tuple(notice for notice in notices if notice)


def _acting(holder: Holder) -> str:
    return "Plt. (Pelaksana Tugas)" if holder.kind == "plt" else holder.role_label


def _fields(ctx: StepContext) -> dict[str, Json]:
    """What a switch's condition may ask of: the profile, traits of relations, facts, as the kernel names them."""
    values: dict[str, Json] = dict(ctx.case.profile)
    for relation, holder in ctx.case.holders.items():
        values |= {
            f"{relation}.acting": holder.acting,
            f"{relation}.peran": holder.role,
            f"{relation}.penugasan": holder.kind,
        }
    return values | {f"fakta.{fact.name}": fact.value for fact in ctx.facts.values()}


STEP = Step(
    id=ID,
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    together=True,
    summary=True,
    gathers=True,
    options=("butir",),
    gives=(FactSpec(FACT, "Rencana Hasil Kerja (RHK)", SUBJECT), FactSpec(UNSURE, "Masih sementara", SUBJECT)),
)
