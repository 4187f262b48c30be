"""Dapodik: takes the two answers of a school's own Dapodik, saved as files, into Kinerja.

Dapodik runs on a PC inside the school, where no regional server reaches it; so the operator uploads what it answered.
"""

from __future__ import annotations

from kinerja import Connector, Import, hookimpl
from kinerja_dapodik.reader import read

SCHOOL = Import(
    id="sekolah",
    label="Impor data Dapodik sekolah",
    files=(("sekolah", "Berkas getSekolah"), ("gtk", "Berkas getGtk")),
    read=read,
)


@hookimpl
def register_connectors() -> tuple[Connector, ...]:
    """Bring the reader of a school's two Dapodik files; asked once at start, never fails."""
    return (Connector(id="dapodik", label="Dapodik", imports=(SCHOOL,)),)
