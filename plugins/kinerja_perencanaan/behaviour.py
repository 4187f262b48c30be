"""Step perilaku: one behaviour to work on for each aspect. Source: panduan penyusunan; PermenPANRB 6/2022."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import SUBJECT, Content, Entry, Field, Form, Item, Json, Option, Step, StepContext, StepProjection
from kinerja_perencanaan.answers import blocked, example, one, submit, title

LABEL = "Perilaku Kerja"
KIND = "perilaku"


def form(ctx: StepContext) -> Form:
    """A required choice for each aspect. The kernel fills in the period before where the scheme says `bawa`."""
    aspects = ctx.content.get("perilaku")
    if aspects is None:
        return blocked(ctx, LABEL, "Daftar perilaku kerja belum dipasang. Hubungi Dinas Pendidikan.")
    fields = tuple(
        Field(entry.id, entry.label, "one", required=True, options=_options(entry))
        for entry in aspects.valid_on(ctx.today)
    )
    notices = ("Pilihan periode sebelumnya terisi lebih dahulu. Periksa, lalu ubah bila perlu.",)
    intro = "Pilih satu perilaku untuk setiap aspek."
    return Form(
        title(ctx, LABEL),
        fields,
        intro=intro,
        notices=(*(notices if _carried(ctx) else ()), *_unsure(aspects)),
        submit=submit(ctx),
        example=example(ctx, KIND),
    )


def project(ctx: StepContext, data: Mapping[str, Json]) -> StepProjection:
    """An item for each aspect with the behaviour chosen; the key is the aspect's, so that it outlives a change."""
    aspects = ctx.content.get("perilaku")
    items: list[Item] = []
    for entry in aspects.entries if aspects else ():
        chosen = next((option for option in _options(entry) if option.id == one(data, entry.id)), None)
        if chosen:
            items.append(Item(f"{KIND}:{entry.id}", KIND, entry.label, (("Perilaku", chosen.label),)))
    return StepProjection(tuple(items))


def _unsure(aspects: Content) -> tuple[str, ...]:
    """Whose words the choices are, where the list says that they are not those of the screen that people know."""
    said = aspects.data.get("catatan") if aspects.data.get("provisional") else None
    return (str(said),) if said else ()


def _carried(ctx: StepContext) -> bool:
    return ctx.previous is not None and bool(ctx.options.get("bawa"))


def _options(entry: Entry) -> tuple[Option, ...]:
    return tuple(
        Option(choice["id"], choice["label"], provisional=choice.get("provisional", False))
        for choice in entry.data.get("pilihan", ())
    )


STEP = Step(
    id=KIND,
    label=LABEL,
    author=SUBJECT,
    form=form,
    project=project,
    readers=("memutuskan", "menyarankan"),
    editors=("memutuskan",),
    together=True,
    carry=True,
    options=("bawa",),
)
