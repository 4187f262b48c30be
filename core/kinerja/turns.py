"""The turns that the kernel itself makes: evidence to give, what was said and not answered, what others wrote or changed.

Called by projections, inside the transaction of every change. What a stage asks for comes from its plugin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kinerja import database, places
from kinerja.clock import has_come
from kinerja.contracts import (
    ANSWER,
    AUTHOR,
    CHANGE,
    NEWS,
    PROOFS,
    SUBJECT,
    SYSTEM,
    UNIT_PROOFS,
    Flow,
    Need,
    StageRule,
    State,
    Task,
)
from kinerja.kernel import Kernel
from kinerja.limits import window_of
from kinerja.loaded import Loaded
from kinerja.sentences import say


@dataclass(frozen=True, slots=True)
class Said:
    """The last note of a talk: by whom, about which item of which stage (empty: the stage itself), and when."""

    stage: str
    item: str
    by: int | None
    name: str
    at: datetime


def beside(seen: Loaded) -> tuple[set[tuple[str, str, int]], list[Said]]:
    """What a projection reads beside its case: which places are filled, and the last word of every talk."""
    filled, said = set(), []
    for what, a, b, n, name, at in database.rows(
        "SELECT 'bukti', case_id, item, n, '', at FROM evidence WHERE case_id IN (?, ?) AND replaced_at IS NULL "
        'UNION ALL SELECT \'kata\', stage, item, "by", by_name, at FROM note t WHERE case_id = ? AND NOT EXISTS ('
        "SELECT 1 FROM note x WHERE x.case_id = t.case_id AND x.stage = t.stage AND x.item = t.item AND x.id > t.id)",
        seen.view.id, places.unit_case(seen), seen.view.id,
    ):  # fmt: skip
        if what == "bukti":
            filled.add((a, b, n))
        else:
            said.append(Said(a, b, n, name, database.moment(at)))
    return filled, said


def evidence(
    kernel: Kernel, seen: Loaded, wanted: Sequence[places.Place], filled: set[tuple[str, str, int]]
) -> list[Task]:
    """One turn for each who gives evidence of this case, and one for what they give once for the unit."""
    handlers, made = kernel.host.registry.handlers, []
    due = min(filter(None, (seen.view.period.ends, seen.last_day)))
    groups = dict.fromkeys((one.rule.provider, one.rule.scope) for one in wanted if one.rule.handler in handlers)
    for provider, scope in groups:
        mine = {one.where: one.rule for one in wanted if (one.rule.provider, one.rule.scope) == (provider, scope)}
        missing = [rule for where, rule in mine.items() if where not in filled and rule.handler in handlers]
        if missing and provider in (SUBJECT, *seen.view.holders):
            n, total = len(missing), len(mine)
            words = handlers[missing[0].handler].asks or say(f"evidence-missing-{scope}", n=n, total=total)
            label = words.replace("{n}", str(n)).replace("{total}", str(total))
            what = UNIT_PROOFS if scope == "unit" else PROOFS
            made.append(Task(provider, label, what=what, count=n, total=total, due=due))
    return made


def news(
    kernel: Kernel, seen: Loaded, rule: StageRule, flow: Flow, state: State, said: Sequence[Said], told: Sequence[Task]
) -> list[Task]:
    """What somebody has not read yet in a stage of a person's case. `told` is what the stage itself has to say: its own
    news stand for what others wrote, and who is to mend a plan reads the note of that anyway."""
    person = seen.view.person
    if person is None:
        return []
    others = {row.by for row in flow.transitions} - {SUBJECT, AUTHOR, SYSTEM}
    gone = {item.key for item in seen.retired}
    heard = [one for one in said if one.stage == rule.id and one.item not in gone]
    made = []
    for side in (SUBJECT, *sorted(others & set(seen.view.holders))):
        here = [one for one in heard if (one.by != person.id) == (side == SUBJECT)]
        here = [one for one in here if one.item or (side == SUBJECT and state.kind != "dikembalikan")]
        if here:
            who, last = _names(seen, {one.by: one.name for one in here}), max(one.at for one in here)
            n = len(here)
            made.append(Task(side, say("news-said", who=who, n=n), what=ANSWER, count=n, asked=False, since=last))
    if not any(task.what == NEWS and task.relation == SUBJECT for task in told):
        made += _changes(kernel, seen, rule, person.id)
    return made


def _changes(kernel: Kernel, seen: Loaded, rule: StageRule, person: int) -> list[Task]:
    """What others wrote in a stage, or changed in what its person wrote, as far as that person may read it."""
    steps, here = kernel.host.registry.steps, []
    for part in seen.parts:
        step = steps.get(part.step)
        if part.stage == rule.id and step and part.handed_at and part.handed_by not in (None, person):
            here += [part] if SUBJECT in (step.author, *step.readers) else []
    if not here:
        return []
    adjusted = sum(part.author == person for part in here)
    pieces = [say(code, n=n) for code, n in (("news-adjusted", adjusted), ("news-wrote", len(here) - adjusted)) if n]
    label = f"{_names(seen, {part.handed_by: part.handed_name for part in here})} {' dan '.join(pieces)}"
    last = max(part.handed_at for part in here if part.handed_at)
    names = ", ".join(dict.fromkeys(part.name for part in here))
    return [Task(SUBJECT, label, sentence=names, what=CHANGE, count=len(here), asked=False, since=last)]


def _names(seen: Loaded, by: dict[int | None, str]) -> str:
    """«Pak Budi dan Bu Ani», or the names as they were written where somebody stands in no relation any more."""
    known = {one.person.id: one.person.address for one in seen.helpers}
    return " dan ".join(known.get(id or 0, name) for id, name in by.items())


def mended_from(kernel: Kernel, seen: Loaded, need: Need, today: date) -> date | None:
    """From which day on what a case waits for can be done in the case of its unit; None where that has no day, or one that
    is here."""
    for rule in seen.snapshot.scheme.stages_of(seen.view.period.key):
        given = {spec.name for spec, _ in kernel.host.registry.specs(rule)}
        if rule.subject == need.of == "unit" and need.fact in given:
            found = window_of(seen, rule)
            return found[1] if found and not has_come(found[1], today) else None
    return None
