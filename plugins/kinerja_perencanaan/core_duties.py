"""Step tugas-pokok: the fixed lines of a plan, which are read and not chosen."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Entry, Field, Form, Item, Json, Step, StepContext, StepProjection
from kinerja_perencanaan.answers import example, submit, title
from kinerja_perencanaan.practice import indicator
from kinerja_perencanaan.rincian import details, unsure

LABEL = "Pelaksanaan Tugas Pokok"
ID = "tugas-pokok"


def form(ctx: StepContext) -> Form:
    """The lines as numbered text, under the headings of their `kelompok` where they have some, and one confirmation;
    nothing to confirm where no lines are meant for the role."""
    lines = _lines(ctx)
    if not lines:
        sentence = "Belum ada baris tugas pokok untuk jabatan Anda. Lanjutkan ke bagian berikutnya."
        return Form(title(ctx, LABEL), notices=(sentence,), submit=submit(ctx))
    groups: dict[str, list[tuple[str, str]]] = {}
    for entry in lines:
        groups.setdefault(_group(ctx, entry), []).append((f"RHK {sum(map(len, groups.values())) + 1}", _text(entry)))
    read = (
        Field("baris" if n == 1 else f"baris-{n}", heading or "Rencana Hasil Kerja (RHK)", "read", pairs=tuple(pairs))
        for n, (heading, pairs) in enumerate(groups.items(), 1)
    )
    return Form(
        title(ctx, LABEL),
        (*read, Field("dibaca", "Saya sudah membaca", "check", required=True)),
        intro="Baris ini sudah tetap dan tidak perlu dipilih.",
        submit=submit(ctx),
        example=example(ctx, ID),
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """The lines as items. The line on competence stands here only where no catalogue gives such items."""
    chosen = indicator(ctx)
    return StepProjection(
        tuple(
            Item(_key(entry), kind, entry.label, (*unsure(entry), *details(ctx, kind, indicator=chosen)))
            for entry in _lines(ctx)
            for kind in (str(entry.data["peran_baris"]),)
        )
    )


def headings(ctx: StepContext) -> dict[str, str]:
    """The heading of each line that has one, by its item's key: «Manajerial», as the summary groups them."""
    return {_key(entry): heading for entry in _lines(ctx) if (heading := _group(ctx, entry))}


def _text(entry: Entry) -> str:
    return "\n".join((entry.label, *(f"{label}: {text}" for label, text in unsure(entry))))


def _key(entry: Entry) -> str:
    return f"{ID}:{entry.id}"


def _group(ctx: StepContext, entry: Entry) -> str:
    """The heading of a line: the scheme's word for its `kelompok`."""
    return ctx.scheme.word(str(entry.data.get("kelompok", "")))


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
