"""Rapor Pendidikan: takes a school's downloaded report into Kinerja and says which indicators it recommends.

Rapor Pendidikan has no programming interface; the head or operator downloads a spreadsheet and uploads it here.
"""

from __future__ import annotations

from kinerja import Connector, FactSpec, Import, hookimpl
from kinerja_rapor.reader import read

REPORT = Import(
    id="rapor-sekolah",
    label="Impor Rapor Pendidikan sekolah",
    files=(("rapor", "Berkas Rapor Pendidikan (.xlsx)"),),
    read=read,
)


@hookimpl
def register_connectors() -> tuple[Connector, ...]:
    """Bring the reader of a school's report; asked once at start, never fails."""
    recommended = FactSpec("rapor.*", "Rekomendasi dari Rapor Pendidikan")
    return (Connector(id="rapor", label="Rapor Pendidikan", imports=(REPORT,), gives=(recommended,)),)
