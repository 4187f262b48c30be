"""Step mulai-periode: whoever leads the school, definitive or acting, begins the period for its people."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import CaseView, Fact, FactSpec, Field, Form, Json, Step, StepContext, StepProjection, holds
from kinerja_pra_perencanaan.school import DECIDES, READERS, blocked, fields, submit, switches, title

ID = "mulai-periode"
LABEL = "Mulai periode"
FACT = "periode.dimulai"


def form(ctx: StepContext) -> Form:
    """One statement; where the scheme asks nobody to begin the period here, a sentence that says so."""
    if not asked(ctx.case, ctx.facts, switches(ctx)):
        return blocked(ctx, LABEL, "Periode di sekolah ini dimulai tanpa langkah ini. Tidak ada yang perlu dilakukan.")
    statement = Field("mulai", f"Saya memulai periode {ctx.case.period.label}", "check", required=True)
    intro = f"Setelah dimulai, pegawai di {ctx.case.unit.name} dapat mengisi bagiannya."
    return Form(title(ctx, LABEL), (statement,), intro=intro, submit=submit(ctx, LABEL))


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The fact that stages of the school's people may wait for."""
    return StepProjection(facts=(Fact(FACT, True, "Dimulai"),) if data.get("mulai") is True else ())


def asked(case: CaseView, facts: Mapping[str, Fact], rules: Mapping[str, Json]) -> bool:
    """Whether the period is to be begun here: the stage's switch `untuk` holds, or there is none."""
    condition = rules.get("untuk", {})
    return isinstance(condition, Mapping) and holds(condition, fields(case, facts))


STEP = Step(
    id=ID,
    label=LABEL,
    author=DECIDES,
    form=form,
    project=project,
    readers=READERS,
    gives=(FactSpec(FACT, "Periode dimulai", DECIDES, about="state"),),
)
