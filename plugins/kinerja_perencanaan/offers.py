"""Which entries of a catalogue a case may choose today, and what happens to a choice that is offered no longer.

An entry may carry `bentuk` (kinds of school) and `jenjang_jabatan` (post levels); without the key it is for all.
Whoever changes their post level keeps what they chose: it stays in the form, marked, until they choose again.
"""

from __future__ import annotations

from kinerja import Content, Entry, StepContext
from kinerja_perencanaan.answers import many, one

CHECK = "cek-data"
LEVEL = "jenjang_jabatan"
LEVEL_FACT = f"profil.{LEVEL}"
TAG = "Tidak ditawarkan lagi"

_CHOICES = {
    "praktik": ("rubrik", "indikator", "Praktik Kinerja"),
    "kompetensi-katalog": ("katalog-kompetensi", "rhk", "Pengembangan Kompetensi"),
    "tugas-tambahan": ("katalog-tugas", "tugas", "Tugas Tambahan"),
}
"""Step → the kind of content it chooses from, the key of its answer, and its label."""


def level(ctx: StepContext) -> str:
    """The post level that counts: as edited in the draft of the data check, as edited before, else as imported."""
    draft = ctx.parts.get(CHECK, {})
    if one(draft, "sesuai") == "ubah" and one(draft, LEVEL):
        return one(draft, LEVEL)
    fact = ctx.facts.get(LEVEL_FACT)
    return str(fact.value) if fact else ctx.case.profile.get(LEVEL, "")


def level_label(ctx: StepContext) -> str:
    """The post level in words, or its id where no list names it."""
    content = ctx.content.get("post_levels")
    entry = content.entry(level(ctx)) if content else None
    return entry.label if entry else level(ctx)


def offered(ctx: StepContext, content: Content | None) -> tuple[Entry, ...]:
    """The entries valid today for this kind of school and this post level."""
    kind = ctx.case.profile.get("bentuk", "")
    return tuple(
        entry
        for entry in (content.valid_on(ctx.today) if content else ())
        if (not kind or kind in entry.data.get("bentuk", (kind,))) and fits(ctx, entry)
    )


def fits(ctx: StepContext, entry: Entry) -> bool:
    """Whether an entry is meant for the post level that counts; all are where no level is known."""
    now = level(ctx)
    return not now or now in entry.data.get(LEVEL, (now,))


def withdrawn(ctx: StepContext, step: str) -> tuple[Entry, ...]:
    """What stands chosen in a step's part and is not meant for the post level that counts now."""
    kind, key, _ = _CHOICES[step]
    content, part = ctx.content.get(kind), ctx.parts.get(step, {})
    answer = part.get(key)
    ids = [id for id, n in answer.items() if n] if isinstance(answer, dict) else many(part, key)
    entries = dict.fromkeys(id.split(":")[0] for id in ids if isinstance(id, str)) if content else {}
    found = (content.entry(id) for id in entries) if content else ()
    return tuple(entry for entry in found if entry and not fits(ctx, entry))


def warning(ctx: StepContext, step: str) -> tuple[str, ...]:
    """The notice above a step whose choice is offered no longer; none where all is well."""
    gone = withdrawn(ctx, step)
    if not gone:
        return ()
    names = "; ".join(f"«{entry.label}»" for entry in gone)
    return (f"{names} tidak ditawarkan lagi untuk jenjang jabatan {level_label(ctx)}. Pilih ulang.",)


def consequences(ctx: StepContext) -> tuple[str, ...]:
    """For the data check: which choices in other parts are not offered under the post level that counts now."""
    lines = [
        f"{ctx.scheme.rules(ctx.stage, step).get('label', label)}: {'; '.join(entry.label for entry in gone)}"
        for step, (_, _, label) in _CHOICES.items()
        if (gone := withdrawn(ctx, step))
    ]
    if not lines:
        return ()
    return (
        f"Dengan jenjang jabatan {level_label(ctx)}, pilihan ini tidak ditawarkan lagi. {'. '.join(lines)}. "
        "Isian Anda tetap disimpan. Pilih ulang di bagian itu.",
    )
