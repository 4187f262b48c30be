"""Which entries of a catalogue a case may choose today, and what happens to a choice that is offered no longer.

An entry may carry `bentuk` (kinds of school) and `jenjang_jabatan` (post levels); without the key it is for all.
Whoever changes their post level keeps what they chose: it stays in the form, marked, until they choose again. So does
what ended on its last day (`valid_to`); its entry may say why and what then (`berakhir`).
"""

from __future__ import annotations

from kinerja import Content, Entry, StepContext, day_text, holds_on
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
    """What stands chosen in a step's part and is not meant for the post level that counts now, or has ended."""
    return tuple(entry for entry in _chosen(ctx, step) if not fits(ctx, entry) or _ended(ctx, entry))


def _ended(ctx: StepContext, entry: Entry) -> bool:
    return not holds_on(None, entry.valid_to, ctx.today)


def _unfit(ctx: StepContext, step: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in _chosen(ctx, step) if not fits(ctx, entry))


def _chosen(ctx: StepContext, step: str) -> tuple[Entry, ...]:
    """What stands chosen in a step's part."""
    kind, key, _ = _CHOICES[step]
    content, part = ctx.content.get(kind), ctx.parts.get(step, {})
    answer = part.get(key)
    ids = [id for id, n in answer.items() if n] if isinstance(answer, dict) else many(part, key)
    entries = dict.fromkeys(id.split(":")[0] for id in ids if isinstance(id, str)) if content else {}
    found = (content.entry(id) for id in entries) if content else ()
    return tuple(entry for entry in found if entry)


def warning(ctx: StepContext, step: str) -> tuple[str, ...]:
    """The notice above a step whose choice is offered no longer; none where all is well."""
    gone, told = _unfit(ctx, step), list(over(ctx, step))
    if gone:
        names = "; ".join(f"«{entry.label}»" for entry in gone)
        told.insert(0, f"{names} tidak ditawarkan lagi untuk jenjang jabatan {level_label(ctx)}. Pilih ulang.")
    return tuple(told)


def over(ctx: StepContext, *steps: str) -> tuple[str, ...]:
    """What is said of chosen entries whose last day is past, of the given steps or of all."""
    return tuple(_farewell(entry) for step in steps or _CHOICES for entry in _chosen(ctx, step) if _ended(ctx, entry))


def _farewell(entry: Entry) -> str:
    """That an entry has ended, since when, why where its list says so, and what to do now."""
    last = day_text(entry.valid_to) if entry.valid_to else ""
    why = str(entry.data.get("berakhir", ""))
    return " ".join(filter(None, (f"«{entry.label}» berlaku sampai {last}.", why, "Pilih ulang.")))


def consequences(ctx: StepContext) -> tuple[str, ...]:
    """For the data check: which choices in other parts are not offered under the post level that counts now."""
    lines = [
        f"{ctx.scheme.rules(ctx.stage, step).get('label', label)}: {'; '.join(entry.label for entry in gone)}"
        for step, (_, _, label) in _CHOICES.items()
        if (gone := _unfit(ctx, step))
    ]
    if not lines:
        return ()
    return (
        f"Dengan jenjang jabatan {level_label(ctx)}, pilihan ini tidak ditawarkan lagi. {'. '.join(lines)}. "
        "Isian Anda tetap disimpan. Pilih ulang di bagian itu.",
    )
