"""Read single answers out of a part. Drafts are never checked, so what stands there may have any shape."""

from __future__ import annotations

from collections.abc import Mapping

from kinerja import Form, Json, StepContext

NOTHING = "-"
"""The stored answer «none of these» of a `many` field, as `kinerja.Field` says."""


def one(data: Mapping[str, Json], key: str) -> str:
    """The answer of a `one` or text field, or nothing."""
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def many(data: Mapping[str, Json], key: str) -> tuple[str, ...]:
    """The ids chosen in a `many` field, or the one id of a `one` field of the same key; without «none of these»."""
    value = data.get(key)
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(id for id in values if isinstance(id, str) and id not in ("", NOTHING)))


def counts(data: Mapping[str, Json], key: str) -> dict[str, int]:
    """How many of each id were chosen in a `quantities` field; what is not a number above zero is left out."""
    value = data.get(key)
    if not isinstance(value, Mapping):
        return {}
    return {id: n for id, n in value.items() if isinstance(n, int) and not isinstance(n, bool) and n > 0}


def title(ctx: StepContext, default: str) -> str:
    """The scheme's own label of a step, else ours."""
    return str(ctx.options.get("label", default))


def submit(ctx: StepContext) -> str:
    """The words on the button that goes on, from the scheme; empty leaves them to the web."""
    return str(ctx.options.get("lanjut", ""))


def decider(ctx: StepContext) -> str:
    """How a page speaks of whoever decides: «Pak Budi», or «atasan Anda» where nobody is known."""
    holder = ctx.case.holders.get("memutuskan")
    return holder.person.address if holder else "atasan Anda"


def blocked(ctx: StepContext, default: str, sentence: str) -> Form:
    """A form that cannot be filled now, with the sentence that says why and who helps."""
    return Form(title(ctx, default), blocked=sentence, submit=submit(ctx))
