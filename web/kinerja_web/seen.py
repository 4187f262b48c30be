"""What a plugin's page may know of a case: values, after the check of who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import g

import kinerja_read as read
from kinerja.contracts import CaseView, Fact, Item, PersonView, Scheme
from kinerja.loaded import Loaded
from kinerja_web import gate, look


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case as the visitor of this request may see it: items and facts they may not see are not there, and its people
    carry their external numbers only for those who may see them. `relations` are the visitor's own to it: empty for
    those who read it by permission alone. `contents`: whether they may read what was written."""

    case: CaseView
    items: tuple[Item, ...]
    facts: Mapping[str, Fact]
    scheme: Scheme
    relations: frozenset[str]
    closed: bool
    contents: bool


def the_case(id: str) -> SeenCase:
    """The case a plugin's page is about; answers 404 where it does not exist or is not for this visitor."""
    seen = look.case(id)
    return SeenCase(
        case=named(seen),
        items=seen.items,
        facts=read.facts(g.viewer, gate.the_kernel(), seen),
        scheme=seen.snapshot.scheme,
        relations=look.kinds(seen),
        closed=seen.closed,
        contents=not look.hidden(seen),
    )


def named(seen: Loaded) -> CaseView:
    """The case with the external numbers and the rank of everybody in it, for those who may see them."""
    known = read.named(g.viewer, gate.the_kernel(), seen)

    def full(person: PersonView) -> PersonView:
        numbers, rank = known.get(person.id, ({}, ""))
        return replace(person, ids=numbers, attributes={**person.attributes, "golongan": rank})

    holders = {kind: replace(one, person=full(one.person)) for kind, one in seen.view.holders.items()}
    return replace(seen.view, holders=holders, person=full(seen.view.person) if seen.view.person else None)
