"""Step tugas-pokok: the fixed lines of a plan, which are read and not chosen."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Entry, Field, Form, Item, Json, Step, StepContext, StepProjection
from kinerja_perencanaan.answers import submit, title

LABEL = "Pelaksanaan Tugas Pokok"
ID = "tugas-pokok"


def form(ctx: StepContext) -> Form:
    """The lines as numbered text and one confirmation; nothing to confirm where no lines are meant for the role."""
    lines = _lines(ctx)
    if not lines:
        sentence = "Belum ada baris tugas pokok untuk jabatan Anda. Lanjutkan ke bagian berikutnya."
        return Form(title(ctx, LABEL), notices=(sentence,), submit=submit(ctx))
    pairs = tuple((f"RHK {n}", entry.label) for n, entry in enumerate(lines, 1))
    fields = (
        Field("baris", "Rencana Hasil Kerja (RHK)", "read", pairs=pairs),
        Field("dibaca", "Saya sudah membaca", "check", required=True),
    )
    intro = "Baris ini sudah tetap dan tidak perlu dipilih."
    return Form(title(ctx, LABEL), fields, intro=intro, submit=submit(ctx))


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The lines as items. The line on competence stands here only where no catalogue gives such items."""
    return StepProjection(
        tuple(Item(f"{ID}:{entry.id}", str(entry.data["peran_baris"]), entry.label) for entry in _lines(ctx))
    )


def _lines(ctx: StepContext) -> tuple[Entry, ...]:
    content = ctx.content.get("tugas-pokok")
    kinds = {"tugas-pokok"} if "katalog-kompetensi" in ctx.content else {"tugas-pokok", "kompetensi"}
    entries = content.valid_on(ctx.today) if content else ()
    return tuple(entry for entry in entries if entry.data.get("peran_baris") in kinds)


STEP = Step(
    id=ID,
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    together=True,
)
