"""Steps after an observation: the follow-up discussion (diskusi-tindak-lanjut) and the follow-up effort (upaya)."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Step, StepContext, StepProjection
from kinerja_pelaksanaan import observation
from kinerja_pelaksanaan.asking import asked
from kinerja_pelaksanaan.people import READERS, observer

GOALS = "tindak-lanjut.tujuan"
"""The fact with what was agreed to be reached next: the plan of the next period shows it."""


def discuss(ctx: StepContext) -> Form:
    """What was hard, what to reach next, when, and with whose help; the marks stand above to read."""
    fields = (
        *_seen(ctx),
        Field(
            "tantangan",
            "Tantangan melakukan praktik kinerja yang direncanakan selama observasi",
            "longtext",
            required=True,
        ),
        Field("tujuan", "Tujuan dan upaya tindak lanjut", "longtext", required=True),
        Field("waktu", "Kapan upaya dilakukan", "text", required=True, most=200),
        Field("dukungan", "Dukungan yang diperlukan", "longtext"),
    )
    intro = f"Isi setelah berdiskusi dengan {observer(ctx)}."
    return Form(
        str(ctx.options.get("label", "Diskusi tindak lanjut")),
        fields,
        intro=intro,
        submit=str(ctx.options.get("lanjut", "")),
    )


def agreed(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The goals as a fact, in the words they were written in."""
    goals = data.get("tujuan")
    text = goals.strip() if isinstance(goals, str) else ""
    return StepProjection(facts=(Fact(GOALS, text, text),) if text else ())


def effort(ctx: StepContext) -> Form:
    """What was learned since, beside the goal that was set in the discussion."""
    goal = ctx.parts.get("diskusi-tindak-lanjut", {}).get("tujuan")
    before = (("Tujuan dan upaya tindak lanjut", str(goal)),) if goal else ()
    fields = (
        *((Field("tujuan", "Dari diskusi tindak lanjut", "read", pairs=before),) if before else ()),
        Field("kegiatan", "Upaya yang Anda lakukan setelah observasi", "longtext", required=True),
        Field("hasil", "Hasil yang Anda rasakan", "longtext"),
    )
    return Form(str(ctx.options.get("label", "Upaya tindak lanjut")), fields, submit=str(ctx.options.get("lanjut", "")))


def _seen(ctx: StepContext) -> tuple[Field, ...]:
    part = ctx.parts.get("observasi", {})
    marks = part.get("nilai")
    if not isinstance(marks, dict):
        return ()
    pairs = [(row.label, ctx.scheme.word(marks[row.id])) for row in observation.rows(ctx) if row.id in marks]
    if part.get("rekomendasi"):
        pairs.append((asked(ctx, "rekomendasi"), str(part["rekomendasi"])))
    return (Field("hasil", "Hasil observasi", "read", pairs=tuple(pairs)),)


DISCUSSION = Step(
    id="diskusi-tindak-lanjut",
    label="Diskusi tindak lanjut",
    author=SUBJECT,
    form=discuss,
    project=agreed,
    readers=READERS,
    gives=(FactSpec(GOALS, "Tujuan diskusi tindak lanjut", SUBJECT),),
)
EFFORT = Step(
    id="upaya",
    label="Upaya tindak lanjut",
    author=SUBJECT,
    form=effort,
    readers=READERS,
)
