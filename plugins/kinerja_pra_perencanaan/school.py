"""What the forms and stages of a school's case share."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import CaseView, Fact, Form, Json, StepContext, fields_of

DECIDES = "memutuskan"
"""The relation that leads the school: it writes every step here."""
READERS = ("menata", "menyarankan")
"""The relations that read what the school handed in, where a scheme fills them."""


def title(ctx: StepContext, default: str) -> str:
    """The scheme's own label of a step, else ours."""
    return str(ctx.options.get("label", default))


def submit(ctx: StepContext, default: str) -> str:
    """The words on the button, from the scheme, else ours."""
    return str(ctx.options.get("lanjut", default))


def blocked(ctx: StepContext, default: str, sentence: str) -> Form:
    """A form that is not asked here, with the sentence that says why."""
    return Form(title(ctx, default), blocked=sentence)


def text(data: Mapping[str, Json], key: str) -> str:
    """A text answer without blanks around it; nothing for whatever else a draft may hold there."""
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def switches(ctx: StepContext) -> Mapping[str, Json]:
    """The switches of the stage in which this step stands, as the stage itself reads them."""
    rule = ctx.scheme.stage(ctx.stage)
    return rule.switches if rule else {}


def fields(case: CaseView, facts: Mapping[str, Fact]) -> dict[str, Json]:
    """What a condition may ask of a school: its kind and attributes, traits of relations, facts.

    The unit itself is asked too, since the profile of a school's case holds nothing of a person and may be empty.
    """
    return {
        **case.unit.attributes,
        "bentuk": case.unit.kind,
        "skema": case.period.scheme,
        "periode": case.period.key,
        **fields_of(case, facts),
    }
