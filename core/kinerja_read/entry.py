"""The one checked entry to a case for pages: what its viewer may not see is not in what they get."""

from __future__ import annotations

from dataclasses import replace

from kinerja import access, cases, people
from kinerja.access import Level, Sight, Viewer
from kinerja.clock import has_come, real_now
from kinerja.contracts import Fact, FactSpec, Item
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView, ProgressView, replace_seen
from kinerja.models import Reading
from kinerja.sentences import refuse_if, say

KEPT = 5000
"""How many looks a process remembers, so that each is written once."""
LABELS = ("nama", "peran", "satuan")
"""What of a profile says who and where somebody is; all else is the person's own."""


def case(viewer: Viewer, kernel: Kernel, id: str) -> Loaded:
    """A case as this viewer may see it, for pages and what they change; Refusal "missing" where they may not see that
    it is there. Reading another's contents without a turn in the case is written down before anything is shown."""
    seen = cases.load(kernel, id)
    refuse_if(not access.may_read(viewer, seen), "missing")
    look = access.sight(kernel, viewer, seen)
    if look.level.content:
        _write_down(viewer, kernel, seen)
    return _narrowed(kernel, viewer, seen, look)


def _write_down(viewer: Viewer, kernel: Kernel, seen: Loaded) -> None:
    """Keep that somebody reads another's case in which they have no turn, once a day and capacity."""
    person, mine = seen.view.person, seen.kinds_of(viewer.actor)
    at, day = kernel.clock.now(), kernel.clock.today(seen.view.unit.zone)
    turn = any(
        one.task.asked and one.task.kind != "macet" and has_come(one.task.opens, day)
        for one in seen.tasks
        if one.task.relation in mine
    )
    if person is None or person.id == viewer.person or turn:
        return
    capacity = f"{viewer.role_label}, {viewer.unit_name}"[:255]
    look = (seen.view.id, viewer.person, capacity, day)
    kept: set[object] = kernel.kept.setdefault("looks", set())
    if look in kept:
        return
    Reading.insert(
        case=seen.view.id, person=viewer.person, name=viewer.name, capacity=capacity, day=day, at=at,
        recorded_at=real_now(),
    ).on_conflict_ignore().execute()  # fmt: skip
    if len(kept) >= KEPT:
        kept.clear()
    kept.add(look)


def _narrowed(kernel: Kernel, viewer: Viewer, seen: Loaded, look: Sight) -> Loaded:
    """The case without what the viewer may not see. Its facts stay whole, since forms and needs ask of them; pages
    print those of `facts`."""
    level, view = look.level, seen.view
    changes: dict[str, object] = {"progress": {name: _said(one, look) for name, one in seen.progress.items()}}
    if not level.person:
        labels = {key: text for key, text in view.labels.items() if key in LABELS}
        person = replace(view.person, attributes={}) if view.person else None
        changes["view"] = replace(view, labels=labels, person=person)
    if level.content < Level.ALL:
        changes["items"] = tuple(one for one in seen.items if has_item(kernel, seen, look, one))
        changes["retired"] = tuple(one for one in seen.retired if has_item(kernel, seen, look, one))
    if not level.content:
        changes["parts"] = tuple(_emptied(one) for one in seen.parts)
        if seen.ending.get("catatan"):
            changes["ending"] = {**seen.ending, "catatan": say("contents-hidden"), "penulis": ""}
    return replace_seen(seen, **changes)


def _said(one: ProgressView, look: Sight) -> ProgressView:
    if not one.plain or look.level.result == Level.ALL or look.relations & set(one.told):
        return one
    return replace(one, state=replace(one.state, label=one.plain))


def has_item(kernel: Kernel, seen: Loaded, look: Sight, item: Item) -> bool:
    """Whether a viewer who sees a part of the contents sees an item: it is of a step they read, or one for which they
    give evidence. Of a step that is not installed all see it who see contents at all."""
    if not look.level.content:
        return False
    step = kernel.host.registry.steps.get(seen.made_by.get(item.key, ""))
    gives = any(rule.item == item.kind and rule.provider in look.relations for rule in seen.snapshot.scheme.evidence)
    return step is None or look.steps(step) or gives


def _emptied(part: PartView) -> PartView:
    """A part of which only remains that it is there, and how far."""
    return replace(
        part,
        draft=None if part.draft is None else {},
        handed=None if part.handed is None else {},
        effective=None if part.effective is None else {},
        handed_view=(),
        effective_view=(),
    )


def facts(viewer: Viewer, kernel: Kernel, seen: Loaded) -> dict[str, Fact]:
    """The facts of a case that a viewer may see, by name: each by what its maker says it is about, and what nobody
    declares as contents."""
    look = access.sight(kernel, viewer, seen)
    return {name: fact for name, fact in seen.facts.items() if has_fact(kernel, seen, look, name)}


def has_fact(kernel: Kernel, seen: Loaded, look: Sight, name: str) -> bool:
    spec, steps = _maker(kernel, seen, name)
    level, known = getattr(look.level, spec.about if spec else "content"), kernel.host.registry.steps
    if level != Level.PART or not steps:
        return bool(level)
    return any(look.steps(known[id]) for id in steps if id in known)


def _maker(kernel: Kernel, seen: Loaded, name: str) -> tuple[FactSpec | None, tuple[str, ...]]:
    """What declares a fact, and the steps from which it comes; none for what outside systems bring."""
    registry = kernel.host.registry
    for rule in seen.snapshot.scheme.stages:
        for spec, steps in registry.specs(rule):
            if fits(spec, name):
                return spec, steps
    return next((spec for spec in registry.received().values() if fits(spec, name)), None), ()


def fits(spec: FactSpec, name: str) -> bool:
    """Whether a declared fact is the one of this name; «a.*» declares all whose name begins with «a.»."""
    return spec.name == name or (spec.name.endswith(".*") and name.startswith(spec.name[:-1]))


def named(viewer: Viewer, kernel: Kernel, seen: Loaded) -> dict[int, tuple[dict[str, str], str]]:
    """The external numbers and the rank of everybody in a case, by person, for those who may see its person's data."""
    if not access.sight(kernel, viewer, seen).level.person:
        return {}
    return {id: (numbers, rank) for id, (numbers, rank, _) in people.known(kernel, seen.people()).items()}
