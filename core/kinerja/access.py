"""Who may do what. Nobody may do anything unless a relation to the case or a role's permission says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kinerja.contracts import Actor
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView

READ, PLUGINS, IMPORT, PEOPLE = "read_cases", "manage_plugins", "import", "manage_people"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person of a request in one capacity: `assignment` None is «sebagai pegawai». `line` ends at its unit."""

    person: int
    name: str
    address: str
    assignment: int | None = None
    role: str = ""
    role_label: str = ""
    unit: int | None = None
    unit_name: str = ""
    zone: str = "Asia/Jakarta"
    line: tuple[int, ...] = ()
    permissions: frozenset[str] = frozenset()

    @property
    def actor(self) -> Actor:
        return Actor(self.person, self.assignment)

    def may(self, permission: str, line: Sequence[int]) -> bool:
        """Whether this capacity grants a permission at a unit, given that unit's line of ancestors."""
        return permission in self.permissions and self.unit is not None and self.unit in line


def may_read(viewer: Viewer, seen: Loaded) -> bool:
    """A case is read by those who stand in any relation to it, and by those who read all below their unit."""
    return bool(seen.kinds_of(viewer.actor)) or viewer.may(READ, seen.line)


def may_read_part(kernel: Kernel, viewer: Viewer, seen: Loaded, part: PartView) -> bool:
    """Whether what is in force of a part may be shown: to its author, and to the step's readers and editors. Without
    its plugin, to anybody related to the case, so that what is finished stays readable."""
    mine = seen.kinds_of(viewer.actor)
    step = kernel.host.registry.steps.get(part.step)
    if part.author == viewer.person:
        return True
    if step is None:
        return bool(mine)
    return bool(mine & {step.author, *step.readers, *step.editors})
