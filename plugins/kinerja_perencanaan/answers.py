"""Read single answers out of a part. Drafts are never checked, so what stands there may have any shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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


def day(data: Mapping[str, Json], key: str) -> date | None:
    """The answer of a date field; nothing where it is empty or no day at all."""
    try:
        return date.fromisoformat(one(data, key))
    except ValueError:
        return None


def title(ctx: StepContext, default: str) -> str:
    """The scheme's own label of a step, else ours."""
    return str(ctx.options.get("label", default))


def submit(ctx: StepContext, default: str = "") -> str:
    """The words on the button that goes on, from the scheme; empty leaves them to the web."""
    return str(ctx.options.get("lanjut", default))


def example(ctx: StepContext, step: str) -> tuple[tuple[str, str], ...]:
    """The filled example of a step from the case's content `contoh` (`isi` = question and answer), or nothing."""
    content = ctx.content.get("contoh")
    entry = content.entry(step) if content else None
    return tuple((str(pair[0]), str(pair[1])) for pair in (entry.data.get("isi", ()) if entry else ()))


def decider(ctx: StepContext) -> str:
    """How a page speaks of whoever decides: «Pak Budi», or «atasan Anda» where nobody is known."""
    holder = ctx.case.holders.get("memutuskan")
    return holder.person.address if holder else "atasan Anda"


def subject(ctx: StepContext) -> str:
    """How a page for others speaks of whose plan it is: «Bu Sari»."""
    return ctx.case.person.address if ctx.case.person else "pegawai ini"


def blocked(ctx: StepContext, default: str, sentence: str) -> Form:
    """A form that cannot be filled now, with the sentence that says why and who helps."""
    return Form(title(ctx, default), blocked=sentence, submit=submit(ctx))
