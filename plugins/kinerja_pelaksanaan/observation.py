"""Step observasi: whoever observes marks each target behaviour on three levels and says what supports the mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Option, Step, StepContext, StepProjection, day_text
from kinerja_pelaksanaan.asking import asked, told
from kinerja_pelaksanaan.people import DECIDES, OBSERVES
from kinerja_pelaksanaan.targets import PREPARED, SIDES, Target, chosen_targets, indicators, notices

LABEL = "Observasi praktik kinerja"
FACT = "praktik.observasi"
LEVELS = ("belum-dilakukan", "belum-efektif", "efektif")
"""Ids of the three levels, lowest first; the scheme holds their words."""


def form(ctx: StepContext) -> Form:
    """One row a target or a behaviour line (`nilai_per`); the indicator itself where no target is published yet."""
    title = str(ctx.options.get("label", LABEL))
    submit = str(ctx.options.get("lanjut", "Selesaikan observasi"))
    lines = rows(ctx)
    if not lines:
        return Form(title, blocked="Indikator belum dipilih. Tunggu rencana disepakati.", submit=submit)
    plan = ctx.parts.get(PREPARED, {})
    agreed = [(label, str(plan[key])) for key, label in _PREPARED if plan.get(key)]
    if day := _day_text(plan.get("jadwal")):
        agreed.insert(0, ("Jadwal observasi", day))
    fields = (
        *((Field("persiapan", "Dari persiapan", "read", pairs=tuple(agreed)),) if agreed else ()),
        Field("nilai", "Hasil observasi", "levels", required=True, options=levels(ctx), rows=lines),
        Field("catatan", asked(ctx, "catatan"), "longtext", required=True),
        Field("rekomendasi", asked(ctx, "rekomendasi"), "longtext", required=True),
    )
    return Form(title, fields, notices=(*notices(ctx, plan), *told(ctx)), submit=submit)


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """That the observation is done, with how many of what was marked reached each level, in words."""
    marks = data.get("nilai")
    if not isinstance(marks, Mapping):
        return StepProjection()
    count = Counter(level for level in marks.values() if level in LEVELS)
    noun = _noun(ctx)
    words = "; ".join(f"{count[level]} {noun}: {ctx.scheme.word(level)}" for level in LEVELS if count[level])
    return StepProjection(facts=(Fact(FACT, True, words),))


def rows(ctx: StepContext) -> tuple[Option, ...]:
    """What is marked: the targets of the preparation, each of their behaviour lines, or the indicators."""
    targets = chosen_targets(ctx, ctx.parts.get(PREPARED, {}))
    if not targets:
        return tuple(Option(entry.id, entry.label, provisional=entry.provisional) for entry in indicators(ctx))
    if ctx.options.get("nilai_per") != "perilaku":
        return tuple(target.option() for target in targets)
    return tuple(row for target in targets for row in _lines(target) or (target.option(),))


def _lines(target: Target) -> tuple[Option, ...]:
    """Each behaviour of a target; none where only its own sentence is known."""
    headings = dict(SIDES)
    return tuple(
        Option(f"{target.id}:{side}:{n}", text, tag=headings[side], group=target.text, provisional=target.provisional)
        for side, texts in target.behaviours
        for n, text in enumerate(texts, 1)
    )


def _noun(ctx: StepContext) -> str:
    """What one row is called in the sentence about the marks."""
    if not chosen_targets(ctx, ctx.parts.get(PREPARED, {})):
        rubric = ctx.content.get("rubrik")
        own = rubric.data.get("sebutan") if rubric else None
        return str(own or ctx.scheme.word("indikator")).lower()
    return "perilaku" if ctx.options.get("nilai_per") == "perilaku" else "target"


def _day_text(value: Json) -> str:
    """«5 Maret 2024» for a stored day; nothing for what is no day."""
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return ""
    return day_text(day)


def levels(ctx: StepContext) -> tuple[Option, ...]:
    """The three levels in the scheme's words."""
    return tuple(Option(level, ctx.scheme.word(level)) for level in LEVELS)


_PREPARED = (("target_sendiri", "Target perilaku yang disepakati"), ("upaya", "Upaya"), ("catatan", "Catatan"))

STEP = Step(
    id="observasi",
    label=LABEL,
    author=OBSERVES,
    form=form,
    project=project,
    readers=(SUBJECT, DECIDES, "menyarankan"),
    options=("nilai_per",),
    gives=(FactSpec(FACT, "Hasil observasi", OBSERVES, about="result"),),
)
