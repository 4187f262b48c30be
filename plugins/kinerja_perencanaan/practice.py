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
from kinerja_perencanaan.answers import blocked, decider, many, submit, title

LABEL = "Praktik Kinerja"
FACT = "praktik.indikator"


def form(ctx: StepContext) -> Form:
    """One indicator where the scheme asks for exactly one, else as many as its `banyak` allows."""
    rubric = ctx.content.get("rubrik")
    entries = rubric.valid_on(ctx.today) if rubric else ()
    if rubric is None or not entries:
        return blocked(ctx, LABEL, "Belum ada daftar indikator untuk jabatan Anda. Hubungi Dinas Pendidikan.")
    noun = str(rubric.data.get("sebutan", ctx.scheme.word("indikator")))
    options = tuple(_option(ctx, entry) for entry in entries)
    least, most = ctx.options.get("banyak", (1, 1))
    if (least, most) == (1, 1):
        advice = "Pilih satu yang paling ingin Anda tingkatkan."
        field = Field("indikator", noun, "one", help=advice, required=True, options=options)
    else:
        advice = f"Pilih paling banyak {most} yang ingin Anda tingkatkan."
        field = Field(
            "indikator", noun, "many", help=advice, required=least > 0, options=options, least=least, most=most
        )
    notices: list[str] = []
    if not any(option.tag for option in options) and ctx.options.get("rekomendasi"):
        notices.append(f"Pilih setelah berdiskusi dengan {decider(ctx)}.")
    if not any(entry.data.get("target") for entry in entries):
        notices.append(str(rubric.data.get("catatan", "Target perilaku belum diterbitkan.")))
    intro = f"{noun} yang Anda pilih menjadi Rencana Hasil Kerja (RHK) dan diamati dalam observasi."
    return Form(title(ctx, LABEL), (field,), intro=intro, notices=tuple(notices), submit=submit(ctx))


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """An RHK for each chosen indicator, in the words of the scheme's own line where it has one, and the fact."""
    chosen = entries_of(ctx, data)
    if not chosen:
        return StepProjection()
    sentence = _line(ctx.content.get("tugas-pokok"))
    noun = str(ctx.content["rubrik"].data.get("sebutan", ctx.scheme.word("indikator")))
    items = tuple(
        Item(
            f"praktik:{entry.id}",
            "praktik",
            sentence.replace("{indikator}", entry.label) if sentence else entry.label,
            ((noun, entry.label),) if sentence else (),
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


def _option(ctx: StepContext, entry: Entry) -> Option:
    targets = tuple(target["label"] for target in entry.data.get("target", ()))
    fact = f"{ctx.options.get('rekomendasi', '')}.{entry.id}"
    return Option(
        entry.id,
        entry.label,
        detail=entry.data.get("definisi", ""),
        lists=(("Target perilaku yang akan diamati", targets),) if targets else (),
        tag="Rekomendasi dari Rapor Pendidikan" if ctx.unit and fact in ctx.unit.facts else "",
        group=entry.data.get("kelompok", ""),
        provisional=entry.provisional,
    )


def _line(lines: Content | None) -> str:
    """The scheme's own wording of the line on practice, or nothing."""
    entries = lines.entries if lines else ()
    return next((entry.label for entry in entries if entry.data.get("peran_baris") == "praktik"), "")


STEP = Step(
    id="praktik",
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
