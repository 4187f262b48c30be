"""The places for evidence of a case: which there are, by the scheme's policy and the items in force."""

from __future__ import annotations

from dataclasses import dataclass

from kinerja import conditions
from kinerja.contracts import EvidenceRule, SlotView
from kinerja.loaded import Loaded


@dataclass(frozen=True, slots=True)
class Place:
    """One place: the n-th of an item, by which rule; `case` keeps what is given, the unit's where it is given once."""

    view: SlotView
    rule: EvidenceRule
    title: str
    case: str

    @property
    def where(self) -> tuple[str, str, int]:
        """Under which case, key and number what is given is kept."""
        return self.case, self.view.item, self.view.n


def unit_case(seen: Loaded) -> str:
    """The id of the case of the unit, with which evidence given once for it is kept; empty where it has none."""
    return seen.near.unit.case if seen.near.unit is not None else ""


def of(seen: Loaded) -> tuple[Place, ...]:
    """Every place of a case in the order of its items; those of the unit's case as well."""
    fields = seen.fields()
    rules = [rule for rule in seen.snapshot.scheme.evidence if conditions.holds(rule.when, fields)]
    found = []
    for item in seen.items:
        rule = next((one for one in rules if one.item == item.kind), None)
        if rule is None:
            continue
        shared = rule.scope == "unit"
        case = (unit_case(seen) if shared else "") or seen.view.id
        for n in range(1, (1 if shared else item.count) + 1):
            view = SlotView(item.kind if shared else item.key, n, rule.label or item.label, rule.options)
            found.append(Place(view, rule, item.label, case))
    return tuple(found)
