"""Step praktik: the indicator to work on, chosen from the rubric that fits the case."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import (
    SUBJECT,
    Content,
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
)
from kinerja_perencanaan.answers import blocked, decider, example, many, submit, title
from kinerja_perencanaan.offers import TAG, offered, warning, withdrawn
from kinerja_perencanaan.rincian import details, proof, unsure

LABEL = "Praktik Kinerja"
ID = "praktik"
FACT = "praktik.indikator"
RECOMMENDED = "Rekomendasi dari Rapor Pendidikan"
OWN_TARGETS = "rubrik.target"
"""The unit's fact with target behaviours a school wrote itself: {indicator id: [lines]}."""


def form(ctx: StepContext) -> Form:
    """One indicator where the scheme asks for exactly one, else as many as its `banyak` allows."""
    rubric = ctx.content.get("rubrik")
    entries = offered(ctx, rubric)
    if rubric is None or not entries:
        return blocked(ctx, LABEL, "Belum ada daftar indikator untuk jabatan Anda. Hubungi Dinas Pendidikan.")
    noun = _noun(ctx)
    gone = withdrawn(ctx, ID)
    first = sorted((*entries, *gone), key=lambda entry: _result(ctx, entry) is None)
    headed = any(entry.data.get("kelompok") for entry in entries)
    options = tuple(_option(ctx, entry, headed, entry in gone) for entry in first)
    least, most = ctx.options.get("banyak", (1, 1))
    if (least, most) == (1, 1):
        advice = "Pilih satu yang paling ingin Anda tingkatkan."
        field = Field("indikator", noun, "one", help=advice, required=True, options=options)
    else:
        advice = f"Pilih paling banyak {most} yang ingin Anda tingkatkan."
        field = Field(
            "indikator", noun, "many", help=advice, required=least > 0, options=options, least=least, most=most
        )
    return Form(
        title(ctx, LABEL),
        (field,),
        intro=f"{noun} yang Anda pilih menjadi Rencana Hasil Kerja (RHK) dan diamati dalam observasi.",
        notices=_notices(ctx, rubric, entries),
        submit=submit(ctx),
        example=example(ctx, ID),
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """An RHK for each chosen indicator, in the words of the scheme's own line where it has one, and the fact."""
    chosen = entries_of(ctx, data)
    if not chosen:
        return StepProjection()
    sentence = _line(ctx.content.get("tugas-pokok"))
    items = tuple(
        Item(
            f"{ID}:{entry.id}",
            ID,
            sentence.replace("{indikator}", entry.label) if sentence else entry.label,
            (
                *(((_noun(ctx), entry.label),) if sentence else ()),
                *unsure(entry),
                *details(ctx, ID, indicator=entry.label),
                *proof(ctx, ID),
            ),
        )
        for entry in chosen
    )
    ids = [entry.id for entry in chosen]
    fact = Fact(FACT, ids[0] if len(ids) == 1 else ids, "; ".join(entry.label for entry in chosen))
    return StepProjection(items, (fact,))


def entries_of(ctx: StepContext, data: Mapping[str, Json]) -> tuple[Entry, ...]:
    """The chosen indicators that the case's rubric knows."""
    rubric = ctx.content.get("rubrik")
    found = (rubric.entry(id) for id in many(data, "indikator")) if rubric else ()
    return tuple(entry for entry in found if entry)


def indicator(ctx: StepContext) -> str:
    """The indicator chosen, as other parts of the plan name it; empty where none is."""
    chosen = entries_of(ctx, ctx.parts.get(ID, {}))
    fact = ctx.facts.get(FACT)
    return "; ".join(entry.label for entry in chosen) or (fact.label if fact else "")


def _noun(ctx: StepContext) -> str:
    rubric = ctx.content.get("rubrik")
    return str((rubric.data if rubric else {}).get("sebutan", ctx.scheme.word("indikator")))


def _notices(ctx: StepContext, rubric: Content, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    notices = list(warning(ctx, ID))
    if ctx.options.get("rekomendasi") and not any(_result(ctx, entry) for entry in entries):
        notices.append(f"Pilih setelah berdiskusi dengan {decider(ctx)}.")
    if not any(_targets(ctx, entry) for entry in entries):
        notices.append(str(rubric.data.get("catatan", "Target perilaku belum diterbitkan.")))
    return tuple(notices)


def _option(ctx: StepContext, entry: Entry, headed: bool, gone: bool) -> Option:
    result, heading = _result(ctx, entry), ctx.scheme.word(str(entry.data.get("kelompok", "")))
    about = [str(entry.data.get("definisi", ""))]
    if result and result.label:
        about.append(f"Rapor Pendidikan: {result.label}")
    return Option(
        entry.id,
        entry.label,
        detail=". ".join(text.rstrip(".") for text in about if text) if len(about) > 1 else about[0],
        lists=_targets(ctx, entry),
        tag=TAG if gone else RECOMMENDED if result else "",
        group=RECOMMENDED if result and headed else heading,
        provisional=entry.provisional,
    )


def _result(ctx: StepContext, entry: Entry) -> Fact | None:
    """The school's result that recommends an indicator: a fact of the unit under the scheme's prefix."""
    prefix = ctx.options.get("rekomendasi")
    return ctx.unit.facts.get(f"{prefix}.{entry.id}") if ctx.unit and prefix else None


def _targets(ctx: StepContext, entry: Entry) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The published target behaviours, or those the school wrote for an indicator that has none."""
    published = tuple(
        f"{target['label']} (sementara)" if target.get("provisional") else str(target["label"])
        for target in entry.data.get("target", ())
    )
    if published:
        return (("Target perilaku yang akan diamati", published),)
    fact = ctx.unit.facts.get(OWN_TARGETS) if ctx.unit else None
    lines = fact.value.get(entry.id, ()) if fact and isinstance(fact.value, Mapping) else ()
    own = tuple(str(line) for line in lines if line) if isinstance(lines, (list, tuple)) else ()
    return (("Target perilaku yang akan diamati (dari sekolah, sementara)", own),) if own else ()


def _line(lines: Content | None) -> str:
    """The scheme's own wording of the line on practice, or nothing."""
    entries = lines.entries if lines else ()
    return next((entry.label for entry in entries if entry.data.get("peran_baris") == ID), "")


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
    options=("banyak", "rekomendasi"),
    gives=(FactSpec(FACT, "Indikator yang dipilih", SUBJECT),),
)
