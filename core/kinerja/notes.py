"""What people say to each other about the items of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kinerja import cases, loaded, log, moves, once, steps, workflow
from kinerja.changes import person_name
from kinerja.contracts import Actor, Item, Json, StageRule
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.models import Note, Read
from kinerja.sentences import needed, refuse, refuse_if, say


def note(kernel: Kernel, key: str, actor: Actor, case: str, stage: str, item: str, text: str, at: datetime) -> None:
    """Say something about an item of a case, in a relation that reads what is written there, while it is open. The same
    key says it once.

    `item` is the key of an item in force or of one that the plan as written would make; empty speaks of the stage.
    """
    digest = once.digest_of(case, stage, item, text)
    if once.before(key, digest, actor.person) is not None:
        return
    seen = cases.load(kernel, case)
    rule = seen.rule(stage)
    moves.allowed(moves.moves(kernel, seen, actor, at).one("note", rule.id), refuse("missing"))
    text = needed(text)
    refuse_if(item and item not in {one.key for one in items_of(kernel, seen, rule)}, "item-gone")
    name = person_name(actor)

    def write() -> Json:
        cases.lock(case)
        Note.create(case=case, stage=stage, item=item, by=actor.person, by_name=name, text=text, at=at)
        workflow.reproject(kernel, case, at)
        log.write(kernel, seen.view.unit.id, "note", actor.person, case, say("note-log", name=name), {"item": item}, at)
        return {}

    once.once(key, digest, actor.person, write, at, case)


def items_of(kernel: Kernel, seen: Loaded, rule: StageRule) -> tuple[Item, ...]:
    """The items a stage's plan would make as it was handed in last; none before that."""
    authors = {part.author for part in seen.parts if part.stage == rule.id and part.handed_number is not None}
    handed = seen
    if any(part.draft is not None for part in seen.parts):
        handed = loaded.replace_seen(seen, parts=tuple(replace(part, draft=None) for part in seen.parts))
    made: dict[str, Item] = {}
    for author in sorted(authors):
        made |= {item.key: item for item in steps.seen_by_author(kernel, handed, rule, author)[1]}
    return tuple(made.values())


def read_up_to(actor: Actor, case: str, stage: str, until: datetime) -> None:
    """Remember that somebody has read what is new in a stage of a case up to a moment; never less than before. The
    caller has checked that they may see the case."""
    values = {"case": case, "stage": stage, "person": actor.person, "until": until}
    Read.insert(**values).on_conflict(
        conflict_target=[Read.case, Read.stage, Read.person], update={"until": until}, where=Read.until < until
    ).execute()
