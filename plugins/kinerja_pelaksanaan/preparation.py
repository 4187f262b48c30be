"""Step persiapan: what will be looked at, how the teacher prepares for it, and on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from kinerja import SUBJECT, Fact, FactSpec, Field, Form, Json, Step, StepContext, StepProjection, day_text
from kinerja_pelaksanaan.people import READERS, observer
from kinerja_pelaksanaan.targets import PREPARED, all_targets, left_targets, notices, own_words

LABEL = "Persiapan observasi"
DAY = "observasi.jadwal"
"""The day agreed for the observation, as a fact."""
_OWN = Field("target_sendiri", "Target perilaku yang disepakati", "longtext", required=True)


def form(ctx: StepContext) -> Form:
    """Targets to choose where the rubric or the school has any; else the teacher writes what was agreed with whoever
    observes. What was chosen or written before the school changed its list stays in the form."""
    answers = ctx.parts.get(PREPARED, {})
    targets = (*all_targets(ctx), *left_targets(ctx, answers))
    what: tuple[Field, ...] = (_OWN,)
    if targets:
        choice = Field(
            "target",
            "Target perilaku yang akan diamati",
            "many",
            help="Pilih minimal satu.",
            required=True,
            options=tuple(target.option() for target in targets),
            least=1,
        )
        what = (choice, replace(_OWN, required=False)) if own_words(answers) else (choice,)
    fields = (
        *what,
        Field("upaya", "Upaya untuk mempelajari target perilaku", "longtext", required=True),
        Field("jadwal", "Jadwal observasi", "date", help=f"Sepakati dahulu dengan {observer(ctx)}.", required=True),
        Field("catatan", "Catatan lain", "longtext"),
    )
    title = str(ctx.options.get("label", LABEL))
    submit = str(ctx.options.get("lanjut", ""))
    return Form(title, fields, notices=notices(ctx, answers), submit=submit)


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The day agreed for the observation, where it reads as one."""
    try:
        day = date.fromisoformat(data.get("jadwal"))  # type: ignore[arg-type]  # checked by trying
    except (TypeError, ValueError):
        return StepProjection()
    return StepProjection(facts=(Fact(DAY, day.isoformat(), day_text(day)),))


STEP = Step(
    id=PREPARED,
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=READERS,
    gives=(FactSpec(DAY, "Jadwal observasi", SUBJECT),),
)
