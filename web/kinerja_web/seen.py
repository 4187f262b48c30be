"""What a plugin's page may know of a case: values, after the check of who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kinerja import people
from kinerja.contracts import CaseView, Fact, Item, PersonView, Scheme
from kinerja.loaded import Loaded
from kinerja_web import gate, look


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case as the visitor of this request may see it. Its people carry their external numbers. `relations` are the
    visitor's own to it: empty for those who read it by permission alone."""

    case: CaseView
    items: tuple[Item, ...]
    facts: Mapping[str, Fact]
    scheme: Scheme
    relations: frozenset[str]
    closed: bool


def the_case(id: str) -> SeenCase:
    """The case a plugin's page is about; answers 404 where it does not exist or is not for this visitor."""
    seen = look.case(id)
    return SeenCase(
        case=named(seen),
        items=seen.items,
        facts=seen.facts,
        scheme=seen.snapshot.scheme,
        relations=look.kinds(seen),
        closed=seen.closed,
    )


def named(seen: Loaded) -> CaseView:
    """The case with the external numbers and the rank of everybody in it."""
    everybody = [one.person for one in seen.view.holders.values()] + ([seen.view.person] if seen.view.person else [])
    numbers = people.ids_of({one.id for one in everybody})
    ranks = people.ranks_of(gate.the_kernel(), {one.id for one in everybody})

    def full(person: PersonView) -> PersonView:
        attributes = {**person.attributes, "golongan": ranks.get(person.id, "")}
        return replace(person, ids=numbers[person.id], attributes=attributes)

    holders = {kind: replace(one, person=full(one.person)) for kind, one in seen.view.holders.items()}
    return replace(seen.view, holders=holders, person=full(seen.view.person) if seen.view.person else None)
