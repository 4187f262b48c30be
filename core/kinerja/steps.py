"""What a step is asked with and what its author sees: its context, its form, the items its drafts would make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kinerja import people
from kinerja.contracts import Fact, Form, Item, Json, Member, StageRule, Step, StepContext, StepProjection
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.sentences import say


def step_context(
    kernel: Kernel,
    seen: Loaded,
    rule: StageRule,
    step: str,
    parts: Mapping[str, Mapping[str, Json]],
    items: tuple[Item, ...] = (),
    facts: Mapping[str, Fact] | None = None,
) -> StepContext:
    """All that a step may know, given the answers the viewer sees by step. A part begun before the contents of its
    period were renewed goes on with those it was begun with."""
    part = seen.part(rule.id, step)
    pinned = kernel.snapshot(part.snapshot) if part else seen.snapshot
    today = kernel.clock.today(seen.view.unit.zone)
    return StepContext(
        case=seen.view,
        stage=rule.id,
        options=_options(pinned.scheme.rules(rule.id, step), seen.step_label(rule.id, step)),
        words=pinned.scheme.words,
        content=seen.once(("content", pinned.hash), lambda: pinned.chosen(seen.content)),
        facts=seen.facts if facts is None else facts,
        items=items,
        parts=parts,
        previous=seen.near.previous,
        children=seen.near.children,
        unit=seen.near.unit,
        scheme=pinned.scheme,
        today=today,
        members=_members(kernel, seen, today),
        grants=seen.grants.get(step, 0),
        contents=pinned.contents,
    )


def _options(rules: Mapping[str, Json], label: str) -> dict[str, Json]:
    """The scheme's rules for a step, with the name it has for this case."""
    return {**rules, "label": label} if label else dict(rules)


def _members(kernel: Kernel, seen: Loaded, today: date) -> tuple[Member, ...]:
    """Who holds a role at the unit, for a unit's own case; read once a page."""
    if seen.subject != "unit":
        return ()
    if seen.members is None:
        seen.members = people.members(kernel, seen.view.unit, today)
    return seen.members


def seen_by_author(
    kernel: Kernel, seen: Loaded, rule: StageRule, author: int, drawn: str = ""
) -> tuple[dict[str, Mapping[str, Json]], tuple[Item, ...], dict[str, Fact]]:
    """What one author sees of a stage: their drafts over what others handed in or is in force, and the items and facts
    these make, but for the facts of the step that is being drawn: its form asks of what was so before."""
    parts, made = seen.once(("projected", rule.id, str(author)), lambda: _projected(kernel, seen, rule, author))
    items = tuple(item for one in made.values() for item in one.items)
    facts = dict(seen.facts)
    for name, one in made.items():
        facts.update({fact.name: fact for fact in one.facts if name != drawn})
    return parts, items, facts


def _projected(
    kernel: Kernel, seen: Loaded, rule: StageRule, author: int
) -> tuple[dict[str, Mapping[str, Json]], dict[str, StepProjection]]:
    """The answers one author sees by step, and what each step makes of them."""
    parts = _answers(seen, author)
    made: dict[str, StepProjection] = {}
    items: list[Item] = []
    facts = dict(seen.facts)
    for step in kernel.host.registry.steps_of(rule):
        if step.id in parts or step.summary:
            context = step_context(kernel, seen, rule, step.id, parts, tuple(items), facts)
            made[step.id] = project(kernel, step, context, parts.get(step.id, {}))
            items.extend(made[step.id].items)
            facts.update({fact.name: fact for fact in made[step.id].facts})
    return parts, made


def _answers(seen: Loaded, author: int) -> dict[str, Mapping[str, Json]]:
    """The answers one author sees by step: their own over what others handed in or is in force."""
    return {
        **{
            part.step: part.handed or part.effective or {}
            for part in seen.parts
            if (part.handed, part.effective) != (None, None)
        },
        **{part.step: part.answers for part in seen.parts if part.author == author},
    }


def form_of(kernel: Kernel, seen: Loaded, rule: StageRule, step: Step, author: int) -> Form:
    """A step's form as its author sees it. A step that fails, or cannot read what it wrote, answers with a blocked
    form that names it."""
    return seen.once(("form", rule.id, step.id, str(author)), lambda: _form(kernel, seen, rule, step, author))


def _form(kernel: Kernel, seen: Loaded, rule: StageRule, step: Step, author: int) -> Form:
    part, failed = seen.part(rule.id, step.id), Form(step.label, blocked=say("step-failed", step=step.label))
    if part is not None and part.unread:
        return failed
    told = seen_by_author(kernel, seen, rule, author, step.id) if step.gathers else (_answers(seen, author),)
    context = step_context(kernel, seen, rule, step.id, *told)
    return kernel.guarded(step.id, lambda: step.form(context), Form) or failed


def project(kernel: Kernel, step: Step, context: StepContext, answers: Mapping[str, Json]) -> StepProjection:
    """What a step makes of answers; nothing where its plugin fails."""
    return kernel.guarded(step.id, lambda: step.project(context, answers), StepProjection) or StepProjection()
