"""What people say to each other about the items of a plan."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from kinerja import cases, database, loaded, log, steps, workflow
from kinerja.changes import person_name
from kinerja.contracts import Actor, Item, StageRule
from kinerja.kernel import Kernel
from kinerja.limits import is_closed
from kinerja.loaded import Loaded
from kinerja.models import Applied, Case, Note, Read
from kinerja.sentences import needed, refuse, say
from kinerja.snapshot import canonical


def note(kernel: Kernel, key: str, actor: Actor, case: str, stage: str, item: str, text: str, at: datetime) -> None:
    """Say something about an item of a case, as anybody related to it, while it is open. The same key says it once.

    `item` is the key of an item in force or of one that the plan as written would make; empty speaks of the stage.
    """
    seen = cases.load(kernel, case)
    rule = seen.rule(stage)
    if actor.person is None or not seen.kinds_of(actor):
        raise refuse("missing")
    if is_closed(seen, at):
        raise refuse("closed", period=seen.view.period.label)
    text = needed(text)
    if item and item not in {one.key for one in items_of(kernel, seen, rule)}:
        raise refuse("item-gone")
    name = person_name(actor)
    with database.proxy.atomic():
        database.locked(Case.select(Case.version).where(Case.id == case)).get()
        digest = hashlib.sha256(canonical([case, stage, item, text]).encode()).hexdigest()
        done = Applied.get_or_none(Applied.key == key)
        if done is not None and (done.digest != digest or done.actor != actor.person):
            raise refuse("key-reused")
        if done is not None:
            return
        Note.create(case=case, stage=stage, item=item, by=actor.person, by_name=name, text=text, at=at)
        Applied.create(key=key, actor=actor.person, case=case, digest=digest, result={}, at=at)
        workflow.reproject(kernel, case, at)
        log.write(kernel, seen.view.unit.id, "note", actor.person, case, say("note-log", name=name), {"item": item}, at)


def items_of(kernel: Kernel, seen: Loaded, rule: StageRule) -> tuple[Item, ...]:
    """The items a stage's plan would make as it was handed in last; none before that."""
    authors = {part.author for part in seen.parts if part.stage == rule.id and part.handed_number is not None}
    handed = loaded.replace_seen(seen, parts=tuple(replace(part, draft=None) for part in seen.parts))
    made: dict[str, Item] = {}
    for author in sorted(authors):
        _, items, _ = steps.seen_by_author(kernel, handed, rule, author)
        made |= {item.key: item for item in items}
    return tuple(made.values())


def read_up_to(actor: Actor, case: str, stage: str, until: datetime) -> None:
    """Remember that somebody has read what is new in a stage of a case up to a moment; never less than before. The
    caller has checked that they may see the case."""
    values = {"case": case, "stage": stage, "person": actor.person, "until": until}
    Read.insert(**values).on_conflict(
        conflict_target=[Read.case, Read.stage, Read.person], update={"until": until}, where=Read.until < until
    ).execute()
