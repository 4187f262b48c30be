"""The target behaviours of the chosen indicator, as the rubric of the case holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kinerja import Entry, Json, Option, StepContext
from kinerja_pelaksanaan.people import decider

INDICATOR = "praktik.indikator"
"""The fact that names the chosen indicator: one id, or a list where the scheme lets several be chosen."""

SIDES = (("dianjurkan", "Perilaku yang dianjurkan"), ("dihindari", "Perilaku yang dihindari"))


@dataclass(frozen=True, slots=True)
class Target:
    """One target behaviour; `id` is unique among all indicators of the rubric."""

    id: str
    label: str
    indicator: str
    behaviours: tuple[tuple[str, tuple[str, ...]], ...]
    provisional: bool

    def option(self) -> Option:
        headings = dict(SIDES)
        lists = tuple((headings[side], lines) for side, lines in self.behaviours if lines)
        return Option(self.id, self.label, lists=lists, group=self.indicator, provisional=self.provisional)


def indicators(ctx: StepContext) -> tuple[Entry, ...]:
    """The chosen indicators that the rubric of the case knows."""
    fact, rubric = ctx.facts.get(INDICATOR), ctx.content.get("rubrik")
    if fact is None or rubric is None:
        return ()
    ids = fact.value if isinstance(fact.value, list) else [fact.value]
    found = (rubric.entry(id) for id in ids)
    return tuple(entry for entry in found if entry)


def all_targets(ctx: StepContext) -> tuple[Target, ...]:
    """Every target behaviour of the chosen indicators, in the rubric's order."""
    return tuple(
        Target(
            f"{entry.id}:{raw['id']}",
            raw["label"],
            entry.label,
            tuple((side, tuple(raw.get(side, ()))) for side, _ in SIDES),
            entry.provisional or raw.get("provisional", False),
        )
        for entry in indicators(ctx)
        for raw in entry.data.get("target", ())
    )


def chosen_targets(ctx: StepContext, answers: Mapping[str, Json]) -> tuple[Target, ...]:
    """Those chosen in the preparation; all of them where none were."""
    every = all_targets(ctx)
    ids = answers.get("target")
    some = tuple(target for target in every if isinstance(ids, list) and target.id in ids)
    return some or every


def unpublished(ctx: StepContext) -> str:
    """The sentence about a rubric that has no target behaviours yet; empty where it has some, or nothing was chosen."""
    entries = indicators(ctx)
    if not entries or all_targets(ctx):
        return ""
    ours = f"Target perilaku belum diterbitkan. Targetnya disepakati bersama {decider(ctx)} saat persiapan observasi."
    return str(entries[0].data.get("catatan") or ours)
