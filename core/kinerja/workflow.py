"""The one way in for every change of a case: `apply`. The one fast path beside it: `save_draft`.

Guards are asked before the write transaction opens. Inside it the case's version is checked again; when it moved,
everything is judged anew. Then parts, projections, log, timers and outbox are written together, or nothing is.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

import peewee

from kinerja import cases, database, once, projections, settings
from kinerja.changes import Ask, Outcome, Plan, change_of
from kinerja.contracts import Problem, Refusal
from kinerja.hooks import before_transition
from kinerja.judging import judge
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.sentences import refuse, refuse_if, say
from kinerja.writing import system_rows, write

TRIES = 5
"""How often a change is judged anew when the case moved between judging and writing."""


def apply(kernel: Kernel, ask: Ask) -> Outcome:
    """Make a change, or raise a Refusal whose sentence can be shown as it is. Safe to repeat with the same key."""
    for _ in range(TRIES):
        done = _already(ask)
        if done:
            return done
        try:
            seen = cases.load(kernel, ask.case)
            plan = judge(kernel, seen, ask)
            _ask_guards(kernel, seen, plan, ask)
            with database.proxy.atomic():
                version, _ = cases.lock(ask.case)
                if version == seen.view.version:
                    return write(kernel, seen, plan, ask)
        except Refusal:
            if _already(ask) is None:  # else its twin was written since we looked
                raise
        except peewee.IntegrityError:
            continue
    raise refuse("busy")


def reproject(kernel: Kernel, case: str, at: datetime) -> None:
    """Make a case's projections anew, when something outside it changed; takes the system's own rows that now hold."""
    with database.proxy.atomic():
        cases.lock(case)
        seen = cases.load(kernel, case)
        if seen.closed:
            return
        now = projections.run(kernel, seen, {}, at)
        system_rows(kernel, now, at)
        cases.bump(case)


def _already(ask: Ask) -> Outcome | None:
    found = once.before(ask.key, ask.digest, ask.actor.person)
    return Outcome(**found, repeated=True) if isinstance(found, dict) else None


def _ask_guards(kernel: Kernel, seen: Loaded, plan: Plan, ask: Ask) -> None:
    among = settings.enabled(kernel, seen.line)
    change = change_of(kernel, seen, plan, ask, plan.after)
    objections = []
    for answer in kernel.host.ask(before_transition, among, change=change):
        if answer.problem is None and not isinstance(answer.value, str):
            answer = kernel.host.guarded(answer.plugin, "before_transition", partial(_no_sentence, answer.value))
        if answer.problem is not None:
            objections.append(say("guard-failed", plugin=kernel.host.manifests[answer.plugin].name))
        elif answer.value:
            objections.append(answer.value)
    refuse_if(objections, "objected", *(Problem("", one) for one in objections), why=" ".join(objections))


def _no_sentence(value: object) -> str:
    raise TypeError(f"bukan kalimat: {type(value).__name__}")
