"""Step arahan: what the assessor adds to a plan: expectations for each behaviour aspect, and other assignments.

Both are shown to the employee before they agree, and neither is an adjustment of what the employee wrote.
Sources: ekspektasi khusus pimpinan and penugasan lain of PermenPANRB 6/2022; panduan Pengelolaan Kinerja.
"""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Content, Entry, Field, Form, Item, Json, Option, Step, StepContext, StepProjection
from kinerja_perencanaan import behaviour
from kinerja_perencanaan.answers import example, one, subject, submit, title
from kinerja_perencanaan.rincian import details

LABEL = "Arahan atasan"
ID = "arahan"
EXPECTATION = "ekspektasi"
ASSIGNMENT = "penugasan-lain"

_COUNT = "penugasan"
_COUNTS = (("tidak", "Tidak ada"), ("1", "Satu"), ("2", "Dua"), ("3", "Tiga"))
"""How many other assignments there are: the answer decides which of the fields below are asked."""


def form(ctx: StepContext) -> Form:
    """An optional text for each aspect, beside the behaviour chosen, and up to three assignments, each with who gave
    it. Which assignments are asked follows from how many there are, so none can lack its giver."""
    aspects = ctx.content.get(behaviour.KIND)
    expectations = tuple(
        Field(_key(entry), f"Harapan: {entry.label}", "longtext", help=_chosen(ctx, entry), most=1000)
        for entry in (aspects.valid_on(ctx.today) if aspects else ())
    )
    count = Field(
        _COUNT,
        "Ada penugasan lain?",
        "one",
        help="Tugas di luar tugas utama dan tugas tambahan, misalnya untuk pembinaan karier.",
        required=True,
        options=tuple(Option(id, label) for id, label in _COUNTS),
    )
    assignments = tuple(field for n in (1, 2, 3) for field in _assignment(n))
    return Form(
        title(ctx, LABEL),
        (*expectations, count, *assignments),
        intro=f"{subject(ctx)} membacanya sebelum menyepakati rencana. Harapan boleh dikosongkan.",
        initial={_COUNT: "tidak"},
        submit=submit(ctx, "Kirim arahan"),
        example=example(ctx, ID),
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """An item for each expectation, by aspect, and for each assignment with who gave it."""
    aspects: Content | None = ctx.content.get(behaviour.KIND)
    items = [
        Item(f"{ID}:{entry.id}", EXPECTATION, entry.label, (("Ekspektasi khusus pimpinan", text),))
        for entry in (aspects.entries if aspects else ())
        if (text := one(data, _key(entry)))
    ]
    told = one(data, _COUNT)
    for n in range(1, int(told) + 1 if told in ("1", "2", "3") else 1):
        label, giver = one(data, f"tugas{n}"), one(data, f"dari{n}")
        if label:
            pairs = (("Penugasan dari", giver), *details(ctx, ASSIGNMENT))
            items.append(Item(f"{ID}:penugasan-{n}", ASSIGNMENT, label, tuple(pair for pair in pairs if pair[1])))
    return StepProjection(tuple(items))


def _key(aspect: Entry) -> str:
    return f"harapan-{aspect.id}"


def _assignment(n: int) -> tuple[Field, Field]:
    needs = (_COUNT, tuple(id for id, _ in _COUNTS[n:]))
    return (
        Field(f"tugas{n}", f"Penugasan lain {n}", "text", required=True, most=300, needs=needs),
        Field(
            f"dari{n}",
            f"Penugasan {n} dari",
            "text",
            help="Nama atau jabatan yang memberi tugas.",
            required=True,
            most=200,
            needs=needs,
        ),
    )


def _chosen(ctx: StepContext, aspect: Entry) -> str:
    """The behaviour the employee chose for an aspect, as their plan words it."""
    item = next((item for item in ctx.items if item.key == f"{behaviour.KIND}:{aspect.id}"), None)
    return f"Pilihan {subject(ctx)}: {'; '.join(text for _, text in item.detail)}" if item else ""


STEP = Step(
    id=ID,
    label=LABEL,
    author="memutuskan",
    form=form,
    project=project,
    readers=(SUBJECT, "menyarankan"),
    gathers=True,
)
