"""The bar over a part of the plan: which parts go together, and which of them could be handed in as they stand."""

from __future__ import annotations

from flask import g

from kinerja import steps
from kinerja.contracts import StageRule, Step
from kinerja.loaded import Loaded
from kinerja_web import gate, look

KEPT = 5000
"""How many answers to «is this part full» a process keeps; a part that changes has a new revision and is asked anew."""


def together(rule: StageRule, step: Step, editing: bool = False) -> list[str]:
    """The steps that go together with this one and are written by the same person, in the scheme's order; none while
    somebody else's part is adjusted."""
    if not step.together or editing:
        return []
    known = gate.the_kernel().host.registry.steps
    return [name for name in rule.steps if name in known and known[name].together and known[name].author == step.author]


def bar(seen: Loaded, rule: StageRule, step: Step, editing: bool) -> list[tuple[str, str, str]]:
    """Each part as (id, label, how full it is), where only `look.FULL` could be handed in as it stands."""
    return [
        (name, look.step_label(seen, rule.id, name), "" if name == step.id else _fullness(seen, rule, name))
        for name in together(rule, step, editing)
    ]


def _fullness(seen: Loaded, rule: StageRule, name: str) -> str:
    """How full the visitor's own part is, in words; nothing for one never opened."""
    part = seen.part(rule.id, name, g.viewer.person)
    if part is None:
        return ""
    kernel = gate.the_kernel()
    step = kernel.host.registry.steps[name]
    if part.draft is None or step.summary:
        return look.FULL
    kept = kernel.kept.setdefault(_fullness, {})
    key = (part.id, seen.view.version, kernel.clock.today(seen.view.unit.zone), *(one.revision for one in seen.parts))
    if key not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        form = steps.form_of(kernel, seen, rule, step, g.viewer.person)
        kept[key] = look.filled(seen, rule, name, form, part.draft)
    return str(kept[key])
