"""How the forms speak of people."""

from __future__ import annotations

from kinerja import StepContext


def decider(ctx: StepContext) -> str:
    """Whoever decides: «Pak Budi», or «atasan Anda» where nobody is known."""
    holder = ctx.case.holders.get("memutuskan")
    return holder.person.address if holder else "atasan Anda"
