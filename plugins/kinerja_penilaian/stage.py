"""The judging table, used by the stages penilaian and penilaian-tahunan: one author sets it and may set it anew."""

from __future__ import annotations

from dataclasses import replace

from kinerja import AUTHOR, NEWS, SUBJECT, Fact, Flow, Stage, StageContext, StageProjection, State, Task, Transition

_SET = Transition(
    "tetapkan",
    "Tetapkan",
    "belum",
    "dinilai",
    AUTHOR,
    "menetapkan penilaian",
    hand_in=True,
    settles=True,
    window=True,
    confirm="Penilaian akan dapat dibaca pegawai yang dinilai. Sudah diperiksa?",
)

FLOW = Flow(
    states=(
        State("belum", "Belum dinilai", "menunggu", "wait"),
        State("dinilai", "Sudah dinilai", "selesai", "good"),
    ),
    transitions=(
        _SET,
        replace(_SET, label="Ubah penilaian", source="dinilai", past="mengubah penilaian", note="must"),
    ),
    lone="tetapkan",
)


def project(ctx: StageContext) -> StageProjection:
    """One turn until the judgement is set, which says first what evidence is missing; then its result as news."""
    if ctx.state.id != "belum" or not ctx.steps:
        found = next(
            (ctx.facts[f"predikat.{one}"] for one in ("tahunan", "semester") if f"predikat.{one}" in ctx.facts), None
        )
        if found is None:
            return StageProjection()
        return StageProjection(
            replace(ctx.state, label=f"Predikat kinerja: {found.label}"), tasks=(_result(ctx, found),)
        )
    step = ctx.steps[0]
    sentence = "Beri rating hasil kerja dan rating perilaku kerja."
    if ctx.given < ctx.places:
        sentence = f"{ctx.places - ctx.given} dari {ctx.places} bukti belum ada. {sentence}"
    return StageProjection(tasks=(Task(step.author, step.label, step.id, "menunggu", sentence, ctx.due),))


def _result(ctx: StageContext, found: Fact) -> Task:
    """The predicate for whoever it is given to, until they have read it."""
    holder = ctx.case.holders.get("memutuskan")
    sentence = f"Ditetapkan {holder.person.address.removesuffix('.')}." if holder else ""
    return Task(SUBJECT, f"Predikat kinerja Anda: {found.label}", sentence=sentence, what=NEWS, asked=False)


STAGES = (
    Stage(id="penilaian", label="Penilaian", flows={"penilai": FLOW}, project=project, concludes=True),
    Stage(id="penilaian-tahunan", label="Predikat tahunan", flows={"penilai": FLOW}, project=project, concludes=True),
)
