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
from kinerja_perencanaan import competence, practice
from kinerja_perencanaan.answers import submit, title

LABEL = "Rangkuman"
FACT = "rencana.rhk"
"""How many lines of work the plan has: what a judgement later shows."""

_KINDS = {
    "praktik": "Praktik Kinerja",
    "kompetensi": "Pengembangan Kompetensi",
    "tugas-tambahan": "Tugas Tambahan",
    "tugas-pokok": "Pelaksanaan Tugas Pokok",
    "perilaku": "Perilaku Kerja",
}
_OTHERS = "RHK yang disiapkan sekolah"


def form(ctx: StepContext) -> Form:
    """All items under the words of their kinds, with what should be talked about before handing in."""
    items = _all(ctx)
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(ctx.words.get(item.kind, _KINDS.get(item.kind, _OTHERS)), []).append(item)
    numbers = {item.key: n for n, item in enumerate((item for item in items if item.kind != "perilaku"), 1)}
    fields = tuple(
        Field(f"bagian-{n}", heading, "read", pairs=tuple(_pair(ctx, item, numbers) for item in group))
        for n, (heading, group) in enumerate(groups.items(), 1)
    )
    intro = "Periksa seluruh rencana. Belum pas? Ubah dahulu bagiannya."
    return Form(title(ctx, LABEL), fields, intro=intro, notices=_notices(ctx), submit=submit(ctx))


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The items every plan of the scheme has, which nobody chooses (`butir`), and how many lines of work there are."""
    n = sum(item.kind != "perilaku" for item in _all(ctx))
    return StepProjection(_automatic(ctx), (Fact(FACT, n, f"{n} RHK"),) if n else ())


def _all(ctx: StepContext) -> list[Item]:
    """What was chosen, then what comes by itself, each once."""
    known = {item.key for item in ctx.items}
    return [*ctx.items, *(item for item in _automatic(ctx) if item.key not in known)]


def _automatic(ctx: StepContext) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"rangkuman:{line['id']}",
            line["jenis"],
            line["label"],
            (("Disiapkan oleh", line["oleh"]),) if line.get("oleh") else (),
        )
        for line in ctx.options.get("butir", ())
    )


def _pair(ctx: StepContext, item: Item, numbers: Mapping[str, int]) -> tuple[str, str]:
    if item.kind == "perilaku":
        return item.label, "; ".join(text for _, text in item.detail)
    lines = [item.label.replace("{indikator}", _indicator(ctx))]
    lines += [f"{item.count} kali"] if item.count > 1 else []
    lines += [f"{label}: {text}" for label, text in item.detail]
    return f"RHK {numbers[item.key]}", "\n".join(lines)


def _indicator(ctx: StepContext) -> str:
    chosen = practice.entries_of(ctx, ctx.parts.get(practice.STEP.id, {}))
    if chosen:
        return "; ".join(entry.label for entry in chosen)
    fact = ctx.facts.get(practice.FACT)
    return fact.label if fact else ctx.scheme.word("indikator").lower()


def _notices(ctx: StepContext) -> tuple[str, ...]:
    notices: list[str] = []
    rule = ctx.scheme.stage(ctx.stage)
    if rule and competence.ID in rule.steps:
        rules = ctx.scheme.rules(ctx.stage, competence.ID)
        part, fact = ctx.parts.get(competence.ID), ctx.facts.get(competence.FACT)
        total = competence.points(ctx, part, rules) if part is not None else fact.value if fact else 0
        notices.append(competence.shortfall(total, rules))
    automatic = rule.switches.get("otomatis_bila") if rule else None
    if automatic and holds(automatic, _fields(ctx)):
        decides = ctx.case.holders.get("memutuskan")
        led = f"Sekolah Anda dipimpin {_acting(decides)}. " if decides and decides.acting else ""
        notices.append(f"{led}Rencana langsung disetujui sistem setelah diajukan; periksa baik-baik.")
    return tuple(notice for notice in notices if notice)


def _acting(holder: Holder) -> str:
    return "Plt. (Pelaksana Tugas)" if holder.kind == "plt" else holder.role_label


def _fields(ctx: StepContext) -> dict[str, Json]:
    """What a switch's condition may ask of: the profile, traits of relations, facts, as the kernel names them."""
    values: dict[str, Json] = dict(ctx.case.profile)
    for relation, holder in ctx.case.holders.items():
        values |= {f"{relation}.acting": holder.acting, f"{relation}.peran": holder.role}
    return values | {f"fakta.{fact.name}": fact.value for fact in ctx.facts.values()}


STEP = Step(
    id="rangkuman",
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    together=True,
    summary=True,
    options=("butir",),
    gives=(FactSpec(FACT, "Rencana Hasil Kerja (RHK)", SUBJECT),),
)
