"""The target behaviours of the chosen indicator: those of the case's rubric, or those the school wrote where the rubric
has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kinerja import Entry, Json, Option, StepContext
from kinerja_pelaksanaan.people import observer

INDICATOR = "praktik.indikator"
"""The fact that names the chosen indicator: one id, or a list where the scheme lets several be chosen."""
SCHOOL = "rubrik.target"
"""The unit's fact with target behaviours a school wrote itself: {indicator id: [line]}."""
PREPARED = "persiapan"
"""The step in which targets are chosen."""

SIDES = (("dianjurkan", "Perilaku yang dianjurkan"), ("dihindari", "Perilaku yang dihindari"))
OURS = "dari sekolah, sementara"
"""What is said behind every target that a school wrote."""
_OWN = "sekolah"


@dataclass(frozen=True, slots=True)
class Target:
    """One target behaviour; `id` is unique among all indicators of the rubric. `school`: the school wrote it. Such an id
    holds the sentence itself, so that what was chosen can still be said and marked after the school wrote another."""

    id: str
    label: str
    indicator: str
    behaviours: tuple[tuple[str, tuple[str, ...]], ...] = ()
    provisional: bool = False
    school: bool = False

    @property
    def text(self) -> str:
        """The target as every page says it."""
        return f"{self.label} ({OURS})" if self.school else self.label

    def option(self) -> Option:
        headings = dict(SIDES)
        lists = tuple((headings[side], lines) for side, lines in self.behaviours if lines)
        return Option(self.id, self.text, lists=lists, group=self.indicator, provisional=self.provisional)


def indicators(ctx: StepContext) -> tuple[Entry, ...]:
    """The chosen indicators that the rubric of the case knows."""
    fact, rubric = ctx.facts.get(INDICATOR), ctx.content.get("rubrik")
    if fact is None or rubric is None:
        return ()
    ids = fact.value if isinstance(fact.value, list) else [fact.value]
    found = (rubric.entry(id) for id in ids)
    return tuple(entry for entry in found if entry)


def all_targets(ctx: StepContext) -> tuple[Target, ...]:
    """Every target behaviour of the chosen indicators as it stands today, in the rubric's order."""
    return tuple(target for entry in indicators(ctx) for target in _official(entry) or _written(ctx, entry))


def left_targets(ctx: StepContext, answers: Mapping[str, Json]) -> tuple[Target, ...]:
    """Targets of the school that were chosen in the preparation and that its list holds no longer: they stay chosen."""
    now = {target.id for target in all_targets(ctx)}
    return tuple(
        _of_school(entry, id.removeprefix(f"{entry.id}:{_OWN}:"))
        for entry in indicators(ctx)
        for id in _ids(answers)
        if id.startswith(f"{entry.id}:{_OWN}:") and id not in now
    )


def chosen_targets(ctx: StepContext, answers: Mapping[str, Json]) -> tuple[Target, ...]:
    """Those chosen in the preparation; all of today's where none were. None where the preparation holds a target in the
    teacher's own words instead: what the school wrote later was never agreed on."""
    every, ids = all_targets(ctx), _ids(answers)
    some = tuple(target for target in (*every, *left_targets(ctx, answers)) if target.id in ids)
    if some or not own_words(answers):
        return some or every
    return tuple(target for target in every if not target.school)


def own_words(answers: Mapping[str, Json]) -> str:
    """The target that was agreed on in the preparation where there was no list to choose from."""
    written = answers.get("target_sendiri")
    return written.strip() if isinstance(written, str) else ""


def notices(ctx: StepContext, answers: Mapping[str, Json]) -> tuple[str, ...]:
    """What has to be said about the targets: whose they are, and what the school changed since they were chosen."""
    entries, every = indicators(ctx), all_targets(ctx)
    if entries and not every:
        ours = (
            f"Target perilaku belum diterbitkan. Targetnya disepakati bersama {observer(ctx)} saat persiapan observasi."
        )
        return (str(entries[0].data.get("catatan") or ours),)
    said = []
    if any(target.school for target in every):
        said.append("Target perilaku resmi belum diterbitkan. Yang dipakai sementara adalah target dari sekolah.")
    left = "; ".join(f"«{target.label}»" for target in left_targets(ctx, answers))
    if left:
        said.append(
            f"Tidak ada lagi dalam daftar sekolah: {left}. Yang sudah dipilih tetap berlaku untuk observasi ini."
        )
    if own_words(answers) and any(target.school for target in every):
        said.append("Sekolah menulis target sesudah persiapan ini diisi. Yang sudah ditulis di persiapan tetap ada.")
    return tuple(said)


def _official(entry: Entry) -> tuple[Target, ...]:
    return tuple(
        Target(
            f"{entry.id}:{raw['id']}",
            raw["label"],
            entry.label,
            tuple((side, tuple(raw.get(side, ()))) for side, _ in SIDES),
            entry.provisional or raw.get("provisional", False),
        )
        for raw in entry.data.get("target", ())
    )


def _written(ctx: StepContext, entry: Entry) -> tuple[Target, ...]:
    """What the school wrote for an indicator, each sentence once."""
    fact = ctx.unit.facts.get(SCHOOL) if ctx.unit else None
    lines = fact.value.get(entry.id, ()) if fact and isinstance(fact.value, Mapping) else ()
    texts: Iterable[str] = (
        (line.strip() for line in lines if isinstance(line, str)) if isinstance(lines, list | tuple) else ()
    )
    return tuple(_of_school(entry, line) for line in dict.fromkeys(texts) if line)


def _of_school(entry: Entry, line: str) -> Target:
    return Target(f"{entry.id}:{_OWN}:{line}", line, entry.label, school=True)


def _ids(answers: Mapping[str, Json]) -> tuple[str, ...]:
    ids = answers.get("target")
    return tuple(id for id in ids if isinstance(id, str)) if isinstance(ids, list) else ()
