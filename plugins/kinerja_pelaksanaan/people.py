"""How the forms speak of people."""

from __future__ import annotations

from kinerja import StepContext

OBSERVES = "mengamati"
"""The relation of whoever observes, which a scheme fills beside the one that decides."""
DECIDES = "memutuskan"
READERS = (DECIDES, "menyarankan", OBSERVES)
"""The relations that read what the person wrote."""


def observer(ctx: StepContext) -> str:
    """Whoever observes, else whoever decides: «Pak Budi»; «atasan Anda» where nobody is known."""
    holder = ctx.case.holders.get(OBSERVES) or ctx.case.holders.get(DECIDES)
    return holder.person.address if holder else "atasan Anda"
