"""Between which contents a region has to choose."""

from __future__ import annotations

import json

from kinerja import database, settings
from kinerja.access import PLUGINS, Viewer, for_those_who
from kinerja.kernel import Kernel
from kinerja.units import UnitLine
from kinerja_read.lines import Choosing


@for_those_who(PLUGINS)
def ties(kernel: Kernel, viewer: Viewer, unit: UnitLine) -> list[Choosing]:
    """The kinds of content between which open cases at and below a unit wait, and those that were chosen there before;
    nothing for those who do not keep the plugins there."""
    kept = database.rows(f"SELECT DISTINCT content FROM cases WHERE a{unit.depth} = ? AND closed_at IS NULL", unit.id)
    waiting = {kind for (text,) in kept for kind in json.loads(text)["ties"]}
    chosen = settings.own(kernel, unit.line, "isi", {})
    contents = sorted(kernel.host.registry.contents.items())
    return [
        Choosing(kind, tuple((one.id, one.label) for (of, _), one in contents if of == kind), chosen.get(kind, ""))
        for kind in sorted(waiting | set(chosen))
    ]
