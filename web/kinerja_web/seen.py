"""What a plugin's page may know of a case: values, after the check of who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import g

import kinerja_read as read
from kinerja.contracts import CaseView, Fact, Item, PersonView, Scheme
from kinerja.loaded import Loaded
from kinerja_office import editions as papers
from kinerja_read import Edition
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
    seen = _read(id)
    return SeenCase(
        case=named(seen),
        items=seen.items,
        facts=read.facts(g.viewer, gate.the_kernel(), seen),
        scheme=seen.snapshot.scheme,
        relations=look.kinds(seen),
        closed=seen.closed,
        contents=not look.hidden(seen),
    )


def _read(id: str) -> Loaded:
    """The case of this request, read once for all that a plugin's page asks of it."""
    if getattr(g, "asked_case", None) is None or g.asked_case.view.id != id:
        g.asked_case = look.case(id)
    found: Loaded = g.asked_case
    return found


def editions(id: str) -> tuple[Edition, ...]:
    """What was agreed in a case, edition by edition, for those who may read all of it."""
    return read.editions(g.viewer, gate.the_kernel(), _read(id))


def issued(id: str, edition: Edition, draw: Callable[[], str]) -> str:
    """The paper that was issued of an edition, or is now."""
    return papers.issue(gate.the_kernel(), g.viewer, _read(id), edition.stage, edition.number, draw)


def named(seen: Loaded) -> CaseView:
    """The case with the external numbers and the rank of everybody in it, for those who may see them."""
    known = read.named(g.viewer, gate.the_kernel(), seen)

    def full(person: PersonView) -> PersonView:
        numbers, rank = known.get(person.id, ({}, ""))
        return replace(person, ids=numbers, attributes={**person.attributes, "golongan": rank})

    holders = {kind: replace(one, person=full(one.person)) for kind, one in seen.view.holders.items()}
    return replace(seen.view, holders=holders, person=full(seen.view.person) if seen.view.person else None)
