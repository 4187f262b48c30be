"""Step rekomendasi: what a Tim Kerja, Tim Kinerja or pengawas says of a plan. The assessor decides all the same."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Option, Step, StepContext, StepProjection
from kinerja_perencanaan.answers import decider, example, one, subject, submit, title

LABEL = "Rekomendasi"
ID = "rekomendasi"
FACT = "rekomendasi.tim"

_ANSWERS = {"setuju": "Setuju", "bicarakan": "Perlu dibicarakan"}


def form(ctx: StepContext) -> Form:
    """One answer, and what should be talked about where something should."""
    fields = (
        Field(
            "pendapat",
            f"Pendapat Anda tentang rencana {subject(ctx)}",
            "one",
            required=True,
            options=tuple(Option(id, label) for id, label in _ANSWERS.items()),
        ),
        Field(
            "catatan",
            "Yang perlu dibicarakan",
            "longtext",
            required=True,
            most=2000,
            needs=("pendapat", ("bicarakan",)),
        ),
    )
    return Form(
        title(ctx, LABEL),
        fields,
        intro=f"Anda memberi rekomendasi. Yang memutuskan {decider(ctx)}.",
        submit=submit(ctx, "Beri rekomendasi"),
        example=example(ctx, ID),
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The answer as a fact, in the words of whoever gave it; of several in a team one doubt is enough."""
    answer, note = one(data, "pendapat"), one(data, "catatan")
    if answer not in _ANSWERS:
        return StepProjection()
    other = ctx.facts.get(FACT)
    if other is not None and doubts(other) and answer != "bicarakan":
        return StepProjection()
    words = f"{_ANSWERS[answer]}: {note}" if answer == "bicarakan" and note else _ANSWERS[answer]
    return StepProjection(facts=(Fact(FACT, answer, words),))


def doubts(said: Fact) -> bool:
    """Whether what was said asks to talk about the plan."""
    return bool(said.value == "bicarakan")


STEP = Step(
    id=ID,
    label=LABEL,
    passing=True,
    author="menyarankan",
    form=form,
    project=project,
    readers=("memutuskan", SUBJECT),
    gives=(FactSpec(FACT, "Rekomendasi tim", "menyarankan"),),
)
