"""Step observasi: the observer marks each target behaviour on three levels and says what supports the mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Option, Step, StepContext, StepProjection
from kinerja_pelaksanaan.targets import SIDES, chosen_targets, indicators, unpublished

LABEL = "Observasi kelas"
FACT = "praktik.observasi"
LEVELS = ("belum-dilakukan", "belum-efektif", "efektif")
"""Ids of the three levels, lowest first; the scheme holds their words."""


def form(ctx: StepContext) -> Form:
    """One row a target or a behaviour line (`nilai_per`); the indicator itself where no target is published yet."""
    title = str(ctx.options.get("label", LABEL))
    submit = str(ctx.options.get("lanjut", ""))
    lines = rows(ctx)
    if not lines:
        return Form(title, blocked="Indikator belum dipilih. Tunggu rencana disepakati.", submit=submit)
    plan = ctx.parts.get("persiapan", {})
    agreed = [(label, str(plan[key])) for key, label in _PREPARED if plan.get(key)]
    fields = (
        *((Field("persiapan", "Dari persiapan", "read", pairs=tuple(agreed)),) if agreed else ()),
        Field("nilai", "Hasil observasi", "levels", required=True, options=levels(ctx), rows=lines),
        Field("catatan", "Perilaku guru dan respons murid yang mendukung penilaian", "longtext", required=True),
        Field("rekomendasi", "Rekomendasi bagi guru", "longtext", required=True),
    )
    missing = unpublished(ctx)
    return Form(title, fields, notices=(missing,) if missing else (), submit=submit)


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """That the observation is done, with how many rows reached each level in words."""
    marks = data.get("nilai")
    if not isinstance(marks, Mapping):
        return StepProjection()
    count = Counter(level for level in marks.values() if level in LEVELS)
    words = "; ".join(f"{ctx.scheme.word(level)}: {count[level]}" for level in LEVELS if count[level])
    return StepProjection(facts=(Fact(FACT, True, words),))


def rows(ctx: StepContext) -> tuple[Option, ...]:
    """What is marked: the targets of the preparation, each of their behaviour lines, or the indicators."""
    targets = chosen_targets(ctx, ctx.parts.get("persiapan", {}))
    if not targets:
        return tuple(Option(entry.id, entry.label, provisional=entry.provisional) for entry in indicators(ctx))
    if ctx.options.get("nilai_per") != "perilaku":
        return tuple(target.option() for target in targets)
    headings = dict(SIDES)
    lines = tuple(
        Option(f"{target.id}:{side}:{n}", text, tag=headings[side], group=target.label, provisional=target.provisional)
        for target in targets
        for side, texts in target.behaviours
        for n, text in enumerate(texts, 1)
    )
    return lines or tuple(target.option() for target in targets)


def levels(ctx: StepContext) -> tuple[Option, ...]:
    """The three levels in the scheme's words."""
    return tuple(Option(level, ctx.scheme.word(level)) for level in LEVELS)


_PREPARED = (("target_sendiri", "Target perilaku yang disepakati"), ("upaya", "Upaya"), ("catatan", "Catatan"))

STEP = Step(
    id="observasi",
    label=LABEL,
    author="memutuskan",
    form=form,
    project=project,
    readers=(SUBJECT, "menyarankan"),
    options=("nilai_per",),
    gives=(FactSpec(FACT, "Observasi selesai", "memutuskan"),),
)
