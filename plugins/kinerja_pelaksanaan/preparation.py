"""Step persiapan: what will be looked at, how the teacher prepares for it, and on which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Step, StepContext, StepProjection, day_text
from kinerja_pelaksanaan.people import decider
from kinerja_pelaksanaan.targets import all_targets, unpublished

LABEL = "Persiapan observasi"
DAY = "observasi.jadwal"
"""The day agreed for the observation, as a fact."""


def form(ctx: StepContext) -> Form:
    """Targets to choose where the rubric has any; else the teacher writes what was agreed with the head."""
    targets = all_targets(ctx)
    missing = unpublished(ctx)
    if targets:
        what = Field(
            "target",
            "Target perilaku yang akan diamati",
            "many",
            help="Pilih minimal satu.",
            required=True,
            options=tuple(target.option() for target in targets),
            least=1,
        )
    else:
        what = Field("target_sendiri", "Target perilaku yang disepakati", "longtext", required=True)
    fields = (
        what,
        Field("upaya", "Upaya untuk mempelajari target perilaku", "longtext", required=True),
        Field("jadwal", "Jadwal observasi", "date", help=f"Sepakati dahulu dengan {decider(ctx)}.", required=True),
        Field("catatan", "Catatan lain", "longtext"),
    )
    title = str(ctx.options.get("label", LABEL))
    submit = str(ctx.options.get("lanjut", ""))
    return Form(title, fields, notices=(missing,) if missing else (), submit=submit)


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The day agreed for the observation, where it reads as one."""
    try:
        day = date.fromisoformat(data.get("jadwal"))  # type: ignore[arg-type]  # checked by trying
    except (TypeError, ValueError):
        return StepProjection()
    return StepProjection(facts=(Fact(DAY, day.isoformat(), day_text(day)),))


STEP = Step(
    id="persiapan",
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    gives=(FactSpec(DAY, "Jadwal observasi", SUBJECT),),
)
