"""A school's readiness: an acting head confirms being that, so that work at the school can go on.

Source: panduan penyusunan Perencanaan Kinerja, steps 10 and 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from kinerja import (
    AUTHOR,
    Change,
    Fact,
    FactSpec,
    Field,
    Flow,
    Form,
    Json,
    Stage,
    StageContext,
    StageProjection,
    State,
    Step,
    StepContext,
    StepProjection,
    Task,
    Transition,
)

DECIDES = "memutuskan"
FACT = "plt.dikonfirmasi"
ID = "konfirmasi-plt"

_OPEN = State("belum", "Menunggu konfirmasi Plt.", "menunggu", "wait")
_CONFIRMED = State("dikonfirmasi", "Dikonfirmasi", "selesai", "good")
_NOT_NEEDED = State("tidak-perlu", "Tidak perlu", "selesai")


def form(ctx: StepContext) -> Form:
    """The letter, its days and the statement itself; the stage's window says from which day."""
    title = str(ctx.options.get("label", "Konfirmasi Plt."))
    submit = str(ctx.options.get("lanjut", ""))
    holder = ctx.case.holders.get(DECIDES)
    statement = f"Saya {_post(holder.role_label if holder else 'Plt. Kepala Sekolah', ctx.case.unit.name)}"
    fields = (
        Field("sk", "Nomor SK atau Surat Tugas", "text", required=True, most=200),
        Field("mulai", "Terhitung mulai tanggal (TMT)", "date", required=True),
        Field("selesai", "Sampai tanggal", "date", required=True),
        Field("pernyataan", statement, "check", required=True),
    )
    return Form(title, fields, intro="Setelah dikonfirmasi, guru dapat memulai Pelaksanaan Kinerja.", submit=submit)


def confirm(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The fact that the school's people wait for."""
    if data.get("pernyataan") is not True:
        return StepProjection()
    return StepProjection(facts=(Fact(FACT, True, f"Dikonfirmasi, SK {data.get('sk', '')}".strip()),))


def objection(change: Change) -> str | None:
    """Why a confirmation cannot be taken: its last day lies before its first, or before today at the school."""
    since, until = change.data.get("mulai"), change.data.get("selesai")
    if change.step != ID or not isinstance(until, str):
        return None
    if isinstance(since, str) and until < since:
        return "«Sampai tanggal» lebih awal daripada TMT. Perbaiki salah satunya."
    if until < change.at.astimezone(ZoneInfo(change.case.unit.zone)).date().isoformat():
        return "Masa Plt. pada isian sudah berakhir. Periksa «Sampai tanggal»."
    return None


def _post(role: str, school: str) -> str:
    """«Plt. Kepala TK Contoh»: the post at a school, which is named once."""
    post, _, place = role.rpartition(" ")
    return f"{post} {school}" if place in ("Sekolah", school.split(" ")[0]) else f"{role} di {school}"


def project(ctx: StageContext) -> StageProjection:
    """A turn for the acting head until confirmed; nothing to do where the head is not acting, or acting in another
    way than the scheme names in `jenis`."""
    holder = ctx.case.holders.get(DECIDES)
    kinds = ctx.switches.get("jenis")
    if holder is None or not holder.acting or (kinds is not None and holder.kind not in kinds):
        return StageProjection(state=_NOT_NEEDED)
    if all(step.state == "effective" for step in ctx.steps):
        return StageProjection(state=_CONFIRMED)
    step = next(step for step in ctx.steps if step.state != "effective")
    sentence = "Guru menunggu konfirmasi ini untuk memulai Pelaksanaan Kinerja."
    return StageProjection(state=_OPEN, tasks=(Task(DECIDES, step.label, step.id, "menunggu", sentence, ctx.due),))


FLOW = Flow(
    states=(_OPEN, _CONFIRMED, _NOT_NEEDED),
    transitions=(
        Transition(
            "konfirmasi", "Konfirmasi", "belum", "dikonfirmasi", AUTHOR, "mengonfirmasi", hand_in=True, settles=True
        ),
        Transition(
            "konfirmasi",
            "Konfirmasi ulang",
            "dikonfirmasi",
            "dikonfirmasi",
            AUTHOR,
            "mengonfirmasi ulang",
            hand_in=True,
            settles=True,
        ),
    ),
    lone="konfirmasi",
)
STAGE = Stage(id="kesiapan-sekolah", label="Kesiapan sekolah", flows={"kesiapan": FLOW}, project=project)
STEP = Step(
    id=ID,
    label="Konfirmasi Plt.",
    author=DECIDES,
    form=form,
    project=confirm,
    gives=(FactSpec(FACT, "Konfirmasi Plt. Kepala Sekolah", DECIDES, about="state"),),
)
